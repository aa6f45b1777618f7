//! What the totals of a contest come to, as data: figures, winners, ties (`specs/10-results.md`).

use super::fraction::Fraction;
use serde::Serialize;

/// By which rule the totals are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Most votes, one mark each (CNT-6).
    Plurality,
    /// Most votes, several marks each (CNT-6).
    Approval,
    /// Most points, a score for each option (CNT-7).
    Score,
    /// Most points out of a number to be spread (CNT-7).
    Cumulative,
    /// The mean amount of each project (CNT-8).
    Budget,
    /// Most points for places (CNT-9).
    Positional,
    /// Beat paths (CNT-11).
    Schulze,
    /// Locked majorities (CNT-12).
    RankedPairs,
    /// Yes, no, abstain (CNT-13).
    Question,
    /// Candidates of lists with the most votes (CNT-14).
    ListCandidates,
    /// Seats to lists by quotients over 1, 2, 3 (CNT-15).
    DHondt,
    /// Seats to lists by quotients over 1, 3, 5 (CNT-15).
    SainteLague,
    /// One outcome for each question (CNT-16).
    Linked,
}

/// What breaks a tie (CNT-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaker {
    /// The one listed earlier in the manifest comes first.
    Listed,
    /// The lot from the record (CNT-20, CNT-21).
    Lot,
}

/// Those who tie for fewer seats than they are (CNT-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tie {
    /// Indices of those who tie, ascending: of options, or, in the ties of lists, of lists.
    pub among: Vec<usize>,
    /// Seats that are left for them.
    pub seats: u32,
    /// What broke the tie; null if nothing did and these seats stay open.
    pub broken_by: Option<Breaker>,
    /// Who got the seats, first come first; empty if the tie was not broken.
    pub chosen: Vec<usize>,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its index in the contest.
    pub option: usize,
    /// Its name.
    pub name: String,
    /// Votes, points, an amount in currency units, or pairwise comparisons won.
    pub points: u128,
    /// The points over the weight of the ballots that are not blank, where that says something; null if there is none.
    pub mean: Option<Fraction>,
    /// From 1: one more than the number of options that are before it. Options that tie share it.
    pub rank: u32,
    /// Whether it has more than the share that the manifest asks for (CNT-4).
    pub eligible: bool,
    /// Whether it wins.
    pub elected: bool,
}

/// A majority of one option over another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Preferred by more.
    pub winner: usize,
    /// Preferred by fewer.
    pub loser: usize,
    /// By how much weight more.
    pub margin: u64,
}

/// All comparisons of two options (CNT-10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparisons {
    /// Row a, column b: the weight that prefers a to b.
    pub matrix: Vec<Vec<u64>>,
    /// Who wins every comparison, if there is such an option.
    pub condorcet_winner: Option<usize>,
    /// Schulze: row a, column b: the strength of the strongest path from a to b.
    pub paths: Vec<Vec<u64>>,
    /// Ranked pairs: the majorities locked, in descending order of margin.
    pub locked: Vec<Link>,
    /// Ranked pairs: the majorities dropped.
    pub dropped: Vec<Link>,
}

/// One list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListFigure {
    /// Its index in the contest.
    pub list: usize,
    /// Its name.
    pub name: String,
    /// The indices of its candidates.
    pub candidates: Vec<usize>,
    /// The votes of its candidates.
    pub votes: u128,
    /// The weight of ballots that marked the list as a whole.
    pub whole: u64,
    /// Whether it has more than the share that the manifest asks for.
    pub eligible: bool,
    /// Seats; null where seats go to candidates alone.
    pub seats: Option<u32>,
}

/// A question that asks for yes or no (CNT-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Weight of yes.
    pub yes: u64,
    /// Weight of no.
    pub no: u64,
    /// Weight of abstentions.
    pub abstain: u64,
    /// The smallest yes that would have passed, of the same yes and no.
    pub needed: u64,
    /// Whether it passed.
    pub passed: bool,
}

/// What only some kinds have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "form")]
pub enum Detail {
    /// Figures say it all.
    Figures,
    /// Amounts in a currency.
    Budget {
        /// The currency, as the manifest names it.
        currency: String,
        /// What each ballot could spend.
        pot: u32,
    },
    /// Places.
    Positional {
        /// Points of each place, from the first.
        points: Vec<u32>,
        /// For each place, the weight that put each option there.
        places: Vec<Vec<u64>>,
    },
    /// Comparisons.
    Pairwise(Comparisons),
    /// Yes or no.
    Question(Decision),
    /// Lists.
    Lists {
        /// The lists, in order.
        lists: Vec<ListFigure>,
        /// Ties between lists.
        ties: Vec<Tie>,
    },
    /// Linked questions: an outcome each; options keep the indices that they have in the contest.
    Linked {
        /// Their outcomes, in order.
        questions: Vec<Outcome>,
    },
}

/// What the totals of a contest come to (CNT-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The rule by which the totals are read.
    pub method: Method,
    /// What a question of linked answers asks; null for a whole contest.
    pub title: Option<String>,
    /// The weight of the ballots in the totals.
    pub weight: u64,
    /// The weight of blank ballots; null where none is offered.
    pub blank: Option<u64>,
    /// The weight that shares and means are of (CNT-3).
    pub base: u64,
    /// Seats to be filled; 0 where nothing is elected.
    pub seats: u32,
    /// Seats for which there was nobody with the share asked for.
    pub vacant: u32,
    /// The share that had to be exceeded.
    pub share: Share,
    /// The options, in order.
    pub options: Vec<Figure>,
    /// Who won, first come first: indices of options. Who ties for a seat and was not chosen is not among them.
    pub winners: Vec<usize>,
    /// Ties of options for seats.
    pub ties: Vec<Tie>,
    /// What only this kind has.
    pub detail: Detail,
}

/// A share of the weight of ballots that are not blank (CNT-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Above the line.
    pub numerator: u32,
    /// Below the line.
    pub denominator: u32,
}

impl Share {
    /// CNT-4: whether a figure is more than this share of the base.
    pub fn is_exceeded(self, figure: u128, base: u64) -> bool {
        // A figure is below 2^75 and a base below 2^40: neither product wraps.
        let figure = figure.saturating_mul(self.denominator.into());
        figure > u128::from(base).saturating_mul(self.numerator.into())
    }
}
