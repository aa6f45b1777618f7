//! What is voted on at the stage: every kind of contest, in words that a person could have written.

use protocol::{
    Contest, ContestKind,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule},
};

/// Options of the long contest.
const LONG_LIST: u32 = 20;

fn options(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// One contest of every kind and a long one.
pub fn every_kind() -> Vec<Contest> {
    let people = ["Ada", "Blaise", "Carl", "Dot"];
    let projects = ["Playground", "Library", "Trees"];
    let list = |name: &str, options, limit| List { name: name.into(), options, limit };
    let question = |title: &str, options, minimum, maximum, condition| LinkedQuestion {
        title: title.into(),
        options,
        minimum,
        maximum,
        condition,
    };
    let lists = ContestKind::Lists {
        minimum: 0,
        maximum: 3,
        whole: true,
        seats: SeatRule::DHondt,
        lists: vec![list("Greens", 3, 2), list("Reds", 1, 1)],
    };
    let questions = vec![question("Build a bridge?", 2, 1, 1, None), question("Which bridge?", 3, 1, 1, Some(0))];
    let pairwise = ContestKind::Pairwise { complete: false, method: CondorcetMethod::Schulze };
    let long: Vec<String> = (1..=LONG_LIST).map(|number| format!("Candidate {number}")).collect();
    let contest = |title: &str, kind, names: &[&str], blank| Contest::new(title, kind, options(names), blank);
    vec![
        contest("Mayor", ContestKind::ChooseOne, &people, true),
        contest("Committee", ContestKind::Choose { minimum: 1, maximum: 2 }, &people, true),
        contest("Marks", ContestKind::Score { top: 5 }, &projects, true),
        contest("Points", ContestKind::Cumulative { points: 7, most: 5, exactly: false }, &projects, true),
        contest("Money", ContestKind::Budget { currency: "EUR".into(), pot: 900, step: 50 }, &projects, true),
        contest("Places", ContestKind::Positional { minimum: 0, points: vec![3, 2, 1] }, &people, true),
        contest("Order", pairwise, &people, true),
        contest("Proposal", ContestKind::Question { numerator: 1, denominator: 2 }, &["Yes", "No", "Abstain"], true),
        contest("Council", lists, &["Emmy", "Felix", "Gauss", "Hilbert"], true),
        contest(
            "Bridge",
            ContestKind::Linked { questions },
            &["Build", "Do not build", "Wood", "Stone", "Steel"],
            true,
        ),
        Contest::new("Long list", ContestKind::Choose { minimum: 0, maximum: LONG_LIST }, long, false),
    ]
}

/// Contests that everybody sees, beside those of a large unit alone.
pub const EVERYBODYS: [u32; 3] = [0, 6, 7];
