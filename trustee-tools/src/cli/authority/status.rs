//! Where an election stands, from the verified record.

use crate::authority::{NotReady, in_words, not_ready};
use protocol::{Election, Phase, election::GroupStatus, ids::Minutes};
use serde::Serialize;

/// Where an election stands.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    election: String,
    title: String,
    phase: String,
    entries: u64,
    ceremony_stage: u32,
    trustees_awaited: Vec<u32>,
    active_trustees: Vec<u32>,
    threshold: u32,
    registrars_awaited: Vec<u32>,
    closing_time: Minutes,
    ballots: u64,
    groups: Vec<Group>,
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
    pub(super) fn of(election: &Election) -> Self {
        let (manifest, ceremony) = (election.manifest(), election.ceremony());
        let waiting = not_ready(election);
        let contests = 0..u32::try_from(manifest.contests.len()).unwrap_or(u32::MAX);
        let groups = contests.flat_map(|contest| {
            (0u32..).zip(election.groups(contest)).map(move |(group, state)| Group {
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
            })
        });
        let registrars_awaited = waiting.iter().flat_map(|NotReady { roll, .. }| roll.iter().map(|(index, _)| *index));
        Self {
            election: election.fingerprint().to_string(),
            title: manifest.title.clone(),
            phase: format!("{:?}", election.phase()).to_lowercase(),
            entries: election.size(),
            ceremony_stage: ceremony.stage().number(),
            trustees_awaited: if election.phase() == Phase::Setup { ceremony.awaited(manifest) } else { Vec::new() },
            active_trustees: ceremony.active(),
            threshold: manifest.threshold,
            registrars_awaited: registrars_awaited.collect(),
            closing_time: election.closing_time(),
            ballots: election.counts().ballots,
            groups: groups.collect(),
        }
    }

    /// What the results wait for, in words; empty if they wait for nothing.
    pub(super) fn undecided(&self) -> String {
        if !matches!(self.phase.as_str(), "closed" | "tallied") {
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

impl std::fmt::Display for Status {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        writeln!(formatter, "Fingerprint: {}", self.election)?;
        writeln!(formatter, "Phase: {} ({} entries)", self.phase, self.entries)?;
        if self.phase == "setup" {
            let waits = |numbers: &[u32]| if numbers.is_empty() { "nobody".to_owned() } else { format!("{numbers:?}") };
            let stage = self.ceremony_stage;
            writeln!(formatter, "Ceremony: stage {stage}, waits for trustees {}", waits(&self.trustees_awaited))?;
            writeln!(formatter, "Roll: waits for registrars {}", waits(&self.registrars_awaited))?;
            return Ok(());
        }
        writeln!(formatter, "Active trustees: {:?}, {} decrypt", self.active_trustees, self.threshold)?;
        writeln!(formatter, "Closing time: {}", in_words(self.closing_time))?;
        writeln!(formatter, "Ballots: {}", self.ballots)?;
        for group in &self.groups {
            let Group { contest, group: number, status, counted, partials, .. } = group;
            write!(formatter, "Contest {contest}, group {number}: {status}, {counted} counted")?;
            match &group.totals {
                Some(totals) => writeln!(formatter, ", totals {totals:?}")?,
                None => writeln!(formatter, ", partial decryptions of trustees {partials:?}")?,
            }
        }
        Ok(())
    }
}
