//! A witness as it is seen over HTTP: bounded questions and answers (BRD-20).

use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use std::{net::IpAddr, time::Duration};
use thiserror::Error;
use tlog::{
    add_checkpoint::{self, FormatError, MAX_ANSWER_BYTES, Request, latest_size, monitoring_path},
    note::{MAX_NOTE_BYTES, NoteSignature},
};

/// Why a witness cannot be asked at all.
#[derive(Debug, Error)]
pub(super) enum AddressFault {
    #[error("neither the policy nor the configuration says where the witness answers")]
    None,
    #[error("not an http or https address")]
    Malformed,
    #[error("no connections can be made")]
    Client(#[from] reqwest::Error),
}

/// Why a question brought nothing.
#[derive(Debug, Error)]
pub(super) enum Fault {
    #[error("no answer in time")]
    Slow,
    #[error("no answer")]
    Transport(#[from] reqwest::Error),
    #[error("an answer longer than {0} bytes")]
    TooLong(usize),
    #[error("a malformed answer: {0}")]
    Format(#[from] FormatError),
    /// With the pause the witness asked for.
    #[error("status {0}")]
    Status(u16, Option<Duration>),
    #[error("no line of the answer is a cosignature by this witness on this checkpoint")]
    NoCosignature,
    #[error("the witness says again and again that it has cosigned another size")]
    Stubborn,
    #[error("the witness says that it has cosigned {0} entries")]
    Ahead(u64),
    #[error("the witness says that the log's history is another")]
    Inconsistent,
}

/// What a witness answers to `add-checkpoint`, as far as the log can go on from it.
pub(super) enum Answer {
    /// Signature lines, none of them checked.
    Lines(Vec<NoteSignature>),
    /// It remembers this size.
    Size(u64),
}

/// A witness's address.
pub(super) struct Remote {
    add_checkpoint: Url,
    shown: Url,
    http: Client,
}

impl Remote {
    /// The witness at an address, asked about one log.
    pub(super) fn new(url: Option<&str>, origin: &str, timeout: Duration) -> Result<Self, AddressFault> {
        let mut prefix = Url::parse(url.ok_or(AddressFault::None)?).map_err(|_| AddressFault::Malformed)?;
        if !matches!(prefix.scheme(), "http" | "https") || prefix.query().is_some() || prefix.fragment().is_some() {
            return Err(AddressFault::Malformed);
        }
        if !prefix.path().ends_with('/') {
            prefix.set_path(&format!("{}/", prefix.path()));
        }
        board_api::tls::install();
        let builder = Client::builder().connect_timeout(timeout).timeout(timeout).redirect(redirect::Policy::none());
        let builder = if is_loopback(&prefix) { builder.no_proxy() } else { builder };
        let under = |path: &str| prefix.join(path).map_err(|_| AddressFault::Malformed);
        let (add_checkpoint, shown) = (under(add_checkpoint::PATH)?, under(&monitoring_path(origin))?);
        Ok(Self { add_checkpoint, shown, http: builder.build()? })
    }

    /// WIT-1 to WIT-5: asks once.
    pub(super) async fn add_checkpoint(&self, request: &Request) -> Result<Answer, Fault> {
        let answer = self.http.post(self.add_checkpoint.clone()).body(request.encode()).send().await?;
        match answer.status() {
            StatusCode::OK => {
                let body = body(answer, MAX_ANSWER_BYTES).await?;
                Ok(Answer::Lines(add_checkpoint::cosignatures(&body)?))
            }
            StatusCode::CONFLICT => Ok(Answer::Size(latest_size(&body(answer, MAX_SIZE_ANSWER).await?)?)),
            StatusCode::UNPROCESSABLE_ENTITY => Err(Fault::Inconsistent),
            status => Err(Fault::Status(status.as_u16(), retry_after(&answer))),
        }
    }

    /// WIT-6: the last checkpoint of the log that the witness shows, a note that nobody has checked.
    pub(super) async fn shown(&self) -> Result<Vec<u8>, Fault> {
        let answer = self.http.get(self.shown.clone()).send().await?;
        match answer.status() {
            StatusCode::OK => body(answer, MAX_NOTE_BYTES).await,
            status => Err(Fault::Status(status.as_u16(), retry_after(&answer))),
        }
    }
}

/// A size and a newline; a longer one is malformed anyway.
const MAX_SIZE_ANSWER: usize = 64;

/// Loopback is never asked for through a proxy.
fn is_loopback(address: &Url) -> bool {
    address.host_str().is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost" || host.parse().is_ok_and(|host: IpAddr| host.is_loopback())
    })
}

/// The whole body, if it keeps within the limit; nothing beyond is read.
async fn body(mut answer: Response, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Fault::TooLong(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.parse().ok().map(Duration::from_secs)
}
