use super::*;
use crate::{
    authority,
    ceremony::{Step, rehearse, tests::spoil},
    decryption::tests::{cast, settle},
    fixture::{Fixture, NOW},
    retirement::retire,
    secrets::Origin,
};
use protocol::election::Stage;

fn situation(town: &Fixture, index: u32, now: Minutes) -> Situation {
    let place = usize::try_from(index).unwrap() - 1;
    Situation::of(&town.election, &town.trustees[place], now)
}

/// Takes the step of each of these.
fn step(town: &mut Fixture, trustees: &[u32]) {
    for index in trustees {
        assert_eq!(situation(town, *index, NOW).task, Task::Step, "trustee {index}");
        let Ok(Step::Submit(submission)) = town.step(*index) else { panic!("trustee {index}") };
        town.post(submission);
    }
}

fn end_stage(town: &mut Fixture, late: Minutes) {
    let end = authority::stage_end(&town.election, &town.authority, &[], NOW + late, &mut town.rng).unwrap();
    town.post(end);
}

fn close(town: &mut Fixture) {
    let closing = authority::closing(&town.election, &town.authority, NOW + 110, &mut town.rng).unwrap();
    town.post(closing);
}

/// CER-38: in each stage a trustee whose turn it is has a step, with its time and what the rules do to who does nothing.
#[test]
fn every_stage_says_what_to_do_by_when_and_what_else() {
    let mut town = Fixture::new(2, 3, 2);
    for (stage, what) in [(1, "Promise"), (2, "Hand out"), (3, "Check"), (4, "Rehearse")] {
        let told = situation(&town, 2, NOW);
        assert_eq!((&told.task, told.stage, told.phase), (&Task::Step, stage, "setup"));
        assert!(told.advice.starts_with(what), "{}", told.advice);
        assert_eq!(told.by.as_ref().unwrap().minute, NOW + 10 * u64::from(stage));
        let otherwise = told.otherwise.unwrap();
        assert!(otherwise.contains("all 2 others must go on without you: not one"), "{otherwise}");
        assert!(otherwise.contains(&format!("by {}", wording::utc(NOW + 10 * u64::from(stage)))), "{otherwise}");
        // Whoever is done waits, and is told for whom.
        step(&mut town, &[2]);
        let told = situation(&town, 2, NOW);
        assert_eq!((&told.task, &told.otherwise), (&Task::Wait, &None));
        assert!(told.advice.contains("waits for trustee 1 (Trustee 1) and trustee 3 (Trustee 3)"), "{}", told.advice);
        assert!(told.happened.iter().any(|sentence| sentence.starts_with("You have promised")), "{:?}", told.happened);
        let late = situation(&town, 2, NOW + 100);
        assert!(late.advice.contains("Their time was over"), "{}", late.advice);
        step(&mut town, &[1, 3]);
    }
    assert_eq!(town.election.ceremony().stage(), Stage::Ended);
    let told = situation(&town, 2, NOW);
    assert_eq!(told.task, Task::Wait);
    assert!(told.advice.contains("announced for 1970-01-01 17:30 UTC (in 50 minutes)"), "{}", told.advice);
    assert!(told.happened[0].contains("shown that your share of the key works (entry "), "{:?}", told.happened);
}

#[test]
fn with_more_trustees_some_may_stay_away() {
    let town = Fixture::new(2, 5, 2);
    let otherwise = situation(&town, 4, NOW).otherwise.unwrap();
    assert!(otherwise.contains("at least 2 of the 4 others must go on without you"), "{otherwise}");
}

/// CER-13, CER-14: who was left out is told so, and one more would end it for all.
#[test]
fn who_is_left_out_is_told_and_so_is_who_may_not_be() {
    let mut town = Fixture::new(2, 3, 2);
    step(&mut town, &[1, 3]);
    let late = situation(&town, 2, NOW + 11);
    assert!(late.by.unwrap().late);
    assert!(late.otherwise.unwrap().starts_with("The time was over at 1970-01-01 16:50 UTC: as long as"));
    end_stage(&mut town, 10);
    let left = situation(&town, 2, NOW + 12);
    assert_eq!(left.task, Task::Nothing);
    assert!(left.advice.contains("You take no further part") && left.advice.contains("that promise clears you"));
    assert!(left.advice.contains("goes on with trustee 1 (Trustee 1) and trustee 3"), "{}", left.advice);
    let needed = situation(&town, 1, NOW + 12);
    assert!(needed.happened[0].starts_with("Trustee 2 (Trustee 2) takes no further part: its part of step 1"));
    assert!(needed.otherwise.unwrap().contains("the whole ceremony would fail"));
    step(&mut town, &[1]);
    end_stage(&mut town, 20);
    for index in 1..=3 {
        let failed = situation(&town, index, NOW + 21);
        assert_eq!((failed.task, failed.phase), (Task::Retire, "failed"));
        let reason = "The key ceremony has failed: after step 2 of 4 (handing out) only 1 of 3 trustees were left, and this election needs at least 2 \
                      to go on.";
        assert_eq!(failed.happened.last().unwrap(), reason);
        assert!(failed.advice.contains("vitrine authority again"), "{}", failed.advice);
    }
}

