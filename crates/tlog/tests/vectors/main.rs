//! The frozen vectors of `specs/vectors/tlog.json`: known answers, and inputs that must be refused, each for its one defect.
//!
//! `cargo test -p vitrine-tlog --test vectors -- --ignored` writes the file anew; a person reads the difference.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test, helper functions included")]

use serde_json::{Value, json};

mod notes;
mod records;
mod tree;
mod witness;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/vectors/tlog.json");

fn vectors() -> Value {
    json!({
        "about": "Known answers for specs/06-bulletin-board.md. Bytes are hexadecimal; texts are verbatim. Unless stated \
                  otherwise, entry i of a log is the 8 bytes of i, most significant first. Each case under `refused` has \
                  exactly one defect, and names the rule it breaks.",
        "tree": tree::tree(),
        "tiles": tree::tiles(),
        "bundles": tree::bundles(),
        "keys": notes::keys(),
        "notes": notes::notes(),
        "checkpoints": notes::checkpoints(),
        "cosignatures": notes::cosignatures(),
        "policies": notes::policies(),
        "receipts": records::receipts(),
        "records": records::records(),
    })
}

/// Building the vectors asserts every answer and every refusal; the file must hold just these.
#[test]
fn frozen_vectors_hold() {
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let current = vectors();
    for (part, value) in current.as_object().unwrap() {
        assert_eq!(&frozen[part], value, "{part}");
    }
    assert_eq!(frozen, current);
}

#[test]
#[ignore = "writes the frozen file"]
fn regenerate_vectors() {
    let text = serde_json::to_string_pretty(&vectors()).unwrap();
    std::fs::write(FILE, text + "\n").unwrap();
}

/// A hash as text.
fn hash(hash: &tlog::merkle::Hash) -> Value {
    json!(hex::encode(hash))
}

/// Hashes as text.
fn hashes(hashes: &[tlog::merkle::Hash]) -> Value {
    hashes.iter().map(hash).collect()
}

/// Entry i of the logs here.
fn entry(index: u64) -> Vec<u8> {
    index.to_be_bytes().to_vec()
}

/// Asserts the refusal and names it.
fn refused<E: std::fmt::Debug + PartialEq>(found: Result<impl std::fmt::Debug, E>, expected: E, case: &str) {
    match found {
        Err(error) => assert_eq!(error, expected, "{case}"),
        Ok(value) => panic!("accepted: {case}: {value:?}"),
    }
}
