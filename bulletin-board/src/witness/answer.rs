//! What a witness says: the statuses of WIT-2 to WIT-5 and of its own state (WIT-8 to WIT-13), with a reason for people.

use super::StateError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use thiserror::Error;
use tlog::{
    add_checkpoint::{self as format, Refusal, SIZE_TYPE},
    note::NoteSignature,
};

/// The type of lines and reasons.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

/// Seconds after which a busy witness, or one whose clock was set back, may be asked again.
const SOON: u32 = 1;

/// Seconds after which a witness that must be restarted may be asked again.
const LATER: u32 = 30;

/// An answer to `add-checkpoint`, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Cosignature lines, a size, or a reason.
    pub body: String,
    /// Seconds until it makes sense to ask again, if that may be soon.
    pub retry_after: Option<u32>,
}

/// Why a witness does not cosign now.
#[derive(Debug, Error)]
pub(super) enum Declined {
    /// The request, or what it shows, is not to be cosigned.
    #[error("{rule}: {0}", rule = .0.rule())]
    Refused(#[from] Refusal),
    /// The log goes on as another (WIT-13).
    #[error("WIT-13: this log goes on as {0}; nothing more of it is cosigned")]
    Continued(String),
    /// This machine's clock stands before the last time stated (WIT-9).
    #[error("WIT-9: the witness's clock says {now}, and times of {least} or later can be stated; set the clock right")]
    Clock {
        /// What the clock says.
        now: u64,
        /// The least time that may be stated.
        least: u64,
    },
    /// The log has signed its checkpoint so often that no line is left for the witness.
    #[error("WIT-1: the checkpoint has as many lines by the log as a note may have")]
    TooManyLines,
    /// Too many requests at once (WIT-11).
    #[error("WIT-11: the witness is busy; nothing was kept, ask again")]
    Busy,
    /// The witness must be restarted (WIT-8).
    #[error("WIT-8: the witness must be restarted; whether the checkpoint was kept shows when it is asked again")]
    Halted,
    /// The memory fails. Why is nobody's business but the operator's.
    #[error("WIT-8: the witness's memory fails")]
    State(#[from] StateError),
}

impl Answer {
    /// WIT-2: the lines that cosign.
    pub(super) fn cosigned(lines: &[NoteSignature]) -> Self {
        Self { status: 200, content_type: TEXT, body: format::answer(lines), retry_after: None }
    }

    /// WIT-11: a status of HTTP itself, with its reason.
    pub(super) fn of_transport(status: u16, reason: &str) -> Self {
        Self { status, content_type: TEXT, body: format!("{reason}\n"), retry_after: None }
    }
}

impl From<Declined> for Answer {
    fn from(declined: Declined) -> Self {
        match &declined {
            Declined::State(cause) => tracing::error!(cause = ?cause, "the witness's memory fails"),
            Declined::Clock { now, least } => tracing::error!(now, least, "the clock was set back"),
            Declined::Refused(refusal @ (Refusal::EmptyRoot | Refusal::NotConsistent(_))) => {
                tracing::warn!(%refusal, "a known log has signed something that was not shown to extend its history");
            }
            // HTTP-19: neither who asked nor what for.
            declined => tracing::debug!(%declined, "declined"),
        }
        if let Declined::Refused(Refusal::Conflict { latest, .. }) = &declined {
            let body = format::size_answer(*latest);
            return Self { status: 409, content_type: SIZE_TYPE, body, retry_after: None };
        }
        let (status, retry_after) = match &declined {
            Declined::Refused(refusal) => (refusal.status(), None),
            Declined::TooManyLines => (400, None),
            Declined::Continued(_) => (403, None),
            Declined::Clock { .. } | Declined::Busy => (503, Some(SOON)),
            Declined::Halted | Declined::State(_) => (503, Some(LATER)),
        };
        Self { status, content_type: TEXT, body: format!("{declined}\n"), retry_after }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, self.content_type), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, kind, self.body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
