//! A promise against the log as it is now (EVD-15): kept, still awaited, or broken, and then with evidence that convicts the log.

use protocol::{
    Body, Entry, Evidence, Manifest, Rejection,
    evidence::{EvidenceFault, Finding, ends},
    fingerprint,
    ids::ElectionFingerprint,
};
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
    merkle::{Hash, Tree, leaf_hash},
    note::{KeyError, VerifierKey},
    policy::{Policy, PolicyError},
    proof::{Receipt, ReceiptError},
};

/// What became of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The entry is where it was promised, among so many.
    Kept {
        /// Entries of the log.
        size: u64,
    },
    /// The log does not reach the promised place yet, and nothing in it excludes the entry.
    Awaited {
        /// Entries of the log.
        size: u64,
    },
    /// The log broke its promise.
    Broken {
        /// The file for everybody.
        evidence: Box<Evidence>,
        /// What it shows.
        finding: Box<Finding>,
    },
}

/// Why a dispute cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DisputeFault {
    /// The file is no promise of this log: it convicts nobody.
    #[error("the receipt does not hold, so it obliges nobody: {0}")]
    NotAPromise(#[from] ReceiptError),
    /// No entry in it, or one of another place.
    #[error("the receipt holds no entry of index {0}, so it obliges nobody")]
    NoEntry(u64),
    /// Entry 0 is not the manifest with the fingerprint.
    #[error("entry 0 of the log is not the manifest of this election")]
    OtherElection,
    /// The log's bytes are not entries.
    #[error("the log holds what is no entry: {0}")]
    Entry(#[from] Rejection),
    /// The log's key.
    #[error("the manifest's log key is refused: {0}")]
    LogKey(#[from] KeyError),
    /// The witness policy.
    #[error("the manifest's witness policy is refused: {0}")]
    Policy(#[from] PolicyError),
    /// The log's checkpoint is not signed by the log.
    #[error("the log's checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entries do not make the root that the checkpoint states.
    #[error("the log's entries are not those of its checkpoint")]
    OtherRoot,
    /// The log lacks the promised entry, but what is there does not convict it.
    #[error("the log does not keep the promise, but what it shows convicts nobody: {0}")]
    Undecided(EvidenceFault),
}

/// A log that goes by, entry by entry, before it is compared with a promise.
#[derive(Debug)]
pub struct ShownLog {
    election: ElectionFingerprint,
    manifest: Option<(Manifest, Vec<u8>)>,
    tree: Tree,
    /// The entries that end something (EVD-7), with their indices; a log that obeys the rules has few.
    endings: Vec<(u64, Vec<u8>)>,
}

/// More entries that end something than any election has: a log with more breaks rules that the verifier names.
const MOST_ENDINGS: usize = 64;

impl ShownLog {
    /// Begins with nothing.
    pub fn new(election: ElectionFingerprint) -> Self {
        Self { election, manifest: None, tree: Tree::new(), endings: Vec::new() }
    }

    /// Takes the next entry's bytes.
    ///
    /// # Errors
    /// [`DisputeFault::OtherElection`] when entry 0 is not the manifest.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), DisputeFault> {
        let index = self.tree.size();
        self.tree.append(leaf_hash(bytes));
        let body = Entry::decode(bytes).and_then(|entry| Ok((entry.submission().body()?, entry)));
        if self.manifest.is_none() {
            let (body, entry) = body?;
            let submission = entry.submission();
            match body {
                Body::Manifest(manifest) if fingerprint::election(submission.body_bytes()) == self.election => {
                    self.manifest = Some((*manifest, submission.body_bytes().to_vec()));
                }
                _ => return Err(DisputeFault::OtherElection),
            }
        } else if let Ok((Body::StageEnd(_) | Body::Opening(_) | Body::Closing(_), _)) = body
            && self.endings.len() < MOST_ENDINGS
        {
            // What is no entry keeps its place and ends nothing.
            self.endings.push((index, bytes.to_vec()));
        }
        Ok(())
    }

    /// Compares a promise with this log under its checkpoint.
    ///
    /// # Errors
    /// [`DisputeFault`].
    pub fn judge(&self, promise: &Receipt, note: &str) -> Result<Outcome, DisputeFault> {
        let (manifest, body) = self.manifest.as_ref().ok_or(DisputeFault::OtherElection)?;
        let policy = Policy::parse(manifest.policy.as_bytes())?;
        let mut keys: Vec<VerifierKey> = vec![manifest.log_key.parse()?];
        keys.extend(policy.witnesses().iter().map(|witness| witness.key.clone()));
        let leaf = leaf_hash(&promise.extra);
        let promised = promise.verify(&leaf, &keys)?;
        let no_entry = || DisputeFault::NoEntry(promise.index);
        let entry = Entry::decode(&promise.extra).map_err(|_| no_entry())?;
        if entry.index != promise.index {
            return Err(no_entry());
        }
        let shown = checkpoint::open(note.as_bytes(), &keys)?;
        let size = self.tree.size();
        if (size, self.tree.root()) != (shown.checkpoint().size(), *shown.checkpoint().root()) {
            return Err(DisputeFault::OtherRoot);
        }
        let mut accusations = Vec::new();
        if promise.index >= size {
            let promised = entry.submission().body()?;
            accusations.extend(self.ended_without(body, promise, &promised, note));
            if accusations.is_empty() {
                return Ok(Outcome::Awaited { size });
            }
        } else {
            let there = self.tree.hash(0, promise.index).map_err(|_| DisputeFault::OtherRoot)?;
            if there != leaf {
                let shown = self.receipt(promise.index, &[], note)?;
                accusations.push(Evidence::other_entry(body, promise, &shown, &there));
            }
            accusations.extend(self.split_view(body, &promised, &shown));
            if accusations.is_empty() {
                return Ok(Outcome::Kept { size });
            }
        }
        let mut undecided = None;
        for evidence in accusations {
            match evidence.check() {
                Ok(finding) if finding.is_proved() => {
                    let (evidence, finding) = (Box::new(evidence), Box::new(finding));
                    return Ok(Outcome::Broken { evidence, finding });
                }
                Ok(_) => {}
                Err(fault) => undecided = Some(fault),
            }
        }
        Err(undecided.map_or_else(no_entry, DisputeFault::Undecided))
    }

    /// EVD-7: an entry before the promised place after which no such body is valid.
    fn ended_without(&self, manifest: &[u8], promise: &Receipt, promised: &Body, note: &str) -> Option<Evidence> {
        let (index, bytes) = self.endings.iter().find(|(_, bytes)| {
            let ending = Entry::decode(bytes).and_then(|entry| entry.submission().body());
            ending.is_ok_and(|ending| ends(&ending, promised))
        })?;
        let ending = self.receipt(*index, bytes, note).ok()?;
        Some(Evidence::ended_without(manifest, promise, &ending))
    }

    /// EVD-5: the log's first entries are not those under the promise's checkpoint.
    fn split_view(&self, manifest: &[u8], promised: &SignedCheckpoint, shown: &SignedCheckpoint) -> Option<Evidence> {
        let seen = promised.checkpoint().size();
        let beginning: Hash = self.tree.root_at(seen).ok()?;
        let proof = self.tree.prove_consistency(seen, self.tree.size()).ok()?;
        match Follower::new(promised.clone()).advance(shown.clone(), &beginning, &proof) {
            Err(FollowRefusal::Fork(fork)) => Some(Evidence::split_view(manifest, &fork)),
            _ => None,
        }
    }

    fn receipt(&self, index: u64, extra: &[u8], note: &str) -> Result<Receipt, DisputeFault> {
        let path = self.tree.prove_inclusion(index, self.tree.size()).map_err(|_| DisputeFault::OtherRoot)?;
        Ok(Receipt { extra: extra.to_vec(), index, path, checkpoint_note: note.to_owned() })
    }
}
