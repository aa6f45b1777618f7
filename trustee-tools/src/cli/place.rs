//! Where the record is read from and submissions go: a board, or files carried to and from a machine without a network.

use super::{CommandError, Streams};
use crate::record::{Verified, read_board, read_folder};
use board_api::BoardClient;
use protocol::{Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where the election is.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("place").required(true).args(["board", "record"])))]
pub(super) struct PlaceArguments {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    /// A folder with a copy of the record, for a machine without a network.
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    pub(super) election: ElectionFingerprint,
    /// Write what would be sent into this folder instead; `vitrine trustee send` sends it from another machine.
    #[arg(long, value_name = "FOLDER", required_unless_present = "board")]
    outbox: Option<PathBuf>,
}

/// Where the election is, for commands that send nothing.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("reading-place").required(true).args(["board", "record"])))]
pub(super) struct ReadingArguments {
    /// Address of the board, such as http://127.0.0.1:7878.
    #[arg(long, value_name = "URL")]
    board: Option<String>,
    /// A folder with a copy of the record, for a machine without a network.
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// The election fingerprint, compared with what the authority announced: 64 hexadecimal digits.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    pub(super) election: ElectionFingerprint,
}

/// What was sent, or written to be sent.
#[derive(Debug, Serialize)]
pub(super) struct Sent {
    /// The body's type.
    pub(super) body: &'static str,
    /// Submission id.
    pub(super) id: String,
    /// Its index in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entry: Option<u64>,
    /// The file it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<PathBuf>,
}

/// The result of a command that sends several.
#[derive(Debug, Serialize)]
pub(super) struct AllSent {
    pub(super) sent: Vec<Sent>,
}

impl std::fmt::Display for Sent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.entry, &self.file) {
            (Some(entry), _) => write!(formatter, "{} is entry {entry} of the record", self.body),
            (None, Some(file)) => write!(formatter, "{} was written to {}", self.body, file.display()),
            (None, None) => formatter.write_str(self.body),
        }
    }
}

impl ReadingArguments {
    /// Reads and verifies the record.
    pub(super) async fn read(&self, streams: &mut Streams<'_>) -> Result<Verified, CommandError> {
        read(self.board.as_deref(), self.record.as_deref(), &self.election, streams).await
    }
}

impl PlaceArguments {
    /// Reads and verifies the record.
    pub(super) async fn read(&self, streams: &mut Streams<'_>) -> Result<Verified, CommandError> {
        read(self.board.as_deref(), self.record.as_deref(), &self.election, streams).await
    }

    /// Whether what is sent enters the record at once.
    pub(super) fn is_online(&self) -> bool {
        self.outbox.is_none()
    }

    /// Sends a submission, or writes it into the outbox.
    pub(super) async fn send(&self, submission: &Submission, streams: &mut Streams<'_>) -> Result<Sent, CommandError> {
        let sent = match (&self.outbox, &self.board) {
            (None, Some(board)) => send(&BoardClient::new(board)?, &self.election, submission).await?,
            (Some(outbox), _) => put(outbox, &self.election, submission)?,
            // The arguments' parser demands one of them.
            (None, None) => return Err(CommandError::Streams(io::ErrorKind::InvalidInput.into())),
        };
        streams.say(&sent.to_string())?;
        Ok(sent)
    }
}

async fn read(
    board: Option<&str>,
    record: Option<&Path>,
    election: &ElectionFingerprint,
    streams: &mut Streams<'_>,
) -> Result<Verified, CommandError> {
    let verified = match (board, record) {
        (Some(board), _) => read_board(&BoardClient::new(board)?, election, |_| {}, &mut OsRng).await?,
        (None, Some(folder)) => read_folder(folder, election, |_| {}, &mut OsRng)?,
        (None, None) => return Err(CommandError::Streams(io::ErrorKind::InvalidInput.into())),
    };
    streams.say(&format!("The record's {} entries were read and verified.", verified.election.size()))?;
    Ok(verified)
}

/// Sends one submission; the promise was checked when this returns.
pub(super) async fn send(
    board: &BoardClient,
    election: &ElectionFingerprint,
    submission: &Submission,
) -> Result<Sent, CommandError> {
    let promise = board.submit(election, submission).await?;
    Ok(Sent { entry: Some(promise.index()), ..described(election, submission) })
}

/// Writes one submission into a folder, under its id.
fn put(outbox: &Path, election: &ElectionFingerprint, submission: &Submission) -> Result<Sent, CommandError> {
    let sent = described(election, submission);
    let path = outbox.join(format!("{}-{}.cbor", sent.body, sent.id));
    let write = || {
        fs::create_dir_all(outbox)?;
        fs::write(&path, submission.encode())
    };
    write().map_err(|cause| CommandError::File { path: path.clone(), cause })?;
    Ok(Sent { file: Some(path), ..sent })
}

fn described(election: &ElectionFingerprint, submission: &Submission) -> Sent {
    let body = submission.body().map_or("submission", |body| body.name());
    Sent { body, id: submission.id(election).to_string(), entry: None, file: None }
}
