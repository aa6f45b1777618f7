//! VER-6: examining side by side and proving in batches changes no verdict. Entries are moved, doubled and dropped at
//! random; the verifier refuses the same entry by the same rule as the fold does when it takes one after the other.

use crate::fixture::{Fixture, audit, cast, fixture, report};
use crypto::{
    EncodedPoint, SecretScalar,
    schnorr::{SigningKey, prove_possession},
};
use proptest::{prelude::*, sample::Index};
use protocol::{
    Body, Election, Entry, Submission,
    body::{Notice, Replacement},
    context,
    ids::EntryHash,
};
use std::sync::LazyLock;
use tlog::note::SignerKey;
use verifier::Verdict;
use vitrine_tests::{Drill, Options, drill::record_of};

/// Revotes, audits, a replacement and notices among 24 voters' ballots, closed and tallied.
pub(crate) static MIXED: LazyLock<Fixture> = LazyLock::new(|| {
    let mut drill = Drill::opened(Options::simple(24));
    for voter in 0..12 {
        cast(&mut drill, voter, voter);
        if voter % 4 == 0 {
            audit(&mut drill, voter);
            cast(&mut drill, voter, voter + 1);
        }
    }
    audit(&mut drill, 20);
    replace(&mut drill, 20);
    for voter in 12..24 {
        cast(&mut drill, voter, voter);
    }
    for remark in ["Polls close soon.", "Polls close."] {
        let submission = drill.by_authority(&Body::Notice(Notice { text: remark.into() }));
        drill.apply(submission).unwrap();
    }
    drill.close();
    drill.tally();
    fixture(&drill)
});

fn replace(drill: &mut Drill, voter: u32) {
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let transcript = context::replacement_possession(&drill.election.fingerprint(), 1, 1, voter);
    let possession = *prove_possession(transcript, &[&secret], &mut drill.rng).unwrap().as_bytes();
    let key = EncodedPoint::encode(&secret.public());
    let submission = drill.by_registrar(1, &Body::Replacement(Replacement { index: voter, round: 1, key, possession }));
    drill.apply(submission).unwrap();
    drill.credentials[usize::try_from(voter).unwrap()] = SigningKey::from_secret(secret);
}

/// One change of a list of submissions, somewhere in it.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Move(Index, Index),
    Double(Index, Index),
    Drop(Index),
}

pub(crate) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Move(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
        any::<Index>().prop_map(Change::Drop),
    ];
    prop::collection::vec(change, 1..4)
}

pub(crate) fn changed(mut list: Vec<Submission>, changes: &[Change]) -> Vec<Submission> {
    for change in changes {
        match change {
            Change::Move(from, to) => {
                let one = list.remove(from.index(list.len()));
                list.insert(to.index(list.len()), one);
            }
            Change::Double(from, to) => list.insert(to.index(list.len()), list[from.index(list.len())].clone()),
            Change::Drop(place) => drop(list.remove(place.index(list.len()))),
        }
    }
    list
}

/// The first refusal when every entry is applied by itself.
fn one_by_one(entries: &[Entry]) -> Option<(u64, &'static str)> {
    let mut election = Election::begin(&entries[0]).unwrap();
    for entry in &entries[1..] {
        if let Err(rejection) = election.apply(entry) {
            return Some((entry.index, rejection.rule().id()));
        }
        if election.closing().is_some() && !election.is_settled() {
            let counted = election.counted_positions();
            let ballots = counted.iter().map(|place| &entries[usize::try_from(*place).unwrap()]);
            let sums = election.sum(ballots).unwrap();
            election.settle(sums).unwrap();
        }
    }
    None
}

pub(crate) fn linked(submissions: impl Iterator<Item = Submission>) -> Vec<Entry> {
    let mut previous = EntryHash([0; 32]);
    let link = |(index, submission)| {
        let entry = Entry::new(index, previous, 29_000_000, submission);
        previous = entry.hash();
        entry
    };
    (0..).zip(submissions).map(link).collect()
}

fn agree(entries: &[Entry], board: &SignerKey) -> Result<(), TestCaseError> {
    let alone = one_by_one(entries);
    match (report(&record_of(entries, board)).verdict, alone) {
        (Verdict::Invalid(failure), Some(alone)) => {
            prop_assert_eq!((failure.entry, failure.rule), (Some(alone.0), alone.1));
        }
        (Verdict::Valid | Verdict::Incomplete { .. }, None) => {}
        (verdict, alone) => return Err(TestCaseError::fail(format!("{verdict:?}, one by one {alone:?}"))),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_same_refusal_as_one_by_one(changes in changes(), setup in any::<bool>()) {
        let all: Vec<Submission> = MIXED.entries.iter().map(Entry::submission).collect();
        let (before, behind) = all.split_at(if setup { 1 } else { MIXED.opening + 1 });
        let entries = linked(before.iter().cloned().chain(changed(behind.to_vec(), &changes)));
        agree(&entries, &MIXED.board)?;
    }
}

#[test]
fn the_record_itself_is_valid_both_ways() {
    assert_eq!(one_by_one(&MIXED.entries), None);
    assert_eq!(report(&MIXED.record).verdict, Verdict::Valid);
}
