//! Records: written, read back, and refused for every change, with the place.

use std::{collections::BTreeMap, convert::Infallible};

use proptest::prelude::*;

use super::*;
use crate::{
    checkpoint::{CheckpointError, SignedCheckpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, NoteError, SignerKey},
    tile::{BundleError, tiles_of},
};

type Files = BTreeMap<String, Vec<u8>>;

fn key() -> SignerKey {
    SignerKey::from_seed("log.example/election", &[1; 32]).unwrap()
}

/// Entries of differing lengths, none among them and some alike.
fn entry(index: u64) -> Vec<u8> {
    let length = usize::try_from(index % 7).unwrap();
    index.to_be_bytes()[8 - length..].to_vec()
}

fn record(size: u64) -> Files {
    let files = write_record((0..size).map(entry), &key()).unwrap();
    files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect()
}

/// Reads all of a record: entries and the checkpoint, or the refusal.
fn read(files: &Files) -> Result<(Vec<Vec<u8>>, SignedCheckpoint), RecordError<Infallible>> {
    let mut reader = RecordReader::open(|path: &RecordPath| Ok(files.get(&path.to_string()).cloned()))?;
    let mut entries = Vec::new();
    while let Some(bundle) = reader.next_bundle()? {
        for (index, entry) in bundle.entries() {
            assert_eq!(usize::try_from(index).unwrap(), entries.len());
            entries.push(entry.to_vec());
        }
        assert_eq!(u64::try_from(entries.len()).unwrap(), reader.position());
    }
    let signed = reader.finish(&[key().verifier_key()])?;
    Ok((entries, signed))
}

fn path(text: &str) -> RecordPath {
    text.parse().unwrap()
}

fn tile(text: &str) -> TilePath {
    text.parse().unwrap()
}

#[test]
fn a_record_is_read_back_and_holds_exactly_its_files() {
    for size in [0, 1, 2, 255, 256, 257, 512, 1000, 65_536, 65_793] {
        let files = record(size);
        let (entries, signed) = read(&files).unwrap();
        assert_eq!(entries, (0..size).map(entry).collect::<Vec<_>>());
        assert_eq!(signed.checkpoint().size(), size);
        let mut tree = Tree::new();
        entries.iter().for_each(|entry| tree.append(leaf_hash(entry)));
        assert_eq!(*signed.checkpoint().root(), tree.root());

        assert_eq!(check_listing(size, files.keys()), Ok(()));
        let mut expected: Vec<String> = tiles_of(size).map(|path| path.to_string()).collect();
        expected.push("checkpoint".to_owned());
        expected.sort();
        assert_eq!(files.keys().cloned().collect::<Vec<_>>(), expected);
        for (name, bytes) in &files {
            assert!(bytes.len() <= path(name).byte_limit());
        }
    }
}

#[test]
fn a_file_too_many_or_too_few_is_named() {
    let files = record(300);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    for missing in &names {
        let listing = names.iter().filter(|name| *name != missing);
        assert_eq!(check_listing(300, listing), Err(ListingError::Missing(path(missing))));
    }
    for unknown in [
        "tile/0/002",
        "tile/0/001",
        "tile/0/001.p/43",
        "tile/0/000.p/255",
        "tile/entries/001.p/43",
        "tile/1/000",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
        "tile",
        "tile/",
        "checkpoint/",
        "Checkpoint",
        ".DS_Store",
        "checkpoint~",
        "./checkpoint",
        "",
        "report.html",
    ] {
        let listing = names.iter().copied().chain([unknown]);
        assert_eq!(check_listing(300, listing), Err(ListingError::Unknown(unknown.to_owned())));
    }
    let twice = names.iter().copied().chain(["checkpoint"]);
    assert_eq!(check_listing(300, twice), Err(ListingError::Repeated("checkpoint".to_owned())));
    // A claimed size costs nothing.
    assert_eq!(
        check_listing(crate::merkle::MAX_SIZE, ["checkpoint"]),
        Err(ListingError::Missing(path("tile/entries/000")))
    );
}

#[test]
fn every_missing_file_is_named_by_the_reader() {
    let files = record(600);
    for name in files.keys() {
        let mut without = files.clone();
        without.remove(name);
        assert_eq!(read(&without).unwrap_err(), RecordError::Missing(path(name)));
    }
}

