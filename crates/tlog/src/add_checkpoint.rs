//! How a log asks a witness to cosign (WIT-1 to WIT-6, c2sp.org/tlog-witness): the bytes of question and answers, and what a
//! witness must find before it cosigns. No socket and no state: the witness brings what it remembers.

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::{
    checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint},
    merkle::{Hash, ProofFailure, empty_root, verify_consistency},
    note::{MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, NoteSignature, Strictness, VerifierKey},
    text::{base64_hash, base64_text, decimal},
};

/// The path under a witness's submission prefix.
pub const PATH: &str = "add-checkpoint";

/// WIT-4: the media type of an answer that states the size a witness remembers.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// A consistency proof between trees of at most 2^63 - 1 entries has at most this many hashes.
pub const MAX_PROOF: usize = 63;

/// The most bytes of a request: a first line of 24 bytes, 63 hashes of 45, an empty line, a note.
pub const MAX_REQUEST_BYTES: usize = 24 + 45 * MAX_PROOF + 1 + MAX_NOTE_BYTES;

/// The most bytes of an answer: the lines of the longest note.
pub const MAX_ANSWER_BYTES: usize = MAX_NOTE_BYTES;

/// WIT-1: a question to a witness, nothing in it checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The size of the last checkpoint that this witness cosigned, as far as the asker knows.
    pub old: u64,
    /// The consistency proof from there to the checkpoint.
    pub proof: Vec<Hash>,
    /// The checkpoint, a signed note, verbatim.
    pub checkpoint: String,
}

/// Why bytes are no request, or no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormatError {
    /// More bytes than the longest one has.
    #[error("{0} bytes, more than allowed")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// No empty line before the checkpoint.
    #[error("no empty line before the checkpoint")]
    NoCheckpoint,
    /// A first line other than `old <size>`.
    #[error("the first line is not `old` and a canonical decimal up to 2^63 - 1")]
    OldLine,
    /// A line of the proof that is not the canonical base64 of 32 bytes.
    #[error("hash {0} of the proof is malformed")]
    ProofHash(usize),
    /// More than [`MAX_PROOF`] hashes.
    #[error("the proof has more than {MAX_PROOF} hashes")]
    ProofTooLong,
    /// A last line that is not ended by a newline, or no line at all.
    #[error("the answer does not end with a newline")]
    NoFinalNewline,
    /// A line that is no signature line.
    #[error("line {0} of the answer is no signature line")]
    SignatureLine(usize),
    /// More than [`MAX_SIGNATURES`] lines.
    #[error("the answer has more than {MAX_SIGNATURES} lines")]
    TooManyLines,
    /// Not a decimal and a newline.
    #[error("the answer is no canonical decimal up to 2^63 - 1 and a newline")]
    Size,
}

/// Why a witness does not cosign (WIT-3, WIT-4, WIT-5). [`Refusal::status`] is what it answers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The request is malformed.
    #[error("the request is malformed: {0}")]
    Format(#[from] FormatError),
    /// The checkpoint is no note, or its text no tree head.
    #[error("the checkpoint is malformed: {0}")]
    Malformed(CheckpointError),
    /// The witness does not know the log.
    #[error("this witness does not know the log {0}")]
    UnknownLog(String),
    /// No line by a key that the witness trusts for this log, or one that does not verify.
    #[error("the checkpoint is not signed by the log: {0}")]
    Signature(CheckpointError),
    /// The old size exceeds the checkpoint's.
    #[error("the old size {old} exceeds the checkpoint's, {new}")]
    OldBeyondNew {
        /// The old size of the request.
        old: u64,
        /// The checkpoint's size.
        new: u64,
    },
    /// The old size is not the one the witness remembers.
    #[error("the witness has cosigned {latest} entries, the request begins at {old}")]
    Conflict {
        /// The size of the largest checkpoint cosigned; 0 if there is none.
        latest: u64,
        /// The old size of the request.
        old: u64,
    },
    /// Size 0 with another root than the empty tree's.
    #[error("the root of an empty tree is wrong")]
    EmptyRoot,
    /// The proof does not show that the checkpoint extends the one cosigned.
    #[error("the checkpoint is not shown to extend the one cosigned: {0}")]
    NotConsistent(ProofFailure),
}

/// What a witness remembers of a log: the largest tree it cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl Request {
    /// WIT-1: the request's bytes, as text.
    pub fn encode(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            text.push_str(&base64_text(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// WIT-1: reads a request; the checkpoint in it stays unread. Exactly one byte string stands for each request.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(FormatError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| FormatError::NotUtf8)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(FormatError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let first = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = first.and_then(decimal).ok_or(FormatError::OldLine)?;
        let mut proof = Vec::new();
        for (place, line) in lines.enumerate() {
            if place >= MAX_PROOF {
                return Err(FormatError::ProofTooLong);
            }
            proof.push(base64_hash(line).ok_or(FormatError::ProofHash(place))?);
        }
        Ok(Self { old, proof, checkpoint: checkpoint.to_owned() })
    }

    /// WIT-3: the checkpoint as a note of a tree head, and the log it claims to be of: what a witness must know to look up keys
    /// and memory.
    pub fn claim(&self) -> Result<Claim<'_>, Refusal> {
        let malformed = |error: CheckpointError| Refusal::Malformed(error);
        let note = Note::parse(self.checkpoint.as_bytes()).map_err(|error| malformed(error.into()))?;
        let origin = match Checkpoint::parse(note.text()) {
            Ok(head) => head.origin().to_owned(),
            // WIT-5 refuses it, but only once it is known to be the log's.
            Err(CheckpointError::EmptyRoot) => note.text().split('\n').next().unwrap_or_default().to_owned(),
            Err(error) => return Err(malformed(error)),
        };
        Ok(Claim { request: self, note, origin })
    }
}

