//! CER-48: every ceremony within bounds, in the real fold, with the real trustee's tool: up to four trustees, up to two of them malicious.
//!
//! The default run prints how many states it went through: `cargo test -p vitrine-tests --test model -- --nocapture`. Wider bounds, in
//! some minutes: `cargo test --release -p vitrine-tests --test model -- --ignored --nocapture`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a broken builder should stop the test where it broke; the numbers of states are there to be read"
)]

mod attempts;
mod cast;
mod ceremony;
mod honest;
mod message;
mod mutant;
mod observer;
mod properties;
mod scene;
mod table;

use cast::{Bounds, Dealing, bits};
use ceremony::Ceremony;
use mutant::Mutant;
use properties::{ENABLED, ENDS, GUILTY_LEAVE, NEARER, NOT_EXCLUDED, NOT_GUILTY, REFUSED, SAME_VERDICT};
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

/// All that malicious trustees can think of here, also what no rule ever takes; in other places than before.
#[test]
#[ignore = "takes minutes: see the head of this file"]
fn two_malicious_of_four_without_restraint() {
    let bad = [bits([2]), bits([2, 4]), bits([3])].map(Dealing::BadFor);
    let dealings = [Dealing::Good, Dealing::Unproved, Dealing::Stolen].into_iter().chain(bad).collect();
    check(Bounds { malicious: vec![1, 3], dealings, nonsense: true, ..four() }, 1000);
}

/// With two honest trustees and q = 3 the others can make it fail, and blame nobody.
#[test]
#[ignore = "takes minutes: see the head of this file"]
fn two_malicious_of_four_and_three_are_needed() {
    check(Bounds { trustees: (2, 3, 4), ..four() }, 1000);
}

#[test]
#[ignore = "takes minutes: see the head of this file"]
fn two_malicious_of_four_under_a_witness() {
    check(Bounds { witnessed: true, ..four() }, 1000);
}

#[test]
#[ignore = "takes minutes: see the head of this file"]
fn two_malicious_of_four_and_the_others_late() {
    check(Bounds { late: true, ..four() }, 1000);
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
    assert_broken(Mutant::AnyTime, &[NOT_EXCLUDED, ENDS, REFUSED]);
}

#[test]
fn a_second_commitment_gives_a_counterexample() {
    assert_broken(Mutant::SecondCommitment, &[NEARER]);
}

#[test]
fn a_stage_without_end_gives_a_counterexample() {
    assert_broken(Mutant::EndlessStage, &[ENABLED]);
}
