//! A trustee whose keystore never meets a network, over HTTP and with the officials' own commands (chapter 04c).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken builder should stop the test where it broke"
)]

mod letters;
#[path = "../voting/stub.rs"]
#[expect(dead_code, reason = "the voters' tests need a board with more moods")]
mod stub;
mod town;
mod vectors;

use protocol::{
    Author, Body, Phase, Selection, Submission,
    body::{Notice, StageEnd},
};
use std::fs;
use town::{Town, save};
use trustee_tools::{
    authority,
    carry::{Answer, Asked, Request, Step},
};
use verifier::Folder;
use vitrine_tests::drill::{record_of, replay};

/// AIR-5 to AIR-9: every step of trustee 2, from the commitment to the decryption, is carried.
#[test]
fn a_trustee_that_never_touches_the_board() {
    let town = Town::new(1);
    for step in ["commit", "deal", "check", "rehearse"] {
        let carried = town.carry(2, "");
        assert_eq!(carried["step"], step);
        let entries = town.entries();
        let again = town.online("import @/answer").json();
        assert_eq!((again["already_there"].as_u64(), town.entries()), (Some(1), entries), "twice is harmless");
        town.online("export --trustee 2 --out @/none").refused(4, "nothing is awaited from trustee 2");
        for trustee in [1, 3] {
            assert_eq!(town.connected(trustee, "step")["state"], "sent");
        }
    }
    assert_eq!(town.meanwhile(|drill| drill.election.ceremony().active()), [1, 2, 3]);
    assert_eq!(town.carry(2, "rehearse")["sent"][0]["body"], "Rehearsal");

    town.meanwhile(|drill| {
        drill.publish_roll();
        drill.open();
    });
    town.carry(2, "rehearse");
    town.online("export --trustee 2 --step decrypt --out @/early").refused(4, "voting goes on");
    town.meanwhile(|drill| {
        for (voter, option) in [0, 1, 1, 3].into_iter().enumerate() {
            drill.cast(voter, &[Selection::Options(vec![option])]).unwrap();
        }
        drill.close();
    });
    // The request holds every ballot, and the machine without a network verifies and counts them all.
    let entries = town.entries();
    town.clear();
    let request = town.online("export --trustee 2 --out @/request").json();
    assert_eq!((&request["step"], &request["entries"]), (&"decrypt".into(), &entries.into()));
    fs::copy(town.path("request"), town.path("ballots")).unwrap();
    let answer = town.offline(2, "answer @/request --out @/answer");
    assert!(
        answer.messages.contains("verified") && answer.messages.contains("all that is there is right"),
        "{}",
        answer.messages
    );
    assert_eq!(answer.json()["sent"][0]["body"], "PartialDecryption");
    town.online("import @/answer").json();
    town.online("import @/answer").json();
    assert_eq!(town.connected(1, "decrypt")["sent"][0]["body"], "PartialDecryption");
    town.meanwhile(|drill| {
        for result in authority::results(&drill.election).unwrap() {
            drill.apply(result).unwrap();
        }
        assert_eq!(drill.election.groups(0)[0].totals().unwrap(), [1, 2, 0, 1, 0]);
    });
    assert_eq!(town.phase(), Phase::Tallied);

    // Its shares are destroyed, and an answer that is lost on its way is written again from what is left.
    town.online("export --trustee 2 --out @/last").json();
    town.offline(2, "answer @/last --out @/lost").json();
    let retired = town.carry(2, "");
    assert_eq!((&retired["step"], &retired["sent"][0]["body"]), (&"retire".into(), &"Retirement".into()));
    let lost = town.online("import @/lost").json();
    assert_eq!(lost["already_there"], 1, "the very same statement");
    assert!(town.meanwhile(|drill| drill.election.retired().contains_key(&2)));
    town.offline(2, "answer @/ballots --out @/more").refused(5, "retired");
    town.online("export --trustee 2 --out @/more").refused(4, "nothing is awaited");
}

