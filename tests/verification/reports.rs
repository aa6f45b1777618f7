//! The report: what stands first, hostile names, and its JSON form.

use crate::fixture::{FIXTURE, cast, expecting, failure, report};
use protocol::{
    Body, Phase, Selection,
    body::{Notice, StageEnd},
    manifest::Pages,
};
use verifier::{Status, Verdict};
use vitrine_tests::{Drill, Options, drill::choose_one};

#[test]
fn waivers_come_before_the_checks() {
    let report = report(&FIXTURE.record);
    let text = report.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("CONSISTENT"), "{text}");
    assert!(lines[1].starts_with("WAIVED: No witnesses"), "{text}");
    assert!(text.find("WAIVED").unwrap() < text.find("Checks").unwrap());
    let html = report.html();
    assert!(html.find("Waived.").unwrap() < html.find("<h2>").unwrap());
    assert!(text.contains("244 of 244 ballots") && html.contains("244 of 244 ballots"));
}

/// VER-1, VER-16: what a running election's report says of its ballots is so already.
#[test]
fn a_running_election_counts_what_it_has() {
    let mut drill = Drill::opened(Options::simple(4));
    for (voter, choice) in [(0, 1), (1, 1), (0, 2), (0, 3)] {
        cast(&mut drill, voter, choice);
    }
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Incomplete { missing: vec!["the closing".into()] });
    let figures = report.figures.unwrap();
    assert_eq!((figures.ballots, figures.superseded, figures.counted), (4, 2, 0));
    assert!(report.results.is_empty());
}

/// CER-15, VER-1: a failed ceremony is incomplete for ever; a remark may follow, and nothing else.
#[test]
fn a_failed_ceremony_is_incomplete_for_ever() {
    let mut drill = Drill::begin(Options::simple(3));
    let end = |stage| Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() });
    let submission = drill.by_authority(&end(1));
    drill.apply(submission).unwrap();
    assert_eq!(drill.election.phase(), Phase::Failed);
    let submission = drill.by_authority(&end(2));
    assert_eq!(drill.apply(submission).unwrap_err().rule().id(), "ENT-7");
    let submission = drill.by_authority(&Body::Notice(Notice { text: "We begin anew.".into() }));
    drill.apply(submission).unwrap();
    let report = report(&drill.record());
    let Verdict::Incomplete { missing } = &report.verdict else { panic!("{}", report.text()) };
    assert!(missing.len() == 1 && missing[0].contains("there will not be"), "{missing:?}");
    assert_eq!(report.exit_code().number(), 4);
    assert_ne!(report.checks[5].status, Status::Passed);
    let ceremony = report.ceremony.unwrap();
    assert!(ceremony.departures.len() == 3 && ceremony.failure.is_some());
}

/// THR-40: a title and options that are markup, and one that would close an attribute.
#[test]
fn hostile_names_are_escaped() {
    let mut options = Options::simple(3);
    let hostile = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ 7*7 }}", "&amp; 'quoted'"];
    options.contests = vec![choose_one("</title><script>alert(2)</script>", &hostile)];
    let drill = Drill::complete(options, |voter| vec![Selection::Options(vec![voter])]);
    let html = report(&drill.record()).html();
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    assert!(html.contains("&#60;script&#62;alert(1)") || html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(html.contains("{{ 7*7 }}"));
    assert!(html.contains("default-src 'none'"));
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing is fetched from anywhere");
}

#[test]
fn json_has_the_documented_form() {
    let fixture = &*FIXTURE;
    let json: serde_json::Value =
        serde_json::from_str(&expecting(&fixture.record, fixture.fingerprint).json()).unwrap();
    assert_eq!(json["format"], "vitrine/1/report");
    assert_eq!(json["verdict"]["is"], "valid");
    assert_eq!(json["compared"], true);
    assert_eq!(json["fingerprint"], fixture.fingerprint.to_string());
    assert_eq!(json["checks"].as_array().unwrap().len(), 13);
    assert_eq!(json["checks"][7]["check"], "ballots");
    assert_eq!(json["checks"][7]["status"], "passed");
    assert_eq!(json["checks"][7]["done"], 244);
    assert_eq!(json["waivers"][0]["waiver"], "no-witnesses");
    assert_eq!(json["results"][0]["groups"][0]["status"], "decrypted");
    assert_eq!(json["results"][0]["slots"][4]["blank"], true);
    assert_eq!(json["election"]["phase"], "Tallied");
    assert_eq!(json["ceremony"]["rehearsals"].as_array().unwrap().len(), 3);
    assert_eq!(json["decryptions"].as_array().unwrap().len(), 2);

    let mut record = fixture.record.clone();
    record.get_mut("tile/0/000").unwrap()[33] ^= 1;
    let json: serde_json::Value = serde_json::from_str(&report(&record).json()).unwrap();
    assert_eq!(json["verdict"]["is"], "invalid");
    assert_eq!(json["verdict"]["why"]["rule"], "REC-4");
    assert_eq!(json["verdict"]["why"]["entry"], 1);
    assert_eq!(json["verdict"]["why"]["where"], "tile/entries/000");
    assert_eq!(json["verdict"]["why"]["check"], "log");
    assert_eq!(failure(&record).to_string().lines().count(), 1);
}

/// `VITRINE_PAGE=FILE` keeps the page for eyes to look at.
#[test]
fn the_page_has_a_bar_for_every_total() {
    let html = expecting(&FIXTURE.record, FIXTURE.fingerprint).html();
    let page = expecting(&FIXTURE.record, FIXTURE.fingerprint);
    let bars: usize = page
        .results
        .iter()
        .map(|contest| contest.slots.len() + contest.groups.iter().map(|group| group.slots.len()).sum::<usize>())
        .sum();
    // A contest of one group shows its totals once.
    let shown = bars - page.results[1].groups[0].slots.len();
    assert_eq!(html.matches("<rect").count(), shown);
    assert!(html.contains("width=\"1000\""), "the largest total fills its drawing");
    if let Some(file) = std::env::var_os("VITRINE_PAGE") {
        std::fs::write(file, html).unwrap();
    }
}

/// MAN-42: which pages the election offers, in every form; nothing of them where it offers none.
#[test]
fn the_pages_that_the_manifest_names() {
    let boards = vec!["https://board.example.org/vote".to_owned(), "http://127.0.0.1:7878".to_owned()];
    let of = |pages| report(&Drill::begin(Options { pages, ..Options::simple(3) }).record());
    let named = of(Some(Pages { bundle: [0xb5; 32], boards: boards.clone() }));
    let (bundle, places) = ("b5".repeat(32), boards.join(", "));
    let line = format!("  pages for browsers: bundle {bundle}, ballots taken by {places}\n");
    assert!(named.text().contains(&line), "{}", named.text());
    assert!(named.html().contains(&format!("<dd>bundle <code>{bundle}</code>; ballots taken by {places}</dd>")));
    let facts = &serde_json::to_value(&named).unwrap()["election"]["pages"];
    assert_eq!(facts, &serde_json::json!({ "bundle": bundle, "boards": boards }));
    let served = of(Some(Pages { bundle: [0xb5; 32], boards: Vec::new() }));
    assert!(served.text().contains("ballots taken by the board that serves them"));
    let none = of(None);
    assert!(!none.text().contains("browsers") && !none.html().contains("browsers"));
    assert!(serde_json::to_value(&none).unwrap()["election"]["pages"].is_null());
}
