//! What the report tells of a ceremony in which somebody is faulty, lies or stays away (VER-32 to VER-34), from the record alone.

mod unhappy;

use crate::fixture::report;
use protocol::{
    Body, Phase, Selection, Submission,
    body::{Dealing, Retirement, StageEnd},
};
use verifier::{Report, Verdict};
use vitrine_tests::{Drill, Options, drill::place};

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
    drill.cast(0, &[Selection::Options(vec![1])]).unwrap();
    drill.cast(1, &[Selection::Blank]).unwrap();
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
const DEALT: &str = "Stage 2 (deal) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each posted the whole dealing committed to.";
const CHECKED: &str = "Stage 3 (check) ended, for trustees 1 (Trustee 1), 2 (Trustee 2) and 3 (Trustee 3) have each finished checking the shares.";

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

/// CER-12: what the box holds is seen by all; the dealer and who complains of an honest one leave, and three of five go on.
#[test]
fn a_bad_dealing_and_a_false_complaint() {
    let mut options = Options::simple(3);
    options.trustees = (2, 2, 4);
    let mut drill = Drill::begin(options);
    let all = [1, 2, 3, 4];
    let mut parts: Vec<Body> = all.map(|who| drill.dealing(who).remove(0)).into();
    // Dealer 2 seals shares of other polynomials for trustee 1.
    let mut others = drill.dealing(2).remove(0);
    inner(&mut parts[1]).boxes[0] = inner(&mut others).boxes[0].clone();
    for who in all {
        drill.commit(who, std::slice::from_ref(&parts[place(who)])).unwrap();
    }
    for who in all {
        post(&mut drill, who, &parts[place(who)]);
    }
    for (complainer, dealer) in [(1, 2), (4, 3)] {
        let body = drill.complaint(complainer, dealer);
        post(&mut drill, complainer, &body);
    }
    for who in all {
        drill.confirm(who).unwrap();
    }
    rehearse(&mut drill, &[1, 3]);
    hold(&mut drill, &[1, 3]);
    for who in [3, 2] {
        let joint_key = drill.election.joint_key().map(|key| key.fingerprint);
        post(&mut drill, who, &Body::Retirement(Retirement { joint_key }));
    }
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let told = story(&report);
    let end = drill.election.size();
    let expected: [(u64, &str, &[u32], &str); 10] = [
        (
            9,
            "CER-12",
            &[2],
            "Trustee 1 (Trustee 1) complained of trustee 2 (Trustee 2) and opened to everybody the box dealt to it in part 0. UPHELD: the share \
             of slot 1 of the part is not what its dealer committed to. The dealing is bad, and its signature names the dealer.",
        ),
        (
            10,
            "CER-12",
            &[4],
            "Trustee 4 (Trustee 4) complained of trustee 3 (Trustee 3) and opened to everybody the box dealt to it in part 0. FALSE: every share \
             in it is what the dealer committed to. The dealer is cleared of this, and the signature of the complaint names who complained falsely; the \
             shares that it opened are known to everybody.",
        ),
        (
            14,
            "CER-13",
            &[],
            "Stage 3 (check) ended, for trustees 1 (Trustee 1), 2 (Trustee 2), 3 (Trustee 3) and 4 (Trustee 4) have each finished checking the \
             shares.",
        ),
        (
            14,
            "CER-13",
            &[2],
            "Trustee 2 (Trustee 2) left the election for good: it gave a bad dealing, which entry 9 proves.",
        ),
        (
            14,
            "CER-13",
            &[4],
            "Trustee 4 (Trustee 4) left the election for good: it complained falsely, which entry 10 proves.",
        ),
        (
            14,
            "CER-11",
            &[],
            "The joint key was made: it is the sum of the dealings of trustees 1 (Trustee 1) and 3 (Trustee 3), the qualified set. 2 of their \
             key shares decrypt.",
        ),
        (
            16,
            "CER-13",
            &[],
            "Stage 4 (rehearse) ended, for trustees 1 (Trustee 1) and 3 (Trustee 3) have each rehearsed.",
        ),
        (
            16,
            "CER-13",
            &[],
            "The ceremony ended: trustees 1 (Trustee 1) and 3 (Trustee 3) have shown a working key share and may decrypt; 2 must. There is NO \
             SPARE: with one more key share lost nothing could be decrypted.",
        ),
        (
            end - 2,
            "RET-1",
            &[],
            "Trustee 3 (Trustee 3) retired: it declared that it has destroyed its keys, its dealing and its key shares, and every copy of them.",
        ),
        (
            end - 1,
            "RET-1",
            &[],
            "Trustee 2 (Trustee 2) retired: it declared that it has destroyed its keys, its dealing and its key shares, and every copy of them.",
        ),
    ];
    let expected = expected.map(|(entry, rule, against, text)| (Some(entry), rule, against.to_vec(), text.to_owned()));
    assert_eq!(told[2..], expected);

    let text = report.text();
    let (_, glance) = text.split_once("\nTrustees\n").unwrap();
    let lines = [
        "trustee 1 (Trustee 1): active; rehearsed once, last in entry 15; 1 right partial decryption".to_owned(),
        format!("trustee 2 (Trustee 2): left at the end of stage 3: gave a bad dealing; retired in entry {}", end - 1),
        format!(
            "trustee 3 (Trustee 3): active; rehearsed once, last in entry 16; 1 right partial decryption; retired in entry {}",
            end - 2
        ),
        "trustee 4 (Trustee 4): left at the end of stage 3: complained falsely".to_owned(),
    ];
    assert_eq!(glance.lines().map(str::trim).collect::<Vec<_>>(), lines);
    assert_eq!(report.html().matches("class=\"against\"").count(), 4);
}

