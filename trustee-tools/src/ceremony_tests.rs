use super::*;
use crate::{
    authority,
    fixture::Fixture,
    secrets::{Confirmed, Dealt, Origin},
};
use protocol::{Phase, election::Departure, ids::EntryHash};

#[test]
fn two_of_three_open() {
    let mut town = Fixture::new(2, 3, 3);
    town.run_ceremony().unwrap();
    assert_eq!(town.election.ceremony().stage(), Stage::Ended);
    assert!(matches!(town.step(1), Ok(Step::Done)));
    assert!(!authority::without_spare(&town.election));
    let obstacle = authority::opening(&town.election, &town.authority, &mut town.rng).unwrap_err();
    let expected =
        "the election cannot open: registrar 1 has 1 roll chunks to publish; registrar 2 has 1 roll chunks to publish";
    assert_eq!(obstacle.to_string(), expected);
    town.publish_roll();
    town.open();
    assert_eq!(town.election.phase(), Phase::Voting);
    let again = rehearse(&town.election, &town.trustees[1], &mut town.rng).unwrap();
    town.post(again);
    assert_eq!(town.election.ceremony().rehearsals(2).unwrap().0, 2);
}

#[test]
fn three_of_five_open_without_a_silent_one() {
    let mut town = Fixture::new(3, 5, 2);
    town.publish_roll();
    for index in [1, 2, 3, 5] {
        let Ok(Step::Submit(commitment)) = town.step(index) else { panic!("trustee {index} commits") };
        town.post(commitment);
    }
    let Ok(Step::Wait { stage: Stage::Commit, awaited }) = town.step(1) else { panic!("trustee 1 waits") };
    assert_eq!(awaited, [4]);
    let early = authority::stage_end(&town.election, &town.authority, &[], crate::fixture::NOW, &mut town.rng);
    assert!(matches!(early, Err(authority::Obstacle::NotOverdue { stage: 1, awaited, .. }) if awaited == [4]));
    let late = crate::fixture::NOW + 10;
    let end = authority::stage_end(&town.election, &town.authority, &[], late, &mut town.rng).unwrap();
    town.post(end);
    assert!(matches!(town.step(4), Err(Refusal::Left { trustee: 4, stage: Stage::Commit, .. })));
    for _ in 0..4 {
        for index in [1, 2, 3, 5] {
            if let Step::Submit(submission) = town.step(index).unwrap() {
                town.post(submission);
            }
        }
    }
    assert_eq!(town.election.ceremony().active(), [1, 2, 3, 5]);
    town.open();
    assert_eq!(town.election.phase(), Phase::Voting);
}

/// Has a trustee deal with a box for `recipient` that only its recipient sees to be bad, before it commits.
pub(crate) fn spoil(town: &mut Fixture, dealer: usize, recipient: usize) {
    let number = u32::try_from(dealer).unwrap();
    let (manifest, election) = (town.election.manifest().clone(), town.election.fingerprint());
    let Ok(Step::Store(Note(Memory::Dealt(mut dealt)))) =
        commit(&town.election, &town.trustees[dealer - 1], &mut town.rng)
    else {
        panic!("a dealing")
    };
    let Body::Dealing(mut body) = Body::decode(&dealt.parts[0]).unwrap() else { panic!("a dealing") };
    let sealed: Vec<u8> = body.boxes[recipient - 1].sealed.to_vec();
    body.boxes[recipient - 1].sealed = [&[sealed[0] ^ 1], &sealed[1..]].concat().into();
    dealt.parts[0] = Body::Dealing(body).encode();
    assert_eq!((dealt.election, dealt.parts.len()), (election, manifest.parts()));
    town.trustees[dealer - 1].remember(Note(Memory::Dealt(dealt)));
    assert_eq!(town.trustees[dealer - 1].index(), number);
}

/// The same keys, and nothing remembered.
fn again(kept: &TrusteeSecrets, origin: Origin) -> TrusteeSecrets {
    let seed = crypto::trustee_seed::TrusteeSeed::from_bytes(kept.seed.as_bytes());
    TrusteeSecrets::of(kept.election_id, kept.index, &kept.name, seed, origin).unwrap()
}

/// All take turns until `stage` is reached.
fn run_to(town: &mut Fixture, stage: Stage) {
    while town.election.ceremony().stage() < stage {
        for index in 1..=3 {
            if town.election.ceremony().stage() < stage
                && let Step::Submit(submission) = town.step(index).unwrap()
            {
                town.post(submission);
            }
        }
    }
}

fn body(step: Step) -> Body {
    let Step::Submit(submission) = step else { panic!("a submission, not {step:?}") };
    submission.body().unwrap()
}

