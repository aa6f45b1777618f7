//! Entries: envelope, chain, author, signature, phase (ENC, ENT, CON).

use super::{authority, rule, trustee};
use protocol::{
    Author, Body, Entry, Selection, Submission,
    body::{Continuation, Extension, Notice, RollRow},
    ids::EntryHash,
};
use vitrine_tests::{Drill, Options};

fn notice(text: &str) -> Body {
    Body::Notice(Notice { text: text.into() })
}

/// One encoding each (THR-39).
#[test]
fn non_canonical_bytes() {
    let mut drill = Drill::begin(Options::simple(3));
    let body = [notice("x").encode(), vec![0]].concat();
    let f = drill.election.fingerprint();
    let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
    assert_eq!(rule(drill.apply(submission)), "ENC-1");
    let author = vec![0x81, 0x18, 0x00];
    let submission = Submission::from_parts(author, notice("x").encode(), vec![0; 64]);
    assert_eq!(rule(drill.apply(submission)), "ENC-1");
    assert_eq!(rule(Submission::decode(&[0x80])), "ENC-1");
    assert_eq!(rule(Entry::decode(&[0x80])), "ENC-1");
}

#[test]
fn oversized_bodies() {
    assert_eq!(rule(Body::decode(&vec![0; 65_001])), "ENC-2");
    assert_eq!(rule(Submission::decode(&vec![0; 65_536])), "ENC-2");
    assert_eq!(rule(Entry::decode(&vec![0; 65_536])), "ENC-2");
    let long = Submission::from_parts(vec![0x81, 0x04], vec![0; 65_001], Vec::new());
    assert_eq!(rule(Submission::decode(&long.encode())), "ENC-2");
}

#[test]
fn texts_that_hide_or_reorder() {
    let mut drill = Drill::begin(Options::simple(3));
    for text in ["", "bell\u{7}", "\u{202E}txet", "e\u{301}", &"a".repeat(10_001)] {
        assert_eq!(authority(&mut drill, notice(text)), "ENC-3", "{text:.20?}");
    }
    let fine = drill.by_authority(&notice("two\nlines, é, 投票"));
    drill.apply(fine).unwrap();
}

#[test]
fn positions_and_chain() {
    let mut drill = Drill::begin(Options::simple(3));
    let submission = drill.by_authority(&notice("x"));
    let head = drill.election.head();
    let at = |index, previous, time| Entry::new(index, previous, time, submission.clone());
    assert_eq!(rule(drill.election.apply(&at(2, head, drill.now))), "ENT-1");
    assert_eq!(rule(drill.election.apply(&at(1, EntryHash([1; 32]), drill.now))), "ENT-2");
    assert_eq!(rule(drill.election.apply(&at(1, head, drill.now - 1))), "ENT-3");
    drill.election.apply(&at(1, head, drill.now)).unwrap();
}

#[test]
fn authors() {
    let mut drill = Drill::begin(Options::simple(3));
    assert_eq!(trustee(&mut drill, 1, notice("x")), "ENT-4");
    assert_eq!(rule(drill.apply(Submission::anonymous(notice("x").encode()))), "ENT-4");
    let f = drill.election.fingerprint();
    let commitment = Body::DealingCommitment(protocol::body::DealingCommitment { parts: Vec::new() });
    for author in [Author::Trustee(0), Author::Trustee(4), Author::Registrar(1), Author::Authority] {
        let submission =
            Submission::sign(&f, &author, commitment.encode(), &drill.trustees[0].signing, &mut drill.rng).unwrap();
        assert!(["ENT-4", "CER-1"].contains(&rule(drill.apply(submission))), "{author}");
    }
}

#[test]
fn unnamed_registrars_are_nobody() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.issue_credentials();
    let body = Body::Roll(drill.roll_chunk(1, 0));
    let f = drill.election.fingerprint();
    let submission =
        Submission::sign(&f, &Author::Registrar(2), body.encode(), &drill.registrars[0], &mut drill.rng).unwrap();
    assert_eq!(rule(drill.apply(submission)), "ENT-4");
}

#[test]
fn signatures() {
    let mut drill = Drill::begin(Options::simple(3));
    let body = notice("x").encode();
    let f = drill.election.fingerprint();
    let mut forged: Vec<Submission> = vec![
        Submission::sign(&f, &Author::Authority, body.clone(), &drill.trustees[0].signing, &mut drill.rng).unwrap(),
        Submission::sign(
            &protocol::ids::ElectionFingerprint([9; 32]),
            &Author::Authority,
            body.clone(),
            &drill.authority,
            &mut drill.rng,
        )
        .unwrap(),
        Submission::from_parts(Author::Authority.encode(), body.clone(), vec![0; 64]),
        Submission::from_parts(Author::Authority.encode(), body.clone(), Vec::new()),
        Submission::from_parts(Author::Authority.encode(), body.clone(), vec![0xff; 64]),
    ];
    let right = drill.by_authority(&notice("x"));
    for bit in [0, 255, 256, 511] {
        let mut signature = right.signature_bytes().to_vec();
        signature[bit / 8] ^= 1 << (bit % 8);
        forged.push(Submission::from_parts(Author::Authority.encode(), body.clone(), signature));
    }
    for submission in forged {
        assert_eq!(rule(drill.apply(submission)), "ENT-5");
    }
    drill.apply(right).unwrap();
}

