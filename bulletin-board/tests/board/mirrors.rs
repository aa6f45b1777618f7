//! Mirrors (MIR-1 to MIR-10): of an honest board, and of boards that are not.

mod board;
mod dishonest;
pub(crate) mod honest;

use board_api::BoardClient;
use bulletin_board::mirror::{MirrorConfig, MirrorServeError, Source};
use serde_json::Value;
use std::{future::Future, path::Path, time::Duration};
use tlog::{
    add_checkpoint::{MAX_PROOF, Request, cosignatures},
    checkpoint::{self, SignedCheckpoint},
    merkle::{Tree, leaf_hash},
    note::{Note, VerifierKey},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) struct Mirror {
    pub(crate) client: BoardClient,
    pub(crate) url: String,
    http: reqwest::Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), MirrorServeError>>,
}

impl Mirror {
    /// A mirror in a folder of its own, of the logs by this key that are shown at an address.
    pub(crate) fn config(folder: &Path, key: VerifierKey, url: &str) -> MirrorConfig {
        let mut config = MirrorConfig::new("mirror.example", folder);
        config.interval = Duration::from_millis(50);
        config.mirror_board(Source { key, url: url.to_owned(), elections: Vec::new(), ca_file: None }).unwrap();
        config
    }

    pub(crate) async fn start(config: MirrorConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let server = tokio::spawn(bulletin_board::mirror::serve(config, listener, shutdown));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { client: BoardClient::new(&url).unwrap(), url, http, stop, server }
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.server.await.unwrap().unwrap();
    }

    /// MIR-10.
    pub(crate) async fn document(&self) -> Value {
        let text = self.http.get(format!("{}/api/v1/mirror", self.url)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn key(&self) -> VerifierKey {
        self.document().await["key"].as_str().unwrap().parse().unwrap()
    }

    /// The only election's size and trouble.
    pub(crate) async fn standing(&self) -> (u64, Value) {
        let document = self.document().await;
        let Some(election) = document["elections"].get(0) else { return (0, Value::Null) };
        (election["size"].as_u64().unwrap(), election["trouble"].clone())
    }

    /// MIR-8: asks to cosign.
    pub(crate) async fn add_checkpoint(&self, request: &Request) -> (u16, String, Option<String>) {
        let asked = self.http.post(format!("{}/add-checkpoint", self.url)).body(request.encode()).send().await.unwrap();
        let status = asked.status().as_u16();
        let later = asked.headers().get("retry-after").map(|seconds| seconds.to_str().unwrap().to_owned());
        (status, asked.text().await.unwrap(), later)
    }

    /// Puts the mirror's lines below a checkpoint.
    pub(crate) async fn cosigned(&self, note: &str, lines: &str, log: &VerifierKey) -> SignedCheckpoint {
        let mut note = Note::parse(note.as_bytes()).unwrap();
        for line in cosignatures(lines.as_bytes()).unwrap() {
            note.add(line).unwrap();
        }
        checkpoint::open_strict(note.encode().as_bytes(), &[log.clone(), self.key().await]).unwrap()
    }
}

/// The request for the first `new` of these entries, from the first `old`.
fn request(entries: &[Vec<u8>], old: usize, new: usize, note: String) -> Request {
    let mut tree = Tree::new();
    entries[..new].iter().for_each(|entry| tree.append(leaf_hash(entry)));
    let proof = tree.prove_consistency(u64::try_from(old).unwrap(), u64::try_from(new).unwrap()).unwrap();
    assert!(proof.len() <= MAX_PROOF);
    Request { old: u64::try_from(old).unwrap(), proof, checkpoint: note }
}

pub(crate) async fn until<F: Future<Output = bool>>(condition: impl Fn() -> F) {
    let asking = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), asking).await.expect("it never came to that");
}
