//! The frontier of an append-only tree: all that is needed to append and to know the root (LOG-2).

use thiserror::Error;

use super::{Hash, MAX_SIZE, empty_root, node_hash};

/// The roots of the maximal complete subtrees of a tree, largest first: one per set bit of the size. Holds at most 63 hashes,
/// whatever the size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompactRange {
    size: u64,
    peaks: Vec<Hash>,
}

/// Stored parts that are no frontier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PartsError {
    /// More entries than [`MAX_SIZE`].
    #[error("{0} entries are more than a log can hold")]
    TooLarge(u64),
    /// A tree of this size has another number of maximal complete subtrees.
    #[error("{found} hashes for a tree of {size} entries, which has {expected}")]
    WrongCount {
        /// The size of the tree.
        size: u64,
        /// The number of hashes this size demands.
        expected: u32,
        /// The number of hashes found.
        found: usize,
    },
}

impl CompactRange {
    /// The tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rebuilds a stored frontier; `peaks` as [`CompactRange::parts`] gave them.
    pub fn from_parts(size: u64, peaks: Vec<Hash>) -> Result<Self, PartsError> {
        if size > MAX_SIZE {
            return Err(PartsError::TooLarge(size));
        }
        if usize::try_from(size.count_ones()) != Ok(peaks.len()) {
            return Err(PartsError::WrongCount { size, expected: size.count_ones(), found: peaks.len() });
        }
        Ok(Self { size, peaks })
    }

    /// Size and hashes, largest subtree first: what a store keeps.
    pub fn parts(&self) -> (u64, &[Hash]) {
        (self.size, &self.peaks)
    }

    /// Appends the hash of one entry.
    pub fn append(&mut self, leaf: Hash) {
        let mut carry = leaf;
        let mut rest = self.size;
        // Two complete subtrees of one height become one of the next, as in binary addition.
        while rest & 1 == 1 {
            let left = self.peaks.pop().expect("one peak for each set bit of the size, by construction");
            carry = node_hash(&left, &carry);
            rest >>= 1;
        }
        self.peaks.push(carry);
        self.size += 1;
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// LOG-2: the root of the whole tree.
    pub fn root(&self) -> Hash {
        self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }
}
