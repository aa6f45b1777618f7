//! Receipts: an entry's inclusion proof under a checkpoint, in one file (LOG-22 to LOG-24, c2sp.org/tlog-proof).

use thiserror::Error;

use crate::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    merkle::{Hash, ProofFailure, verify_inclusion},
    note::{MAX_NOTE_BYTES, VerifierKey},
    policy::{Policy, PolicyRefusal},
    text::{base64_bytes, base64_hash, base64_text, decimal},
    tile::MAX_ENTRY_BYTES,
};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A path in a tree of at most 2^63 - 1 entries has at most this many hashes.
const MAX_PATH: usize = 63;

/// The most bytes of a receipt: an entry in base64, the path and a note.
pub const MAX_RECEIPT_BYTES: usize = MAX_NOTE_BYTES + MAX_ENTRY_BYTES * 2;

/// A receipt, nothing in it checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// LOG-24: data the proof does not cover, such as the entry itself, which counts only once its leaf hash was proved;
    /// empty if there is none.
    pub extra: Vec<u8>,
    /// The entry's index.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The checkpoint, a signed note, verbatim.
    pub checkpoint_note: String,
}

/// Why a text is no receipt, or proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// More than [`MAX_RECEIPT_BYTES`].
    #[error("the receipt has {0} bytes, more than allowed")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("the receipt is not UTF-8")]
    NotUtf8,
    /// Another first line.
    #[error("the first line is not `c2sp.org/tlog-proof@v1`")]
    FirstLine,
    /// An `extra` line that is empty or no canonical base64.
    #[error("the extra line is malformed")]
    Extra,
    /// No `index` line where it belongs, or no canonical decimal up to 2^63 - 1.
    #[error("the index line is missing or malformed")]
    Index,
    /// A line of the path that is not the canonical base64 of 32 bytes.
    #[error("hash {0} of the path is malformed")]
    PathHash(usize),
    /// More than 63 hashes.
    #[error("the path is longer than any tree demands")]
    PathTooLong,
    /// No empty line between path and checkpoint.
    #[error("the receipt ends before its checkpoint")]
    NoCheckpoint,
    /// The checkpoint is refused.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The policy is not met.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// The entry is not where the receipt says.
    #[error(transparent)]
    Inclusion(#[from] ProofFailure),
}

impl Receipt {
    /// LOG-22: the receipt as text, to be stored as a `.tlog-proof` file.
    pub fn encode(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        if !self.extra.is_empty() {
            text.push_str(&format!("extra {}\n", base64_text(&self.extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.path {
            text.push_str(&base64_text(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint_note);
        text
    }

    /// LOG-22: reads a receipt; the checkpoint in it stays unread.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_RECEIPT_BYTES {
            return Err(ReceiptError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ReceiptError::NotUtf8)?;
        let (head, checkpoint_note) = text.split_once("\n\n").ok_or(ReceiptError::NoCheckpoint)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(ReceiptError::FirstLine);
        }
        let extra = match lines.next_if(|line| line.starts_with("extra")) {
            None => Vec::new(),
            Some(line) => line
                .strip_prefix("extra ")
                .and_then(base64_bytes)
                .filter(|extra| !extra.is_empty())
                .ok_or(ReceiptError::Extra)?,
        };
        let index =
            lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal).ok_or(ReceiptError::Index)?;
        let mut path = Vec::new();
        for (place, line) in lines.enumerate() {
            if place >= MAX_PATH {
                return Err(ReceiptError::PathTooLong);
            }
            path.push(base64_hash(line).ok_or(ReceiptError::PathHash(place))?);
        }
        Ok(Self { extra, index, path, checkpoint_note: checkpoint_note.to_owned() })
    }

    /// LOG-23: checks that a log among `keys` signed a checkpoint under which the entry with this leaf hash has this index.
    /// Gives the checkpoint, to be judged by a policy.
    pub fn verify(&self, leaf: &Hash, keys: &[VerifierKey]) -> Result<SignedCheckpoint, ReceiptError> {
        let signed = checkpoint::open(self.checkpoint_note.as_bytes(), keys)?;
        self.verify_inclusion(leaf, &signed)?;
        Ok(signed)
    }

    /// LOG-23, LOG-28: as [`Receipt::verify`], and the policy's quorum has cosigned at the time `since` or later.
    pub fn verify_under(&self, leaf: &Hash, policy: &Policy, since: u64) -> Result<SignedCheckpoint, ReceiptError> {
        let signed = policy.open(self.checkpoint_note.as_bytes(), since)?;
        self.verify_inclusion(leaf, &signed)?;
        Ok(signed)
    }

    fn verify_inclusion(&self, leaf: &Hash, signed: &SignedCheckpoint) -> Result<(), ProofFailure> {
        let head = signed.checkpoint();
        verify_inclusion(leaf, self.index, head.size(), &self.path, head.root())
    }
}

#[cfg(test)]
mod tests;
