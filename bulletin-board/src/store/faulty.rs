//! A store whose calls fail where a test says: not done and reported so, or done and reported as failed (BRD-9, BRD-12).

use super::{Addition, Desk, ElectionKey, Head, Owner, Place, Role, Store, StoreError};
use async_trait::async_trait;
use protocol::ids::{ElectionFingerprint, SubmissionId};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tokio::sync::watch;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Nothing was done.
    Failed,
    /// All was done, and nobody was told.
    FailedButPersisted,
}

/// Fails one call, counted from 0; all others go through.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Store>,
    fails: usize,
    flavour: Flavour,
    calls: AtomicUsize,
    halted: AtomicBool,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Store>, fails: usize, flavour: Flavour) -> Self {
        Self { inner, fails, flavour, calls: AtomicUsize::new(0), halted: AtomicBool::new(false) }
    }

    /// Whether the call that was to fail has been made.
    pub(crate) fn has_failed(&self) -> bool {
        self.calls.load(Ordering::SeqCst) > self.fails
    }

    fn fails_now(&self) -> bool {
        self.calls.fetch_add(1, Ordering::SeqCst) == self.fails
    }

    async fn read<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        if self.fails_now() { Err(broken()) } else { call.await }
    }

    /// What changes the database; whoever does not know what became of it halts, as the file's own store does.
    async fn write<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        if self.is_halted() {
            return Err(StoreError::Halted);
        }
        if !self.fails_now() {
            return call.await;
        }
        if self.flavour == Flavour::FailedButPersisted {
            call.await?;
        }
        self.halted.store(true, Ordering::SeqCst);
        Err(broken())
    }
}

fn broken() -> StoreError {
    StoreError::Database(sqlx::Error::Io(std::io::Error::other("injected")))
}

#[async_trait]
impl Store for Faulty {
    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst) || self.inner.is_halted()
    }
    fn role(&self) -> watch::Receiver<Role> {
        self.inner.role()
    }
    async fn stand(&self) {
        self.inner.stand().await;
    }
    fn bell(&self, election: Option<ElectionKey>) -> watch::Receiver<u64> {
        self.inner.bell(election)
    }
    fn desk(&self) -> Option<&Desk> {
        self.inner.desk()
    }
    async fn owner(&self) -> Result<Option<Owner>, StoreError> {
        self.read(self.inner.owner()).await
    }
    async fn own(&self, owner: &Owner) -> Result<(), StoreError> {
        self.write(self.inner.own(owner)).await
    }
    async fn elections(&self) -> Result<Vec<(ElectionKey, ElectionFingerprint)>, StoreError> {
        self.read(self.inner.elections()).await
    }
    async fn commit(&self, place: Place<'_>, addition: Addition<'_>) -> Result<ElectionKey, StoreError> {
        self.write(self.inner.commit(place, addition)).await
    }
    async fn head(&self, election: ElectionKey) -> Result<Head, StoreError> {
        self.read(self.inner.head(election)).await
    }
    async fn checkpoints(&self, election: ElectionKey) -> Result<Vec<(u64, String)>, StoreError> {
        self.read(self.inner.checkpoints(election)).await
    }
    async fn entries(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(self.inner.entries(election, from, to)).await
    }
    async fn submission_ids(&self, election: ElectionKey, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(self.inner.submission_ids(election, from, to)).await
    }
    async fn position(&self, election: ElectionKey, submission: &SubmissionId) -> Result<Option<u64>, StoreError> {
        self.read(self.inner.position(election, submission)).await
    }
    async fn published(&self, election: ElectionKey) -> Result<Option<(u64, String)>, StoreError> {
        self.read(self.inner.published(election)).await
    }
    async fn publish(&self, election: ElectionKey, size: u64, note: &str) -> Result<(), StoreError> {
        self.write(self.inner.publish(election, size, note)).await
    }
    async fn taken_over(&self) -> Result<Vec<ElectionFingerprint>, StoreError> {
        self.read(self.inner.taken_over()).await
    }
    async fn earlier_logs(&self, election: &ElectionFingerprint) -> Result<Vec<(u64, String)>, StoreError> {
        self.read(self.inner.earlier_logs(election)).await
    }
    async fn earlier_entries(
        &self,
        election: &ElectionFingerprint,
        from: u64,
        to: u64,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        self.read(self.inner.earlier_entries(election, from, to)).await
    }
    async fn earlier_position(
        &self,
        election: &ElectionFingerprint,
        submission: &SubmissionId,
    ) -> Result<Option<u64>, StoreError> {
        self.read(self.inner.earlier_position(election, submission)).await
    }
    async fn forget_earlier(&self, election: &ElectionFingerprint) -> Result<(), StoreError> {
        self.write(self.inner.forget_earlier(election)).await
    }
    async fn add_earlier(
        &self,
        election: &ElectionFingerprint,
        first: u64,
        entries: &[(SubmissionId, Vec<u8>)],
    ) -> Result<(), StoreError> {
        self.write(self.inner.add_earlier(election, first, entries)).await
    }
    async fn end_earlier(&self, election: &ElectionFingerprint, logs: &[(u64, String)]) -> Result<(), StoreError> {
        self.write(self.inner.end_earlier(election, logs)).await
    }
    async fn is_copy(&self) -> Result<bool, StoreError> {
        self.read(self.inner.is_copy()).await
    }
    async fn integrity(&self) -> Result<(), StoreError> {
        self.read(self.inner.integrity()).await
    }
    async fn close(&self) {
        self.inner.close().await;
    }
}
