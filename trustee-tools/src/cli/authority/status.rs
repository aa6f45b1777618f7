//! Where an election stands, from the verified record (CER-41): every official and every step, what is awaited of whom, and what comes next.

mod awaited;
mod table;

use crate::{
    authority::without_spare,
    guide::{advice, phase_name, story, wording::When},
};
use awaited::{Awaited, Next};
use protocol::{
    Election, Phase,
    election::{Departure, GroupStatus, Stage, TallyGroup},
    ids::Minutes,
};
use serde::Serialize;
use verifier::{GroupingFacts, WeightFacts};

/// The four stages in which something is posted.
const STAGES: [Stage; 4] = [Stage::Commit, Stage::Deal, Stage::Check, Stage::Rehearse];

/// Where an election stands.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    election: String,
    title: String,
    phase: &'static str,
    entries: u64,
    threshold: u32,
    quorum: u32,
    ceremony: CeremonyStatus,
    trustees: Vec<TrusteeStatus>,
    active_trustees: Vec<u32>,
    registrars: Vec<RegistrarStatus>,
    closing_time: When,
    ballots: u64,
    /// Rows overridden: their voters vote in person.
    overridden: usize,
    minimum_unit: u32,
    /// The units as the manifest declares them, in the order in which small ones are merged.
    units: Vec<UnitStatus>,
    groups: Vec<Group>,
    /// Which groups are of several units, or are not decrypted, and why; before the closing, as it would be now.
    grouping: Vec<GroupingFacts>,
    /// What weights give away.
    weights: Option<WeightFacts>,
    happened: Vec<String>,
    weaknesses: Vec<String>,
    awaited: Vec<Awaited>,
    next: Vec<Next>,
    without_spare: bool,
}

/// The key ceremony.
#[derive(Debug, Serialize)]
struct CeremonyStatus {
    /// 1 to 4; 5 when it has ended.
    stage: u32,
    /// When the stage is overdue.
    deadline: Option<When>,
    failed: bool,
}

/// A trustee's part in one stage.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
enum Part {
    /// The record has it.
    Done {
        /// The entry that completed it.
        entry: u64,
    },
    /// The stage waits for it.
    Awaited,
    /// The stage waits for it, and its time is over.
    Late,
    /// Its stage has not begun.
    Later,
    /// The trustee had left, or left for the lack of it.
    Left,
}

/// A trustee.
#[derive(Debug, Serialize)]
struct TrusteeStatus {
    index: u32,
    name: String,
    commit: Part,
    deal: Part,
    check: Part,
    rehearse: Part,
    left: Option<Left>,
    rehearsals: u32,
    /// Tally groups that it decrypted, and those where its part is wrong.
    decrypted: usize,
    wrong: usize,
    retired: Option<u64>,
}

/// Why a trustee is no longer part of it.
#[derive(Debug, Serialize)]
struct Left {
    stage: u32,
    entry: Option<u64>,
    why: &'static str,
}

/// A registrar's roll.
#[derive(Debug, Serialize)]
struct RegistrarStatus {
    index: u32,
    name: String,
    chunks: u32,
    of: u32,
}

/// A unit as declared.
#[derive(Debug, Serialize)]
struct UnitStatus {
    name: String,
    contests: Vec<u32>,
    credentials: u64,
}

/// A tally group.
#[derive(Debug, Serialize)]
struct Group {
    contest: u32,
    group: u32,
    status: &'static str,
    counted: u64,
    partials: Vec<u32>,
    wrong_partials: Vec<u32>,
    totals: Option<Vec<u64>>,
}

impl Status {
    /// CER-41: a function of the record and of the time.
    pub(super) fn of(election: &Election, now: Minutes) -> Self {
        let (manifest, ceremony) = (election.manifest(), election.ceremony());
        let stage = ceremony.stage();
        let deadline = election.evidence_due_at(now).filter(|_| election.phase() == Phase::Setup);
        let deadline = deadline.map(|minute| When::new(minute, now));
        let late = deadline.as_ref().is_some_and(|deadline| deadline.late);
        let trustees = (1u32..).zip(&manifest.trustees).map(|(index, keys)| trustee(election, index, &keys.name, late));
        let roll = election.roll();
        let registrars = (1u32..).zip(&manifest.registrars).map(|(index, official)| RegistrarStatus {
            index,
            name: official.name.clone(),
            chunks: roll.chunk_count().saturating_sub(roll.missing_chunk_count(index)),
            of: roll.chunk_count(),
        });
        Self {
            election: election.fingerprint().to_string(),
            title: manifest.title.clone(),
            phase: phase_name(election.phase()),
            entries: election.size(),
            threshold: manifest.threshold,
            quorum: manifest.quorum,
            ceremony: CeremonyStatus { stage: stage.number(), deadline, failed: ceremony.failure().is_some() },
            trustees: trustees.collect(),
            active_trustees: ceremony.active(),
            registrars: registrars.collect(),
            closing_time: When::new(election.closing_time(), now),
            ballots: election.counts().ballots,
            overridden: election.overrides().len(),
            minimum_unit: manifest.minimum_unit,
            units: manifest
                .units
                .iter()
                .zip(roll.unit_sizes())
                .map(|(unit, credentials)| UnitStatus {
                    name: unit.name.clone(),
                    contests: unit.contests.clone(),
                    credentials: *credentials,
                })
                .collect(),
            grouping: grouping(election),
            weights: WeightFacts::of(election),
            groups: groups(election).map(|(contest, group, state)| Group::of(contest, group, state)).collect(),
            happened: story(election),
            weaknesses: advice::on(manifest),
            awaited: awaited::awaited(election, now),
            next: awaited::next(election, now),
            without_spare: stage == Stage::Ended && without_spare(election),
        }
    }

