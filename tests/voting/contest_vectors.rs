//! Frozen vectors of chapter 05b (`specs/vectors/contests.json`): contests of every kind as bytes, what they compile to, selections with
//! their witnesses, refused selections, and contests that no manifest may hold.
//!
//! `cargo test -p vitrine-tests --test voting -- --ignored regenerate_contests` writes the file anew; its diff is for a person to read.

use protocol::{
    Contest, ContestKind, Selection, cbor,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Share, Terms, TieRule},
};
use serde_json::{Value, json};
use std::path::PathBuf;
use vitrine_tests::random_contests::selection_json;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/contests.json")
}

fn named(kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    Contest::new("T", kind, options.iter().map(|option| (*option).to_owned()).collect(), blank)
}

fn marked(options: &[usize]) -> Selection {
    Selection::Options(options.to_vec())
}

fn amounts(amounts: &[u32]) -> Selection {
    Selection::Amounts(amounts.to_vec())
}

fn ranked(options: &[usize]) -> Selection {
    Selection::Ranking(options.to_vec())
}

fn budget(pot: u32, step: u32) -> ContestKind {
    ContestKind::Budget { currency: "EUR".into(), pot, step }
}

fn pairwise(complete: bool) -> ContestKind {
    ContestKind::Pairwise { complete, method: CondorcetMethod::RankedPairs }
}

fn lists(minimum: u32, whole: bool, limit: u32) -> ContestKind {
    let lists =
        vec![List { name: "North".into(), options: 2, limit }, List { name: "South".into(), options: 2, limit: 2 }];
    ContestKind::Lists { minimum, maximum: 2, whole, seats: SeatRule::SainteLague, lists }
}

fn linked() -> ContestKind {
    let question = |title: &str, options, minimum, maximum, condition| LinkedQuestion {
        title: title.into(),
        options,
        minimum,
        maximum,
        condition,
    };
    ContestKind::Linked { questions: vec![question("Build?", 2, 1, 1, None), question("Where?", 2, 1, 2, Some(0))] }
}

/// A contest, selections that it allows, and selections that it refuses.
type Example = (Contest, Vec<Selection>, Vec<Selection>);

/// Every kind of BAL-51 to BAL-60, with bounds at both ends.
fn examples() -> Vec<Example> {
    let four: &[&str] = &["A", "B", "C", "D"];
    let three: &[&str] = &["Ada", "Blaise", "Cleo"];
    let cumulative = |points, most, exactly| ContestKind::Cumulative { points, most, exactly };
    let positional = |minimum, points: &[u32]| ContestKind::Positional { minimum, points: points.to_vec() };
    let blank = || Selection::Blank;
    let terms = Terms {
        seats: 2,
        ties: TieRule::Lot,
        order: DisplayOrder::Shuffled,
        share: Share { numerator: 1, denominator: 10 },
    };
    vec![
        (
            named(ContestKind::ChooseOne, four, true).with_terms(terms),
            vec![marked(&[1]), blank()],
            vec![marked(&[0, 1])],
        ),
        (
            named(ContestKind::Question { numerator: 1, denominator: 2 }, &["yes", "no", "abstain"], false),
            vec![marked(&[2])],
            vec![blank(), marked(&[])],
        ),
        (
            named(ContestKind::Score { top: 5 }, three, true),
            vec![amounts(&[5, 0, 3]), blank()],
            vec![amounts(&[6, 0, 0])],
        ),
        (named(ContestKind::Score { top: 5 }, three, false), vec![amounts(&[0, 0, 0])], vec![amounts(&[1, 1])]),
        (named(cumulative(4, 3, true), three, true), vec![amounts(&[3, 1, 0]), blank()], vec![amounts(&[3, 0, 0])]),
        (
            named(cumulative(4, 4, false), three, false),
            vec![amounts(&[4, 0, 0]), amounts(&[0; 3])],
            vec![amounts(&[4, 1, 0])],
        ),
        (
            named(cumulative(u32::MAX, u32::MAX, true), three, true),
            vec![amounts(&[u32::MAX, 0, 0]), blank()],
            vec![amounts(&[1, 0, 0])],
        ),
        (
            named(budget(50, 10), three, false),
            vec![amounts(&[30, 20, 0])],
            vec![amounts(&[30, 30, 0]), amounts(&[5, 0, 0])],
        ),
        (
            named(budget(u32::MAX, 1), three, true),
            vec![amounts(&[1, 2, 3]), amounts(&[0, u32::MAX, 0]), blank()],
            vec![amounts(&[1, u32::MAX, 0])],
        ),
        (
            named(positional(0, &[2, 1]), three, true),
            vec![ranked(&[2]), ranked(&[1, 0]), ranked(&[]), blank()],
            vec![ranked(&[0, 0])],
        ),
        (
            named(positional(1, &[3, 2, 1]), three, false),
            vec![ranked(&[2]), ranked(&[2, 0, 1])],
            vec![ranked(&[]), blank()],
        ),
        (named(positional(3, &[2, 1, 0]), three, true), vec![ranked(&[1, 2, 0]), blank()], vec![ranked(&[1, 2])]),
        (named(pairwise(true), three, true), vec![ranked(&[2, 0, 1]), blank()], vec![ranked(&[2, 0])]),
        (
            named(pairwise(false), three, true),
            vec![ranked(&[2, 0]), ranked(&[1]), ranked(&[]), blank()],
            vec![ranked(&[1, 1])],
        ),
        (
            named(lists(0, false, 1), four, false),
            vec![marked(&[0, 2]), marked(&[])],
            vec![marked(&[0, 1]), Selection::List(0)],
        ),
        (
            named(lists(1, true, 2), four, true),
            vec![Selection::List(1), marked(&[3]), blank()],
            vec![marked(&[]), Selection::List(2)],
        ),
        (
            named(linked(), &["yes", "no", "here", "there"], true),
            vec![marked(&[0, 2, 3]), marked(&[1]), blank()],
            vec![marked(&[1, 2])],
        ),
    ]
}

