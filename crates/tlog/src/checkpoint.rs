//! Checkpoints: signed tree heads (LOG-16 to LOG-18, c2sp.org/tlog-checkpoint).

use thiserror::Error;

use crate::{
    merkle::{CompactRange, Hash, MAX_SIZE, empty_root},
    note::{Algorithm, Note, NoteError, SignerKey, Strictness, VerifierKey},
    text::{base64_hash, base64_text, decimal, is_key_name},
};

/// LOG-16: a tree head: which log, how many entries, which root.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The note is malformed or not signed as it must be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not exactly three lines, or the last one not ended by a newline.
    #[error("a checkpoint has exactly three lines")]
    Lines,
    /// An origin that is no key name.
    #[error("the origin is empty or holds white space, `+` or a control character")]
    Origin,
    /// A size that is no canonical decimal up to 2^63 - 1.
    #[error("the size is no canonical decimal up to 2^63 - 1")]
    Size,
    /// A root that is not the canonical base64 of 32 bytes.
    #[error("the root is not the canonical base64 of 32 bytes")]
    Root,
    /// Size 0 with another root than the empty tree's.
    #[error("the root of an empty tree is wrong")]
    EmptyRoot,
    /// The signing key's name is not the origin.
    #[error("the key {key} does not sign for the log {origin}")]
    ForeignKey {
        /// The key's name.
        key: String,
        /// The checkpoint's origin.
        origin: String,
    },
    /// None of the lines is the log's own signature.
    #[error("the log {origin} has not signed this checkpoint")]
    NotSignedByLog {
        /// The checkpoint's origin.
        origin: String,
    },
}

impl Checkpoint {
    /// A tree head from its parts.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if !is_key_name(origin) {
            return Err(CheckpointError::Origin);
        }
        if size > MAX_SIZE {
            return Err(CheckpointError::Size);
        }
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// Whether this is the head of exactly the tree of this frontier.
    pub fn covers(&self, tree: &CompactRange) -> bool {
        self.size == tree.size() && self.root == tree.root()
    }

    /// LOG-16: the three lines, which are the text of the note.
    pub fn encode(&self) -> String {
        let Self { origin, size, root } = self;
        format!("{origin}\n{size}\n{}\n", base64_text(root))
    }

    /// LOG-16: reads the three lines; extension lines are refused.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let size = decimal(size).ok_or(CheckpointError::Size)?;
        let root = base64_hash(root).ok_or(CheckpointError::Root)?;
        Self::new(origin, size, root)
    }
}

/// LOG-17: the checkpoint as a note signed by its log, whose key has the origin as its name. Never call it for two heads that
/// are not consistent.
pub fn sign(checkpoint: &Checkpoint, key: &SignerKey) -> Result<String, CheckpointError> {
    if key.name() != checkpoint.origin() {
        return Err(CheckpointError::ForeignKey { key: key.name().to_owned(), origin: checkpoint.origin().to_owned() });
    }
    let mut note = Note::new(checkpoint.encode())?;
    let signature = key.sign(&note);
    note.add(signature)?;
    Ok(note.encode())
}

/// LOG-18: opens a checkpoint as it comes over the wire: lines by keys not in `keys` are ignored. At least one line must be
/// by a log key (type 0x01) named like the origin; every line by a key in `keys` must verify.
pub fn open(note: &[u8], keys: &[VerifierKey]) -> Result<SignedCheckpoint, CheckpointError> {
    SignedCheckpoint::open(note, keys, Strictness::IgnoreUnknown)
}

/// LOG-18, REC-3: opens the checkpoint of a stored record: as [`open`], and a line by an unknown key, or a second line by one
/// key, is refused.
pub fn open_strict(note: &[u8], keys: &[VerifierKey]) -> Result<SignedCheckpoint, CheckpointError> {
    SignedCheckpoint::open(note, keys, Strictness::EveryLineKnown)
}

/// A verified cosignature on a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// Who cosigned.
    pub key: VerifierKey,
    /// When, in seconds since 1970.
    pub timestamp: u64,
}

/// A checkpoint that its log signed, with the cosignatures that were checked. Only opening one makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
    log_keys: Vec<VerifierKey>,
    cosignatures: Vec<Cosignature>,
}

impl SignedCheckpoint {
    fn open(bytes: &[u8], keys: &[VerifierKey], strictness: Strictness) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        let mut log_keys = Vec::new();
        let mut cosignatures = Vec::new();
        for line in note.verify(keys, strictness)? {
            match (line.key.algorithm(), line.timestamp) {
                (Algorithm::Ed25519, None) if line.key.name() == checkpoint.origin() => {
                    log_keys.push(line.key.clone());
                }
                (Algorithm::Cosignature, Some(timestamp)) => {
                    cosignatures.push(Cosignature { key: line.key.clone(), timestamp })
                }
                _ => {
                    return Err(CheckpointError::ForeignKey {
                        key: line.key.name().to_owned(),
                        origin: checkpoint.origin,
                    });
                }
            }
        }
        if log_keys.is_empty() {
            return Err(CheckpointError::NotSignedByLog { origin: checkpoint.origin });
        }
        Ok(Self { checkpoint, note, log_keys, cosignatures })
    }

    /// The tree head.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The whole note, lines by unknown keys included.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The log keys whose signatures were checked; at least one.
    pub fn log_keys(&self) -> &[VerifierKey] {
        &self.log_keys
    }

    /// The cosignatures that were checked.
    pub fn cosignatures(&self) -> &[Cosignature] {
        &self.cosignatures
    }
}

#[cfg(test)]
mod tests;
