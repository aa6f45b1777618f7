//! A voter's plaintext choice, and what a contest has against it.

use zeroize::Zeroize as _;

/// A voter's plaintext choice in one contest.
#[derive(Clone, PartialEq, Eq)]
pub enum Selection {
    /// The explicit blank.
    Blank,
    /// The options marked, by index, in any order.
    Options(Vec<usize>),
    /// A whole list, by index.
    List(usize),
    /// For each option its score, its points, or its amount in units of the currency.
    Amounts(Vec<u32>),
    /// The ranked options, from the first place on.
    Ranking(Vec<usize>),
}

impl Selection {
    /// Wipes what was chosen.
    pub fn wipe(&mut self) {
        match self {
            Self::Blank => {}
            Self::Options(options) | Self::Ranking(options) => options.zeroize(),
            Self::List(list) => list.zeroize(),
            Self::Amounts(amounts) => amounts.zeroize(),
        }
        *self = Self::Blank;
    }
}

impl std::fmt::Debug for Selection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Selection(…)")
    }
}

/// Why a selection does not fit a contest. Says what the contest allows, never what was chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// The contest is in no manifest that the rules allow.
    #[error("this contest is too large for any ballot")]
    TooLarge,
    /// The contest has no blank.
    #[error("this contest offers no blank")]
    NoBlank,
    /// A ranking where options are marked, and the like.
    #[error("this contest is filled in another way: {0}")]
    WrongForm(&'static str),
    /// An option that does not exist, or one marked twice.
    #[error("an option is marked that the contest does not have, or one is marked twice")]
    NoSuchOption,
    /// Too few or too many.
    #[error("mark at least {minimum} and at most {maximum}")]
    Number {
        /// Fewest options.
        minimum: usize,
        /// Most options.
        maximum: usize,
    },
    /// Too few or too many places filled.
    #[error("rank at least {minimum} and at most {maximum} options")]
    Places {
        /// Fewest places.
        minimum: usize,
        /// Places.
        maximum: usize,
    },
    /// Not one value for each option.
    #[error("give a number for each of the {0} options")]
    Values(usize),
    /// A value is too large.
    #[error("give at most {0} to one option")]
    Most(u32),
    /// An amount between two steps.
    #[error("amounts are multiples of {0}")]
    Step(u32),
    /// All together too much.
    #[error("all together it is at most {0}")]
    Total(u32),
    /// All together something else.
    #[error("all together it is exactly {0}")]
    Exactly(u32),
    /// Too many candidates of a list.
    #[error("mark at most {limit} of the list {list}")]
    List {
        /// Its name.
        list: String,
        /// Most candidates.
        limit: u32,
    },
    /// Too few or too many answers to one of several questions.
    #[error("{title}: mark at least {minimum} and at most {maximum}")]
    Question {
        /// What is asked.
        title: String,
        /// Fewest answers.
        minimum: u32,
        /// Most answers.
        maximum: u32,
    },
    /// An answer to a question that is not asked.
    #[error("{title}: mark nothing here, for it is asked only after \"{condition}\"")]
    NotAsked {
        /// What is asked.
        title: String,
        /// The answer it needs.
        condition: String,
    },
}
