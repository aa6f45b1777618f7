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
    let server = tokio::spawn(serve(listener, None, router, async {
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
