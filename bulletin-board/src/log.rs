//! What is published of one election: the tree and the checkpoint after the last commit, and the files made of them (HTTP-15).

use crate::store::{ElectionKey, Store, StoreError};
use board_api::{ElectionStatus, PromiseDocument};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tlog::{
    merkle::{Hash, Tree},
    tile::{BundleError, HEIGHT, TileKind, TilePath, encode_bundle},
};

/// The published side of a log. Only its sequencer publishes.
#[derive(Debug)]
pub(crate) struct Log {
    key: ElectionKey,
    store: Arc<dyn Store>,
    published: RwLock<Published>,
}

/// All of one commit, never parts of two.
#[derive(Debug)]
struct Published {
    tree: Tree,
    note: String,
    status: ElectionStatus,
}

/// An entry's place, and the proof of it under the checkpoint of the same moment.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) index: u64,
    pub(crate) entry: Vec<u8>,
}

impl Log {
    pub(crate) fn new(
        key: ElectionKey,
        store: Arc<dyn Store>,
        tree: Tree,
        note: String,
        status: ElectionStatus,
    ) -> Self {
        Self { key, store, published: RwLock::new(Published { tree, note, status }) }
    }

    pub(crate) fn key(&self) -> ElectionKey {
        self.key
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// Shows a commit to readers; only after it.
    pub(crate) fn publish(&self, leaves: impl IntoIterator<Item = Hash>, note: String, status: ElectionStatus) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        leaves.into_iter().for_each(|leaf| published.tree.append(leaf));
        published.note = note;
        published.status = status;
    }

    fn published(&self) -> RwLockReadGuard<'_, Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// HTTP-12. The board takes no submissions after a failed commit (BRD-12).
    pub(crate) fn status(&self) -> ElectionStatus {
        let mut status = self.published().status.clone();
        status.accepting &= !self.store.is_halted();
        status
    }

    /// BRD-12: whether this log's sequencer goes on.
    pub(crate) fn is_accepting(&self) -> bool {
        self.published().status.accepting
    }

    /// BRD-12: this log's sequencer has stopped.
    pub(crate) fn halt(&self) {
        self.published.write().unwrap_or_else(PoisonError::into_inner).status.accepting = false;
    }

    /// The checkpoint and the size it covers.
    pub(crate) fn checkpoint(&self) -> (u64, String) {
        let published = self.published();
        (published.tree.size(), published.note.clone())
    }

    /// HTTP-13: the promise for a committed entry, under the present checkpoint; none if it is not published.
    pub(crate) fn promise(&self, placed: Placed) -> Option<PromiseDocument> {
        let published = self.published();
        let Placed { index, entry } = placed;
        let inclusion = published.tree.prove_inclusion(index, published.tree.size()).ok()?;
        Some(PromiseDocument { index, entry, inclusion, checkpoint: published.note.clone() })
    }

    /// An entry by its index.
    pub(crate) async fn entry(&self, index: u64) -> Result<Option<Placed>, StoreError> {
        let entries = self.store.entries(self.key, index, index.saturating_add(1)).await?;
        Ok(entries.into_iter().next().map(|entry| Placed { index, entry }))
    }

    /// HTTP-15: a tile or bundle of any width the published tree reaches; none beyond.
    pub(crate) async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        let end = path.start().saturating_add(u64::from(path.width()));
        match path.kind() {
            TileKind::Hashes(level) => Ok(self.hashes(level, path.start(), end)),
            TileKind::Entries if end > self.published().tree.size() => Ok(None),
            TileKind::Entries => {
                let entries = self.store.entries(self.key, path.start(), end).await?;
                if entries.len() != usize::from(path.width()) {
                    return Err(StoreError::Corrupt("entries are missing"));
                }
                let bundle =
                    encode_bundle(&entries).map_err(|_: BundleError| StoreError::Corrupt("an entry too long"))?;
                Ok(Some(bundle))
            }
        }
    }

    fn hashes(&self, level: u8, start: u64, end: u64) -> Option<Vec<u8>> {
        // Beyond 2^63 entries there is no tree, so a level whose height overflows has no hashes.
        let height = level.checked_mul(HEIGHT)?;
        let published = self.published();
        let hashes: Result<Vec<Hash>, _> = (start..end).map(|index| published.tree.hash(height, index)).collect();
        Some(hashes.ok()?.as_flattened().to_vec())
    }
}
