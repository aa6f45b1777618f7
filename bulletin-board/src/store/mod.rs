//! The database behind the logs: only ever added to (BRD-9, BRD-11). One interface, so that nothing above it knows which database
//! there is.

mod bells;
mod commit;
pub(crate) mod desk;
mod lease;
mod postgres;
mod server;
mod sqlite;

use crate::config::Database;
use async_trait::async_trait;
use desk::Desk;
use protocol::ids::{ElectionFingerprint, SubmissionId};
use serde::Deserialize;
use std::{
    fmt::Debug,
    path::{Path, PathBuf},
    sync::Arc,
};
use thiserror::Error;
use tlog::merkle::CompactRange;
use tokio::sync::watch;

/// What may be said of a PostgreSQL server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Run although the server does not wait for its disk (`fsync = off`): for tests, never for an election.
    pub without_fsync: bool,
}

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// An address that is none. Not shown: it may hold a password.
    #[error("the database's address is malformed: expected postgres://user:password@host:port/database")]
    Address,
    /// The database cannot be reached for now (BRD-33).
    #[error("the database cannot be reached")]
    Away(#[source] sqlx::Error),
    /// The database does not answer in time (BRD-33).
    #[error("the database does not answer in time")]
    Slow,
    /// Another process sequences (BRD-31).
    #[error("another process of this board sequences")]
    NotLeading,
    /// Sessions are swapped between connections, so a lock of one means nothing (BRD-31).
    #[error("a connection pooler stands before the database: connect to PostgreSQL itself")]
    Pooled,
    /// The server does not wait for its disk (BRD-9).
    #[error(
        "the database server runs with fsync or full_page_writes off: it would lose promised entries; turn them on"
    )]
    NotDurable,
    /// The server only follows another one.
    #[error("the database server is a standby: name the primary")]
    Standby,
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
    /// BRD-30: a larger checkpoint was published before.
    #[error("a checkpoint of {0} entries was published before")]
    Smaller(u64),
    /// A stored value is not what was written.
    #[error("the database holds something the board did not write: {0}")]
    Corrupt(&'static str),
}

/// BRD-39: whose database it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) public_key: [u8; 32],
    pub(crate) origin_prefix: String,
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

/// What this process may do on the database now (BRD-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It holds the lease, in this term: it sequences.
    Leads(u64),
    /// Another process holds it.
    Follows,
    /// The database cannot be reached.
    Away,
}

/// A database.
#[async_trait]
pub(crate) trait Store: Debug + Send + Sync {
    /// BRD-12: whether a commit has failed, so that nothing more is written.
    fn is_halted(&self) -> bool;

    /// BRD-31: whether this process sequences, as it changes.
    fn role(&self) -> watch::Receiver<Role>;

    /// Asks for the lease from now on; returns once this process sequences or knows who else does, or after a while.
    async fn stand(&self);

    /// BRD-36: changes when another process may have added something to this election's log or answered for it; of no election: when
    /// there may be a new one.
    fn bell(&self, election: Option<ElectionKey>) -> watch::Receiver<u64>;

    /// Where other processes of this board hand over, if there can be any (BRD-34).
    fn desk(&self) -> Option<&Desk>;

    /// BRD-39: whose database this is, if that was recorded.
    async fn owner(&self) -> Result<Option<Owner>, StoreError>;

    /// BRD-39: records whose it is, if nothing was recorded before.
    async fn own(&self, owner: &Owner) -> Result<(), StoreError>;

    /// The elections, in the order of their creation.
    async fn elections(&self) -> Result<Vec<(ElectionKey, ElectionFingerprint)>, StoreError>;

    /// BRD-9: entries, tree state and signed checkpoint, of a new election also its name, in one transaction.
    async fn commit(&self, place: Place<'_>, addition: Addition<'_>) -> Result<ElectionKey, StoreError>;

    /// The last commit.
    async fn head(&self, election: ElectionKey) -> Result<Head, StoreError>;

    /// Every checkpoint ever signed, smallest first.
    async fn checkpoints(&self, election: ElectionKey) -> Result<Vec<(u64, String)>, StoreError>;

