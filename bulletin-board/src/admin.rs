//! What the operator's own machines ask, on a listener of its own: alive, ready, how much (BRD-51, BRD-52). Not for the public: nothing here
//! names a voter, but numbers change faster than the log.

use crate::{
    board::Board,
    lifecycle::{Lifecycle, Stage},
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

pub(crate) fn router(admin: Admin) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(admin)
}

/// BRD-51: the process runs. Whether it can do its work is the other question.
async fn alive() -> Response {
    said(StatusCode::OK, "ok")
}

/// BRD-51: whether submissions should be sent here.
async fn ready(State(admin): State<Admin>) -> Response {
    let reason = match (admin.lifecycle.stage(), admin.board.get()) {
        (Stage::Draining | Stage::Ending, _) => "draining: asked to end",
        (Stage::Starting, _) | (_, None) => "starting: taking up the logs",
        (Stage::Serving, Some(board)) if !board.is_sound() => "halted: a commit failed, restart the board",
        (Stage::Serving, Some(_)) => return said(StatusCode::OK, "ready"),
    };
    said(StatusCode::SERVICE_UNAVAILABLE, reason)
}

fn said(status: StatusCode, text: &'static str) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, headers, format!("{text}\n")).into_response()
}
