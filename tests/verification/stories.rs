//! What the report tells of a ceremony in which somebody is faulty, lies or stays away (VER-32 to VER-34), from the record alone.

use crate::fixture::{option, report};
use protocol::{
    Body, Phase, Submission,
    body::{Dealing, PartialDecryption, StageEnd},
};
use verifier::{Report, Verdict};
use vitrine_tests::{
    Drill, Options,
    drill::place,
};

const ALL: [u32; 3] = [1, 2, 3];

/// Every trustee's dealing, one part each.
fn dealings(drill: &mut Drill) -> Vec<Body> {
    ALL.map(|who| drill.dealing(who).remove(0)).into()
}

fn inner(body: &mut Body) -> &mut Dealing {
    let Body::Dealing(dealing) = body else { unreachable!("a dealing is a dealing") };
    dealing
}

fn post(drill: &mut Drill, trustee: u32, body: &Body) {
    let submission = drill.by_trustee(trustee, body);
    drill.apply(submission).unwrap();
}

/// Stages 1 and 2 with these dealings.
fn deal_all(drill: &mut Drill, dealings: &[Body]) {
    for who in ALL {
        drill.commit(who, std::slice::from_ref(&dealings[place(who)])).unwrap();
    }
    for who in ALL {
        post(drill, who, &dealings[place(who)]);
    }
}

fn rehearse(drill: &mut Drill, trustees: &[u32]) {
    for who in trustees {
        drill.take_key_shares(*who);
        drill.rehearse(*who).unwrap();
    }
}

fn end_stage(drill: &mut Drill, stage: u32) {
    let submission = drill.by_authority(&Body::StageEnd(StageEnd { stage, evidence: Vec::new().into() }));
    drill.apply(submission).unwrap();
}

/// Opening, two ballots, closing, and the result by these trustees.
fn hold(drill: &mut Drill, trustees: &[u32]) {
    drill.publish_roll();
    drill.open();
    drill.cast(0, &option(1)).unwrap();
    drill.cast(1, &option(2)).unwrap();
    drill.close();
    for who in trustees {
        let body = drill.partial(*who, 0, 0);
        post(drill, *who, &body);
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    assert_eq!(drill.election.phase(), Phase::Tallied);
}

/// The story as (entry, rule, against, text).
fn story(report: &Report) -> Vec<(Option<u64>, &'static str, Vec<u32>, String)> {
    let told = &report.ceremony.as_ref().unwrap().story;
    told.iter().map(|one| (one.entry, one.rule, one.against.clone(), one.text.clone())).collect()
}

#[track_caller]
fn tells(report: &Report, expected: &[(u64, &'static str, &[u32], &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(entry, rule, against, text)| (Some(*entry), *rule, against.to_vec(), (*text).to_owned()))
        .collect();
    assert_eq!(story(report), expected);
    // Every form that people read tells all of it.
    let (text, html) = (report.text(), report.html());
    let (flat, flat_html) = (text.split_whitespace().collect::<Vec<_>>().join(" "), html.replace("&#39;", "'"));
    for (_, rule, _, sentence) in &expected {
        assert!(flat.contains(&format!("{sentence} [{rule}]")), "{sentence}\n{text}");
        assert!(flat_html.contains(sentence), "{sentence}\n{html}");
    }
}

const COMMITTED: &str = "Stage 1 (commit) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each committed to a dealing.";
const DEALT: &str =
    "Stage 2 (deal) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each posted the whole dealing committed to.";
const CHECKED: &str =
    "Stage 3 (check) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each confirmed the shares they were dealt.";

/// A ceremony in which nothing happens has a short story.
#[test]
fn an_honest_ceremony() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.run_ceremony();
    hold(&mut drill, &[1, 2]);
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    tells(
        &report,
        &[
            (3, "CER-13", &[], COMMITTED),
            (6, "CER-13", &[], DEALT),
            (9, "CER-13", &[], CHECKED),
            (
                9,
                "CER-11",
                &[],
                "The joint key was made: it is the sum of the dealings of trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3), the \
                 qualified set. 2 of their key shares decrypt.",
            ),
            (
                12,
                "CER-13",
                &[],
                "Stage 4 (rehearse) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each rehearsed.",
            ),
            (
                12,
                "CER-13",
                &[],
                "The ceremony ended: trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have shown a working key share and may \
                 decrypt; 2 must. One of them is spare.",
            ),
        ],
    );
}
