//! What a machine remembers of a keystore outside of it (CER-36): which dealing, confirmation, joint key and closing its keys have
//! served for. A keystore file that was put back from an old copy knows less than its marker, and is refused before anything is made twice.
//!
//! It catches nobody who puts back the state folder too, deletes it, or uses another machine: against those stand the record (CER-22), the
//! mark of restored keystores (CER-34), and care.

use crate::{
    files,
    keystore::{Keystore, KeystoreError},
    refusal::Refusal,
    secrets::{Memory as Remembered, Note, TrusteeSecrets},
};
use board_api::{file, memory::Memory};
use protocol::ids::{ElectionFingerprint, EntryHash};
use serde::{Deserialize, Serialize};
use std::{
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

/// A keystore with its marker: what is stored in the one is marked in the other.
#[derive(Debug)]
pub struct Marked<'k> {
    keystore: &'k mut Keystore,
    path: PathBuf,
    known: Content,
}

impl<'k> Marked<'k> {
    /// The keystore, if it knows all that the marker knows. A restored one that does not know which closing was answered learns it here.
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
        if let (Some(answered), None) = (&known.answered, secrets.answered()) {
            let closing: EntryHash = answered.parse().map_err(|_| MarkerError::Damaged(path.clone()))?;
            secrets.remember(Note(Remembered::Answered(closing)));
        }
        Ok(Self { keystore, path, known })
    }

    /// Writes the keystore, then the marker. When this returns, both survive a loss of power.
    ///
    /// # Errors
    /// [`MarkerError`].
    pub fn save(&mut self, secrets: &TrusteeSecrets) -> Result<(), MarkerError> {
        self.keystore.save(secrets)?;
        let has = Content::of(secrets);
        let next = Content {
            format: Format::V1,
            dealt: has.dealt.or(self.known.dealt.take()),
            confirmed: has.confirmed.or(self.known.confirmed.take()),
            accepted: has.accepted.or(self.known.accepted.take()),
            answered: has.answered.or(self.known.answered.take()),
        };
        let failed = |cause| MarkerError::File { path: self.path.clone(), cause };
        let bytes = serde_json::to_vec(&next).map_err(|error| failed(error.into()))?;
        file::replace(&self.path, &bytes).map_err(failed)?;
        self.known = next;
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
