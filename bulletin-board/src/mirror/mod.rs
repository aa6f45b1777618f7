//! The mirror: holds every entry of the logs it follows, verified by the election's rules, serves them, and says so with a key of its own
//! (`specs/06-bulletin-board-mirrors.md`).
//!
//! `boards` finds elections, one `follow` each reads on, verifies (`taking`) and stores; what is held up to a signed checkpoint is shown by
//! `routes`. Who asks for a cosignature waits until that is held, and is then answered by the witness's core.

mod boards;
mod cli;
mod config;
mod evidence;
mod follow;
mod held;
mod routes;
mod serve;
mod take_up;
mod taking;

pub use cli::{MirrorCommand, MirrorCommandError, MirrorCommandLine};
pub use config::{MirrorArguments, MirrorConfig, MirrorConfigError, Source};
pub use held::Trouble;
pub use serve::{MirrorServeError, run, serve};

use crate::{
    config::Database,
    log::Log,
    replay::ReplayError,
    store::{self, Store, StoreError},
    witness::{Answer, Clock, Cosigner, KnownLogs, StateError, TEXT, Witness, WitnessError},
};
use async_trait::async_trait;
use board_api::ClientError;
use evidence::Cabinet;
use held::{Held, Standing};
use protocol::{Evidence, ids::ElectionFingerprint};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use take_up::{Position, take_up};
use thiserror::Error;
use tlog::{
    add_checkpoint::Request,
    checkpoint::SignedCheckpoint,
    follower::{FollowRefusal, Follower},
    note::VerifierKey,
};
use tokio::sync::{Notify, Semaphore};

/// MIR-8: how long a request waits for what is not held yet.
const PATIENCE: Duration = Duration::from_secs(4);

/// MIR-8: how many requests wait at once.
const ROOM: usize = 64;

/// MIR-8: how many of them wait for one log, or for logs that nobody follows yet. Anyone may show what a log has signed.
pub(super) const SHARE: usize = 8;

