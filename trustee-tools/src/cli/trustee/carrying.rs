//! `vitrine trustee send`: what was written on another machine.

use crate::{
    cli::{
        CommandError, Streams,
        place::{AllSent, Patience, send},
    },
    files,
};
use board_api::flags::ReadingFlags;
use protocol::{Submission, ids::ElectionFingerprint};
use std::path::PathBuf;

/// `vitrine trustee send`.
#[derive(Debug, clap::Args)]
pub struct Send {
    /// Address of the board.
    #[arg(long, value_name = "URL")]
    board: String,
    /// The election fingerprint.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
    /// The submissions.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Send {
    /// Sends them.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let board = self.flags.client(&self.board)?;
        let mut submissions = Vec::new();
        for path in &self.files {
            let bytes = files::read_limited(path, files::MAXIMUM_FILE)
                .map_err(|cause| CommandError::File { path: path.clone(), cause })?;
            let submission = Submission::decode(&bytes)
                .map_err(|fault| CommandError::Submission { path: path.clone(), fault: Box::new(fault) })?;
            submissions.push(submission);
        }
        let sent = send(&board, &self.election, &submissions, &self.patience, streams).await?;
        streams.give(&format!("Submissions sent: {}.", sent.len()), &AllSent { sent })
    }
}
