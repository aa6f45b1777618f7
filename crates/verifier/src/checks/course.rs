//! Check 6, the course of the key ceremony from the entries alone (VER-32): who posted what, when and how each stage ended, who left and
//! why. After every entry of the ceremony it must be what the fold has.

use super::{CheckId, Observed};
use crate::verdict::Failure;
use crypto::sealed_share::BadShares;
use protocol::{
    Author, Body, Election, Phase,
    election::{CeremonyFailure, Departure, Stage, Verdict},
    ids::Minutes,
};
use std::collections::{BTreeMap, BTreeSet};
use tlog::checkpoint::open_strict;

/// A complaint, judged here, and what was found in the box.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    /// What is wrong with the box; nothing if the complaint is false.
    pub(crate) fault: Option<BadShares>,
}

/// How a stage ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The entry that ended it.
    pub(crate) entry: u64,
    /// That entry's time, on the board's clock.
    pub(crate) time: Minutes,
    /// The trustee whose step was the last that was awaited; none if the authority ended the stage.
    pub(crate) last: Option<u32>,
    /// Of a `StageEnd`: the witnesses that attest that the deadline had passed, with their times in seconds since 1970.
    pub(crate) witnesses: Vec<(String, u64)>,
}

/// A stage that has begun.
#[derive(Clone, Debug)]
pub(crate) struct StageCourse {
    pub(crate) stage: Stage,
    /// CER-29: from when on the authority may end it.
    pub(crate) due: Minutes,
    /// Who was part of it.
    pub(crate) members: BTreeSet<u32>,
    /// The entries of each trustee's step; complaints are no step.
    pub(crate) posted: BTreeMap<u32, Vec<u64>>,
    pub(crate) end: Option<End>,
}

impl StageCourse {
    /// The members that have not done their step.
    pub(crate) fn awaited(&self, election: &Election) -> Vec<u32> {
        self.members.iter().copied().filter(|trustee| self.completed_at(*trustee, election).is_none()).collect()
    }

    /// The entry that completed a trustee's step.
    fn completed_at(&self, trustee: u32, election: &Election) -> Option<u64> {
        let entries = if self.stage == Stage::Deal { election.manifest().parts() } else { 1 };
        self.posted.get(&trustee)?.get(entries.checked_sub(1)?).copied()
    }
}

/// A trustee that left.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) trustee: u32,
    pub(crate) stage: Stage,
    /// The entry at which the stage ended.
    pub(crate) entry: u64,
    pub(crate) departure: Departure,
    /// The complaints that show its guilt.
    pub(crate) grounds: Vec<u64>,
}

/// A trustee's rehearsals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rehearsed {
    pub(crate) count: u32,
    /// Entry of the last.
    pub(crate) last: u64,
    /// The entry that the last one names: it is not older than that.
    pub(crate) names: u64,
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// The key of this slot is the identity.
    Identity(usize),
    /// The key of this slot is that of an earlier one.
    Repeated(usize),
    /// The top coefficients of this slot cancel.
    Lowered(usize),
}

/// Why the ceremony failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failed {
    /// Fewer than q were left at the end of this stage.
    TooFew(Stage),
    /// The dealings give no usable key.
    Keys(KeyFault),
}

/// The ceremony so far.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// The stages that have begun, in order.
    pub(crate) stages: Vec<StageCourse>,
    pub(crate) remaining: BTreeSet<u32>,
    pub(crate) judged: Vec<Judged>,
    pub(crate) left: Vec<Left>,
    pub(crate) rehearsals: BTreeMap<u32, Rehearsed>,
    /// Retirements, by trustee (RET-1).
    pub(crate) retired: BTreeMap<u32, u64>,
    /// The trustees whose dealings make the key, and the entry that fixed them.
    pub(crate) qualified: Option<(BTreeSet<u32>, u64)>,
    /// Why it failed, and at which entry.
    pub(crate) failed: Option<(Failed, u64)>,
}

impl Course {
    /// Entry 0 names the trustees.
    pub(crate) fn begin(&mut self, election: &Election) {
        self.remaining = (1u32..).zip(&election.manifest().trustees).map(|(number, _)| number).collect();
        self.enter(election, Stage::Commit);
    }