/// Why a mirror does not begin.
#[derive(Debug, Error)]
pub enum MirrorError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Key or memory cannot be used.
    #[error(transparent)]
    Cosigner(#[from] WitnessError),
    /// A log cannot be taken up again.
    #[error("election {0}: {1}")]
    Replay(ElectionFingerprint, #[source] Box<ReplayError>),
    /// The folder of evidence cannot be read (MIR-4).
    #[error("the folder of evidence cannot be read")]
    Evidence(#[source] std::io::Error),
    /// The address of a board is none.
    #[error("the board {0}")]
    Board(String, #[source] Box<ClientError>),
}

/// MIR-10: what a mirror says about itself.
#[derive(Clone, Debug, Serialize)]
pub struct MirrorDocument {
    /// Its key, as policies name it.
    pub key: String,
    /// What it holds.
    pub elections: Vec<MirrorStanding>,
}

/// MIR-10: one election of a mirror.
#[derive(Clone, Debug, Serialize)]
pub struct MirrorStanding {
    /// F, in hexadecimal.
    pub fingerprint: String,
    /// Entries held and verified under a checkpoint that the log signed.
    pub size: u64,
    /// What is in the way, if anything is.
    pub trouble: Option<Trouble>,
}

/// A mirror.
#[derive(Debug)]
pub(crate) struct Mirror {
    witness: Arc<Witness>,
    known: KnownLogs,
    store: Arc<dyn Store>,
    cabinet: Cabinet,
    elections: Mutex<BTreeMap<ElectionFingerprint, Arc<Held>>>,
    /// Somebody asked for an election that nobody follows yet.
    asked: Notify,
    /// Some election is followed that was not.
    joined: Notify,
    room: Semaphore,
    /// For those who wait until a log is followed.
    unfollowed: Semaphore,
}

impl Mirror {
    /// MIR-6: opens key, memory and database, and takes up every election in it; nobody is asked.
    async fn open(config: &MirrorConfig, clock: Clock) -> Result<(Arc<Self>, Vec<(Arc<Held>, Position)>), MirrorError> {
        let store = store::open(&Database::File(config.database.clone()), &store::Settings::default()).await?;
        let witness = Arc::new(Witness::open(&config.identity, config.known.clone(), clock).await?);
        let mirror = Self {
            witness,
            known: config.known.clone(),
            store,
            cabinet: Cabinet::new(config.evidence.clone()),
            elections: Mutex::default(),
            asked: Notify::new(),
            joined: Notify::new(),
            room: Semaphore::new(ROOM),
            unfollowed: Semaphore::new(SHARE),
        };
        let mut positions = Vec::new();
        for (key, election) in mirror.store.elections().await? {
            let taken = take_up(&mirror.store, key, election).await;
            let taken = taken.map_err(|error| MirrorError::Replay(election, Box::new(error)))?;
            taken.0.trouble(mirror.refused(&election)?);
            mirror.elections().insert(election, taken.0.clone());
            positions.push(taken);
        }
        Ok((Arc::new(mirror), positions))
    }

    fn elections(&self) -> MutexGuard<'_, BTreeMap<ElectionFingerprint, Arc<Held>>> {
        self.elections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// MIR-4: what this mirror has against a log for good.
    fn refused(&self, election: &ElectionFingerprint) -> Result<Option<Trouble>, MirrorError> {
        self.cabinet.refused(election).map_err(MirrorError::Evidence)
    }

    /// The key that policies name.
    pub(crate) fn verifier_key(&self) -> VerifierKey {
        self.witness.verifier_key()
    }

    /// MIR-7: what is served of an election.
    pub(crate) fn log(&self, election: &ElectionFingerprint) -> Option<Arc<Log>> {
        self.elections().get(election)?.log()
    }

    /// MIR-7: everything that is served.
    pub(crate) fn logs(&self) -> Vec<Arc<Log>> {
        self.elections().values().filter_map(|held| held.log()).collect()
    }

    /// MIR-10.
    fn document(&self) -> MirrorDocument {
        let standing = |held: &Arc<Held>| {
            let Standing { size, trouble, .. } = held.standing.borrow().clone();
            MirrorStanding { fingerprint: held.election.to_string(), size, trouble }
        };
        let elections = self.elections().values().map(standing).collect();
        MirrorDocument { key: self.verifier_key().to_string(), elections }
    }

    /// MIR-8: whether everything under the checkpoint of a request is held, which may take a moment. What is no request by a known log is the
    /// witness's to refuse.
    async fn hold(&self, body: &[u8]) -> Result<(), Answer> {
        let Ok(request) = Request::parse(body) else { return Ok(()) };
        let Ok(claim) = request.claim() else { return Ok(()) };
        let Ok(signed) = claim.open(&self.known.keys_of(claim.origin())) else { return Ok(()) };
        if signed.checkpoint().size() == 0 {
            return Ok(());
        }
        let full = |_| later("too many requests wait");
        let _place = self.room.try_acquire().map_err(full)?;
        let holding = async {
            let held = match self.followed(claim.origin()) {
                Some(held) => held,
                None => {
                    let _share = self.unfollowed.try_acquire().map_err(full)?;
                    self.follower_of(claim.origin()).await
                }
            };
            let _share = held.room.try_acquire().map_err(full)?;
            self.wait(&held, &signed).await
        };
        tokio::time::timeout(PATIENCE, holding).await.unwrap_or_else(|_| Err(later("not all of it is held yet")))
    }

    fn followed(&self, origin: &str) -> Option<Arc<Held>> {
        self.elections().values().find(|held| held.key.name() == origin).cloned()
    }

    /// The election with this origin, once it is followed.
    async fn follower_of(&self, origin: &str) -> Arc<Held> {
        loop {
            let joined = self.joined.notified();
            if let Some(held) = self.followed(origin) {
                return held;
            }
            self.asked.notify_one();
            joined.await;
        }
    }

    async fn wait(&self, held: &Held, signed: &SignedCheckpoint) -> Result<(), Answer> {
        let head = signed.checkpoint();
        let mut standing = held.standing.subscribe();
        loop {
            let now = standing.borrow_and_update().clone();
            if let Some(trouble) = now.trouble.as_ref().filter(|trouble| trouble.lasting) {
                return Err(answer(403, &format!("MIR-4: nothing more of this log is cosigned: {}", trouble.text)));
            }
            if now.convicted.as_ref() == Some(head) {
                return Err(answer(422, "MIR-5: this checkpoint does not extend what the log showed before"));
            }
            if let Some(log) = held.log().filter(|log| log.head().0 >= head.size()) {
                if log.root_at(head.size()).as_ref() == Some(head.root()) {
                    return Ok(());
                }
                self.convict(held, &log, signed).await;
                return Err(answer(422, "MIR-8: this checkpoint is of another history than the one that is held"));
            }
            held.wanted.send_if_modified(|wanted| {
                let larger = wanted.as_ref().is_none_or(|wanted| wanted.checkpoint().size() < head.size());
                if larger {
                    *wanted = Some(signed.clone());
                }
                larger
            });
            if standing.changed().await.is_err() {
                return Err(later("this log is not followed"));
            }
        }
    }

    /// MIR-5: a checkpoint by the log that is not of the history held: both convict it.
    async fn convict(&self, held: &Held, log: &Log, offered: &SignedCheckpoint) {
        let (size, note) = log.head();
        let offered_size = offered.checkpoint().size();
        let Ok(ours) = tlog::checkpoint::open(note.as_bytes(), std::slice::from_ref(&held.key)) else { return };
        let (Some(beginning), Some(proof)) = (log.root_at(offered_size), log.prove_consistency(offered_size, size))
        else {
            return;
        };
        let Err(FollowRefusal::Fork(fork)) = Follower::new(offered.clone()).advance(ours, &beginning, &proof) else {
            return;
        };
        let Ok(Some(first)) = log.entry(0).await else { return };
        let Ok(entry) = protocol::Entry::decode(&first.entry) else { return };
        let kept = self.cabinet.keep(&Evidence::split_view(entry.submission().body_bytes(), &fork));
        let text = "the log has signed a checkpoint of another history than the one that is held".to_owned();
        match kept {
            Ok(Some(path)) => {
                tracing::error!(election = %held.election, path = %path.display(), "{text}; evidence is kept")
            }
            Ok(None) => tracing::error!(election = %held.election, "{text}; there is enough evidence of it"),
            Err(error) => tracing::error!(election = %held.election, cause = ?error, "{text}; evidence cannot be kept"),
        }
        held.trouble(Some(Trouble { alarm: true, lasting: false, rule: Some("MIR-5".to_owned()), text }));
    }

    /// Closes what is open.
    pub(crate) async fn close(&self) {
        self.witness.state().close().await;
        self.store.close().await;
    }
}

/// MIR-8: asked again, it may be.
fn later(reason: &str) -> Answer {
    Answer { retry_after: Some(1), ..answer(503, &format!("MIR-8: {reason}; ask again")) }
}

fn answer(status: u16, reason: &str) -> Answer {
    Answer { status, content_type: TEXT, body: format!("{reason}\n"), retry_after: None }
}

#[async_trait]
impl Cosigner for Mirror {
    async fn add_checkpoint(&self, body: &[u8]) -> Answer {
        match self.hold(body).await {
            Ok(()) => self.witness.add_checkpoint(body).await,
            Err(answer) => answer,
        }
    }

    async fn cosigned(&self, origin_hash: &str) -> Result<Option<String>, StateError> {
        self.witness.cosigned(origin_hash).await
    }

    fn is_sound(&self) -> bool {
        self.witness.is_sound() && !self.store.is_halted()
    }
}
