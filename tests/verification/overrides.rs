//! Overridden rows in a whole record: counted, reported, and found out where they were counted all the same (OVR-5, OVR-6).

use crate::fixture::{expecting, fixture, report};
use protocol::Selection;
use verifier::Verdict;
use vitrine_tests::{Drill, Options};

/// Six voters in two units, of weights 1 to 3; one votes twice.
fn voted() -> Drill {
    let mut drill = Drill::opened(Options {
        overrides: true,
        units: vec![vec![0], vec![0]],
        voters: vec![(0, 1), (0, 2), (0, 3), (1, 1), (1, 1), (1, 1)],
        ..Options::simple(6)
    });
    for (voter, option) in [(0, 0), (1, 1), (2, 2), (3, 3), (1, 2), (5, 0)] {
        drill.cast(voter, &[Selection::Options(vec![option])]).unwrap();
    }
    drill
}

/// Three rows are overridden, two of them with ballots.
fn override_three(drill: &mut Drill) {
    for (row, reason) in [(1, "voted in person, <b>station 3</b>"), (4, "voted by post"), (3, "voted in person")] {
        drill.override_row(row, reason).unwrap();
    }
}

#[test]
fn a_record_with_overrides_is_valid_and_tells_of_them() {
    let mut drill = voted();
    override_three(&mut drill);
    drill.close();
    drill.tally();
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let figures = report.figures.as_ref().unwrap();
    assert_eq!((figures.ballots, figures.superseded, figures.counted), (6, 1, 3));
    assert_eq!((figures.overridden, figures.overridden_ballots), (3, 2));
    let totals: Vec<u64> = report.results[0].slots.iter().map(|slot| slot.total).collect();
    assert_eq!(totals, [2, 0, 3, 0, 0]);
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    let rows: Vec<(u64, u64, bool)> = json["overrides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["row"].as_u64().unwrap(), one["weight"].as_u64().unwrap(), one["ballot"].is_u64()))
        .collect();
    assert_eq!(rows, [(1, 2, true), (3, 1, true), (4, 1, false)]);
    let (text, html) = (report.text(), report.html());
    assert!(text.contains("row 4 (Unit 2, weight 1): voted by post; had no ballot"), "{text}");
    assert!(html.contains("Overridden rows") && !html.contains("<b>station"), "a reason is data");
}

/// A closing that counts overridden ballots is refused, at its entry.
#[test]
fn a_closing_that_counts_them() {
    let mut drill = voted();
    let wrong = drill.closing();
    override_three(&mut drill);
    assert_ne!(wrong, drill.closing());
    let submission = drill.by_authority(&wrong);
    let entry = drill.election.next_entry(submission, drill.now);
    drill.entries.push(entry);
    let fixture = fixture(&drill);
    let Verdict::Invalid(failure) = expecting(&fixture.record, fixture.fingerprint).verdict else { panic!("counted") };
    assert_eq!((failure.rule, failure.entry), ("CLO-1", u64::try_from(fixture.closing).ok()));
}
