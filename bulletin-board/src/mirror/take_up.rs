//! From a mirror's database to what it serves (MIR-6): everything is applied again, and nobody is asked.

use super::held::Held;
use crate::{
    batch::Proofs,
    log::Log,
    replay::{Refolded, ReplayError, refold},
    status,
    store::{ElectionKey, Store},
};
use board_api::ElectionStatus;
use protocol::{Election, ids::ElectionFingerprint};
use std::sync::Arc;
use tlog::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    merkle::{Hash, Tree},
};

/// What a follower goes on from.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) key: ElectionKey,
    pub(super) election: Election,
    /// Leaves behind those that are served: taken under a checkpoint whose end was not reached yet.
    pub(super) pending: Vec<Hash>,
    /// The largest checkpoint of the log that was ever read under.
    pub(super) last: SignedCheckpoint,
}

/// MIR-6: takes up one election of the database. Each commit stands with the checkpoint it was read under: of its own size where the end was
/// reached, of a larger one on the way there.
pub(super) async fn take_up(
    store: &Arc<dyn Store>,
    key: ElectionKey,
    fingerprint: ElectionFingerprint,
) -> Result<(Arc<Held>, Position), ReplayError> {
    let Refolded { election, tree, note } = refold(store.as_ref(), key, fingerprint, Proofs::Unchecked).await?;
    let log_key = election.log_key().parse()?;
    let open = |note: &str| checkpoint::open(note.as_bytes(), std::slice::from_ref(&log_key));
    let last = open(&note)?;
    let mut reached = None;
    for (size, note) in store.checkpoints(key).await? {
        let signed = open(&note)?;
        let head = signed.checkpoint();
        if head.size() < size || head.size() > last.checkpoint().size() {
            return Err(ReplayError::CheckpointDiffers(size));
        }
        if head.size() == size {
            agrees(&tree, &signed)?;
            reached = Some((size, note));
        }
    }
    let served = store.published(key).await?;
    if let Some((_, note)) = &served {
        let signed = election.policy().open(note.as_bytes(), 0).map_err(|_| CheckpointError::Lines)?;
        agrees(&tree, &signed)?;
    }
    let held = Arc::new(Held::new(fingerprint, log_key));
    let mut leaves: Vec<Hash> = (0..tree.size()).map_while(|index| tree.hash(0, index).ok()).collect();
    if let Some((size, note)) = reached {
        let pending = leaves.split_off(usize::try_from(size).unwrap_or(usize::MAX).min(leaves.len()));
        let mut tree = Tree::new();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        leaves = pending;
        let log = Log::new(key, store.clone(), election.policy().clone(), (tree, note, status_of(&election)), served);
        log.describe(election.manifest());
        held.serve(Arc::new(log));
    }
    Ok((held, Position { key, election, pending: leaves, last }))
}

/// HTTP-12, as far as a mirror can say: it takes nothing.
pub(super) fn status_of(election: &Election) -> ElectionStatus {
    ElectionStatus { accepting: false, ..status::of(election) }
}

fn agrees(tree: &Tree, signed: &SignedCheckpoint) -> Result<(), ReplayError> {
    let head = signed.checkpoint();
    let root = tree.root_at(head.size()).ok();
    if root.as_ref() == Some(head.root()) { Ok(()) } else { Err(ReplayError::CheckpointDiffers(head.size())) }
}
