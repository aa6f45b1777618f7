//! The beam that holds the roof: an election is a fold over its entries, and [`Election::apply`] is the one definition of valid.
//!
//! Applying is three steps, so that many readers can share the work differently: [`Election::examine`] (cheap checks against the
//! state, then the proofs as claims; any thread), deciding the claims one by one or in a batch, and [`Election::accept`] (position,
//! chain, and every check that depends on the state once more).

mod ceremony;
mod ceremony_rules;
mod count;
mod dealing;
mod envelope;
mod examined;
mod journal;
mod overrides;
mod phase;
mod roll;
mod setup;
mod state;
mod tally;
mod voting;

pub use ceremony::{Ceremony, CeremonyFailure, Departure, JointKey, Stage, Verdict};
pub use count::{Count, GroupStatus, TallyGroup, merged};
pub use dealing::{dealing_part, part_context};
pub use examined::{Examined, Proven, prove_batch};
pub use overrides::Overridden;
pub use phase::Phase;
pub use roll::{CredentialState, RollState};
pub use setup::{MAXIMUM_PARTIES, MAXIMUM_TIME, TOTAL_BOUND};
pub use tally::{SettleError, Sums};
pub use voting::{MAXIMUM_AUDITS, MAXIMUM_BALLOTS};

use crate::{
    body::{Body, Opening},
    entry::{Author, Entry, Submission},
    fingerprint,
    ids::{ElectionFingerprint, EntryHash, Minutes, SubmissionId},
    manifest::Manifest,
    rule::{Rejection, demand, refuse},
    text::check_notice,
};
use crypto::{batch::Bases, relation::Relation};
use envelope::signature;
use examined::Derived;
use journal::Journal;
use std::collections::{BTreeMap, HashSet};

/// Counts for reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ballots in the record, superseded ones included.
    pub ballots: u64,
    /// Published audits.
    pub audits: u64,
    /// Extensions.
    pub extensions: u64,
    /// Notices.
    pub notices: u64,
}

/// The state of one election after the entries applied so far. A copy can be led along another path: so every ceremony within bounds is
/// gone through (CER-48).
#[derive(Clone, Debug)]
pub struct Election {
    fingerprint: ElectionFingerprint,
    manifest: Manifest,
    relations: Vec<Relation>,
    bases: Bases,
    journal: Journal,
    roll: RollState,
    ceremony: Ceremony,
    phase: Phase,
    opening: Option<EntryHash>,
    closing: Option<EntryHash>,
    closing_time: Minutes,
    /// Submission ids of everything but ballots and audits, which their chain and their `C_0` keep from repeating.
    entered: HashSet<SubmissionId>,
    /// Every `C_0` in the record.
    seen: HashSet<[u8; 32]>,
    groups: Vec<Vec<TallyGroup>>,
    /// Retirements by trustee, with their positions.
    retired: BTreeMap<u32, u64>,
    overrides: BTreeMap<u32, Overridden>,
    counts: Counts,
}

impl Election {
    /// Begins with entry 0, the manifest (MAN-1).
    ///
    /// # Errors
    /// The [`Rejection`] of the first rule that is broken; F does not exist then.
    pub fn begin(entry: &Entry) -> Result<Self, Rejection> {
        let submission = entry.submission();
        demand!(entry.index == 0, WrongIndex, 0, entry.index);
        let zero = EntryHash([0; 32]);
        demand!(entry.previous == zero, BrokenChain, zero, entry.previous);
        let author = submission.author()?;
        let Body::Manifest(manifest) = submission.body()? else {
            return Err(refuse!(ManifestMisplaced, "a manifest as entry 0", "another body"));
        };
        demand!(author == Author::Authority, WrongAuthor, Author::Authority, author);
        let (relations, policy) = setup::check(&manifest)?;
        let fingerprint = fingerprint::election(submission.body_bytes());
        let (claim, rejection) = signature(&fingerprint, &submission, &author, &manifest.authority.signing_key)?;
        claim.verify(&Bases::new(0, &[])).map_err(|_| rejection)?;
        let mut election = Self {
            fingerprint,
            roll: RollState::new(&manifest),
            ceremony: Ceremony::new(u32::try_from(manifest.trustees.len()).expect("at most 32 trustees")),
            journal: Journal::new(&manifest, policy),
            bases: Bases::new(0, &[]),
            phase: Phase::Setup,
            opening: None,
            closing: None,
            closing_time: manifest.closing,
            entered: HashSet::from([submission.id(&fingerprint)]),
            seen: HashSet::new(),
            groups: Vec::new(),
            retired: BTreeMap::new(),
            overrides: BTreeMap::new(),
            counts: Counts::default(),
            relations,
            manifest: *manifest,
        };
        election.journal.append(entry);
        Ok(election)
    }

