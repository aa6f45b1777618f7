//! What the election to try asks: a contest of every kind, and two units with different ballots.

use protocol::{
    Contest, ContestKind,
    contest::{CondorcetMethod, DisplayOrder, LinkedQuestion, List, SeatRule, Terms},
    manifest::Unit,
};

/// The units, in the order of the manifest.
pub(super) const UNITS: [&str; 2] = ["North", "South"];

fn contest(title: &str, kind: ContestKind, options: &[&str], blank: bool) -> Contest {
    Contest::new(title, kind, options.iter().map(ToString::to_string).collect(), blank)
}

/// The contests: one of each kind, and one more that the second unit alone is asked.
pub(super) fn contests() -> Vec<Contest> {
    let shuffled = Terms { order: DisplayOrder::Shuffled, ..Terms::default() };
    let seats = |seats| Terms { seats, ..Terms::default() };
    let list = |name: &str, options, limit| List { name: name.to_owned(), options, limit };
    let question = |title: &str, options, minimum, maximum, condition| LinkedQuestion {
        title: title.to_owned(),
        options,
        minimum,
        maximum,
        condition,
    };
    let council = ContestKind::Lists {
        minimum: 0,
        maximum: 3,
        whole: true,
        seats: SeatRule::DHondt,
        lists: vec![list("Greens", 3, 2), list("Reds", 3, 2)],
    };
    let bridge = ContestKind::Linked {
        questions: vec![
            question("Shall it be built?", 2, 1, 1, None),
            question("Of what?", 3, 0, 2, Some(0)),
            question("With a toll?", 2, 1, 1, Some(0)),
        ],
    };
    let pairs = ContestKind::Pairwise { complete: false, method: CondorcetMethod::Schulze };
    vec![
        contest("Mayor", ContestKind::ChooseOne, &["Ada Lovelace", "Charles Babbage", "Mary Somerville"], true)
            .with_terms(shuffled),
        contest(
            "Committee: up to two",
            ContestKind::Choose { minimum: 0, maximum: 2 },
            &["Emmy Noether", "Sofya Kovalevskaya", "Sophie Germain", "Maria Agnesi"],
            false,
        )
        .with_terms(seats(2)),
        contest("How good are these?", ContestKind::Score { top: 5 }, &["The park", "The pool", "The library"], true),
        contest(
            "Ten points to spread",
            ContestKind::Cumulative { points: 10, most: 5, exactly: false },
            &["Cycle paths", "Buses", "Trams"],
            true,
        ),
        contest(
            "The neighbourhood's money",
            ContestKind::Budget { currency: "EUR".to_owned(), pot: 50_000, step: 500 },
            &["Playground", "Trees", "Bicycle racks"],
            true,
        ),
        contest(
            "Speaker: a ranking counted by points",
            ContestKind::Positional { minimum: 1, points: vec![3, 2, 1] },
            &["Ada", "Blaise", "Cleo", "Dirk"],
            true,
        ),
        contest("Chair: a ranking compared in pairs", pairs, &["Grace", "Alan", "Edsger", "Barbara"], true),
        contest(
            "Shall the market move to Saturday?",
            ContestKind::Question { numerator: 1, denominator: 2 },
            &["Yes", "No", "I abstain"],
            false,
        ),
        contest("Council", council, &["Gaia", "Gus", "Gwen", "Rosa", "Rolf", "Ruth"], true).with_terms(seats(3)),
        contest(
            "The bridge",
            bridge,
            &["Build it", "Do not build it", "Steel", "Stone", "Wood", "Yes, a toll", "No toll"],
            true,
        ),
        contest("The South's pond", ContestKind::ChooseOne, &["Ducks", "Boats", "Both"], false),
    ]
}

/// The first unit is asked all that is there of every kind; the second three of it, and what concerns it alone.
pub(super) fn units() -> Vec<Unit> {
    let ballots = [(0..10).collect(), vec![0, 6, 7, 10]];
    UNITS.iter().zip(ballots).map(|(name, contests)| Unit { name: (*name).to_owned(), contests }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A kind that comes to be, or to be forgotten, shows here.
    #[test]
    fn every_kind_is_asked_and_every_contest_can_be_sealed() {
        let name = |contest: &Contest| match contest.kind {
            ContestKind::ChooseOne => "choose-one",
            ContestKind::Choose { .. } => "choose",
            ContestKind::Score { .. } => "score",
            ContestKind::Cumulative { .. } => "cumulative",
            ContestKind::Budget { .. } => "budget",
            ContestKind::Positional { .. } => "positional",
            ContestKind::Pairwise { .. } => "pairwise",
            ContestKind::Question { .. } => "question",
            ContestKind::Lists { .. } => "lists",
            ContestKind::Linked { .. } => "linked",
        };
        let contests = contests();
        let first = &units()[0];
        let asked: BTreeSet<_> = first.contests.iter().map(|index| name(&contests[*index as usize])).collect();
        assert_eq!(asked.len(), 10, "{asked:?}");
        for contest in &contests {
            contest.relation().unwrap();
        }
        let known: BTreeSet<u32> = units().iter().flat_map(|unit| unit.contests.clone()).collect();
        assert_eq!(known, (0..11).collect());
    }
}
