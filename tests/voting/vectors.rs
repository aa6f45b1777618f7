//! Frozen vectors of the ballot chapter (`specs/05-ballot.md`): credentials, contests, a ballot cast and the same kind audited.
//!
//! `cargo test -p vitrine-tests --test voting -- --ignored regenerate` writes the file anew; its diff is for a person to read.

use crate::letters::{Letters, filled, inside, option, options, two};
use ballot_client::{AuditOpening, Tracker, TypedTracker};
use crypto::{
    EncodedPoint, EncodedScalar,
    batch::Bases,
    credential_code::CredentialCode,
    selection_proof::{SealedContest, SelectionContext, check_opening, claim},
};
use protocol::{
    Author, Body, Contest, ContestKind, Selection, Submission, fingerprint,
    ids::{ElectionFingerprint, SubmissionId},
};
use serde_json::{Value, json};
use std::path::PathBuf;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../specs/vectors/ballot.json")
}

fn named(kind: ContestKind, blank: bool) -> Contest {
    Contest::new("T", kind, ["A", "B", "C", "D"].map(String::from).into(), blank)
}

/// Every row of BAL-11, with the selections of the chapter's examples, and one that each refuses.
fn contests() -> Vec<(Contest, Vec<Selection>, Selection)> {
    let choose = |minimum, maximum| ContestKind::Choose { minimum, maximum };
    let marked = |options: &[usize]| Selection::Options(options.to_vec());
    vec![
        (named(ContestKind::ChooseOne, true), vec![option(1), Selection::Blank], two(0, 1)),
        (named(ContestKind::ChooseOne, false), vec![option(3)], Selection::Blank),
        (named(choose(0, 4), false), vec![two(0, 3), marked(&[])], marked(&[1, 1])),
        (named(choose(1, 3), false), vec![option(2), marked(&[0, 1, 2])], marked(&[])),
        (named(choose(0, 4), true), vec![two(0, 3), Selection::Blank, marked(&[])], option(4)),
        (named(choose(2, 2), true), vec![two(1, 2), Selection::Blank], option(0)),
    ]
}

fn selection_json(selection: &Selection) -> Value {
    match selection {
        Selection::Blank => json!("blank"),
        Selection::Options(options) => json!(options),
        Selection::List(list) => json!({ "list": list }),
        Selection::Amounts(amounts) => json!({ "amounts": amounts }),
        Selection::Ranking(ranking) => json!({ "ranking": ranking }),
    }
}

fn selection_of(value: &Value) -> Selection {
    match value.as_array() {
        None => Selection::Blank,
        Some(options) => Selection::Options(options.iter().map(usize).collect()),
    }
}

