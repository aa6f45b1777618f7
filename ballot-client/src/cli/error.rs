//! What can go wrong, in words, and the exit code it has.

use crate::{
    audit::AuditFault,
    client::ReadError,
    credential::CredentialError,
    folder::FolderError,
    receipt::ReceiptFault,
    selections::SelectionsFault,
    session::{BeginError, PublishError, SealError, SelectError},
};
use board_api::{
    ClientError, Problem, PromiseFault,
    dispute::{DisputeFault, reading::ReadingFault},
    flags::FlagError,
};
use crypto::RandomnessFailure;
use protocol::letter::LetterError;
use std::{io, path::PathBuf};
use thiserror::Error;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Good,
    /// Something was checked and is bad.
    Bad,
    /// The command, or what was typed, is wrong.
    Usage,
    /// A file cannot be read or the board not be reached.
    Unreachable,
    /// Not yet or no more, or witnesses are missing.
    Incomplete,
    /// Refused for safety.
    Unsafe,
}

impl Exit {
    /// The program's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Good => 0,
            Exit::Bad => 1,
            Exit::Usage => 2,
            Exit::Unreachable => 3,
            Exit::Incomplete => 4,
            Exit::Unsafe => 5,
        }
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug, Error)]
pub enum CliError {
    /// The record was not read, or is bad.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Too few witnesses attest the record.
    #[error("nothing is cast on a record that its witnesses do not attest: {0}")]
    Unwitnessed(String),
    /// The flags that say how a record is read.
    #[error(transparent)]
    Flags(#[from] FlagError),
    /// The witnessed log lacks what the board promised.
    #[error(
        "the board promised your ballot as entry {index}, and the log that its witnesses attest has another entry there. Do not believe this \
         board. The promise is evidence: keep {promise}, and run vitrine ballot dispute {promise}"
    )]
    NotKept {
        /// The index promised.
        index: u64,
        /// The file with the promise.
        promise: PathBuf,
    },
    /// The codes make no credential.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// No session begins.
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// A selection is not allowed.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// Selections that are none.
    #[error("the selections file is not taken: {0}")]
    Selections(#[from] SelectionsFault),
    /// Nothing was sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
    /// The kept files cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The audit fails.
    #[error(transparent)]
    Audit(#[from] AuditFault),
    /// The audit is not published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The board did not take the audit.
    #[error("the audit is not published: {0}")]
    NotTaken(ClientError),
    /// The receipt proves nothing.
    #[error(transparent)]
    Receipt(#[from] ReceiptFault),
    /// A receipt cannot be checked without a key.
    #[error("to check a receipt, give the election's --manifest or the log's --log-key")]
    NoTrust,
    /// Not a verifier key.
    #[error("the log key is no Ed25519 verifier key in its text form")]
    LogKey,
    /// A file cannot be read, or is there already and would be written over.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No dispute can be decided.
    #[error(transparent)]
    Dispute(#[from] DisputeFault),
    /// A file of a record that is not there, or not what its name says.
    #[error("{0} is missing in the record, or is not what its name says")]
    Record(PathBuf),
    /// A letter that cannot be read.
    #[error("{path}: {fault}")]
    Letter {
        /// Which.
        path: PathBuf,
        /// Why.
        fault: LetterError,
    },
    /// A file that should be text.
    #[error("{0} is not a text file")]
    NotText(PathBuf),
    /// Terminal or pipe.
    #[error("input or output fails: {0}")]
    Console(#[from] io::Error),
    /// The result cannot be written as JSON.
    #[error("the result cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The input ended where an answer was needed.
    #[error("the input ended before everything was answered; nothing was cast")]
    InputEnded,
    /// BAL-38: nobody knows whether the ballot was recorded.
    #[error(
        "it is not known whether your ballot was recorded ({error}). The signed ballot is kept in {kept}: run the same command again, \
         and it is sent again before anything else"
    )]
    Unanswered {
        /// Where it is kept.
        kept: PathBuf,
        /// What happened.
        error: ClientError,
    },
    /// The board's promise does not hold.
    #[error(
        "the board answered with a promise that does not hold ({fault}). Do not believe this board. Its answer is kept in {answer}, \
         and your signed ballot in {kept}"
    )]
    BrokenPromise {
        /// Where the ballot is kept.
        kept: PathBuf,
        /// Where the board's answer is kept (HTTP-14).
        answer: PathBuf,
        /// What is wrong.
        fault: PromiseFault,
    },
    /// The board refuses the ballot.
    #[error("the board refuses your ballot, and it is not recorded: {problem}. The signed ballot is kept in {kept}")]
    Refused {
        /// Where the ballot is kept.
        kept: PathBuf,
        /// Why.
        problem: Box<Problem>,
    },
    /// BAL-39: another ballot took the place.
    #[error(
        "another ballot of your codes was recorded in the place of this one, as entry {index} with tracker {tracker}. If you did not \
         cast it, somebody else has your codes. To vote again after it, run the command again"
    )]
    Displaced {
        /// The other ballot's place.
        index: u64,
        /// Its tracker.
        tracker: String,
    },
}

