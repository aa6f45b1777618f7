//! The witness over HTTP: `add-checkpoint`, and what it has cosigned (WIT-2, WIT-6, WIT-11).

use super::{
    Cosigner,
    answer::{Answer, TEXT},
};
use axum::{
    Router,
    body::{Bytes, HttpBody as _},
    extract::{
        DefaultBodyLimit, FromRequest as _, Path, Request, State,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::{sync::Arc, time::Duration};
use tlog::add_checkpoint::MAX_REQUEST_BYTES;
use tokio::sync::Semaphore;

/// WIT-11: how long a body may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// WIT-11: kilobytes of bodies that are received or judged at once.
const MEMORY: usize = 64 * 1024;

/// A witness or mirror, and the memory set aside for what it is sent.
#[derive(Clone)]
struct Service {
    cosigner: Arc<dyn Cosigner>,
    memory: Arc<Semaphore>,
}

/// The interface of C2SP tlog-witness; submission and monitoring prefix are the same.
pub(crate) fn router(cosigner: Arc<dyn Cosigner>) -> Router {
    let service = Service { cosigner, memory: Arc::new(Semaphore::new(MEMORY)) };
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin_hash}/checkpoint", get(cosigned))
        .route("/healthz", get(health))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state(service)
}

/// WIT-2 to WIT-5.
async fn add_checkpoint(State(service): State<Service>, request: Request) -> Answer {
    // WIT-11: nothing is read that is announced too long, nor more at once than memory was set aside for.
    let announced = request.body().size_hint();
    let most = announced.exact().map_or(MAX_REQUEST_BYTES, |exact| usize::try_from(exact).unwrap_or(usize::MAX));
    if most > MAX_REQUEST_BYTES {
        return too_long();
    }
    let kilobytes = u32::try_from(most.div_ceil(1024)).unwrap_or(u32::MAX);
    let Ok(_memory) = service.memory.clone().try_acquire_many_owned(kilobytes) else {
        return super::answer::Declined::Busy.into();
    };
    let body = match tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))) => return too_long(),
        Ok(Err(_)) | Err(_) => return Answer::of_transport(408, "WIT-11: the body did not arrive within 30 seconds"),
    };
    service.cosigner.add_checkpoint(&body).await
}

fn too_long() -> Answer {
    Answer::of_transport(413, &format!("WIT-11: a request has at most {MAX_REQUEST_BYTES} bytes"))
}

/// WIT-6.
async fn cosigned(State(service): State<Service>, Path(origin_hash): Path<String>) -> Response {
    let fresh = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    let (status, body) = match service.cosigner.cosigned(&origin_hash).await {
        Ok(Some(note)) => (StatusCode::OK, note),
        Ok(None) => (StatusCode::NOT_FOUND, "WIT-6: nothing is cosigned of such a log\n".to_owned()),
        Err(error) => return Answer::from(super::answer::Declined::State(error)).into_response(),
    };
    (status, fresh, [(header::CONTENT_TYPE, TEXT)], body).into_response()
}

/// WIT-8.
async fn health(State(service): State<Service>) -> Answer {
    if service.cosigner.is_sound() {
        Answer { status: 200, content_type: TEXT, body: "ok\n".to_owned(), retry_after: None }
    } else {
        super::answer::Declined::Halted.into()
    }
}
