//! `vitrine evidence check`: what a file of evidence shows, to whoever holds it (EVD-13); and `two-messages`, which makes one (EVD-19).

mod two_messages;

use crate::{console::Console, failure::Failure};
use clap::{Args, Subcommand};
use protocol::{
    Evidence,
    evidence::{Finding, MAX_EVIDENCE_BYTES},
    ids::ElectionFingerprint,
};
use serde::Serialize;
use std::{
    fmt::Write as _,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};
use verifier::{ExitCode, plain};

/// What to do with evidence.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    TwoMessages(two_messages::TwoMessages),
}

/// Check a file of evidence: it shows by itself who broke which rule, or it does not. No network, no trust in whoever made it.
///
/// Exit codes: 0 proved, 1 it does not hold, or is about another election, 3 unreadable, 4 not proved by the file alone.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The file
    file: PathBuf,
    /// The election's fingerprint, as you know it; without it the file is only shown to convict somebody in some election
    #[arg(long, value_name = "FINGERPRINT")]
    expect: Option<ElectionFingerprint>,
}

/// Runs it.
pub(crate) async fn run(command: Command, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(Check { file, expect }) => check(&file, expect, console),
        Command::TwoMessages(arguments) => two_messages::run(&arguments, console).await,
    }
}

fn check(file: &Path, expect: Option<ElectionFingerprint>, console: &Console) -> Result<ExitCode, Failure> {
    let bytes = read(file)?;
    let evidence = Evidence::decode(&bytes).map_err(|fault| refused(file, &fault))?;
    if let Some(expected) = expect.filter(|expected| *expected != evidence.election()) {
        let found = evidence.election();
        return Err(refused(file, &format_args!("EVD-2: it is about the election {found}, not {expected}")));
    }
    let finding = evidence.check().map_err(|fault| refused(file, &fault))?;
    let told = Told::of(&finding, expect.is_some());
    console.result(if console.json() { told.json() } else { told.text() });
    Ok(if finding.is_proved() { ExitCode::Valid } else { ExitCode::Incomplete })
}

fn refused(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    let text = format_args!("{}: this convicts nobody: {}", file.display(), plain(&why.to_string()));
    Failure::new(ExitCode::Invalid, text)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::new(ExitCode::Unreadable, format_args!("{}: {error}", path.display()));
    let limit = u64::try_from(MAX_EVIDENCE_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    // One byte more than there may be: then the reader says by which rule it is refused.
    File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}

/// A finding as it is told.
#[derive(Serialize)]
struct Told {
    proved: bool,
    kind: &'static str,
    election: String,
    /// Whether the election was compared with what the user knows.
    compared: bool,
    culprits: Vec<ToldCulprit>,
    /// EVD-18.
    #[serde(skip_serializing_if = "Option::is_none")]
    cleared: Option<ToldCleared>,
    shown: Vec<String>,
    open: Vec<String>,
    #[serde(skip)]
    title: String,
}

#[derive(Serialize)]
struct ToldCulprit {
    role: String,
    name: String,
    key: String,
}

#[derive(Serialize)]
struct ToldCleared {
    trustee: u32,
    name: String,
    stage: u32,
    #[serde(skip)]
    text: String,
}

impl Told {
    fn of(finding: &Finding, compared: bool) -> Self {
        // Names come from a manifest that nobody may have admitted.
        let told = |texts: &[String]| texts.iter().map(|text| plain(text).to_string()).collect();
        let culprits = finding.culprits.iter().map(|culprit| ToldCulprit {
            role: culprit.role.to_string(),
            name: plain(&culprit.name).to_string(),
            key: plain(&culprit.key.to_string()).to_string(),
        });
        Self {
            proved: finding.is_proved(),
            kind: finding.kind.name(),
            election: finding.election.to_string(),
            compared,
            culprits: culprits.collect(),
            cleared: finding.cleared.as_ref().map(|cleared| ToldCleared {
                trustee: cleared.trustee,
                name: plain(&cleared.name).to_string(),
                stage: cleared.stage,
                text: plain(&cleared.to_string()).to_string(),
            }),
            shown: told(&finding.shown),
            open: told(&finding.open),
            title: finding.kind.to_string(),
        }
    }

    fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and flags can be written as JSON")
    }

    fn text(&self) -> String {
        let verdict = if self.proved { "PROVED" } else { "NOT PROVED BY THE FILE ALONE" };
        let mut text = format!("{verdict}: {}\n", self.title);
        // Writing to a text cannot fail.
        let mut list = |title: &str, lines: &[String]| {
            if !lines.is_empty() {
                let _ = writeln!(text, "{title}");
            }
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        };
        list("What the file shows:", &self.shown);
        list("What it does not show by itself:", &self.open);
        let culprits: Vec<String> = self
            .culprits
            .iter()
            .map(|culprit| format!("{} {}, key {}", culprit.role, culprit.name, culprit.key))
            .collect();
        list("Convicted:", &culprits);
        let cleared: Vec<String> = self.cleared.iter().map(|cleared| cleared.text.clone()).collect();
        list("Cleared:", &cleared);
        let election = if self.compared {
            format!("{}, as expected", self.election)
        } else {
            format!("{}: compare it with the fingerprint you know, nothing was compared", self.election)
        };
        list("Election:", &[election]);
        text.trim_end().to_owned()
    }
}
