//! Trustees in the ceremony (THR-18, THR-19, THR-22, THR-25).

use crate::{authority, option, rule, trustee};
use crypto::{
    EncodedPoint, Scalar, SecretScalar,
    dealing::{OpenError, deal, open_shares},
    group::G,
    joint_key::JointKeyError,
    sealed_share::BadShares,
    shamir::Polynomial,
};
use protocol::{
    Body, Phase, Submission,
    body::{Dealing, StageEnd},
    election::{CeremonyFailure, Departure, Stage, dealing_part, part_context},
};
use vitrine_tests::{
    Drill, Options,
    drill::{dealing_body, place},
};

/// Every trustee's dealing, one part each.
pub(crate) fn dealings(drill: &mut Drill) -> Vec<Body> {
    (1..=3).map(|who| drill.dealing(who).remove(0)).collect()
}

/// A dealing of chosen polynomials.
fn dealing_of(drill: &mut Drill, dealer: u32, polynomials: &[Polynomial]) -> Body {
    let context = part_context(&drill.election.fingerprint(), drill.election.manifest(), dealer, 0);
    let dealt = deal(&context, polynomials, &mut drill.rng).unwrap();
    Body::Dealing(dealing_body(0, &dealt))
}

/// Of each slot the constant term and the top coefficient.
fn polynomials(coefficients: [[i64; 2]; 5]) -> Vec<Polynomial> {
    let secret = |value: i64| {
        let magnitude = Scalar::from(value.unsigned_abs());
        SecretScalar::new(if value < 0 { -magnitude } else { magnitude })
    };
    coefficients.into_iter().map(|row| Polynomial::from_coefficients(row.map(secret).into())).collect()
}

/// Stages 1 and 2 with these dealings; the first refusal of stage 2, if any.
pub(crate) fn deal_all(drill: &mut Drill, dealings: &[Body]) -> Result<(), protocol::Rejection> {
    for (who, dealing) in (1..).zip(dealings) {
        drill.commit(who, std::slice::from_ref(dealing)).unwrap();
    }
    for (who, dealing) in (1..).zip(dealings) {
        trustee(drill, who, dealing)?;
    }
    Ok(())
}

pub(crate) fn inner(body: &mut Body) -> &mut Dealing {
    let Body::Dealing(dealing) = body else { unreachable!("a dealing is a dealing") };
    dealing
}

/// THR-18: trustee 1 sees it before it confirms, shows everybody, and the election is held without the dealer.
#[test]
fn bad_share() {
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    let mut other = drill.dealing(3).remove(0);
    inner(&mut parts[2]).boxes[0] = inner(&mut other).boxes[0].clone();
    deal_all(&mut drill, &parts).unwrap();

    let context = part_context(&drill.election.fingerprint(), drill.election.manifest(), 3, 0);
    let posted = dealing_part(drill.election.ceremony().dealing(3, 0).unwrap());
    let opened = open_shares(&context, 1, &drill.trustees[0].share, &posted);
    assert_eq!(opened.unwrap_err(), OpenError::Bad(BadShares::Mismatch { slot: 0 }));
    let body = drill.complaint(1, 3);
    trustee(&mut drill, 1, &body).unwrap();
    // The dealer complains of its accuser in turn: falsely, as anyone can compute.
    let body = drill.complaint(3, 1);
    trustee(&mut drill, 3, &body).unwrap();
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.verdicts().iter().map(|verdict| verdict.upheld).collect::<Vec<_>>(), [true, false]);
    assert_eq!(ceremony.remaining().iter().copied().collect::<Vec<_>>(), [1, 2]);
    let (stage, departure) = ceremony.departures()[&3];
    assert!(stage == Stage::Check && departure != Departure::Silent, "dealer 3 is named");
    drill.publish_roll();
    for who in [1, 2] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    drill.open();
    drill.cast(0, &option(1)).unwrap();
    drill.close();
    for who in [1, 2] {
        let body = drill.partial(who, 0, 0);
        trustee(&mut drill, who, &body).unwrap();
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.phase(), Phase::Tallied);
}

