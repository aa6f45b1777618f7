//! How officials read the record: all of it, verified by the verifier, every time (CER-21). What they then act on is the fold it gives.

use crate::carry::{CarryFault, Head};
use board_api::{
    BoardClient, ClientError,
    memory::Memory,
    record::{CopyError, RecordFault, compare_copy, download, ends_no_earlier, remember_copy},
};
use protocol::{Body, Election, ids::ElectionFingerprint};
use rand_core::{CryptoRng, RngCore};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tlog::{
    note::VerifierKey,
    policy::Policy,
    record::{ChainPath, RecordPath},
    tile::{TileKind, TilePath, decode_bundle},
};
use verifier::{
    CheckId, Failure, Folder, LogFacts, Options, Progress, Report, Source, Status, Verdict, verify_election,
};

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
    Board(#[source] ClientError),
    /// A copy is no continuation of what was read before.
    #[error("this copy of the record is not gone on with")]
    Copy(#[from] CopyError),
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

impl From<ClientError> for RecordError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Record(fault) if fault.awaits_witnesses() => Self::Unwitnessed,
            error => Self::Board(error),
        }
    }
}

impl Verified {
    /// Whether the checkpoint is cosigned as the policy demands.
    pub fn is_witnessed(&self) -> bool {
        let checkpoint = self.report.checks.iter().find(|check| check.check == CheckId::Checkpoint);
        checkpoint.is_some_and(|check| check.status == Status::Passed)
    }

    /// The same, if the checkpoint is cosigned as the election's witness policy demands (CER-21): a board alone could show a trustee
    /// another history than everybody else.
    ///
    /// # Errors
    /// [`RecordError::Unwitnessed`].
    pub fn witnessed(self) -> Result<Self, RecordError> {
        if self.is_witnessed() { Ok(self) } else { Err(RecordError::Unwitnessed) }
    }
}

/// How an official reads a record.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The fingerprint that the official compared out of band.
    pub expect: ElectionFingerprint,
    /// The witness policy to demand in place of the manifest's (VER-30).
    pub policy: Option<Policy>,
    /// Where earlier readings are remembered (LOG-29); a board's is its client's.
    pub memory: Option<Memory>,
}

/// Verifies a record in a folder. It must extend what the memory holds of this election, and is what it holds from then on (CER-27).
///
/// # Errors
/// [`RecordError`].
pub fn read_folder<R: RngCore + CryptoRng>(
    folder: &Path,
    reading: &Reading,
    progress: impl FnMut(Progress),
    rng: &mut R,
) -> Result<Verified, RecordError> {
    let options = Options { expect: Some(reading.expect), policy: reading.policy.clone() };
    let source = Folder::new(folder);
    let (report, election) = verify_election(&source, &options, progress, rng);
    let verified = match (election, &report.verdict) {
        (Some(election), Verdict::Valid | Verdict::Incomplete { .. }) => Verified { election, report },
        (_, Verdict::Invalid(failure)) => return Err(RecordError::Invalid(failure.clone())),
        (_, Verdict::Unreadable { file, cause }) => {
            return Err(RecordError::Unreadable { file: file.clone(), cause: cause.clone() });
        }
        (None, verdict) => {
            let file = "checkpoint".to_owned();
            return Err(RecordError::Unreadable { file, cause: verdict.word().to_owned() });
        }
    };
    // Only what the witnesses attest is remembered: a board alone could sign itself into every memory.
    if let Some(memory) = reading.memory.as_ref().filter(|_| verified.is_witnessed()) {
        remember(memory, &verified, reading.policy.as_ref(), &source)?;
    }
    Ok(verified)
}

/// A verified record, witnessed, against the memory of earlier readings, which holds it from then on (LOG-29, HTTP-26). Each log of the
/// election (REC-7) is compared with what was read of it before; `source` gives its files once more.
///
/// # Errors
/// [`CopyError`].
pub fn remember<S: Source>(
    memory: &Memory,
    verified: &Verified,
    own_policy: Option<&Policy>,
    source: &S,
) -> Result<(), CopyError> {
    let election = verified.election.fingerprint();
    let logs = logs(verified);
    if let Some(last) = logs.last() {
        ends_no_earlier(memory, &election, last.number, last.first.saturating_add(last.entries))?;
    }
    let body = manifest_body(verified);
    for log in logs {
        let continuations = continuations(logs, log.number, source).map_err(Box::new)?;
        let file = |file: &RecordPath| fetched(source, log.number, file);
        let keys = keys(verified, log, own_policy);
        remember_copy(&memory.of_log(log.number), &election, (&body, &continuations), &keys, file)?;
    }
    Ok(())
}

