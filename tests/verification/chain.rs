//! Elections that were continued in successor logs (REC-7 to REC-10, CON-1, CON-2, VER-19 to VER-22).

use crate::fixture::{Record, broken, expecting, failure, report};
use board_api::{
    Memory,
    record::{CopyError, RecordFault},
};
use protocol::{Body, Entry, Evidence, Selection, body::Notice};
use rand::rngs::OsRng;
use std::sync::LazyLock;
use tlog::{
    checkpoint::{Checkpoint, sign},
    cosignature::CosignerKey,
    note::{Note, SignerKey},
};
use trustee_tools::record::{Reading, RecordError, read_folder};
use verifier::{CheckId, Verdict};
use vitrine_tests::{
    Drill, Options,
    drill::{chain_of, record_of, replay},
};

/// Three voters in log 1, one of them again and a fourth in log 2, which ends at once in log 3: closing and results.
fn continued() -> Drill {
    let mut drill = Drill::opened(Options::simple(5));
    for voter in 0..3 {
        drill.cast(voter, &[Selection::Options(vec![0])]).unwrap();
    }
    drill.continue_in(drill.next_board(2));
    drill.cast(0, &[Selection::Options(vec![1])]).unwrap();
    drill.cast(3, &[Selection::Options(vec![1])]).unwrap();
    drill.continue_in(drill.next_board(3));
    drill.cast(4, &[Selection::Blank]).unwrap();
    drill.close();
    drill.tally();
    drill
}

static CONTINUED: LazyLock<Drill> = LazyLock::new(continued);

/// The three logs of [`continued`]: entries and key.
fn logs() -> [(&'static [Entry], &'static SignerKey); 3] {
    let drill = &*CONTINUED;
    let [(one, first), (two, second)] = drill.ended.as_slice() else { panic!("three logs") };
    let (first_log, rest) = drill.entries.split_at(*first);
    let (second_log, third_log) = rest.split_at(*second);
    [(first_log, one), (second_log, two), (third_log, &drill.board)]
}

fn index(place: usize) -> Option<u64> {
    Some(u64::try_from(place).unwrap())
}

#[test]
fn three_logs_are_one_election() {
    let drill = &*CONTINUED;
    let record = drill.record();
    assert!(
        record.contains_key("2/checkpoint") && record.contains_key("3/tile/entries/000.p/6"),
        "{:?}",
        record.keys()
    );
    let report = expecting(&record, drill.election.fingerprint());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let totals: Vec<u64> = report.results[0].slots.iter().map(|slot| slot.total).collect();
    assert_eq!(totals, [2, 2, 0, 0, 1]);
    let figures = report.figures.as_ref().unwrap();
    assert_eq!((figures.ballots, figures.superseded), (6, 1));
    let signatures = report.checks.iter().find(|check| check.check == CheckId::Checkpoint).unwrap();
    assert_eq!(signatures.count(), "3 of 3 signatures");
    // VER-22
    let election = report.election.as_ref().unwrap();
    for ((number, log), (entries, key)) in (1..).zip(&election.logs).zip(logs()) {
        assert_eq!((log.number, log.origin.as_str(), &log.key), (number, key.name(), &key.verifier_key().to_string()));
        assert_eq!((log.first, log.entries), (entries[0].index, u64::try_from(entries.len()).unwrap()));
    }
    assert_eq!(election.root.as_deref(), Some(hex::encode(drill.election.root()).as_str()));
    let text = report.text();
    assert!(text.contains(&format!("log 3: {}", drill.board.name())), "{text}");
    assert!(report.html().contains(drill.board.name()));
}

/// THR-57, REC-8: the checkpoint of a continued log is the one that the continuation names, neither earlier nor later.
#[test]
fn a_continued_log_is_neither_cut_short_nor_longer() {
    let [(first, one), second, third] = logs();
    let short = chain_of(&[(&first[..first.len() - 1], one), second, third]);
    assert_eq!(broken(&short), ("ENT-1", index(first.len() - 1)));
    // The old log went on after the continuation, or beside it: its own entries are right, the continuation is not.
    let drill = &*CONTINUED;
    let mut other = Drill::opened(Options::simple(5));
    other.rng.clone_from(&drill.rng);
    for entry in &first[other.entries.len()..] {
        other.election.apply(entry).unwrap();
        other.entries.push(entry.clone());
    }
    let notice = other.by_authority(&Body::Notice(Notice { text: "The old board is still here.".into() }));
    other.apply(notice).unwrap();
    assert!(matches!(report(&other.record()).verdict, Verdict::Incomplete { .. }));
    let longer = chain_of(&[(&other.entries, one), second, third]);
    assert_eq!(broken(&longer), ("ENT-1", index(first.len() + 1)));
    // Also if the continuation was made to fit in everything but what it names.
    let submission = second.0[0].submission();
    let fitted = Entry::new(other.election.size(), other.election.head(), other.now, submission);
    assert_eq!(broken(&chain_of(&[(&other.entries, one), (&[fitted], second.1)])), ("CON-1", index(first.len() + 1)));
}

