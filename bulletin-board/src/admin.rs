//! What the operator's own machines ask, on a listener of its own: alive, ready, how much (BRD-51, BRD-52). Not for the public: nothing here
//! names a voter, but numbers change faster than the log.

use crate::{
    board::Board,
    lifecycle::{Lifecycle, Stage},
    metrics::{TEXT, metrics},
    store::Role,
};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::{Arc, OnceLock};

/// What the answers are made of. The board is there once its logs are taken up.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) board: Arc<OnceLock<Arc<Board>>>,
}

impl Admin {
    /// BRD-51: why submissions should go elsewhere, if they should.
    fn hindrance(&self) -> Option<&'static str> {
        match (self.lifecycle.stage(), self.board.get()) {
            (Stage::Draining | Stage::Ending, _) => Some("draining: asked to end"),
            (Stage::Starting, _) | (_, None) => Some("starting: taking up the logs"),
            (Stage::Serving, Some(board)) if !board.is_sound() => {
                Some("halted: a commit failed or the database is not the last one, as the log file says")
            }
            (Stage::Serving, Some(board)) if board.role() == Role::Away => Some("away: the database cannot be reached"),
            (Stage::Serving, Some(_)) => None,
        }
    }
}

pub(crate) fn router(admin: Admin) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
        .with_state(admin)
}

/// BRD-51: the process runs. Whether it can do its work is the other question.
async fn alive() -> Response {
    said(StatusCode::OK, "ok")
}

/// BRD-51: whether submissions should be sent here.
async fn ready(State(admin): State<Admin>) -> Response {
    match admin.hindrance() {
        None => said(StatusCode::OK, "ready"),
        Some(reason) => said(StatusCode::SERVICE_UNAVAILABLE, reason),
    }
}

/// BRD-52.
async fn numbers(State(admin): State<Admin>) -> Response {
    let Some(board) = admin.board.get() else {
        return said(StatusCode::SERVICE_UNAVAILABLE, "starting: taking up the logs");
    };
    let text = metrics().text(board, admin.hindrance().is_none());
    ([(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, TEXT)], text).into_response()
}

fn said(status: StatusCode, text: &'static str) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{text}\n")).into_response()
}
