//! What a command ends with when it does not end well: words for a person, a number for a program.

use std::{error::Error, fmt::Display};
use verifier::ExitCode;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The number (VER-2).
    pub(crate) code: ExitCode,
    /// What happened, and where one can tell, what to do.
    pub(crate) text: String,
}

impl Failure {
    pub(crate) fn new(code: ExitCode, text: impl Display) -> Self {
        Self { code, text: text.to_string() }
    }

    /// An error of a known kind, with all its causes.
    pub(crate) fn of(code: ExitCode, error: &(dyn Error + 'static)) -> Self {
        Self { code, text: chain(error) }
    }
}

impl From<crate::place::PlaceError> for Failure {
    fn from(error: crate::place::PlaceError) -> Self {
        Self::of(error.exit_code(), &error)
    }
}

/// An error and its causes on one line. A cause that the error itself already told is not told again.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let one = error.to_string();
        if !text.contains(&one) {
            text = format!("{text}: {one}");
        }
        cause = error.source();
    }
    text
}

/// For steps whose failure means that something could not be read, reached or written.
pub(crate) trait OrFail<T> {
    /// The value, or a failure with all its causes.
    fn or_fail(self) -> Result<T, Failure>;
}

impl<T, E: Error + 'static> OrFail<T> for Result<T, E> {
    fn or_fail(self) -> Result<T, Failure> {
        self.map_err(|error| Failure::of(ExitCode::Unreadable, &error))
    }
}
