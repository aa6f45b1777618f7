//! The database: one SQLite file that only ever grows (BRD-9, BRD-11). What is committed survives the loss of power.

use protocol::ids::{ElectionFingerprint, SubmissionId};
use sqlx::{
    Connection as _, Row as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use thiserror::Error;
use tlog::merkle::CompactRange;

/// Connections that only read.
const READERS: u32 = 4;

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database itself fails.
    #[error("the database fails")]
    Database(#[from] sqlx::Error),
    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Another process sequences on this database (BRD-15).
    #[error("another board runs on the database {0}")]
    InUse(PathBuf),
    /// The lock file beside the database cannot be used.
    #[error("the lock file {0} cannot be used")]
    Lock(PathBuf, #[source] std::io::Error),
    /// A commit failed before: nothing more is written until the board was restarted (BRD-12).
    #[error("a commit has failed; the board must be restarted")]
    Halted,
    /// A stored value is not what was written.
    #[error("the database holds something the board did not write: {0}")]
    Corrupt(&'static str),
}

/// What one commit adds to an election's log.
#[derive(Debug)]
pub(crate) struct Addition<'a> {
    /// Index of the first entry.
    pub(crate) first: u64,
    /// Submission ids and entries, in order.
    pub(crate) entries: Vec<(SubmissionId, &'a [u8])>,
    /// The tree with them.
    pub(crate) range: &'a CompactRange,
    /// The signed checkpoint of that tree.
    pub(crate) note: &'a str,
}

/// Whose log grows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// That of an election in the database.
    Log(ElectionKey),
    /// That of a new one.
    New { election: &'a ElectionFingerprint, origin: &'a str },
}

/// The last commit of an election's log.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) range: CompactRange,
    pub(crate) note: String,
}

/// The key of an election within the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ElectionKey(i64);

/// The database; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    readers: SqlitePool,
    /// One connection, so that commits come one after the other.
    writer: SqlitePool,
    halted: Arc<AtomicBool>,
    /// Held for as long as any clone lives.
    _lock: Arc<File>,
}