/// THR-19: a dealer that moves last may only post what it committed to first; and the key it would have to know is not its own.
#[test]
fn rogue_key() {
    // Dealer 3 sees two dealings, and then wants another one than it committed to.
    let mut drill = Drill::begin(Options::simple(3));
    let parts = dealings(&mut drill);
    for (who, part) in (1..).zip(&parts) {
        drill.commit(who, std::slice::from_ref(part)).unwrap();
    }
    for who in [1, 2] {
        trustee(&mut drill, who, &parts[place(who)]).unwrap();
    }
    let better = drill.dealing(3).remove(0);
    assert_eq!(rule(trustee(&mut drill, 3, &better)), "CER-3");

    // It was told the others' dealings beforehand, so that it could commit to what follows from them.
    type Change = fn(&mut Dealing, &[Dealing]);
    let changes: [(&str, Change); 4] = [
        ("slot 1 shall have the key G, which everybody knows", |own, others| {
            let constants = others.iter().map(|other| other.coefficients[0].decode().unwrap());
            own.coefficients[0] = EncodedPoint::encode(&(G - constants.sum::<crypto::Point>()));
        }),
        ("slot 2 shall have the key of slot 1", |own, others| {
            let difference = |dealing: &Dealing| {
                dealing.coefficients[0].decode().unwrap() - dealing.coefficients[2].decode().unwrap()
            };
            let all: crypto::Point = others.iter().chain([&*own]).map(difference).sum();
            own.coefficients[2] = EncodedPoint::encode(&(own.coefficients[2].decode().unwrap() + all));
        }),
        ("another's dealing, whole", |own, others| *own = others[0].clone()),
        ("another's constant terms and their proof", |own, others| {
            own.coefficients.clone_from(&others[0].coefficients);
            own.possession = others[0].possession;
        }),
    ];
    for (wish, change) in changes {
        let mut drill = Drill::begin(Options::simple(3));
        let mut parts = dealings(&mut drill);
        let others: Vec<Dealing> = parts[..2].iter_mut().map(|part| inner(part).clone()).collect();
        change(inner(&mut parts[2]), &others);
        assert_eq!(rule(deal_all(&mut drill, &parts)), "CER-4", "{wish}");
        assert!(drill.election.joint_key().is_none());
    }

    // All dealers together can do it, and everybody sees that they did.
    let alike = || polynomials([[3, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
    let repeated = failure([alike(), alike(), alike()]);
    assert_eq!(repeated, Some(CeremonyFailure::Keys(JointKeyError::RepeatedKey { slot: 1 })));
    let cancelling = |first| polynomials([[first, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
    let identity = failure([cancelling(1), cancelling(1), cancelling(-2)]);
    assert_eq!(identity, Some(CeremonyFailure::Keys(JointKeyError::IdentityKey { slot: 0 })));
}

/// How the ceremony ends with these three dealings.
fn failure(dealt: [Vec<Polynomial>; 3]) -> Option<CeremonyFailure> {
    let mut drill = Drill::begin(Options::simple(3));
    let parts: Vec<Body> =
        (1..).zip(&dealt).map(|(who, polynomials)| dealing_of(&mut drill, who, polynomials)).collect();
    deal_all(&mut drill, &parts).unwrap();
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    assert_eq!(drill.election.phase(), Phase::Failed);
    drill.election.ceremony().failure().cloned()
}

/// THR-22: k = 2 coefficients each, none of them zero, and a sum that is not zero either.
#[test]
fn lowered_threshold() {
    let slots = |last| polynomials([[11, 1], [12, 2], [13, 3], [14, 4], [15, last]]);
    // One dealer's own polynomial is constant: its share is its secret.
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    parts[0] = dealing_of(&mut drill, 1, &slots(0));
    assert_eq!(rule(deal_all(&mut drill, &parts)), "CER-4");
    // It leaves the top coefficients out.
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    inner(&mut parts[0]).coefficients.truncate(5);
    assert_eq!(rule(deal_all(&mut drill, &parts)), "CER-4");
    // Three dealers agree on polynomials whose top coefficients add up to zero in slot 5.
    let lowered = failure([slots(5), slots(7), slots(-12)]);
    assert_eq!(lowered, Some(CeremonyFailure::Keys(JointKeyError::LoweredThreshold { slot: 4 })));
}

/// THR-25: who has not rehearsed is not active, and the opening names exactly the active ones.
#[test]
fn opening_without_rehearsal() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.publish_roll();
    let parts = dealings(&mut drill);
    deal_all(&mut drill, &parts).unwrap();
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    for who in [1, 2] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    let mut hopeful = drill.opening();
    if let Body::Opening(opening) = &mut hopeful {
        opening.active = vec![1, 2, 3];
    }
    assert_eq!(rule(authority(&mut drill, &hopeful)), "OPN-1");
    // Trustee 3 lost its keystore, and rehearses with key shares of its own making.
    let Body::Rehearsal(mut borrowed) = drill.rehearsal(1) else { unreachable!("a rehearsal is a rehearsal") };
    assert_eq!(rule(trustee(&mut drill, 3, &Body::Rehearsal(borrowed.clone()))), "CER-9");
    borrowed.proof = [0; 96];
    assert_eq!(rule(trustee(&mut drill, 3, &Body::Rehearsal(borrowed))), "CER-9");
    let end = Body::StageEnd(StageEnd { stage: 4, evidence: Vec::new().into() });
    authority(&mut drill, &end).unwrap();
    assert_eq!(rule(authority(&mut drill, &hopeful)), "OPN-2");
    drill.open();
    drill.cast(0, &option(3)).unwrap();
    drill.close();
    let body = drill.partial(1, 0, 0);
    assert_eq!(rule(trustee(&mut drill, 3, &body)), "TAL-1");
}
