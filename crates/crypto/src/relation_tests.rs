//! Tests of [`super`].

use super::*;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

fn bits(number: u64, len: usize) -> Vec<u32> {
    (0..len).map(|bit| u32::try_from(number >> bit & 1).unwrap()).collect()
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
                weights
                    .iter()
                    .zip(bits(subset, weights.len()))
                    .filter(|(_, bit)| *bit == 1)
                    .map(|(weight, _)| weight)
                    .sum()
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
    let new = |slots, len, weights, rules| Relation::new(slots, len, vec![], weights, rules);
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
    assert!(Relation::new(1, 2, vec![], vec![vec![(0, largest - 1), (1, 1)]], vec![]).is_ok());
    assert_eq!(Relation::new(1, 2, vec![], vec![vec![(0, largest), (1, 1)]], vec![]), Err(RelationError::Wrap));
    let rule =
        |factor: i64, target: i64| Relation::new(1, 1, vec![], vec![vec![(0, 1)]], vec![(vec![(0, factor)], target)]);
    assert!(rule(i64::MAX - 1, -1).is_ok());
    assert_eq!(rule(i64::MAX, -1), Err(RelationError::Wrap));
    assert_eq!(rule(1, i64::MIN), Err(RelationError::Wrap));
}

#[test]
fn a_relation_evaluates_its_witness() {
    // Two slots of 0..=5 and 0..=1, five points in all or a blank that costs none.
    let weights = vec![vec![(0, 1), (1, 2), (2, 2)], vec![(3, 1)]];
    let rule = (vec![(0, 1), (1, 2), (2, 2), (3, 1), (4, 5)], 5);
    let relation = Relation::new(2, 5, vec![], weights, vec![rule]).unwrap();
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
    for wrong in [vec![], vec![1; 4], vec![1; 6], vec![2, 0, 0, 0, 1], vec![0, 0, 0, 0, u32::MAX]] {
        assert_eq!(relation.values(&wrong), None);
        assert!(!relation.holds(&wrong));
    }
}

/// CRY-25: wide positions ascend within the witness, there are at most 128, and a sum counts 2^32 - 1 for each (CRY-22).
#[test]
fn wide_positions_have_one_form_and_count_in_full() {
    let wide = |wide: Vec<usize>, weight: u64| Relation::new(1, 3, wide, vec![vec![(1, weight)]], vec![]);
    let relation = wide(vec![1], 7).unwrap();
    assert_eq!((relation.wide(), relation.slot_maximum(0)), (&[1][..], 7 * u64::from(u32::MAX)));
    assert_eq!([0, 1, 2].map(|position| relation.witness_maximum(position)), [1, u32::MAX, 1]);
    assert!(wide(vec![0, 1, 2], 1).is_ok());
    for wrong in [vec![3], vec![1, 1], vec![2, 1], vec![0, 1, 2, 3]] {
        assert_eq!(wide(wrong, 1), Err(RelationError::Wide));
    }
    let many = |wide: usize| Relation::new(1, 200, (0..wide).collect(), vec![vec![(0, 1)]], vec![]);
    assert!(many(Relation::WIDE_LIMIT).is_ok());
    assert_eq!(many(Relation::WIDE_LIMIT + 1), Err(RelationError::Size));
    // (2^31 + 1)(2^32 - 1) = 2^63 + 2^31 - 1; (2^31)(2^32 - 1) + 2^31 = 2^63.
    assert!(wide(vec![1], 1 << 31).is_ok());
    assert_eq!(wide(vec![1], (1 << 31) + 1), Err(RelationError::Wrap));
    let rule = |target: i64| Relation::new(1, 1, vec![0], vec![vec![(0, 1)]], vec![(vec![(0, -(1 << 31))], target)]);
    assert!(rule(-(1 << 31) + 1).is_ok());
    assert_eq!(rule(1 << 31), Err(RelationError::Wrap));
    assert_eq!(rule(-(1 << 31)), Err(RelationError::Wrap));
}

#[test]
fn a_wide_relation_evaluates_its_witness() {
    // Two amounts and a slack of 100 in all, or a blank that costs them.
    let rule = (vec![(0, 1), (1, 1), (2, 100), (3, 1)], 100);
    let relation =
        Relation::new(3, 4, vec![0, 1, 3], vec![vec![(0, 1)], vec![(1, 1)], vec![(2, 1)]], vec![rule]).unwrap();
    assert_eq!(relation.values(&[30, 70, 0, 0]), Some(vec![30, 70, 0]));
    for right in [[30, 70, 0, 0], [0, 0, 0, 100], [100, 0, 0, 0], [0, 0, 1, 0]] {
        assert!(relation.holds(&right), "{right:?}");
    }
    for wrong in [[30, 70, 0, 1], [30, 70, 1, 0], [u32::MAX, 101, 0, 0], [0, 0, 0, 0]] {
        assert!(!relation.holds(&wrong), "{wrong:?}");
    }
    assert_eq!(relation.values(&[1, 1, 2, 98]), None, "a bit is no amount");
    assert!(!relation.holds(&[0, 0, 2, 0]));
}

proptest! {
    #[test]
    fn wide_relations_agree_with_plain_arithmetic(
        weights in proptest::collection::vec(any::<u16>(), 1..8),
        factors in proptest::collection::vec(any::<i16>(), 1..8),
        witness in proptest::collection::vec(any::<u32>(), 8),
        set in 0u8..,
    ) {
        let wide: Vec<usize> = (0..8).filter(|at| set >> at & 1 == 1).collect();
        let witness: Vec<u32> = witness.iter().enumerate().map(|(at, value)| if wide.contains(&at) { *value } else { value & 1 }).collect();
        let row: Vec<(usize, u64)> = weights.iter().enumerate().filter(|(_, weight)| **weight > 0).map(|(at, weight)| (at, u64::from(*weight))).collect();
        let rule: Vec<(usize, i64)> = factors.iter().enumerate().filter(|(_, factor)| **factor != 0).map(|(at, factor)| (at, i64::from(*factor))).collect();
        let value: u64 = row.iter().map(|(at, weight)| weight * u64::from(witness[*at])).sum();
        let sum: i64 = rule.iter().map(|(at, factor)| factor * i64::from(witness[*at])).sum();
        for target in [sum, sum + 1] {
            let relation = Relation::new(1, 8, wide.clone(), vec![row.clone()], vec![(rule.clone(), target)]).unwrap();
            prop_assert_eq!(relation.values(&witness), Some(vec![value]));
            prop_assert_eq!(relation.holds(&witness), sum == target);
            prop_assert!(relation.slot_maximum(0) >= value);
        }
    }

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
        let value: u64 = row.iter().filter(|(at, _)| witness[*at] == 1).map(|(_, weight)| weight).sum();
        let sum: i64 = rule.iter().filter(|(at, _)| witness[*at] == 1).map(|(_, factor)| factor).sum();
        for target in [i64::from(target), sum] {
            let relation = Relation::new(1, 8, vec![], vec![row.clone()], vec![(rule.clone(), target)]).unwrap();
            prop_assert_eq!(relation.values(&witness), Some(vec![value]));
            prop_assert_eq!(relation.holds(&witness), sum == target);
            prop_assert!(relation.slot_maximum(0) >= value);
        }
    }
}
