//! The voter's page without its browser: what the pages ask of `ballot_client::page`, against a board that may lie or fall silent.

use crate::{
    letters::{Letters, options},
    stub::{Mood, Stub},
};
use ballot_client::page::Voter;
use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// A page, and the fingerprint of its voter's letter.
struct Page {
    voter: Voter,
    runtime: tokio::runtime::Runtime,
    address: String,
    election: String,
}

impl Page {
    fn at(stub: &Stub) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let election = stub.state().letters.f().to_string();
        Self { voter: Voter::default(), runtime, address: stub.address.clone(), election }
    }

    fn call(&mut self, method: &str, request: Value) -> Result<Value, Value> {
        let request = Zeroizing::new(request.to_string());
        let answer = self.runtime.block_on(self.voter.call(method, request, |_, _| {}));
        match answer {
            Ok(answer) => Ok(serde_json::from_str(&answer).unwrap()),
            Err(fault) => Err(serde_json::from_str(&fault).unwrap()),
        }
    }

    fn open(&mut self) -> Value {
        let wish = json!({"board": self.address, "election": self.election});
        self.call("open", wish).unwrap()
    }

    /// Seals a ballot of voter 0.
    fn sealed(&mut self) -> String {
        let chosen = json!({"selections": [[0, {"options": [1]}], [1, {"options": [2, 0]}]]});
        self.call("seal", chosen).unwrap()["tracker"].as_str().unwrap().to_owned()
    }

    fn signed(&mut self) -> Value {
        self.call("sign", json!({})).unwrap()
    }
}

fn codes(stub: &Stub, voter: usize) -> Value {
    let state = stub.state();
    let codes: Vec<String> = state.letters.codes[voter].iter().map(|code| code.grouped().to_lowercase()).collect();
    json!({ "codes": codes })
}

fn fault(answer: Result<Value, Value>) -> String {
    answer.unwrap_err()["code"].as_str().unwrap().to_owned()
}

/// BAL-80, BAL-81: between reading the record and sending nothing goes to the board, and what was sealed is what is found.
#[test]
fn a_voter_votes_without_a_request_between_beginning_and_casting() {
    let stub = Stub::serve(Letters::opened(options()));
    let mut page = Page::at(&stub);
    let election = page.open();
    assert_eq!((election["phase"].as_str(), &election["problem"]), (Some("voting"), &Value::Null));
    assert_eq!(election["fingerprint"], page.election.as_str());

    let before = stub.state().requests.len();
    let ballot = page.call("begin", codes(&stub, 0)).unwrap();
    assert_eq!((ballot["unit"].as_str().unwrap().is_empty(), ballot["sequence"].as_u64()), (false, Some(0)));
    let kinds: Vec<_> = ballot["contests"].as_array().unwrap().iter().map(|contest| &contest["kind"]["name"]).collect();
    assert_eq!(kinds, ["choose-one", "choose"]);
    // What a contest does not allow is said by the same check that sealing makes.
    let three = page.call("check", json!({"contest": 1, "selection": {"options": [0, 1, 2]}})).unwrap();
    assert_eq!((three["code"].as_str(), three["params"]["maximum"].as_str()), (Some("selection-number"), Some("2")));
    assert_eq!(page.call("check", json!({"contest": 1, "selection": {"options": []}})).unwrap(), Value::Null);
    let half = page.call("seal", json!({"selections": [[0, {"options": [0]}]]}));
    assert_eq!(fault(half), "selection-missing");
    let first = page.sealed();
    let tracker = page.sealed();
    assert_ne!(first, tracker, "sealed anew, with fresh randomness");
    let signed = page.signed();
    assert_eq!(stub.state().requests.len(), before);
    assert_eq!(fault(page.call("sign", json!({}))), "nothing-sealed");

    let cast = page.call("send", signed.clone()).unwrap();
    assert_eq!((cast["state"].as_str(), cast["tracker"].as_str()), (Some("recorded"), Some(tracker.as_str())));
    // BAL-38: once more, as after a lost answer: it is the same entry.
    assert_eq!(page.call("send", signed).unwrap()["index"], cast["index"]);
    let checked = page.call("check-receipt", json!({"receipt": cast["receipt"]})).unwrap();
    assert_eq!((&checked["tracker"], &checked["index"]), (&cast["tracker"], &cast["index"]));

    // BAL-40, BAL-41: found again, by requests that do not depend on what is looked for.
    let seen = || stub.state().requests.len();
    let start = seen();
    let found = page.call("find", json!({"tracker": tracker.to_lowercase()})).unwrap();
    let middle = seen();
    let voted = page.call("voted", codes(&stub, 0)).unwrap();
    let end = seen();
    let none = page.call("voted", codes(&stub, 1)).unwrap();
    assert_eq!(found["found"], voted["found"]);
    assert_eq!(none["found"], json!([]));
    let requests = stub.state().requests.clone();
    assert_eq!(requests[start..middle], requests[middle..end]);
    assert_eq!(requests[middle..end], requests[end..]);

    // A second ballot comes after the first, once the record was read again.
    assert_eq!(page.call("begin", codes(&stub, 0)).unwrap()["sequence"], 1);
    page.sealed();
    let signed = page.signed();
    assert_eq!(page.call("send", signed).unwrap()["state"], "recorded");
    let found = page.call("voted", codes(&stub, 0)).unwrap();
    let fates: Vec<_> = found["found"].as_array().unwrap().iter().map(|found| &found["fate"]).collect();
    assert_eq!(fates, ["superseded", "counts"]);
    let receipt = page.call("receipt", json!({"tracker": tracker})).unwrap();
    assert!(receipt["receipt"].as_str().unwrap().starts_with("c2sp.org/tlog-proof"));
}

