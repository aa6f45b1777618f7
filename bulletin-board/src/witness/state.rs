//! What a witness remembers: one SQLite file, of each log one row that only grows (WIT-8). What is stored survives the loss of power.

use sqlx::{
    Connection as _, Row as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use thiserror::Error;
use tlog::{
    add_checkpoint::{Seen, origin_hash},
    note::{KeyError, VerifierKey},
};

/// Connections that only read.
const READERS: u32 = 4;

/// How long a request waits for its turn to write.
const PATIENCE: Duration = Duration::from_secs(10);

/// WIT-11: the most logs a witness remembers. Whoever holds a known board's key can name as many as it likes.
const MAX_LOGS: i64 = 100_000;

/// Why the memory cannot be used.
#[derive(Debug, Error)]
pub enum StateError {
    /// The database itself fails.
    #[error("the witness's memory {path} fails")]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        #[source]
        cause: sqlx::Error,
    },
    /// The schema cannot be brought up to date.
    #[error("the schema of the witness's memory cannot be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what was written.
    #[error("the witness's memory holds something the witness did not write: {0}")]
    Corrupt(&'static str),
    /// A stored key is none.
    #[error("the witness's memory holds a key that is none: {0}")]
    Key(#[from] KeyError),
    /// Storing has failed before: nobody knows what is on the disk (WIT-8).
    #[error("storing has failed; the witness must be restarted")]
    Halted,
    /// There are as many logs as a witness remembers (WIT-11).
    #[error("the witness remembers {MAX_LOGS} logs and takes no more")]
    Full,
}

/// What is remembered of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// The largest tree cosigned.
    pub seen: Seen,
    /// When it was cosigned last, in seconds since 1970.
    pub time: u64,
    /// The checkpoint, with the log's signature and the cosignature.
    pub note: String,
}

/// What is remembered of a log that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Memory {
    /// Nothing cosigned yet.
    Nothing,
    /// This.
    Log(LogState),
    /// It goes on as another log (WIT-13).
    Continued {
        /// That log's origin.
        successor: String,
    },
}

/// A log that goes on as another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Successor<'a> {
    pub(crate) predecessor: &'a str,
    pub(crate) key: &'a VerifierKey,
    pub(crate) receipt: &'a str,
}

/// The memory of one witness or mirror.
#[derive(Debug)]
pub struct WitnessState {
    path: PathBuf,
    readers: SqlitePool,
    /// One connection: comparing and storing is one step (WIT-8), within this process and, by `BEGIN IMMEDIATE`, among several.
    writer: SqlitePool,
    halted: AtomicBool,
}

impl WitnessState {
    /// Opens the memory, or makes an empty one that is nobody's yet.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn open(path: &Path) -> Result<Self, StateError> {
        let failed = |cause| StateError::Database { path: path.to_owned(), cause };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // WIT-8: what was stored is on the disk before anyone is answered.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        sqlx::migrate!("./migrations/witness").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await
            .map_err(failed)?;
        Ok(Self { path: path.to_owned(), readers, writer, halted: AtomicBool::new(false) })
    }

    fn failed(&self, cause: sqlx::Error) -> StateError {
        StateError::Database { path: self.path.clone(), cause }
    }

    /// WIT-8: whether storing has failed.
    pub fn is_halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst)
    }

    /// WIT-10: whose memory this is, as a verifier key in text.
    pub(crate) async fn owner(&self) -> Result<Option<String>, StateError> {
        let row = sqlx::query("SELECT vkey FROM cosigner").fetch_optional(&self.readers).await;
        let row = row.map_err(|cause| self.failed(cause))?;
        row.map(|row| row.try_get(0).map_err(|cause| self.failed(cause))).transpose()
    }

    /// WIT-10: makes the empty memory that of this key.
    pub(crate) async fn belong_to(&self, key: &VerifierKey) -> Result<(), StateError> {
        let insertion = sqlx::query("INSERT INTO cosigner (only, vkey) VALUES (1, ?)").bind(key.to_string());
        insertion.execute(&self.writer).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    /// What is remembered of a log.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn log(&self, origin: &str) -> Result<Option<LogState>, StateError> {
        let row = sqlx::query("SELECT size, root, time, note FROM logs WHERE origin = ?").bind(origin);
        let row = row.fetch_optional(&self.readers).await.map_err(|cause| self.failed(cause))?;
        row.map(|row| log_state(&row)).transpose()
    }

    /// WIT-6: the last checkpoint cosigned of the log whose origin has this hash.
    pub(crate) async fn note(&self, origin_hash: &str) -> Result<Option<String>, StateError> {
        let row = sqlx::query("SELECT note FROM logs WHERE origin_hash = ?").bind(origin_hash);
        let row = row.fetch_optional(&self.readers).await.map_err(|cause| self.failed(cause))?;
        row.map(|row| row.try_get(0).map_err(|cause| self.failed(cause))).transpose()
    }

    /// WIT-13: the key of a log that is known as the successor of another.
    pub(crate) async fn successor_key(&self, origin: &str) -> Result<Option<VerifierKey>, StateError> {
        let row = sqlx::query("SELECT vkey FROM continuations WHERE origin = ?").bind(origin);
        let row = row.fetch_optional(&self.readers).await.map_err(|cause| self.failed(cause))?;
        let Some(row) = row else { return Ok(None) };
        let text: String = row.try_get(0).map_err(|cause| self.failed(cause))?;
        Ok(Some(text.parse()?))
    }

    /// WIT-8: shows what is remembered of a log to `decide` and stores what it decides on, in one step that nothing comes between.
    /// Whoever goes away meanwhile must not take this future along: call it from a task of its own.
    pub(crate) async fn advance<R>(
        &self,
        origin: &str,
        decide: impl FnOnce(&Memory) -> Result<LogState, R>,
    ) -> Result<Result<LogState, R>, StateError> {
        let failed = |cause| self.failed(cause);
        let mut writer = self.writer.acquire().await.map_err(failed)?;
        if self.is_halted() {
            return Err(StateError::Halted);
        }
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let memory = remembered(&mut transaction, origin).await.map_err(|cause| cause.at(&self.path))?;
        let next = match decide(&memory) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        store(&mut transaction, origin, &memory, &next).await.map_err(|cause| cause.at(&self.path))?;
        let unfinished = Unfinished(&self.halted);
        transaction.commit().await.map_err(failed)?;
        unfinished.done();
        Ok(Ok(next))
    }

    /// WIT-13: as [`WitnessState::advance`], for a log that begins where another ends. `decide` sees what is remembered of both, the other
    /// first.
    pub(crate) async fn continue_as<R>(
        &self,
        successor: Successor<'_>,
        decide: impl FnOnce(&Memory, &Memory) -> Result<LogState, R>,
    ) -> Result<Result<LogState, R>, StateError> {
        let failed = |cause| self.failed(cause);
        let origin = successor.key.name();
        let mut writer = self.writer.acquire().await.map_err(failed)?;
        if self.is_halted() {
            return Err(StateError::Halted);
        }
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let old = remembered(&mut transaction, successor.predecessor).await.map_err(|cause| cause.at(&self.path))?;
        let new = remembered(&mut transaction, origin).await.map_err(|cause| cause.at(&self.path))?;
        let next = match decide(&old, &new) {
            Ok(next) => next,
            Err(refusal) => return Ok(Err(refusal)),
        };
        store(&mut transaction, origin, &new, &next).await.map_err(|cause| cause.at(&self.path))?;
        sqlx::query("INSERT INTO continuations (predecessor, origin, vkey, receipt) VALUES (?, ?, ?, ?)")
            .bind(successor.predecessor)
            .bind(origin)
            .bind(successor.key.to_string())
            .bind(successor.receipt)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let unfinished = Unfinished(&self.halted);
        transaction.commit().await.map_err(failed)?;
        unfinished.done();
        Ok(Ok(next))
    }

    /// Closes the memory; the last connection tidies up its write-ahead log.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// WIT-8: after storing has failed, or was given up halfway, nobody knows what is on the disk; so this process stores nothing more.
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

