//! PostgreSQL: any number of processes of one board, one of which sequences (BRD-31). The same guarantees as of the file, by the same
//! means: one transaction a commit, and a schema that only lets it grow.

use super::{
    Addition, ElectionKey, Head, Owner, Place, Role, Settings, Store, StoreError,
    bells::{self, Bells},
    commit::add,
    desk::Desk,
    fingerprint,
    lease::Lease,
    owner,
    server::{check, failed},
    signed, tree, unsigned,
};
use crate::config::PostgresUrl;
use async_trait::async_trait;
use protocol::ids::{ElectionFingerprint, SubmissionId};
use sqlx::{
    ConnectOptions as _, Connection as _, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    str::FromStr as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};

/// Connections that only read.
const READERS: u32 = 6;

/// Connections that hand submissions over, and one that listens.
const CLERKS: u32 = 3;

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a commit may take before its outcome counts as unknown.
const COMMIT: Duration = Duration::from_secs(30);

/// How many triggers the schema has (`migrations/postgres`).
const TRIGGERS: i64 = 15;

/// The database.
#[derive(Debug)]
pub(super) struct Postgres {
    readers: PgPool,
    lease: Arc<Lease>,
    desk: Desk,
    bells: Arc<Bells>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Postgres {
    pub(super) async fn open(url: &PostgresUrl, settings: &Settings) -> Result<Self, StoreError> {
        // BRD-38: its reason may quote the address, and the password with it.
        let options = PgConnectOptions::from_str(url.expose()).map_err(|_| StoreError::Address)?;
        let options = options
            .application_name("vitrine board")
            .disable_statement_logging()
            // A vanished process loses the lease within seconds (BRD-31).
            .options([
                ("tcp_keepalives_idle", "5"),
                ("tcp_keepalives_interval", "2"),
                ("tcp_keepalives_count", "3"),
                ("idle_in_transaction_session_timeout", "60s"),
            ]);
        let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        let first = pool(1).connect_with(options.clone()).await.map_err(failed)?;
        check(&mut *first.acquire().await.map_err(failed)?, settings).await?;
        sqlx::migrate!("./migrations/postgres").run(&first).await?;
        first.close().await;
        let reading = options.clone().options([("default_transaction_read_only", "on"), ("statement_timeout", "30s")]);
        // What waits was promised to nobody, so its commits need not wait for the disk.
        let clerk = options.clone().options([("synchronous_commit", "off"), ("statement_timeout", "30s")]);
        let clerks = pool(CLERKS).connect_lazy_with(clerk);
        let bells = Arc::new(Bells::default());
        // BRD-9: whatever the server or the role is set to.
        let committing = options.options([("synchronous_commit", "on"), ("lock_timeout", "5s")]);
        let lease = Arc::new(Lease::new(committing, *settings));
        let tasks = vec![tokio::spawn(bells.clone().listen(clerks.clone())), tokio::spawn(bells.clone().poll())];
        let readers = pool(READERS).connect_lazy_with(reading);
        let tasks = Mutex::new(tasks);
        Ok(Self { readers, lease, desk: Desk::new(clerks), bells, tasks })
    }
}

#[async_trait]
impl Store for Postgres {
    /// Nothing here halts for good: what was persisted is read back from the database (BRD-33).
    fn is_halted(&self) -> bool {
        false
    }

    fn role(&self) -> watch::Receiver<Role> {
        self.lease.role()
    }

    async fn stand(&self) {
        let mut role = self.lease.role();
        self.tasks().push(tokio::spawn(self.lease.clone().keep()));
        // A moment for the lease: a board alone on its database sequences from its first request on.
        let decided = role.wait_for(|role| *role != Role::Away);
        drop(tokio::time::timeout(PATIENCE, decided).await);
    }

    fn bell(&self, election: Option<ElectionKey>) -> watch::Receiver<u64> {
        self.bells.of(election)
    }

    fn desk(&self) -> Option<&Desk> {
        Some(&self.desk)
    }