#[test]
fn while_people_vote_a_trustee_may_rehearse_once_more() {
    let mut town = Fixture::new(2, 3, 2);
    town.run_ceremony().unwrap();
    town.publish_roll();
    town.open();
    let told = situation(&town, 1, NOW);
    assert_eq!((told.task, told.phase), (Task::Rehearse, "voting"));
    assert_eq!(told.by.unwrap().minute, NOW + 100);
    let again = rehearse(&town.election, &town.trustees[0], &mut town.rng).unwrap();
    town.post(again);
    let told = situation(&town, 1, NOW);
    assert_eq!(told.task, Task::Wait);
    assert!(told.advice.contains("Voting ends at 1970-01-01 18:20 UTC (in 1 hour 40 minutes)"), "{}", told.advice);
}

#[test]
fn nothing_is_done_with_keys_that_do_not_fit() {
    let mut town = Fixture::new(2, 3, 2);
    let mut others = crate::fixture::Officials::generate(3, &mut town.rng);
    let stranger = others.trustees.remove(0);
    let told = Situation::of(&town.election, &stranger, NOW);
    assert!(matches!(told.task, Task::ReadAndDecide { refusal: Refusal::OtherElection { .. } }));
    assert!(told.advice.starts_with("Do nothing with this keystore in this election. These keys were made for"));
    town.trustees[1].index = 1;
    let told = situation(&town, 2, NOW);
    assert!(matches!(told.task, Task::ReadAndDecide { refusal: Refusal::NotThisTrustee(1) }));
    town.trustees[1].index = 2;
    // The record is further than the keystore.
    step(&mut town, &[1]);
    town.trustees[0].dealt = None;
    let told = situation(&town, 1, NOW);
    assert!(matches!(told.task, Task::ReadAndDecide { refusal: Refusal::OldCopy(_) }));
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["task"]["kind"], "read-and-decide");
    assert!(json["task"]["refusal"].as_str().unwrap().contains("old copy"));
    assert!(told.to_string().contains("\nStop: something is wrong\n  Do nothing before this is explained."));
}

/// After the closing; nobody voted, so that there is nothing to decrypt and all is over at once. RET-1, CER-37.
#[test]
fn when_all_is_over_a_trustee_retires() {
    let mut town = Fixture::new(2, 3, 2);
    town.run_ceremony().unwrap();
    town.publish_roll();
    town.open();
    close(&mut town);
    let told = situation(&town, 1, NOW + 120);
    assert_eq!((told.task, told.phase), (Task::Retire, "tallied"));
    assert_eq!(told.happened.last().unwrap(), "The results are published; there was nothing to decrypt.");
    assert!(told.otherwise.unwrap().contains("as long as 2 trustees keep their shares"));
    let retired = retire(&town.election, &town.trustees[0], &mut town.rng).unwrap();
    let kept = KeptTrustee::Retired(retired.clone());
    let unsent = Situation::of_kept(&town.election, &kept, NOW);
    assert_eq!((unsent.task, unsent.trustee, unsent.name.as_str()), (Task::Retire, 1, "Trustee 1"));
    assert!(unsent.advice.contains("the record does not say so yet"), "{}", unsent.advice);
    let statement = retired.unsent(&town.election).unwrap().unwrap();
    town.post(statement);
    let told = Situation::of_kept(&town.election, &kept, NOW);
    assert_eq!(told.task, Task::Nothing);
    assert!(told.happened.last().unwrap().starts_with("You have retired (entry "), "{:?}", told.happened);
    // Another copy of the same keystore is to be destroyed too.
    let copy = situation(&town, 1, NOW);
    assert_eq!(copy.task, Task::Retire);
    assert!(copy.happened.last().unwrap().contains("still holds its secrets"), "{:?}", copy.happened);
    let elsewhere = Situation::of_kept(&Fixture::new(2, 4, 2).election, &kept, NOW);
    assert!(matches!(elsewhere.task, Task::ReadAndDecide { refusal: Refusal::OtherManifest { .. } }));
}

