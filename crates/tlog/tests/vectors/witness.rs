//! `specs/vectors/tlog-witness.json`: requests to a witness and its answers (`specs/06-bulletin-board-witnesses.md`).

use serde_json::{Value, json};
use tlog::{
    add_checkpoint::{
        FormatError, MAX_ANSWER_BYTES, Refusal, Request, Seen, answer, cosignatures, latest_size, monitoring_path,
    },
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::{Note, NoteSignature, SignerKey},
};

use crate::{
    entry, hash, hashes,
    notes::{ORIGIN, log, witness},
    refused,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/vectors/tlog-witness.json");

/// When the witness of the vectors cosigns.
const TIME: u64 = 1_700_000_100;

fn vectors() -> Value {
    json!({
        "about": "Known answers for specs/06-bulletin-board-witnesses.md. Texts are verbatim, hashes hexadecimal. Entry i of a log is \
                  the 8 bytes of i, most significant first; `other` is the log whose entry 1 is empty. Under `exchanges` a witness that trusts \
                  `log` for its origin, and remembers `seen` (null: nothing), is asked at `time`.",
        "requests": requests(),
        "answers": answers(),
        "sizes": sizes(),
        "paths": paths(),
        "exchanges": exchanges(),
    })
}

#[test]
fn frozen_witness_vectors_hold() {
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let current = vectors();
    for (part, value) in current.as_object().unwrap() {
        assert_eq!(&frozen[part], value, "{part}");
    }
    assert_eq!(frozen, current);
}

#[test]
#[ignore = "writes the frozen file"]
fn regenerate_witness_vectors() {
    let text = serde_json::to_string_pretty(&vectors()).unwrap();
    std::fs::write(FILE, text + "\n").unwrap();
}

fn paths() -> Value {
    ["abc", ORIGIN].map(|origin| json!({"origin": origin, "path": monitoring_path(origin)})).into()
}

fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&entry(index))));
    tree
}

/// A history that parts from the others' at entry 1.
fn other(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&if index == 1 { Vec::new() } else { entry(index) })));
    tree
}

fn head(tree: &Tree) -> Checkpoint {
    Checkpoint::new(ORIGIN, tree.size(), tree.root()).unwrap()
}

fn request(tree: &Tree, old: u64) -> Request {
    let proof = tree.prove_consistency(old, tree.size()).unwrap();
    Request { old, proof, checkpoint: checkpoint::sign(&head(tree), &log()).unwrap() }
}

fn requests() -> Value {
    let accepted = [(3, 7), (0, 7), (7, 7), (0, 0), (64, 100)].map(|(old, new)| {
        let request = request(&tree(new), old);
        let text = request.encode();
        assert_eq!(Request::parse(text.as_bytes()).as_ref(), Ok(&request));
        json!({"old": old, "proof": hashes(&request.proof), "checkpoint": request.checkpoint, "request": text})
    });
    let good = request(&tree(7), 3).encode();
    let lines = |count: usize| {
        good.replacen("old 3\n", &format!("old 3\n{}", format!("{}\n", "A".repeat(43) + "=").repeat(count)), 1)
    };
    assert!(Request::parse(lines(59).as_bytes()).is_ok());
    let refusals = [
        ("nothing", String::new(), FormatError::NoCheckpoint),
        ("no empty line", good.replace("\n\n", "\n"), FormatError::NoCheckpoint),
        ("no old size", good.replacen("old 3\n", "", 1), FormatError::OldLine),
        ("an empty line first", format!("\n{good}"), FormatError::OldLine),
        ("two spaces", good.replacen("old 3", "old  3", 1), FormatError::OldLine),
        ("a leading zero", good.replacen("old 3", "old 03", 1), FormatError::OldLine),
        ("a sign", good.replacen("old 3", "old +3", 1), FormatError::OldLine),
        ("an old size of 2^63", good.replacen("old 3", "old 9223372036854775808", 1), FormatError::OldLine),
        ("a carriage return", good.replacen("old 3\n", "old 3\r\n", 1), FormatError::OldLine),
        (
            "a hash of 31 bytes",
            good.replacen("old 3\n", &format!("old 3\n{}A==\n", "A".repeat(41)), 1),
            FormatError::ProofHash(0),
        ),
        ("a hash without padding", good.replacen("=\n", "\n", 1), FormatError::ProofHash(0)),
        (
            "unused bits that are not zero",
            good.replacen("old 3\n", &format!("old 3\n{}B=\n", "A".repeat(42)), 1),
            FormatError::ProofHash(0),
        ),
        ("64 hashes", lines(60), FormatError::ProofTooLong),
    ]
    .map(|(defect, text, error)| {
        refused(Request::parse(text.as_bytes()), error, defect);
        json!({"defect": defect, "rule": "WIT-1", "request": text})
    });
    json!({"accepted": accepted, "refused": refusals})
}

