//! Names of tiles and bundles (LOG-8), and which of them a tree of a given size has (LOG-9).

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{HEIGHT, WIDTH};
use crate::merkle::MAX_SIZE;

/// The highest tile level the format can name.
const MAX_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of complete subtrees over `256^level` entries each.
    Hashes(u8),
    /// Entries: a bundle.
    Entries,
}

impl TileKind {
    /// The number of hashes or entries of this kind in a tree of `size` entries.
    pub(super) fn count_in(self, size: u64) -> u64 {
        let Self::Hashes(level) = self else {
            return size;
        };
        size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0)
    }
}

/// LOG-8: the place of one tile or bundle: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// The text is not the canonical name of a tile or bundle.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not the name of a tile or entry bundle")]
pub struct PathError;

impl TilePath {
    /// The tile of this kind and index, holding `width` hashes or entries. Level at most 63, width 1 to 256, and the entries
    /// below it within the largest tree.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, PathError> {
        let level_fits = !matches!(kind, TileKind::Hashes(level) if level > MAX_LEVEL);
        let index_fits = index <= MAX_SIZE / u64::from(WIDTH);
        if level_fits && index_fits && (1..=WIDTH).contains(&width) {
            Ok(Self { kind, index, width })
        } else {
            Err(PathError)
        }
    }

    /// LOG-9: the tile of this kind and index as a tree of exactly `size` entries has it; `None` if it has none.
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let start = index.checked_mul(u64::from(WIDTH))?;
        let rest = kind.count_in(size).checked_sub(start)?;
        let width = u16::try_from(rest.min(u64::from(WIDTH))).ok()?;
        Self::new(kind, index, width).ok()
    }

    /// What the tile holds.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// Its place among those of its kind.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The number of hashes or entries it holds, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// LOG-11: whether it holds 256 hashes or entries, and so never changes again.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// The place of the first hash or entry in it, among those of its kind.
    pub fn start(&self) -> u64 {
        self.index * u64::from(WIDTH)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => write!(f, "tile/entries/")?,
        }
        let mut elements = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            elements.push(rest % 1000);
            rest /= 1000;
        }
        for (place, element) in elements.iter().enumerate().rev() {
            if place > 0 {
                write!(f, "x{element:03}/")?;
            } else {
                write!(f, "{element:03}")?;
            }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for TilePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let rest = text.strip_prefix("tile/").ok_or(PathError)?;
        let (kind, rest) = rest.split_once('/').ok_or(PathError)?;
        let kind =
            if kind == "entries" { TileKind::Entries } else { TileKind::Hashes(kind.parse().map_err(|_| PathError)?) };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| PathError)?),
            None => (rest, WIDTH),
        };
        let mut index: u64 = 0;
        for element in number.split('/') {
            let digits = element.strip_prefix('x').unwrap_or(element);
            let value: u64 = digits.parse().map_err(|_| PathError)?;
            index = index.checked_mul(1000).and_then(|index| index.checked_add(value)).ok_or(PathError)?;
        }
        let path = Self::new(kind, index, width)?;
        // One name for one tile: what does not print back to itself (leading zeros, signs, missing `x`, `.p/256`) is refused.
        if path.to_string() == text { Ok(path) } else { Err(PathError) }
    }
}

/// LOG-9: every bundle and tile that the record of a tree of `size` entries holds: full ones, and at each level the last
/// one, partial if its count of hashes is no multiple of 256. Bundles first, then tiles level by level. Lazy: `size` may be a
/// claim nobody checked yet.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TilePath> {
    new_tiles(0, size)
}

/// LOG-9: the bundles and tiles of [`tiles_of`]`(new)` that [`tiles_of`]`(old)` lacks. Nothing if `new` does not exceed `old`.
pub fn new_tiles(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let width = u64::from(WIDTH);
    std::iter::once(TileKind::Entries)
        .chain((0..=MAX_LEVEL).map(TileKind::Hashes))
        .take_while(move |kind| kind.count_in(new) > 0)
        .flat_map(move |kind| {
            let (before, after) = (kind.count_in(old), kind.count_in(new));
            // A level without new hashes has no new tile; else the tile that held the last one is the first to change.
            let first = if before < after { before / width } else { u64::MAX };
            (first..after.div_ceil(width)).filter_map(move |index| TilePath::in_tree(kind, index, new))
        })
}
