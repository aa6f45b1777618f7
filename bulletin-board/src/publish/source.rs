//! What is published: a log as its owner has it.

use crate::{log::Log, store::StoreError};
use async_trait::async_trait;
use std::fmt::Debug;
use tlog::{merkle::Hash, tile::TilePath};
use tokio::sync::watch;

/// A log that can be published.
#[async_trait]
pub(crate) trait Source: Debug + Send + Sync {
    /// BRD-48: whether this process is the one that publishes.
    fn leads(&self) -> bool;

    /// The newest checkpoint that meets the policy (BRD-41), and its size.
    fn checkpoint(&self) -> Option<(u64, String)>;

    /// The number of entries that are committed.
    fn size(&self) -> u64;

    /// The root of the first `size` entries, if there are as many (BRD-44).
    fn root_at(&self, size: u64) -> Option<Hash>;

    /// A tile or bundle; `None` beyond the log.
    async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError>;

    /// Changes whenever the checkpoint does.
    fn changes(&self) -> watch::Receiver<(u64, u64)>;
}

#[async_trait]
impl Source for Log {
    fn leads(&self) -> bool {
        *self.leading().borrow()
    }

    fn checkpoint(&self) -> Option<(u64, String)> {
        Log::checkpoint(self)
    }

    fn size(&self) -> u64 {
        self.head().0
    }

    fn root_at(&self, size: u64) -> Option<Hash> {
        Log::root_at(self, size)
    }

    async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        Log::file(self, path).await
    }

    fn changes(&self) -> watch::Receiver<(u64, u64)> {
        self.checkpoints()
    }
}
