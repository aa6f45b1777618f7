//! Reading on from where a mirror stands: under a checkpoint that the mirror opened itself, witnessed or not, because its own cosignature
//! may be the one that is missing.

use super::{RecordFault, files::Files, head, take_bundle, tiles::Tiles};
use crate::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use tlog::{
    checkpoint::SignedCheckpoint,
    merkle::{CompactRange, Hash},
};

/// The entries between what a mirror has and one checkpoint, bundle by bundle.
#[derive(Debug)]
pub struct Pull {
    files: Files,
    signed: SignedCheckpoint,
    tiles: Tiles,
    seen: CompactRange,
}

/// Begins to read the entries under `signed` that `seen`, the tree of those held already, has not. `signed` must extend `earlier`, the largest
/// checkpoint of this log that was seen before, and the tree of `seen` too.
///
/// # Errors
/// [`ClientError`]: a checkpoint that extends neither is [`RecordFault::Rollback`] or [`RecordFault::Fork`].
pub async fn pull(
    client: &BoardClient,
    election: &ElectionFingerprint,
    signed: SignedCheckpoint,
    earlier: Option<&SignedCheckpoint>,
    seen: CompactRange,
) -> Result<Pull, ClientError> {
    let known = client.known(election).await?;
    let mut files = Files::new(client, election);
    let size = signed.checkpoint().size();
    files.admit(size).map_err(Box::new)?;
    let mut tiles = None;
    if let Some(earlier) = earlier {
        head::follow(&mut files, &known, &mut tiles, earlier, &signed).await?;
    }
    let mut tiles = match tiles {
        Some(tiles) => tiles,
        None => Tiles::open(&mut files, signed.checkpoint()).await?,
    };
    let beyond = seen.size() > size;
    if beyond || seen.size() > 0 && tiles.beginning(&mut files, seen.size()).await?.0 != seen.root() {
        return Err(Box::new(RecordFault::EdgeMismatch(size)).into());
    }
    Ok(Pull { files, signed, tiles, seen })
}

impl Pull {
    /// The checkpoint being read up to.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.signed
    }

    /// The next entries, at most 256, with their indices; none at the end. Each is under the checkpoint.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn next_entries(&mut self) -> Result<Vec<(u64, Vec<u8>)>, ClientError> {
        take_bundle(&mut self.files, &mut self.tiles, self.signed.checkpoint(), &mut self.seen).await
    }

    /// LOG-4: the inclusion proof of an entry under the checkpoint.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, ClientError> {
        self.tiles.inclusion(&mut self.files, index).await
    }
}
