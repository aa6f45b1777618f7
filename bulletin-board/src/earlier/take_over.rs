//! Taking an election over from a copy of its record (BRD-70).

use super::check;
use crate::{
    batch::Proofs,
    replay::ReplayError,
    store::{Store, StoreError},
};
use board_api::{BoardClient, ClientError, record};
use protocol::{
    Entry, Rejection,
    ids::{ElectionFingerprint, SubmissionId},
};
use std::{fs, io, path::PathBuf};
use thiserror::Error;
use tlog::record::{ChainPath, RecordError, RecordPath, RecordReader};

/// Why an election is not taken over.
#[derive(Debug, Error)]
pub enum TakeOverError {
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the record is missing, or not as the record's checkpoints demand.
    #[error("log {0} of the record: {1}")]
    Record(u64, #[source] Box<RecordError<io::Error>>),
    /// An entry of the record cannot be read.
    #[error("entry {0} of the record: {1}")]
    Entry(u64, Rejection),
    /// The record is not one to go on from: BRD-70.
    #[error("the record cannot be gone on from: {0}")]
    Refused(#[from] ReplayError),
    /// The record cannot be fetched.
    #[error("the record cannot be fetched: {0}")]
    Fetch(#[from] ClientError),
    /// A file of the copy cannot be written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// This board has the election already.
    #[error("this board holds election {0} already: nothing was taken over (BRD-70)")]
    Held(ElectionFingerprint),
}

/// An election that waits for its continuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// Its title.
    pub title: String,
    /// Entries of all logs.
    pub entries: u64,
    /// The last log.
    pub origin: String,
    /// The log that continues it.
    pub successor: String,
}

/// A copy of a record.
#[derive(Debug)]
pub(crate) struct Copy {
    folder: PathBuf,
    /// A folder that is gone when this is.
    _fetched: Option<tempfile::TempDir>,
}

impl Copy {
    /// A folder in which log 1's `checkpoint` stands (REC-7).
    pub(crate) fn folder(folder: PathBuf) -> Self {
        Self { folder, _fetched: None }
    }

    /// Fetched from a board, a mirror or a file server.
    ///
    /// # Errors
    /// [`TakeOverError`].
    pub(crate) async fn fetch(client: &BoardClient, election: &ElectionFingerprint) -> Result<Self, TakeOverError> {
        let folder = tempfile::tempdir().map_err(|error| TakeOverError::File(std::env::temp_dir(), error))?;
        let store = |path: ChainPath, bytes: Vec<u8>| {
            let path = folder.path().join(path.to_string());
            let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
            written.map_err(|error| TakeOverError::File(path, error))
        };
        record::download(client, election, store).await?;
        Ok(Self { folder: folder.path().to_owned(), _fetched: Some(folder) })
    }

    fn file(&self, path: &ChainPath) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.folder.join(path.to_string())) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// BRD-70: copies all entries into the database, applies them there again with every proof, and then, in one step, records the logs'
/// checkpoints: from that moment on the election is taken over.
///
/// # Errors
/// [`TakeOverError`]; the election is not taken over then, and the same may be tried again.
pub(crate) async fn take_over(
    store: &dyn Store,
    election: &ElectionFingerprint,
    copy: &Copy,
) -> Result<TakenOver, TakeOverError> {
    let held = store.elections().await?.iter().any(|(_, held)| held == election);
    if held || !store.earlier_logs(election).await?.is_empty() {
        return Err(TakeOverError::Held(*election));
    }
    // Whatever a copy that was refused has left must not stand in the way of a good one.
    store.forget_earlier(election).await?;
    let mut logs = Vec::new();
    let mut position = 0u64;
    for number in 1u64.. {
        let fetch = |file: &RecordPath| copy.file(&ChainPath::new(number, *file));
        let refused = |error| TakeOverError::Record(number, Box::new(error));
        let mut reader = match RecordReader::open(fetch) {
            Err(RecordError::Missing(RecordPath::Checkpoint)) if number > 1 => break,
            opened => opened.map_err(refused)?,
        };
        while let Some(bundle) = reader.next_bundle().map_err(refused)? {
            let mut entries: Vec<(SubmissionId, Vec<u8>)> = Vec::new();
            for (leaf, bytes) in bundle.entries() {
                let at = position.saturating_add(leaf);
                let entry = Entry::decode(bytes).map_err(|rejection| TakeOverError::Entry(at, rejection))?;
                entries.push((entry.submission().id(election), bytes.to_vec()));
            }
            store.add_earlier(election, position.saturating_add(bundle.first_index()), &entries).await?;
        }
        let note = String::from_utf8_lossy(reader.checkpoint_note()).into_owned();
        let size = reader.claimed().size();
        position = position.saturating_add(size);
        logs.push((size, note));
    }
    // What is in the database now is what counts, not what the copy said.
    let loaded = check(store, election, logs.clone(), Proofs::Unchecked).await?;
    store.end_earlier(election, &logs).await?;
    let election = loaded.election;
    Ok(TakenOver {
        title: election.manifest().title.clone(),
        entries: election.size(),
        origin: election.log_origin().to_owned(),
        successor: election.next_log_origin(),
    })
}
