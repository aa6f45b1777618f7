//! `relation.json`: contests compiled to bits and linear rules.

use super::{Value, json};
use crate::relation::{Relation, RelationError, tight_bits};

type Weights = Vec<Vec<(usize, u64)>>;
type Rules = Vec<(Vec<(usize, i64)>, i64)>;

/// Exactly one of K slots.
pub(crate) fn choose_one(slots: usize) -> (Weights, Rules) {
    let rule = ((0..slots).map(|slot| (slot, 1)).collect(), 1);
    ((0..slots).map(|slot| vec![(slot, 1)]).collect(), vec![rule])
}

/// Two slots of 0..=5 points each, five points in all, and the bits of weight 2 that come first are equal.
pub(crate) fn points() -> (Weights, Rules) {
    let weights = vec![vec![(0, 1), (1, 2), (2, 2)], vec![(3, 1), (4, 2), (5, 2)]];
    let total = (vec![(0, 1), (1, 2), (2, 2), (3, 1), (4, 2), (5, 2)], 5);
    (weights, vec![total, (vec![(1, 1), (4, -1)], 0)])
}

/// One to three of four options, or an explicit blank that takes the place of all: a slack range of 0..=2.
fn one_to_three_of_four() -> (Weights, Rules) {
    let weights = (0..5).map(|slot| vec![(slot, 1)]).collect();
    (weights, vec![(vec![(0, 1), (1, 1), (2, 1), (3, 1), (4, 3), (5, 1), (6, 1)], 3)])
}

pub(crate) fn rows(weights: &Weights, rules: &Rules) -> Value {
    let rules: Vec<Value> =
        rules.iter().map(|(row, target)| json!({ "coefficients": row, "target": target })).collect();
    json!({ "weights": weights, "rules": rules })
}

fn bits(witness: &[u32]) -> String {
    witness.iter().map(u32::to_string).collect()
}

fn valid(name: &str, (weights, rules): (Weights, Rules), witness_len: usize) -> Value {
    let relation = Relation::new(weights.len(), witness_len, vec![], weights.clone(), rules.clone()).unwrap();
    let all =
        (0..1u32 << witness_len).map(|number| (0..witness_len).map(|bit| number >> bit & 1).collect::<Vec<u32>>());
    let holding: Vec<Value> = all
        .filter(|witness| relation.holds(witness))
        .map(|witness| json!({ "bits": bits(&witness), "values": relation.values(&witness).unwrap() }))
        .collect();
    json!({
        "name": name, "K": relation.slots(), "N": relation.witness_len(), "M": relation.rules_len(),
        "relation": rows(&weights, &rules), "sealed_bytes": relation.sealed_len(),
        "slot_maximum": (0..relation.slots()).map(|slot| relation.slot_maximum(slot)).collect::<Vec<_>>(),
        "witnesses_that_hold": holding,
    })
}

pub(crate) fn relation() -> Value {
    let bits: Vec<Value> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100, u64::from(u32::MAX)]
        .map(|maximum| json!({ "maximum": maximum, "weights": tight_bits(maximum) }))
        .to_vec();
    let one = || vec![vec![(0usize, 1u64)]];
    let largest = 1u64 << 62;
    let cases: [(&str, usize, usize, Weights, Rules, RelationError); 11] = [
        ("no slot", 0, 1, vec![], vec![], RelationError::Shape),
        ("no witness bit", 1, 0, vec![vec![]], vec![], RelationError::Shape),
        ("a weight row missing", 2, 1, one(), vec![], RelationError::Shape),
        ("a position outside the witness", 1, 1, vec![vec![(1, 1)]], vec![], RelationError::Row),
        ("a position twice", 1, 1, vec![vec![(0, 1), (0, 1)]], vec![], RelationError::Row),
        ("a zero weight", 1, 1, vec![vec![(0, 0)]], vec![], RelationError::Row),
        ("positions that descend", 1, 2, one(), vec![(vec![(1, 1), (0, 1)], 1)], RelationError::Row),
        ("weights that reach 2^63", 1, 2, vec![vec![(0, largest), (1, largest)]], vec![], RelationError::Wrap),
        ("coefficients and target that reach 2^63", 1, 1, one(), vec![(vec![(0, i64::MAX)], 1)], RelationError::Wrap),
        ("a coefficient of -2^63", 1, 1, one(), vec![(vec![(0, i64::MIN)], 0)], RelationError::Wrap),
        ("4097 witness bits", 1, Relation::LIMIT + 1, one(), vec![], RelationError::Size),
    ];
    let invalid = cases.map(|(defect, slots, witness_len, weights, rules, reason)| {
        let relation = rows(&weights, &rules);
        assert_eq!(Relation::new(slots, witness_len, vec![], weights, rules), Err(reason), "{defect}");
        json!({ "defect": defect, "K": slots, "N": witness_len, "relation": relation, "reason": format!("{reason:?}").to_lowercase() })
    });
    json!({
        "tight_bits": bits,
        "valid": [
            valid("choose one of 3", choose_one(3), 3),
            valid("points", points(), 6),
            valid("one to three of four, or blank", one_to_three_of_four(), 7),
        ],
        "invalid": invalid,
    })
}
