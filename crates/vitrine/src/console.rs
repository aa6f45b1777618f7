//! What a person and a program see: results on stdout, everything else on stderr, bars only on a terminal.

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::{
    fmt::Display,
    io::{self, IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

/// How to speak; understood by every command.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// One JSON object on stdout; what happens meanwhile as JSON lines on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// No progress bars, not even on a terminal
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// The two streams, and how to use them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    options: OutputOptions,
}

/// One JSON line about what happens.
#[derive(Serialize)]
struct Event<'a> {
    event: &'a str,
    step: &'a str,
    text: &'a str,
    milliseconds: u128,
}

impl Console {
    pub(crate) fn new(options: OutputOptions) -> Self {
        Self { options }
    }

    /// Whether stderr may be coloured (<https://no-color.org>).
    pub(crate) fn colours() -> bool {
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }

    /// Whether results are JSON.
    pub(crate) fn json(&self) -> bool {
        self.options.json
    }

    /// Writes to stdout. Who closed the pipe wants no more, which is no error.
    pub(crate) fn result(&self, text: impl Display) {
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// A remark, on stderr.
    pub(crate) fn note(&self, text: impl Display) {
        if !self.options.quiet && !self.options.json {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Why nothing came of it; said even to the quiet.
    pub(crate) fn error(&self, text: impl Display) {
        let text = text.to_string();
        let line = if self.options.json {
            serde_json::json!({ "event": "error", "text": text }).to_string()
        } else {
            format!("error: {}", steady(&text))
        };
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Begins a named step of something longer.
    pub(crate) fn step(&self, name: &'static str) -> Step<'_> {
        Step { console: self, name, began: Instant::now() }
    }

    /// A bar that counts to `total`; invisible unless stderr is a terminal and bars are wanted.
    pub(crate) fn bar(&self, name: &'static str, total: u64) -> ProgressBar {
        let wanted = !(self.options.quiet || self.options.json || self.options.no_progress);
        if !(wanted && io::stderr().is_terminal()) {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
        let template = "  {prefix:<12} {bar:32} {human_pos} of {human_len}  {elapsed}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        bar.set_prefix(name);
        bar
    }
}

/// A step being done.
pub(crate) struct Step<'c> {
    console: &'c Console,
    name: &'static str,
    began: Instant,
}

impl Step<'_> {
    /// Says what came of it.
    pub(crate) fn done(self, text: impl Display) -> Duration {
        let (took, text) = (self.began.elapsed(), text.to_string());
        let Console { options } = self.console;
        if options.json && !options.quiet {
            let event = Event { event: "step", step: self.name, text: &text, milliseconds: took.as_millis() };
            let line = serde_json::to_string(&event).unwrap_or_default();
            let _ = writeln!(io::stderr().lock(), "{line}");
        } else {
            self.console.note(format_args!("  {:<12} {text}  ({})", self.name, seconds(took)));
        }
        took
    }
}

/// `0.4 s`, `83 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    if duration < Duration::from_secs(10) {
        format!("{}.{} s", duration.as_secs(), duration.subsec_millis() / 100)
    } else {
        format!("{} s", duration.as_secs())
    }
}

/// Several lines of it; what boards and files say may be among them.
fn steady(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.split('\t').map(verifier::plain).collect::<Vec<_>>().join("\t"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_as_people_read_them() {
        assert_eq!(seconds(Duration::from_millis(449)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(83_999)), "83 s");
        assert_eq!(steady("one\n\ttwo\r\u{1b}[2K\u{202e}"), "one\n\ttwo\\u{d}\\u{1b}[2K\\u{202e}");
    }
}
