//! Frozen vectors of evidence (`specs/vectors/evidence.json`).
//!
//! `cargo test -p vitrine-protocol --test evidence -- --ignored` writes the file anew; its diff is for a person to read.

use crate::{bytes::files, trustees, world::World};
use protocol::{
    Evidence,
    evidence::{Cleared, Finding, Role},
};
use serde_json::{Value, json};
use std::path::PathBuf;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../specs/vectors/evidence.json")
}

fn verdict(finding: &Finding) -> Value {
    let culprit = |culprit: &protocol::evidence::Culprit| {
        json!({
            "role": match culprit.role { Role::Log => "log", Role::Witness => "witness", Role::Trustee => "trustee" },
            "name": culprit.name,
            "key": culprit.key.to_string(),
        })
    };
    let mut verdict = json!({
        "election": finding.election.to_string(),
        "kind": finding.kind.name(),
        "proved": finding.is_proved(),
        "culprits": finding.culprits.iter().map(culprit).collect::<Vec<_>>(),
    });
    if let Some(Cleared { trustee, name, stage, .. }) = &finding.cleared {
        verdict["cleared"] = json!({ "trustee": trustee, "name": name, "stage": stage });
    }
    verdict
}

fn vectors() -> Value {
    let files = files(&World::new());
    let valid: Vec<Value> = files
        .iter()
        .map(|(claim, evidence)| {
            json!({ "claim": claim, "file": hex::encode(evidence.encode()), "finding": verdict(&evidence.check().unwrap()) })
        })
        .collect();
    // A byte of a signature, of a proof, and of the stated beginning: about the same election, and refused.
    let (_, split) = &files[0];
    let bytes = split.encode();
    let mut refused: Vec<Value> = [bytes.len() - 1, bytes.len() - 40, bytes.len() - 150]
        .map(|place| {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            let read = Evidence::decode(&altered);
            assert!(read.is_err() || read.is_ok_and(|read| read.check().is_err()), "byte {place}");
            json!({ "byte": place, "file": hex::encode(altered) })
        })
        .into();
    refused.extend(trustees::refused().into_iter().map(|(why, evidence)| {
        assert!(evidence.check().is_err(), "{why}");
        json!({ "why": why, "file": hex::encode(evidence.encode()) })
    }));
    json!({ "valid": valid, "refused": refused })
}

#[test]
fn evidence_is_as_published() {
    let published: Value = serde_json::from_slice(&std::fs::read(path()).unwrap()).unwrap();
    assert_eq!(vectors(), published);
    for case in published["valid"].as_array().unwrap() {
        let bytes = hex::decode(case["file"].as_str().unwrap()).unwrap();
        assert_eq!(verdict(&Evidence::decode(&bytes).unwrap().check().unwrap()), case["finding"]);
    }
}

#[test]
#[ignore = "writes specs/vectors/evidence.json anew"]
fn write() {
    let text = serde_json::to_string_pretty(&vectors()).unwrap();
    std::fs::write(path(), text + "\n").unwrap();
}
