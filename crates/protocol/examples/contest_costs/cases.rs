//! The contests of the table, shared with the test that holds the table's sizes against the program.

use crypto::relation::Relation;
use protocol::{
    Contest, ContestKind, Selection,
    contest::{CondorcetMethod, LinkedQuestion, List, SeatRule},
};

/// Numbers of options in the table.
pub(crate) const OPTIONS: [usize; 3] = [4, 20, 64];
/// Most bytes of a ballot with its audit opening (MAN-8).
const MOST: usize = 65_000;

/// One line.
pub(crate) struct Case {
    /// What it is called in the table.
    pub(crate) name: String,
    /// The contest.
    pub(crate) contest: Contest,
    /// A selection that is sealed.
    pub(crate) selection: Selection,
}

impl Case {
    /// The relation, if a ballot of this contest alone fits an entry.
    pub(crate) fn fitting(&self) -> Option<Relation> {
        let relation = self.contest.relation().ok()?;
        let values: usize = self.contest.slot_maxima().iter().map(|most| if *most < 24 { 1 } else { 5 }).sum();
        (250 + relation.sealed_len() + values <= MOST).then_some(relation)
    }

    /// The cells that follow from the specs.
    pub(crate) fn sizes(&self) -> String {
        match self.contest.relation() {
            Ok(relation) => format!(
                "| {} | {} | {} | {} | {} |",
                self.name,
                relation.slots(),
                relation.witness_len(),
                relation.rules_len(),
                relation.sealed_len()
            ),
            Err(_) => format!("| {} | {} | | | |", self.name, self.contest.slots()),
        }
    }
}

/// Every kind at so many options.
pub(crate) fn cases(options: usize) -> Vec<Case> {
    let many = u32::try_from(options).expect("a small number");
    let budget = |pot| ContestKind::Budget { currency: "EUR".into(), pot, step: 1 };
    let pairwise = |complete| ContestKind::Pairwise { complete, method: CondorcetMethod::Schulze };
    let positional = |minimum, places: usize| ContestKind::Positional { minimum, points: vec![1; places] };
    let lists =
        (0..4u32).map(|list| List { name: format!("List {list}"), options: many / 4, limit: (many / 8).max(1) });
    let question = |number: u32| LinkedQuestion {
        title: format!("Question {number}"),
        options: 2,
        minimum: 1,
        maximum: 1,
        condition: number.checked_sub(1).map(|before| before * 2),
    };
    let one = || Selection::Options(vec![1]);
    let amounts = |first| {
        let mut amounts = vec![0; options];
        amounts.iter_mut().take(1).for_each(|amount| *amount = first);
        Selection::Amounts(amounts)
    };
    let all = || Selection::Ranking((0..options).rev().collect());
    let cases = [
        ("choose one, blank", ContestKind::ChooseOne, true, one()),
        ("choose 1 to 3, blank", ContestKind::Choose { minimum: 1, maximum: 3 }, true, one()),
        ("approval, blank", ContestKind::Choose { minimum: 0, maximum: many }, true, one()),
        ("score 0 to 5, blank", ContestKind::Score { top: 5 }, true, amounts(4)),
        ("score 0 to 1000, blank", ContestKind::Score { top: 1000 }, true, amounts(900)),
        (
            "cumulative, 10 points, blank",
            ContestKind::Cumulative { points: 10, most: 10, exactly: false },
            true,
            amounts(7),
        ),
        ("budget of 1,000 steps", budget(1000), false, amounts(900)),
        ("budget of 2^20 - 1 steps", budget((1 << 20) - 1), false, amounts(900)),
        ("budget of 2^32 - 1 steps", budget(u32::MAX), false, amounts(123_456_789)),
        ("ranking of 3 places, blank", positional(0, 3), true, Selection::Ranking(vec![2, 0, 1])),
        ("ranking of all", positional(many, options), false, all()),
        ("comparison of all", pairwise(true), false, all()),
        ("comparison of some", pairwise(false), false, Selection::Ranking(vec![2, 0, 1])),
        (
            "4 lists, or a whole one",
            ContestKind::Lists {
                minimum: 0,
                maximum: (many / 4).max(3),
                whole: true,
                seats: SeatRule::DHondt,
                lists: lists.collect(),
            },
            true,
            Selection::List(2),
        ),
        (
            "linked questions of 2 answers",
            ContestKind::Linked { questions: (0..many / 2).map(question).collect() },
            true,
            one(),
        ),
    ];
    let names: Vec<String> = (0..options).map(|option| format!("Option {option}")).collect();
    let case = |(name, kind, blank, selection): (&str, ContestKind, bool, Selection)| Case {
        name: name.to_owned(),
        contest: Contest::new(name, kind, names.clone(), blank),
        selection,
    };
    cases.into_iter().map(case).collect()
}
