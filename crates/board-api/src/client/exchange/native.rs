//! Requests over sockets of one's own.

use super::{Address, Answer, ClientError, ClientOptions, PATIENCE, Request, Silence, limit_of, pause_of};
use crate::tls;
use reqwest::{Method, Response, Url, header};
use std::{error::Error, io, time::Duration};

/// Why no answer came.
pub type TransportError = reqwest::Error;

/// Measures how long something takes.
pub(crate) use std::time::Instant as Clock;

pub(super) use tokio::time::sleep;

/// Connections that are kept and used again.
#[derive(Clone, Debug)]
pub(super) struct Carrier(reqwest::Client);

impl Carrier {
    /// Loopback is never asked for through a proxy.
    pub(super) fn new(address: &Address, options: &ClientOptions) -> Result<Self, ClientError> {
        let url = Url::parse(address.as_str()).map_err(|_| ClientError::Address(address.as_str().to_owned()))?;
        let loopback = match url.host_str() {
            Some("localhost") => true,
            Some(host) => host.trim_matches(['[', ']']).parse().is_ok_and(|host: std::net::IpAddr| host.is_loopback()),
            None => false,
        };
        tls::install();
        let builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none());
        let builder = if loopback { builder.no_proxy() } else { builder };
        let builder = match (options.certificates()?, url.scheme()) {
            (Some(certificates), _) => builder.tls_certs_only(certificates),
            (None, "https") => builder.https_only(true),
            // Nothing vouches for a plain address, and not every machine has certificates.
            (None, _) => builder.tls_certs_only([]),
        };
        Ok(Self(builder.build()?))
    }

    pub(super) async fn send(&self, request: &Request, limit: usize) -> Result<Answer, Silence> {
        let method = if request.body.is_some() { Method::POST } else { Method::GET };
        let builder = self.0.request(method, &request.url);
        let builder = match &request.body {
            Some((kind, bytes)) => builder.header(header::CONTENT_TYPE, *kind).body(bytes.clone()),
            None => builder,
        };
        let answer = builder.send().await.map_err(silence)?;
        let text = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let (limit, explained) = limit_of(text(header::CONTENT_TYPE), limit);
        let (status, retry_after) = (answer.status().as_u16(), pause_of(text(header::RETRY_AFTER)));
        Ok(Answer { status, explained, retry_after, body: body(answer, limit).await? })
    }
}

/// HTTP-20: the whole body, if it keeps within the limit; nothing beyond is read.
async fn body(mut answer: Response, limit: usize) -> Result<Vec<u8>, Silence> {
    let too_long = || Silence::Final(ClientError::TooLong(limit));
    if answer.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(silence)? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A request that could not be built, or that met the wrong board, fails the same way every time; everything else may pass.
fn silence(error: reqwest::Error) -> Silence {
    if let Some(refusal) = tls_refusal(&error) {
        Silence::Final(refusal.into())
    } else if error.is_builder() || error.is_redirect() {
        Silence::Final(error.into())
    } else {
        Silence::Passing(error.into())
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
