//! Whether a server gives out the pages that it should (WEB-34): every file, byte for byte, asked for as a browser asks.

use super::{
    bundle::{Bundle, OBSERVE, VOTE},
    headers::Role,
    saved::{SavedError, saved},
};
use flate2::read::GzDecoder;
use protocol::ids::ElectionFingerprint;
use reqwest::{Client, Response, Url, header, redirect};
use sha2::{Digest as _, Sha256};
use std::{io::Read as _, net::IpAddr, path::Path, time::Duration};
use thiserror::Error;

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// WEB-34: a server shall not know that nobody is going to vote.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Why nothing can be compared.
#[derive(Debug, Error)]
pub enum ComparisonError {
    /// Not an address that a browser would open.
    #[error("not an http or https address: {0}")]
    Address(String),
    /// The file of trusted authorities is of no use.
    #[error("the certificates of {0} cannot be read")]
    Certificates(String, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server is out of reach.
    #[error("the server does not give {0}")]
    Unreachable(String, #[source] reqwest::Error),
    /// Such a copy is not made.
    #[error(transparent)]
    Saved(#[from] SavedError),
}

/// What is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is not given.
    Status(u16),
    /// It is another file: its SHA-256, or none if it is longer than the right one.
    Bytes(Option<[u8; 32]>),
    /// It is sent in a coding that it should not have.
    Coding(String),
    /// The right file, which may do what it should not, or is stored where it should not: the header and what it says.
    Header(&'static str, String),
    /// An address that leads elsewhere.
    Target(String),
}

/// One file of the bundle, and what the server gives in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The address, relative to the one that was asked.
    pub path: String,
    /// The SHA-256 of what should be there.
    pub expected: [u8; 32],
    /// What is wrong.
    pub difference: Difference,
}

/// What should be at one address.
struct Expected {
    path: String,
    bytes: Vec<u8>,
    /// WEB-22 to WEB-24: only of a board or mirror; another web server has the policy in the file.
    policy: Option<String>,
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Files that were asked for.
    pub asked: usize,
    /// Files that came, the right ones or others.
    pub given: usize,
    /// What is wrong; nothing, if all is right.
    pub findings: Vec<Finding>,
}

impl Comparison {
    /// Whether the server has none of the pages at all.
    pub fn is_without_pages(&self) -> bool {
        self.given == 0
    }
}

/// WEB-34: compares what a board or mirror gives for an election whose manifest names these boards.
///
/// # Errors
/// [`ComparisonError`].
pub async fn compare_served(
    bundle: &Bundle,
    address: &str,
    election: &ElectionFingerprint,
    boards: &[String],
    ca_file: Option<&Path>,
) -> Result<Comparison, ComparisonError> {
    let asking = Asking::new(address, ca_file)?;
    let expected = bundle.files().map(|(name, file)| Expected {
        path: format!("elections/{election}/{name}"),
        bytes: file.bytes().to_vec(),
        policy: Some(Role::of(bundle, name, boards).policy()),
    });
    let mut comparison = asking.compare(expected.collect()).await?;
    for (name, page) in [("vote", VOTE), ("observe", OBSERVE)] {
        let Some(file) = bundle.file(page) else { continue };
        let path = format!("{name}/{election}");
        let target = asking.url(&format!("elections/{election}/{page}"))?;
        if let Some(difference) = asking.leads(&path, &target).await? {
            comparison.findings.push(Finding { path, expected: *file.sha256(), difference });
        }
    }
    Ok(comparison)
}

/// WEB-34: compares a copy (WEB-33) on any web server.
///
/// # Errors
/// [`ComparisonError`].
pub async fn compare_saved(
    bundle: &Bundle,
    address: &str,
    boards: &[String],
    ca_file: Option<&Path>,
) -> Result<Comparison, ComparisonError> {
    let asking = Asking::new(address, ca_file)?;
    let files = saved(bundle, boards)?;
    asking.compare(files.into_iter().map(|(path, bytes)| Expected { path, bytes, policy: None }).collect()).await
}

/// A server that is asked.
struct Asking {
    base: Url,
    http: Client,
}

impl Asking {
    fn new(address: &str, ca_file: Option<&Path>) -> Result<Self, ComparisonError> {
        let malformed = || ComparisonError::Address(address.to_owned());
        let mut text = address.to_owned();
        if !text.ends_with('/') {
            text.push('/');
        }
        let base = Url::parse(&text).map_err(|_| malformed())?;
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() || base.fragment().is_some() {
            return Err(malformed());
        }
        board_api::tls::install();
        let loopback = base.host_str().is_some_and(|host| {
            host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|host: IpAddr| host.is_loopback())
        });
        let builder = Client::builder().user_agent(BROWSER).timeout(PATIENCE).redirect(redirect::Policy::none());
        let builder = if loopback { builder.no_proxy() } else { builder };
        let builder = match (ca_file, base.scheme()) {
            (Some(file), _) => builder.tls_certs_only(certificates(file)?),
            (None, "https") => builder.https_only(true),
            (None, _) => builder.tls_certs_only([]),
        };
        let http = builder.build().map_err(|error| ComparisonError::Unreachable(address.to_owned(), error))?;
        Ok(Self { base, http })
    }

    fn url(&self, path: &str) -> Result<Url, ComparisonError> {
        self.base.join(path).map_err(|_| ComparisonError::Address(path.to_owned()))
    }

    async fn ask(&self, path: &str) -> Result<Response, ComparisonError> {
        let asked = self.http.get(self.url(path)?);
        let asked = asked
            .header(header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, "en-US,en;q=0.5")
            .header(header::ACCEPT_ENCODING, "gzip, deflate, br, zstd");
        asked.send().await.map_err(|error| ComparisonError::Unreachable(path.to_owned(), error))
    }

    async fn compare(&self, expected: Vec<Expected>) -> Result<Comparison, ComparisonError> {
        let mut comparison = Comparison { asked: expected.len(), given: 0, findings: Vec::new() };
        for Expected { path, bytes, policy } in expected {
            let differences = self.differences(&path, &bytes, policy.as_deref()).await?;
            if !differences.iter().any(|difference| matches!(difference, Difference::Status(_))) {
                comparison.given = comparison.given.saturating_add(1);
            }
            for difference in differences {
                let expected = Sha256::digest(&bytes).into();
                comparison.findings.push(Finding { path: path.clone(), expected, difference });
            }
        }
        Ok(comparison)
    }

    async fn differences(
        &self,
        path: &str,
        expected: &[u8],
        policy: Option<&str>,
    ) -> Result<Vec<Difference>, ComparisonError> {
        let mut answer = self.ask(path).await?;
        if answer.status().as_u16() != 200 {
            return Ok(vec![Difference::Status(answer.status().as_u16())]);
        }
        let said = |name: &str| {
            let values = answer
                .headers()
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            values.collect::<Vec<String>>()
        };
        let mut differences = Vec::new();
        if let Some(policy) = policy {
            // A second one can only forbid more.
            let policies = said("content-security-policy");
            if !policies.iter().any(|one| one == policy) {
                differences.push(Difference::Header("content-security-policy", policies.join(" | ")));
            }
            if !said("x-content-type-options").iter().any(|one| one == "nosniff") {
                differences
                    .push(Difference::Header("x-content-type-options", said("x-content-type-options").join(" | ")));
            }
        }
        let coding = said("content-encoding").join(", ");
        // Little is longer compressed than plain, and by how much is known (RFC 1951).
        let most = expected.len().saturating_add(expected.len() / 100).saturating_add(1024);
        let body =
            body(&mut answer, most).await.map_err(|error| ComparisonError::Unreachable(path.to_owned(), error))?;
        let plain = match (body, coding.as_str()) {
            (None, _) => None,
            (Some(body), "" | "identity") => Some(body),
            (Some(body), "gzip") => unpacked(&body, expected.len()),
            (Some(body), "br") => super::bundle::unpacked(&body, expected.len()),
            (Some(_), _) => {
                differences.push(Difference::Coding(coding));
                return Ok(differences);
            }
        };
        match plain {
            Some(plain) if plain == expected => {}
            Some(plain) => differences.push(Difference::Bytes(Some(Sha256::digest(&plain).into()))),
            None => differences.push(Difference::Bytes(None)),
        }
        Ok(differences)
    }

    /// Whether a short address leads to the page.
    async fn leads(&self, path: &str, target: &Url) -> Result<Option<Difference>, ComparisonError> {
        let answer = self.ask(path).await?;
        if answer.status().as_u16() != 302 {
            return Ok(Some(Difference::Status(answer.status().as_u16())));
        }
        let location =
            answer.headers().get(header::LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default();
        let led = self.url(path)?.join(location).ok();
        Ok((led.as_ref() != Some(target)).then(|| Difference::Target(location.chars().take(500).collect())))
    }
}

fn certificates(file: &Path) -> Result<Vec<reqwest::Certificate>, ComparisonError> {
    let name = || file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| ComparisonError::Certificates(name(), error.into()))?;
    reqwest::Certificate::from_pem_bundle(&bytes).map_err(|error| ComparisonError::Certificates(name(), error.into()))
}

/// No more than this; none of what is longer.
async fn body(answer: &mut Response, most: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len().saturating_add(chunk.len()) > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// What is compressed, if it is no longer than this and can be read.
fn unpacked(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    GzDecoder::new(bytes).take(limit).read_to_end(&mut plain).ok()?;
    (plain.len() <= most).then_some(plain)
}
