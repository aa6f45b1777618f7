//! How officials read the record: all of it, verified by the verifier, every time (CER-21). What they then act on is the fold it gives.

use board_api::{BoardClient, ClientError, record::download};
use protocol::{Election, ids::ElectionFingerprint};
use rand_core::{CryptoRng, RngCore};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tlog::record::RecordPath;
use verifier::{CheckId, Failure, Folder, Options, Progress, Report, Status, Verdict, verify_election};

/// A record that was verified as far as it goes.
#[derive(Debug)]
pub struct Verified {
    /// The election after the last entry, settled if it is closed.
    pub election: Election,
    /// What the verifier says.
    pub report: Report,
}

/// Why there is no verified record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It breaks a rule, or is of another election.
    #[error("the record is invalid: {0}")]
    Invalid(Failure),
    /// It could not be read.
    #[error("the record cannot be read: {file}: {cause}")]
    Unreadable {
        /// Which file.
        file: String,
        /// Why not.
        cause: String,
    },
    /// The checkpoint lacks the cosignatures of a witness quorum.
    #[error("the record is not yet attested by the witnesses that its policy demands; nothing is done on it")]
    Unwitnessed,
    /// The board did not give it.
    #[error("the board does not give the record")]
    Board(#[from] ClientError),
    /// The machine failed to keep it.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
}

impl Verified {
    /// The same, if the checkpoint is cosigned as the election's witness policy demands (CER-21): a board alone could show a trustee
    /// another history than everybody else.
    ///
    /// # Errors
    /// [`RecordError::Unwitnessed`].
    pub fn witnessed(self) -> Result<Self, RecordError> {
        let checkpoint = self.report.checks.iter().find(|check| check.check == CheckId::Checkpoint);
        match checkpoint.map(|check| check.status) {
            Some(Status::Passed) => Ok(self),
            _ => Err(RecordError::Unwitnessed),
        }
    }
}

/// Verifies a record in a folder against the fingerprint that the official compared out of band.
///
/// # Errors
/// [`RecordError`].
pub fn read_folder<R: RngCore + CryptoRng>(
    folder: &Path,
    expect: &ElectionFingerprint,
    progress: impl FnMut(Progress),
    rng: &mut R,
) -> Result<Verified, RecordError> {
    let options = Options { expect: Some(*expect), ..Options::default() };
    let (report, election) = verify_election(&Folder::new(folder), &options, progress, rng);
    match (election, &report.verdict) {
        (Some(election), Verdict::Valid | Verdict::Incomplete { .. }) => Ok(Verified { election, report }),
        (_, Verdict::Invalid(failure)) => Err(RecordError::Invalid(failure.clone())),
        (_, Verdict::Unreadable { file, cause }) => {
            Err(RecordError::Unreadable { file: file.clone(), cause: cause.clone() })
        }
        (None, verdict) => {
            Err(RecordError::Unreadable { file: "checkpoint".to_owned(), cause: verdict.word().to_owned() })
        }
    }
}

/// Fetches the board's present record into a temporary folder and verifies it.
///
/// # Errors
/// [`RecordError`].
pub async fn read_board<R: RngCore + CryptoRng>(
    board: &BoardClient,
    expect: &ElectionFingerprint,
    progress: impl FnMut(Progress),
    rng: &mut R,
) -> Result<Verified, RecordError> {
    let folder = tempfile::tempdir().map_err(|cause| RecordError::File { path: std::env::temp_dir(), cause })?;
    let store = |name: RecordPath, bytes: Vec<u8>| {
        let path = folder.path().join(name.to_string());
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, bytes)
        };
        write().map_err(|cause| RecordError::File { path: path.clone(), cause })
    };
    download(board, expect, store).await?;
    read_folder(folder.path(), expect, progress, rng)
}
