//! The Merkle tree of RFC 6962 with SHA-256: hashes, proofs and their verification (LOG-1 to LOG-5).

use sha2::{Digest, Sha256};
use thiserror::Error;

mod compact_range;
mod tree;

pub use compact_range::{CompactRange, PartsError};
pub use tree::{NotInTree, Tree};

/// A SHA-256 hash of the tree.
pub type Hash = [u8; 32];

/// LOG-3: the largest number of entries any tree here may claim, 2^63 - 1: sizes and indices fit a signed 64-bit integer,
/// which is what databases and most tools hold.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// LOG-1: the hash of an entry, SHA-256(0x00 || entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new_with_prefix([0x00]).chain_update(entry).finalize().into()
}

/// LOG-1: the hash of an inner node, SHA-256(0x01 || left || right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// LOG-1: the root of the tree without entries, SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Why an inclusion or consistency proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofFailure {
    /// The entry is not in a tree of this size.
    #[error("index {index} is outside a tree of {size} entries")]
    IndexOutOfRange {
        /// The index asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The old tree is larger than the new one.
    #[error("the old size {old} exceeds the new size {new}")]
    SizesOutOfOrder {
        /// The claimed older size.
        old: u64,
        /// The claimed newer size.
        new: u64,
    },
    /// Sizes fix the number of hashes exactly; this proof has another number.
    #[error("the proof has {found} hashes, its sizes demand {expected}")]
    WrongLength {
        /// The number of hashes that index and sizes demand.
        expected: usize,
        /// The number of hashes found.
        found: usize,
    },
    /// The hashes do not lead to the (new) root.
    #[error("the proof does not lead to the root")]
    RootMismatch,
    /// The hashes do not lead to the old root.
    #[error("the proof does not lead to the old root")]
    OldRootMismatch,
}

/// Why a proof cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProveError<E> {
    /// The entry, or the older tree, does not lie inside the tree.
    #[error("{inner} does not lie inside a tree of {size} entries")]
    OutOfRange {
        /// The index or the older size asked for.
        inner: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The source of hashes failed.
    #[error("a tree hash could not be read")]
    Read(#[source] E),
}

/// LOG-4: checks that `leaf` is entry `index` of the tree of `size` entries with this `root`.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofFailure> {
    if index >= size {
        return Err(ProofFailure::IndexOutOfRange { index, size });
    }
    let (inner, border) = path_lengths(index, size);
    let (inner_part, border_part) = split_exact(proof, inner, inner.saturating_add(border))?;
    let hash = climb_border(climb(*leaf, inner_part, index), border_part);
    if hash == *root { Ok(()) } else { Err(ProofFailure::RootMismatch) }
}

/// LOG-5: checks that the tree of `old_size` entries is the beginning of the tree of `new_size` entries. Every tree extends
/// the empty one, whose root must then be given; two trees of one size must have one root; both cases have an empty proof.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofFailure> {
    if old_size > new_size {
        return Err(ProofFailure::SizesOutOfOrder { old: old_size, new: new_size });
    }
    let Some(last) = old_size.checked_sub(1).filter(|_| old_size < new_size) else {
        split_exact(proof, 0, 0)?;
        if old_size == 0 && *old_root != empty_root() {
            return Err(ProofFailure::OldRootMismatch);
        }
        if old_size == new_size && old_root != new_root {
            return Err(ProofFailure::RootMismatch);
        }
        return Ok(());
    };
    // The old tree's last entry sits under a complete subtree of 2^shift entries; the proof climbs from that subtree, whose
    // hash comes first unless it is the whole old tree (RFC 6962 section 2.1.2).
    let shift = old_size.trailing_zeros();
    let (inner, border) = path_lengths(last, new_size);
    let inner = inner.saturating_sub(usize_of(shift));
    let start = usize::from(!old_size.is_power_of_two());
    let expected = start.saturating_add(inner).saturating_add(border);
    let (first, rest) = split_exact(proof, start, expected)?;
    let seed = first.first().unwrap_or(old_root);
    let (inner_part, border_part) = rest.split_at_checked(inner).unwrap_or((rest, &[]));
    let place = last >> shift;
    let old = climb_border(climb_right(*seed, inner_part, place), border_part);
    if old != *old_root {
        return Err(ProofFailure::OldRootMismatch);
    }
    let new = climb_border(climb(*seed, inner_part, place), border_part);
    if new == *new_root { Ok(()) } else { Err(ProofFailure::RootMismatch) }
}

