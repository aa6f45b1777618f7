//! Writes a fresh record, file by file (REC-6).

use thiserror::Error;

use super::RecordPath;
use crate::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::leaf_hash,
    note::{Note, SignerKey},
    tile::{BundleError, MAX_ENTRY_BYTES, Tile, TileBuilder, TileKind, TilePath, WIDTH, encode_bundle},
};

/// A file of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFile {
    /// Its name within the record.
    pub path: RecordPath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a record cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// An entry longer than the format allows.
    #[error("entry {index} has {length} bytes, more than 65,535")]
    EntryTooLong {
        /// The entry's index.
        index: u64,
        /// Its number of bytes.
        length: usize,
    },
    /// The entries do not form a bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The checkpoint cannot be signed, or is malformed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint given is of another tree.
    #[error("the checkpoint is of another tree")]
    ForeignCheckpoint,
}

/// Takes entries one by one and gives files as they fill up. Holds one bundle and at most 255 hashes a level.
#[derive(Debug, Default)]
pub struct RecordWriter {
    tree: TileBuilder,
    bundle: Vec<Vec<u8>>,
}

impl RecordWriter {
    /// The writer of a record without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree so far.
    pub fn tree(&self) -> &TileBuilder {
        &self.tree
    }

    /// Appends an entry; gives the files this fills.
    pub fn append(&mut self, entry: &[u8]) -> Result<Vec<RecordFile>, WriteError> {
        if entry.len() > MAX_ENTRY_BYTES {
            return Err(WriteError::EntryTooLong { index: self.tree.size(), length: entry.len() });
        }
        self.bundle.push(entry.to_vec());
        let tiles = self.tree.append(leaf_hash(entry));
        let mut files: Vec<RecordFile> = tiles.iter().map(tile_file).collect();
        if self.bundle.len() == usize::from(WIDTH) {
            files.extend(self.flush_bundle()?);
        }
        Ok(files)
    }

    /// Signs the checkpoint and gives it with the partial tiles and bundle. The log's origin is the key's name.
    pub fn finish(self, key: &SignerKey) -> Result<Vec<RecordFile>, WriteError> {
        let head = Checkpoint::new(key.name(), self.tree.size(), self.tree.root())?;
        let note = checkpoint::sign(&head, key)?;
        self.finish_with(&note)
    }

    /// As [`RecordWriter::finish`], with a checkpoint that was signed before; it must be of exactly these entries.
    pub fn finish_with(mut self, note: &str) -> Result<Vec<RecordFile>, WriteError> {
        let parsed = Note::parse(note.as_bytes()).map_err(CheckpointError::Note)?;
        let head = Checkpoint::parse(parsed.text())?;
        if (head.size(), *head.root()) != (self.tree.size(), self.tree.root()) {
            return Err(WriteError::ForeignCheckpoint);
        }
        let mut files: Vec<RecordFile> = self.tree.partial_tiles().iter().map(tile_file).collect();
        files.extend(self.flush_bundle()?);
        files.push(RecordFile { path: RecordPath::Checkpoint, bytes: note.as_bytes().to_vec() });
        Ok(files)
    }

    fn flush_bundle(&mut self) -> Result<Option<RecordFile>, WriteError> {
        let bundle = std::mem::take(&mut self.bundle);
        let Some(last) = self.tree.size().checked_sub(1).filter(|_| !bundle.is_empty()) else {
            return Ok(None);
        };
        let index = last / u64::from(WIDTH);
        let path = TilePath::in_tree(TileKind::Entries, index, self.tree.size());
        let bytes = encode_bundle(&bundle)?;
        Ok(path.map(|path| RecordFile { path: RecordPath::Tile(path), bytes }))
    }
}

/// REC-6: the files of a fresh record of these entries, signed by `key`, whose name is the log's origin.
pub fn write_record<T: AsRef<[u8]>>(
    entries: impl IntoIterator<Item = T>,
    key: &SignerKey,
) -> Result<Vec<RecordFile>, WriteError> {
    let mut writer = RecordWriter::new();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(writer.append(entry.as_ref())?);
    }
    files.extend(writer.finish(key)?);
    Ok(files)
}

fn tile_file(tile: &Tile) -> RecordFile {
    RecordFile { path: RecordPath::Tile(*tile.path()), bytes: tile.bytes() }
}
