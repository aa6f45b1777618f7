//! The record that the formats are tried on.

use crate::{
    Report,
    drill::{Drill, Options, choose_one},
    verify,
};
use jiff::Timestamp;
use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule, Terms},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

pub(super) fn contest(title: &str, kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    Contest::new(title, kind, options.iter().map(ToString::to_string).collect(), blank)
}

/// Twelve contests: one of each kind and form, the last for unit 3 alone. An option is a formula.
pub(super) fn contests() -> Vec<Contest> {
    let three = ["Ada", "Blaise", "=HYPERLINK(\"http://x\")"];
    let list = |name: &str, options, limit| List { name: name.into(), options, limit };
    let question = |title: &str, options, condition| LinkedQuestion {
        title: title.into(),
        options,
        minimum: 1,
        maximum: 1,
        condition,
    };
    let lists = ContestKind::Lists {
        minimum: 0,
        maximum: 2,
        whole: true,
        seats: SeatRule::DHondt,
        lists: vec![list("Hill", 2, 2), list("Dale", 1, 1)],
    };
    let linked = vec![question("Build it?", 2, None), question("Where?", 2, Some(0))];
    vec![
        choose_one("Council", &three),
        contest("Approved", ContestKind::Choose { minimum: 0, maximum: 3 }, &three, true),
        contest("Scores", ContestKind::Score { top: 5 }, &three, false),
        contest("Points", ContestKind::Cumulative { points: 4, most: 3, exactly: false }, &three, true),
        contest("Money", ContestKind::Budget { currency: "EUR".into(), pot: 100, step: 10 }, &three, true),
        contest("Places", ContestKind::Positional { minimum: 1, points: vec![3, 1] }, &three, true),
        contest("Pairs", ContestKind::Pairwise { complete: true, method: CondorcetMethod::Schulze }, &three, true),
        contest("Some", ContestKind::Pairwise { complete: false, method: CondorcetMethod::RankedPairs }, &three, false),
        contest("Park", ContestKind::Question { numerator: 1, denominator: 2 }, &["Yes", "No", "Abstain"], false),
        contest("Lists", lists, &three, true).with_terms(Terms { seats: 2, ..Terms::default() }),
        contest("Hall", ContestKind::Linked { questions: linked }, &["Yes", "No", "East", "West"], true),
        choose_one("Warden", &["Emmy", "Felix"]),
    ]
}

/// What voters of units 1 and 2 mark.
pub(super) fn marks() -> Vec<Selection> {
    vec![
        Selection::Options(vec![0]),
        Selection::Options(vec![0, 2]),
        Selection::Amounts(vec![5, 0, 2]),
        Selection::Amounts(vec![3, 1, 0]),
        Selection::Amounts(vec![60, 30, 0]),
        Selection::Ranking(vec![2, 0]),
        Selection::Ranking(vec![1, 0, 2]),
        Selection::Ranking(vec![1, 0]),
        Selection::Options(vec![0]),
        Selection::List(0),
        Selection::Options(vec![0, 3]),
    ]
}

pub(super) fn blank() -> Vec<Selection> {
    let blank = |(contest, mark): (Contest, Selection)| if contest.blank { Selection::Blank } else { mark };
    contests().into_iter().zip(marks()).map(blank).collect()
}

/// Six voters of unit 1, of whom the first weighs 2 and the last is blank; one of unit 2; two of unit 3. Three are the fewest of a group.
pub(super) fn options() -> Options {
    let mut options = Options::simple(9);
    options.contests = contests();
    let all: Vec<u32> = (0..11).collect();
    options.units = vec![all.clone(), all, vec![0, 11]];
    options.voters = vec![(0, 2), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (1, 1), (2, 1), (2, 1)];
    options.minimum_unit = 3;
    options
}

pub(super) fn marked(voter: usize) -> Vec<Selection> {
    match voter {
        5 => blank(),
        7 | 8 => vec![Selection::Options(vec![1]), Selection::Options(vec![0])],
        _ => marks(),
    }
}

pub(super) fn report(record: &BTreeMap<String, Vec<u8>>) -> Report {
    verify(record, &crate::Options::default(), |_| {}, &mut ChaCha20Rng::seed_from_u64(7))
}

pub(super) static COMPLETE: LazyLock<Report> = LazyLock::new(|| report(&Drill::complete(options(), marked).record()));

/// The same, closed but not decrypted.
pub(super) static CLOSED: LazyLock<Report> = LazyLock::new(|| {
    let mut drill = Drill::opened(options());
    for voter in 0..9 {
        drill.cast(voter, &marked(voter)).unwrap();
    }
    drill.close();
    report(&drill.record())
});

pub(super) fn time() -> Timestamp {
    "2026-11-23T21:00:00Z".parse().unwrap()
}

pub(super) fn document(report: &Report) -> Value {
    serde_json::from_str(&report.nist(time()).unwrap()).unwrap()
}
