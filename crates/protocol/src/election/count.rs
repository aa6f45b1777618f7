//! What is counted, and in which groups (TAL-7, TAL-8, TAL-12).

use super::Election;
use crate::{
    fingerprint,
    ids::{CountedFingerprint, EntryHash, SubmissionId},
    manifest::Waiver,
};
use crypto::{Point, elgamal::CiphertextSum};
use std::collections::BTreeMap;

/// Whether and how a tally group is decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupStatus {
    /// It is decrypted.
    Open,
    /// No counted ballot: zero by rule, nothing to decrypt.
    Empty,
    /// Fewer counted ballots than the minimum and nothing to merge with: not decrypted.
    Withheld,
}

/// The units whose ballots of one contest are added up together.
#[derive(Clone, Debug)]
pub struct TallyGroup {
    /// Units, ascending.
    pub units: Vec<u32>,
    /// Counted ballots.
    pub counted: u64,
    /// Whether it is decrypted.
    pub status: GroupStatus,
    pub(super) aggregate: Option<CiphertextSum>,
    pub(super) right: BTreeMap<u32, Vec<Point>>,
    pub(super) wrong: BTreeMap<u32, u64>,
    pub(super) totals: Option<Vec<u64>>,
}

impl TallyGroup {
    /// The sums of `C_0..C_K`, once settled.
    pub fn aggregate(&self) -> Option<&CiphertextSum> {
        self.aggregate.as_ref()
    }

    /// Trustees with a right partial decryption, and its points.
    pub fn right(&self) -> &BTreeMap<u32, Vec<Point>> {
        &self.right
    }

    /// Trustees with a wrong one, and its position: evidence against them that blocks nobody.
    pub fn wrong(&self) -> &BTreeMap<u32, u64> {
        &self.wrong
    }

    /// The totals in the record, or the zeros of an empty group.
    pub fn totals(&self) -> Option<&[u64]> {
        self.totals.as_deref()
    }
}

/// What is counted, from the present record.
#[derive(Clone, Debug)]
pub struct Count {
    /// Tally groups, contest by contest.
    pub groups: Vec<Vec<TallyGroup>>,
    /// Counted fingerprint.
    pub fingerprint: CountedFingerprint,
}

impl Election {
    /// What a closing at this point would count (TAL-7, TAL-8): of every credential the latest ballot, unless its row has an override (OVR-4).
    pub fn count(&self) -> Count {
        let mut per_unit: Vec<Vec<(u64, SubmissionId)>> = vec![Vec::new(); self.manifest.units.len()];
        for voter in self.roll.voters().filter(|voter| voter.counts()) {
            if let Some(unit) = usize::try_from(voter.unit).ok().and_then(|unit| per_unit.get_mut(unit)) {
                unit.push((voter.position, voter.tracker));
            }
        }
        let sizes: Vec<u64> = per_unit.iter().map(|unit| unit.len().try_into().unwrap_or(u64::MAX)).collect();
        let contests = 0..u32::try_from(self.manifest.contests.len()).unwrap_or(u32::MAX);
        let groups: Vec<Vec<TallyGroup>> = contests.map(|contest| self.merge_units(contest, &sizes)).collect();
        let opening = self.opening.unwrap_or(EntryHash([0; 32]));
        let trackers = |group: &TallyGroup| {
            let units = group.units.iter().filter_map(|unit| per_unit.get(usize::try_from(*unit).ok()?));
            let mut inside: Vec<(u64, SubmissionId)> = units.flatten().copied().collect();
            inside.sort_unstable();
            (group.units.clone(), inside.into_iter().map(|(_, tracker)| tracker).collect())
        };
        let listed = groups.iter().map(|groups| groups.iter().map(trackers).collect());
        let fingerprint = fingerprint::counted(&opening, listed);
        Count { groups, fingerprint }
    }

    /// TAL-8: small groups join their neighbours.
    fn merge_units(&self, contest: u32, per_unit: &[u64]) -> Vec<TallyGroup> {
        let minimum = u64::from(self.manifest.minimum_unit);
        let counts = (0u32..).zip(self.manifest.units.iter().zip(per_unit));
        let offering = counts.filter(|(_, (unit, _))| unit.contests.contains(&contest));
        let groups = merged(offering.map(|(index, (_, counted))| (index, *counted)), minimum);
        let waived = self.manifest.waives(Waiver::SmallTally);
        let slots = self.manifest.contest(contest).map_or(0, |contest| contest.slots());
        let status = |counted| match counted {
            0 => GroupStatus::Empty,
            counted if counted < minimum && !waived => GroupStatus::Withheld,
            _ => GroupStatus::Open,
        };
        groups
            .into_iter()
            .map(|(units, counted)| TallyGroup {
                units,
                counted,
                status: status(counted),
                aggregate: None,
                right: BTreeMap::new(),
                wrong: BTreeMap::new(),
                totals: (counted == 0).then(|| vec![0; slots]),
            })
            .collect()
    }

    /// How many ballots of each unit a closing at this point would count, or did count (TAL-7).
    pub fn counted_by_unit(&self) -> Vec<u64> {
        let mut counted = vec![0u64; self.manifest.units.len()];
        for voter in self.roll.voters().filter(|voter| voter.counts()) {
            if let Some(unit) = usize::try_from(voter.unit).ok().and_then(|unit| counted.get_mut(unit)) {
                *unit = unit.saturating_add(1);
            }
        }
        counted
    }

    /// The weight of each unit's counted ballots, as a closing at this point would count them, or did (TAL-7).
    pub fn counted_weight_by_unit(&self) -> Vec<u64> {
        let mut counted = vec![0u64; self.manifest.units.len()];
        for voter in self.roll.voters().filter(|voter| voter.counts()) {
            if let Some(unit) = usize::try_from(voter.unit).ok().and_then(|unit| counted.get_mut(unit)) {
                *unit = unit.saturating_add(voter.weight.into());
            }
        }
        counted
    }

    /// Positions of the counted ballots, ascending; after `Closing`.
    pub fn counted_positions(&self) -> Vec<u64> {
        let mut positions: Vec<u64> =
            self.roll.voters().filter(|voter| voter.counts()).map(|voter| voter.position).collect();
        positions.sort_unstable();
        positions
    }
}

/// TAL-8: the groups of these units, each with its counted ballots, if a group of fewer than `minimum` ballots is small.
pub fn merged(units: impl IntoIterator<Item = (u32, u64)>, minimum: u64) -> Vec<(Vec<u32>, u64)> {
    let mut groups: Vec<(Vec<u32>, u64)> = units.into_iter().map(|(unit, counted)| (vec![unit], counted)).collect();
    while groups.len() > 1 {
        let small = groups.iter().position(|(_, counted)| (1..minimum).contains(counted));
        let Some(small) = small else { break };
        let neighbour = if small.saturating_add(1) < groups.len() { small } else { small.saturating_sub(1) };
        let (units, counted) = groups.remove(neighbour.saturating_add(1));
        if let Some(group) = groups.get_mut(neighbour) {
            group.0.extend(units);
            group.1 = group.1.saturating_add(counted);
        }
    }
    groups
}
