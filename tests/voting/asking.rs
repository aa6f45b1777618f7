//! "Did my credential vote?", as a voter asks it, and as anybody checks the answer.

use crate::{
    commands::{Desk, text},
    letters::{option, options},
};
use serde_json::{Value, json};
use vitrine_tests::Options;

/// What the command that was printed gives to somebody without codes.
fn rechecked(desk: &Desk, answer: &Value) -> Value {
    let printed = answer["recheck"].as_str().unwrap();
    let words: Vec<&str> = printed.strip_prefix("vitrine ballot ").unwrap().split(' ').collect();
    desk.run(&[words.as_slice(), &["--json"]].concat(), "").json()
}

/// BAL-43, BAL-44: "no vote was cast with my credential" is an answer that anybody can check.
#[test]
fn a_voter_who_did_not_vote_can_show_it() {
    let desk = Desk::new();
    let answer = desk.did_i_vote(3);
    assert_eq!((&answer["answer"], &answer["so_far"]), (&json!("not-voted"), &json!(true)));
    assert_eq!(rechecked(&desk, &answer), answer);
    let codes = desk.path("codes-3");
    let said = desk.at(&["did-i-vote", "--code-file", text(&codes)], "").output;
    for words in ["No vote was cast with this credential so far.", "entries of the record were read", "--key"] {
        assert!(said.contains(words), "{said}");
    }

    // Somebody else votes, and voting ends: the answer stands for ever.
    desk.board.state().letters.cast(0, &[option(0), option(1)]);
    desk.board.state().letters.drill.close();
    let answer = desk.did_i_vote(3);
    assert_eq!(
        (&answer["answer"], &answer["so_far"], &answer["ballots"]),
        (&json!("not-voted"), &json!(false), &json!([]))
    );
    assert_eq!(rechecked(&desk, &answer), answer);
    let said = desk.at(&["did-i-vote", "--code-file", text(&codes)], "").output;
    assert!(said.contains("No vote was cast with this credential.") && !said.contains("so far"), "{said}");
}

/// BAL-40, BAL-43: which of several ballots counts; and the board sees the same requests, whoever is asked for.
#[test]
fn what_counts_is_said_and_the_board_does_not_learn_who_asks() {
    let desk = Desk::new();
    for choice in [0, 1] {
        let mut state = desk.board.state();
        state.letters.cast(0, &[option(choice), option(1)]);
    }
    let answer = desk.did_i_vote(0);
    let ballots = answer["ballots"].as_array().unwrap();
    assert_eq!((ballots[0]["fate"].as_str(), ballots[1]["fate"].as_str()), (Some("superseded"), Some("recorded")));
    assert_eq!((&answer["answer"], &answer["counts"]), (&json!("voted"), &ballots[1]["index"]));
    let requests = |voter: usize| {
        let key = desk.did_i_vote(voter)["credential"].as_str().unwrap().to_owned();
        desk.board.state().requests.clear();
        desk.at(&["did-i-vote", "--json", "--key", &key], "").json();
        let requests = desk.board.state().requests.clone();
        assert!(!requests.is_empty() && requests.iter().all(|request| !request.contains(&key)));
        requests
    };
    assert_eq!(requests(0), requests(3));
}

/// A replacement shows, from its beginning to its end, and so does a key that is no voter's.
#[test]
fn a_replaced_credential_is_told_by_whom() {
    let desk = Desk::new();
    desk.board.state().letters.replace(2, 1);
    let answer = desk.did_i_vote(2);
    let begun = answer["replacement_begun"].as_array().unwrap().clone();
    assert_eq!((&answer["answer"], begun.len()), (&json!("not-voted"), 1));
    desk.board.state().letters.replace(2, 2);
    let answer = desk.did_i_vote(2);
    assert_eq!((&answer["answer"], answer["replaced_by"].as_array().unwrap().len()), (&json!("replaced"), 2));
    assert_eq!(answer["replaced_by"][0], begun[0]);
    assert_eq!(rechecked(&desk, &answer), answer);

    let stranger = hex::encode(crypto::EncodedPoint::encode(&crypto::SecretScalar::new(7u64.into()).public()).0);
    let asked = desk.at(&["did-i-vote", "--json", "--key", &stranger], "");
    assert_eq!((asked.exit(), asked.output.contains("\"unknown\"")), (2, true));
}

