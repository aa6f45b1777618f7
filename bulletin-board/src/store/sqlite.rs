//! One SQLite file and one process (BRD-15). What is committed survives the loss of power.

use super::{
    Addition, Desk, ElectionKey, Head, Owner, Place, Role, Store, StoreError, fingerprint, owner, signed, tree,
    unsigned,
};
use async_trait::async_trait;
use protocol::ids::{ElectionFingerprint, SubmissionId};
use sqlx::{
    Connection as _, Row as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::sync::watch;

/// Connections that only read.
const READERS: u32 = 4;

/// The database.
#[derive(Debug)]
pub(super) struct Sqlite {
    readers: SqlitePool,
    /// One connection, so that commits come one after the other.
    writer: SqlitePool,
    halted: AtomicBool,
    role: watch::Sender<Role>,
    bell: watch::Sender<u64>,
    /// Held for as long as the database is open.
    _lock: File,
}

impl Sqlite {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
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
        sqlx::migrate!("./migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await?;
        Ok(Self {
            readers,
            writer,
            halted: AtomicBool::new(false),
            role: watch::Sender::new(Role::Leads(0)),
            bell: watch::Sender::default(),
            _lock: lock,
        })
    }
}

#[async_trait]
impl Store for Sqlite {
    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst)
    }

    /// BRD-15: who has the database has the lease, from beginning to end.
    fn role(&self) -> watch::Receiver<Role> {
        self.role.subscribe()
    }

    async fn stand(&self) {}

    fn bell(&self, _: Option<ElectionKey>) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn desk(&self) -> Option<&Desk> {
        None
    }

    async fn owner(&self) -> Result<Option<Owner>, StoreError> {
        let query = sqlx::query("SELECT public_key, origin_prefix FROM owner");
        let row = query.fetch_optional(&self.readers).await?;
        row.map(|row| owner(row.try_get(0)?, row.try_get(1)?)).transpose()
    }

    async fn own(&self, owner: &Owner) -> Result<(), StoreError> {
        let query = "INSERT INTO owner SELECT 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM owner)";
        let query = sqlx::query(query).bind(owner.public_key.as_slice()).bind(&owner.origin_prefix);
        query.execute(&self.writer).await?;
        Ok(())
    }

    async fn elections(&self) -> Result<Vec<(ElectionKey, ElectionFingerprint)>, StoreError> {
        let rows = sqlx::query("SELECT key, fingerprint FROM elections ORDER BY key").fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((ElectionKey(row.try_get(0)?), fingerprint(row.try_get(1)?)?))).collect()
    }

    async fn commit(&self, place: Place<'_>, addition: Addition<'_>) -> Result<ElectionKey, StoreError> {
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

    async fn head(&self, election: ElectionKey) -> Result<Head, StoreError> {
        let query = "SELECT size, subtrees, note FROM checkpoints WHERE election = ? ORDER BY size DESC LIMIT 1";
        let row = sqlx::query(query).bind(election.0).fetch_one(&self.readers).await?;
        let subtrees: Vec<u8> = row.try_get(1)?;
        Ok(Head { range: tree(row.try_get(0)?, &subtrees)?, note: row.try_get(2)? })
    }

    async fn checkpoints(&self, election: ElectionKey) -> Result<Vec<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM checkpoints WHERE election = ? ORDER BY size";
        let rows = sqlx::query(query).bind(election.0).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((unsigned(row.try_get(0)?)?, row.try_get(1)?))).collect()
    }

    async fn entries(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = "SELECT entry FROM entries WHERE election = ? AND position >= ? AND position < ? ORDER BY position";
        let rows =
            sqlx::query(query).bind(election.0).bind(signed(from)?).bind(signed(to)?).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn submission_ids(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query =
            "SELECT submission_id FROM entries WHERE election = ? AND position >= ? AND position < ? ORDER BY position";
        let rows =
            sqlx::query(query).bind(election.0).bind(signed(from)?).bind(signed(to)?).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn position(&self, election: ElectionKey, submission: &SubmissionId) -> Result<Option<u64>, StoreError> {
        let query = "SELECT position FROM entries WHERE election = ? AND submission_id = ?";
        let row = sqlx::query(query).bind(election.0).bind(submission.0.to_vec()).fetch_optional(&self.readers).await?;
        row.map(|row| unsigned(row.try_get(0)?)).transpose()
    }

    async fn published(&self, election: ElectionKey) -> Result<Option<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM published WHERE election = ? ORDER BY size DESC, number DESC LIMIT 1";
        let row = sqlx::query(query).bind(election.0).fetch_optional(&self.readers).await?;
        row.map(|row| Ok((unsigned(row.try_get(0)?)?, row.try_get(1)?))).transpose()
    }

    async fn publish(&self, election: ElectionKey, size: u64, note: &str) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        if let Some((larger, _)) = self.published(election).await?.filter(|(earlier, _)| *earlier > size) {
            return Err(StoreError::Smaller(larger));
        }
        if self.is_halted() {
            return Err(StoreError::Halted);
        }
        let unfinished = Unfinished(&self.halted);
        sqlx::query("INSERT INTO published (election, size, note) VALUES (?, ?, ?)")
            .bind(election.0)
            .bind(signed(size)?)
            .bind(note)
            .execute(&mut *writer)
            .await?;
        unfinished.done();
        Ok(())
    }

    async fn taken_over(&self) -> Result<Vec<ElectionFingerprint>, StoreError> {
        let query = "SELECT election FROM earlier_logs WHERE number = 1 ORDER BY rowid";
        let rows = sqlx::query(query).fetch_all(&self.readers).await?;
        rows.iter().map(|row| fingerprint(row.try_get(0)?)).collect()
    }

    async fn earlier_logs(&self, election: &ElectionFingerprint) -> Result<Vec<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM earlier_logs WHERE election = ? ORDER BY number";
        let rows = sqlx::query(query).bind(election.0.to_vec()).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((unsigned(row.try_get(0)?)?, row.try_get(1)?))).collect()
    }

    async fn earlier_entries(
        &self,
        election: &ElectionFingerprint,
        from: u64,
        to: u64,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let query = "SELECT submission_id, entry FROM earlier_entries \
                     WHERE election = ? AND position >= ? AND position < ? ORDER BY position";
        let query = sqlx::query(query).bind(election.0.to_vec()).bind(signed(from)?).bind(signed(to)?);
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    async fn earlier_position(
        &self,
        election: &ElectionFingerprint,
        submission: &SubmissionId,
    ) -> Result<Option<u64>, StoreError> {
        let query = "SELECT position FROM earlier_entries WHERE election = ? AND submission_id = ?";
        let query = sqlx::query(query).bind(election.0.to_vec()).bind(submission.0.to_vec());
        let row = query.fetch_optional(&self.readers).await?;
        row.map(|row| unsigned(row.try_get(0)?)).transpose()
    }

    async fn forget_earlier(&self, election: &ElectionFingerprint) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let deletion = sqlx::query("DELETE FROM earlier_entries WHERE election = ?").bind(election.0.to_vec());
        deletion.execute(&mut *writer).await?;
        Ok(())
    }

    async fn add_earlier(
        &self,
        election: &ElectionFingerprint,
        first: u64,
        entries: &[(SubmissionId, Vec<u8>)],
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let query = "SELECT coalesce(max(position) + 1, 0) FROM earlier_entries WHERE election = ?";
        let there: i64 = sqlx::query_scalar(query).bind(election.0.to_vec()).fetch_one(&mut *transaction).await?;
        let there = unsigned(there)?;
        for (position, (id, entry)) in (first..).zip(entries).filter(|(position, _)| *position >= there) {
            let query = "INSERT INTO earlier_entries (election, position, submission_id, entry) VALUES (?, ?, ?, ?)";
            sqlx::query(query)
                .bind(election.0.to_vec())
                .bind(signed(position)?)
                .bind(id.0.as_slice())
                .bind(entry.as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn end_earlier(&self, election: &ElectionFingerprint, logs: &[(u64, String)]) -> Result<(), StoreError> {
        let mut writer = self.writer.acquire().await?;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        for (number, (size, note)) in (1u64..).zip(logs) {
            sqlx::query("INSERT INTO earlier_logs (election, number, size, note) VALUES (?, ?, ?, ?)")
                .bind(election.0.to_vec())
                .bind(signed(number)?)
                .bind(signed(*size)?)
                .bind(note)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn is_copy(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM copies)").fetch_one(&self.readers).await?)
    }

    async fn integrity(&self) -> Result<(), StoreError> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&self.readers).await?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt("a file that SQLite's own check refuses")) }
    }

    /// The last connection tidies up its write-ahead log.
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// BRD-61: by SQLite's own means, in one transaction, so that a board may run on the file meanwhile.
pub(super) async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(from).read_only(true).busy_timeout(Duration::from_secs(10));
    let mut connection = SqliteConnection::connect_with(&options).await?;
    // The name stands in the statement as a value, so it needs no quoting.
    sqlx::query("VACUUM INTO ?").bind(to.to_string_lossy().as_ref()).execute(&mut connection).await?;
    connection.close().await?;
    mark_copy(to).await
}

/// BRD-62. The schema is brought up to date first: an older one has no place for the mark.
pub(super) async fn mark_copy(path: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::migrate!("./migrations/sqlite").run(&mut connection).await?;
    sqlx::query("INSERT INTO copies DEFAULT VALUES").execute(&mut connection).await?;
    Ok(connection.close().await?)
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
    // Whatever links lead to it: one file, one lock.
    let real = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let mut path = real.into_os_string();
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
