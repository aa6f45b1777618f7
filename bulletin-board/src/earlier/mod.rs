//! Logs that this board took over from another one (BRD-70 to BRD-73): what came before the log that it signs itself. They are over: nothing
//! is ever added to them, and their checkpoints stay those that were taken over.

mod take_over;

pub(crate) use take_over::{Copy, take_over};
pub use take_over::{TakeOverError, TakenOver};

use crate::{
    batch::Proofs,
    replay::{ReplayError, fold, on_a_thread, settle},
    status,
    store::{Store, StoreError},
};
use board_api::{ElectionStatus, PromiseDocument};
use protocol::{
    Election, Manifest,
    ids::{ElectionFingerprint, SubmissionId},
};
use std::sync::Arc;
use tlog::{
    merkle::{Hash, Tree, leaf_hash},
    record::{ChainPath, RecordPath},
    tile::{HEIGHT, TileKind, TilePath, encode_bundle},
};

/// How many entries are read at a time.
const STEP: u64 = 256;

/// One log that was taken over.
#[derive(Debug)]
pub(crate) struct EarlierLog {
    /// Index of its first entry.
    first: u64,
    tree: Tree,
    note: String,
}

/// All that came before.
#[derive(Debug)]
pub(crate) struct Earlier {
    store: Arc<dyn Store>,
    election: ElectionFingerprint,
    logs: Vec<EarlierLog>,
    status: ElectionStatus,
    manifest: Arc<Manifest>,
}

/// What an election was when it was taken over.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) election: Election,
    logs: Vec<EarlierLog>,
}

/// BRD-73: applies all entries that were taken over again; each log's checkpoint must be of exactly its entries and meet the policy under
/// its own key. None if nothing was taken over of this election.
pub(crate) async fn load(
    store: &dyn Store,
    election: &ElectionFingerprint,
    proofs: Proofs,
) -> Result<Option<Loaded>, ReplayError> {
    let logs = store.earlier_logs(election).await?;
    if logs.is_empty() { Ok(None) } else { check(store, election, logs, proofs).await.map(Some) }
}

/// The same of logs whose sizes and checkpoints are given.
async fn check(
    store: &dyn Store,
    fingerprint: &ElectionFingerprint,
    logs: Vec<(u64, String)>,
    proofs: Proofs,
) -> Result<Loaded, ReplayError> {
    let mut election: Option<Election> = None;
    let mut checked = Vec::new();
    for (number, (size, note)) in (1u64..).zip(logs) {
        let first = election.as_ref().map_or(0, Election::size);
        let end = first.saturating_add(size);
        let mut tree = Tree::new();
        loop {
            let position = election.as_ref().map_or(0, Election::size);
            if position >= end {
                break;
            }
            let to = position.saturating_add(STEP).min(end);
            let (ids, stored): (Vec<_>, Vec<_>) =
                store.earlier_entries(fingerprint, position, to).await?.into_iter().unzip();
            let leaves: Vec<Hash> = stored.iter().map(|entry| leaf_hash(entry)).collect();
            let of = *fingerprint;
            let folded = on_a_thread(move || fold(election, &of, &stored, &ids, proofs)).await??;
            let taken = usize::try_from(folded.size().saturating_sub(position)).unwrap_or(usize::MAX);
            if taken == 0 {
                return Err(ReplayError::TreeDiffers);
            }
            leaves.into_iter().take(taken).for_each(|leaf| tree.append(leaf));
            election = Some(settle(store, None, folded).await?);
        }
        let Some(election) = &election else { return Err(ReplayError::TreeDiffers) };
        if election.fingerprint() != *fingerprint {
            return Err(ReplayError::OtherElection(*fingerprint));
        }
        let signed = election
            .policy()
            .open_strict(note.as_bytes(), 0)
            .map_err(|refusal| ReplayError::Earlier { number, refusal: Box::new(refusal) })?;
        let right = signed.checkpoint().covers(election.range()) && election.log_number() == number;
        if !right || election.root() != tree.root() || signed.checkpoint().origin() != election.log_origin() {
            return Err(ReplayError::CheckpointDiffers(size));
        }
        checked.push(EarlierLog { first, tree, note });
    }
    let election = election.ok_or(ReplayError::TreeDiffers)?;
    Ok(Loaded { election, logs: checked })
}

