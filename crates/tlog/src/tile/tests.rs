//! Names, counts, bundles, and tiles against the tree they are cut from.

use std::{collections::BTreeMap, convert::Infallible};

use proptest::prelude::*;

use super::*;
use crate::merkle::{self, CompactRange, Tree, leaf_hash, verify_consistency, verify_inclusion};

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// A tree of `size` entries with all its tiles as stored.
fn stored(size: u64) -> (Tree, BTreeMap<TilePath, Vec<u8>>) {
    let (mut tree, mut builder, mut files) = (Tree::new(), TileBuilder::new(), BTreeMap::new());
    for index in 0..size {
        tree.append(leaf(index));
        files.extend(builder.append(leaf(index)).iter().map(|tile| (*tile.path(), tile.bytes())));
    }
    files.extend(builder.partial_tiles().iter().map(|tile| (*tile.path(), tile.bytes())));
    (tree, files)
}

#[test]
fn names() {
    let bundle = |index, width| TilePath::new(TileKind::Entries, index, width).unwrap().to_string();
    let tile = |level, index, width| TilePath::new(TileKind::Hashes(level), index, width).unwrap().to_string();
    assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile(0, 0, 256), "tile/0/000");
    assert_eq!(tile(0, 999, 1), "tile/0/999.p/1");
    assert_eq!(tile(1, 1000, 255), "tile/1/x001/000.p/255");
    assert_eq!(tile(63, 5, 256), "tile/63/005");
    assert_eq!(bundle(1_234_067, 8), "tile/entries/x001/x234/067.p/8");
}

#[test]
fn only_the_one_name_of_a_tile_is_read() {
    for refused in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/x001/2",
        "tile/00/000",
        "tile/+0/000",
        "tile/64/000",
        "tile/256/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000/",
        "tile/0/ 00",
        "tile/0/+01",
        "/tile/0/000",
        "tile/8/0/000",
        "tile/data/000",
        "tile/entries/",
        "tile/Entries/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x036/x028/x797/x018/x963/968",
    ] {
        assert_eq!(refused.parse::<TilePath>(), Err(PathError), "{refused}");
    }
    // The last tile of the largest tree.
    let last = "tile/0/x036/x028/x797/x018/x963/967".parse::<TilePath>().unwrap();
    assert_eq!(last.index(), MAX_INDEX);
    assert!(TilePath::new(TileKind::Entries, MAX_INDEX + 1, 1).is_err());
    assert!(TilePath::new(TileKind::Hashes(64), 0, 1).is_err());
    assert!(TilePath::new(TileKind::Entries, 0, 0).is_err());
    assert!(TilePath::new(TileKind::Entries, 0, 257).is_err());
}

const MAX_INDEX: u64 = merkle::MAX_SIZE / 256;

/// The example of c2sp.org/tlog-tiles.
#[test]
fn tiles_of_seventy_thousand_entries() {
    let paths: Vec<TilePath> = tiles_of(70_000).collect();
    let count = |kind, full| paths.iter().filter(|path| path.kind() == kind && path.is_full() == full).count();
    let partial = |kind| paths.iter().find(|path| path.kind() == kind && !path.is_full()).map(TilePath::width);
    assert_eq!((count(TileKind::Hashes(0), true), partial(TileKind::Hashes(0))), (273, Some(112)));
    assert_eq!((count(TileKind::Hashes(1), true), partial(TileKind::Hashes(1))), (1, Some(17)));
    assert_eq!((count(TileKind::Hashes(2), true), partial(TileKind::Hashes(2))), (0, Some(1)));
    assert_eq!((count(TileKind::Entries, true), partial(TileKind::Entries)), (273, Some(112)));
    assert_eq!(paths.len(), 273 + 1 + 1 + 1 + 1 + 273 + 1);
    let names = |size| tiles_of(size).map(|path| path.to_string()).collect::<Vec<_>>();
    assert_eq!(names(256), ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(1), ["tile/entries/000.p/1", "tile/0/000.p/1"]);
    assert!(names(0).is_empty());
    // A claim of any size costs nothing until it is followed.
    assert_eq!(tiles_of(merkle::MAX_SIZE).take(3).count(), 3);
    assert_eq!(tiles_of(u64::MAX).take(3).count(), 3);
}

#[test]
fn new_tiles_are_what_was_not_there_before() {
    let sizes = [0, 1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 65_792, 70_000];
    for old in sizes {
        let before: Vec<TilePath> = tiles_of(old).collect();
        for new in sizes {
            let expected: Vec<TilePath> = tiles_of(new).filter(|path| old < new && !before.contains(path)).collect();
            assert_eq!(new_tiles(old, new).collect::<Vec<_>>(), expected, "{old} to {new}");
        }
    }
}

#[test]
fn built_tiles_are_the_tiles_of_that_size_and_hold_the_trees_hashes() {
    for size in [0, 1, 255, 256, 257, 512, 1000, 65_536, 66_000] {
        let (tree, files) = stored(size);
        let names: Vec<TilePath> = tiles_of(size).filter(|path| path.kind() != TileKind::Entries).collect();
        assert_eq!(files.keys().copied().collect::<Vec<_>>(), names);
        for (path, bytes) in &files {
            let TileKind::Hashes(level) = path.kind() else { panic!("a bundle among hashes") };
            let hashes = decode_tile(bytes, path.width()).unwrap();
            for (index, hash) in (path.start()..).zip(hashes) {
                assert_eq!(hash, tree.hash(level * 8, index).unwrap(), "{path}");
            }
        }
    }
}