/// The checkpoint of a request and the log it names, its signatures still unchecked.
#[derive(Debug, Clone)]
pub struct Claim<'r> {
    request: &'r Request,
    note: Note,
    origin: String,
}

impl Claim<'_> {
    /// The first line of the checkpoint.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// WIT-3: the checkpoint, if a log key among `keys`, those that the witness trusts for this origin, has signed it. No keys
    /// at all means that the log is not known.
    pub fn open(&self, keys: &[VerifierKey]) -> Result<SignedCheckpoint, Refusal> {
        if keys.is_empty() {
            return Err(Refusal::UnknownLog(self.origin.clone()));
        }
        let unsigned = |error: NoteError| Refusal::Signature(error.into());
        match checkpoint::open(self.request.checkpoint.as_bytes(), keys) {
            Ok(signed) => Ok(signed),
            Err(CheckpointError::EmptyRoot) => {
                self.note.verify(keys, Strictness::IgnoreUnknown).map_err(unsigned)?;
                Err(Refusal::EmptyRoot)
            }
            Err(error) => Err(Refusal::Signature(error)),
        }
    }

    /// WIT-4, WIT-5: whether the checkpoint extends what the witness remembers. The caller compares and stores in one step.
    pub fn extends(&self, signed: &SignedCheckpoint, seen: Option<&Seen>) -> Result<(), Refusal> {
        let (old, new) = (self.request.old, signed.checkpoint());
        if old > new.size() {
            return Err(Refusal::OldBeyondNew { old, new: new.size() });
        }
        let empty = Seen { size: 0, root: empty_root() };
        let latest = seen.unwrap_or(&empty);
        if old != latest.size {
            return Err(Refusal::Conflict { latest: latest.size, old });
        }
        verify_consistency(latest.size, &latest.root, new.size(), new.root(), &self.request.proof)
            .map_err(Refusal::NotConsistent)
    }
}

impl Refusal {
    /// The HTTP status (WIT-3, WIT-4, WIT-5).
    pub fn status(&self) -> u16 {
        match self {
            Self::Format(_) | Self::Malformed(_) | Self::OldBeyondNew { .. } => 400,
            Self::Signature(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::Conflict { .. } => 409,
            Self::EmptyRoot | Self::NotConsistent(_) => 422,
        }
    }

    /// The rule that was broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Format(_) => "WIT-1",
            Self::Malformed(_) | Self::UnknownLog(_) | Self::Signature(_) => "WIT-3",
            Self::OldBeyondNew { .. } | Self::Conflict { .. } => "WIT-4",
            Self::EmptyRoot | Self::NotConsistent(_) => "WIT-5",
        }
    }
}

/// WIT-2: the body of an answer that cosigns.
pub fn answer(cosignatures: &[NoteSignature]) -> String {
    cosignatures.iter().map(NoteSignature::line).collect()
}

/// WIT-2: reads the body of an answer that cosigns: signature lines, at least one, none of them checked. Add them to the note
/// and open that; lines by keys not asked for are ignored then.
pub fn cosignatures(body: &[u8]) -> Result<Vec<NoteSignature>, FormatError> {
    if body.len() > MAX_ANSWER_BYTES {
        return Err(FormatError::TooLong(body.len()));
    }
    let text = std::str::from_utf8(body).map_err(|_| FormatError::NotUtf8)?;
    let lines = text.strip_suffix('\n').ok_or(FormatError::NoFinalNewline)?;
    let mut cosignatures = Vec::new();
    for (place, line) in lines.split('\n').enumerate() {
        if place >= MAX_SIGNATURES {
            return Err(FormatError::TooManyLines);
        }
        // A control character would be one of the note that the line is added to (LOG-12).
        let line = Some(line).filter(|line| line.bytes().all(|byte| byte >= 0x20));
        cosignatures.push(line.and_then(NoteSignature::parse).ok_or(FormatError::SignatureLine(place))?);
    }
    Ok(cosignatures)
}

/// WIT-4: the body of an answer that states the size the witness remembers.
pub fn size_answer(size: u64) -> String {
    format!("{size}\n")
}

/// WIT-4: reads that size, at which a new proof is to begin.
pub fn latest_size(body: &[u8]) -> Result<u64, FormatError> {
    // 2^63 - 1 has 19 digits.
    let text = body.get(..20).unwrap_or(body);
    let text = std::str::from_utf8(text).map_err(|_| FormatError::NotUtf8)?;
    let size = text.strip_suffix('\n').filter(|_| body.len() <= 20).and_then(decimal);
    size.ok_or(FormatError::Size)
}

/// WIT-6: what names a log under a witness's monitoring prefix: SHA-256 of its origin, in hexadecimal.
pub fn origin_hash(origin: &str) -> String {
    let hash = Sha256::digest(origin.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// WIT-6: where, under its monitoring prefix, a witness shows the last checkpoint of a log that it cosigned.
pub fn monitoring_path(origin: &str) -> String {
    format!("{}/checkpoint", origin_hash(origin))
}

#[cfg(test)]
mod tests;
