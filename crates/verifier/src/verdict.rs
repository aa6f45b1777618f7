//! What the verifier answers (VER-1), and where it found the first thing wrong.

use crate::checks::CheckId;
use protocol::Rejection;
use serde::Serialize;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", content = "why", rename_all = "lowercase")]
pub enum Verdict {
    /// Every check passed and every result is there.
    Valid,
    /// Some byte of the record is not as the rules demand.
    Invalid(Failure),
    /// Everything that is there is right, but the election has no complete result yet.
    Incomplete {
        /// What is missing, in the order of the election.
        missing: Vec<String>,
    },
    /// The files could not be read, so nothing is said about the record.
    Unreadable {
        /// Which file.
        file: String,
        /// Why not.
        cause: String,
    },
}

impl Verdict {
    /// `valid`, `invalid`, `incomplete` or `unreadable`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid(_) => "invalid",
            Self::Incomplete { .. } => "incomplete",
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// What a program that verified answers to its caller (VER-2).
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Valid => ExitCode::Valid,
            Self::Invalid(_) => ExitCode::Invalid,
            Self::Incomplete { .. } => ExitCode::Incomplete,
            Self::Unreadable { .. } => ExitCode::Unreadable,
        }
    }
}

/// The numbers programs end with (VER-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// The record is valid.
    Valid = 0,
    /// The record is invalid.
    Invalid = 1,
    /// The program was called wrongly.
    Usage = 2,
    /// The record could not be read.
    Unreadable = 3,
    /// The record is incomplete.
    Incomplete = 4,
    /// The program refused to do something unsafe.
    Refused = 5,
}

impl ExitCode {
    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::Usage => 2,
            Self::Unreadable => 3,
            Self::Incomplete => 4,
            Self::Refused => 5,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        code.number().into()
    }
}

/// The first thing that is wrong: which rule, where, what should have been there and what was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The check that found it.
    pub check: CheckId,
    /// The rule that is broken, as the specs number it.
    pub rule: &'static str,
    /// What the rule is about, in words.
    pub text: &'static str,
    /// The entry, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Where: a file of the record, or a place within the entry or the tally.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<str>>,
    /// What the rule asks for.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl Failure {
    /// A broken rule of the verifier's or the record's own, at no entry.
    pub(crate) fn new(
        check: CheckId,
        rule: &'static str,
        text: &'static str,
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) -> Self {
        Self { check, rule, text, entry: None, place: None, expected: expected.to_string(), found: found.to_string() }
    }

    /// An entry that the fold refuses.
    pub(crate) fn refused(check: CheckId, entry: u64, rejection: &Rejection) -> Self {
        Self {
            check,
            rule: rejection.rule().id(),
            text: rejection.text(),
            entry: Some(entry),
            place: None,
            expected: brief(&rejection.finding().expected),
            found: brief(&rejection.finding().found),
        }
    }

    /// Names the entry.
    #[must_use]
    pub(crate) fn at(mut self, entry: u64) -> Self {
        self.entry = Some(entry);
        self
    }

    /// Says more exactly what was found.
    #[must_use]
    pub(crate) fn with_found(mut self, found: impl std::fmt::Display) -> Self {
        self.found = brief(found);
        self
    }

    /// Names the file or place.
    #[must_use]
    pub(crate) fn within(mut self, place: impl std::fmt::Display) -> Self {
        self.place = Some(brief(place).into());
        self
    }
}

/// Longest text of a failure, in characters: what was found may be as long as whoever made the record liked.
const LONGEST: usize = 400;

fn brief(text: impl std::fmt::Display) -> String {
    let text = text.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.rule, self.text)?;
        if let Some(entry) = self.entry {
            write!(formatter, "; entry {entry}")?;
        }
        if let Some(place) = &self.place {
            write!(formatter, "; {place}")?;
        }
        write!(formatter, "; expected {}; found {}", self.expected, self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(brief("é".repeat(LONGEST)), "é".repeat(LONGEST));
        assert_eq!(brief("é".repeat(LONGEST + 1)), "é".repeat(LONGEST) + " ...");
    }

    #[test]
    fn exit_codes_are_the_documented_ones() {
        let codes = [
            ExitCode::Valid,
            ExitCode::Invalid,
            ExitCode::Usage,
            ExitCode::Unreadable,
            ExitCode::Incomplete,
            ExitCode::Refused,
        ];
        assert_eq!(codes.map(ExitCode::number), [0, 1, 2, 3, 4, 5]);
        assert_eq!(Verdict::Valid.exit_code().number(), 0);
        assert_eq!(Verdict::Incomplete { missing: Vec::new() }.exit_code().number(), 4);
    }
}
