//! What a board shows everybody, against what the witness remembers (WIT-12, WIT-14).

use super::{Running, key_of, log, request, tree};
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::StatusCode,
    response::IntoResponse,
    routing::get,
};
use bulletin_board::witness::WitnessConfig;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tlog::{add_checkpoint::Request, merkle::verify_consistency, note::Note, record::write_record};
use tokio::{net::TcpListener, task::JoinHandle};

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A board that shows whatever it is given, under one election.
struct FakeBoard {
    address: String,
    files: Files,
    server: JoinHandle<()>,
}

impl FakeBoard {
    async fn start() -> Self {
        let files = Files::default();
        let list = || async {
            let fingerprint = "0f".repeat(32);
            let election = format!(
                "{{\"fingerprint\":\"{fingerprint}\",\"title\":\"x\",\"phase\":\"voting\",\"size\":1,\"path\":\"/e/{fingerprint}/\"}}"
            );
            format!("[{election}]")
        };
        let file = |State(files): State<Files>, UrlPath((_, path)): UrlPath<(String, String)>| async move {
            let found = files.lock().unwrap().get(&path).cloned();
            found.map_or(StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
        };
        let router = Router::new()
            .route("/api/v1/elections", get(list))
            .route("/e/{election}/{*path}", get(file))
            .with_state(files.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, files, server }
    }

    /// The record of a log of this history and size, and of every smaller one.
    fn show(&self, size: u64, salt: u8) {
        let mut files = BTreeMap::new();
        for size in 1..=size {
            let entries: Vec<[u8; 2]> =
                (0..size).map(|index| [index.to_le_bytes()[0], if index < 2 { 0 } else { salt }]).collect();
            files.extend(
                write_record(&entries, &log()).unwrap().into_iter().map(|file| (file.path.to_string(), file.bytes)),
            );
        }
        *self.files.lock().unwrap() = files;
    }
}

impl Drop for FakeBoard {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn watching(folder: &Path, board: &FakeBoard) -> Running {
    let mut config = WitnessConfig::new("witness.example", folder);
    config.know_board(&key_of("board.example/vote", 1).verifier_key().to_string(), Some(&board.address)).unwrap();
    config.interval = Duration::from_millis(50);
    Running::start_with(config).await
}

/// The folders of evidence, once there are so many.
async fn evidence(folder: &Path, count: usize) -> Vec<PathBuf> {
    for _ in 0..400 {
        let found: Vec<PathBuf> = std::fs::read_dir(folder.join("evidence"))
            .map(|found| found.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_none()).collect())
            .unwrap_or_default();
        if found.len() >= count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no evidence came");
}

fn size_in(folder: &Path, note: &str) -> u64 {
    let note = Note::parse(&std::fs::read(folder.join(note)).unwrap()).unwrap();
    tlog::checkpoint::Checkpoint::parse(note.text()).unwrap().size()
}

/// WIT-12: a board that shows another history than it asked cosignatures for is found out, by a proof that convinces anyone.
#[tokio::test]
async fn a_board_that_shows_another_history_is_found_out() {
    let (folder, board) = (tempfile::tempdir().unwrap(), FakeBoard::start().await);
    board.show(5, 0);
    let witness = watching(folder.path(), &board).await;
    assert_eq!(witness.status(&request(&tree(5, 0), 0)).await, 200);
    // Growth, and less than was cosigned, are no reason.
    board.show(9, 0);
    assert_eq!(witness.status(&request(&tree(8, 0), 5)).await, 200);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!folder.path().join("evidence").exists());

    board.show(12, 1);
    let found = evidence(folder.path(), 1).await;
    assert_eq!((size_in(&found[0], "remembered.note"), size_in(&found[0], "found.note")), (8, 12));
    let proof = std::fs::read(found[0].join("extends-another-root.add-checkpoint")).unwrap();
    let proof = Request::parse(&proof).unwrap();
    let root = std::fs::read_to_string(found[0].join("extends-another-root")).unwrap();
    let root = hex::decode(root.trim()).unwrap().try_into().unwrap();
    assert_ne!(root, tree(8, 0).root());
    verify_consistency(8, &root, 12, &tree(12, 1).root(), &proof.proof).unwrap();
    // The memory stands: the history that was cosigned goes on.
    assert_eq!(witness.status(&request(&tree(10, 0), 8)).await, 200);
    witness.stop().await;
}

/// WIT-14: two roots of one size, whether the board shows the other or somebody sends it.
#[tokio::test]
async fn two_roots_of_one_size_are_kept() {
    let (folder, board) = (tempfile::tempdir().unwrap(), FakeBoard::start().await);
    let witness = watching(folder.path(), &board).await;
    assert_eq!(witness.status(&request(&tree(5, 0), 0)).await, 200);
    assert_eq!(witness.status(&request(&tree(5, 1), 5)).await, 422);
    let found = evidence(folder.path(), 1).await;
    assert_eq!((size_in(&found[0], "remembered.note"), size_in(&found[0], "found.note")), (5, 5));
    assert!(!found[0].join("extends-another-root").exists());
    // Whatever old size it comes with, and each once.
    assert_eq!(witness.status(&request(&tree(5, 1), 0)).await, 409);
    board.show(5, 2);
    assert_eq!(evidence(folder.path(), 2).await.len(), 2);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(evidence(folder.path(), 2).await.len(), 2);
    witness.stop().await;
}
