//! The board and the record (THR-9 to THR-13): what a reader finds out who has nothing but the record and one fingerprint.

use crate::{authority, edits::edits, option, replay, voter};
use protocol::{
    Body, Entry, Phase, Selection, Submission,
    body::{AuditedBallot, ContestOpening, Extension, Notice},
    ids::ElectionFingerprint,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::collections::BTreeMap;
use tlog::{
    checkpoint::{self, Checkpoint},
    follower::{FollowRefusal, Follower},
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
    proof::Receipt,
    tile::{decode_bundle, encode_bundle},
};
use verifier::{ExitCode, Failure, Report, Verdict};
use vitrine_tests::{Drill, Options, drill::record_of};

type Record = BTreeMap<String, Vec<u8>>;

/// What the verifier reports of a record.
pub(crate) fn report(record: &Record, expect: Option<ElectionFingerprint>) -> Report {
    verifier::verify(
        record,
        &verifier::Options { expect, ..verifier::Options::default() },
        |_| {},
        &mut ChaCha20Rng::seed_from_u64(1),
    )
}

/// What the verifier says of a record.
pub(crate) fn verdict(record: &Record, expect: Option<ElectionFingerprint>) -> Verdict {
    report(record, expect).verdict
}

/// Why the verifier refuses a record.
#[track_caller]
fn failure(record: &Record) -> Failure {
    match verdict(record, None) {
        Verdict::Invalid(failure) => failure,
        other => panic!("this should have been invalid: {other:?}"),
    }
}

/// Why the verifier refuses these entries, although the real log key signed them.
#[track_caller]
pub(crate) fn refused(drill: &Drill, entries: &[Entry]) -> Failure {
    failure(&record_of(entries, &drill.board))
}

/// A small election with everything in it that can be edited: an audit, a revote, an extension, a remark.
fn small_election() -> Drill {
    let mut drill = Drill::begin(Options { voters: vec![(0, 1); 3], ..Options::simple(3) });
    authority(&mut drill, &notice("The ceremony begins.")).unwrap();
    drill.publish_roll();
    drill.run_ceremony();
    drill.open();
    drill.cast(0, &option(0)).unwrap();
    drill.cast(1, &option(1)).unwrap();
    let (ballot, openings) = drill.seal(1, &option(2));
    let openings =
        openings.into_iter().map(|one| ContestOpening { values: vec![0, 0, 1, 0, 0], randomness: one.into_public().0 });
    let ballot = Body::Ballot(ballot).encode().into();
    voter(&mut drill, 1, &Body::AuditedBallot(AuditedBallot { ballot, openings: openings.collect() })).unwrap();
    authority(&mut drill, &Body::Extension(Extension { closing: 29_001_500 })).unwrap();
    drill.now += 3;
    drill.cast(0, &option(3)).unwrap();
    drill.cast(2, &[Selection::Blank]).unwrap();
    drill.close();
    drill.tally();
    assert_eq!(verdict(&drill.record(), Some(drill.election.fingerprint())), Verdict::Valid);
    drill
}

fn notice(text: &str) -> Body {
    Body::Notice(Notice { text: text.into() })
}

/// What the board answers after the commit of the last entry: the promise in the form in which the voter keeps it.
fn promise(entries: &[Entry], board: &SignerKey) -> (Receipt, [u8; 32]) {
    let tree = tree_of(entries);
    let (size, bytes) = (tree.size(), entries.last().unwrap().encode());
    let head = Checkpoint::new(board.name(), size, tree.root()).unwrap();
    let path = tree.prove_inclusion(size - 1, size).unwrap();
    let (leaf, checkpoint_note) = (leaf_hash(&bytes), checkpoint::sign(&head, board).unwrap());
    (Receipt { extra: bytes, index: size - 1, path, checkpoint_note }, leaf)
}

fn tree_of(entries: &[Entry]) -> Tree {
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
    tree
}

/// THR-9: board, authority and trustees hold the same election again without an acknowledged ballot. That record is valid in itself, and
/// the voter's promise convicts the key that signed both.
#[test]
fn dropped_after_acknowledgement() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &option(0)).unwrap();
    let kept = drill.entries.clone();
    drill.cast(1, &option(1)).unwrap();
    let (receipt, leaf) = promise(&drill.entries, &drill.board);

    drill.entries = kept;
    drill.election = replay(&drill.entries);
    drill.cast(2, &option(2)).unwrap();
    let forked = promise(&drill.entries, &drill.board).0;
    drill.close();
    drill.tally();
    let record = drill.record();
    assert_eq!(verdict(&record, Some(drill.election.fingerprint())), Verdict::Valid);

    let keys = [drill.board.verifier_key()];
    let receipt = Receipt::parse(receipt.encode().as_bytes()).unwrap();
    let promised = receipt.verify(&leaf, &keys).unwrap();
    let shown = checkpoint::open_strict(&record["checkpoint"], &keys).unwrap();
    // The record does not hold the entry, and no proof joins the two heads, not even the best one.
    let tree = tree_of(&drill.entries);
    assert_ne!(tree.root_at(promised.checkpoint().size()).unwrap(), *promised.checkpoint().root());
    assert_ne!(drill.entries[usize::try_from(receipt.index).unwrap()].encode(), receipt.extra);
    let proof = tree.prove_consistency(promised.checkpoint().size(), shown.checkpoint().size()).unwrap();
    let beginning = tree.root_at(promised.checkpoint().size()).unwrap();
    let mut follower = Follower::new(promised);
    assert!(matches!(follower.advance(shown, &beginning, &proof), Err(FollowRefusal::Fork(_))));
    // The promise it gave another voter in that place is of the same size: two signed trees of one size are a signed fork.
    let other = checkpoint::open_strict(forked.checkpoint_note.as_bytes(), &keys).unwrap();
    let root = *other.checkpoint().root();
    let Err(FollowRefusal::Fork(evidence)) = follower.advance(other, &root, &[]) else { panic!("a fork") };
    assert_eq!(evidence.earlier.checkpoint().size(), evidence.later.checkpoint().size());
    assert_ne!(evidence.earlier.checkpoint().root(), evidence.later.checkpoint().root());
}

