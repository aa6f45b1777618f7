//! `vitrine authority ...`, `vitrine registrar ...`, `vitrine trustee ...`: results go to the output, everything else to the messages.
//! Passphrases come by prompt or file, never by argument or environment.

mod authority;
mod carrying;
mod disputing;
mod error;
mod keys;
mod place;
mod registrar;
mod trustee;

pub use authority::AuthorityCommand;
pub use error::CommandError;
pub use registrar::RegistrarCommand;
pub use trustee::{TrusteeArguments, TrusteeCommand};

use protocol::ids::Minutes;
use serde::Serialize;
use std::{
    io::{BufRead, Read as _, Write},
    time::{SystemTime, UNIX_EPOCH},
};

/// The most bytes of an answer that is typed.
const MAXIMUM_ANSWER: u64 = 4096;

/// Where a command writes, and who answers its questions.
pub struct Streams<'s> {
    /// The person at the terminal; nothing where nobody sits, so that no command ever waits for an answer that cannot come.
    pub input: Option<&'s mut dyn BufRead>,
    /// Results alone.
    pub output: &'s mut dyn Write,
    /// What happens meanwhile, and warnings.
    pub messages: &'s mut dyn Write,
    /// Whether results are one JSON object, and messages JSON lines.
    pub json: bool,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Streams").field("json", &self.json).finish_non_exhaustive()
    }
}

/// A line of JSON among the messages.
#[derive(Serialize)]
struct Message<'a> {
    event: &'a str,
    text: &'a str,
}

impl Streams<'_> {
    /// The result: text, or one JSON object.
    fn give(&mut self, text: &str, result: &impl Serialize) -> Result<(), CommandError> {
        if self.json {
            serde_json::to_writer(&mut *self.output, result)?;
            writeln!(self.output)?;
        } else {
            writeln!(self.output, "{}", text.trim_end())?;
        }
        self.output.flush()?;
        Ok(())
    }

    /// Something shown on the way to the result: text among the results, as JSON among the messages.
    fn show(&mut self, what: &(impl Serialize + std::fmt::Display)) -> Result<(), CommandError> {
        if self.json {
            serde_json::to_writer(&mut *self.messages, what)?;
            writeln!(self.messages)?;
        } else {
            writeln!(self.output, "\n{}", what.to_string().trim_end())?;
            self.output.flush()?;
        }
        Ok(())
    }

    /// Something that happened on the way.
    fn say(&mut self, text: &str) -> Result<(), CommandError> {
        self.message("note", text)
    }

    /// Something that a person has to think about.
    fn warn(&mut self, text: &str) -> Result<(), CommandError> {
        self.message("warning", text)
    }

    /// Whether somebody is there to answer.
    fn can_ask(&self) -> bool {
        self.input.is_some() && !self.json
    }

    /// Asks for a line. Nothing, if nobody is there or the input has ended.
    fn ask(&mut self, question: &str) -> Result<Option<String>, CommandError> {
        let (Some(input), false) = (&mut self.input, self.json) else { return Ok(None) };
        write!(self.messages, "{question} ")?;
        self.messages.flush()?;
        let mut line = String::new();
        let read = input.take(MAXIMUM_ANSWER).read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    /// Asks for a yes; everything else is a no.
    fn confirm(&mut self, question: &str) -> Result<bool, CommandError> {
        let answer = self.ask(&format!("{question} [y/N]"))?;
        Ok(answer.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes")))
    }

    fn message(&mut self, event: &str, text: &str) -> Result<(), CommandError> {
        if self.json {
            let line = serde_json::to_string(&Message { event, text })?;
            writeln!(self.messages, "{line}")?;
        } else if event == "warning" {
            writeln!(self.messages, "warning: {text}")?;
        } else {
            writeln!(self.messages, "{text}")?;
        }
        self.messages.flush()?;
        Ok(())
    }
}

/// The present minute since 1970.
fn now() -> Minutes {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 60)
}

#[cfg(test)]
mod tests;
