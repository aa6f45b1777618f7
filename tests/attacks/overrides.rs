//! What overrides could be used for (THR-80 to THR-82).

use crate::{authority, option, rule, totals, voter};
use protocol::{Author, Body, Phase, Submission, body::Override, election::GroupStatus};
use verifier::{Options as Reading, Verdict, verify};
use vitrine_tests::{Drill, Options};

fn allowing(voters: usize) -> Options {
    Options { overrides: true, ..Options::simple(voters) }
}

fn of(index: u32, reason: &str) -> Body {
    Body::Override(Override { index, reason: reason.into() })
}

/// THR-80: here before and after the polling place, and with a ballot that was sealed before.
#[test]
fn voting_here_and_in_person() {
    let mut drill = Drill::opened(allowing(4));
    drill.cast(0, &option(0)).unwrap();
    drill.cast(1, &option(1)).unwrap();
    let (sealed, _) = drill.seal(1, &option(2));
    drill.override_row(1, "voted in person").unwrap();
    assert_eq!(rule(voter(&mut drill, 1, &Body::Ballot(sealed))), "OVR-3");
    assert_eq!(rule(drill.cast(1, &option(2))), "OVR-3");
    assert_eq!(totals(&mut drill), [1, 0, 0, 0, 0]);
}

/// THR-81: whom the authority overrides without cause finds the entry; nobody else can, and nowhere without a trace.
#[test]
fn overriding_who_never_came() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &option(0)).unwrap();
    assert_eq!(rule(authority(&mut drill, &of(0, "voted in person"))), "OVR-1");

    let mut drill = Drill::opened(allowing(3));
    for voter in 0..3 {
        drill.cast(voter, &option(voter)).unwrap();
    }
    let submission = drill.by_registrar(1, &of(0, "by a registrar"));
    assert_eq!(rule(drill.apply(submission)), "ENT-4");
    let forged = drill.by_registrar(1, &of(0, "signed by a registrar"));
    let parts = (Author::Authority.encode(), forged.body_bytes().to_vec(), forged.signature_bytes().to_vec());
    assert_eq!(rule(drill.apply(Submission::from_parts(parts.0, parts.1, parts.2))), "ENT-5");
    let entry = drill.override_row(0, "voted in person").unwrap();
    drill.close();
    drill.tally();
    assert_eq!(rule(authority(&mut drill, &of(1, "after the closing"))), "ENT-7");
    assert_eq!(drill.election.phase(), Phase::Tallied);
    let report = verify(&drill.record(), &Reading::default(), &mut |_| {}, &mut drill.rng);
    assert_eq!(report.verdict, Verdict::Valid);
    let told = &report.overrides[0];
    assert_eq!(
        (told.entry, told.row, told.reason.as_str(), told.ballot.is_some()),
        (entry, 0, "voted in person", true)
    );
    assert!(
        report.text().contains("row 0 (Unit 1, weight 1): voted in person; its ballot, entry"),
        "{}",
        report.text()
    );
    // The entry taken out of the record, and everything else as it was: the chain does not hold.
    let mut entries = drill.entries.clone();
    entries.remove(usize::try_from(entry).unwrap());
    let failure = crate::board::refused(&drill, &entries);
    assert_eq!(failure.entry, Some(entry));
}

/// THR-82: all but one of a unit, so that its total would tell what that one chose.
#[test]
fn overriding_all_but_one() {
    let mut drill = Drill::opened(Options {
        units: vec![vec![0], vec![0]],
        voters: vec![(0, 1), (0, 1), (0, 1), (1, 1), (1, 1), (1, 1)],
        minimum_unit: 2,
        ..allowing(6)
    });
    for voter in 0..6 {
        drill.cast(voter, &option(voter % 3)).unwrap();
    }
    assert_eq!(drill.election.count().groups[0].len(), 2);
    for row in [0, 1] {
        drill.override_row(row, "voted in person").unwrap();
    }
    // The unit of one joins the other.
    let groups = drill.election.count().groups.remove(0);
    assert_eq!((groups.len(), groups[0].units.as_slice(), groups[0].counted), (1, [0, 1].as_slice(), 4));
    for row in [3, 4, 5] {
        drill.override_row(row, "voted in person").unwrap();
    }
    drill.close();
    assert_eq!(drill.election.groups(0)[0].status, GroupStatus::Withheld);
    assert_eq!(drill.election.phase(), Phase::Tallied, "nothing is decrypted");
}
