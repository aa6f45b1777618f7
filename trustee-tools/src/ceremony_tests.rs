use super::*;
use crate::{authority, fixture::Fixture};
use crypto::{dealing::OpenError, sealed_share::BadShares};
use protocol::{Phase, ids::EntryHash};

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

#[test]
fn a_bad_share_stops_the_ceremony_and_names_the_dealer() {
    let mut town = Fixture::new(2, 3, 2);
    // Trustee 2 spoils its box for trustee 3 before it commits. All that everybody can check of the dealing is right: only the
    // recipient sees it.
    let manifest = town.election.manifest().clone();
    let election = town.election.fingerprint();
    let context = part_context(&election, &manifest, 2, 0);
    let polynomials: Vec<Polynomial> =
        (0..manifest.slot_keys()).map(|_| Polynomial::generate(2, &mut town.rng).unwrap()).collect();
    let mut dealt = deal(&context, &polynomials, &mut town.rng).unwrap();
    dealt.boxes[2].sealed[0] ^= 1;
    let body = Dealing {
        part: 0,
        coefficients: dealt.coefficients,
        possession: *dealt.possession.as_bytes(),
        boxes: dealt
            .boxes
            .into_iter()
            .map(|sealed| ShareBox {
                ephemeral: sealed.ephemeral,
                possession: *sealed.possession.as_bytes(),
                sealed: sealed.sealed.into(),
            })
            .collect(),
    };
    let parts = vec![Body::Dealing(body).encode()];
    town.trustees[1].remember(Note(Memory::Dealt(Dealt { election, parts })));
    let refusal = town.run_ceremony().unwrap_err();
    let fault = OpenError::Bad(BadShares::Authentication);
    assert_eq!(refusal, Refusal::BadDealing { dealer: 2, part: 0, fault });
    assert!(refusal.to_string().starts_with("trustee 2 dealt badly"));
    assert!(!town.election.ceremony().has_confirmed(3));
    assert_eq!(town.election.ceremony().awaited(&manifest), [3]);
}

#[test]
fn an_old_copy_of_the_keystore_is_refused() {
    let mut town = Fixture::new(2, 3, 2);
    let copy = |kept: &TrusteeSecrets| TrusteeSecrets {
        election_id: kept.election_id,
        index: kept.index,
        name: kept.name.clone(),
        signing: crypto::schnorr::SigningKey::from_bytes(&kept.signing.to_bytes()).unwrap(),
        share: SecretScalar::new(*kept.share.expose()),
        dealt: kept.dealt.clone(),
        accepted: None,
        answered: None,
    };
    let before = copy(&town.trustees[0]);
    let Ok(Step::Submit(commitment)) = town.step(1) else { panic!("trustee 1 commits") };
    town.post(commitment);
    let refused = next_step(&town.election, &before, &mut town.rng);
    assert_eq!(refused.unwrap_err(), Refusal::Restored("a dealing"));
    let before = copy(&town.trustees[0]);
    town.run_ceremony().unwrap();
    let refused = next_step(&town.election, &before, &mut town.rng);
    assert_eq!(refused.unwrap_err(), Refusal::Restored("a rehearsal"));
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