/// CER-23, CER-30: the recipient complains, the dealer leaves, and the others go on.
#[test]
fn a_bad_share_is_complained_of_and_the_dealer_leaves() {
    let mut town = Fixture::new(2, 3, 2);
    spoil(&mut town, 2, 3);
    run_to(&mut town, Stage::Check);
    let Step::Submit(complaint) = town.step(3).unwrap() else { panic!("a complaint") };
    assert!(
        matches!(complaint.body().unwrap(), Body::Complaint(complaint) if (complaint.dealer, complaint.part) == (2, 0))
    );
    assert_eq!(town.trustees[2].confirmed(), None, "nothing is confirmed before the complaint is in the record");
    town.post(complaint);
    let Body::CeremonyConfirmation(confirmation) = body(town.step(3).unwrap()) else { panic!("a confirmation") };
    assert_eq!(confirmation.complaints, [2]);
    assert_eq!(town.trustees[2].confirmed().map(|kept| kept.complaints.as_slice()), Some(&[2][..]));
    // The dealer does not notice, and is told.
    for index in [1, 3, 2] {
        let Ok(Step::Submit(submission)) = town.step(index) else { panic!("trustee {index} confirms") };
        town.post(submission);
    }
    let left = town.step(2).unwrap_err();
    assert!(matches!(left, Refusal::Left { trustee: 2, departure: Departure::BadDealing, .. }), "{left}");
    for index in [1, 3] {
        let Ok(Step::Submit(rehearsal)) = town.step(index) else { panic!("trustee {index} rehearses") };
        town.post(rehearsal);
    }
    assert_eq!(town.election.ceremony().active(), [1, 3]);
    town.publish_roll();
    town.open();
    assert_eq!(town.election.phase(), Phase::Voting);
}

/// CER-31: the confirmation was stored, and the complaint before it got lost.
#[test]
fn a_lost_complaint_is_made_anew_before_the_stored_confirmation() {
    let mut town = Fixture::new(2, 3, 2);
    spoil(&mut town, 2, 3);
    run_to(&mut town, Stage::Check);
    let dealings = town.election.ceremony().fingerprint().unwrap();
    let confirmed = Confirmed { dealings, complaints: vec![2] };
    town.trustees[2].remember(Note(Memory::Confirmed(confirmed)));
    let Step::Submit(complaint) = town.step(3).unwrap() else { panic!("a complaint") };
    town.post(complaint);
    let Body::CeremonyConfirmation(confirmation) = body(town.step(3).unwrap()) else { panic!("a confirmation") };
    assert_eq!(confirmation.complaints, [2]);
    // What was confirmed does not fit the record: no other confirmation is made.
    town.trustees[2].confirmed = Some(Confirmed { dealings, complaints: Vec::new() });
    assert_eq!(town.step(3).unwrap_err(), Refusal::OtherComplaints);
    town.trustees[0].confirmed = Some(Confirmed { dealings, complaints: vec![2] });
    assert_eq!(town.step(1).unwrap_err(), Refusal::OtherComplaints, "of whom nothing is bad");
}

/// CER-31: two histories with the same commitments of this trustee and other dealings of somebody else.
#[test]
fn other_dealings_than_were_confirmed_are_refused() {
    let mut town = Fixture::new(2, 3, 2);
    let begun = town.entries.clone();
    run_to(&mut town, Stage::Check);
    let kept = town.election.ceremony().fingerprint().unwrap();
    assert!(matches!(town.step(1), Ok(Step::Submit(_))));
    town.trustees[1].dealt = None;
    town.election = Election::begin(&begun[0]).unwrap();
    town.entries = begun;
    run_to(&mut town, Stage::Check);
    let found = town.election.ceremony().fingerprint().unwrap();
    assert_eq!(town.step(1).unwrap_err(), Refusal::OtherDealings { kept, found });
}

/// A box that this trustee sealed for itself is no ground for a complaint, and a share key that is not the manifest's is none either.
#[test]
fn what_would_be_a_false_complaint_is_not_made() {
    let mut town = Fixture::new(2, 3, 2);
    spoil(&mut town, 3, 3);
    run_to(&mut town, Stage::Check);
    let refused = town.step(3).unwrap_err();
    assert!(matches!(refused, Refusal::BadBox { dealer: 3, part: 0, .. }), "{refused}");
    assert!(matches!(body(town.step(1).unwrap()), Body::CeremonyConfirmation(_)));
    // Asked to complain of a good box, the tool tries it against the fold and sends nothing.
    let refused = checking::complain(&town.election, &town.trustees[0], 2, 0, &mut town.rng).unwrap_err();
    assert_eq!(refused, Refusal::FalseComplaint { dealer: 2, part: 0 });
    town.trustees[0].share = SecretScalar::generate(&mut town.rng).unwrap();
    assert_eq!(town.step(1).unwrap_err(), Refusal::NotThisTrustee(1));
}

