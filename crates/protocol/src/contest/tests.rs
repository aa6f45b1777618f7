//! Contests: what a kind allows has a witness, and nothing else has (BAL-50 to BAL-61).

#![allow(clippy::cast_possible_truncation, reason = "small numbers of small contests")]

mod small;

use super::*;
use proptest::prelude::*;
use small::{allowed, attempts, contest, list, question, rankings, reachable, small, tuples};
use std::collections::BTreeSet;

/// BAL-50 to BAL-59, exhaustively: the selections that a kind allows are those with a witness, the witness holds and gives their values,
/// and no witness at all gives other values.
#[test]
fn a_small_contest_says_what_its_kind_allows_and_nothing_else() {
    for contest in small() {
        contest.check(0).unwrap();
        let relation = contest.relation().unwrap();
        let mut said = BTreeSet::new();
        for selection in attempts(&contest) {
            let witness = contest.witness(&selection);
            assert_eq!(witness.is_ok(), allowed(&contest, &selection), "{contest:?}: {witness:?}");
            if let Ok(witness) = witness {
                assert!(relation.holds(&witness));
                let values = relation.values(&witness).unwrap();
                assert_eq!(values.len(), contest.slots());
                assert!(values.iter().zip(contest.slot_maxima()).all(|(value, most)| *value <= most));
                said.insert(values);
            }
        }
        assert_eq!(said, reachable(&contest), "{contest:?}");
        assert_eq!(contest.slot_names().len(), contest.slots());
    }
}

/// BAL-57 for three options, whose witnesses are too many to try them all: every possible table of comparisons is tried, with every
/// hidden order and every choice of who is ranked.
#[test]
fn comparisons_of_a_ranking_are_those_of_one_ranking() {
    for blank in [false, true] {
        let kind = ContestKind::Pairwise { complete: false, method: CondorcetMethod::RankedPairs };
        let contest = contest(kind, 3, blank);
        let program = contest.program();
        let mut said = BTreeSet::new();
        for ranking in rankings(3, 3) {
            let witness = contest.witness(&Selection::Ranking(ranking)).unwrap();
            said.insert(contest.relation().unwrap().values(&witness).unwrap());
        }
        if blank {
            said.insert(vec![0, 0, 0, 0, 0, 0, 1]);
        }
        let mut reached = BTreeSet::new();
        for values in tuples(contest.slots() + 3 + 3, 1) {
            let values: Vec<u64> = values.into_iter().map(u64::from).collect();
            if program.witness(&values).is_some() {
                reached.insert(values[..contest.slots()].to_vec());
            }
        }
        assert_eq!(said, reached);
    }
}

/// BAL-61: slot values lead back to the selection, or to none.
#[test]
fn values_lead_back_to_the_selection() {
    for contest in small() {
        let relation = contest.relation().unwrap();
        for selection in attempts(&contest) {
            let Ok(witness) = contest.witness(&selection) else { continue };
            let values = relation.values(&witness).unwrap();
            let back = contest.selection_of(&values).unwrap();
            assert_eq!(relation.values(&contest.witness(&back).unwrap()), Some(values));
            match (&back, &selection) {
                (Selection::Ranking(back), Selection::Ranking(ranking)) => assert!(back.starts_with(ranking)),
                _ => assert!(back == selection),
            }
        }
        let reachable = reachable(&contest);
        for values in tuples(contest.slots().min(8), 2) {
            let values: Vec<u64> = values.into_iter().map(u64::from).collect();
            if values.len() == contest.slots() {
                assert_eq!(
                    contest.selection_of(&values).is_some(),
                    reachable.contains(&values),
                    "{contest:?} {values:?}"
                );
            }
        }
        assert_eq!(contest.selection_of(&[]), None);
        assert_eq!(contest.selection_of(&vec![u64::MAX; contest.slots()]), None);
    }
}

