//! What a verification came to, for people and programs (VER-16): as text, as JSON and as one HTML file.

mod ceremony;
mod csv;
mod facts;
mod formats;
mod grouping;
mod html;
mod lines;
mod missing;
mod nist;
mod outcome;
mod overrides;
mod policy;
mod results;
mod story;
mod text;
mod trustees;
pub(crate) mod words;

pub use ceremony::{
    CeremonyFacts, ComplaintFacts, DepartureFacts, RehearsalFacts, RetirementFacts, StageEndFacts, StageFacts,
    StepFacts,
};
pub use csv::CsvTable;
pub use facts::{
    DecryptionFacts, ElectionFacts, Figures, LogFacts, TrusteeFacts, UnitTurnout, WaiverFacts, WrongDecryption,
};
pub use formats::FormatError;
pub use grouping::{GroupingFacts, SmallUnit, WeightFacts};
pub use outcome::Table;
pub use overrides::OverrideFacts;
pub use policy::PolicyFacts;
pub use results::{ContestResult, GroupResult, SlotTotal};
pub use story::Happening;

use crate::{
    Options,
    checks::{CheckId, Checks},
    replay::Stop,
    verdict::{ExitCode, Verdict},
};
use protocol::{Election, Manifest, ids::Minutes};
use serde::Serialize;
use words::thousands;

/// Name and version of the JSON form.
pub const FORMAT: &str = "vitrine/1/report";

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All it has to look at is there and right.
    Passed,
    /// It found the failure.
    Failed,
    /// The record, or the verifier, stopped before its end.
    NotReached,
}

/// One line of the list of checks.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// From 1.
    pub number: u8,
    /// Its short name.
    pub check: CheckId,
    /// What it checks.
    pub title: &'static str,
    /// Where it stands.
    pub status: Status,
    /// How many things it found right.
    pub done: u64,
    /// How many there are, if that is known.
    pub total: Option<u64>,
    /// What it counts.
    pub unit: &'static str,
}

impl CheckReport {
    /// "10,742 of 10,742 ballots".
    pub fn count(&self) -> String {
        match self.total {
            Some(total) => format!("{} of {} {}", thousands(self.done), thousands(total), self.unit),
            None => format!("{} {}", thousands(self.done), self.unit),
        }
    }
}

/// Everything a verification found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The first line: the verdict in words, and whether the record was compared with a fingerprint.
    pub headline: String,
    /// The verdict.
    pub verdict: Verdict,
    /// F of the record, if it has a manifest.
    pub fingerprint: Option<String>,
    /// Whether F was compared with one that the reader gave.
    pub compared: bool,
    /// Weaker settings that the manifest admits.
    pub waivers: Vec<WaiverFacts>,
    /// What the witness policy asks for and bears; none if the record has no manifest.
    pub witness_policy: Option<PolicyFacts>,
    /// What weights give away; none where every ballot counts 1.
    pub weights: Option<WeightFacts>,
    /// Every check, in order.
    pub checks: Vec<CheckReport>,
    /// What was voted on and by whom it was held.
    pub election: Option<ElectionFacts>,
    /// Totals that were recomputed; none if the record is invalid.
    pub results: Vec<ContestResult>,
    /// Units that were added up together, or whose ballots are not decrypted, and why.
    pub grouping: Vec<GroupingFacts>,
    /// Counts.
    pub figures: Option<Figures>,
    /// Rows whose voters voted in person, by row.
    pub overrides: Vec<OverrideFacts>,
    /// What became of the key ceremony.
    pub ceremony: Option<CeremonyFacts>,
    /// Who decrypted.
    pub decryptions: Vec<DecryptionFacts>,
    /// What the results are results of, for the formats of others; none where no result may be shown (REP-1).
    #[serde(skip)]
    ballot: Option<Manifest>,
    /// The closing time in force.
    #[serde(skip)]
    closing: Option<Minutes>,
}

