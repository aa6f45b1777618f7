//! Tiles that lead to a checkpoint's root (LOG-7): the unfinished one of each level, and of each level the last full one read.

use super::{RecordFault, fetch_wide};
use crate::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use std::collections::HashMap;
use tlog::{
    checkpoint::Checkpoint,
    merkle::{CompactRange, Hash},
    record::RecordPath,
    tile::{HEIGHT, TileBuilder, TileKind, TilePath, WIDTH, decode_tile},
};

/// The tiles of one tree.
#[derive(Debug)]
pub(super) struct Tiles {
    size: u64,
    /// The tile at hand of each level; each was checked.
    at_hand: HashMap<u8, (TilePath, Vec<Hash>)>,
    edge: HashMap<u8, (TilePath, Vec<Hash>)>,
}

impl Tiles {
    /// The unfinished tile of each level; together they make the root.
    pub(super) async fn open(
        client: &BoardClient,
        election: &ElectionFingerprint,
        head: &Checkpoint,
    ) -> Result<Self, ClientError> {
        let size = head.size();
        let mut edge = HashMap::new();
        for level in 0..=u8::MAX {
            let count = size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0);
            if count == 0 {
                break;
            }
            let path = TilePath::in_tree(TileKind::Hashes(level), count / u64::from(WIDTH), size);
            if let Some(path) = path {
                edge.insert(level, (path, fetch_hashes(client, election, path).await?));
            }
        }
        let tree = TileBuilder::resume(size, |path| {
            let hashes = edge.values().find(|(edge, _)| edge == path).map(|(_, hashes)| hashes.as_flattened().to_vec());
            hashes.ok_or(RecordFault::Missing(RecordPath::Tile(*path)))
        });
        match tree {
            Ok(tree) if tree.root() == *head.root() => Ok(Self { size, at_hand: HashMap::new(), edge }),
            _ => Err(Box::new(RecordFault::EdgeMismatch(size)).into()),
        }
    }

    /// The leaf hashes of bundle `index`.
    pub(super) async fn level_zero(
        &mut self,
        client: &BoardClient,
        election: &ElectionFingerprint,
        index: u64,
    ) -> Result<&[Hash], ClientError> {
        // Climb to a tile that is known already, then come down, each tile vouching for the one below it.
        let mut wanted = Vec::new();
        let mut place = index;
        for level in 0..=u8::MAX {
            let path =
                TilePath::in_tree(TileKind::Hashes(level), place, self.size).ok_or_else(|| self.outside(index))?;
            if self.known(level, &path).is_some() {
                break;
            }
            wanted.push((level, path));
            place /= u64::from(WIDTH);
        }
        for (level, path) in wanted.into_iter().rev() {
            let hashes = fetch_hashes(client, election, path).await?;
            let above = TilePath::in_tree(
                TileKind::Hashes(level.saturating_add(1)),
                path.index() / u64::from(WIDTH),
                self.size,
            );
            let voucher = above
                .and_then(|above| self.known(level.saturating_add(1), &above))
                .and_then(|hashes| hashes.get(usize::try_from(path.index() % u64::from(WIDTH)).ok()?));
            if voucher != Some(&complete_root(&hashes)) {
                return Err(Box::new(RecordFault::TileMismatch(path)).into());
            }
            self.at_hand.insert(level, (path, hashes));
        }
        let path = TilePath::in_tree(TileKind::Hashes(0), index, self.size).ok_or_else(|| self.outside(index))?;
        self.known(0, &path).ok_or_else(|| self.outside(index))
    }

    fn known(&self, level: u8, path: &TilePath) -> Option<&[Hash]> {
        let of =
            |tiles: &'_ HashMap<u8, (TilePath, Vec<Hash>)>| tiles.get(&level).is_some_and(|(known, _)| known == path);
        let tiles = if of(&self.edge) { &self.edge } else { &self.at_hand };
        tiles.get(&level).filter(|(known, _)| known == path).map(|(_, hashes)| hashes.as_slice())
    }

    fn outside(&self, index: u64) -> ClientError {
        Box::new(RecordFault::Outside { index, size: self.size }).into()
    }
}

async fn fetch_hashes(
    client: &BoardClient,
    election: &ElectionFingerprint,
    path: TilePath,
) -> Result<Vec<Hash>, ClientError> {
    let (bytes, width) = fetch_wide(client, election, path).await?;
    let mut hashes = decode_tile(&bytes, width).ok_or_else(|| Box::new(RecordFault::TileLength(path)))?;
    hashes.truncate(usize::from(path.width()));
    Ok(hashes)
}

/// The root over the hashes of one full tile.
fn complete_root(hashes: &[Hash]) -> Hash {
    let mut range = CompactRange::new();
    hashes.iter().for_each(|hash| range.append(*hash));
    range.root()
}
