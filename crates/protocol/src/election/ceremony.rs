//! The key ceremony as a pure function of the record (CER-11 to CER-15, CER-29): stages, who leaves, verdicts, keys.

use crate::{
    body::Dealing,
    evidence::TOLERANCE,
    fingerprint,
    ids::{DealingsFingerprint, ElectionFingerprint, JointKeyFingerprint, Minutes, PartHash},
    manifest::Manifest,
};
use crypto::EncodedPoint;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Where the ceremony stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 1: every trustee commits to its dealing.
    Commit,
    /// 2: every trustee posts its dealing.
    Deal,
    /// 3: every trustee complains or confirms.
    Check,
    /// 4: every qualified trustee rehearses.
    Rehearse,
    /// The active trustees are fixed.
    Ended,
}

impl Stage {
    /// 1 to 4; 5 when ended.
    pub fn number(self) -> u32 {
        match self {
            Stage::Commit => 1,
            Stage::Deal => 2,
            Stage::Check => 3,
            Stage::Rehearse => 4,
            Stage::Ended => 5,
        }
    }
}

/// Why a trustee is no longer part of the ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// It did not do its step of the stage before the stage ended.
    Silent,
    /// A complaint against it was upheld.
    BadDealing,
    /// It complained falsely.
    FalseComplaint,
}

/// A complaint, judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Position of the complaint.
    pub entry: u64,
    /// Who complained.
    pub complainer: u32,
    /// Of whom.
    pub dealer: u32,
    /// Of which part.
    pub part: u32,
    /// Whether the dealer is guilty; otherwise the complainer is.
    pub upheld: bool,
}

/// Why the ceremony failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CeremonyFailure {
    /// Fewer than q trustees are left at the end of this stage.
    TooFew(Stage),
    /// The dealings give no usable key.
    Keys(crypto::joint_key::JointKeyError),
}

/// Keys of the election, from the end of stage 3.
#[derive(Clone, Debug)]
pub struct JointKey {
    /// J.
    pub fingerprint: JointKeyFingerprint,
    /// The qualified set, ascending.
    pub qualified: Vec<u32>,
    /// Slot keys and verification shares.
    pub keys: crypto::joint_key::JointKey,
}

impl JointKey {
    /// The verification shares `X_i1..X_iK` of a qualified trustee; empty for any other.
    pub fn shares(&self, trustee: u32) -> &[EncodedPoint] {
        self.keys.verification_shares(trustee.into()).map_or(&[], |shares| shares.encoded())
    }
}

/// The ceremony as far as the record has it.
#[derive(Clone, Debug)]
pub struct Ceremony {
    pub(super) stage: Stage,
    pub(super) remaining: BTreeSet<u32>,
    pub(super) commitments: BTreeMap<u32, Vec<PartHash>>,
    pub(super) dealings: BTreeMap<u32, BTreeMap<u32, Dealing>>,
    pub(super) ephemerals: HashSet<EncodedPoint>,
    pub(super) fingerprint: Option<DealingsFingerprint>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) confirmed: BTreeSet<u32>,
    /// Rehearsals of each trustee: how many, and the position of the last.
    pub(super) rehearsals: BTreeMap<u32, (u32, u64)>,
    departures: BTreeMap<u32, (Stage, Departure)>,
    /// Position of the entry with which a trustee completed a stage.
    completed: BTreeMap<(Stage, u32), u64>,
    /// Position of the entry that ended a stage.
    ended: BTreeMap<Stage, u64>,
    /// Time of the entry that ended the stage before this one; none in stage 1.
    pub(super) began: Option<Minutes>,
    joint_key: Option<JointKey>,
    /// Position of the entry that ended stage 3.
    pub(super) keyed_at: Option<u64>,
    failure: Option<CeremonyFailure>,
}

