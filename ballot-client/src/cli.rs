//! `vitrine ballot ...`: the voter's commands. Results go to the console's output, everything else to its messages; secrets come by
//! prompt or file, never by argument or environment.

mod asking;
mod casting;
mod console;
mod disputing;
mod error;
mod files;
mod filling;
mod looking;
mod paper;
mod selecting;

pub use console::Console;
pub use error::{CliError, Exit};

use crate::{
    client::{self, ReadError, Reading},
    credential::{Credential, codes_of_letters, parse_codes},
    folder::read_limited,
    lookup::Search,
    receipt::time_in_words,
    tracker::TypedTracker,
};
use board_api::{
    BoardClient, ClientError,
    flags::ReadingFlags,
    record::{RecordFault, awaited_witnesses},
};
use crypto::{EncodedPoint, credential_code::CredentialCode};
use protocol::{Manifest, ids::ElectionFingerprint, letter::LetterLine};
use rand::rngs::OsRng;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Vote, and check your vote.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Give the result as one JSON object.
    #[arg(long, global = true)]
    pub json: bool,
}

/// One command of `vitrine ballot`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show an election: its contests, its officials, and who attests its record.
    Show(Where),
    /// Fill in and seal a ballot. Its tracker is shown first; then you decide to cast it or to audit it.
    #[command(visible_alias = "audit")]
    Cast(Cast),
    /// Check an audited ballot on a second device.
    CheckAudit(CheckAudit),
    /// Publish an audited ballot in the record, for everybody to see. Only for made-up choices.
    PublishAudit(PublishAudit),
    /// Find a ballot by its tracker. The board does not learn which.
    Find(Find),
    /// Say whether your codes voted, or were replaced; what makes that checkable by anybody. The board does not learn who asks.
    DidIVote(DidIVote),
    /// Check a receipt file without asking anybody; or make the final receipt of a promise, once the witnesses have cosigned.
    Receipt(ReceiptFile),
    /// Compare a receipt or promise with the log as it is now; write evidence if the log does not keep it.
    Dispute(Dispute),
}

/// Where the election is.
#[derive(Debug, clap::Args)]
pub struct Where {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long)]
    pub board: String,
    /// The election fingerprint of your letter: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect")]
    pub election: ElectionFingerprint,
    /// How it is read.
    #[command(flatten)]
    pub flags: ReadingFlags,
}

/// Where your codes are.
#[derive(Debug, clap::Args)]
pub struct Codes {
    /// A file with your codes, one on each line, registrar 1 first. Without it they are asked for.
    #[arg(long, value_name = "FILE")]
    pub code_file: Option<PathBuf>,
    /// A letter that came as a text file, or what a scanner read from its QR code, in a file: one from each registrar, in any order.
    #[arg(long = "letter", value_name = "FILE", conflicts_with = "code_file")]
    pub letters: Vec<PathBuf>,
}

/// `vitrine ballot cast`.
#[derive(Debug, clap::Args)]
pub struct Cast {
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    codes: Codes,
    /// Your selections as JSON: contest number or title to what is chosen in it, as README says for each kind. Without it they are asked for.
    #[arg(long, value_name = "FILE")]
    selections: Option<PathBuf>,
    /// Where receipts, and ballots the board has not answered for, are kept.
    #[arg(long, value_name = "FOLDER", default_value = "vitrine-ballots")]
    folder: PathBuf,
    /// How many seconds to wait for the witnesses after the board took the ballot; `vitrine ballot receipt --complete` does it later.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
    /// Also write the tracker's QR code to this SVG file.
    #[arg(long, value_name = "FILE")]
    qr: Option<PathBuf>,
}

/// `vitrine ballot check-audit`.
#[derive(Debug, clap::Args)]
pub struct CheckAudit {
    #[command(flatten)]
    place: Where,
    /// The audit file that the voting device wrote.
    file: PathBuf,
    /// The tracker that the voting device showed before you chose to audit; at least 16 characters.
    #[arg(long)]
    tracker: TypedTracker,
}

/// `vitrine ballot publish-audit`.
#[derive(Debug, clap::Args)]
pub struct PublishAudit {
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    codes: Codes,
    /// The audit file.
    file: PathBuf,
}

/// `vitrine ballot find`.
#[derive(Debug, clap::Args)]
pub struct Find {
    #[command(flatten)]
    place: Where,
    /// The tracker, or its first characters.
    tracker: TypedTracker,
    /// Write a receipt for the ballot, if exactly one is found.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
}

/// `vitrine ballot did-i-vote`.
#[derive(Debug, clap::Args)]
pub struct DidIVote {
    #[command(flatten)]
    place: Where,
    #[command(flatten)]
    codes: Codes,
    /// Ask for this public credential key, 64 hexadecimal digits, and no codes: what anybody may do who was told the key.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["code_file", "letters"], value_parser = asking::credential_key)]
    key: Option<EncodedPoint>,
}

/// `vitrine ballot receipt`.
#[derive(Debug, clap::Args)]
pub struct ReceiptFile {
    /// The receipt, a `.tlog-proof` file.
    file: PathBuf,
    /// The election fingerprint of your letter.
    #[arg(long, visible_alias = "expect")]
    election: ElectionFingerprint,
    /// The manifest, from which the log's key and its witnesses are taken; `manifest.cbor` beside the receipt, if not given.
    #[arg(long, value_name = "FILE", conflicts_with = "log_key")]
    manifest: Option<PathBuf>,
    /// The log's key alone; witnesses are not judged then.
    #[arg(long, value_name = "KEY")]
    log_key: Option<String>,
    /// Read the record, and put the final receipt in the place of the promise in the file.
    #[arg(long, requires = "board")]
    complete: bool,
    /// Address of the board or of a mirror: read the record, and say whether the ballot counts, or what counts instead.
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    #[command(flatten)]
    flags: ReadingFlags,
}

