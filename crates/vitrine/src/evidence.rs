//! `vitrine evidence check`: what a file of evidence shows, to whoever holds it (EVD-13); and `two-messages`, which makes one (EVD-19).

mod two_messages;

use crate::{console::Console, failure::Failure, place::PlaceError};
use board_api::{
    dispute::{
        ShownLog,
        reading::{ReadingFault, show_board, show_folder},
    },
    flags::ReadingFlags,
};
use clap::{Args, Subcommand};
use protocol::{
    Evidence,
    evidence::{Finding, MAX_EVIDENCE_BYTES, TrialOutcome},
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
    /// A folder with the record: of a promise that clears a trustee it shows whether the message would have counted
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// The same, from a board
    #[arg(long, value_name = "URL", conflicts_with = "record")]
    board: Option<String>,
    #[command(flatten)]
    flags: ReadingFlags,
}

impl Check {
    /// EVD-18: what the record says of the message that it lacks, if a record is named and the file clears somebody.
    async fn tried(&self, finding: &Finding) -> Result<Option<ByRecord>, Failure> {
        let Some(cleared) = finding.cleared.as_ref().filter(|_| self.record.is_some() || self.board.is_some()) else {
            return Ok(None);
        };
        let log = ShownLog::new(finding.election).trying(cleared);
        let place = (self.record.as_deref(), self.board.as_deref());
        let log = shown(log, &finding.election, place, &self.flags).await?;
        Ok(Some(ByRecord::of(log.tried())))
    }
}

/// Shows a log every entry of a record.
async fn shown(
    mut log: ShownLog,
    election: &ElectionFingerprint,
    (record, board): (Option<&Path>, Option<&str>),
    flags: &ReadingFlags,
) -> Result<ShownLog, Failure> {
    let shown = match record {
        Some(folder) => show_folder(folder, &mut log),
        None => {
            let client = flags.client(board.unwrap_or_default()).map_err(PlaceError::from)?;
            show_board(&client, election, &mut log, |_, _| {}).await
        }
    };
    shown.map_err(|fault| {
        let code = match fault {
            ReadingFault::Record(_) | ReadingFault::Dispute(_) => ExitCode::Invalid,
            ReadingFault::Board(_) | ReadingFault::File { .. } => ExitCode::Unreadable,
        };
        Failure::of(code, &fault)
    })?;
    Ok(log)
}

/// Runs it.
pub(crate) async fn run(command: Command, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(arguments) => check(&arguments, console).await,
        Command::TwoMessages(arguments) => two_messages::run(&arguments, console).await,
    }
}

async fn check(arguments: &Check, console: &Console) -> Result<ExitCode, Failure> {
    let Check { file, expect, .. } = arguments;
    let bytes = read(file)?;
    let evidence = Evidence::decode(&bytes).map_err(|fault| refused(file, &fault))?;
    if let Some(expected) = expect.filter(|expected| *expected != evidence.election()) {
        let found = evidence.election();
        return Err(refused(file, &format_args!("EVD-2: it is about the election {found}, not {expected}")));
    }
    let finding = evidence.check().map_err(|fault| refused(file, &fault))?;
    let told = Told { by_record: arguments.tried(&finding).await?, ..Told::of(&finding, expect.is_some()) };
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
    #[serde(skip_serializing_if = "Option::is_none")]
    by_record: Option<ByRecord>,
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

/// What a record says of the promised message.
#[derive(Serialize)]
struct ByRecord {
    /// `valid`, `partial`, `refused`, or `unknown` if the record does not go so far.
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl ByRecord {
    fn of(outcome: Option<&TrialOutcome>) -> Self {
        let why = |why: &dyn std::fmt::Display| Some(plain(&why.to_string()).to_string());
        match outcome {
            Some(TrialOutcome::Valid) => Self { message: "valid", why: None },
            Some(TrialOutcome::Partial) => Self { message: "partial", why: None },
            Some(TrialOutcome::Refused(rejection)) => Self { message: "refused", why: why(rejection) },
            None => Self { message: "unknown", why: None },
        }
    }

    fn text(&self) -> String {
        match (self.message, &self.why) {
            ("valid", _) => {
                "The message would have counted in its place: with it the trustee would not have been silent."
                    .to_owned()
            }
            ("partial", _) => {
                "The message would have counted in its place, and the stage asked for more than it.".to_owned()
            }
            (_, Some(why)) => format!("The message would not have counted: {why}"),
            _ => "The record does not go as far as the promised place.".to_owned(),
        }
    }
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
            by_record: None,
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
        let by_record: Vec<String> = self.by_record.iter().map(ByRecord::text).collect();
        list("By the record:", &by_record);
        let election = if self.compared {
            format!("{}, as expected", self.election)
        } else {
            format!("{}: compare it with the fingerprint you know, nothing was compared", self.election)
        };
        list("Election:", &[election]);
        text.trim_end().to_owned()
    }
}