impl Report {
    pub(crate) fn new(checks: &Checks, election: Option<&Election>, options: &Options, stop: Option<Stop>) -> Self {
        let verdict = match stop {
            Some(Stop::Wrong(failure)) => Verdict::Invalid(failure),
            Some(Stop::Unreadable { file, cause }) => Verdict::Unreadable { file, cause },
            Some(Stop::Missing(missing)) => Verdict::Incomplete { missing: vec![missing] },
            None => {
                let missing = election.map_or(Vec::new(), |election| missing::missing(election, checks));
                if missing.is_empty() { Verdict::Valid } else { Verdict::Incomplete { missing } }
            }
        };
        let trusted = matches!(verdict, Verdict::Valid | Verdict::Incomplete { .. });
        let fingerprint = election.map(|election| election.fingerprint().to_string());
        // VER-5: without a manifest there was nothing to compare.
        let compared = options.expect.is_some() && election.is_some();
        let shown = election.filter(|_| trusted);
        Self {
            format: FORMAT,
            headline: headline(&verdict, fingerprint.as_deref(), compared),
            waivers: election.map_or(Vec::new(), |election| facts::waivers(election.manifest())),
            witness_policy: election.and_then(|election| policy::facts(election.manifest(), options.policy.as_ref())),
            weights: shown.and_then(WeightFacts::of),
            checks: list(checks, &verdict),
            election: election.map(|election| facts::election(election, checks)),
            results: shown.map_or(Vec::new(), |election| results::results(election, checks)),
            grouping: shown.map_or(Vec::new(), |election| grouping::facts(election, checks)),
            figures: shown.map(|election| facts::figures(election, checks)),
            overrides: shown.map_or(Vec::new(), |election| overrides::facts(election, checks)),
            ceremony: shown.map(|election| ceremony::facts(election, checks)),
            decryptions: shown.map_or(Vec::new(), |election| facts::decryptions(election, checks)),
            ballot: shown.map(|election| election.manifest().clone()),
            closing: shown.map(Election::closing_time),
            verdict,
            fingerprint,
            compared,
        }
    }

    /// What a program that verified answers to its caller.
    pub fn exit_code(&self) -> ExitCode {
        self.verdict.exit_code()
    }

    /// The report as JSON (VER-18).
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report has only text keys and plain values")
    }
}

fn list(checks: &Checks, verdict: &Verdict) -> Vec<CheckReport> {
    let failed = if let Verdict::Invalid(failure) = verdict { Some(failure.check) } else { None };
    (1..)
        .zip(CheckId::ALL)
        .map(|(number, check)| {
            let (title, unit) = check.words();
            let count = checks.count(check);
            let status = match failed {
                Some(failed) if failed == check => Status::Failed,
                _ if count.passed => Status::Passed,
                _ => Status::NotReached,
            };
            CheckReport { number, check, title, status, done: count.done, total: count.total, unit }
        })
        .collect()
}

/// VER-5: who gave no fingerprint is told so before anything else.
fn headline(verdict: &Verdict, fingerprint: Option<&str>, compared: bool) -> String {
    let warning = match fingerprint {
        Some(fingerprint) if compared => format!("It is of the election with the expected fingerprint {fingerprint}."),
        Some(fingerprint) => {
            format!("It was NOT compared with a fingerprint that you trust; its own is {fingerprint}.")
        }
        None => "It was NOT compared with a fingerprint: it has no manifest.".into(),
    };
    match verdict {
        Verdict::Incomplete { .. } if fingerprint.is_none() => {
            format!("INCOMPLETE: there is no manifest, so nothing could be checked. {warning}")
        }
        Verdict::Valid if compared => format!("VALID: every check passed. {warning}"),
        Verdict::Valid => format!("CONSISTENT: the record agrees with itself in every check. {warning}"),
        Verdict::Incomplete { missing } => {
            format!("INCOMPLETE: all that is there is right, but {} missing. {warning}", count_missing(missing))
        }
        Verdict::Invalid(failure) => format!("INVALID: {failure}"),
        Verdict::Unreadable { file, cause } => format!("UNREADABLE: {file}: {cause}"),
    }
}

fn count_missing(missing: &[String]) -> String {
    match missing {
        [one] => format!("{one} is"),
        more => format!("{} things are", more.len()),
    }
}
