//! The key ceremony, rehearsals and the opening (CER, OPN).

use super::{authority, rule, trustee};
use crypto::{EncodedPoint, SecretScalar};
use protocol::{
    Body, Phase,
    body::{CeremonyConfirmation, Complaint, Dealing, DealingCommitment, Notice, Opening, Rehearsal, StageEnd},
    election::{Departure, Stage},
    ids::{DealingsFingerprint, EntryHash, JointKeyFingerprint, PartHash, RollFingerprint},
};
use vitrine_tests::{Drill, Options, drill::place};

fn dealings(drill: &mut Drill) -> Vec<Vec<Body>> {
    (1..=drill.options.trustees.2).map(|trustee| drill.dealing(trustee)).collect()
}

/// A drill at stage 2, with the dealings that were committed to.
fn at_dealing() -> (Drill, Vec<Vec<Body>>) {
    let mut drill = Drill::begin(Options::simple(3));
    let parts = dealings(&mut drill);
    for trustee in 1..=3 {
        drill.commit(trustee, &parts[place(trustee)]).unwrap();
    }
    (drill, parts)
}

fn post(drill: &mut Drill, who: u32, body: &Body) {
    let submission = drill.by_trustee(who, body);
    drill.apply(submission).unwrap();
}

/// A drill at stage 3, in which dealer `guilty` sealed wrong shares to trustee 1.
fn at_check(guilty: Option<u32>) -> Drill {
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    if let Some(guilty) = guilty {
        // Shares of other polynomials under the old coefficient commitments, each part proved as it should be.
        let mut other = drill.dealing(guilty);
        let (Body::Dealing(right), Body::Dealing(wrong)) = (&mut parts[place(guilty)][0], &mut other[0]) else {
            unreachable!("dealings are dealings")
        };
        right.boxes[0] = wrong.boxes[0].clone();
    }
    for trustee in 1..=3 {
        drill.commit(trustee, &parts[place(trustee)]).unwrap();
    }
    for trustee in 1..=3 {
        post(&mut drill, trustee, &parts[place(trustee)][0]);
    }
    assert_eq!(drill.election.ceremony().stage(), Stage::Check);
    drill
}

pub(super) fn complaint(drill: &mut Drill, complainer: u32, dealer: u32) -> Complaint {
    let Body::Complaint(complaint) = drill.complaint(complainer, dealer) else { unreachable!("a complaint is one") };
    complaint
}

#[test]
fn out_of_stage() {
    let (mut drill, parts) = at_dealing();
    let again = Body::DealingCommitment(DealingCommitment { parts: vec![PartHash([0; 32])] });
    assert_eq!(trustee(&mut drill, 1, again), "CER-1");
    let early = Body::CeremonyConfirmation(CeremonyConfirmation {
        dealings: DealingsFingerprint([0; 32]),
        complaints: Vec::new(),
    });
    assert_eq!(trustee(&mut drill, 1, early), "CER-1");
    post(&mut drill, 1, &parts[0][0]);
    let twice = parts[1][0].clone();
    assert_eq!(trustee(&mut drill, 1, twice), "CER-1");
}

#[test]
fn commitments() {
    let mut drill = Drill::begin(Options::simple(3));
    for parts in [Vec::new(), vec![PartHash([0; 32]); 2]] {
        let body = Body::DealingCommitment(DealingCommitment { parts });
        assert_eq!(trustee(&mut drill, 1, body), "CER-2");
    }
}

#[test]
fn dealings_that_differ() {
    let (mut drill, parts) = at_dealing();
    let other = drill.dealing(1).remove(0);
    assert_eq!(trustee(&mut drill, 1, other), "CER-3");
    // Another's dealing, copied.
    assert_eq!(trustee(&mut drill, 1, parts[1][0].clone()), "CER-3");
}

