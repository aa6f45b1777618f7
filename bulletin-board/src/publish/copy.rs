//! One election's static copy: what it must hold, in which order it gets it, and when it is left alone (BRD-41 to BRD-44).

use super::{
    Source,
    destination::{Created, Destination},
};
use crate::store::StoreError;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use protocol::ids::ElectionFingerprint;
use std::sync::Arc;
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError},
    note::VerifierKey,
    record::RecordPath,
    tile::{TilePath, new_tiles},
};

/// Files that are on their way at once. Each is in memory while it is.
const AT_ONCE: usize = 4;

/// Why a copy is not brought up to date.
#[derive(Debug, Error)]
pub(super) enum Fault {
    /// The store fails.
    #[error("the store fails")]
    Destination(#[source] Box<object_store::Error>),
    /// The board's own database fails.
    #[error(transparent)]
    Log(#[from] StoreError),
    /// The log does not have a file that its own checkpoint demands.
    #[error("the log lacks {0}")]
    Lacking(TilePath),
    /// Another writer has moved the checkpoint (BRD-48).
    #[error("another writer has moved the copy's checkpoint")]
    Moved,
    /// A file that was published, or stands where one is to be published, has other bytes (BRD-42).
    #[error("{0} of the copy has other bytes than the log (BRD-42): look at who writes there, then remove the file")]
    Damaged(RecordPath),
    /// The checkpoint is not one that this log signed (BRD-44).
    #[error("the copy's checkpoint is not by this log (BRD-44): {0}")]
    Foreign(#[source] CheckpointError),
    /// The copy holds more than the database (BRD-44).
    #[error("the copy has {copy} entries, the log only {log} (BRD-44): was the database set back?")]
    SetBack {
        /// The size of the copy's checkpoint.
        copy: u64,
        /// The size of the log's.
        log: u64,
    },
    /// The copy's checkpoint, signed by our key, is of another history than the database (BRD-44).
    #[error(
        "the copy's checkpoint of {size} entries is of another history than the log's (BRD-44): was the database exchanged?"
    )]
    OtherHistory {
        /// Its size.
        size: u64,
        /// The checkpoint, a signed note: evidence.
        checkpoint: String,
    },
}

impl Fault {
    /// Whether no repetition mends it: somebody must look.
    pub(super) fn is_alarm(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Foreign(_) | Self::SetBack { .. } | Self::OtherHistory { .. })
    }
}

impl From<object_store::Error> for Fault {
    fn from(error: object_store::Error) -> Self {
        Self::Destination(Box::new(error))
    }
}

/// One election's copy.
#[derive(Debug)]
pub(super) struct StaticCopy {
    destination: Arc<Destination>,
    folder: String,
    key: VerifierKey,
    source: Arc<dyn Source>,
    /// The copy's checkpoint as it was seen last; none before the copy was taken up (BRD-44).
    taken_up: Option<Present>,
    /// What was read and compared, or written, since the start.
    compared: u64,
}

/// The checkpoint of a copy: the size it covers, and its bytes if there is one.
#[derive(Clone, Debug)]
struct Present {
    size: u64,
    note: Option<Vec<u8>>,
}

impl StaticCopy {
    pub(super) fn new(
        destination: Arc<Destination>,
        election: ElectionFingerprint,
        key: VerifierKey,
        source: Arc<dyn Source>,
    ) -> Self {
        let folder = board_api::log_path(&election).trim_matches('/').to_owned();
        Self { destination, folder, key, source, taken_up: None, compared: 0 }
    }

    /// The size of the copy's checkpoint, as far as it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.taken_up.as_ref().map(|present| present.size)
    }

    /// BRD-41: brings the copy to the log's present checkpoint. After a fault the copy is taken up anew the next time (BRD-46).
    pub(super) async fn bring_up_to_date(&mut self) -> Result<(), Fault> {
        if !self.source.leads() {
            // Another process publishes, and what it did meanwhile is looked at before anything is done here again.
            self.taken_up = None;
            return Ok(());
        }
        let present = match self.taken_up.take() {
            Some(present) => present,
            None => self.take_up().await?,
        };
        self.taken_up = Some(self.advance(present).await?);
        Ok(())
    }

    /// BRD-44: reads the copy's checkpoint, and once everything that it demands.
    async fn take_up(&mut self) -> Result<Present, Fault> {
        let Some(found) = self.destination.read(&self.folder, &RecordPath::Checkpoint).await? else {
            return Ok(Present { size: 0, note: None });
        };
        let signed = checkpoint::open(&found.bytes, std::slice::from_ref(&self.key)).map_err(Fault::Foreign)?;
        let head = signed.checkpoint();
        let size = head.size();
        match self.source.root_at(size) {
            Some(root) if root == *head.root() => {}
            Some(_) => return Err(Fault::OtherHistory { size, checkpoint: signed.note().encode() }),
            None => return Err(Fault::SetBack { copy: size, log: self.source.size() }),
        }
        self.put_all(new_tiles(self.compared, size), Expectation::There).await?;
        self.compared = self.compared.max(size);
        Ok(Present { size, note: Some(found.bytes) })
    }

    async fn advance(&mut self, present: Present) -> Result<Present, Fault> {
        let Some((size, note)) = self.source.checkpoint() else { return Ok(present) };
        let same = present.note.as_deref() == Some(note.as_bytes());
        // After a restart, the log may not have its newest cosignatures again yet; the copy's checkpoint stays then.
        if same || size < present.size {
            return Ok(present);
        }
        self.put_all(new_tiles(present.size, size), Expectation::Absent).await?;
        self.compared = self.compared.max(size);
        if !self.destination.replace(&self.folder, present.note.as_deref(), note.as_bytes()).await? {
            return Err(Fault::Moved);
        }
        self.remove_partial(present.size, size).await;
        Ok(Present { size, note: Some(note.into_bytes()) })
    }

    async fn put_all(&self, paths: impl Iterator<Item = TilePath>, expectation: Expectation) -> Result<(), Fault> {
        let puts = stream::iter(paths).map(|path| self.put(path, expectation));
        puts.buffer_unordered(AT_ONCE).try_collect::<()>().await
    }

    /// BRD-42: a tile or bundle, which nothing is ever written over.
    async fn put(&self, path: TilePath, expectation: Expectation) -> Result<(), Fault> {
        let bytes = self.source.file(&path).await?.ok_or(Fault::Lacking(path))?;
        let file = RecordPath::Tile(path);
        if expectation == Expectation::There
            && let Some(found) = self.destination.read(&self.folder, &file).await?
        {
            return if found.bytes == bytes { Ok(()) } else { Err(Fault::Damaged(file)) };
        }
        match self.destination.create(&self.folder, &file, &bytes).await? {
            Created::Written | Created::Same => Ok(()),
            Created::Differs => Err(Fault::Damaged(file)),
        }
    }

    /// BRD-43: the partial tiles of what is full by now. A failure leaves files that harm nobody.
    async fn remove_partial(&self, old: u64, new: u64) {
        for path in new_tiles(old, new).filter(TilePath::is_full) {
            if let Err(error) = self.destination.remove_all(&self.folder, &format!("{path}.p")).await {
                tracing::debug!(cause = ?error, %path, "partial tiles stay");
            }
        }
    }
}

/// What is expected under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expectation {
    /// Nothing yet: writing comes first.
    Absent,
    /// The file: reading comes first.
    There,
}
