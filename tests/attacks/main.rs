//! Every threat of `specs/01-threat-model.md`, carried out: each test attacks as its row says and sees the attack fail, by the rule or
//! the verdict that stops or exposes it. The rules one by one are in `rejection`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

mod board;
mod ceremony;
mod cheating;
mod contests;
mod deadlines;
mod decryption;
mod devices;
mod edits;
mod officials;
mod overrides;
mod pages;
mod running;
mod service;
mod trustees;
mod voters;

use protocol::{Author, Body, Election, Entry, Manifest, Phase, Rejection, Selection, Submission, fingerprint};
use vitrine_tests::{Drill, drill::replay};

/// The refusal's rule.
#[track_caller]
fn rule<T>(result: Result<T, Rejection>) -> &'static str {
    result.err().expect("this should have been refused").rule().id()
}

/// A vote for one option.
fn option(option: usize) -> Vec<Selection> {
    vec![Selection::Options(vec![option])]
}

/// What a voter gets for a body.
fn voter(drill: &mut Drill, voter: usize, body: &Body) -> Result<u64, Rejection> {
    let submission = drill.by_voter(voter, body);
    drill.apply(submission)
}

/// What a trustee gets for a body.
fn trustee(drill: &mut Drill, trustee: u32, body: &Body) -> Result<u64, Rejection> {
    let submission = drill.by_trustee(trustee, body);
    drill.apply(submission)
}

/// What the authority gets for a body.
fn authority(drill: &mut Drill, body: &Body) -> Result<u64, Rejection> {
    let submission = drill.by_authority(body);
    drill.apply(submission)
}

/// What a registrar gets for a body.
fn registrar(drill: &mut Drill, registrar: u32, body: &Body) -> Result<u64, Rejection> {
    let submission = drill.by_registrar(registrar, body);
    drill.apply(submission)
}

/// Closes, decrypts, and gives the totals of contest 0's first tally group: the election went on in spite of the attack.
fn totals(drill: &mut Drill) -> Vec<u64> {
    drill.close();
    drill.tally();
    assert_eq!(drill.election.phase(), Phase::Tallied);
    drill.election.groups(0)[0].totals().unwrap().to_vec()
}

/// The rule that refuses a manifest from entry 0.
#[track_caller]
fn manifest_refusal(drill: &mut Drill, change: impl FnOnce(&mut Manifest)) -> &'static str {
    let mut manifest = drill.election.manifest().clone();
    change(&mut manifest);
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = fingerprint::election(&body);
    let author = Author::Authority;
    let submission = Submission::sign(&f, &author, body, &drill.authority, &mut drill.rng).unwrap();
    let first = &drill.entries[0];
    rule(Election::begin(&Entry::new(0, first.previous, first.time, submission)))
}
