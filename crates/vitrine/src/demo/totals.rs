//! The decrypted totals beside a plain count of the file, slot by slot.

use super::{officials::THRESHOLD, paper::Poll, summary::Summary};
use serde::Serialize;
use verifier::{plain, thousands};

/// One slot of the result.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) option: String,
    /// Decrypted and verified.
    pub(crate) election: Option<u64>,
    /// Counted from the file without cryptography.
    pub(crate) file: u64,
}

impl Line {
    /// All slots. A slot of the report that the plain count does not have, or has under another name, is in none of them.
    pub(super) fn all(poll: &Poll, slots: &[verifier::SlotTotal]) -> Vec<Self> {
        let options = poll.table.options.iter().map(String::as_str).chain(["blank"]);
        let total = |place: usize| slots.get(place).map(|slot| slot.total);
        let line = |(place, (option, file)): (usize, (&str, u64))| Self {
            option: option.to_owned(),
            election: total(place),
            file,
        };
        options.zip(poll.count()).enumerate().map(line).collect()
    }

    fn agrees(&self) -> bool {
        self.election == Some(self.file)
    }
}

impl Summary {
    pub(super) fn lines(&self) -> Vec<Line> {
        Line::all(&self.poll, self.report.results.first().map_or(&[][..], |contest| contest.slots.as_slice()))
    }

    /// Counted ballots, in the record.
    fn counted(&self) -> Option<u64> {
        self.report.results.first().map(|contest| contest.counted)
    }

    /// Cast ballots, in the file.
    fn in_file(&self) -> u64 {
        u64::try_from(self.poll.choices.len()).unwrap_or(u64::MAX)
    }

    /// Every slot, and as many of them as the plain count has, and the number of ballots.
    pub(super) fn agrees(&self) -> bool {
        let slots = self.report.results.first().map_or(0, |contest| contest.slots.len());
        let lines = self.lines();
        lines.len() == slots && lines.iter().all(Line::agrees) && self.counted() == Some(self.in_file())
    }

    pub(super) fn totals(&self, to: &mut String) -> std::fmt::Result {
        use std::fmt::Write as _;
        let lines = self.lines();
        let width = lines.iter().map(|line| plain(&line.option).chars().count()).max().unwrap_or(0).max(7);
        writeln!(to, "\nRESULT: {}\n", plain(&self.poll.table.contest))?;
        writeln!(to, "  {:<width$}  {:>10}  {:>14}", "", "election", self.poll.counted_as())?;
        let shown = |total: Option<u64>| total.map_or("missing".to_owned(), thousands);
        let mut row = |name: &str, election: Option<u64>, file: u64| {
            let mark = if election == Some(file) { "" } else { "  DIFFERS" };
            writeln!(to, "  {name:<width$}  {:>10}  {:>14}{mark}", shown(election), thousands(file))
        };
        for line in &lines {
            row(&plain(&line.option), line.election, line.file)?;
        }
        row("ballots", self.counted(), self.in_file())?;
        let what = self.poll.paper.counts();
        if self.agrees() {
            writeln!(to, "\nThe totals that {THRESHOLD} trustees decrypted are those of a plain count of {what}.")?;
        } else {
            writeln!(to, "\nThe totals are NOT those of a plain count of {what}.")?;
        }
        if let Some(changed) = self.poll.changed() {
            writeln!(to, "{}.", normal_form(changed, self.poll.choices.len()))?;
        }
        Ok(())
    }
}

/// How much of the file was not in normal form.
pub(super) fn normal_form(changed: usize, rows: usize) -> String {
    let number = |number: usize| thousands(u64::try_from(number).unwrap_or(u64::MAX));
    let (changed, rows) = (number(changed), number(rows));
    format!(
        "{changed} of {rows} ballots held a repeat, a gap or an overvote before their last choice; overvotes and repeats were dropped, gaps closed"
    )
}
