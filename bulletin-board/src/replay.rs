//! From the database to the fold (BRD-13, BRD-14): everything is applied again and must come to the same tree.

use crate::{
    batch::{self, Proofs},
    earlier,
    key_file::BoardKey,
    store::{ElectionKey, Head, Store, StoreError},
};
use protocol::{Election, Entry, Rejection, election::SettleError, ids::ElectionFingerprint};
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::{Hash, Tree, leaf_hash},
    note::{KeyError, Note, SignerKey},
    policy::PolicyRefusal,
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
    /// The database holds less than this process has seen in it, or something else: it went back in time (BRD-33), as an
    /// asynchronous replica does that is promoted (BRD-37).
    #[error("the database is not the one this process has seen: it went back to {0} entries, or holds others")]
    WentBack(u64),
    /// A log that was taken over does not end under a checkpoint that may be gone on from (BRD-73).
    #[error("log {number}, which came before, does not end under a checkpoint that meets the policy: {refusal}")]
    Earlier {
        /// The log.
        number: u64,
        /// Why not.
        #[source]
        refusal: Box<PolicyRefusal>,
    },
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
    proofs: Proofs,
) -> Result<Replayed, ReplayError> {
    let served = store.published(key).await?;
    let Refolded { election, tree, note } = refold(store, key, fingerprint, proofs).await?;
    let (size, head) = (tree.size(), Head { range: election.range().clone(), note });
    confirm(&election, &head, &board_key.signer(election.log_origin())?)?;
    // Larger ones are of commits that another process has made meanwhile (BRD-36).
    let signed = store.checkpoints(key).await?.into_iter().filter(|(recorded, _)| *recorded <= size);
    for (size, note) in signed.chain(served.clone()) {
        let note = Note::parse(note.as_bytes()).map_err(CheckpointError::from)?;
        let recorded = Checkpoint::parse(note.text())?;
        if recorded.size() != size || tree.root_at(size).ok().as_ref() != Some(recorded.root()) {
            return Err(ReplayError::CheckpointDiffers(size));
        }
    }
    Ok(Replayed { election, tree, note: head.note, served })
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
    proofs: Proofs,
) -> Result<Refolded, ReplayError> {
    let Head { range, note } = whole(store, key).await?;
    // BRD-73: the log of an election that was taken over goes on from those before.
    let before = earlier::load(store, &fingerprint, proofs).await?.map(|loaded| loaded.election);
    let start = before.as_ref().map_or(0, Election::size);
    let (election, leaves) = advance(store, key, fingerprint, (before, start), range.size(), proofs).await?;
    if election.fingerprint() != fingerprint {
        return Err(ReplayError::OtherElection(fingerprint));
    }
    if *election.range() != range {
        return Err(ReplayError::TreeDiffers);
    }
    let mut tree = Tree::new();
    leaves.into_iter().for_each(|leaf| tree.append(leaf));
    Ok(Refolded { election, tree, note })
}

/// The last commit, if no entry lies beyond it.
async fn whole(store: &dyn Store, key: ElectionKey) -> Result<Head, ReplayError> {
    let mut head = store.head(key).await?;
    loop {
        let size = head.range.size();
        if store.entries(key, size, size.saturating_add(1)).await?.is_empty() {
            return Ok(head);
        }
        // Another process may have committed in between.
        let later = store.head(key).await?;
        if later.range.size() == size {
            return Err(ReplayError::EntriesBeyond(size));
        }
        head = later;
    }
}

/// BRD-36: applies what was committed since, and gives the new leaf hashes. The process that committed has checked the proofs, and the
/// checkpoint over the entries bears this board's signature.
pub(crate) async fn follow(
    store: &dyn Store,
    key: ElectionKey,
    election: Election,
    head: &Head,
    signer: &SignerKey,
) -> Result<(Election, Vec<Hash>), ReplayError> {
    let fingerprint = election.fingerprint();
    let (size, start) = (head.range.size(), election.log_start());
    let fold = (Some(election), start);
    let (election, leaves) = advance(store, key, fingerprint, fold, size, Proofs::Vouched).await?;
    confirm(&election, head, signer)?;
    Ok((election, leaves))
}

