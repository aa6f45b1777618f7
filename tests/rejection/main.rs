//! Every rule of the fold, broken alone, is refused by its own name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

mod ballots;
mod ceremony;
mod damage;
mod entries;
mod manifest;
mod objects;
mod overrides;
mod pages;
mod retirement;
mod roll;
mod tally;
mod texts;

use protocol::{Body, Rejection};
use vitrine_tests::Drill;

/// The refusal's rule.
#[track_caller]
fn rule<T>(result: Result<T, Rejection>) -> &'static str {
    result.err().expect("this should have been refused").rule().id()
}

/// The rule by which a body of a trustee is refused.
#[track_caller]
fn trustee(drill: &mut Drill, trustee: u32, body: Body) -> &'static str {
    let submission = drill.by_trustee(trustee, &body);
    rule(drill.apply(submission))
}

/// The rule by which a body of the authority is refused.
#[track_caller]
fn authority(drill: &mut Drill, body: Body) -> &'static str {
    let submission = drill.by_authority(&body);
    rule(drill.apply(submission))
}

/// The rule by which a body of a registrar is refused.
#[track_caller]
fn registrar(drill: &mut Drill, registrar: u32, body: Body) -> &'static str {
    let submission = drill.by_registrar(registrar, &body);
    rule(drill.apply(submission))
}

/// The rule by which a body of a voter is refused.
#[track_caller]
fn voter(drill: &mut Drill, voter: usize, body: Body) -> &'static str {
    let submission = drill.by_voter(voter, &body);
    rule(drill.apply(submission))
}
