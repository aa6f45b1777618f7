//! Board, authority and trustees together: the record is linked and signed anew after each forgery, so that only the rules are left to
//! refuse it (THR-11, THR-20, THR-21).

use crate::fixture::{FIXTURE, audit, broken, cast, failure, fixture, is_ballot, relinked, report, selections};
use protocol::{
    Body, Entry, Submission,
    body::{Closing, PartialDecryption, ResultBody},
    ids::CountedFingerprint,
};
use verifier::{CheckId, Status, Verdict};
use vitrine_tests::{Drill, Options};

fn submissions(entries: &[Entry]) -> Vec<Submission> {
    entries.iter().map(Entry::submission).collect()
}

fn at(place: usize) -> Option<u64> {
    Some(u64::try_from(place).unwrap())
}

#[test]
fn entries_before_the_opening_cannot_be_touched() {
    let fixture = &*FIXTURE;
    let all = submissions(&fixture.entries);
    for place in 1..=fixture.opening {
        let mut without = all.clone();
        without.remove(place);
        assert!(matches!(report(&relinked(without, &fixture.board)).verdict, Verdict::Invalid(_)), "without {place}");
        let mut twice = all.clone();
        twice.insert(place, all[place].clone());
        assert!(matches!(report(&relinked(twice, &fixture.board)).verdict, Verdict::Invalid(_)), "twice {place}");
    }
    // Another order alone gives other entry hashes, and the rehearsals name one.
    let mut swapped = all.clone();
    swapped.swap(1, 2);
    assert_eq!(broken(&relinked(swapped, &fixture.board)), ("CER-9", at(fixture.opening - 3)));
}

#[test]
fn a_dropped_or_moved_ballot_shows_in_the_counted_set() {
    let fixture = &*FIXTURE;
    let all = submissions(&fixture.entries);
    let mut without = all.clone();
    without.remove(fixture.opening + 7);
    assert_eq!(broken(&relinked(without, &fixture.board)), ("CLO-1", at(fixture.closing - 1)));
    let mut twice = all.clone();
    twice.insert(fixture.opening + 9, all[fixture.opening + 7].clone());
    assert_eq!(broken(&relinked(twice, &fixture.board)), ("BAL-5", at(fixture.opening + 9)));
    let mut swapped = all.clone();
    swapped.swap(fixture.opening + 5, fixture.opening + 6);
    assert_eq!(broken(&relinked(swapped, &fixture.board)), ("CLO-1", at(fixture.closing)));
    // A superseded ballot is in no counted set, but in the closing's hash, which every partial decryption is for.
    let mut earlier = all.clone();
    earlier.swap(fixture.opening + 1, fixture.opening + 2);
    assert_eq!(broken(&relinked(earlier, &fixture.board)), ("TAL-4", at(fixture.closing + 3)));
    let mut after = all.clone();
    let moved = after.remove(fixture.opening + 7);
    after.insert(fixture.closing + 1, moved);
    assert!(matches!(report(&relinked(after, &fixture.board)).verdict, Verdict::Invalid(_)));
}

#[test]
fn a_false_closing_is_refused() {
    let mut drill = Drill::opened(Options::simple(5));
    (0..5).for_each(|voter| cast(&mut drill, voter, voter));
    let body = Body::Closing(Closing { counted: CountedFingerprint([1; 32]), evidence: Vec::new().into() });
    let mut all = submissions(&drill.entries);
    all.push(drill.by_authority(&body));
    let failure = failure(&relinked(all.clone(), &drill.board));
    assert_eq!((failure.rule, failure.entry, failure.check), ("CLO-1", at(all.len() - 1), CheckId::Closing));
}

/// A ballot whose proof was changed and that its voter signed all the same, in the midst of a thousandfold batch.
#[test]
fn one_false_proof_in_a_batch_is_blamed() {
    let mut drill = Drill::opened(Options::simple(300));
    (0..300).for_each(|voter| cast(&mut drill, voter, voter));
    let place = drill.entries.len() - 120;
    let voter = 300 - 120;
    let Ok(Body::Ballot(mut ballot)) = drill.entries[place].submission().body() else { panic!() };
    // The last byte of a contest but the top ones belongs to a response of the proof: still canonical, no longer right.
    let length = ballot.contests[0].len();
    ballot.contests[0][length - 20] ^= 1;
    let mut all = submissions(&drill.entries);
    all[place] = drill.by_voter(voter, &Body::Ballot(ballot));
    let failure = failure(&relinked(all, &drill.board));
    assert_eq!((failure.rule, failure.entry, failure.check), ("BAL-4", at(place), CheckId::Ballots));
}

#[test]
fn a_false_signature_is_named() {
    let fixture = &*FIXTURE;
    let mut all = submissions(&fixture.entries);
    let place = fixture.opening + 30;
    assert!(is_ballot(&fixture.entries[place]));
    let mut signature = all[place].signature_bytes().to_vec();
    signature[40] ^= 1;
    let forged =
        Submission::from_parts(all[place].author_bytes().to_vec(), all[place].body_bytes().to_vec(), signature);
    all[place] = forged;
    assert_eq!(broken(&relinked(all, &fixture.board)), ("ENT-5", at(place)));
}

