//! Stories of ceremonies that fail or end badly, and of any that may be.

use super::{ALL, deal_all, dealings, end_stage, inner, post, rehearse, story};
use crate::fixture::report;
use crypto::{Scalar, SecretScalar, dealing::deal, shamir::Polynomial};
use protocol::{Body, Phase, Selection, Submission, body::Retirement, election::part_context};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore as _, SeedableRng as _},
};
use std::collections::BTreeSet;
use verifier::{Happening, Verdict};
use vitrine_tests::{
    Drill, Options,
    drill::{dealing_body, place},
};

/// CER-13: what the record proves is said, not that the guilty was silent besides; and with too few left the story says why it ends (CER-14).
#[test]
fn a_guilty_dealer_that_is_silent_and_a_ceremony_that_fails() {
    let mut options = Options::simple(3);
    options.trustees = (2, 3, 3);
    let mut drill = Drill::begin(options);
    let mut parts = dealings(&mut drill);
    let mut others = drill.dealing(3).remove(0);
    inner(&mut parts[2]).boxes[1] = inner(&mut others).boxes[1].clone();
    deal_all(&mut drill, &parts);
    let body = drill.complaint(2, 3);
    post(&mut drill, 2, &body);
    for who in [1, 2] {
        drill.confirm(who).unwrap();
    }
    end_stage(&mut drill, 3);
    assert_eq!(drill.election.phase(), Phase::Failed);
    post(&mut drill, 1, &Body::Retirement(Retirement { joint_key: None }));
    let report = report(&drill.record());
    let told = story(&report);
    assert_eq!(
        told[3..],
        [
            (
                Some(10),
                "CER-8",
                Vec::new(),
                "The authority (Authority 0) ended stage 3 (check), which it may do from 2025-02-20 02:20 UTC on; nobody but the authority says \
                 that this time had come. Trustee 3 (Trustee 3) had not finished checking the shares."
                    .to_owned()
            ),
            (
                Some(10),
                "CER-13",
                vec![3],
                "Trustee 3 (Trustee 3) left the election for good: it gave a bad dealing, which entry 7 proves.".to_owned()
            ),
            (
                Some(10),
                "CER-14",
                Vec::new(),
                "The ceremony FAILED: at the end of stage 3 only 2 trustees were left, and 3 are needed to go on. Nobody can vote in this \
                 election; a new one needs a new manifest."
                    .to_owned()
            ),
            (
                Some(11),
                "RET-1",
                Vec::new(),
                "Trustee 1 (Trustee 1) retired: it declared that it has destroyed its keys, its dealing and its key shares, and every copy of them."
                    .to_owned()
            ),
        ]
    );
    let Verdict::Incomplete { missing } = &report.verdict else { panic!("{}", report.text()) };
    assert_eq!(
        missing[0],
        "a result, which there will not be: the key ceremony failed (at the end of stage 3 only 2 trustees were left, and 3 are needed to go on)"
    );
    let ceremony = report.ceremony.unwrap();
    assert!(ceremony.qualified.is_empty() && ceremony.active.is_empty() && ceremony.spare.is_none());
}

/// CER-11: all dealers together make a key that everybody would know; the verifier finds the same fault in the sums.
#[test]
fn dealings_that_give_no_key() {
    let fixed = |first: i64| {
        let secret = |value: i64| {
            let magnitude = Scalar::from(value.unsigned_abs());
            SecretScalar::new(if value < 0 { -magnitude } else { magnitude })
        };
        let rows = [[first, 2], [3, 4], [5, 6], [7, 8], [9, 10]];
        rows.map(|row| Polynomial::from_coefficients(row.map(secret).into()))
    };
    let mut drill = Drill::begin(Options::simple(3));
    let mut parts = Vec::new();
    for (who, first) in (1..).zip([1, 1, -2]) {
        let context = part_context(&drill.election.fingerprint(), drill.election.manifest(), who, 0);
        let dealt = deal(&context, &fixed(first), &mut drill.rng).unwrap();
        parts.push(Body::Dealing(dealing_body(0, &dealt)));
    }
    deal_all(&mut drill, &parts);
    for who in ALL {
        drill.confirm(who).unwrap();
    }
    let report = report(&drill.record());
    assert_eq!(
        story(&report)[3],
        (
            Some(9),
            "CER-11",
            Vec::new(),
            "The ceremony FAILED: the dealings cancel each other: the key of slot 1 would be known to everybody. Nobody can vote in this election; \
             a new one needs a new manifest."
                .to_owned()
        )
    );
    assert!(report.ceremony.unwrap().qualified.is_empty());
}

