//! Follows a log over its tiles, the one read path (HTTP-15, HTTP-23), and hands out only entries that are under an accepted checkpoint:
//! signed by the log, witnessed as the policy demands, and extending whatever was accepted before, in this run or an earlier one.
//!
//! The checkpoint's root vouches for the unfinished tile of each level, each tile for those below it, level 0 for the entries: so
//! an entry is authentic when it is handed out, in memory for a few tiles, whatever the log's size. The reader's own tree, made of
//! all it ever handed out, must come to the same root: that is how it sees that the log was only added to (LOG-29).

use crate::{BoardClient, ClientError, client::Known};
use protocol::{Body, Entry, Manifest, fingerprint, ids::ElectionFingerprint};
use tlog::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    merkle::{CompactRange, Hash, leaf_hash},
    policy::Policy,
    record::RecordPath,
    tile::{TileKind, TilePath, WIDTH},
};

mod chain;
mod clock;
mod copy;
mod download;
mod fault;
mod files;
mod head;
mod options;
mod pull;
mod receipt;
mod tiles;
#[cfg(not(target_family = "wasm"))]
mod waiting;

pub(crate) use chain::log_of;
pub use clock::ClockEvidence;
pub use copy::{CopyError, compare_copy, ends_no_earlier, remember_copy};
pub use download::download;
pub use fault::RecordFault;
pub(crate) use head::compare_promise;
pub use options::{Limits, ReadOptions};
pub use pull::{Pull, pull};
pub use receipt::receipt;
#[cfg(not(target_family = "wasm"))]
pub use waiting::{Waited, await_receipt, awaited_witnesses};

use chain::{Successor, Wanted};
use files::Files;
use head::Head;
use tiles::Tiles;

/// The entries up to one checkpoint, bundle by bundle; then up to the next one.
#[derive(Debug)]
pub struct Reader {
    files: Files,
    known: Known,
    /// The log that continues this one, once its end is known.
    next: Option<Successor>,
    /// The tree of the entries of this log that were handed out.
    seen: CompactRange,
    /// The checkpoint that all entries handed out make the root of.
    last: Option<SignedCheckpoint>,
    /// The checkpoint being read up to.
    current: Option<Head>,
    /// Times that are far off; the first of each kind.
    ahead: Option<ClockEvidence>,
    behind: Option<ClockEvidence>,
}

/// Begins to read an election's log, under the client's options. The manifest, and with it the log's key and policy, is checked against the
/// fingerprint.
///
/// # Errors
/// [`ClientError`].
pub async fn read(client: &BoardClient, election: &ElectionFingerprint) -> Result<Reader, ClientError> {
    let known = client.known(election).await?;
    let files = Files::new(client, election);
    Ok(Reader {
        files,
        known,
        next: None,
        seen: CompactRange::new(),
        last: None,
        current: None,
        ahead: None,
        behind: None,
    })
}

impl Reader {
    /// The number of entries handed out, of all logs.
    pub fn position(&self) -> u64 {
        self.log_start().saturating_add(self.seen.size())
    }

    /// The root over all entries of the present log that were handed out.
    pub fn root(&self) -> Hash {
        self.seen.root()
    }

    /// Entries under the checkpoint being read; after its end, the entries handed out, and one more if another log follows.
    pub fn target(&self) -> u64 {
        let size = self.current.as_ref().map_or(self.seen.size(), |head| head.signed.checkpoint().size());
        self.log_start().saturating_add(size).saturating_add(u64::from(self.next.is_some()))
    }

    /// Index of the first entry of the log being read (REC-8): more than 0 if it continues another.
    pub fn log_start(&self) -> u64 {
        self.known.first
    }

    /// The witness policy of the log being read, with its key (CON-2).
    pub fn policy(&self) -> &Policy {
        &self.known.policy
    }

    /// The last checkpoint that was read to its end.
    pub fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.last.as_ref()
    }

    /// EVD-14: what was found of times far off the witnesses': the first entry ahead of them, and the first behind them.
    pub fn clock_evidence(&self) -> impl Iterator<Item = &ClockEvidence> {
        self.ahead.iter().chain(&self.behind)
    }

    /// The next entries, at most 256, with their indices; none if the board has no more. After an error the same call may be made
    /// again: the reader moves on only past what held.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn next_entries(&mut self) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
        let mut head = match self.current.take() {
            Some(head) => head,
            None => self.open().await?,
        };
        let Head { signed, tiles, .. } = &mut head;
        let outcome = take_bundle(&mut self.files, tiles, signed.checkpoint(), &mut self.seen).await;
        if let Ok(entries) = &outcome {
            self.compare_clocks(&mut head, entries).await;
        }
        // REC-8: the index of an entry counts those of the logs before.
        let first = self.known.first;
        let outcome = outcome.map(|entries| {
            let entries = entries.into_iter();
            entries.map(|(leaf, entry)| (first.saturating_add(leaf), entry)).collect()
        });
        if head.signed.checkpoint().size() > self.seen.size() {
            self.current = Some(head);
        } else if outcome.is_ok() {
            self.last = Some(head.signed);
        }
        outcome
    }

    /// The present checkpoint of the log being read; of the next one, if this one has been read to the end where it is continued.
    async fn open(&mut self) -> Result<Head, ClientError> {
        loop {
            self.files.begin();
            let head = head::open(&mut self.files, &self.known, self.last.as_ref()).await?;
            let next = chain::successor(&mut self.files, &self.known, Wanted::Checkpoint).await?;
            // What is left of this log is read first.
            self.files.log = self.known.number;
            let Some(next) = next else {
                self.next = None;
                return Ok(head);
            };
            next.follows(head.signed.checkpoint()).map_err(Box::new)?;
            if self.seen.size() < head.signed.checkpoint().size() {
                self.next = Some(next);
                return Ok(head);
            }
            self.files.log = next.known.number;
            (self.known, self.next) = (next.known, None);
            (self.seen, self.last) = (CompactRange::new(), None);
        }
    }

    /// EVD-14. What cannot be shown now, because a tile does not come or the memory cannot be written, is looked for again with the next
    /// bundle: a clock does not end a reading.
    async fn compare_clocks(&mut self, head: &mut Head, entries: &[(u64, Vec<u8>)]) {
        let Head { signed, tiles, earlier } = head;
        if let Some((index, entry)) = entries.last().filter(|_| self.ahead.is_none()) {
            let last = (*index, entry.as_slice());
            self.ahead = clock::ahead(&mut self.files, &self.known, signed, tiles, last).await.unwrap_or_default();
        }
        let first = earlier.as_ref().filter(|_| self.behind.is_none()).and_then(|earlier| {
            let size = earlier.checkpoint().size();
            entries.iter().find(|(index, _)| *index == size).map(|(index, entry)| (earlier, (*index, entry.as_slice())))
        });
        if let Some((earlier, first)) = first {
            let found = clock::behind(&mut self.files, &self.known, (signed, earlier), tiles, first).await;
            self.behind = found.unwrap_or_default();
        }
    }

    /// All entries after those handed out, up to the board's present checkpoint.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn rest(&mut self) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
        let mut rest = Vec::new();
        loop {
            let entries = self.next_entries().await?;
            if entries.is_empty() {
                return Ok(rest);
            }
            rest.extend(entries);
        }
    }
}