impl Ceremony {
    pub(super) fn new(trustees: u32) -> Self {
        Self {
            stage: Stage::Commit,
            remaining: (1..=trustees).collect(),
            commitments: BTreeMap::new(),
            dealings: BTreeMap::new(),
            ephemerals: HashSet::new(),
            fingerprint: None,
            verdicts: Vec::new(),
            confirmed: BTreeSet::new(),
            rehearsals: BTreeMap::new(),
            departures: BTreeMap::new(),
            completed: BTreeMap::new(),
            ended: BTreeMap::new(),
            began: None,
            joint_key: None,
            keyed_at: None,
            failure: None,
        }
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The trustees still part of it: after stage 3 the qualified set, after stage 4 the active trustees.
    pub fn remaining(&self) -> &BTreeSet<u32> {
        &self.remaining
    }

    /// The trustees the stage waits for.
    pub fn awaited(&self, manifest: &Manifest) -> Vec<u32> {
        self.remaining.iter().copied().filter(|trustee| !self.has_completed(*trustee, manifest)).collect()
    }

    /// The trustees that would remain if the present stage ended now (CER-13).
    pub fn staying(&self, manifest: &Manifest) -> BTreeSet<u32> {
        let judged = |trustee: u32| {
            self.stage == Stage::Check
                && self
                    .verdicts
                    .iter()
                    .any(|verdict| trustee == if verdict.upheld { verdict.dealer } else { verdict.complainer })
        };
        let stays = |trustee: &u32| self.has_completed(*trustee, manifest) && !judged(*trustee);
        self.remaining.iter().copied().filter(stays).collect()
    }

    /// Why each trustee that left did so, and at the end of which stage.
    pub fn departures(&self) -> &BTreeMap<u32, (Stage, Departure)> {
        &self.departures
    }

    /// Position of the entry with which a trustee completed a stage, if it did.
    pub fn completed_at(&self, stage: Stage, trustee: u32) -> Option<u64> {
        self.completed.get(&(stage, trustee)).copied()
    }

    /// Position of the entry that ended a stage: the last step it waited for, or a `StageEnd`.
    pub fn ended_at(&self, stage: Stage) -> Option<u64> {
        self.ended.get(&stage).copied()
    }

    /// The complaints, judged.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// A dealer's committed part hashes.
    pub fn commitment(&self, dealer: u32) -> Option<&[PartHash]> {
        self.commitments.get(&dealer).map(Vec::as_slice)
    }

    /// A dealer's part, if it is posted.
    pub fn dealing(&self, dealer: u32, part: u32) -> Option<&Dealing> {
        self.dealings.get(&dealer)?.get(&part)
    }

    /// The dealers whose dealings the dealings fingerprint covers: all left after stage 2.
    pub fn dealers(&self) -> impl Iterator<Item = u32> + '_ {
        let left_later = |dealer: &u32| self.departures.get(dealer).is_none_or(|(stage, _)| *stage >= Stage::Check);
        self.dealings.keys().copied().filter(left_later)
    }

    /// Dealings fingerprint, from the end of stage 2.
    pub fn fingerprint(&self) -> Option<DealingsFingerprint> {
        self.fingerprint
    }

    /// Whether a trustee has confirmed.
    pub fn has_confirmed(&self, trustee: u32) -> bool {
        self.confirmed.contains(&trustee)
    }

    /// How often a trustee has rehearsed, and the position of the last time.
    pub fn rehearsals(&self, trustee: u32) -> Option<(u32, u64)> {
        self.rehearsals.get(&trustee).copied()
    }

    /// Keys, from the end of stage 3.
    pub fn joint_key(&self) -> Option<&JointKey> {
        self.joint_key.as_ref()
    }