/// THR-10. First the log is left as it is, then a colluding board makes it anew with the real key: both times the verifier says where.
#[test]
fn every_edit_of_a_record() {
    let drill = small_election();
    let record = drill.record();
    let bundle = record.keys().find(|name| name.starts_with("tile/entries/")).unwrap().clone();
    let count = u16::try_from(drill.entries.len()).unwrap();
    assert_eq!(decode_bundle(&record[&bundle], count).unwrap().len(), drill.entries.len(), "one bundle holds it all");
    for (what, entries, place) in edits(&drill.entries) {
        let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
        let mut edited = record.clone();
        edited.insert(bundle.clone(), encode_bundle(&bytes).unwrap());
        let left = failure(&edited);
        assert_eq!(left.rule, "REC-4", "{what}, the log as it was: {left}");
        let same_length = entries.len() == drill.entries.len();
        assert_eq!(left.entry, same_length.then_some(u64::try_from(place).unwrap()), "{what}: {left}");
        assert!(left.place.is_some(), "{what}: {left}");

        let made_anew = refused(&drill, &entries);
        assert_eq!(made_anew.entry, Some(u64::try_from(place).unwrap()), "{what}, the log made anew: {made_anew}");
    }
    // A time that was altered shows in the next entry, which names the hash of the one before it.
    for place in 0..drill.entries.len() - 1 {
        let mut entries = drill.entries.clone();
        entries[place].time += 1;
        let failure = refused(&drill, &entries);
        assert_eq!((failure.rule, failure.entry), ("ENT-2", Some(u64::try_from(place + 1).unwrap())));
    }
    // The last entry left out: nothing is wrong, but there is no result.
    let short = record_of(&drill.entries[..drill.entries.len() - 1], &drill.board);
    assert_eq!(report(&short, None).exit_code(), ExitCode::Incomplete);
}

