//! The record, folded on the voter's own device (BAL-22): every rule and every proof up to the closing, by the same fold the board and
//! the verifier run. Ballots are proved by the hundred, so that a large record takes seconds.
//!
//! What comes after the closing (partial decryptions, results) is of no use to a voter's client and is not folded here: that is what
//! the verifier is for.

use protocol::{
    Body, Election, Entry, Phase, Rejection,
    election::{Examined, prove_batch},
    fingerprint,
    ids::ElectionFingerprint,
};
use rand::{CryptoRng, RngCore};
use thiserror::Error;

/// Ballots proved together.
const BATCH: usize = 512;

/// Why a record is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReplayFault {
    /// Entry 0 is not the manifest with the expected fingerprint.
    #[error("this is not the election of your letter: the letter says {expected}, entry 0 has {found}")]
    OtherElection {
        /// F of the letter.
        expected: ElectionFingerprint,
        /// What entry 0 comes to.
        found: ElectionFingerprint,
    },
    /// An entry breaks a rule.
    #[error("entry {index} breaks a rule. {rejection}")]
    Rejected {
        /// The entry.
        index: u64,
        /// The rule.
        rejection: Box<Rejection>,
    },
    /// The record has no entries.
    #[error("the record is empty")]
    Empty,
}

/// A record being folded, entry by entry in order.
#[derive(Debug)]
pub struct Replay {
    expected: ElectionFingerprint,
    election: Option<Election>,
    /// Ballots and audits that passed every check but the proofs; nothing that follows them was applied.
    waiting: Vec<(Entry, Examined)>,
    after_closing: u64,
}

impl Replay {
    /// Begins; entry 0 must be the manifest with this fingerprint.
    pub fn new(expected: ElectionFingerprint) -> Self {
        Self { expected, election: None, waiting: Vec::new(), after_closing: 0 }
    }

    /// Takes the next entry's bytes.
    ///
    /// # Errors
    /// [`ReplayFault`]; the record is to be left alone then.
    pub fn take<R: RngCore + CryptoRng>(&mut self, bytes: &[u8], rng: &mut R) -> Result<(), ReplayFault> {
        let index = self.position();
        let at = |index| move |rejection| ReplayFault::Rejected { index, rejection: Box::new(rejection) };
        let entry = Entry::decode(bytes).map_err(at(index))?;
        let submission = entry.submission();
        let Some(election) = &self.election else {
            // Before anything of it is believed: F.
            let found = fingerprint::election(submission.body_bytes());
            if found != self.expected {
                return Err(ReplayFault::OtherElection { expected: self.expected, found });
            }
            self.election = Some(Election::begin(&entry).map_err(at(index))?);
            return Ok(());
        };
        if matches!(election.phase(), Phase::Closed | Phase::Tallied) {
            self.after_closing = self.after_closing.saturating_add(1);
            return Ok(());
        }
        // A ballot's proofs depend on nothing that ballots change, so it may wait; everything else finds the fold up to date.
        let mut examined = election.examine(&submission);
        if examined.as_ref().is_ok_and(|examined| can_wait(examined.body())) && self.waiting.len() < BATCH {
            self.waiting.extend(examined.ok().map(|examined| (entry, examined)));
            return Ok(());
        }
        if !self.waiting.is_empty() {
            self.prove(rng)?;
            examined = match &self.election {
                Some(election) => election.examine(&submission),
                None => examined,
            };
        }
        let examined = examined.map_err(at(index))?;
        if can_wait(examined.body()) {
            self.waiting.push((entry, examined));
            return Ok(());
        }
        let Some(election) = &mut self.election else { return Err(ReplayFault::Empty) };
        let proven = examined.prove(election.bases()).map_err(at(index))?;
        election.accept(&entry, proven).map_err(at(index))
    }

    /// Entries taken so far.
    pub fn position(&self) -> u64 {
        let folded = self.election.as_ref().map_or(0, Election::size);
        let waiting = u64::try_from(self.waiting.len()).unwrap_or(u64::MAX);
        folded.saturating_add(waiting).saturating_add(self.after_closing)
    }

    /// The election after all entries taken.
    ///
    /// # Errors
    /// [`ReplayFault`].
    pub fn finish<R: RngCore + CryptoRng>(mut self, rng: &mut R) -> Result<Election, ReplayFault> {
        self.prove(rng)?;
        self.election.ok_or(ReplayFault::Empty)
    }

    /// Proves and applies what waits.
    fn prove<R: RngCore + CryptoRng>(&mut self, rng: &mut R) -> Result<(), ReplayFault> {
        let Some(election) = &mut self.election else { return Ok(()) };
        let (entries, examined): (Vec<Entry>, Vec<Examined>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        for (entry, proven) in entries.iter().zip(prove_batch(examined, election.bases(), rng)) {
            proven
                .and_then(|proven| election.accept(entry, proven))
                .map_err(|rejection| ReplayFault::Rejected { index: entry.index, rejection: Box::new(rejection) })?;
        }
        Ok(())
    }
}

fn can_wait(body: &Body) -> bool {
    matches!(body, Body::Ballot(_) | Body::AuditedBallot(_))
}