/// TAL-4: a wrong partial decryption is in the story with its author, and the result is there all the same.
#[test]
fn a_wrong_partial_decryption() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.run_ceremony();
    drill.publish_roll();
    drill.open();
    drill.cast(0, &[Selection::Blank]).unwrap();
    drill.close();
    let Body::PartialDecryption(mut wrong) = drill.partial(3, 0, 0) else {
        unreachable!("a partial decryption is one")
    };
    wrong.partials.swap(0, 1);
    post(&mut drill, 3, &Body::PartialDecryption(wrong));
    let entry = drill.election.size() - 1;
    for who in [1, 2] {
        let body = drill.partial(who, 0, 0);
        post(&mut drill, who, &body);
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    let report = report(&drill.record());
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    assert_eq!(
        story(&report).pop().unwrap(),
        (
            Some(entry),
            "TAL-4",
            vec![3],
            "Trustee 3 (Trustee 3) sent a WRONG partial decryption of contest 0, tally group 0. Its signature names its author; it counts for \
             nothing and holds nobody up."
                .to_owned()
        )
    );
    let glance = format!(
        "  trustee 3 (Trustee 3): active; rehearsed once, last in entry 12; 0 right partial decryptions; WRONG partial decryption in entry {entry}\n"
    );
    assert!(report.text().contains(&glance), "{}", report.text());
}

/// VER-32, VER-33: whatever four trustees do or leave undone, the verifier comes to what the fold has; and every departure has a sentence that
/// names who left and speaks against it.
#[test]
fn any_ceremony_is_recounted_alike() {
    let (mut failed, mut reasons) = (0, BTreeSet::new());
    for seed in 0..48 {
        let mut options = Options::simple(2);
        options.seed = seed;
        options.trustees = (2, 2, 4);
        let mut drill = Drill::begin(options);
        let mut chance = ChaCha20Rng::seed_from_u64(1000 + seed);
        let mut one_in = |of: u32| chance.next_u32().is_multiple_of(of);
        let all = [1, 2, 3, 4];
        let mut parts: Vec<Body> = all.map(|who| drill.dealing(who).remove(0)).into();
        let mut bad = BTreeSet::new();
        for dealer in all {
            let mut others = drill.dealing(dealer).remove(0);
            for recipient in all.into_iter().filter(|recipient| *recipient != dealer) {
                if one_in(9) {
                    let sealed = inner(&mut others).boxes[place(recipient)].clone();
                    inner(&mut parts[place(dealer)]).boxes[place(recipient)] = sealed;
                    bad.insert((dealer, recipient));
                }
            }
        }
        for stage in 1..=4 {
            if drill.election.phase() == Phase::Failed {
                break;
            }
            assert_eq!(drill.election.ceremony().stage().number(), stage);
            let remaining: Vec<u32> = drill.election.ceremony().remaining().iter().copied().collect();
            for who in remaining.clone() {
                if stage == 3 {
                    for dealer in remaining.iter().filter(|dealer| **dealer != who) {
                        if one_in(5) {
                            let body = drill.complaint(who, *dealer);
                            post(&mut drill, who, &body);
                        }
                    }
                }
                match stage {
                    _ if one_in(9) => {}
                    1 => drop(drill.commit(who, std::slice::from_ref(&parts[place(who)])).unwrap()),
                    2 => post(&mut drill, who, &parts[place(who)]),
                    3 => drop(drill.confirm(who).unwrap()),
                    // Who was dealt a bad box and did not complain of it has no working share.
                    _ if remaining.iter().any(|dealer| bad.contains(&(*dealer, who))) => {}
                    _ => rehearse(&mut drill, &[who]),
                }
            }
            if drill.election.ceremony().stage().number() == stage && drill.election.phase() == Phase::Setup {
                end_stage(&mut drill, stage);
            }
        }
        let report = report(&drill.record());
        assert!(matches!(report.verdict, Verdict::Incomplete { .. }), "seed {seed}: {}", report.text());
        let ceremony = report.ceremony.unwrap();
        failed += usize::from(ceremony.failure.is_some());
        assert_eq!(ceremony.departures.len(), drill.election.ceremony().departures().len());
        for left in &ceremony.departures {
            reasons.insert(left.reason);
            let words = format!("Trustee {0} (Trustee {0}) left the election for good", left.trustee);
            let named = |one: &&Happening| one.text.starts_with(&words) && one.against == [left.trustee];
            assert_eq!(ceremony.story.iter().filter(named).count(), 1, "seed {seed}");
        }
    }
    assert!(failed > 3 && failed < 40, "both ways are tried: {failed} failed");
    assert_eq!(reasons, BTreeSet::from(["bad-dealing", "false-complaint", "silent"]));
}
