//! A board that shows whatever a test puts there.

use crate::town::Town;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
};
use protocol::{Election, Entry, ids::ElectionFingerprint};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tlog::{
    note::{Algorithm, SignerKey, VerifierKey},
    record::write_record,
};
use tokio::{net::TcpListener, task::JoinHandle};

type Files = Arc<Mutex<Shown>>;

#[derive(Default)]
pub(super) struct Shown {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// What was asked for, and was there.
    pub(super) given: Vec<String>,
}

pub(super) struct FakeBoard {
    pub(super) f: ElectionFingerprint,
    pub(super) url: String,
    pub(super) log: SignerKey,
    pub(super) shown: Files,
    server: JoinHandle<()>,
}

impl FakeBoard {
    /// For the log of a town without a board.
    pub(super) async fn start(town: &Town) -> Self {
        let origin = &town.election().manifest().log_origin;
        let log = SignerKey::from_seed(origin, &[1; 32]).unwrap();
        assert_eq!(log.verifier_key().to_string(), town.election().manifest().log_key);
        let shown = Files::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(file).with_state(shown.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { f: town.fingerprint(), url, log, shown, server }
    }

    /// The board's key, under its origin prefix.
    pub(super) fn key(&self) -> VerifierKey {
        VerifierKey::new("board.example", Algorithm::Ed25519, &self.log.verifier_key().public_key()).unwrap()
    }

    /// The log's checkpoint over these entries.
    pub(super) fn note(&self, entries: &[Vec<u8>]) -> String {
        let files = write_record(entries, &self.log).unwrap();
        String::from_utf8(files.into_iter().last().unwrap().bytes).unwrap()
    }

    /// Shows these entries and nothing else; those before are gone.
    pub(super) fn show(&self, entries: &[Vec<u8>]) {
        let files = self.files(entries);
        self.shown.lock().unwrap().files = files;
    }

    pub(super) fn files(&self, entries: &[Vec<u8>]) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for file in write_record(entries, &self.log).unwrap() {
            files.insert(format!("/e/{}/{}", self.f, file.path), file.bytes);
        }
        files.insert(format!("/api/v1/elections/{}/head", self.f), self.note(entries).into_bytes());
        files
    }
}

impl Drop for FakeBoard {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn file(State(shown): State<Files>, uri: Uri) -> Result<Vec<u8>, StatusCode> {
    let mut shown = shown.lock().unwrap();
    let found = shown.files.get(uri.path()).cloned().ok_or(StatusCode::NOT_FOUND)?;
    shown.given.push(uri.path().to_owned());
    Ok(found)
}

/// The same log, grown to this many entries that obey the rules: notices.
pub(super) fn grown(town: &Town, entries: &[Vec<u8>], size: usize, text: &str) -> Vec<Vec<u8>> {
    let mut grown = entries.to_vec();
    let mut election = folded(entries);
    while grown.len() < size {
        let entry = election.next_entry(town.notice(&format!("{text} {}", grown.len())), 0);
        election.apply(&entry).unwrap();
        grown.push(entry.encode());
    }
    grown
}

/// The election after these entries.
pub(super) fn folded(entries: &[Vec<u8>]) -> Election {
    let mut entries = entries.iter().map(|entry| Entry::decode(entry).unwrap());
    let mut election = Election::begin(&entries.next().unwrap()).unwrap();
    entries.for_each(|entry| election.apply(&entry).unwrap());
    election
}