/// BAL-83: the second device reads the election itself, and says what the opened ballot holds.
#[test]
fn a_second_page_says_what_an_opened_ballot_holds() {
    let stub = Stub::serve(Letters::opened(options()));
    let (mut voting, mut second) = (Page::at(&stub), Page::at(&stub));
    voting.open();
    voting.call("begin", codes(&stub, 0)).unwrap();
    let tracker = voting.sealed();
    let opening = voting.call("audit", json!({})).unwrap();
    assert_eq!(fault(voting.call("sign", json!({}))), "nothing-sealed", "an opened ballot cannot be cast");

    let examine = |page: &mut Page, opening: &Value, tracker: &str| {
        page.call("examine", json!({"opening": opening, "tracker": tracker}))
    };
    assert_eq!(fault(examine(&mut second, &opening["opening"], &tracker)), "not-read");
    second.open();
    let found = examine(&mut second, &opening["opening"], &tracker).unwrap();
    assert_eq!(found["tracker"], tracker.as_str());
    assert_eq!(found["contests"][0]["selection"], json!({"options": [1]}));
    assert_eq!(found["contests"][1]["selection"], json!({"options": [0, 2]}));
    // As the text of a QR code too, where it is short enough for one.
    if let Some(qr) = opening["qr"].as_str() {
        assert_eq!(examine(&mut second, &json!(qr), &tracker).unwrap(), found);
    }
    let other = voting.sealed();
    assert_eq!(fault(examine(&mut second, &opening["opening"], &other)), "device-tracker");
    assert_eq!(fault(examine(&mut second, &opening["opening"], &tracker[..8])), "tracker-too-short");
    assert_eq!(fault(examine(&mut second, &json!("AAAA"), &tracker)), "opening-form");
    let short = second.call("qr", json!({"text": tracker})).unwrap();
    assert!(short["size"].as_u64().unwrap() >= 21 && short["dark"].as_str().unwrap().starts_with('M'));
}

/// BAL-84: a board that is silent, denies or lies is told apart, and the ballot stays one.
#[test]
fn whatever_the_board_does_the_page_says_what_became_of_the_ballot() {
    let stub = Stub::serve(Letters::opened(options()));
    let mut page = Page::at(&stub);
    page.open();
    page.call("begin", codes(&stub, 0)).unwrap();
    page.sealed();
    let signed = page.signed();
    stub.mood(Mood::Deaf);
    let cast = page.call("send", signed.clone()).unwrap();
    assert_eq!((cast["state"].as_str(), cast["fault"]["code"].as_str()), (Some("unknown"), Some("board-silent")));
    stub.mood(Mood::Lies);
    let cast = page.call("send", signed.clone()).unwrap();
    assert_eq!((cast["state"].as_str(), cast["fault"]["code"].as_str()), (Some("lie"), Some("promise-broken")));
    // It says that it refuses, and the record shows the ballot.
    stub.mood(Mood::Denies);
    let denied = page.call("send", signed.clone()).unwrap();
    assert_eq!(denied["state"], "recorded");
    stub.mood(Mood::Fair);
    assert_eq!(page.call("send", signed).unwrap()["index"], denied["index"]);
    assert_eq!(page.call("voted", codes(&stub, 0)).unwrap()["found"].as_array().unwrap().len(), 1);
}

/// BAL-22, BAL-20: what does not fit the letter is refused before anything is filled in.
#[test]
fn wrong_elections_and_wrong_codes_are_named() {
    let stub = Stub::serve(Letters::opened(options()));
    let mut page = Page::at(&stub);
    let other = json!({"board": page.address, "election": "ab".repeat(32)});
    assert_eq!(fault(page.call("open", other)), "other-election");
    assert_eq!(fault(page.call("begin", codes(&stub, 0))), "not-read");
    let nowhere = json!({"board": "ftp://example.org", "election": page.election});
    assert_eq!(fault(page.call("open", nowhere)), "board-address");
    page.open();
    let own = codes(&stub, 0)["codes"].clone();
    let theirs = codes(&stub, 1)["codes"].clone();
    assert_eq!(fault(page.call("begin", json!({"codes": [own[0]]}))), "code-number");
    assert_eq!(fault(page.call("begin", json!({"codes": [own[0], theirs[1]]}))), "code-unknown");
    let mut typed = own[0].as_str().unwrap().to_owned();
    let last = if typed.pop() == Some('0') { '1' } else { '0' };
    typed.push(last);
    let wrong = page.call("letter", json!({ "text": typed })).unwrap_err();
    assert_eq!(wrong["code"], "code-check");
    assert!(!wrong.to_string().contains(&typed[..9]), "a fault shows no character of a code");
    assert_eq!(page.call("letter", json!({"text": own[1]})).unwrap()["code"], own[1].as_str().unwrap().to_uppercase());
    page.call("begin", json!({ "codes": own })).unwrap();
    page.call("forget", json!({})).unwrap();
    assert_eq!(fault(page.call("seal", json!({"selections": []}))), "not-begun");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever a page asks, the answer is JSON or a fault that repeats nothing of the request.
    #[test]
    fn any_request_has_an_answer(
        method in prop::sample::select(vec!["open", "letter", "begin", "check", "seal", "sign", "send", "audit", "examine", "check-receipt", "qr", "x"]),
        request in prop_oneof![
            ".{0,60}",
            r#"\{"(text|codes|submission|opening|tracker|receipt)":("[a-zA-Z0-9=?/:+-]{0,80}"|\["[A-Z0-9-]{0,40}"\]|[0-9]{1,12})\}"#,
        ],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut voter = Voter::default();
        let answer = runtime.block_on(voter.call(method, Zeroizing::new(request), |_, _| {}));
        let text = answer.map_or_else(|fault| fault, |answer| answer.to_string());
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