/// One bit of every byte of a whole record: always refused.
#[test]
fn every_flipped_byte_is_refused() {
    let files = record(300);
    read(&files).unwrap();
    for (name, bytes) in &files {
        for place in 0..bytes.len() {
            let mut changed = files.clone();
            changed.get_mut(name).unwrap()[place] ^= 1 << (place % 8);
            assert!(read(&changed).is_err(), "{name}, byte {place}");
        }
    }
}

#[test]
fn every_shortened_or_lengthened_file_is_refused() {
    let files = record(300);
    for (name, bytes) in &files {
        for changed_bytes in [vec![], bytes[..bytes.len() - 1].to_vec(), [bytes.as_slice(), &[0]].concat()] {
            let mut changed = files.clone();
            changed.insert(name.clone(), changed_bytes);
            assert!(read(&changed).is_err(), "{name}");
        }
    }
}

#[test]
fn a_changed_entry_is_named() {
    let mut files = record(600);
    // Entry 256 has four bytes, entry 257 five; change the last byte of 257.
    let bundle = files.get_mut("tile/entries/001").unwrap();
    bundle[2 + 4 + 2 + 4] ^= 1;
    let changed = [&entry(257)[..4], &[entry(257)[4] ^ 1]].concat();
    assert_eq!(
        read(&files).unwrap_err(),
        RecordError::EntryMismatch {
            index: 257,
            bundle: tile("tile/entries/001"),
            tile: tile("tile/0/001"),
            expected: leaf_hash(&entry(257)),
            found: leaf_hash(&changed),
        }
    );
    // With the level-0 tile changed to fit, the next level tells.
    let leaf = files.get_mut("tile/0/001").unwrap();
    leaf[32..64].copy_from_slice(&leaf_hash(&changed));
    assert!(matches!(
        read(&files).unwrap_err(),
        RecordError::TileMismatch { path, place: 1, .. } if path == tile("tile/1/000.p/2")
    ));
}

#[test]
fn what_agrees_with_itself_but_not_with_the_checkpoint_is_refused() {
    let (good, mut other) = (record(300), BTreeMap::new());
    for file in write_record((0..300).map(|index| entry(index + 1)), &key()).unwrap() {
        other.insert(file.path.to_string(), file.bytes);
    }
    other.insert("checkpoint".to_owned(), good["checkpoint"].clone());
    assert!(matches!(read(&other).unwrap_err(), RecordError::RootMismatch { .. }));
}

#[test]
fn dropped_repeated_and_swapped_entries_are_refused() {
    let checkpoint = record(300)["checkpoint"].clone();
    let good: Vec<u64> = (0..300).collect();
    let dropped = [&good[..100], &good[101..]].concat();
    let repeated = [&good[..100], &good[99..]].concat();
    let mut swapped = good.clone();
    swapped.swap(100, 101);
    for indices in [dropped, repeated, swapped] {
        let files = write_record(indices.into_iter().map(entry), &key()).unwrap();
        let mut files: Files = files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect();
        files.insert("checkpoint".to_owned(), checkpoint.clone());
        assert!(read(&files).is_err());
    }
}

#[test]
fn the_checkpoint_must_be_signed_by_known_keys_only() {
    let mut files = record(3);
    let strange = SignerKey::from_seed("log.example/election", &[2; 32]).unwrap();
    let mut reader =
        RecordReader::open(|path: &RecordPath| Ok::<_, Infallible>(files.get(&path.to_string()).cloned())).unwrap();
    assert_eq!(reader.claimed().size(), 3);
    assert!(reader.authenticate(&[key().verifier_key()]).is_ok());
    assert_eq!(
        reader.authenticate(&[strange.verifier_key()]).unwrap_err(),
        RecordError::Checkpoint(CheckpointError::Note(NoteError::UnknownKey {
            line: 0,
            name: "log.example/election".to_owned()
        }))
    );
    while reader.next_bundle().unwrap().is_some() {}
    assert_eq!(reader.next_bundle().unwrap(), None);

    let head = reader.claimed().clone();
    let witness = CosignerKey::from_seed("w.example", &[3; 32]).unwrap();
    let mut note = Note::parse(reader.checkpoint_note()).unwrap();
    note.add(witness.cosign(&head, 9).unwrap()).unwrap();
    files.insert("checkpoint".to_owned(), note.encode().into_bytes());
    assert!(matches!(
        read(&files).unwrap_err(),
        RecordError::Checkpoint(CheckpointError::Note(NoteError::UnknownKey { line: 1, .. }))
    ));
}

