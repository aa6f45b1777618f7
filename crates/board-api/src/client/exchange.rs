//! One request and its answer: limits, patience, problems (HTTP-20, HTTP-21). What carries them is [`native`] or [`web`].

use super::{ClientError, ClientOptions, address::Address};
use crate::{PROBLEM_TYPE, Problem};
use std::time::Duration;

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod web;

#[cfg(not(target_family = "wasm"))]
use native as carrier;
#[cfg(target_family = "wasm")]
use web as carrier;

pub(crate) use carrier::Clock;
pub use carrier::TransportError;

/// How often a request is sent before its failure is believed.
const ATTEMPTS: u32 = 6;

/// The pause after the first attempt; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause; a board that asks for a longer one is not asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most bytes of a problem document.
const MAX_PROBLEM: usize = 64 * 1024;

/// A request that may be sent again.
#[derive(Debug)]
pub(super) struct Request {
    url: String,
    /// Type and bytes of what is posted; without it, something is asked for.
    body: Option<(&'static str, Vec<u8>)>,
}

impl Request {
    pub(super) fn get(url: String) -> Self {
        Self { url, body: None }
    }

    pub(super) fn post(url: String, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { url, body: Some((kind, bytes)) }
    }
}

/// An answer, whole.
struct Answer {
    status: u16,
    /// Whether it is a problem document by its type (HTTP-2).
    explained: bool,
    /// The pause that the board asks for.
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

/// The most bytes of the body of an answer, by its `Content-Type`; and whether it is a problem document.
fn limit_of(kind: Option<&str>, limit: usize) -> (usize, bool) {
    let explained = kind.is_some_and(|kind| kind.starts_with(PROBLEM_TYPE));
    (if explained { MAX_PROBLEM } else { limit }, explained)
}

/// `Retry-After`, in seconds.
fn pause_of(text: Option<&str>) -> Option<Duration> {
    text?.parse().ok().map(Duration::from_secs)
}

/// Why no answer came.
enum Silence {
    /// It would fail the same way every time.
    Final(ClientError),
    /// It may pass.
    Passing(ClientError),
}

/// What carries requests. Clones share its connections.
#[derive(Clone, Debug)]
pub(super) struct Exchange(carrier::Carrier);

impl Exchange {
    pub(super) fn new(address: &Address, options: &ClientOptions) -> Result<Self, ClientError> {
        Ok(Self(carrier::Carrier::new(address, options)?))
    }

    /// HTTP-21: sends a request that may be sent again, until the board answers and is not busy, or patience ends. Gives the body of
    /// a good answer, if it keeps within the limit.
    pub(super) async fn patiently(&self, request: &Request, limit: usize) -> Result<Vec<u8>, ClientError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            let wished = match self.attempt(request, limit).await {
                Outcome::Final(outcome) => return outcome,
                Outcome::Later(_, wished) => wished,
            };
            carrier::sleep(wished.unwrap_or(pause)).await;
            pause = pause.saturating_mul(2);
        }
        match self.attempt(request, limit).await {
            Outcome::Final(outcome) => outcome,
            Outcome::Later(error, _) => Err(error),
        }
    }

    async fn attempt(&self, request: &Request, limit: usize) -> Outcome {
        let answer = match self.0.send(request, limit).await {
            Ok(answer) => answer,
            Err(Silence::Final(error)) => return Outcome::Final(Err(error)),
            Err(Silence::Passing(error)) => return Outcome::Later(error, None),
        };
        let Answer { status, explained, retry_after: wished, body } = answer;
        if status == 200 {
            return Outcome::Final(Ok(body));
        }
        let error = if explained { refusal(status, &body) } else { ClientError::Status(status) };
        let soon = wished.is_none_or(|wished| wished <= LONGEST_PAUSE);
        // HTTP-39: who sends too much waits like everyone at a busy board.
        if matches!(status, 503 | 429) && soon { Outcome::Later(error, wished) } else { Outcome::Final(Err(error)) }
    }
}

/// What one attempt came to.
enum Outcome {
    Final(Result<Vec<u8>, ClientError>),
    Later(ClientError, Option<Duration>),
}

/// HTTP-2: the problem that explains a status, if it is one.
fn refusal(status: u16, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) if problem.is_consistent() && problem.status == status => ClientError::Refused(Box::new(problem)),
        _ => ClientError::Status(status),
    }
}
