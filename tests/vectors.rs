//! Frozen vectors of the encoding: a small election, entry by entry (`specs/02-encoding.md`).
//!
//! `cargo test -p vitrine-tests --test vectors -- --ignored` writes the file anew; its diff is for a person to read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

use protocol::{Body, Entry, Rejection, Selection, Submission, fingerprint};
use serde_json::{Value, json};
use std::path::PathBuf;
use tlog::merkle::{CompactRange, leaf_hash};
use vitrine_tests::{Drill, Options};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/encoding.json")
}

/// Five voters, one revote, one blank, everything random drawn from ChaCha20 with seed 2.
fn election() -> Value {
    let mut options = Options::simple(5);
    options.seed = 2;
    let mut drill = Drill::opened(options);
    for (voter, option) in [(0, 0), (1, 1), (2, 1), (3, 2), (0, 3)] {
        drill.cast(voter, &[Selection::Options(vec![option])]).unwrap();
    }
    drill.cast(4, &[Selection::Blank]).unwrap();
    drill.close();
    drill.tally();
    drill.retire(2).unwrap();
    let f = drill.election.fingerprint();
    let mut range = CompactRange::new();
    let entries: Vec<Value> = drill
        .entries
        .iter()
        .map(|entry| {
            let bytes = entry.encode();
            let submission = entry.submission();
            range.append(leaf_hash(&bytes));
            json!({
                "type": submission.body().unwrap().name(),
                "author": submission.author().unwrap().to_string(),
                "submission": hex::encode(submission.encode()),
                "submission_id": submission.id(&f).to_string(),
                "entry": hex::encode(&bytes),
                "entry_hash": entry.hash().to_string(),
                "leaf_hash": hex::encode(leaf_hash(&bytes)),
                "root_after": hex::encode(range.root()),
            })
        })
        .collect();
    let joint_key = drill.election.joint_key().unwrap();
    json!({
        "F": f.to_string(),
        "roll_fingerprint": drill.election.roll().fingerprint().unwrap().to_string(),
        "dealings_fingerprint": drill.election.ceremony().fingerprint().unwrap().to_string(),
        "J": joint_key.fingerprint.to_string(),
        "slot_keys": joint_key.keys.slot_keys().encoded().iter().map(|key| hex::encode(key.0)).collect::<Vec<_>>(),
        "O": drill.election.opening().unwrap().to_string(),
        "counted_fingerprint": drill.election.count().fingerprint.to_string(),
        "closing_fingerprint": drill.election.closing().unwrap().to_string(),
        "totals": drill.election.groups(0)[0].totals(),
        "log_key": drill.election.log_key(),
        "entries": entries,
    })
}

/// Encodings that must be refused, each with its one defect, and the rule that refuses them.
fn refused() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let notice = hex::decode("82118173506f6c6c73206f70656e206174206e696e652e").unwrap();
    let mut trailing = notice.clone();
    trailing.push(0);
    let mut long_head = vec![0x82, 0x18, 0x11];
    long_head.extend(&notice[2..]);
    let mut indefinite = vec![0x9f, 0x11];
    indefinite.extend(&notice[2..]);
    indefinite.push(0xff);
    let mut extra = vec![0x83];
    extra.extend(&notice[1..]);
    extra.push(0);
    let mut bytes_for_text = notice.clone();
    bytes_for_text[3] = 0x53;
    let mut tagged = vec![0xc1];
    tagged.extend(&notice);
    let mut long = vec![0x82, 0x11, 0x81, 0x79, 0xfd, 0xe8];
    long.resize(65_001, b'a');
    vec![
        ("one byte after the end", "ENC-1", trailing),
        ("type 17 in two bytes", "ENC-1", long_head),
        ("array of indefinite length", "ENC-1", indefinite),
        ("a field too many", "ENC-1", extra),
        ("a byte string for a text", "ENC-1", bytes_for_text),
        ("a tag", "ENC-1", tagged),
        ("a type nobody knows", "ENC-1", vec![0x82, 0x13, 0x80]),
        ("a retirement whose null is left out", "ENC-1", vec![0x82, 0x12, 0x80]),
        ("undefined for null", "ENC-1", vec![0x82, 0x12, 0x81, 0xf7]),
        ("nothing", "ENC-1", Vec::new()),
        ("the last byte missing", "ENC-1", notice[..notice.len() - 1].to_vec()),
        ("65,001 bytes", "ENC-2", long),
    ]
}

fn vectors() -> Value {
    let refused: Vec<Value> = refused()
        .into_iter()
        .map(|(defect, rule, bytes)| json!({ "defect": defect, "rule": rule, "body": hex::encode(bytes) }))
        .collect();
    json!({ "version": 1, "valid_election": election(), "refused_bodies": refused })
}

#[test]
fn encoding_is_frozen() {
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    assert_eq!(stored, vectors(), "the encoding changed: a new version is needed, not new vectors");
}

#[test]
#[ignore = "writes the frozen file"]
fn regenerate_encoding() {
    std::fs::write(path(), serde_json::to_string_pretty(&vectors()).unwrap() + "\n").unwrap();
}

#[test]
fn refused_encodings_are_refused() {
    for (defect, rule, bytes) in refused() {
        let refusal: Rejection = Body::decode(&bytes).expect_err(defect);
        assert_eq!(refusal.rule().id(), rule, "{defect}");
    }
}

/// The file alone, read back through the public readers.
#[test]
fn stored_entries_read_back() {
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let election = &stored["valid_election"];
    for stored in election["entries"].as_array().unwrap() {
        let bytes = hex::decode(stored["entry"].as_str().unwrap()).unwrap();
        let entry = Entry::decode(&bytes).unwrap();
        assert_eq!(entry.encode(), bytes);
        assert_eq!(entry.hash().to_string(), stored["entry_hash"]);
        let submission = Submission::decode(&hex::decode(stored["submission"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(submission, entry.submission());
        if entry.index == 0 {
            assert_eq!(fingerprint::election(submission.body_bytes()).to_string(), election["F"]);
        }
    }
}
