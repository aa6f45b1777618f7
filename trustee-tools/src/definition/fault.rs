//! Why a ballot definition gives no template.

use super::{MAXIMUM_DEFINITION, json::Place};
use crate::template::TemplateError;

/// Why a ballot definition gives no template.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// Longer than any definition that is read.
    #[error("longer than {MAXIMUM_DEFINITION} bytes")]
    TooLong,
    /// Not JSON. The message shows the place.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Outside the subset, with its place.
    #[error("{0}")]
    At(Box<Located>),
    /// What was made of it is not a template, such as a contest with more choices than options.
    #[error("the template that it gives is refused: {0}")]
    Template(#[from] TemplateError),
    /// What was made of it cannot be written as TOML.
    #[error("what it says cannot be written as TOML: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

/// Something in the text, and what is wrong with it.
#[derive(Debug)]
pub struct DefinitionFault<'a> {
    place: Place<'a>,
    misfit: Misfit,
}

impl<'a> DefinitionFault<'a> {
    pub(super) fn new(place: Place<'a>, misfit: Misfit) -> Self {
        Self { place, misfit }
    }

    /// With line and column (from 1, in characters).
    pub(super) fn located(self, text: &str) -> Located {
        let before = text.get(..self.place.offset(text)).unwrap_or("");
        let line = before.matches('\n').count().saturating_add(1);
        let start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let column = before.get(start..).unwrap_or("").chars().count().saturating_add(1);
        Located { line, column, path: self.place.path().to_owned(), misfit: self.misfit }
    }
}

/// Where in a definition something is wrong, and what.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}, {path}: {misfit}")]
pub struct Located {
    line: usize,
    column: usize,
    path: String,
    misfit: Misfit,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misfit {
    #[error("is not {0}")]
    NotA(&'static str),
    #[error("is of the type {found:?}, and only {expected} is read here")]
    Type { found: String, expected: String },
    #[error("has no {0}, which is needed")]
    Missing(&'static str),
    #[error("stands twice")]
    Twice,
    #[error("has more than {0} members")]
    TooMany(usize),
    #[error(
        "is outside the subset that is read (MAN-32), and would change the election: remove it, or write the template by hand"
    )]
    Outside,
    #[error("is not version 1.0.0, the only one that is read")]
    Version,
    #[error("is not 1: a definition in several files is not read")]
    Sequence,
    #[error("must hold exactly one election")]
    Elections,
    #[error("has no text in the language {language:?}, but in: {languages}. Choose one with --language")]
    NoLanguage { language: String, languages: String },
    #[error("{0:?} is the @id of nothing of that sort in this definition")]
    Unknown(String),
    #[error("withdrawn: take this candidate out of the definition, or the voters would see it")]
    Withdrawn,
    #[error("a written-in name cannot be added up under encryption: this option is not read")]
    WriteIn,
    #[error("is not counted here: {0}")]
    Variation(&'static str),
    #[error("is not {expected}, as the other fields of the contest want it")]
    Number { expected: String },
    #[error(
        "has an order of its own in this ballot style: without HasRotation, all ballots show a contest's options in the contest's order"
    )]
    Order,
    #[error("is not in ascending order: give the members in the order of SequenceOrder")]
    SequenceOrder,
    #[error("has two ballot styles, and a unit has one")]
    TwoStyles,
    #[error(
        "stands before another contest in this ballot style and behind it in an other: all ballots show contests in one order"
    )]
    Circle,
    #[error("is on no ballot style")]
    NoStyle,
    #[error(
        "there is no BallotStyle, and this contest is not of the election's whole scope: say with ballot styles who votes in it"
    )]
    NeedsStyles,
}
