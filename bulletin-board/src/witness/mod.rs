//! The witness: remembers, of every log it knows, the largest tree it cosigned, and cosigns only what extends it
//! (`specs/06-bulletin-board-witnesses.md`).
//!
//! A question goes from `routes` (limits) to [`Witness::add_checkpoint`], which judges it with [`tlog::add_checkpoint`] and stores what it
//! cosigns in [`WitnessState`] before it answers. A mirror asks the same core, once it holds all that it is to vouch for.

mod answer;
mod cli;
mod config;
mod continuation;
mod evidence;
mod known;
mod routes;
mod serve;
mod state;
mod watch;

pub use answer::Answer;
pub(crate) use answer::TEXT;
pub use cli::{WitnessCommand, WitnessCommandError, WitnessCommandLine};
pub use config::{WitnessArguments, WitnessConfig, WitnessConfigError};
pub use continuation::{Continued, Succession, SuccessionRefusal};
pub use known::{KnownLogs, NoLogKey};
pub(crate) use routes::router;
pub use serve::{WitnessServeError, run, serve};
pub use state::{LogState, StateError, WitnessState};

use crate::key_file::{KeyFileError, Seed};
use answer::Declined;
use async_trait::async_trait;
use evidence::Finding;
use state::Memory;
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use thiserror::Error;
use tlog::{
    add_checkpoint::{Refusal, Request, Seen},
    checkpoint::SignedCheckpoint,
    cosignature::{CosignerKey, MAX_TIMESTAMP},
    note::{KeyError, Note, NoteSignature, VerifierKey},
};
use tokio::sync::Semaphore;

/// WIT-11: how many requests are judged or wait for it at once.
const ROOM: usize = 256;

/// Seconds since 1970; tests bring their own.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// This machine's clock.
pub fn machine_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()))
}

/// Who cosigns, and what it keeps where.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The name of the key, as policies name it.
    pub name: String,
    /// The secret key; made on the first start.
    pub key_file: PathBuf,
    /// The memory, one SQLite file; made on the first start.
    pub state: PathBuf,
    /// WIT-10: begins a new memory for a key that had one. Only for an operator who knows that the key never cosigned anything.
    pub new_state: bool,
}

/// Why a witness cannot begin.
#[derive(Debug, Error)]
pub enum WitnessError {
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// Not the name of a key.
    #[error("{0:?} is no name of a cosigner: {1}")]
    Name(String, KeyError),
    /// The memory cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// There is a key and no memory of what it cosigned (WIT-10).
    #[error(
        "WIT-10: the key {key} was made before, and the memory {state} of what it cosigned is not there. Put it back if nothing was cosigned \
         since; otherwise begin anew under another name and key. If this key never cosigned anything, say --new-state"
    )]
    MemoryLost {
        /// The key file.
        key: PathBuf,
        /// Where the memory should be.
        state: PathBuf,
    },
    /// The memory is another key's (WIT-10).
    #[error("WIT-10: the memory {state} belongs to {found}, not to {expected}")]
    ForeignMemory {
        /// The memory.
        state: PathBuf,
        /// The key in the key file.
        expected: String,
        /// The key that the memory names.
        found: String,
    },
}

/// Who can be asked to cosign: a witness at once, a mirror once it holds everything.
#[async_trait]
pub(crate) trait Cosigner: Send + Sync {
    /// WIT-1 to WIT-5: the answer to a request.
    async fn add_checkpoint(&self, body: &[u8]) -> Answer;

    /// WIT-6: the last checkpoint cosigned of the log whose origin has this hash, in hexadecimal.
    async fn cosigned(&self, origin_hash: &str) -> Result<Option<String>, StateError>;

    /// WIT-8: whether it can still cosign.
    fn is_sound(&self) -> bool;
}

#[async_trait]
impl Cosigner for Arc<Witness> {
    async fn add_checkpoint(&self, body: &[u8]) -> Answer {
        Witness::add_checkpoint(self, body).await
    }

    async fn cosigned(&self, origin_hash: &str) -> Result<Option<String>, StateError> {
        Witness::cosigned(self, origin_hash).await
    }

    fn is_sound(&self) -> bool {
        Witness::is_sound(self)
    }
}

/// One cosigner and its memory.
pub struct Witness {
    key: CosignerKey,
    known: KnownLogs,
    state: WitnessState,
    clock: Clock,
    room: Arc<Semaphore>,
    evidence: Option<PathBuf>,
}

