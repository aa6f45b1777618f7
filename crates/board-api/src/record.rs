//! Follows a log over its tiles, the one read path (HTTP-15, HTTP-23), and hands out only entries that are under a signed checkpoint.
//!
//! The checkpoint's root vouches for the unfinished tile of each level, each tile for those below it, level 0 for the entries: so
//! an entry is authentic when it is handed out, in memory for a few tiles, whatever the log's size. The reader's own tree, made of
//! all it ever handed out, must come to the same root: that is how it sees that the log was only added to (LOG-29).

use crate::{BoardClient, ClientError};
use protocol::{Body, Entry, Manifest, Rejection, fingerprint, ids::ElectionFingerprint};
use std::collections::VecDeque;
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint},
    merkle::{CompactRange, Hash, leaf_hash},
    note::{Note, VerifierKey},
    record::RecordPath,
    tile::{BundleError, TileKind, TilePath, WIDTH, decode_bundle, tiles_of},
};

mod tiles;

use tiles::Tiles;

/// Why what the board serves is not a log to believe.
#[derive(Debug, Error)]
pub enum RecordFault {
    /// A file that the checkpoint demands is not there.
    #[error("{0} is missing")]
    Missing(RecordPath),
    /// The checkpoint is malformed or not signed by the log.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another log than the manifest names.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// The origin in the manifest.
        expected: String,
        /// The origin in the checkpoint.
        found: String,
    },
    /// A log without entries, or whose entry 0 is not the manifest with the fingerprint asked for.
    #[error("entry 0 is not the manifest with fingerprint {0}")]
    OtherElection(ElectionFingerprint),
    /// Entry 0 cannot be read.
    #[error("entry 0 is malformed: {0}")]
    Entry(#[from] Rejection),
    /// A bundle that is not the entries its name says.
    #[error("{path}: {fault}")]
    Bundle {
        /// The bundle.
        path: TilePath,
        /// What is wrong.
        #[source]
        fault: BundleError,
    },
    /// The unfinished tiles do not make the checkpoint's root.
    #[error("the unfinished tiles of {0} entries do not make the checkpoint's root")]
    EdgeMismatch(u64),
    /// A bundle beyond the checkpoint's tree.
    #[error("bundle {index} is outside a tree of {size} entries")]
    Outside {
        /// The bundle asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tile of the wrong length.
    #[error("{0} has the wrong length")]
    TileLength(TilePath),
    /// A tile that is not the one vouched for from above.
    #[error("{0} does not lead to the checkpoint's root")]
    TileMismatch(TilePath),
    /// An entry that is not the one its level-0 tile vouches for.
    #[error("entry {0} does not match its hash")]
    EntryMismatch(u64),
    /// The log offers less than it had.
    #[error("the log offers {offered} entries after it had {seen}")]
    Rollback {
        /// The size seen before.
        seen: u64,
        /// The size offered.
        offered: u64,
    },
    /// The log's history is not the one that was read before. The two checkpoints are the evidence: keep them.
    #[error("the log's first {seen} entries are not those it showed before")]
    Fork {
        /// The number of entries read before.
        seen: u64,
        /// The checkpoint they were read under, a signed note.
        earlier: Option<String>,
        /// The checkpoint that does not extend it, a signed note.
        later: String,
    },
}

/// The entries up to one checkpoint, bundle by bundle; then up to the next one.
#[derive(Debug)]
pub struct Reader {
    client: BoardClient,
    election: ElectionFingerprint,
    keys: Vec<VerifierKey>,
    seen: CompactRange,
    /// The checkpoint that all entries handed out make the root of.
    last: Option<SignedCheckpoint>,
    /// The checkpoint being read up to.
    current: Option<(SignedCheckpoint, Tiles)>,
}

/// Begins to read an election's log. The manifest, and with it the log's key, is checked against the fingerprint.
///
/// # Errors
/// [`ClientError`].
pub async fn read(client: &BoardClient, election: &ElectionFingerprint) -> Result<Reader, ClientError> {
    let key = client.log_key(election).await?;
    Ok(Reader {
        client: client.clone(),
        election: *election,
        keys: vec![key],
        seen: CompactRange::new(),
        last: None,
        current: None,
    })
}

impl Reader {
    /// The number of entries handed out.
    pub fn position(&self) -> u64 {
        self.seen.size()
    }

    /// The root over all entries handed out.
    pub fn root(&self) -> Hash {
        self.seen.root()
    }

    /// Entries under the checkpoint being read; after its end, the entries handed out.
    pub fn target(&self) -> u64 {
        self.current.as_ref().map_or(self.position(), |(signed, _)| signed.checkpoint().size())
    }

    /// The last checkpoint that was read to its end.
    pub fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.last.as_ref()
    }

    /// The next entries, at most 256, with their indices; none if the board has no more. After an error the same call may be made
    /// again: the reader moves on only past what held.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn next_entries(&mut self) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
        let (signed, mut tiles) = match self.current.take() {
            Some(current) => current,
            None => self.newer().await?,
        };
        let outcome = self.take_bundle(&signed, &mut tiles).await;
        if signed.checkpoint().size() > self.seen.size() {
            self.current = Some((signed, tiles));
        } else if outcome.is_ok() {
            self.last = Some(signed);
        }
        outcome
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

    /// Opens the board's present checkpoint; refuses one that is smaller, or of the same size and not the same root.
    async fn newer(&mut self) -> Result<(SignedCheckpoint, Tiles), ClientError> {
        let note = fetch(&self.client, &self.election, RecordPath::Checkpoint).await?;
        let signed = checkpoint::open(&note, &self.keys).map_err(RecordFault::from).map_err(Box::new)?;
        let head = signed.checkpoint();
        let (seen, offered) = (self.seen.size(), head.size());
        if offered < seen {
            return Err(Box::new(RecordFault::Rollback { seen, offered }).into());
        }
        if offered == seen && *head.root() != self.seen.root() {
            return Err(self.fork(&signed));
        }
        let tiles = Tiles::open(&self.client, &self.election, head).await?;
        Ok((signed, tiles))
    }

    fn fork(&self, later: &SignedCheckpoint) -> ClientError {
        let earlier = self.last.as_ref().map(|earlier| earlier.note().encode());
        Box::new(RecordFault::Fork { seen: self.seen.size(), earlier, later: later.note().encode() }).into()
    }

    async fn take_bundle(
        &mut self,
        signed: &SignedCheckpoint,
        tiles: &mut Tiles,
    ) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
        let (seen, size) = (self.seen.size(), signed.checkpoint().size());
        let width = u64::from(WIDTH);
        let Some(path) = TilePath::in_tree(TileKind::Entries, seen / width, size).filter(|_| seen < size) else {
            return Ok(Vec::new());
        };
        let entries = fetch_bundle(&self.client, &self.election, path).await?;
        let leaves = tiles.level_zero(&self.client, &self.election, path.index()).await?;
        let mut range = self.seen.clone();
        let mut fresh = Vec::new();
        for ((index, entry), leaf) in (path.start()..).zip(entries).zip(leaves) {
            if leaf_hash(&entry) != *leaf {
                return Err(Box::new(RecordFault::EntryMismatch(index)).into());
            }
            if index >= seen {
                range.append(*leaf);
                fresh.push((index, entry));
            }
        }
        // Entries are under this checkpoint's root one by one; that the earlier ones are still under it shows at the end.
        if range.size() == size && range.root() != *signed.checkpoint().root() {
            return Err(self.fork(signed));
        }
        self.seen = range;
        Ok(fresh)
    }
}

