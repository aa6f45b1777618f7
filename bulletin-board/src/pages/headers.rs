//! What a browser is told besides the bytes: what a page may load and whom it may ask (WEB-21 to WEB-29).

use super::bundle::{Bundle, OFFLINE, VOTE};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use protocol::manifest::is_board;

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A page that the server has written: no script runs in it (WEB-21).
    Written,
    /// The voting page, with the boards of the election (WEB-22).
    Voting(Vec<String>),
    /// The page for observers (WEB-23).
    Observing,
    /// The verifier for the disk (WEB-25).
    Download,
}

/// WEB-21: what every page has.
const COMMON: &str = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// WEB-22, WEB-23: what a page that runs has.
const RUNNING: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:; \
                       require-trusted-types-for 'script'; trusted-types app";

/// WEB-23: an observer reads any record, also one on the own machine. No policy can name an IPv6 number.
const ANY_BOARD: &str = "'self' https: http://127.0.0.1:* http://localhost:*";

const CAMERA: &str = "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()";
const NO_CAMERA: &str = "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()";

impl Role {
    /// WEB-22 to WEB-25: that of a file of the bundle, by its name.
    pub fn of(bundle: &Bundle, name: &str, boards: &[String]) -> Self {
        match name {
            VOTE => Self::Voting(boards.to_vec()),
            OFFLINE => Self::Download,
            // WEB-24: what a page runs has the policy of the page; a worker has no other.
            _ if bundle.names(VOTE, name) => Self::Voting(boards.to_vec()),
            _ => Self::Observing,
        }
    }

    /// The content security policy as a header.
    pub fn policy(&self) -> String {
        match self {
            Self::Written => format!("default-src 'none'; style-src 'self'; img-src 'self' data:; {COMMON}"),
            Self::Voting(_) | Self::Observing => {
                format!("{RUNNING}; connect-src {}; {COMMON}", self.reachable().unwrap_or_default())
            }
            Self::Download => format!("default-src 'none'; {COMMON}; sandbox"),
        }
    }

    /// WEB-33: the same for a `<meta>`, which cannot keep a page out of frames.
    pub(super) fn meta_policy(&self) -> String {
        self.policy().replace("; frame-ancestors 'none'", "")
    }

    fn reachable(&self) -> Option<String> {
        match self {
            Self::Voting(boards) => {
                let boards = boards.iter().filter_map(|board| origin(board));
                Some(boards.fold("'self'".to_owned(), |list, board| format!("{list} {board}")))
            }
            Self::Observing => Some(ANY_BOARD.to_owned()),
            Self::Written | Self::Download => None,
        }
    }

    /// The body with everything a browser must be told about it.
    pub(crate) fn dress(&self, body: impl IntoResponse) -> Response {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        let policy = HeaderValue::try_from(self.policy()).expect("origins are visible ASCII");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        let camera = if matches!(self, Self::Voting(_)) { CAMERA } else { NO_CAMERA };
        put(headers, "permissions-policy", camera);
        put(headers, "cross-origin-opener-policy", "same-origin");
        put(headers, "cross-origin-embedder-policy", "require-corp");
        put(headers, "cross-origin-resource-policy", "same-origin");
        put(headers, "referrer-policy", "no-referrer");
        put(headers, "x-content-type-options", "nosniff");
        // WEB-26: nobody keeps a page; a file whose name says its bytes is told to stay where it is served.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if matches!(self, Self::Download) {
            put(headers, "content-disposition", "attachment; filename=\"vitrine-offline.html\"");
        }
        response
    }
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
}

/// WEB-27: the origin of a board's address as a policy names it; none of what is no address of a board (MAN-41).
pub fn origin(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://").filter(|_| is_board(address))?;
    let host = rest.split('/').next()?;
    address.get(..scheme.len().saturating_add("://".len()).saturating_add(host.len()))
}

/// WEB-28: the media type of a file by its name.
pub(crate) fn kind(name: &str) -> HeaderValue {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    HeaderValue::from_static(match extension {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    })
}

/// WEB-29: whether an answer may be compressed so.
pub(crate) fn takes(headers: &HeaderMap, wanted: &str) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = listed.flat_map(|value| value.split(','));
    codings.any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        let refused = |weight: &str| weight.parse().is_ok_and(|weight: f32| weight <= 0.0);
        named && !parts.any(|part| part.strip_prefix("q=").is_some_and(refused))
    })
}
