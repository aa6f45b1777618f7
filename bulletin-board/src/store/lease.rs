//! The lease (BRD-31, BRD-32): a lock of one database session, held by the very connection that commits. Who loses the connection has
//! lost lease and commits with it, and nobody gets the lease while a commit of the last holder is undecided.

use super::{
    Role, Settings, StoreError,
    server::{check, failed},
};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _, postgres::PgConnectOptions};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Notify, watch};

/// The lock's number: "Vitrine" in ASCII, and 1.
const LOCK: i64 = 0x0056_6974_7269_6e65;

/// How often a holder makes sure of its connection, and how soon a lost one is opened again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the server may take for what takes it no time. More than the server's own limit for waiting for a lock (`lock_timeout`).
const PATIENCE: Duration = Duration::from_secs(10);

/// The code of the server's refusal to wait any longer for a lock.
const STILL_LOCKED: &str = "55P03";

/// The lease, as this process has it.
#[derive(Debug)]
pub(super) struct Lease {
    options: Secret,
    settings: Settings,
    /// There while this process holds the lease.
    connection: Mutex<Option<Session>>,
    role: watch::Sender<Role>,
    lost: Notify,
}

/// How to connect; it holds the password.
struct Secret(PgConnectOptions);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PgConnectOptions(..)")
    }
}

/// A session that has the lock.
#[derive(Debug)]
struct Session {
    connection: PgConnection,
    /// The server's number of the session, to know it again behind a connection pooler.
    backend: i32,
}

/// The lease during one piece of work. Unless it is kept, the connection is closed and the lease given up (BRD-33).
pub(super) struct Held<'a> {
    lease: &'a Lease,
    place: MutexGuard<'a, Option<Session>>,
    session: Option<Session>,
}

impl Held<'_> {
    /// The connection, and the server's number of the session that has the lock.
    pub(super) fn session(&mut self) -> Result<(&mut PgConnection, i32), StoreError> {
        self.session.as_mut().map(|held| (&mut held.connection, held.backend)).ok_or(StoreError::NotLeading)
    }

    /// The work succeeded: the session goes on.
    pub(super) fn keep(mut self) {
        *self.place = self.session.take();
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.session.take().is_some() {
            self.lease.enter(Role::Away);
            self.lease.lost.notify_one();
        }
    }
}

impl Lease {
    pub(super) fn new(options: PgConnectOptions, settings: Settings) -> Self {
        let (role, _) = watch::channel(Role::Away);
        Self { options: Secret(options), settings, connection: Mutex::default(), role, lost: Notify::new() }
    }

    pub(super) fn role(&self) -> watch::Receiver<Role> {
        self.role.subscribe()
    }

    /// The lease, for one piece of work at a time.
    pub(super) async fn hold(&self) -> Result<Held<'_>, StoreError> {
        let mut place = self.connection.lock().await;
        let session = place.take().ok_or(StoreError::NotLeading)?;
        Ok(Held { lease: self, place, session: Some(session) })
    }

    fn enter(&self, role: Role) {
        let changed = self.role.send_if_modified(|now| std::mem::replace(now, role) != role);
        if changed {
            match role {
                Role::Leads(term) => tracing::info!(term, "this process sequences"),
                Role::Follows => tracing::info!("another process sequences; this one follows"),
                Role::Away => tracing::warn!("the database cannot be reached, or a commit failed"),
            }
        }
    }

    /// Takes the lease whenever it can be had, for as long as the process runs.
    pub(super) async fn keep(self: std::sync::Arc<Self>) {
        loop {
            if let Err(cause) = self.take().await {
                self.enter(Role::Away);
                // What stands in it is the server's words or the system's, never the address.
                tracing::warn!(%cause, "no lease");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            while self.holds().await {
                let _ = tokio::time::timeout(PAUSE, self.lost.notified()).await;
            }
            self.enter(Role::Away);
        }
    }

    /// Waits for the lock, and begins a term.
    async fn take(&self) -> Result<(), StoreError> {
        let connecting = tokio::time::timeout(PATIENCE, self.options.0.connect());
        let mut connection = connecting.await.map_err(|_| StoreError::Slow)?.map_err(failed)?;
        check(&mut connection, &self.settings).await?;
        let mut first = true;
        loop {
            // The first time without waiting, so that a follower knows at once that it is one.
            let query = if first { "SELECT pg_try_advisory_lock($1)" } else { "SELECT true FROM pg_advisory_lock($1)" };
            let locking = sqlx::query(query).bind(LOCK).fetch_one(&mut connection);
            match tokio::time::timeout(PATIENCE, locking).await.map_err(|_| StoreError::Slow)? {
                Ok(row) if row.try_get(0).map_err(failed)? => break,
                Ok(_) => first = false,
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(STILL_LOCKED) => {}
                Err(error) => return Err(failed(error)),
            }
            self.enter(Role::Follows);
        }
        // BRD-32: its commit waits for every replica the server waits for, so all that was committed before has reached them too.
        let beginning = sqlx::query("INSERT INTO terms DEFAULT VALUES RETURNING term, pg_backend_pid()");
        let beginning = tokio::time::timeout(PATIENCE, beginning.fetch_one(&mut connection));
        let row = beginning.await.map_err(|_| StoreError::Slow)?.map_err(failed)?;
        let term = super::unsigned(row.try_get(0).map_err(failed)?)?;
        let backend = row.try_get(1).map_err(failed)?;
        *self.connection.lock().await = Some(Session { connection, backend });
        self.enter(Role::Leads(term));
        Ok(())
    }

    /// Whether the session still lives.
    async fn holds(&self) -> bool {
        let Ok(mut held) = self.hold().await else { return false };
        let Ok((connection, _)) = held.session() else { return false };
        let alive = tokio::time::timeout(PATIENCE, connection.ping()).await;
        let alive = matches!(alive, Ok(Ok(())));
        if alive {
            held.keep();
        }
        alive
    }

    /// Gives the lease up.
    pub(super) async fn close(&self) {
        if let Some(session) = self.connection.lock().await.take() {
            // The server notices a closed connection either way.
            let _ = session.connection.close().await;
        }
        self.enter(Role::Away);
    }
}
