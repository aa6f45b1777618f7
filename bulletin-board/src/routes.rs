//! One function a path (HTTP-9 to HTTP-18, HTTP-30 to HTTP-34).

use crate::{board::Board, log::Log, metrics::metrics, openapi, refusal::Refusal};
use axum::{
    Json,
    body::{Bytes, HttpBody as _},
    extract::{
        FromRequest as _, Path, Request, State,
        rejection::{BytesRejection, FailedToBufferBody, PathRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use board_api::{BoardDocument, ElectionStatus, ElectionSummary, EvidenceQuestion, PromiseDocument, SUBMISSION_TYPE};
use protocol::entry::MAXIMUM_ENTRY;
use sha2::{Digest as _, Sha256};
use std::{sync::Arc, time::Duration};
use tlog::record::{ChainPath, RecordPath};
use tokio::sync::OwnedSemaphorePermit;

/// HTTP-7: how long a body may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// HTTP-16: of what changes.
pub(crate) const ASK_AGAIN: (header::HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));

/// HTTP-16: of what never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

type Shared = State<Arc<Board>>;

/// HTTP-18.
pub(crate) async fn health(State(board): Shared) -> Result<Response, Refusal> {
    if board.is_sound() { Ok(([ASK_AGAIN], "ok\n").into_response()) } else { Err(Refusal::Halted) }
}

/// HTTP-9.
pub(crate) async fn board(State(board): Shared) -> Result<impl IntoResponse, Refusal> {
    let document: BoardDocument = board.document().map_err(|_| Refusal::Halted)?;
    Ok(([ASK_AGAIN], Json(document)))
}

/// HTTP-11.
pub(crate) async fn elections(State(board): Shared) -> impl IntoResponse {
    let elections: Vec<ElectionSummary> = board.elections();
    ([ASK_AGAIN], Json(elections))
}

/// HTTP-12.
pub(crate) async fn status(
    State(board): Shared,
    election: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    let status: ElectionStatus = board.status(&election)?;
    Ok(([ASK_AGAIN], Json(status)))
}

/// HTTP-10.
pub(crate) async fn create(State(board): Shared, request: Request) -> Result<Response, Refusal> {
    let (bytes, _room) = receive(&board, request, SUBMISSION_TYPE).await?;
    // Who goes away does not stop what began: the creation ends either way.
    let creating = tokio::spawn(async move { board.create(&bytes).await });
    let promise = creating.await.unwrap_or(Err(Refusal::Halted));
    metrics().answered(&promise);
    Ok(promised(promise?))
}

/// HTTP-13.
pub(crate) async fn submit(
    State(board): Shared,
    election: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    // HTTP-8 comes before the body is read.
    board.status(&election)?;
    let (bytes, room) = receive(&board, request, SUBMISSION_TYPE).await?;
    let promise = board.submit(&election, &bytes, room).await;
    metrics().answered(&promise);
    Ok(promised(promise?))
}

/// HTTP-42.
pub(crate) async fn openapi() -> impl IntoResponse {
    ([ASK_AGAIN, (header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], openapi::text())
}

/// HTTP-41.
pub(crate) async fn events(
    State(board): Shared,
    election: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    let log = board.log(&election)?;
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let feed = board.operation().feed.follow(&log, known)?;
    // A proxy that collects an answer before it passes it on would pass on nothing.
    Ok(([("x-accel-buffering", "no"), ("cache-control", "no-store")], feed).into_response())
}

fn promised(promise: PromiseDocument) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(promise)).into_response()
}

/// HTTP-15, HTTP-16.
pub(crate) async fn file(
    State(board): Shared,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path((election, path)) = path.map_err(|_| Refusal::UnknownPath)?;
    let Some(earlier) = board.earlier(&election) else {
        return file_of(&*board.log(&election)?, &path, &headers).await;
    };
    // BRD-73
    let name: ChainPath = path.parse().map_err(|_| Refusal::NoSuchFile(0))?;
    if name.log() == earlier.next()
        && let Ok(log) = board.log(&election)
    {
        return file_of(&log, &name.file().to_string(), &headers).await;
    }
    let bytes = earlier.file(&name).await?.ok_or(Refusal::NoSuchFile(0))?;
    match name.file() {
        RecordPath::Checkpoint => Ok(signed_note(String::from_utf8_lossy(&bytes).into_owned(), &headers)),
        RecordPath::Tile(_) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            Ok(([(header::CACHE_CONTROL, FOR_EVER), (header::CONTENT_TYPE, kind)], bytes).into_response())
        }
    }
}

