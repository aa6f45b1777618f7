use super::*;
use crate::{
    fixture::{Fixture, rng},
    recovery::Sheet,
};
use protocol::ids::EntryHash;

fn states(findings: &[Finding], state: State) -> Vec<&str> {
    findings.iter().filter(|finding| finding.state == state).map(|finding| finding.text.as_str()).collect()
}

fn look(town: &mut Fixture, trustee: usize) -> Vec<Finding> {
    let public = town.election.manifest().trustees[0].clone();
    inspect(&town.trustees[trustee], Some(&public), Some(&town.election), &mut town.rng).unwrap()
}

/// CER-35, from fresh keys to the end.
#[test]
fn a_sound_keystore_is_right_in_every_stage() {
    let mut town = Fixture::new(2, 3, 2);
    let secrets = &town.trustees[0];
    let alone = inspect(secrets, None, None, &mut rng(1)).unwrap();
    assert_eq!(states(&alone, State::Right).len(), 2, "{alone:?}");
    assert_eq!(states(&alone, State::Wrong), Vec::<&str>::new());
    let before = look(&mut town, 0);
    assert!(states(&before, State::Open).contains(&"it has not dealt yet"));
    town.run_ceremony().unwrap();
    let after = look(&mut town, 0);
    assert_eq!(states(&after, State::Wrong), Vec::<&str>::new());
    assert_eq!(states(&after, State::Open), ["it has answered no closing"]);
    assert!(states(&after, State::Right).contains(&"its 3 key shares are those of the joint key"));
    // Nothing that is secret is said.
    let text = serde_json::to_string(&after).unwrap();
    let share = hex::encode(town.trustees[0].accepted.as_ref().unwrap().shares[0].to_bytes().as_slice());
    assert!(!text.contains(&share) && !text.contains(&hex::encode(town.trustees[0].seed.as_bytes())));
    let restored = Sheet::of(&town.trustees[0]).unwrap().secrets().unwrap();
    town.trustees[0] = restored;
    let found = look(&mut town, 0);
    assert_eq!(states(&found, State::Wrong), Vec::<&str>::new());
    assert!(states(&found, State::Open).contains(&"the record has a dealing of this trustee that it does not hold"));
}

#[test]
fn what_is_wrong_is_found() {
    let mut town = Fixture::new(2, 3, 2);
    town.run_ceremony().unwrap();
    let other = look(&mut town, 1);
    assert!(states(&other, State::Wrong)[0].starts_with("its public keys are not those of the public key file"));
    let swapped = town.trustees[1].accepted.take();
    let own = std::mem::replace(&mut town.trustees[0].accepted, swapped);
    let found = look(&mut town, 0);
    let wrong = ["its key shares are not those of the joint key", "a rehearsal of its key shares does not hold"];
    assert_eq!(states(&found, State::Wrong), wrong);
    town.trustees[0].accepted = own;
    town.trustees[0].dealt = None;
    assert!(states(&look(&mut town, 0), State::Wrong)[0].contains("it is an old copy"));
    let stranger = Fixture::new(2, 2, 2);
    let found = inspect(&town.trustees[2], None, Some(&stranger.election), &mut rng(2)).unwrap();
    assert!(states(&found, State::Wrong)[0].contains("does not have this keystore's keys as trustee 3"), "{found:?}");
    town.trustees[2].answered = Some(EntryHash([1; 32]));
    assert!(states(&look(&mut town, 2), State::Open).iter().any(|text| text.contains("this record has none yet")));
}
