//! `vitrine verify`: one record, every check, one answer.

use crate::{
    console::Console,
    failure::Failure,
    place::{Place, PlaceError, Remote},
};
use board_api::{flags::ReadingFlags, record::CopyError};
use clap::Args;
use indicatif::ProgressBar;
use jiff::{Timestamp, Unit};
use protocol::ids::ElectionFingerprint;
use rand::rngs::OsRng;
use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use trustee_tools::record::{Verified, remember};
use verifier::{ExitCode, Folder, FormatError, Options, Progress, Report, Stage};

/// Check a whole record: from a folder, or from the board that holds the election.
///
/// Exit codes: 0 valid, 1 invalid, 2 usage, 3 unreadable or out of reach, 4 incomplete, 5 refused for safety.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A folder, or an address such as `http://127.0.0.1:7878/e/<fingerprint>`, or `file:///folder/e/<fingerprint>` for a folder that a board
    /// publishes into
    #[arg(value_name = "URL|FOLDER")]
    record: String,
    /// The election's fingerprint, got by a way the record's keepers do not control; without it the record is only shown to agree
    /// with itself
    #[arg(long, value_name = "FINGERPRINT")]
    expect: Option<ElectionFingerprint>,
    /// Write the report as one self-contained page, with bar charts, to a new file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the results as a table in the layout of OpenElections to a new file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the results in the common data format of NIST SP 1500-100, version 2 (JSON), to a new file
    #[arg(long, value_name = "FILE")]
    nist: Option<PathBuf>,
    /// Save the board's record into a new folder first, and check that copy
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
    #[command(flatten)]
    flags: ReadingFlags,
}

/// Runs it.
pub(crate) async fn run(arguments: Arguments, console: &Console) -> Result<ExitCode, Failure> {
    let Arguments { record, expect, html, csv, nist, save, flags } = arguments;
    let options = Options { expect, policy: flags.policy().map_err(PlaceError::from)? };
    let files = Files { html, csv, nist };
    files.check()?;
    let place = match (Place::find(&record, expect.as_ref(), &flags).await?, save) {
        (Place::Board(remote), Some(folder)) => {
            save_to(&remote, &folder, console).await?;
            Place::Folder(folder)
        }
        (Place::Folder(_) | Place::Copy(_), Some(_)) => {
            let text = "--save saves the record of a board; this record is in a folder already";
            return Err(Failure::new(ExitCode::Usage, text));
        }
        (place, None) => place,
    };
    let (report, memory) = judge(place, options, console).await?;
    let notes = files.write(&report)?;
    console.result(if console.json() { report.json() } else { report.text().trim_end().to_owned() });
    for note in notes {
        console.note(format_args!("{note}"));
    }
    memory.map_err(|fault| Failure::of(of_memory(&fault), &fault))?;
    Ok(report.exit_code())
}

fn of_memory(fault: &CopyError) -> ExitCode {
    match fault {
        CopyError::Record(_) | CopyError::Older { .. } => ExitCode::Invalid,
        CopyError::Memory(_) => ExitCode::Unreadable,
    }
}

/// Verifies, against the fingerprint alone.
pub(crate) async fn check(
    place: Place,
    expect: Option<ElectionFingerprint>,
    console: &Console,
) -> Result<Report, Failure> {
    let options = Options { expect, ..Options::default() };
    Ok(judge(place, options, console).await?.0)
}

