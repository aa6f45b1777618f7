//! Every kind of contest against provers that know all slot secrets: each of its rules broken alone, and positions that are no bits.

use crate::{cheating::Forgery, rule, voter};
use crypto::relation::Relation;
use protocol::{
    Body, Contest, ContestKind, Selection,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule},
    election::prove_batch,
};
use std::collections::BTreeMap;
use vitrine_tests::{Drill, Options};

fn named(kind: ContestKind, options: usize, blank: bool) -> Contest {
    Contest::new("C", kind, (0..options).map(|option| format!("Option {option}")).collect(), blank)
}

/// One small contest of every kind, with an allowed selection.
fn contests() -> Vec<(Contest, Selection)> {
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    let positional = |minimum, places| ContestKind::Positional { minimum, points: vec![1; places] };
    let cumulative = |exactly| ContestKind::Cumulative { points: 3, most: 2, exactly };
    let lists = [("North", 2, 1), ("South", 2, 2)]
        .map(|(name, options, limit)| List { name: name.into(), options, limit })
        .to_vec();
    let question = |title: &str, maximum, condition| LinkedQuestion {
        title: title.into(),
        options: 2,
        minimum: 1,
        maximum,
        condition,
    };
    let linked = vec![question("Build?", 1, None), question("Where?", 2, Some(0))];
    let marked = |options: &[usize]| Selection::Options(options.to_vec());
    let ranked = |options: &[usize]| Selection::Ranking(options.to_vec());
    vec![
        (named(ContestKind::ChooseOne, 3, true), marked(&[1])),
        (named(ContestKind::Choose { minimum: 1, maximum: 2 }, 3, true), marked(&[0, 2])),
        (named(ContestKind::Score { top: 3 }, 2, true), Selection::Amounts(vec![3, 1])),
        (named(cumulative(true), 2, true), Selection::Amounts(vec![2, 1])),
        (named(cumulative(false), 2, false), Selection::Amounts(vec![0, 1])),
        (
            named(ContestKind::Budget { currency: "EUR".into(), pot: 50, step: 10 }, 2, true),
            Selection::Amounts(vec![20, 30]),
        ),
        (named(positional(0, 2), 2, true), ranked(&[1])),
        (named(positional(1, 2), 3, false), ranked(&[2])),
        (named(positional(2, 2), 2, true), ranked(&[1, 0])),
        (named(pairwise(true), 3, true), ranked(&[2, 0, 1])),
        (named(pairwise(false), 3, false), ranked(&[2])),
        (named(ContestKind::Question { numerator: 1, denominator: 2 }, 3, false), marked(&[0])),
        (
            named(ContestKind::Lists { minimum: 1, maximum: 2, whole: true, seats: SeatRule::Most, lists }, 4, true),
            Selection::List(0),
        ),
        (named(ContestKind::Linked { questions: linked }, 4, true), marked(&[0, 3])),
    ]
}

fn broken(relation: &Relation, witness: &[i64]) -> Vec<usize> {
    let sum = |row: &[(usize, i64)]| row.iter().map(|(place, factor)| factor * witness[*place]).sum::<i64>();
    let rules = relation.rules().iter().enumerate();
    rules.filter(|(_, rule)| sum(&rule.coefficients) != rule.target).map(|(place, _)| place).collect()
}

/// For each rule a witness of bits that breaks it and as few others as can be. Found by flipping bits of the allowed one, up to three
/// at a time.
fn violations(relation: &Relation, allowed: &[i64]) -> BTreeMap<usize, (usize, Vec<i64>)> {
    let length = allowed.len();
    let flipped = |places: &[usize]| {
        let mut witness = allowed.to_vec();
        places.iter().for_each(|place| witness[*place] = 1 - witness[*place]);
        witness
    };
    let mut found: BTreeMap<usize, (usize, Vec<i64>)> = BTreeMap::new();
    for first in 0..length {
        for second in first..length {
            for third in second..length {
                let mut places = vec![first, second, third];
                places.dedup();
                let witness = flipped(&places);
                let rules = broken(relation, &witness);
                for rule in &rules {
                    if found.get(rule).is_none_or(|(others, _)| *others > rules.len()) {
                        found.insert(*rule, (rules.len(), witness.clone()));
                    }
                }
            }
        }
    }
    found
}

/// THR-87: ballot-proof's negative test 6 for every kind. All other contests of the ballot are honest, and the same prover is accepted
/// with an allowed witness.
#[test]
fn each_rule_of_each_kind_broken_alone() {
    let (contests, selections): (Vec<Contest>, Vec<Selection>) = contests().into_iter().unzip();
    let options = Options {
        units: vec![(0..u32::try_from(contests.len()).unwrap()).collect()],
        contests: contests.clone(),
        ..Options::simple(3)
    };
    let mut drill = Drill::opened(options);
    let (honest, _) = drill.seal(0, &selections);
    let mut forged = 0;
    for (place, (contest, selection)) in contests.iter().zip(&selections).enumerate() {
        let relation = contest.relation().unwrap();
        let allowed: Vec<i64> = contest.witness(selection).unwrap().iter().map(|bit| i64::from(*bit)).collect();
        let mut wishes: Vec<(String, Vec<i64>)> = Vec::new();
        let violations = violations(&relation, &allowed);
        // In a complete ranking the rows of the matrix have the same sum as its columns: no witness breaks one rule alone, two break.
        let rows_and_columns = matches!(&contest.kind, ContestKind::Positional { minimum: 2, .. });
        let fewest = if rows_and_columns { 2 } else { 1 };
        let reached: Vec<(usize, usize)> = violations.iter().map(|(rule, (broken, _))| (*rule, *broken)).collect();
        assert_eq!(reached, (0..relation.rules_len()).map(|rule| (rule, fewest)).collect::<Vec<_>>(), "{contest:?}");
        wishes.extend(violations.into_iter().map(|(rule, (_, witness))| (format!("rule {rule}"), witness)));
        // No bits, where the rules hold all the same or not.
        for (at, value) in (0..allowed.len()).flat_map(|at| [2, -1].map(|value| (at, value))).step_by(3) {
            let mut witness = allowed.clone();
            witness[at] = value;
            wishes.push((format!("position {at} is {value}"), witness));
        }
        let index = u32::try_from(place).unwrap();
        for (what, witness) in wishes {
            let mut ballot = honest.clone();
            ballot.contests[place] = Forgery::in_contest(&drill, 0, index, &witness).prove(&mut drill.rng).into();
            let body = Body::Ballot(ballot);
            let submission = drill.by_voter(0, &body);
            let examined = vec![drill.election.examine(&submission).unwrap()];
            let proven = prove_batch(examined, drill.election.bases(), &mut drill.rng);
            let refused = proven[0].as_ref().err().map(|refusal| refusal.rule().id());
            assert_eq!(refused, Some("BAL-4"), "{what} of {contest:?}");
            forged += 1;
        }
        let mut ballot = honest.clone();
        ballot.contests[place] = Forgery::in_contest(&drill, 0, index, &allowed).prove(&mut drill.rng).into();
        let submission = drill.by_voter(0, &Body::Ballot(ballot));
        let examined = vec![drill.election.examine(&submission).unwrap()];
        assert!(prove_batch(examined, drill.election.bases(), &mut drill.rng)[0].is_ok(), "{contest:?}");
    }
    assert!(forged > 100, "{forged}");
    // One of them through the fold itself, alone.
    let mut ballot = honest;
    ballot.contests[0] = Forgery::in_contest(&drill, 0, 0, &[1, 1, 0, 0]).prove(&mut drill.rng).into();
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-4");
}
