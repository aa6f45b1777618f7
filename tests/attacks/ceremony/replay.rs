//! What the same officials signed in another election, with the same keys (THR-79).

use super::{at_check, bad_for_the_first, complaint_at, confirm, ephemeral, is_held, refused_dealing};
use crate::{authority, rule, trustee};
use protocol::{Body, Submission, body::Rehearsal};
use vitrine_tests::{Drill, Options, drill::place};

/// Another manifest, with the id and all the keys of the drill's.
fn earlier() -> Drill {
    let mut drill = Drill::begin(Options::simple(3));
    drill.remake(|manifest| manifest.title = "The election before".into());
    drill
}

/// THR-79: as it was signed, it has another signature; signed anew by a dishonest author, it has proofs and fingerprints of another F.
#[test]
fn replay_from_another_election() {
    // The election before, with a complaint in it, up to its rehearsals.
    let mut old = earlier();
    let mut dealings = crate::trustees::dealings(&mut old);
    bad_for_the_first(&mut old, &mut dealings);
    crate::trustees::deal_all(&mut old, &dealings).unwrap();
    let own = ephemeral(&old, 3, 0, 1);
    let complaint = Body::Complaint(complaint_at(&mut old, (1, 3, 0), own));
    trustee(&mut old, 1, &complaint).unwrap();
    confirm(&mut old, &[1, 2, 3]);
    is_held(&mut old, &[(3, protocol::election::Stage::Check, protocol::election::Departure::BadDealing)]);
    let retirement = old.retirement();
    old.retire(1).unwrap();
    let sent = |body: &Body| -> Submission {
        let found = old.entries.iter().find(|entry| entry.submission().body_bytes() == body.encode());
        found.expect("it was recorded").submission().clone()
    };
    let find = |wanted: fn(&Body) -> bool| -> Submission {
        let mut submissions = old.entries.iter().map(|entry| entry.submission());
        submissions.rfind(|one| one.body().is_ok_and(|body| wanted(&body))).expect("it was recorded").clone()
    };
    let commitment = find(|body| matches!(body, Body::DealingCommitment(_)));
    let confirmation = find(|body| matches!(body, Body::CeremonyConfirmation(_)));
    let rehearsal = find(|body| matches!(body, Body::Rehearsal(_)));
    let opening = find(|body| matches!(body, Body::Opening(_)));

    // Stage 1. Trustee 3 repeats its commitment in its own name, and then can deal neither the old dealing nor a new one.
    let mut drill = Drill::begin(Options::simple(3));
    assert_eq!(rule(drill.apply(commitment.clone())), "ENT-5");
    trustee(&mut drill, 3, &commitment.body().unwrap()).unwrap();
    let mut fresh = crate::trustees::dealings(&mut drill);
    for who in [1, 2] {
        drill.commit(who, std::slice::from_ref(&fresh[place(who)])).unwrap();
    }
    for dealing in [&dealings[2], &fresh.remove(2)] {
        assert_eq!(rule(trustee(&mut drill, 3, dealing)), "CER-3");
    }
    // Stage 2, committed to as the old dealing: its proofs are of the other F.
    assert_eq!(rule(drill.apply(sent(&dealings[0]))), "ENT-5");
    assert_eq!(refused_dealing(|_, parts| parts[2] = dealings[2].clone()), "CER-4");
    // Stage 3: the old box was bad, the new one is as bad; the point is of the old one.
    let mut drill = at_check(bad_for_the_first);
    assert_eq!(rule(drill.apply(sent(&complaint))), "ENT-5");
    assert_eq!(rule(trustee(&mut drill, 1, &complaint)), "CER-6");
    assert_eq!(rule(drill.apply(confirmation.clone())), "ENT-5");
    assert_eq!(rule(trustee(&mut drill, 2, &confirmation.body().unwrap())), "CER-7");
    let right = drill.complaint(1, 3);
    trustee(&mut drill, 1, &right).unwrap();
    confirm(&mut drill, &[1, 2, 3]);
    // Stage 4: another J; and with the right one, another proof.
    assert_eq!(rule(drill.apply(rehearsal.clone())), "ENT-5");
    let Body::Rehearsal(before) = rehearsal.body().unwrap() else { unreachable!("a rehearsal is a rehearsal") };
    drill.take_key_shares(2);
    let Body::Rehearsal(now) = drill.rehearsal(2) else { unreachable!("a rehearsal is a rehearsal") };
    for replayed in [
        before.clone(),
        Rehearsal { joint_key: now.joint_key, ..before.clone() },
        Rehearsal { joint_key: before.joint_key, ..now.clone() },
        Rehearsal { proof: before.proof, ..now },
    ] {
        assert_eq!(rule(trustee(&mut drill, 2, &Body::Rehearsal(replayed))), "CER-9");
    }
    is_held_after(&mut drill, &opening);
    assert_eq!(rule(trustee(&mut drill, 1, &retirement)), "RET-2");
    assert_eq!(rule(drill.apply(sent(&retirement))), "ENT-5");
    drill.retire(1).unwrap();
}

/// The election is held, after its authority has tried the opening of the other one.
fn is_held_after(drill: &mut Drill, opening: &Submission) {
    drill.publish_roll();
    for who in [1, 2] {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    assert_eq!(rule(drill.apply(opening.clone())), "ENT-5");
    assert_eq!(rule(authority(drill, &opening.body().unwrap())), "OPN-2");
    drill.open();
    drill.cast(0, &crate::option(1)).unwrap();
    drill.close();
    for who in [1, 2] {
        let body = drill.partial(who, 0, 0);
        trustee(drill, who, &body).unwrap();
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.phase(), protocol::Phase::Tallied);
}
