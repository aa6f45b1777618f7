//! The pages that a manifest names (MAN-40, MAN-41). Every form of bytes and addresses stands in `specs/vectors/manifest.json`.

use super::rule;
use protocol::{
    Author, Body, Election, Entry, Rejection, Submission, cbor, fingerprint,
    ids::EntryHash,
    manifest::{MOST_BOARDS, Pages},
};
use vitrine_tests::{Drill, Options};

fn begun(pages: Option<Pages>) -> Result<Election, Rejection> {
    let mut drill = Drill::begin(Options::simple(3));
    let mut manifest = drill.election.manifest().clone();
    manifest.pages = pages;
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = fingerprint::election(&body);
    let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
    Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission))
}

/// MAN-40: without pages the bytes are those of a manifest that knows no such field; with them, `null` or `true` stands before them.
#[test]
fn the_field_before_it_keeps_its_place() {
    let drill = Drill::begin(Options::simple(3));
    let plain = drill.election.manifest().clone();
    let pages = Pages { bundle: [7; 32], boards: vec!["https://board.example.org".to_owned()] };
    for overrides in [false, true] {
        let with = cbor::encode(&protocol::Manifest { overrides, pages: Some(pages.clone()), ..plain.clone() });
        let without = cbor::encode(&protocol::Manifest { overrides: false, pages: None, ..plain.clone() });
        let tail = cbor::encode(&pages);
        let before = with.len() - tail.len() - 1;
        assert_eq!((with[before], &with[before + 1..]), (if overrides { 0xf5 } else { 0xf6 }, tail.as_slice()));
        assert_eq!((without[..2].to_vec(), with[..2].to_vec()), (vec![0x98, 26], vec![0x98, 28]));
        assert_eq!(&with[2..before], &without[2..]);
        let read: protocol::Manifest = cbor::decode(&with, "manifest").unwrap();
        assert_eq!((read.overrides, read.pages.as_ref()), (overrides, Some(&pages)));
    }
}

/// MAN-41.
#[test]
fn addresses_of_boards() {
    let of = |boards: &[String]| Some(Pages { bundle: [7; 32], boards: boards.to_vec() });
    let most: Vec<String> = (0..=MOST_BOARDS).map(|number| format!("https://board-{number}.example.org")).collect();
    assert!(begun(None).is_ok() && begun(of(&[])).is_ok() && begun(of(&most[1..])).is_ok());
    assert_eq!(rule(begun(of(&most))), "MAN-41");
    assert_eq!(rule(begun(of(&[most[0].clone(), most[0].clone()]))), "MAN-41");
    let other = begun(of(&["http://board.example.org".to_owned()])).unwrap_err();
    assert_eq!(other.rule().id(), "MAN-41");
    assert!(other.to_string().contains("http only on localhost or 127.0.0.1"), "{other}");
}