/// VER-20.
#[test]
fn a_continuation_is_leaf_0_of_a_successor_and_nothing_else() {
    let [first, (second, two), third] = logs();
    let both: Vec<Entry> = first.0.iter().chain(second).cloned().collect();
    assert_eq!(broken(&record_of(&both, first.1)), ("REC-8", index(first.0.len())));
    let (head, rest) = first.0.split_at(first.0.len() - 1);
    let late: Vec<Entry> = rest.iter().chain(second).cloned().collect();
    let found = failure(&chain_of(&[(head, first.1), (&late, two)]));
    assert_eq!((found.rule, found.entry), ("REC-8", index(head.len())));
    assert_eq!((found.check, found.found.as_str()), (CheckId::Chain, "Ballot"));
    // A successor without an entry continues nothing.
    let empty = failure(&chain_of(&[first, (&[], two)]));
    assert_eq!((empty.rule, empty.place.as_deref()), ("REC-8", Some("2/checkpoint")));
    assert_eq!(broken(&chain_of(&[first, third])), ("ENT-1", index(first.0.len())));
}

/// THR-58, REC-9: each log under its own key.
#[test]
fn each_log_is_signed_by_its_own_key() {
    let [first, second, third] = logs();
    for wrong in [first.1, third.1, &SignerKey::from_seed(second.1.name(), &[9; 32]).unwrap()] {
        let found = failure(&chain_of(&[first, (second.0, wrong), third]));
        assert_eq!((found.rule, found.place.as_deref()), ("REC-3", Some("2/checkpoint")), "{found}");
    }
    // The successor's key does not sign for the log before.
    let found = failure(&chain_of(&[(first.0, second.1), second, third]));
    assert_eq!((found.rule, found.place.as_deref()), ("REC-3", Some("checkpoint")), "{found}");
    // Another root under the right key.
    let mut record = CONTINUED.record();
    let head = Checkpoint::new(second.1.name(), u64::try_from(second.0.len()).unwrap(), [1; 32]).unwrap();
    record.insert("2/checkpoint".into(), sign(&head, second.1).unwrap().into_bytes());
    let found = failure(&record);
    assert_eq!((found.rule, found.place.as_deref()), ("REC-5", Some("2/checkpoint")), "{found}");
}

/// REC-7: exactly the files of every log, and no log without the one before it.
#[test]
fn every_file_of_every_log_is_there_and_no_other() {
    let whole = CONTINUED.record();
    for name in whole.keys() {
        let mut record = whole.clone();
        record.remove(name);
        assert_eq!(failure(&record).rule, "REC-2", "{name}");
    }
    for name in
        ["2/report.html", "2/tile/0/000.p/1", "4/tile/0/000.p/1", "02/checkpoint", "1/checkpoint", "2/2/checkpoint"]
    {
        let mut record = whole.clone();
        record.insert(name.into(), Vec::new());
        let found = failure(&record);
        assert_eq!((found.rule, found.check), ("REC-2", CheckId::Log), "{name}: {found}");
    }
    let skipped: Record = whole
        .iter()
        .filter(|(name, _)| !name.starts_with("2/"))
        .map(|(name, bytes)| (name.clone(), bytes.clone()))
        .collect();
    assert_eq!(failure(&skipped).rule, "REC-7");
    for (name, bytes) in &whole {
        let mut record = whole.clone();
        let mut bytes = bytes.clone();
        let last = bytes.len() - 1;
        bytes[last / 2] ^= 1;
        record.insert(name.clone(), bytes);
        let found = failure(&record);
        let log = |name: &str| name.split_once('/').filter(|(log, _)| *log != "tile").map(|(log, _)| log.to_owned());
        assert!(found.place.as_deref().is_some_and(|place| log(place) == log(name)), "{name}: {found}");
    }
}

