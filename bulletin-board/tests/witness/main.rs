//! The witness over a real socket: every status of `specs/06-bulletin-board-witnesses.md`, and many at once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod continuation;
mod races;
mod statuses;
mod watching;

use bulletin_board::witness::{WitnessConfig, serve};
use reqwest::{Client, Response};
use std::path::Path;
use tlog::{
    add_checkpoint::Request,
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::{SignerKey, VerifierKey},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// The election whose log is asked for.
pub(crate) fn origin() -> String {
    format!("board.example/vote/{}", "0a".repeat(32))
}

pub(crate) fn key_of(origin: &str, seed: u8) -> SignerKey {
    SignerKey::from_seed(origin, &[seed; 32]).unwrap()
}

pub(crate) fn log() -> SignerKey {
    key_of(&origin(), 1)
}

/// A log of `size` entries; histories of another `salt` part at entry 2.
pub(crate) fn tree(size: u64, salt: u8) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&[index.to_le_bytes()[0], if index < 2 { 0 } else { salt }])));
    tree
}

pub(crate) fn request(tree: &Tree, old: u64) -> Request {
    let head = Checkpoint::new(&origin(), tree.size(), tree.root()).unwrap();
    Request {
        old,
        proof: tree.prove_consistency(old, tree.size()).unwrap(),
        checkpoint: checkpoint::sign(&head, &log()).unwrap(),
    }
}

/// A witness that runs.
pub(crate) struct Running {
    pub(crate) address: String,
    pub(crate) client: Client,
    end: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Running {
    /// Knows the board `board.example/vote` and the log `other.example`.
    pub(crate) async fn start(folder: &Path) -> Self {
        let mut config = WitnessConfig::new("witness.example", folder);
        config.know_board(&key_of("board.example/vote", 1).verifier_key().to_string(), None).unwrap();
        config.known.add_log(&key_of("other.example", 2).verifier_key().to_string()).unwrap();
        Self::start_with(config).await
    }

    pub(crate) async fn start_with(config: WitnessConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (end, ended) = oneshot::channel();
        let server = tokio::spawn(async move {
            let ended = async {
                let _ = ended.await;
            };
            serve(config, listener, ended).await.unwrap();
        });
        board_api::tls::install();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { address, client, end, server }
    }

    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> Response {
        self.client.post(format!("{}/add-checkpoint", self.address)).body(body).send().await.unwrap()
    }

    pub(crate) async fn status(&self, request: &Request) -> u16 {
        self.post(request.encode()).await.status().as_u16()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}/{path}", self.address)).send().await.unwrap()
    }

    /// The witness's key, from its memory's folder.
    pub(crate) fn key(folder: &Path) -> VerifierKey {
        let seed = std::fs::read_to_string(folder.join("witness.key")).unwrap();
        let seed: Vec<u8> = hex::decode(seed.trim()).unwrap();
        tlog::cosignature::CosignerKey::from_seed("witness.example", &seed.try_into().unwrap()).unwrap().verifier_key()
    }

    pub(crate) async fn stop(self) {
        self.end.send(()).unwrap();
        self.server.await.unwrap();
    }
}
