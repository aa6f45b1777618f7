//! A promise against the log as it is now (EVD-15): kept, still awaited, or broken, and then with evidence that convicts the log. Whoever was
//! promised something does this: voters, and officials (CER-47).
//!
//! [`ShownLog`] judges without a socket or a file; [`reading`] shows it a board's log or a folder's.

pub mod reading;

use protocol::{
    Author, Body, Entry, Evidence, Manifest, Rejection, Submission,
    evidence::{Cleared, EvidenceFault, Finding, MessageStep, Trial, TrialOutcome, asked_in_stage, ends, step_of},
    fingerprint,
    ids::ElectionFingerprint,
};
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
    merkle::{Hash, Tree, leaf_hash},
    note::{KeyError, Note, VerifierKey},
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
    /// The log was lost and continued in another one before it reached the promised place (CON-1): nobody is convicted by that.
    Lost {
        /// Entries of the log that was lost.
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
    /// A receipt of a log that was not read.
    #[error("the receipt is of the log {0}, which is not among those that were read")]
    OtherLog(String),
    /// The log's bytes are not entries.
    #[error("the log holds what is no entry: {0}")]
    Entry(#[from] Rejection),
    /// EVD-18: a message can be tried only on a record that obeys the rules so far.
    #[error("the record is invalid: {0}")]
    Invalid(Rejection),
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
    /// LOG-28: a log that its witnesses do not attest says nothing of what everybody is shown.
    #[error(
        "the quorum of witnesses has not cosigned this log's checkpoint, so it says nothing of the log that everybody is shown"
    )]
    Unwitnessed,
    /// The log lacks the promised entry, but what is there does not convict it.
    #[error("the log does not keep the promise, but what it shows convicts nobody: {0}")]
    Undecided(EvidenceFault),
}

/// An election's log that goes by, entry by entry, before it is compared with a promise; several where one continues another.
#[derive(Debug)]
pub struct ShownLog {
    election: ElectionFingerprint,
    manifest: Option<(Manifest, Vec<u8>)>,
    logs: Vec<One>,
    /// A trustee's message that is looked for on the way.
    wanted: Option<(u32, MessageStep)>,
    found: Vec<Submission>,
    /// A promised message that is tried in its place.
    trial: Option<Trial>,
}

/// One log of the chain.
#[derive(Debug, Default)]
struct One {
    /// Leaf 0.
    begin: Vec<u8>,
    tree: Tree,
    /// The entries that end something (EVD-7), with their leaf numbers; a log that obeys the rules has few.
    endings: Vec<(u64, Vec<u8>)>,
    note: String,
}

/// More entries that end something, or messages for one step, than any election has: a log with more breaks rules that the verifier names.
const MOST_ENDINGS: usize = 64;

impl ShownLog {
    /// Begins with nothing.
    pub fn new(election: ElectionFingerprint) -> Self {
        Self { election, manifest: None, logs: Vec::new(), wanted: None, found: Vec::new(), trial: None }
    }

    /// The same, and what goes by of this trustee for this step is kept (EVD-19).
    #[must_use]
    pub fn looking_for(self, trustee: u32, step: MessageStep) -> Self {
        Self { wanted: Some((trustee, step)), ..self }
    }

    /// The same, and the message that a finding is about is tried in its place (EVD-18).
    #[must_use]
    pub fn trying(self, cleared: &Cleared) -> Self {
        Self { trial: Some(Trial::of(cleared)), ..self }
    }

    /// What came of the trial, if the log went so far.
    pub fn tried(&self) -> Option<&TrialOutcome> {
        self.trial.as_ref().and_then(Trial::outcome)
    }

    /// What was looked for and went by, in the log's order.
    pub fn found(&self) -> &[Submission] {
        &self.found
    }

    /// The bytes of the manifest's body, once it went by.
    pub fn manifest_body(&self) -> Option<&[u8]> {
        self.manifest.as_ref().map(|(_, body)| body.as_slice())
    }

