//! All elections of one board, and the way a submission takes before its sequencer (BRD-1 to BRD-6).

use crate::{
    batch::Proofs,
    clock::Clock,
    config::Config,
    cosigning::Cosigner,
    earlier::Earlier,
    hold::HoldRequest,
    key_file::{BoardKey, KeyFileError},
    lanes::Lanes,
    log::Log,
    operation::Operation,
    publish::{self, DestinationError, Publisher},
    refusal::Refusal,
    replay::{ReplayError, Replayed, replay},
    sequencer::{Pending, Sequencer},
    status,
    store::{self, ElectionKey, Role, Store, StoreError},
};
use board_api::{BoardDocument, ElectionStatus, ElectionSummary};
use protocol::{Election, ids::ElectionFingerprint};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use thiserror::Error;
use tlog::note::KeyError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinSet,
};

/// Submissions that may wait for one election (BRD-6).
const QUEUE: usize = 4096;

/// Submissions with time evidence that may wait for one election (BRD-26).
const FIRST: usize = 8;

/// Memory for submissions that wait or are being received, in KiB (BRD-6).
const ROOM: usize = 64 * 1024;

/// Why a board does not start.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The origin prefix names no log.
    #[error("the origin prefix: {0}")]
    Origin(#[from] KeyError),
    /// Another board's database (BRD-39).
    #[error("the database is that of the board {recorded:?}, and this one is configured as {configured:?}")]
    OtherPrefix {
        /// The origin prefix in the database.
        recorded: String,
        /// That of the configuration.
        configured: String,
    },
    /// Another board's database (BRD-39).
    #[error(
        "the database is that of a board with another key than the one in {0}: every process of a board has a copy of the same key file"
    )]
    OtherKey(std::path::PathBuf),
    /// The place for static copies cannot be used.
    #[error("static copies: {0}")]
    Destination(#[from] DestinationError),
    /// A log cannot be taken up again.
    #[error("election {0}: {1}")]
    Replay(ElectionFingerprint, #[source] Box<ReplayError>),
}

/// Where one election stands, for the operator (BRD-52).
pub(crate) struct LogStanding {
    pub(crate) status: ElectionStatus,
    /// Submissions that wait for the sequencer.
    pub(crate) waiting: u64,
    /// When the served checkpoint changed last.
    pub(crate) served: Option<Instant>,
}

/// A hosted election: what is published, and the way in.
struct Hosted {
    log: Arc<Log>,
    origin: String,
    queue: mpsc::Sender<Pending>,
    /// BRD-26: for submissions that carry time evidence.
    first: mpsc::Sender<Pending>,
    holds: mpsc::Sender<HoldRequest>,
    /// BRD-27: one hold at a time.
    hold: Arc<Semaphore>,
}

/// The board.
pub(crate) struct Board {
    config: Config,
    key: Arc<BoardKey>,
    store: Arc<dyn Store>,
    room: Arc<Semaphore>,
    hosted: Mutex<BTreeMap<ElectionFingerprint, Hosted>>,
    /// BRD-70: what was taken over from other boards.
    earlier: Mutex<BTreeMap<ElectionFingerprint, Arc<Earlier>>>,
    sequencers: Mutex<JoinSet<()>>,
    publisher: Option<Publisher>,
    operation: Operation,
    /// One election is created at a time.
    creating: tokio::sync::Mutex<()>,
    /// What is done besides for other processes of this board.
    attendant: Mutex<Option<tokio::task::AbortHandle>>,
}

impl Board {
    /// Opens the database and takes up every log in it (BRD-13).
    pub(crate) async fn open(config: Config) -> Result<Arc<Self>, OpenError> {
        let store = store::open(&config.database, &config.store).await?;
        Self::on(store, config).await
    }

    /// The same, on a store that is open.
    async fn on(store: Arc<dyn Store>, config: Config) -> Result<Arc<Self>, OpenError> {
        let elections = store.elections().await?;
        let key = owner::key(store.as_ref(), &config).await?;
        let publisher = Publisher::open(&config.publish)?;
        let operation = Operation::new(&config);
        let board = Self {
            config,
            key: Arc::new(key),
            store,
            room: Arc::new(Semaphore::new(ROOM)),
            hosted: Mutex::default(),
            earlier: Mutex::default(),
            sequencers: Mutex::default(),
            publisher,
            operation,
            creating: tokio::sync::Mutex::default(),
            attendant: Mutex::default(),
        };
        for election in board.store.taken_over().await? {
            board.take_up_earlier(&election).await?;
        }
        for (key, election) in elections {
            board.take_up(key, election).await?;
        }
        owner::claim(board.store.as_ref(), &board.config, &board.key).await?;
        let board = Arc::new(board);
        // Only now: nobody else shall wait for a process that is not ready to sequence (BRD-32).
        board.store.stand().await;
        let attending = tokio::spawn(board.clone().attend()).abort_handle();
        *board.attendant.lock().unwrap_or_else(PoisonError::into_inner) = Some(attending);
        Ok(board)
    }

    /// BRD-13: takes up the log of an election in the database.
    async fn take_up(&self, key: ElectionKey, election: ElectionFingerprint) -> Result<(), OpenError> {
        let replayed = replay(self.store.as_ref(), key, election, &self.key, Proofs::Unchecked).await;
        let replayed = replayed.map_err(|error| OpenError::Replay(election, Box::new(error)))?;
        let Replayed { election, tree, note, served } = replayed;
        let (policy, status) = (election.policy().clone(), status::of(&election));
        let log = Log::new(key, self.store.clone(), policy, (tree, note, status), served);
        if self.store.is_copy().await? {
            // BRD-61
            tracing::error!(election = %election.fingerprint(), "this database is a copy: the log is only served; a successor goes on with it");
            log.outdated();
        }
        // BRD-23
        if log.policy().quorum().is_some() {
            log.guard();
        }
        Ok(self.host(election, log)?)
    }

    /// Begins to sequence, or to follow.
    fn host(&self, election: Election, log: Log) -> Result<(), KeyError> {
        let fingerprint = election.fingerprint();
        let origin = election.manifest().log_origin.clone();
        let signer = self.key.signer(election.log_origin())?;
        log.describe(election.manifest());
        let log = Arc::new(log);
        // A copy holds one log (BRD-40): of an election that was taken over the record is copied from the board itself.
        if let Some(publisher) = self.publisher.as_ref().filter(|_| election.log_number() == 1) {
            publisher.follow(fingerprint, signer.verifier_key(), log.clone());
        }
        let (sender, queue) = mpsc::channel(QUEUE);
        let (first_sender, first) = mpsc::channel(FIRST);
        let (holds_sender, holds) = mpsc::channel(1);
        let (settings, clock) = (Arc::new(self.config.cosigning.clone()), self.config.clock.clone());
        let mut tasks = self.sequencers.lock().unwrap_or_else(PoisonError::into_inner);
        let cosigner = Cosigner::new(&log, signer.verifier_key(), &settings).map(|(cosigner, sender)| {
            tasks.spawn(cosigner.run());
            sender
        });
        let lanes = Lanes { queue, first, holds };
        let sequencer = Sequencer::new(log.clone(), self.key.clone(), lanes, cosigner, settings, clock, election)?;
        tasks.spawn(sequencer.run());
        drop(tasks);
        let hold = Arc::new(Semaphore::new(1));
        let hosted = Hosted { log, origin, queue: sender, first: first_sender, holds: holds_sender, hold };
        self.hosted().insert(fingerprint, hosted);
        Ok(())
    }

    fn hosted(&self) -> MutexGuard<'_, BTreeMap<ElectionFingerprint, Hosted>> {
        self.hosted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// BRD-46: every static copy, for the operator.
    pub(crate) fn copies(&self) -> BTreeMap<ElectionFingerprint, publish::Standing> {
        self.publisher.as_ref().map(Publisher::standings).unwrap_or_default()
    }

    /// BRD-52: every log, for the operator.
    pub(crate) fn standings(&self) -> Vec<LogStanding> {
        let hosted = self.hosted();
        let standings = hosted.values().map(|Hosted { log, queue, .. }| {
            let waiting = queue.max_capacity().saturating_sub(queue.capacity());
            let waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
            LogStanding { status: log.status(), waiting, served: log.served_at() }
        });
        standings.collect()
    }

    /// What is not about one log.
    pub(crate) fn operation(&self) -> &Operation {
        &self.operation
    }

    /// HTTP-9.
    pub(crate) fn document(&self) -> Result<BoardDocument, KeyError> {
        let origin_prefix = self.config.origin_prefix.clone();
        let public_key = self.key.signer(&origin_prefix)?.verifier_key().public_key();
        Ok(BoardDocument { name: self.config.name.clone(), origin_prefix, public_key })
    }

    /// The board's clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// HTTP-11: the elections, by fingerprint.
    pub(crate) fn elections(&self) -> Vec<ElectionSummary> {
        let hosted = self.hosted();
        let mut all: BTreeMap<ElectionFingerprint, ElectionSummary> =
            hosted.iter().map(|(election, hosted)| (*election, hosted.log.status().summary)).collect();
        for (election, earlier) in self.earlier.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            all.entry(*election).or_insert_with(|| earlier.status().summary.clone());
        }
        all.into_values().collect()
    }

    /// HTTP-12.
    pub(crate) fn status(&self, election: &str) -> Result<ElectionStatus, Refusal> {
        match (self.log(election), self.earlier(election)) {
            (Err(_), Some(earlier)) => Ok(earlier.status().clone()),
            (log, _) => Ok(log?.status()),
        }
    }

    /// The published side of an election, by its fingerprint in text form (HTTP-8).
    pub(crate) fn log(&self, election: &str) -> Result<Arc<Log>, Refusal> {
        let unknown = || Refusal::UnknownElection(election.chars().take(64).collect());
        let fingerprint = fingerprint_of(election).ok_or_else(unknown)?;
        self.hosted().get(&fingerprint).map(|hosted| hosted.log.clone()).ok_or_else(unknown)
    }

    /// BRD-12.
    fn is_halted(&self) -> bool {
        self.store.is_halted()
    }

    /// HTTP-18: whether every election can go on.
    pub(crate) fn is_sound(&self) -> bool {
        !self.is_halted() && self.hosted().values().all(|hosted| hosted.log.is_sound())
    }

    /// BRD-31: whether this process sequences, follows, or has lost the database.
    pub(crate) fn role(&self) -> Role {
        *self.store.role().borrow()
    }

    /// BRD-6: memory for a body of this many bytes, or "busy".
    pub(crate) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        if self.is_halted() {
            return Err(Refusal::Halted);
        }
        let kibibytes = u32::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
        self.room.clone().try_acquire_many_owned(kibibytes).map_err(|_| Refusal::Busy)
    }

    /// BRD-17: takes nothing more, waits until what was taken is answered, and closes the database.
    pub(crate) async fn close(&self) {
        if let Some(attendant) = self.attendant.lock().unwrap_or_else(PoisonError::into_inner).take() {
            attendant.abort();
        }
        self.hosted().clear();
        let mut sequencers = std::mem::take(&mut *self.sequencers.lock().unwrap_or_else(PoisonError::into_inner));
        while sequencers.join_next().await.is_some() {}
        if let Some(publisher) = &self.publisher {
            publisher.close().await;
        }
        self.store.close().await;
    }
}

/// HTTP-8: exactly 64 lower-case hexadecimal digits, so that an election has one address.
pub(crate) fn fingerprint_of(text: &str) -> Option<ElectionFingerprint> {
    text.parse().ok().filter(|fingerprint: &ElectionFingerprint| fingerprint.to_string() == text)
}

mod continuing;
mod creation;
pub(crate) mod owner;
mod siblings;
mod submitting;

#[cfg(test)]
mod crash;
#[cfg(test)]
mod tests;