#[test]
fn a_reader_neither_skips_a_refusal_nor_finishes_early() {
    let mut files = record(300);
    let keys = [key().verifier_key()];
    let early =
        RecordReader::open(|path: &RecordPath| Ok::<_, Infallible>(files.get(&path.to_string()).cloned())).unwrap();
    assert_eq!(early.finish(&keys).unwrap_err(), RecordError::NotFinished { read: 0, size: 300 });

    files.get_mut("tile/1/000.p/1").unwrap()[0] ^= 1;
    let mut reader =
        RecordReader::open(|path: &RecordPath| Ok::<_, Infallible>(files.get(&path.to_string()).cloned())).unwrap();
    reader.next_bundle().unwrap();
    let refusal = reader.next_bundle().unwrap_err();
    assert_eq!(reader.next_bundle().unwrap_err(), refusal);
    assert_eq!(reader.finish(&keys).unwrap_err(), RecordError::NotFinished { read: 256, size: 300 });
}

#[test]
fn a_failing_source_is_reported_and_may_be_asked_again() {
    let files = record(3);
    let mut down = true;
    let mut reader = RecordReader::open(|path: &RecordPath| {
        if path.to_string().starts_with("tile/0") && std::mem::take(&mut down) {
            return Err("timeout");
        }
        Ok(files.get(&path.to_string()).cloned())
    })
    .unwrap();
    let failure = RecordError::Fetch { path: path("tile/0/000.p/3"), source: "timeout" };
    assert_eq!(reader.next_bundle().unwrap_err(), failure);
    assert_eq!(reader.next_bundle().unwrap().unwrap().entries().count(), 3);
}

#[test]
fn the_writer_refuses_what_does_not_fit() {
    let mut writer = RecordWriter::new();
    writer.append(&[0; MAX_ENTRY_BYTES]).unwrap();
    assert_eq!(
        writer.append(&[0; MAX_ENTRY_BYTES + 1]),
        Err(WriteError::EntryTooLong { index: 1, length: MAX_ENTRY_BYTES + 1 })
    );
    assert_eq!(writer.tree().size(), 1);
    let foreign = String::from_utf8(record(3)["checkpoint"].clone()).unwrap();
    assert_eq!(writer.finish_with(&foreign), Err(WriteError::ForeignCheckpoint));
    let mut again = RecordWriter::new();
    (0..3).for_each(|index| assert!(again.append(&entry(index)).unwrap().is_empty()));
    let files = again.finish_with(&foreign).unwrap();
    assert_eq!(files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect::<Files>(), record(3));
    let malformed = RecordWriter::new().finish_with("nonsense");
    assert!(matches!(malformed, Err(WriteError::Checkpoint(_))));
}

#[test]
fn a_bundle_with_another_count_is_refused() {
    let mut files = record(3);
    let bundle = files.get_mut("tile/entries/000.p/3").unwrap();
    bundle.extend_from_slice(&[0, 0]);
    let trailing = RecordError::Bundle { path: tile("tile/entries/000.p/3"), fault: BundleError::TrailingBytes(2) };
    assert_eq!(read(&files).unwrap_err(), trailing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn records_are_inverse(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..600)) {
        let files = write_record(&entries, &key()).unwrap();
        let files: Files = files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect();
        prop_assert_eq!(read(&files).unwrap().0, entries);
    }

    /// A source that answers with anything at all.
    #[test]
    fn any_files_are_read_without_panic(noise in prop::collection::vec(any::<u8>(), 0..200), size in any::<u32>()) {
        let mut files = record(2);
        let text = String::from_utf8(files["checkpoint"].clone()).unwrap();
        files.insert("checkpoint".to_owned(), text.replacen("\n2\n", &format!("\n{size}\n"), 1).into_bytes());
        let mut reader = RecordReader::open(|path: &RecordPath| {
            Ok::<_, Infallible>(Some(files.get(&path.to_string()).unwrap_or(&noise).clone()))
        }).unwrap();
        while let Ok(Some(_)) = reader.next_bundle() {}
        let _ = check_listing(u64::from(size), [String::from_utf8_lossy(&noise)]);
    }
}
