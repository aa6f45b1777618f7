//! What is wrong in a contest or unit of a template, with the field and its place in the text (MAN-31).

use super::contest::KindName;
use protocol::{
    Rejection,
    contest::MOST_SCORE,
    manifest::{BOARD_IN_WORDS, MOST_BOARDS},
};
use std::{fmt, ops::Range};

/// A field, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where it stands in the text, in bytes.
    pub(super) span: Range<usize>,
    /// The path to it, such as `contests[2].lists[1].limit`.
    pub(super) field: String,
    pub(super) misfit: Misfit,
}

impl Fault {
    pub(super) fn new(span: Range<usize>, field: impl Into<String>, misfit: Misfit) -> Self {
        Self { span, field: field.into(), misfit }
    }

    /// The same inside of that.
    pub(super) fn inside(self, outer: &str) -> Self {
        let field = if self.field.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.field) };
        Self { field, ..self }
    }

    /// The line, from 1, and the column in characters, from 1, of its place in the text it came from.
    pub(super) fn located(self, text: &str) -> Located {
        let before = text.get(..self.span.start).unwrap_or("");
        let line = before.matches('\n').count().saturating_add(1);
        let start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let column = before.get(start..).unwrap_or("").chars().count().saturating_add(1);
        Located { place: Some((line, column)), field: self.field, misfit: self.misfit }
    }

    /// For a template that came of no text.
    pub(super) fn nowhere(self) -> Located {
        Located { place: None, field: self.field, misfit: self.misfit }
    }
}

/// A fault whose place is a line and a column.
#[derive(Debug)]
pub struct Located {
    place: Option<(usize, usize)>,
    field: String,
    misfit: Misfit,
}

impl fmt::Display for Located {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(formatter, "line {line}, column {column}, ")?;
        }
        write!(formatter, "{}: {}", self.field, self.misfit)
    }
}

/// What is wrong with a field.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misfit {
    #[error("missing: a contest of kind \"{0}\" needs it")]
    Missing(KindName),
    #[error("does not belong to a contest of kind \"{kind}\", which has {}", fields(.kind.fields()))]
    Foreign { kind: KindName },
    #[error("{number} is more than the {options} options that there are")]
    MoreThanOptions { number: u32, options: usize },
    #[error("{minimum} is more than the maximum, {maximum}")]
    Crossed { minimum: u32, maximum: u32 },
    #[error("must be at least 1")]
    Zero,
    #[error("{0} is more than {MOST_SCORE}, the highest score there can be")]
    Score(u32),
    #[error("{step} does not divide the pot, {pot}: the nearest pots that fit are {} and {}", below(*.pot, *.step), above(*.pot, *.step))]
    Step { step: u32, pot: u32 },
    #[error("{most} is more than all points, {points}")]
    MoreThanPoints { most: u32, points: u32 },
    #[error("{points} points cannot be spent exactly: at most {most} fit on each of {options} options")]
    Unspendable { points: u32, most: u32, options: usize },
    #[error("is a number, all the points of a ballot, in a contest of kind \"cumulative\"")]
    NotANumber,
    #[error("is \"borda\", or the points of each place, such as [5, 3, 1], in a contest of kind \"ranking\"")]
    NotPlaces,
    #[error("{places} places, and points for {points}: without `places` there are as many as points")]
    Places { places: u32, points: usize },
    #[error("{minimum} is more than the {places} places")]
    MoreThanPlaces { minimum: u32, places: usize },
    #[error("has {0} options, and a question has three: yes, no and abstain, in your words and in this order")]
    NotThree(usize),
    #[error(
        "must be below 1, such as \"1/2\" for more than half: the numerator is smaller than the denominator, which is at most 1000000"
    )]
    NoShare,
    #[error("{limit} is more than the {candidates} candidates of the list")]
    MoreThanList { limit: u32, candidates: usize },
    #[error(
        "{maximum} is less than the {candidates} candidates of list {list:?}, which could not be marked as a whole"
    )]
    WholeTooLong { maximum: u32, candidates: usize, list: String },
    #[error("{answer} is no answer to an earlier question of this contest{}", hint(.nearest.as_deref()))]
    NoAnswer { answer: String, nearest: Option<String> },
    #[error("does not belong to a contest of kind \"{0}\", which has no seats: leave it out")]
    NoSeats(KindName),
    #[error(
        "{value}{} x {voters} (roll length x largest weight) is 2^40 or more, and totals could not be searched (MAN-7): the largest that fits is {largest}{}",
        steps(*.step), advice(*.step)
    )]
    TooLarge { value: u64, voters: u64, step: u64, largest: u64 },
    #[error("{0}")]
    Rule(Box<Rejection>),
    #[error("{contest} is not the title of exactly one contest, nor a contest's number{}", hint(.nearest.as_deref()))]
    NoContest { contest: String, nearest: Option<String> },
    #[error("must be 64 hexadecimal digits, in small letters: the digest of the pages' files")]
    Digest,
    #[error("must be {BOARD_IN_WORDS}")]
    Board,
    #[error("stands twice")]
    BoardTwice,
    #[error("there are at most {MOST_BOARDS} boards")]
    TooManyBoards,
    #[error("the units have {sum} voters together, and the roll has {roll}")]
    Voters { sum: u64, roll: u32 },
}

/// Fields as a list of words.
fn fields(names: &[&str]) -> String {
    names.join(", ")
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

fn steps(step: u64) -> String {
    if step == 1 { String::new() } else { format!(" / {step} (pot / step)") }
}

fn advice(step: u64) -> &'static str {
    if step == 1 { "" } else { "; a larger step lets a larger pot fit" }
}

/// The nearest pot below; the step itself if there is none.
fn below(pot: u32, step: u32) -> u64 {
    let (pot, step) = (u64::from(pot), u64::from(step));
    pot.checked_div(step).unwrap_or(0).max(1).saturating_mul(step)
}

/// The nearest pot above.
fn above(pot: u32, step: u32) -> u64 {
    below(pot, step).saturating_add(u64::from(step))
}

/// The name that is most like that one, if any is much like it.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let alike = names.map(|other| (strsim::jaro_winkler(name, other), other)).filter(|(alike, _)| *alike > 0.8);
    alike.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| name.to_owned())
}
