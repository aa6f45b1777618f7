//! Counting: what the totals of a contest come to, by its rule (`specs/10-results.md`). Pure, in integers and exact fractions; the same
//! totals give the same outcome on every machine.

pub mod fraction;
mod lists;
pub mod lot;
mod outcome;
mod pairwise;
mod seats;
#[cfg(test)]
mod tests;

pub use fraction::Fraction;
pub use outcome::{Breaker, Comparisons, Decision, Detail, Figure, Link, ListFigure, Method, Outcome, Share, Tie};

use crate::contest::{CondorcetMethod, Contest, ContestKind, LinkedQuestion, List, SeatRule};
use seats::{Seated, Ties, classes, ranks};
use std::ops::Range;

/// What the totals of CNT-2 come to (CNT-1, CNT-6 to CNT-16): of each slot in order, of ballots of this weight altogether. `lot` breaks ties where the
/// manifest says so. Totals that do not fit the contest give an outcome of what is there, and no panic; a verifier has checked them.
pub fn outcome(contest: &Contest, totals: &[u64], weight: u64, lot: Option<&lot::Seed>) -> Outcome {
    let terms = contest.terms();
    let blank = contest.blank.then(|| totals.last().copied().unwrap_or(0));
    let count = Count {
        contest,
        totals,
        weight,
        blank,
        base: weight.saturating_sub(blank.unwrap_or(0)),
        seats: terms.seats,
        share: Share { numerator: terms.share.numerator, denominator: terms.share.denominator },
        ties: Ties { rule: terms.ties, lot },
    };
    count.outcome()
}

/// A contest being counted.
struct Count<'a> {
    contest: &'a Contest,
    totals: &'a [u64],
    weight: u64,
    blank: Option<u64>,
    base: u64,
    seats: u32,
    share: Share,
    ties: Ties<'a>,
}

