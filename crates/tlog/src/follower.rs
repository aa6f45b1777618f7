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

/// LOG-30: two checkpoints that one log signed for trees neither of which extends the other. It convicts the log by itself: `proof` joins
/// `beginning`, and not the smaller checkpoint's root, to the larger checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The checkpoint accepted before.
    pub earlier: SignedCheckpoint,
    /// The one that was offered, of at least as many entries.
    pub later: SignedCheckpoint,
    /// The root of the later tree's first entries, as many as the earlier one has.
    pub beginning: Hash,
    /// The consistency proof from `beginning` to the later tree.
    pub proof: Vec<Hash>,
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
    /// Signed proof that the log shows two histories.
    #[error("the first {} of the log's {} entries are not those it had signed before", .0.earlier.checkpoint().size(), .0.later.checkpoint().size())]
    Fork(Box<Fork>),
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

    /// LOG-29, LOG-30: accepts `next` if it extends the last one; otherwise keeps the last one. `beginning` is the root of the first
    /// entries of the tree under `next`, as many as the last one has, and `proof` shows that: both come from the log's tiles and are not
    /// believed. If they hold and `beginning` is not the last root, the log has signed two histories.
    pub fn advance(&mut self, next: SignedCheckpoint, beginning: &Hash, proof: &[Hash]) -> Result<(), FollowRefusal> {
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
        verify_consistency(seen.size(), beginning, offered.size(), offered.root(), proof)
            .map_err(FollowRefusal::NotConsistent)?;
        if beginning != seen.root() {
            let (earlier, beginning, proof) = (self.last.clone(), *beginning, proof.to_vec());
            return Err(FollowRefusal::Fork(Box::new(Fork { earlier, later: next, beginning, proof })));
        }
        self.last = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