    /// From here on, entries are of the first log, or of the one that continues the log so far (REC-8).
    pub fn begin_log(&mut self) {
        self.logs.push(One::default());
    }

    /// The checkpoint under which the entries of the log at hand were read, a signed note.
    pub fn end_log(&mut self, note: &str) {
        if let Some(log) = self.logs.last_mut() {
            note.clone_into(&mut log.note);
        }
    }

    /// Takes the next entry's bytes.
    ///
    /// # Errors
    /// [`DisputeFault::OtherElection`] when the first entry is not the manifest.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), DisputeFault> {
        let Some(log) = self.logs.last_mut() else { return Err(DisputeFault::OtherElection) };
        if let Some(trial) = &mut self.trial {
            trial.take(bytes).map_err(DisputeFault::Invalid)?;
        }
        let leaf = log.tree.size();
        log.tree.append(leaf_hash(bytes));
        if leaf == 0 {
            bytes.clone_into(&mut log.begin);
        }
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
            return Ok(());
        }
        // What is no entry keeps its place and ends nothing.
        let Ok((body, entry)) = body else { return Ok(()) };
        if matches!(body, Body::StageEnd(_) | Body::Opening(_) | Body::Closing(_)) && log.endings.len() < MOST_ENDINGS {
            log.endings.push((leaf, bytes.to_vec()));
        }
        if let Some((trustee, step)) = self.wanted
            && step_of(&body) == Some(step)
            && entry.submission().author() == Ok(Author::Trustee(trustee))
            && self.found.len() < MOST_ENDINGS
        {
            self.found.push(entry.submission());
        }
        Ok(())
    }

    /// Compares a promise with the log that gave it.
    ///
    /// # Errors
    /// [`DisputeFault`].
    pub fn judge(&self, promise: &Receipt) -> Result<Outcome, DisputeFault> {
        let (manifest, body) = self.manifest.as_ref().ok_or(DisputeFault::OtherElection)?;
        let origin = origin_of(&promise.checkpoint_note)?;
        let by_origin = |log: &One| origin_of(&log.note).is_ok_and(|found| found == origin);
        let place = self.logs.iter().position(by_origin).ok_or_else(|| DisputeFault::OtherLog(origin.clone()))?;
        let log = self.logs.get(place).ok_or(DisputeFault::OtherLog(origin))?;
        let continuations: Vec<Vec<u8>> =
            self.logs.iter().take(place.saturating_add(1)).skip(1).map(|log| log.begin.clone()).collect();
        let (first, key) = match Entry::decode(&log.begin)?.submission().body()? {
            Body::Continuation(continuation) => (Entry::decode(&log.begin)?.index, continuation.new_key.parse()?),
            _ => (0, manifest.log_key.parse()?),
        };
        let policy = Policy::parse(manifest.policy.as_bytes())?;
        let mut keys: Vec<VerifierKey> = vec![key];
        keys.extend(policy.witnesses().iter().map(|witness| witness.key.clone()));
        let leaf = leaf_hash(&promise.extra);
        let promised = promise.verify(&leaf, &keys)?;
        let no_entry = || DisputeFault::NoEntry(promise.index);
        let entry = Entry::decode(&promise.extra).map_err(|_| no_entry())?;
        if first.checked_add(promise.index) != Some(entry.index) {
            return Err(no_entry());
        }
        let shown = checkpoint::open(log.note.as_bytes(), &keys)?;
        let size = log.tree.size();
        if (size, log.tree.root()) != (shown.checkpoint().size(), *shown.checkpoint().root()) {
            return Err(DisputeFault::OtherRoot);
        }
        // Without the quorum it can convict the log, and nothing else.
        let attested = |outcome| {
            if policy.evaluate(&shown, 0).quorum_met { Ok(outcome) } else { Err(DisputeFault::Unwitnessed) }
        };
        let mut accusations = Vec::new();
        let message = entry.submission().body();
        if promise.index >= size {
            accusations.extend(log.ended_without(body, promise, (&entry, &message?)));
            if accusations.is_empty() {
                let last = place.saturating_add(1) == self.logs.len();
                return attested(if last { Outcome::Awaited { size } } else { Outcome::Lost { size } });
            }
        } else {
            let there = log.tree.hash(0, promise.index).map_err(|_| DisputeFault::OtherRoot)?;
            if there != leaf {
                let shown = log.receipt(promise.index, &[])?;
                accusations.push(Evidence::other_entry(body, promise, &shown, &there));
                if let Ok(message) = &message {
                    accusations.extend(log.left_out(body, promise, (&shown, &there), message));
                    accusations.extend(log.ended_without(body, promise, (&entry, message)));
                }
            }
            accusations.extend(log.split_view(body, &promised, &shown));
            if accusations.is_empty() {
                return attested(Outcome::Kept { size });
            }
        }
        strongest(accusations.into_iter().map(|evidence| evidence.continued(&continuations)))
            .map_err(|undecided| undecided.map_or_else(no_entry, DisputeFault::Undecided))
    }
}