    /// Entries `from` up to, not including, `to`, in order.
    async fn entries(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The submission ids of the same entries.
    async fn submission_ids(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError>;

    /// BRD-10: where a submission stands, if it is in the log.
    async fn position(&self, election: ElectionKey, submission: &SubmissionId) -> Result<Option<u64>, StoreError>;

    /// BRD-30: the last checkpoint that met the election's policy, and its size.
    async fn published(&self, election: ElectionKey) -> Result<Option<(u64, String)>, StoreError>;

    /// BRD-30: records a checkpoint that meets the election's policy before anyone is shown it. It may have the size of the last one,
    /// with later cosignatures, and never a smaller one.
    async fn publish(&self, election: ElectionKey, size: u64, note: &str) -> Result<(), StoreError>;

    /// BRD-70: the elections taken over from other boards.
    async fn taken_over(&self) -> Result<Vec<ElectionFingerprint>, StoreError>;

    /// BRD-70: size and last checkpoint of each log that was taken over, log 1 first; none if the election was not.
    async fn earlier_logs(&self, election: &ElectionFingerprint) -> Result<Vec<(u64, String)>, StoreError>;

    /// Entries of those logs, `from` up to, not including, `to`, by their index, each with its submission id.
    async fn earlier_entries(
        &self,
        election: &ElectionFingerprint,
        from: u64,
        to: u64,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError>;

    /// BRD-10: where a submission stands in those logs.
    async fn earlier_position(
        &self,
        election: &ElectionFingerprint,
        submission: &SubmissionId,
    ) -> Result<Option<u64>, StoreError>;

    /// BRD-70: forgets what a copying that was refused, or broke off, has left of an election that was not taken over.
    async fn forget_earlier(&self, election: &ElectionFingerprint) -> Result<(), StoreError>;

    /// BRD-70: copies entries from index `first` on.
    async fn add_earlier(
        &self,
        election: &ElectionFingerprint,
        first: u64,
        entries: &[(SubmissionId, Vec<u8>)],
    ) -> Result<(), StoreError>;

    /// BRD-70: the election is taken over, with these logs: size and checkpoint of each.
    async fn end_earlier(&self, election: &ElectionFingerprint, logs: &[(u64, String)]) -> Result<(), StoreError>;

    /// BRD-61: whether this is a copy of the database that a board runs on.
    async fn is_copy(&self) -> Result<bool, StoreError>;

    /// BRD-60: what the database itself can tell of its own soundness.
    async fn integrity(&self) -> Result<(), StoreError>;

    /// Closes the database.
    async fn close(&self);
}

/// Opens the database, or makes it; no other set-up is needed.
pub(crate) async fn open(database: &Database, settings: &Settings) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match database {
        Database::File(path) => Arc::new(sqlite::Sqlite::open(path).await?),
        Database::Postgres(url) => Arc::new(postgres::Postgres::open(url, settings).await?),
    })
}

/// BRD-61: a copy of a file as it is at this moment, already marked.
pub(crate) async fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    sqlite::copy(from, to).await
}

/// BRD-62: marks a database as a copy.
pub(crate) async fn mark_copy(database: &Database) -> Result<(), StoreError> {
    match database {
        Database::File(path) => sqlite::mark_copy(path).await,
        Database::Postgres(url) => server::mark_copy(url).await,
    }
}

fn tree(size: i64, subtrees: &[u8]) -> Result<CompactRange, StoreError> {
    let (hashes, rest) = subtrees.as_chunks::<32>();
    let corrupt = || StoreError::Corrupt("a tree state");
    if !rest.is_empty() {
        return Err(corrupt());
    }
    CompactRange::from_parts(unsigned(size)?, hashes.to_vec()).map_err(|_| corrupt())
}

fn fingerprint(bytes: Vec<u8>) -> Result<ElectionFingerprint, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::Corrupt("an election's fingerprint"))?;
    Ok(ElectionFingerprint(bytes))
}

fn owner(public_key: Vec<u8>, origin_prefix: String) -> Result<Owner, StoreError> {
    let public_key = public_key.try_into().map_err(|_| StoreError::Corrupt("its owner's key"))?;
    Ok(Owner { public_key, origin_prefix })
}

fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt("a negative position"))
}

fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Corrupt("a position beyond the largest log"))
}

#[cfg(test)]
pub(crate) mod faulty;
#[cfg(test)]
mod tests;
