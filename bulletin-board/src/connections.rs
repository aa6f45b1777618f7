//! Connections: how many at once, how long their parts may take, and TLS (HTTP-24, HTTP-37, HTTP-38). Witness and mirror listen in the
//! same way.

mod patience;

use crate::tls::Acceptor;
use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::Service as _};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use patience::Patient;
use std::{future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
};

/// HTTP-24: how long a connection may take to send the head of a request, the first or the next.
const HEAD: Duration = Duration::from_secs(30);

/// HTTP-24: how many connections are served at once. Others wait to be accepted, in the machine's own queue.
const CONNECTIONS: usize = 4096;

/// After a failed accept (too many open files, say), how long until the next.
const BREATH: Duration = Duration::from_millis(100);

/// Who is at the other end of a request's connection; a proxy, if there is one. Never logged (HTTP-19).
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `shutdown` ends, and then until every request taken is answered. With an acceptor, TLS and nothing else.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<Acceptor>>,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let mut shutdown = pin!(shutdown);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = async {
            let place = room.clone().acquire_owned().await.expect("nobody closes the semaphore");
            (listener.accept().await, place)
        };
        let (stream, peer, place) = tokio::select! {
            () = &mut shutdown => break,
            (accepted, place) = accepted => match accepted {
                Ok((stream, peer)) => (stream, Peer(peer), place),
                Err(error) => {
                    tracing::warn!(cause = ?error, "a connection cannot be accepted");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
        };
        let (router, tls, watcher) = (router.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let stream = Patient::new(stream);
            match tls {
                None => answer(stream, peer, router, watcher).await,
                Some(tls) => {
                    // HTTP-37: who speaks something else, or is slow, is gone without an answer.
                    if let Ok(stream) = tls.accept(stream).await {
                        answer(stream, peer, router, watcher).await;
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// One connection, to its end.
async fn answer<S: AsyncRead + AsyncWrite + Unpin + 'static>(stream: S, peer: Peer, router: Router, watcher: Watcher) {
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    // Who hangs up or is too slow hears nothing more (HTTP-24, HTTP-38, HTTP-19).
    let _ = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await;
}

#[cfg(test)]
mod tests;
