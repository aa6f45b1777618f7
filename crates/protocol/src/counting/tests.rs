//! The worked examples of `specs/10-results.md`, ties of every kind, and properties on random totals.

use super::*;
use crate::contest::{DisplayOrder, Share as Part, Terms, TieRule};
use proptest::prelude::*;

fn terms(seats: u32, ties: TieRule, share: (u32, u32)) -> Terms {
    let share = Part { numerator: share.0, denominator: share.1 };
    Terms { seats, ties, order: DisplayOrder::Listed, share }
}

fn contest(kind: ContestKind, options: usize, blank: bool, terms: Terms) -> Contest {
    let options = (0..options).map(|option| format!("{}", (b'A' + u8::try_from(option).unwrap()) as char)).collect();
    Contest::new("C", kind, options, blank).with_terms(terms)
}

fn one(seats: u32) -> Terms {
    terms(seats, TieRule::Reported, (0, 1))
}

const THREE: ContestKind = ContestKind::Choose { minimum: 0, maximum: 3 };

/// The worked example of ties at the last seat.
#[test]
fn ties_at_the_last_seat() {
    let totals = [9, 5, 5, 2];
    let of =
        |ties, lot: Option<&lot::Seed>| outcome(&contest(THREE, 4, false, terms(2, ties, (0, 1))), &totals, 12, lot);
    let reported = of(TieRule::Reported, Some(&[7; 32]));
    assert_eq!(reported.winners, [0]);
    assert_eq!(reported.ties, [Tie { among: vec![1, 2], seats: 1, broken_by: None, chosen: vec![] }]);
    assert_eq!(reported.options.iter().map(|one| one.rank).collect::<Vec<_>>(), [1, 2, 2, 4]);
    assert_eq!(reported.options.iter().map(|one| one.elected).collect::<Vec<_>>(), [true, false, false, false]);
    let listed = of(TieRule::Listed, None);
    assert_eq!((listed.winners, listed.ties[0].broken_by), (vec![0, 1], Some(Breaker::Listed)));
    assert_eq!(of(TieRule::Lot, None).winners, [0], "without a seed the tie stays");
    let mut drawn = [0, 0, 0];
    for seed in 0..32 {
        let seed = [seed; 32];
        let lot = of(TieRule::Lot, Some(&seed));
        let second = lot.winners[1];
        assert_eq!(second, if lot::draw(&seed, 1) < lot::draw(&seed, 2) { 1 } else { 2 });
        assert_eq!(lot.ties[0].broken_by, Some(Breaker::Lot));
        drawn[second] += 1;
    }
    assert!(drawn[1] > 4 && drawn[2] > 4, "{drawn:?}");
    // Two who both win do not tie, nor do two who both lose.
    assert!(outcome(&contest(THREE, 4, false, one(3)), &totals, 12, None).ties.is_empty());
    assert!(outcome(&contest(THREE, 4, false, one(1)), &totals, 12, None).ties.is_empty());
}

/// CNT-3, CNT-4: blanks are in no base; a share must be exceeded; nobody wins with nothing.
#[test]
fn shares_and_blanks() {
    let half = terms(1, TieRule::Reported, (1, 2));
    let of = |totals: &[u64], weight| outcome(&contest(ContestKind::ChooseOne, 2, true, half), totals, weight, None);
    let level = of(&[10, 10, 5], 25);
    assert_eq!((level.base, level.blank, level.winners.len(), level.vacant), (20, Some(5), 0, 1));
    assert!(level.ties.is_empty(), "who has not the share cannot tie");
    assert_eq!(of(&[11, 9, 5], 25).winners, [0]);
    let empty = outcome(&contest(ContestKind::ChooseOne, 2, true, one(1)), &[0, 0, 0], 0, None);
    assert!(empty.winners.is_empty() && empty.ties.is_empty() && empty.vacant == 1);
    assert_eq!(empty.options[0].mean, None);
    let blank = outcome(&contest(ContestKind::ChooseOne, 2, true, one(1)), &[0, 0, 7], 7, None);
    assert!(blank.winners.is_empty() && blank.ties.is_empty());
    let some = outcome(&contest(THREE, 3, false, one(3)), &[4, 0, 1], 4, None);
    assert_eq!((some.winners, some.vacant), (vec![0, 2], 1));
    let none = outcome(&contest(THREE, 3, false, one(0)), &[4, 4, 1], 4, None);
    assert!(none.winners.is_empty() && none.ties.is_empty() && none.vacant == 0, "no seats, nothing to tie for");
}

