//! Elections of every kind of contest at once, with random ballots, weights, units and revotes: the decrypted totals are those of a plain
//! count that knows nothing of slots, bits or proofs, and the record verifies.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use proptest::prelude::*;
use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use std::collections::BTreeMap;
use vitrine_tests::{Drill, Options};

fn named(kind: ContestKind, options: usize, blank: bool) -> Contest {
    Contest::new("C", kind, (0..options).map(|option| format!("Option {option}")).collect(), blank)
}

fn lists(whole: bool) -> ContestKind {
    let list = |name: &str, options, limit| List { name: name.into(), options, limit };
    let lists = vec![list("North", 2, 1), list("South", 3, 2)];
    ContestKind::Lists { minimum: 0, maximum: 3, whole, seats: SeatRule::Most, lists }
}

fn linked() -> ContestKind {
    let question = |title: &str, options, maximum, condition| LinkedQuestion {
        title: title.into(),
        options,
        minimum: 1,
        maximum,
        condition,
    };
    ContestKind::Linked { questions: vec![question("Build?", 2, 1, None), question("Where?", 3, 2, Some(0))] }
}

/// Every kind; the second budget is proved by range proofs.
fn contests() -> Vec<Contest> {
    let budget = |pot, step| ContestKind::Budget { currency: "EUR".into(), pot, step };
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    let positional = |minimum, places| ContestKind::Positional { minimum, points: vec![1; places] };
    let cumulative = |exactly| ContestKind::Cumulative { points: 7, most: 5, exactly };
    vec![
        named(ContestKind::ChooseOne, 4, true),
        named(ContestKind::Choose { minimum: 1, maximum: 3 }, 5, false),
        named(ContestKind::Choose { minimum: 0, maximum: 5 }, 5, true),
        named(ContestKind::Score { top: 5 }, 3, true),
        named(cumulative(true), 3, false),
        named(cumulative(false), 3, true),
        named(budget(500, 50), 3, false),
        named(budget(1 << 25, 1), 3, true),
        named(positional(0, 3), 4, true),
        named(positional(3, 3), 3, false),
        named(pairwise(true), 4, true),
        named(pairwise(false), 4, false),
        named(ContestKind::Question { numerator: 1, denominator: 2 }, 3, false),
        named(lists(false), 5, false),
        named(lists(true), 5, true),
        named(linked(), 5, true),
    ]
}

/// A selection that a contest allows: drawn by hand for each kind, and asked of nobody.
fn drawn(contest: &Contest, rng: &mut StdRng) -> Selection {
    if contest.blank && rng.gen_ratio(1, 6) {
        return Selection::Blank;
    }
    let options = contest.options.len();
    let mut order: Vec<usize> = (0..options).collect();
    order.shuffle(rng);
    let some = |order: &[usize], minimum: usize, maximum: usize, rng: &mut StdRng| -> Vec<usize> {
        order[..rng.gen_range(minimum..=maximum)].to_vec()
    };
    let spread = |total: u32, most: u32, step: u32, exactly: bool, rng: &mut StdRng| {
        let mut amounts = vec![0u32; options];
        let mut left = total / step;
        for option in &order {
            let amount = rng.gen_range(0..=left.min(most / step));
            amounts[*option] = amount * step;
            left -= amount;
        }
        for amount in amounts.iter_mut().filter(|_| exactly) {
            let more = left.min((most - *amount) / step);
            *amount += more * step;
            left -= more;
        }
        Selection::Amounts(amounts)
    };
    match &contest.kind {
        ContestKind::ChooseOne | ContestKind::Question { .. } => Selection::Options(vec![order[0]]),
        ContestKind::Choose { minimum, maximum } => {
            Selection::Options(some(&order, *minimum as usize, *maximum as usize, rng))
        }
        ContestKind::Score { top } => Selection::Amounts((0..options).map(|_| rng.gen_range(0..=*top)).collect()),
        ContestKind::Cumulative { points, most, exactly } => spread(*points, *most, 1, *exactly, rng),
        ContestKind::Budget { pot, step, .. } => spread(*pot, *pot, *step, false, rng),
        ContestKind::Positional { minimum, points } => {
            Selection::Ranking(some(&order, *minimum as usize, points.len(), rng))
        }
        ContestKind::Pairwise { complete: true, .. } => Selection::Ranking(order),
        ContestKind::Pairwise { complete: false, .. } => Selection::Ranking(some(&order, 0, options, rng)),
        ContestKind::Lists { whole: true, lists, .. } if rng.gen_ratio(1, 3) => {
            Selection::List(rng.gen_range(0..lists.len()))
        }
        // One of the first list's two at most, two of the second's three at most.
        ContestKind::Lists { .. } => {
            let mut marked = some(&[0, 1], 0, 1, rng);
            order.retain(|option| *option > 1);
            marked.extend(some(&order, 0, 2, rng));
            Selection::Options(marked)
        }
        // Yes, and one or two places; or no.
        ContestKind::Linked { .. } => {
            if rng.gen_bool(0.5) {
                return Selection::Options(vec![1]);
            }
            order.retain(|option| *option > 1);
            Selection::Options([vec![0], some(&order, 1, 2, rng)].concat())
        }
    }
}

