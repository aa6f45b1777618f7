//! One election as a mirror holds it: what its follower has taken and verified, for those who serve it and who are asked to cosign it.

use super::SHARE;
use crate::log::Log;
use protocol::ids::ElectionFingerprint;
use serde::Serialize;
use std::sync::{Arc, PoisonError, RwLock};
use tlog::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    note::VerifierKey,
};
use tokio::sync::{Semaphore, watch};

/// How an election stands with its mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Entries held and verified under a checkpoint that the log signed.
    pub(super) size: u64,
    /// What is in the way, if anything is.
    pub(super) trouble: Option<Trouble>,
    /// MIR-5: the last checkpoint that somebody wanted to have cosigned and that is of another history.
    pub(super) convicted: Option<Checkpoint>,
}

/// What is in the way of a mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Whether it is the log's doing: somebody must look.
    pub alarm: bool,
    /// MIR-4: whether nothing of this log will be cosigned any more.
    pub lasting: bool,
    /// The rule that was broken, if it is one.
    pub rule: Option<String>,
    /// In words.
    pub text: String,
}

/// One election.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) election: ElectionFingerprint,
    /// The log's key, named like its origin.
    pub(super) key: VerifierKey,
    /// MIR-7: what is served, once there is something.
    log: RwLock<Option<Arc<Log>>>,
    pub(super) standing: watch::Sender<Standing>,
    /// MIR-8: the checkpoint that somebody wants to have cosigned.
    pub(super) wanted: watch::Sender<Option<SignedCheckpoint>>,
    /// MIR-8: for those who wait for it.
    pub(super) room: Semaphore,
}

impl Held {
    pub(super) fn new(election: ElectionFingerprint, key: VerifierKey) -> Self {
        let (standing, wanted) = (watch::Sender::new(Standing::default()), watch::Sender::new(None));
        Self { election, key, log: RwLock::default(), standing, wanted, room: Semaphore::new(SHARE) }
    }

    /// What is served.
    pub(super) fn log(&self) -> Option<Arc<Log>> {
        self.log.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves a log from now on.
    pub(super) fn serve(&self, log: Arc<Log>) {
        let size = log.head().0;
        *self.log.write().unwrap_or_else(PoisonError::into_inner) = Some(log);
        self.grown(size);
    }

    /// What is served has grown.
    pub(super) fn grown(&self, size: u64) {
        self.standing.send_modify(|standing| standing.size = size);
    }

    /// A checkpoint that is wanted turned out to be of another history.
    pub(super) fn convict(&self, checkpoint: &Checkpoint) {
        self.standing.send_modify(|standing| standing.convicted = Some(checkpoint.clone()));
    }

    /// MIR-4: whether nothing of this log is taken any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.standing.borrow().trouble.as_ref().is_some_and(|trouble| trouble.lasting)
    }

    /// Says what is in the way, or that nothing is. What lasts, lasts.
    pub(super) fn trouble(&self, trouble: Option<Trouble>) {
        self.standing.send_if_modified(|standing| {
            let lasting = standing.trouble.as_ref().is_some_and(|trouble| trouble.lasting);
            let changes = !lasting && standing.trouble != trouble;
            if changes {
                standing.trouble = trouble;
            }
            changes
        });
    }
}