/// The first accusation that is proved and clears somebody, or else the first that is proved.
fn strongest(accusations: impl Iterator<Item = Evidence>) -> Result<Outcome, Option<EvidenceFault>> {
    let (mut proved, mut undecided) = (None, None);
    for evidence in accusations {
        match evidence.check() {
            Ok(finding) if finding.is_proved() => {
                let clears = finding.cleared.is_some();
                if proved.is_none() || clears {
                    let (evidence, finding) = (Box::new(evidence), Box::new(finding));
                    proved = Some(Outcome::Broken { evidence, finding });
                }
                if clears {
                    break;
                }
            }
            Ok(_) => {}
            Err(fault) => undecided = Some(fault),
        }
    }
    proved.ok_or(undecided)
}

/// The origin that a note claims, its signatures unchecked.
fn origin_of(note: &str) -> Result<String, DisputeFault> {
    let note = Note::parse(note.as_bytes()).map_err(CheckpointError::from)?;
    Ok(Checkpoint::parse(note.text())?.origin().to_owned())
}

impl One {
    /// EVD-7: an entry before the promised place after which what was promised cannot come.
    fn ended_without(&self, manifest: &[u8], promise: &Receipt, promised: (&Entry, &Body)) -> Option<Evidence> {
        let (index, bytes) = self.endings.iter().find(|(index, bytes)| {
            let ending = Entry::decode(bytes).and_then(|entry| Ok((entry.submission().body()?, entry)));
            *index < promise.index && ending.is_ok_and(|(end, ending)| ends((&ending, &end), promised))
        })?;
        let ending = self.receipt(*index, bytes).ok()?;
        Some(Evidence::ended_without(manifest, promise, &ending))
    }

    /// EVD-17: the stage that asks for the promised message ended at the promised place or behind it.
    fn left_out(
        &self,
        manifest: &[u8],
        promise: &Receipt,
        shown: (&Receipt, &Hash),
        promised: &Body,
    ) -> Option<Evidence> {
        let stage = asked_in_stage(promised)?;
        let (index, bytes) = self.endings.iter().find(|(index, bytes)| {
            let ending = Entry::decode(bytes).and_then(|entry| entry.submission().body());
            *index >= promise.index && matches!(ending, Ok(Body::StageEnd(end)) if end.stage == stage)
        })?;
        let ending = self.receipt(*index, bytes).ok()?;
        Some(Evidence::left_out(manifest, promise, shown, &ending))
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

    fn receipt(&self, index: u64, extra: &[u8]) -> Result<Receipt, DisputeFault> {
        let path = self.tree.prove_inclusion(index, self.tree.size()).map_err(|_| DisputeFault::OtherRoot)?;
        Ok(Receipt { extra: extra.to_vec(), index, path, checkpoint_note: self.note.clone() })
    }
}