/// Committed to and posted as committed, yet malformed.
#[test]
fn malformed_dealings() {
    let changes: [fn(&mut Dealing, &Dealing); 9] = [
        |dealing, _| dealing.coefficients.truncate(1),
        |dealing, _| drop(dealing.boxes.pop()),
        |dealing, _| dealing.boxes[0].sealed.truncate(8),
        |dealing, _| dealing.coefficients[1] = EncodedPoint::IDENTITY,
        |dealing, _| dealing.possession[63] ^= 1,
        |dealing, _| dealing.boxes[2].possession[63] ^= 1,
        |dealing, _| dealing.boxes[1] = dealing.boxes[0].clone(),
        // A rogue key: another's constant term, without its possession proof; and with it, copied.
        |dealing, other| dealing.coefficients[0] = other.coefficients[0],
        |dealing, other| {
            dealing.coefficients.clone_from(&other.coefficients);
            dealing.possession = other.possession;
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut drill = Drill::begin(Options::simple(3));
        let mut parts = dealings(&mut drill);
        let Body::Dealing(other) = parts[1][0].clone() else { unreachable!("dealings are dealings") };
        if let Body::Dealing(dealing) = &mut parts[0][0] {
            change(dealing, &other);
        }
        for who in 1..=3 {
            drill.commit(who, &parts[place(who)]).unwrap();
        }
        assert_eq!(trustee(&mut drill, 1, parts[0][0].clone()), "CER-4", "change {number}");
    }
}

/// An ephemeral point of another dealer's box, which would make complaints an oracle.
#[test]
fn repeated_ephemeral_points() {
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = dealings(&mut drill);
    let Body::Dealing(first) = parts[0][0].clone() else { unreachable!("dealings are dealings") };
    if let Body::Dealing(second) = &mut parts[1][0] {
        second.boxes[0] = first.boxes[0].clone();
    }
    for who in 1..=3 {
        drill.commit(who, &parts[place(who)]).unwrap();
    }
    post(&mut drill, 1, &parts[0][0]);
    assert_eq!(trustee(&mut drill, 2, parts[1][0].clone()), "CER-4");
}

#[test]
fn complaints() {
    let mut drill = at_check(Some(3));
    let right = complaint(&mut drill, 1, 3);
    for (dealer, part) in [(1, 0), (4, 0), (0, 0), (3, 1)] {
        let body = Body::Complaint(Complaint { dealer, part, ..right.clone() });
        assert_eq!(trustee(&mut drill, 1, body), "CER-5");
    }
    let mut unproved = right.clone();
    unproved.proof[95] ^= 1;
    assert_eq!(trustee(&mut drill, 1, Body::Complaint(unproved)), "CER-6");
    let mut elsewhere = right.clone();
    elsewhere.shared_point = EncodedPoint::encode(&SecretScalar::generate(&mut drill.rng).unwrap().public());
    assert_eq!(trustee(&mut drill, 1, Body::Complaint(elsewhere)), "CER-6");
    // Another's complaint, copied.
    assert_eq!(trustee(&mut drill, 2, Body::Complaint(right.clone())), "CER-6");
    post(&mut drill, 1, &Body::Complaint(right));
    let again = complaint(&mut drill, 1, 3);
    assert_eq!(trustee(&mut drill, 1, Body::Complaint(again)), "CER-5");
    drill.confirm(1).unwrap();
    let late = complaint(&mut drill, 1, 2);
    assert_eq!(trustee(&mut drill, 1, Body::Complaint(late)), "CER-1");
}

/// The guilty dealer leaves and the election goes on; so does whoever complains falsely.
#[test]
fn verdicts() {
    for (guilty, leaver, departure) in [(Some(3), 3, Departure::BadDealing), (None, 1, Departure::FalseComplaint)] {
        let mut drill = at_check(guilty);
        let body = Body::Complaint(complaint(&mut drill, 1, 3));
        post(&mut drill, 1, &body);
        assert_eq!(drill.election.ceremony().verdicts()[0].upheld, guilty.is_some());
        for who in 1..=3 {
            drill.confirm(who).unwrap();
        }
        let ceremony = drill.election.ceremony();
        assert_eq!(ceremony.departures()[&leaver], (Stage::Check, departure));
        assert_eq!(ceremony.joint_key().unwrap().qualified.len(), 2);
        drill.publish_roll();
        for who in drill.election.joint_key().unwrap().qualified.clone() {
            drill.take_key_shares(who);
            drill.rehearse(who).unwrap();
        }
        drill.open();
    }
}

/// CER-12, CER-13: every complaint is judged by itself. Two cheats accuse each other rightly, one of them also an honest dealer; a liar accuses
/// a cheat of a box that is good; an accused that is silent besides is named as guilty. Whoever is honest stays, and is blamed for nothing.
#[test]
fn verdicts_stand_by_themselves() {
    let mut drill = Drill::begin(Options { trustees: (2, 2, 6), ..Options::simple(2) });
    let mut parts = dealings(&mut drill);
    // Dealers 3 and 4 seal nothing usable for each other, 5 nothing for trustee 1.
    for (cheat, cheated) in [(3, 4), (4, 3), (5, 1)] {
        let mut other = drill.dealing(cheat);
        let (Body::Dealing(right), Body::Dealing(wrong)) = (&mut parts[place(cheat)][0], &mut other[0]) else {
            unreachable!("dealings are dealings")
        };
        right.boxes[place(cheated)] = wrong.boxes[place(cheated)].clone();
    }
    for who in 1..=6 {
        drill.commit(who, &parts[place(who)]).unwrap();
    }
    for who in 1..=6 {
        post(&mut drill, who, &parts[place(who)][0]);
    }
    for (complainer, dealer, upheld) in
        [(3, 4, true), (4, 3, true), (4, 2, false), (6, 5, false), (1, 5, true), (5, 1, false)]
    {
        let body = Body::Complaint(complaint(&mut drill, complainer, dealer));
        post(&mut drill, complainer, &body);
        assert_eq!(drill.election.ceremony().verdicts().last().unwrap().upheld, upheld, "{complainer} of {dealer}");
    }
    for who in [1, 2, 3, 4, 6] {
        drill.confirm(who).unwrap();
    }
    // Dealer 5 hopes to be silent rather than guilty.
    let end = drill.by_authority(&Body::StageEnd(StageEnd { stage: 3, evidence: Vec::new().into() }));
    drill.apply(end).unwrap();
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.joint_key().unwrap().qualified, [1, 2]);
    let why: Vec<_> = ceremony.departures().iter().map(|(who, (_, why))| (*who, *why)).collect();
    let (bad, lie) = (Departure::BadDealing, Departure::FalseComplaint);
    // Of two proofs the later one names the reason.
    assert_eq!(why, [(3, bad), (4, lie), (5, lie), (6, lie)]);
    for who in [1, 2] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    assert_eq!(drill.election.ceremony().active(), [1, 2]);
}

