//! What is wrong with an answer, and what to do about it (BAL-71).

use protocol::contest::SelectionError;
use thiserror::Error;

/// Why an answer is not taken. Only the voter, who typed it, is told.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(in crate::cli) enum Misfit {
    /// An empty line.
    #[error("Nothing was typed. Nothing is chosen for you: type your choice.")]
    Nothing,
    /// Something that is no number.
    #[error("Type numbers with spaces between, or one of the words that are offered. Nothing of this line was taken.")]
    NoNumber,
    /// A number that is not shown.
    #[error("The numbers go from 1 to {last}. Nothing of this line was taken.")]
    NoSuchNumber {
        /// The last one.
        last: usize,
    },
    /// A list that is not shown.
    #[error("The lists are `list 1` to `list {lists}`. Nothing of this line was taken.")]
    NoSuchList {
        /// How many there are.
        lists: usize,
    },
    /// A number twice.
    #[error("You typed {0} twice. Nothing of this line was taken; type it again.")]
    Twice(String),
    /// Overvote.
    #[error("You marked {marked}, which is {} too many: mark at most {maximum}. Nothing was taken; type the whole choice again.", marked.saturating_sub(*maximum))]
    TooMany {
        /// Marks.
        marked: u32,
        /// Most.
        maximum: u32,
    },
    /// Undervote.
    #[error("You marked {marked}, which is {} too few: mark at least {minimum}. Nothing was taken; type the whole choice again.", minimum.saturating_sub(*marked))]
    TooFew {
        /// Marks.
        marked: u32,
        /// Fewest.
        minimum: u32,
    },
    /// Too many of one list.
    #[error(
        "You marked {marked} of the list {list}, and at most {limit} of it may be marked. Nothing was taken; type the whole choice again."
    )]
    OverLimit {
        /// Its name.
        list: String,
        /// Marks in it.
        marked: usize,
        /// Most.
        limit: u32,
    },
    /// More options than places.
    #[error("You ranked {ranked}, and there are {maximum} places. Nothing was taken; type the whole ranking again.")]
    TooManyPlaces {
        /// Options ranked.
        ranked: u32,
        /// Places.
        maximum: u32,
    },
    /// Fewer options than places that must be filled.
    #[error(
        "You ranked {ranked}, and at least {minimum} must be ranked. Nothing was taken; type the whole ranking again."
    )]
    TooFewPlaces {
        /// Options ranked.
        ranked: u32,
        /// Fewest.
        minimum: u32,
    },
    /// No `number=amount`.
    #[error(
        "Type an option's number, `=` and a whole amount without points or spaces, such as `1=5`; or `done`. Nothing of this line was taken."
    )]
    NoAmount,
    /// More than one option may have.
    #[error("One option has at most {most}{unit}. Nothing of this line was taken.")]
    Most {
        /// Most.
        most: u32,
        /// Of what.
        unit: String,
    },
    /// Between two steps.
    #[error("Amounts go in steps of {step}{unit}: the nearest are {below} and {}. Nothing of this line was taken.", u64::from(*below).saturating_add(u64::from(*step)))]
    Step {
        /// The step.
        step: u32,
        /// Of what.
        unit: String,
        /// The multiple below.
        below: u32,
    },
    /// Over the budget.
    #[error("That would be {total}{unit} in all, which is {over}{unit} too much: there are {limit}{unit}. Nothing of this line was taken.", over = total.saturating_sub(u64::from(*limit)))]
    Over {
        /// With this line.
        total: u64,
        /// Points or pot.
        limit: u32,
        /// Of what.
        unit: String,
    },
    /// Not all is spent that must be.
    #[error("{left}{unit} are still to be given: all {limit} must be.")]
    Unspent {
        /// What is left.
        left: u64,
        /// All.
        limit: u32,
        /// Of what.
        unit: String,
    },
    /// Options without a score.
    #[error("No score yet for: {0}. Each option needs one; 0 is a score.")]
    Unscored(String),
    /// The contest does not allow it.
    #[error("{0}")]
    NotAllowed(SelectionError),
}
