//! One request and its answer: limits, patience, problems (HTTP-20, HTTP-21).

use super::{ClientError, ClientOptions};
use crate::{PROBLEM_TYPE, Problem, tls};
use reqwest::{RequestBuilder, Response, StatusCode, Url, header};
use std::{error::Error, io, time::Duration};

/// How often a request is sent before its failure is believed.
const ATTEMPTS: u32 = 6;

/// The pause after the first attempt; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause; a board that asks for a longer one is not asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The most bytes of a problem document.
const MAX_PROBLEM: usize = 64 * 1024;

/// Connections that are kept and used again. Loopback is never asked for through a proxy.
pub(super) fn connection_pool(address: &Url, options: &ClientOptions) -> Result<reqwest::Client, ClientError> {
    let loopback = match address.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse().is_ok_and(|host: std::net::IpAddr| host.is_loopback()),
        None => false,
    };
    tls::install();
    let builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(120))
        .redirect(reqwest::redirect::Policy::none());
    let builder = if loopback { builder.no_proxy() } else { builder };
    let builder = match (options.certificates()?, address.scheme()) {
        (Some(certificates), _) => builder.tls_certs_only(certificates),
        (None, "https") => builder.https_only(true),
        // Nothing vouches for a plain address, and not every machine has certificates.
        (None, _) => builder.tls_certs_only([]),
    };
    Ok(builder.build()?)
}

/// HTTP-21: sends a request that may be sent again, until the board answers and is not busy, or patience ends. Gives the body of
/// a good answer, if it keeps within the limit.
pub(super) async fn patiently(request: impl Fn() -> RequestBuilder, limit: usize) -> Result<Vec<u8>, ClientError> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..ATTEMPTS {
        let wished = match attempt(request(), limit).await {
            Outcome::Final(outcome) => return outcome,
            Outcome::Later(_, wished) => wished,
        };
        tokio::time::sleep(wished.unwrap_or(pause)).await;
        pause = pause.saturating_mul(2);
    }
    match attempt(request(), limit).await {
        Outcome::Final(outcome) => outcome,
        Outcome::Later(error, _) => Err(error),
    }
}

/// What one attempt came to.
enum Outcome {
    Final(Result<Vec<u8>, ClientError>),
    Later(ClientError, Option<Duration>),
}

async fn attempt(request: RequestBuilder, limit: usize) -> Outcome {
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return Outcome::of_transport(error),
    };
    let status = answer.status();
    let wished = retry_after(&answer);
    let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let explained = content_type.is_some_and(|kind| kind.starts_with(PROBLEM_TYPE));
    let body = match body(answer, if explained { MAX_PROBLEM } else { limit }).await {
        Ok(body) => body,
        Err(ClientError::Transport(error)) => return Outcome::of_transport(error),
        Err(error) => return Outcome::Final(Err(error)),
    };
    if status == StatusCode::OK {
        return Outcome::Final(Ok(body));
    }
    let error = if explained { refusal(status, &body) } else { ClientError::Status(status.as_u16()) };
    let soon = wished.is_none_or(|wished| wished <= LONGEST_PAUSE);
    // HTTP-39: who sends too much waits like everyone at a busy board.
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) && soon {
        Outcome::Later(error, wished)
    } else {
        Outcome::Final(Err(error))
    }
}

impl Outcome {
    /// A request that could not be built, or that met the wrong board, fails the same way every time; everything else may pass.
    fn of_transport(error: reqwest::Error) -> Self {
        if let Some(refusal) = tls_refusal(&error) {
            Self::Final(Err(refusal.into()))
        } else if error.is_builder() || error.is_redirect() {
            Self::Final(Err(error.into()))
        } else {
            Self::Later(error.into(), None)
        }
    }
}

/// HTTP-21: what TLS itself objects to, somewhere among the causes. A board that broke off is no objection.
fn tls_refusal(error: &reqwest::Error) -> Option<rustls::Error> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<rustls::Error>() {
            return Some(refusal.clone());
        }
        // What an input-output error was made of is not among its sources.
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// HTTP-20: the whole body, if it keeps within the limit; nothing beyond is read.
async fn body(mut answer: Response, limit: usize) -> Result<Vec<u8>, ClientError> {
    if answer.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(ClientError::TooLong(limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(ClientError::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// HTTP-2: the problem that explains a status, if it is one.
fn refusal(status: StatusCode, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) if problem.is_consistent() && problem.status == status.as_u16() => {
            ClientError::Refused(Box::new(problem))
        }
        _ => ClientError::Status(status.as_u16()),
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}
