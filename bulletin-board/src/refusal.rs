//! Every way the board says no, turned into a problem document once (HTTP-2, HTTP-3). Causes are logged, never sent.

use crate::{
    replay::ReplayError,
    store::{StoreError, desk::Outcome},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use board_api::{PROBLEM_TYPE, Problem, client::NO_SUCH_FILE};
use protocol::{Rejection, entry::MAXIMUM_ENTRY, ids::Minutes};
use std::{fmt::Display, time::Duration};
use thiserror::Error;

/// Seconds after which a busy board may be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Seconds after which a board that asks its witnesses may be asked again.
const RETRY_AFTER_GUARD: HeaderValue = HeaderValue::from_static("2");

/// Seconds after which a board that must be restarted may be asked again.
const RETRY_AFTER_RESTART: HeaderValue = HeaderValue::from_static("30");

/// Why a request is refused.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// By a rule of the fold.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// No such path (HTTP-4).
    #[error("no such path")]
    UnknownPath,
    /// A path that takes other methods (HTTP-4).
    #[error("method not allowed")]
    WrongMethod(&'static str),
    /// A submission of another media type (HTTP-5).
    #[error("wrong media type")]
    WrongType { expected: &'static str, found: String },
    /// A body that is or becomes too long (HTTP-6).
    #[error("body too long")]
    TooLong(String),
    /// A body that does not arrive (HTTP-7).
    #[error("body did not arrive")]
    Incomplete(&'static str),
    /// No election with this fingerprint (HTTP-8).
    #[error("unknown election")]
    UnknownElection(String),
    /// A file the log does not have (HTTP-15).
    #[error("no such file")]
    NoSuchFile(u64),
    /// A checkpoint that no quorum of witnesses has cosigned yet (HTTP-15).
    #[error("awaiting witnesses")]
    AwaitingWitnesses,
    /// A manifest by an authority this board does not host (BRD-2).
    #[error("foreign authority")]
    ForeignAuthority(String),
    /// A manifest for another log (BRD-3).
    #[error("foreign log")]
    ForeignLog { expected: String, found: String },
    /// A second manifest for one log (BRD-4).
    #[error("origin taken")]
    OriginTaken(String),
    /// A continuation among the submissions (BRD-5).
    #[error("continuation")]
    Continuation,
    /// Anything but the continuation of an election that was taken over (BRD-71).
    #[error("awaiting the continuation")]
    AwaitingContinuation,
    /// A continuation in a key that is not this board's (BRD-71).
    #[error("foreign successor")]
    ForeignSuccessor { expected: String, found: String },
    /// A ballot after the closing time (BRD-18).
    #[error("voting is over")]
    VotingOver(Minutes),
    /// The witnesses have not yet shown that the database is the last one (BRD-23).
    #[error("guarded")]
    Guarded,
    /// The witnesses have shown that it is not, or it is a copy (BRD-24, BRD-61).
    #[error("outdated")]
    Outdated,
    /// A question for time evidence that is none (HTTP-31).
    #[error("no question for time evidence")]
    EvidenceQuestion(String),
    /// Time evidence that nothing may carry now (HTTP-32).
    #[error("no time evidence now")]
    EvidenceNotNow { due: Option<Minutes>, since: Minutes },
    /// A queue that is held, or was a moment ago (HTTP-33).
    #[error("held")]
    Held,
    /// The witnesses did not state the time in time (HTTP-34).
    #[error("no time evidence")]
    EvidenceMissing,
    /// The queue or the memory set aside for it is full (BRD-6).
    #[error("busy")]
    Busy,
    /// An address has spent its budget (HTTP-39).
    #[error("too many requests")]
    TooManyRequests(Duration),
    /// Nobody more can listen (HTTP-41).
    #[error("too many listeners")]
    TooManyListeners,
    /// A credential has spent its budget (HTTP-40).
    #[error("too many ballots")]
    TooManyBallots(Duration),
    /// The board must be restarted (BRD-12).
    #[error("halted")]
    Halted,
    /// The database cannot be reached for now (BRD-33).
    #[error("away")]
    Away,
    /// As the process that sequences has put it (BRD-34).
    #[error("refused by another process")]
    Relayed(Box<Problem>),
    /// The database failed while reading.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An election could not be taken up.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl Refusal {
    /// BRD-34: what the process is told that handed the submission over.
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::Problem(serde_json::to_string(&self.problem()).expect("texts and numbers make JSON"))
    }

    /// HTTP-2, HTTP-3.
    pub(crate) fn problem(&self) -> Problem {
        let problem = |rule, status: StatusCode, title, expected: &dyn Display, found: &dyn Display| {
            Problem::new(rule, status.as_u16(), title, expected.to_string(), found.to_string())
        };
        match self {
            Self::Rejected(rejection) => Problem::from(rejection),
            Self::UnknownPath => problem(
                "HTTP-4",
                StatusCode::NOT_FOUND,
                "there is nothing at this path",
                &"a path of the interface",
                &"another",
            ),
            Self::WrongMethod(allowed) => problem(
                "HTTP-4",
                StatusCode::METHOD_NOT_ALLOWED,
                "this path does not take this method",
                allowed,
                &"another method",
            ),
            Self::WrongType { expected, found } => problem(
                "HTTP-5",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "this path takes another media type",
                expected,
                found,
            ),
            Self::TooLong(found) => problem(
                "HTTP-6",
                StatusCode::PAYLOAD_TOO_LARGE,
                "the request's body is too long",
                &format!("at most {MAXIMUM_ENTRY} bytes"),
                found,
            ),
            Self::Incomplete(found) => problem(
                "HTTP-7",
                StatusCode::REQUEST_TIMEOUT,
                "the request's body did not arrive in time",
                &"the whole body within 30 seconds",
                found,
            ),
            Self::UnknownElection(found) => problem(
                "HTTP-8",
                StatusCode::NOT_FOUND,
                "this board has no election with this fingerprint",
                &"the fingerprint of an election on this board, in 64 hexadecimal digits",
                found,
            ),
            Self::NoSuchFile(size) => problem(
                NO_SUCH_FILE,
                StatusCode::NOT_FOUND,
                "the log has no such file",
                &format!("a file of a log of {size} entries"),
                &"another",
            ),
            Self::AwaitingContinuation => problem(
                "BRD-71",
                StatusCode::CONFLICT,
                "the election was taken over from another board and awaits its continuation",
                &"the continuation, by the authority",
                &"another submission",
            ),
            Self::ForeignSuccessor { expected, found } => problem(
                "BRD-71",
                StatusCode::CONFLICT,
                "the continuation names another successor than this board would keep",
                expected,
                found,
            ),
            Self::AwaitingWitnesses => problem(
                NO_SUCH_FILE,
                StatusCode::NOT_FOUND,
                "the log has no such file",
                &"a checkpoint that the election's witnesses have cosigned",
                &"none yet: awaiting witnesses",
            ),
            Self::ForeignAuthority(found) => problem(
                "BRD-2",
                StatusCode::FORBIDDEN,
                "this board hosts no elections of this authority",
                &"an authority key of the board's configuration",
                found,
            ),
            Self::ForeignLog { expected, found } => problem(
                "BRD-3",
                StatusCode::UNPROCESSABLE_ENTITY,
                "the manifest names another log than this board would keep",
                expected,
                found,
            ),
            Self::OriginTaken(origin) => problem(
                "BRD-4",
                StatusCode::CONFLICT,
                "another election has this log",
                &"an election id that was never used",
                origin,
            ),
            Self::Continuation => problem(
                "BRD-5",
                StatusCode::UNPROCESSABLE_ENTITY,
                "a continuation begins a successor log and is no submission to this one",
                &"another body",
                &"a continuation",
            ),
            Self::VotingOver(closing) => problem(
                "BRD-18",
                StatusCode::CONFLICT,
                "the closing time has passed by this board's clock: no more ballots",
                &format!("a ballot before minute {closing} since 1970"),
                &"a ballot after it",
            ),
            Self::Guarded => problem(
                "BRD-23",
                StatusCode::SERVICE_UNAVAILABLE,
                "the board was started, and too few witnesses have confirmed its last checkpoint yet",
                &"cosignatures on it by a quorum of the election's witnesses",
                &"fewer; nothing was kept, send again",
            ),
            Self::Outdated => problem(
                "BRD-24",
                StatusCode::SERVICE_UNAVAILABLE,
                "the board's database is not the one the log was last signed on",
                &"a database that is no copy, and holds all that a witness shows",
                &"a copy, or an older or another one; the log must be continued elsewhere",
            ),
            Self::EvidenceQuestion(found) => problem(
                "HTTP-31",
                StatusCode::UNPROCESSABLE_ENTITY,
                "time evidence is asked for with a time",
                &"{\"since\": minutes since 1970}",
                found,
            ),
            Self::EvidenceNotNow { due, since } => problem(
                "HTTP-32",
                StatusCode::CONFLICT,
                "no time evidence can be used now",
                &due.map_or("an election with witnesses, before its closing".to_owned(), |due| {
                    format!("a minute from {due} on that has begun, in an election with witnesses")
                }),
                &format!("minute {since}"),
            ),
            Self::Held => problem(
                "HTTP-33",
                StatusCode::CONFLICT,
                "the queue is held for time evidence, or was a moment ago",
                &"no hold, and none in the last seconds that was not used",
                &"one",
            ),
            Self::EvidenceMissing => problem(
                "HTTP-34",
                StatusCode::SERVICE_UNAVAILABLE,
                "too few witnesses stated the time while the queue was held",
                &"cosignatures of that time by a quorum of the election's witnesses",
                &"fewer; ask again later",
            ),
            Self::Busy => problem(
                "BRD-6",
                StatusCode::SERVICE_UNAVAILABLE,
                "the board is busy",
                &"room in the queue",
                &"none; nothing was kept, send again",
            ),
            Self::TooManyRequests(wait) => problem(
                "HTTP-39",
                StatusCode::TOO_MANY_REQUESTS,
                "too many requests from this address",
                &format!("a pause of {} seconds", seconds(*wait)),
                &"a request before that; nothing was kept, send again",
            ),
            Self::TooManyBallots(wait) => problem(
                "HTTP-40",
                StatusCode::TOO_MANY_REQUESTS,
                "too many ballots of this credential",
                &format!("a pause of {} seconds", seconds(*wait)),
                &"a ballot before that; nothing was kept, send again",
            ),
            Self::TooManyListeners => problem(
                "HTTP-41",
                StatusCode::SERVICE_UNAVAILABLE,
                "too many listen to this board already",
                &"a free place",
                &"none; the checkpoint tells the same to whoever asks for it",
            ),
            Self::Relayed(problem) => Problem::clone(problem),
            Self::Away
            | Self::Store(StoreError::Away(_) | StoreError::Slow | StoreError::NotLeading)
            | Self::Replay(ReplayError::Store(StoreError::Away(_) | StoreError::Slow | StoreError::NotLeading)) => {
                problem(
                    "BRD-33",
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the board cannot reach its database",
                    &"a database that answers",
                    &"none for now; whether the submission was kept shows when it is sent again",
                )
            }
            Self::Halted | Self::Store(_) | Self::Replay(_) => problem(
                "BRD-12",
                StatusCode::SERVICE_UNAVAILABLE,
                "the board takes no submissions until it was restarted",
                &"a working database",
                &"a failure; whether the submission was kept shows when it is sent again",
            ),
        }
    }
}

/// A pause in whole seconds, none too short.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match &self {
            Self::Store(cause) => tracing::error!(cause = ?cause, "the database fails"),
            Self::Replay(cause) => tracing::error!(cause = ?cause, "an election cannot be taken up"),
            _ => {}
        }
        let problem = self.problem();
        // HTTP-19: neither who asked nor what was sent.
        tracing::debug!(rule = problem.rule, status = problem.status, "refused");
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).expect("texts and numbers make JSON");
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_TYPE)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // By the rule, which a refusal of another process has too.
        match problem.rule.as_str() {
            "BRD-6" | "BRD-33" | "HTTP-41" => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            "BRD-23" => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_GUARD);
            }
            "BRD-12" | "BRD-24" | "HTTP-34" => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_RESTART);
            }
            _ => {}
        }
        match &self {
            Self::TooManyRequests(wait) | Self::TooManyBallots(wait) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds(*wait)));
            }
            Self::WrongMethod(allowed) => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests;
