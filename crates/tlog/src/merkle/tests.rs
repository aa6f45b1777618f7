//! Published vectors of RFC 6962 trees, and agreement with an independent implementation.

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use sha2_for_ct_merkle::Sha256 as OracleHash;

use super::*;

type Oracle = MemoryBackedTree<OracleHash, Vec<u8>>;

fn hash(hex_text: &str) -> Hash {
    hex::decode(hex_text).unwrap().try_into().unwrap()
}

/// The eight leaves of the reference tests of Certificate Transparency.
fn reference_leaves() -> Vec<Vec<u8>> {
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        .iter()
        .map(|leaf| hex::decode(leaf).unwrap())
        .collect()
}

/// The roots of the trees over the first 1 to 8 of them.
const REFERENCE_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn tree_of(leaves: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::new();
    for leaf in leaves {
        tree.append(leaf_hash(leaf));
    }
    tree
}

#[test]
fn published_roots() {
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    let mut frontier = CompactRange::new();
    let mut tree = Tree::new();
    assert_eq!((frontier.root(), tree.root()), (empty_root(), empty_root()));
    for (leaf, root) in reference_leaves().iter().zip(REFERENCE_ROOTS) {
        frontier.append(leaf_hash(leaf));
        tree.append(leaf_hash(leaf));
        assert_eq!((frontier.root(), tree.root()), (hash(root), hash(root)));
    }
}

#[test]
fn published_inclusion_proofs() {
    let tree = tree_of(&reference_leaves());
    let cases: [(u64, u64, &[&str]); 4] = [
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, path) in cases {
        let path: Vec<Hash> = path.iter().map(|text| hash(text)).collect();
        assert_eq!(tree.prove_inclusion(index, size).unwrap(), path);
        let leaf = tree.hash(0, index).unwrap();
        verify_inclusion(&leaf, index, size, &path, &tree.root_at(size).unwrap()).unwrap();
    }
}

#[test]
fn published_consistency_proofs() {
    let tree = tree_of(&reference_leaves());
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, path) in cases {
        let path: Vec<Hash> = path.iter().map(|text| hash(text)).collect();
        assert_eq!(tree.prove_consistency(old, new).unwrap(), path);
        let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
        verify_consistency(old, &old_root, new, &new_root, &path).unwrap();
    }
}

/// Every index and pair of sizes of a small tree, each proof spoilt in every way that matters.
#[test]
fn each_spoilt_proof_is_refused() {
    const SIZE: u64 = 20;
    let leaves: Vec<Vec<u8>> = (0..SIZE).map(|index| index.to_be_bytes().to_vec()).collect();
    let tree = tree_of(&leaves);
    for size in 1..=SIZE {
        let root = tree.root_at(size).unwrap();
        for index in 0..size {
            let leaf = tree.hash(0, index).unwrap();
            let proof = tree.prove_inclusion(index, size).unwrap();
            verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
            let check = |leaf: &Hash, index, size, proof: &[Hash]| verify_inclusion(leaf, index, size, proof, &root);
            assert_eq!(check(&[7; 32], index, size, &proof), Err(ProofFailure::RootMismatch));
            for other in (0..size).filter(|other| *other != index) {
                assert!(check(&leaf, other, size, &proof).is_err(), "{index} as {other} of {size}");
            }
            for spoilt in spoilt(&proof) {
                assert!(check(&leaf, index, size, &spoilt).is_err());
            }
        }
        for old in 1..size {
            let old_root = tree.root_at(old).unwrap();
            let proof = tree.prove_consistency(old, size).unwrap();
            verify_consistency(old, &old_root, size, &root, &proof).unwrap();
            assert!(verify_consistency(old, &[7; 32], size, &root, &proof).is_err());
            assert!(verify_consistency(old, &old_root, size, &[7; 32], &proof).is_err());
            for spoilt in spoilt(&proof) {
                assert!(verify_consistency(old, &old_root, size, &root, &spoilt).is_err());
            }
        }
    }
}

/// The proof shortened, lengthened, and with each hash changed.
fn spoilt(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[[0; 32]]].concat(), [&[[0; 32]], proof].concat()];
    if let [_, rest @ ..] = proof {
        all.push(rest.to_vec());
        all.push(proof[..proof.len() - 1].to_vec());
    }
    for place in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[place][31] ^= 1;
        all.push(changed);
    }
    all
}

#[test]
fn edges_of_consistency() {
    let tree = tree_of(&reference_leaves());
    let root = tree.root();
    let empty = empty_root();
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 8, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &root, 8, &root, &[]), Err(ProofFailure::OldRootMismatch));
    assert_eq!(verify_consistency(8, &root, 8, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(8, &root, 8, &empty, &[]), Err(ProofFailure::RootMismatch));
    assert_eq!(
        verify_consistency(0, &empty, 8, &root, &[root]),
        Err(ProofFailure::WrongLength { expected: 0, found: 1 })
    );
    assert_eq!(
        verify_consistency(8, &root, 8, &root, &[root]),
        Err(ProofFailure::WrongLength { expected: 0, found: 1 })
    );
    assert_eq!(verify_consistency(9, &root, 8, &root, &[]), Err(ProofFailure::SizesOutOfOrder { old: 9, new: 8 }));
}

