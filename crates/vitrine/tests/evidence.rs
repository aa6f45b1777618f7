//! `vitrine evidence check` as anyone would run it who was handed a file (EVD-13).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken vector should stop the test where it broke")]

use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output},
};

fn check(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vitrine")).args(["evidence", "check"]).args(words).output().unwrap()
}

fn published() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/vectors/evidence.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_published_file_is_judged_as_published() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.evidence");
    let file = path.to_str().unwrap();
    let vectors = published();
    for case in vectors["valid"].as_array().unwrap() {
        std::fs::write(&path, hex(&case["file"])).unwrap();
        let (finding, claim) = (&case["finding"], &case["claim"]);
        let proved = finding["proved"].as_bool().unwrap();
        let election = finding["election"].as_str().unwrap();

        let told = check(&[file, "--expect", election, "--json"]);
        assert_eq!(told.status.code(), Some(if proved { 0 } else { 4 }), "{claim}");
        let said: Value = serde_json::from_slice(&told.stdout).unwrap();
        for member in ["proved", "kind", "election", "culprits", "cleared"] {
            assert_eq!(said[member], finding[member], "{claim}");
        }
        assert_eq!(said["compared"], true);

        let text = String::from_utf8(check(&[file]).stdout).unwrap();
        assert!(text.starts_with(if proved { "PROVED: " } else { "NOT PROVED BY THE FILE ALONE: " }), "{text}");
        assert!(text.contains("nothing was compared") && text.contains(election), "{text}");
        for culprit in finding["culprits"].as_array().unwrap() {
            assert!(text.contains(culprit["key"].as_str().unwrap()), "{text}");
        }
        assert_eq!(text.contains("Cleared:\n  trustee "), finding["cleared"].is_object(), "{text}");
        assert_eq!(check(&[file, "--expect", &"0".repeat(64)]).status.code(), Some(1), "{claim}: another election");
    }
    for case in vectors["refused"].as_array().unwrap() {
        std::fs::write(&path, hex(&case["file"])).unwrap();
        let refused = check(&[file]);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
        assert!(String::from_utf8(refused.stderr).unwrap().contains("this convicts nobody: EVD-"));
    }
    std::fs::write(&path, vec![b'x'; 2_000_000]).unwrap();
    assert_eq!(check(&[file]).status.code(), Some(1));
    assert_eq!(check(&[folder.path().join("none").to_str().unwrap()]).status.code(), Some(3));
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len()).step_by(2).map(|place| u8::from_str_radix(&text[place..place + 2], 16).unwrap()).collect()
}
