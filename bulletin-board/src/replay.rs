//! From the database to the fold (BRD-13, BRD-14): everything is applied again and must come to the same tree.

use crate::{
    batch,
    key_file::BoardKey,
    store::{ElectionKey, Head, Store, StoreError},
};
use protocol::{Election, Entry, Rejection, election::SettleError, ids::ElectionFingerprint};
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::{Hash, Tree, leaf_hash},
    note::{KeyError, Note},
};

/// Why a log cannot be taken up again. The board does not start then: going on could show two histories.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A recorded entry is refused.
    #[error("entry {0} of the database is refused: {1}")]
    Refused(u64, Rejection),
    /// An entry stands under another submission id than its own.
    #[error("entry {0} of the database stands under another submission id")]
    IdDiffers(u64),
    /// Entry 0 has another fingerprint than the election it stands under.
    #[error("the database holds another election under {0}")]
    OtherElection(ElectionFingerprint),
    /// Entries and tree state do not belong together.
    #[error("the entries do not make the recorded tree")]
    TreeDiffers,
    /// Entries that no checkpoint covers: a commit has both or none.
    #[error("the database holds entries beyond the {0} that the log signed")]
    EntriesBeyond(u64),
    /// A checkpoint that the log signed is not of the entries.
    #[error("the recorded checkpoint of size {0} is not of the recorded entries")]
    CheckpointDiffers(u64),
    /// The last checkpoint is malformed or not signed by this board.
    #[error("the recorded checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The log's origin is no name for a key.
    #[error("the recorded origin: {0}")]
    Origin(#[from] KeyError),
    /// The counted ballots do not settle the closing.
    #[error("the counted ballots: {0}")]
    Settle(#[from] SettleError),
    /// A computation ended without a result.
    #[error("a computation ended without a result")]
    Interrupted,
}

/// A log as the database has it.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) election: Election,
    pub(crate) tree: Tree,
    pub(crate) note: String,
    /// BRD-19: the checkpoint that was served last, and its size.
    pub(crate) served: Option<(u64, String)>,
}

/// BRD-13: applies all entries again; tree state and every checkpoint must follow from them, the last one signed by this board.
pub(crate) async fn replay(
    store: &dyn Store,
    key: ElectionKey,
    fingerprint: ElectionFingerprint,
    board_key: &BoardKey,
) -> Result<Replayed, ReplayError> {
    let Refolded { election, tree, note } = refold(store, key, fingerprint).await?;
    let size = tree.size();
    let served = store.published(key).await?;
    for (size, note) in store.checkpoints(key).await?.into_iter().chain(served.clone()) {
        let note = Note::parse(note.as_bytes()).map_err(CheckpointError::from)?;
        let recorded = Checkpoint::parse(note.text())?;
        if recorded.size() != size || tree.root_at(size).ok().as_ref() != Some(recorded.root()) {
            return Err(ReplayError::CheckpointDiffers(size));
        }
    }
    let signer = board_key.signer(&election.manifest().log_origin)?;
    let signed = checkpoint::open_strict(note.as_bytes(), &[signer.verifier_key()])?;
    if signed.checkpoint().size() != size {
        return Err(ReplayError::CheckpointDiffers(size));
    }
    Ok(Replayed { election, tree, note, served })
}

/// All entries of a log, applied again, and the note of the last commit, which is not looked at.
pub(crate) struct Refolded {
    pub(crate) election: Election,
    pub(crate) tree: Tree,
    pub(crate) note: String,
}

