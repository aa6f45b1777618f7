//! Receipts, and a whole record with everything that must be refused in it.

use std::{collections::BTreeMap, convert::Infallible};

use serde_json::{Value, json};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::{Note, VerifierKey},
    proof::{Receipt, ReceiptError},
    record::{RecordPath, RecordReader, check_listing, write_record},
};

use crate::{
    entry,
    notes::{ORIGIN, cosigned, log, witness},
    refused,
};

pub(crate) fn receipts() -> Value {
    let mut tree = Tree::new();
    (0..7).for_each(|index| tree.append(leaf_hash(&entry(index))));
    let head = Checkpoint::new(ORIGIN, 7, tree.root()).unwrap();
    let receipt = Receipt {
        extra: entry(5),
        index: 5,
        path: tree.prove_inclusion(5, 7).unwrap(),
        checkpoint_note: cosigned(&head, &[(1, 1_700_000_000)]),
    };
    let without = Receipt { extra: Vec::new(), ..receipt.clone() };
    let keys = [log().verifier_key()];
    let accepted = [&receipt, &without].map(|receipt| {
        assert_eq!(Receipt::parse(receipt.encode().as_bytes()).as_ref(), Ok(receipt));
        receipt.verify(&leaf_hash(&entry(5)), &keys).unwrap();
        json!({"receipt": receipt.encode(), "entry": hex::encode(entry(5)), "log": keys[0].to_string()})
    });
    let text = receipt.encode();
    let malformed = [
        ("another first line", text.replacen("@v1", "@v2", 1), ReceiptError::FirstLine),
        ("an empty extra line", text.replacen("extra AAAAAAAAAAU=", "extra ", 1), ReceiptError::Extra),
        ("no index line", text.replacen("index 5\n", "", 1), ReceiptError::Index),
        ("a leading zero", text.replacen("index 5", "index 05", 1), ReceiptError::Index),
        (
            "extra after index",
            text.replacen("extra AAAAAAAAAAU=\nindex 5\n", "index 5\nextra AAAAAAAAAAU=\n", 1),
            ReceiptError::PathHash(0),
        ),
        ("no checkpoint", text.split("\n\n").next().unwrap().to_owned(), ReceiptError::NoCheckpoint),
    ]
    .map(|(defect, text, error)| {
        refused(Receipt::parse(text.as_bytes()), error, defect);
        json!({"defect": defect, "rule": "LOG-22", "receipt": text})
    });
    let unproved = [
        ("the index of another entry", Receipt { index: 4, ..receipt.clone() }),
        ("a hash too few", Receipt { path: receipt.path[1..].to_vec(), ..receipt.clone() }),
        ("another size than was signed", Receipt { checkpoint_note: receipt.checkpoint_note.replacen("\n7\n", "\n8\n", 1), ..receipt.clone() }),
    ]
    .map(|(defect, receipt)| {
        assert!(receipt.verify(&leaf_hash(&entry(5)), &keys).is_err(), "{defect}");
        json!({"defect": defect, "rule": "LOG-23", "receipt": receipt.encode(), "entry": hex::encode(entry(5)), "log": keys[0].to_string()})
    });
    let refusals: Value = malformed.into_iter().chain(unproved).collect();
    json!({"accepted": accepted, "refused": refusals})
}

type Files = BTreeMap<String, Vec<u8>>;

fn files_of(entries: &[Vec<u8>]) -> Files {
    let files = write_record(entries, &log()).unwrap();
    files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect()
}

/// All that a reader of a stored record checks.
fn accepted(files: &Files, keys: &[VerifierKey]) -> bool {
    let reader = RecordReader::open(|path: &RecordPath| Ok::<_, Infallible>(files.get(&path.to_string()).cloned()));
    let Ok(mut reader) = reader else { return false };
    let size = reader.claimed().size();
    loop {
        match reader.next_bundle() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return false,
        }
    }
    reader.finish(keys).is_ok() && check_listing(size, files.keys()).is_ok()
}

