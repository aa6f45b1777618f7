//! A whole valid record, edited: by somebody without the log's key, by a board that signs what it likes, and by one that also links the
//! entries anew. Whatever the verifier calls valid says what was said, in that order, and every report of it can be printed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{Entry, Selection, ids::EntryHash};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::collections::BTreeMap;
use verifier::{Options as Known, Verdict, verify};
use vitrine_tests::{Drill, Options, drill::record_of};

type Record = BTreeMap<String, Vec<u8>>;

thread_local! {
    static DRILL: Drill = Drill::complete(Options::simple(4), |voter| vec![Selection::Options(vec![voter])]);
}

/// One change to a list of byte strings: five bytes of the input.
struct Edit {
    kind: u8,
    item: u8,
    offset: [u8; 2],
    value: u8,
}

impl Edit {
    fn apply(&self, list: &mut Vec<Vec<u8>>) {
        if list.is_empty() {
            return;
        }
        let place = usize::from(self.item) % list.len();
        let offset = usize::from(u16::from_be_bytes(self.offset));
        let bytes = &mut list[place];
        match self.kind % 8 {
            0 | 1 | 2 if !bytes.is_empty() => {
                let offset = offset % bytes.len();
                bytes[offset] ^= self.value;
            }
            3 => bytes.truncate(offset % (bytes.len() + 1)),
            4 => bytes.insert(offset % (bytes.len() + 1), self.value),
            5 => drop(list.remove(place)),
            6 => {
                let copy = bytes.clone();
                list.insert(offset % (list.len() + 1), copy);
            }
            7 => {
                let other = offset % list.len();
                list.swap(place, other);
            }
            _ => {}
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [mode, edits @ ..] = bytes else { return };
    let edits: Vec<Edit> = edits
        .chunks_exact(5)
        .take(8)
        .map(|edit| Edit { kind: edit[0], item: edit[1], offset: [edit[2], edit[3]], value: edit[4] })
        .collect();
    DRILL.with(|drill| {
        let record = match mode % 3 {
            0 => edited_files(drill, &edits),
            mode => match edited_entries(drill, &edits, mode == 2) {
                Some(record) => record,
                None => return,
            },
        };
        let known = Known { expect: Some(drill.election.fingerprint()), policy: None };
        let report = verify(&record, &known, |_| (), &mut ChaCha20Rng::seed_from_u64(1));
        let _ = (report.text(), report.json(), report.html());
        let same = if mode % 3 == 0 { record == drill.record() } else { says_the_same(drill, &record) };
        assert!(!matches!(report.verdict, Verdict::Valid) || same, "{}", report.text());
    });
});

fn edited_files(drill: &Drill, edits: &[Edit]) -> Record {
    let (names, mut contents): (Vec<String>, Vec<Vec<u8>>) = drill.record().into_iter().unzip();
    for edit in edits {
        edit.apply(&mut contents);
    }
    // More contents than names: files that no record holds.
    let more = (0..).map(|number| format!("tile/0/{number:03}"));
    names.into_iter().chain(more).zip(contents).collect()
}

/// What is no entry any more cannot be put into a record by our own tools.
fn edited_entries(drill: &Drill, edits: &[Edit], relink: bool) -> Option<Record> {
    let mut list: Vec<Vec<u8>> = drill.entries.iter().map(Entry::encode).collect();
    for edit in edits {
        edit.apply(&mut list);
    }
    let mut entries: Vec<Entry> = list.iter().map(|bytes| Entry::decode(bytes).ok()).collect::<Option<_>>()?;
    if relink {
        let mut previous = EntryHash([0; 32]);
        let (mut index, mut time) = (0, 0);
        for entry in &mut entries {
            time = entry.time.max(time);
            *entry = Entry::new(index, previous, time, entry.submission());
            (previous, index) = (entry.hash(), index + 1);
        }
    }
    Some(record_of(&entries, &drill.board))
}

/// Index, chain and time are the board's; all else is what the authors signed.
fn says_the_same(drill: &Drill, record: &Record) -> bool {
    let Some(bundle) = record.iter().find(|(name, _)| name.starts_with("tile/entries/")) else { return false };
    let count = u16::try_from(drill.entries.len()).expect("a small election");
    let Ok(entries) = tlog::tile::decode_bundle(bundle.1, count) else { return false };
    let said = entries.iter().map(|bytes| Entry::decode(bytes).ok().map(|entry| entry.submission()));
    let expected = drill.entries.iter().map(|entry| Some(entry.submission()));
    said.eq(expected)
}
