//! Random contests of every kind, all within the rules of the manifest, and what they compile to: for a verifier in another language.

use crate::kinds::any_selection;
use protocol::{
    Contest, ContestKind, Selection, cbor,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule},
};
use rand::Rng;
use serde_json::{Value, json};

/// A number from 1 on, as likely small as large.
fn up_to_bits<R: Rng>(bits: u32, rng: &mut R) -> u32 {
    let bits = rng.gen_range(0..=bits);
    rng.gen_range(1..=1 << bits)
}

/// A random contest.
pub fn any_contest<R: Rng>(rng: &mut R) -> Contest {
    let (number, options) = (rng.gen_range(0..10), rng.gen_range(1..=7u32));
    let least = |number: u32| options.max(number);
    let (kind, options) = match number {
        0 => (ContestKind::ChooseOne, options),
        1 => {
            let maximum = rng.gen_range(1..=options);
            (ContestKind::Choose { minimum: rng.gen_range(0..=maximum), maximum }, options)
        }
        2 => (ContestKind::Score { top: up_to_bits(9, rng) }, options),
        3 => {
            let (most, exactly) = (up_to_bits(27, rng), rng.r#gen());
            let reach = if exactly { most * options } else { u32::MAX };
            let points = if rng.r#gen() { most } else { rng.gen_range(most..=reach) };
            (ContestKind::Cumulative { points, most, exactly }, options)
        }
        4 => {
            let step = rng.gen_range(1..=1000u32);
            let steps = up_to_bits(31, rng).min(u32::MAX / step);
            let pot = step * steps;
            (ContestKind::Budget { currency: "EUR".into(), pot, step }, options)
        }
        5 => {
            let places = rng.gen_range(1..=options);
            let points = (0..places).map(|_| rng.gen_range(0..10)).collect();
            (ContestKind::Positional { minimum: rng.gen_range(0..=places), points }, options)
        }
        6 => (ContestKind::Pairwise { complete: rng.r#gen(), method: CondorcetMethod::Schulze }, least(2)),
        7 => (ContestKind::Question { numerator: 1, denominator: rng.gen_range(2..=1_000_000) }, 3),
        8 => any_lists(rng),
        _ => any_questions(rng),
    };
    Contest::new("Any", kind, (0..options).map(|option| format!("Option {option}")).collect(), rng.r#gen())
}

fn any_lists<R: Rng>(rng: &mut R) -> (ContestKind, u32) {
    let mut lists = Vec::new();
    for number in 0..rng.gen_range(1..=3) {
        let options = rng.gen_range(1..=3);
        lists.push(List { name: format!("List {number}"), options, limit: rng.gen_range(1..=options) });
    }
    let options = lists.iter().map(|list| list.options).sum();
    let whole = rng.r#gen();
    let longest = lists.iter().map(|list| list.options).max().unwrap();
    let maximum = rng.gen_range(if whole { longest } else { 1 }..=options);
    // No more than the limits of all lists allow, so that there is something to choose besides a whole list.
    let reach: u32 = lists.iter().map(|list| list.limit).sum();
    let minimum = rng.gen_range(0..=maximum.min(reach));
    (ContestKind::Lists { minimum, maximum, whole, seats: SeatRule::DHondt, lists }, options)
}

fn any_questions<R: Rng>(rng: &mut R) -> (ContestKind, u32) {
    let (mut questions, mut first) = (Vec::new(), 0);
    for number in 0..rng.gen_range(1..=4) {
        let options = rng.gen_range(1..=3);
        let maximum = rng.gen_range(1..=options);
        let condition = (first > 0 && rng.r#gen()).then(|| rng.gen_range(0..first));
        let minimum = rng.gen_range(0..=maximum);
        questions.push(LinkedQuestion { title: format!("Question {number}"), options, minimum, maximum, condition });
        first += options;
    }
    (ContestKind::Linked { questions }, first)
}

/// A selection as the vectors write it.
pub fn selection_json(selection: &Selection) -> Value {
    match selection {
        Selection::Blank => json!("blank"),
        Selection::Options(options) => json!({ "options": options }),
        Selection::List(list) => json!({ "list": list }),
        Selection::Amounts(amounts) => json!({ "amounts": amounts }),
        Selection::Ranking(ranking) => json!({ "ranking": ranking }),
    }
}

/// The contest's bytes, what it compiles to, and random selections with their witnesses, in the layout of `specs/vectors/contests.json`.
pub fn compiled<R: Rng>(contest: &Contest, selections: usize, rng: &mut R) -> Value {
    let relation = contest.relation().unwrap();
    let rules: Vec<Value> = relation
        .rules()
        .iter()
        .map(|rule| json!({ "coefficients": rule.coefficients, "target": rule.target }))
        .collect();
    let selections: Vec<Value> = (0..selections)
        .map(|_| {
            let selection = any_selection(contest, rng);
            let witness = contest.witness(&selection).unwrap();
            let values = relation.values(&witness).unwrap();
            json!({ "selection": selection_json(&selection), "witness": *witness, "values": values })
        })
        .collect();
    json!({
        "contest": hex::encode(cbor::encode(contest)),
        "rule": contest.rule_in_words(),
        "slots": contest.slots(), "slot_maxima": contest.slot_maxima(),
        "witness": relation.witness_len(), "wide": relation.wide(), "weights": relation.weights(), "rules": rules,
        "sealed_length": relation.sealed_len(),
        "selections": selections,
        "refused_selections": [],
    })
}
