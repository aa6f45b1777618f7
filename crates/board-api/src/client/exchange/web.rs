//! Requests by the browser's `fetch` (HTTP-45): no cookie goes with them, no redirect is followed, no copy in a cache is taken for an answer.

use super::{Address, Answer, ClientError, ClientOptions, PATIENCE, Request, Silence, limit_of, pause_of};
use js_sys::{Date, Function, Promise, Reflect, Uint8Array, global};
use std::time::Duration;
use thiserror::Error;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
    Response, WorkerGlobalScope,
};

/// Why no answer came; a browser does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the browser gives no reason")]
pub struct TransportError;

/// Measures how long something takes, by the browser's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(f64);

impl Clock {
    pub(crate) fn now() -> Self {
        Self(Date::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        Duration::try_from_secs_f64((Date::now() - self.0) / 1000.0).unwrap_or_default()
    }
}

/// Waits, in a worker.
pub(super) async fn sleep(duration: Duration) {
    let milliseconds = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
    let wait = |resolve: Function, _: Function| {
        let scope: WorkerGlobalScope = global().unchecked_into();
        // What cannot be waited for is not waited for.
        if scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds).is_err() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    };
    let _ = JsFuture::from(Promise::new(&mut { wait })).await;
}

/// Nothing is kept between requests: the browser does.
#[derive(Clone, Debug)]
pub(super) struct Carrier;

impl Carrier {
    pub(super) fn new(_: &Address, _: &ClientOptions) -> Result<Self, ClientError> {
        Ok(Self)
    }

    pub(super) async fn send(&self, request: &Request, limit: usize) -> Result<Answer, Silence> {
        let answer: Response = wait(fetch(request)).await?.unchecked_into();
        let text = |name| answer.headers().get(name).ok().flatten();
        let (limit, explained) = limit_of(text("content-type").as_deref(), limit);
        let (status, retry_after) = (answer.status(), pause_of(text("retry-after").as_deref()));
        Ok(Answer { status, explained, retry_after, body: body(&answer, limit).await? })
    }
}

fn fetch(request: &Request) -> Result<Promise, JsValue> {
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(u32::try_from(PATIENCE.as_millis()).unwrap_or(u32::MAX))));
    if let Some((kind, bytes)) = &request.body {
        let headers = Headers::new()?;
        headers.set("content-type", kind)?;
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&Uint8Array::from(bytes.as_slice()));
    }
    let scope: WorkerGlobalScope = global().unchecked_into();
    Ok(scope.fetch_with_str_and_init(&request.url, &init))
}

async fn wait(promise: Result<Promise, JsValue>) -> Result<JsValue, Silence> {
    let silence = |_| Silence::Passing(TransportError.into());
    JsFuture::from(promise.map_err(silence)?).await.map_err(silence)
}

/// HTTP-20: the whole body, if it keeps within the limit; nothing beyond is read.
async fn body(answer: &Response, limit: usize) -> Result<Vec<u8>, Silence> {
    let mut body = Vec::new();
    let Some(stream) = answer.body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let broken = |_| Silence::Passing(TransportError.into());
    loop {
        let part = wait(Ok(reader.read())).await?;
        if Reflect::get(&part, &"done".into()).map_err(broken)?.is_truthy() {
            return Ok(body);
        }
        let chunk: Uint8Array = Reflect::get(&part, &"value".into()).map_err(broken)?.unchecked_into();
        let length = usize::try_from(chunk.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(length) > limit {
            let _ = reader.cancel();
            return Err(Silence::Final(ClientError::TooLong(limit)));
        }
        body.extend_from_slice(&chunk.to_vec());
    }
}
