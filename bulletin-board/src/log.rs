//! What is published of one election: the tree and the head after the last commit, the checkpoint that is served, and the files made of
//! them (BRD-19, HTTP-15).

use crate::store::{ElectionKey, Role, Store, StoreError};
use board_api::{ElectionStatus, PromiseDocument, WitnessStatus};
use protocol::Manifest;
use std::{
    sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard},
    time::Instant,
};
use tlog::{
    merkle::{Hash, Tree},
    policy::Policy,
    tile::{BundleError, HEIGHT, TileKind, TilePath, encode_bundle},
};
use tokio::sync::watch;

/// The size of the served checkpoint, and a number that grows with every change of it, of its cosignatures too.
pub(crate) type Served = (u64, u64);

/// Whether a log may be signed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Yes.
    Open,
    /// BRD-23: not before a quorum of its witnesses has cosigned the head that the database holds.
    Guarded,
    /// BRD-24: never again by this database, which lacks something that the log has signed.
    Outdated,
}

/// The published side of a log. Only its sequencer adds to it, only its cosigner serves a checkpoint under a policy with witnesses.
#[derive(Debug)]
pub(crate) struct Log {
    key: ElectionKey,
    store: Arc<dyn Store>,
    policy: Policy,
    published: RwLock<Published>,
    heads: watch::Sender<u64>,
    checkpoints: watch::Sender<Served>,
    /// Whether this process sequences, and is where the last one left off (BRD-32).
    leading: watch::Sender<bool>,
    /// What the election fixed for ever, for those who read pages (WEB-31).
    manifest: OnceLock<Arc<Manifest>>,
}

/// All of one moment, never parts of two.
#[derive(Debug)]
struct Published {
    tree: Tree,
    /// The last commit's checkpoint, signed by the log alone.
    note: String,
    status: ElectionStatus,
    /// The checkpoint that meets the policy; under `quorum none` that is the head, and this stays empty.
    served: Option<(u64, String)>,
    standing: Standing,
    /// When it changed last in this process.
    served_at: Option<Instant>,
    /// By the policy's order: the largest checkpoint each witness has cosigned, as far as this process knows.
    witnesses: Vec<WitnessStatus>,
}

/// An entry's place, and the proof of it under the checkpoint of the same moment.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) index: u64,
    pub(crate) entry: Vec<u8>,
}

impl Log {
    /// The log after its last commit, with the checkpoint that was served last, if its policy has witnesses.
    pub(crate) fn new(
        key: ElectionKey,
        store: Arc<dyn Store>,
        policy: Policy,
        (tree, note, status): (Tree, String, ElectionStatus),
        served: Option<(u64, String)>,
    ) -> Self {
        let size = tree.size();
        let named =
            |witness: &tlog::policy::Witness| WitnessStatus { name: witness.name.clone(), size: 0, seconds: None };
        let witnesses = policy.witnesses().iter().map(named).collect();
        let reached = if policy.quorum().is_none() { size } else { served.as_ref().map_or(0, |(size, _)| *size) };
        let standing = Standing::Open;
        let published = Published { tree, note, status, served, served_at: None, standing, witnesses };
        let (heads, checkpoints) = (watch::Sender::new(size), watch::Sender::new((reached, 0)));
        Self {
            key,
            store,
            policy,
            published: RwLock::new(published),
            heads,
            checkpoints,
            leading: watch::Sender::new(false),
            manifest: OnceLock::new(),
        }
    }

    /// WEB-31: the manifest of the log's election, which never changes.
    pub(crate) fn describe(&self, manifest: &Manifest) {
        self.manifest.get_or_init(|| Arc::new(manifest.clone()));
    }

    /// WEB-31: the manifest, once somebody has told it.
    pub(crate) fn manifest(&self) -> Option<Arc<Manifest>> {
        self.manifest.get().cloned()
    }

    /// WEB-31: the published entries from one index of this log up to another.
    pub(crate) async fn entries(&self, from: u64, to: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let to = to.min(self.head().0);
        if from >= to { Ok(Vec::new()) } else { self.store.entries(self.key, from, to).await }
    }