/// Whether the fold has come to the recorded tree, under a checkpoint by this board's key.
pub(crate) fn confirm(election: &Election, head: &Head, signer: &SignerKey) -> Result<(), ReplayError> {
    if *election.range() != head.range {
        return Err(ReplayError::TreeDiffers);
    }
    let signed = checkpoint::open_strict(head.note.as_bytes(), &[signer.verifier_key()])?;
    if !signed.checkpoint().covers(&head.range) {
        return Err(ReplayError::CheckpointDiffers(head.range.size()));
    }
    Ok(())
}

/// Applies entries up to that size of the log, whose first entry has the index `start`, and gives their leaf hashes.
async fn advance(
    store: &dyn Store,
    key: ElectionKey,
    fingerprint: ElectionFingerprint,
    (mut election, start): (Option<Election>, u64),
    size: u64,
    proofs: Proofs,
) -> Result<(Election, Vec<Hash>), ReplayError> {
    let mut leaves = Vec::new();
    loop {
        let position = election.as_ref().map_or(0, Election::size);
        let first = position.saturating_sub(start);
        if let Some(folded) = election.take_if(|_| first >= size) {
            return Ok((folded, leaves));
        }
        let stored = store.entries(key, first, size.min(first.saturating_add(BATCH_ENTRIES))).await?;
        let ids = store.submission_ids(key, first, first.saturating_add(BATCH_ENTRIES)).await?;
        let hashes: Vec<Hash> = stored.iter().map(|entry| leaf_hash(entry)).collect();
        let folded: Election = on_a_thread(move || fold(election, &fingerprint, &stored, &ids, proofs)).await??;
        let taken = usize::try_from(folded.size().saturating_sub(position)).unwrap_or(usize::MAX);
        if taken == 0 {
            return Err(ReplayError::TreeDiffers);
        }
        leaves.extend(hashes.into_iter().take(taken));
        election = Some(settle(store, key, folded).await?);
    }
}

/// How many entries are read at a time.
const BATCH_ENTRIES: u64 = 256;

/// The same for iterators.
const STEP: usize = 256;

pub(crate) fn fold(
    election: Option<Election>,
    fingerprint: &ElectionFingerprint,
    stored: &[Vec<u8>],
    ids: &[Vec<u8>],
    proofs: Proofs,
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
    batch::replay(&mut election, rest, proofs).map_err(refused)?;
    Ok(election)
}

/// BRD-14: after the closing, adds up the counted ballots as the database has them, before anything more is applied.
pub(crate) async fn settle(
    store: &dyn Store,
    key: impl Into<Option<ElectionKey>>,
    election: Election,
) -> Result<Election, ReplayError> {
    if election.closing().is_none() || election.is_settled() {
        return Ok(election);
    }
    let (key, of) = (key.into(), election.fingerprint());
    // Without a log of this board's own all entries are of logs that were taken over.
    let start = if key.is_some() { election.log_start() } else { u64::MAX };
    let positions = election.counted_positions();
    let mut election = election;
    let mut sums = protocol::election::Sums::default();
    for first in (0..election.size()).step_by(STEP) {
        let to = first.saturating_add(BATCH_ENTRIES);
        let mut stored = Vec::new();
        if first < start {
            let earlier = store.earlier_entries(&of, first, to.min(start)).await?;
            stored.extend(earlier.into_iter().map(|(_, entry)| entry));
        }
        if let Some(key) = key.filter(|_| to > start) {
            let from = first.max(start).saturating_sub(start);
            stored.extend(store.entries(key, from, to.saturating_sub(start)).await?);
        }
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
