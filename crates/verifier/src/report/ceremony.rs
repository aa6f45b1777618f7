//! What became of the key ceremony (VER-34): every number is one that check 6 found in the entries.

use super::{
    story::{self, Happening},
    words::date,
};
use crate::checks::{
    Checks,
    course::{Course, Failed, KeyFault, StageCourse},
};
use protocol::{
    Election,
    election::{Departure, Stage},
};
use serde::Serialize;

/// A trustee's step of a stage.
#[derive(Clone, Debug, Serialize)]
pub struct StepFacts {
    /// Its number.
    pub trustee: u32,
    /// The entries it posted.
    pub entries: Vec<u64>,
}

/// How a stage ended.
#[derive(Clone, Debug, Serialize)]
pub struct StageEndFacts {
    /// The entry.
    pub entry: u64,
    /// Its time, on the board's clock.
    pub time: String,
    /// `last-step`, or `authority` without those that were awaited.
    pub by: &'static str,
    /// Of a stage that the authority ended: the witnesses that attest that its deadline had passed, with their times in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
}

/// A stage of the ceremony that has begun.
#[derive(Clone, Debug, Serialize)]
pub struct StageFacts {
    /// From 1.
    pub stage: u32,
    /// `commit`, `deal`, `check` or `rehearse`.
    pub name: &'static str,
    /// From when on the authority may end it.
    pub deadline: String,
    /// Who posted what.
    pub posted: Vec<StepFacts>,
    /// How it ended, if it did.
    pub ended: Option<StageEndFacts>,
    /// The trustees it waits for, or waited for when it was ended.
    pub awaited: Vec<u32>,
}

/// A trustee that left the ceremony.
#[derive(Clone, Debug, Serialize)]
pub struct DepartureFacts {
    /// Its number.
    pub trustee: u32,
    /// The stage at whose end it left.
    pub stage: u32,
    /// The entry that ended the stage.
    pub entry: u64,
    /// `silent`, `bad-dealing` or `false-complaint`.
    pub reason: &'static str,
    /// The entries of the complaints that prove it.
    pub grounds: Vec<u64>,
}

/// A complaint, judged.
#[derive(Clone, Debug, Serialize)]
pub struct ComplaintFacts {
    /// Its entry.
    pub entry: u64,
    /// Who complained.
    pub complainer: u32,
    /// Of whom.
    pub dealer: u32,
    /// Of which part of the dealing.
    pub part: u32,
    /// Whether the dealer is guilty; otherwise the complainer is.
    pub upheld: bool,
    /// What is wrong with the box that it opened; nothing if it is false.
    pub fault: Option<String>,
}

/// A trustee's rehearsals.
#[derive(Clone, Debug, Serialize)]
pub struct RehearsalFacts {
    /// Its number.
    pub trustee: u32,
    /// How many.
    pub count: u32,
    /// Entry of the last.
    pub last: u64,
    /// The entry that the last one names: it was made after it.
    pub names: u64,
}

/// A trustee's retirement.
#[derive(Clone, Debug, Serialize)]
pub struct RetirementFacts {
    /// Its number.
    pub trustee: u32,
    /// The entry.
    pub entry: u64,
}

/// What became of the ceremony.
#[derive(Clone, Debug, Serialize)]
pub struct CeremonyFacts {
    /// Every stage that has begun.
    pub stages: Vec<StageFacts>,
    /// Complaints.
    pub complaints: Vec<ComplaintFacts>,
    /// Who left.
    pub departures: Vec<DepartureFacts>,
    /// The trustees whose dealings make the key; none before the end of stage 3, or if there is no key.
    pub qualified: Vec<u32>,
    /// The trustees that may decrypt; none before the end of stage 4.
    pub active: Vec<u32>,
    /// How many of these are not needed; nothing before the end of stage 4.
    pub spare: Option<u32>,
    /// Each trustee's last rehearsal.
    pub rehearsals: Vec<RehearsalFacts>,
    /// Who declared that its secrets are destroyed (RET-1).
    pub retirements: Vec<RetirementFacts>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// All that a reader should know of the trustees, in the order of the record.
    pub story: Vec<Happening>,
}

