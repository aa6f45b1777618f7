//! Dealers that deal badly (THR-18, THR-22, THR-70 to THR-72).

use super::{at_check, confirm, ephemeral_possession, is_held, refused_dealing, reseal, shares};
use crate::{manifest_refusal, trustee, trustees::inner};
use crypto::{EncodedPoint, Scalar, SecretScalar, group::G, schnorr::prove_possession};
use protocol::{
    Body,
    body::Dealing,
    election::{Departure, Stage},
};
use vitrine_tests::{Drill, Options, drill::place};

/// The order l of the group, little-endian.
const ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Who was given a bad share complains and is right, everybody confirms, and the election is held without dealer 3.
fn complain_and_hold(drill: &mut Drill, victims: &[u32]) {
    for victim in victims {
        let body = drill.complaint(*victim, 3);
        trustee(drill, *victim, &body).unwrap();
    }
    confirm(drill, &[1, 2, 3]);
    assert!(drill.election.ceremony().verdicts().iter().all(|verdict| verdict.dealer == 3 && verdict.upheld));
    is_held(drill, &[(3, Stage::Check, Departure::BadDealing)]);
}

/// THR-18: the same number, written with l added: whoever reads shares modulo l finds nothing wrong, whoever does not complains.
#[test]
fn share_that_is_not_canonical() {
    let mut drill = at_check(|drill, parts| {
        let mut plain = shares(drill, 3, 1);
        let mut carry = 0u16;
        for (byte, add) in plain[2].iter_mut().zip(ORDER) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = u8::try_from(carry & 0xFF).unwrap();
            carry >>= 8;
        }
        assert_eq!(carry, 0);
        reseal(drill, &mut parts[2], (3, 1), &plain);
    });
    complain_and_hold(&mut drill, &[1]);
}

/// THR-70: one trustee gets no box, or a share too few, or one too many.
#[test]
fn missing_share() {
    let changes: [fn(&mut Dealing); 3] = [
        |dealing| drop(dealing.boxes.remove(0)),
        |dealing| drop(dealing.boxes.pop()),
        |dealing| dealing.boxes.push(dealing.boxes[0].clone()),
    ];
    for change in changes {
        assert_eq!(refused_dealing(|_, parts| change(inner(&mut parts[2]))), "CER-4");
    }
    let short = |drill: &mut Drill, parts: &mut [Body]| {
        let mut plain = shares(drill, 3, 1);
        plain.pop();
        reseal(drill, &mut parts[2], (3, 1), &plain);
    };
    assert_eq!(refused_dealing(short), "CER-4");
}

/// THR-70: each of two trustees gets the other's shares, and a third one its own in another order.
#[test]
fn swapped_shares() {
    // The boxes themselves: whose they are is in their proofs.
    assert_eq!(refused_dealing(|_, parts| inner(&mut parts[2]).boxes.swap(0, 1)), "CER-4");
    // The content, sealed as it should be: only the two can see it, and both do.
    let mut drill = at_check(|drill, parts| {
        for (recipient, other) in [(1, 2), (2, 1)] {
            let plain = shares(drill, 3, other);
            reseal(drill, &mut parts[2], (3, recipient), &plain);
        }
    });
    complain_and_hold(&mut drill, &[1, 2]);
    // Of one trustee, two slots'.
    let mut drill = at_check(|drill, parts| {
        let mut plain = shares(drill, 3, 2);
        plain.swap(3, 4);
        reseal(drill, &mut parts[2], (3, 2), &plain);
    });
    complain_and_hold(&mut drill, &[2]);
}

