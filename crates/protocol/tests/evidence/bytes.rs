//! The file as bytes: one form, a bound, and no byte that could be changed to convict somebody else (EVD-1 to EVD-4).

use crate::{
    trustees,
    world::{History, World, all, ballot, closing},
};
use proptest::prelude::*;
use protocol::{
    Evidence,
    evidence::{EvidenceFault, Finding, MAX_EVIDENCE_BYTES},
};
use tlog::{follower::Fork, merkle::leaf_hash};

/// One file of each claim.
pub(crate) fn files(world: &World) -> Vec<(&'static str, Evidence)> {
    let (honest, mut twisted) = (History::told(12, 12, 0), History::told(12, 5, 1));
    let fork = Fork {
        earlier: world.signed(&honest, 6, &all(1000)),
        later: world.signed(&twisted, 11, &all(1001)),
        beginning: twisted.root(6),
        proof: twisted.tree.prove_consistency(6, 11).unwrap(),
    };
    let promise = world.receipt(&honest, 7, 8, &[(4, 5)]);
    let shown = world.receipt(&twisted, 7, 12, &all(9));
    let leaf = leaf_hash(&twisted.entries[7]);
    twisted.push(&closing());
    let ending = world.receipt(&twisted, 12, 13, &all(9));
    let mut late = History::told(13, 13, 0);
    late.push(&ballot(7));
    let promised = world.receipt(&late, 13, 14, &[]);
    let early = world.receipt(&honest, 7, 8, &all(9));
    let (larger, smaller) = (world.note(&honest, 9, &all(7)), world.note(&honest, 3, &[(1, 8), (2, 6)]));
    let manifest = &world.manifest;
    let (next, entry) = world.continued(&honest);
    let (mut one, mut two) = (History::told(0, 0, 0), History::told(0, 0, 0));
    one.push_bytes(entry.clone());
    two.push_bytes(entry.clone());
    one.push_as(13, 0, &ballot(1));
    two.push_as(13, 0, &ballot(2));
    let successor = Fork {
        earlier: next.signed(&one, 2, &all(1000)[..3]),
        later: next.signed(&two, 2, &all(1001)[1..]),
        beginning: two.root(2),
        proof: Vec::new(),
    };
    vec![
        ("split-view", Evidence::split_view(manifest, &fork)),
        ("other-entry", Evidence::other_entry(manifest, &promise, &shown, &leaf)),
        ("ended-without", Evidence::ended_without(manifest, &promised, &ending)),
        ("rollback", Evidence::rollback(manifest, &larger, &smaller)),
        ("ahead", Evidence::ahead(manifest, &early)),
        ("split-view", Evidence::split_view(manifest, &successor).continued(&[entry])),
        ("behind", Evidence::behind(manifest, &promise, &world.note(&honest, 3, &all(1 << 40)))),
    ]
    .into_iter()
    .chain(trustees::files())
    .collect()
}

/// EVD-4: an altered file is refused, or is about another election, or convicts nobody whom the honest one does not.
fn check_altered(honest: &Evidence, bytes: &[u8], what: &str) {
    let Finding { culprits, cleared, .. } = honest.check().unwrap();
    let Ok(altered) = Evidence::decode(bytes) else { return };
    assert_eq!(altered.encode(), bytes, "{what}: one form");
    let Ok(finding) = altered.check() else { return };
    if finding.election == honest.election() {
        let new = finding.culprits.iter().find(|culprit| !culprits.contains(culprit));
        assert_eq!(new, None, "{what}: convicts somebody else");
        assert!(finding.cleared.is_none() || finding.cleared == cleared, "{what}: clears somebody else");
    }
}

#[test]
fn every_altered_byte_of_a_split_view() {
    every_altered_byte(&files(&World::new())[0].1);
}

/// EVD-16: a trustee's two messages.
#[test]
fn every_altered_byte_of_two_messages() {
    every_altered_byte(&trustees::files()[0].1);
}

fn every_altered_byte(honest: &Evidence) {
    let bytes = honest.encode();
    for place in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        check_altered(honest, &altered, &format!("byte {place}"));
    }
}

#[test]
fn only_its_own_bytes_are_a_file() {
    for (what, honest) in files(&World::new()) {
        let bytes = honest.encode();
        assert!(honest.check().is_ok(), "{what}");
        assert_eq!(Evidence::decode(&bytes), Ok(honest.clone()));
        assert!(Evidence::decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(matches!(Evidence::decode(&[&bytes[..], &[0]].concat()), Err(EvidenceFault::NotCanonical(_))));
        let mut other = bytes.clone();
        other[10] = b'2';
        assert_eq!(Evidence::decode(&other), Err(EvidenceFault::Format));
    }
    let long = vec![0; MAX_EVIDENCE_BYTES + 1];
    assert_eq!(Evidence::decode(&long), Err(EvidenceFault::TooLong(long.len())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The reader is total, and what it takes is what it would write.
    #[test]
    fn reading_is_total(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let framed = [&b"\x84\x72vitrine/1/evidence"[..], &bytes].concat();
        for bytes in [bytes, framed] {
            if let Ok(evidence) = Evidence::decode(&bytes) {
                prop_assert_eq!(evidence.encode(), bytes);
                let _ = evidence.check();
            }
        }
    }

    /// Some bytes changed, of any claim.
    #[test]
    fn altered_files(which in 0usize..12, places in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..3)) {
        let files = files(&World::new());
        let (what, honest) = &files[which];
        let mut bytes = honest.encode();
        for (place, mask) in &places {
            let place = place.index(bytes.len());
            bytes[place] ^= mask;
        }
        if bytes != honest.encode() {
            check_altered(honest, &bytes, what);
        }
    }
}