/// VER-19: what is missing is said, not called wrong.
#[test]
fn a_successor_alone_is_incomplete() {
    let [first, (second, two), _] = logs();
    let Verdict::Incomplete { missing } = report(&record_of(second, two)).verdict else { panic!() };
    assert!(missing[0].contains(first.1.name()), "{missing:?}");
    // The record before the continuation cannot tell that there is one.
    let Verdict::Incomplete { missing } = report(&record_of(first.0, first.1)).verdict else { panic!() };
    assert_eq!(missing, ["the closing"]);
    let open = report(&chain_of(&[first, (second, two)]));
    assert_eq!(open.verdict, Verdict::Incomplete { missing: vec!["the closing".into()] });
    assert_eq!(open.election.unwrap().logs.len(), 2);
}

/// EVD-2, HTTP-26, CER-27: an official's memory goes over all logs. Another history of log 2 gives a file that convicts log 2, and a record
/// that ends before log 2 is an older one.
#[test]
fn a_memory_goes_over_all_logs() {
    let mut drill = Drill::opened(Options::simple(4));
    drill.cast(0, &[Selection::Options(vec![0])]).unwrap();
    let first = drill.record();
    drill.continue_in(drill.next_board(2));
    let begun = drill.entries.clone();
    drill.cast(1, &[Selection::Options(vec![1])]).unwrap();
    let second = drill.record();
    drill.election = replay(&begun);
    drill.entries = begun;
    drill.cast(2, &[Selection::Options(vec![2])]).unwrap();
    let other = drill.record();
    drill.cast(3, &[Selection::Options(vec![2])]).unwrap();
    let longer = drill.record();

    let state = tempfile::tempdir().unwrap();
    let memory = Some(Memory::open(state.path()).unwrap());
    let reading = Reading { expect: drill.election.fingerprint(), policy: None, memory };
    let read = |record: &Record| {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in record {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        read_folder(folder.path(), &reading, |_| {}, &mut OsRng).map(|verified| verified.election.size())
    };
    assert_eq!(read(&first).unwrap(), drill.ended[0].1 as u64);
    let seen = read(&second).unwrap();
    match read(&first) {
        Err(RecordError::Copy(CopyError::Older { seen: before, offered })) => {
            assert_eq!((before, offered), (seen, seen - 2));
        }
        found => panic!("{found:?}"),
    }
    for fork in [&other, &longer] {
        let Err(RecordError::Copy(CopyError::Record(fault))) = read(fork) else { panic!("followed") };
        let RecordFault::Fork { file: Some(file), .. } = *fault else { panic!("{fault}") };
        let evidence = Evidence::decode(&std::fs::read(file).unwrap()).unwrap();
        let finding = evidence.check().unwrap();
        assert_eq!((finding.election, finding.culprits.len()), (reading.expect, 1));
        assert_eq!(finding.culprits[0].key, drill.board.verifier_key());
    }
    assert_eq!(read(&second).unwrap(), seen, "what was accepted stays");
}

/// THR-57, VER-21, CON-2, CON-3: under a witness policy every log of the chain needs the quorum, not only the last, each with its own key.
#[test]
fn every_log_needs_the_quorum() {
    let witness = CosignerKey::from_seed("witness.example", &[5; 32]).unwrap();
    let mut drill = Drill::begin(Options::simple(2));
    drill.remake(|manifest| {
        manifest.policy = format!("log {}\nwitness one {}\nquorum one\n", manifest.log_key, witness.verifier_key());
        manifest.waivers = manifest.waivers_needed();
    });
    drill.continue_in(drill.next_board(2));
    let cosigned = |record: &Record, names: &[&str]| {
        let mut record = record.clone();
        for name in names {
            let mut note = Note::parse(&record[*name]).unwrap();
            let head = Checkpoint::parse(note.text()).unwrap();
            note.add(witness.cosign(&head, 29_000_000 * 60).unwrap()).unwrap();
            record.insert((*name).into(), note.encode().into_bytes());
        }
        match report(&record).verdict {
            Verdict::Incomplete { missing } => missing.into_iter().filter(|one| one.contains("cosign")).collect(),
            other => vec![format!("{other:?}")],
        }
    };
    let record = drill.record();
    let lacking = |number| format!("the cosignatures of a witness quorum on the checkpoint of log {number}");
    assert_eq!(cosigned(&record, &[]), [lacking(1), lacking(2)]);
    assert_eq!(cosigned(&record, &["2/checkpoint"]), [lacking(1)]);
    assert_eq!(cosigned(&record, &["checkpoint"]), [lacking(2)]);
    assert!(cosigned(&record, &["checkpoint", "2/checkpoint"]).is_empty());
    assert_eq!(drill.election.policy().logs()[0].key, drill.board.verifier_key());
}
