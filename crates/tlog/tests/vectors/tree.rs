//! Hashes, proofs, tiles and bundles.

use serde_json::{Value, json};
use tlog::{
    merkle::{Hash, ProofFailure, Tree, empty_root, leaf_hash, node_hash, verify_consistency, verify_inclusion},
    tile::{BundleError, PathError, TileBuilder, TileKind, TilePath, decode_bundle, encode_bundle, tiles_of},
};

use crate::{entry, hash, hashes, refused};

fn counting(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&entry(index))));
    tree
}

pub(crate) fn tree() -> Value {
    let tree = counting(70_000);
    let sizes = (0..=10).chain([16, 100, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 70_000]);
    let leaves = [&b""[..], b"\x00", b"\x10", b"vitrine", &[0xff; 100]];
    json!({
        "leaf_hashes": leaves.map(|entry| json!({"entry": hex::encode(entry), "hash": hash(&leaf_hash(entry))})),
        "node_hash": {
            "left": hash(&[1; 32]), "right": hash(&[2; 32]), "hash": hash(&node_hash(&[1; 32], &[2; 32])),
        },
        "empty_root": hash(&empty_root()),
        "roots": sizes.map(|size| json!({"size": size, "root": hash(&tree.root_at(size).unwrap())})).collect::<Value>(),
        "inclusion": inclusion(&tree),
        "consistency": consistency(&tree),
    })
}

fn inclusion(tree: &Tree) -> Value {
    let small = (1..=9u64).flat_map(|size| (0..size).map(move |index| (index, size)));
    let large = [(0, 257), (255, 257), (256, 257), (999, 1000), (65_536, 70_000), (69_999, 70_000)];
    let valid = small.chain(large).map(|(index, size)| {
        let (leaf, path) = (tree.hash(0, index).unwrap(), tree.prove_inclusion(index, size).unwrap());
        verify_inclusion(&leaf, index, size, &path, &tree.root_at(size).unwrap()).unwrap();
        json!({"index": index, "size": size, "path": hashes(&path)})
    });
    let (leaf, path) = (tree.hash(0, 3).unwrap(), tree.prove_inclusion(3, 7).unwrap());
    let root = tree.root_at(7).unwrap();
    let mut changed = path.clone();
    changed[1][0] ^= 1;
    let longer = [path.as_slice(), &[[0; 32]]].concat();
    let mut swapped = path.clone();
    swapped.swap(0, 1);
    let cases: [(&str, u64, u64, &[Hash], ProofFailure); 7] = [
        ("one bit of a hash changed", 3, 7, &changed, ProofFailure::RootMismatch),
        ("two hashes exchanged", 3, 7, &swapped, ProofFailure::RootMismatch),
        ("the index of the neighbour", 2, 7, &path, ProofFailure::RootMismatch),
        ("a hash too few", 3, 7, &path[..2], ProofFailure::WrongLength { expected: 3, found: 2 }),
        ("a hash too many", 3, 7, &longer, ProofFailure::WrongLength { expected: 3, found: 4 }),
        ("an index outside the tree", 7, 7, &path, ProofFailure::IndexOutOfRange { index: 7, size: 7 }),
        ("an empty tree", 0, 0, &[], ProofFailure::IndexOutOfRange { index: 0, size: 0 }),
    ];
    let refusals = cases.into_iter().map(|(defect, index, size, path, failure)| {
        refused(verify_inclusion(&leaf, index, size, path, &root), failure, defect);
        json!({
            "defect": defect, "rule": "LOG-4", "leaf": hash(&leaf), "index": index, "size": size,
            "path": hashes(path), "root": hash(&root),
        })
    });
    json!({"accepted": valid.collect::<Value>(), "refused": refusals.collect::<Value>()})
}

fn consistency(tree: &Tree) -> Value {
    let small = (0..=9u64).flat_map(|new| (0..=new).map(move |old| (old, new)));
    let large = [(1, 257), (255, 257), (256, 257), (700, 1000), (65_536, 70_000), (69_999, 70_000)];
    let valid = small.chain(large).map(|(old, new)| {
        let path = tree.prove_consistency(old, new).unwrap();
        verify_consistency(old, &tree.root_at(old).unwrap(), new, &tree.root_at(new).unwrap(), &path).unwrap();
        json!({"old_size": old, "new_size": new, "path": hashes(&path)})
    });
    let (root_3, root_4, root_7) = (tree.root_at(3).unwrap(), tree.root_at(4).unwrap(), tree.root_at(7).unwrap());
    let path = tree.prove_consistency(3, 7).unwrap();
    let mut changed = path.clone();
    changed[3][0] ^= 1;
    let wrong = |expected, found| ProofFailure::WrongLength { expected, found };
    type Case<'a> = (&'a str, u64, Hash, u64, Hash, &'a [Hash], ProofFailure);
    let cases: [Case<'_>; 8] = [
        ("one bit of the last hash changed", 3, root_3, 7, root_7, &changed, ProofFailure::RootMismatch),
        ("another old root", 3, root_4, 7, root_7, &path, ProofFailure::OldRootMismatch),
        ("another new root", 3, root_3, 7, root_4, &path, ProofFailure::RootMismatch),
        ("a hash too few", 3, root_3, 7, root_7, &path[..3], wrong(4, 3)),
        ("a proof between trees of one size", 7, root_7, 7, root_7, &path, wrong(0, 4)),
        ("two roots for one size", 7, root_7, 7, root_4, &[], ProofFailure::RootMismatch),
        (
            "an old size of 0 with a root that is not the empty tree's",
            0,
            root_3,
            7,
            root_7,
            &[],
            ProofFailure::OldRootMismatch,
        ),
        (
            "the old tree larger than the new",
            7,
            root_7,
            3,
            root_3,
            &path,
            ProofFailure::SizesOutOfOrder { old: 7, new: 3 },
        ),
    ];
    let refusals = cases.into_iter().map(|(defect, old, old_root, new, new_root, path, failure)| {
        refused(verify_consistency(old, &old_root, new, &new_root, path), failure, defect);
        json!({
            "defect": defect, "rule": "LOG-5", "old_size": old, "old_root": hash(&old_root), "new_size": new,
            "new_root": hash(&new_root), "path": hashes(path),
        })
    });
    json!({"accepted": valid.collect::<Value>(), "refused": refusals.collect::<Value>()})
}

