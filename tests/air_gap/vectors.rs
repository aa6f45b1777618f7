//! Frozen vectors of chapter 04c: a request, an answer to it, and whole files that are refused.
//!
//! `cargo test -p vitrine-tests --test air_gap -- --ignored regenerate` writes the file anew; its diff is for a person to read.

use crate::town::save;
use crypto::hash::{Tag, TaggedHash};
use protocol::{Author, Body, body::DealingCommitment, fingerprint, ids::ElectionFingerprint};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};
use trustee_tools::carry::{Answer, Asked, CarryFault, FileFingerprint, Head, Request, Step};
use verifier::Folder;
use vitrine_tests::{Drill, Options};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/carried.json")
}

fn vectors() -> Value {
    serde_json::from_slice(&fs::read(path()).unwrap()).unwrap()
}

/// The byte strings of a file, without the digest.
fn items(file: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = minicbor::Decoder::new(file);
    let mut items = Vec::new();
    while decoder.position() < file.len() {
        items.push(decoder.bytes().unwrap().to_vec());
    }
    items.pop();
    items
}

/// AIR-2: a file of these byte strings, with the digest that it must have.
fn sealed(items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        minicbor::Encoder::new(&mut bytes).bytes(item).unwrap();
    }
    let digest = TaggedHash::new(Tag::Carried, 1).bytes(&bytes).sha3_256();
    minicbor::Encoder::new(&mut bytes).bytes(&digest).unwrap();
    bytes
}

/// The same file with one byte string changed, and the digest that it then must have.
fn changed(file: &[u8], change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut items = items(file);
    change(&mut items);
    sealed(&items)
}

fn replace(bytes: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let place = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes.splice(place..place + from.len(), to.iter().copied());
}

#[test]
#[ignore = "writes specs/vectors/carried.json; a person reads the diff"]
fn regenerate() {
    let mut drill = Drill::begin(Options::simple(1));
    let f = drill.election.fingerprint();
    let folder = tempfile::tempdir().unwrap();
    let (record, request_path, answer_path) =
        (folder.path().join("record"), folder.path().join("request"), folder.path().join("answer"));
    let files = drill.record();
    save(&files, &record);
    let asked = Asked { party: Author::Trustee(2), step: Step::Commit };
    Request::write(&request_path, &f, &asked, &Folder::new(&record)).unwrap();
    let parts = drill.dealing(2);
    let hash = fingerprint::dealing_part(&f, 2, 0, &parts[0].encode());
    let commitment = drill.by_trustee(2, &Body::DealingCommitment(DealingCommitment { parts: vec![hash] }));
    let head = Head { log: 1, checkpoint: files["checkpoint"].clone() };
    Answer::write(&answer_path, &f, &head, &[commitment]).unwrap();
    let (request, answer) = (fs::read(request_path).unwrap(), fs::read(answer_path).unwrap());

    let file = |kind: &str, bytes: &[u8], rule: &str, why: &str| json!({ "kind": kind, "rule": rule, "why": why, "file": hex::encode(bytes) });
    let digest = |bytes: &[u8]| <[u8; 32]>::try_from(&bytes[bytes.len() - 32..]).unwrap();
    let valid = |kind: &str, bytes: &[u8]| {
        json!({
            "kind": kind, "party": "trustee 2", "step": "commit", "digest": hex::encode(digest(bytes)),
            "fingerprint": FileFingerprint::of(&digest(bytes)).to_string(), "file": hex::encode(bytes),
        })
    };
    let mut flipped = answer.clone();
    flipped[200] ^= 4;
    let whole = |change: fn(&mut Vec<Vec<u8>>)| changed(&answer, change);
    let invalid = vec![
        file("answer", &request, "AIR-1", "the other kind"),
        file("answer", &whole(|items| replace(&mut items[0], b"vitrine/1", b"vitrine/2")), "AIR-1", "another version"),
        file("answer", &flipped, "AIR-2", "one bit"),
        file("answer", &answer[..answer.len() - 1], "AIR-2", "cut short"),
        file("answer", &[&answer[..], &[0x40]].concat(), "AIR-2", "lengthened"),
        file("answer", &whole(|items| items.push(Vec::new())), "AIR-1", "a byte string more"),
        file("answer", &whole(|items| items.truncate(2)), "AIR-1", "a byte string less"),
        file("answer", &whole(|items| items[1].truncate(10)), "AIR-1", "no checkpoint"),
        file("answer", &whole(|items| replace(&mut items[0], b"commit", b"decide")), "AIR-1", "no step"),
        file(
            "answer",
            &whole(|items| replace(&mut items[0], &[0x82, 2, 2], &[0x82, 2, 3])),
            "AIR-1",
            "another trustee's submission",
        ),
        file("answer", &changed(&answer, |items| replace(&mut items[0], &f.0, &[7; 32])), "AIR-5", "another election"),
        file("request", &changed(&request, |items| items[2][60] ^= 1), "AIR-1", "entries of another tree"),
        file(
            "request",
            &changed(&request, |items| replace(&mut items[0], &[0x81, 1], &[0x81, 2])),
            "AIR-1",
            "another size",
        ),
        file(
            "request",
            &changed(&request, |items| replace(&mut items[0], b"\x66commit", b"\x64open")),
            "AIR-1",
            "not a trustee's step",
        ),
    ];
    let vectors = json!({
        "about": "Chapter 04c: requests and answers, byte for byte.", "election": f.to_string(),
        "valid": [valid("request", &request), valid("answer", &answer)], "invalid": invalid,
    });
    fs::write(path(), format!("{}\n", serde_json::to_string_pretty(&vectors).unwrap())).unwrap();
}

/// Reads a file as its kind; gives what the header says.
fn read(case: &Value, f: &ElectionFingerprint) -> Result<(FileFingerprint, Asked), CarryFault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, hex::decode(case["file"].as_str().unwrap()).unwrap()).unwrap();
    if case["kind"] == "request" {
        let request = Request::open(&path, f)?.unpack(&folder.path().join("record"))?;
        return Ok((request.fingerprint, request.asked));
    }
    let answer = Answer::read(&path, f)?;
    Ok((answer.fingerprint, answer.asked))
}

/// AIR-1 to AIR-5.
#[test]
fn files_are_read_as_in_the_vectors() {
    let vectors = vectors();
    let f: ElectionFingerprint = vectors["election"].as_str().unwrap().parse().unwrap();
    for case in vectors["valid"].as_array().unwrap() {
        let (fingerprint, asked) = read(case, &f).unwrap();
        assert_eq!(case["fingerprint"], fingerprint.to_string());
        assert_eq!((&case["party"], &case["step"]), (&asked.party.to_string().into(), &asked.step.name().into()));
        let file = hex::decode(case["file"].as_str().unwrap()).unwrap();
        assert_eq!(sealed(&items(&file)), file);
        assert_eq!(case["digest"], hex::encode(&file[file.len() - 32..]));
    }
    let invalid = vectors["invalid"].as_array().unwrap();
    assert_eq!(invalid.len(), 14);
    for case in invalid {
        let fault = read(case, &f).unwrap_err().to_string();
        assert!(fault.contains(case["rule"].as_str().unwrap()), "{}: {fault}", case["why"]);
    }
}