    pub(crate) fn key(&self) -> ElectionKey {
        self.key
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// The election's witness policy.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Shows a commit to readers; only after it. Under `quorum none` its head is served as the checkpoint (BRD-19).
    pub(crate) fn publish(&self, leaves: impl IntoIterator<Item = Hash>, note: String, status: ElectionStatus) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        leaves.into_iter().for_each(|leaf| published.tree.append(leaf));
        published.note = note;
        published.status = status;
        let size = published.tree.size();
        self.heads.send_replace(size);
        if self.policy.quorum().is_none() {
            published.served_at = Some(Instant::now());
            self.checkpoints.send_modify(|served| *served = (size, served.1.saturating_add(1)));
        }
    }

    /// BRD-33: shows what a fresh replay came to, unless what was shown is not its beginning.
    pub(crate) fn resume(&self, tree: Tree, note: String, status: ElectionStatus) -> bool {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        let shown = (published.tree.size(), published.tree.root());
        if tree.root_at(shown.0).ok() != Some(shown.1) {
            return false;
        }
        published.tree = tree;
        published.note = note;
        published.status = status;
        let size = published.tree.size();
        self.heads.send_replace(size);
        if self.policy.quorum().is_none() {
            self.checkpoints.send_modify(|served| *served = (size, served.1.saturating_add(1)));
        }
        true
    }

