//! The lot: chance that nobody could choose or know before the trustees answered, and everybody can recompute (CNT-20, CNT-21).

use crate::ids::EntryHash;
use crypto::{
    EncodedPoint,
    hash::{Tag, TaggedHash},
};

/// What decides by chance in one contest.
pub type Seed = [u8; 32];

/// CNT-20: the seed of a contest from the closing fingerprint and, of each open tally group in order, `D_1..D_K`, what k right partial
/// decryptions come to: `D_j = C_j - T_j`.
pub fn seed<'a>(closing: &EntryHash, contest: u32, groups: impl ExactSizeIterator<Item = &'a [EncodedPoint]>) -> Seed {
    let mut hash = TaggedHash::new(Tag::Lot, 3).bytes(&closing.0).integer(contest.into()).array(groups.len());
    for points in groups {
        hash = hash.array(points.len());
        for point in points {
            hash = hash.bytes(&point.0);
        }
    }
    hash.sha3_256()
}

/// CNT-21: what an option draws; the smallest of those that tie comes first.
pub fn draw(seed: &Seed, option: usize) -> [u8; 32] {
    let option = u64::try_from(option).unwrap_or(u64::MAX);
    TaggedHash::new(Tag::LotOrder, 2).bytes(seed).integer(option).sha3_256()
}