/// A failure before it is known of which file.
enum Failed {
    Database(sqlx::Error),
    State(StateError),
}

impl Failed {
    fn at(self, path: &Path) -> StateError {
        match self {
            Self::Database(cause) => StateError::Database { path: path.to_owned(), cause },
            Self::State(error) => error,
        }
    }
}

impl From<sqlx::Error> for Failed {
    fn from(cause: sqlx::Error) -> Self {
        Self::Database(cause)
    }
}

impl From<StateError> for Failed {
    fn from(error: StateError) -> Self {
        Self::State(error)
    }
}

async fn remembered(transaction: &mut SqliteConnection, origin: &str) -> Result<Memory, Failed> {
    let continued = sqlx::query("SELECT origin FROM continuations WHERE predecessor = ?").bind(origin);
    if let Some(row) = continued.fetch_optional(&mut *transaction).await? {
        return Ok(Memory::Continued { successor: row.try_get(0)? });
    }
    let row = sqlx::query("SELECT size, root, time, note FROM logs WHERE origin = ?").bind(origin);
    match row.fetch_optional(&mut *transaction).await? {
        Some(row) => Ok(Memory::Log(log_state(&row)?)),
        None => Ok(Memory::Nothing),
    }
}

async fn store(
    transaction: &mut SqliteConnection,
    origin: &str,
    memory: &Memory,
    next: &LogState,
) -> Result<(), Failed> {
    let (size, time) = (signed(next.seen.size)?, signed(next.time)?);
    let statement = if *memory == Memory::Nothing {
        let logs: i64 = sqlx::query("SELECT count(*) FROM logs").fetch_one(&mut *transaction).await?.try_get(0)?;
        if logs >= MAX_LOGS {
            return Err(StateError::Full.into());
        }
        "INSERT INTO logs (size, root, time, note, origin, origin_hash) VALUES (?, ?, ?, ?, ?, ?)"
    } else {
        "UPDATE logs SET size = ?, root = ?, time = ?, note = ? WHERE origin = ? AND origin_hash = ?"
    };
    let query = sqlx::query(statement).bind(size).bind(next.seen.root.to_vec()).bind(time).bind(&next.note);
    let done = query.bind(origin).bind(origin_hash(origin)).execute(&mut *transaction).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StateError::Corrupt("a log under another hash").into()) }
}

fn log_state(row: &SqliteRow) -> Result<LogState, StateError> {
    let corrupt = |_| StateError::Corrupt("a log's state");
    let root: Vec<u8> = row.try_get("root").map_err(corrupt)?;
    let seen = Seen {
        size: unsigned(row.try_get("size").map_err(corrupt)?)?,
        root: root.try_into().map_err(|_| StateError::Corrupt("a root"))?,
    };
    let time = unsigned(row.try_get("time").map_err(corrupt)?)?;
    Ok(LogState { seen, time, note: row.try_get("note").map_err(corrupt)? })
}

fn unsigned(value: i64) -> Result<u64, StateError> {
    u64::try_from(value).map_err(|_| StateError::Corrupt("a negative number"))
}

fn signed(value: u64) -> Result<i64, StateError> {
    i64::try_from(value).map_err(|_| StateError::Corrupt("a number beyond the largest log"))
}
