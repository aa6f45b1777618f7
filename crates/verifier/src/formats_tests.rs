//! The formats of others, on a record that holds every kind of contest, a merged group and a withheld one (REP-1 to REP-31).

mod town;

use crate::{
    FormatError, Report,
    drill::{Drill, Options},
};
use protocol::{
    ContestKind, Selection,
    contest::{List, SeatRule},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use town::{CLOSED, COMPLETE, document, report, time};

const PROFILE: &str = include_str!("../../../specs/formats/nist-1500-100-v2-profile.schema.json");

/// Rows by column, so that a test reads as the table does.
fn rows(report: &Report) -> Vec<BTreeMap<String, String>> {
    let table = report.csv().unwrap();
    let mut reader = csv::Reader::from_reader(table.text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// `votes`, `winner` and `status` of the row of a precinct, office, candidate and figure; there is just one.
#[track_caller]
fn cell(rows: &[BTreeMap<String, String>], precinct: &str, office: &str, candidate: &str, figure: &str) -> String {
    let wanted = [("precinct", precinct), ("office", office), ("candidate", candidate), ("figure", figure)];
    let found: Vec<_> = rows.iter().filter(|row| wanted.iter().all(|(column, value)| row[*column] == *value)).collect();
    assert_eq!(found.len(), 1, "{wanted:?}");
    format!("{} {} {}", found[0]["votes"], found[0]["winner"], found[0]["status"]).replace("  ", " ")
}

#[test]
fn the_record_is_valid() {
    assert_eq!(COMPLETE.exit_code().number(), 0, "{}", COMPLETE.text());
    let statuses: BTreeSet<_> = COMPLETE.results.iter().flat_map(|one| &one.groups).map(|group| group.status).collect();
    assert_eq!(statuses, BTreeSet::from(["decrypted", "withheld"]));
}

/// REP-10 to REP-13, REP-15: what was voted, by hand.
#[test]
fn the_table_says_what_was_voted() {
    let rows = rows(&COMPLETE);
    let (one, merged) = ("Unit 1", "Merged: Unit 2 + Unit 3");
    assert_eq!(cell(&rows, one, "Registered Voters", "", "credentials"), "6 complete");
    assert_eq!(cell(&rows, "", "Ballots Cast", "", "ballots"), "9 complete");
    assert_eq!(cell(&rows, one, "Council", "Ballots Cast", "ballots"), "6 complete");
    assert_eq!(cell(&rows, one, "Council", "Weight Cast", "weight"), "7 complete");
    assert_eq!(cell(&rows, one, "Council", "Ada", "votes"), "6 complete");
    assert_eq!(cell(&rows, one, "Council", "Blank", "blank"), "1 complete");
    assert_eq!(cell(&rows, merged, "Council", "Blaise", "votes"), "2 complete");
    assert_eq!(cell(&rows, "", "Council", "Ada", "votes"), "7 TRUE complete");
    assert_eq!(cell(&rows, "", "Council", "Blaise", "votes"), "2 FALSE complete");
    let both = "Merged: Unit 1 + Unit 2";
    assert_eq!(cell(&rows, both, "Approved", "Ada", "votes"), "7 complete");
    assert_eq!(cell(&rows, "", "Scores", "Ada", "points"), "40 TRUE complete");
    assert_eq!(cell(&rows, "", "Points", "Blaise", "points"), "7 FALSE complete");
    assert_eq!(cell(&rows, both, "Money", "Ada", "amount in EUR"), "420 complete");
    assert_eq!(cell(&rows, "", "Places", "Ada, place 2", "place 2"), "7 complete");
    assert_eq!(cell(&rows, "", "Places", "Ada", "points"), "7 FALSE complete");
    assert_eq!(cell(&rows, "", "Pairs", "Blaise before Ada", "preferred"), "7 complete");
    assert_eq!(cell(&rows, "", "Pairs", "Ada before Blaise", "preferred"), "0 complete");
    assert_eq!(cell(&rows, "", "Pairs", "Blaise", "comparisons won"), "2 TRUE complete");
    assert_eq!(cell(&rows, "", "Some", "Ada before Blaise", "preferred"), "0 complete");
    assert_eq!(cell(&rows, "", "Park", "Yes", "votes"), "8 complete");
    assert_eq!(cell(&rows, "", "Lists", "Hill", "list votes"), "14 complete");
    assert_eq!(cell(&rows, "", "Lists", "Hill", "whole lists"), "7 complete");
    assert_eq!(cell(&rows, "", "Lists", "Hill", "seats"), "2 complete");
    assert_eq!(cell(&rows, "", "Lists", "Ada", "votes"), "7 TRUE complete");
    assert_eq!(cell(&rows, "", "Hall: Where?", "West", "votes"), "7 TRUE complete");
    assert_eq!(cell(&rows, "", "Hall", "Blank", "blank"), "1 complete");
    // The only group of the last contest is too small: no line of it, and nobody is called a winner.
    assert_eq!(cell(&rows, "Unit 3", "Warden", "Ballots Cast", "ballots"), "2 withheld");
    assert!(!rows.iter().any(|row| row["office"] == "Warden" && row["figure"] == "votes"));
}

/// REP-4: lists that tie for a seat, which nothing breaks: no candidate of theirs is called defeated. And a currency is no formula (REP-14).
#[test]
fn a_tie_of_lists_is_open_in_both_formats() {
    let list = |name: &str| List { name: name.into(), options: 2, limit: 2 };
    let lists = vec![list("Hill"), list("Dale"), list("Moor")];
    let kind = ContestKind::Lists { minimum: 0, maximum: 1, whole: false, seats: SeatRule::DHondt, lists };
    let currency = "EUR,=1+1\u{200F}".to_owned();
    let mut options = Options::simple(4);
    options.contests = vec![
        town::contest("Lists", kind, &["Ada", "Blaise", "Cleo", "Dirk", "Emmy", "Felix"], false),
        town::contest("Money", ContestKind::Budget { currency, pot: 10, step: 1 }, &["Pool", "Park"], false),
    ];
    options.units = vec![vec![0, 1]];
    let marked = |voter| vec![Selection::Options(vec![if voter < 2 { 0 } else { 2 }]), Selection::Amounts(vec![1, 2])];
    let report = report(&Drill::complete(options, marked).record());
    assert_eq!(report.exit_code().number(), 0, "{}", report.text());
    let rows = rows(&report);
    for (candidate, said) in [("Ada", "2 complete"), ("Blaise", "0 complete"), ("Emmy", "0 FALSE complete")] {
        assert_eq!(cell(&rows, "", "Lists", candidate, "votes"), said);
    }
    assert_eq!(cell(&rows, "", "Money", "Pool", "amount in EUR,'=1+1\\u{200f}"), "4 complete");
    // VER-17: nor does it turn what stands beside it.
    assert!(!report.text().contains('\u{200F}') && !report.html().contains('\u{200F}'));
    let document = document(&report);
    let candidates = document["Election"][0]["Candidate"].as_array().unwrap();
    let standing: Vec<&Value> = candidates.iter().take(6).map(|one| &one["PostElectionStatus"]).collect();
    assert_eq!(standing[..4], [&Value::Null; 4]);
    assert_eq!(standing[4..], [&Value::from("defeated"); 2]);
    assert!(document["Notes"].as_str().unwrap().contains("Contest 0 (Lists): there is a tie for a seat"));
}

/// RFC 4180, and no office, candidate and figure twice in a precinct.
#[test]
fn the_table_is_well_formed() {
    let table = COMPLETE.csv().unwrap();
    assert!(table.text.ends_with("\r\n") && !table.text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(
        table.text.starts_with("\"county\",\"precinct\",\"office\",\"district\",\"party\",\"candidate\",\"votes\",")
    );
    let rows = rows(&COMPLETE);
    let keys: BTreeSet<_> =
        rows.iter().map(|row| (&row["precinct"], &row["office"], &row["candidate"], &row["figure"])).collect();
    assert_eq!(keys.len(), rows.len());
}

/// REP-14, THR-40: however a reader divides the lines, no cell begins like a formula.
#[test]
fn no_cell_is_a_formula() {
    let table = COMPLETE.csv().unwrap();
    assert!(table.defused > 20, "{}", table.defused);
    assert!(table.text.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    for cell in table.text.split([',', ';', '|', '"', '\n']) {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

/// REP-1, REP-15, REP-21.
#[test]
fn an_incomplete_record_is_partial() {
    assert_eq!(CLOSED.exit_code().number(), 4);
    let rows = rows(&CLOSED);
    assert!(rows.iter().all(|row| matches!(row["status"].as_str(), "partial" | "awaited" | "withheld")), "{rows:?}");
    assert_eq!(cell(&rows, "", "Council", "Ballots Cast", "ballots"), "9 partial");
    let document = document(&CLOSED);
    assert_eq!(document["Status"], "unofficial-partial");
    assert_eq!(document["Election"][0]["Contest"][0]["CountStatus"][0]["Status"], "in-process");
    assert_eq!(complaints(&document), Vec::<String>::new());
}

/// REP-1: neither before the closing nor of an invalid record.
#[test]
fn nothing_is_written_without_results() {
    let drill = Drill::opened(Options::simple(3));
    let open = report(&drill.record());
    let mut broken = Drill::complete(Options::simple(3), |_| vec![Selection::Blank]).record();
    let tile = broken.keys().find(|file| file.starts_with("tile/0/")).unwrap().clone();
    broken.get_mut(&tile).unwrap()[33] ^= 1;
    let broken = report(&broken);
    assert_eq!((open.exit_code().number(), broken.exit_code().number()), (4, 1));
    for report in [open, broken] {
        assert_eq!(report.csv(), Err(FormatError::NoResults));
        assert_eq!(report.nist(time()), Err(FormatError::NoResults));
    }
}

fn complaints(document: &Value) -> Vec<String> {
    complaints_by(PROFILE, document)
}

fn complaints_by(schema: &str, document: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// REP-20: every kind fits the profile.
#[test]
fn the_document_fits_the_profile() {
    let document = document(&COMPLETE);
    assert_eq!(complaints(&document), Vec::<String>::new());
    let contests = document["Election"][0]["Contest"].as_array().unwrap();
    assert_eq!(contests.len(), 13, "linked answers are two");
    let variations: Vec<&str> = contests.iter().map(|one| one["VoteVariation"].as_str().unwrap()).collect();
    assert_eq!(
        variations,
        [
            "plurality",
            "approval",
            "range",
            "cumulative",
            "other",
            "borda",
            "other",
            "other",
            "majority",
            "proportional",
            "plurality",
            "plurality",
            "plurality"
        ]
    );
    assert_eq!(document["Status"], "unofficial-complete");
    assert_eq!(document["GeneratedDate"], "2026-11-23T21:00:00Z");
}

/// REP-20: a profile that refuses nothing would say nothing.
#[test]
fn a_damaged_document_does_not_fit() {
    type Damage = fn(&mut Value);
    let damages: [(&str, Damage); 9] = [
        ("a word that is not the format's", |one| one["Status"] = "certain".into()),
        ("nothing certifies", |one| one["Status"] = "certified".into()),
        ("no issuer", |one| drop(one.as_object_mut().unwrap().remove("Issuer"))),
        ("an attribute of ours", |one| one["Verdict"] = "valid".into()),
        ("a count in words", |one| {
            one["Election"][0]["Contest"][0]["ContestSelection"][0]["VoteCounts"][0]["Count"] = "7".into()
        }),
        ("no votes allowed", |one| {
            drop(one["Election"][0]["Contest"][0].as_object_mut().unwrap().remove("VotesAllowed"))
        }),
        ("another class", |one| one["GpUnit"][0]["@type"] = "ElectionResults.Unit".into()),
        ("a time without a zone", |one| one["GeneratedDate"] = "2026-11-23T21:00:00".into()),
        ("an unknown variation", |one| one["Election"][0]["Contest"][2]["VoteVariation"] = "score".into()),
    ];
    for (name, damage) in damages {
        let mut document = document(&COMPLETE);
        damage(&mut document);
        assert!(!complaints(&document).is_empty(), "{name}");
    }
}

/// What refers to something, and what is referred to.
fn references(value: &Value, ids: &mut Vec<String>, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(attributes) => {
            for (name, value) in attributes {
                match value {
                    Value::String(id) if name == "@id" => ids.push(id.clone()),
                    Value::String(id) if name.ends_with("Id") && name != "VendorApplicationId" => {
                        used.insert(id.clone());
                    }
                    Value::Array(all) if name.ends_with("Ids") => {
                        used.extend(all.iter().map(|id| id.as_str().unwrap().to_owned()));
                    }
                    other => references(other, ids, used),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, ids, used)),
        _ => {}
    }
}

/// REP-20, REP-23: identifiers are of one object each, and all references lead to one.
#[test]
fn every_reference_leads_somewhere() {
    let (mut ids, mut used) = (Vec::new(), BTreeSet::new());
    references(&document(&COMPLETE), &mut ids, &mut used);
    let known: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(known.len(), ids.len(), "{ids:?}");
    assert_eq!(used.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    for id in ["election", "unit-3", "units-1-2", "units-2-3", "party-9-1", "candidate-4-2"] {
        assert!(known.contains(id), "{id}");
    }
}

/// REP-26 to REP-30, on single values.
#[test]
fn the_document_says_what_was_voted() {
    let document = document(&COMPLETE);
    let election = &document["Election"][0];
    let contest = |name: &str| {
        let contests = election["Contest"].as_array().unwrap();
        contests.iter().find(|contest| contest["Name"] == name).unwrap()
    };
    let count = |name: &str, selection: usize, unit: &str, kind: &str| {
        let counts = contest(name)["ContestSelection"][selection]["VoteCounts"].as_array().unwrap();
        let fits = |one: &&Value| {
            one["GpUnitId"] == unit && (one["Type"] == kind || one["Type"] == "other" && one["OtherType"] == kind)
        };
        let found: Vec<&Value> = counts.iter().filter(fits).collect();
        assert_eq!(found.len(), 1, "{name} {selection} {unit} {kind}");
        found[0]["Count"].as_u64().unwrap()
    };
    assert_eq!(count("Council", 0, "election", "total"), 7);
    assert_eq!(count("Council", 1, "units-2-3", "total"), 2);
    assert_eq!(contest("Council")["OtherCounts"][2]["Undervotes"], 1);
    assert_eq!(count("Money", 0, "units-1-2", "amount in EUR"), 420);
    assert_eq!(count("Places", 2, "units-1-2", "place 1"), 7);
    assert_eq!(count("Places", 2, "units-1-2", "total"), 21);
    assert_eq!(count("Pairs", 1, "units-1-2", "preferred to option 1 (Ada)"), 7);
    assert_eq!(count("Lists", 3, "units-1-2", "seats"), 2);
    assert_eq!(count("Lists", 3, "units-1-2", "whole lists"), 7);
    assert_eq!(count("Park", 0, "units-1-2", "total"), 8);
    assert_eq!(count("Hall: Where?", 1, "units-1-2", "total"), 7);
    assert_eq!(contest("Park")["@type"], "ElectionResults.BallotMeasureContest");
    let warden = &contest("Warden")["ContestSelection"][0]["VoteCounts"][0];
    assert_eq!((&warden["IsSuppressedForPrivacy"], &warden["Count"]), (&true.into(), &0.into()));
    assert_eq!(contest("Warden")["SubUnitsReported"], 0);
    let candidates = election["Candidate"].as_array().unwrap();
    let standing = |id: &str| &candidates.iter().find(|one| one["@id"] == id).unwrap()["PostElectionStatus"];
    assert_eq!((standing("candidate-0-0"), standing("candidate-0-1")), (&"winner".into(), &"defeated".into()));
    assert_eq!(standing("candidate-11-0"), &Value::Null, "its totals are withheld");
    assert_eq!(standing("candidate-4-0"), &Value::Null, "a budget elects nobody");
    let notes = document["Notes"].as_str().unwrap();
    assert!(notes.contains("Contest 8 (Park): passed"), "{notes}");
}

/// REP-40, REP-41: what a reader that does not see the page is told. `VITRINE_PAGE=FILE` keeps it for eyes to look at.
#[test]
fn the_page_is_for_everybody() {
    let html = COMPLETE.html();
    if let Some(file) = std::env::var_os("VITRINE_PAGE") {
        std::fs::write(file, &html).unwrap();
    }
    assert!(html.contains("<html lang=\"en\">") && html.contains("<main>"));
    let tables: Vec<&str> = html.split("<table").skip(1).collect();
    assert!(tables.len() > 20, "{}", tables.len());
    for table in &tables {
        let (_, inside) = table.split_once('>').unwrap();
        let caption =
            inside.trim_start().strip_prefix("<caption>").map(|rest| rest.split("</caption>").next().unwrap());
        assert!(caption.is_some_and(|caption| !caption.is_empty()), "{table}");
        assert!(inside.contains("<thead><tr><th scope=\"col\""), "{table}");
    }
    for heading in html.split("<th ").skip(1) {
        assert!(heading.starts_with("scope=\"col\"") || heading.starts_with("scope=\"row\""), "{heading}");
    }
    assert!(!html.contains("<th>"));
    for chart in html.split("<svg ").skip(1) {
        let (attributes, _) = chart.split_once('>').unwrap();
        assert!(attributes.contains("aria-hidden=\"true\""), "{attributes}");
    }
    // What scrolls by itself can be reached without a mouse, and has a name.
    for region in html.split("<div class=\"wide").skip(1) {
        let (attributes, _) = region.split_once('>').unwrap();
        assert!(attributes.contains("tabindex=\"0\"") && attributes.contains("aria-label=\""), "{attributes}");
    }
}

/// REP-42: every color that carries text is far enough from the page's, light and dark.
#[test]
fn text_stands_out() {
    let html = COMPLETE.html();
    let styles: Vec<&str> = html.lines().filter(|line| line.contains("--good:")).collect();
    let [light, dark] = styles.as_slice() else { panic!("{styles:?}") };
    for (style, page) in [(light, "#ffffff"), (dark, "#121212")] {
        for name in ["--good: ", "--bad: ", "--wait: "] {
            let color = &style.split_once(name).unwrap().1[..7];
            let (one, other) = (luminance(color), luminance(page));
            let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
            assert!(contrast >= 4.5, "{name}{color} on {page}: {contrast:.2}");
        }
    }
}

/// Relative luminance, as WCAG 2 has it.
fn luminance(color: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/// The schema of the standard itself, from whoever has it (decision 0033).
#[test]
#[ignore = "needs NIST's own schema: VITRINE_NIST_SCHEMA=FILE"]
fn nists_own_schema() {
    let file = std::env::var_os("VITRINE_NIST_SCHEMA").expect("VITRINE_NIST_SCHEMA names NIST's schema file");
    let schema = std::fs::read_to_string(file).unwrap();
    for report in [&*COMPLETE, &*CLOSED] {
        assert_eq!(complaints_by(&schema, &document(report)), Vec::<String>::new());
    }
}
