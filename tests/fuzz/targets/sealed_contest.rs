//! A sealed contest, of bits or with amounts: exact length, every point and scalar, single check. The first two bytes choose the contest.
#![no_main]

use std::sync::LazyLock;

use crypto::EncodedPoint;
use crypto::batch::Bases;
use crypto::group::{G, Point, Scalar};
use crypto::selection_proof::{SealedContest, SelectionContext, check_opening, claim};
use libfuzzer_sys::fuzz_target;
use protocol::{Contest, ContestKind};

static BASES: LazyLock<Bases> = LazyLock::new(|| {
    let keys: Vec<Point> = (1u64..=8).map(|slot| G * Scalar::from(slot)).collect();
    Bases::with_amounts(16, 8, &keys)
});

fuzz_target!(|bytes: &[u8]| {
    let [options, rule, bytes @ ..] = bytes else { return };
    let options = usize::from(*options % 7) + 1;
    let kind = match rule & 3 {
        0 => ContestKind::ChooseOne,
        // A pot of nearly 2^32 makes its amounts wide.
        1 => ContestKind::Budget { currency: "?".into(), pot: u32::MAX, step: 1 },
        _ => ContestKind::Choose { minimum: u32::from(rule >> 2 & 3), maximum: u32::from(rule >> 4 & 7) },
    };
    let names = (0..options).map(|option| option.to_string()).collect();
    let contest = Contest::new("?", kind, names, rule & 128 != 0);
    let Ok(relation) = contest.relation() else { return };
    let Ok(sealed) = SealedContest::decode(bytes, &relation) else {
        assert_ne!(bytes.len(), relation.sealed_len());
        return;
    };
    assert_eq!(sealed.as_bytes(), bytes);
    assert_eq!(sealed.ciphertext_points().count(), relation.slots() + 1);
    let context = SelectionContext {
        election: [1; 32],
        opening: [2; 32],
        joint_key: [3; 32],
        contest: 0,
        credential: EncodedPoint::encode(&G),
        sequence: 1,
        previous: [0; 32],
    };
    if let Ok((claim, points)) = claim(&relation, &BASES, &context, &sealed) {
        assert_eq!(points.len(), relation.slots() + 1);
        assert!(claim.verify(&BASES).is_err(), "proved without a witness");
    }
    let values = vec![0; relation.slots()];
    let _ = check_opening(&relation, &BASES, &sealed, &values, &Scalar::from(7u64));
});
