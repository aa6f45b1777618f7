//! Who was at fault in the ceremony: what the verifier found in the record alone, which was told nothing of it.

use super::faults::{CULPRIT, Fault};
use serde::Serialize;
use std::fmt::Write as _;
use verifier::{Happening, Report, plain, wrapped};

/// Characters of a sentence in one line.
const WIDTH: usize = 100;

/// The trustee that the record names.
#[derive(Debug, Serialize)]
pub(crate) struct Culprit<'a> {
    trustee: u32,
    name: &'a str,
    /// `bad-dealing`, `false-complaint` or `silent`.
    reason: &'static str,
    /// The entry at which it left.
    entry: u64,
    /// What the report tells against it.
    story: Vec<&'a Happening>,
}

impl<'a> Culprit<'a> {
    /// The culprit, if the report names the one trustee that was at fault, for what it did, and speaks against nobody else.
    pub(crate) fn named(report: &'a Report, fault: Fault) -> Option<Self> {
        let (election, ceremony) = (report.election.as_ref()?, report.ceremony.as_ref()?);
        let [left] = ceremony.departures.as_slice() else { return None };
        let story: Vec<&Happening> = ceremony.story.iter().filter(|one| !one.against.is_empty()).collect();
        let right = left.trustee == CULPRIT
            && left.reason == fault.reason()
            && story.iter().all(|one| one.against == [CULPRIT]);
        let trustee = election.trustees.iter().find(|trustee| trustee.number == CULPRIT).filter(|_| right)?;
        Some(Self { trustee: CULPRIT, name: &trustee.name, reason: left.reason, entry: left.entry, story })
    }

    /// In words, for the summary.
    pub(crate) fn write(&self, to: &mut String) -> std::fmt::Result {
        // Who is absent is not convicted by that: the log may have left a message out.
        let heading =
            if self.reason == Fault::Absent.reason() { "WHO DID NOT DO ITS PART" } else { "WHO WAS AT FAULT" };
        writeln!(to, "\n{heading}, BY THE RECORD ALONE: trustee {} ({})", self.trustee, plain(self.name))?;
        for one in &self.story {
            let mut entry = one.entry.map_or_else(String::new, |entry| format!("entry {entry}"));
            for line in wrapped(&format!("{} [{}]", plain(&one.text), one.rule), WIDTH) {
                writeln!(to, "  {entry:<10}  {line}")?;
                entry.clear();
            }
        }
        writeln!(
            to,
            "The election was held without it. \"The key ceremony\" in the report, which anybody can make of the record, tells all of it."
        )
    }
}