/// HTTP-15, HTTP-16: a file of a log, by its name.
pub(crate) async fn file_of(log: &Log, path: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let missing = || Refusal::NoSuchFile(log.head().0);
    match path.parse().map_err(|_| missing())? {
        RecordPath::Checkpoint => {
            let (_, note) = log.checkpoint().ok_or(Refusal::AwaitingWitnesses)?;
            Ok(signed_note(note, headers))
        }
        RecordPath::Tile(tile) => {
            let bytes = log.file(&tile).await?.ok_or_else(missing)?;
            let kind = HeaderValue::from_static("application/octet-stream");
            Ok(([(header::CACHE_CONTROL, FOR_EVER), (header::CONTENT_TYPE, kind)], bytes).into_response())
        }
    }
}

/// HTTP-30.
pub(crate) async fn head(
    State(board): Shared,
    election: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    let (_, note) = board.log(&election)?.head();
    Ok(signed_note(note, &headers))
}

/// HTTP-31 to HTTP-34.
pub(crate) async fn time_evidence(
    State(board): Shared,
    election: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    board.log(&election)?;
    let (bytes, _room) = receive(&board, request, "application/json").await?;
    let question: EvidenceQuestion =
        serde_json::from_slice(&bytes).map_err(|_| Refusal::EvidenceQuestion("something else".to_owned()))?;
    // Who goes away releases the hold.
    let evidence = board.time_evidence(&election, question.since).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(evidence)).into_response())
}

/// HTTP-16: a note, named by its bytes: the cosignatures on a size may become more.
pub(crate) fn signed_note(note: String, headers: &HeaderMap) -> Response {
    let digest = hex::encode(Sha256::digest(&note));
    let tag = HeaderValue::try_from(format!("\"{digest}\"")).expect("hexadecimal digits in quotes");
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, [ASK_AGAIN, (header::ETAG, tag)]).into_response();
    }
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    ([ASK_AGAIN, (header::ETAG, tag), (header::CONTENT_TYPE, kind)], note).into_response()
}

/// A submission's bytes, and the memory they were granted: type and announced length are checked before anything is read, the length
/// again while reading (HTTP-5, HTTP-6, HTTP-7, BRD-6).
async fn receive(
    board: &Board,
    request: Request,
    expected: &'static str,
) -> Result<(Bytes, OwnedSemaphorePermit), Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("none");
    if !kind.eq_ignore_ascii_case(expected) {
        return Err(Refusal::WrongType { expected, found: kind.chars().take(100).collect() });
    }
    let announced = request.body().size_hint();
    let least = usize::try_from(announced.lower()).unwrap_or(usize::MAX);
    if least > MAXIMUM_ENTRY {
        return Err(Refusal::TooLong(format!("{least} bytes")));
    }
    let most = announced.exact().and_then(|exact| usize::try_from(exact).ok()).unwrap_or(MAXIMUM_ENTRY);
    let room = board.room(most)?;
    let reading = tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await;
    let bytes = reading.map_err(|_| Refusal::Incomplete("not all of it"))?;
    let bytes = bytes.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Refusal::TooLong("more than that".to_owned())
        }
        _ => Refusal::Incomplete("a connection that broke off"),
    })?;
    Ok((bytes, room))
}
