//! Right records, unfinished ones, and those that nobody can read.

use crate::fixture::{FIXTURE, Record, cast, expecting, relinked, report};
use protocol::{Body, Entry, Submission, body::Notice};
use rand::rngs::OsRng;
use std::cell::Cell;
use tlog::record::ChainPath;
use verifier::{CheckId, ExitCode, Options, Progress, Source, Stage, Status, Verdict, verify, verify_election};
use vitrine_tests::{Drill, drill::record_of};

#[test]
fn hundreds_of_ballots_are_valid_and_counted() {
    let fixture = &*FIXTURE;
    let report = expecting(&fixture.record, fixture.fingerprint);
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    assert_eq!(report.exit_code(), ExitCode::Valid);
    assert!(report.checks.iter().all(|check| check.status == Status::Passed), "{}", report.text());
    let count = |check| report.checks.iter().find(|found| found.check == check).unwrap().count();
    assert_eq!(count(CheckId::Ballots), "244 of 244 ballots");
    assert_eq!(count(CheckId::Closing), "240 of 240 counted ballots");
    assert_eq!(count(CheckId::Audits), "2 of 2 audits");
    assert_eq!(count(CheckId::Roll), "480 of 480 rows");
    assert_eq!(count(CheckId::Checkpoint), "1 of 1 signatures");
    let figures = report.figures.as_ref().unwrap();
    assert_eq!((figures.superseded, figures.audits, figures.late), (4, 2, 0));
    // Voters 0, 50 and 199 changed their minds; every tenth voter weighs two.
    let mut choices: Vec<usize> = (0..240).collect();
    (choices[0], choices[50], choices[199]) = (3, 2, 0);
    let mut expected = [0u64; 5];
    for (voter, choice) in choices.iter().enumerate() {
        expected[choice % 5] += 1 + u64::from(voter % 10 == 0);
    }
    let totals: Vec<u64> = report.results[0].slots.iter().map(|slot| slot.total).collect();
    assert_eq!(totals, expected);
    assert_eq!(report.results[0].weight, 264);
    assert_eq!(report.results[0].groups.len(), 2);
    assert_eq!(report.results[1].groups.len(), 1);
    let whole: u64 = report.results[1].slots.iter().map(|slot| slot.total).sum();
    assert_eq!(whole, report.results[1].weight);
}

#[test]
fn without_an_expected_fingerprint_the_first_line_says_so() {
    let fixture = &*FIXTURE;
    let report = report(&fixture.record);
    assert_eq!(report.verdict, Verdict::Valid);
    let first = report.text().lines().next().unwrap().to_string();
    assert!(first.contains("NOT compared") && first.contains(&fixture.fingerprint.to_string()), "{first}");
    assert!(!expecting(&fixture.record, fixture.fingerprint).headline.contains("NOT"));
}

/// THR-12: everything in the record is consistent, but it is another election.
#[test]
fn a_record_remade_with_other_keys_is_refused_under_the_fingerprint() {
    let fixture = &*FIXTURE;
    let mut options = vitrine_tests::Options::simple(3);
    options.seed = 99;
    let mut drill = Drill::opened(options);
    (0..3).for_each(|voter| cast(&mut drill, voter, 1));
    drill.close();
    drill.tally();
    assert_eq!(report(&drill.record()).verdict, Verdict::Valid);
    let Verdict::Invalid(failure) = expecting(&drill.record(), fixture.fingerprint).verdict else { panic!() };
    assert_eq!((failure.rule, failure.entry), ("VER-5", Some(0)));
    assert_eq!(failure.expected, fixture.fingerprint.to_string());
    assert_eq!(failure.found, drill.election.fingerprint().to_string());
}

#[test]
fn every_beginning_of_a_record_is_incomplete_and_says_what_is_missing() {
    let fixture = &*FIXTURE;
    let last = fixture.entries.len();
    let lengths =
        [1, 2, 3, 5, 8, fixture.opening, fixture.opening + 1, 100, fixture.closing, fixture.closing + 1, last - 1];
    for length in lengths {
        let report = report(&record_of(&fixture.entries[..length], &fixture.board));
        let Verdict::Incomplete { missing } = &report.verdict else { panic!("{length}: {}", report.text()) };
        let expected = match length {
            length if length <= fixture.opening => "the opening",
            length if length <= fixture.closing => "the closing",
            _ => "the result of contest 1, tally group 0",
        };
        assert_eq!(missing.last().unwrap(), expected, "{length}");
        assert_eq!(report.exit_code().number(), 4);
        assert!(report.checks.iter().any(|check| check.status == Status::NotReached));
    }
    let empty = report(&record_of(&[], &fixture.board));
    assert_eq!(empty.verdict, Verdict::Incomplete { missing: vec!["the manifest".into()] });
}

#[test]
fn batches_only_accelerate() {
    let fixture = &*FIXTURE;
    let mut steps = Vec::new();
    let report = verify(&fixture.record, &Options::default(), |step: Progress| steps.push(step), &mut Broken);
    assert_eq!(report.verdict, Verdict::Valid, "without randomness every proof is decided exactly");
    let entries = u64::try_from(fixture.entries.len()).unwrap();
    assert_eq!(steps.last().unwrap(), &Progress { stage: Stage::Entries, done: entries, total: entries });
    assert!(steps.iter().any(|step| step.stage == Stage::Sums));
}

/// A generator that always fails.
struct Broken;

impl rand::RngCore for Broken {
    fn next_u32(&mut self) -> u32 {
        0
    }
    fn next_u64(&mut self) -> u64 {
        0
    }
    fn fill_bytes(&mut self, _: &mut [u8]) {}
    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), rand::Error> {
        Err(rand::Error::new("broken"))
    }
}
impl rand::CryptoRng for Broken {}

