//! What the demo shows in the end: the totals beside a plain count, the verification, the forgery, and how to go on by hand.

use super::{
    culprit::Culprit,
    faults::Fault,
    folder::DemoFolder,
    paper::Poll,
    tamper::Forgery,
    totals::Line,
    try_out::{self, TryOut},
    voting::Turnout,
    witnesses::QUORUM,
};
use crate::console::{Console, seconds};
use protocol::{counting::Outcome, ids::ElectionFingerprint};
use serde::Serialize;
use std::{fmt::Write as _, sync::Arc, time::Duration};
use verifier::plain;
use verifier::{ExitCode, Report, Verdict};

/// Name and version of the JSON form.
const FORMAT: &str = "vitrine/1/demo";

/// Everything there is to say.
pub(crate) struct Summary {
    pub(crate) folder: DemoFolder,
    pub(crate) fingerprint: ElectionFingerprint,
    pub(crate) poll: Arc<Poll>,
    pub(crate) turnout: Turnout,
    pub(crate) report: Report,
    pub(crate) forgery: Option<(Forgery, Report)>,
    /// The fault that was to be shown.
    pub(crate) fault: Option<Fault>,
    /// The election that is left open, if the board goes on serving.
    pub(crate) try_out: Option<TryOut>,
}

/// The JSON form.
#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    /// What kind of contest the ballots were cast in, as `--as` calls it.
    cast_as: String,
    contest: &'a str,
    fingerprint: String,
    board: &'a str,
    folder: String,
    ballots: u64,
    replaced: u64,
    audits: u64,
    audits_published: u64,
    /// How many rows were not in normal form; nothing where only the first column is read.
    rows_changed: Option<usize>,
    totals: Vec<Line>,
    /// Who won, as the verifier found it.
    outcome: Option<&'a Outcome>,
    /// Whether the columns are the same, and the winner.
    agrees: bool,
    verdict: &'static str,
    /// The witnesses under the record's checkpoint, with the times they state in seconds since 1970.
    witnesses: &'a [(String, u64)],
    /// The witness that was stopped halfway.
    witness_stopped: Option<&'static str>,
    /// The trustee at fault, as the report names it; nothing if there is none, or it is not named.
    culprit: Option<Culprit<'a>>,
    /// Why the forged copy is refused; nothing if it was not.
    forgery_refused: Option<&'a verifier::Failure>,
    /// The election that is open on the board; nothing unless it goes on serving.
    try_out: Option<try_out::Document>,
    milliseconds: u128,
}

impl Summary {
    fn witnesses(&self) -> &[(String, u64)] {
        self.report.election.as_ref().map_or(&[], |facts| facts.witnesses.as_slice())
    }

    /// What is wrong with the forged copy.
    fn refusal(&self) -> Option<&verifier::Failure> {
        match self.forgery.as_ref().map(|(_, report)| &report.verdict) {
            Some(Verdict::Invalid(failure)) => Some(failure),
            _ => None,
        }
    }

    /// Who was at fault, by the report.
    fn culprit(&self) -> Option<Culprit<'_>> {
        Culprit::named(&self.report, self.fault?)
    }

    /// The record is valid, its totals are those of the plain count, the forgery was refused, and whoever was at fault is named.
    fn exit_code(&self) -> ExitCode {
        let named = self.fault.is_none() || self.culprit().is_some();
        let good = self.report.verdict == Verdict::Valid && self.agrees() && self.refusal().is_some() && named;
        if good { ExitCode::Valid } else { ExitCode::Invalid }
    }

    /// Prints all of it.
    pub(crate) fn print(&self, board: &str, took: Duration, console: &Console) -> ExitCode {
        if console.json() {
            let document = Document {
                format: FORMAT,
                cast_as: self.poll.paper.to_string(),
                contest: &self.poll.table.contest,
                fingerprint: self.fingerprint.to_string(),
                board,
                folder: self.folder.path().display().to_string(),
                ballots: self.turnout.ballots,
                replaced: self.turnout.replaced,
                audits: self.turnout.audits,
                audits_published: self.turnout.published,
                rows_changed: self.poll.changed(),
                totals: self.lines(),
                outcome: self.outcome(),
                agrees: self.agrees(),
                verdict: self.report.verdict.word(),
                witnesses: self.witnesses(),
                witness_stopped: self.turnout.stopped,
                culprit: self.culprit(),
                forgery_refused: self.refusal(),
                try_out: self.try_out.as_ref().map(TryOut::document),
                milliseconds: took.as_millis(),
            };
            console.result(serde_json::to_string_pretty(&document).unwrap_or_default());
        } else {
            let text = self.text(board, took);
            console.result(text.unwrap_or_default().trim_end());
        }
        self.exit_code()
    }

    fn text(&self, board: &str, took: Duration) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let to = &mut text;
        self.totals(to)?;
        // The verdict and the list of checks; the rest of the report stands on its page.
        let report = self.report.text();
        let parts: Vec<&str> = report.split("\n\n").take(2).collect();
        writeln!(to, "\nTHE RECORD, VERIFIED\n{}", parts.join("\n").trim_end())?;
        match self.culprit() {
            Some(culprit) => culprit.write(to)?,
            None if self.fault.is_some() => writeln!(to, "\nWHO WAS AT FAULT IS NOT NAMED BY THE RECORD")?,
            None => {}
        }
        self.witnessed(to)?;
        self.forged(to)?;
        writeln!(to, "\nThe whole election took {}.", seconds(took))?;
        self.by_hand(board, to)?;
        Ok(text)
    }

    fn witnessed(&self, to: &mut String) -> std::fmt::Result {
        if self.witnesses().is_empty() {
            return Ok(());
        }
        writeln!(to, "\nTHE WITNESSES")?;
        for (name, time) in self.witnesses() {
            let stated = i64::try_from(*time).ok().and_then(|time| jiff::Timestamp::from_second(time).ok());
            let stated = stated.map_or("?".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
            writeln!(to, "  {:<12}cosigned the record's checkpoint at {stated}", plain(name))?;
        }
        if let Some(name) = self.turnout.stopped {
            writeln!(to, "  {name:<12}was stopped halfway; {QUORUM} are the quorum, and nothing stopped")?;
        }
        writeln!(
            to,
            "The clock of board and witnesses was put forward to the closing time, so that nobody had to wait for it."
        )
    }

    fn forged(&self, to: &mut String) -> std::fmt::Result {
        let Some((forgery, report)) = &self.forgery else { return Ok(()) };
        let name = |slot: usize| plain(self.poll.table.options.get(slot).map_or("blank", String::as_str));
        let Verdict::Invalid(failure) = &report.verdict else {
            return writeln!(to, "\nA FORGED COPY WAS NOT REFUSED: {}", plain(&report.headline));
        };
        writeln!(to, "\nA FORGED COPY, REFUSED")?;
        writeln!(
            to,
            "In {} the board itself moves {} from {} to {}, computes every hash anew, and signs with its real key.",
            self.folder.tampered().display(),
            self.poll.paper.units(forgery.moved),
            name(forgery.from),
            name(forgery.to)
        )?;
        writeln!(to, "  rule      {}: {}", failure.rule, plain(failure.text))?;
        if let Some(entry) = failure.entry {
            writeln!(to, "  entry     {entry}")?;
        }
        writeln!(to, "  expected  {}", plain(&failure.expected))?;
        writeln!(to, "  found     {}", plain(&failure.found))
    }
}
