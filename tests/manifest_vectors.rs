//! Frozen vectors of the manifest's last fields (MAN-25, MAN-40, MAN-41): entry 0 of small elections, good ones and refused ones.
//!
//! `cargo test -p vitrine-tests --test manifest_vectors -- --ignored` writes the file anew; its diff is for a person to read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

use protocol::{Author, Body, Election, Entry, Manifest, Submission, fingerprint, ids::EntryHash, manifest::Pages};
use serde_json::{Value, json};
use std::path::PathBuf;
use vitrine_tests::{Drill, Options};

/// The digest in all of them; no files have it.
const BUNDLE: [u8; 32] = [0xb5; 32];

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/manifest.json")
}

fn pages(boards: &[&str]) -> Pages {
    Pages { bundle: BUNDLE, boards: boards.iter().map(ToString::to_string).collect() }
}

/// The manifest of one small election, and its signature for any bytes.
struct Town {
    drill: Drill,
}

impl Town {
    fn new() -> Self {
        Self { drill: Drill::begin(Options { seed: 27, ..Options::simple(3) }) }
    }

    fn manifest(&self, overrides: bool, pages: Option<Pages>) -> Manifest {
        Manifest { overrides, pages, ..self.drill.election.manifest().clone() }
    }

    fn body(&self, overrides: bool, pages: Option<Pages>) -> Vec<u8> {
        Body::Manifest(Box::new(self.manifest(overrides, pages))).encode()
    }

    /// Entry 0 with this body.
    fn entry(&mut self, body: Vec<u8>) -> Entry {
        let f = fingerprint::election(&body);
        let submission = Submission::sign(&f, &Author::Authority, body, &self.drill.authority, &mut self.drill.rng);
        Entry::new(0, EntryHash([0; 32]), 28_999_000, submission.unwrap())
    }
}

/// Name, `overrides`, `pages`.
fn good() -> Vec<(&'static str, bool, Option<Pages>)> {
    let most: Vec<String> = (1..=8).map(|number| format!("https://board-{number}.example.org/vote")).collect();
    let most: Vec<&str> = most.iter().map(String::as_str).collect();
    vec![
        ("neither field", false, None),
        ("overrides alone", true, None),
        ("pages of the board that serves them", false, Some(pages(&[]))),
        ("pages of one board, and overrides", true, Some(pages(&["https://board.example.org"]))),
        ("boards on this machine", false, Some(pages(&["http://localhost:7878", "http://127.0.0.1:65535/a"]))),
        ("eight boards", false, Some(pages(&most))),
        ("a path of every character", false, Some(pages(&["https://192.0.2.1:1/AZaz09-._~/.../x"]))),
    ]
}

/// Defect, rule, boards.
fn bad_boards() -> Vec<(&'static str, &'static str, Vec<String>)> {
    let one = |address: &str| vec![address.to_owned()];
    let label = |length| "a".repeat(length);
    let host = [label(63), label(63), label(63), label(62)].join(".");
    vec![
        ("nine boards", "MAN-41", (1..=9).map(|number| format!("https://board-{number}.example.org")).collect()),
        ("a board twice", "MAN-41", vec!["https://board.example.org".to_owned(); 2]),
        ("no address", "MAN-41", one("")),
        ("no scheme", "MAN-41", one("board.example.org")),
        ("http to another machine", "MAN-41", one("http://board.example.org")),
        ("http to a host that begins like this machine", "MAN-41", one("http://localhost.example.org")),
        ("no host", "MAN-41", one("https:///vote")),
        ("a host in capitals", "MAN-41", one("https://Board.example.org")),
        ("a host that ends with a dot", "MAN-41", one("https://board.example.org.")),
        ("an address in brackets", "MAN-41", one("http://[::1]:7878")),
        ("a user", "MAN-41", one("https://clerk@board.example.org")),
        ("port 0", "MAN-41", one("https://board.example.org:0")),
        ("port 65536", "MAN-41", one("https://board.example.org:65536")),
        ("a port with a zero before it", "MAN-41", one("https://board.example.org:0443")),
        ("a slash at the end", "MAN-41", one("https://board.example.org/")),
        ("a part of two dots", "MAN-41", one("https://board.example.org/a/../b")),
        ("a part of one dot", "MAN-41", one("https://board.example.org/.")),
        ("a semicolon", "MAN-41", one("https://board.example.org/a;b")),
        ("a query", "MAN-41", one("https://board.example.org/vote?a")),
        ("a fragment", "MAN-41", one("https://board.example.org/vote#a")),
        ("a line feed at the end", "MAN-41", one("https://board.example.org\n")),
        ("a label of 64 bytes", "MAN-41", one(&format!("https://{}.example.org", label(64)))),
        ("a host of 254 bytes", "MAN-41", one(&format!("https://{host}"))),
        ("301 bytes", "MAN-41", one(&format!("https://a/{}", label(291)))),
    ]
}

