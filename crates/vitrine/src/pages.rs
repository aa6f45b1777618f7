//! `vitrine pages`: the pages for browsers, outside a browser: saved for another web server (WEB-33), and compared with what a server gives
//! (WEB-34).

use crate::{
    console::Console,
    failure::{Failure, OrFail as _},
    place::PlaceError,
};
use board_api::{BoardClient, ClientError, ClientOptions};
use bulletin_board::pages::{
    self, Bundle, Comparison, ComparisonError, Difference, Finding, SavedError, compare_saved, compare_served, saved,
};
use clap::{Args, Subcommand};
use protocol::{Manifest, ids::ElectionFingerprint};
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use verifier::{ExitCode, plain};

/// What to do with pages.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Save(Save),
    Check(Check),
}

/// Save the pages of an election into a folder, for any web server.
///
/// Exit codes: 0 saved, 2 usage, 3 out of reach or another bundle than the manifest's, 5 refused because something is there.
#[derive(Args, Debug)]
pub(crate) struct Save {
    /// A new or empty folder
    folder: PathBuf,
    #[command(flatten)]
    election: ElectionFlags,
}

/// Compare the pages that a server gives out with those that the election's manifest names, byte for byte.
///
/// Exit codes: 0 the same, 1 something differs, 2 usage, 3 out of reach, no pages there, or another bundle than the manifest's.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Address of a board or mirror; with --saved, of the folder that has a copy made by `pages save`
    #[arg(value_name = "URL")]
    address: String,
    /// It is a copy on another web server; --board names the boards it was made for, in the same order
    #[arg(long, requires = "board")]
    saved: bool,
    #[command(flatten)]
    election: ElectionFlags,
}

#[derive(Args, Debug)]
struct ElectionFlags {
    /// A board that takes ballots, as `https://board.example`; may be given again. The first one is asked for the manifest
    #[arg(long, value_name = "URL")]
    board: Vec<String>,
    /// The election's fingerprint, as the letters have it
    #[arg(long, value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    /// Certificates (PEM) that vouch for https addresses, in the place of the platform's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

/// What the pages are compared with.
struct Reference {
    manifest: Arc<Manifest>,
    digest: [u8; 32],
}

impl ElectionFlags {
    /// WEB-34: the manifest, checked against its fingerprint, and this program's bundle, if that is the one it names.
    async fn reference(&self, address: &str) -> Result<Reference, Failure> {
        let failed = |error: ClientError| PlaceError::Board { address: address.to_owned(), error };
        let client =
            BoardClient::with_options(address, &ClientOptions { ca_file: self.ca_file.clone() }).map_err(failed)?;
        let manifest = client.manifest(&self.election).await.map_err(failed)?;
        let Some(digest) = pages::digest() else {
            let text = "this program was compiled without the pages: run `cargo xtask web`, then build it again";
            return Err(Failure::new(ExitCode::Unreadable, text));
        };
        match &manifest.pages {
            Some(named) if named.bundle != digest => {
                let (named, own) = (hex::encode(named.bundle), hex::encode(digest));
                let text = format!(
                    "the election's manifest names the pages {named}, and this program carries {own}: use the version of the program that carries the former"
                );
                Err(Failure::new(ExitCode::Unreadable, text))
            }
            _ => Ok(Reference { manifest, digest }),
        }
    }
}

/// Runs it.
pub(crate) async fn run(command: Command, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        Command::Save(arguments) => save(arguments, console).await,
        Command::Check(arguments) => check(arguments, console).await,
    }
}

