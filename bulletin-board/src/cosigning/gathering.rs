//! The cosignatures on one head.

use crate::log::Log;
use tlog::{
    checkpoint::{self, CheckpointError},
    note::{Note, NoteSignature, VerifierKey},
    policy::Policy,
};

/// A cosignature that was checked.
#[derive(Clone, Debug)]
struct Line {
    signature: NoteSignature,
    time: u64,
    /// Whether its witness made it while this process ran (BRD-23).
    fresh: bool,
}

/// A head, and by the policy's order the latest cosignature of each witness on it.
#[derive(Debug)]
pub(super) struct Gathering {
    size: u64,
    note: String,
    lines: Vec<Option<Line>>,
}

impl Gathering {
    /// The present head, without cosignatures.
    pub(super) fn of(log: &Log) -> Self {
        let (size, note) = log.head();
        Self::new(size, note, log.policy())
    }

    fn new(size: u64, note: String, policy: &Policy) -> Self {
        Self { size, note, lines: vec![None; policy.witnesses().len()] }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The head as its log alone signed it.
    pub(super) fn note(&self) -> &str {
        &self.note
    }

    /// Takes over the cosignatures of a note that was served before; gives the time of each witness that has one.
    pub(super) fn recall(&mut self, note: &str, policy: &Policy, log_key: &VerifierKey) -> Vec<Option<u64>> {
        let keys = keys(policy, log_key);
        let Ok(signed) = checkpoint::open(note.as_bytes(), &keys) else {
            return vec![None; self.lines.len()];
        };
        let lines = policy.witnesses().iter().map(|witness| {
            let signature = signed.note().signatures().iter().find(|line| witness.key.signed(line))?.clone();
            let time = signed.cosignatures().iter().find(|cosignature| cosignature.key == witness.key)?.timestamp;
            Some(Line { signature, time, fresh: false })
        });
        let lines: Vec<Option<Line>> = lines.collect();
        let times = lines.iter().map(|line| line.as_ref().map(|line| line.time)).collect();
        if signed.checkpoint().size() == self.size {
            self.lines = lines;
        }
        times
    }

    /// Adds a cosignature of this witness, if it states no earlier time than the one it replaces. Says whether it was added.
    pub(super) fn add(&mut self, place: usize, signature: NoteSignature, time: u64) -> bool {
        let Some(line) = self.lines.get_mut(place) else { return false };
        if line.as_ref().is_some_and(|before| before.fresh && before.time >= time) {
            return false;
        }
        *line = Some(Line { signature, time, fresh: true });
        true
    }

    /// Whether every witness has cosigned in this process.
    pub(super) fn is_complete(&self) -> bool {
        self.lines.iter().all(|line| line.as_ref().is_some_and(|line| line.fresh))
    }

    /// BRD-21: the checkpoint with all its cosignatures, if they meet the policy.
    pub(super) fn checkpoint(&self, policy: &Policy, log_key: &VerifierKey) -> Option<String> {
        self.under(policy, log_key, |_| true)
    }

    /// CLO-2: the checkpoint with the cosignatures of this time (in seconds) or later, if they meet the policy.
    pub(super) fn evidence(&self, policy: &Policy, log_key: &VerifierKey, since: u64) -> Option<String> {
        self.under(policy, log_key, |line| line.time >= since)
    }

    /// BRD-23: whether a quorum has cosigned while this process ran, by answers that state a time (in seconds) from `since` on: whoever stands
    /// between the board and its witnesses could answer with lines of before.
    pub(super) fn is_guarded(&self, policy: &Policy, log_key: &VerifierKey, since: u64) -> bool {
        self.under(policy, log_key, |line| line.fresh && line.time >= since).is_some()
    }

    fn under(&self, policy: &Policy, log_key: &VerifierKey, wanted: impl Fn(&Line) -> bool) -> Option<String> {
        let note = self.cosigned(wanted).ok()?;
        let signed = checkpoint::open_strict(note.as_bytes(), &keys(policy, log_key)).ok()?;
        policy.evaluate(&signed, 0).quorum_met.then_some(note)
    }

    fn cosigned(&self, wanted: impl Fn(&Line) -> bool) -> Result<String, CheckpointError> {
        let mut note = Note::parse(self.note.as_bytes())?;
        for line in self.lines.iter().flatten().filter(|line| wanted(line)) {
            note.add(line.signature.clone())?;
        }
        Ok(note.encode())
    }
}

/// The keys whose lines may stand on a checkpoint (REC-3): the log's, which after a continuation is not the manifest's, and the witnesses'.
fn keys(policy: &Policy, log_key: &VerifierKey) -> Vec<VerifierKey> {
    let witnesses = policy.witnesses().iter().map(|witness| witness.key.clone());
    std::iter::once(log_key.clone()).chain(witnesses).collect()
}

#[cfg(test)]
mod tests;