#[test]
fn proofs_from_tiles_hold() {
    let size = 66_000;
    let (tree, files) = stored(size);
    let read = |level, index| hash_at(level, index, size, |path| files.get(path).cloned().ok_or(*path));
    assert_eq!(merkle::root(size, read).unwrap(), tree.root());
    for index in [0, 1, 255, 256, 65_535, 65_536, 65_999] {
        let proof = merkle::prove_inclusion(index, size, read).unwrap();
        verify_inclusion(&leaf(index), index, size, &proof, &tree.root()).unwrap();
    }
    for old in [1, 255, 256, 300, 65_536, 65_793, 65_999] {
        let proof = merkle::prove_consistency(old, size, read).unwrap();
        verify_consistency(old, &tree.root_at(old).unwrap(), size, &tree.root(), &proof).unwrap();
    }
    for (level, index) in [(0, size), (1, size / 2), (16, 1), (17, 0), (64, 0), (255, 0), (7, u64::MAX)] {
        assert_eq!(read(level, index), Err(TileError::OutsideTree { level, index, size }));
    }
    let short = hash_at(0, 0, size, |_| Ok::<_, Infallible>(vec![0; 31]));
    assert!(matches!(short, Err(TileError::WrongLength { found: 31, .. })));
    let absent = hash_at(0, 0, size, |_| Err("absent"));
    assert_eq!(absent, Err(TileError::Fetch("absent")));
}

#[test]
fn a_builder_resumes_from_its_partial_tiles() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_800] {
        let (tree, files) = stored(size);
        let mut resumed = TileBuilder::resume(size, |path| files.get(path).cloned().ok_or(*path)).unwrap();
        assert_eq!(resumed.root(), tree.root());
        let mut frontier = CompactRange::new();
        for index in 0..size + 300 {
            frontier.append(leaf(index));
        }
        for index in size..size + 300 {
            resumed.append(leaf(index));
        }
        assert_eq!(resumed.compact_range(), frontier);
        assert_eq!(resumed.size(), size + 300);
    }
    let short = TileBuilder::resume(5, |_| Ok::<_, Infallible>(vec![0; 32]));
    assert!(matches!(short, Err(ResumeError::WrongLength(_))));
    assert_eq!(TileBuilder::resume(5, |_| Err("absent")), Err(ResumeError::Fetch("absent")));
    let large = TileBuilder::resume(u64::MAX, |_| Ok::<_, Infallible>(vec![]));
    assert_eq!(large, Err(ResumeError::TooLarge(u64::MAX)));
}

#[test]
fn bundles() {
    let entries: [&[u8]; 3] = [b"", b"abc", &[7; 300]];
    let bytes = encode_bundle(&entries).unwrap();
    assert_eq!(&bytes[..9], [0, 0, 0, 3, b'a', b'b', b'c', 1, 44]);
    assert_eq!(decode_bundle(&bytes, 3).unwrap(), entries);
    assert_eq!(decode_bundle(&bytes, 2), Err(BundleError::TrailingBytes(302)));
    assert_eq!(decode_bundle(&bytes, 4), Err(BundleError::Truncated { place: 3 }));
    assert_eq!(decode_bundle(&bytes[..bytes.len() - 1], 3), Err(BundleError::Truncated { place: 2 }));
    assert_eq!(decode_bundle(&bytes[..8], 3), Err(BundleError::Truncated { place: 2 }));
    let limit = vec![1; MAX_ENTRY_BYTES];
    assert_eq!(decode_bundle(&encode_bundle(&[&limit]).unwrap(), 1).unwrap(), [&limit]);
    assert_eq!(
        encode_bundle(&[&[][..], &vec![1; MAX_ENTRY_BYTES + 1]]),
        Err(BundleError::EntryTooLong { place: 1, length: MAX_ENTRY_BYTES + 1 })
    );
}

fn paths() -> impl Strategy<Value = TilePath> {
    let kind = prop_oneof![Just(TileKind::Entries), (0u8..64).prop_map(TileKind::Hashes)];
    let index = prop_oneof![0u64..2_000_000, 0..=MAX_INDEX];
    (kind, index, 1..=WIDTH).prop_map(|(kind, index, width)| TilePath::new(kind, index, width).unwrap())
}

proptest! {
    #[test]
    fn names_are_inverse(path in paths()) {
        prop_assert_eq!(path.to_string().parse::<TilePath>(), Ok(path));
    }

    #[test]
    fn names_are_canonical(text in "tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,2}[0-9]{1,4}(\\.p/[0-9]{1,3})?") {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = text.parse::<TilePath>();
    }

    #[test]
    fn bundles_are_inverse(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..40)) {
        let bytes = encode_bundle(&entries).unwrap();
        let count = u16::try_from(entries.len()).unwrap();
        prop_assert_eq!(decode_bundle(&bytes, count).unwrap(), entries);
    }

    #[test]
    fn any_bytes_are_one_bundle_at_most(bytes in prop::collection::vec(any::<u8>(), 0..600), count in 0u16..4) {
        if let Ok(entries) = decode_bundle(&bytes, count) {
            prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes);
        }
    }
}
