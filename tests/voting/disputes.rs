//! A voter's promise against the log, as typed: kept, awaited, broken (EVD-15).

use crate::{
    letters::{Letters, options},
    stub::Stub,
};
use ballot_client::cli::{self, Arguments, Console};
use clap::Parser;
use protocol::{
    Body, Entry, Evidence, Selection,
    body::Notice,
    evidence::{Kind, Role},
    ids::ElectionFingerprint,
};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};
use tempfile::TempDir;
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
    proof::Receipt,
};
use vitrine_tests::{Drill, Options, drill::record_of};

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

/// What `dispute` says of a receipt: its exit code and its result.
fn dispute(desk: &TempDir, election: &ElectionFingerprint, place: &[&str]) -> (u8, Value) {
    let (file, state) = (desk.path().join("mine.tlog-proof"), desk.path().join("state"));
    let (file, state, election) = (file.to_str().unwrap(), state.to_str().unwrap(), election.to_string());
    let words = ["ballot", "dispute", file, "--election", &election, "--json", "--state", state];
    let arguments = Program::try_parse_from([&words, place].concat()).unwrap().arguments;
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    let mut console = Console {
        input: &mut std::io::empty(),
        output: &mut output,
        messages: &mut messages,
        terminal: false,
        json: false,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let exit = match runtime.block_on(cli::run(arguments, &mut console)) {
        Ok(exit) => exit.code(),
        Err(error) => error.exit().code(),
    };
    (exit, serde_json::from_slice(&output).unwrap_or(Value::Null))
}

fn dispute_folder(desk: &TempDir, election: &ElectionFingerprint, record: &BTreeMap<String, Vec<u8>>) -> (u8, Value) {
    let folder = desk.path().join("record");
    let _ = std::fs::remove_dir_all(&folder);
    for (name, bytes) in record {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    dispute(desk, election, &["--record", folder.to_str().unwrap()])
}

/// The board's promise for the last entry.
fn promise(entries: &[Entry], board: &SignerKey) -> Receipt {
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
    let (size, extra) = (tree.size(), entries.last().unwrap().encode());
    let head = Checkpoint::new(board.name(), size, tree.root()).unwrap();
    let path = tree.prove_inclusion(size - 1, size).unwrap();
    Receipt { extra, index: size - 1, path, checkpoint_note: checkpoint::sign(&head, board).unwrap() }
}

fn keep(desk: &TempDir, receipt: &Receipt) {
    std::fs::write(desk.path().join("mine.tlog-proof"), receipt.encode()).unwrap();
}

/// The file, which must convict the log.
fn evidence(path: &Path, election: &ElectionFingerprint) -> Kind {
    let evidence = Evidence::decode(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(evidence.election(), *election);
    let finding = evidence.check().unwrap();
    assert!(matches!(finding.culprits.as_slice(), [culprit] if culprit.role == Role::Log));
    finding.kind
}

fn blank() -> [Selection; 1] {
    [Selection::Blank]
}

/// THR-9, THR-51, EVD-15: whatever the log did with the promised ballot, the command says it, and what it writes convicts the log.
#[test]
fn a_promise_is_kept_awaited_or_broken() {
    let desk = tempfile::tempdir().unwrap();
    let mut drill = Drill::opened(Options::simple(4));
    let f = drill.election.fingerprint();
    drill.cast(0, &blank()).unwrap();
    let before = drill.entries.len();
    drill.cast(1, &blank()).unwrap();
    drill.cast(2, &blank()).unwrap();
    let receipt = promise(&drill.entries, &drill.board);
    keep(&desk, &receipt);
    let told = drill.entries.clone();
    let written = desk.path().join("mine.evidence");

    // Kept: under the same checkpoint, and under a later one.
    let (exit, said) = dispute_folder(&desk, &f, &drill.record());
    assert_eq!((exit, said["outcome"].as_str()), (0, Some("kept")));
    drill.cast(3, &blank()).unwrap();
    assert_eq!(dispute_folder(&desk, &f, &drill.record()).0, 0);
    // Awaited: the log is not so far yet.
    let (exit, said) = dispute_folder(&desk, &f, &record_of(&told[..before], &drill.board));
    assert_eq!((exit, said["outcome"].as_str()), (4, Some("awaited")));
    assert!(!written.exists());

    // Broken: another ballot in its place.
    let mut other = Drill::opened(Options::simple(4));
    other.cast(0, &blank()).unwrap();
    for voter in [3, 1, 2] {
        other.cast(voter, &blank()).unwrap();
    }
    let (exit, said) = dispute_folder(&desk, &f, &other.record());
    assert_eq!((exit, said["outcome"].as_str()), (1, Some("broken")));
    assert_eq!(evidence(&written, &f), Kind::BrokenPromise);
    // Evidence is written over nothing.
    assert_eq!(dispute_folder(&desk, &f, &other.record()).0, 5);
    std::fs::remove_file(&written).unwrap();

    // Broken: closed before the place was reached.
    let mut closed = Drill::opened(Options::simple(4));
    closed.cast(0, &blank()).unwrap();
    closed.close();
    assert_eq!(closed.entries.len(), before + 1);
    let (exit, _) = dispute_folder(&desk, &f, &closed.record());
    assert_eq!((exit, evidence(&written, &f)), (1, Kind::BrokenPromise));
    std::fs::remove_file(&written).unwrap();

    // The ballot is there, and another one before it is not: two histories all the same.
    let mut twisted = told.clone();
    twisted[before].time += 1;
    let (exit, _) = dispute_folder(&desk, &f, &record_of(&twisted, &drill.board));
    assert_eq!((exit, evidence(&written, &f)), (1, Kind::SplitView));
    std::fs::remove_file(&written).unwrap();

    // What obliges nobody: another's signature, another entry, no entry.
    let stranger = SignerKey::from_seed(drill.board.name(), &[99; 32]).unwrap();
    let foreign = promise(&told, &stranger);
    let altered = Receipt { extra: told[before].encode(), ..receipt.clone() };
    let empty = Receipt { extra: Vec::new(), ..receipt };
    for receipt in [foreign, altered, empty] {
        keep(&desk, &receipt);
        assert_eq!(dispute_folder(&desk, &f, &other.record()).0, 1);
        assert!(!written.exists());
    }
}

/// EVD-2, EVD-15, CON-7: each log of a chain answers for its own promises, under its own key.
#[test]
fn every_log_of_a_chain_keeps_its_own_promises() {
    let desk = tempfile::tempdir().unwrap();
    let written = desk.path().join("mine.evidence");
    let told = |voters: [usize; 2]| {
        let mut drill = Drill::opened(Options::simple(4));
        drill.cast(0, &blank()).unwrap();
        let next = drill.next_board(77);
        drill.continue_in(next);
        for voter in voters {
            drill.cast(voter, &blank()).unwrap();
        }
        drill
    };
    let (drill, other) = (told([1, 2]), told([2, 1]));
    let (f, end) = (drill.election.fingerprint(), drill.ended[0].1);
    // A promise of the first log, then one of the second, whose leaf number is not the entry's index.
    let first = promise(&drill.entries[..end], &drill.ended[0].0);
    let second = promise(&drill.entries[end..], &drill.board);
    assert!(second.index < 4);
    for (receipt, expected) in [(&first, [0, 0]), (&second, [0, 1])] {
        keep(&desk, receipt);
        assert_eq!(dispute_folder(&desk, &f, &drill.record()).0, expected[0]);
        assert_eq!(dispute_folder(&desk, &f, &other.record()).0, expected[1]);
    }
    let found = Evidence::decode(&std::fs::read(&written).unwrap()).unwrap().check().unwrap();
    assert_eq!(found.kind, Kind::BrokenPromise);
    assert_eq!(found.culprits[0].key, drill.board.verifier_key());
    // Promised by the first log behind its end: lost with it, which convicts nobody; and a log that was not read says nothing.
    std::fs::remove_file(&written).unwrap();
    let mut lost = Drill::opened(Options::simple(4));
    lost.cast(0, &blank()).unwrap();
    lost.cast(3, &blank()).unwrap();
    keep(&desk, &promise(&lost.entries, &lost.board));
    let (exit, said) = dispute_folder(&desk, &f, &drill.record());
    assert_eq!((exit, said["outcome"].as_str()), (4, Some("lost")));
    keep(&desk, &second);
    assert_eq!(dispute_folder(&desk, &f, &record_of(&drill.entries[..end], &drill.ended[0].0)).0, 1);
    assert!(!written.exists());
}

/// EVD-15, LOG-28: a copy that the witnesses do not attest is not the log that everybody is shown.
#[test]
fn only_an_attested_log_keeps_a_promise() {
    let desk = tempfile::tempdir().unwrap();
    let witness = CosignerKey::from_seed("witness.example", &[5; 32]).unwrap();
    let mut drill = Drill::begin(Options::simple(2));
    drill.remake(|manifest| {
        manifest.policy = format!("log {}\nwitness one {}\nquorum one\n", manifest.log_key, witness.verifier_key());
        manifest.waivers = manifest.waivers_needed();
    });
    let before = drill.record();
    let notice = drill.by_authority(&Body::Notice(Notice { text: "Hear".into() }));
    drill.apply(notice).unwrap();
    let f = drill.election.fingerprint();
    keep(&desk, &promise(&drill.entries, &drill.board));
    for (mut record, outcome, exit) in [(drill.record(), "kept", 0), (before, "awaited", 4)] {
        let (refused, said) = dispute_folder(&desk, &f, &record);
        assert_eq!((refused, said), (4, Value::Null), "signed by the log alone");
        let mut note = Note::parse(&record["checkpoint"]).unwrap();
        let head = Checkpoint::parse(note.text()).unwrap();
        note.add(witness.cosign(&head, 29_000_000 * 60).unwrap()).unwrap();
        record.insert("checkpoint".into(), note.encode().into_bytes());
        let (found, said) = dispute_folder(&desk, &f, &record);
        assert_eq!((found, said["outcome"].as_str()), (exit, Some(outcome)));
    }
}

/// EVD-15: over HTTP as well, and the board does not learn which entry it is about.
#[test]
fn a_board_is_asked_for_everything() {
    let desk = tempfile::tempdir().unwrap();
    let letters = Letters::opened(options());
    let f = letters.drill.election.fingerprint();
    keep(&desk, &promise(&letters.drill.entries, &letters.drill.board));
    let board = Stub::serve(letters);
    let (exit, said) = dispute(&desk, &f, &["--board", &board.address]);
    assert_eq!((exit, said["outcome"].as_str()), (0, Some("kept")));
}
