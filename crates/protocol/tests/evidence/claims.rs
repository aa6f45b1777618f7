//! Split view, broken promise, rollback (EVD-5 to EVD-8, EVD-12).

use crate::world::{History, World, all, ballot, closing, notice};
use protocol::{
    Body, Evidence,
    body::{Opening, StageEnd},
    evidence::{EvidenceFault, Finding, Kind, Part, Role},
    ids::{JointKeyFingerprint, RollFingerprint},
};
use tlog::{
    follower::{FollowRefusal, Follower, Fork},
    merkle::leaf_hash,
    note::SignerKey,
};

/// Who is convicted, as `log` or the witness's name.
fn culprits(finding: &Finding) -> Vec<&str> {
    let name = |culprit: &'_ protocol::evidence::Culprit| culprit.role == Role::Log;
    finding.culprits.iter().map(|culprit| if name(culprit) { "log" } else { culprit.name.as_str() }).collect()
}

/// Through its bytes, as anyone would get it.
fn check(evidence: &Evidence) -> Result<Finding, EvidenceFault> {
    let bytes = evidence.encode();
    let read = Evidence::decode(&bytes).unwrap();
    assert_eq!(read.encode(), bytes);
    read.check()
}

fn fork(
    world: &World,
    earlier: (&History, u64, &[(usize, u64)]),
    later: (&History, u64, &[(usize, u64)]),
) -> Result<Fork, FollowRefusal> {
    let mut follower = Follower::new(world.signed(earlier.0, earlier.1, earlier.2));
    let proof = later.0.tree.prove_consistency(earlier.1, later.1).unwrap();
    match follower.advance(world.signed(later.0, later.1, later.2), &later.0.root(earlier.1), &proof) {
        Err(FollowRefusal::Fork(fork)) => Ok(*fork),
        Err(other) => Err(other),
        Ok(()) => panic!("a fork was followed"),
    }
}

/// THR-50, EVD-5, EVD-12: the log for two histories of any sizes, and exactly the witnesses that cosigned both.
#[test]
fn two_histories_convict_the_log_and_who_cosigned_both() {
    let world = World::new();
    let honest = History::told(40, 40, 0);
    for from in [0, 3, 7, 9] {
        let twisted = History::told(40, from, 1);
        for (m, n) in [(10, 10), (10, 11), (10, 16), (16, 17), (16, 40), (13, 40), (32, 33)] {
            let both = fork(&world, (&honest, m, &all(1000)), (&twisted, n, &all(1001))).unwrap();
            let finding = check(&Evidence::split_view(&world.manifest, &both)).unwrap();
            assert_eq!(finding.kind, Kind::SplitView);
            assert_eq!(culprits(&finding), ["log", "w1", "w2", "w3", "w4"], "{from}: {m}, {n}");
            let some = fork(&world, (&honest, m, &[(1, 5), (2, 5)]), (&twisted, n, &[(3, 5), (2, 0), (4, 9)])).unwrap();
            assert_eq!(culprits(&check(&Evidence::split_view(&world.manifest, &some)).unwrap()), ["log", "w2"]);
            let alone = fork(&world, (&honest, m, &[]), (&twisted, n, &[(1, 5)])).unwrap();
            assert_eq!(culprits(&check(&Evidence::split_view(&world.manifest, &alone)).unwrap()), ["log"]);
        }
    }
}

