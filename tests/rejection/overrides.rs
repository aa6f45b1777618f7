//! Overrides (OVR), and the manifest's word that allows them (MAN-25).

use super::{authority, registrar, rule, voter};
use crypto::{EncodedPoint, SecretScalar, schnorr::prove_possession};
use protocol::{
    Author, Body, Election, Entry, Selection, Submission,
    body::{Override, Replacement},
    cbor, context,
    election::{GroupStatus, SettleError},
    fingerprint,
    ids::EntryHash,
};
use vitrine_tests::{Drill, Options};

fn allowing(voters: usize) -> Options {
    Options { overrides: true, ..Options::simple(voters) }
}

fn of(index: u32, reason: &str) -> Body {
    Body::Override(Override { index, reason: reason.into() })
}

#[test]
fn where_the_manifest_allows_none() {
    let mut drill = Drill::opened(Options::simple(3));
    assert!(!drill.election.manifest().overrides);
    assert_eq!(authority(&mut drill, of(0, "voted in person")), "OVR-1");
}

#[test]
fn rows_and_reasons() {
    let mut drill = Drill::opened(allowing(3));
    for index in [3, u32::MAX] {
        assert_eq!(authority(&mut drill, of(index, "voted in person")), "OVR-2");
    }
    for reason in ["", "two\nlines", "turned \u{202e}round", "e\u{301}", &"x".repeat(401)] {
        assert_eq!(authority(&mut drill, of(1, reason)), "ENC-3");
    }
    let entry = drill.override_row(1, "voted in person").unwrap();
    let found = &drill.election.overrides()[&1];
    assert_eq!((found.entry, found.reason.as_str()), (entry, "voted in person"));
    // The same again is the same submission; with another reason it is a second one.
    assert_eq!(authority(&mut drill, of(1, "voted in person")), "ENT-6");
    assert_eq!(authority(&mut drill, of(1, "to be sure")), "OVR-2");
}

#[test]
fn who_and_when() {
    let mut drill = Drill::begin(allowing(3));
    assert_eq!(authority(&mut drill, of(0, "too early")), "ENT-7");
    let mut drill = Drill::opened(allowing(3));
    assert_eq!(registrar(&mut drill, 1, of(0, "by a registrar")), "ENT-4");
    assert_eq!(voter(&mut drill, 0, of(0, "by the voter")), "ENT-4");
    let anonymous = Submission::anonymous(of(0, "by anyone").encode());
    assert_eq!(rule(drill.apply(anonymous)), "ENT-4");
    let mut forged = drill.by_registrar(1, &of(0, "signed by another"));
    forged = Submission::from_parts(
        Author::Authority.encode(),
        forged.body_bytes().to_vec(),
        forged.signature_bytes().to_vec(),
    );
    assert_eq!(rule(drill.apply(forged)), "ENT-5");
    drill.cast(1, &[Selection::Blank]).unwrap();
    drill.close();
    assert_eq!(authority(&mut drill, of(0, "too late")), "ENT-7");
}

/// OVR-3: whether the row had a ballot or none, it has no further one, and no new credential.
#[test]
fn nothing_more_comes_of_an_overridden_row() {
    let mut drill = Drill::opened(allowing(3));
    drill.cast(0, &[Selection::Options(vec![2])]).unwrap();
    let (late, _) = drill.seal(1, &[Selection::Options(vec![1])]);
    for row in [0, 1] {
        drill.override_row(row, "voted in person").unwrap();
        assert_eq!(rule(drill.cast(row, &[Selection::Blank])), "OVR-3");
    }
    // Also a ballot that was sealed before.
    assert_eq!(voter(&mut drill, 1, Body::Ballot(late)), "OVR-3");
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let transcript = context::replacement_possession(&drill.election.fingerprint(), 1, 1, 1);
    let possession = *prove_possession(transcript, &[&secret], &mut drill.rng).unwrap().as_bytes();
    let key = EncodedPoint::encode(&secret.public());
    let replacement = Body::Replacement(Replacement { index: 1, round: 1, key, possession });
    assert_eq!(registrar(&mut drill, 1, replacement), "OVR-3");
    drill.cast(2, &[Selection::Blank]).unwrap();
}

