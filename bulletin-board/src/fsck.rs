//! `vitrine board fsck`: everything in a database, checked without a board (BRD-60).

use crate::{
    batch::Proofs,
    config::Database,
    earlier,
    key_file::{BoardKey, KeyFileError},
    replay::{ReplayError, replay},
    store::{self, ElectionKey, Store, StoreError},
};
use protocol::ids::ElectionFingerprint;
use std::path::Path;
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError},
    policy::PolicyRefusal,
};

/// Why nothing could be checked.
#[derive(Debug, Error)]
pub enum FsckError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// There is no such file: it is not made.
    #[error("there is no database {0}")]
    Missing(std::path::PathBuf),
}

/// What is wrong with one log.
#[derive(Debug, Error)]
pub enum LogFault {
    /// Entries, tree and checkpoints do not belong together.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A checkpoint is not signed by the board.
    #[error("the checkpoint of size {0}: {1}")]
    Checkpoint(u64, #[source] CheckpointError),
    /// The checkpoint that was served does not meet the policy.
    #[error("the checkpoint that was served, of size {0}, does not meet the election's policy: {1}")]
    Served(u64, #[source] PolicyRefusal),
}

/// A log in which everything is as the board wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundLog {
    /// The election's name.
    pub title: String,
    /// Its entries.
    pub entries: u64,
    /// Checkpoints that were signed.
    pub checkpoints: usize,
    /// Size of the last checkpoint that met the policy, if one did.
    pub served: Option<u64>,
}

/// BRD-60: the database by its own check; then every log as at a start (BRD-13), and besides every checkpoint's signature, and the
/// policy of the one that was served. Changes nothing but bringing the schema up to date; no board may run on the database meanwhile.
///
/// # Errors
/// [`FsckError`] if nothing can be checked; what is wrong with a log stands in its place.
pub async fn fsck(
    database: &Database,
    key_file: &Path,
) -> Result<Vec<(ElectionFingerprint, Result<SoundLog, LogFault>)>, FsckError> {
    if let Database::File(path) = database
        && !path.is_file()
    {
        return Err(FsckError::Missing(path.clone()));
    }
    let store = store::open(database, &store::Settings { without_fsync: true }).await?;
    let logs = check(store.as_ref(), key_file).await;
    store.close().await;
    logs
}

async fn check(
    store: &dyn Store,
    key_file: &Path,
) -> Result<Vec<(ElectionFingerprint, Result<SoundLog, LogFault>)>, FsckError> {
    store.integrity().await?;
    let elections = store.elections().await?;
    // A key is not made here, whatever is missing.
    let board_key = BoardKey::open(key_file, true)?;
    let mut logs = Vec::new();
    for (key, election) in elections {
        logs.push((election, log(store, key, election, &board_key).await));
    }
    // BRD-70: those that await their continuation; of the others the logs before were applied with their own (BRD-73).
    for election in store.taken_over().await? {
        if logs.iter().all(|(checked, _)| *checked != election) {
            logs.push((election, awaiting(store, &election).await));
        }
    }
    Ok(logs)
}

async fn awaiting(store: &dyn Store, election: &ElectionFingerprint) -> Result<SoundLog, LogFault> {
    let checkpoints = store.earlier_logs(election).await.map_err(ReplayError::from)?.len();
    let loaded = earlier::load(store, election, Proofs::Unchecked).await?.ok_or(ReplayError::TreeDiffers)?;
    let (title, entries) = (loaded.election.manifest().title.clone(), loaded.election.size());
    Ok(SoundLog { title, entries, checkpoints, served: Some(entries) })
}

async fn log(
    store: &dyn Store,
    key: ElectionKey,
    election: ElectionFingerprint,
    board_key: &BoardKey,
) -> Result<SoundLog, LogFault> {
    let replayed = replay(store, key, election, board_key, Proofs::Unchecked).await?;
    let log_key = board_key.signer(replayed.election.log_origin()).map_err(ReplayError::from)?.verifier_key();
    let checkpoints = store.checkpoints(key).await.map_err(ReplayError::from)?;
    for (size, note) in &checkpoints {
        checkpoint::open_strict(note.as_bytes(), std::slice::from_ref(&log_key))
            .map_err(|error| LogFault::Checkpoint(*size, error))?;
    }
    if let Some((size, note)) = &replayed.served {
        // Of a log that goes on from another one, with its own key (CON-2).
        let opened = replayed.election.policy().open_strict(note.as_bytes(), 0);
        opened.map_err(|refusal| LogFault::Served(*size, refusal))?;
    }
    Ok(SoundLog {
        title: replayed.election.manifest().title.clone(),
        entries: replayed.tree.size(),
        checkpoints: checkpoints.len(),
        served: replayed.served.map(|(size, _)| size),
    })
}