    async fn owner(&self) -> Result<Option<Owner>, StoreError> {
        let query = sqlx::query("SELECT public_key, origin_prefix FROM owner");
        let row = query.fetch_optional(&self.readers).await.map_err(failed)?;
        row.map(|row| owner(row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?)).transpose()
    }

    /// Before anyone sequences, so without the lease.
    async fn own(&self, owner: &Owner) -> Result<(), StoreError> {
        self.desk.own(owner).await
    }

    async fn elections(&self) -> Result<Vec<(ElectionKey, ElectionFingerprint)>, StoreError> {
        let query = sqlx::query("SELECT key, fingerprint FROM elections ORDER BY key");
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        let election = |row: &sqlx::postgres::PgRow| {
            let key = ElectionKey(row.try_get(0).map_err(failed)?);
            Ok((key, fingerprint(row.try_get(1).map_err(failed)?)?))
        };
        rows.iter().map(election).collect()
    }

    async fn commit(&self, place: Place<'_>, addition: Addition<'_>) -> Result<ElectionKey, StoreError> {
        let mut held = self.lease.hold().await?;
        let (connection, backend) = held.session()?;
        let committing = async {
            let election = add(connection, backend, place, &addition).await?;
            // Only a wake-up: who misses it looks for itself (BRD-36).
            bells::ring(connection, Some(election)).await.map_err(failed)?;
            if matches!(place, Place::New { .. }) {
                bells::ring(connection, None).await.map_err(failed)?;
            }
            Ok::<_, StoreError>(election)
        };
        // All of it: a server that has vanished answers nothing, for longer than anyone waits.
        let election = tokio::time::timeout(COMMIT, committing).await.map_err(|_| StoreError::Slow)??;
        held.keep();
        Ok(election)
    }

    async fn head(&self, election: ElectionKey) -> Result<Head, StoreError> {
        let query = "SELECT size, subtrees, note FROM checkpoints WHERE election = $1 ORDER BY size DESC LIMIT 1";
        let row = sqlx::query(query).bind(election.0).fetch_one(&self.readers).await.map_err(failed)?;
        let subtrees: Vec<u8> = row.try_get(1).map_err(failed)?;
        let range = tree(row.try_get(0).map_err(failed)?, &subtrees)?;
        Ok(Head { range, note: row.try_get(2).map_err(failed)? })
    }

    async fn checkpoints(&self, election: ElectionKey) -> Result<Vec<(u64, String)>, StoreError> {
        let query = sqlx::query("SELECT size, note FROM checkpoints WHERE election = $1 ORDER BY size");
        let rows = query.bind(election.0).fetch_all(&self.readers).await.map_err(failed)?;
        let checkpoint = |row: &sqlx::postgres::PgRow| {
            Ok((unsigned(row.try_get(0).map_err(failed)?)?, row.try_get(1).map_err(failed)?))
        };
        rows.iter().map(checkpoint).collect()
    }

    async fn entries(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query =
            "SELECT entry FROM entries WHERE election = $1 AND position >= $2 AND position < $3 ORDER BY position";
        self.bytes(query, election, from, to).await
    }

    async fn submission_ids(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = "SELECT submission_id FROM entries WHERE election = $1 AND position >= $2 AND position < $3
                     ORDER BY position";
        self.bytes(query, election, from, to).await
    }

    async fn position(&self, election: ElectionKey, submission: &SubmissionId) -> Result<Option<u64>, StoreError> {
        let query = sqlx::query("SELECT position FROM entries WHERE election = $1 AND submission_id = $2");
        let query = query.bind(election.0).bind(submission.0.as_slice());
        let row = query.fetch_optional(&self.readers).await.map_err(failed)?;
        row.map(|row| unsigned(row.try_get(0).map_err(failed)?)).transpose()
    }