async fn save(arguments: Save, console: &Console) -> Result<ExitCode, Failure> {
    let Save { folder, election } = arguments;
    let Some(first) = election.board.first() else {
        return Err(Failure::new(ExitCode::Usage, "name a board that takes the ballots, with --board"));
    };
    let files = saved(Bundle::embedded(), &election.board).map_err(|error| not_saved(&error))?;
    let Reference { digest, manifest } = election.reference(first).await?;
    if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(PlaceError::NotEmpty(folder).into());
    }
    for (name, bytes) in &files {
        let path = folder.join(name);
        let failed = |error: io::Error| Failure::from(PlaceError::Write { path: path.clone(), error });
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        fs::write(&path, bytes).map_err(failed)?;
    }
    let fingerprint = &election.election;
    let names = files.keys().collect::<Vec<_>>();
    if console.json() {
        console.result(json!({ "election": fingerprint.to_string(), "digest": hex::encode(digest), "files": names }));
        return Ok(ExitCode::Valid);
    }
    console.result(format!("{} files of the pages {} are in {}", names.len(), hex::encode(digest), folder.display()));
    for page in [pages::VOTE, pages::OBSERVE].into_iter().filter(|page| files.contains_key(*page)) {
        console.result(format!("open {page}#{fingerprint}"));
    }
    if manifest.pages.is_none() {
        console.note("the election's manifest names no pages: nobody but you vouches for these");
    }
    console.note("let the web server send the headers of WEB-21 to WEB-24 too, and check the copy with `vitrine pages check URL --saved`");
    Ok(ExitCode::Valid)
}

fn not_saved(error: &SavedError) -> Failure {
    let code = match error {
        SavedError::Board(_) | SavedError::Boards(_) => ExitCode::Usage,
        SavedError::Page(_) => ExitCode::Unreadable,
    };
    Failure::of(code, error)
}

async fn check(arguments: Check, console: &Console) -> Result<ExitCode, Failure> {
    let Check { address, saved, election } = arguments;
    let reference = election.reference(election.board.first().unwrap_or(&address)).await?;
    let boards = reference.manifest.pages.as_ref().map(|pages| pages.boards.clone()).unwrap_or_default();
    let (bundle, ca_file) = (Bundle::embedded(), election.ca_file.as_deref());
    let compared = if saved {
        compare_saved(bundle, &address, &election.board, ca_file).await
    } else {
        compare_served(bundle, &address, &election.election, &boards, ca_file).await
    };
    let comparison = match compared {
        Err(ComparisonError::Saved(error)) => return Err(not_saved(&error)),
        Err(error @ ComparisonError::Address(_)) => return Err(Failure::of(ExitCode::Usage, &error)),
        compared => compared.or_fail()?,
    };
    if comparison.is_without_pages() {
        let text = format!("{address} gives none of the pages of election {}", election.election);
        return Err(Failure::new(ExitCode::Unreadable, text));
    }
    tell(&comparison, &reference, &election.election, console);
    Ok(if comparison.findings.is_empty() { ExitCode::Valid } else { ExitCode::Invalid })
}

fn tell(comparison: &Comparison, reference: &Reference, election: &ElectionFingerprint, console: &Console) {
    let (digest, named) = (hex::encode(reference.digest), reference.manifest.pages.is_some());
    if console.json() {
        let finding = |finding: &Finding| json!({ "path": finding.path, "expected": hex::encode(finding.expected), "difference": words(&finding.difference) });
        let findings: Vec<_> = comparison.findings.iter().map(finding).collect();
        console.result(json!({
            "election": election.to_string(), "digest": digest, "named": named, "files": comparison.asked, "findings": findings,
        }));
        return;
    }
    let whose = if named {
        "which the election's manifest names"
    } else {
        "which this program carries; the election's manifest names none"
    };
    if comparison.findings.is_empty() {
        console.result(format!("all {} files are those of the pages {digest}, {whose}", comparison.asked));
        return;
    }
    console.result(format!("this server does NOT give the pages {digest}, {whose}:"));
    for finding in &comparison.findings {
        console.result(format!("  {}: {}", finding.path, words(&finding.difference)));
    }
}

fn words(difference: &Difference) -> String {
    match difference {
        Difference::Status(status) => format!("is not given, status {status}"),
        Difference::Bytes(Some(found)) => format!("is another file, with SHA-256 {}", hex::encode(found)),
        Difference::Bytes(None) => "is another file, longer than it should be or damaged".to_owned(),
        Difference::Coding(coding) => {
            format!("comes in the coding {:?}, which this program does not read", plain(coding))
        }
        Difference::Header(name, found) if found.is_empty() => format!("comes without the header {name}"),
        Difference::Header(name, found) => format!("comes with another header {name}: {}", plain(found)),
        Difference::Target(target) => format!("leads elsewhere: {:?}", plain(target)),
    }
}
