//! The client's side. Submitting is safe to repeat (BRD-10), so it is repeated by itself while the board is busy or out of reach.

use crate::{
    BadPromise, BoardDocument, ElectionStatus, ElectionSummary, EvidenceQuestion, Problem, Promise, PromiseDocument,
    SUBMISSION_TYPE, TimeEvidence, log_path,
    memory::MemoryError,
    record::{self, ReadOptions, RecordFault},
};
use protocol::{
    Body, Manifest, Rejection, Submission, fingerprint,
    ids::{ElectionFingerprint, Minutes},
};
use serde::de::DeserializeOwned;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use thiserror::Error;
use tlog::{
    note::{KeyError, VerifierKey},
    policy::Policy,
    record::{ChainPath, RecordPath},
};

mod address;
mod exchange;
mod options;

pub(crate) use exchange::Clock;
pub use exchange::TransportError;
pub use options::ClientOptions;

use address::Address;
use exchange::{Exchange, Request};

/// The most bytes of a JSON document the client reads: a list of some ten thousand elections fits.
const MAX_DOCUMENT: usize = 4 * 1024 * 1024;

/// The rule that answers for a file the log does not have.
pub const NO_SUCH_FILE: &str = "HTTP-15";

/// Why a request to the board came to nothing.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Not the address of a board.
    #[error("not the http or https address of a board: {0}")]
    Address(String),
    /// The file of trusted authorities cannot be read.
    #[error("the certificates of {0} cannot be read")]
    CaFile(PathBuf, #[source] std::io::Error),
    /// The file of trusted authorities is something else.
    #[error("{0} holds no certificates in PEM, or one of no use")]
    CaCertificates(PathBuf),
    /// HTTP-21: nobody trusted vouches for the address, or the board and this program have no TLS in common.
    #[cfg(not(target_family = "wasm"))]
    #[error("the board's TLS is refused: {0}")]
    Tls(#[from] rustls::Error),
    /// The board is out of reach.
    #[error("the board does not answer")]
    Transport(#[from] TransportError),
    /// The board refuses, and says by which rule.
    #[error("the board refuses: {0}")]
    Refused(Box<Problem>),
    /// An answer that no board gives.
    #[error("unexpected answer with status {0}")]
    Status(u16),
    /// An answer longer than this request can have.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    /// A document that is none.
    #[error("the board's document is malformed")]
    Document(#[from] serde_json::Error),
    /// The board's promise is worth nothing: keep it, and do not believe the board.
    #[error(transparent)]
    Promise(#[from] Box<BadPromise>),
    /// The log does not hold what it must.
    #[error(transparent)]
    Record(#[from] Box<RecordFault>),
    /// What was accepted before cannot be read or kept.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The manifest cannot be read.
    #[error("the manifest is refused: {0}")]
    Manifest(#[from] Rejection),
    /// The manifest's log key is no key.
    #[error("the manifest's log key is refused: {0}")]
    LogKey(#[from] KeyError),
    /// Something else than a manifest was to be created.
    #[error("an election begins with a manifest, not with a {0}")]
    NotAManifest(&'static str),
}

/// A board, seen from outside. Clones share connections and what they learned.
#[derive(Clone, Debug)]
pub struct BoardClient {
    address: Address,
    exchange: Exchange,
    manifests: Arc<Mutex<HashMap<ElectionFingerprint, Known>>>,
    options: Arc<ReadOptions>,
}

/// What the fingerprint alone vouches for; of a successor log, besides, the authority's signature under its continuation.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The number of the log, from 1 (REC-7).
    pub(crate) number: u64,
    /// Index of its first entry (REC-8).
    pub(crate) first: u64,
    pub(crate) origin: String,
    pub(crate) manifest: Arc<Manifest>,
    /// The bytes of the manifest's body: what F is the fingerprint of.
    pub(crate) body: Arc<[u8]>,
    /// Leaf 0 of every log from the second to this one: what evidence about this log needs besides (EVD-2).
    pub(crate) continuations: Arc<[Vec<u8>]>,
    pub(crate) log_key: VerifierKey,
    /// The manifest's, with this log's key (CON-2).
    pub(crate) policy: Policy,
}

impl BoardClient {
    /// A client of the board at an address such as `https://board.example.org`. Opens no connection yet.
    ///
    /// # Errors
    /// [`ClientError::Address`], or the platform's certificates cannot be read.
    pub fn new(address: &str) -> Result<Self, ClientError> {
        Self::with_options(address, &ClientOptions::default())
    }

    /// The same, by other ways than the usual ones.
    ///
    /// # Errors
    /// [`ClientError::Address`], [`ClientError::CaFile`] or [`ClientError::CaCertificates`].
    pub fn with_options(address: &str, options: &ClientOptions) -> Result<Self, ClientError> {
        let address = Address::parse(address)?;
        let exchange = Exchange::new(&address, options)?;
        Ok(Self { address, exchange, manifests: Arc::default(), options: Arc::default() })
    }

    /// The same client, reading every log by these options.
    pub fn with_read_options(self, options: ReadOptions) -> Self {
        Self { options: Arc::new(options), ..self }
    }

    /// How it reads logs.
    pub fn read_options(&self) -> &ReadOptions {
        &self.options
    }

    /// The board's address, with a final slash.
    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// HTTP-9: what the board says about itself.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn board(&self) -> Result<BoardDocument, ClientError> {
        self.document("api/v1/board").await
    }

    /// HTTP-11: the elections on this board.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn elections(&self) -> Result<Vec<ElectionSummary>, ClientError> {
        self.document("api/v1/elections").await
    }

    /// HTTP-12: where an election stands, as the board tells it; unchecked.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn status(&self, election: &ElectionFingerprint) -> Result<ElectionStatus, ClientError> {
        self.document(&format!("api/v1/elections/{election}")).await
    }

    /// HTTP-10: posts a manifest, which begins an election. Its fingerprint is `fingerprint::election` of its body.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn create(&self, submission: &Submission) -> Result<Promise, ClientError> {
        let manifest = match submission.body()? {
            Body::Manifest(manifest) => manifest,
            other => return Err(ClientError::NotAManifest(other.name())),
        };
        let election = fingerprint::election(submission.body_bytes());
        let log_key = manifest.log_key.parse()?;
        let (document, answer) = self.post("api/v1/elections", submission).await?;
        let checked = document.verify(submission, &election, &log_key);
        Ok(checked.map_err(|fault| Box::new(BadPromise { fault, answer }))?)
    }

    /// HTTP-13, HTTP-14: posts a submission and checks the promise that comes back. Safe to repeat: a submission that is in the
    /// log already is answered with its first index.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Refused`] names the rule that was broken.
    pub async fn submit(
        &self,
        election: &ElectionFingerprint,
        submission: &Submission,
    ) -> Result<Promise, ClientError> {
        let known = self.known(election).await?;
        let (document, answer) = self.post(&format!("api/v1/elections/{election}/submissions"), submission).await?;
        // The log that gave it; one that is none of the election's is judged as the first would be (CON-2).
        let log = record::log_of(self, election, document.checkpoint.as_bytes()).await?;
        let known = log.unwrap_or(known);
        let promise = document
            .verify_in(submission, election, &known.log_key, known.first)
            .map_err(|fault| Box::new(BadPromise { fault, answer }))?;
        record::compare_promise(self, election, &known, promise.checkpoint())?;
        Ok(promise)
    }

    /// HTTP-31: a checkpoint of exactly the present entries whose cosignatures state this minute or later: what a `Closing` or `StageEnd`
    /// carries. The board holds its queue for a few seconds; what carries the evidence must come by then.
    ///
    /// # Errors
    /// [`ClientError`]; a refusal by HTTP-32 (too early), HTTP-33 (somebody else is at it) or HTTP-34 (too few witnesses answer).
    pub async fn time_evidence(&self, election: &ElectionFingerprint, since: Minutes) -> Result<String, ClientError> {
        let url = self.address.join(&format!("api/v1/elections/{election}/time-evidence"));
        let question = serde_json::to_vec(&EvidenceQuestion { since })?;
        let request = Request::post(url, "application/json", question);
        let evidence: TimeEvidence = serde_json::from_slice(&self.exchange.patiently(&request, MAX_DOCUMENT).await?)?;
        Ok(evidence.checkpoint)
    }

    /// HTTP-15: a file of the record, unchecked; `None` if the board has none of that name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn fetch(
        &self,
        election: &ElectionFingerprint,
        path: impl Into<ChainPath>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        let path: ChainPath = path.into();
        let url = self.address.join(&format!("{}{path}", log_path(election).trim_start_matches('/')));
        match self.exchange.patiently(&Request::get(url), path.byte_limit()).await {
            Ok(bytes) => Ok(Some(bytes)),
            // A plain file server explains nothing.
            Err(ClientError::Status(404)) => Ok(None),
            Err(ClientError::Refused(problem)) if problem.rule == NO_SUCH_FILE => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// HTTP-30: the log's last commit, signed by the log alone, unchecked; from a place that shows no more than a log's files, its
    /// checkpoint. `None` if there is neither.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn head(&self, election: &ElectionFingerprint) -> Result<Option<Vec<u8>>, ClientError> {
        let url = self.address.join(&format!("api/v1/elections/{election}/head"));
        let limit = RecordPath::Checkpoint.byte_limit();
        match self.exchange.patiently(&Request::get(url), limit).await {
            Ok(note) => Ok(Some(note)),
            Err(ClientError::Status(404)) => self.fetch(election, &RecordPath::Checkpoint).await,
            Err(ClientError::Refused(problem)) if problem.status == 404 => {
                self.fetch(election, &RecordPath::Checkpoint).await
            }
            Err(error) => Err(error),
        }
    }

    /// The manifest, checked against the fingerprint; remembered after the first time.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn manifest(&self, election: &ElectionFingerprint) -> Result<Arc<Manifest>, ClientError> {
        Ok(self.known(election).await?.manifest)
    }

    /// The key of the election's first log, from the manifest.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn log_key(&self, election: &ElectionFingerprint) -> Result<VerifierKey, ClientError> {
        Ok(self.known(election).await?.log_key)
    }

    pub(crate) async fn known(&self, election: &ElectionFingerprint) -> Result<Known, ClientError> {
        let remembered = self.manifests.lock().unwrap_or_else(PoisonError::into_inner).get(election).cloned();
        if let Some(known) = remembered {
            return Ok(known);
        }
        let (manifest, body) = record::fetch_manifest(self, election).await?;
        let log_key = manifest.log_key.parse()?;
        let policy = Policy::parse(manifest.policy.as_bytes()).map_err(RecordFault::from).map_err(Box::new)?;
        let origin = manifest.log_origin.clone();
        let known = Known {
            number: 1,
            first: 0,
            origin,
            manifest: Arc::new(manifest),
            body: body.into(),
            continuations: [].into(),
            log_key,
            policy,
        };
        self.manifests.lock().unwrap_or_else(PoisonError::into_inner).insert(*election, known.clone());
        Ok(known)
    }

    async fn document<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let request = Request::get(self.address.join(path));
        Ok(serde_json::from_slice(&self.exchange.patiently(&request, MAX_DOCUMENT).await?)?)
    }

    /// The promise, and the bytes it came as.
    async fn post(&self, path: &str, submission: &Submission) -> Result<(PromiseDocument, Vec<u8>), ClientError> {
        let request = Request::post(self.address.join(path), SUBMISSION_TYPE, submission.encode());
        let answer = self.exchange.patiently(&request, MAX_DOCUMENT).await?;
        Ok((serde_json::from_slice(&answer)?, answer))
    }
}
