//! The pages that the server writes itself, for whoever reads without JavaScript (WEB-31, WEB-32).

use super::{
    bundle::{OBSERVE, OFFLINE, VOTE},
    election::{ElectionPage, Links},
    entries::{self, EntryView, LATEST, ON_A_PAGE},
    headers::Role,
    names::Name,
    refusal::PageRefusal,
    routes::Pages,
    shelf::Held,
    texts::{Language, Texts},
};
use askama::Template;
use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// The style of all pages, and what these need besides.
const STYLE: &str =
    concat!(include_str!("../../../web/pages/src/common/style.css"), include_str!("../../templates/written.css"));

/// WEB-26: the name of the style says its bytes.
pub(super) fn style_name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let digest = hex::encode(Sha256::digest(STYLE));
        format!("written-{}.css", digest.get(..16).unwrap_or_default())
    });
    &NAME
}

/// What an address may say.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    from: Option<u64>,
}

type Question = Result<Query<Asked>, QueryRejection>;

/// What is around every page.
pub(super) struct Frame {
    /// The way to the top of the server.
    pub(super) root: &'static str,
    pub(super) style: &'static str,
    pub(super) languages: Vec<LanguageLink>,
}

pub(super) struct LanguageLink {
    pub(super) language: Language,
    pub(super) address: String,
    pub(super) current: bool,
}

impl Frame {
    fn new(texts: Texts, root: &'static str, from: Option<u64>) -> Self {
        let from = from.map(|from| format!("&from={from}")).unwrap_or_default();
        let link = |language: Language| LanguageLink {
            language,
            address: format!("?lang={}{from}", language.tag()),
            current: language == texts.0,
        };
        Self { root, style: style_name(), languages: Language::ALL.into_iter().map(link).collect() }
    }
}

#[derive(Template)]
#[template(path = "elections.html")]
struct ElectionsPage {
    texts: Texts,
    frame: Frame,
    mirror: bool,
    elections: Vec<ListedElection>,
    offline: bool,
}

struct ListedElection {
    fingerprint: String,
    title: Name,
    phase: String,
    size: String,
}

/// Elections on the list; a board that has more says so.
const LISTED: usize = 500;

/// `/`
pub(super) async fn list(
    State(pages): State<Pages>,
    asked: Question,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let (texts, _) = understand(asked, &headers);
    let listed = |summary: board_api::ElectionSummary| ListedElection {
        fingerprint: summary.fingerprint.to_string(),
        title: Name::of(&summary.title),
        phase: texts.text(phase_id(summary.phase)),
        size: texts.number(&summary.size),
    };
    let page = ElectionsPage {
        texts,
        frame: Frame::new(texts, "./", None),
        mirror: !pages.shelf.takes_ballots(),
        elections: pages.shelf.list().into_iter().take(LISTED).map(listed).collect(),
        offline: pages.bundle.file(OFFLINE).is_some(),
    };
    Ok(answer(texts, page.render()?))
}

fn phase_id(phase: protocol::Phase) -> &'static str {
    use protocol::Phase;
    match phase {
        Phase::Setup => "phase-setup",
        Phase::Voting => "phase-voting",
        Phase::Closed => "phase-closed",
        Phase::Tallied => "phase-tallied",
        Phase::Failed => "phase-failed",
    }
}

/// `/elections/<F>/`
pub(super) async fn election(
    State(pages): State<Pages>,
    election: Result<Path<String>, PathRejection>,
    asked: Question,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let Path(election) = election.map_err(|_| PageRefusal::NoSuchElection)?;
    let held = pages.shelf.held(&election).ok_or(PageRefusal::NoSuchElection)?;
    let (texts, _) = understand(asked, &headers);
    let size = held.status.summary.size;
    let from = size.saturating_sub(LATEST);
    let read = pages.shelf.entries(&election, from, size).await?;
    let mut latest = entries::views(&texts, &held, from, &read);
    latest.reverse();
    let there = |name: &str| pages.bundle.file(name).is_some();
    let links = Links { vote: there(VOTE), observe: there(OBSERVE), offline: there(OFFLINE) };
    let frame = Frame::new(texts, "../../", None);
    let mirror = !pages.shelf.takes_ballots();
    let page = ElectionPage::new(texts, frame, &held, links, mirror, latest);
    Ok(answer(texts, page.render()?))
}

#[derive(Template)]
#[template(path = "entries.html")]
struct EntriesPage {
    texts: Texts,
    frame: Frame,
    title: Name,
    span: String,
    entries: Vec<EntryView>,
    earlier: Option<u64>,
    later: Option<u64>,
}

/// `/elections/<F>/entries`
pub(super) async fn record(
    State(pages): State<Pages>,
    election: Result<Path<String>, PathRejection>,
    asked: Question,
    headers: HeaderMap,
) -> Result<Response, PageRefusal> {
    let Path(election) = election.map_err(|_| PageRefusal::NoSuchElection)?;
    let held: Held = pages.shelf.held(&election).ok_or(PageRefusal::NoSuchElection)?;
    let (texts, asked) = understand(asked, &headers);
    let size = held.status.summary.size;
    // Without a place, the end: what is new is what one looks for.
    let from = asked.from.unwrap_or(size.saturating_sub(ON_A_PAGE)).min(size.saturating_sub(1));
    let read = pages.shelf.entries(&election, from, from.saturating_add(ON_A_PAGE)).await?;
    let end = from.saturating_add(u64::try_from(read.len()).unwrap_or(0));
    let page = EntriesPage {
        texts,
        frame: Frame::new(texts, "../../", Some(from)),
        title: Name::of(&held.manifest.title),
        span: texts.say("span", [("from", from.into()), ("to", end.saturating_sub(1).into()), ("all", size.into())]),
        entries: entries::views(&texts, &held, from, &read),
        earlier: (from > 0).then(|| from.saturating_sub(ON_A_PAGE)),
        later: (end < size).then_some(end),
    };
    Ok(answer(texts, page.render()?))
}

/// `/assets/<name>`
pub(super) async fn style(name: Result<Path<String>, PathRejection>) -> Result<Response, PageRefusal> {
    let Path(name) = name.map_err(|_| PageRefusal::NoSuchPage)?;
    if name != style_name() {
        return Err(PageRefusal::NoSuchPage);
    }
    let kind = (header::CONTENT_TYPE, super::headers::kind(&name));
    Ok(Role::Written.dress(([kind, (header::CACHE_CONTROL, super::routes::FOR_EVER)], STYLE)))
}

/// What cannot be understood is as if it had not been asked.
fn understand(asked: Question, headers: &HeaderMap) -> (Texts, Asked) {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    (Texts(Language::wanted(asked.lang.as_deref(), headers)), asked)
}

fn answer(texts: Texts, page: String) -> Response {
    let mut response = Role::Written.dress(Html(page).into_response());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(texts.0.tag()));
    response
}
