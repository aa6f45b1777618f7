//! Where the commands read and write; tests give them strings.

use super::CliError;
use serde::Serialize;
use std::io::{BufRead, Read as _, Write};
use zeroize::Zeroizing;

/// The longest line that is read.
const MAXIMUM_LINE: u64 = 4096;

/// A line of JSON among the messages.
#[derive(Serialize)]
struct Message<'a> {
    event: &'a str,
    text: &'a str,
}

/// Input, results and messages of one run.
pub struct Console<'c> {
    /// What the voter types.
    pub input: &'c mut dyn BufRead,
    /// Results alone.
    pub output: &'c mut dyn Write,
    /// Questions, progress, warnings.
    pub messages: &'c mut dyn Write,
    /// Whether a person sits before it: then secrets are asked for without showing them, and progress is drawn.
    pub terminal: bool,
    /// Whether results are JSON.
    pub json: bool,
}

impl std::fmt::Debug for Console<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Console")
            .field("terminal", &self.terminal)
            .field("json", &self.json)
            .finish_non_exhaustive()
    }
}

impl Console<'_> {
    /// A message, which is no result; a line of JSON where results are JSON.
    pub(super) fn say(&mut self, text: &str) -> Result<(), CliError> {
        self.event(text, &Message { event: "note", text })
    }

    /// Something that happened on the way: a message, or a line of JSON among the messages.
    pub(super) fn event<T: Serialize>(&mut self, text: &str, event: &T) -> Result<(), CliError> {
        if self.json {
            writeln!(self.messages, "{}", serde_json::to_string(event)?)?;
        } else {
            writeln!(self.messages, "{text}")?;
        }
        Ok(())
    }

    /// The result: text, or one JSON object.
    pub(super) fn give<T: Serialize>(&mut self, text: &str, result: &T) -> Result<(), CliError> {
        if self.json {
            serde_json::to_writer(&mut *self.output, result)?;
            writeln!(self.output)?;
        } else {
            writeln!(self.output, "{}", text.trim_end())?;
        }
        self.output.flush()?;
        Ok(())
    }

    /// Asks, and reads one line; none at the end of the input.
    pub(super) fn ask(&mut self, question: &str) -> Result<Option<Zeroizing<String>>, CliError> {
        if self.terminal {
            write!(self.messages, "{question}")?;
        } else {
            // Nobody's Enter key ends the line.
            self.event(question, &Message { event: "question", text: question.trim_end() })?;
        }
        self.messages.flush()?;
        let mut line = Zeroizing::new(String::new());
        let read = (&mut self.input).take(MAXIMUM_LINE).read_line(&mut line)?;
        if read == 0 {
            return Ok(None);
        }
        let trimmed = Zeroizing::new(line.trim().to_owned());
        Ok(Some(trimmed))
    }

    /// Asks for a secret; on a terminal it is not shown.
    pub(super) fn secret(&mut self, question: &str) -> Result<Zeroizing<String>, CliError> {
        if self.terminal {
            return Ok(Zeroizing::new(rpassword::prompt_password(question)?));
        }
        self.ask(question)?.ok_or(CliError::InputEnded)
    }

    /// Entries read so far; drawn on a terminal only.
    pub(super) fn progress(&mut self, position: u64, size: u64) {
        if self.terminal && !self.json {
            // Progress that cannot be drawn is no reason to stop.
            let _ = write!(self.messages, "\rReading the record: {position} of {size} entries ");
            let _ = self.messages.flush();
        }
    }

    pub(super) fn progress_done(&mut self) {
        if self.terminal && !self.json {
            let _ = writeln!(self.messages);
        }
    }
}