/// AIR-8: a verified record goes on from the end of the record that an answer was made for. If the log signed two histories, what convicts
/// it is kept beside the memory.
///
/// # Errors
/// [`CarryFault`].
pub fn check_extends<S: Source>(
    memory: &Memory,
    verified: &Verified,
    own_policy: Option<&Policy>,
    head: &Head,
    source: &S,
) -> Result<(), CarryFault> {
    let seen = head.claim().map_or(0, |claim| claim.size());
    let logs = logs(verified);
    let Some(log) = logs.iter().find(|log| log.number == head.log) else {
        return Err(CarryFault::BoardBehind { seen, offered: 0 });
    };
    let none = |cause: &dyn std::fmt::Display| CarryFault::Checkpoint { log: head.log, cause: cause.to_string() };
    let body = manifest_body(verified);
    let continuations = continuations(logs, log.number, source).map_err(|fault| none(&fault))?;
    let file = |file: &RecordPath| fetched(source, log.number, file);
    let keys = keys(verified, log, own_policy);
    match compare_copy(&head.checkpoint, (&body, &continuations), &keys, file) {
        Ok(None) => Ok(()),
        Ok(Some(evidence)) => {
            let election = verified.election.fingerprint();
            let kept = memory.keep(&election, evidence.kind().name(), &evidence.encode());
            Err(CarryFault::Fork { file: kept.map_err(|fault| none(&fault))? })
        }
        Err(CopyError::Older { seen, offered }) => Err(CarryFault::BoardBehind { seen, offered }),
        Err(fault) => Err(none(&fault)),
    }
}

/// The end of a verified record, whose files `source` gives once more.
pub fn head<S: Source>(verified: &Verified, source: &S) -> Option<Head> {
    let log = verified.election.log_number();
    Some(Head { log, checkpoint: fetched(source, log, &RecordPath::Checkpoint)? })
}

fn logs(verified: &Verified) -> &[LogFacts] {
    verified.report.election.as_ref().map_or(&[][..], |election| &election.logs)
}

fn manifest_body(verified: &Verified) -> Vec<u8> {
    Body::Manifest(Box::new(verified.election.manifest().clone())).encode()
}

fn fetched<S: Source>(source: &S, log: u64, file: &RecordPath) -> Option<Vec<u8>> {
    source.fetch(&ChainPath::new(log, *file)).ok().flatten()
}

/// The keys whose lines may stand on a log's checkpoints.
fn keys(verified: &Verified, log: &LogFacts, own_policy: Option<&Policy>) -> Vec<VerifierKey> {
    let manifest = Policy::parse(verified.election.manifest().policy.as_bytes()).ok();
    let witnesses = [manifest.as_ref(), own_policy].into_iter().flatten().flat_map(Policy::witnesses);
    let mut keys: Vec<VerifierKey> = log.key.parse().into_iter().collect();
    for witness in witnesses {
        if !keys.contains(&witness.key) {
            keys.push(witness.key.clone());
        }
    }
    keys
}

/// EVD-2: the bytes of leaf 0 of every log from the second to this one.
fn continuations<S: Source>(logs: &[LogFacts], last: u64, source: &S) -> Result<Vec<Vec<u8>>, RecordFault> {
    let later = logs.iter().filter(|log| (2..=last).contains(&log.number));
    later.map(|log| first_entry(log.entries, |file| fetched(source, log.number, file))).collect()
}

/// EVD-2: the bytes of a log's leaf 0.
fn first_entry(size: u64, file: impl Fn(&RecordPath) -> Option<Vec<u8>>) -> Result<Vec<u8>, RecordFault> {
    let path = TilePath::in_tree(TileKind::Entries, 0, size).ok_or(RecordFault::Outside { index: 0, size })?;
    let bytes = file(&RecordPath::Tile(path)).ok_or(RecordFault::Missing(RecordPath::Tile(path)))?;
    let entries = decode_bundle(&bytes, path.width()).map_err(|fault| RecordFault::Bundle { path, fault })?;
    entries.first().map(|entry| entry.to_vec()).ok_or(RecordFault::Outside { index: 0, size })
}

/// Fetches the board's present record into a temporary folder and verifies it. The client demands the witness policy, and that the record
/// extends what its memory holds (LOG-29). Gives the folder too.
///
/// # Errors
/// [`RecordError`].
pub async fn fetch_board<R: RngCore + CryptoRng>(
    board: &BoardClient,
    expect: &ElectionFingerprint,
    progress: impl FnMut(Progress),
    rng: &mut R,
) -> Result<(Verified, TempDir), RecordError> {
    let folder = temporary_folder()?;
    let store = |name: ChainPath, bytes: Vec<u8>| {
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
    let reading = Reading { expect: *expect, policy: board.read_options().policy.clone(), memory: None };
    let verified = read_folder(folder.path(), &reading, progress, rng)?;
    Ok((verified, folder))
}

/// A folder for a record that is read and let go again.
///
/// # Errors
/// [`RecordError::File`].
pub fn temporary_folder() -> Result<TempDir, RecordError> {
    tempfile::tempdir().map_err(|cause| RecordError::File { path: std::env::temp_dir(), cause })
}
