//! The ballot paper: what kind of contest the real rankings are cast in, what each row of the file becomes in it, and the plain count.

use super::{
    count::Counted,
    table::{Choice, Table, changes, first, normalised},
};
use clap::{ValueEnum, builder::PossibleValue};
use protocol::{Contest, ContestKind, Selection};
use verifier::thousands;

/// Which kind of contest (decision 0036).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Paper {
    /// The first-choice column alone, as the city published it
    ChooseOne,
    /// Every candidate that the voter ranked is approved
    Approval,
    /// 3, 2 and 1 points for the voter's first, second and third choice, 0 for everybody else
    Score,
    /// The ranking itself: how many put whom at which place
    Ranking,
}

impl std::fmt::Display for Paper {
    /// As `--as` calls it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.to_possible_value().as_ref().map_or("", PossibleValue::get_name))
    }
}

impl Paper {
    /// What the plain count counts.
    pub(crate) fn counts(self) -> &'static str {
        match self {
            Self::ChooseOne => "the first choices",
            Self::Approval => "the candidates that each voter ranked",
            Self::Score => "the points that each voter's ranking gives",
            Self::Ranking => "who was ranked at which place",
        }
    }

    /// So many of what the first slots count.
    pub(crate) fn units(self, number: u64) -> String {
        let unit = match self {
            Self::ChooseOne | Self::Approval => "vote",
            Self::Score => "point",
            Self::Ranking => "first place",
        };
        let plural = if number == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", thousands(number))
    }
}

/// Ballots to be cast in one contest.
#[derive(Debug)]
pub(crate) struct Poll {
    pub(crate) table: Table,
    pub(crate) paper: Paper,
    /// What each ballot says, in the order of the file.
    pub(crate) choices: Vec<Choice>,
}

impl Poll {
    /// The rows of a table as ballots of one kind.
    pub(crate) fn new(table: Table, paper: Paper) -> Self {
        let ballot = match paper {
            Paper::ChooseOne => first,
            Paper::Approval | Paper::Score | Paper::Ranking => normalised,
        };
        let choices = table.rows.iter().map(|marks| ballot(marks)).collect();
        Self { table, paper, choices }
    }

    /// How many ballots are not what their row says, because the row had to be brought into normal form; nothing where only the first column
    /// is read.
    pub(crate) fn changed(&self) -> Option<usize> {
        (self.paper != Paper::ChooseOne).then(|| self.table.rows.iter().filter(|marks| changes(marks)).count())
    }

    /// Whether the file is the city's own, and all of it.
    fn whole_ward(&self) -> bool {
        self.table.ward.is_some() && self.table.rows.len() == self.table.in_file
    }

    /// What stands above the plain count. The first choices of the whole of the city's file add up to what the city published.
    pub(crate) fn counted_as(&self) -> &'static str {
        if self.paper == Paper::ChooseOne && self.whole_ward() { "city's column" } else { "plain count" }
    }

    /// What the city's official first round gives an option. It is about the rankings of all ballots, and about nothing less.
    pub(crate) fn official(&self, slot: &Counted) -> Option<u64> {
        let ward = self.table.ward.filter(|_| self.paper == Paper::Ranking && self.whole_ward())?;
        let option = slot.option.filter(|_| slot.place == Some(1))?;
        ward.round_one.get(option).copied()
    }

    /// How many places a ranking has: one for each choice column, as far as there are options for them.
    pub(crate) fn places(&self) -> usize {
        self.table.columns.min(self.table.options.len())
    }

    /// What each place is worth: the last one 1, and 1 more for each place before it.
    pub(crate) fn points(&self) -> Vec<u32> {
        let places = u32::try_from(self.places()).unwrap_or(u32::MAX);
        (1..=places).rev().collect()
    }

    /// The contest of the manifest. A row without a usable choice is the explicit blank, so no other way of saying nothing is offered.
    pub(crate) fn contest(&self) -> Contest {
        let options = u32::try_from(self.table.options.len()).unwrap_or(u32::MAX);
        let kind = match self.paper {
            Paper::ChooseOne => ContestKind::ChooseOne,
            Paper::Approval => ContestKind::Choose { minimum: 1, maximum: options },
            Paper::Score => ContestKind::Score { top: self.points().first().copied().unwrap_or(1) },
            Paper::Ranking => ContestKind::Positional { minimum: 1, points: self.points() },
        };
        Contest::new(&self.table.contest, kind, self.table.options.clone(), true)
    }

    /// What a voter with this choice fills in: options in the contest's order, as an audit reads them back.
    pub(crate) fn selection(&self, choice: &Choice) -> Selection {
        if choice.is_empty() {
            return Selection::Blank;
        }
        match self.paper {
            Paper::ChooseOne | Paper::Approval => {
                let mut options = choice.to_vec();
                options.sort_unstable();
                Selection::Options(options)
            }
            Paper::Score => {
                let points = self.points();
                let of = |option: usize| choice.iter().zip(&points).find(|(chosen, _)| **chosen == option);
                let score = |option: usize| of(option).map_or(0, |(_, points)| *points);
                Selection::Amounts((0..self.table.options.len()).map(score).collect())
            }
            Paper::Ranking => Selection::Ranking(choice.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests;