impl Earlier {
    /// The logs before, as they are served.
    pub(crate) fn new(store: Arc<dyn Store>, Loaded { election, logs }: Loaded) -> Self {
        // Until the election is continued nothing but the continuation is taken (BRD-71).
        let mut status = status::of(&election);
        status.accepting = false;
        status.cosigned_size = status.summary.size;
        let manifest = Arc::new(election.manifest().clone());
        Self { store, election: election.fingerprint(), logs, status, manifest }
    }

    /// HTTP-12, as long as the election is not continued.
    pub(crate) fn status(&self) -> &ElectionStatus {
        &self.status
    }

    /// WEB-31: the manifest.
    pub(crate) fn manifest(&self) -> Arc<Manifest> {
        self.manifest.clone()
    }

    /// WEB-31: entries by their place in the election.
    pub(crate) async fn entries(&self, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let to = to.min(self.status.summary.size);
        if from >= to {
            return Ok(Vec::new());
        }
        let entries = self.store.earlier_entries(&self.election, from, to).await?;
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The number of the log that comes next, which is this board's own.
    pub(crate) fn next(&self) -> u64 {
        u64::try_from(self.logs.len()).unwrap_or(u64::MAX).saturating_add(1)
    }

    fn log(&self, number: u64) -> Option<&EarlierLog> {
        self.logs.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// HTTP-15, BRD-73: a file of a log that was taken over.
    pub(crate) async fn file(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(log) = self.log(path.log()) else { return Ok(None) };
        match path.file() {
            RecordPath::Checkpoint => Ok(Some(log.note.clone().into_bytes())),
            RecordPath::Tile(tile) => match tile.kind() {
                TileKind::Hashes(level) => Ok(log.hashes(level, &tile)),
                TileKind::Entries => self.bundle(log, &tile).await,
            },
        }
    }

    async fn bundle(&self, log: &EarlierLog, tile: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        let end = tile.start().saturating_add(u64::from(tile.width()));
        if end > log.tree.size() {
            return Ok(None);
        }
        let (from, to) = (log.first.saturating_add(tile.start()), log.first.saturating_add(end));
        let entries = self.store.earlier_entries(&self.election, from, to).await?;
        let entries: Vec<Vec<u8>> = entries.into_iter().map(|(_, entry)| entry).collect();
        if entries.len() != usize::from(tile.width()) {
            return Err(StoreError::Corrupt("entries are missing"));
        }
        encode_bundle(&entries).map(Some).map_err(|_| StoreError::Corrupt("an entry too long"))
    }

    /// BRD-10: the promise for a submission that is in one of these logs, under that log's last checkpoint.
    pub(crate) async fn promise(&self, submission: &SubmissionId) -> Result<Option<PromiseDocument>, StoreError> {
        let Some(position) = self.store.earlier_position(&self.election, submission).await? else { return Ok(None) };
        let Some(log) = self.logs.iter().rfind(|log| log.first <= position) else { return Ok(None) };
        let found = self.store.earlier_entries(&self.election, position, position.saturating_add(1)).await?;
        let index = position.saturating_sub(log.first);
        let (Some((_, entry)), Ok(inclusion)) =
            (found.into_iter().next(), log.tree.prove_inclusion(index, log.tree.size()))
        else {
            return Ok(None);
        };
        Ok(Some(PromiseDocument { index, entry, inclusion, checkpoint: log.note.clone() }))
    }
}

impl EarlierLog {
    fn hashes(&self, level: u8, tile: &TilePath) -> Option<Vec<u8>> {
        let height = level.checked_mul(HEIGHT)?;
        let end = tile.start().saturating_add(u64::from(tile.width()));
        let hashes: Result<Vec<Hash>, _> = (tile.start()..end).map(|index| self.tree.hash(height, index)).collect();
        Some(hashes.ok()?.as_flattened().to_vec())
    }
}