/// Contests that no manifest may hold, with the rule that refuses each.
fn refused() -> Vec<(Contest, &'static str)> {
    let three: &[&str] = &["A", "B", "C"];
    let named = |kind| named(kind, three, false);
    vec![
        (Contest { terms: Some(Terms::default()), ..named(ContestKind::ChooseOne) }, "MAN-20"),
        (named(ContestKind::ChooseOne).with_terms(Terms { seats: 4, ..Terms::default() }), "MAN-20"),
        (named(budget(50, 10)).with_terms(Terms { seats: 0, ..Terms::default() }), "MAN-20"),
        (named(ContestKind::Score { top: 0 }), "MAN-21"),
        (named(budget(55, 10)), "MAN-21"),
        (named(ContestKind::Positional { minimum: 0, points: vec![1; 4] }), "MAN-21"),
        (named(ContestKind::Question { numerator: 2, denominator: 2 }), "MAN-21"),
        (named(lists(0, false, 1)), "MAN-22"),
        (named(linked()), "MAN-22"),
        (named(budget(u32::MAX, 1)), "MAN-7"),
    ]
}

fn example_json((contest, allowed, refused): &Example) -> Value {
    let relation = contest.relation().unwrap();
    let rules: Vec<Value> = relation
        .rules()
        .iter()
        .map(|rule| json!({ "coefficients": rule.coefficients, "target": rule.target }))
        .collect();
    let selections: Vec<Value> = allowed
        .iter()
        .map(|selection| {
            let witness = contest.witness(selection).unwrap();
            let values = relation.values(&witness).unwrap();
            json!({ "selection": selection_json(selection), "witness": *witness, "values": values })
        })
        .collect();
    assert!(refused.iter().all(|selection| contest.witness(selection).is_err()));
    json!({
        "contest": hex::encode(cbor::encode(contest)),
        "rule": contest.rule_in_words(),
        "slots": contest.slots(), "slot_maxima": contest.slot_maxima(),
        "witness": relation.witness_len(), "wide": relation.wide(), "weights": relation.weights(), "rules": rules,
        "sealed_length": relation.sealed_len(),
        "selections": selections,
        "refused_selections": refused.iter().map(selection_json).collect::<Vec<_>>(),
    })
}

fn made() -> Value {
    json!({
        "contests": examples().iter().map(example_json).collect::<Vec<_>>(),
        "refused_contests": refused()
            .iter()
            .map(|(contest, rule)| json!({ "contest": hex::encode(cbor::encode(contest)), "rule": rule }))
            .collect::<Vec<_>>(),
    })
}

#[test]
#[ignore = "writes specs/vectors/contests.json"]
fn regenerate_contests() {
    std::fs::write(path(), serde_json::to_string_pretty(&made()).unwrap() + "\n").unwrap();
}

/// BAL-50 to BAL-61: the file is what the program compiles, and its bytes are read back to the same contests.
#[test]
fn contests_are_those_of_the_vectors() {
    let vectors: Value = serde_json::from_slice(&std::fs::read(path()).unwrap()).unwrap();
    assert_eq!(vectors, made());
    for ((contest, allowed, _), given) in examples().iter().zip(vectors["contests"].as_array().unwrap()) {
        let bytes = hex::decode(given["contest"].as_str().unwrap()).unwrap();
        assert_eq!(cbor::decode::<Contest>(&bytes, "contest").as_ref(), Ok(contest));
        for selection in allowed {
            let witness = contest.witness(selection).unwrap();
            let values = contest.relation().unwrap().values(&witness).unwrap();
            let back = contest.selection_of(&values).unwrap();
            assert!(back == *selection || matches!(back, Selection::Ranking(_)));
        }
    }
}