#[test]
fn scores_and_budgets_have_exact_means() {
    let scores = outcome(&contest(ContestKind::Score { top: 5 }, 2, true, one(1)), &[21, 17, 1], 8, None);
    assert_eq!(scores.winners, [0]);
    assert_eq!(scores.options[0].mean, Fraction::new(3, 1));
    assert_eq!(scores.options[1].mean, Fraction::new(17, 7));
    let kind = ContestKind::Budget { currency: "EUR".into(), pot: 1000, step: 50 };
    let budget = outcome(&contest(kind, 2, true, Terms::default()), &[7, 13, 1], 5, None);
    assert_eq!(budget.options.iter().map(|one| one.points).collect::<Vec<_>>(), [350, 650]);
    let means: Vec<String> = budget.options.iter().map(|one| one.mean.unwrap().decimal(2)).collect();
    assert_eq!(means, ["87.50", "162.50"]);
    assert!(budget.winners.is_empty() && budget.ties.is_empty() && budget.seats == 0 && budget.vacant == 0);
    let kind = ContestKind::Cumulative { points: 10, most: 10, exactly: true };
    assert_eq!(outcome(&contest(kind, 3, false, one(1)), &[4, 9, 7], 2, None).winners, [1]);
}

/// CNT-9: Borda of Tennessee, and a truncated ballot's table.
#[test]
fn places_have_points() {
    let kind = ContestKind::Positional { minimum: 4, points: vec![3, 2, 1, 0] };
    let totals = [42, 26, 15, 17, 0, 42, 43, 15, 0, 32, 42, 26, 58, 0, 0, 42];
    let borda = outcome(&contest(kind, 4, false, one(1)), &totals, 100, None);
    assert_eq!(borda.options.iter().map(|one| one.points).collect::<Vec<_>>(), [126, 194, 173, 107]);
    assert_eq!(borda.winners, [1]);
    let Detail::Positional { points, places } = borda.detail else { panic!("places") };
    assert_eq!((points.len(), &places[1]), (4, &vec![0, 42, 43, 15]));
}

fn pairwise(method: CondorcetMethod, complete: bool, ties: TieRule) -> Contest {
    contest(ContestKind::Pairwise { complete, method }, 3, false, terms(1, ties, (0, 1)))
}

/// The chapter's example: three equal majorities in a circle; and one that is larger.
#[test]
fn circles_of_equal_margins() {
    let of = |totals: &[u64]| {
        outcome(&pairwise(CondorcetMethod::RankedPairs, true, TieRule::Lot), totals, 9, Some(&[1; 32]))
    };
    let circle = of(&[6, 3, 6]);
    assert_eq!((circle.ties[0].among.as_slice(), circle.winners.len()), (&[0, 1, 2][..], 1));
    let Detail::Pairwise(comparisons) = &circle.detail else { panic!("comparisons") };
    assert_eq!((comparisons.locked.len(), comparisons.dropped.len(), comparisons.condorcet_winner), (0, 3, None));
    let larger = of(&[7, 3, 6]);
    assert_eq!(larger.ties[0].among, [0, 2]);
    let Detail::Pairwise(comparisons) = &larger.detail else { panic!("comparisons") };
    assert_eq!(comparisons.locked, [Link { winner: 0, loser: 1, margin: 5 }]);
    let schulze = outcome(&pairwise(CondorcetMethod::Schulze, true, TieRule::Reported), &[6, 3, 6], 9, None);
    assert_eq!(schulze.ties[0].among, [0, 1, 2]);
    let schulze = outcome(&pairwise(CondorcetMethod::Schulze, true, TieRule::Reported), &[7, 3, 6], 9, None);
    assert_eq!(schulze.ties[0].among, [0, 2], "A-B 7, B-C 6, C-A 6: A and C have paths of strength 6 to each other");
}