    /// BRD-19: serves a checkpoint that meets the policy and was stored as such. A smaller one than before is not served, nor is any
    /// under `quorum none`.
    pub(crate) fn serve(&self, size: u64, note: String) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        let before = published.served.as_ref().map_or(0, |(size, _)| *size);
        if size < before || self.policy.quorum().is_none() {
            return;
        }
        published.served = Some((size, note));
        published.served_at = Some(Instant::now());
        self.checkpoints.send_modify(|served| *served = (size, served.1.saturating_add(1)));
    }

    /// HTTP-12: the witness at this place of the policy has cosigned a checkpoint of this size at this time.
    pub(crate) fn cosigned(&self, place: usize, size: u64, seconds: u64) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(witness) = published.witnesses.get_mut(place)
            && (witness.size, witness.seconds) < (size, Some(seconds))
        {
            (witness.size, witness.seconds) = (size, Some(seconds));
        }
    }

    /// BRD-31: whether this process sequences from now on. Only it shows heads to the witnesses.
    pub(crate) fn lead(&self, leads: bool) {
        self.leading.send_if_modified(|leading| std::mem::replace(leading, leads) != leads);
    }

    /// Whether this process sequences, as it changes.
    pub(crate) fn leading(&self) -> watch::Receiver<bool> {
        self.leading.subscribe()
    }

    /// The size after each commit.
    pub(crate) fn heads(&self) -> watch::Receiver<u64> {
        self.heads.subscribe()
    }

    /// The size and version of what is served as the checkpoint.
    pub(crate) fn checkpoints(&self) -> watch::Receiver<Served> {
        self.checkpoints.subscribe()
    }

    fn published(&self) -> RwLockReadGuard<'_, Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// BRD-52: when the served checkpoint changed last, in this process.
    pub(crate) fn served_at(&self) -> Option<Instant> {
        self.published().served_at
    }

    /// HTTP-12. The board takes no submissions after a failed commit (BRD-12), nor while its database is away (BRD-33).
    pub(crate) fn status(&self) -> ElectionStatus {
        let published = self.published();
        let mut status = published.status.clone();
        // Of an election that was taken over the entries of the logs before count too: both sizes do.
        let before = status.summary.size.saturating_sub(published.tree.size());
        let cosigned = published.checkpoint(&self.policy).map_or(0, |(size, _)| size);
        status.cosigned_size = before.saturating_add(cosigned);
        status.witnesses.clone_from(&published.witnesses);
        let guarded = match published.standing {
            Standing::Open => false,
            // Where another process sequences, that one is guarded, or is not. On a file nobody else does.
            Standing::Guarded => self.store.desk().is_none() || *self.leading.borrow(),
            Standing::Outdated => true,
        };
        status.accepting &= !self.store.is_halted() && *self.store.role().borrow() != Role::Away && !guarded;
        status
    }

    /// BRD-12, BRD-24: whether this log can go on without somebody's hand.
    pub(crate) fn is_sound(&self) -> bool {
        let published = self.published();
        published.status.accepting && published.standing != Standing::Outdated
    }

    /// Whether the log may be signed on.
    pub(crate) fn standing(&self) -> Standing {
        self.published().standing
    }

    /// BRD-23: nothing is signed until [`Log::open`].
    pub(crate) fn guard(&self) {
        self.stand(Standing::Guarded);
    }

    /// BRD-23: the witnesses know of nothing that the database lacks.
    pub(crate) fn open(&self) {
        self.stand(Standing::Open);
    }

    /// BRD-24: the log has signed something that the database lacks.
    pub(crate) fn outdated(&self) {
        self.stand(Standing::Outdated);
    }

    fn stand(&self, standing: Standing) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        // BRD-24: for good.
        if published.standing != Standing::Outdated {
            published.standing = standing;
        }
    }

    /// BRD-12: this log's sequencer has stopped.
    pub(crate) fn halt(&self) {
        self.published.write().unwrap_or_else(PoisonError::into_inner).status.accepting = false;
    }

    /// HTTP-30: the last commit's size and checkpoint, signed by the log alone.
    pub(crate) fn head(&self) -> (u64, String) {
        let published = self.published();
        (published.tree.size(), published.note.clone())
    }

    /// BRD-19: the newest checkpoint that meets the policy, and its size; none before there is one.
    pub(crate) fn checkpoint(&self) -> Option<(u64, String)> {
        self.published().checkpoint(&self.policy).map(|(size, note)| (size, note.to_owned()))
    }

    /// The root of the first `size` entries, if the log has as many.
    pub(crate) fn root_at(&self, size: u64) -> Option<Hash> {
        self.published().tree.root_at(size).ok()
    }

    /// LOG-5: the consistency proof between two sizes the log has had.
    pub(crate) fn prove_consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        self.published().tree.prove_consistency(old, new).ok()
    }

    /// HTTP-13: the promise for a committed entry, under the present checkpoint; none if it is not published.
    pub(crate) fn promise(&self, placed: Placed) -> Option<PromiseDocument> {
        let published = self.published();
        let Placed { index, entry } = placed;
        let inclusion = published.tree.prove_inclusion(index, published.tree.size()).ok()?;
        Some(PromiseDocument { index, entry, inclusion, checkpoint: published.note.clone() })
    }

    /// An entry by its index.
    pub(crate) async fn entry(&self, index: u64) -> Result<Option<Placed>, StoreError> {
        let entries = self.store.entries(self.key, index, index.saturating_add(1)).await?;
        Ok(entries.into_iter().next().map(|entry| Placed { index, entry }))
    }

    /// HTTP-15: a tile or bundle of any width the published tree reaches; none beyond.
    pub(crate) async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        let end = path.start().saturating_add(u64::from(path.width()));
        match path.kind() {
            TileKind::Hashes(level) => Ok(self.hashes(level, path.start(), end)),
            TileKind::Entries if end > self.published().tree.size() => Ok(None),
            TileKind::Entries => {
                let entries = self.store.entries(self.key, path.start(), end).await?;
                if entries.len() != usize::from(path.width()) {
                    return Err(StoreError::Corrupt("entries are missing"));
                }
                let bundle =
                    encode_bundle(&entries).map_err(|_: BundleError| StoreError::Corrupt("an entry too long"))?;
                Ok(Some(bundle))
            }
        }
    }

    fn hashes(&self, level: u8, start: u64, end: u64) -> Option<Vec<u8>> {
        // Beyond 2^63 entries there is no tree, so a level whose height overflows has no hashes.
        let height = level.checked_mul(HEIGHT)?;
        let published = self.published();
        let hashes: Result<Vec<Hash>, _> = (start..end).map(|index| published.tree.hash(height, index)).collect();
        Some(hashes.ok()?.as_flattened().to_vec())
    }
}

impl Published {
    fn checkpoint(&self, policy: &Policy) -> Option<(u64, &str)> {
        match policy.quorum() {
            None => Some((self.tree.size(), &self.note)),
            Some(_) => self.served.as_ref().map(|(size, note)| (*size, note.as_str())),
        }
    }
}