fn usize(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// What BAL-10 and BAL-11 make of a contest.
fn compiled(contest: &Contest) -> Value {
    let relation = contest.relation().unwrap();
    let rules: Vec<Value> = relation
        .rules()
        .iter()
        .map(|rule| json!({ "coefficients": rule.coefficients, "target": rule.target }))
        .collect();
    json!({
        "slots": relation.slots(), "witness": relation.witness_len(), "weights": relation.weights(), "rules": rules,
        "sealed_length": relation.sealed_len(),
    })
}

fn bits(contest: &Contest, selection: &Selection) -> Option<String> {
    let witness = contest.witness(selection).ok()?;
    Some(witness.iter().map(u32::to_string).collect())
}

fn contest_json((contest, selections, refused): &(Contest, Vec<Selection>, Selection)) -> Value {
    let (minimum, maximum) = match contest.kind {
        ContestKind::Choose { minimum, maximum } => (minimum, maximum),
        _ => (1, 1),
    };
    let witnesses: Vec<Value> = selections
        .iter()
        .map(
            |selection| json!({ "selection": selection_json(selection), "witness": bits(contest, selection).unwrap() }),
        )
        .collect();
    json!({
        "kind": if contest.kind == ContestKind::ChooseOne { "choose one" } else { "choose" },
        "minimum": minimum, "maximum": maximum, "options": contest.options.len(), "blank": contest.blank,
        "compiled": compiled(contest), "selections": witnesses, "refused_selection": selection_json(refused),
    })
}

fn ballot_json(letters: &Letters) -> Value {
    let mut rng = letters.rng.clone();
    let election = &letters.drill.election;
    let session = letters.session(0);
    let seal = |rng: &mut _| filled(&session, &[option(1), two(0, 2)]).seal(rng).unwrap();
    let cast = seal(&mut rng);
    let tracker = cast.tracker();
    let submission = cast.cast(&mut rng).unwrap();
    let audited = seal(&mut rng);
    let opening = audited.audit();
    let keys: Vec<String> =
        election.joint_key().unwrap().keys.slot_keys().encoded().iter().map(|key| hex::encode(key.0)).collect();
    json!({
        "joint_key": election.joint_key().unwrap().fingerprint.to_string(),
        "opening": election.opening().unwrap().to_string(),
        "slot_keys": keys,
        "contests": election.style(0).map(|(_, contest, _)| compiled(contest)).collect::<Vec<_>>(),
        "cast": {
            "author": hex::encode(submission.author_bytes()),
            "body": hex::encode(submission.body_bytes()),
            "signature": hex::encode(submission.signature_bytes()),
            "tracker": tracker.hex(),
            "shown": tracker.to_string(),
        },
        "audited": { "file": hex::encode(opening.encode()), "tracker": opening.tracker().hex() },
    })
}

#[test]
#[ignore = "writes specs/vectors/ballot.json"]
fn regenerate_ballot() {
    let letters = Letters::opened(options());
    let codes: Vec<String> = letters.codes[0].iter().map(|code| code.grouped().to_string()).collect();
    let f = letters.f();
    let secrets: Vec<String> = letters.codes[0]
        .iter()
        .zip(1..)
        .map(|(code, registrar)| hex::encode(*code.secret(&f.0, registrar).to_bytes()))
        .collect();
    let vectors = json!({
        "chapter": "05-ballot",
        "election": f.to_string(),
        "credential": { "codes": codes, "secrets": secrets, "key": hex::encode(letters.session(0).credential().0) },
        "contests": contests().iter().map(contest_json).collect::<Vec<_>>(),
        "ballot": ballot_json(&letters),
        "trackers": {
            "tracker": "0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
            "shown": "1CR5A-YMZRK-MGWCT-RFPHC",
            "matching": ["1CR5A-YMZRK-MGWCT-RFPHC", "lcr5a ymzrk mgwct rfphc", "ICR5", "1cr5aymzrkmgwctrfphc",
                "0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186"],
            "other": ["1CR5A-YMZRK-MGWCT-RFPHD", "ZZZZ"],
            "refused": ["", "1CR", "1CR5U", "1CR5A-YMZRK-MGWCT-RFPHC0",
                "0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C618G"],
        },
    });
    std::fs::write(path(), serde_json::to_string_pretty(&vectors).unwrap() + "\n").unwrap();
}

fn vectors() -> Value {
    serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).unwrap()
}

fn digest(value: &Value) -> [u8; 32] {
    bytes(value).try_into().unwrap()
}

#[test]
fn codes_make_the_credential_of_the_vectors() {
    let vectors = vectors();
    let (f, credential) = (digest(&vectors["election"]), &vectors["credential"]);
    let mut sum = crypto::Scalar::ZERO;
    for ((code, secret), registrar) in
        credential["codes"].as_array().unwrap().iter().zip(credential["secrets"].as_array().unwrap()).zip(1..)
    {
        let s = CredentialCode::parse(text(code)).unwrap().secret(&f, registrar);
        assert_eq!(hex::encode(*s.to_bytes()), text(secret));
        sum += s.expose();
    }
    let key = EncodedPoint::encode(&crypto::SecretScalar::new(sum).public());
    assert_eq!(hex::encode(key.0), text(&credential["key"]));
}

#[test]
fn contests_compile_as_in_the_vectors() {
    let vectors = vectors();
    for given in vectors["contests"].as_array().unwrap() {
        let limit = |name: &str| u32::try_from(given[name].as_u64().unwrap()).unwrap();
        let kind = match text(&given["kind"]) {
            "choose one" => ContestKind::ChooseOne,
            _ => ContestKind::Choose { minimum: limit("minimum"), maximum: limit("maximum") },
        };
        let contest = named(kind, given["blank"].as_bool().unwrap());
        assert_eq!(contest.options.len(), usize(&given["options"]));
        assert_eq!(compiled(&contest), given["compiled"]);
        for selection in given["selections"].as_array().unwrap() {
            let found = bits(&contest, &selection_of(&selection["selection"]));
            assert_eq!(found.as_deref(), selection["witness"].as_str());
        }
        assert_eq!(bits(&contest, &selection_of(&given["refused_selection"])), None);
    }
}

