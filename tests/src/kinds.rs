//! A small contest of every kind, and random selections that each of them allows.

use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Terms},
};
use rand::{Rng, seq::SliceRandom as _};

fn contest(kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    let number = match &kind {
        ContestKind::ChooseOne => "Choose one",
        ContestKind::Choose { .. } => "Choose",
        ContestKind::Score { .. } => "Score",
        ContestKind::Cumulative { .. } => "Cumulative",
        ContestKind::Budget { .. } => "Budget",
        ContestKind::Positional { .. } => "Places",
        ContestKind::Pairwise { .. } => "Pairs",
        ContestKind::Question { .. } => "Question",
        ContestKind::Lists { .. } => "Lists",
        ContestKind::Linked { .. } => "Linked",
    };
    Contest::new(number, kind, options.iter().map(ToString::to_string).collect(), blank)
}

/// Contests of every kind, with and without a blank, of at most nine slots each; no wide values.
pub fn every_kind() -> Vec<Contest> {
    let four = ["Ada", "Blaise", "Carl, the elder", "Dot"];
    let names = &four[..3];
    let method = CondorcetMethod::Schulze;
    let list = |name: &str, options, limit| List { name: name.into(), options, limit };
    let question = |title: &str, options, minimum, maximum, condition| LinkedQuestion {
        title: title.into(),
        options,
        minimum,
        maximum,
        condition,
    };
    let lists = |minimum, maximum, whole, lists: &[List]| ContestKind::Lists {
        minimum,
        maximum,
        whole,
        seats: SeatRule::DHondt,
        lists: lists.to_vec(),
    };
    let questions = vec![
        question("Build it?", 2, 1, 1, None),
        question("Where?", 3, 0, 2, Some(0)),
        question("How high?", 2, 1, 1, Some(2)),
    ];
    let answers = ["Yes", "No", "North", "South", "East", "High", "Low"];
    let places = |minimum, places: u32| ContestKind::Positional { minimum, points: (1..=places).rev().collect() };
    vec![
        contest(ContestKind::ChooseOne, &four, true),
        contest(ContestKind::ChooseOne, &four[..1], false),
        contest(ContestKind::Choose { minimum: 0, maximum: 4 }, &four, false),
        contest(ContestKind::Choose { minimum: 1, maximum: 3 }, &four, true),
        contest(ContestKind::Score { top: 5 }, names, false),
        contest(ContestKind::Score { top: 1 }, names, true),
        contest(ContestKind::Cumulative { points: 7, most: 3, exactly: true }, names, true),
        contest(ContestKind::Cumulative { points: 7, most: 7, exactly: false }, names, false),
        contest(ContestKind::Budget { currency: "EUR".into(), pot: 900, step: 50 }, names, true),
        contest(places(0, 2), names, true),
        contest(places(3, 3), names, false),
        contest(ContestKind::Pairwise { complete: true, method }, &four, true),
        contest(ContestKind::Pairwise { complete: false, method }, names, false),
        contest(ContestKind::Pairwise { complete: false, method }, names, true),
        contest(ContestKind::Question { numerator: 1, denominator: 2 }, &["Yes", "No", "Abstain"], true),
        contest(lists(0, 3, true, &[list("Greens", 3, 2), list("Reds", 1, 1)]), &four, true),
        contest(lists(1, 2, false, &[list("Greens", 1, 1), list("Reds", 3, 2)]), &four, false),
        contest(ContestKind::Linked { questions: questions.clone() }, &answers, false),
        contest(ContestKind::Linked { questions }, &answers, true),
    ]
}

/// Contests whose amounts are wide values (BAL-60).
pub fn wide_kinds() -> Vec<Contest> {
    let budget = ContestKind::Budget { currency: "EUR".into(), pot: u32::MAX, step: 1 };
    let points = ContestKind::Cumulative { points: 1 << 31, most: 1 << 31, exactly: true };
    vec![
        contest(budget, &["Playground", "Library", "Trees"], true),
        contest(points, &["Ada", "Blaise", "Carl", "Dot"], false),
    ]
}

/// The same contest with its options shown in a random order.
pub fn shuffled(contest: Contest) -> Contest {
    contest.with_terms(Terms { order: DisplayOrder::Shuffled, ..Terms::default() })
}

/// Any selection that the contest allows.
pub fn any_selection<R: Rng>(contest: &Contest, rng: &mut R) -> Selection {
    if contest.blank && rng.gen_ratio(1, 8) {
        return Selection::Blank;
    }
    let mut order: Vec<usize> = (0..contest.options.len()).collect();
    order.shuffle(rng);
    let mut some = |minimum: u32, maximum: u32| {
        let count = usize::try_from(rng.gen_range(minimum..=maximum)).unwrap();
        order[..count].to_vec()
    };
    let options = u32::try_from(contest.options.len()).unwrap();
    match &contest.kind {
        ContestKind::ChooseOne | ContestKind::Question { .. } => Selection::Options(some(1, 1)),
        ContestKind::Choose { minimum, maximum } => Selection::Options(some(*minimum, *maximum)),
        ContestKind::Positional { minimum, points } => {
            Selection::Ranking(some(*minimum, u32::try_from(points.len()).unwrap()))
        }
        ContestKind::Pairwise { complete, .. } => {
            Selection::Ranking(some(if *complete { options } else { 0 }, options))
        }
        ContestKind::Score { top } => Selection::Amounts(order.iter().map(|_| rng.gen_range(0..=*top)).collect()),
        ContestKind::Cumulative { points, most, exactly } => {
            let reach = most.saturating_mul(options).min(*points);
            let total = if *exactly { *points } else { rng.gen_range(0..=reach) };
            Selection::Amounts(spread(total, *most, &order, rng))
        }
        ContestKind::Budget { pot, step, .. } => {
            let total = rng.gen_range(0..=pot / step);
            Selection::Amounts(spread(total, total, &order, rng).iter().map(|amount| amount * step).collect())
        }
        ContestKind::Lists { minimum, maximum, whole, lists, .. } => {
            if *whole && rng.gen_ratio(1, 3) {
                return Selection::List(rng.gen_range(0..lists.len()));
            }
            loop {
                order.shuffle(rng);
                let count = usize::try_from(rng.gen_range(*minimum..=*maximum)).unwrap();
                let selection = Selection::Options(order[..count].to_vec());
                if contest.witness(&selection).is_ok() {
                    return selection;
                }
            }
        }
        ContestKind::Linked { questions } => {
            let mut marked: Vec<usize> = Vec::new();
            for (question, part) in questions.iter().zip(contest.parts()) {
                if question.condition.is_none_or(|condition| marked.contains(&usize::try_from(condition).unwrap())) {
                    let mut answers: Vec<usize> = part.collect();
                    answers.shuffle(rng);
                    let count = rng.gen_range(question.minimum..=question.maximum);
                    marked.extend(&answers[..usize::try_from(count).unwrap()]);
                }
            }
            Selection::Options(marked)
        }
    }
}

/// A total spread over options in this order, at most so much on one.
fn spread<R: Rng>(total: u32, most: u32, order: &[usize], rng: &mut R) -> Vec<u32> {
    let mut amounts = vec![0; order.len()];
    let mut left = total;
    for (place, option) in order.iter().enumerate() {
        let behind = u64::from(most) * u64::try_from(order.len() - place - 1).unwrap();
        let least = u32::try_from(u64::from(left).saturating_sub(behind)).unwrap();
        amounts[*option] = rng.gen_range(least..=most.min(left));
        left -= amounts[*option];
    }
    amounts
}