impl Witness {
    /// WIT-10: takes up key and memory, or makes both on the first start.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub async fn open(identity: &Identity, known: KnownLogs, clock: Clock) -> Result<Self, WitnessError> {
        let had_key = identity.key_file.exists();
        let state = WitnessState::open(&identity.state).await?;
        let owner = state.owner().await?;
        let key = cosigner_key(&identity.name, &identity.key_file, owner.is_some())?;
        let vkey = key.verifier_key();
        match owner {
            Some(owner) if owner == vkey.to_string() => {}
            Some(found) => {
                let (state, expected) = (identity.state.clone(), vkey.to_string());
                return Err(WitnessError::ForeignMemory { state, expected, found });
            }
            None if had_key && !identity.new_state => {
                return Err(WitnessError::MemoryLost { key: identity.key_file.clone(), state: identity.state.clone() });
            }
            None => state.belong_to(&vkey).await?,
        }
        Ok(Self { key, known, state, clock, room: Arc::new(Semaphore::new(ROOM)), evidence: None })
    }

    /// WIT-14: keeps evidence in a folder, which is made when there is any.
    #[must_use]
    pub fn with_evidence(self, folder: &Path) -> Self {
        Self { evidence: Some(folder.to_owned()), ..self }
    }

    /// The key that policies name.
    pub fn verifier_key(&self) -> VerifierKey {
        self.key.verifier_key()
    }

    /// What it remembers.
    pub fn state(&self) -> &WitnessState {
        &self.state
    }

    /// WIT-8: whether it can still cosign.
    pub fn is_sound(&self) -> bool {
        !self.state.is_halted()
    }

    /// WIT-1 to WIT-5, WIT-8, WIT-9: judges a request, and if its checkpoint extends what is remembered, remembers it and cosigns it. Ends what
    /// it began even if nobody waits for the answer.
    pub async fn add_checkpoint(self: &Arc<Self>, body: &[u8]) -> Answer {
        let Ok(place) = self.room.clone().try_acquire_owned() else { return Declined::Busy.into() };
        let (witness, body) = (self.clone(), body.to_vec());
        let judging = tokio::spawn(async move {
            let _place = place;
            witness.judge(&body).await
        });
        match judging.await {
            Ok(Ok(cosignature)) => Answer::cosigned(&[cosignature]),
            Ok(Err(declined)) => declined.into(),
            Err(_) => Declined::Halted.into(),
        }
    }

    async fn judge(&self, body: &[u8]) -> Result<NoteSignature, Declined> {
        let request = Request::parse(body).map_err(Refusal::from)?;
        let claim = request.claim()?;
        let signed = claim.open(&self.keys_of(claim.origin()).await?)?;
        let mut other_root = None;
        let advanced = self.state.advance(claim.origin(), |memory| {
            let remembered = match memory {
                Memory::Nothing => None,
                Memory::Log(remembered) => Some(remembered),
                Memory::Continued { successor } => return Err(Declined::Continued(successor.clone())),
            };
            if let Some(remembered) = remembered {
                let (head, seen) = (signed.checkpoint(), &remembered.seen);
                other_root = (head.size() == seen.size && *head.root() != seen.root).then(|| remembered.note.clone());
            }
            claim.extends(&signed, remembered.map(|remembered| &remembered.seen))?;
            self.cosign(&signed, remembered)
        });
        let advanced = advanced.await;
        // WIT-14: whatever the answer, the log has signed two roots for one size.
        if let Some(remembered) = other_root {
            let (origin, found) = (claim.origin().to_owned(), signed.note().encode());
            self.keep(&Finding { origin, remembered, found, beginning: None, evidence: None });
        }
        let next = advanced??;
        tracing::info!(origin = claim.origin(), size = next.seen.size, "cosigned");
        own_line(&next.note, &self.verifier_key()).ok_or(Declined::Halted)
    }

    /// WIT-7: the keys that are trusted for a log; none if it is not known.
    async fn keys_of(&self, origin: &str) -> Result<Vec<VerifierKey>, StateError> {
        let mut keys = self.known.keys_of(origin);
        if keys.is_empty() {
            keys.extend(self.state.successor_key(origin).await?);
        }
        Ok(keys)
    }

    /// WIT-9: the state that cosigns this checkpoint, at a time that is not before the last one stated.
    fn cosign(&self, signed: &SignedCheckpoint, remembered: Option<&LogState>) -> Result<LogState, Declined> {
        let now = (self.clock)();
        let least = remembered.map_or(1, |remembered| remembered.time);
        if now < least || now > MAX_TIMESTAMP {
            return Err(Declined::Clock { now, least });
        }
        let head = signed.checkpoint();
        let line = self.key.cosign(head, now).map_err(|_| Declined::Clock { now, least })?;
        // WIT-6: the log's own lines and this one; what else stood on the note is not this witness's to pass on.
        let mut note = Note::new(signed.note().text().to_owned()).map_err(|_| Declined::Halted)?;
        let of_log = |line: &&NoteSignature| signed.log_keys().iter().any(|key| key.signed(line));
        for line in signed.note().signatures().iter().filter(of_log).chain([&line]) {
            note.add(line.clone()).map_err(|_| Declined::TooManyLines)?;
        }
        let seen = Seen { size: head.size(), root: *head.root() };
        Ok(LogState { seen, time: now, note: note.encode() })
    }

    /// WIT-14: keeps what convicts a log, and says where.
    fn keep(&self, finding: &Finding) {
        let origin = finding.origin.as_str();
        let kept = self.evidence.as_deref().map(|folder| evidence::keep(folder, finding)).transpose();
        match kept.map(Option::flatten) {
            Ok(Some(folder)) => tracing::error!(origin, folder = %folder.display(), "the log has signed two histories"),
            Ok(None) => tracing::error!(origin, "the log has signed two histories; no more evidence is kept"),
            Err(cause) => {
                tracing::error!(origin, ?cause, "the log has signed two histories; the evidence cannot be kept")
            }
        }
    }

    /// WIT-6: the last checkpoint cosigned of the log whose origin has this hash, in hexadecimal.
    pub(crate) async fn cosigned(&self, origin_hash: &str) -> Result<Option<String>, StateError> {
        self.state.note(origin_hash).await
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Witness").field("key", &self.key).field("known", &self.known).finish_non_exhaustive()
    }
}

/// WIT-10: the cosigner's key, made if there is none and none is expected.
pub(crate) fn cosigner_key(name: &str, path: &Path, expected: bool) -> Result<CosignerKey, WitnessError> {
    // The name is checked before a key is made for it.
    let refused = |error| WitnessError::Name(name.to_owned(), error);
    CosignerKey::from_seed(name, &[0; 32]).map_err(refused)?;
    Seed::open(path, expected)?.cosigner(name).map_err(refused)
}

/// The line of a stored note that this witness made.
fn own_line(note: &str, key: &VerifierKey) -> Option<NoteSignature> {
    let note = Note::parse(note.as_bytes()).ok()?;
    note.signatures().iter().find(|line| key.signed(line)).cloned()
}

#[cfg(test)]
mod tests;
