//! Cuts a growing tree into tiles (LOG-7), with memory for at most 255 hashes a level.

use thiserror::Error;

use super::{TileKind, TilePath, WIDTH, complete_root, decode_tile};
use crate::merkle::{CompactRange, Hash, MAX_SIZE};

/// A tile and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    path: TilePath,
    hashes: Vec<Hash>,
}

impl Tile {
    /// Where it is stored.
    pub fn path(&self) -> &TilePath {
        &self.path
    }

    /// Its hashes, as many as its path says.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// What is stored: the hashes one after the other.
    pub fn bytes(&self) -> Vec<u8> {
        self.hashes.as_flattened().to_vec()
    }
}

/// The unfinished tiles of a growing tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TileBuilder {
    size: u64,
    /// `open[l]` holds the hashes of level l's last tile while it is not full.
    open: Vec<Vec<Hash>>,
}

/// Why a builder could not be rebuilt from stored tiles.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResumeError<E> {
    /// More entries than a log can hold.
    #[error("{0} entries are more than a log can hold")]
    TooLarge(u64),
    /// The stored tile does not hold the number of hashes its path says.
    #[error("{0} has the wrong length")]
    WrongLength(TilePath),
    /// The tile could not be fetched.
    #[error("a tile could not be fetched")]
    Fetch(#[source] E),
}

impl TileBuilder {
    /// The builder of a tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rebuilds the builder of a tree of `size` entries from its partial tiles. The caller compares [`TileBuilder::root`].
    pub fn resume<E>(
        size: u64,
        mut fetch: impl FnMut(&TilePath) -> Result<Vec<u8>, E>,
    ) -> Result<Self, ResumeError<E>> {
        if size > MAX_SIZE {
            return Err(ResumeError::TooLarge(size));
        }
        let mut open = Vec::new();
        for level in 0u8.. {
            let count = TileKind::Hashes(level).count_in(size);
            if count == 0 {
                break;
            }
            let path = TilePath::in_tree(TileKind::Hashes(level), count / u64::from(WIDTH), size);
            open.push(match path {
                None => Vec::new(),
                Some(path) => {
                    let bytes = fetch(&path).map_err(ResumeError::Fetch)?;
                    decode_tile(&bytes, path.width()).ok_or(ResumeError::WrongLength(path))?
                }
            });
        }
        Ok(Self { size, open })
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of one entry; gives the tiles that this fills, lowest level first.
    pub fn append(&mut self, leaf: Hash) -> Vec<Tile> {
        self.size += 1;
        let mut filled = Vec::new();
        let mut carry = Some(leaf);
        let mut level = 0u8;
        while let Some(hash) = carry.take() {
            if self.open.len() == usize::from(level) {
                self.open.push(Vec::new());
            }
            let Some(open) = self.open.get_mut(usize::from(level)) else {
                break;
            };
            open.push(hash);
            if open.len() == usize::from(WIDTH) {
                let hashes = std::mem::take(open);
                carry = Some(complete_root(&hashes));
                let last = TileKind::Hashes(level).count_in(self.size) / u64::from(WIDTH);
                filled.extend(
                    last.checked_sub(1)
                        .and_then(|index| TilePath::new(TileKind::Hashes(level), index, WIDTH).ok())
                        .map(|path| Tile { path, hashes }),
                );
            }
            level += 1;
        }
        filled
    }

    /// The partial tiles of the tree as it is now, lowest level first.
    pub fn partial_tiles(&self) -> Vec<Tile> {
        (0u8..)
            .zip(&self.open)
            .filter_map(|(level, hashes)| {
                let kind = TileKind::Hashes(level);
                let index = kind.count_in(self.size) / u64::from(WIDTH);
                TilePath::in_tree(kind, index, self.size).map(|path| Tile { path, hashes: hashes.clone() })
            })
            .collect()
    }

    /// The frontier of the tree as it is now.
    pub fn compact_range(&self) -> CompactRange {
        let mut peaks = Vec::new();
        for hashes in self.open.iter().rev() {
            // Level l's open hashes are the l-th digit of the size in base 256; its bits are the peaks.
            let mut rest = hashes.as_slice();
            while !rest.is_empty() {
                let (peak, after) = rest.split_at(1 << rest.len().ilog2());
                peaks.push(complete_root(peak));
                rest = after;
            }
        }
        CompactRange::from_parts(self.size, peaks)
            .expect("the digits of the size in base 256 are the counts of open hashes")
    }

    /// The root of the tree as it is now.
    pub fn root(&self) -> Hash {
        self.compact_range().root()
    }
}