/// What a stage is called.
pub(super) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Commit => "commit",
        Stage::Deal => "deal",
        Stage::Check => "check",
        Stage::Rehearse => "rehearse",
        Stage::Ended => "ended",
    }
}

/// Why there are no keys, or too few trustees.
pub(super) fn failure(election: &Election, course: &Course) -> Option<String> {
    let quorum = election.manifest().quorum;
    let (failed, _) = course.failed?;
    Some(match failed {
        Failed::TooFew(stage) => {
            let left = course.remaining.len();
            let are = if left == 1 { "trustee was" } else { "trustees were" };
            format!("at the end of stage {} only {left} {are} left, and {quorum} are needed to go on", stage.number())
        }
        Failed::Keys(KeyFault::Identity(slot)) => {
            format!(
                "the dealings cancel each other: the key of slot {} would be known to everybody",
                slot.saturating_add(1)
            )
        }
        Failed::Keys(KeyFault::Repeated(slot)) => {
            format!("the dealings give slot {} the key of another slot", slot.saturating_add(1))
        }
        Failed::Keys(KeyFault::Lowered(slot)) => {
            let slot = slot.saturating_add(1);
            format!("the dealings cancel each other: fewer trustees than announced could decrypt slot {slot}")
        }
    })
}

pub(super) fn facts(election: &Election, checks: &Checks) -> CeremonyFacts {
    let course = &checks.ceremony.course;
    let active: Vec<u32> = course.active().into_iter().flatten().copied().collect();
    let count = u32::try_from(active.len()).unwrap_or(u32::MAX);
    CeremonyFacts {
        stages: course.stages.iter().map(|stage| stage_facts(election, stage)).collect(),
        complaints: course
            .judged
            .iter()
            .map(|judged| ComplaintFacts {
                entry: judged.verdict.entry,
                complainer: judged.verdict.complainer,
                dealer: judged.verdict.dealer,
                part: judged.verdict.part,
                upheld: judged.verdict.upheld,
                fault: judged.fault.map(|fault| fault.to_string()),
            })
            .collect(),
        departures: course
            .left
            .iter()
            .map(|left| DepartureFacts {
                trustee: left.trustee,
                stage: left.stage.number(),
                entry: left.entry,
                reason: match left.departure {
                    Departure::Silent => "silent",
                    Departure::BadDealing => "bad-dealing",
                    Departure::FalseComplaint => "false-complaint",
                },
                grounds: left.grounds.clone(),
            })
            .collect(),
        qualified: course.qualified.iter().flat_map(|(qualified, _)| qualified).copied().collect(),
        spare: course.active().map(|_| count.saturating_sub(election.manifest().threshold)),
        active,
        rehearsals: course
            .rehearsals
            .iter()
            .map(|(trustee, one)| RehearsalFacts {
                trustee: *trustee,
                count: one.count,
                last: one.last,
                names: one.names,
            })
            .collect(),
        retirements: course
            .retired
            .iter()
            .map(|(trustee, entry)| RetirementFacts { trustee: *trustee, entry: *entry })
            .collect(),
        failure: failure(election, course),
        story: story::tell(election, checks),
    }
}

fn stage_facts(election: &Election, stage: &StageCourse) -> StageFacts {
    StageFacts {
        stage: stage.stage.number(),
        name: stage_name(stage.stage),
        deadline: date(stage.due),
        posted: stage
            .posted
            .iter()
            .map(|(trustee, entries)| StepFacts { trustee: *trustee, entries: entries.clone() })
            .collect(),
        ended: stage.end.as_ref().map(|end| StageEndFacts {
            entry: end.entry,
            time: date(end.time),
            by: if end.last.is_some() { "last-step" } else { "authority" },
            witnesses: end.witnesses.clone(),
        }),
        awaited: stage.awaited(election),
    }
}