/// EVD-5: one history convicts nobody, whatever is written beside its checkpoints.
#[test]
fn one_history_convicts_nobody() {
    let world = World::new();
    let (honest, twisted) = (History::told(40, 40, 0), History::told(40, 5, 1));
    for (m, n) in [(0, 7), (7, 7), (7, 20), (16, 40)] {
        let (earlier, later) = (world.signed(&honest, m, &[]), world.signed(&honest, n, &[]));
        let proof = honest.tree.prove_consistency(m, n).unwrap();
        let claim = |beginning, proof: &[_]| {
            let (earlier, later, proof) = (earlier.clone(), later.clone(), proof.to_vec());
            check(&Evidence::split_view(&world.manifest, &Fork { earlier, later, beginning, proof })).unwrap_err()
        };
        assert_eq!(claim(honest.root(m), &proof), EvidenceFault::OneHistory);
        for beginning in [twisted.root(m.max(6)), [0; 32]] {
            assert!(matches!(claim(beginning, &proof), EvidenceFault::NotJoined(_)), "{m}, {n}");
        }
        let longer = [proof.clone(), vec![[0; 32]]].concat();
        assert!(matches!(claim(honest.root(m), &longer), EvidenceFault::NotJoined(_)));
    }
    // The larger first.
    let fork = Fork {
        earlier: world.signed(&honest, 9, &[]),
        later: world.signed(&twisted, 8, &[]),
        beginning: twisted.root(8),
        proof: Vec::new(),
    };
    assert!(matches!(
        check(&Evidence::split_view(&world.manifest, &fork)),
        Err(EvidenceFault::NotJoined(tlog::merkle::ProofFailure::SizesOutOfOrder { .. }))
    ));
}

/// EVD-3: only the keys of the manifest count.
#[test]
fn keys_of_others_convict_nobody() {
    let (world, mut other) = (World::new(), World::new());
    other.log = tlog::note::SignerKey::from_seed("board.example/log", &[8; 32]).unwrap();
    let (honest, twisted) = (History::told(9, 9, 0), History::told(9, 5, 1));
    let one = world.note(&honest, 9, &[]);
    let two = other.note(&twisted, 8, &[]);
    let finding = check(&Evidence::rollback(&world.manifest, &one, &two));
    assert!(matches!(finding, Err(EvidenceFault::Checkpoint { part: Part::Smaller, .. })), "{finding:?}");
    // A known witness's line that does not hold spoils the note.
    let cosigned = world.note(&twisted, 8, &[(2, 5)]);
    let line = world.note(&honest, 8, &[(2, 5)]).lines().last().unwrap().to_owned();
    let spoilt = cosigned.replace(cosigned.lines().last().unwrap(), &line);
    let finding = check(&Evidence::rollback(&world.manifest, &one, &spoilt));
    assert!(matches!(finding, Err(EvidenceFault::Checkpoint { part: Part::Smaller, .. })), "{finding:?}");
    let nothing = Evidence::rollback(&notice("no manifest").encode(), &one, &one);
    assert!(matches!(check(&nothing), Err(EvidenceFault::Manifest(_))));
}

/// THR-51, EVD-6: the promised place holds another entry, in the history that the quorum attests.
#[test]
fn another_entry_in_the_promised_place() {
    let world = World::new();
    let (promised, shown) = (History::told(20, 20, 0), History::told(20, 6, 1));
    let promise = world.receipt(&promised, 7, 8, &[]);
    let claim = |promise: &_, shown: &History, index: usize, cosigned: &[_]| {
        let receipt = world.receipt(shown, index, 20, cosigned);
        let leaf = leaf_hash(&shown.entries[index]);
        check(&Evidence::other_entry(&world.manifest, promise, &receipt, &leaf))
    };
    let finding = claim(&promise, &shown, 7, &all(9)).unwrap();
    assert_eq!((finding.kind, culprits(&finding)), (Kind::BrokenPromise, vec!["log"]));
    // What was given as a receipt convicts its witnesses as well.
    let receipt = world.receipt(&promised, 7, 8, &[(1, 5), (3, 5)]);
    assert_eq!(culprits(&claim(&receipt, &shown, 7, &all(9)).unwrap()), ["log", "w1", "w3"]);
    // The same entry, another place, no quorum, no inclusion.
    assert_eq!(claim(&promise, &promised, 7, &all(9)), Err(EvidenceFault::Kept));
    assert!(matches!(claim(&promise, &shown, 8, &all(9)), Err(EvidenceFault::Elsewhere { promised: 7, found: 8, .. })));
    assert!(matches!(claim(&promise, &shown, 7, &all(9)[..2]), Err(EvidenceFault::NoQuorum { part: Part::Shown, .. })));
    let receipt = world.receipt(&shown, 7, 20, &all(9));
    let unproved = check(&Evidence::other_entry(&world.manifest, &promise, &receipt, &[1; 32]));
    assert!(matches!(unproved, Err(EvidenceFault::Receipt { part: Part::Shown, .. })));
    let mut invented = promise.clone();
    invented.extra = shown.entries[8].clone();
    assert!(matches!(claim(&invented, &shown, 7, &all(9)), Err(EvidenceFault::Receipt { part: Part::Promise, .. })));
}

