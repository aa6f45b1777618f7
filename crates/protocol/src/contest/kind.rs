//! What a contest lets a voter mark, and how its winners are found: the kinds of the manifest and their terms (MAN-20 to MAN-22).

use minicbor::{Decode, Encode};

/// What a voter may mark (BAL-50 to BAL-59).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum ContestKind {
    /// Exactly one slot: an option, or the blank where it is offered.
    #[n(0)]
    ChooseOne,
    /// Between `minimum` and `maximum` options, or the blank alone. Approval is 0..number of options.
    #[n(1)]
    Choose {
        /// Fewest options.
        #[n(0)]
        minimum: u32,
        /// Most options.
        #[n(1)]
        maximum: u32,
    },
    /// A score for each option.
    #[n(2)]
    Score {
        /// Highest score; the lowest is 0.
        #[n(0)]
        top: u32,
    },
    /// Points spread over the options.
    #[n(3)]
    Cumulative {
        /// All points of a ballot.
        #[n(0)]
        points: u32,
        /// Most points on one option.
        #[n(1)]
        most: u32,
        /// Whether all points must be spent.
        #[n(2)]
        exactly: bool,
    },
    /// Money spread over projects.
    #[n(4)]
    Budget {
        /// The currency, as it is shown.
        #[n(0)]
        currency: String,
        /// Most that a ballot gives away, in units of the currency.
        #[n(1)]
        pot: u32,
        /// Amounts are multiples of this.
        #[n(2)]
        step: u32,
    },
    /// A ranking that is counted by places; as many places as there are points.
    #[n(5)]
    Positional {
        /// Fewest places filled.
        #[n(0)]
        minimum: u32,
        /// Points of the first place, the second, and so on.
        #[n(1)]
        points: Vec<u32>,
    },
    /// A ranking that is counted by comparing options in pairs.
    #[n(6)]
    Pairwise {
        /// Whether every option is ranked; otherwise the unranked are equal, behind the ranked.
        #[n(0)]
        complete: bool,
        /// What decides where no option beats every other.
        #[n(1)]
        method: CondorcetMethod,
    },
    /// Yes, no or abstain: three options in this order.
    #[n(7)]
    Question {
        /// It passes if yes is more than `numerator / denominator` of yes and no together.
        #[n(0)]
        numerator: u32,
        /// See `numerator`.
        #[n(1)]
        denominator: u32,
    },
    /// Candidates on lists.
    #[n(8)]
    Lists {
        /// Fewest candidates.
        #[n(0)]
        minimum: u32,
        /// Most candidates.
        #[n(1)]
        maximum: u32,
        /// Whether a whole list may be marked instead.
        #[n(2)]
        whole: bool,
        /// Who gets the seats.
        #[n(3)]
        seats: SeatRule,
        /// The lists; the options belong to them in order.
        #[n(4)]
        lists: Vec<List>,
    },
    /// Questions of which some are asked only after a certain answer.
    #[n(9)]
    Linked {
        /// The questions; the options belong to them in order.
        #[n(0)]
        questions: Vec<LinkedQuestion>,
    },
}

/// What decides where no option beats every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CondorcetMethod {
    /// Schulze's beat paths.
    #[n(0)]
    Schulze,
    /// Tideman's ranked pairs.
    #[n(1)]
    RankedPairs,
}

/// Who gets the seats of a contest of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SeatRule {
    /// The candidates with most votes, whatever their list.
    #[n(0)]
    Most,
    /// The lists by divisors 1, 2, 3, ...; inside a list the candidates with most votes.
    #[n(1)]
    DHondt,
    /// The lists by divisors 1, 3, 5, ...; inside a list the candidates with most votes.
    #[n(2)]
    SainteLague,
}

/// One list of candidates.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct List {
    /// As it is shown.
    #[n(0)]
    pub name: String,
    /// How many of the options are its candidates.
    #[n(1)]
    pub options: u32,
    /// Most candidates that may be marked in it.
    #[n(2)]
    pub limit: u32,
}

/// One question of linked answers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LinkedQuestion {
    /// What is asked.
    #[n(0)]
    pub title: String,
    /// How many of the options are its answers.
    #[n(1)]
    pub options: u32,
    /// Fewest answers.
    #[n(2)]
    pub minimum: u32,
    /// Most answers.
    #[n(3)]
    pub maximum: u32,
    /// The option of an earlier question that must be marked; if it is not, nothing is marked here.
    #[cbor(n(4), encode_with = "crate::cbor::nullable::encode", is_nil = "crate::cbor::nullable::is_left_out")]
    pub condition: Option<u32>,
}

/// How winners are found and options are shown (MAN-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Terms {
    /// How many win; 0 if the totals alone are of interest.
    #[n(0)]
    pub seats: u32,
    /// What happens with ties.
    #[n(1)]
    pub ties: TieRule,
    /// In which order the options are shown.
    #[n(2)]
    pub order: DisplayOrder,
    /// An option wins only with more than this share of the weight of the ballots that are not blank.
    #[n(3)]
    pub share: Share,
}

impl Default for Terms {
    fn default() -> Self {
        let share = Share { numerator: 0, denominator: 1 };
        Self { seats: 1, ties: TieRule::Reported, order: DisplayOrder::Listed, share }
    }
}

/// What happens with ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum TieRule {
    /// They are reported as ties.
    #[n(0)]
    Reported,
    /// The option that the manifest lists earlier wins.
    #[n(1)]
    Listed,
    /// A lot from the record decides.
    #[n(2)]
    Lot,
}

/// In which order options are shown. The ballot's bytes do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum DisplayOrder {
    /// As the manifest lists them.
    #[n(0)]
    Listed,
    /// At random on each device.
    #[n(1)]
    Shuffled,
}

/// A share of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Share {
    /// Of so many parts.
    #[n(0)]
    pub numerator: u32,
    /// Parts of the whole.
    #[n(1)]
    pub denominator: u32,
}