/// AIR-6, AIR-9: a complaint and the confirmation after it are one answer; what half of it does already is not sent again.
#[test]
fn a_complaint_is_carried_with_its_confirmation() {
    let town = Town::with_a_cheat(7);
    // Trustee 1's box for trustee 2 is bad before it commits to it.
    let parts = town.meanwhile(|drill| {
        let mut parts = drill.dealing(1);
        let Body::Dealing(dealing) = &mut parts[0] else { panic!("{parts:?}") };
        dealing.boxes[1].sealed[0] ^= 1;
        drill.commit(1, &parts).unwrap();
        parts
    });
    town.carry(2, "");
    town.connected(3, "step");
    town.carry(2, "");
    town.connected(3, "step");
    town.meanwhile(|drill| {
        let dealing = drill.by_trustee(1, &parts[0]);
        drill.apply(dealing).unwrap();
    });
    let request = town.path("again");
    town.online(&format!("export --trustee 2 --out {}", request.display())).json();
    town.offline(2, &format!("answer {} --out @/both", request.display())).json();
    let both = Answer::read(&town.path("both"), &town.election).unwrap();
    assert_eq!(both.submissions.len(), 2);
    // Only the first of the two arrived: the network went away.
    town.meanwhile(|drill| drill.apply(both.submissions[0].clone()).unwrap());
    let imported = town.online("import @/both").json();
    assert_eq!(
        (imported["already_there"].as_u64(), &imported["sent"][0]["body"]),
        (Some(1), &"CeremonyConfirmation".into())
    );
    town.meanwhile(|drill| drill.confirm(1).unwrap());
    town.connected(3, "step");
    town.carry(2, "");
    town.connected(3, "step");
    assert_eq!(town.meanwhile(|drill| drill.election.ceremony().active()), [2, 3], "trustee 1 has left");
}

/// AIR-4, AIR-7, REC-7: a request brings every log of an election that was continued, and the answer names the last.
#[test]
fn an_election_that_was_continued() {
    let town = Town::new(8);
    town.meanwhile(|drill| {
        let next = drill.next_board(9);
        drill.continue_in(next);
        let notice = drill.by_authority(&Body::Notice(Notice { text: "On another board.".into() }));
        drill.apply(notice).unwrap();
    });
    let request = town.online("export --trustee 2 --out @/request").json();
    assert_eq!(request["entries"], 3);
    town.offline(2, "answer @/request --out @/answer").json();
    let answer = Answer::read(&town.path("answer"), &town.election).unwrap();
    let origin = town.meanwhile(|drill| drill.election.log_origin().to_owned());
    let claim = answer.head.claim().unwrap();
    assert_eq!((answer.head.log, claim.origin(), claim.size()), (2, origin.as_str(), 2));
    let pending = town.meanwhile(|drill| answer.pending(&mut replay(&drill.entries)).unwrap());
    assert_eq!((pending.missing.len(), pending.present), (1, 0));
}

/// AIR-9: what comes after its stage has ended is refused with the reason, and nothing is sent.
#[test]
fn an_answer_that_comes_too_late() {
    let town = Town::new(2);
    let (late, other) = ("export --trustee 3 --out @/request", "export --trustee 3 --out @/other");
    town.online(late).json();
    town.offline(3, "answer @/request --out @/answer").json();
    for trustee in [1, 2] {
        town.connected(trustee, "step");
    }
    town.meanwhile(|drill| {
        let end = Body::StageEnd(StageEnd { stage: 1, evidence: Vec::new().into() });
        let end = drill.by_authority(&end);
        drill.apply(end).unwrap();
    });
    let entries = town.entries();
    town.online("import @/answer").refused(5, "stage 2 of 4");
    assert_eq!(town.entries(), entries);
    town.online(other).refused(4, "waits for trustees 1, 2");
    town.online(&format!("{other} --step commit")).refused(4, "`commit` has no place");
    town.online("export --trustee 4 --step deal --out @/other").refused(2, "trustee 4");
    assert!(!town.path("other").exists());
}