/// EVD-7: what ends what. A ballot promised behind the closing is in no election.
#[test]
fn ended_without_what_was_promised() {
    let world = World::new();
    let stage_end = |stage| Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() });
    let opening = || {
        let (joint_key, roll) = (JointKeyFingerprint([1; 32]), RollFingerprint([2; 32]));
        Body::Opening(Opening { joint_key, roll, active: Vec::new() })
    };
    let claim = |promised: &Body, ending: &Body| {
        let (mut told, mut shown) = (History::told(4, 4, 0), History::told(4, 4, 0));
        told.push(&notice("between"));
        told.push(promised);
        shown.push(ending);
        let promise = world.receipt(&told, 5, 6, &[]);
        let ending = world.receipt(&shown, 4, 5, &all(9)[..3]);
        check(&Evidence::ended_without(&world.manifest, &promise, &ending))
    };
    for (promised, ending) in [
        (ballot(1), closing()),
        (opening(), closing()),
        (closing(), closing()),
        (stage_end(4), opening()),
        (opening(), opening()),
        (stage_end(2), stage_end(2)),
        (stage_end(2), stage_end(3)),
    ] {
        let finding = claim(&promised, &ending).unwrap();
        assert_eq!((finding.kind, culprits(&finding)), (Kind::BrokenPromise, vec!["log"]));
    }
    for (promised, ending) in [
        (ballot(1), opening()),
        (ballot(1), stage_end(4)),
        (notice("always"), closing()),
        (stage_end(3), stage_end(2)),
        (closing(), ballot(1)),
    ] {
        assert!(matches!(claim(&promised, &ending), Err(EvidenceFault::NotEnded { .. })), "{promised:?}");
    }
    // Before the ending, the promise is not contradicted; and the ending must be attested, and be the entry it says it is.
    let mut shown = History::told(6, 6, 0);
    shown.push(&closing());
    let promise = world.receipt(&shown, 5, 6, &[]);
    let ending = world.receipt(&shown, 6, 7, &all(9));
    let early = check(&Evidence::ended_without(&world.manifest, &promise, &ending));
    assert!(matches!(early, Err(EvidenceFault::Elsewhere { promised: 5, found: 6, .. })));
    shown.push(&ballot(2));
    let promise = world.receipt(&shown, 7, 8, &[]);
    let unattested = world.receipt(&shown, 6, 7, &all(9)[..2]);
    let outcome = check(&Evidence::ended_without(&world.manifest, &promise, &unattested));
    assert!(matches!(outcome, Err(EvidenceFault::NoQuorum { part: Part::Ending, .. })));
    let mut misplaced = History::told(4, 4, 0);
    misplaced.push_as(3, 0, &closing());
    let ending = world.receipt(&misplaced, 4, 5, &all(9));
    let outcome = check(&Evidence::ended_without(&world.manifest, &promise, &ending));
    assert_eq!(outcome, Err(EvidenceFault::NotAnEntry { part: Part::Ending, index: 4 }));
}

