//! Static copies of a running board (BRD-40): a file server over the folder serves every client, board or no board.

use crate::{
    running::{Running, config},
    town::Town,
};
use axum::{Router, extract::State, http::StatusCode};
use board_api::{BoardClient, record};
use bulletin_board::{Config, OpenError, PublishSettings, ServeError};
use std::path::{Path, PathBuf};
use tlog::{record::RecordPath, tile::tiles_of};
use tokio::{net::TcpListener, task::JoinHandle};

fn publishing(folder: &Path, town: &Town) -> Config {
    let to = Some(folder.join("public").display().to_string());
    Config {
        publish: PublishSettings { to, interval: 0, ..PublishSettings::default() },
        ..config(folder, &town.authority)
    }
}

/// A web server that knows nothing but files.
async fn file_server(root: PathBuf) -> (BoardClient, JoinHandle<()>) {
    async fn file(State(root): State<PathBuf>, uri: axum::http::Uri) -> Result<Vec<u8>, StatusCode> {
        std::fs::read(root.join(uri.path().trim_start_matches('/'))).map_err(|_| StatusCode::NOT_FOUND)
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = BoardClient::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(file).with_state(root);
    let server = tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    });
    (client, server)
}

/// BRD-40, BRD-41, BRD-17: what the board has is in the folder when it has ended, under the same bytes; a restart goes on; readers need no board.
#[tokio::test]
async fn readers_need_no_board() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let board = Running::start_with(publishing(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    for number in 0..20 {
        let notice = town.notice(&format!("Notice {number}"));
        town.post(&board.client, notice).await;
    }
    // While it runs, too.
    let (replica, server) = file_server(folder.path().join("public")).await;
    while replica.fetch(&f, &RecordPath::Checkpoint).await.unwrap()
        != board.client.fetch(&f, &RecordPath::Checkpoint).await.unwrap()
    {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let mut reader = record::read(&replica, &f).await.unwrap();
    assert_eq!(reader.rest().await.unwrap().len(), 21);
    let notice = town.notice("The last one");
    town.post(&board.client, notice).await;
    board.stop().await;
    let board = Running::start_with(publishing(folder.path(), &town)).await;
    let notice = town.notice("After the restart");
    town.post(&board.client, notice).await;
    let mut files = Vec::new();
    for path in tiles_of(23).map(RecordPath::Tile).chain([RecordPath::Checkpoint]) {
        files.push((path, board.client.fetch(&f, &path).await.unwrap()));
    }
    board.stop().await;
    for (path, bytes) in files {
        assert_eq!(replica.fetch(&f, &path).await.unwrap(), bytes, "{path}");
    }
    assert_eq!(reader.rest().await.unwrap().len(), 2);
    assert_eq!(record::read(&replica, &f).await.unwrap().rest().await.unwrap().len(), 23);
    server.abort();
}

/// BRD-45: a place that cannot be used is an error at the start, not a surprise after the election.
#[tokio::test]
async fn a_place_that_cannot_be_used_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let town = Town::new(1);
    std::fs::write(folder.path().join("public"), "a file").unwrap();
    let outcome = Running::start_with(publishing(folder.path(), &town)).await.outcome().await;
    assert!(matches!(outcome, Err(ServeError::Open(OpenError::Destination(_)))), "{outcome:?}");
}