/// BAL-47 to BAL-49: after a revote the earlier receipt stays good, and whoever asks is told that its ballot does not count.
#[test]
fn the_receipt_of_a_superseded_ballot() {
    let desk = Desk::new();
    let first = desk.cast(2, "1\nseal\ncast\n").json();
    let kept = first["receipt"].as_str().unwrap().to_owned();
    let receipt = |flags: &[&str]| desk.run(&[&["receipt", &kept, "--election", &desk.election], flags].concat(), "");
    let asked = ["--board", &desk.board.address];
    let alone = receipt(&[]).output;
    assert!(alone.contains("only the record tells") && alone.contains("--board"), "{alone}");
    let counts = receipt(&asked);
    assert!(counts.output.contains("It is the ballot of its codes that counts."), "{}", counts.output);

    let again = desk.cast(2, "2\nseal\ncast\n");
    let told = again.messages.replace(char::is_whitespace, " ");
    for words in [first["tracker"].as_str().unwrap(), &format!("entry {}", first["index"]), "will count instead of it"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let later = again.json()["index"].clone();
    let superseded = receipt(&asked);
    assert_eq!(superseded.exit(), 0, "the receipt itself holds");
    let words = format!("superseded by a later ballot of the same codes, entry {later}");
    assert!(superseded.output.contains(&words), "{}", superseded.output);
    let json = receipt(&["--board", &desk.board.address, "--json"]).json();
    assert_eq!((&json["ballot"]["fate"], &json["ballot"]["superseded_by"]), (&json!("superseded"), &later));
    let found = desk.at(&["find", first["tracker"].as_str().unwrap()], "").output;
    assert!(found.contains(&words), "{found}");
}

/// OVR-8: who was overridden is told by which entry and why, by every question, and casts no further ballot.
#[test]
fn an_overridden_voter_is_told() {
    let desk = Desk::of(Options { overrides: true, ..options() });
    let cast = desk.cast(2, "1\nseal\ncast\n").json();
    let entry = {
        let mut state = desk.board.state();
        let entry = state.letters.drill.override_row(2, "voted in person, station 3").unwrap();
        state.letters.drill.override_row(3, "voted in person, station 1").unwrap();
        entry
    };
    let answer = desk.did_i_vote(2);
    assert_eq!((&answer["answer"], answer["counts"].is_null()), (&json!("overridden"), true));
    assert_eq!(answer["overridden"], json!({"entry": entry, "reason": "voted in person, station 3"}));
    assert_eq!(answer["ballots"][0]["fate"], "overridden");
    assert_eq!(rechecked(&desk, &answer), answer);
    let codes = desk.path("codes-2");
    let said = desk.at(&["did-i-vote", "--code-file", text(&codes)], "").output;
    for words in
        ["No ballot of this credential counts", &format!("entry {entry}"), "station 3", "did not vote in person"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    // Who had no ballot is told the same.
    assert_eq!(desk.did_i_vote(3)["answer"], "overridden");
    let receipt = cast["receipt"].as_str().unwrap();
    let told = desk.at(&["receipt", receipt], "").output;
    assert!(
        told.contains("The receipt holds") && told.contains(&format!("overrode their row in entry {entry}")),
        "{told}"
    );
    let found = desk.at(&["find", cast["tracker"].as_str().unwrap()], "").output;
    assert!(found.contains("No ballot of these codes counts"), "{found}");
    for voter in [2, 3] {
        let refused = desk.cast(voter, "1\nseal\ncast\n");
        let why = refused.end.as_ref().unwrap_err().to_string();
        assert!(why.contains("overridden") && why.contains("station"), "{why}");
        assert_eq!(refused.exit(), 2);
    }
    assert_eq!(desk.cast(1, "1\n1\nseal\ncast\n").json()["outcome"], "cast");
}