impl Store {
    /// Opens the database, or makes it; no other set-up is needed.
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // BRD-9: a commit returns only when the write-ahead log is on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("./migrations").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await?;
        Ok(Self { readers, writer, halted: Arc::new(AtomicBool::new(false)), _lock: Arc::new(lock) })
    }

    /// BRD-12: whether a commit has failed.
    pub(crate) fn is_halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst)
    }

    /// The elections, in the order of their creation.
    pub(crate) async fn elections(&self) -> Result<Vec<(ElectionKey, ElectionFingerprint)>, StoreError> {
        let rows = sqlx::query("SELECT key, fingerprint FROM elections ORDER BY key").fetch_all(&self.readers).await?;
        let election = |row: &sqlx::sqlite::SqliteRow| {
            let fingerprint: Vec<u8> = row.try_get(1)?;
            let fingerprint = fingerprint.try_into().map_err(|_| StoreError::Corrupt("an election's fingerprint"))?;
            Ok((ElectionKey(row.try_get(0)?), ElectionFingerprint(fingerprint)))
        };
        rows.iter().map(election).collect()
    }

    /// BRD-9: entries, tree state and signed checkpoint, of a new election also its name, in one transaction.
    pub(crate) async fn commit(&self, place: Place<'_>, addition: Addition<'_>) -> Result<ElectionKey, StoreError> {
        let mut writer = self.writer.acquire().await?;
        if self.is_halted() {
            return Err(StoreError::Halted);
        }
        let unfinished = Unfinished(&self.halted);
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let election = match place {
            Place::Log(election) => election,
            Place::New { election, origin } => {
                let insertion = sqlx::query("INSERT INTO elections (fingerprint, origin) VALUES (?, ?)");
                let done = insertion.bind(election.0.to_vec()).bind(origin).execute(&mut *transaction).await?;
                ElectionKey(done.last_insert_rowid())
            }
        };
        add(&mut transaction, election, &addition).await?;
        transaction.commit().await?;
        unfinished.done();
        Ok(election)
    }

    /// The last commit.
    pub(crate) async fn head(&self, election: ElectionKey) -> Result<Head, StoreError> {
        let query = "SELECT size, subtrees, note FROM checkpoints WHERE election = ? ORDER BY size DESC LIMIT 1";
        let row = sqlx::query(query).bind(election.0).fetch_one(&self.readers).await?;
        let subtrees: Vec<u8> = row.try_get(1)?;
        let (hashes, _) = subtrees.as_chunks::<32>();
        let range = CompactRange::from_parts(unsigned(row.try_get(0)?)?, hashes.to_vec())
            .map_err(|_| StoreError::Corrupt("a tree state"))?;
        Ok(Head { range, note: row.try_get(2)? })
    }

    /// Every checkpoint ever signed, smallest first.
    pub(crate) async fn checkpoints(&self, election: ElectionKey) -> Result<Vec<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM checkpoints WHERE election = ? ORDER BY size";
        let rows = sqlx::query(query).bind(election.0).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((unsigned(row.try_get(0)?)?, row.try_get(1)?))).collect()
    }

    /// Entries `from` up to, not including, `to`, in order.
    pub(crate) async fn entries(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = "SELECT entry FROM entries WHERE election = ? AND position >= ? AND position < ? ORDER BY position";
        let rows =
            sqlx::query(query).bind(election.0).bind(signed(from)?).bind(signed(to)?).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The submission ids of the same entries.
    pub(crate) async fn submission_ids(
        &self,
        election: ElectionKey,
        from: u64,
        to: u64,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let query =
            "SELECT submission_id FROM entries WHERE election = ? AND position >= ? AND position < ? ORDER BY position";
        let rows =
            sqlx::query(query).bind(election.0).bind(signed(from)?).bind(signed(to)?).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// BRD-10: where a submission stands, if it is in the log.
    pub(crate) async fn position(
        &self,
        election: ElectionKey,
        submission: &SubmissionId,
    ) -> Result<Option<u64>, StoreError> {
        let query = "SELECT position FROM entries WHERE election = ? AND submission_id = ?";
        let row = sqlx::query(query).bind(election.0).bind(submission.0.to_vec()).fetch_optional(&self.readers).await?;
        row.map(|row| unsigned(row.try_get(0)?)).transpose()
    }

    /// Closes the database; the last connection tidies up its write-ahead log.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// BRD-12: after a failed commit nobody knows what is on the disk, so this process writes nothing more; nor after one that was
/// given up halfway.
struct Unfinished<'a>(&'a AtomicBool);

impl Unfinished<'_> {
    fn done(self) {
        std::mem::forget(self);
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

async fn add(
    transaction: &mut SqliteConnection,
    election: ElectionKey,
    addition: &Addition<'_>,
) -> Result<(), StoreError> {
    for ((id, entry), position) in addition.entries.iter().zip(addition.first..) {
        sqlx::query("INSERT INTO entries (election, position, submission_id, entry) VALUES (?, ?, ?, ?)")
            .bind(election.0)
            .bind(signed(position)?)
            .bind(id.0.as_slice())
            .bind(*entry)
            .execute(&mut *transaction)
            .await?;
    }
    let (size, subtrees) = addition.range.parts();
    sqlx::query("INSERT INTO checkpoints (election, size, subtrees, note) VALUES (?, ?, ?, ?)")
        .bind(election.0)
        .bind(signed(size)?)
        .bind(subtrees.as_flattened())
        .bind(addition.note)
        .execute(&mut *transaction)
        .await?;
    Ok(())
}

/// BRD-15: one board on one database. The lock goes when the process does, however it ends.
fn lock(database: &Path) -> Result<File, StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let failed = |error| StoreError::Lock(path.clone(), error);
    let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(database.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt("a negative position"))
}

fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Corrupt("a position beyond the largest log"))
}
