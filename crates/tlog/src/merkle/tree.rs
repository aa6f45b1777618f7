//! A whole tree in memory: for small logs and for tests.

use thiserror::Error;

use super::{Hash, ProveError, node_hash, prove_consistency, prove_inclusion};

/// Every complete subtree's hash: `levels[l][i]` is the root over entries `i * 2^l` up to `(i + 1) * 2^l`.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash>>,
}

/// The tree holds no such complete subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the tree has no complete subtree {index} at level {level}")]
pub struct NotInTree {
    /// The height of the subtree.
    pub level: u8,
    /// Its place among the subtrees of that height.
    pub index: u64,
}

impl Tree {
    /// The tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        let leaves = self.levels.first().map_or(0, Vec::len);
        u64::try_from(leaves).unwrap_or(u64::MAX)
    }

    /// Appends the hash of one entry.
    pub fn append(&mut self, leaf: Hash) {
        let mut carry = Some(leaf);
        let mut level = 0;
        while let Some(hash) = carry.take() {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            if let Some(hashes) = self.levels.get_mut(level) {
                hashes.push(hash);
                if let [.., left, right] = hashes.as_slice()
                    && hashes.len().is_multiple_of(2)
                {
                    carry = Some(node_hash(left, right));
                }
            }
            level += 1;
        }
    }

    /// The hash of the complete subtree at (level, index).
    pub fn hash(&self, level: u8, index: u64) -> Result<Hash, NotInTree> {
        let hashes = self.levels.get(usize::from(level));
        usize::try_from(index).ok().and_then(|place| hashes?.get(place).copied()).ok_or(NotInTree { level, index })
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        self.root_at(self.size()).expect("every complete subtree of the whole tree is stored")
    }

    /// The root of the tree's first `size` entries.
    pub fn root_at(&self, size: u64) -> Result<Hash, ProveError<NotInTree>> {
        super::root(size, |level, index| self.hash(level, index))
    }

    /// The inclusion proof of entry `index` in the tree's first `size` entries.
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProveError<NotInTree>> {
        prove_inclusion(index, size, |level, place| self.hash(level, place))
    }

    /// The consistency proof between the tree's first `old` and first `new` entries.
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProveError<NotInTree>> {
        prove_consistency(old, new, |level, place| self.hash(level, place))
    }
}