/// BAL-60: the rule of choice, at its border and for the sizes of the benches.
#[test]
fn amounts_are_wide_where_that_costs_less() {
    let budget = |options, pot| contest(ContestKind::Budget { currency: "EUR".into(), pot, step: 1 }, options, true);
    let is_wide = |options, pot| !budget(options, pot).relation().unwrap().wide().is_empty();
    for options in [1, 4, 16, 64] {
        assert!(!is_wide(options, 100), "{options}");
        assert!(options == 1 || is_wide(options, u32::MAX), "{options}");
    }
    // n = 5, p = 8: 32 (10 + 16 + 11) + 2560 = 3744 bytes; 23 bits are 3680, 24 are 3840.
    assert!(!is_wide(4, (1 << 23) - 1));
    assert!(is_wide(4, 1 << 23));
    // 128 values at most.
    assert!(is_wide(127, u32::MAX) && !is_wide(128, 1 << 20));
    let relation = budget(3, u32::MAX).relation().unwrap();
    assert_eq!(relation.wide(), [0, 1, 2, 4], "options, not the blank, and the slack");
    let witness = budget(3, u32::MAX).witness(&Selection::Amounts(vec![u32::MAX, 0, 0])).unwrap();
    assert_eq!(*witness, [u32::MAX, 0, 0, 0, 0]);
    let exactly = |exactly| contest(ContestKind::Cumulative { points: u32::MAX, most: u32::MAX, exactly }, 3, false);
    assert_eq!(exactly(true).relation().unwrap().wide(), [0, 1, 2]);
    assert_eq!(exactly(false).relation().unwrap().wide(), [0, 1, 2, 3]);
}

/// BAL-11, BAL-55 to BAL-57: sizes that the specs state.
#[test]
fn sealed_sizes() {
    let length = |contest: Contest| contest.relation().unwrap().sealed_len();
    let choose = |minimum, maximum| ContestKind::Choose { minimum, maximum };
    assert_eq!(length(contest(ContestKind::ChooseOne, 6, true)), 32 * (2 * 7 + 7));
    assert_eq!(length(contest(choose(0, 20), 20, true)), 1728);
    assert_eq!(contest(choose(0, 20), 20, false).relation().unwrap().rules_len(), 0);
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    assert_eq!(length(contest(pairwise(true), 22, false)), 64_288);
    assert_eq!(length(contest(pairwise(false), 17, false)), 57_344);
}