/// What a ballot says, as facts with names, each with a number: the plain reading of a selection.
fn facts(contest: &Contest, selection: &Selection) -> Vec<(String, u64)> {
    let name = |option: usize| contest.options[option].clone();
    match (selection, &contest.kind) {
        (Selection::Blank, _) => vec![("blank".into(), 1)],
        (Selection::Options(marked), _) => marked.iter().map(|option| (name(*option), 1)).collect(),
        (Selection::List(list), ContestKind::Lists { lists, .. }) => vec![(format!("list {}", lists[*list].name), 1)],
        (Selection::Amounts(amounts), kind) => {
            let step = if let ContestKind::Budget { step, .. } = kind { *step } else { 1 };
            amounts.iter().enumerate().map(|(option, amount)| (name(option), u64::from(amount / step))).collect()
        }
        (Selection::Ranking(ranking), ContestKind::Positional { .. }) => (1..)
            .zip(ranking)
            .map(|(place, option): (u32, _)| (format!("{}, place {place}", name(*option)), 1))
            .collect(),
        (Selection::Ranking(ranking), _) => {
            let unranked = (0..contest.options.len()).filter(|option| !ranking.contains(option));
            let beaten = |place: usize| ranking[place + 1..].iter().copied().chain(unranked.clone());
            let pairs = ranking.iter().enumerate();
            pairs
                .flat_map(|(place, a)| beaten(place).map(move |b| (*a, b)))
                .map(|(a, b)| (format!("{} before {}", name(a), name(b)), 1))
                .collect()
        }
        _ => panic!("drawn for another kind"),
    }
}

/// The plain count: for each tally group and named fact the sum of weight times number.
fn plain(contest: &Contest, ballots: &[(u64, &Selection)]) -> BTreeMap<String, u64> {
    let mut totals = BTreeMap::new();
    for (weight, selection) in ballots {
        for (fact, number) in facts(contest, selection) {
            *totals.entry(fact).or_insert(0) += weight * number;
        }
    }
    totals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// TAL-5, TAL-11, BAL-50 to BAL-60: what trustees decrypt is what voters meant.
    #[test]
    fn totals_are_those_of_a_plain_count(seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let contests = contests();
        let all: Vec<u32> = (0..u32::try_from(contests.len()).unwrap()).collect();
        let units = vec![all.clone(), all.iter().copied().filter(|contest| contest % 3 != 1).collect::<Vec<u32>>()];
        let voters: Vec<(u32, u32)> = (0..6).map(|voter| (voter % 2, rng.gen_range(1..4))).collect();
        let options = Options { contests: contests.clone(), units: units.clone(), voters: voters.clone(), ..Options::simple(0) };
        let mut drill = Drill::opened(options);
        let mut counted: Vec<BTreeMap<u32, Selection>> = vec![BTreeMap::new(); voters.len()];
        // Everybody votes, the first two again.
        for voter in (0..voters.len()).chain([0, 1]) {
            let style = &units[voters[voter].0 as usize];
            let selections: Vec<Selection> = style.iter().map(|contest| drawn(&contests[*contest as usize], &mut rng)).collect();
            drill.cast(voter, &selections).unwrap();
            counted[voter] = style.iter().copied().zip(selections).collect();
        }
        drill.close();
        drill.tally();
        let mut results = 0;
        for (index, contest) in all.iter().zip(&contests) {
            let names = contest.slot_names();
            for group in drill.election.groups(*index) {
                let ballots: Vec<(u64, &Selection)> = (0..voters.len())
                    .filter(|voter| group.units.contains(&voters[*voter].0))
                    .map(|voter| (u64::from(voters[voter].1), &counted[voter][index]))
                    .collect();
                let mut expected = plain(contest, &ballots);
                for (name, total) in names.iter().zip(group.totals().unwrap()) {
                    // Of a complete comparison only one direction of each pair is a slot.
                    prop_assert_eq!(*total, expected.remove(name).unwrap_or(0), "{} of {:?}", name, contest);
                }
                if !matches!(contest.kind, ContestKind::Pairwise { complete: true, .. }) {
                    prop_assert!(expected.values().all(|total| *total == 0), "{:?} has no slot in {:?}", expected, contest);
                }
                results += 1;
            }
        }
        prop_assert!(results > contests.len());
        let files = drill.record();
        let report = verifier::verify(&files, &verifier::Options::default(), |_| {}, &mut rng);
        prop_assert!(matches!(report.verdict, verifier::Verdict::Valid), "{}", report.headline);
    }
}

/// Approval of 20 options with a blank: the sealed contest has 1,728 bytes, and the whole entry at most 2.1 KiB.
#[test]
fn an_approval_of_twenty_is_small() {
    let approval = named(ContestKind::Choose { minimum: 0, maximum: 20 }, 20, true);
    let mut drill = Drill::opened(Options { contests: vec![approval], ..Options::simple(1) });
    let entry = drill.cast(0, &[Selection::Options(vec![0, 7, 19])]).unwrap();
    let bytes = drill.entries[usize::try_from(entry).unwrap()].encode();
    assert!(bytes.len() <= 2150, "{}", bytes.len());
}
