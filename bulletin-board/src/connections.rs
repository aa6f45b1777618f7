//! Connections: how many at once, and how long the head of a request may take (HTTP-24).

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{future::Future, pin::pin, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};

/// HTTP-24: how long a connection may take to send the head of a request, the first or the next.
const HEAD: Duration = Duration::from_secs(30);

/// HTTP-24: how many connections are served at once. Others wait to be accepted, in the machine's own queue.
const CONNECTIONS: usize = 4096;

/// After a failed accept (too many open files, say), how long until the next.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `shutdown` ends, and then until every request taken is answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = async {
            let place = room.clone().acquire_owned().await.expect("nobody closes the semaphore");
            (listener.accept().await, place)
        };
        let (stream, place) = tokio::select! {
            () = &mut shutdown => break,
            (accepted, place) = accepted => match accepted {
                Ok((stream, _)) => (stream, place),
                Err(error) => {
                    tracing::warn!(cause = ?error, "a connection cannot be accepted");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
        };
        let service = TowerToHyperService::new(router.clone());
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Who hangs up or is too slow hears nothing more (HTTP-24, HTTP-19).
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::oneshot,
    };

    /// HTTP-24: half a head is cut off after its time; a whole one is answered; the end waits for nobody who is silent. The clock is the
    /// test's: it jumps when everything waits.
    #[tokio::test]
    async fn half_a_head_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        let server = tokio::spawn(serve(listener, router, async {
            let _ = ended.await;
        }));
        let mut whole = TcpStream::connect(address).await.unwrap();
        whole.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        whole.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"), "{answer}");

        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        // Let the server read it, then let the time pass.
        tokio::time::sleep(Duration::from_millis(50)).await;
        tokio::time::pause();
        tokio::time::advance(HEAD + Duration::from_secs(1)).await;
        tokio::time::resume();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), half.read_to_end(&mut rest)).await;
        assert!(read.is_ok(), "the connection is still open");
        end.send(()).unwrap();
        server.await.unwrap();
    }
}
