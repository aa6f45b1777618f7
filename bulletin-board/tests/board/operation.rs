//! Health, readiness, and a graceful end (BRD-51, BRD-53).

use crate::{
    running::{Running, config},
    town::Town,
};
use board_api::BoardClient;
use bulletin_board::Listeners;
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

/// What the admin listener says.
async fn asked(admin: SocketAddr, path: &str) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("http://{admin}/{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn listeners() -> (Listeners, BoardClient, SocketAddr) {
    let public = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let admin = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = BoardClient::new(&format!("http://{}", public.local_addr().unwrap())).unwrap();
    let address = admin.local_addr().unwrap();
    (Listeners { public, admin: Some(admin) }, client, address)
}

/// BRD-53: a board that was asked to end says so at once, goes on for the time it was given, and then answers what it took.
#[tokio::test]
async fn a_draining_board_is_not_ready_and_takes_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let (listeners, client, admin) = listeners().await;
    let mut config = config(folder.path(), &town.authority);
    config.drain = Duration::from_secs(2);
    let board = Running::on(config, listeners, client.clone());
    let f = town.create(&client).await;
    assert_eq!(asked(admin, "healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(asked(admin, "readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(asked(admin, "api/v1/board").await.0, 404, "nothing else is there");
    let server = board.ask_to_end();
    while asked(admin, "readyz").await.0 == 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (status, text) = asked(admin, "readyz").await;
    assert!(status == 503 && text.contains("draining"), "{status} {text}");
    let promise = client.submit(&f, &town.notice("On the doorstep.")).await.unwrap();
    assert_eq!(promise.index(), 1);
    server.await.unwrap().unwrap();
    assert!(client.board().await.is_err(), "the listener is closed");
}