    /// The active trustees, once stage 4 has ended.
    pub(crate) fn active(&self) -> Option<&BTreeSet<u32>> {
        (self.failed.is_none() && self.stage() == Stage::Ended).then_some(&self.remaining)
    }

    /// The stage that goes on; [`Stage::Ended`] after the last.
    pub(crate) fn stage(&self) -> Stage {
        self.stages.last().filter(|last| last.end.is_none()).map_or(Stage::Ended, |last| last.stage)
    }

    /// The trustees that the stage that goes on waits for.
    fn awaited(&self, election: &Election) -> Vec<u32> {
        self.stages.last().filter(|last| last.end.is_none()).map_or(Vec::new(), |last| last.awaited(election))
    }

    fn enter(&mut self, election: &Election, stage: Stage) {
        let members = self.remaining.clone();
        let due = self.due(election);
        self.stages.push(StageCourse { stage, due, members, posted: BTreeMap::new(), end: None });
    }

    /// CER-29, of the stage that begins now.
    fn due(&self, election: &Election) -> Minutes {
        let place = self.stages.len();
        let deadline = |place: usize| election.manifest().stage_deadlines.get(place).copied().unwrap_or(0);
        self.stages.last().and_then(|before| before.end.as_ref()).map_or(deadline(place), |end| {
            let planned = deadline(place).saturating_sub(deadline(place.saturating_sub(1)));
            deadline(place).max(end.time.saturating_add(planned))
        })
    }

    /// A trustee's step of the stage that goes on.
    fn post(&mut self, trustee: u32, entry: u64) {
        if let Some(stage) = self.stages.last_mut().filter(|stage| stage.end.is_none()) {
            stage.posted.entry(trustee).or_default().push(entry);
        }
    }

    /// Takes down an entry of the ceremony. Says whether it ended the stage.
    pub(crate) fn observe(&mut self, election: &Election, seen: &Observed<'_>, judged: Option<Judged>) -> bool {
        let trustee = if let Author::Trustee(trustee) = seen.author { trustee } else { 0 };
        match seen.body {
            Body::Complaint(_) => self.judged.extend(judged),
            Body::Retirement(_) => {
                self.retired.insert(trustee, seen.index);
                return false;
            }
            Body::StageEnd(body) => {
                let policy = election.policy();
                // Whose times the fold counted: from when it was due, or, where the log claimed a later time than it was (CER-29), any.
                let due = self.stages.last().map_or(0, |stage| stage.due);
                let witnesses = open_strict(&body.evidence, &policy.keys()).map_or_else(
                    |_| Vec::new(),
                    |signed| {
                        let counted = policy.evaluate(&signed, due.saturating_mul(60));
                        if counted.quorum_met { counted } else { policy.evaluate(&signed, 0) }.cosigned
                    },
                );
                self.end(election, End { entry: seen.index, time: seen.time, last: None, witnesses });
                return true;
            }
            Body::Rehearsal(body) => {
                self.post(trustee, seen.index);
                let known = self.rehearsals.get(&trustee).map_or(0, |rehearsed| rehearsed.count);
                let rehearsed = Rehearsed { count: known.saturating_add(1), last: seen.index, names: body.entry };
                self.rehearsals.insert(trustee, rehearsed);
            }
            _ => self.post(trustee, seen.index),
        }
        let ends = self.stage() != Stage::Ended && self.awaited(election).is_empty();
        if ends {
            let end = End { entry: seen.index, time: seen.time, last: Some(trustee), witnesses: Vec::new() };
            self.end(election, end);
        }
        ends
    }