    /// Position of the entry that ended stage 3: what a first rehearsal names.
    pub fn keyed_at(&self) -> Option<u64> {
        self.keyed_at
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&CeremonyFailure> {
        self.failure.as_ref()
    }

    /// The active trustees, once fixed.
    pub fn active(&self) -> Vec<u32> {
        if self.stage == Stage::Ended { self.remaining.iter().copied().collect() } else { Vec::new() }
    }

    pub(super) fn has_completed(&self, trustee: u32, manifest: &Manifest) -> bool {
        match self.stage {
            Stage::Commit => self.commitments.contains_key(&trustee),
            Stage::Deal => self.dealings.get(&trustee).is_some_and(|parts| parts.len() == manifest.parts()),
            Stage::Check => self.confirmed.contains(&trustee),
            Stage::Rehearse => self.rehearsals.contains_key(&trustee),
            Stage::Ended => true,
        }
    }

    /// CER-29: from when on the present stage may be ended without those it waits for: its deadline or, where it began late, when it has
    /// lasted as long as the manifest planned. None when all have ended.
    pub fn due(&self, manifest: &Manifest) -> Option<Minutes> {
        let deadline = self.deadline(manifest)?;
        let before = usize::try_from(self.stage.number()).ok()?.checked_sub(2);
        let before = before.and_then(|place| manifest.stage_deadlines.get(place));
        let (Some(began), Some(before)) = (self.began, before) else { return Some(deadline) };
        Some(deadline.max(began.saturating_add(deadline.saturating_sub(*before))))
    }

    /// The present stage's deadline in the manifest.
    pub(super) fn deadline(&self, manifest: &Manifest) -> Option<Minutes> {
        let place = usize::try_from(self.stage.number().saturating_sub(1)).ok()?;
        manifest.stage_deadlines.get(place).copied()
    }

    /// CER-29: from when on it may be ended, for whoever knows that it is `now`: a stage cannot have begun in the future.
    pub(super) fn due_at(&self, manifest: &Manifest, now: Minutes) -> Option<Minutes> {
        let tolerated = now.saturating_add(TOLERANCE / 60);
        if self.began.is_some_and(|began| began > tolerated) { self.deadline(manifest) } else { self.due(manifest) }
    }

    /// Ends the stage if the last remaining trustee has completed it (CER-13); `index` is the entry that did it, and `time` its time.
    pub(super) fn advance(&mut self, election: &ElectionFingerprint, manifest: &Manifest, index: u64, time: Minutes) {
        if self.stage == Stage::Ended || self.failure.is_some() {
            return;
        }
        for trustee in &self.remaining {
            if self.has_completed(*trustee, manifest) {
                self.completed.entry((self.stage, *trustee)).or_insert(index);
            }
        }
        if self.awaited(manifest).is_empty() {
            self.end_stage(election, manifest, index, time);
        }
    }

    /// Ends the present stage: who has not completed it leaves, and at stage 3 the guilty too (CER-13, CER-14).
    pub(super) fn end_stage(&mut self, election: &ElectionFingerprint, manifest: &Manifest, index: u64, time: Minutes) {
        let ended = self.stage;
        self.ended.insert(ended, index);
        self.began = Some(time);
        for trustee in self.awaited(manifest) {
            self.leave(trustee, Departure::Silent);
        }
        if ended == Stage::Check {
            for verdict in self.verdicts.clone() {
                if verdict.upheld {
                    self.leave(verdict.dealer, Departure::BadDealing);
                } else {
                    self.leave(verdict.complainer, Departure::FalseComplaint);
                }
            }
        }
        if u32::try_from(self.remaining.len()).unwrap_or(u32::MAX) < manifest.quorum {
            self.failure = Some(CeremonyFailure::TooFew(ended));
            return;
        }
        self.stage = match ended {
            Stage::Commit => Stage::Deal,
            Stage::Deal => {
                self.fingerprint = Some(self.dealings_fingerprint(election));
                Stage::Check
            }
            Stage::Check => {
                self.keyed_at = Some(index);
                match self.combine(election, manifest) {
                    Ok(joint_key) => self.joint_key = Some(joint_key),
                    Err(error) => self.failure = Some(CeremonyFailure::Keys(error)),
                }
                Stage::Rehearse
            }
            Stage::Rehearse | Stage::Ended => Stage::Ended,
        };
    }

    fn leave(&mut self, trustee: u32, departure: Departure) {
        if self.remaining.remove(&trustee) || departure != Departure::Silent {
            // A guilty trustee that was also silent is remembered as guilty: that is what the record proves.
            self.departures.insert(trustee, (self.stage, departure));
        }
    }

    fn dealings_fingerprint(&self, election: &ElectionFingerprint) -> DealingsFingerprint {
        let left: Vec<(u32, &[PartHash])> = self
            .remaining
            .iter()
            .filter_map(|dealer| Some((*dealer, self.commitments.get(dealer)?.as_slice())))
            .collect();
        fingerprint::dealings(election, left.into_iter())
    }

    /// CER-11: the sums of the qualified dealers' contributions.
    fn combine(
        &self,
        election: &ElectionFingerprint,
        manifest: &Manifest,
    ) -> Result<JointKey, crypto::joint_key::JointKeyError> {
        let coefficients: BTreeMap<u64, Vec<EncodedPoint>> = self
            .remaining
            .iter()
            .map(|dealer| {
                let parts = self.dealings.get(dealer).into_iter().flat_map(BTreeMap::values);
                (u64::from(*dealer), parts.flat_map(|part| part.coefficients.iter().copied()).collect())
            })
            .collect();
        let threshold = usize::try_from(manifest.threshold).expect("k is at most 32");
        let keys = crypto::joint_key::JointKey::combine(threshold, manifest.slot_keys(), &coefficients)?;
        let qualified: Vec<u32> = self.remaining.iter().copied().collect();
        let shares: Vec<Vec<EncodedPoint>> = qualified
            .iter()
            .map(|trustee| keys.verification_shares((*trustee).into()).map_or(Vec::new(), |row| row.encoded().to_vec()))
            .collect();
        let dealings = self.fingerprint.unwrap_or(DealingsFingerprint([0; 32]));
        let fingerprint = fingerprint::joint_key(election, &dealings, &qualified, keys.slot_keys().encoded(), &shares);
        Ok(JointKey { fingerprint, qualified, keys })
    }
}
