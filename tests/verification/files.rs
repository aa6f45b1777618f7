//! The record's files: changed, dropped, added, swapped, and its entries likewise (THR-10, THR-13).

use crate::fixture::{FIXTURE, Record, broken, failure, report};
use proptest::prelude::*;
use std::fs;
use tlog::note::SignerKey;
use verifier::{CheckId, Folder, Options, Verdict, verify};
use vitrine_tests::drill::record_of;

fn changed(change: impl FnOnce(&mut Record)) -> Record {
    let mut record = FIXTURE.record.clone();
    change(&mut record);
    record
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bit of any file.
    #[test]
    fn a_flipped_bit_is_refused(file in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>(), bit in 0u8..8) {
        let record = changed(|record| {
            let name = file.get(&record.keys().cloned().collect::<Vec<_>>()).clone();
            let bytes = record.get_mut(&name).unwrap();
            let place = byte.index(bytes.len());
            bytes[place] ^= 1 << bit;
        });
        prop_assert!(matches!(report(&record).verdict, Verdict::Invalid(_)));
    }

    /// A file cut short or made longer.
    #[test]
    fn a_file_of_another_length_is_refused(file in any::<prop::sample::Index>(), cut in any::<bool>(), byte in any::<u8>()) {
        let record = changed(|record| {
            let name = file.get(&record.keys().cloned().collect::<Vec<_>>()).clone();
            let bytes = record.get_mut(&name).unwrap();
            if cut { bytes.pop(); } else { bytes.push(byte); }
        });
        prop_assert!(matches!(report(&record).verdict, Verdict::Invalid(_)));
    }
}

/// Every byte of the checkpoint, and of the bundle that holds manifest and ceremony, flipped one by one where that is cheap to refuse.
#[test]
fn every_byte_of_the_checkpoint_is_read() {
    for place in 0..FIXTURE.record["checkpoint"].len() {
        let record = changed(|record| record.get_mut("checkpoint").unwrap()[place] ^= 1);
        assert!(matches!(report(&record).verdict, Verdict::Invalid(_)), "byte {place}");
    }
}

#[test]
fn a_changed_entry_is_named() {
    let record = changed(|record| *record.get_mut("tile/entries/000").unwrap().last_mut().unwrap() ^= 1);
    let failure = failure(&record);
    assert_eq!((failure.rule, failure.entry), ("REC-4", Some(255)));
    assert_eq!((failure.check, failure.place.as_deref()), (CheckId::Log, Some("tile/entries/000")));
}

#[test]
fn files_too_many_too_few_or_swapped() {
    let unknown = changed(|record| drop(record.insert("notes.txt".into(), b"hello".to_vec())));
    let found = failure(&unknown);
    assert_eq!((found.rule, found.place.as_deref()), ("REC-2", Some("notes.txt")));
    let older = changed(|record| drop(record.insert("tile/0/000.p/7".into(), vec![0; 224])));
    assert_eq!(failure(&older).place.as_deref(), Some("tile/0/000.p/7"));
    let last = FIXTURE.record.keys().find(|name| name.starts_with("tile/entries/001")).unwrap().clone();
    let missing = changed(|record| drop(record.remove(&last)));
    let found = failure(&missing);
    assert_eq!((found.rule, found.place.as_deref()), ("REC-2", Some(last.as_str())));
    let swapped = changed(|record| {
        let level = "tile/1/000.p/1".to_string();
        let (zero, one) = (record["tile/0/000"].clone(), record[&level].clone());
        record.insert("tile/0/000".into(), one);
        record.insert(level, zero);
    });
    assert_eq!(failure(&swapped).rule, "REC-4");
    let nothing = Record::new();
    assert_eq!(failure(&nothing).place.as_deref(), Some("checkpoint"));
}

#[test]
fn signature_lines_are_the_logs_and_no_others() {
    let fixture = &*FIXTURE;
    let note = String::from_utf8(fixture.record["checkpoint"].clone()).unwrap();
    let line = note.lines().last().unwrap().to_string();
    let twice = changed(|record| record.get_mut("checkpoint").unwrap().extend(format!("{line}\n").bytes()));
    assert_eq!(failure(&twice).rule, "REC-3");
    // The same tree head, signed by a stranger: beside the log, and instead of it.
    let stranger = SignerKey::from_seed("stranger.example", &[9; 32]).unwrap();
    let text = note.split("\n\n").next().unwrap().to_string() + "\n";
    let foreign = tlog::note::Note::new(text).unwrap();
    let by_stranger = stranger.sign(&foreign).line();
    let beside =
        changed(|record| record.get_mut("checkpoint").unwrap().extend(format!("{}\n", by_stranger.trim_end()).bytes()));
    let found = failure(&beside);
    assert_eq!((found.rule, found.check), ("REC-3", CheckId::Checkpoint));
    let impostor = SignerKey::from_seed(fixture.board.name(), &[9; 32]).unwrap();
    assert_eq!(failure(&record_of(&fixture.entries, &impostor)).rule, "REC-3");
}

/// Entries dropped, doubled and reordered by a board that signs the outcome but does not link them anew.
#[test]
fn entries_out_of_place_are_named() {
    let fixture = &*FIXTURE;
    let ballot = fixture.opening + 10;
    let place = u64::try_from(ballot).unwrap();
    let mut dropped = fixture.entries.clone();
    dropped.remove(ballot);
    assert_eq!(broken(&record_of(&dropped, &fixture.board)), ("ENT-1", Some(place)));
    let mut doubled = fixture.entries.clone();
    doubled.insert(ballot, doubled[ballot].clone());
    assert_eq!(broken(&record_of(&doubled, &fixture.board)), ("ENT-1", Some(place + 1)));
    let mut reordered = fixture.entries.clone();
    reordered.swap(ballot, ballot + 1);
    assert_eq!(broken(&record_of(&reordered, &fixture.board)), ("ENT-1", Some(place)));
    let mut renumbered = fixture.entries.clone();
    renumbered.remove(ballot);
    renumbered[ballot].index = place;
    assert_eq!(broken(&record_of(&renumbered, &fixture.board)), ("ENT-2", Some(place)));
    let mut backwards = fixture.entries.clone();
    backwards[ballot].time = 1;
    assert_eq!(broken(&record_of(&backwards, &fixture.board)), ("ENT-3", Some(place)));
}

/// The same as files on a disk.
#[test]
fn a_folder_is_read_and_everything_in_it_must_belong() {
    let root = std::env::temp_dir().join(format!("vitrine-verification-{}", std::process::id()));
    for (name, bytes) in &FIXTURE.record {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let check = || {
        verify(
            &Folder::new(&root),
            &Options { expect: Some(FIXTURE.fingerprint), ..Options::default() },
            |_| {},
            &mut rand::rngs::OsRng,
        )
        .verdict
    };
    let right = check();
    fs::write(root.join("tile/.hidden"), b"").unwrap();
    let hidden = check();
    fs::remove_file(root.join("tile/.hidden")).unwrap();
    fs::create_dir(root.join("tile/empty")).unwrap();
    let empty = check();
    fs::remove_dir_all(&root).unwrap();
    assert_eq!(right, Verdict::Valid);
    let place = |verdict: Verdict| match verdict {
        Verdict::Invalid(failure) => (failure.rule, failure.place.unwrap().into_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(place(hidden), ("REC-2", "tile/.hidden".into()));
    assert_eq!(place(empty), ("REC-2", "tile/empty/".into()));
    assert!(matches!(check(), Verdict::Unreadable { .. } | Verdict::Invalid(_)));
}