#[test]
fn an_old_copy_of_the_keystore_is_refused() {
    let mut town = Fixture::new(2, 3, 2);
    let copy = |kept: &TrusteeSecrets| TrusteeSecrets {
        dealt: kept.dealt.clone(),
        confirmed: kept.confirmed.clone(),
        ..again(kept, Origin::First)
    };
    let before = copy(&town.trustees[0]);
    let Ok(Step::Submit(commitment)) = town.step(1) else { panic!("trustee 1 commits") };
    town.post(commitment);
    let refused = next_step(&town.election, &before, &mut town.rng);
    assert_eq!(refused.unwrap_err(), Refusal::OldCopy("a dealing"));
    run_to(&mut town, Stage::Check);
    let unconfirmed = copy(&town.trustees[0]);
    let Ok(Step::Submit(confirmation)) = town.step(1) else { panic!("trustee 1 confirms") };
    town.post(confirmation);
    let before = copy(&town.trustees[0]);
    let refused = next_step(&town.election, &unconfirmed, &mut town.rng);
    assert_eq!(refused.unwrap_err(), Refusal::OldCopy("a confirmation"));
    town.run_ceremony().unwrap();
    let refused = next_step(&town.election, &before, &mut town.rng);
    assert_eq!(refused.unwrap_err(), Refusal::OldCopy("a rehearsal"));
}

#[test]
fn a_step_told_twice_is_the_same_dealing() {
    let mut town = Fixture::new(2, 3, 2);
    let body = |step: Step| match step {
        Step::Submit(submission) => submission.body_bytes().to_vec(),
        other => panic!("{other:?}"),
    };
    let first = body(town.step(1).unwrap());
    assert_eq!(first, body(town.step(1).unwrap()));
}

#[test]
fn another_election_s_keys_are_refused() {
    let mut town = Fixture::new(2, 3, 2);
    let mut officials = crate::fixture::Officials::generate(3, &mut town.rng);
    let stranger = officials.trustees.remove(0);
    let refused = next_step(&town.election, &stranger, &mut town.rng).unwrap_err();
    assert!(matches!(refused, Refusal::OtherElection { .. }));
    // A second manifest with the same id, as if to make the trustees deal twice.
    let Ok(Step::Submit(_)) = town.step(1) else { panic!("trustee 1 commits") };
    let mut manifest = town.election.manifest().clone();
    manifest.title = "The same, again".to_owned();
    let (_, submission) = authority::announcement(manifest, &town.authority, &mut town.rng).unwrap();
    let zero = EntryHash([0; 32]);
    town.election = Election::begin(&protocol::entry::Entry::new(0, zero, 0, submission)).unwrap();
    assert!(matches!(town.step(1), Err(Refusal::OtherManifest { .. })));
    assert!(matches!(town.step(2), Ok(Step::Submit(_))));
    // Trustee 2's keystore in trustee 1's place.
    town.trustees[1].index = 1;
    assert_eq!(town.step(2).unwrap_err(), Refusal::NotThisTrustee(1));
}

/// CER-34: without its dealing a restored keystore deals no more; in every later stage it does its part from the record.
#[test]
fn a_restored_keystore_does_all_but_deal() {
    let mut town = Fixture::new(2, 3, 2);
    let fresh = again(&town.trustees[0], RESTORED);
    assert_eq!(next_step(&town.election, &fresh, &mut town.rng).unwrap_err(), Refusal::NoDealing);
    run_to(&mut town, Stage::Deal);
    let lost = std::mem::replace(&mut town.trustees[0], fresh);
    assert_eq!(town.step(1).unwrap_err(), Refusal::NoDealing, "committed to, and not at hand");
    // A second keystore that was copied after the dealing posts exactly that.
    let first = body(next_step(&town.election, &lost, &mut town.rng).unwrap());
    town.trustees[0] = lost.into_copy();
    assert_eq!(body(town.step(1).unwrap()), first);
    run_to(&mut town, Stage::Check);
    for stage in [Stage::Check, Stage::Rehearse] {
        town.trustees[0] = again(&town.trustees[0], RESTORED);
        let Ok(Step::Submit(submission)) = town.step(1) else { panic!("its part of stage {stage:?}") };
        town.post(submission);
        run_to(&mut town, if stage == Stage::Check { Stage::Rehearse } else { Stage::Ended });
    }
    assert_eq!(town.election.ceremony().active(), [1, 2, 3]);
    town.trustees[0] = again(&town.trustees[0], RESTORED);
    assert!(rehearse(&town.election, &town.trustees[0], &mut town.rng).is_err(), "it holds no shares yet");
    let store = |_: &TrusteeSecrets| Ok::<(), Refusal>(());
    let rehearsal = rehearse_again(&town.election, &mut town.trustees[0], store, &mut town.rng).unwrap();
    town.post(rehearsal);
    assert_eq!(town.election.ceremony().rehearsals(1).unwrap().0, 2);
    // A restored keystore that holds another dealing than the record's is nobody's.
    let other = Dealt { election: town.election.fingerprint(), parts: vec![vec![1]] };
    town.trustees[0].dealt = Some(other);
    assert_eq!(town.step(1).unwrap_err(), Refusal::OtherDealing);
}

const RESTORED: Origin = Origin::Restored { vouched: false };
