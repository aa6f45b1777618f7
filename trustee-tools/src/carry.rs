//! Files that are carried between a machine with a network and one without (`specs/04-key-ceremony-air-gap.md`): a *request* takes the
//! record to the machine that holds the keys, an *answer* takes what it signed back.
//!
//! Neither is trusted: the record of a request is verified like any other, what an answer holds is tried against the fold. The
//! fingerprint that both screens show is for the people in between, who may have taken the wrong file.

mod answer;
mod fault;
mod file;
mod fingerprint;
mod request;
mod step;

pub use answer::{Answer, MAXIMUM_ANSWER, Pending};
pub use fault::CarryFault;
pub use fingerprint::{FileFingerprint, NotAFingerprint};
pub use request::{MAXIMUM_REQUEST, Opened, Request};
pub use step::{Asked, Step, UnknownStep};

use tlog::checkpoint::Checkpoint;

/// The end of a record: what an answer was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log, from 1 (REC-7).
    pub log: u64,
    /// Its checkpoint, a signed note as it was read.
    pub checkpoint: Vec<u8>,
}

impl Head {
    /// What the checkpoint claims; none if it is none. Signatures are for whoever relies on it.
    pub fn claim(&self) -> Option<Checkpoint> {
        let note = tlog::note::Note::parse(&self.checkpoint).ok()?;
        Checkpoint::parse(note.text()).ok()
    }
}

#[cfg(test)]
mod tests;