    async fn published(&self, election: ElectionKey) -> Result<Option<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM published WHERE election = $1 ORDER BY size DESC, number DESC LIMIT 1";
        let row = sqlx::query(query).bind(election.0).fetch_optional(&self.readers).await.map_err(failed)?;
        let checkpoint = |row: sqlx::postgres::PgRow| {
            Ok((unsigned(row.try_get(0).map_err(failed)?)?, row.try_get(1).map_err(failed)?))
        };
        row.map(checkpoint).transpose()
    }

    async fn publish(&self, election: ElectionKey, size: u64, note: &str) -> Result<(), StoreError> {
        let mut held = self.lease.hold().await?;
        let (connection, _) = held.session()?;
        let publishing = async {
            let larger = sqlx::query("SELECT max(size) FROM published WHERE election = $1").bind(election.0);
            let larger = larger.fetch_one(&mut *connection).await.and_then(|row| row.try_get(0)).map_err(failed)?;
            if let Some(larger) = Option::<i64>::map(larger, unsigned).transpose()?.filter(|larger| *larger > size) {
                return Ok(Some(larger));
            }
            let insertion = sqlx::query("INSERT INTO published (election, size, note) VALUES ($1, $2, $3)");
            let insertion = insertion.bind(election.0).bind(signed(size)?).bind(note);
            insertion.execute(&mut *connection).await.map_err(failed)?;
            bells::ring(connection, Some(election)).await.map_err(failed)?;
            Ok::<_, StoreError>(None)
        };
        let larger = tokio::time::timeout(COMMIT, publishing).await.map_err(|_| StoreError::Slow)??;
        held.keep();
        larger.map_or(Ok(()), |larger| Err(StoreError::Smaller(larger)))
    }

    async fn taken_over(&self) -> Result<Vec<ElectionFingerprint>, StoreError> {
        let query = sqlx::query("SELECT election FROM earlier_logs WHERE number = 1 ORDER BY election");
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.iter().map(|row| fingerprint(row.try_get(0).map_err(failed)?)).collect()
    }

    async fn earlier_logs(&self, election: &ElectionFingerprint) -> Result<Vec<(u64, String)>, StoreError> {
        let query = "SELECT size, note FROM earlier_logs WHERE election = $1 ORDER BY number";
        let rows = sqlx::query(query).bind(election.0.as_slice()).fetch_all(&self.readers).await.map_err(failed)?;
        let log = |row: &sqlx::postgres::PgRow| {
            Ok((unsigned(row.try_get(0).map_err(failed)?)?, row.try_get(1).map_err(failed)?))
        };
        rows.iter().map(log).collect()
    }

    async fn earlier_entries(
        &self,
        election: &ElectionFingerprint,
        from: u64,
        to: u64,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let query = "SELECT submission_id, entry FROM earlier_entries
                     WHERE election = $1 AND position >= $2 AND position < $3 ORDER BY position";
        let query = sqlx::query(query).bind(election.0.as_slice()).bind(signed(from)?).bind(signed(to)?);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        let entry =
            |row: &sqlx::postgres::PgRow| Ok((row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?));
        rows.iter().map(entry).collect()
    }

    async fn earlier_position(
        &self,
        election: &ElectionFingerprint,
        submission: &SubmissionId,
    ) -> Result<Option<u64>, StoreError> {
        let query = "SELECT position FROM earlier_entries WHERE election = $1 AND submission_id = $2";
        let query = sqlx::query(query).bind(election.0.as_slice()).bind(submission.0.as_slice());
        let row = query.fetch_optional(&self.readers).await.map_err(failed)?;
        row.map(|row| unsigned(row.try_get(0).map_err(failed)?)).transpose()
    }

    async fn forget_earlier(&self, election: &ElectionFingerprint) -> Result<(), StoreError> {
        let mut held = self.lease.hold().await?;
        let (connection, _) = held.session()?;
        let deletion = sqlx::query("DELETE FROM earlier_entries WHERE election = $1").bind(election.0.as_slice());
        deletion.execute(&mut *connection).await.map_err(failed)?;
        held.keep();
        Ok(())
    }

