//! Which address gives which page (WEB-20).

use super::{
    bundle::{Bundle, OBSERVE, OFFLINE, VOTE},
    headers::{Role, kind, takes},
    refusal::PageRefusal,
    shelf::{Held, Shelf},
    written,
};
use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use std::sync::Arc;

/// WEB-26: of a file whose name changes with its bytes.
pub(super) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What every page needs.
#[derive(Clone)]
pub(super) struct Pages {
    pub(super) shelf: Arc<dyn Shelf>,
    pub(super) bundle: &'static Bundle,
}

type Shared = State<Pages>;
type Named<T> = Result<Path<T>, PathRejection>;

/// WEB-20: the pages' part of an interface.
pub(crate) fn router(shelf: Arc<dyn Shelf>, bundle: &'static Bundle) -> Router {
    Router::new()
        .route("/", read(get(written::list)))
        .route("/assets/{name}", read(get(written::style)))
        .route("/elections/{election}", read(get(folder)))
        .route("/elections/{election}/", read(get(written::election)))
        .route("/elections/{election}/entries", read(get(written::record)))
        .route("/elections/{election}/{page}", read(get(page)))
        .route("/elections/{election}/assets/{asset}", read(get(asset)))
        .route("/vote/{election}", read(get(|state, election| short(state, election, "vote.html"))))
        .route("/check/{election}", read(get(|state, election| short(state, election, "vote.html#/check"))))
        .route("/observe/{election}", read(get(|state, election| short(state, election, "observe.html"))))
        .route("/officials/{election}", read(get(|state, election| short(state, election, "observe.html#/officials"))))
        .route("/offline.html", read(get(offline)))
        .with_state(Pages { shelf, bundle })
}

fn read(reading: MethodRouter<Pages>) -> MethodRouter<Pages> {
    reading.fallback(|| async { PageRefusal::WrongMethod })
}

/// Addresses in the pages are relative, so an election's page is a folder.
async fn folder(State(pages): Shared, election: Named<String>) -> Result<Response, PageRefusal> {
    let Path(election) = election.map_err(|_| PageRefusal::NoSuchElection)?;
    held(&pages, &election)?;
    Ok(elsewhere(&format!("{election}/")))
}

/// The addresses that letters name.
async fn short(State(pages): Shared, election: Named<String>, page: &str) -> Result<Response, PageRefusal> {
    let Path(election) = election.map_err(|_| PageRefusal::NoSuchElection)?;
    held(&pages, &election)?;
    Ok(elsewhere(&format!("../elections/{election}/{page}")))
}

async fn page(
    State(pages): Shared,
    path: Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let Path((election, page)) = path.map_err(|_| PageRefusal::NoSuchPage)?;
    let held = held(&pages, &election)?;
    if ![VOTE, OBSERVE, OFFLINE].contains(&page.as_str()) {
        return Err(PageRefusal::NoSuchPage);
    }
    let role = Role::of(pages.bundle, &page, &boards(&held));
    give(&pages, &page, &role, &headers)
}

/// WEB-24, WEB-26.
async fn asset(
    State(pages): Shared,
    path: Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let Path((election, asset)) = path.map_err(|_| PageRefusal::NoSuchPage)?;
    let held = held(&pages, &election)?;
    let name = format!("assets/{asset}");
    if pages.bundle.file(&name).is_none() {
        return Err(PageRefusal::NoSuchPage);
    }
    let role = Role::of(pages.bundle, &name, &boards(&held));
    let mut response = give(&pages, &name, &role, &headers)?;
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    Ok(response)
}

async fn offline(State(pages): Shared, headers: HeaderMap) -> Result<Response, PageRefusal> {
    give(&pages, OFFLINE, &Role::Download, &headers)
}

/// HTTP-8: an election that is held here.
fn held(pages: &Pages, election: &str) -> Result<Held, PageRefusal> {
    pages.shelf.held(election).ok_or(PageRefusal::NoSuchElection)
}

/// WEB-22: where ballots of this election go.
fn boards(held: &Held) -> Vec<String> {
    held.manifest.pages.as_ref().map(|pages| pages.boards.clone()).unwrap_or_default()
}

fn elsewhere(address: &str) -> Response {
    let address = HeaderValue::try_from(address).expect("hexadecimal digits and fixed names");
    Role::Written.dress((StatusCode::FOUND, [(header::LOCATION, address)]))
}

/// A file of the bundle, byte for byte.
fn give(pages: &Pages, name: &str, role: &Role, headers: &HeaderMap) -> Result<Response, PageRefusal> {
    let file = pages.bundle.file(name).ok_or(PageRefusal::NoBundle)?;
    let brotli = file.brotli().filter(|_| takes(headers, "br"));
    let (coding, bytes): (_, &'static [u8]) = match brotli {
        Some(compressed) => (Some("br"), compressed),
        None if takes(headers, "gzip") => (Some("gzip"), file.gzipped()),
        None => (None, file.bytes()),
    };
    let mut response = role.dress(([(header::CONTENT_TYPE, kind(name))], bytes).into_response());
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}