fn answers() -> Value {
    let line = answer(&[witness(1).cosign(&head(&tree(7)), TIME).unwrap()]);
    let two = line.clone() + &answer(&[witness(2).cosign(&head(&tree(7)), TIME).unwrap()]);
    let accepted = [line.clone(), two].map(|text| {
        let lines = cosignatures(text.as_bytes()).unwrap();
        assert_eq!(answer(&lines), text);
        json!({"answer": text, "names": lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>()})
    });
    let refusals = [
        ("nothing", String::new(), FormatError::NoFinalNewline),
        ("no newline at the end", line.trim_end().to_owned(), FormatError::NoFinalNewline),
        ("an empty line", "\n".to_owned(), FormatError::SignatureLine(0)),
        ("an empty line after the last", format!("{line}\n"), FormatError::SignatureLine(1)),
        ("an empty line before the first", format!("\n{line}"), FormatError::SignatureLine(0)),
        ("a carriage return", line.replace('\n', "\r\n"), FormatError::SignatureLine(0)),
        ("a hyphen for the dash", line.replace('—', "-"), FormatError::SignatureLine(0)),
        ("65 lines", line.repeat(65), FormatError::TooManyLines),
    ]
    .map(|(defect, text, error)| {
        assert!(text.len() <= MAX_ANSWER_BYTES);
        refused(cosignatures(text.as_bytes()), error, defect);
        json!({"defect": defect, "rule": "WIT-2", "answer": text})
    });
    json!({"accepted": accepted, "refused": refusals})
}

fn sizes() -> Value {
    let refusals = ["", "5", "\n", "05\n", "+5\n", " 5\n", "5\n\n", "5\r\n", "9223372036854775808\n"].map(|text| {
        refused(latest_size(text.as_bytes()), FormatError::Size, text);
        json!({"rule": "WIT-4", "answer": text})
    });
    assert_eq!(latest_size(b"9223372036854775807\n"), Ok(i64::MAX.unsigned_abs()));
    json!({"accepted": [{"size": 0, "answer": "0\n"}, {"size": 9_223_372_036_854_775_807_u64, "answer": "9223372036854775807\n"}], "refused": refusals})
}

fn seen(tree: &Tree) -> Option<Seen> {
    Some(Seen { size: tree.size(), root: tree.root() })
}

/// The log's key under any text: what it would never sign.
fn signed(text: &str, key: &SignerKey) -> String {
    let mut note = Note::new(text.to_owned()).unwrap();
    note.add(key.sign(&note)).unwrap();
    note.encode()
}

/// What a witness answers: status, body.
fn judged(request: &Request, seen: Option<&Seen>) -> (u16, String) {
    let keys = [log().verifier_key()];
    let judgement = || {
        let claim = request.claim()?;
        let signed = claim.open(if claim.origin() == ORIGIN { &keys } else { &[] })?;
        claim.extends(&signed, seen)?;
        Ok(signed)
    };
    match judgement() {
        Ok(signed) => (200, answer(&[witness(1).cosign(signed.checkpoint(), TIME).unwrap()])),
        Err(Refusal::Conflict { latest, .. }) => (409, format!("{latest}\n")),
        Err(refusal) => (refusal.status(), String::new()),
    }
}

