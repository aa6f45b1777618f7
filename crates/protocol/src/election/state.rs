//! What a reader may ask of the state.

use super::{Ceremony, Counts, CredentialState, Election, JointKey, Phase, RollState, TallyGroup};
use crate::{
    ids::{ElectionFingerprint, EntryHash, Minutes},
    manifest::Manifest,
};
use crypto::{EncodedPoint, batch::Bases, relation::Relation};
use std::collections::BTreeMap;
use tlog::{merkle::CompactRange, policy::Policy};

impl Election {
    /// F.
    pub fn fingerprint(&self) -> ElectionFingerprint {
        self.fingerprint
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What the proofs' static bases are, the slot keys included from the end of ceremony stage 3.
    pub fn bases(&self) -> &Bases {
        &self.bases
    }

    /// Where the election stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Entries applied so far.
    pub fn size(&self) -> u64 {
        self.journal.size()
    }

    /// Hash of the last entry.
    pub fn head(&self) -> EntryHash {
        self.journal.head()
    }

    /// Time of the last entry.
    pub fn last_time(&self) -> Minutes {
        self.journal.last_time()
    }

    /// The log's tree so far (of the present log, after a continuation).
    pub fn range(&self) -> &CompactRange {
        self.journal.range()
    }

    /// Root of the log's tree.
    pub fn root(&self) -> [u8; 32] {
        self.journal.range().root()
    }

    /// Number of the log in force, from 1.
    pub fn log_number(&self) -> u64 {
        self.journal.number()
    }

    /// Origin of the log in force.
    pub fn log_origin(&self) -> &str {
        self.journal.origin()
    }

    /// Origin that the next log will have, should this one be continued (CON-1).
    pub fn next_log_origin(&self) -> String {
        self.journal.next_origin()
    }

    /// Index of the first entry of the log in force.
    pub fn log_start(&self) -> u64 {
        self.size().saturating_sub(self.range().size())
    }

    /// The witness policy in force: the manifest's, with the key of the log in force (CON-2).
    pub fn policy(&self) -> &Policy {
        self.journal.policy()
    }

    /// CLO-2, CER-8, CER-29: the time from which a `Closing`, or during the ceremony a `StageEnd`, may come; none in other phases.
    pub fn evidence_due(&self) -> Option<Minutes> {
        match self.phase {
            Phase::Setup => self.ceremony.due(&self.manifest),
            Phase::Voting => Some(self.closing_due()),
            _ => None,
        }
    }

    /// As [`Election::evidence_due`], for whoever knows that it is `now`: a log that claims a later time does not put the end off (CER-29).
    pub fn evidence_due_at(&self, now: Minutes) -> Option<Minutes> {
        match self.phase {
            Phase::Setup => self.ceremony.due_at(&self.manifest, now),
            _ => self.evidence_due(),
        }
    }

    /// Verifier key of the log in force, in signed-note text form.
    pub fn log_key(&self) -> &str {
        self.journal.log_key()
    }

    /// Hash of an entry that a rehearsal may name.
    pub fn recent_hash(&self, index: u64) -> Option<EntryHash> {
        self.journal.recent(index)
    }

    /// The closing time in force.
    pub fn closing_time(&self) -> Minutes {
        self.closing_time
    }

    /// The ceremony.
    pub fn ceremony(&self) -> &Ceremony {
        &self.ceremony
    }

    /// Keys, from the end of ceremony stage 3.
    pub fn joint_key(&self) -> Option<&JointKey> {
        self.ceremony.joint_key()
    }

    /// O.
    pub fn opening(&self) -> Option<EntryHash> {
        self.opening
    }

    /// Closing fingerprint.
    pub fn closing(&self) -> Option<EntryHash> {
        self.closing
    }

    /// The roll.
    pub fn roll(&self) -> &RollState {
        &self.roll
    }

    /// What the record says of a credential.
    pub fn credential(&self, key: &EncodedPoint) -> Option<CredentialState> {
        self.roll.credential(key)
    }

    /// A contest's bits and rules.
    pub fn relation(&self, contest: u32) -> Option<&Relation> {
        self.relations.get(usize::try_from(contest).ok()?)
    }

    /// A contest's tally groups; none before `Closing`.
    pub fn groups(&self, contest: u32) -> &[TallyGroup] {
        usize::try_from(contest).ok().and_then(|contest| self.groups.get(contest)).map_or(&[], Vec::as_slice)
    }

    /// RET-1: the trustees that say that they destroyed their secrets, and the positions of their statements.
    pub fn retired(&self) -> &BTreeMap<u32, u64> {
        &self.retired
    }

    /// Counts for reports.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}
