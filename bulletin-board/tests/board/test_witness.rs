//! Witnesses for tests of the board: they compare and store as WIT-4 and WIT-5 say, in memory, or do what a test tells them.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tlog::{
    add_checkpoint::{Refusal, Request, Seen, answer, monitoring_path, size_answer},
    checkpoint::SignedCheckpoint,
    cosignature::CosignerKey,
    note::{Note, SignerKey, VerifierKey},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What a witness does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Honest,
    /// Answers 503.
    Down,
    /// Never answers.
    Silent,
    /// Answers 409 with one wrong size after the other.
    WrongSizes,
    /// Answers 200 with anything.
    Garbage,
    /// Answers with a line by another key.
    Foreign,
    /// Answers with a line of its own name and key whose signature is another's.
    Forged,
    /// Answers without an end.
    Endless,
    /// Cosigns another head than it was asked for.
    OtherHead,
    /// Answers 409 with a size that no log has.
    Boasting,
}

pub(crate) struct Memory {
    pub(crate) manner: Manner,
    pub(crate) seen: Option<Seen>,
    pub(crate) shown: Option<String>,
    pub(crate) origin: String,
    pub(crate) asked: u64,
}

struct Shared {
    key: CosignerKey,
    memory: Mutex<Memory>,
}

pub(crate) struct TestWitness {
    pub(crate) name: String,
    pub(crate) url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl TestWitness {
    pub(crate) async fn start(name: &str, seed: u8) -> Self {
        let memory = Memory { manner: Manner::Honest, seen: None, shown: None, origin: String::new(), asked: 0 };
        let key = CosignerKey::from_seed(&format!("{name}.example"), &[seed; 32]).unwrap();
        let shared = Arc::new(Shared { key, memory: Mutex::new(memory) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/w", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/w/add-checkpoint", post(add_checkpoint))
            .route("/w/{log}/checkpoint", get(shown))
            .with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { name: name.to_owned(), url, shared, server }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.shared.memory.lock().unwrap()
    }

    pub(crate) fn be(&self, manner: Manner) {
        self.memory().manner = manner;
    }

    /// A policy of these witnesses, below its log line.
    pub(crate) fn policy(witnesses: &[Self], quorum: usize) -> String {
        let line = |witness: &Self| format!("witness {} {} {}\n", witness.name, witness.key(), witness.url);
        let names: Vec<&str> = witnesses.iter().map(|witness| witness.name.as_str()).collect();
        let lines: String = witnesses.iter().map(line).collect();
        format!("{lines}group all {quorum} {}\nquorum all\n", names.join(" "))
    }

    pub(crate) fn key(&self) -> VerifierKey {
        self.shared.key.verifier_key()
    }
}

impl Drop for TestWitness {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn add_checkpoint(State(shared): State<Arc<Shared>>, body: axum::body::Bytes) -> Response {
    let (manner, asked) = {
        let mut memory = shared.memory.lock().unwrap();
        memory.asked += 1;
        (memory.manner, memory.asked)
    };
    let request = Request::parse(&body).unwrap();
    let refused = |refusal: Refusal| {
        let status = StatusCode::from_u16(refusal.status()).unwrap();
        let body =
            if let Refusal::Conflict { latest, .. } = refusal { size_answer(latest) } else { refusal.to_string() };
        (status, body).into_response()
    };
    let cosigned = |signed: &SignedCheckpoint, key: &CosignerKey| {
        answer(&[key.cosign(signed.checkpoint(), seconds_now()).unwrap()])
    };
    let other = CosignerKey::from_seed("elsewhere.example", &[99; 32]).unwrap();
    match manner {
        Manner::Honest => {
            let mut memory = shared.memory.lock().unwrap();
            match judge(&request, memory.seen.as_ref()) {
                Ok(signed) => {
                    let head = signed.checkpoint();
                    memory.seen = Some(Seen { size: head.size(), root: *head.root() });
                    memory.origin = head.origin().to_owned();
                    let mut note = signed.note().clone();
                    note.add(shared.key.cosign(head, seconds_now()).unwrap()).unwrap();
                    memory.shown = Some(note.encode());
                    cosigned(&signed, &shared.key).into_response()
                }
                Err(refusal) => refused(refusal),
            }
        }
        Manner::Down => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Manner::Silent => std::future::pending().await,
        Manner::WrongSizes => (StatusCode::CONFLICT, size_answer(asked % 2)).into_response(),
        Manner::Boasting => (StatusCode::CONFLICT, size_answer(1 << 40)).into_response(),
        Manner::Garbage => [0xff, 0, 0x0a].into_response(),
        Manner::Foreign => cosigned(&anyhow(&request).unwrap(), &other).into_response(),
        Manner::Forged => {
            let signed = anyhow(&request).unwrap();
            let mut line = other.cosign(signed.checkpoint(), seconds_now()).unwrap();
            let own = shared.key.verifier_key();
            (line.name, line.key_id) = (own.name().to_owned(), own.key_id());
            answer(&[line]).into_response()
        }
        Manner::OtherHead => {
            let signed = anyhow(&request).unwrap();
            let head = signed.checkpoint();
            let other = tlog::checkpoint::Checkpoint::new(head.origin(), head.size() + 1, *head.root()).unwrap();
            answer(&[shared.key.cosign(&other, seconds_now()).unwrap()]).into_response()
        }
        Manner::Endless => {
            let line = cosigned(&anyhow(&request).unwrap(), &other);
            let endless = futures_util::stream::unfold(line, |line| async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Some((Ok::<_, std::io::Error>(line.repeat(100)), line))
            });
            axum::body::Body::from_stream(endless).into_response()
        }
    }
}

/// As an honest witness does; the log is the one it is shown, under its own key.
fn judge(request: &Request, seen: Option<&Seen>) -> Result<SignedCheckpoint, Refusal> {
    let claim = request.claim()?;
    let signed = claim.open(&[log_key(request)])?;
    claim.extends(&signed, seen)?;
    Ok(signed)
}

/// The checkpoint, whatever the witness should remember.
fn anyhow(request: &Request) -> Result<SignedCheckpoint, Refusal> {
    request.claim()?.open(&[log_key(request)])
}

/// The key of every board that these witnesses know.
pub(crate) const BOARD_SEED: [u8; 32] = [0xb0; 32];

fn log_key(request: &Request) -> VerifierKey {
    let note = Note::parse(request.checkpoint.as_bytes()).unwrap();
    SignerKey::from_seed(note.text().lines().next().unwrap(), &BOARD_SEED).unwrap().verifier_key()
}

async fn shown(State(shared): State<Arc<Shared>>, Path(log): Path<String>) -> Response {
    let memory = shared.memory.lock().unwrap();
    match &memory.shown {
        Some(note) if monitoring_path(&memory.origin).starts_with(&log) => note.clone().into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
