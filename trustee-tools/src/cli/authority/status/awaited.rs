//! What is awaited of whom, and what the authority does next.

use super::groups;
use crate::{
    authority::without_spare,
    guide::wording::{When, count, trustees},
};
use protocol::{
    Election, Phase,
    election::{GroupStatus, Stage},
    ids::Minutes,
};
use serde::Serialize;

/// Something that somebody has to do.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Awaited {
    /// `trustee` or `registrar`.
    pub(super) role: &'static str,
    pub(super) index: u32,
    pub(super) name: String,
    pub(super) what: String,
    pub(super) by: Option<When>,
}

/// Something that the authority does.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Next {
    /// The command.
    pub(super) command: &'static str,
    /// From when on; at once, if there is none.
    pub(super) from: Option<When>,
    pub(super) what: String,
}

impl Next {
    fn now(command: &'static str, what: impl Into<String>) -> Self {
        Self { command, from: None, what: what.into() }
    }
}

/// What a stage waits for, as a thing.
fn step(stage: Stage) -> &'static str {
    match stage {
        Stage::Commit => "its dealing commitment (commit)",
        Stage::Deal => "its dealing (deal)",
        Stage::Check => "its confirmation (check)",
        Stage::Rehearse => "its rehearsal (rehearse)",
        Stage::Ended => "nothing",
    }
}

pub(super) fn awaited(election: &Election, now: Minutes) -> Vec<Awaited> {
    let manifest = election.manifest();
    let name = |index: u32| {
        let place = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        place.and_then(|place| manifest.trustees.get(place)).map_or(String::new(), |keys| keys.name.clone())
    };
    let trustee =
        |index: u32, what: String, by: Option<When>| Awaited { role: "trustee", index, name: name(index), what, by };
    match election.phase() {
        Phase::Setup => {
            let stage = election.ceremony().stage();
            let by =
                election.evidence_due_at(now).filter(|_| stage != Stage::Ended).map(|minute| When::new(minute, now));
            let steps = election.ceremony().awaited(manifest).into_iter();
            let steps = steps.map(|index| trustee(index, step(stage).to_owned(), by.clone()));
            let registrars = (1u32..).zip(&manifest.registrars).filter_map(|(index, official)| {
                let missing = election.roll().missing_chunk_count(index);
                let what = format!("{} of the roll", count(missing.into(), "chunk"));
                let name = official.name.clone();
                // The roll has no time of its own: voting cannot begin without it.
                let by = Some(When::new(manifest.opening, now));
                (missing > 0).then_some(Awaited { role: "registrar", index, name, what, by })
            });
            steps.chain(registrars).collect()
        }
        Phase::Voting => Vec::new(),
        Phase::Closed => {
            let active = election.ceremony().active().into_iter();
            let open = |index: u32| {
                let lacks = groups(election).filter(|(_, _, group)| {
                    group.status == GroupStatus::Open && group.totals().is_none() && !group.right().contains_key(&index)
                });
                u64::try_from(lacks.count()).unwrap_or(u64::MAX)
            };
            let short = groups(election).any(|(_, _, group)| {
                let enough = usize::try_from(manifest.threshold).is_ok_and(|needed| group.right().len() >= needed);
                group.status == GroupStatus::Open && group.totals().is_none() && !enough
            });
            let lacking = active.map(|index| (index, open(index))).filter(|(_, open)| short && *open > 0);
            lacking.map(|(index, open)| trustee(index, count(open, "partial decryption"), None)).collect()
        }
        Phase::Tallied | Phase::Failed => {
            let all = 1..=u32::try_from(manifest.trustees.len()).unwrap_or(u32::MAX);
            let left = all.filter(|index| !election.retired().contains_key(index));
            left.map(|index| trustee(index, "the statement that its shares are destroyed (retire)".to_owned(), None))
                .collect()
        }
    }
}

pub(super) fn next(election: &Election, now: Minutes) -> Vec<Next> {
    match election.phase() {
        Phase::Setup => setup(election, now),
        Phase::Voting => {
            let due = election.closing_time().saturating_add(election.manifest().grace);
            let mut next = Vec::new();
            if election.closing_time() < election.manifest().latest_closing && now < due {
                let latest = When::new(election.manifest().latest_closing, now);
                next.push(Next::now(
                    "extend",
                    format!("if it is needed: a later closing time, at the latest {latest}"),
                ));
            }
            next.push(Next { command: "close", from: Some(When::new(due, now)), what: "ends the voting".to_owned() });
            next
        }
        Phase::Closed => {
            let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
            let open: Vec<usize> = groups(election)
                .filter(|(_, _, group)| group.status == GroupStatus::Open && group.totals().is_none())
                .map(|(_, _, group)| group.right().len())
                .collect();
            let ready = open.iter().filter(|have| **have >= threshold).count();
            if ready == 0 {
                return Vec::new();
            }
            vec![Next::now("result", format!("publishes the totals of {ready} of {} open tally groups", open.len()))]
        }
        Phase::Tallied => Vec::new(),
        Phase::Failed => {
            vec![Next::now("again", "begins a new election from this one's manifest, with fresh keys for everybody")]
        }
    }
}

fn setup(election: &Election, now: Minutes) -> Vec<Next> {
    let (manifest, ceremony) = (election.manifest(), election.ceremony());
    if ceremony.stage() != Stage::Ended {
        let awaited = ceremony.awaited(manifest);
        let left = ceremony.staying(manifest).len();
        let enough = usize::try_from(manifest.quorum).is_ok_and(|quorum| left >= quorum);
        let then = if enough {
            format!("{left} would go on")
        } else {
            format!(
                "only {left} would be left, fewer than {}, and the ceremony would have failed for ever (--even-if-it-fails, if that is wanted)",
                manifest.quorum
            )
        };
        let what = format!("if it is wanted: goes on without {}; {then}", trustees(manifest, awaited));
        let from = election.evidence_due_at(now).map(|due| When::new(due, now));
        return vec![Next { command: "end-stage", from, what }];
    }
    if !election.roll().is_complete() {
        return Vec::new();
    }
    let what = if without_spare(election) {
        "begins the voting. No trustee is spare: if one loses its keystore, nothing can ever be decrypted (--without-spare, if that is wanted)"
    } else {
        "begins the voting"
    };
    // The announced time is informative: nothing keeps the authority from opening before it.
    vec![Next { command: "open", from: Some(When::new(manifest.opening, now)), what: what.to_owned() }]
}
