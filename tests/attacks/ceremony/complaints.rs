//! Complaints that are not what they say (THR-74 to THR-76).

use super::{at_check, bad_for_the_first, complaint_at, confirm, end, ephemeral, is_held, reseal, shares};
use crate::{rule, trustee, trustees::inner};
use crypto::EncodedPoint;
use protocol::{
    Body,
    body::{CeremonyConfirmation, Complaint, Dealing, DealingCommitment},
    election::{Departure, Stage},
};
use vitrine_tests::{Drill, Options, drill::choose_one};

/// THR-74: every field of a complaint, altered or made up, by the trustee that has one to make and by the one that has none.
#[test]
fn false_proof() {
    let mut drill = at_check(bad_for_the_first);
    let own = ephemeral(&drill, 3, 0, 1);
    let right = complaint_at(&mut drill, (1, 3, 0), own);
    let foreign = ephemeral(&drill, 1, 0, 2);
    let another = complaint_at(&mut drill, (2, 1, 0), foreign);
    let mut forged = Vec::new();
    for place in [0, 40, 70] {
        let mut one = right.clone();
        one.proof[place] ^= 1;
        forged.push(one);
    }
    forged.push(Complaint { proof: [0; 96], ..right.clone() });
    forged.push(Complaint { proof: another.proof, ..right.clone() });
    forged.push(Complaint { shared_point: EncodedPoint::IDENTITY, ..right.clone() });
    forged.push(Complaint { shared_point: EncodedPoint([0xFF; 32]), ..right.clone() });
    forged.push(Complaint { shared_point: another.shared_point, ..right.clone() });
    for one in forged {
        assert_eq!(rule(trustee(&mut drill, 1, &Body::Complaint(one))), "CER-6");
    }
    // Trustee 3 would get rid of dealer 1 by a point that opens nothing: it is not the point of its key.
    let own = ephemeral(&drill, 1, 0, 3);
    let mut framing = complaint_at(&mut drill, (3, 1, 0), own);
    framing.shared_point = another.shared_point;
    assert_eq!(rule(trustee(&mut drill, 3, &Body::Complaint(framing))), "CER-6");
    assert!(drill.election.ceremony().verdicts().is_empty(), "what is refused is as if it had not been sent");
    trustee(&mut drill, 1, &Body::Complaint(right)).unwrap();
    confirm(&mut drill, &[1, 2, 3]);
    is_held(&mut drill, &[(3, Stage::Check, Departure::BadDealing)]);
}

/// THR-75: the point of another trustee's box, or for another dealer's; another's complaint, word for word.
#[test]
fn anothers_ciphertext() {
    let mut drill = at_check(bad_for_the_first);
    let own = ephemeral(&drill, 3, 0, 1);
    let right = complaint_at(&mut drill, (1, 3, 0), own);
    trustee(&mut drill, 1, &Body::Complaint(right.clone())).unwrap();
    // Trustee 2 repeats what is true of trustee 1's box, and wants it to be said of its own.
    assert_eq!(rule(trustee(&mut drill, 2, &Body::Complaint(right))), "CER-6");
    // Each with a proof that is true, of that box.
    for (dealer, of, recipient) in [(3, 3, 1), (3, 1, 2), (1, 3, 2), (1, 1, 3), (1, 2, 2)] {
        let foreign = ephemeral(&drill, of, 0, recipient);
        let body = Body::Complaint(complaint_at(&mut drill, (2, dealer, 0), foreign));
        assert_eq!(rule(trustee(&mut drill, 2, &body)), "CER-6", "dealer {dealer} for the box of {of} for {recipient}");
    }
    confirm(&mut drill, &[1, 2, 3]);
    is_held(&mut drill, &[(3, Stage::Check, Departure::BadDealing)]);
}

