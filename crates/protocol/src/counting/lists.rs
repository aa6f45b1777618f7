//! Seats to lists by highest quotients, and to their candidates by votes (CNT-14, CNT-15).

use super::{
    outcome::{ListFigure, Tie},
    seats::{Ties, classes},
};
use crate::contest::{List, SeatRule};
use std::{cmp::Ordering, ops::Range};

/// The indices of each list's candidates.
pub(super) fn ranges(lists: &[List]) -> Vec<Range<usize>> {
    let mut start = 0usize;
    let mut ranges = Vec::new();
    for list in lists {
        let end = start.saturating_add(usize::try_from(list.options).unwrap_or(0));
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// A list's j-th quotient, `votes / divisor`.
#[derive(Clone, Copy)]
struct Quotient {
    list: usize,
    votes: u128,
    divisor: u128,
}

impl Quotient {
    /// By cross multiplication: votes are below 2^51, divisors below 2^33.
    fn compare(&self, other: &Self) -> Ordering {
        self.votes.saturating_mul(other.divisor).cmp(&other.votes.saturating_mul(self.divisor))
    }
}

/// CNT-15: the j-th divisor.
fn divisor(rule: SeatRule, place: usize) -> u128 {
    let place = u128::try_from(place).unwrap_or(u128::MAX);
    match rule {
        SeatRule::Most | SeatRule::DHondt => place.saturating_add(1),
        SeatRule::SainteLague => place.saturating_mul(2).saturating_add(1),
    }
}

/// CNT-15: seats to lists; what they tie for; and how many seats are left because every list has all its candidates in.
pub(super) fn divide(
    lists: &mut [ListFigure],
    candidates: &[Range<usize>],
    rule: SeatRule,
    seats: u32,
    ties: Ties<'_>,
) -> (Option<Tie>, u32) {
    let mut quotients: Vec<Quotient> = Vec::new();
    for (figure, range) in lists.iter_mut().zip(candidates) {
        figure.seats = Some(0);
        let places = if figure.eligible && figure.votes > 0 { range.len() } else { 0 };
        let (list, votes) = (figure.list, figure.votes);
        quotients.extend((0..places).map(|place| Quotient { list, votes, divisor: divisor(rule, place) }));
    }
    quotients.sort_by(|one, other| other.compare(one));
    let mut left = seats;
    let mut give = |list: usize| {
        if let Some(seats) = lists.get_mut(list).and_then(|figure| figure.seats.as_mut()) {
            *seats = seats.saturating_add(1);
        }
    };
    for class in quotients.chunk_by(|one, other| one.compare(other) == Ordering::Equal) {
        let size = u32::try_from(class.len()).unwrap_or(u32::MAX);
        if size <= left {
            left = left.saturating_sub(size);
            class.iter().for_each(|quotient| give(quotient.list));
        } else {
            // Quotients of one list differ, so each list stands here once.
            let mut among: Vec<usize> = class.iter().map(|quotient| quotient.list).collect();
            among.sort_unstable();
            let first = |list: usize| candidates.get(list).map_or(list, |range| range.start);
            let tie = (left > 0).then(|| ties.tie(among, left, first));
            tie.iter().flat_map(|tie| &tie.chosen).for_each(|list| give(*list));
            return (tie, 0);
        }
    }
    (None, left)
}

/// CNT-15: within a list its seats go to its candidates with the most votes.
pub(super) fn fill(
    list: &ListFigure,
    candidates: &Range<usize>,
    votes: &[u128],
    ties: Ties<'_>,
) -> (Vec<usize>, Option<Tie>) {
    let votes = candidates.clone().filter_map(|option| Some((option, *votes.get(option)?)));
    let votes: Vec<(usize, u128)> = votes.collect();
    let seated = ties.seat(classes(&votes), list.seats.unwrap_or(0));
    (seated.winners, seated.tie)
}