#[test]
fn the_ballot_of_the_vectors_verifies_and_opens() {
    let vectors = vectors();
    let (f, ballot) = (ElectionFingerprint(digest(&vectors["election"])), &vectors["ballot"]);
    let cast = Submission::from_parts(
        bytes(&ballot["cast"]["author"]),
        bytes(&ballot["cast"]["body"]),
        bytes(&ballot["cast"]["signature"]),
    );
    let tracker = cast.id(&f);
    assert_eq!(
        (tracker.to_string(), Tracker(tracker).to_string()),
        (text(&ballot["cast"]["tracker"]).to_owned(), text(&ballot["cast"]["shown"]).to_owned())
    );
    let Author::Credential(credential) = cast.author().unwrap() else { panic!("not a credential") };
    assert_eq!(hex::encode(credential.0), text(&vectors["credential"]["key"]));
    let keys: Vec<_> =
        ballot["slot_keys"].as_array().unwrap().iter().map(|key| EncodedPoint(digest(key)).decode().unwrap()).collect();
    let style = options().contests;
    let verify = |body: &Body| -> Vec<SealedContest> {
        let Body::Ballot(sealed) = body else { panic!("not a ballot") };
        assert_eq!(sealed.opening.0, digest(&ballot["opening"]));
        (0..)
            .zip(style.iter().zip(&sealed.contests))
            .map(|(index, (contest, bytes))| {
                let relation = contest.relation().unwrap();
                assert_eq!(compiled(contest), ballot["contests"][usize::try_from(index).unwrap()]);
                let bases = Bases::with_amounts(relation.witness_len(), relation.wide().len(), &keys);
                let context = SelectionContext {
                    election: f.0,
                    opening: sealed.opening.0,
                    joint_key: digest(&ballot["joint_key"]),
                    contest: index,
                    credential,
                    sequence: sealed.sequence,
                    previous: sealed.previous.0,
                };
                let contest = SealedContest::decode(bytes, &relation).unwrap();
                claim(&relation, &bases, &context, &contest).unwrap().0.verify(&bases).unwrap();
                contest
            })
            .collect()
    };
    verify(&cast.body().unwrap());

    let opening = AuditOpening::decode(&bytes(&ballot["audited"]["file"])).unwrap();
    assert_eq!(opening.tracker().hex(), text(&ballot["audited"]["tracker"]));
    let audited = inside(&opening);
    assert_eq!(
        fingerprint::submission(&f, cast.author_bytes(), &audited.ballot),
        text(&ballot["audited"]["tracker"]).parse::<SubmissionId>().unwrap()
    );
    let sealed = verify(&Body::decode(&audited.ballot).unwrap());
    for ((contest, sealed), opened) in style.iter().zip(&sealed).zip(&audited.openings) {
        let relation = contest.relation().unwrap();
        let bases = Bases::with_amounts(relation.witness_len(), relation.wide().len(), &keys);
        let r = EncodedScalar(opened.randomness).decode().unwrap();
        check_opening(&relation, &bases, sealed, &opened.values, &r).unwrap();
    }
}

#[test]
fn trackers_are_read_as_in_the_vectors() {
    let trackers = &vectors()["trackers"];
    let tracker = Tracker(text(&trackers["tracker"]).parse().unwrap());
    assert_eq!(tracker.to_string(), text(&trackers["shown"]));
    let typed = |list: &str| -> Vec<_> {
        trackers[list].as_array().unwrap().iter().map(|typed| text(typed).parse::<TypedTracker>()).collect()
    };
    assert!(typed("matching").into_iter().all(|typed| typed.unwrap().matches(&tracker.0)));
    assert!(typed("other").into_iter().all(|typed| !typed.unwrap().matches(&tracker.0)));
    assert!(typed("refused").into_iter().all(|typed| typed.is_err()));
}