#[test]
fn what_lies_outside_the_tree_cannot_be_proved() {
    let tree = tree_of(&reference_leaves());
    let outside = |inner| ProveError::OutOfRange { inner, size: 8 };
    assert_eq!(tree.prove_inclusion(8, 8), Err(outside(8)));
    assert_eq!(tree.prove_consistency(9, 8), Err(outside(9)));
    let missing = ProveError::Read(NotInTree { level: 3, index: 1 });
    assert_eq!(tree.prove_inclusion(0, 16), Err(missing));
    let leaf = tree.hash(0, 0).unwrap();
    assert_eq!(
        verify_inclusion(&leaf, 8, 8, &[], &tree.root()),
        Err(ProofFailure::IndexOutOfRange { index: 8, size: 8 })
    );
    assert_eq!(
        verify_inclusion(&leaf, 0, 0, &[], &tree.root()),
        Err(ProofFailure::IndexOutOfRange { index: 0, size: 0 })
    );
}

#[test]
fn a_frontier_is_stored_and_rebuilt() {
    let mut frontier = CompactRange::new();
    for index in 0u64..300 {
        let (size, peaks) = frontier.parts();
        let rebuilt = CompactRange::from_parts(size, peaks.to_vec()).unwrap();
        assert_eq!(rebuilt, frontier);
        frontier.append(leaf_hash(&index.to_be_bytes()));
    }
    assert_eq!(
        CompactRange::from_parts(3, vec![[0; 32]]),
        Err(PartsError::WrongCount { size: 3, expected: 2, found: 1 })
    );
    assert_eq!(CompactRange::from_parts(1 << 63, vec![[0; 32]]), Err(PartsError::TooLarge(1 << 63)));
}

#[test]
fn the_largest_sizes_do_no_harm() {
    let sizes = [MAX_SIZE, u64::MAX, 1 << 63, (1 << 63) + 1];
    for size in sizes {
        for index in [0, 1, size / 2, size - 1] {
            for length in 0..=65 {
                assert!(verify_inclusion(&[1; 32], index, size, &vec![[0; 32]; length], &[0; 32]).is_err());
                assert!(verify_consistency(index, &[1; 32], size, &[2; 32], &vec![[0; 32]; length]).is_err());
            }
        }
    }
    let mut frontier = CompactRange::from_parts(MAX_SIZE - 1, vec![[3; 32]; 62]).unwrap();
    frontier.append([4; 32]);
    assert_eq!(frontier.parts().1.len(), 63);
    frontier.append([5; 32]);
    assert_eq!(frontier.parts().1.len(), 1);
}

fn oracle_of(leaves: &[Vec<u8>]) -> Oracle {
    let mut oracle = Oracle::new();
    for leaf in leaves {
        oracle.push(leaf.clone());
    }
    oracle
}

fn leaves() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 1..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn roots_are_the_oracles(leaves in leaves()) {
        let oracle = oracle_of(&leaves).root();
        let mut frontier = CompactRange::new();
        for leaf in &leaves {
            frontier.append(leaf_hash(leaf));
        }
        prop_assert_eq!(frontier.root().to_vec(), oracle.as_bytes().to_vec());
        prop_assert_eq!(tree_of(&leaves).root(), frontier.root());
        prop_assert_eq!(frontier.size(), oracle.num_leaves());
    }

    #[test]
    fn inclusion_proofs_are_the_oracles(leaves in leaves(), pick in any::<prop::sample::Index>()) {
        let (tree, oracle) = (tree_of(&leaves), oracle_of(&leaves));
        let place = pick.index(leaves.len());
        let index = u64::try_from(place).unwrap();
        let ours = tree.prove_inclusion(index, tree.size()).unwrap();
        let theirs = oracle.prove_inclusion(place);
        prop_assert_eq!(ours.as_flattened(), theirs.as_bytes());
        verify_inclusion(&leaf_hash(&leaves[place]), index, tree.size(), &ours, &tree.root()).unwrap();
        let given: InclusionProof<OracleHash> = InclusionProof::from_bytes(ours.as_flattened().to_vec());
        oracle.root().verify_inclusion(&leaves[place], index, &given).unwrap();
    }

    #[test]
    fn consistency_proofs_are_the_oracles(leaves in leaves(), pick in any::<prop::sample::Index>()) {
        let (tree, oracle) = (tree_of(&leaves), oracle_of(&leaves));
        let old = pick.index(leaves.len()) + 1;
        let size = u64::try_from(old).unwrap();
        let ours = tree.prove_consistency(size, tree.size()).unwrap();
        let old_root = tree.root_at(size).unwrap();
        verify_consistency(size, &old_root, tree.size(), &tree.root(), &ours).unwrap();
        // The oracle proves nothing about a tree and itself.
        if old < leaves.len() {
            let theirs = oracle.prove_consistency(leaves.len() - old);
            prop_assert_eq!(ours.as_flattened(), theirs.as_bytes());
            let given: ConsistencyProof<OracleHash> =
                ConsistencyProof::try_from_bytes(ours.as_flattened().to_vec()).unwrap();
            let old_oracle = oracle_of(&leaves[..old]).root();
            let _: &RootHash<OracleHash> = &old_oracle;
            oracle.root().verify_consistency(&old_oracle, &given).unwrap();
        }
    }
}