fn exchanges() -> Value {
    let good = request(&tree(7), 3);
    let with = |checkpoint: String| Request { checkpoint, ..good.clone() };
    let text = head(&tree(7)).encode();
    let stranger = SignerKey::from_seed(ORIGIN, &[9; 32]).unwrap();
    let mut doubly = Note::parse(good.checkpoint.as_bytes()).unwrap();
    let line = log().sign(&doubly);
    doubly.add(NoteSignature { signature: vec![7; 64], ..line }).unwrap();
    let empty_root = signed(&format!("{ORIGIN}\n0\n{}=\n", "A".repeat(43)), &log());
    let from_nothing = |checkpoint: String| Request { old: 0, proof: Vec::new(), checkpoint };
    let foreign_log = SignerKey::from_seed("board.example/ward-14", &[1; 32]).unwrap();
    let foreign = Checkpoint::new("board.example/ward-14", 7, tree(7).root()).unwrap();
    let proofless = |old| Request { old, proof: Vec::new(), ..good.clone() };
    let cases = [
        ("it has grown", good.clone(), seen(&tree(3)), 200),
        ("the first checkpoint", request(&tree(7), 0), None, 200),
        ("the same again", request(&tree(7), 7), seen(&tree(7)), 200),
        ("the empty tree", request(&tree(0), 0), None, 200),
        ("growth of the empty tree", request(&tree(7), 0), seen(&tree(0)), 200),
        ("an extension line", with(signed(&format!("{text}extension\n"), &log())), seen(&tree(3)), 400),
        ("no signature line", with(text.clone()), seen(&tree(3)), 400),
        ("an old size beyond the checkpoint's", proofless(8), seen(&tree(8)), 400),
        ("by another key of the log's name", with(signed(&text, &stranger)), seen(&tree(3)), 403),
        ("a second line by the log's key that does not verify", with(doubly.encode()), seen(&tree(3)), 403),
        (
            "by another key, and the root of the empty tree is wrong",
            from_nothing(signed(&empty_root[..empty_root.find("\n\n").unwrap() + 1], &stranger)),
            None,
            403,
        ),
        ("another log by the same key", with(checkpoint::sign(&foreign, &foreign_log).unwrap()), seen(&tree(3)), 404),
        ("the witness is ahead", good.clone(), seen(&tree(5)), 409),
        ("the witness has seen nothing", good.clone(), None, 409),
        ("a smaller tree", request(&tree(3), 3), seen(&tree(7)), 409),
        ("the root of the empty tree is wrong", from_nothing(empty_root), None, 422),
        (
            "a proof of another history",
            Request { proof: other(7).prove_consistency(3, 7).unwrap(), ..good.clone() },
            seen(&tree(3)),
            422,
        ),
        ("another history", request(&other(7), 3), seen(&tree(3)), 422),
        ("another history of the same size", request(&other(7), 7), seen(&tree(7)), 422),
        ("no proof", proofless(3), seen(&tree(3)), 422),
        ("a proof from nothing", Request { old: 0, ..good.clone() }, None, 422),
        ("a proof though nothing has grown", Request { old: 7, ..good.clone() }, seen(&tree(7)), 422),
    ]
    .map(|(case, request, seen, status)| {
        let (found, body) = judged(&request, seen.as_ref());
        assert_eq!(found, status, "{case}");
        let seen = seen.map(|seen| json!({"size": seen.size, "root": hash(&seen.root)}));
        let body = Some(body).filter(|body| !body.is_empty());
        json!({"case": case, "seen": seen, "request": request.encode(), "status": status, "body": body})
    });
    json!({"log": log().verifier_key().to_string(), "witness": witness(1).verifier_key().to_string(), "time": TIME, "cases": cases})
}