/// CNT-10: Tennessee, and a ranking that need not be complete.
#[test]
fn comparisons() {
    for method in [CondorcetMethod::Schulze, CondorcetMethod::RankedPairs] {
        let kind = ContestKind::Pairwise { complete: true, method };
        let result = outcome(&contest(kind, 4, false, one(4)), &[42, 42, 42, 68, 68, 83], 100, None);
        assert_eq!(result.winners, [1, 2, 3, 0]);
        let Detail::Pairwise(comparisons) = &result.detail else { panic!("comparisons") };
        assert_eq!((comparisons.condorcet_winner, comparisons.matrix[1][0]), (Some(1), 58));
        // 0-1, 0-2, 1-0, 1-2, 2-0, 2-1: two ballots rank B alone, one C before A, and a fourth is blank.
        let kind = ContestKind::Pairwise { complete: false, method };
        let result = outcome(&contest(kind, 3, true, one(2)), &[1, 0, 2, 2, 1, 1, 1], 4, None);
        assert_eq!((result.base, result.winners), (3, vec![1, 2]));
        let nobody =
            outcome(&contest(ContestKind::Pairwise { complete: false, method }, 3, false, one(1)), &[0; 6], 2, None);
        assert!(nobody.winners.is_empty() && nobody.ties.is_empty(), "ballots that rank nobody elect nobody");
    }
}

#[test]
fn questions_pass_or_not() {
    let of = |totals: &[u64], numerator, denominator| {
        let question = contest(ContestKind::Question { numerator, denominator }, 3, true, Terms::default());
        let Detail::Question(decision) = outcome(&question, totals, totals.iter().sum(), None).detail else {
            panic!("a decision")
        };
        (decision.passed, decision.needed)
    };
    assert_eq!(of(&[20, 10, 3, 9], 2, 3), (false, 21));
    assert_eq!(of(&[21, 9, 3, 9], 2, 3), (true, 21));
    assert_eq!(of(&[5, 5, 9, 0], 1, 2), (false, 6));
    assert_eq!(of(&[0, 0, 9, 4], 1, 2), (false, 1));
    assert_eq!(of(&[1, 5, 0, 0], 0, 1), (true, 1));
}

fn lists(sizes: &[u32], whole: bool, seats: SeatRule, terms: Terms) -> Contest {
    let options: u32 = sizes.iter().sum();
    let list = |(number, size): (usize, &u32)| List { name: format!("L{number}"), options: *size, limit: *size };
    let lists = sizes.iter().enumerate().map(list).collect();
    let kind = ContestKind::Lists { minimum: 1, maximum: options, whole, seats, lists };
    contest(kind, usize::try_from(options).unwrap(), false, terms)
}

fn seats(outcome: &Outcome) -> (Vec<u32>, Vec<Tie>) {
    let Detail::Lists { lists, ties } = &outcome.detail else { panic!("lists") };
    (lists.iter().map(|list| list.seats.unwrap()).collect(), ties.clone())
}