/// THR-18, THR-22: a polynomial of a higher degree than k - 1 would ask for more than k trustees at the end.
#[test]
fn wrong_degree() {
    // Three coefficients a slot, in the open.
    let longer = |_: &mut Drill, parts: &mut [Body]| {
        let dealing = inner(&mut parts[2]);
        let coefficients = std::mem::take(&mut dealing.coefficients);
        dealing.coefficients =
            coefficients.chunks(2).flat_map(|slot| [slot[0], slot[1], EncodedPoint::encode(&G)]).collect();
    };
    assert_eq!(refused_dealing(longer), "CER-4");
    // Behind the right number of them: 7 (x - 1) (x - 3) more, which trustees 1 and 3 do not see.
    let mut drill = at_check(|drill, parts| {
        for recipient in [1i64, 2, 3] {
            let number = u32::try_from(recipient).unwrap();
            let mut plain = shares(drill, 3, number);
            let share: Scalar = *drill.trustees[2].polynomials[0].evaluate(u64::from(number)).expose();
            let more = 7 * (recipient - 1) * (recipient - 3);
            let magnitude = Scalar::from(more.unsigned_abs());
            plain[0] = if more < 0 { share - magnitude } else { share + magnitude }.to_bytes();
            reseal(drill, &mut parts[2], (3, number), &plain);
        }
    });
    complain_and_hold(&mut drill, &[2]);
}

/// THR-72: somebody else's proof, for keys, constant terms and ephemeral points that are somebody else's, or made of them.
#[test]
fn copied_possession_proof() {
    // In the manifest: trustee 3 stands there with keys of trustee 1, or near them.
    let mut drill = Drill::begin(Options::simple(3));
    let changes: [fn(&mut [protocol::manifest::TrusteeKeys]); 3] = [
        |trustees| trustees[2] = trustees[0].clone(),
        |trustees| trustees[2].possession = trustees[0].possession,
        |trustees| {
            let shifted = EncodedPoint::encode(&(trustees[0].share_key.decode().unwrap() + G));
            trustees[2] = protocol::manifest::TrusteeKeys { share_key: shifted, ..trustees[0].clone() };
        },
    ];
    for change in changes {
        assert_eq!(manifest_refusal(&mut drill, |manifest| change(&mut manifest.trustees)), "MAN-4");
    }
    // In a dealing, before the one that it is copied from is in the record, which blocks nobody.
    let changes: [fn(&mut Dealing, &Dealing); 4] = [
        |own, other| *own = other.clone(),
        |own, other| own.possession = other.possession,
        |own, other| own.boxes[1] = other.boxes[1].clone(),
        |own, other| {
            let shifted = own.coefficients[0].decode().unwrap() + other.coefficients[0].decode().unwrap();
            own.coefficients[0] = EncodedPoint::encode(&shifted);
        },
    ];
    for change in changes {
        let copied = |_: &mut Drill, parts: &mut [Body]| {
            let other = inner(&mut parts[0]).clone();
            change(inner(&mut parts[2]), &other);
        };
        assert_eq!(refused_dealing(copied), "CER-4");
    }
}

/// THR-22, THR-71: a zero where a secret should be. With the identity as ephemeral point its recipient could not even complain (CRY-57).
#[test]
fn identity_coefficients() {
    for place in [0, 1, 9] {
        for point in [EncodedPoint::IDENTITY, EncodedPoint([0xFF; 32])] {
            let changed = |_: &mut Drill, parts: &mut [Body]| inner(&mut parts[2]).coefficients[place] = point;
            assert_eq!(refused_dealing(changed), "CER-4");
        }
    }
    let zero = |drill: &mut Drill, parts: &mut [Body]| {
        let transcript = ephemeral_possession(drill, 3, 1);
        let nothing = SecretScalar::new(Scalar::ZERO);
        // sG = R holds: only the point itself can be refused.
        let possession = *prove_possession(transcript, &[&nothing], &mut drill.rng).unwrap().as_bytes();
        let own = &mut inner(&mut parts[2]).boxes[place(1)];
        (own.ephemeral, own.possession) = (EncodedPoint::IDENTITY, possession);
    };
    assert_eq!(refused_dealing(zero), "CER-4");
}
