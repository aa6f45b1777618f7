//! What is done to a log, one thing at a time; and logs made for it.

use std::{fs, path::Path};
use tlog::{
    checkpoint::{Checkpoint, sign},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
    proof::Receipt,
    record::write_record,
};

/// One kind of tampering.
pub(crate) struct Tampering {
    pub(crate) name: &'static str,
    pub(crate) tamper: fn(&Path, &SignerKey),
}

pub(crate) const TAMPERINGS: [Tampering; 12] = [
    Tampering { name: "an entry changed", tamper: |log, _| flip(&log.join("tile/entries/001"), 700) },
    Tampering {
        name: "an entry of the last bundle changed",
        tamper: |log, _| flip(&log.join("tile/entries/002.p/88"), 40),
    },
    Tampering { name: "two entries swapped", tamper: |log, _| swap_entries(&log.join("tile/entries/000")) },
    Tampering { name: "an entry too many", tamper: |log, _| append(&log.join("tile/entries/002.p/88"), &[0, 1, 7]) },
    Tampering { name: "a leaf tile changed", tamper: |log, _| flip(&log.join("tile/0/000"), 33) },
    Tampering { name: "an unfinished leaf tile changed", tamper: |log, _| flip(&log.join("tile/0/002.p/88"), 2000) },
    Tampering { name: "a tile of level 1 changed", tamper: |log, _| flip(&log.join("tile/1/000.p/2"), 5) },
    Tampering { name: "a tile gone", tamper: |log, _| fs::remove_file(log.join("tile/0/001")).unwrap() },
    Tampering { name: "another root under the old signature", tamper: |log, _| reword(log, 2, &"A".repeat(43)) },
    Tampering { name: "another size under the old signature", tamper: |log, _| reword(log, 1, "599") },
    Tampering { name: "another root, signed with the log's key", tamper: |log, key| resign(log, key, 0, true) },
    Tampering { name: "another size, signed with the log's key", tamper: |log, key| resign(log, key, 1, false) },
];

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target)
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

fn flip(file: &Path, place: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[place] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn append(file: &Path, more: &[u8]) {
    fs::write(file, [&fs::read(file).unwrap(), more].concat()).unwrap();
}

/// The second and third entry of a bundle change places.
fn swap_entries(file: &Path) {
    let bytes = fs::read(file).unwrap();
    let end = |start: usize| start + 2 + usize::from(u16::from_be_bytes([bytes[start], bytes[start + 1]]));
    let (one, two) = (end(0), end(end(0)));
    let three = end(two);
    fs::write(file, [&bytes[..one], &bytes[two..three], &bytes[one..two], &bytes[three..]].concat()).unwrap();
}

/// A line of the checkpoint's text replaced; what remains of a line after 43 characters stays, so that a root stays base64.
fn reword(log: &Path, line: usize, text: &str) {
    let file = log.join("checkpoint");
    let note = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<String> = note.split('\n').map(str::to_owned).collect();
    let rest: String = lines[line].chars().skip(43).collect();
    lines[line] = format!("{text}{rest}");
    fs::write(file, lines.join("\n")).unwrap();
}

/// The checkpoint of the same log with another size or root, signed anew.
fn resign(log: &Path, key: &SignerKey, fewer: u64, other_root: bool) {
    let file = log.join("checkpoint");
    let old = Checkpoint::parse(Note::parse(&fs::read(&file).unwrap()).unwrap().text()).unwrap();
    let mut root = *old.root();
    root[0] ^= u8::from(other_root);
    let new = Checkpoint::new(old.origin(), old.size() - fewer, root).unwrap();
    fs::write(file, sign(&new, key).unwrap()).unwrap();
}

/// A log of five entries, cosigned; gives its key.
pub(crate) fn small_log(folder: &Path, witnesses: &[CosignerKey]) -> String {
    let key = SignerKey::from_seed("log.example/small", &[9; 32]).unwrap();
    for file in write_record(entries(), &key).unwrap() {
        let path = folder.join(file.path.to_string());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.bytes).unwrap();
    }
    let file = folder.join("checkpoint");
    let mut note = Note::parse(&fs::read(&file).unwrap()).unwrap();
    let head = Checkpoint::parse(note.text()).unwrap();
    for witness in witnesses {
        note.add(witness.cosign(&head, 1_700_000_000).unwrap()).unwrap();
    }
    fs::write(file, note.encode()).unwrap();
    key.verifier_key().to_string()
}

fn entries() -> Vec<Vec<u8>> {
    (0u8..5).map(|number| vec![number; usize::from(number)]).collect()
}

/// The receipt of its entry 3.
pub(crate) fn receipt(folder: &Path, file: &Path) {
    let mut tree = Tree::new();
    entries().iter().for_each(|entry| tree.append(leaf_hash(entry)));
    let checkpoint_note = fs::read_to_string(folder.join("checkpoint")).unwrap();
    let path = tree.prove_inclusion(3, 5).unwrap();
    let receipt = Receipt { extra: entries().swap_remove(3), index: 3, path, checkpoint_note };
    fs::write(file, receipt.encode()).unwrap();
}

/// One character of the last line's signature.
pub(crate) fn alter_a_cosignature(folder: &Path) {
    let file = folder.join("checkpoint");
    let mut note = fs::read_to_string(&file).unwrap();
    let place = note.trim_end().len() - 20;
    let other = if note[place..].starts_with('A') { "B" } else { "A" };
    note.replace_range(place..=place, other);
    fs::write(file, note).unwrap();
}