/// HTTP-15: every file of the record under the board's present checkpoint, the checkpoint last, one after the other into `store`.
/// Checks nothing: the verifier does.
///
/// # Errors
/// [`ClientError`], or what `store` refuses.
pub async fn download<E: From<ClientError>>(
    client: &BoardClient,
    election: &ElectionFingerprint,
    mut store: impl FnMut(RecordPath, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let note = fetch(client, election, RecordPath::Checkpoint).await?;
    let claimed = claim(&note).map_err(|fault| ClientError::from(Box::new(fault)))?;
    for path in tiles_of(claimed.size()).map(RecordPath::Tile) {
        let bytes = fetch(client, election, path).await?;
        store(path, bytes)?;
    }
    store(RecordPath::Checkpoint, note)
}

/// Entry 0 of a log, which is the manifest with this fingerprint.
pub(crate) async fn fetch_manifest(
    client: &BoardClient,
    election: &ElectionFingerprint,
) -> Result<Manifest, ClientError> {
    let fault = |fault: RecordFault| ClientError::from(Box::new(fault));
    let other = || fault(RecordFault::OtherElection(*election));
    let note = fetch(client, election, RecordPath::Checkpoint).await?;
    let claimed = claim(&note).map_err(fault)?;
    let path = TilePath::in_tree(TileKind::Entries, 0, claimed.size()).ok_or_else(other)?;
    let first = fetch_bundle(client, election, path).await?.pop_front().ok_or_else(other)?;
    let entry = Entry::decode(&first).map_err(|rejection| fault(rejection.into()))?;
    let body = entry.submission();
    if fingerprint::election(body.body_bytes()) != *election {
        return Err(other());
    }
    match body.body().map_err(|rejection| fault(rejection.into()))? {
        Body::Manifest(manifest) if manifest.log_origin == claimed.origin() => Ok(*manifest),
        Body::Manifest(manifest) => {
            let found = claimed.origin().to_owned();
            Err(fault(RecordFault::OtherLog { expected: manifest.log_origin, found }))
        }
        _ => Err(other()),
    }
}

/// What a checkpoint claims, its signatures unchecked.
fn claim(note: &[u8]) -> Result<Checkpoint, RecordFault> {
    let note = Note::parse(note).map_err(CheckpointError::from)?;
    Ok(Checkpoint::parse(note.text())?)
}

async fn fetch(client: &BoardClient, election: &ElectionFingerprint, path: RecordPath) -> Result<Vec<u8>, ClientError> {
    let bytes = client.fetch(election, &path).await?;
    bytes.ok_or_else(|| Box::new(RecordFault::Missing(path)).into())
}

/// A tile or bundle of this width; where a partial one is gone, the full one, whose width is then given (HTTP-22).
async fn fetch_wide(
    client: &BoardClient,
    election: &ElectionFingerprint,
    path: TilePath,
) -> Result<(Vec<u8>, u16), ClientError> {
    if let Some(bytes) = client.fetch(election, &RecordPath::Tile(path)).await? {
        return Ok((bytes, path.width()));
    }
    let missing = || ClientError::from(Box::new(RecordFault::Missing(RecordPath::Tile(path))));
    let full = TilePath::new(path.kind(), path.index(), WIDTH).map_err(|_| missing())?;
    if path.is_full() {
        return Err(missing());
    }
    let bytes = client.fetch(election, &RecordPath::Tile(full)).await?.ok_or_else(missing)?;
    Ok((bytes, WIDTH))
}

async fn fetch_bundle(
    client: &BoardClient,
    election: &ElectionFingerprint,
    path: TilePath,
) -> Result<VecDeque<Vec<u8>>, ClientError> {
    let (bytes, width) = fetch_wide(client, election, path).await?;
    let entries = decode_bundle(&bytes, width).map_err(|fault| Box::new(RecordFault::Bundle { path, fault }))?;
    Ok(entries.into_iter().take(usize::from(path.width())).map(<[u8]>::to_vec).collect())
}