/// THR-76: before stage 3, after one's own confirmation, and after the stage.
#[test]
fn after_the_deadline() {
    let mut early = None;
    let mut drill = at_check(|drill, _| {
        let (dealer, part, shared_point) = (1, 0, drill.trustees[1].signing.public());
        let body = Body::Complaint(Complaint { dealer, part, shared_point, proof: [0; 96] });
        early = Some(rule(trustee(drill, 3, &body)));
    });
    assert_eq!(early, Some("CER-1"));
    confirm(&mut drill, &[3]);
    let late = drill.complaint(3, 1);
    assert_eq!(rule(trustee(&mut drill, 3, &late)), "CER-1", "after its own confirmation");
    confirm(&mut drill, &[1, 2]);
    assert_eq!(drill.election.ceremony().stage(), Stage::Rehearse);
    assert_eq!(rule(trustee(&mut drill, 3, &late)), "CER-1", "after the stage");
    is_held(&mut drill, &[]);
    // Who was silent until the authority ended the stage complains no more, and who complained in time is heard without more words.
    let mut drill = at_check(bad_for_the_first);
    let body = drill.complaint(1, 3);
    trustee(&mut drill, 1, &body).unwrap();
    let late = drill.complaint(3, 2);
    confirm(&mut drill, &[1, 2]);
    end(&mut drill, 3);
    assert_eq!(rule(trustee(&mut drill, 3, &late)), "CER-1");
    is_held(&mut drill, &[(3, Stage::Check, Departure::BadDealing)]);
}

/// More slots than fit one part: dealer 3 posts one part and not the other, where it is told to.
fn two_parts(complete: bool) -> Drill {
    let names: Vec<String> = (1..=340).map(|number| format!("Option {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let options = Options { contests: vec![choose_one("Which one?", &names)], ..Options::simple(1) };
    let mut drill = Drill::begin(options);
    let dealings: Vec<Vec<Body>> = (1..=3).map(|who| drill.dealing(who)).collect();
    for (who, parts) in (1..).zip(&dealings) {
        assert_eq!(parts.len(), 2);
        drill.commit(who, parts).unwrap();
    }
    for (who, parts) in (1..).zip(&dealings) {
        let posted = if complete || who != 3 { &parts[..] } else { &parts[1..] };
        for part in posted {
            trustee(&mut drill, who, part).unwrap();
        }
    }
    if !complete {
        end(&mut drill, 2);
    }
    drill
}

/// THR-76: the same dealer again, in the same words, in others, and of another part; a dealer that has left, of a part that is in the record.
#[test]
fn twice() {
    let mut drill = two_parts(true);
    let false_one = |drill: &mut Drill, dealer, part| {
        let own = ephemeral(drill, dealer, part, 3);
        Body::Complaint(complaint_at(drill, (3, dealer, part), own))
    };
    let first = false_one(&mut drill, 1, 0);
    trustee(&mut drill, 3, &first).unwrap();
    assert_eq!(rule(trustee(&mut drill, 3, &first)), "ENT-6");
    for part in [0, 1] {
        let again = false_one(&mut drill, 1, part);
        assert_eq!(rule(trustee(&mut drill, 3, &again)), "CER-5");
    }
    confirm(&mut drill, &[1, 2, 3]);
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.departures().iter().collect::<Vec<_>>(), [(&3, &(Stage::Check, Departure::FalseComplaint))]);
    assert_eq!(drill.election.joint_key().unwrap().qualified, [1, 2]);

    let mut drill = two_parts(false);
    let own = ephemeral(&drill, 3, 1, 2);
    let body = Body::Complaint(complaint_at(&mut drill, (2, 3, 1), own));
    assert_eq!(rule(trustee(&mut drill, 2, &body)), "CER-5", "there is nothing to judge any more");
    confirm(&mut drill, &[1, 2]);
    let ceremony = drill.election.ceremony();
    assert_eq!(ceremony.departures().iter().collect::<Vec<_>>(), [(&3, &(Stage::Deal, Departure::Silent))]);
    assert_eq!(drill.election.joint_key().unwrap().qualified, [1, 2]);
}

/// THR-76: what a dealer sealed for itself is its own affair. It has no key shares then, which its rehearsal shows.
#[test]
fn against_oneself() {
    let mut drill = at_check(|drill, parts| {
        let plain = shares(drill, 3, 1);
        reseal(drill, &mut parts[2], (3, 3), &plain);
    });
    let body = drill.complaint(3, 3);
    assert_eq!(rule(trustee(&mut drill, 3, &body)), "CER-5");
    confirm(&mut drill, &[1, 2, 3]);
    is_held(&mut drill, &[(3, Stage::Rehearse, Departure::Silent)]);
}

/// THR-74: the last thing before the stage ends, by somebody who says nothing more: nobody has to answer, and the author is named for it.
#[test]
fn false_complaint_and_silence() {
    let mut drill = at_check(|_, _| {});
    confirm(&mut drill, &[1]);
    // Nor is a complaint said to have been made: neither by its author, nor by whom another has complained.
    let dealings = drill.election.ceremony().fingerprint().unwrap();
    let invented = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints: vec![1] });
    assert_eq!(rule(trustee(&mut drill, 2, &invented)), "CER-7");
    let body = drill.complaint(3, 1);
    trustee(&mut drill, 3, &body).unwrap();
    assert_eq!(rule(trustee(&mut drill, 2, &invented)), "CER-7");
    let denied = Body::CeremonyConfirmation(CeremonyConfirmation { dealings, complaints: Vec::new() });
    assert_eq!(rule(trustee(&mut drill, 3, &denied)), "CER-7");
    confirm(&mut drill, &[2]);
    end(&mut drill, 3);
    is_held(&mut drill, &[(3, Stage::Check, Departure::FalseComplaint)]);
}

