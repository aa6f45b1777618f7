//! The board's answer after the commit: the entry, its inclusion proof, and a checkpoint signed by the log alone (HTTP-13, HTTP-14).

use protocol::{Entry, Rejection, Submission, ids::ElectionFingerprint};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tlog::{
    checkpoint::SignedCheckpoint,
    merkle::{Hash, leaf_hash},
    note::VerifierKey,
    proof::{Receipt, ReceiptError},
};

/// A promise as it comes over the wire: nothing in it is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromiseDocument {
    /// The entry's leaf number in its log; its index, unless the log continues another (REC-8).
    pub index: u64,
    /// The entry's bytes.
    #[serde(with = "crate::text::bytes")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub entry: Vec<u8>,
    /// The inclusion proof, from the leaf's sibling up.
    #[serde(with = "crate::text::hashes")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub inclusion: Vec<Hash>,
    /// The checkpoint, a signed note.
    pub checkpoint: String,
}

/// A promise that was checked: the submission sent is entry `index` of the tree under a checkpoint that the log signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    entry: Entry,
    receipt: Receipt,
    checkpoint: SignedCheckpoint,
}

/// Why a promise is worth nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PromiseFault {
    /// The entry's bytes are none.
    #[error("the promised entry is malformed: {0}")]
    Entry(#[from] Rejection),
    /// The entry says something else than what was sent.
    #[error("the promised entry does not hold the submission that was sent")]
    OtherSubmission,
    /// The entry calls itself by another index.
    #[error("the promise is for index {promised}, the entry has {found}")]
    OtherIndex {
        /// The index of the promise.
        promised: u64,
        /// The index in the entry.
        found: u64,
    },
    /// The inclusion proof or the log's signature does not hold.
    #[error("the promise does not hold: {0}")]
    Proof(#[from] ReceiptError),
}

/// HTTP-14: a promise that is worth nothing, and the board's answer as it came, byte for byte: what is kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault}")]
pub struct BadPromise {
    /// What is wrong with it.
    pub fault: PromiseFault,
    /// The body of the answer.
    pub answer: Vec<u8>,
}

impl PromiseDocument {
    /// HTTP-14: checks that the entry holds exactly this submission, that it is in the tree under the checkpoint, and that the
    /// log signed that. A signature other than the one sent is what an earlier sending of the same body left behind (BRD-10).
    ///
    /// # Errors
    /// [`PromiseFault`], naming the first check that failed.
    pub fn verify(
        self,
        submission: &Submission,
        election: &ElectionFingerprint,
        log: &VerifierKey,
    ) -> Result<Promise, PromiseFault> {
        self.verify_in(submission, election, log, 0)
    }

    /// The same for a log of a chain, whose first entry has the index `first` (REC-8): the promise's index is the leaf's number in that log.
    ///
    /// # Errors
    /// [`PromiseFault`], naming the first check that failed.
    pub fn verify_in(
        self,
        submission: &Submission,
        election: &ElectionFingerprint,
        log: &VerifierKey,
        first: u64,
    ) -> Result<Promise, PromiseFault> {
        let entry = Entry::decode(&self.entry)?;
        if entry.submission().id(election) != submission.id(election) {
            return Err(PromiseFault::OtherSubmission);
        }
        if Some(entry.index) != self.index.checked_add(first) {
            return Err(PromiseFault::OtherIndex { promised: self.index, found: entry.index });
        }
        let leaf = leaf_hash(&self.entry);
        let receipt =
            Receipt { extra: self.entry, index: self.index, path: self.inclusion, checkpoint_note: self.checkpoint };
        let checkpoint = receipt.verify(&leaf, std::slice::from_ref(log))?;
        Ok(Promise { entry, receipt, checkpoint })
    }
}

impl Promise {
    /// The entry the board made of the submission.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Its index in the election.
    pub fn index(&self) -> u64 {
        self.entry.index
    }

    /// The checkpoint that covers it.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The promise as a receipt (LOG-22), the entry's bytes in its `extra` line: what a voter keeps.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}
