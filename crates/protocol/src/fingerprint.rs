//! Every fingerprint of the table in `specs/02-encoding.md` (FPR-1 to FPR-8): SHA3-256 over tag and fields.

use crate::ids::{
    CountedFingerprint, DealingsFingerprint, ElectionFingerprint, EntryHash, JointKeyFingerprint, PartHash,
    RollFingerprint, SubmissionId,
};
use crypto::{
    EncodedPoint,
    hash::{Tag, TaggedHash},
};

/// F (FPR-1).
pub fn election(manifest_body: &[u8]) -> ElectionFingerprint {
    ElectionFingerprint(TaggedHash::new(Tag::Election, 1).bytes(manifest_body).sha3_256())
}

/// Submission id or tracker (FPR-2).
pub fn submission(election: &ElectionFingerprint, author: &[u8], body: &[u8]) -> SubmissionId {
    SubmissionId(TaggedHash::new(Tag::Submission, 3).bytes(&election.0).bytes(author).bytes(body).sha3_256())
}

/// Entry hash (FPR-3).
pub fn entry(entry: &[u8]) -> EntryHash {
    EntryHash(TaggedHash::new(Tag::Entry, 1).bytes(entry).sha3_256())
}

/// Roll fingerprint (FPR-4): submission ids of all chunks, registrar by registrar.
pub fn roll(election: &ElectionFingerprint, registrars: &[Vec<SubmissionId>]) -> RollFingerprint {
    let mut hash = TaggedHash::new(Tag::Roll, 2).bytes(&election.0).array(registrars.len());
    for chunks in registrars {
        hash = hash.array(chunks.len());
        for id in chunks {
            hash = hash.bytes(&id.0);
        }
    }
    RollFingerprint(hash.sha3_256())
}

/// Part hash (FPR-5).
pub fn dealing_part(election: &ElectionFingerprint, dealer: u32, part: u32, body: &[u8]) -> PartHash {
    PartHash(
        TaggedHash::new(Tag::Dealing, 4)
            .bytes(&election.0)
            .integer(dealer.into())
            .integer(part.into())
            .bytes(body)
            .sha3_256(),
    )
}

/// Dealings fingerprint (FPR-6): `(dealer, part hashes)` of all left after stage 2, by index.
pub fn dealings<'a>(
    election: &ElectionFingerprint,
    dealers: impl ExactSizeIterator<Item = (u32, &'a [PartHash])>,
) -> DealingsFingerprint {
    let mut hash = TaggedHash::new(Tag::Dealings, 2).bytes(&election.0).array(dealers.len());
    for (dealer, parts) in dealers {
        hash = hash.array(2).integer(dealer.into()).array(parts.len());
        for part in parts {
            hash = hash.bytes(&part.0);
        }
    }
    DealingsFingerprint(hash.sha3_256())
}

/// J (FPR-7): `shares` holds the verification shares `X_i1..X_iK` of each qualified trustee, in the order of `qualified`.
pub fn joint_key(
    election: &ElectionFingerprint,
    dealings: &DealingsFingerprint,
    qualified: &[u32],
    slot_keys: &[EncodedPoint],
    shares: &[Vec<EncodedPoint>],
) -> JointKeyFingerprint {
    let mut hash = TaggedHash::new(Tag::JointKey, 5).bytes(&election.0).bytes(&dealings.0).array(qualified.len());
    for index in qualified {
        hash = hash.integer((*index).into());
    }
    hash = hash.array(slot_keys.len());
    for key in slot_keys {
        hash = hash.bytes(&key.0);
    }
    hash = hash.array(shares.len());
    for row in shares {
        hash = hash.array(row.len());
        for share in row {
            hash = hash.bytes(&share.0);
        }
    }
    JointKeyFingerprint(hash.sha3_256())
}

/// Counted fingerprint (FPR-8): of every contest, of every tally group, its units and the trackers counted in it by position. One contest's
/// trackers are held at a time (VER-15).
pub fn counted(
    opening: &EntryHash,
    contests: impl ExactSizeIterator<Item = Vec<(Vec<u32>, Vec<SubmissionId>)>>,
) -> CountedFingerprint {
    let mut hash = TaggedHash::new(Tag::Counted, 2).bytes(&opening.0).array(contests.len());
    for groups in contests {
        hash = hash.array(groups.len());
        for (units, trackers) in groups {
            hash = hash.array(2).array(units.len());
            for unit in &units {
                hash = hash.integer((*unit).into());
            }
            hash = hash.array(trackers.len());
            for tracker in &trackers {
                hash = hash.bytes(&tracker.0);
            }
        }
    }
    CountedFingerprint(hash.sha3_256())
}