/// CER-34: a keystore of a recovery sheet makes no polynomial, and its owner is told before the tool refuses.
#[test]
fn a_restored_keystore_does_not_deal() {
    let mut town = Fixture::new(2, 3, 2);
    town.trustees[1].origin = Origin::Restored { vouched: false };
    let told = situation(&town, 2, NOW);
    assert!(matches!(told.task, Task::ReadAndDecide { refusal: Refusal::NoDealing }));
    assert_eq!(situation(&town, 1, NOW).task, Task::Step);
}

/// CER-13: who dealt badly is named to everybody, itself included, and does not count among those who go on.
#[test]
fn the_verdict_on_a_bad_dealer_is_told_to_all() {
    let mut town = Fixture::new(2, 4, 2);
    spoil(&mut town, 2, 3);
    step(&mut town, &[1, 2, 3, 4]);
    step(&mut town, &[1, 2, 3, 4]);
    step(&mut town, &[3]);
    let told = situation(&town, 1, NOW);
    let verdict = "Trustee 3 (Trustee 3) complained of trustee 2 (Trustee 2) (entry 9). The record proves the complaint right: trustee 2 (Trustee 2) handed out \
                   a wrong piece.";
    assert_eq!(told.happened[0], verdict);
    assert!(told.otherwise.unwrap().contains("all 2 others must go on without you"), "trustee 2 is out in any case");
    step(&mut town, &[3, 1, 2, 4]);
    let left = situation(&town, 2, NOW);
    assert_eq!(left.task, Task::Nothing);
    assert!(
        left.advice
            .contains("a piece of the key that your keystore handed out is wrong, and the record proves it (entry 13)"),
        "{}",
        left.advice
    );
    assert!(
        left.advice.ends_with("goes on with trustee 1 (Trustee 1), trustee 3 (Trustee 3) and trustee 4 (Trustee 4).")
    );
}

/// CER-25, CER-34: the closing is answered once, with keys that nobody else may have answered with.
#[test]
fn after_the_closing_a_trustee_decrypts() {
    let mut town = Fixture::new(2, 3, 2);
    town.run_ceremony().unwrap();
    cast(&mut town, &[Some(0), Some(1)]);
    close(&mut town);
    settle(&mut town);
    let told = situation(&town, 1, NOW);
    assert_eq!((told.task, told.phase), (Task::Decrypt, "closed"));
    assert!(
        told.otherwise.unwrap().starts_with("0 of 2 needed have helped so far. If you do not, the others can still")
    );
    assert!(!told.advice.contains("restored"));
    let origin = std::mem::replace(&mut town.trustees[0].origin, Origin::Restored { vouched: false });
    assert!(situation(&town, 1, NOW).advice.contains("This keystore was restored: you will be asked"));
    town.trustees[0].origin = origin;
    for index in [1u32, 3] {
        let place = usize::try_from(index).unwrap() - 1;
        let secrets = &mut town.trustees[place];
        let step = crate::decryption::advance(&town.election, secrets, |_| Ok::<_, Refusal>(()), &mut town.rng);
        let Ok(Step::Submit(partial)) = step else { panic!("trustee {index}") };
        town.post(partial);
        let told = situation(&town, index, NOW);
        assert_eq!(told.task, Task::Wait);
        let expected = if index == 1 { "1 more trustee must help" } else { "There are enough now" };
        assert!(told.advice.contains(expected), "{}", told.advice);
    }
    let told = situation(&town, 2, NOW);
    assert_eq!(told.otherwise.unwrap(), "Nothing is lost: 2 trustees have helped already, which is enough.");
    // Another closing was answered elsewhere.
    town.trustees[1].answered = Some(protocol::ids::EntryHash([9; 32]));
    let told = situation(&town, 2, NOW);
    assert!(matches!(told.task, Task::ReadAndDecide { refusal: Refusal::SecondClosing { .. } }));
}

#[test]
fn a_situation_is_a_page_of_plain_text() {
    let town = Fixture::new(2, 3, 2);
    let text = situation(&town, 3, NOW).to_string();
    let headings: Vec<&str> = text.lines().filter(|line| !line.starts_with("  ") && !line.is_empty()).collect();
    assert_eq!(
        headings,
        ["A small election", "You are trustee 3 (Trustee 3).", "What you do now", "By when", "If you do not"]
    );
    assert!(text.lines().all(|line| line.chars().count() <= 90), "{text}");
}
