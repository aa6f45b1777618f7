//! Patience, limits and refusals (HTTP-2, HTTP-20, HTTP-21).

use crate::server::{Answer, FakeLog, serve, serve_files};
use board_api::{BoardClient, ClientError, PROBLEM_TYPE, Problem};
use protocol::Rule;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

const DOCUMENT: &str = r#"{"name":"Town hall","origin_prefix":"board.example","public_key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=","later":1}"#;

/// A server that counts, and gives the nth answer.
async fn counted(answers: Vec<Option<Answer>>) -> (BoardClient, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counter = count.clone();
    let client = serve(move |_| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        answers.get(usize::try_from(number).unwrap()).or(answers.last()).unwrap().clone()
    })
    .await;
    (client, count)
}

fn busy(retry_after: &str) -> Option<Answer> {
    let problem = Problem::new("BRD-6", 503, "the board is busy", "room", "none");
    let mut answer = Answer::new(503, serde_json::to_vec(&problem).unwrap());
    answer.headers = vec![("content-type", PROBLEM_TYPE.into()), ("retry-after", retry_after.into())];
    Some(answer)
}

#[tokio::test]
async fn a_busy_or_broken_board_is_asked_again() {
    let good = Some(Answer::new(200, DOCUMENT));
    let (client, count) = counted(vec![busy("0"), None, busy("0"), good]).await;
    assert_eq!(client.board().await.unwrap().name, "Town hall");
    assert_eq!(count.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn patience_ends() {
    let (client, count) = counted(vec![busy("0")]).await;
    assert!(matches!(client.board().await, Err(ClientError::Refused(problem)) if problem.rule == "BRD-6"));
    assert_eq!(count.load(Ordering::SeqCst), 6);
    let (client, count) = counted(vec![busy("30")]).await;
    assert!(matches!(client.board().await, Err(ClientError::Refused(_))));
    assert_eq!(count.load(Ordering::SeqCst), 1, "who asks for a long wait is believed at once");
}

#[tokio::test]
async fn refusals_are_final_and_must_be_whole() {
    let problem = Problem::new("BAL-5", 409, "not the next", "2", "1");
    let explained = |status, problem: &Problem| {
        let mut answer = Answer::new(status, serde_json::to_vec(problem).unwrap());
        answer.headers = vec![("content-type", PROBLEM_TYPE.into())];
        Some(answer)
    };
    let (client, count) = counted(vec![explained(409, &problem)]).await;
    assert!(matches!(client.board().await, Err(ClientError::Refused(found)) if *found == problem));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let (client, _) = counted(vec![explained(422, &problem)]).await;
    assert!(matches!(client.board().await, Err(ClientError::Status(422))), "another status than the problem's");
    let mut inconsistent = problem.clone();
    inconsistent.rule = "BAL-6".into();
    let (client, _) = counted(vec![explained(409, &inconsistent)]).await;
    assert!(matches!(client.board().await, Err(ClientError::Status(409))), "another rule than the type's");
    let (client, _) = counted(vec![Some(Answer::new(500, "oops"))]).await;
    assert!(matches!(client.board().await, Err(ClientError::Status(500))));
    let (client, _) = counted(vec![Some(Answer::new(200, "no document"))]).await;
    assert!(matches!(client.board().await, Err(ClientError::Document(_))));
}

#[tokio::test]
async fn long_answers_are_not_read() {
    let log = FakeLog::new(2);
    let mut files = log.files();
    files.insert(format!("/e/{}/tile/0/000.p/2", log.election), vec![0; 65]);
    let (client, _) = serve_files(files).await;
    let path: tlog::record::ChainPath = "tile/0/000.p/2".parse().unwrap();
    assert!(matches!(client.fetch(&log.election, &path).await, Err(ClientError::TooLong(64))));
    let absent: tlog::record::ChainPath = "tile/0/001".parse().unwrap();
    assert_eq!(client.fetch(&log.election, &absent).await.unwrap(), None);
}

#[test]
fn addresses() {
    for wrong in ["", "board.example", "ftp://board.example", "http://", "http://a/?b", "http://a/#b"] {
        assert!(matches!(BoardClient::new(wrong), Err(ClientError::Address(_))), "{wrong}");
    }
    assert_eq!(BoardClient::new("http://a/b").unwrap().address(), "http://a/b/");
}

#[test]
fn every_rule_has_a_status_and_a_name() {
    for rule in Rule::ALL {
        assert!([403, 409, 413, 422].contains(&board_api::problem::status(*rule)), "{rule}");
        let problem = Problem::new(rule.id(), 409, "title", "one", "two");
        assert!(problem.is_consistent());
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }
}
