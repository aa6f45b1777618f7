//! Files of a record as they come over the wire, counted against the limits of one reading (HTTP-22, HTTP-27).

use super::{Limits, RecordFault};
use crate::{BoardClient, ClientError, client::Clock};
use protocol::ids::ElectionFingerprint;
use std::time::Duration;
use tlog::{
    merkle::Hash,
    record::{ChainPath, RecordPath},
    tile::{TilePath, WIDTH, decode_bundle, decode_tile},
};

/// HTTP-27: what a reading may always take.
const PATIENCE: Duration = Duration::from_secs(600);

/// HTTP-27: bytes that must have come for each further second.
const BYTES_PER_SECOND: u64 = 16 * 1024;

/// One reading of one election's files.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) client: BoardClient,
    pub(super) election: ElectionFingerprint,
    /// The log read, from 1 (REC-7).
    pub(super) log: u64,
    limits: Limits,
    spent: Spent,
}

/// What a reading has taken so far.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    files: u64,
    bytes: u64,
    /// Waiting for the board; what the caller does in between is its own business.
    waited: Duration,
}

impl Spent {
    /// HTTP-27: whether the board keeps up: one second for each file and for each 16 KiB, after what is always granted.
    fn keeps_pace(&self) -> bool {
        let earned = self.files.saturating_add(self.bytes / BYTES_PER_SECOND);
        self.waited <= PATIENCE.saturating_add(Duration::from_secs(earned))
    }
}

impl Files {
    pub(super) fn new(client: &BoardClient, election: &ElectionFingerprint) -> Self {
        let limits = client.read_options().limits;
        Self { client: client.clone(), election: *election, log: 1, limits, spent: Spent::default() }
    }

    /// Begins to count anew: for the next checkpoint.
    pub(super) fn begin(&mut self) {
        self.spent = Spent::default();
    }

    /// HTTP-27: whether so many entries may be read at all; asked before the first tile is fetched.
    pub(super) fn admit(&self, size: u64) -> Result<(), RecordFault> {
        if size > self.limits.entries {
            return Err(RecordFault::TooLarge { size, limit: self.limits.entries });
        }
        Ok(())
    }

    /// A file, if the board has it.
    pub(super) async fn find(&mut self, path: RecordPath) -> Result<Option<Vec<u8>>, ClientError> {
        let begun = Clock::now();
        let bytes = self.client.fetch(&self.election, ChainPath::new(self.log, path)).await?;
        let length = bytes.as_ref().map_or(0, Vec::len);
        self.spent.waited = self.spent.waited.saturating_add(begun.elapsed());
        self.spent.files = self.spent.files.saturating_add(1);
        self.spent.bytes = self.spent.bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.spent.bytes > self.limits.bytes {
            return Err(Box::new(RecordFault::TooManyBytes(self.limits.bytes)).into());
        }
        if !self.spent.keeps_pace() {
            return Err(Box::new(RecordFault::TooSlow).into());
        }
        Ok(bytes)
    }

    /// A file that must be there.
    pub(super) async fn need(&mut self, path: RecordPath) -> Result<Vec<u8>, ClientError> {
        self.find(path).await?.ok_or_else(|| Box::new(RecordFault::Missing(path)).into())
    }

    /// A tile or bundle of this width; where a partial one is gone, the full one, whose width is then given (HTTP-22).
    async fn wide(&mut self, path: TilePath) -> Result<(Vec<u8>, u16), ClientError> {
        if let Some(bytes) = self.find(RecordPath::Tile(path)).await? {
            return Ok((bytes, path.width()));
        }
        let missing = || ClientError::from(Box::new(RecordFault::Missing(RecordPath::Tile(path))));
        let full = TilePath::new(path.kind(), path.index(), WIDTH).map_err(|_| missing())?;
        if path.is_full() {
            return Err(missing());
        }
        let bytes = self.find(RecordPath::Tile(full)).await?.ok_or_else(missing)?;
        Ok((bytes, WIDTH))
    }

    /// The entries of a bundle, none of them checked.
    pub(super) async fn bundle(&mut self, path: TilePath) -> Result<Vec<Vec<u8>>, ClientError> {
        let (bytes, width) = self.wide(path).await?;
        let entries = decode_bundle(&bytes, width).map_err(|fault| Box::new(RecordFault::Bundle { path, fault }))?;
        Ok(entries.into_iter().take(usize::from(path.width())).map(<[u8]>::to_vec).collect())
    }

    /// The hashes of a tile, none of them checked.
    pub(super) async fn hashes(&mut self, path: TilePath) -> Result<Vec<Hash>, ClientError> {
        let (bytes, width) = self.wide(path).await?;
        let mut hashes = decode_tile(&bytes, width).ok_or_else(|| Box::new(RecordFault::TileLength(path)))?;
        hashes.truncate(usize::from(path.width()));
        Ok(hashes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTTP-27.
    #[test]
    fn a_board_that_drips_is_given_up() {
        let spent = |files, kibibytes: u64, seconds| Spent {
            files,
            bytes: kibibytes * 1024,
            waited: Duration::from_secs(seconds),
        };
        assert!(spent(0, 0, 600).keeps_pace(), "ten minutes are always granted");
        assert!(!spent(0, 0, 601).keeps_pace());
        assert!(spent(10, 0, 610).keeps_pace(), "a second for each file");
        assert!(!spent(10, 0, 611).keeps_pace());
        assert!(spent(10, 160, 620).keeps_pace(), "and one for each 16 KiB");
        assert!(!spent(10, 160, 621).keeps_pace());
        assert!(spent(u64::MAX, u64::MAX / 1024, u64::MAX).keeps_pace(), "nothing overflows");
    }
}
