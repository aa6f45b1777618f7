//! One election of some two hundred ballots, run once, and what tests do with its record.

use protocol::{
    Author, Body, Entry, Selection, Submission,
    body::{AuditedBallot, ContestOpening},
    ids::{ElectionFingerprint, EntryHash},
    manifest::RevoteRule,
};
use rand::rngs::OsRng;
use std::{collections::BTreeMap, sync::LazyLock};
use tlog::note::SignerKey;
use verifier::{Failure, Report, Verdict, verify};
use vitrine_tests::{
    Drill, Options,
    drill::{choose_one, record_of},
};

pub(crate) type Record = BTreeMap<String, Vec<u8>>;

pub(crate) struct Fixture {
    pub(crate) entries: Vec<Entry>,
    pub(crate) board: SignerKey,
    pub(crate) record: Record,
    pub(crate) fingerprint: ElectionFingerprint,
    pub(crate) opening: usize,
    pub(crate) closing: usize,
}

/// 240 voters in two units, two contests, weights, four revotes, two audits.
pub(crate) static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let mut options = Options::simple(240);
    options.contests.push(choose_one("Shall <b>the park</b> be built?", &["Yes", "No"]));
    options.units = vec![vec![0, 1], vec![0]];
    options.voters = (0..240).map(|voter| (u32::from(voter % 4 == 3), 1 + u32::from(voter % 10 == 0))).collect();
    options.revote = RevoteRule::Last;
    options.minimum_unit = 5;
    options.registrars = 2;
    let mut drill = Drill::opened(options);
    for voter in 0..240 {
        cast(&mut drill, voter, voter);
        if voter == 20 || voter == 120 {
            audit(&mut drill, voter);
        }
    }
    for (voter, choice) in [(0, 3), (50, 4), (50, 2), (199, 0)] {
        cast(&mut drill, voter, choice);
    }
    drill.close();
    drill.tally();
    fixture(&drill)
});

pub(crate) fn fixture(drill: &Drill) -> Fixture {
    let place = |wanted: fn(&Body) -> bool| {
        drill.entries.iter().position(|entry| wanted(&entry.submission().body().unwrap())).unwrap()
    };
    Fixture {
        record: drill.record(),
        fingerprint: drill.election.fingerprint(),
        opening: place(|body| matches!(body, Body::Opening(_))),
        closing: place(|body| matches!(body, Body::Closing(_))),
        entries: drill.entries.clone(),
        board: SignerKey::from_seed(drill.board.name(), &drill.board.seed()).unwrap(),
    }
}

/// What a voter marks in each contest of its style.
pub(crate) fn selections(drill: &Drill, voter: usize, choice: usize) -> Vec<Selection> {
    let unit = drill.options.voters[voter].0;
    let first = if choice % 5 == 4 { Selection::Blank } else { Selection::Options(vec![choice % 5]) };
    let second = if choice.is_multiple_of(3) { Selection::Blank } else { Selection::Options(vec![choice % 2]) };
    if unit == 0 && drill.options.contests.len() > 1 { vec![first, second] } else { vec![first] }
}

pub(crate) fn cast(drill: &mut Drill, voter: usize, choice: usize) {
    let selections = selections(drill, voter, choice);
    drill.cast(voter, &selections).unwrap();
}

/// Seals a ballot, opens it and publishes it.
pub(crate) fn audit(drill: &mut Drill, voter: usize) {
    let selections = selections(drill, voter, 1);
    let (ballot, openings) = drill.seal(voter, &selections);
    let unit = drill.options.voters[voter].0;
    let style = drill.election.style(unit).zip(&selections).zip(openings);
    let openings = style
        .map(|(((_, contest, relation), selection), opening)| ContestOpening {
            values: relation.values(&contest.witness(selection).unwrap()).unwrap(),
            randomness: opening.into_public().0,
        })
        .collect();
    let body = Body::AuditedBallot(AuditedBallot { ballot: Body::Ballot(ballot).encode().into(), openings });
    let submission = drill.by_voter(voter, &body);
    drill.apply(submission).unwrap();
}

/// What a board that does not care would make of these submissions: everything linked, numbered and signed.
pub(crate) fn relinked(submissions: impl IntoIterator<Item = Submission>, board: &SignerKey) -> Record {
    let mut previous = EntryHash([0; 32]);
    let mut entries = Vec::new();
    for (index, submission) in (0..).zip(submissions) {
        let entry = Entry::new(index, previous, 29_000_000, submission);
        previous = entry.hash();
        entries.push(entry);
    }
    record_of(&entries, board)
}

pub(crate) fn report(record: &Record) -> Report {
    verify(record, &verifier::Options::default(), |_| {}, &mut OsRng)
}

pub(crate) fn expecting(record: &Record, fingerprint: ElectionFingerprint) -> Report {
    verify(record, &verifier::Options { expect: Some(fingerprint), ..verifier::Options::default() }, |_| {}, &mut OsRng)
}

/// The failure of a record that must be invalid.
pub(crate) fn failure(record: &Record) -> Failure {
    match report(record).verdict {
        Verdict::Invalid(failure) => failure,
        other => panic!("not refused: {other:?}"),
    }
}

/// Rule and entry of a record that must be invalid.
pub(crate) fn broken(record: &Record) -> (&'static str, Option<u64>) {
    let failure = failure(record);
    (failure.rule, failure.entry)
}

pub(crate) fn is_ballot(entry: &Entry) -> bool {
    matches!(entry.submission().author(), Ok(Author::Credential(_)))
}
