//! Which units were added up together and why, and what weights give away (VER-16).

use super::words::thousands;
use crate::checks::Checks;
use protocol::{Election, Manifest, election::GroupStatus, manifest::Waiver};
use serde::Serialize;

/// Ballots do not all count the same, which tells more than totals of equal ballots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeightFacts {
    /// The smallest weight on the roll.
    pub smallest: u32,
    /// The largest one.
    pub largest: u32,
    /// How many different ones there are.
    pub different: u64,
    /// Rows whose weight no other row has.
    pub alone: u64,
    /// The warning.
    pub text: String,
}

impl WeightFacts {
    /// Nothing where every row of the roll has the weight 1.
    pub fn of(election: &Election) -> Option<Self> {
        let weights = election.roll().weights();
        let (smallest, largest) = (*weights.keys().next()?, *weights.keys().next_back()?);
        if largest == 1 {
            return None;
        }
        let different = u64::try_from(weights.len()).unwrap_or(u64::MAX);
        let alone = u64::try_from(weights.values().filter(|rows| **rows == 1).count()).unwrap_or(u64::MAX);
        let text = format!(
            "Ballots count with weights from {} to {} ({} different; {} rows have a weight that no other row has). A total is a sum of weights, and weighted \
             totals can be solved for who voted what: the roll shows every row's weight and unit, and the record who cast a ballot. Secrecy is less than \
             where every ballot counts 1.",
            thousands(smallest.into()),
            thousands(largest.into()),
            thousands(different),
            thousands(alone)
        );
        Some(Self { smallest, largest, different, alone, text })
    }
}

/// A unit with fewer counted ballots than the minimum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SmallUnit {
    /// Its name.
    pub unit: String,
    /// Its counted ballots.
    pub counted: u64,
}

/// A tally group that is not one unit's alone, or is not decrypted for being small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupingFacts {
    /// Contest.
    pub contest: u32,
    /// Its place among the contest's groups.
    pub group: u32,
    /// The units that are added up together.
    pub units: Vec<String>,
    /// Those among them that were too small alone.
    pub small: Vec<SmallUnit>,
    /// What was done and why.
    pub text: String,
}

impl GroupingFacts {
    /// Nothing for a group that is one unit's and is decrypted, or empty. `counted` has the counted ballots of every unit.
    pub fn of(
        manifest: &Manifest,
        (contest, group): (u32, u32),
        units: &[u32],
        status: GroupStatus,
        counted: &[u64],
    ) -> Option<Self> {
        let withheld = status == GroupStatus::Withheld;
        if units.len() < 2 && !withheld {
            return None;
        }
        let minimum = u64::from(manifest.minimum_unit);
        let named: Vec<SmallUnit> = units
            .iter()
            .filter_map(|unit| usize::try_from(*unit).ok())
            .filter_map(|unit| Some((manifest.units.get(unit)?, counted.get(unit)?)))
            .map(|(unit, counted)| SmallUnit { unit: unit.name.clone(), counted: *counted })
            .collect();
        let units: Vec<String> = named.iter().map(|unit| unit.unit.clone()).collect();
        let small: Vec<SmallUnit> = named.into_iter().filter(|unit| (1..minimum).contains(&unit.counted)).collect();
        let because: Vec<String> =
            small.iter().map(|one| format!("{} has {} counted", one.unit, thousands(one.counted))).collect();
        let because = because.join(", ");
        let together = if units.len() > 1 {
            format!("{} are added up together, and no total is of one of them alone", units.join(" + "))
        } else {
            units.join(" + ")
        };
        let not = if withheld { ", and all of them still make too few, so nothing is decrypted" } else { "" };
        let waived = manifest.waives(Waiver::SmallTally);
        let rule = if waived { "; a small group that is alone is decrypted all the same, by the waiver" } else { "" };
        let text = format!(
            "{together}: {because}, fewer than the {} ballots that the manifest fixed as the minimum before anybody voted{not}{rule} [TAL-8, TAL-12]",
            thousands(minimum)
        );
        Some(Self { contest, group, units, small, text })
    }
}

pub(super) fn facts(election: &Election, checks: &Checks) -> Vec<GroupingFacts> {
    let groups = checks.closing.groups.iter();
    groups
        .filter_map(|group| {
            let place = (group.contest, group.number);
            GroupingFacts::of(election.manifest(), place, &group.units, group.status, &checks.closing.per_unit)
        })
        .collect()
}
