//! What the board tells of an election without being asked to prove it (HTTP-12).

use board_api::{
    CeremonyStatus, CountStatus, ElectionStatus, ElectionSummary, LotStatus, RollStatus, TallyStatus, log_path,
};
use crypto::EncodedPoint;
use protocol::{
    Election,
    contest::TieRule,
    counting::lot,
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
        counts: counts(election),
        tally: tally(election),
        lots: lots(election),
    }
}

fn roll(election: &Election) -> RollStatus {
    let roll = election.roll();
    let chunks = roll.chunk_count();
    let registrars = 1..=u32::try_from(election.manifest().registrars.len()).unwrap_or(u32::MAX);
    let received = registrars.map(|registrar| chunks.saturating_sub(roll.missing_chunk_count(registrar)));
    RollStatus { chunks, received: received.collect(), complete: roll.is_complete() }
}

fn counts(election: &Election) -> CountStatus {
    let counts = election.counts();
    CountStatus { ballots: counts.ballots, audits: counts.audits }
}

fn contests(election: &Election) -> std::ops::Range<u32> {
    0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX)
}

fn tally(election: &Election) -> Vec<TallyStatus> {
    // Nothing is counted, and nobody's row is looked at, before the closing.
    let weights = if election.closing().is_some() { election.counted_weight_by_unit() } else { Vec::new() };
    let weight = |unit: &u32| usize::try_from(*unit).ok().and_then(|unit| weights.get(unit)).copied().unwrap_or(0);
    let of_contest = |contest: u32| {
        let groups = (0u32..).zip(election.groups(contest));
        groups.map(move |(group, state)| line(contest, group, state, state.units.iter().map(weight).sum()))
    };
    contests(election).flat_map(of_contest).collect()
}

/// CNT-20: of every contest that may need it and is counted.
fn lots(election: &Election) -> Vec<LotStatus> {
    let drawn = contests(election).filter(|index| {
        election.manifest().contest(*index).is_some_and(|contest| contest.terms().ties == TieRule::Lot)
    });
    drawn.filter_map(|contest| Some(LotStatus { contest, seed: lot(election, contest)? })).collect()
}

fn lot(election: &Election, contest: u32) -> Option<lot::Seed> {
    let open = (0u32..).zip(election.groups(contest)).filter(|(_, group)| group.status == GroupStatus::Open);
    let masks = open.map(|(number, group)| {
        group.totals()?;
        let totals = election.total_points(contest, number)?;
        let masks =
            group.aggregate()?.slots().iter().zip(totals).map(|(sum, total)| EncodedPoint::encode(&(sum - total)));
        Some(masks.collect::<Vec<EncodedPoint>>())
    });
    let masks: Vec<Vec<EncodedPoint>> = masks.collect::<Option<_>>()?;
    let closing = election.closing().filter(|_| !masks.is_empty())?;
    Some(lot::seed(&closing, contest, masks.iter().map(Vec::as_slice)))
}

fn line(contest: u32, group: u32, state: &TallyGroup, weight: u64) -> TallyStatus {
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
        weight,
        status: status.to_owned(),
        partials: state.right().keys().copied().collect(),
        totals: state.totals().map(<[u64]>::to_vec),
    }
}
