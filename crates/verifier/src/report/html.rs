//! The report as one HTML file that needs nothing else: no script, no picture, no font from anywhere. Foreign names are escaped by the
//! template engine (VER-17), and a policy in the file forbids everything but its own style. Tables have captions and scopes, charts say nothing
//! that they do not, and the style serves a narrow screen and paper too (REP-40, REP-41, REP-42, REP-43).

use super::{
    Report, Status,
    results::{ContestResult, GroupResult, SlotTotal},
    trustees::{self, TrusteeRow},
    words::{percent, permille, plain, thousands},
};
use crate::verdict::Verdict;
use askama::Template;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
}

impl Page<'_> {
    fn class(&self) -> &'static str {
        match self.report.verdict {
            Verdict::Valid if !self.report.compared => "consistent",
            Verdict::Valid => "valid",
            Verdict::Invalid(_) => "invalid",
            Verdict::Incomplete { .. } => "incomplete",
            Verdict::Unreadable { .. } => "unreadable",
        }
    }

    fn status(&self, status: &Status) -> &'static str {
        match status {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::NotReached => "not reached",
        }
    }

    fn number(&self, number: &u64) -> String {
        thousands(*number)
    }

    fn trustees(&self) -> Vec<TrusteeRow> {
        trustees::rows(self.report)
    }

    fn share(&self, part: &u64, whole: &u64) -> String {
        percent(*part, *whole)
    }

    /// Width of a bar in a drawing 1000 wide: the largest total fills it.
    fn bar(&self, slot: &SlotTotal, slots: &[SlotTotal]) -> u64 {
        permille(slot.total, slots.iter().map(|slot| slot.total).max().unwrap_or(0))
    }

    /// Captions of totals (REP-40): of all groups, and of one.
    fn together(&self, contest: &ContestResult) -> String {
        let groups = contest.groups.iter().filter(|group| group.status != "withheld").count();
        match (groups, contest.groups.len()) {
            (1, 1) => "Totals".into(),
            (some, all) if some == all => "Totals of all tally groups".into(),
            (some, all) => format!("Totals of {some} of {all} tally groups"),
        }
    }

    fn alone(&self, group: &GroupResult) -> String {
        format!("Totals of tally group {}", group.group)
    }

    /// What the election's other fingerprints are.
    fn fingerprints(&self) -> Vec<(&'static str, &str)> {
        let Some(election) = &self.report.election else { return Vec::new() };
        let named = [
            ("Joint-key fingerprint", &election.joint_key),
            ("Opening fingerprint", &election.opening),
            ("Closing fingerprint", &election.closing),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }

    /// A foreign text with whatever could reorder the page made visible.
    fn plain(&self, text: &str) -> String {
        plain(text)
    }
}

impl Report {
    /// The report as one HTML file.
    pub fn html(&self) -> String {
        Page { report: self }.render().expect("the template only reads plain values")
    }
}
