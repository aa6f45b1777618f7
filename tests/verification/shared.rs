//! VER-42: whoever relies on others for the proofs of ballots comes to the same report, whatever these say.

use crate::{
    fixture::{FIXTURE, Record, cast, is_ballot, relinked, report},
    side_by_side::{MIXED, changed, changes, linked},
};
use proptest::{prelude::*, sample::Index};
use protocol::{Body, Entry, Submission};
use rand::rngs::OsRng;
use std::collections::HashSet;
use tlog::{
    merkle::{Hash, leaf_hash},
    note::SignerKey,
    record::RecordPath,
    tile::{WIDTH, decode_bundle},
};
use verifier::{Options, Prover, Report, Verdict, divide, verify_relying};
use vitrine_tests::{Drill, drill::record_of};

/// What relying on proofs elsewhere comes to, and how many were relied on.
fn relying(record: &Record, elsewhere: &(dyn Fn(u64, &Hash) -> bool + Sync)) -> (Report, Vec<Hash>) {
    verify_relying(record, &Options::default(), elsewhere, |_| {}, &mut OsRng)
}

/// Takes entries as far as the opening, and proves the others.
fn proven(entries: &[Vec<u8>]) -> Vec<Hash> {
    let mut prover = Prover::default();
    let setup = entries.iter().take_while(|entry| !prover.is_ready() && prover.take(entry).is_ok()).count();
    let rest: Vec<&[u8]> = entries[setup..].iter().map(Vec::as_slice).collect();
    prover.prove(&rest, &mut OsRng)
}

/// As a page does it: relies, and where not all of that is proven, verifies once more.
fn shared(record: &Record, entries: &[Vec<u8>], given: &(dyn Fn(u64) -> bool + Sync)) -> (Report, usize) {
    let (first, relied) = relying(record, &|index, _| given(index));
    let proven: HashSet<Hash> = proven(entries).into_iter().collect();
    if relied.iter().all(|leaf| proven.contains(leaf)) {
        return (first, relied.len());
    }
    (relying(record, &|_, leaf| proven.contains(leaf)).0, relied.len())
}

fn encoded(entries: &[Entry]) -> Vec<Vec<u8>> {
    entries.iter().map(Entry::encode).collect()
}

#[test]
fn a_valid_record_is_reported_alike_and_nearly_all_ballots_were_left_to_others() {
    for fixture in [&*FIXTURE, &*MIXED] {
        let alone = report(&fixture.record);
        let entries = encoded(&fixture.entries);
        for given in [&(|_| true) as &(dyn Fn(u64) -> bool + Sync), &|index| index % 2 == 0, &|_| false] {
            let (found, relied) = shared(&fixture.record, &entries, given);
            assert_eq!(found.json(), alone.json());
            let ballots =
                (0..).zip(&fixture.entries).filter(|(index, entry)| is_ballot(entry) && given(*index)).count();
            assert!(relied <= ballots && relied * 2 >= ballots, "{relied} of {ballots}");
        }
    }
}

#[test]
fn a_ballot_without_a_proof_is_refused_as_alone_and_so_is_one_that_nobody_looked_at() {
    let mut drill = Drill::opened(vitrine_tests::Options::simple(6));
    let first = drill.entries.len();
    for voter in 0..6 {
        cast(&mut drill, voter, voter);
    }
    let mut submissions: Vec<Submission> = drill.entries.iter().map(Entry::submission).collect();
    // Its signature is right, and one scalar of its proof another.
    let Ok(Body::Ballot(mut ballot)) = submissions[first].body() else { panic!("no ballot") };
    let mut sealed = ballot.contests[0].to_vec();
    *sealed.iter_mut().rev().nth(31).unwrap() ^= 1;
    ballot.contests[0] = sealed.into();
    submissions[first] = drill.by_voter(0, &Body::Ballot(ballot));
    let board = SignerKey::from_seed(drill.board.name(), &drill.board.seed()).unwrap();
    let record = relinked(submissions.clone(), &board);
    let entries = encoded(&linked(submissions.into_iter()));
    let alone = report(&record);
    let Verdict::Invalid(failure) = &alone.verdict else { panic!("{:?}", alone.verdict) };
    assert_eq!((failure.rule, failure.entry), ("BAL-4", Some(u64::try_from(first).unwrap())));
    // Whoever takes the word of others for it would not see it,
    let (deceived, relied) = relying(&record, &|_, _| true);
    assert!(matches!(deceived.verdict, Verdict::Incomplete { .. }), "{:?}", deceived.verdict);
    // but they do not give it,
    let proven = proven(&entries);
    assert_eq!(proven.len() + 1, relied.len());
    assert!(!proven.contains(&leaf_hash(&entries[first])));
    // so the report is the same.
    assert_eq!(shared(&record, &entries, &|_| true).0.json(), alone.json());
    // And whoever is silent costs time only.
    let nothing: (Report, _) = relying(&record, &|_, _| false);
    assert_eq!((nothing.0.json(), nothing.1.len()), (alone.json(), 0));
}

#[test]
fn a_record_is_divided_behind_its_opening_and_into_full_bundles() {
    let entries = encoded(&FIXTURE.entries);
    let division = divide(&FIXTURE.record).unwrap();
    assert_eq!(division.setup.len(), FIXTURE.opening / 256 + 1);
    assert_eq!(division.bundles.len(), entries.len() / 256 - division.setup.len());
    assert!(division.bundles.iter().all(|path| path.width() == WIDTH));
    let bundle =
        |path| decode_bundle(&FIXTURE.record[&RecordPath::Tile(path).to_string()], path.width()).unwrap().len();
    assert_eq!(division.setup.iter().map(|path| bundle(*path)).sum::<usize>(), 256 * division.setup.len());
    // Without an opening nothing is divided; nor of what is no record.
    let early = record_of(&FIXTURE.entries[..FIXTURE.opening], &FIXTURE.board);
    assert_eq!(divide(&early), None);
    assert_eq!(divide(&Record::new()), None);
    // A prover that has no whole set-up proves nothing.
    assert!(proven(&entries[1..]).is_empty());
    assert!(Prover::default().prove(&[&entries[0]], &mut OsRng).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_happened_to_a_record_the_report_is_the_same(changes in changes(), setup in any::<bool>(), left in any::<Index>()) {
        let all: Vec<Submission> = MIXED.entries.iter().map(Entry::submission).collect();
        let (before, behind) = all.split_at(if setup { 1 } else { MIXED.opening + 1 });
        let entries = linked(before.iter().cloned().chain(changed(behind.to_vec(), &changes)));
        let record = record_of(&entries, &MIXED.board);
        let left = u64::try_from(left.index(entries.len())).unwrap();
        let (found, _) = shared(&record, &encoded(&entries), &|index| index >= left);
        prop_assert_eq!(found.json(), report(&record).json());
    }
}