impl Count<'_> {
    fn outcome(&self) -> Outcome {
        match &self.contest.kind {
            ContestKind::ChooseOne => self.most(Method::Plurality, &self.slots(), Detail::Figures),
            ContestKind::Choose { .. } => self.most(Method::Approval, &self.slots(), Detail::Figures),
            ContestKind::Score { .. } => self.most(Method::Score, &self.slots(), Detail::Figures),
            ContestKind::Cumulative { .. } => self.most(Method::Cumulative, &self.slots(), Detail::Figures),
            ContestKind::Budget { currency, pot, step } => self.budget(currency, *pot, *step),
            ContestKind::Positional { points, .. } => self.positional(points),
            ContestKind::Pairwise { complete, method } => self.pairwise(*complete, *method),
            ContestKind::Question { .. } => self.question(),
            ContestKind::Lists { whole, seats, lists, .. } => self.lists(*whole, *seats, lists),
            ContestKind::Linked { questions } => self.linked(questions),
        }
    }

    fn options(&self) -> Range<usize> {
        0..self.contest.options.len()
    }

    fn total(&self, slot: usize) -> u64 {
        self.totals.get(slot).copied().unwrap_or(0)
    }

    /// The totals of the option slots.
    fn slots(&self) -> Vec<(usize, u128)> {
        self.options().map(|option| (option, self.total(option).into())).collect()
    }

    /// CNT-3, CNT-4: figures of options with their ranks and means, nobody elected.
    fn figures(&self, points: &[(usize, u128)], ranks: &[(usize, u32)]) -> Vec<Figure> {
        let rank = |option: usize| ranks.iter().find(|(ranked, _)| *ranked == option).map_or(0, |(_, rank)| *rank);
        let figure = |(option, points): &(usize, u128)| Figure {
            option: *option,
            name: self.contest.options.get(*option).cloned().unwrap_or_default(),
            points: *points,
            mean: Fraction::new(*points, self.base),
            rank: rank(*option),
            eligible: self.share.is_exceeded(*points, self.base),
            elected: false,
        };
        points.iter().map(figure).collect()
    }

    /// An outcome of these figures and whoever got seats.
    fn of(&self, method: Method, mut options: Vec<Figure>, seated: Seated, detail: Detail) -> Outcome {
        for figure in &mut options {
            figure.elected = seated.winners.contains(&figure.option);
        }
        Outcome {
            method,
            title: None,
            weight: self.weight,
            blank: self.blank,
            base: self.base,
            seats: self.seats,
            vacant: seated.vacant,
            share: self.share,
            options,
            winners: seated.winners,
            ties: seated.tie.into_iter().collect(),
            detail,
        }
    }

    /// An outcome in which nothing is elected.
    fn unseated(&self, method: Method, options: Vec<Figure>, detail: Detail) -> Outcome {
        Outcome { seats: 0, ..self.of(method, options, Seated::default(), detail) }
    }

    /// CNT-6, CNT-7, CNT-9: the largest figures win.
    fn most(&self, method: Method, points: &[(usize, u128)], detail: Detail) -> Outcome {
        let order = classes(points);
        let figures = self.figures(points, &ranks(&order));
        let seated = self.ties.seat(eligible(order, &figures), self.seats);
        self.of(method, figures, seated, detail)
    }

    /// CNT-8.
    fn budget(&self, currency: &str, pot: u32, step: u32) -> Outcome {
        let amount = |(option, steps): (usize, u128)| (option, steps.saturating_mul(step.into()));
        let amounts: Vec<(usize, u128)> = self.slots().into_iter().map(amount).collect();
        let figures = self.figures(&amounts, &ranks(&classes(&amounts)));
        self.unseated(Method::Budget, figures, Detail::Budget { currency: currency.to_owned(), pot })
    }

    /// CNT-9: slot `(place - 1) * m + option` holds who put the option at that place.
    fn positional(&self, points: &[u32]) -> Outcome {
        let count = self.contest.options.len();
        let slot = |place: usize, option: usize| self.total(place.saturating_mul(count).saturating_add(option));
        let places: Vec<Vec<u64>> =
            (0..points.len()).map(|place| self.options().map(|option| slot(place, option)).collect()).collect();
        let sum = |option: usize| {
            let column = places.iter().map(|place| place.get(option).copied().unwrap_or(0));
            let worth =
                points.iter().zip(column).map(|(points, weight)| u128::from(*points).saturating_mul(weight.into()));
            (option, worth.fold(0u128, u128::saturating_add))
        };
        let sums: Vec<(usize, u128)> = self.options().map(sum).collect();
        self.most(Method::Positional, &sums, Detail::Positional { points: points.to_vec(), places })
    }

    /// CNT-10 to CNT-12.
    fn pairwise(&self, complete: bool, method: CondorcetMethod) -> Outcome {
        let matrix = pairwise::matrix(self.contest.options.len(), complete, self.totals, self.base);
        let at = |a: usize, b: usize| matrix.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
        let wins = |a: usize| self.options().filter(|b| at(a, *b) > at(*b, a)).count();
        let points: Vec<(usize, u128)> =
            self.options().map(|a| (a, u128::try_from(wins(a)).unwrap_or(u128::MAX))).collect();
        let best: Vec<u64> = self.options().map(|a| self.options().map(|b| at(a, b)).max().unwrap_or(0)).collect();
        let (comparisons, order) = pairwise::complete(matrix, method);
        let mut figures = self.figures(&points, &ranks(&order));
        for (figure, best) in figures.iter_mut().zip(best) {
            figure.mean = None;
            figure.eligible = self.share.is_exceeded(best.into(), self.base);
        }
        let seated = self.ties.seat(eligible(order, &figures), self.seats);
        let method = match method {
            CondorcetMethod::Schulze => Method::Schulze,
            CondorcetMethod::RankedPairs => Method::RankedPairs,
        };
        self.of(method, figures, seated, Detail::Pairwise(comparisons))
    }

    /// CNT-13: yes is more than the share of yes and no.
    fn question(&self) -> Outcome {
        let ContestKind::Question { numerator, denominator } = self.contest.kind else {
            return self.most(Method::Question, &self.slots(), Detail::Figures);
        };
        let (yes, no, abstain) = (self.total(0), self.total(1), self.total(2));
        let voted = yes.saturating_add(no);
        let threshold = u128::from(voted).saturating_mul(numerator.into()).checked_div(denominator.into()).unwrap_or(0);
        let needed = u64::try_from(threshold.saturating_add(1)).unwrap_or(u64::MAX);
        let decision = Decision { yes, no, abstain, needed, passed: yes >= needed };
        let points = self.slots();
        let figures = self.figures(&points, &ranks(&classes(&points)));
        self.unseated(Method::Question, figures, Detail::Question(decision))
    }

    /// CNT-14, CNT-15.
    fn lists(&self, whole: bool, rule: SeatRule, lists: &[List]) -> Outcome {
        let candidates = lists::ranges(lists);
        let mut votes: Vec<u128> = self.options().map(|option| self.total(option).into()).collect();
        let mut figures = Vec::new();
        for (number, (list, range)) in lists.iter().zip(&candidates).enumerate() {
            let marks = if whole { self.total(self.contest.options.len().saturating_add(number)) } else { 0 };
            let own = votes.iter_mut().skip(range.start).take(range.len());
            let sum = own.fold(0u128, |sum, vote| {
                *vote = vote.saturating_add(marks.into());
                sum.saturating_add(*vote)
            });
            figures.push(ListFigure {
                list: number,
                name: list.name.clone(),
                candidates: range.clone().collect(),
                votes: sum,
                whole: marks,
                eligible: self.share.is_exceeded(sum, self.base),
                seats: None,
            });
        }
        let points: Vec<(usize, u128)> = votes.iter().copied().enumerate().collect();
        let method = match rule {
            SeatRule::Most => {
                return self.most(Method::ListCandidates, &points, Detail::Lists { lists: figures, ties: Vec::new() });
            }
            SeatRule::DHondt => Method::DHondt,
            SeatRule::SainteLague => Method::SainteLague,
        };
        let (tie, vacant) = lists::divide(&mut figures, &candidates, rule, self.seats, self.ties);
        let mut options = self.figures(&points, &ranks(&classes(&points)));
        let mut seated = Seated { vacant, ..Seated::default() };
        let mut ties = Vec::new();
        for (list, range) in figures.iter().zip(&candidates) {
            options.iter_mut().filter(|one| range.contains(&one.option)).for_each(|one| one.eligible = list.eligible);
            let (winners, tie) = lists::fill(list, range, &votes, self.ties);
            seated.winners.extend(winners);
            ties.extend(tie);
        }
        let detail = Detail::Lists { lists: figures, ties: tie.into_iter().collect() };
        Outcome { ties, ..self.of(method, options, seated, detail) }
    }

    /// CNT-16: each question by most votes; a question with a condition has the weight that marked that option as its base.
    fn linked(&self, questions: &[LinkedQuestion]) -> Outcome {
        let mut start = 0usize;
        let mut outcomes = Vec::new();
        for question in questions {
            let end = start.saturating_add(usize::try_from(question.options).unwrap_or(0));
            let condition = question.condition.map(|option| usize::try_from(option).unwrap_or(usize::MAX));
            let weight = condition.map_or(self.base, |option| self.total(option));
            let part = Count { weight, blank: None, base: weight, ..*self };
            let points: Vec<(usize, u128)> = (start..end).map(|option| (option, self.total(option).into())).collect();
            let method =
                if (question.minimum, question.maximum) == (1, 1) { Method::Plurality } else { Method::Approval };
            let outcome = part.most(method, &points, Detail::Figures);
            outcomes.push(Outcome { title: Some(question.title.clone()), ..outcome });
            start = end;
        }
        let all = |outcome: &Outcome| outcome.options.clone();
        let options: Vec<Figure> = outcomes.iter().flat_map(all).collect();
        let winners = outcomes.iter().flat_map(|outcome| outcome.winners.clone()).collect();
        let seated = Seated { winners, ..Seated::default() };
        let vacant = outcomes.iter().map(|outcome| outcome.vacant).fold(0, u32::saturating_add);
        let ties = outcomes.iter().flat_map(|outcome| outcome.ties.clone()).collect();
        Outcome { ties, vacant, ..self.of(Method::Linked, options, seated, Detail::Linked { questions: outcomes }) }
    }
}

/// CNT-4: the classes without those that lack the share asked for.
fn eligible(classes: Vec<Vec<usize>>, figures: &[Figure]) -> Vec<Vec<usize>> {
    let stands = |option: &usize| figures.iter().any(|figure| figure.option == *option && figure.eligible);
    classes.into_iter().map(|class| class.into_iter().filter(stands).collect()).collect()
}
