//! The plain count of the file. No cryptography has a part in it, and nothing of the protocol: no contest, no slot, no counting rule.

use super::paper::{Paper, Poll};

/// What one slot comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The place, from 1, where places are counted.
    pub(crate) place: Option<usize>,
    /// The option; nothing for the blank.
    pub(crate) option: Option<usize>,
    /// What the file comes to.
    pub(crate) total: u64,
}

impl Poll {
    /// One line a slot, in the order of the slots.
    pub(crate) fn count(&self) -> Vec<Counted> {
        let mut slots: Vec<Counted> = match self.paper {
            Paper::Ranking => {
                let line = |place: usize, (option, total): (usize, &u64)| Counted {
                    place: Some(place),
                    option: Some(option),
                    total: *total,
                };
                let table = self.place_table();
                let places = (1..).zip(&table);
                places.flat_map(|(place, totals)| totals.iter().enumerate().map(move |one| line(place, one))).collect()
            }
            _ => {
                let totals = self.points_of_options().into_iter().enumerate();
                totals.map(|(option, total)| Counted { place: None, option: Some(option), total }).collect()
            }
        };
        let blank = self.choices.iter().filter(|choice| choice.is_empty()).map(|_| 1).fold(0, u64::saturating_add);
        slots.push(Counted { place: None, option: None, total: blank });
        slots
    }

    /// What each option comes to, by which the contest is won: votes, or the points of scores and places.
    pub(crate) fn points_of_options(&self) -> Vec<u64> {
        let table = self.place_table();
        let worth = match self.paper {
            Paper::ChooseOne | Paper::Approval => vec![1; table.len()],
            Paper::Score | Paper::Ranking => self.points(),
        };
        let of = |option: usize| {
            let places = table.iter().map(|totals| totals.get(option).copied().unwrap_or(0));
            places.zip(&worth).map(|(total, worth)| total.saturating_mul((*worth).into())).fold(0, u64::saturating_add)
        };
        (0..self.table.options.len()).map(of).collect()
    }

    /// Who has most; nobody where several have, or nobody has anything.
    pub(crate) fn winner(&self) -> Option<usize> {
        let points = self.points_of_options();
        let most = points.iter().max().filter(|most| **most > 0)?;
        let mut first = points.iter().enumerate().filter(|(_, points)| *points == most);
        let (winner, _) = first.next()?;
        first.next().is_none().then_some(winner)
    }

    /// How many put each option at each place.
    fn place_table(&self) -> Vec<Vec<u64>> {
        let mut table = vec![vec![0u64; self.table.options.len()]; self.places()];
        for choice in &self.choices {
            for (place, option) in table.iter_mut().zip(choice.iter()) {
                if let Some(total) = place.get_mut(*option) {
                    *total = total.saturating_add(1);
                }
            }
        }
        table
    }
}
