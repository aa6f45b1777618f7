//! Tiles and entry bundles: how the log's hashes and entries are cut into files that never change (LOG-7 to LOG-11).

use crate::merkle::{Hash, node_hash};

mod build;
mod bundle;
mod path;

pub use build::{ResumeError, Tile, TileBuilder};
pub use bundle::{BundleError, MAX_ENTRY_BYTES, decode_bundle, encode_bundle};
pub use path::{PathError, TileKind, TilePath, new_tiles, tiles_of};

/// The height of a tile: it spans this many levels of the tree.
pub const HEIGHT: u8 = 8;

/// The number of hashes in a full tile, and of entries in a full bundle.
pub const WIDTH: u16 = 256;

/// LOG-7: the hash of the complete subtree at (level, index), from the tiles of the tree of `size` entries. `fetch` gives a
/// tile's bytes. Plugs into [`crate::merkle::prove_inclusion`] and [`crate::merkle::prove_consistency`].
pub fn hash_at<E>(
    level: u8,
    index: u64,
    size: u64,
    fetch: impl FnOnce(&TilePath) -> Result<Vec<u8>, E>,
) -> Result<Hash, TileError<E>> {
    let outside = TileError::OutsideTree { level, index, size };
    let above = level % HEIGHT;
    let Some(first) = index.checked_mul(1 << above) else {
        return Err(outside);
    };
    let kind = TileKind::Hashes(level / HEIGHT);
    let Some(path) = TilePath::in_tree(kind, first / u64::from(WIDTH), size) else {
        return Err(outside);
    };
    let bytes = fetch(&path).map_err(TileError::Fetch)?;
    let hashes = decode_tile(&bytes, path.width()).ok_or(TileError::WrongLength { path, found: bytes.len() })?;
    let start = usize::try_from(first % u64::from(WIDTH)).unwrap_or(usize::MAX);
    let part = start.checked_add(1 << above).and_then(|end| hashes.get(start..end)).ok_or(outside)?;
    Ok(complete_root(part))
}

/// Why a hash could not be taken from tiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError<E> {
    /// The tree has no such complete subtree.
    #[error("a tree of {size} entries has no complete subtree {index} at level {level}")]
    OutsideTree {
        /// The height of the subtree.
        level: u8,
        /// Its place among the subtrees of that height.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The tile does not hold the number of hashes its path says.
    #[error("{path} has {found} bytes instead of {}", path.width() as usize * 32)]
    WrongLength {
        /// The tile.
        path: TilePath,
        /// The number of bytes found.
        found: usize,
    },
    /// The tile could not be fetched.
    #[error("a tile could not be fetched")]
    Fetch(#[source] E),
}

/// A tile's hashes; `None` unless the bytes are exactly `width` hashes.
pub fn decode_tile(bytes: &[u8], width: u16) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == usize::from(width)).then(|| hashes.to_vec())
}

/// The root over a power of two of sibling hashes.
fn complete_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or_else(crate::merkle::empty_root)
}

#[cfg(test)]
mod tests;
