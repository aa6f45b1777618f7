//! The ballot paper: what kind of contest the real rankings are cast in, what each row of the file becomes in it, and the plain count.

use super::table::{Choice, Table, changes, first, normalised};
use clap::ValueEnum;
use protocol::{Contest, ContestKind, Selection};

/// Which kind of contest (decision 0036).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Paper {
    /// The first-choice column, as the city published it
    ChooseOne,
    /// Every candidate that the voter ranked is approved
    Approval,
}

/// Ballots to be cast in one contest.
#[derive(Debug)]
pub(crate) struct Poll {
    pub(crate) table: Table,
    pub(crate) paper: Paper,
    /// What each ballot says, in the order of the file.
    pub(crate) choices: Vec<Choice>,
}

impl std::fmt::Display for Paper {
    /// As `--as` calls it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.to_possible_value().as_ref().map_or("", clap::builder::PossibleValue::get_name))
    }
}

impl Paper {
    /// What the plain count counts.
    pub(crate) fn counts(self) -> &'static str {
        match self {
            Self::ChooseOne => "the first choices",
            Self::Approval => "the candidates that each voter ranked",
        }
    }
}

impl Poll {
    /// The rows of a table as ballots of one kind.
    pub(crate) fn new(table: Table, paper: Paper) -> Self {
        let ballot = match paper {
            Paper::ChooseOne => first,
            Paper::Approval => normalised,
        };
        let choices = table.rows.iter().map(|marks| ballot(marks)).collect();
        Self { table, paper, choices }
    }

    /// How many ballots are not what their row says, because the row had to be brought into normal form; nothing where only the first column
    /// is read.
    pub(crate) fn changed(&self) -> Option<usize> {
        (self.paper != Paper::ChooseOne).then(|| self.table.rows.iter().filter(|marks| changes(marks)).count())
    }

    /// What stands above the plain count. The first choices of the whole of the city's file add up to what the city published.
    pub(crate) fn counted_as(&self) -> &'static str {
        let whole = self.table.rows.len() == self.table.in_file;
        if self.paper == Paper::ChooseOne && self.table.of_the_city && whole { "city's column" } else { "plain count" }
    }

    /// The contest of the manifest. A row without a usable choice is the explicit blank, so nobody needs another way of saying nothing.
    pub(crate) fn contest(&self) -> Contest {
        let options = u32::try_from(self.table.options.len()).unwrap_or(u32::MAX);
        Contest {
            title: self.table.contest.clone(),
            kind: match self.paper {
                Paper::ChooseOne => ContestKind::ChooseOne,
                Paper::Approval => ContestKind::Choose { minimum: 1, maximum: options },
            },
            options: self.table.options.clone(),
            blank: true,
        }
    }

    /// What a voter with this choice fills in.
    pub(crate) fn selection(&self, choice: &Choice) -> Selection {
        if choice.is_empty() {
            return Selection::Blank;
        }
        match self.paper {
            Paper::ChooseOne | Paper::Approval => Selection::Options(choice.to_vec()),
        }
    }

    /// The plain count: one number a slot. No cryptography has a part in it, and no rule of the protocol.
    pub(crate) fn count(&self) -> Vec<u64> {
        let options = self.table.options.len();
        let mut totals = vec![0u64; options.saturating_add(1)];
        let mut add = |slot: usize, number: u64| {
            if let Some(total) = totals.get_mut(slot) {
                *total = total.saturating_add(number);
            }
        };
        for choice in &self.choices {
            if choice.is_empty() {
                add(options, 1);
            }
            for option in choice.iter() {
                match self.paper {
                    Paper::ChooseOne | Paper::Approval => add(*option, 1),
                }
            }
        }
        totals
    }
}

#[cfg(test)]
mod tests;
