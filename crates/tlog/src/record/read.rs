//! Reads a record bundle by bundle and checks every byte of it (REC-3 to REC-5).

use thiserror::Error;

use super::RecordPath;
use crate::{
    checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint},
    merkle::{Hash, leaf_hash},
    note::{Note, VerifierKey},
    tile::{BundleError, Tile, TileBuilder, TileKind, TilePath, WIDTH, decode_bundle, decode_tile},
};

/// Why a record is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError<E> {
    /// The source of files failed.
    #[error("{path} could not be read")]
    Fetch {
        /// The file.
        path: RecordPath,
        /// Why.
        #[source]
        source: E,
    },
    /// A file that the size demands is not there.
    #[error("{0} is missing")]
    Missing(RecordPath),
    /// The checkpoint is malformed or not signed as it must be.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A bundle that is not exactly the entries its path says.
    #[error("{path}: {fault}")]
    Bundle {
        /// The bundle.
        path: TilePath,
        /// What is wrong.
        #[source]
        fault: BundleError,
    },
    /// A tile that is not exactly the hashes its path says.
    #[error("{path} has {found} bytes instead of {}", usize::from(path.width()) * 32)]
    TileLength {
        /// The tile.
        path: TilePath,
        /// The number of bytes found.
        found: usize,
    },
    /// An entry whose hash the level-0 tile does not hold: entry or tile was changed.
    #[error("entry {index} in {bundle} does not match its hash in {tile}")]
    EntryMismatch {
        /// The entry's index.
        index: u64,
        /// The bundle that holds the entry.
        bundle: TilePath,
        /// The tile that holds the hash.
        tile: TilePath,
        /// The hash in the tile.
        expected: Hash,
        /// The hash of the entry.
        found: Hash,
    },
    /// A hash of a higher tile that does not follow from the tile below.
    #[error("hash {place} in {path} does not follow from the entries")]
    TileMismatch {
        /// The tile.
        path: TilePath,
        /// The place of the hash in it.
        place: usize,
        /// The hash that follows from the entries.
        expected: Hash,
        /// The hash in the tile.
        found: Hash,
    },
    /// All files agree with each other, but not with the root in the checkpoint.
    #[error("the entries' root is not the checkpoint's")]
    RootMismatch {
        /// The root in the checkpoint.
        expected: Hash,
        /// The root that follows from the entries.
        found: Hash,
    },
    /// [`RecordReader::finish`] was called before the last bundle was read.
    #[error("only {read} of {size} entries were read")]
    NotFinished {
        /// How many were read.
        read: u64,
        /// How many there are.
        size: u64,
    },
}

/// Up to 256 entries that follow each other, each checked against its hash in the level-0 tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    path: TilePath,
    bytes: Vec<u8>,
    leaves: Vec<Hash>,
}

impl Bundle {
    /// The bundle's name.
    pub fn path(&self) -> &TilePath {
        &self.path
    }

    /// The index of its first entry.
    pub fn first_index(&self) -> u64 {
        self.path.start()
    }

    /// Its entries with their indices.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let entries =
            decode_bundle(&self.bytes, self.path.width()).expect("the bytes were decoded with this width before");
        (self.first_index()..).zip(entries)
    }

    /// The leaf hashes of its entries.
    pub fn leaf_hashes(&self) -> &[Hash] {
        &self.leaves
    }
}

/// Reads a record from front to back. Holds one bundle and at most 255 hashes a level.
///
/// The keys that must have signed may be known only from the first entry, so the order is: [`RecordReader::open`], any number
/// of [`RecordReader::next_bundle`], and [`RecordReader::finish`], which alone makes what was read trustworthy.
#[derive(Debug)]
pub struct RecordReader<F> {
    fetch: F,
    note: Vec<u8>,
    claimed: Checkpoint,
    tree: TileBuilder,
}