/// Position decides within a batch too: the second of two ballots in one place of a chain is the one refused.
#[test]
fn two_ballots_in_one_place_of_a_chain() {
    let mut drill = Drill::opened(Options::simple(4));
    let (first, _) = {
        let selections = selections(&drill, 0, 1);
        drill.seal(0, &selections)
    };
    let (second, _) = {
        let selections = selections(&drill, 0, 2);
        drill.seal(0, &selections)
    };
    let mut all = submissions(&drill.entries);
    all.push(drill.by_voter(0, &Body::Ballot(first)));
    all.push(drill.by_voter(0, &Body::Ballot(second)));
    let failure = failure(&relinked(all.clone(), &drill.board));
    assert_eq!((failure.rule, failure.entry), ("BAL-5", at(all.len() - 1)));
}

/// THR-6: a published audit, cast afterwards in the same chunk.
#[test]
fn an_audited_ballot_that_is_cast() {
    let mut drill = Drill::opened(Options::simple(4));
    cast(&mut drill, 1, 1);
    audit(&mut drill, 0);
    let Ok(Body::AuditedBallot(audited)) = drill.entries.last().unwrap().submission().body() else { panic!() };
    let ballot = Body::decode(&audited.ballot).unwrap();
    let mut all = submissions(&drill.entries);
    all.push(drill.by_voter(0, &ballot));
    assert_eq!(broken(&relinked(all.clone(), &drill.board)), ("BAL-7", at(all.len() - 1)));
}

/// THR-20: forged totals, by whoever likes, linked and signed by the board.
#[test]
fn forged_totals_are_refused() {
    let fixture = &*FIXTURE;
    let mut forgeries = 0;
    for (place, entry) in fixture.entries.iter().enumerate() {
        let Ok(Body::Result(result)) = entry.submission().body() else { continue };
        let mut forged = result.totals.clone();
        forged[0] += 1;
        forged[1] -= 1;
        let mut longer = result.totals.clone();
        longer.push(0);
        // The same residue modulo the group's order does not fit 64 bits, so a total has one representative only.
        for totals in [forged, longer, Vec::new(), vec![u64::MAX; result.totals.len()]] {
            let body = Body::Result(ResultBody { totals, ..result.clone() });
            let mut all = submissions(&fixture.entries);
            all[place] = Submission::anonymous(body.encode());
            let failure = failure(&relinked(all, &fixture.board));
            assert_eq!((failure.rule, failure.entry, failure.check), ("TAL-5", at(place), CheckId::Results));
            forgeries += 1;
        }
    }
    assert_eq!(forgeries, 12);
}

/// THR-21: a wrong partial decryption is evidence, counts for nothing and blocks nothing.
#[test]
fn a_wrong_partial_decryption_is_shown_and_blocks_nothing() {
    let mut drill = Drill::opened(Options::simple(5));
    (0..5).for_each(|voter| cast(&mut drill, voter, voter));
    drill.close();
    let Body::PartialDecryption(right) = drill.partial(3, 0, 0) else { panic!() };
    let mut wrong = right.clone();
    wrong.partials.swap(0, 1);
    let submission = drill.by_trustee(3, &Body::PartialDecryption(PartialDecryption { ..wrong }));
    let index = drill.apply(submission).unwrap();
    // With one right partial decryption less than k, no result can be posted.
    let too_few = {
        let mut all = submissions(&drill.entries);
        let totals = vec![1, 1, 1, 1, 1];
        all.push(Submission::anonymous(Body::Result(ResultBody { contest: 0, group: 0, totals }).encode()));
        broken(&relinked(all, &drill.board)).0
    };
    assert_eq!(too_few, "TAL-4");
    drill.tally();
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let author = report.decryptions.iter().find(|facts| facts.trustee == 3).unwrap();
    assert_eq!((author.right, author.wrong.len(), author.wrong[0].entry), (1, 1, index));
    assert!(report.text().contains(&format!("WRONG partial decryption in entry {index}")));
}

#[test]
fn what_comes_after_a_failure_is_not_reached() {
    let mut drill = Drill::opened(Options::simple(3));
    cast(&mut drill, 0, 0);
    let made = fixture_of(&mut drill);
    let mut all = submissions(&made.entries);
    let place = all.len() - 4;
    all.swap(place, place + 1);
    let report = report(&relinked(all, &made.board));
    let failed = report.checks.iter().position(|check| check.status == Status::Failed).unwrap();
    assert!(report.checks[failed + 1..].iter().all(|check| check.status == Status::NotReached), "{}", report.text());
    assert!(report.results.is_empty(), "nothing is said about totals of an invalid record");
    assert_eq!(report.exit_code().number(), 1);
}

fn fixture_of(drill: &mut Drill) -> crate::fixture::Fixture {
    drill.close();
    drill.tally();
    fixture(drill)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    /// A leaf that is no entry, or an entry with a few bytes of another: signed by the board all the same.
    #[test]
    fn a_leaf_that_is_no_entry_is_named(
        garbage in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        place in 0usize..40,
        splice in proptest::prelude::any::<bool>(),
    ) {
        let fixture = &*FIXTURE;
        let mut leaves: Vec<Vec<u8>> = fixture.entries.iter().map(Entry::encode).collect();
        if splice {
            let middle = leaves[place].len() / 2;
            leaves[place].splice(middle..middle, garbage.iter().copied());
        } else {
            leaves[place] = garbage.clone();
        }
        let changed = leaves[place] != fixture.entries[place].encode();
        let files = tlog::record::write_record(&leaves, &fixture.board).unwrap();
        let record = files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect();
        if changed {
            let (rule, entry) = broken(&record);
            proptest::prop_assert!(rule == "ENC-1" || rule == "ENC-2", "{}", rule);
            proptest::prop_assert_eq!(entry, at(place));
        }
    }
}