#[test]
fn anyone_signs_nothing() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &[Selection::Blank]).unwrap();
    drill.close();
    for (contest, group) in drill.open_groups() {
        for trustee in 1..=2 {
            let body = drill.partial(trustee, contest, group);
            let submission = drill.by_trustee(trustee, &body);
            drill.apply(submission).unwrap();
        }
    }
    let result = drill.result(0, 0).encode();
    assert_eq!(rule(drill.apply(Submission::from_parts(Author::Anyone.encode(), result, vec![0; 64]))), "ENT-5");
}

/// The same submission, also under another signature, enters once; and a proof of one submission takes in no other.
#[test]
fn repeated_submissions() {
    let mut drill = Drill::begin(Options::simple(3));
    let first = drill.by_authority(&notice("x"));
    let again = drill.by_authority(&notice("x"));
    assert_ne!(first.signature_bytes(), again.signature_bytes());
    drill.apply(first.clone()).unwrap();
    assert_eq!(rule(drill.apply(first)), "ENT-6");
    assert_eq!(rule(drill.apply(again)), "ENT-6");

    let submission = drill.by_authority(&notice("y"));
    let proven = drill.election.examine(&submission).unwrap().prove(drill.election.bases()).unwrap();
    let other = Submission::from_parts(Author::Authority.encode(), notice("y").encode(), vec![1; 64]);
    let entry = drill.election.next_entry(other, drill.now);
    assert_eq!(rule(drill.election.accept(&entry, proven)), "ENT-5");
}

#[test]
fn phases() {
    let mut drill = Drill::begin(Options::simple(3));
    let later = Body::Extension(Extension { closing: 29_001_500 });
    assert_eq!(authority(&mut drill, later.clone()), "ENT-7");
    drill.publish_roll();
    drill.run_ceremony();
    drill.open();
    let opening = drill.opening();
    let body = {
        let Body::Opening(mut opening) = opening else { unreachable!() };
        opening.active.clear();
        Body::Opening(opening)
    };
    assert_eq!(authority(&mut drill, body), "ENT-7");
    drill.cast(0, &[Selection::Blank]).unwrap();
    let (ballot, _) = drill.seal(1, &[Selection::Blank]);
    let rehearsal = drill.rehearsal(1);
    drill.close();
    assert_eq!(super::voter(&mut drill, 1, Body::Ballot(ballot)), "ENT-7");
    assert_eq!(authority(&mut drill, later), "ENT-7");
    assert_eq!(trustee(&mut drill, 1, rehearsal), "ENT-7");
    drill.tally();
    let roll = Body::Roll(protocol::body::Roll {
        chunk: 0,
        chunks: 1,
        rows: vec![RollRow { unit: 0, weight: 1, key: drill.credentials[0].public() }],
        possession: [0; 64],
    });
    assert_eq!(super::registrar(&mut drill, 1, roll), "ENT-7");
    let after = drill.by_authority(&notice("thank you"));
    drill.apply(after).unwrap();
}

#[test]
fn continuations() {
    let mut drill = Drill::begin(Options::simple(3));
    let mut rng = drill.rng.clone();
    let mut key = |suffix: &str| {
        let name = format!("{}{suffix}", drill.board.name());
        tlog::note::SignerKey::generate(&name, &mut rng).unwrap().verifier_key().to_string()
    };
    let right = Continuation {
        old_origin: drill.election.manifest().log_origin.clone(),
        old_size: 1,
        old_root: drill.election.root().into(),
        new_key: key("/2"),
    };
    for wrong in [
        Continuation { old_origin: "elsewhere".into(), ..right.clone() },
        Continuation { old_size: 2, ..right.clone() },
        Continuation { old_root: [0; 32].into(), ..right.clone() },
        Continuation { new_key: key("/3"), ..right.clone() },
        Continuation { new_key: key(""), ..right.clone() },
        Continuation { new_key: "no key".into(), ..right.clone() },
    ] {
        assert_eq!(authority(&mut drill, Body::Continuation(wrong)), "CON-1");
    }
    let submission = drill.by_authority(&Body::Continuation(right.clone()));
    drill.apply(submission).unwrap();
    assert_eq!(drill.election.log_key(), right.new_key);
    assert_eq!((drill.election.size(), drill.election.range().size()), (2, 1));
    let notice = drill.by_authority(&notice("the election goes on"));
    drill.apply(notice).unwrap();
    assert_eq!((drill.election.size(), drill.election.range().size()), (3, 2));
}
