//! From an order to seats: classes of options that tie, the seats they get, and what breaks a tie (CNT-4, CNT-5).

use super::{
    lot,
    outcome::{Breaker, Tie},
};
use crate::contest::TieRule;

/// How a contest breaks ties.
#[derive(Clone, Copy)]
pub(super) struct Ties<'a> {
    pub(super) rule: TieRule,
    /// The seed of the lot, if the record has one.
    pub(super) lot: Option<&'a lot::Seed>,
}

/// Who got seats.
#[derive(Default)]
pub(super) struct Seated {
    pub(super) winners: Vec<usize>,
    pub(super) tie: Option<Tie>,
    /// Seats that nobody was left for.
    pub(super) vacant: u32,
}

impl Ties<'_> {
    /// CNT-5: those who tie in the order in which they get seats, and what makes it; `draws` names what each draws by.
    pub(super) fn order(self, mut among: Vec<usize>, draws: impl Fn(usize) -> usize) -> Option<(Breaker, Vec<usize>)> {
        match (self.rule, self.lot) {
            (TieRule::Reported, _) | (TieRule::Lot, None) => None,
            (TieRule::Listed, _) => {
                among.sort_unstable();
                Some((Breaker::Listed, among))
            }
            (TieRule::Lot, Some(seed)) => {
                among.sort_by_cached_key(|one| lot::draw(seed, draws(*one)));
                Some((Breaker::Lot, among))
            }
        }
    }

    /// CNT-5: the seats go to the classes in order. A class that is larger than what is left ties for it.
    pub(super) fn seat(self, classes: Vec<Vec<usize>>, seats: u32) -> Seated {
        let mut seated = Seated { vacant: seats, ..Seated::default() };
        for mut class in classes {
            class.sort_unstable();
            let size = u32::try_from(class.len()).unwrap_or(u32::MAX);
            if size <= seated.vacant {
                seated.vacant = seated.vacant.saturating_sub(size);
                seated.winners.append(&mut class);
            } else if seated.vacant > 0 {
                let left = std::mem::take(&mut seated.vacant);
                let tie = self.tie(class, left, |option| option);
                seated.winners.extend(&tie.chosen);
                seated.tie = Some(tie);
            }
        }
        seated
    }

    /// A tie, broken if a rule breaks it.
    pub(super) fn tie(self, among: Vec<usize>, seats: u32, draws: impl Fn(usize) -> usize) -> Tie {
        let order = self.order(among.clone(), draws);
        let broken_by = order.as_ref().map(|(breaker, _)| *breaker);
        let places = usize::try_from(seats).unwrap_or(usize::MAX);
        let chosen = order.map_or(Vec::new(), |(_, order)| order.into_iter().take(places).collect());
        Tie { among, seats, broken_by, chosen }
    }
}

/// Classes of equal figures, the largest first.
pub(super) fn classes(figures: &[(usize, u128)]) -> Vec<Vec<usize>> {
    let mut sorted: Vec<&(usize, u128)> = figures.iter().collect();
    sorted.sort_by(|(one, left), (other, right)| right.cmp(left).then(one.cmp(other)));
    sorted
        .chunk_by(|(_, left), (_, right)| left == right)
        .map(|class| class.iter().map(|one| one.0).collect())
        .collect()
}

/// The rank of each option, from 1: one more than the number of those in earlier classes.
pub(super) fn ranks(classes: &[Vec<usize>]) -> Vec<(usize, u32)> {
    let mut ranks = Vec::new();
    for class in classes {
        let rank = u32::try_from(ranks.len()).unwrap_or(u32::MAX).saturating_add(1);
        ranks.extend(class.iter().map(|option| (*option, rank)));
    }
    ranks
}