#[test]
fn confirmations() {
    let mut drill = at_check(Some(3));
    let dealings = drill.election.ceremony().fingerprint().unwrap();
    for (dealings, complaints) in [(DealingsFingerprint([0; 32]), Vec::new()), (dealings, vec![3])] {
        let body = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints });
        assert_eq!(trustee(&mut drill, 1, body), "CER-7");
    }
    let body = Body::Complaint(complaint(&mut drill, 1, 3));
    post(&mut drill, 1, &body);
    let silent = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints: Vec::new() });
    assert_eq!(trustee(&mut drill, 1, silent), "CER-7");
}

#[test]
fn stage_ends() {
    let mut drill = Drill::begin(Options::simple(3));
    let end = |stage: u32| Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() });
    assert_eq!(authority(&mut drill, end(2)), "CER-8");
    let evidence = Body::StageEnd(StageEnd { stage: 1, evidence: vec![1].into() });
    assert_eq!(authority(&mut drill, evidence), "CLO-2");
    let parts = dealings(&mut drill);
    drill.commit(1, &parts[0]).unwrap();
    drill.commit(2, &parts[1]).unwrap();
    let submission = drill.by_authority(&end(1));
    drill.apply(submission).unwrap();
    assert_eq!(drill.election.ceremony().departures()[&3], (Stage::Commit, Departure::Silent));
    // Who has left does not come back.
    assert_eq!(rule(drill.commit(3, &parts[2])), "CER-1");
    let submission = drill.by_authority(&end(2));
    drill.apply(submission).unwrap();
    assert_eq!(drill.election.phase(), Phase::Failed);
    assert_eq!(authority(&mut drill, end(3)), "ENT-7");
    let notice = drill.by_authority(&Body::Notice(Notice { text: "we begin again".into() }));
    drill.apply(notice).unwrap();
}

