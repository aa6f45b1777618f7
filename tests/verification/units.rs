//! Units that see different contests, totals of each and of all, small ones added up together, and weights (VER-16, TAL-8, TAL-11).

use crate::fixture::report;
use protocol::{Election, Selection};
use verifier::Verdict;
use vitrine_tests::{Drill, Options, drill::choose_one};

/// Three units, of which the one in the middle does not vote on the park; 4, 1 and 3 voters of these weights, 3 ballots are the minimum.
fn held(weight: u32) -> Drill {
    let mut options = Options::simple(8);
    options.contests.push(choose_one("Shall the park be built?", &["Yes", "No"]));
    options.units = vec![vec![0, 1], vec![0], vec![0, 1]];
    options.voters = [0, 0, 0, 0, 1, 2, 2, 2].into_iter().map(|unit| (unit, 1)).collect();
    options.voters[7].1 = weight;
    options.minimum_unit = 3;
    let mut drill = Drill::opened(options);
    for voter in 0..8 {
        let mut selections = vec![Selection::Options(vec![voter % 4])];
        if voter != 4 {
            selections.push(Selection::Options(vec![voter % 2]));
        }
        drill.cast(voter, &selections).unwrap();
    }
    drill.close();
    drill.tally();
    drill
}

#[test]
fn totals_of_units_and_of_all() {
    let drill = held(1);
    let styles = |election: &Election, unit| election.style(unit).map(|(contest, _, _)| contest).collect::<Vec<_>>();
    assert_eq!((styles(&drill.election, 0), styles(&drill.election, 1)), (vec![0, 1], vec![0]));
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid);
    let totals = |slots: &[verifier::SlotTotal]| slots.iter().map(|slot| slot.total).collect::<Vec<_>>();
    let [council, park] = report.results.as_slice() else { panic!("two contests") };
    assert_eq!(totals(&council.slots), [2, 2, 2, 2, 0]);
    // The single voter of unit 2 is with unit 3, in the contest that both vote on.
    let groups: Vec<_> = council.groups.iter().map(|group| (group.units.join("+"), totals(&group.slots))).collect();
    assert_eq!(groups, [("Unit 1".into(), vec![1, 1, 1, 1, 0]), ("Unit 2+Unit 3".into(), vec![1, 1, 1, 1, 0])]);
    assert_eq!(totals(&park.slots), [3, 4, 0]);
    let groups: Vec<_> = park.groups.iter().map(|group| (group.units.join("+"), totals(&group.slots))).collect();
    assert_eq!(groups, [("Unit 1".into(), vec![2, 2, 0]), ("Unit 3".into(), vec![1, 2, 0])]);

    let [merged] = report.grouping.as_slice() else { panic!("{:?}", report.grouping) };
    assert_eq!(
        (merged.contest, merged.group, merged.units.as_slice()),
        (0, 1, ["Unit 2".into(), "Unit 3".into()].as_slice())
    );
    assert_eq!(merged.small.iter().map(|one| (one.unit.as_str(), one.counted)).collect::<Vec<_>>(), [("Unit 2", 1)]);
    for text in [report.text(), report.html()] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("Unit 2 has 1 counted, fewer than the 3 ballots that the manifest fixed"), "{text}");
    }
    assert!(report.weights.is_none() && !report.text().contains("WEIGHTS"));
}

#[test]
fn weights_count_and_the_first_page_says_what_they_give_away() {
    let report = report(&held(5).record());
    assert_eq!(report.verdict, Verdict::Valid);
    assert_eq!((report.results[0].counted, report.results[0].weight), (8, 12));
    assert_eq!(report.results[0].slots[3].total, 6);
    let weights = report.weights.as_ref().unwrap();
    assert_eq!((weights.smallest, weights.largest, weights.different, weights.alone), (1, 5, 2, 1));
    let (text, html) = (report.text(), report.html());
    assert!(text.find("WEIGHTS: ").unwrap() < text.find("Checks").unwrap());
    assert!(html.find("<strong>Weights.").unwrap() < html.find("<h2>").unwrap());
    assert!(text.contains("weighted totals can be solved for who voted what"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!((&json["weights"]["largest"], &json["weights"]["alone"]), (&5.into(), &1.into()));
}

/// TAL-12: what is withheld is named, with its reason.
#[test]
fn what_is_withheld_is_said() {
    let mut drill = Drill::opened(Options { minimum_unit: 3, ..Options::simple(4) });
    for voter in 0..2 {
        drill.cast(voter, &[Selection::Blank]).unwrap();
    }
    drill.close();
    let report = report(&drill.record());
    assert_eq!((report.verdict.clone(), report.results[0].groups[0].status), (Verdict::Valid, "withheld"));
    assert!(report.grouping[0].text.contains("too few, so nothing is decrypted"), "{}", report.grouping[0].text);
}