/// MAN-20 to MAN-22 at both ends, and contests of every size are refused before they are built.
#[test]
fn numbers_out_of_range_are_refused() {
    let rule = |contest: &Contest| contest.check(0).map(|_| ()).map_err(|rejection| rejection.rule().id());
    let check = |kind, options| rule(&contest(kind, options, false));
    let cumulative = |points, most, exactly| ContestKind::Cumulative { points, most, exactly };
    let budget = |pot, step| ContestKind::Budget { currency: "EUR".into(), pot, step };
    let positional = |minimum, places| ContestKind::Positional { minimum, points: vec![1; places] };
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    let lists = |maximum, whole, lists: &[List]| {
        let lists = lists.to_vec();
        ContestKind::Lists { minimum: 0, maximum, whole, seats: SeatRule::DHondt, lists }
    };
    let linked = |questions: &[LinkedQuestion]| ContestKind::Linked { questions: questions.to_vec() };
    let majority = |numerator, denominator| ContestKind::Question { numerator, denominator };
    for (kind, options) in [
        (ContestKind::Score { top: 0 }, 2),
        (ContestKind::Score { top: 1001 }, 2),
        (cumulative(3, 0, false), 2),
        (cumulative(3, 4, false), 2),
        (cumulative(5, 2, true), 2),
        (budget(10, 0), 2),
        (budget(0, 1), 2),
        (budget(10, 3), 2),
        (positional(0, 0), 2),
        (positional(0, 3), 2),
        (positional(3, 2), 2),
        (pairwise(true), 1),
        (pairwise(true), 23),
        (pairwise(false), 18),
        (pairwise(true), 4000),
        (majority(1, 1), 3),
        (majority(1, 2), 2),
        (majority(1, 1_000_001), 3),
        (lists(2, false, &[list(2, 0)]), 2),
        (lists(2, false, &[list(2, 3)]), 2),
        (lists(1, true, &[list(2, 2)]), 2),
        (linked(&[question(2, 2, 1, None)]), 2),
        (linked(&[question(2, 0, 0, None)]), 2),
        (linked(&[question(2, 0, 3, None)]), 2),
        (linked(&[question(2, 0, 1, Some(0))]), 2),
        (linked(&[question(2, 0, 1, None), question(1, 0, 1, Some(2))]), 3),
    ] {
        assert_eq!(check(kind.clone(), options), Err("MAN-21"), "{kind:?}");
    }
    for (kind, options) in [
        (lists(2, false, &[list(2, 1)]), 3),
        (lists(2, false, &[list(1, 1), list(1, 1)]), 2),
        (lists(2, false, &[]), 2),
        (linked(&[question(0, 0, 1, None), question(2, 0, 1, None)]), 2),
    ] {
        assert_eq!(check(kind.clone(), options), Err("MAN-22"), "{kind:?}");
    }
    assert_eq!(check(ContestKind::Choose { minimum: 0, maximum: 3 }, 2), Err("MAN-5"));
    assert_eq!(check(positional(0, 65), 65), Err("MAN-5"), "4,225 slots");
    assert_eq!(check(ContestKind::Budget { currency: String::new(), pot: 1, step: 1 }, 2), Err("ENC-3"));
    assert_eq!(check(cumulative(4, 2, true), 2), Ok(()));
    assert_eq!(check(ContestKind::Score { top: 1000 }, 2), Ok(()));
    assert!(contest(pairwise(true), 4000, false).relation().is_err());
    assert!(contest(pairwise(true), 4000, false).slot_names().is_empty());
    let all = Selection::Ranking((0..4000).collect());
    assert_eq!(contest(pairwise(true), 4000, false).witness(&all).err(), Some(SelectionError::TooLarge));

    let terms = |change: &dyn Fn(&mut Terms)| {
        let mut terms = Terms::default();
        change(&mut terms);
        Some(terms)
    };
    let with = |kind, terms| rule(&Contest { terms, ..contest(kind, 3, false) });
    let half = Share { numerator: 1, denominator: 2 };
    assert_eq!(with(ContestKind::ChooseOne, terms(&|terms| terms.seats = 3)), Ok(()));
    assert_eq!(with(ContestKind::ChooseOne, terms(&|terms| terms.share = half)), Ok(()));
    for wrong in [
        terms(&|_| ()),
        terms(&|terms| terms.seats = 4),
        terms(&|terms| terms.share = Share { numerator: 0, denominator: 2 }),
        terms(&|terms| terms.share = Share { numerator: 2, denominator: 2 }),
        terms(&|terms| terms.share = Share { numerator: 1, denominator: 0 }),
    ] {
        assert_eq!(with(ContestKind::ChooseOne, wrong), Err("MAN-20"), "{wrong:?}");
    }
    for kind in [budget(10, 1), majority(1, 2)] {
        assert_eq!(with(kind.clone(), terms(&|terms| terms.seats = 2)), Err("MAN-20"));
        assert_eq!(with(kind.clone(), terms(&|terms| terms.share = half)), Err("MAN-20"));
        assert_eq!(with(kind, terms(&|terms| terms.ties = TieRule::Listed)), Ok(()));
    }
}

/// ENC-1: terms stand or the array is shorter; `null` in their place is another encoding and refused.
#[test]
fn terms_are_left_out_and_never_null() {
    let plain = contest(ContestKind::ChooseOne, 1, false);
    let bytes = crate::cbor::encode(&plain);
    assert_eq!(bytes[0], 0x84);
    let mut null = bytes.clone();
    null[0] = 0x85;
    null.push(0xf6);
    assert!(crate::cbor::decode::<Contest>(&bytes, "contest").is_ok());
    assert!(crate::cbor::decode::<Contest>(&null, "contest").is_err());
    let shuffled = plain.with_terms(Terms { order: DisplayOrder::Shuffled, ..Terms::default() });
    let bytes = crate::cbor::encode(&shuffled);
    assert_eq!(bytes[0], 0x85);
    assert_eq!(crate::cbor::decode::<Contest>(&bytes, "contest"), Ok(shuffled.clone()));
    assert_eq!(shuffled.with_terms(Terms::default()).terms, None);
}

/// ENC-1: the condition of a question is no optional field, so `null` stands in its place.
#[test]
fn a_question_without_condition_says_null() {
    let question = LinkedQuestion { title: "Q".into(), options: 2, minimum: 0, maximum: 1, condition: None };
    let bytes = crate::cbor::encode(&question);
    assert_eq!(bytes, [0x85, 0x61, b'Q', 2, 0, 1, 0xf6]);
    assert_eq!(crate::cbor::decode::<LinkedQuestion>(&bytes, "question"), Ok(question));
    assert!(crate::cbor::decode::<LinkedQuestion>(&[0x84, 0x61, b'Q', 2, 0, 1], "question").is_err());
}

