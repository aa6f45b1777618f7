//! Tiles that lead to a checkpoint's root (LOG-7): the unfinished one of each level, and of each level the last full one read.

use super::{RecordFault, files::Files};
use crate::ClientError;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    convert::Infallible,
};
use tlog::{
    checkpoint::Checkpoint,
    merkle::{self, CompactRange, Hash, ProveError},
    record::RecordPath,
    tile::{HEIGHT, TileBuilder, TileKind, TilePath, WIDTH},
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
    pub(super) async fn open(files: &mut Files, head: &Checkpoint) -> Result<Self, ClientError> {
        let size = head.size();
        let mut edge = HashMap::new();
        for level in 0..=u8::MAX {
            let count = size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0);
            if count == 0 {
                break;
            }
            let path = TilePath::in_tree(TileKind::Hashes(level), count / u64::from(WIDTH), size);
            if let Some(path) = path {
                edge.insert(level, (path, files.hashes(path).await?));
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

    /// The unfinished tiles.
    pub(super) fn edge(&self) -> impl Iterator<Item = (TilePath, &[Hash])> {
        self.edge.values().map(|(path, hashes)| (*path, hashes.as_slice()))
    }

    /// The hashes of tile `index` of a level, and the tiles that had to be fetched and checked for it.
    pub(super) async fn tile(
        &mut self,
        files: &mut Files,
        level: u8,
        index: u64,
    ) -> Result<(&[Hash], Vec<(TilePath, Vec<u8>)>), ClientError> {
        // Climb to a tile that is known already, then come down, each tile vouching for the one below it.
        let mut wanted = Vec::new();
        let mut place = index;
        for level in level..=u8::MAX {
            let path =
                TilePath::in_tree(TileKind::Hashes(level), place, self.size).ok_or_else(|| self.outside(index))?;
            if self.known(level, &path).is_some() {
                break;
            }
            wanted.push((level, path));
            place /= u64::from(WIDTH);
        }
        let mut fetched = Vec::new();
        for (level, path) in wanted.into_iter().rev() {
            let hashes = files.hashes(path).await?;
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
            fetched.push((path, hashes.as_flattened().to_vec()));
            self.at_hand.insert(level, (path, hashes));
        }
        let path = TilePath::in_tree(TileKind::Hashes(level), index, self.size).ok_or_else(|| self.outside(index))?;
        let hashes = self.known(level, &path).ok_or_else(|| self.outside(index))?;
        Ok((hashes, fetched))
    }

    /// LOG-4: the inclusion proof of an entry.
    pub(super) async fn inclusion(&mut self, files: &mut Files, index: u64) -> Result<Vec<Hash>, ClientError> {
        let size = self.size;
        self.compute(files, |read| merkle::prove_inclusion(index, size, read)).await
    }

    /// LOG-5: the root of the tree's first `old` entries, and the proof that the tree extends them.
    pub(super) async fn beginning(&mut self, files: &mut Files, old: u64) -> Result<(Hash, Vec<Hash>), ClientError> {
        let size = self.size;
        self.compute(files, |read| {
            let proof = merkle::prove_consistency(old, size, &mut *read)?;
            Ok((merkle::root(old, read)?, proof))
        })
        .await
    }

    /// Computes something from hashes of complete subtrees: once with nothing to see which are needed, and again when they are there.
    async fn compute<T>(
        &mut self,
        files: &mut Files,
        from: impl Fn(&mut dyn FnMut(u8, u64) -> Result<Hash, (u8, u64)>) -> Result<T, ProveError<(u8, u64)>>,
    ) -> Result<T, ClientError> {
        let mut needed = BTreeSet::new();
        let outside = |_| self.outside(0);
        from(&mut |level, index| {
            needed.insert((level, index));
            Ok([0; 32])
        })
        .map_err(outside)?;
        let mut hashes = BTreeMap::new();
        for (level, index) in needed {
            hashes.insert((level, index), self.subtree(files, level, index).await?);
        }
        from(&mut |level, index| hashes.get(&(level, index)).copied().ok_or((level, index)))
            .map_err(|_| self.outside(0))
    }

    /// LOG-7: the hash of the complete subtree at (level, index).
    async fn subtree(&mut self, files: &mut Files, level: u8, index: u64) -> Result<Hash, ClientError> {
        let fault = || ClientError::from(Box::new(RecordFault::Outside { index, size: 0 }));
        let first = index.checked_mul(1 << (level % HEIGHT)).ok_or_else(fault)?;
        let (hashes, _) = self.tile(files, level / HEIGHT, first / u64::from(WIDTH)).await?;
        let tile = hashes.as_flattened().to_vec();
        let size = self.size;
        tlog::tile::hash_at::<Infallible>(level, index, size, |_| Ok(tile)).map_err(|_| fault())
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

/// The root over the hashes of one full tile.
fn complete_root(hashes: &[Hash]) -> Hash {
    let mut range = CompactRange::new();
    hashes.iter().for_each(|hash| range.append(*hash));
    range.root()
}