/// EVD-8: a witness that stated a smaller tree after a larger one; the log's own signature has no time.
#[test]
fn who_went_back() {
    let world = World::new();
    let history = History::told(20, 20, 0);
    let claim = |larger: &[_], smaller: &[_]| {
        let (larger, smaller) = (world.note(&history, 20, larger), world.note(&history, 10, smaller));
        check(&Evidence::rollback(&world.manifest, &larger, &smaller)).unwrap()
    };
    let finding = claim(&[(1, 100), (2, 100), (3, 100), (4, 0)], &[(1, 101), (2, 100), (3, 99), (4, 200)]);
    assert_eq!((finding.kind, culprits(&finding)), (Kind::Rollback, vec!["w1"]));
    assert!(!finding.open.is_empty(), "what the log served when is not shown");
    // A witness may cosign one checkpoint often: its earliest time on the larger, its latest on the smaller.
    assert_eq!(culprits(&claim(&[(2, 300), (2, 100)], &[(2, 50), (2, 200)])), ["w2"]);
    for (larger, smaller) in [(vec![], vec![]), (all(9), vec![]), (vec![], all(9)), (all(9), all(8)), (all(9), all(9))]
    {
        let finding = claim(&larger, &smaller);
        assert!(!finding.is_proved() && !finding.open.is_empty());
    }
    let (ten, twenty) = (world.note(&history, 10, &[]), world.note(&history, 20, &[]));
    for (larger, smaller) in [(&ten, &twenty), (&ten, &ten)] {
        let outcome = check(&Evidence::rollback(&world.manifest, larger, smaller));
        assert!(matches!(outcome, Err(EvidenceFault::Sizes { rule: "EVD-8", .. })));
    }
}

/// EVD-2: about a log that continues another, under the key that the authority gave it, and no other.
#[test]
fn a_successor_is_convicted_by_its_own_key() {
    let world = World::new();
    let old = History::told(6, 6, 0);
    let (next, entry) = world.continued(&old);
    let begun = |twist| {
        let mut history = History::told(0, 0, 0);
        history.push_bytes(entry.clone());
        (7..12).for_each(|index| history.push_as(index, 0, &ballot(twist)));
        history
    };
    let (one, two) = (begun(1), begun(2));
    let fork = fork(&next, (&one, 4, &all(5)[..3]), (&two, 6, &all(5)[1..])).unwrap();
    let claim = Evidence::split_view(&world.manifest, &fork);
    assert!(matches!(check(&claim), Err(EvidenceFault::Checkpoint { part: Part::Smaller, .. })));
    let finding = check(&claim.clone().continued(std::slice::from_ref(&entry))).unwrap();
    assert_eq!(culprits(&finding), ["log", "w2", "w3"]);
    assert_eq!(finding.culprits[0].key, next.log.verifier_key());
    // A promise there: its leaf number is not its index.
    let promise = next.receipt(&one, 3, 6, &[]);
    let shown = next.receipt(&two, 3, 6, &all(9));
    let other = Evidence::other_entry(&world.manifest, &promise, &shown, &leaf_hash(&two.entries[3]));
    assert_eq!(culprits(&check(&other.continued(std::slice::from_ref(&entry))).unwrap()), ["log"]);
    // Who else says that a log goes on: not the authority; under another name; after another log; twice the same.
    let key = || next.log.verifier_key().to_string();
    let stranger = crypto::schnorr::SigningKey::from_bytes(&[3; 32].map(|byte: u8| byte % 4)).unwrap();
    let misnamed = SignerKey::from_seed("board.example/log/3", &[8; 32]).unwrap().verifier_key().to_string();
    let by_stranger = world.continuation(&old, key(), &stranger);
    let (_, elsewhere) = next.continued(&old);
    for continuations in [
        vec![by_stranger],
        vec![world.continuation(&old, misnamed, &crate::world::authority())],
        vec![elsewhere],
        vec![entry.clone(), entry.clone()],
        vec![old.entries[0].clone()],
        vec![Vec::new()],
    ] {
        let place = continuations.len() - 1;
        assert_eq!(check(&claim.clone().continued(&continuations)), Err(EvidenceFault::Continuation(place)));
    }
}
