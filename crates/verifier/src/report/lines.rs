//! What the totals of a contest say, line by line, for the formats that others read (REP-2, REP-3). The one place where slots become
//! votes, points, amounts and places.

use protocol::{Contest, ContestKind, counting::Outcome};

/// What a line counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Weight that marked it.
    Votes,
    /// Points.
    Points,
    /// An amount in this currency.
    Amount(String),
    /// Weight that put the option at this place, from 1.
    Place(usize),
    /// Weight that prefers the option to this one.
    Before(usize),
    /// Comparisons with other options that it wins.
    Won,
    /// Votes of a list's candidates.
    ListVotes,
    /// Weight that marked the list as a whole.
    WholeList,
    /// Seats of a list.
    Seats,
    /// Weight of blank ballots.
    Blank,
}

impl Measure {
    /// REP-3: in one word or two.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Votes => "votes".into(),
            Self::Points => "points".into(),
            Self::Amount(currency) => format!("amount in {currency}"),
            Self::Place(place) => format!("place {place}"),
            Self::Before(_) => "preferred".into(),
            Self::Won => "comparisons won".into(),
            Self::ListVotes => "list votes".into(),
            Self::WholeList => "whole lists".into(),
            Self::Seats => "seats".into(),
            Self::Blank => "blank".into(),
        }
    }

    /// Whether it is the figure by which an option wins.
    pub(super) fn decides(&self) -> bool {
        matches!(self, Self::Votes | Self::Points | Self::Amount(_) | Self::Won)
    }
}

/// Whom a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// An option, by index.
    Option(usize),
    /// A list, by index.
    List(usize),
    /// The contest.
    Contest,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) subject: Subject,
    pub(super) measure: Measure,
    pub(super) count: u128,
}

/// The lines of one contest's totals, one for each slot; with the contest's outcome also what follows from all totals together.
pub(super) fn lines(contest: &Contest, totals: &[u64], weight: u64, outcome: Option<&Outcome>) -> Vec<Line> {
    let count = Totals { contest, totals, weight };
    let mut lines = match &contest.kind {
        ContestKind::ChooseOne
        | ContestKind::Choose { .. }
        | ContestKind::Question { .. }
        | ContestKind::Linked { .. } => count.options(Measure::Votes, 1),
        ContestKind::Score { .. } | ContestKind::Cumulative { .. } => count.options(Measure::Points, 1),
        ContestKind::Budget { currency, step, .. } => count.options(Measure::Amount(currency.clone()), *step),
        ContestKind::Positional { points, .. } => count.places(points),
        ContestKind::Pairwise { complete, .. } => count.pairs(*complete),
        ContestKind::Lists { whole, .. } => count.lists(*whole),
    };
    lines.extend(outcome.map_or(Vec::new(), |outcome| decided(contest, outcome)));
    if let Some(blank) = count.blank() {
        lines.push(Line { subject: Subject::Contest, measure: Measure::Blank, count: blank.into() });
    }
    lines
}

/// What no group has by itself: comparisons won, and the seats of lists.
fn decided(contest: &Contest, outcome: &Outcome) -> Vec<Line> {
    match (&contest.kind, &outcome.detail) {
        (ContestKind::Pairwise { .. }, _) => {
            let won = |figure: &protocol::counting::Figure| Line {
                subject: Subject::Option(figure.option),
                measure: Measure::Won,
                count: figure.points,
            };
            outcome.options.iter().map(won).collect()
        }
        (_, protocol::counting::Detail::Lists { lists, .. }) => {
            let seats = |list: &protocol::counting::ListFigure| {
                let subject = Subject::List(list.list);
                Some(Line { subject, measure: Measure::Seats, count: list.seats?.into() })
            };
            lists.iter().filter_map(seats).collect()
        }
        _ => Vec::new(),
    }
}

struct Totals<'a> {
    contest: &'a Contest,
    totals: &'a [u64],
    weight: u64,
}

impl Totals<'_> {
    fn at(&self, slot: usize) -> u64 {
        self.totals.get(slot).copied().unwrap_or(0)
    }

    fn blank(&self) -> Option<u64> {
        self.contest.blank_slot().map(|slot| self.at(slot))
    }

    fn count(&self) -> usize {
        self.contest.options.len()
    }

    /// One line for each option, whose slots are the first.
    fn options(&self, measure: Measure, worth: u32) -> Vec<Line> {
        let line = |option| Line {
            subject: Subject::Option(option),
            measure: measure.clone(),
            count: u128::from(self.at(option)).saturating_mul(worth.into()),
        };
        (0..self.count()).map(line).collect()
    }

    /// BAL-55: slot `(place - 1) * m + option`.
    fn places(&self, points: &[u32]) -> Vec<Line> {
        let at = |place: usize, option: usize| {
            u128::from(self.at(place.saturating_mul(self.count()).saturating_add(option)))
        };
        let sum = |option: usize| {
            let worth =
                points.iter().enumerate().map(|(place, points)| at(place, option).saturating_mul((*points).into()));
            worth.fold(0u128, u128::saturating_add)
        };
        let mut lines: Vec<Line> = (0..self.count())
            .map(|option| Line { subject: Subject::Option(option), measure: Measure::Points, count: sum(option) })
            .collect();
        for place in 0..points.len() {
            for option in 0..self.count() {
                let measure = Measure::Place(place.saturating_add(1));
                lines.push(Line { subject: Subject::Option(option), measure, count: at(place, option) });
            }
        }
        lines
    }

    /// BAL-56: both directions of every pair. Where every option is ranked, a slot holds one and the rest of the ballots the other.
    fn pairs(&self, complete: bool) -> Vec<Line> {
        let ranked = self.weight.saturating_sub(self.blank().unwrap_or(0));
        let mut lines = Vec::new();
        let mut line = |a: usize, b: usize, count: u64| {
            lines.push(Line { subject: Subject::Option(a), measure: Measure::Before(b), count: count.into() });
        };
        let mut slot = 0usize;
        for a in 0..self.count() {
            for b in (0..self.count()).filter(|b| if complete { *b > a } else { *b != a }) {
                line(a, b, self.at(slot));
                if complete {
                    line(b, a, ranked.saturating_sub(self.at(slot)));
                }
                slot = slot.saturating_add(1);
            }
        }
        lines
    }

    /// BAL-58: a whole list is one vote for each of its candidates.
    fn lists(&self, whole: bool) -> Vec<Line> {
        let mut lines = Vec::new();
        for (list, range) in self.contest.parts().into_iter().enumerate() {
            let marks = if whole { self.at(self.count().saturating_add(list)) } else { 0 };
            let votes = |option: usize| u128::from(self.at(option)).saturating_add(marks.into());
            let sum = range.clone().map(votes).fold(0u128, u128::saturating_add);
            let subject = Subject::List(list);
            lines.push(Line { subject, measure: Measure::ListVotes, count: sum });
            if whole {
                lines.push(Line { subject, measure: Measure::WholeList, count: marks.into() });
            }
            let candidate =
                |option| Line { subject: Subject::Option(option), measure: Measure::Votes, count: votes(option) };
            lines.extend(range.map(candidate));
        }
        lines
    }
}
