//! Small contests of every kind, everything a voter could try to say in them, and what their kinds mean in plain words.

use super::super::*;
use std::collections::BTreeSet;

pub(super) fn contest(kind: ContestKind, options: usize, blank: bool) -> Contest {
    Contest::new("C", kind, (0..options).map(|option| option.to_string()).collect(), blank)
}

/// Every list of `length` values from 0 to `most`.
pub(super) fn tuples(length: usize, most: u32) -> Vec<Vec<u32>> {
    (0..length).fold(vec![Vec::new()], |all, _| {
        all.iter().flat_map(|tuple| (0..=most).map(|value| [tuple.as_slice(), &[value]].concat())).collect()
    })
}

/// Every ordered choice of up to `most` of so many options.
pub(super) fn rankings(options: usize, most: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..most {
        longest = longest
            .iter()
            .flat_map(|ranking: &Vec<usize>| {
                let left = (0..options).filter(|option| !ranking.contains(option));
                left.map(|option| [ranking.as_slice(), &[option]].concat()).collect::<Vec<_>>()
            })
            .collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// Everything a voter could try to say in a small contest, allowed or not.
pub(super) fn attempts(contest: &Contest) -> Vec<Selection> {
    let options = contest.options.len();
    let marks = tuples(options, 1)
        .into_iter()
        .map(|marks| Selection::Options((0..options).filter(|option| marks[*option] == 1).collect()));
    let most = contest.slot_maxima()[0].min(6) as u32 + 1;
    let step = if let ContestKind::Budget { step, .. } = contest.kind { step } else { 1 };
    let amounts = tuples(options, most)
        .into_iter()
        .map(|tuple| Selection::Amounts(tuple.iter().map(|value| value * step).collect()));
    let ranked = rankings(options, options).into_iter().map(Selection::Ranking);
    let lists = (0..4).map(Selection::List);
    marks.chain(amounts).chain(ranked).chain(lists).chain([Selection::Blank]).collect()
}

/// The slot values that some witness of the relation gives: all of them, by trying every witness.
pub(super) fn reachable(contest: &Contest) -> BTreeSet<Vec<u64>> {
    let relation = contest.relation().unwrap();
    let length = relation.witness_len();
    assert!(relation.wide().is_empty() && length <= 22, "{length} bits are too many to try all");
    let witness = |bits: u32| (0..length).map(|place| bits >> place & 1).collect::<Vec<u32>>();
    let holds = (0..1u32 << length).map(witness).filter(|witness| relation.holds(witness));
    holds.map(|witness| relation.values(&witness).unwrap()).collect()
}

/// What the kind means, by a plain reading of it, without its rules.
pub(super) fn allowed(contest: &Contest, selection: &Selection) -> bool {
    let within = |count: usize, minimum: u32, maximum: u32| (minimum as usize..=maximum as usize).contains(&count);
    match (&contest.kind, selection) {
        (_, Selection::Blank) => contest.blank,
        (ContestKind::ChooseOne | ContestKind::Question { .. }, Selection::Options(marked)) => marked.len() == 1,
        (ContestKind::Choose { minimum, maximum }, Selection::Options(marked)) => {
            within(marked.len(), *minimum, *maximum)
        }
        (ContestKind::Score { top }, Selection::Amounts(scores)) => scores.iter().all(|score| score <= top),
        (ContestKind::Cumulative { points, most, exactly }, Selection::Amounts(given)) => {
            let sum: u32 = given.iter().sum();
            given.iter().all(|points| points <= most) && if *exactly { sum == *points } else { sum <= *points }
        }
        (ContestKind::Budget { pot, step, .. }, Selection::Amounts(given)) => {
            given.iter().all(|amount| amount % step == 0) && given.iter().sum::<u32>() <= *pot
        }
        (ContestKind::Positional { minimum, points }, Selection::Ranking(ranking)) => {
            within(ranking.len(), *minimum, points.len() as u32)
        }
        (ContestKind::Pairwise { complete, .. }, Selection::Ranking(ranking)) => {
            !complete || ranking.len() == contest.options.len()
        }
        (ContestKind::Lists { minimum, maximum, lists, .. }, Selection::Options(marked)) => {
            let inside = |range: &std::ops::Range<usize>| marked.iter().filter(|option| range.contains(option)).count();
            within(marked.len(), *minimum, *maximum)
                && contest.parts().iter().zip(lists).all(|(range, list)| inside(range) <= list.limit as usize)
        }
        (ContestKind::Lists { whole, lists, .. }, Selection::List(list)) => *whole && *list < lists.len(),
        (ContestKind::Linked { questions }, Selection::Options(marked)) => {
            contest.parts().iter().zip(questions).all(|(range, question)| {
                let count = marked.iter().filter(|option| range.contains(option)).count();
                match question.condition {
                    Some(condition) if !marked.contains(&(condition as usize)) => count == 0,
                    _ => within(count, question.minimum, question.maximum),
                }
            })
        }
        _ => false,
    }
}

pub(super) fn list(options: u32, limit: u32) -> List {
    List { name: format!("L{options}{limit}"), options, limit }
}

pub(super) fn question(options: u32, minimum: u32, maximum: u32, condition: Option<u32>) -> LinkedQuestion {
    LinkedQuestion { title: format!("Q{options}{minimum}{maximum}{condition:?}"), options, minimum, maximum, condition }
}

/// Small contests of every kind, with limits at both ends.
pub(super) fn small() -> Vec<Contest> {
    let choose = |minimum, maximum| ContestKind::Choose { minimum, maximum };
    let cumulative = |points, most, exactly| ContestKind::Cumulative { points, most, exactly };
    let positional = |minimum, places: u32| ContestKind::Positional { minimum, points: (0..places).rev().collect() };
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    let lists = |minimum, maximum, whole, lists: &[List]| ContestKind::Lists {
        minimum,
        maximum,
        whole,
        seats: SeatRule::Most,
        lists: lists.to_vec(),
    };
    let linked = |questions: &[LinkedQuestion]| ContestKind::Linked { questions: questions.to_vec() };
    let kinds = [
        (ContestKind::ChooseOne, 1),
        (ContestKind::ChooseOne, 4),
        (choose(0, 1), 1),
        (choose(0, 4), 4),
        (choose(1, 3), 4),
        (choose(2, 2), 3),
        (ContestKind::Score { top: 1 }, 2),
        (ContestKind::Score { top: 3 }, 3),
        (ContestKind::Score { top: 5 }, 2),
        (cumulative(4, 4, true), 3),
        (cumulative(4, 2, true), 3),
        (cumulative(5, 5, false), 2),
        (cumulative(3, 2, false), 3),
        (ContestKind::Budget { currency: "EUR".into(), pot: 50, step: 10 }, 3),
        (ContestKind::Budget { currency: "EUR".into(), pot: 1, step: 1 }, 2),
        (positional(0, 1), 3),
        (positional(0, 2), 3),
        (positional(1, 2), 3),
        (positional(2, 2), 3),
        (positional(3, 3), 3),
        (positional(2, 2), 2),
        (positional(0, 2), 2),
        (pairwise(true), 2),
        (pairwise(true), 4),
        (pairwise(false), 2),
        (ContestKind::Question { numerator: 1, denominator: 2 }, 3),
        (lists(0, 4, false, &[list(2, 1), list(2, 2)]), 4),
        (lists(1, 2, true, &[list(2, 1), list(2, 2)]), 4),
        (lists(0, 3, true, &[list(3, 3)]), 3),
        (linked(&[question(2, 1, 1, None), question(2, 1, 1, Some(0))]), 4),
        (linked(&[question(2, 1, 1, None), question(3, 1, 2, Some(1)), question(2, 0, 1, Some(2))]), 7),
    ];
    kinds
        .into_iter()
        .flat_map(|(kind, options)| [false, true].map(|blank| contest(kind.clone(), options, blank)))
        .collect()
}