impl<F, E> RecordReader<F>
where
    F: FnMut(&RecordPath) -> Result<Option<Vec<u8>>, E>,
{
    /// Reads the checkpoint; its signatures are checked by [`RecordReader::authenticate`] or [`RecordReader::finish`].
    /// `fetch` gives a file's bytes, or `None` if it is not there; it need not read past [`RecordPath::byte_limit`].
    pub fn open(mut fetch: F) -> Result<Self, RecordError<E>> {
        let path = RecordPath::Checkpoint;
        let note =
            fetch(&path).map_err(|source| RecordError::Fetch { path, source })?.ok_or(RecordError::Missing(path))?;
        let text = Note::parse(&note).map_err(CheckpointError::Note)?;
        let claimed = Checkpoint::parse(text.text())?;
        Ok(Self { fetch, note, claimed, tree: TileBuilder::new() })
    }

    /// What the checkpoint claims, not yet authenticated.
    pub fn claimed(&self) -> &Checkpoint {
        &self.claimed
    }

    /// The bytes of the checkpoint file.
    pub fn checkpoint_note(&self) -> &[u8] {
        &self.note
    }

    /// The number of entries read so far.
    pub fn position(&self) -> u64 {
        self.tree.size()
    }

    /// REC-3: checks the checkpoint's signatures, every line of it.
    pub fn authenticate(&self, keys: &[VerifierKey]) -> Result<SignedCheckpoint, RecordError<E>> {
        Ok(checkpoint::open_strict(&self.note, keys)?)
    }

    /// REC-4: the next bundle, its entries checked against the level-0 tile, and every higher tile that it completes checked
    /// against the entries; after the last one also the partial tiles and the root (REC-5). `None` when all were read.
    pub fn next_bundle(&mut self) -> Result<Option<Bundle>, RecordError<E>> {
        let index = self.tree.size() / u64::from(WIDTH);
        let size = self.claimed.size();
        if self.tree.size() >= size {
            self.check_root(&self.tree)?;
            return Ok(None);
        }
        let (Some(path), Some(tile)) =
            (TilePath::in_tree(TileKind::Entries, index, size), TilePath::in_tree(TileKind::Hashes(0), index, size))
        else {
            return Ok(None);
        };
        let bytes = self.fetch(path)?;
        let entries = decode_bundle(&bytes, path.width()).map_err(|fault| RecordError::Bundle { path, fault })?;
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let stored = self.fetch_tile(tile)?;
        for ((index, expected), found) in (path.start()..).zip(stored).zip(&leaves) {
            if expected != *found {
                return Err(RecordError::EntryMismatch { index, bundle: path, tile, expected, found: *found });
            }
        }
        // The reader moves on only past what held: after a refusal the same call gives the same refusal.
        let mut tree = self.tree.clone();
        for leaf in &leaves {
            for full in tree.append(*leaf) {
                self.check_tile(&full)?;
            }
        }
        if tree.size() == size {
            for partial in tree.partial_tiles() {
                self.check_tile(&partial)?;
            }
            self.check_root(&tree)?;
        }
        self.tree = tree;
        Ok(Some(Bundle { path, bytes, leaves }))
    }

    /// Checks the signatures as [`RecordReader::authenticate`]; refuses if entries are left unread.
    pub fn finish(self, keys: &[VerifierKey]) -> Result<SignedCheckpoint, RecordError<E>> {
        let (read, size) = (self.tree.size(), self.claimed.size());
        if read != size {
            return Err(RecordError::NotFinished { read, size });
        }
        self.check_root(&self.tree)?;
        self.authenticate(keys)
    }

    fn check_tile(&mut self, computed: &Tile) -> Result<(), RecordError<E>> {
        let path = *computed.path();
        // Level 0 was compared entry by entry.
        if path.kind() == TileKind::Hashes(0) {
            return Ok(());
        }
        let stored = self.fetch_tile(path)?;
        let pairs = stored.into_iter().zip(computed.hashes());
        for (place, (found, expected)) in pairs.enumerate() {
            if found != *expected {
                return Err(RecordError::TileMismatch { path, place, expected: *expected, found });
            }
        }
        Ok(())
    }

    fn check_root(&self, tree: &TileBuilder) -> Result<(), RecordError<E>> {
        let (expected, found) = (*self.claimed.root(), tree.root());
        if expected == found { Ok(()) } else { Err(RecordError::RootMismatch { expected, found }) }
    }

    fn fetch_tile(&mut self, path: TilePath) -> Result<Vec<Hash>, RecordError<E>> {
        let bytes = self.fetch(path)?;
        let found = bytes.len();
        decode_tile(&bytes, path.width()).ok_or(RecordError::TileLength { path, found })
    }

    fn fetch(&mut self, tile: TilePath) -> Result<Vec<u8>, RecordError<E>> {
        let path = RecordPath::Tile(tile);
        (self.fetch)(&path).map_err(|source| RecordError::Fetch { path, source })?.ok_or(RecordError::Missing(path))
    }
}
