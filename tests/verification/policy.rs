//! A reader's own witness policy, and what the report says of policies (VER-30, VER-31).

use crate::fixture::{Record, cast};
use rand::rngs::OsRng;
use tlog::{
    checkpoint::Checkpoint,
    cosignature::CosignerKey,
    note::{Note, SignerKey},
    policy::Policy,
};
use verifier::{Options, Report, Verdict, verify};
use vitrine_tests::Drill;

fn witness(number: u8) -> CosignerKey {
    CosignerKey::from_seed(&format!("w{number}.example"), &[number; 32]).unwrap()
}

/// A policy of witnesses 1 to 4 for a log.
fn policy(log: &SignerKey, lines: &str) -> Policy {
    let witnesses = (1..=4).map(|number| format!("witness w{number} {}\n", witness(number).verifier_key()));
    let text = format!("log {}\n{}{lines}", log.verifier_key(), witnesses.collect::<String>());
    Policy::parse(text.as_bytes()).unwrap()
}

/// The record with lines by these witnesses on its checkpoint.
fn cosigned(record: &Record, witnesses: &[u8]) -> Record {
    let mut note = Note::parse(&record["checkpoint"]).unwrap();
    let head = Checkpoint::parse(note.text()).unwrap();
    for number in witnesses {
        note.add(witness(*number).cosign(&head, 1_740_000_000).unwrap()).unwrap();
    }
    let mut record = record.clone();
    record.insert("checkpoint".into(), note.encode().into_bytes());
    record
}

fn judged(record: &Record, policy: Policy) -> Report {
    verify(record, &Options { policy: Some(policy), ..Options::default() }, |_| {}, &mut OsRng)
}

/// A whole election of three voters under `quorum none`.
fn drill() -> Drill {
    let mut drill = Drill::opened(vitrine_tests::Options::simple(3));
    cast(&mut drill, 0, 1);
    drill.close();
    drill.tally();
    drill
}

#[test]
fn a_reader_demands_more_than_the_manifest() {
    let drill = drill();
    let record = drill.record();
    let three = || policy(&drill.board, "group g 3 w1 w2 w3 w4\nquorum g\n");
    let met = judged(&cosigned(&record, &[1, 2, 4]), three());
    assert_eq!(met.verdict, Verdict::Valid, "{}", met.text());
    let facts = met.witness_policy.clone().unwrap();
    assert_eq!((facts.own, facts.witnesses, facts.fewest, facts.splitting, facts.blocking), (true, 4, 3, 2, 2));
    assert!(!facts.weak);
    let lines = met.text();
    assert!(
        lines.contains("WITNESSES: by the policy that you gave, and not by the manifest's, at least 3 of 4"),
        "{lines}"
    );
    assert!(met.html().contains("by the policy that you gave") && met.json().contains("\"witness_policy\""));

    let missing = judged(&cosigned(&record, &[1, 2]), three());
    let Verdict::Incomplete { missing } = missing.verdict else { panic!("{}", missing.text()) };
    assert_eq!(missing, ["the cosignatures of a witness quorum on the checkpoint"]);
    // A witness that nobody named is a line that no check reads (REC-3).
    let Verdict::Invalid(failure) = judged(&cosigned(&record, &[1, 2, 5]), three()).verdict else {
        panic!("a stranger's line")
    };
    assert_eq!(failure.rule, "REC-3");
    // Without the policy, so are all of them.
    let bare = verify(&cosigned(&record, &[1, 2, 3]), &Options::default(), |_| {}, &mut OsRng);
    assert!(matches!(bare.verdict, Verdict::Invalid(failure) if failure.rule == "REC-3"));
    assert_eq!(bare.witness_policy, None);
}

#[test]
fn weak_policies_and_those_of_other_logs_are_told() {
    let drill = drill();
    let record = cosigned(&drill.record(), &[1, 2]);
    let weak = judged(&record, policy(&drill.board, "group g 2 w1 w2 w3 w4\nquorum g\n"));
    assert_eq!(weak.verdict, Verdict::Valid);
    let facts = weak.witness_policy.unwrap();
    assert!(facts.weak && facts.splitting == 0 && facts.text.ends_with("That is weak."), "{}", facts.text);
    let none = judged(&record, policy(&drill.board, "quorum none\n")).witness_policy.unwrap();
    assert!(none.own && none.weak && none.text.contains("nobody but the board"));
    let stranger = SignerKey::from_seed("elsewhere.example", &[9; 32]).unwrap();
    let Verdict::Invalid(failure) = judged(&record, policy(&stranger, "quorum none\n")).verdict else {
        panic!("another log's policy")
    };
    assert_eq!((failure.rule, failure.entry), ("VER-30", None));
}