/// The next entries behind `seen` under a checkpoint whose tiles are at hand, at most 256; `seen` moves past them.
async fn take_bundle(
    files: &mut Files,
    tiles: &mut Tiles,
    head: &Checkpoint,
    seen: &mut CompactRange,
) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
    let (position, size) = (seen.size(), head.size());
    let width = u64::from(WIDTH);
    let Some(path) = TilePath::in_tree(TileKind::Entries, position / width, size).filter(|_| position < size) else {
        return Ok(Vec::new());
    };
    let entries = files.bundle(path).await?;
    let (leaves, _) = tiles.tile(files, 0, path.index()).await?;
    let mut range = seen.clone();
    let mut fresh = Vec::new();
    for ((index, entry), leaf) in (path.start()..).zip(entries).zip(leaves) {
        if leaf_hash(&entry) != *leaf {
            return Err(Box::new(RecordFault::EntryMismatch(index)).into());
        }
        if index >= position {
            range.append(*leaf);
            fresh.push((index, entry));
        }
    }
    // Each tile led to this root and the checkpoint extends the one before; this is the same, once more and from the entries alone.
    if range.size() == size && range.root() != *head.root() {
        return Err(Box::new(RecordFault::EdgeMismatch(size)).into());
    }
    *seen = range;
    Ok(fresh)
}

/// LOG-5: the root of a log's first `old` entries, and the proof that the tree under `head` extends them, from tiles that lead to `head`; so
/// both are right whoever serves the tiles, if the log signed `head`.
///
/// # Errors
/// [`ClientError`].
pub async fn beginning(
    client: &BoardClient,
    election: &ElectionFingerprint,
    head: &Checkpoint,
    old: u64,
) -> Result<(Hash, Vec<Hash>), ClientError> {
    let mut files = Files::new(client, election);
    files.admit(head.size()).map_err(Box::new)?;
    Tiles::open(&mut files, head).await?.beginning(&mut files, old).await
}

/// Entry 0 of a log, which is the manifest with this fingerprint, and its bytes. The fingerprint alone vouches for it, so it needs no
/// checkpoint: whoever awaits witnesses can read it too.
pub(crate) async fn fetch_manifest(
    client: &BoardClient,
    election: &ElectionFingerprint,
) -> Result<(Manifest, Vec<u8>), ClientError> {
    let fault = |fault: RecordFault| ClientError::from(Box::new(fault));
    let other = || fault(RecordFault::OtherElection(*election));
    let first = fetch_first(client, election).await?;
    let entry = Entry::decode(&first).map_err(|rejection| fault(rejection.into()))?;
    let submission = entry.submission();
    if fingerprint::election(submission.body_bytes()) != *election {
        return Err(other());
    }
    match submission.body().map_err(|rejection| fault(rejection.into()))? {
        Body::Manifest(manifest) => Ok((*manifest, submission.body_bytes().to_vec())),
        _ => Err(other()),
    }
}

/// Entry 0. A board serves the bundle of one entry as long as it has one; a file server has the bundle that its checkpoint demands.
async fn fetch_first(client: &BoardClient, election: &ElectionFingerprint) -> Result<Vec<u8>, ClientError> {
    let other = || ClientError::from(Box::new(RecordFault::OtherElection(*election)));
    let mut files = Files::new(client, election);
    let alone = TilePath::in_tree(TileKind::Entries, 0, 1).ok_or_else(other)?;
    let entries = match files.bundle(alone).await {
        Err(ClientError::Record(fault)) if matches!(*fault, RecordFault::Missing(_)) => {
            let note = files.need(RecordPath::Checkpoint).await?;
            let claimed = head::claim(&note).map_err(|fault| ClientError::from(Box::new(fault)))?;
            let path = TilePath::in_tree(TileKind::Entries, 0, claimed.size()).ok_or_else(other)?;
            files.bundle(path).await?
        }
        found => found?,
    };
    entries.into_iter().next().ok_or_else(other)
}
