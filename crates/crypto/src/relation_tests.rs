//! Tests of [`super`].

use super::*;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

fn bits(number: u64, len: usize) -> Vec<bool> {
    (0..len).map(|bit| number >> bit & 1 == 1).collect()
}

#[test]
fn tight_bits_reach_every_value_and_no_other() {
    assert_eq!(tight_bits(0), Vec::<u64>::new());
    assert_eq!(tight_bits(1), [1]);
    assert_eq!(tight_bits(5), [1, 2, 2]);
    assert_eq!(tight_bits(7), [1, 2, 4]);
    for maximum in 0..200u64 {
        let weights = tight_bits(maximum);
        let mut sums: Vec<u64> = (0..1u64 << weights.len())
            .map(|subset| {
                weights.iter().zip(bits(subset, weights.len())).filter(|(_, bit)| *bit).map(|(weight, _)| weight).sum()
            })
            .collect();
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums, (0..=maximum).collect::<Vec<_>>());
    }
    assert_eq!(tight_bits(u64::MAX).len(), 64);
    assert_eq!(tight_bits(u64::MAX - 1).into_iter().sum::<u64>(), u64::MAX - 1);
}

#[test]
fn rows_have_one_form() {
    let one = || vec![vec![(0usize, 1u64)]];
    let new = Relation::new;
    assert!(new(1, 1, one(), vec![]).is_ok());
    assert_eq!(new(0, 1, vec![], vec![]), Err(RelationError::Shape));
    assert_eq!(new(1, 0, vec![vec![]], vec![]), Err(RelationError::Shape));
    assert_eq!(new(2, 1, one(), vec![]), Err(RelationError::Shape));
    for row in [vec![(1, 1)], vec![(0, 0)], vec![(0, 1), (0, 1)]] {
        assert_eq!(new(1, 1, vec![row], vec![]), Err(RelationError::Row));
    }
    for row in [vec![(2, 1)], vec![(1, 0)], vec![(1, 1), (0, 1)], vec![(1, 1), (1, -1)]] {
        assert_eq!(new(1, 2, one(), vec![(row, 0)]), Err(RelationError::Row));
    }
    assert_eq!(new(1, Relation::LIMIT + 1, one(), vec![]), Err(RelationError::Size));
    assert_eq!(new(1, 1, one(), vec![(vec![], 0); Relation::LIMIT + 1]), Err(RelationError::Size));
}

#[test]
fn sums_stay_where_integers_and_residues_agree() {
    let largest = (1u64 << 63) - 1;
    assert!(Relation::new(1, 2, vec![vec![(0, largest - 1), (1, 1)]], vec![]).is_ok());
    assert_eq!(Relation::new(1, 2, vec![vec![(0, largest), (1, 1)]], vec![]), Err(RelationError::Wrap));
    let rule = |factor: i64, target: i64| Relation::new(1, 1, vec![vec![(0, 1)]], vec![(vec![(0, factor)], target)]);
    assert!(rule(i64::MAX - 1, -1).is_ok());
    assert_eq!(rule(i64::MAX, -1), Err(RelationError::Wrap));
    assert_eq!(rule(1, i64::MIN), Err(RelationError::Wrap));
}

#[test]
fn a_relation_evaluates_its_witness() {
    // Two slots of 0..=5 and 0..=1, five points in all or a blank that costs none.
    let weights = vec![vec![(0, 1), (1, 2), (2, 2)], vec![(3, 1)]];
    let rule = (vec![(0, 1), (1, 2), (2, 2), (3, 1), (4, 5)], 5);
    let relation = Relation::new(2, 5, weights, vec![rule]).unwrap();
    assert_eq!((relation.slots(), relation.witness_len(), relation.rules_len()), (2, 5, 1));
    assert_eq!(relation.sealed_len(), 32 * (2 + 1 + 4 + 5 + 2));
    assert_eq!([0, 1, 2].map(|slot| relation.slot_maximum(slot)), [5, 1, 0]);
    for number in 0..32 {
        let witness = bits(number, 5);
        let values = relation.values(&witness).unwrap();
        let first = (number & 1) + (number >> 1 & 1) * 2 + (number >> 2 & 1) * 2;
        assert_eq!(values, [first, number >> 3 & 1]);
        assert_eq!(relation.holds(&witness), values[0] + values[1] + 5 * (number >> 4) == 5);
    }
    for wrong in [vec![], vec![true; 4], vec![true; 6]] {
        assert_eq!(relation.values(&wrong), None);
        assert!(!relation.holds(&wrong));
    }
}

proptest! {
    #[test]
    fn relations_agree_with_plain_arithmetic(
        weights in proptest::collection::vec(any::<u32>(), 1..8),
        factors in proptest::collection::vec(any::<i32>(), 1..8),
        target in any::<i32>(),
        number in any::<u64>(),
    ) {
        let witness = bits(number, 8);
        let row: Vec<(usize, u64)> = weights.iter().enumerate().filter(|(_, weight)| **weight > 0).map(|(at, weight)| (at, u64::from(*weight))).collect();
        let rule: Vec<(usize, i64)> = factors.iter().enumerate().filter(|(_, factor)| **factor != 0).map(|(at, factor)| (at, i64::from(*factor))).collect();
        let value: u64 = row.iter().filter(|(at, _)| witness[*at]).map(|(_, weight)| weight).sum();
        let sum: i64 = rule.iter().filter(|(at, _)| witness[*at]).map(|(_, factor)| factor).sum();
        for target in [i64::from(target), sum] {
            let relation = Relation::new(1, 8, vec![row.clone()], vec![(rule.clone(), target)]).unwrap();
            prop_assert_eq!(relation.values(&witness), Some(vec![value]));
            prop_assert_eq!(relation.holds(&witness), sum == target);
            prop_assert!(relation.slot_maximum(0) >= value);
        }
    }
}
