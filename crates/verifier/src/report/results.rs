//! Totals, contest by contest and group by group. Every number is one that check 13 computed.

use super::{
    outcome::{self, Table},
    words::thousands,
};
use crate::checks::{Checks, Group};
use protocol::{Contest, Election, counting::Outcome, election::GroupStatus};
use serde::Serialize;

/// A slot with its total.
#[derive(Clone, Debug, Serialize)]
pub struct SlotTotal {
    /// The option, or `blank`.
    pub name: String,
    /// Whether it is the explicit blank.
    pub blank: bool,
    /// How much weight marked it.
    pub total: u64,
}

/// One tally group of a contest.
#[derive(Clone, Debug, Serialize)]
pub struct GroupResult {
    /// Its place in the contest.
    pub group: u32,
    /// Its units.
    pub units: Vec<String>,
    /// Their places in the manifest.
    #[serde(skip)]
    pub(crate) places: Vec<u32>,
    /// Counted ballots.
    pub counted: u64,
    /// Their weight.
    pub weight: u64,
    /// `decrypted`, `empty`, `withheld`, or `awaited`.
    pub status: &'static str,
    /// Totals, if there are any yet.
    pub slots: Vec<SlotTotal>,
}

/// One contest.
#[derive(Clone, Debug, Serialize)]
pub struct ContestResult {
    /// Its place in the manifest.
    pub contest: u32,
    /// Its title.
    pub title: String,
    /// What could be marked.
    pub rule: String,
    /// Counted ballots in all its groups.
    pub counted: u64,
    /// Their weight.
    pub weight: u64,
    /// Totals of all groups together; none until every group that is decrypted has them. A withheld group is not in them.
    pub slots: Vec<SlotTotal>,
    /// Whether a withheld group is not in the totals, nor in the outcome (CNT-2).
    pub disclosed_only: bool,
    /// Who won; null as long as a total is awaited, or if nothing is disclosed (VER-35).
    pub outcome: Option<Outcome>,
    /// Its groups.
    pub groups: Vec<GroupResult>,
}

impl ContestResult {
    /// Who won, in sentences; none if it is not known yet (VER-37).
    pub fn sentences(&self) -> Vec<String> {
        let Some(outcome) = &self.outcome else { return Vec::new() };
        let mut said = outcome::sentences(outcome, self.disclosed_only);
        // Where tables stand in the place of the slots, nothing else tells how many were blank.
        let blank = outcome.blank.filter(|blank| *blank > 0 && !self.tables().is_empty());
        said.extend(blank.map(|blank| format!("Blank: {} of {}.", thousands(blank), thousands(outcome.weight))));
        said
    }

    /// The tables of the outcome.
    pub fn tables(&self) -> Vec<Table> {
        self.outcome.as_ref().map_or(Vec::new(), outcome::tables)
    }
}

pub(super) fn results(election: &Election, checks: &Checks) -> Vec<ContestResult> {
    let contests = (0u32..).zip(&election.manifest().contests);
    let of = |contest: u32| checks.closing.groups.iter().filter(move |group| group.contest == contest);
    contests
        .filter(|(index, _)| of(*index).next().is_some())
        .map(|(index, contest)| {
            let groups: Vec<GroupResult> = of(index).map(|group| result(election, checks, contest, group)).collect();
            ContestResult {
                contest: index,
                title: contest.title.clone(),
                rule: contest.rule_in_words(),
                counted: groups.iter().map(|group| group.counted).sum(),
                weight: groups.iter().map(|group| group.weight).sum(),
                slots: together(contest, &groups),
                disclosed_only: groups.iter().any(|group| group.status == "withheld"),
                outcome: checks.results.outcomes.get(&index).cloned(),
                groups,
            }
        })
        .collect()
}

fn result(election: &Election, checks: &Checks, contest: &Contest, group: &Group) -> GroupResult {
    let totals = checks.results.totals.get(&(group.contest, group.number));
    let unit = |unit: &u32| {
        let place = usize::try_from(*unit).ok()?;
        election.manifest().units.get(place).map(|unit| unit.name.clone())
    };
    GroupResult {
        group: group.number,
        units: group.units.iter().filter_map(unit).collect(),
        places: group.units.clone(),
        counted: group.counted,
        weight: group.weight,
        status: match group.status {
            GroupStatus::Empty => "empty",
            GroupStatus::Withheld => "withheld",
            GroupStatus::Open if totals.is_some() => "decrypted",
            GroupStatus::Open => "awaited",
        },
        slots: totals.map_or(Vec::new(), |totals| name(contest, totals)),
    }
}

fn name(contest: &Contest, totals: &[u64]) -> Vec<SlotTotal> {
    let blank = contest.blank_slot();
    let slot = |(place, (name, total)): (usize, (String, &u64))| SlotTotal {
        name,
        blank: Some(place) == blank,
        total: *total,
    };
    contest.slot_names().into_iter().zip(totals).enumerate().map(slot).collect()
}

fn together(contest: &Contest, groups: &[GroupResult]) -> Vec<SlotTotal> {
    let known = |group: &&GroupResult| group.status != "withheld";
    if groups.iter().any(|group| group.status == "awaited") || !groups.iter().any(|group| known(&group)) {
        return Vec::new();
    }
    let mut totals = vec![0u64; contest.slots()];
    for group in groups.iter().filter(known) {
        totals.iter_mut().zip(&group.slots).for_each(|(total, slot)| *total = total.saturating_add(slot.total));
    }
    name(contest, &totals)
}