/// Defect and body; all of them by ENC-1.
fn bad_bytes(town: &Town) -> Vec<(&'static str, Vec<u8>)> {
    let neither = town.body(false, None);
    let overrides = town.body(true, None);
    let pages = town.body(false, Some(pages(&[])));
    // `[0, [26 fields]]`: the fourth byte is their number.
    let fields = |number: u8, end: &[u8]| [&neither[..3], &[number], &neither[4..], end].concat();
    // Pages at the end: array of two, 32 bytes, array of none.
    let tail = &pages[pages.len() - 36..];
    assert_eq!((tail[0], tail[1], tail[35]), (0x82, 0x58, 0x80));
    let long = [&[0x82, 0x58, 33][..], &[0xb5; 33], &[0x80]].concat();
    vec![
        ("null for overrides, and nothing behind it", fields(27, &[0xf6])),
        ("false for overrides, before pages", fields(28, &[&[0xf4], tail].concat())),
        ("pages in the place of overrides", fields(27, tail)),
        ("null for pages", fields(28, &[0xf5, 0xf6])),
        ("null for both", fields(28, &[0xf6, 0xf6])),
        ("a field behind pages", fields(29, &[&[0xf6], tail, &[0xf6]].concat())),
        ("a digest of 33 bytes", fields(28, &[&[0xf6], long.as_slice()].concat())),
        ("pages without boards", fields(28, &[&[0xf6, 0x81], &tail[1..35]].concat())),
        ("pages with a third field", fields(28, &[&[0xf6, 0x83], &tail[1..], &[0x80]].concat())),
        ("a board of bytes", fields(28, &[&[0xf6], &tail[..35], &[0x81, 0x41, b'a']].concat())),
        ("overrides twice", [&overrides[..3], &[28], &overrides[4..], &[0xf5]].concat()),
    ]
}

fn vectors() -> Value {
    let mut town = Town::new();
    let mut valid = Vec::new();
    for (name, overrides, pages) in good() {
        let body = town.body(overrides, pages.clone());
        let f = fingerprint::election(&body).to_string();
        let entry = hex::encode(town.entry(body).encode());
        let pages = pages.map(|pages| json!({ "bundle": hex::encode(pages.bundle), "boards": pages.boards }));
        valid.push(json!({ "name": name, "overrides": overrides, "pages": pages, "F": f, "entry": entry }));
    }
    let mut refused = Vec::new();
    for (defect, rule, boards) in bad_boards() {
        let body = town.body(false, Some(Pages { bundle: BUNDLE, boards }));
        let entry = hex::encode(town.entry(body).encode());
        refused.push(json!({ "defect": defect, "rule": rule, "entry": entry }));
    }
    for (defect, body) in bad_bytes(&town) {
        let entry = hex::encode(town.entry(body).encode());
        refused.push(json!({ "defect": defect, "rule": "ENC-1", "entry": entry }));
    }
    json!({ "version": 1, "valid": valid, "refused": refused })
}

fn stored() -> Value {
    serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap()
}

#[test]
fn manifests_are_frozen() {
    assert_eq!(stored(), vectors(), "the manifest's encoding changed: a new version is needed, not new vectors");
}

#[test]
#[ignore = "writes the frozen file"]
fn regenerate_manifests() {
    std::fs::write(path(), serde_json::to_string_pretty(&vectors()).unwrap() + "\n").unwrap();
}

/// MAN-25, MAN-40, MAN-41, of the file alone.
#[test]
fn stored_manifests_are_taken_or_refused() {
    let stored = stored();
    let entry = |case: &Value| Entry::decode(&hex::decode(case["entry"].as_str().unwrap()).unwrap()).unwrap();
    for case in stored["valid"].as_array().unwrap() {
        let election = Election::begin(&entry(case)).unwrap();
        let manifest = election.manifest();
        assert_eq!(election.fingerprint().to_string(), case["F"].as_str().unwrap());
        assert_eq!(json!(manifest.overrides), case["overrides"]);
        let pages = manifest.pages.as_ref();
        let found = pages.map(|pages| json!({ "bundle": hex::encode(pages.bundle), "boards": pages.boards }));
        assert_eq!(json!(found), case["pages"]);
    }
    for case in stored["refused"].as_array().unwrap() {
        let refusal = Election::begin(&entry(case)).expect_err(case["defect"].as_str().unwrap());
        assert_eq!(refusal.rule().id(), case["rule"], "{}: {refusal}", case["defect"]);
    }
}