/// LOG-4: the inclusion proof of entry `index` in the tree of `size` entries, from the leaf's sibling up. `read` gives the
/// hash of the complete subtree at (level, index), that is of entries `index * 2^level` up to `(index + 1) * 2^level`.
pub fn prove_inclusion<E>(
    index: u64,
    size: u64,
    mut read: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if index >= size {
        return Err(ProveError::OutOfRange { inner: index, size });
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split_point(high - low);
        if index < middle {
            path.push(range_root(middle, high, &mut read)?);
            high = middle;
        } else {
            path.push(range_root(low, middle, &mut read)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// LOG-5: the consistency proof between the trees of `old` and `new` entries (RFC 6962 section 2.1.2); `read` as in
/// [`prove_inclusion`]. Empty if `old` is 0 or equal to `new`.
pub fn prove_consistency<E>(
    old: u64,
    new: u64,
    mut read: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if old > new {
        return Err(ProveError::OutOfRange { inner: old, size: new });
    }
    let mut path = Vec::new();
    if old == 0 {
        return Ok(path);
    }
    let (mut low, mut high) = (0, new);
    while high != old {
        let middle = low + split_point(high - low);
        if old <= middle {
            path.push(range_root(middle, high, &mut read)?);
            high = middle;
        } else {
            path.push(range_root(low, middle, &mut read)?);
            low = middle;
        }
    }
    // SUBPROOF's flag b: the old tree itself is known to the verifier, any smaller complete subtree is not.
    if low != 0 {
        path.push(range_root(low, high, &mut read)?);
    }
    path.reverse();
    Ok(path)
}

/// LOG-2: the root of the tree of `size` entries, from hashes of complete subtrees; `read` as in [`prove_inclusion`].
pub fn root<E>(size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, ProveError<E>> {
    if size == 0 {
        return Ok(empty_root());
    }
    range_root(0, size, &mut read)
}

/// MTH(D[low:high]) for a range that RFC 6962's splitting produces: every part of it is aligned to its own size.
fn range_root<E>(
    low: u64,
    high: u64,
    read: &mut impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Hash, ProveError<E>> {
    let count = high - low;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        let place = low >> level;
        return read(level.to_le_bytes()[0], place).map_err(ProveError::Read);
    }
    let middle = low + split_point(count);
    let left = range_root(low, middle, read)?;
    let right = range_root(middle, high, read)?;
    Ok(node_hash(&left, &right))
}

/// The largest power of two smaller than `count`, for `count` of at least 2.
fn split_point(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The number of hashes below and above the point where the path to entry `index` leaves the tree's right border.
fn path_lengths(index: u64, size: u64) -> (usize, usize) {
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let border = index.checked_shr(inner).map_or(0, u64::count_ones);
    (usize_of(inner), usize_of(border))
}

fn split_exact(proof: &[Hash], at: usize, expected: usize) -> Result<(&[Hash], &[Hash]), ProofFailure> {
    let wrong = ProofFailure::WrongLength { expected, found: proof.len() };
    if proof.len() != expected {
        return Err(wrong);
    }
    proof.split_at_checked(at).ok_or(wrong)
}

/// Climbs through `path`; bit i of `place` says whether the hash so far is the right child at step i.
fn climb(seed: Hash, path: &[Hash], mut place: u64) -> Hash {
    path.iter().fold(seed, |hash, sibling| {
        let right = place & 1 == 1;
        place >>= 1;
        if right { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
    })
}

/// As [`climb`], but takes only the siblings on the left: the right border of the older, smaller tree.
fn climb_right(seed: Hash, path: &[Hash], mut place: u64) -> Hash {
    path.iter().fold(seed, |hash, sibling| {
        let right = place & 1 == 1;
        place >>= 1;
        if right { node_hash(sibling, &hash) } else { hash }
    })
}

fn climb_border(seed: Hash, path: &[Hash]) -> Hash {
    path.iter().fold(seed, |hash, sibling| node_hash(sibling, &hash))
}

/// A count of bits, at most 64.
fn usize_of(bits: u32) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