#[test]
fn lists_get_seats() {
    let d_hondt = |sizes: &[u32], totals: &[u64], terms| {
        outcome(&lists(sizes, false, SeatRule::DHondt, terms), totals, 400, None)
    };
    let result = d_hondt(&[2, 1], &[4, 2, 3], one(2));
    let (divided, ties) = seats(&result);
    assert_eq!((divided, ties.len()), (vec![1, 0], 1), "6 and then 3 and 3, for one seat");
    assert_eq!((ties[0].among.as_slice(), ties[0].seats, result.winners.as_slice()), (&[0, 1][..], 1, &[0][..]));
    assert_eq!(d_hondt(&[2, 1], &[4, 2, 3], one(3)).winners, [0, 1, 2]);
    let listed = d_hondt(&[2, 1], &[4, 2, 3], terms(2, TieRule::Listed, (0, 1)));
    assert_eq!((seats(&listed).0, listed.winners), (vec![2, 0], vec![0, 1]));
    // A list that has no more candidates gets no more seats; what nobody can take is vacant.
    let few = d_hondt(&[1, 2], &[300, 1, 1], one(3));
    assert_eq!((seats(&few).0, few.vacant), (vec![1, 2], 0));
    let none = d_hondt(&[1, 2], &[300, 0, 0], one(3));
    assert_eq!((seats(&none).0, none.vacant), (vec![1, 0], 2));
    // A share of lists: 20 of 400 is not more than a twentieth.
    let share = d_hondt(&[1, 2], &[300, 20, 0], terms(2, TieRule::Reported, (1, 20)));
    assert_eq!((seats(&share).0, share.vacant), (vec![1, 0], 1));
    // A tie within a list.
    let inside = d_hondt(&[2, 1], &[3, 3, 1], one(1));
    assert_eq!((inside.winners.len(), inside.ties[0].among.as_slice()), (0, &[0, 1][..]));
    let sainte_lague = lists(&[7, 7, 7], true, SeatRule::SainteLague, one(7));
    let mut totals = vec![0; 21];
    totals.extend([53, 24, 23]);
    let (divided, ties) = seats(&outcome(&sainte_lague, &totals, 100, None));
    assert_eq!((divided, ties.len()), (vec![3, 2, 2], 0));
}

/// CNT-14: a whole list is a vote for each of its candidates.
#[test]
fn candidates_of_lists() {
    let result = outcome(&lists(&[2, 2], true, SeatRule::Most, one(2)), &[1, 4, 3, 0, 4, 1], 10, None);
    assert_eq!(result.options.iter().map(|one| one.points).collect::<Vec<_>>(), [5, 8, 4, 1]);
    assert_eq!(result.winners, [1, 0]);
    let Detail::Lists { lists, .. } = &result.detail else { panic!("lists") };
    assert_eq!((lists[0].votes, lists[0].whole, lists[1].votes, lists[1].seats), (13, 4, 5, None));
}

/// CNT-16: the base of a conditional question is who was asked.
#[test]
fn linked_questions() {
    let question =
        |title: &str, condition| LinkedQuestion { title: title.into(), options: 2, minimum: 1, maximum: 1, condition };
    let kind = ContestKind::Linked { questions: vec![question("Build?", None), question("Where?", Some(0))] };
    let share = terms(1, TieRule::Reported, (1, 2));
    let result = outcome(&contest(kind, 4, true, share), &[6, 4, 2, 4, 3], 13, None);
    assert_eq!(result.winners, [0, 3]);
    let Detail::Linked { questions } = &result.detail else { panic!("questions") };
    assert_eq!((questions[0].base, questions[1].base, questions[1].winners.as_slice()), (10, 6, &[3][..]));
    assert_eq!(questions[1].options[0].option, 2);
}

/// CNT-20, CNT-21: the bytes.
#[test]
fn the_lot_is_a_tagged_hash() {
    use crate::ids::EntryHash;
    use crypto::EncodedPoint;
    let points = [EncodedPoint([2; 32]), EncodedPoint([3; 32])];
    let seed = lot::seed(&EntryHash([1; 32]), 5, [points.as_slice()].into_iter());
    // Python: sha3_256(b"\x84\x6dvitrine/1/lot" b"\x58\x20" + 32 * b"\1" + b"\5\x81\x82\x58\x20" + 32 * b"\2" + b"\x58\x20" + 32 * b"\3")
    assert_eq!(hex::encode(seed), "05dc0fedf72bd6ac82ecc0321534c51b5af82cd54de4549d9145c44f208ac8fd");
    // Python: sha3_256(b"\x83\x73vitrine/1/lot-order" b"\x58\x20" + seed + b"\x18\x1e")
    assert_eq!(hex::encode(lot::draw(&seed, 30)), "33a7f552eb321d877401af320399a909f5dbc9d80c7e52d843d2bf70ff202f73");
}

fn rankings() -> impl Strategy<Value = Vec<(u64, Vec<usize>)>> {
    let ballot = (1u64..4, Just((0..5usize).collect::<Vec<_>>()).prop_shuffle());
    prop::collection::vec(ballot, 0..9)
}