/// BRD-13: applies all entries again; the tree state must follow from them, and none may lie beyond it.
pub(crate) async fn refold(
    store: &dyn Store,
    key: ElectionKey,
    fingerprint: ElectionFingerprint,
) -> Result<Refolded, ReplayError> {
    let Head { range, note } = store.head(key).await?;
    let (size, _) = range.parts();
    if !store.entries(key, size, size.saturating_add(1)).await?.is_empty() {
        return Err(ReplayError::EntriesBeyond(size));
    }
    let mut tree = Tree::new();
    let mut election = None;
    while tree.size() < size {
        let first = tree.size();
        let stored = store.entries(key, first, size.min(first.saturating_add(BATCH_ENTRIES))).await?;
        let ids = store.submission_ids(key, first, first.saturating_add(BATCH_ENTRIES)).await?;
        let leaves: Vec<Hash> = stored.iter().map(|entry| leaf_hash(entry)).collect();
        let folded: Election = on_a_thread(move || fold(election, &fingerprint, &stored, &ids)).await??;
        let taken = usize::try_from(folded.size().saturating_sub(first)).unwrap_or(usize::MAX);
        leaves.into_iter().take(taken).for_each(|leaf| tree.append(leaf));
        if tree.size() != folded.size() || taken == 0 {
            return Err(ReplayError::TreeDiffers);
        }
        election = Some(settle(store, key, folded).await?);
    }
    let election = election.ok_or(ReplayError::TreeDiffers)?;
    if election.fingerprint() != fingerprint {
        return Err(ReplayError::OtherElection(fingerprint));
    }
    if *election.range() != range || tree.size() != size {
        return Err(ReplayError::TreeDiffers);
    }
    Ok(Refolded { election, tree, note })
}

/// How many entries are read at a time.
const BATCH_ENTRIES: u64 = 256;

/// The same for iterators.
const STEP: usize = 256;

fn fold(
    election: Option<Election>,
    fingerprint: &ElectionFingerprint,
    stored: &[Vec<u8>],
    ids: &[Vec<u8>],
) -> Result<Election, ReplayError> {
    let mut entries = Vec::with_capacity(stored.len());
    let first = election.as_ref().map_or(0, Election::size);
    for (index, (bytes, id)) in (first..).zip(stored.iter().zip(ids)) {
        let entry = Entry::decode(bytes).map_err(|rejection| ReplayError::Refused(index, rejection))?;
        if entry.submission().id(fingerprint).0 != id.as_slice() {
            return Err(ReplayError::IdDiffers(index));
        }
        entries.push(entry);
    }
    let refused = |(index, rejection)| ReplayError::Refused(index, rejection);
    let (mut election, rest) = match (election, entries.split_first()) {
        (Some(election), _) => (election, entries.as_slice()),
        (None, Some((first, rest))) => (Election::begin(first).map_err(|rejection| refused((0, rejection)))?, rest),
        (None, None) => return Err(ReplayError::TreeDiffers),
    };
    batch::replay(&mut election, rest).map_err(refused)?;
    Ok(election)
}

/// BRD-14: after the closing, adds up the counted ballots as the database has them, before anything more is applied.
pub(crate) async fn settle(store: &dyn Store, key: ElectionKey, election: Election) -> Result<Election, ReplayError> {
    if election.closing().is_none() || election.is_settled() {
        return Ok(election);
    }
    let positions = election.counted_positions();
    let mut election = election;
    let mut sums = protocol::election::Sums::default();
    for first in (0..election.size()).step_by(STEP) {
        let stored = store.entries(key, first, first.saturating_add(BATCH_ENTRIES)).await?;
        let wanted: Vec<Vec<u8>> = stored
            .into_iter()
            .zip(first..)
            .filter(|(_, position)| positions.binary_search(position).is_ok())
            .map(|(entry, _)| entry)
            .collect();
        let summed = on_a_thread(move || {
            let ballots: Result<Vec<Entry>, Rejection> = wanted.iter().map(|bytes| Entry::decode(bytes)).collect();
            let summed = ballots
                .map_err(|rejection| ReplayError::Refused(0, rejection))
                .and_then(|ballots| Ok(election.sum(&ballots)?));
            (election, summed)
        });
        let (returned, summed) = summed.await?;
        election = returned;
        sums.merge(summed?)?;
    }
    election.settle(sums)?;
    Ok(election)
}

/// Curve arithmetic keeps off the threads that serve connections.
pub(crate) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ReplayError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ReplayError::Interrupted)
}