/// `vitrine ballot dispute`.
#[derive(Debug, clap::Args)]
pub struct Dispute {
    /// The receipt, a `.tlog-proof` file: whatever the board gave when it took the ballot.
    file: PathBuf,
    /// The election fingerprint of your letter.
    #[arg(long, visible_alias = "expect")]
    election: ElectionFingerprint,
    /// Address of the board or of a mirror.
    #[arg(long, value_name = "URL", required_unless_present = "record", conflicts_with = "record")]
    board: Option<String>,
    /// A folder with the election's record, in place of a board.
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// Where to write the evidence, if there is any; beside the receipt, if not given.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingFlags,
}

/// Runs one command.
///
/// # Errors
/// [`CliError`], which knows its exit code.
pub async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, CliError> {
    console.json = arguments.json;
    match arguments.command {
        Command::Show(place) => looking::show(&place, console).await,
        Command::Cast(cast) => casting::run(&cast, console).await,
        Command::CheckAudit(check) => files::check(&check, console).await,
        Command::PublishAudit(publish) => files::publish(&publish, console).await,
        Command::Find(find) => looking::find(&find, console).await,
        Command::DidIVote(question) => asking::did_i_vote(&question, console).await,
        Command::Receipt(receipt) => files::receipt(&receipt, console).await,
        Command::Dispute(dispute) => disputing::run(&dispute, console).await,
    }
}

impl Where {
    fn client(&self) -> Result<BoardClient, CliError> {
        Ok(self.flags.client(&self.board)?)
    }

    /// Reads and checks the whole record, and says so.
    async fn read(
        &self,
        board: &BoardClient,
        search: Option<&mut Search>,
        console: &mut Console<'_>,
    ) -> Result<Reading, CliError> {
        let mut progress = |position, size| console.progress(position, size);
        let reading = client::read(board, &self.election, search, &mut progress, &mut OsRng).await;
        let reading = match reading {
            Ok(reading) => reading,
            Err(ReadError::Board(ClientError::Record(fault))) if fault.awaits_witnesses() => {
                return Err(unwitnessed(board, &self.election, &fault).await);
            }
            Err(error) => return Err(error.into()),
        };
        console.progress_done();
        // The fold of a voter's client ends at the closing: results are the verifier's business.
        let over = reading.election.closing().map_or("", |_| " up to the closing");
        console.say(&format!(
            "Read {} entries, checked{over}. The record is {}.",
            reading.size(),
            reading.witnessed
        ))?;
        for clock in &reading.clock {
            console.say(clock)?;
        }
        Ok(reading)
    }
}

/// Nothing of the record is attested yet; who is missing is the board's word.
async fn unwitnessed(board: &BoardClient, election: &ElectionFingerprint, fault: &RecordFault) -> CliError {
    let missing = awaited_witnesses(board, election, 0).await;
    let who = if missing.is_empty() { fault.to_string() } else { missing.join(", ") };
    CliError::Unwitnessed(format!("awaiting witnesses: {who}"))
}

impl Codes {
    /// BAL-21, BAL-45: from a file, from letters, or one prompt for each registrar.
    fn read(
        &self,
        manifest: &Manifest,
        election: &ElectionFingerprint,
        console: &mut Console<'_>,
    ) -> Result<Vec<CredentialCode>, CliError> {
        if let Some(path) = &self.code_file {
            return Ok(parse_codes(&read_secret_text(path)?, election)?);
        }
        if !self.letters.is_empty() {
            let read = |path: &PathBuf| {
                let letter = LetterLine::find(&read_secret_text(path)?);
                letter.map_err(|fault| CliError::Letter { path: path.clone(), fault })
            };
            let letters = self.letters.iter().map(read).collect::<Result<Vec<_>, CliError>>()?;
            return Ok(codes_of_letters(letters, manifest.registrars.len(), election)?);
        }
        let mut text = Zeroizing::new(String::new());
        let count = manifest.registrars.len();
        for (number, registrar) in (1..).zip(&manifest.registrars) {
            let name = &registrar.name;
            let line = console.secret(&format!("Code {number} of {count}, from {name}: "))?;
            text.push_str(&line);
            text.push('\n');
        }
        Ok(parse_codes(&text, election)?)
    }

    fn credential(
        &self,
        manifest: &Manifest,
        election: &ElectionFingerprint,
        console: &mut Console<'_>,
    ) -> Result<Credential, CliError> {
        Ok(Credential::from_codes(&self.read(manifest, election, console)?, manifest, election)?)
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, CliError> {
    read_limited(path).map_err(|error| CliError::File { path: path.to_path_buf(), error })
}

/// A text that holds codes.
fn read_secret_text(path: &Path) -> Result<Zeroizing<String>, CliError> {
    let bytes = Zeroizing::new(read_file(path)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| CliError::NotText(path.to_path_buf()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Writes a file the voter named, over nothing that is there already.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let written = std::fs::File::create_new(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| CliError::File { path: path.to_path_buf(), error })
}