fn compared(ballots: &[(u64, Vec<usize>)], method: CondorcetMethod, names: &[usize]) -> Outcome {
    let contest = contest(ContestKind::Pairwise { complete: true, method }, 5, false, one(1));
    let mut totals = vec![0; contest.slots()];
    for (weight, ranking) in ballots {
        let renamed: Vec<usize> = ranking.iter().map(|option| names[*option]).collect();
        let witness = contest.witness(&crate::Selection::Ranking(renamed)).unwrap();
        let values = contest.relation().unwrap().values(&witness).unwrap();
        totals.iter_mut().zip(values).for_each(|(total, value)| *total += weight * value);
    }
    outcome(&contest, &totals, ballots.iter().map(|(weight, _)| weight).sum(), None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// CNT-10 to CNT-12: a Condorcet winner wins alone, and names do not matter: options renamed, the ranks follow.
    #[test]
    fn completions_are_neutral(ballots in rankings(), names in Just((0..5usize).collect::<Vec<_>>()).prop_shuffle()) {
        for method in [CondorcetMethod::Schulze, CondorcetMethod::RankedPairs] {
            let plain = compared(&ballots, method, &[0, 1, 2, 3, 4]);
            let renamed = compared(&ballots, method, &names);
            for (option, figure) in plain.options.iter().enumerate() {
                let same = &renamed.options[names[option]];
                prop_assert_eq!((figure.rank, figure.points, figure.eligible), (same.rank, same.points, same.eligible));
            }
            let Detail::Pairwise(comparisons) = &plain.detail else { panic!("comparisons") };
            if let Some(winner) = comparisons.condorcet_winner {
                prop_assert_eq!(&plain.winners, &vec![winner]);
                prop_assert!(plain.ties.is_empty());
            }
            prop_assert_eq!(plain.winners.is_empty() && plain.ties.is_empty(), ballots.is_empty());
        }
    }

    /// CNT-5: every seat is taken, open by a tie, or vacant; nothing panics on any totals.
    #[test]
    fn every_seat_is_accounted_for(
        totals in prop::collection::vec(0u64..6, 0..40),
        weight in 0u64..20,
        seats in 0u32..5,
        rule in prop_oneof![Just(TieRule::Reported), Just(TieRule::Listed), Just(TieRule::Lot)],
        which in 0usize..9,
    ) {
        let terms = terms(seats, rule, (0, 1));
        let contest = match which {
            0 => contest(ContestKind::ChooseOne, 5, true, terms),
            1 => contest(ContestKind::Score { top: 3 }, 5, false, terms),
            2 => contest(ContestKind::Positional { minimum: 0, points: vec![3, 1] }, 5, true, terms),
            3 => contest(ContestKind::Pairwise { complete: true, method: CondorcetMethod::Schulze }, 5, true, terms),
            4 => contest(ContestKind::Pairwise { complete: false, method: CondorcetMethod::RankedPairs }, 5, true, terms),
            5 => lists(&[2, 3], true, SeatRule::Most, terms),
            6 => lists(&[2, 1, 3], true, SeatRule::DHondt, terms),
            7 => lists(&[2, 1, 3], false, SeatRule::SainteLague, terms),
            _ => contest(THREE, 5, false, terms),
        };
        let outcome = outcome(&contest, &totals, weight, Some(&[9; 32]));
        let of_lists = if let Detail::Lists { ties, .. } = &outcome.detail { ties.clone() } else { Vec::new() };
        let open: u32 = outcome.ties.iter().chain(&of_lists).filter(|tie| tie.broken_by.is_none()).map(|tie| tie.seats).sum();
        let taken = u32::try_from(outcome.winners.len()).unwrap();
        prop_assert_eq!(taken + open + outcome.vacant, seats);
        prop_assert!(outcome.winners.iter().all(|winner| outcome.options[*winner].elected && outcome.options[*winner].eligible));
        prop_assert_eq!(outcome.options.iter().filter(|option| option.elected).count(), outcome.winners.len());
    }
}