/// Verifies on a thread of its own; the runtime stays free for what the record is fetched with. What came from a board must besides extend
/// what was read of the election before (LOG-29); a folder is judged by itself.
async fn judge(place: Place, options: Options, console: &Console) -> Result<(Report, Result<(), CopyError>), Failure> {
    let bar = console.bar("verifying", 0);
    let shown = bar.clone();
    let verifying = tokio::task::spawn_blocking(move || {
        let progress = |progress| show(&shown, progress);
        match &place {
            Place::Folder(folder) => (verifier::verify(&Folder::new(folder), &options, progress, &mut OsRng), Ok(())),
            Place::Copy(copy) => (verifier::verify(copy, &options, progress, &mut OsRng), Ok(())),
            Place::Board(remote) => {
                let (report, election) = verifier::verify_election(remote, &options, progress, &mut OsRng);
                let (Some(election), Some(memory)) = (election, &remote.client().read_options().memory) else {
                    return (report, Ok(()));
                };
                let verified = Verified { election, report };
                let kept = if verified.is_witnessed() {
                    remember(memory, &verified, options.policy.as_ref(), remote)
                } else {
                    Ok(())
                };
                (verified.report, kept)
            }
        }
    });
    let report = verifying.await;
    bar.finish_and_clear();
    report.map_err(|error| Failure::new(ExitCode::Unreadable, format_args!("the verifier ended early: {error}")))
}

/// Saves a board's record.
pub(crate) async fn save_to(remote: &Remote, folder: &Path, console: &Console) -> Result<(), Failure> {
    let bar = console.bar("saving", 0);
    let saved = remote
        .save(folder, |done| {
            bar.set_length(done);
            bar.set_position(done);
        })
        .await;
    bar.finish_and_clear();
    Ok(saved?)
}

/// The files that were asked for.
struct Files {
    html: Option<PathBuf>,
    csv: Option<PathBuf>,
    nist: Option<PathBuf>,
}

impl Files {
    /// Before anything is fetched or computed: every file is a new one, and no two are the same.
    fn check(&self) -> Result<(), Failure> {
        let files: Vec<&PathBuf> = [&self.html, &self.csv, &self.nist].into_iter().flatten().collect();
        if let Some(path) = files.iter().find(|path| path.exists()) {
            let text = format_args!("{} is there already; name a new file for the report", path.display());
            return Err(Failure::new(ExitCode::Refused, text));
        }
        let twice =
            files.iter().enumerate().find(|(place, path)| files.iter().take(*place).any(|other| other == *path));
        match twice {
            Some((_, path)) => {
                let text = format_args!("{} is named for two reports; name a file for each", path.display());
                Err(Failure::new(ExitCode::Usage, text))
            }
            None => Ok(()),
        }
    }

    /// Writes them, and says what was written. A report without results gives a page, but no table and no JSON of results (REP-1).
    fn write(&self, report: &Report) -> Result<Vec<String>, Failure> {
        let mut notes = Vec::new();
        if let Some(path) = &self.html {
            write_html(report, path)?;
            notes.push(format!("report: {}", path.display()));
        }
        if let Some(path) = &self.csv {
            let table = report.csv();
            // REP-14: whoever compares names with the ballot's must know.
            let defused = match &table {
                Ok(table) if table.defused > 0 => {
                    format!(
                        " ({} cells have an apostrophe so that no spreadsheet reads them as a formula)",
                        table.defused
                    )
                }
                _ => String::new(),
            };
            notes.push(write_results(table.map(|table| table.text), path)? + &defused);
        }
        if let Some(path) = &self.nist {
            let now = Timestamp::now().round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH);
            notes.push(write_results(report.nist(now), path)?);
        }
        Ok(notes)
    }
}

/// Writes results where there are any; where there are none the verdict has said why, and the note says that there is no file.
fn write_results(results: Result<String, FormatError>, path: &Path) -> Result<String, Failure> {
    match results {
        Ok(text) => {
            write_new(path, text.as_bytes())?;
            Ok(format!("results: {}", path.display()))
        }
        Err(error) => Ok(format!("{} was not written: {error}", path.display())),
    }
}

/// Writes the page.
pub(crate) fn write_html(report: &Report, path: &Path) -> Result<(), Failure> {
    write_new(path, report.html().as_bytes())
}

/// Writes a file over nothing: whoever mistypes a name must not lose a keystore (VER-2).
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let code = match error.kind() {
            io::ErrorKind::AlreadyExists => ExitCode::Refused,
            _ => ExitCode::Unreadable,
        };
        Failure::new(code, format_args!("{}: {error}", path.display()))
    };
    let mut file = File::create_new(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_prefix(match progress.stage {
        Stage::Entries => "verifying",
        Stage::Sums => "adding up",
    });
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}
