//! What a machine remembers of a keystore outside of it (CER-36): which dealing, confirmation, joint key and closing its keys have
//! served for. A keystore file that was put back from an old copy knows less than its marker, and is refused before anything is made twice.
//!
//! It catches nobody who puts back the state folder too, deletes it, or uses another machine: against those stand the record (CER-22), the
//! mark of restored keystores (CER-34), and care.

use crate::{
    files,
    keystore::{Keystore, KeystoreError},
    refusal::Refusal,
    secrets::{Confirmed, Memory as Remembered, Note, TrusteeSecrets},
};
use board_api::{file, memory::Memory};
use protocol::ids::{DealingsFingerprint, ElectionFingerprint, EntryHash, JointKeyFingerprint};
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The most bytes of a marker.
const MAXIMUM_FILE: u64 = 1024 * 1024;

/// Everything in hexadecimal, all of it public or a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: Format,
    /// The part hashes of the dealing.
    dealt: Option<Vec<String>>,
    /// The dealings fingerprint, and the dealers complained of.
    confirmed: Option<(String, Vec<u32>)>,
    /// J.
    accepted: Option<String>,
    /// The closing fingerprint.
    answered: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "vitrine/1/trustee-marker")]
    V1,
}

/// Why nothing is done with a keystore.
#[derive(Debug, thiserror::Error)]
pub enum MarkerError {
    /// The keystore is older than the marker.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The keystore could not be written.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// It is no marker.
    #[error(
        "{0} does not say what this trustee has done, or is damaged: restore it; only if you are certain that the keystore is the newest, \
         delete it"
    )]
    Damaged(PathBuf),
    /// The same keystore, or a copy of it, is at work.
    #[error(
        "another program is taking a step with {0}, or with a copy of it: two would deal twice. Nothing was done; wait until it is done, and end \
         what does not end"
    )]
    InUse(PathBuf),
    /// The machine failed to read or write it.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the machine says.
        #[source]
        cause: io::Error,
    },
}

/// A keystore with its marker: what is stored in the one is marked in the other. One program at a time works with it, whatever file the
/// keystore is in: two copies of one keystore that step at once would deal twice.
#[derive(Debug)]
pub struct Marked<'k> {
    keystore: &'k mut Keystore,
    path: PathBuf,
    known: Content,
    _lock: File,
}

impl<'k> Marked<'k> {
    /// The keystore, if it knows all that the marker knows. A restored one that does not know what was confirmed, or which closing was
    /// answered, learns it here. What only the keystore knows is marked here: the program may have ended between the two (CER-36).
    ///
    /// # Errors
    /// [`MarkerError`].
    pub fn open(
        keystore: &'k mut Keystore,
        secrets: &mut TrusteeSecrets,
        memory: &Memory,
        election: &ElectionFingerprint,
    ) -> Result<Self, MarkerError> {
        let path = path(memory, election, secrets);
        let lock = reserve(&path, keystore.path())?;
        let known = read(&path)?.unwrap_or(Content::NOTHING);
        let has = Content::of(secrets);
        let pairs = [
            (known.dealt.is_some() && known.dealt != has.dealt, has.dealt.is_some(), "a dealing"),
            (known.confirmed.is_some() && known.confirmed != has.confirmed, has.confirmed.is_some(), "a confirmation"),
            (known.accepted.is_some() && known.accepted != has.accepted, has.accepted.is_some(), "a rehearsal"),
            (
                known.answered.is_some() && known.answered != has.answered,
                has.answered.is_some(),
                "an answer to a closing",
            ),
        ];
        for (differs, present, what) in pairs {
            // A restored keystore need not know what the first one did.
            if differs && (present || !secrets.is_restored()) {
                return Err(Refusal::OldCopy(what).into());
            }
        }
        for note in known.public_part().ok_or_else(|| MarkerError::Damaged(path.clone()))? {
            secrets.remember(note);
        }
        let mut marked = Self { keystore, path, known, _lock: lock };
        marked.mark(secrets)?;
        Ok(marked)
    }

