//! Every way a page is not given: for people, in both languages at once, since nobody can be asked for theirs (WEB-30).

use super::headers::Role;
use crate::{refusal::Refusal, store::StoreError};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use thiserror::Error;

/// Why there is no page.
#[derive(Debug, Error)]
pub(crate) enum PageRefusal {
    /// Nothing lies at this address.
    #[error("no such page")]
    NoSuchPage,
    /// No election with this fingerprint is held here.
    #[error("no such election")]
    NoSuchElection,
    /// The program was compiled without the pages.
    #[error("compiled without the pages")]
    NoBundle,
    /// A page is only read.
    #[error("method not allowed")]
    WrongMethod,
    /// The database failed, or is away.
    #[error("the database fails")]
    Store(#[source] StoreError),
    /// A template or a text does not fit: nothing a reader has done.
    #[error("a page cannot be written")]
    Unwritable,
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    english: &'static str,
    chinese: &'static str,
    command: Option<&'static str>,
}

impl PageRefusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPage | Self::NoSuchElection | Self::NoBundle => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unwritable => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn page(&self) -> RefusalPage {
        let (english, chinese, command) = match self {
            Self::NoSuchPage => ("There is no page at this address.", "此地址没有页面。", None),
            Self::NoSuchElection => (
                "This server holds no election with this fingerprint. Compare the address with your letter, digit by digit.",
                "此服务器上没有这个指纹的选举。请将地址与您信中的地址逐字核对。",
                None,
            ),
            Self::NoBundle => (
                "This program was compiled without the pages. Whoever runs it can build them with these commands:",
                "此程序编译时没有包含页面。运行者可以用以下命令构建：",
                Some("cargo xtask web && cargo build --release"),
            ),
            Self::WrongMethod => ("A page can only be read.", "页面只能读取。", None),
            Self::Store(_) => (
                "The server cannot reach its records now. Nothing is lost; try again in a minute.",
                "服务器暂时无法读取记录。没有任何内容丢失，请稍后再试。",
                None,
            ),
            Self::Unwritable => ("The server cannot write this page.", "服务器无法生成此页面。", None),
        };
        RefusalPage { english, chinese, command }
    }
}

impl From<StoreError> for PageRefusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<askama::Error> for PageRefusal {
    fn from(_: askama::Error) -> Self {
        Self::Unwritable
    }
}

impl IntoResponse for PageRefusal {
    fn into_response(self) -> Response {
        if let Self::Store(cause) = &self {
            tracing::error!(cause = ?cause, "the database fails");
        }
        // HTTP-19: neither who asked nor for what.
        tracing::debug!(status = self.status().as_u16(), "no page");
        // What cannot even say so says it as the interface for programs does.
        let Ok(text) = self.page().render() else { return Refusal::UnknownPath.into_response() };
        let mut response = Role::Written.dress((self.status(), Html(text)));
        if matches!(self, Self::WrongMethod) {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        }
        if matches!(self, Self::Store(_)) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
        response
    }
}