/// BAL-23: what a contest has against a selection.
#[test]
fn a_selection_of_another_form_is_refused() {
    let choose = contest(ContestKind::Choose { minimum: 0, maximum: 3 }, 3, false);
    assert_eq!(choose.witness(&Selection::Options(vec![1, 1])).err(), Some(SelectionError::NoSuchOption));
    assert!(matches!(choose.witness(&Selection::Ranking(vec![1])), Err(SelectionError::WrongForm(_))));
    assert!(matches!(choose.witness(&Selection::Amounts(vec![1; 3])), Err(SelectionError::WrongForm(_))));
    assert!(matches!(choose.witness(&Selection::List(0)), Err(SelectionError::WrongForm(_))));
    let budget = contest(ContestKind::Budget { currency: "EUR".into(), pot: 50, step: 10 }, 2, false);
    let amounts = |amounts: &[u32]| budget.witness(&Selection::Amounts(amounts.to_vec())).err();
    assert_eq!(amounts(&[10, 45]), Some(SelectionError::Step(10)));
    assert_eq!(amounts(&[60, 0]), Some(SelectionError::Most(50)));
    assert_eq!(amounts(&[30, 30]), Some(SelectionError::Total(50)));
    assert_eq!(amounts(&[30]), Some(SelectionError::Values(2)));
    assert_eq!(amounts(&[30, 20]), None);
}

#[test]
fn a_selection_is_never_printed() {
    assert_eq!(format!("{:?}", Selection::Options(vec![3])), "Selection(…)");
    assert_eq!(format!("{:?}", Selection::Amounts(vec![3])), "Selection(…)");
}

proptest! {
    /// Larger contests: what a voter may say has a witness that holds and leads back; amounts at the ends of their range too.
    #[test]
    fn amounts_have_a_witness_iff_they_fit(
        options in 1usize..20,
        pot in prop_oneof![1u32..1000, Just(u32::MAX), any::<u32>().prop_map(|pot| pot.max(1))],
        blank: bool,
        shares in prop::collection::vec(any::<u32>(), 20),
    ) {
        let contest = contest(ContestKind::Budget { currency: "EUR".into(), pot, step: 1 }, options, blank);
        let relation = contest.relation().unwrap();
        let mut left = pot;
        let amounts: Vec<u32> = shares[..options].iter().map(|share| {
            let amount = if *share % 3 == 0 { left } else { share % left.max(1) };
            left -= amount;
            amount
        }).collect();
        let witness = contest.witness(&Selection::Amounts(amounts.clone())).unwrap();
        prop_assert!(relation.holds(&witness));
        let values = relation.values(&witness).unwrap();
        prop_assert!(contest.selection_of(&values) == Some(Selection::Amounts(amounts.clone())));
        let mut more = amounts;
        more[0] = more[0].saturating_add(left).saturating_add(1);
        let fits = more.iter().map(|amount| u64::from(*amount)).sum::<u64>() <= u64::from(pot);
        prop_assert_eq!(contest.witness(&Selection::Amounts(more)).is_ok(), fits);
    }

    #[test]
    fn rankings_have_a_witness_and_lead_back(
        order in Just((0..17usize).collect::<Vec<_>>()).prop_shuffle(),
        options in 2usize..=17,
        places in 1usize..=17,
        ranked in 0usize..=17,
        blank: bool,
    ) {
        let ranking: Vec<usize> = order.into_iter().filter(|option| *option < options).take(ranked).collect();
        let places = places.min(options);
        for kind in [
            ContestKind::Positional { minimum: 0, points: vec![1; places] },
            ContestKind::Pairwise { complete: false, method: CondorcetMethod::Schulze },
            ContestKind::Pairwise { complete: true, method: CondorcetMethod::Schulze },
        ] {
            let contest = contest(kind.clone(), options, blank);
            let relation = contest.relation().unwrap();
            let fits = match kind {
                ContestKind::Positional { .. } => ranking.len() <= places,
                ContestKind::Pairwise { complete, .. } => !complete || ranking.len() == options,
                _ => false,
            };
            let witness = contest.witness(&Selection::Ranking(ranking.clone()));
            prop_assert_eq!(witness.is_ok(), fits);
            let Ok(witness) = witness else { continue };
            prop_assert!(relation.holds(&witness));
            let values = relation.values(&witness).unwrap();
            let Some(Selection::Ranking(back)) = contest.selection_of(&values) else { panic!("no ranking") };
            prop_assert!(back.starts_with(&ranking));
        }
    }
}