fn shown(files: &Files) -> Value {
    files
        .iter()
        .map(|(path, bytes)| (path.clone(), json!(hex::encode(bytes))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

pub(crate) fn records() -> Value {
    let entries: Vec<Vec<u8>> = [&b"first"[..], b"", b"third entry"].map(<[u8]>::to_vec).to_vec();
    let (good, empty) = (files_of(&entries), files_of(&[]));
    let keys = [log().verifier_key()];
    assert!(accepted(&good, &keys) && accepted(&empty, &keys));
    // Too large to print: a record of several tiles, by the hash of each file.
    let large = files_of(&(0..600).map(entry).collect::<Vec<_>>());
    assert!(accepted(&large, &keys));
    let large: Value = large
        .iter()
        .map(|(path, bytes)| (path.clone(), json!(hex::encode(leaf_hash(bytes)))))
        .collect::<serde_json::Map<_, _>>()
        .into();

    let changed = |change: &dyn Fn(&mut Files)| {
        let mut files = good.clone();
        change(&mut files);
        files
    };
    let flip = |path: &'static str, place: usize| changed(&|files| files.get_mut(path).unwrap()[place] ^= 1);
    let signed_again = |change: &dyn Fn(&mut Note, &Checkpoint)| {
        changed(&|files| {
            let mut note = Note::parse(&files["checkpoint"]).unwrap();
            let head = Checkpoint::parse(note.text()).unwrap();
            change(&mut note, &head);
            files.insert("checkpoint".to_owned(), note.encode().into_bytes());
        })
    };
    let other_root = Checkpoint::new(ORIGIN, 3, [5; 32]).unwrap();
    let refusals = [
        ("a byte of an entry", "REC-4", flip("tile/entries/000.p/3", 2)),
        ("a length within the bundle", "REC-4", flip("tile/entries/000.p/3", 1)),
        ("a byte of a hash", "REC-4", flip("tile/0/000.p/3", 64)),
        (
            "a byte after the last entry",
            "REC-4",
            changed(&|files| files.get_mut("tile/entries/000.p/3").unwrap().push(0)),
        ),
        ("a byte after the last hash", "REC-4", changed(&|files| files.get_mut("tile/0/000.p/3").unwrap().push(0))),
        (
            "another root, signed by the log",
            "REC-5",
            changed(&|files| {
                files.insert("checkpoint".to_owned(), checkpoint::sign(&other_root, &log()).unwrap().into_bytes());
            }),
        ),
        (
            "a byte of the signature",
            "REC-3",
            signed_again(&|note, _| {
                let mut line = note.signatures()[0].clone();
                line.signature[40] ^= 1;
                *note = Note::new(note.text().to_owned()).unwrap();
                note.add(line).unwrap();
            }),
        ),
        (
            "a line by an unknown key",
            "REC-3",
            signed_again(&|note, head| note.add(witness(1).cosign(head, 7).unwrap()).unwrap()),
        ),
        ("the log's line twice", "REC-3", signed_again(&|note, _| note.add(note.signatures()[0].clone()).unwrap())),
        (
            "an unknown file",
            "REC-2",
            changed(&|files| {
                files.insert("readme".to_owned(), b"hello".to_vec());
            }),
        ),
        (
            "an empty tile of the next level",
            "REC-2",
            changed(&|files| {
                files.insert("tile/1/000.p/1".to_owned(), vec![]);
            }),
        ),
        (
            "a partial bundle of a smaller tree left behind",
            "REC-2",
            changed(&|files| {
                files.insert("tile/entries/000.p/1".to_owned(), b"\x00\x05first".to_vec());
            }),
        ),
        (
            "a missing tile",
            "REC-2",
            changed(&|files| {
                files.remove("tile/0/000.p/3");
            }),
        ),
        (
            "no checkpoint",
            "REC-2",
            changed(&|files| {
                files.remove("checkpoint");
            }),
        ),
    ]
    .map(|(defect, rule, files)| {
        assert!(!accepted(&files, &keys), "{defect}");
        json!({"defect": defect, "rule": rule, "files": shown(&files)})
    });
    json!({
        "log": keys[0].to_string(),
        "accepted": [
            {"entries": entries.iter().map(|entry| json!(hex::encode(entry))).collect::<Value>(), "files": shown(&good)},
            {"entries": [], "files": shown(&empty)},
        ],
        "leaf_hash_of_each_file_of_600": large,
        "refused": refusals,
    })
}
