//! A record: a whole log as a folder of files, written and re-read (REC-1 to REC-6), and several of them as one (REC-7).

use std::{fmt, str::FromStr};

use crate::{
    note::MAX_NOTE_BYTES,
    tile::{MAX_ENTRY_BYTES, PathError, TileKind, TilePath},
};

mod chain;
mod listing;
mod read;
mod write;

pub use chain::{ChainPath, folder, split_listing};
pub use listing::{ListingError, check_listing, files_of};
pub use read::{Bundle, RecordError, RecordReader};
pub use write::{RecordFile, RecordWriter, WriteError, write_record};

/// REC-1: the name of a file of the record, relative to its folder or URL, with `/` between elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordPath {
    /// `checkpoint`.
    Checkpoint,
    /// A tile or entry bundle.
    Tile(TilePath),
}

impl RecordPath {
    /// The most bytes such a file may have: what a reader may stop at.
    pub fn byte_limit(&self) -> usize {
        match self {
            Self::Checkpoint => MAX_NOTE_BYTES,
            Self::Tile(tile) => {
                let width = usize::from(tile.width());
                match tile.kind() {
                    TileKind::Hashes(_) => width * 32,
                    TileKind::Entries => width * (2 + MAX_ENTRY_BYTES),
                }
            }
        }
    }
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("checkpoint"),
            Self::Tile(tile) => tile.fmt(f),
        }
    }
}

impl FromStr for RecordPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        match text {
            "checkpoint" => Ok(Self::Checkpoint),
            tile => tile.parse().map(Self::Tile),
        }
    }
}

#[cfg(test)]
mod tests;
