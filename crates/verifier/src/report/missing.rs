//! What a record lacks until it is complete, in the order of the election (VER-1).

use super::{
    ceremony::{failure, stage_name},
    story::parties,
};
use crate::checks::Checks;
use protocol::{
    Election, Phase,
    election::{GroupStatus, Stage},
};

pub(super) fn missing(election: &Election, checks: &Checks) -> Vec<String> {
    let mut missing = Vec::new();
    match election.phase() {
        Phase::Setup => setup(election, &mut missing),
        Phase::Voting => missing.push("the closing".into()),
        Phase::Closed => decryption(election, checks, &mut missing),
        Phase::Tallied => {}
        Phase::Failed => {
            let why = failure(election, &checks.ceremony.course).unwrap_or_default();
            missing.push(format!("a result, which there will not be: the key ceremony failed ({why})"));
        }
    }
    for number in &checks.checkpoint.awaits_quorum {
        let which = if checks.checkpoint.logs.len() > 1 { format!(" of log {number}") } else { String::new() };
        missing.push(format!("the cosignatures of a witness quorum on the checkpoint{which}"));
    }
    missing
}

fn setup(election: &Election, missing: &mut Vec<String>) {
    let manifest = election.manifest();
    for (number, registrar) in (1u32..).zip(&manifest.registrars) {
        let chunks = election.roll().missing_chunk_count(number);
        if chunks > 0 {
            let all = election.roll().chunk_count();
            missing.push(format!("{chunks} of {all} roll chunks of registrar {number} ({})", registrar.name));
        }
    }
    let ceremony = election.ceremony();
    if ceremony.stage() != Stage::Ended {
        let awaited = ceremony.awaited(manifest);
        let stage = ceremony.stage();
        let who = parties(election, &awaited);
        missing.push(format!("stage {} ({}) of the key ceremony, by {who}", stage.number(), stage_name(stage)));
    }
    missing.push("the opening".into());
}

fn decryption(election: &Election, checks: &Checks, missing: &mut Vec<String>) {
    let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
    for group in checks.closing.groups.iter().filter(|group| group.status == GroupStatus::Open) {
        let key = (group.contest, group.number);
        let place = format!("contest {}, tally group {}", group.contest, group.number);
        let right = checks.decryptions.right.get(&key).map_or(0, |right| right.len());
        if right < threshold {
            missing.push(format!("{} partial decryptions of {place}", threshold.saturating_sub(right)));
        }
        if !checks.results.totals.contains_key(&key) {
            missing.push(format!("the result of {place}"));
        }
    }
}
