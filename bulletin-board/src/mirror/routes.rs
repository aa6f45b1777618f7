//! The mirror over HTTP: the read side of a board (MIR-7), what it says about itself (MIR-10), and the witness's interface (MIR-8).

use super::{Mirror, MirrorDocument};
use crate::{
    app::{open_to_all_origins, read_only},
    log::Log,
    pages::{self, Bundle},
    refusal::Refusal,
    routes::{ASK_AGAIN, file_of, signed_note},
    witness,
};
use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use board_api::{ElectionStatus, ElectionSummary};
use std::sync::Arc;

type Shared = State<Arc<Mirror>>;

/// The whole interface.
pub(super) fn router(mirror: Arc<Mirror>) -> Router {
    let reading = Router::new()
        .route("/api/v1/mirror", get(document).fallback(read_only))
        .route("/api/v1/elections", get(elections).fallback(read_only))
        .route("/api/v1/elections/{election}", get(status).fallback(read_only))
        .route("/api/v1/elections/{election}/head", get(head).fallback(read_only))
        .route("/e/{election}/{*path}", get(file).fallback(read_only))
        .fallback(|| async { Refusal::UnknownPath })
        .with_state(mirror.clone());
    let pages = pages::router(mirror.clone(), Bundle::embedded());
    reading.merge(pages).merge(witness::router(mirror)).layer(middleware::from_fn(open_to_all_origins))
}

/// MIR-10.
async fn document(State(mirror): Shared) -> impl IntoResponse {
    let document: MirrorDocument = mirror.document();
    ([ASK_AGAIN], Json(document))
}

/// MIR-7, HTTP-11.
async fn elections(State(mirror): Shared) -> impl IntoResponse {
    let elections: Vec<ElectionSummary> = mirror.logs().iter().map(|log| log.status().summary).collect();
    ([ASK_AGAIN], Json(elections))
}

/// MIR-7, HTTP-12.
async fn status(
    State(mirror): Shared,
    election: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    let status: ElectionStatus = log(&mirror, &election)?.status();
    Ok(([ASK_AGAIN], Json(status)))
}

/// MIR-7, HTTP-30.
async fn head(
    State(mirror): Shared,
    election: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path(election) = election.map_err(|_| Refusal::UnknownPath)?;
    let (_, note) = log(&mirror, &election)?.head();
    Ok(signed_note(note, &headers))
}

/// MIR-7, HTTP-15.
async fn file(
    State(mirror): Shared,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Path((election, path)) = path.map_err(|_| Refusal::UnknownPath)?;
    file_of(&*log(&mirror, &election)?, &path, &headers).await
}

/// HTTP-8.
fn log(mirror: &Mirror, election: &str) -> Result<Arc<Log>, Refusal> {
    let unknown = || Refusal::UnknownElection(election.chars().take(64).collect());
    let fingerprint = crate::board::fingerprint_of(election).ok_or_else(unknown)?;
    mirror.log(&fingerprint).ok_or_else(unknown)
}