/// THR-74: two dealers give each other bad shares and complain of each other, so that both are right: both leave, and only they.
#[test]
fn accomplices() {
    let mut drill = Drill::begin(Options { trustees: (2, 2, 4), ..Options::simple(3) });
    let mut parts: Vec<Body> = (1..=4).map(|who| drill.dealing(who).remove(0)).collect();
    for (dealer, recipient, part) in [(3, 4, 2), (4, 3, 3)] {
        let plain = shares(&drill, dealer, 1);
        reseal(&mut drill, &mut parts[part], (dealer, recipient), &plain);
    }
    crate::trustees::deal_all(&mut drill, &parts).unwrap();
    for (complainer, dealer) in [(3, 4), (4, 3), (4, 1)] {
        let body = drill.complaint(complainer, dealer);
        trustee(&mut drill, complainer, &body).unwrap();
    }
    confirm(&mut drill, &[1, 2, 3, 4]);
    let upheld: Vec<bool> = drill.election.ceremony().verdicts().iter().map(|verdict| verdict.upheld).collect();
    assert_eq!(upheld, [true, true, false]);
    let left = drill.election.ceremony().departures();
    assert!(left.keys().copied().eq([3, 4]) && left.values().all(|(stage, _)| *stage == Stage::Check));
    let left: Vec<_> = left.iter().map(|(who, (stage, why))| (*who, *stage, *why)).collect();
    is_held(&mut drill, &left);
}

/// A part is refused before anything is judged by it, and a commitment to nothing too.
#[test]
fn nothing_to_complain_of() {
    let mut drill = Drill::begin(Options::simple(3));
    let empty = Body::DealingCommitment(DealingCommitment { parts: Vec::new() });
    assert_eq!(rule(trustee(&mut drill, 3, &empty)), "CER-2");
    let hollow = Dealing { part: 0, coefficients: Vec::new(), possession: [0; 64], boxes: Vec::new() };
    let mut parts = crate::trustees::dealings(&mut drill);
    *inner(&mut parts[2]) = hollow;
    assert_eq!(rule(crate::trustees::deal_all(&mut drill, &parts)), "CER-4");
}