/// CER-8, CER-13: who does not come is named, and who ended the stage without it on whose word; then no share is spare.
#[test]
fn an_absent_trustee() {
    let mut drill = Drill::begin(Options::simple(3));
    let parts = dealings(&mut drill);
    for who in ALL {
        drill.commit(who, std::slice::from_ref(&parts[place(who)])).unwrap();
    }
    for who in [1, 3] {
        post(&mut drill, who, &parts[place(who)]);
    }
    // So far it is only awaited: nothing speaks against it.
    let waiting = report(&drill.record());
    assert_eq!(
        story(&waiting).pop().unwrap(),
        (
            None,
            "CER-13",
            Vec::new(),
            "Stage 2 (deal) waits for trustee 2 (Trustee 2). From 2025-02-20 00:40 UTC on the authority may end it without them, and they leave."
                .to_owned()
        )
    );
    assert!(waiting.text().contains("\n  awaited "), "{}", waiting.text());
    let Verdict::Incomplete { missing } = &waiting.verdict else { panic!("{}", waiting.text()) };
    assert!(
        missing.contains(&"stage 2 (deal) of the key ceremony, by trustee 2 (Trustee 2)".to_owned()),
        "{missing:?}"
    );
    end_stage(&mut drill, 2);
    for who in [1, 3] {
        drill.confirm(who).unwrap();
    }
    rehearse(&mut drill, &[1, 3]);
    hold(&mut drill, &[1, 3]);
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let told = story(&report);
    assert_eq!(
        told[1..3],
        [
            (
                Some(6),
                "CER-8",
                Vec::new(),
                "The authority (Authority 0) ended stage 2 (deal), which it may do from 2025-02-20 00:40 UTC on; nobody but the authority says \
                 that this time had come. Trustee 2 (Trustee 2) had not posted the whole dealing committed to."
                    .to_owned()
            ),
            (
                Some(6),
                "CER-13",
                vec![2],
                "Trustee 2 (Trustee 2) left the election for good: it had not posted the whole dealing committed to when stage 2 ended. The record cannot tell silence from a \
                 message that the log left out: a promise of the log for it clears the trustee.".to_owned()
            ),
        ]
    );
    let ceremony = report.ceremony.as_ref().unwrap();
    assert_eq!(
        (ceremony.qualified.as_slice(), ceremony.active.as_slice(), ceremony.spare),
        (&[1, 3][..], &[1, 3][..], Some(0))
    );
    let ended = ceremony.stages[1].ended.as_ref().unwrap();
    assert_eq!((ended.by, ceremony.stages[1].awaited.as_slice()), ("authority", &[2][..]));
    assert_eq!(ceremony.stages[0].ended.as_ref().unwrap().by, "last-step");
    assert_eq!((ceremony.departures[0].reason, ceremony.departures[0].entry), ("silent", 6));
    assert!(report.text().contains("NO SPARE") && report.html().contains("NO SPARE"));
}