pub(crate) fn tiles() -> Value {
    let named = [
        (TileKind::Hashes(0), 0, 256),
        (TileKind::Hashes(0), 1_234_067, 256),
        (TileKind::Hashes(1), 999, 1),
        (TileKind::Hashes(2), 1000, 255),
        (TileKind::Hashes(63), 5, 256),
        (TileKind::Entries, 0, 7),
        (TileKind::Entries, 1_234_067, 256),
    ];
    let names = named.map(|(kind, index, width)| {
        let path = TilePath::new(kind, index, width).unwrap();
        assert_eq!(path.to_string().parse(), Ok(path));
        let level = match kind {
            TileKind::Hashes(level) => json!(level),
            TileKind::Entries => json!("entries"),
        };
        json!({"level": level, "index": index, "width": width, "path": path.to_string()})
    });
    let names_refused = [
        ("an index of fewer than three digits", "tile/0/67"),
        ("a last element with an x", "tile/0/x067"),
        ("a leading element without an x", "tile/0/001/067"),
        ("a leading element of zeros", "tile/0/x000/067"),
        ("a level with a leading zero", "tile/00/067"),
        ("a level above 63", "tile/64/067"),
        ("a width of 0", "tile/0/067.p/0"),
        ("a width of 256", "tile/0/067.p/256"),
        ("a width with a leading zero", "tile/0/067.p/07"),
        ("the tile height as an element", "tile/8/0/067"),
        ("the layout of Static CT", "tile/data/067"),
        ("a leading slash", "/tile/0/067"),
        ("a trailing slash", "tile/0/067/"),
    ]
    .map(|(defect, path)| {
        refused(path.parse::<TilePath>(), PathError, defect);
        json!({"defect": defect, "rule": "LOG-8", "path": path})
    });
    let present = [0, 1, 255, 256, 257, 600].map(
        |size| json!({"size": size, "paths": tiles_of(size).map(|path| json!(path.to_string())).collect::<Value>()}),
    );
    let counted = [65_536u64, 70_000].map(|size| {
        let paths: Vec<TilePath> = tiles_of(size).collect();
        let partial = paths.iter().filter(|path| !path.is_full());
        json!({
            "size": size,
            "number_of_paths": paths.len(),
            "partial": partial.map(|path| json!(path.to_string())).collect::<Value>(),
        })
    });
    let mut builder = TileBuilder::new();
    let mut content: Vec<_> = (0..600).flat_map(|index| builder.append(leaf_hash(&entry(index)))).collect();
    content.extend(builder.partial_tiles());
    let content = content.iter().map(|tile| {
        json!({
            "path": tile.path().to_string(),
            "first_hash": hash(tile.hashes().first().unwrap()),
            "last_hash": hash(tile.hashes().last().unwrap()),
            // Stands for all the bytes.
            "leaf_hash_of_bytes": hash(&leaf_hash(&tile.bytes())),
        })
    });
    json!({
        "names": names,
        "names_refused": names_refused,
        "present": present,
        "counted": counted,
        "content_of_600": content.collect::<Value>(),
    })
}

pub(crate) fn bundles() -> Value {
    let lists: [Vec<Vec<u8>>; 3] =
        [vec![vec![]], vec![b"a".to_vec(), vec![], b"bc".to_vec()], vec![vec![7; 300], entry(1)]];
    let accepted = lists.map(|entries| {
        let bytes = encode_bundle(&entries).unwrap();
        let count = u16::try_from(entries.len()).unwrap();
        assert_eq!(decode_bundle(&bytes, count).unwrap(), entries);
        json!({
            "entries": entries.iter().map(|entry| json!(hex::encode(entry))).collect::<Value>(),
            "bytes": hex::encode(bytes),
        })
    });
    let refusals = [
        ("an entry too few", "000161", 2, BundleError::Truncated { place: 1 }),
        ("ends within an entry", "00016100026263", 3, BundleError::Truncated { place: 2 }),
        ("ends within a length", "00016100", 2, BundleError::Truncated { place: 1 }),
        ("a length longer than the bytes that follow", "000361", 1, BundleError::Truncated { place: 0 }),
        ("an entry too many", "0001610000", 1, BundleError::TrailingBytes(2)),
        ("a byte too many", "00016100", 1, BundleError::TrailingBytes(1)),
    ]
    .map(|(defect, bytes, count, error)| {
        refused(decode_bundle(&hex::decode(bytes).unwrap(), count), error, defect);
        json!({"defect": defect, "rule": "LOG-10", "bytes": bytes, "count": count})
    });
    json!({"accepted": accepted, "refused": refusals})
}