    /// Applies the next entry: the one definition of valid. On an error nothing has changed.
    ///
    /// # Errors
    /// The [`Rejection`] of the first rule that is broken.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), Rejection> {
        let proven = self.examine(&entry.submission())?.prove(&self.bases)?;
        self.accept(entry, proven)
    }

    /// The entry a submission would be at this point. `now` is the board's clock; the entry's time never runs backwards.
    pub fn next_entry(&self, submission: Submission, now: Minutes) -> Entry {
        Entry::new(self.size(), self.head(), now.max(self.last_time()), submission)
    }

    /// Takes the next entry, whose submission has been proven. Checks position, chain and everything that depends on the state; on an
    /// error nothing has changed.
    ///
    /// # Errors
    /// The [`Rejection`] of the first rule that is broken.
    pub fn accept(&mut self, entry: &Entry, proven: Proven) -> Result<(), Rejection> {
        let Proven(Examined { id, author, body, signature, derived, .. }) = proven;
        demand!(entry.index == self.size(), WrongIndex, self.size(), entry.index);
        demand!(entry.previous == self.head(), BrokenChain, self.head(), entry.previous);
        demand!(entry.time >= self.last_time(), TimeRunsBackwards, self.last_time(), entry.time);
        let submission = entry.submission();
        let same = submission.id(&self.fingerprint) == id && submission.signature_bytes() == signature;
        demand!(same, BadSignature, "the submission that was proven", "another");
        self.enterable(&author, &body, &id)?;
        self.admissible(&author, &body, submission.body_bytes())?;
        let index = entry.index;
        match (author, &body, derived) {
            (Author::Registrar(registrar), Body::Roll(roll), _) => {
                let sums = self.roll.admissible(&self.manifest, registrar, roll)?;
                self.roll.accept(&self.fingerprint, registrar, roll, sums, id);
            }
            (Author::Registrar(registrar), Body::Replacement(body), _) => {
                let sum = self.roll.replacement_admissible(&self.manifest, registrar, body)?;
                self.roll.accept_replacement(registrar, body, sum);
            }
            (Author::Trustee(trustee), Body::DealingCommitment(body), _) => {
                self.ceremony.commitments.insert(trustee, body.parts.clone());
            }
            (Author::Trustee(trustee), Body::Dealing(body), _) => {
                self.ceremony.ephemerals.extend(body.boxes.iter().map(|sealed| sealed.ephemeral));
                self.ceremony.dealings.entry(trustee).or_default().insert(body.part, body.clone());
            }
            (Author::Trustee(trustee), Body::Complaint(body), Derived::Upheld(upheld)) => {
                self.accept_complaint(trustee, body, upheld, index);
            }
            (Author::Trustee(trustee), Body::CeremonyConfirmation(_), _) => {
                self.ceremony.confirmed.insert(trustee);
            }
            (Author::Trustee(trustee), Body::Rehearsal(_), _) => self.accept_rehearsal(trustee, index),
            (Author::Credential(credential), Body::Ballot(body), _) => {
                self.unseen(body)?;
                self.accept_ballot(&credential, body, id, index);
            }
            (Author::Credential(credential), Body::AuditedBallot(body), _) => {
                let ballot = self.audit_admissible(&credential, body)?;
                self.unseen(&ballot)?;
                self.accept_audit(&credential, &ballot);
            }
            (Author::Trustee(trustee), Body::PartialDecryption(body), Derived::Partial(right)) => {
                self.partial_not_repeated(trustee, body, right.is_some())?;
                self.accept_partial(trustee, body, right, index);
            }
            (Author::Trustee(trustee), Body::Retirement(_), _) => {
                self.retired.insert(trustee, index);
            }
            (_, Body::StageEnd(_), _) => {
                self.ceremony.end_stage(&self.fingerprint, &self.manifest, index, entry.time);
            }
            (_, Body::Result(body), _) => self.accept_result(body),
            (_, Body::Override(body), _) => self.accept_override(body, index),
            (_, Body::Extension(body), _) => {
                self.closing_time = body.closing;
                self.counts.extensions = self.counts.extensions.saturating_add(1);
            }
            (_, Body::Notice(_), _) => self.counts.notices = self.counts.notices.saturating_add(1),
            (_, Body::Opening(_) | Body::Closing(_) | Body::Continuation(_), _) => {}
            (author, body, _) => {
                return Err(refuse!(WrongAuthor, "an author of this body", format!("{author} sent {}", body.name())));
            }
        }
        if !matches!(body, Body::Ballot(_) | Body::AuditedBallot(_)) {
            self.entered.insert(id);
        }
        self.journal.append(entry);
        self.turn(&body, index);
        Ok(())
    }

    /// What follows from an entry that was taken: stages that end, phases that change.
    fn turn(&mut self, body: &Body, index: u64) {
        match body {
            Body::Opening(_) => {
                self.phase = Phase::Voting;
                self.opening = Some(self.head());
                self.journal.keep(index);
            }
            Body::Closing(_) => {
                self.groups = self.count().groups;
                self.closing = Some(self.head());
                self.phase = if self.is_tallied() { Phase::Tallied } else { Phase::Closed };
            }
            Body::Result(_) if self.is_tallied() => self.phase = Phase::Tallied,
            Body::Continuation(body) => self.journal.continue_as(body, index),
            _ => {}
        }
        if self.phase != Phase::Setup {
            return;
        }
        self.ceremony.advance(&self.fingerprint, &self.manifest, index, self.journal.last_time());
        if self.ceremony.failure().is_some() {
            // CER-15
            self.phase = Phase::Failed;
        } else if self.bases.slot_keys().is_empty()
            && let Some(key) = self.ceremony.joint_key()
        {
            let witness = self.relations.iter().map(Relation::witness_len).max().unwrap_or(0);
            let amounts = self.relations.iter().map(|relation| relation.wide().len()).max().unwrap_or(0);
            self.bases = Bases::with_amounts(witness, amounts, key.keys.slot_keys().points());
            self.journal.keep(index);
        }
    }

    /// Every check of a body that depends on the state and needs no proof. Run when examining and again when accepting.
    fn admissible(&self, author: &Author, body: &Body, bytes: &[u8]) -> Result<(), Rejection> {
        match (author, body) {
            (Author::Registrar(registrar), Body::Roll(body)) => {
                self.roll.admissible(&self.manifest, *registrar, body).map(drop)
            }
            (Author::Registrar(registrar), Body::Replacement(body)) => {
                self.not_overridden(body.index)?;
                self.roll.replacement_admissible(&self.manifest, *registrar, body).map(drop)
            }
            (Author::Trustee(trustee), Body::DealingCommitment(body)) => self.commitment_admissible(*trustee, body),
            (Author::Trustee(trustee), Body::Dealing(body)) => self.dealing_admissible(*trustee, body, bytes),
            (Author::Trustee(trustee), Body::Complaint(body)) => self.complaint_admissible(*trustee, body),
            (Author::Trustee(trustee), Body::CeremonyConfirmation(body)) => {
                self.confirmation_admissible(*trustee, body)
            }
            (Author::Trustee(trustee), Body::Rehearsal(body)) => self.rehearsal_admissible(*trustee, body),
            (Author::Credential(credential), Body::Ballot(body)) => self.ballot_admissible(credential, body),
            (Author::Credential(credential), Body::AuditedBallot(body)) => {
                self.audit_admissible(credential, body).map(drop)
            }
            (Author::Trustee(trustee), Body::PartialDecryption(body)) => self.partial_admissible(*trustee, body),
            (Author::Trustee(_), Body::Retirement(body)) => self.retirement_admissible(body),
            (_, Body::StageEnd(body)) => self.stage_end_admissible(body),
            (_, Body::Opening(body)) => self.opening_admissible(body),
            (_, Body::Extension(body)) => self.extension_admissible(body),
            (_, Body::Override(body)) => self.override_admissible(body),
            (_, Body::Closing(body)) => self.closing_admissible(body),
            (_, Body::Result(body)) => self.result_admissible(body),
            (_, Body::Continuation(body)) => self.journal.continuation_admissible(body),
            (_, Body::Notice(body)) => check_notice(&body.text),
            _ => Ok(()),
        }
    }

    /// OPN-1, OPN-2.
    fn opening_admissible(&self, body: &Opening) -> Result<(), Rejection> {
        let (Some(roll), Stage::Ended, Some(key)) =
            (self.roll.fingerprint(), self.ceremony.stage(), self.ceremony.joint_key())
        else {
            return Err(refuse!(
                NotReady,
                "a complete roll and an ended ceremony",
                format!("roll complete: {}, stage {}", self.roll.is_complete(), self.ceremony.stage().number())
            ));
        };
        let active = self.ceremony.active();
        let right = (body.joint_key, body.roll, &body.active) == (key.fingerprint, roll, &active);
        demand!(
            right,
            WrongOpening,
            format!("J {}, roll {roll}, active trustees {active:?}", key.fingerprint),
            format!("J {}, roll {}, active trustees {:?}", body.joint_key, body.roll, body.active)
        );
        Ok(())
    }
}
