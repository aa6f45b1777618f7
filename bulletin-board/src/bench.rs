//! How fast the database is, without the protocol: durable appends through the board's own store, beside a bare multi-row insert into a
//! table of its own with a UNIQUE key, both with the disk flushed at every commit (`vitrine bench board`).

mod bare;

use crate::{
    batch::BATCH,
    config::Database,
    store::{self, Addition, Place, Store, StoreError},
};
use hdrhistogram::Histogram;
use protocol::ids::{ElectionFingerprint, SubmissionId};
use rand::{RngCore as _, rngs::OsRng};
use sha2::{Digest as _, Sha256};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::{CompactRange, leaf_hash},
    note::{KeyError, SignerKey},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};

pub use bare::{bare_inserts, schema};

/// Appenders that wait for an answer at the same time: twice a batch, so that the next is full when one is committed.
pub const AT_ONCE: usize = 2 * BATCH;

/// The longest wait that is told apart from longer ones, in microseconds: a minute.
const LONGEST: u64 = 60_000_000;

/// Why a run came to nothing.
#[derive(Debug, Error)]
pub enum BenchError {
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database fails.
    #[error("the database fails")]
    Database(#[from] sqlx::Error),
    /// It holds elections; a bench would leave rubbish among them.
    #[error("the database holds elections; a bench needs one of its own")]
    NotEmpty,
    /// The bench's own log cannot be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The bench's own checkpoint is refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The generator fails.
    #[error("the random number generator fails")]
    Randomness,
    /// A part of the bench ended without a result.
    #[error("a part of the bench ended without a result")]
    Interrupted,
}

/// What a run came to. Times are in microseconds.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Entries that were on the disk in the end.
    pub entries: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// From handing an entry over to its answer after the commit.
    pub waits: Histogram<u64>,
    /// One commit; empty where it cannot be seen.
    pub commits: Histogram<u64>,
}

impl Figures {
    /// Nothing yet.
    pub fn new() -> Self {
        let empty = || Histogram::new_with_bounds(1, LONGEST, 3).expect("bounds that the crate documents as right");
        Self { entries: 0, elapsed: Duration::ZERO, waits: empty(), commits: empty() }
    }

    /// Notes how long one entry waited.
    pub fn waited(&mut self, wait: Duration) {
        self.waits.saturating_record(microseconds(wait));
    }

    fn committed(&mut self, took: Duration) {
        self.commits.saturating_record(microseconds(took));
    }
}

impl Default for Figures {
    fn default() -> Self {
        Self::new()
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// One entry with the one who waits for it.
struct Waiting {
    id: SubmissionId,
    entry: Vec<u8>,
    committed: oneshot::Sender<()>,
}

/// Random entries of this many bytes for that long, from many appenders at once, through the store: what waits is one batch, each with
/// tree, signed checkpoint and commit, as a board does it; nothing of the protocol is checked.
///
/// # Errors
/// [`BenchError`].
pub async fn raw_appends(database: &Database, bytes: usize, duration: Duration) -> Result<Figures, BenchError> {
    let store = store::open(database, &store::Settings::default()).await?;
    store.stand().await;
    if !store.elections().await?.is_empty() {
        return Err(BenchError::NotEmpty);
    }
    let (sender, queue) = mpsc::channel(AT_ONCE);
    let ends = Instant::now() + duration;
    let mut appenders = JoinSet::new();
    for _ in 0..AT_ONCE {
        appenders.spawn(append(sender.clone(), bytes, ends));
    }
    drop(sender);
    let mut figures = write(store.clone(), queue).await?;
    while let Some(waits) = appenders.join_next().await {
        for wait in waits.map_err(|_| BenchError::Interrupted)?? {
            figures.waited(wait);
        }
    }
    store.close().await;
    Ok(figures)
}

/// One appender: hands over an entry, waits for the answer, and so on.
async fn append(queue: mpsc::Sender<Waiting>, bytes: usize, ends: Instant) -> Result<Vec<Duration>, BenchError> {
    let mut waits = Vec::new();
    while Instant::now() < ends {
        let entry = random(bytes)?;
        let id = SubmissionId(Sha256::digest(&entry).into());
        let (committed, answered) = oneshot::channel();
        let began = Instant::now();
        if queue.send(Waiting { id, entry, committed }).await.is_err() || answered.await.is_err() {
            break;
        }
        waits.push(began.elapsed());
    }
    Ok(waits)
}

fn random(bytes: usize) -> Result<Vec<u8>, BenchError> {
    let mut entry = vec![0; bytes];
    OsRng.try_fill_bytes(&mut entry).map_err(|_| BenchError::Randomness)?;
    Ok(entry)
}

/// The one writer.
async fn write(store: Arc<dyn Store>, mut queue: mpsc::Receiver<Waiting>) -> Result<Figures, BenchError> {
    let signer = SignerKey::from_seed("bench.example", &[7; 32])?;
    let mut figures = Figures::new();
    let mut range = CompactRange::new();
    let mut election = None;
    let mut batch = Vec::new();
    let began = Instant::now();
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let first = range.size();
        batch.iter().for_each(|waiting| range.append(leaf_hash(&waiting.entry)));
        let note = checkpoint::sign(&Checkpoint::new(signer.name(), range.size(), range.root())?, &signer)?;
        let entries = batch.iter().map(|waiting| (waiting.id, waiting.entry.as_slice())).collect();
        let addition = Addition { first, entries, range: &range, note: &note };
        let place =
            election.map_or(Place::New { election: &ElectionFingerprint([7; 32]), origin: signer.name() }, Place::Log);
        let committing = Instant::now();
        election = Some(store.commit(place, addition).await?);
        figures.committed(committing.elapsed());
        for waiting in batch.drain(..) {
            // Whoever no longer waits has what it wanted.
            let _ = waiting.committed.send(());
        }
    }
    figures.elapsed = began.elapsed();
    figures.entries = range.size();
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that was answered is in the database, and a database with elections is left alone.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_short_run_leaves_what_it_counts_and_touches_no_elections() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::from(folder.path().join("raw.sqlite"));
        let figures = raw_appends(&database, 100, Duration::from_millis(100)).await.unwrap();
        assert_eq!(figures.entries, figures.waits.len());
        assert!(figures.entries > 0 && !figures.commits.is_empty());
        let again = raw_appends(&database, 100, Duration::from_millis(1)).await;
        assert!(matches!(again, Err(BenchError::NotEmpty)));
        let other = Database::from(folder.path().join("bare.sqlite"));
        let bare = bare_inserts(&other, 100, Duration::from_millis(50)).await.unwrap();
        assert!(bare.entries > 0 && bare.entries.is_multiple_of(u64::try_from(BATCH).unwrap()));
    }
}