/// THR-10: the board makes index, chain, log and checkpoint anew around what it dropped or moved. Up to the closing everything is bound
/// by what authority, trustees or voters signed; after it only order is free, on which nothing depends.
#[test]
fn every_edit_of_a_record_with_its_chain() {
    let drill = small_election();
    let closing =
        drill.entries.iter().position(|entry| matches!(entry.submission().body(), Ok(Body::Closing(_)))).unwrap();
    let order: Vec<usize> = (0..drill.entries.len()).collect();
    let mut orders = Vec::new();
    for place in 1..drill.entries.len() {
        let mut dropped = order.clone();
        dropped.remove(place);
        orders.push((format!("entry {place} dropped"), dropped));
        let mut twice = order.clone();
        twice.insert(place, place);
        orders.push((format!("entry {place} twice"), twice));
        if place < closing {
            let mut swapped = order.clone();
            swapped.swap(place, place + 1);
            orders.push((format!("entry {place} after the next"), swapped));
        }
    }
    for (what, order) in orders {
        let entries = chained(order.iter().map(|place| &drill.entries[*place]));
        let report = report(&record_of(&entries, &drill.board), None);
        let last_dropped = what == format!("entry {} dropped", drill.entries.len() - 1);
        let expected = if last_dropped { ExitCode::Incomplete } else { ExitCode::Invalid };
        assert_eq!(report.exit_code(), expected, "{what}: {}", report.headline);
        if let Verdict::Invalid(failure) = &report.verdict {
            assert!(failure.entry.is_some(), "{what}: {failure}");
        }
    }
}

/// The submissions of these entries as a chain of their own.
fn chained<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<Entry> {
    let mut chain: Vec<Entry> = Vec::new();
    for (entry, index) in entries.zip(0u64..) {
        let (previous, time) =
            chain.last().map_or((entry.previous, entry.time), |last| (last.hash(), last.time.max(entry.time)));
        chain.push(Entry::new(index, previous, time, entry.submission()));
    }
    chain
}

/// THR-11: the board records what the fold refuses, each time as the next entry with the right chain.
#[test]
fn entry_the_board_should_have_refused() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &option(0)).unwrap();
    let (late, _) = drill.seal(1, &option(1));
    let (mut unproved, _) = drill.seal(2, &option(2));
    unproved.contests[0][600 / 2] ^= 1;
    let (foreign, _) = Drill::opened(Options { seed: 4, ..Options::simple(3) }).seal(0, &option(1));
    let state = drill.election.credential(&drill.credentials[0].public()).unwrap();
    let (mut second, _) = drill.seal(0, &option(1));
    (second.sequence, second.previous) = (1, protocol::ids::SubmissionId([0; 32]));
    assert_eq!(state.sequence, 1);
    let roll = Body::Roll(drill.roll_chunk(1, 0));
    let admitted = [
        (drill.by_voter(2, &Body::Ballot(unproved)), "BAL-4"),
        (drill.by_voter(1, &Body::Ballot(foreign)), "BAL-2"),
        (drill.by_voter(0, &Body::Ballot(second)), "BAL-5"),
        (drill.by_registrar(1, &roll), "ENT-7"),
        (drill.by_trustee(1, &notice("a remark of mine")), "ENT-4"),
        (drill.by_authority(&Body::Extension(Extension { closing: 29_002_001 })), "EXT-1"),
    ];
    for (submission, rule) in admitted {
        admit(&drill, submission, rule);
    }
    drill.close();
    let submission = drill.by_voter(1, &Body::Ballot(late));
    admit(&drill, submission, "ENT-7");
    drill.tally();
    assert_eq!(drill.election.phase(), Phase::Tallied);
}

/// The board takes a submission all the same, and signs.
#[track_caller]
fn admit(drill: &Drill, submission: Submission, rule: &str) {
    let mut entries = drill.entries.clone();
    entries.push(drill.election.next_entry(submission, drill.now));
    let failure = refused(drill, &entries);
    assert_eq!((failure.rule, failure.entry), (rule, Some(drill.election.size())), "{failure}");
}

