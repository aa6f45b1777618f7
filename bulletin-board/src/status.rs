//! What the board tells of an election without being asked to prove it (HTTP-12).

use board_api::{CeremonyStatus, ElectionStatus, ElectionSummary, RollStatus, TallyStatus, log_path};
use protocol::{
    Election,
    election::{GroupStatus, TallyGroup},
};

/// The status after the entries applied so far.
pub(crate) fn of(election: &Election) -> ElectionStatus {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    let fingerprint = election.fingerprint();
    ElectionStatus {
        summary: ElectionSummary {
            fingerprint,
            title: manifest.title.clone(),
            phase: election.phase(),
            size: election.size(),
            path: log_path(&fingerprint),
        },
        origin: election.log_origin().to_owned(),
        log_key: election.log_key().to_owned(),
        accepting: true,
        opening_time: manifest.opening,
        closing_time: election.closing_time(),
        last_time: election.last_time(),
        // The log knows them.
        cosigned_size: 0,
        witnesses: Vec::new(),
        joint_key: election.joint_key().map(|key| key.fingerprint),
        opening: election.opening(),
        closing: election.closing(),
        roll: roll(election),
        ceremony: CeremonyStatus {
            stage: ceremony.stage().number(),
            remaining: ceremony.remaining().iter().copied().collect(),
            awaited: ceremony.awaited(manifest),
        },
        tally: tally(election),
    }
}

fn roll(election: &Election) -> RollStatus {
    let roll = election.roll();
    let chunks = roll.chunk_count();
    let registrars = 1..=u32::try_from(election.manifest().registrars.len()).unwrap_or(u32::MAX);
    let received = registrars.map(|registrar| chunks.saturating_sub(roll.missing_chunk_count(registrar)));
    RollStatus { chunks, received: received.collect(), complete: roll.is_complete() }
}

fn tally(election: &Election) -> Vec<TallyStatus> {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    contests
        .flat_map(|contest| {
            (0u32..).zip(election.groups(contest)).map(move |(group, state)| line(contest, group, state))
        })
        .collect()
}

fn line(contest: u32, group: u32, state: &TallyGroup) -> TallyStatus {
    let status = match state.status {
        GroupStatus::Open => "open",
        GroupStatus::Empty => "empty",
        GroupStatus::Withheld => "withheld",
    };
    TallyStatus {
        contest,
        group,
        units: state.units.clone(),
        counted: state.counted,
        status: status.to_owned(),
        partials: state.right().keys().copied().collect(),
        totals: state.totals().map(<[u64]>::to_vec),
    }
}