    /// CER-13, CER-14.
    fn end(&mut self, election: &Election, end: End) {
        let entry = end.entry;
        let silent = self.awaited(election);
        let Some(ended) = self.stages.last_mut() else { return };
        let stage = ended.stage;
        ended.end = Some(end);
        let mut left: BTreeMap<u32, (Departure, Vec<u64>)> =
            silent.into_iter().map(|trustee| (trustee, (Departure::Silent, Vec::new()))).collect();
        for Judged { verdict, .. } in self.judged.iter().filter(|_| stage == Stage::Check) {
            let (guilty, departure) = match verdict.upheld {
                true => (verdict.dealer, Departure::BadDealing),
                false => (verdict.complainer, Departure::FalseComplaint),
            };
            let known = left.entry(guilty).or_insert((departure, Vec::new()));
            // What the record proves is said, not that it was silent besides; of two proofs the later one names the reason.
            known.0 = departure;
            known.1.push(verdict.entry);
        }
        for (trustee, (departure, grounds)) in left {
            self.remaining.remove(&trustee);
            self.left.push(Left { trustee, stage, entry, departure, grounds });
        }
        if u32::try_from(self.remaining.len()).unwrap_or(u32::MAX) < election.manifest().quorum {
            self.failed = Some((Failed::TooFew(stage), entry));
            return;
        }
        match stage {
            Stage::Commit => self.enter(election, Stage::Deal),
            Stage::Deal => self.enter(election, Stage::Check),
            Stage::Check => {
                self.qualified = Some((self.remaining.clone(), entry));
                self.enter(election, Stage::Rehearse);
            }
            Stage::Rehearse | Stage::Ended => {}
        }
    }

    /// CER-11: the qualified dealings give no key.
    pub(crate) fn fail(&mut self, fault: KeyFault, entry: u64) {
        self.stages.pop_if(|last| last.stage == Stage::Rehearse);
        self.qualified = None;
        self.failed = Some((Failed::Keys(fault), entry));
    }

    /// VER-32: what the fold has of the ceremony is exactly this.
    pub(crate) fn compare(&self, election: &Election, index: u64) -> Result<(), Failure> {
        let fold = election.ceremony();
        let by = |rule: &'static str, what: &str, own: String, its: String| {
            let text = "the course of the ceremony is the one that its entries make";
            let told = |course: String| format!("{what} {course}");
            let wrong = || Failure::new(CheckId::Ceremony, rule, text, told(own.clone()), told(its.clone()));
            if own == its { Ok(()) } else { Err(wrong().at(index)) }
        };
        let same = |what: &str, own: String, its: String| by("VER-32", what, own, its);
        let own: Vec<Verdict> = self.judged.iter().map(|judged| judged.verdict).collect();
        by("VER-33", "verdicts:", format!("{own:?}"), format!("{:?}", fold.verdicts()))?;
        let due = self.stages.last().filter(|last| last.end.is_none()).map(|last| last.due);
        let its = election.evidence_due().filter(|_| election.phase() == Phase::Setup);
        same("due:", format!("{due:?}"), format!("{its:?}"))?;
        let numbers = |set: &BTreeSet<u32>| format!("{set:?}");
        same("trustees that remain:", numbers(&self.remaining), numbers(fold.remaining()))?;
        same("retirements:", format!("{:?}", self.retired), format!("{:?}", election.retired()))?;
        let own = self.left.iter().map(|left| (left.trustee, (left.stage, left.departure)));
        same("departures:", format!("{:?}", own.collect::<BTreeMap<_, _>>()), format!("{:?}", fold.departures()))?;
        for stage in &self.stages {
            let own = stage.end.as_ref().map(|end| end.entry);
            same("the end of a stage:", format!("{own:?}"), format!("{:?}", fold.ended_at(stage.stage)))?;
            for trustee in &stage.members {
                let own = stage.completed_at(*trustee, election);
                let its = fold.completed_at(stage.stage, *trustee);
                same("a completed step:", format!("{own:?}"), format!("{its:?}"))?;
            }
        }
        for (trustee, rehearsed) in &self.rehearsals {
            let its = fold.rehearsals(*trustee);
            same("rehearsals:", format!("{:?}", Some((rehearsed.count, rehearsed.last))), format!("{its:?}"))?;
        }
        // The stage after which too few were left, or none if there is no key.
        let own = self.failed.map(|(failed, _)| match failed {
            Failed::TooFew(stage) => Some(stage),
            Failed::Keys(_) => None,
        });
        let its = fold.failure().map(|failure| match failure {
            CeremonyFailure::TooFew(stage) => Some(*stage),
            CeremonyFailure::Keys(_) => None,
        });
        same("failure:", format!("{own:?}"), format!("{its:?}"))?;
        if self.failed.is_none() {
            same("stage:", format!("{:?}", self.stage()), format!("{:?}", fold.stage()))?;
        }
        Ok(())
    }
}