#[test]
fn stage_end_after_the_ceremony() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.run_ceremony();
    assert_eq!(authority(&mut drill, Body::StageEnd(StageEnd { stage: 5, evidence: Vec::new().into() })), "CER-8");
}

#[test]
fn rehearsals() {
    let mut drill = at_check(None);
    for who in 1..=3 {
        drill.confirm(who).unwrap();
        if who == 1 {
            let early = Body::Rehearsal(Rehearsal {
                joint_key: JointKeyFingerprint([0; 32]),
                entry: 0,
                entry_hash: EntryHash([0; 32]),
                proof: [0; 96],
            });
            assert_eq!(trustee(&mut drill, 1, early), "CER-1");
        }
    }
    for who in 1..=3 {
        drill.take_key_shares(who);
    }
    let Body::Rehearsal(right) = drill.rehearsal(1) else { unreachable!("a rehearsal is a rehearsal") };
    let first_entry = drill.entries[0].hash();
    for wrong in [
        Rehearsal { joint_key: JointKeyFingerprint([0; 32]), ..right.clone() },
        Rehearsal { entry_hash: EntryHash([0; 32]), ..right.clone() },
        Rehearsal { entry: right.entry + 1, ..right.clone() },
        // An entry of before the keys existed.
        Rehearsal { entry: 0, entry_hash: first_entry, ..right.clone() },
        Rehearsal { proof: [0; 96], ..right.clone() },
    ] {
        assert_eq!(trustee(&mut drill, 1, Body::Rehearsal(wrong)), "CER-9");
    }
    // Another trustee's rehearsal shows nothing about this one's shares.
    assert_eq!(trustee(&mut drill, 2, Body::Rehearsal(right)), "CER-9");
    for who in 1..=3 {
        drill.rehearse(who).unwrap();
    }
    for _ in 1..16 {
        drill.rehearse(1).unwrap();
    }
    assert_eq!(rule(drill.rehearse(1)), "CER-10");
}

#[test]
fn openings() {
    let mut drill = Drill::begin(Options::simple(3));
    let empty = Opening { joint_key: JointKeyFingerprint([0; 32]), roll: RollFingerprint([0; 32]), active: vec![1, 2] };
    assert_eq!(authority(&mut drill, Body::Opening(empty.clone())), "OPN-1");
    drill.publish_roll();
    assert_eq!(authority(&mut drill, Body::Opening(empty)), "OPN-1");
    drill.run_ceremony();
    let Body::Opening(right) = drill.opening() else { unreachable!("an opening is an opening") };
    for wrong in [
        Opening { joint_key: JointKeyFingerprint([0; 32]), ..right.clone() },
        Opening { roll: RollFingerprint([0; 32]), ..right.clone() },
        Opening { active: vec![1, 2], ..right.clone() },
        Opening { active: vec![3, 2, 1], ..right.clone() },
    ] {
        assert_eq!(authority(&mut drill, Body::Opening(wrong)), "OPN-2");
    }
    drill.open();
}