/// AIR-5, AIR-7: each file is of one election, one trustee and one step, and no machine goes back.
#[test]
fn files_that_were_mixed_up() {
    let (town, elsewhere) = (Town::new(3), Town::new(4));
    town.online("export --trustee 2 --out @/request").json();
    elsewhere.online("export --trustee 2 --out @/request").json();
    let foreign = elsewhere.path("request");
    town.offline(2, &format!("answer {} --out @/answer", foreign.display())).refused(5, "AIR-5");
    town.offline(1, "answer @/request --out @/answer").refused(5, "for trustee 2, and this is trustee 1");
    town.offline(2, "answer @/request --fingerprint 0123-4567-89AB-CDEF-GHJK --out @/answer").refused(5, "AIR-3");
    town.online("import @/request").refused(5, "mixed up");
    assert!(!town.path("answer").exists());

    town.offline(2, "answer @/request --out @/answer").json();
    elsewhere.online(&format!("import {}", town.path("answer").display())).refused(5, "AIR-5");
    town.online("import @/answer --fingerprint 0123-4567-89AB-CDEF-GHJK").refused(5, "AIR-3");
    assert_eq!((town.entries(), elsewhere.entries()), (1, 1), "nothing was sent");
    town.online("import @/answer").json();

    // A header that asks for what the record is not at. Nothing else in it is wrong.
    let record = town.path("record");
    save(&town.meanwhile(|drill| drill.record()), &record);
    let asked = Asked { party: Author::Trustee(2), step: Step::Check };
    Request::write(&town.path("check"), &town.election, &asked, &Folder::new(&record)).unwrap();
    town.offline(2, "answer @/check --out @/other").refused(4, "`check` has no place");
    // Yesterday's request, after today's was read.
    for trustee in [1, 3] {
        town.connected(trustee, "step");
    }
    fs::rename(town.path("request"), town.path("yesterday")).unwrap();
    town.carry(2, "");
    town.offline(2, "answer @/yesterday --out @/other").refused(3, "older than what was read before");
    assert!(!town.path("other").exists());
}

/// AIR-8, THR-67: the machine without a network was shown another history than everybody else, and this is where it comes out.
#[test]
fn an_answer_made_on_another_history() {
    let town = Town::new(5);
    // The log signs one history for the board's readers, and another for the stick.
    let (record, other) = (town.path("record"), |text: &str| Body::Notice(Notice { text: text.into() }));
    let fork = town.meanwhile(|drill| {
        let first = drill.by_authority(&other("For everybody."));
        let second: Submission = drill.by_authority(&other("For one."));
        let before = drill.entries.clone();
        let fork = replay(&before).next_entry(second, drill.now);
        drill.apply(first).unwrap();
        record_of(&[before, vec![fork]].concat(), &drill.board)
    });
    save(&fork, &record);
    let asked = Asked { party: Author::Trustee(2), step: Step::Commit };
    Request::write(&town.path("request"), &town.election, &asked, &Folder::new(&record)).unwrap();
    town.offline(2, "answer @/request --out @/answer").json();
    town.online("import @/answer").refused(1, "another history");
    assert_eq!(town.entries(), 2, "nothing was sent");
    let kept: Vec<_> = fs::read_dir(town.path("state-online"))
        .unwrap()
        .map(|item| item.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "evidence"))
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let evidence = protocol::Evidence::decode(&fs::read(&kept[0]).unwrap()).unwrap();
    let log = town.meanwhile(|drill| drill.board.verifier_key());
    let finding = evidence.check().unwrap();
    assert!(finding.culprits.iter().any(|culprit| format!("{culprit:?}").contains(log.name())), "{finding:?}");
}

/// AIR-8: a board that shows less than the answer was made on gets nothing.
#[test]
fn an_answer_for_a_board_that_went_back() {
    let town = Town::new(6);
    town.meanwhile(|drill| {
        let notice = drill.by_authority(&Body::Notice(Notice { text: "Gone tomorrow.".into() }));
        drill.apply(notice).unwrap();
    });
    town.online("export --trustee 2 --out @/request").json();
    town.offline(2, "answer @/request --out @/answer").json();
    town.meanwhile(|drill| {
        drill.entries.pop();
        drill.election = replay(&drill.entries);
    });
    let import = "import @/answer";
    town.online(import).refused(1, "");
    let fresh = format!("{import} --board {} --wait 0 --state @/fresh", town.board.address);
    town.run(&fresh).refused(1, "AIR-8");
    assert_eq!(town.entries(), 1);
}
