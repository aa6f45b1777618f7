//! Which files a record holds: exactly those its size demands (REC-2).

use std::collections::BTreeSet;

use thiserror::Error;

use super::RecordPath;
use crate::tile::{TilePath, tiles_of};

/// A file too many or too few.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListingError {
    /// A file that a record of this size does not hold.
    #[error("{0} does not belong to the record")]
    Unknown(String),
    /// A file listed twice.
    #[error("{0} is listed twice")]
    Repeated(String),
    /// A file that is not there.
    #[error("{0} is missing")]
    Missing(RecordPath),
    /// A log of the chain of which there is nothing, though there is one after it (REC-7).
    #[error("log {0} is missing")]
    MissingLog(u64),
}

/// REC-2: checks that these are the relative paths of exactly the files of a record of `size` entries. The time and memory
/// it takes depend on the paths given, not on the size claimed.
pub fn check_listing<T: AsRef<str>>(size: u64, paths: impl IntoIterator<Item = T>) -> Result<(), ListingError> {
    let mut present = BTreeSet::new();
    for text in paths {
        let text = text.as_ref();
        let path = text
            .parse()
            .ok()
            .filter(|path| belongs(path, size))
            .ok_or_else(|| ListingError::Unknown(text.to_owned()))?;
        if !present.insert(path) {
            return Err(ListingError::Repeated(text.to_owned()));
        }
    }
    // All that is present is expected, so at most that many steps pass before the first one missing.
    for path in files_of(size) {
        if !present.contains(&path) {
            return Err(ListingError::Missing(path));
        }
    }
    Ok(())
}

/// REC-2: the files of a log whose checkpoint has this size. As long as the size says, which nobody has vouched for.
pub fn files_of(size: u64) -> impl Iterator<Item = RecordPath> {
    std::iter::once(RecordPath::Checkpoint).chain(tiles_of(size).map(RecordPath::Tile))
}

fn belongs(path: &RecordPath, size: u64) -> bool {
    match path {
        RecordPath::Checkpoint => true,
        RecordPath::Tile(tile) => TilePath::in_tree(tile.kind(), tile.index(), size) == Some(*tile),
    }
}

#[cfg(test)]
mod files {
    use super::*;

    #[test]
    fn what_a_size_demands_is_what_a_listing_is_held_to() {
        for size in [0, 1, 255, 256, 257, 65_536, 65_537, 70_000] {
            let names: Vec<String> = files_of(size).map(|path| path.to_string()).collect();
            check_listing(size, &names).unwrap();
            assert!(check_listing(size.saturating_add(1), &names).is_err());
        }
    }
}
