use super::*;
use protocol::Finding;

/// HTTP-2, HTTP-3: the status of the answer is that of its problem; who may come back is told when.
#[tokio::test]
async fn each_refusal_is_a_whole_problem() {
    let text = || "something".to_owned();
    let refusals = [
        (Refusal::Rejected(Rejection::NotNextInChain(Finding::new(2, 1))), 409, "BAL-5", None),
        (Refusal::UnknownPath, 404, "HTTP-4", None),
        (Refusal::WrongMethod("GET"), 405, "HTTP-4", None),
        (Refusal::WrongType { expected: "application/cbor", found: text() }, 415, "HTTP-5", None),
        (Refusal::TooLong(text()), 413, "HTTP-6", None),
        (Refusal::Incomplete("nothing"), 408, "HTTP-7", None),
        (Refusal::UnknownElection(text()), 404, "HTTP-8", None),
        (Refusal::NoSuchFile(7), 404, "HTTP-15", None),
        (Refusal::AwaitingWitnesses, 404, "HTTP-15", None),
        (Refusal::ForeignAuthority(text()), 403, "BRD-2", None),
        (Refusal::ForeignLog { expected: text(), found: text() }, 422, "BRD-3", None),
        (Refusal::OriginTaken(text()), 409, "BRD-4", None),
        (Refusal::Continuation, 422, "BRD-5", None),
        (Refusal::AwaitingContinuation, 409, "BRD-71", None),
        (Refusal::ForeignSuccessor { expected: text(), found: text() }, 409, "BRD-71", None),
        (Refusal::Guarded, 503, "BRD-23", Some("2")),
        (Refusal::Outdated, 503, "BRD-24", Some("30")),
        (Refusal::EvidenceQuestion(text()), 422, "HTTP-31", None),
        (Refusal::EvidenceNotNow { due: Some(2), since: 1 }, 409, "HTTP-32", None),
        (Refusal::EvidenceNotNow { due: None, since: 1 }, 409, "HTTP-32", None),
        (Refusal::Held, 409, "HTTP-33", None),
        (Refusal::EvidenceMissing, 503, "HTTP-34", Some("30")),
        (Refusal::Busy, 503, "BRD-6", Some("1")),
        (Refusal::TooManyRequests(Duration::from_millis(1500)), 429, "HTTP-39", Some("2")),
        (Refusal::TooManyBallots(Duration::from_millis(14_200)), 429, "HTTP-40", Some("15")),
        (Refusal::TooManyListeners, 503, "HTTP-41", Some("1")),
        (Refusal::Away, 503, "BRD-33", Some("1")),
        (Refusal::Store(StoreError::NotLeading), 503, "BRD-33", Some("1")),
        (Refusal::Relayed(Box::new(Refusal::Busy.problem())), 503, "BRD-6", Some("1")),
        (Refusal::Halted, 503, "BRD-12", Some("30")),
        (Refusal::Store(StoreError::Corrupt("a note")), 503, "BRD-12", Some("30")),
        (Refusal::Replay(ReplayError::TreeDiffers), 503, "BRD-12", Some("30")),
    ];
    for (refusal, status, rule, again) in refusals {
        let response = refusal.into_response();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_TYPE);
        let retry_after = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
        assert_eq!(retry_after, again, "{rule}");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert!(problem.is_consistent());
        assert_eq!((problem.status, problem.rule.as_str()), (status, rule));
        assert!(!problem.detail.contains("a note"), "causes are logged, never sent");
    }
}
