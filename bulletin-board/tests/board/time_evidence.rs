//! Time evidence over HTTP (BRD-25 to BRD-27, HTTP-31 to HTTP-34), judged by the fold (CLO-2, CER-8).

use crate::{
    cosigning::{cosigned, until, witnessed},
    running::Running,
    test_witness::{Manner, TestWitness, seconds_now},
    town::{Town, refused},
};
use bulletin_board::Config;
use protocol::{
    Body, Phase, Submission,
    body::{Closing, StageEnd},
    ids::ElectionFingerprint,
};
use reqwest::StatusCode;
use std::time::Duration;

/// A town whose stages are all overdue, and which closes in the past; a board that holds as long as it is told.
async fn town(policy_of: usize, hold: u64) -> (tempfile::TempDir, Config, Running, Vec<TestWitness>, Town) {
    let folder = tempfile::tempdir().unwrap();
    let mut witnesses = Vec::new();
    for (name, seed) in [("north", 1), ("south", 2)] {
        witnesses.push(TestWitness::start(name, seed).await);
    }
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, policy_of));
    town.closing = 6;
    let mut config = witnessed(folder.path(), &town);
    (config.cosigning.hold, config.cosigning.pause) = (hold, 300);
    let board = Running::start_with(config.clone()).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    (folder, config, board, witnesses, town)
}

fn stage_end(town: &Town, evidence: String) -> Submission {
    town.by_authority(&Body::StageEnd(StageEnd { stage: 1, evidence: evidence.into_bytes().into() }))
}

fn minutes_now() -> u64 {
    seconds_now() / 60
}

/// CER-8: the evidence is used, while what came meanwhile waits and comes after it.
#[tokio::test]
async fn a_stage_is_ended_by_the_witnesses_clock() {
    let (_folder, _, board, _witnesses, mut town) = town(2, 10_000).await;
    let (client, f) = (board.client.clone(), town.fingerprint());
    let since = minutes_now();
    let evidence = client.time_evidence(&f, since).await.unwrap();
    // A notice during the hold: not answered before what carries the evidence.
    let notice = town.notice("I came before.");
    let waiting = tokio::spawn({
        let (client, notice) = (client.clone(), notice.clone());
        async move { client.submit(&f, &notice).await.unwrap() }
    });
    until(|| async { refused(client.time_evidence(&f, since).await).rule == "HTTP-33" }).await;
    assert_eq!(client.status(&f).await.unwrap().summary.size, 1);
    // What carries no good evidence neither goes in nor ends the hold.
    let bad = stage_end(&town, evidence.replace("north.example", "other.example"));
    assert_eq!(refused(client.submit(&f, &bad).await).rule, "CLO-2");
    let end = stage_end(&town, evidence);
    town.post(&client, end).await;
    assert_eq!(town.election().size(), 2);
    let promise = waiting.await.unwrap();
    assert_eq!(promise.index(), 2);
    town.post(&client, notice).await;
    assert_eq!(town.election().phase(), Phase::Failed);
    board.stop().await;
}

/// CLO-2: a witnessed election is closed by anyone, with evidence.
#[tokio::test]
async fn a_witnessed_election_is_closed() {
    let (_folder, _, board, _witnesses, mut town) = town(1, 10_000).await;
    let (client, f) = (board.client.clone(), town.fingerprint());
    town.open(&client).await;
    cosigned(&client, &f, town.election().size()).await;
    let due = town.election().closing_time();
    let unsure = refused(client.time_evidence(&f, due - 1).await);
    assert_eq!((unsure.rule.as_str(), unsure.status), ("HTTP-32", 409));
    assert_eq!(refused(client.time_evidence(&f, minutes_now() + 5).await).rule, "HTTP-32", "not begun yet");
    let evidence = client.time_evidence(&f, due).await.unwrap();
    let counted = town.election().count().fingerprint;
    let closing = Closing { counted, evidence: evidence.into_bytes().into() };
    town.post(&client, Submission::anonymous(Body::Closing(closing).encode())).await;
    assert_eq!(town.election().phase(), Phase::Tallied);
    // Closed once; the hold itself may take a moment to end.
    until(|| async { refused(client.time_evidence(&f, due).await).rule == "HTTP-32" }).await;
    cosigned(&client, &f, town.election().size()).await;
    board.stop().await;
}

/// BRD-25, BRD-27, THR-44: a hold that nobody uses ends, the queue goes on, and the next hold has to wait a little.
#[tokio::test]
async fn an_unused_hold_ends() {
    let (_folder, _, board, witnesses, mut town) = town(2, 400).await;
    let (client, f) = (board.client.clone(), town.fingerprint());
    let since = minutes_now();
    let unused = client.time_evidence(&f, since).await.unwrap();
    let notice = town.notice("Let me in.");
    town.post(&client, notice).await;
    // The log has moved on, so the evidence is worth nothing now.
    assert_eq!(refused(client.submit(&f, &stage_end(&town, unused)).await).rule, "CLO-2");
    until(|| async { client.time_evidence(&f, since).await.is_ok() }).await;
    // Too few witnesses in time: nobody is held for long by that either.
    witnesses[0].be(Manner::Down);
    let notice = town.notice("Let me in, too.");
    town.post(&client, notice).await;
    until(|| async { refused(client.time_evidence(&f, since).await).rule == "HTTP-34" }).await;
    let notice = town.notice("And me.");
    town.post(&client, notice).await;
    witnesses[0].be(Manner::Honest);
    let evidence = loop {
        match client.time_evidence(&f, since).await {
            Ok(evidence) => break evidence,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let end = stage_end(&town, evidence);
    town.post(&client, end).await;
    board.stop().await;
}

/// HTTP-31, HTTP-32: questions that are none, and elections that need no evidence.
#[tokio::test]
async fn questions_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    assert_eq!(refused(board.client.time_evidence(&f, 1).await).rule, "HTTP-32", "quorum none");
    assert_eq!(refused(board.client.time_evidence(&ElectionFingerprint([7; 32]), 1).await).rule, "HTTP-8");
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let url = format!("{}api/v1/elections/{f}/time-evidence", board.client.address());
    let cases = [
        ("application/json", "{}", StatusCode::UNPROCESSABLE_ENTITY, "HTTP-31"),
        ("application/json", "{\"since\":-1}", StatusCode::UNPROCESSABLE_ENTITY, "HTTP-31"),
        ("application/json", "\u{0}", StatusCode::UNPROCESSABLE_ENTITY, "HTTP-31"),
        ("application/cbor", "{\"since\":1}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "HTTP-5"),
    ];
    for (kind, body, status, rule) in cases {
        let answer = http.post(&url).header("content-type", kind).body(body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{body}");
        let problem: board_api::Problem = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(problem.rule, rule, "{body}");
    }
    assert_eq!(http.get(&url).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    board.stop().await;
}