impl From<ReadingFault> for CliError {
    fn from(fault: ReadingFault) -> Self {
        match fault {
            ReadingFault::Board(error) => Self::Read(error.into()),
            ReadingFault::File { path, cause } => Self::File { path, error: cause },
            ReadingFault::Record(path) => Self::Record(path),
            ReadingFault::Dispute(fault) => Self::Dispute(fault),
        }
    }
}

impl CliError {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Read(ReadError::Board(ClientError::Address(_))) => Exit::Usage,
            Self::Read(error) if error.shows_a_bad_record() => Exit::Bad,
            Self::NotTaken(ClientError::Refused(_)) => Exit::Unsafe,
            Self::NotTaken(ClientError::Promise(_)) => Exit::Bad,
            Self::NotTaken(_) => Exit::Unreachable,
            Self::Audit(AuditFault::Malformed(_) | AuditFault::Format | AuditFault::TooLong(_)) => Exit::Unreachable,
            Self::Audit(AuditFault::NotOpened) => Exit::Incomplete,
            Self::Audit(AuditFault::TrackerTooShort | AuditFault::OtherElection(_)) => Exit::Usage,
            Self::Audit(_) | Self::Receipt(_) | Self::BrokenPromise { .. } => Exit::Bad,
            Self::Flags(FlagError::Client(ClientError::Address(_))) => Exit::Usage,
            Self::Flags(FlagError::Policy { .. } | FlagError::NoHome) => Exit::Usage,
            Self::Flags(_) => Exit::Unreachable,
            Self::Dispute(DisputeFault::Unwitnessed) => Exit::Incomplete,
            Self::Dispute(_) | Self::Record(_) => Exit::Bad,
            Self::NotKept { .. } | Self::Unanswered { error: ClientError::Record(_), .. } => Exit::Bad,
            Self::Unwitnessed(_) | Self::Begin(BeginError::Election(_)) => Exit::Incomplete,
            Self::Credential(_) | Self::Begin(_) | Self::Select(_) | Self::Selections(_) | Self::Seal(_) => Exit::Usage,
            Self::Letter { .. } | Self::NoTrust | Self::LogKey | Self::NotText(_) | Self::InputEnded => Exit::Usage,
            Self::File { error, .. } if error.kind() == io::ErrorKind::AlreadyExists => Exit::Unsafe,
            Self::Read(_) | Self::Folder(_) | Self::File { .. } | Self::Console(_) | Self::Json(_) => Exit::Unreachable,
            Self::Unanswered { .. } | Self::Randomness(_) => Exit::Unreachable,
            Self::Publish(_) | Self::Refused { .. } | Self::Displaced { .. } => Exit::Unsafe,
        }
    }
}