/// THR-12: another election with the same names, dates and voters, consistent in itself.
#[test]
fn record_remade_with_other_keys() {
    let real = small_election();
    let options = Options { seed: 99, ..real.options.clone() };
    let mut remade = Drill::complete(options, |_| option(2));
    // Even under the very id of the real one.
    assert_eq!(verdict(&remade.record(), Some(remade.election.fingerprint())), Verdict::Valid);
    let Verdict::Invalid(failure) = verdict(&remade.record(), Some(real.election.fingerprint())) else {
        panic!("the wrong election")
    };
    assert_eq!((failure.rule, failure.entry), ("VER-5", Some(0)));
    // Without a fingerprint the first line says so, and shows the record's own.
    let report = report(&remade.record(), None);
    assert!(!report.compared);
    let text = report.text();
    let first = text.lines().next().unwrap();
    assert!(first.contains("NOT compared") && first.contains(&remade.election.fingerprint().to_string()), "{first}");

    // A manifest with the real id and a registrar's key exchanged, signed by the real authority: another F.
    let mut manifest = real.election.manifest().clone();
    manifest.title = "A drill, once more".into();
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = protocol::fingerprint::election(&body);
    assert_ne!(f, real.election.fingerprint());
    let author = protocol::Author::Authority;
    let submission = Submission::sign(&f, &author, body, &real.authority, &mut remade.rng).unwrap();
    let first = Entry::new(0, real.entries[0].previous, real.entries[0].time, submission);
    let entries = chained([&first].into_iter().chain(&real.entries[1..]));
    let failure = refused(&real, &entries);
    assert_eq!((failure.rule, failure.entry), ("ENT-5", Some(1)), "every signature covers F");
}

/// THR-13: every byte of every file flipped; files, lines and bytes added and taken away.
#[test]
fn bytes_no_check_reads() {
    let drill = small_election();
    let record = drill.record();
    for (name, bytes) in &record {
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            assert_not_valid(&record, name, changed, &format!("byte {place} of {name}"));
        }
        assert_not_valid(&record, name, [bytes.as_slice(), b"\n"].concat(), &format!("a line after {name}"));
        assert_not_valid(&record, name, [bytes.as_slice(), &[0]].concat(), &format!("a byte after {name}"));
        assert_not_valid(&record, name, bytes[..bytes.len() - 1].to_vec(), &format!("{name} without its end"));
        assert_not_valid(&record, name, Vec::new(), &format!("{name} empty"));
        let mut without = record.clone();
        without.remove(name);
        assert_ne!(report(&without, None).exit_code(), ExitCode::Valid, "without {name}");
    }
    for name in
        ["README", "tile/0/000", "tile/1/000.p/1", "checkpoint.old", "tile/entries/001.p/1", "tile/names/000", ""]
    {
        let mut more = record.clone();
        more.insert(name.into(), b"unread".to_vec());
        assert_eq!(failure(&more).rule, "REC-2", "{name}");
    }
    // Signature lines nobody asked for: another key's, a key's of the same name, the log's once more.
    let note = Note::parse(&record["checkpoint"]).unwrap();
    let rng = &mut ChaCha20Rng::seed_from_u64(3);
    for key in
        [SignerKey::generate("friend.example", rng).unwrap(), SignerKey::generate(drill.board.name(), rng).unwrap()]
    {
        let mut signed = note.clone();
        signed.add(key.sign(&note)).unwrap();
        assert_not_valid(&record, "checkpoint", signed.encode().into_bytes(), "a signature of a key unknown");
    }
    let twice = format!("{}{}\n", note.encode(), note.signatures()[0].line().trim_end());
    assert_not_valid(&record, "checkpoint", twice.into_bytes(), "the signature twice");
    // A longer text that the log signs: lines after the root hash.
    let longer = Note::new(format!("{}an extension\n", note.text())).unwrap();
    let mut signed = longer.clone();
    signed.add(drill.board.sign(&longer)).unwrap();
    assert_not_valid(&record, "checkpoint", signed.encode().into_bytes(), "an extension line");
}

/// The verifier finds something wrong with the record when this file is so.
#[track_caller]
fn assert_not_valid(record: &Record, name: &str, bytes: Vec<u8>, what: &str) {
    let mut changed = record.clone();
    changed.insert(name.into(), bytes);
    let report = report(&changed, None);
    assert_eq!(report.exit_code(), ExitCode::Invalid, "{what}: {}", report.headline);
}