    /// What the results wait for, in words; empty if they wait for nothing.
    pub(super) fn undecided(&self) -> String {
        if !matches!(self.phase, "closed" | "tallied") {
            return format!("the election is not closed: it is in phase {}", self.phase);
        }
        let open = self.groups.iter().filter(|group| group.status == "open" && group.totals.is_none());
        let lines = open.map(|group| {
            let (have, need) = (group.partials.len(), self.threshold);
            format!("contest {}, group {}: {have} of {need} partial decryptions", group.contest, group.group)
        });
        lines.collect::<Vec<_>>().join("; ")
    }
}

fn trustee(election: &Election, index: u32, name: &str, late: bool) -> TrusteeStatus {
    let ceremony = election.ceremony();
    let departure = ceremony.departures().get(&index);
    let present = ceremony.stage();
    let part = |stage: Stage| match ceremony.completed_at(stage, index) {
        Some(entry) => Part::Done { entry },
        None if departure.is_some() || stage < present => Part::Left,
        None if stage > present || election.phase() != Phase::Setup => Part::Later,
        None if late => Part::Late,
        None => Part::Awaited,
    };
    let [commit, deal, check, rehearse] = STAGES.map(part);
    let left = departure.map(|(stage, departure)| Left {
        stage: stage.number(),
        entry: ceremony.ended_at(*stage),
        why: match departure {
            Departure::Silent => "silent",
            Departure::BadDealing => "bad-dealing",
            Departure::FalseComplaint => "false-complaint",
        },
    });
    TrusteeStatus {
        index,
        name: name.to_owned(),
        commit,
        deal,
        check,
        rehearse,
        left,
        rehearsals: ceremony.rehearsals(index).map_or(0, |(count, _)| count),
        decrypted: groups(election).filter(|(_, _, group)| group.right().contains_key(&index)).count(),
        wrong: groups(election).filter(|(_, _, group)| group.wrong().contains_key(&index)).count(),
        retired: election.retired().get(&index).copied(),
    }
}

/// TAL-8, TAL-12, of the closing or, while voting goes on, of one that came now.
fn grouping(election: &Election) -> Vec<GroupingFacts> {
    let (manifest, counted) = (election.manifest(), election.counted_by_unit());
    let of = |(contest, group): (u32, u32), state: &TallyGroup| {
        GroupingFacts::of(manifest, (contest, group), &state.units, state.status, &counted)
    };
    if election.phase() == Phase::Voting {
        let count = election.count();
        let contests = (0u32..).zip(&count.groups);
        let all = contests
            .flat_map(|(contest, groups)| (0u32..).zip(groups).map(move |(group, state)| (contest, group, state)));
        return all.filter_map(|(contest, group, state)| of((contest, group), state)).collect();
    }
    groups(election).filter_map(|(contest, group, state)| of((contest, group), state)).collect()
}

/// Every tally group with its contest and number.
fn groups(election: &Election) -> impl Iterator<Item = (u32, u32, &TallyGroup)> {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    contests
        .flat_map(|contest| (0u32..).zip(election.groups(contest)).map(move |(group, state)| (contest, group, state)))
}

impl Group {
    fn of(contest: u32, group: u32, state: &TallyGroup) -> Self {
        Self {
            contest,
            group,
            status: match state.status {
                GroupStatus::Open => "open",
                GroupStatus::Empty => "empty",
                GroupStatus::Withheld => "withheld",
            },
            counted: state.counted,
            partials: state.right().keys().copied().collect(),
            wrong_partials: state.wrong().keys().copied().collect(),
            totals: state.totals().map(<[u64]>::to_vec),
        }
    }
}

#[cfg(test)]
mod tests;