    async fn add_earlier(
        &self,
        election: &ElectionFingerprint,
        first: u64,
        entries: &[(SubmissionId, Vec<u8>)],
    ) -> Result<(), StoreError> {
        let mut held = self.lease.hold().await?;
        let (connection, _) = held.session()?;
        let mut transaction = connection.begin().await.map_err(failed)?;
        let query = "SELECT coalesce(max(position) + 1, 0) FROM earlier_entries WHERE election = $1";
        let there = sqlx::query(query).bind(election.0.as_slice()).fetch_one(&mut *transaction).await;
        let there = unsigned(there.and_then(|row| row.try_get(0)).map_err(failed)?)?;
        for (position, (id, entry)) in (first..).zip(entries).filter(|(position, _)| *position >= there) {
            let insertion =
                "INSERT INTO earlier_entries (election, position, submission_id, entry) VALUES ($1, $2, $3, $4)";
            sqlx::query(insertion)
                .bind(election.0.as_slice())
                .bind(signed(position)?)
                .bind(id.0.as_slice())
                .bind(entry.as_slice())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        held.keep();
        Ok(())
    }

    async fn end_earlier(&self, election: &ElectionFingerprint, logs: &[(u64, String)]) -> Result<(), StoreError> {
        let mut held = self.lease.hold().await?;
        let (connection, _) = held.session()?;
        let mut transaction = connection.begin().await.map_err(failed)?;
        for (number, (size, note)) in (1u64..).zip(logs) {
            sqlx::query("INSERT INTO earlier_logs (election, number, size, note) VALUES ($1, $2, $3, $4)")
                .bind(election.0.as_slice())
                .bind(signed(number)?)
                .bind(signed(*size)?)
                .bind(note)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        held.keep();
        Ok(())
    }

    async fn is_copy(&self) -> Result<bool, StoreError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM copies)").fetch_one(&self.readers).await.map_err(failed)
    }

    /// The server's own check of its files is `pg_amcheck`; here, that what keeps the log append-only is in place (BRD-11).
    async fn integrity(&self) -> Result<(), StoreError> {
        let query = "SELECT (SELECT count(*) FROM pg_trigger
                             WHERE NOT tgisinternal AND tgenabled = 'O'
                               AND tgrelid = ANY (ARRAY['elections', 'entries', 'checkpoints', 'published', 'terms',
                                                        'earlier_entries', 'earlier_logs', 'copies', 'owner']::regclass[])),
                            (SELECT count(*) FROM pg_index
                             WHERE NOT indisvalid
                               AND indrelid = ANY (ARRAY['elections', 'entries', 'checkpoints', 'published', 'terms',
                                                        'earlier_entries', 'earlier_logs', 'copies', 'owner']::regclass[])),
                            (SELECT count(*) FROM entries WHERE election NOT IN (SELECT key FROM elections))";
        let row = sqlx::query(query).fetch_one(&self.readers).await.map_err(failed)?;
        let count = |place: usize| row.try_get::<i64, _>(place).map_err(failed);
        match (count(0)?, count(1)?, count(2)?) {
            (TRIGGERS, 0, 0) => Ok(()),
            (TRIGGERS, 0, _) => Err(StoreError::Corrupt("entries of no election")),
            (TRIGGERS, _, _) => Err(StoreError::Corrupt("an index that is not valid")),
            _ => Err(StoreError::Corrupt("a schema without the triggers that keep it append-only")),
        }
    }

    /// The lease first, so that another process goes on at once.
    async fn close(&self) {
        self.stop();
        self.lease.close().await;
        self.desk.close().await;
        self.readers.close().await;
    }
}

impl Postgres {
    fn tasks(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        for task in self.tasks().drain(..) {
            task.abort();
        }
    }

    async fn bytes(
        &self,
        query: &'static str,
        election: ElectionKey,
        from: u64,
        to: u64,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let query = sqlx::query(query).bind(election.0).bind(signed(from)?).bind(signed(to)?);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.iter().map(|row| row.try_get(0).map_err(failed)).collect()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}
