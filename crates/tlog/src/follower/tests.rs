//! Following a log: forward, never back, never sideways.

use super::*;
use crate::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::SignerKey,
};

fn tree(size: u64, twist: u8) -> Tree {
    let mut tree = Tree::new();
    for index in 0..size {
        tree.append(leaf_hash(&[&index.to_be_bytes()[..], &[twist]].concat()));
    }
    tree
}

fn signed(origin: &str, tree: &Tree, size: u64) -> SignedCheckpoint {
    let key = SignerKey::from_seed(origin, &[1; 32]).unwrap();
    let head = Checkpoint::new(origin, size, tree.root_at(size).unwrap()).unwrap();
    let note = checkpoint::sign(&head, &key).unwrap();
    checkpoint::open(note.as_bytes(), &[key.verifier_key()]).unwrap()
}

#[test]
fn a_follower_goes_forward_with_proofs() {
    let tree = tree(30, 0);
    let mut follower = Follower::new(signed("log", &tree, 0));
    for (old, new) in [(0, 1), (1, 1), (1, 7), (7, 8), (8, 30)] {
        let next = signed("log", &tree, new);
        let beginning = tree.root_at(old).unwrap();
        follower.advance(next.clone(), &beginning, &tree.prove_consistency(old, new).unwrap()).unwrap();
        assert_eq!(follower.last(), &next);
    }
}

/// LOG-29, LOG-30.
#[test]
fn a_follower_refuses_and_keeps_what_it_had() {
    let (honest, twisted) = (tree(30, 0), tree(30, 1));
    let first = signed("log", &honest, 10);
    let root = *first.checkpoint().root();
    let mut follower = Follower::new(first.clone());
    let proof = honest.prove_consistency(10, 20).unwrap();

    let rollback = follower.advance(signed("log", &honest, 9), &root, &[]).unwrap_err();
    assert_eq!(rollback, FollowRefusal::Rollback { seen: 10, offered: 9 });

    for size in [10, 11, 16, 20, 30] {
        let later = signed("log", &twisted, size);
        let (beginning, proof) = (twisted.root_at(10).unwrap(), twisted.prove_consistency(10, size).unwrap());
        let Err(FollowRefusal::Fork(fork)) = follower.advance(later.clone(), &beginning, &proof) else {
            panic!("a fork was followed")
        };
        assert_eq!(*fork, Fork { earlier: first.clone(), later, beginning, proof });
    }

    // A proof that does not hold convicts nobody.
    let inconsistent = follower.advance(signed("log", &twisted, 20), &root, &proof).unwrap_err();
    assert!(matches!(inconsistent, FollowRefusal::NotConsistent(_)));
    let unproved = follower.advance(signed("log", &honest, 20), &root, &[]).unwrap_err();
    assert!(matches!(unproved, FollowRefusal::NotConsistent(ProofFailure::WrongLength { .. })));
    let invented = follower.advance(signed("log", &honest, 20), &[0; 32], &proof).unwrap_err();
    assert!(matches!(invented, FollowRefusal::NotConsistent(_)));
    let other = follower.advance(signed("other", &honest, 20), &root, &proof).unwrap_err();
    assert!(matches!(other, FollowRefusal::OtherLog { .. }));

    assert_eq!(follower.last(), &first);
    follower.advance(signed("log", &honest, 20), &root, &proof).unwrap();
}
