//! Which path does what, and what holds for all of them: size limits, cross-origin reading (HTTP-4, HTTP-6, HTTP-17).

use crate::{
    board::Board,
    limits::limited,
    pages::{self, Bundle},
    refusal::Refusal,
    routes,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use protocol::entry::MAXIMUM_ENTRY;
use std::sync::Arc;

const READ: &str = "GET, HEAD, OPTIONS";
const READ_OR_POST: &str = "GET, HEAD, POST, OPTIONS";
const POST: &str = "POST, OPTIONS";

/// The whole interface.
pub(crate) fn router(board: Arc<Board>) -> Router {
    let interface = Router::new()
        .route("/healthz", get(routes::health).fallback(|| refuse(READ)))
        .route("/api/v1/openapi.json", get(routes::openapi).fallback(|| refuse(READ)))
        .route("/api/v1/board", get(routes::board).fallback(|| refuse(READ)))
        .route("/api/v1/elections", get(routes::elections).post(routes::create).fallback(|| refuse(READ_OR_POST)))
        .route("/api/v1/elections/{election}", get(routes::status).fallback(|| refuse(READ)))
        .route("/api/v1/elections/{election}/head", get(routes::head).fallback(|| refuse(READ)))
        .route("/api/v1/elections/{election}/time-evidence", post(routes::time_evidence).fallback(|| refuse(POST)))
        .route("/api/v1/elections/{election}/submissions", post(routes::submit).fallback(|| refuse(POST)))
        .route("/api/v1/elections/{election}/events", get(routes::events).fallback(|| refuse(READ)))
        .route("/e/{election}/{*path}", get(routes::file).fallback(|| refuse(READ)))
        .fallback(|| async { Refusal::UnknownPath })
        .with_state(board.clone());
    interface
        .merge(pages::router(board.clone(), Bundle::embedded()))
        .layer(DefaultBodyLimit::max(MAXIMUM_ENTRY))
        .layer(middleware::from_fn_with_state(board.operation().addresses.clone(), limited))
        .layer(middleware::from_fn(open_to_all_origins))
}

/// What only reads takes nothing else (HTTP-4).
pub(crate) async fn read_only() -> Refusal {
    Refusal::WrongMethod(READ)
}

async fn refuse(allowed: &'static str) -> Refusal {
    Refusal::WrongMethod(allowed)
}

/// HTTP-17: everything here is public and nothing depends on who asks, so pages of any origin may read and submit.
pub(crate) async fn open_to_all_origins(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        (StatusCode::NO_CONTENT, headers).into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    // HTTP-48
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
