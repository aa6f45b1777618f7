//! The demo with every kind of ballot paper: real rows of the wards, cast, audited, thought over, decrypted, and counted a second time
//! without any of that.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::{
    path::Path,
    process::{Command, Output},
};

fn vitrine(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.current_dir(folder).env_remove("RUST_LOG").env("VITRINE_STATE", folder.join("state"));
    command.args(arguments).output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
}

/// The first 60 ballots of ward 5 on one kind of paper. What every kind has is seen here: second thoughts, audits of made-up ballots on a
/// second device, a witness that stops, a forged copy that is refused, and a record that needs the demo's folder for nothing.
fn held(paper: &str, more: &[&str]) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let arguments = ["demo", "--as", paper, "--ward", "5", "--ballots", "60", "--out", "out", "--json"];
    let summary = json(&vitrine(root, &[&arguments[..], more].concat()));
    assert_eq!((&summary["verdict"], &summary["agrees"]), (&"valid".into(), &true.into()));
    assert_eq!((&summary["cast_as"], &summary["ballots"]), (&paper.into(), &72.into()));
    assert_eq!((&summary["replaced"], &summary["audits"]), (&12.into(), &12.into()));
    assert_eq!(summary["audits_published"], 2);
    assert_eq!(summary["forgery_refused"]["rule"], "TAL-5");
    let fingerprint = summary["fingerprint"].as_str().unwrap();
    std::fs::rename(root.join("out/record"), root.join("record")).unwrap();
    std::fs::remove_dir_all(root.join("out")).unwrap();
    let report = json(&vitrine(root, &["verify", "record", "--expect", fingerprint, "--json"]));
    assert_eq!(report["results"][0]["outcome"], summary["outcome"]);
    let slots = report["results"][0]["slots"].as_array().unwrap();
    let verified: Vec<&serde_json::Value> = slots.iter().map(|slot| &slot["total"]).collect();
    let shown: Vec<&serde_json::Value> =
        summary["totals"].as_array().unwrap().iter().map(|line| &line["election"]).collect();
    assert_eq!(verified, shown);
    summary
}

/// By which rule somebody won, who, and by what points.
fn won(summary: &serde_json::Value) -> (&str, Vec<u64>, Vec<u64>) {
    let outcome = &summary["outcome"];
    let numbers =
        |value: &serde_json::Value| value.as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
    let points = outcome["options"].as_array().unwrap().iter().map(|one| one["points"].as_u64().unwrap()).collect();
    (outcome["method"].as_str().unwrap(), numbers(&outcome["winners"]), points)
}

/// The lines of the result: option and total; the file's is the same.
fn totals(summary: &serde_json::Value) -> Vec<(&str, u64)> {
    let line = |line: &'_ serde_json::Value| {
        let numbers = ["election", "file"].map(|name| line[name].as_u64().unwrap());
        assert_eq!(numbers[0], numbers[1]);
        numbers[0]
    };
    let lines = summary["totals"].as_array().unwrap().iter();
    lines.map(|one| (one["option"].as_str().unwrap(), line(one))).collect()
}

/// Of the first 60 ballots of ward 5, five are changed by the normal form, and one is blank.
#[test]
fn approval() {
    let summary = held("approval", &[]);
    assert_eq!(summary["rows_changed"], 5);
    let expected = [
        ("Blong Yang", 46),
        ("Brett Buckner", 43),
        ("Ian Alexander", 37),
        ("Kale R. Severson", 16),
        ("Undeclared write-in", 0),
        ("blank", 1),
    ];
    assert_eq!(totals(&summary), expected);
    assert_eq!(won(&summary), ("approval", vec![0], vec![46, 43, 37, 16, 0]));
}

/// 3, 2 and 1 points.
#[test]
fn score() {
    let summary = held("score", &[]);
    assert_eq!(summary["rows_changed"], 5);
    let expected = [
        ("Blong Yang", 115),
        ("Brett Buckner", 82),
        ("Ian Alexander", 86),
        ("Kale R. Severson", 22),
        ("Undeclared write-in", 0),
        ("blank", 1),
    ];
    assert_eq!(totals(&summary), expected);
    assert_eq!(won(&summary), ("score", vec![0], vec![115, 82, 86, 22, 0]));
}

/// Who was put at which place; a part of a ward is nothing that the city counted.
#[test]
fn ranking() {
    let summary = held("ranking", &[]);
    assert_eq!(summary["rows_changed"], 5);
    let totals: Vec<u64> = totals(&summary).into_iter().map(|(_, total)| total).collect();
    // By place: Yang, Buckner, Alexander, Severson, write-in; and the blank.
    assert_eq!(totals, [27, 12, 19, 1, 0, 15, 15, 11, 4, 0, 4, 16, 7, 11, 0, 1]);
    let lines = summary["totals"].as_array().unwrap();
    let places: Vec<Option<u64>> = lines.iter().map(|line| line["place"].as_u64()).collect();
    let expected = [Some(1), Some(2), Some(3)].into_iter().flat_map(|place| [place; 5]).chain([None]);
    assert_eq!(places, expected.collect::<Vec<_>>());
    assert!(lines.iter().all(|line| line["city"].is_null()));
    assert_eq!(won(&summary), ("positional", vec![0], vec![115, 82, 86, 22, 0]));
}

/// A trustee at fault is named whatever the voters are asked, and a board that nobody watches says so.
#[test]
fn faults_and_no_witnesses_under_another_paper() {
    let summary = held("ranking", &["--faulty-trustee"]);
    assert_eq!((&summary["culprit"]["trustee"], &summary["culprit"]["reason"]), (&2.into(), &"bad-dealing".into()));
    assert_eq!(summary["witness_stopped"], "newspaper");
    let unwatched = held("score", &["--no-witnesses", "--absent-trustee"]);
    assert_eq!(unwatched["culprit"]["reason"], "silent");
    assert_eq!(unwatched["witnesses"], serde_json::json!([]));
}

#[test]
fn there_is_no_other_paper() {
    let folder = tempfile::tempdir().unwrap();
    let refused = vitrine(folder.path(), &["demo", "--as", "lottery", "--out", "never"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!folder.path().join("never").exists());
}