#[test]
fn a_record_longer_than_a_chunk_with_revotes_in_other_chunks() {
    let mut drill = Drill::opened(vitrine_tests::Options::simple(1100));
    (0..1100).for_each(|voter| cast(&mut drill, voter, voter));
    for voter in [0, 0, 1, 5, 1099] {
        cast(&mut drill, voter, 2);
    }
    drill.close();
    drill.tally();
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    assert_eq!(report.figures.unwrap().superseded, 5);
    let totals: Vec<u64> = report.results[0].slots.iter().map(|slot| slot.total).collect();
    assert_eq!(Some(totals.as_slice()), drill.election.groups(0)[0].totals());
}

#[test]
fn the_election_is_handed_on_settled() {
    let fixture = &*FIXTURE;
    let closed = record_of(&fixture.entries[..fixture.closing + 1], &fixture.board);
    let (report, election) = verify_election(&closed, &Options::default(), |_| {}, &mut OsRng);
    assert!(matches!(report.verdict, Verdict::Incomplete { .. }));
    assert!(election.unwrap().is_settled());
    let mut bad = closed.clone();
    bad.get_mut("checkpoint").unwrap().push(b'\n');
    assert!(verify_election(&bad, &Options::default(), |_| {}, &mut OsRng).1.is_none());
}

/// A source that fails, or that answers differently the second time.
struct Fickle<'a> {
    record: &'a Record,
    second: Option<&'a Record>,
    fetched: Cell<usize>,
    fails: bool,
}

impl Source for Fickle<'_> {
    type Error = &'static str;

    fn fetch(&self, path: &ChainPath) -> Result<Option<Vec<u8>>, &'static str> {
        let name = path.to_string();
        if name == "tile/entries/000" {
            self.fetched.set(self.fetched.get() + 1);
        }
        if self.fails && self.fetched.get() > 0 {
            return Err("the line is dead");
        }
        let record = if self.fetched.get() > 1 { self.second.unwrap_or(self.record) } else { self.record };
        Ok(record.get(&name).cloned())
    }
}

#[test]
fn what_cannot_be_read_is_unreadable_and_not_invalid() {
    let source = Fickle { record: &FIXTURE.record, second: None, fetched: Cell::new(0), fails: true };
    let report = verify(&source, &Options::default(), |_| {}, &mut OsRng);
    let Verdict::Unreadable { file, cause } = &report.verdict else { panic!("{}", report.text()) };
    assert_eq!((file.as_str(), cause.as_str()), ("tile/entries/000", "the line is dead"));
    assert_eq!(report.exit_code().number(), 3);
}

/// VER-14: a server that shows other ballots when they are added up than when they were checked.
#[test]
fn a_second_reading_that_differs_is_refused() {
    let fixture = &*FIXTURE;
    // The same entries but for one ballot's signature, which the sum does not look at.
    let mut other: Vec<Entry> = fixture.entries.clone();
    let place = fixture.opening + 3;
    let entry = &other[place];
    let mut signature = entry.submission().signature_bytes().to_vec();
    signature[5] ^= 1;
    let submission = entry.submission();
    let forged =
        Submission::from_parts(submission.author_bytes().to_vec(), submission.body_bytes().to_vec(), signature);
    other[place] = Entry::new(entry.index, entry.previous, entry.time, forged);
    let second = record_of(&other, &fixture.board);
    let source = Fickle { record: &fixture.record, second: Some(&second), fetched: Cell::new(0), fails: false };
    let report = verify(&source, &Options::default(), |_| {}, &mut OsRng);
    let Verdict::Invalid(failure) = &report.verdict else { panic!("{}", report.text()) };
    assert_eq!(failure.rule, "VER-14");
}

/// VER-5: a record without a manifest is of no election, whatever was expected; it says neither that it is right nor that it was compared.
#[test]
fn what_has_no_manifest_was_compared_with_nothing() {
    let drill = Drill::begin(vitrine_tests::Options::simple(2));
    let origin = format!("{}/2", drill.board.name());
    let key = tlog::note::SignerKey::from_seed(&origin, &[7; 32]).unwrap();
    let continuation = Body::Continuation(protocol::body::Continuation {
        old_origin: drill.board.name().into(),
        old_size: 1,
        old_root: drill.election.root().into(),
        new_key: key.verifier_key().to_string(),
    });
    // Nobody has signed this one, and nobody can tell without the record before it.
    let unsigned = Submission::from_parts(protocol::Author::Authority.encode(), continuation.encode(), Vec::new());
    let entry = Entry::new(1, drill.election.head(), 29_000_000, unsigned);
    for record in [record_of(&[], &drill.board), record_of(&[entry], &key)] {
        let report = expecting(&record, drill.election.fingerprint());
        assert!(matches!(report.verdict, Verdict::Incomplete { .. }), "{}", report.text());
        assert!(!report.compared, "{}", report.json());
        assert!(report.headline.contains("NOT compared") && !report.headline.contains("right"), "{}", report.headline);
    }
}

#[test]
fn notices_do_not_disturb() {
    let mut drill = Drill::complete(vitrine_tests::Options::simple(3), |_| vec![protocol::Selection::Blank]);
    let submission = drill.by_authority(&Body::Notice(Notice { text: "All is well.\nThank you.".into() }));
    drill.apply(submission).unwrap();
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid);
    assert_eq!(report.figures.unwrap().notices, 1);
    // Relinking a right record changes nothing but times.
    let submissions: Vec<Submission> = drill.entries.iter().map(Entry::submission).collect();
    assert_eq!(super::fixture::report(&relinked(submissions, &drill.board)).verdict, Verdict::Valid);
}
