//! A reader's memory of a log: the last head it accepted. It never goes back and never follows a second history (LOG-29).

use thiserror::Error;

use crate::{
    checkpoint::SignedCheckpoint,
    merkle::{Hash, ProofFailure, verify_consistency},
};

/// Remembers the last checkpoint of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    last: SignedCheckpoint,
}

/// Two checkpoints that one log signed and that cannot both be honest, if the log's proofs are all there is: keep both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The checkpoint accepted before.
    pub earlier: SignedCheckpoint,
    /// The one that was offered.
    pub later: SignedCheckpoint,
}

/// Why a checkpoint is not followed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FollowRefusal {
    /// Of another log.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// The log followed.
        expected: String,
        /// The log of the checkpoint offered.
        found: String,
    },
    /// Of a smaller tree than the one already seen.
    #[error("the log offers {offered} entries after it had {seen}")]
    Rollback {
        /// The size already seen.
        seen: u64,
        /// The size offered.
        offered: u64,
    },
    /// One size, two roots: signed proof that the log shows two histories.
    #[error("the log has signed two different trees of {} entries", .0.later.checkpoint().size())]
    Fork(Box<Evidence>),
    /// The consistency proof offered does not hold. Alone it proves nothing against the log: anyone can offer a bad proof.
    #[error("the larger tree is not shown to extend the smaller one: {0}")]
    NotConsistent(ProofFailure),
}

impl Follower {
    /// Starts from a checkpoint the reader accepts.
    pub fn new(first: SignedCheckpoint) -> Self {
        Self { last: first }
    }

    /// The last checkpoint accepted.
    pub fn last(&self) -> &SignedCheckpoint {
        &self.last
    }

    /// LOG-29: accepts `next` if `proof` shows that it extends the last one; otherwise keeps the last one.
    pub fn advance(&mut self, next: SignedCheckpoint, proof: &[Hash]) -> Result<(), FollowRefusal> {
        let (seen, offered) = (self.last.checkpoint(), next.checkpoint());
        if seen.origin() != offered.origin() {
            return Err(FollowRefusal::OtherLog {
                expected: seen.origin().to_owned(),
                found: offered.origin().to_owned(),
            });
        }
        if offered.size() < seen.size() {
            return Err(FollowRefusal::Rollback { seen: seen.size(), offered: offered.size() });
        }
        if offered.size() == seen.size() && offered.root() != seen.root() {
            return Err(FollowRefusal::Fork(Box::new(Evidence { earlier: self.last.clone(), later: next })));
        }
        verify_consistency(seen.size(), seen.root(), offered.size(), offered.root(), proof)
            .map_err(FollowRefusal::NotConsistent)?;
        self.last = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
