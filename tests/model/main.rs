//! CER-48: every ceremony within bounds, in the real fold, with the real trustee's tool: up to four trustees, up to two of them malicious.
//!
//! The default run prints how many states it went through: `cargo test -p vitrine-tests --test model -- --nocapture`. Wider bounds, in
//! some minutes: `cargo test --release -p vitrine-tests --test model -- --ignored --nocapture`.

mod cast;
mod ceremony;
mod honest;
mod message;
mod mutant;
mod observer;
mod scene;
mod table;

use cast::{Bounds, Dealing, bits};
use ceremony::{Ceremony, ENABLED, ENDS, GUILTY_LEAVE, NEARER, NOT_EXCLUDED, NOT_GUILTY, SAME_VERDICT};
use mutant::Mutant;
use stateright::{Checker, Model as _};
use std::{collections::BTreeSet, sync::atomic::Ordering};

/// One malicious trustee of three, who tries everything.
fn three() -> Bounds {
    Bounds {
        trustees: (2, 2, 3),
        malicious: vec![3],
        dealings: vec![
            Dealing::Good,
            Dealing::BadFor(bits([1])),
            Dealing::BadFor(bits([2])),
            Dealing::BadFor(bits([1, 2])),
            Dealing::BadFor(bits([3])),
            Dealing::Unproved,
            Dealing::Stolen,
        ],
        nonsense: true,
        rehearsals: 2,
        witnessed: false,
        late: false,
    }
}

/// Two malicious trustees of four.
fn four() -> Bounds {
    Bounds {
        trustees: (2, 2, 4),
        malicious: vec![3, 4],
        dealings: vec![
            Dealing::Good,
            Dealing::BadFor(bits([1])),
            Dealing::BadFor(bits([2])),
            Dealing::BadFor(bits([1, 2])),
            Dealing::Unproved,
        ],
        nonsense: false,
        rehearsals: 1,
        ..three()
    }
}

/// Goes through every state and says how many there are; every property holds in each.
fn check(bounds: Bounds, sample: u64) -> usize {
    let checker = Ceremony::new(bounds, Mutant::None, Some(sample)).checker().threads(2).spawn_dfs().join();
    let (model, states) = (checker.model(), checker.unique_state_count());
    let bounds = &model.cast.bounds;
    let (decided, looked_up) = model.table.counts();
    let (refused, reread) = (model.refused.load(Ordering::Relaxed), model.reread.load(Ordering::Relaxed));
    println!(
        "{bounds}: {states} states by {} steps, at most {} one after the other; {refused} messages refused; {decided} decided by curve \
         arithmetic and looked up {looked_up} times; {reread} records read again from their bytes",
        checker.state_count(),
        checker.max_depth() - 1,
    );
    checker.assert_properties();
    assert!(reread > 0, "no record was read again");
    states
}

#[test]
fn one_malicious_of_three() {
    check(three(), 20);
}

#[test]
fn one_malicious_of_two() {
    let dealings = vec![Dealing::Good, Dealing::BadFor(bits([1])), Dealing::Unproved];
    check(Bounds { trustees: (1, 1, 2), malicious: vec![2], dealings, ..three() }, 10);
}

/// Where fewer than q are honest the others can make it fail, but not blame anybody for it.
#[test]
fn two_malicious_of_three() {
    let dealings = vec![Dealing::Good, Dealing::BadFor(bits([2])), Dealing::BadFor(bits([1, 2]))];
    check(Bounds { malicious: vec![1, 3], dealings, nonsense: false, rehearsals: 1, ..three() }, 200);
}

/// Time evidence is a witness's: the authority tries to end every stage a second before its deadline, at every point.
#[test]
fn early_stage_ends_under_a_witness() {
    let dealings = vec![Dealing::Good, Dealing::BadFor(bits([1]))];
    check(Bounds { dealings, nonsense: false, rehearsals: 1, witnessed: true, ..three() }, 10);
}

/// Honest trustees that miss a deadline leave, but as silent: nobody can make them guilty.
#[test]
fn honest_trustees_may_be_late() {
    let dealings = vec![Dealing::Good, Dealing::BadFor(bits([1, 2])), Dealing::Unproved];
    check(Bounds { dealings, nonsense: false, rehearsals: 1, late: true, ..three() }, 20);
}

#[test]
fn two_malicious_of_four() {
    let states = check(four(), 1000);
    assert!(states >= 100_000, "{states} states");
}

/// Everything that malicious trustees can think of here, in both kinds of places.
#[test]
#[ignore = "takes minutes: see the head of this file"]
fn two_malicious_of_four_without_restraint() {
    for malicious in [vec![3, 4], vec![1, 3]] {
        let victims: Vec<u32> = (1..=4).filter(|trustee| !malicious.contains(trustee)).collect();
        let bad = [vec![victims[0]], vec![victims[1]], victims, vec![malicious[0]]];
        let dealings = bad.into_iter().map(|set| Dealing::BadFor(bits(set)));
        let dealings = dealings.chain([Dealing::Good, Dealing::Unproved, Dealing::Stolen]).collect();
        check(Bounds { malicious, dealings, ..Bounds { nonsense: true, rehearsals: 2, ..four() } }, 2000);
    }
    check(Bounds { trustees: (2, 3, 4), ..four() }, 1000);
    check(Bounds { late: true, ..four() }, 1000);
    check(Bounds { witnessed: true, ..four() }, 1000);
}

/// The properties that these wrong rules break, each with a shortest story.
fn broken(mutant: Mutant, bounds: Bounds) -> BTreeSet<&'static str> {
    let checker = Ceremony::new(bounds, mutant, None).checker().spawn_bfs().join();
    let found = checker.discoveries().into_iter();
    let found = found.filter(|(name, _)| checker.model().property(name).expectation.discovery_is_failure());
    let mut broken = BTreeSet::new();
    for (name, story) in found {
        println!("{mutant:?} breaks: {name}\n    {:?}", story.into_actions());
        broken.insert(name);
    }
    broken
}

fn assert_broken(mutant: Mutant, expected: &[&'static str]) {
    let dealings = vec![Dealing::Good, Dealing::BadFor(bits([1]))];
    let witnessed = mutant == Mutant::AnyTime;
    let bounds = Bounds { dealings, nonsense: false, rehearsals: 1, witnessed, ..three() };
    assert_eq!(broken(mutant, bounds), expected.iter().copied().collect(), "{mutant:?}");
}

#[test]
fn a_believed_accuser_gives_a_counterexample() {
    assert_broken(Mutant::AccuserBelieved, &[NOT_EXCLUDED, NOT_GUILTY, ENDS]);
}

#[test]
fn a_believed_dealer_gives_a_counterexample() {
    assert_broken(Mutant::DealerBelieved, &[NOT_EXCLUDED, NOT_GUILTY, GUILTY_LEAVE, ENDS]);
}

#[test]
fn a_reader_with_eyes_of_its_own_gives_a_counterexample() {
    assert_broken(Mutant::OwnEyes, &[SAME_VERDICT]);
}

#[test]
fn time_evidence_that_nobody_looks_at_gives_a_counterexample() {
    assert_broken(Mutant::AnyTime, &[NOT_EXCLUDED, ENDS]);
}

#[test]
fn a_second_commitment_gives_a_counterexample() {
    assert_broken(Mutant::SecondCommitment, &[NEARER]);
}

#[test]
fn a_stage_without_end_gives_a_counterexample() {
    assert_broken(Mutant::EndlessStage, &[ENABLED]);
}