    /// Writes the keystore, then the marker. When this returns, both survive a loss of power.
    ///
    /// # Errors
    /// [`MarkerError`].
    pub fn save(&mut self, secrets: &TrusteeSecrets) -> Result<(), MarkerError> {
        // The key shares are in no marker: a restored keystore takes its own, but of no second joint key.
        if let (Some(kept), Some(found)) = (&self.known.accepted, secrets.joint_key()) {
            let kept: JointKeyFingerprint = kept.parse().map_err(|_| MarkerError::Damaged(self.path.clone()))?;
            if kept != found {
                return Err(Refusal::OtherJointKey { kept, found }.into());
            }
        }
        self.keystore.save(secrets)?;
        self.mark(secrets)
    }

    /// The marker as it must be before anything is sent.
    fn mark(&mut self, secrets: &TrusteeSecrets) -> Result<(), MarkerError> {
        let (has, known) = (Content::of(secrets), self.known.clone());
        let next = Content {
            format: Format::V1,
            dealt: has.dealt.or(known.dealt),
            confirmed: has.confirmed.or(known.confirmed),
            accepted: has.accepted.or(known.accepted),
            answered: has.answered.or(known.answered),
        };
        if next != self.known {
            let failed = |cause| MarkerError::File { path: self.path.clone(), cause };
            let bytes = serde_json::to_vec(&next).map_err(|error| failed(error.into()))?;
            file::replace(&self.path, &bytes).map_err(failed)?;
            self.known = next;
        }
        Ok(())
    }
}

impl Content {
    const NOTHING: Self = Self { format: Format::V1, dealt: None, confirmed: None, accepted: None, answered: None };

    fn of(secrets: &TrusteeSecrets) -> Self {
        let hashes = |hashes: Vec<_>| hashes.iter().map(protocol::ids::PartHash::to_string).collect();
        Self {
            format: Format::V1,
            dealt: secrets.dealt().map(|dealt| hashes(dealt.hashes(secrets.index()))),
            confirmed: secrets.confirmed().map(|kept| (kept.dealings.to_string(), kept.complaints.clone())),
            accepted: secrets.joint_key().map(|joint_key| joint_key.to_string()),
            answered: secrets.answered().map(|closing| closing.to_string()),
        }
    }
}

impl Content {
    /// What a keystore can learn of it; none if it is not what a marker holds.
    fn public_part(&self) -> Option<Vec<Note>> {
        let mut notes = Vec::new();
        if let Some((dealings, complaints)) = &self.confirmed {
            let dealings: DealingsFingerprint = dealings.parse().ok()?;
            notes.push(Note(Remembered::Confirmed(Confirmed { dealings, complaints: complaints.clone() })));
        }
        if let Some(closing) = &self.answered {
            let closing: EntryHash = closing.parse().ok()?;
            notes.push(Note(Remembered::Answered(closing)));
        }
        Some(notes)
    }
}

/// One program at a time, beside the marker, which is replaced when written.
fn reserve(path: &Path, keystore: &Path) -> Result<File, MarkerError> {
    let beside = path.with_extension("marker.lock");
    let failed = |cause| MarkerError::File { path: beside.clone(), cause };
    let lock = File::options().create(true).truncate(false).write(true).open(&beside).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(MarkerError::InUse(keystore.to_owned())),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

/// One for each election and signing key.
fn path(memory: &Memory, election: &ElectionFingerprint, secrets: &TrusteeSecrets) -> PathBuf {
    let key = hex::encode(secrets.signing.public().0);
    let election = election.to_string();
    let [election, key] = [&election, &key].map(|text| text.get(..16).unwrap_or(text));
    memory.folder().join(format!("{election}-trustee-{key}.marker"))
}

fn read(path: &Path) -> Result<Option<Content>, MarkerError> {
    match files::read_limited(path, MAXIMUM_FILE) {
        Ok(bytes) => parse(&bytes).map(Some).ok_or_else(|| MarkerError::Damaged(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(MarkerError::Damaged(path.to_owned())),
        Err(cause) => Err(MarkerError::File { path: path.to_owned(), cause }),
    }
}

/// Whether these bytes are a marker's.
pub fn is_marker(bytes: &[u8]) -> bool {
    parse(bytes).is_some()
}

fn parse(bytes: &[u8]) -> Option<Content> {
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
#[path = "marker_tests.rs"]
mod tests;