/// A ballot that was examined before the override came is not taken after it: the order in the record decides.
#[test]
fn a_ballot_that_was_under_way() {
    let mut drill = Drill::opened(allowing(3));
    let (ballot, _) = drill.seal(0, &[Selection::Blank]);
    let submission = drill.by_voter(0, &Body::Ballot(ballot));
    let proven = drill.election.examine(&submission).unwrap().prove(drill.election.bases()).unwrap();
    drill.override_row(0, "voted in person").unwrap();
    let entry = drill.election.next_entry(submission, drill.now);
    assert_eq!(rule(drill.election.accept(&entry, proven)), "OVR-3");
}

/// OVR-4, TAL-7: of three rows with ballots, one with two of them, the overridden ones are in no count, sum or group.
#[test]
fn what_is_overridden_is_not_counted() {
    let mut drill = Drill::opened(Options { minimum_unit: 2, ..allowing(4) });
    let mut positions = Vec::new();
    for (voter, option) in [(0, 0), (1, 1), (2, 2), (1, 3), (3, 0)] {
        positions.push(drill.cast(voter, &[Selection::Options(vec![option])]).unwrap());
    }
    let before = drill.election.count().fingerprint;
    drill.override_row(1, "voted in person").unwrap();
    assert_ne!(drill.election.count().fingerprint, before);
    drill.override_row(3, "voted by post").unwrap();
    let body = drill.closing();
    let submission = drill.by_authority(&body);
    drill.apply(submission).unwrap();
    assert_eq!(drill.election.counted_positions(), [positions[0], positions[2]]);
    let group = &drill.election.groups(0)[0];
    assert_eq!((group.counted, group.status), (2, GroupStatus::Open));
    let entry = |position: u64| &drill.entries[usize::try_from(position).unwrap()];
    let refused = drill.election.sum([entry(positions[3])]).err();
    assert_eq!(refused, Some(SettleError::NotCounted(positions[3])));
    let sums = drill.election.sum([entry(positions[0]), entry(positions[2])]).unwrap();
    drill.election.settle(sums).unwrap();
    drill.tally();
    assert_eq!(drill.election.groups(0)[0].totals(), Some([1, 0, 1, 0, 0].as_slice()));
}

/// TAL-8: who is overridden does not make a unit large enough to be told apart.
#[test]
fn a_group_that_overrides_make_small_is_withheld() {
    let mut drill = Drill::opened(Options { minimum_unit: 3, ..allowing(3) });
    for voter in 0..3 {
        drill.cast(voter, &[Selection::Options(vec![voter])]).unwrap();
    }
    assert_eq!(drill.election.count().groups[0][0].status, GroupStatus::Open);
    drill.override_row(0, "voted in person").unwrap();
    drill.override_row(1, "voted in person").unwrap();
    drill.close();
    assert_eq!(drill.election.groups(0)[0].status, GroupStatus::Withheld);
}

/// MAN-25: the field is `true` at the end, or not there; and a manifest without it has the bytes it always had.
#[test]
fn the_manifest_s_last_field() {
    let drill = Drill::begin(allowing(3));
    let with = drill.entries[0].submission().body_bytes().to_vec();
    let mut manifest = drill.election.manifest().clone();
    manifest.overrides = false;
    let without = cbor::encode(&Body::Manifest(Box::new(manifest)));
    // `[0, [... 26 fields]]` or 27: one more in the second head, and `true` at the end.
    assert_eq!((with[..4].to_vec(), with.last()), (vec![0x82, 0, 0x98, 27], Some(&0xf5)));
    assert_eq!((with.len(), &with[4..with.len() - 1]), (without.len() + 1, &without[4..]));
    for last in [vec![0xf4], vec![0xf6], vec![0x01], Vec::new(), vec![0xf5, 0xf5]] {
        let bytes = [&with[..with.len() - 1], &last].concat();
        let f = fingerprint::election(&bytes);
        let mut rng = drill.rng.clone();
        let submission = Submission::sign(&f, &Author::Authority, bytes, &drill.authority, &mut rng).unwrap();
        assert_eq!(rule(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission))), "ENC-1", "{last:?}");
    }
}
