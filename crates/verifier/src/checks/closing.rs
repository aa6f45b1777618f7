//! Check 10: which ballots are counted, and how units are tallied together (CLO-1, TAL-7, TAL-8, TAL-12, OVR-4), from what check 8 kept
//! (VER-7). Written from the rules, not from the fold.

use super::{Ballots, CheckId, Count, Overrides, ballots::Latest};
use crate::verdict::Failure;
use crypto::{
    elgamal::CiphertextSum,
    hash::{Tag, TaggedHash},
};
use protocol::{Election, body, election::GroupStatus, ids::EntryHash, manifest::Waiver};
use std::collections::BTreeMap;

/// The units whose ballots of one contest are added up together.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) contest: u32,
    /// Its place among the groups of its contest.
    pub(crate) number: u32,
    pub(crate) units: Vec<u32>,
    pub(crate) counted: u64,
    /// The counted ballots' weights.
    pub(crate) weight: u64,
    pub(crate) status: GroupStatus,
    /// The sum of the counted ballots, from check 11.
    pub(crate) sum: Option<CiphertextSum>,
}

#[derive(Debug, Default)]
pub(crate) struct Closing {
    pub(crate) count: Count,
    pub(crate) groups: Vec<Group>,
    /// Counted ballots of each unit.
    pub(crate) per_unit: Vec<u64>,
}

impl Closing {
    pub(crate) fn close(
        &mut self,
        election: &Election,
        ballots: &Ballots,
        overrides: &Overrides,
        index: u64,
        body: &body::Closing,
    ) -> Result<(), Failure> {
        let counted = ballots.counted(overrides);
        self.count.total = u64::try_from(counted.len()).ok();
        let units = election.manifest().units.len();
        let (mut ballots_of, mut weight_of) = (vec![0u64; units], vec![0u64; units]);
        for latest in &counted {
            let place = usize::try_from(latest.unit).unwrap_or(usize::MAX);
            if let (Some(ballots), Some(sum)) = (ballots_of.get_mut(place), weight_of.get_mut(place)) {
                *ballots = ballots.saturating_add(1);
                *sum = sum.saturating_add(latest.weight.into());
            }
        }
        self.groups = group(election, &ballots_of, &weight_of);
        self.per_unit = ballots_of;
        let text = "the counted set follows from the record up to the closing";
        let wrong =
            |expected: String, found: String| Failure::new(CheckId::Closing, "VER-7", text, expected, found).at(index);
        let fingerprint = fingerprint(election, &self.groups, &counted);
        if fingerprint != body.counted.0 {
            return Err(wrong(hex::encode(fingerprint), body.counted.to_string()));
        }
        for (contest, _) in (0u32..).zip(&election.manifest().contests) {
            let own = self.groups.iter().filter(|group| group.contest == contest);
            let own: Vec<_> = own.map(|group| (&group.units, group.counted, group.status)).collect();
            let folds = election.groups(contest).iter();
            let folds: Vec<_> = folds.map(|group| (&group.units, group.counted, group.status)).collect();
            if own != folds {
                return Err(wrong(format!("{own:?}"), format!("{folds:?}")).within(format!("contest {contest}")));
            }
        }
        self.count.add(u64::try_from(counted.len()).unwrap_or(u64::MAX));
        self.count.pass();
        Ok(())
    }

    /// The group an entry names, if it is to be decrypted. The groups stand by contest and number.
    pub(crate) fn open_group(&self, contest: u32, number: u32) -> Option<&Group> {
        let place = self.groups.binary_search_by_key(&(contest, number), |group| (group.contest, group.number)).ok()?;
        self.groups.get(place).filter(|group| group.status == GroupStatus::Open)
    }
}

/// TAL-8, TAL-12: the groups of every contest.
fn group(election: &Election, ballots_of: &[u64], weight_of: &[u64]) -> Vec<Group> {
    let manifest = election.manifest();
    let minimum = u64::from(manifest.minimum_unit);
    let mut all = Vec::new();
    for (contest, _) in (0u32..).zip(&manifest.contests) {
        let figures = manifest.units.iter().zip(ballots_of.iter().zip(weight_of));
        let mut groups: Vec<Group> = (0u32..)
            .zip(figures)
            .filter(|(_, (unit, _))| unit.contests.contains(&contest))
            .map(|(unit, (_, (counted, weight)))| Group {
                contest,
                number: 0,
                units: vec![unit],
                counted: *counted,
                weight: *weight,
                status: GroupStatus::Open,
                sum: None,
            })
            .collect();
        merge(&mut groups, minimum);
        for (number, group) in (0u32..).zip(&mut groups) {
            group.number = number;
            group.status = match group.counted {
                0 => GroupStatus::Empty,
                counted if counted < minimum && !manifest.waives(Waiver::SmallTally) => GroupStatus::Withheld,
                _ => GroupStatus::Open,
            };
        }
        all.append(&mut groups);
    }
    all
}

/// TAL-8: as long as there are two groups and one of them is small but not empty, the first such joins the next, the last the one before.
fn merge(groups: &mut Vec<Group>, minimum: u64) {
    let is_small = |group: &Group| group.counted > 0 && group.counted < minimum;
    while groups.len() > 1
        && let Some(small) = groups.iter().position(is_small)
    {
        let last = groups.len().saturating_sub(1);
        let second = small.saturating_add(1).min(last);
        let joining = groups.remove(second);
        if let Some(group) = groups.get_mut(second.saturating_sub(1)) {
            group.units.extend(joining.units);
            group.counted = group.counted.saturating_add(joining.counted);
            group.weight = group.weight.saturating_add(joining.weight);
        }
    }
}

/// FPR-8. The ballots are sorted into groups once a contest, however many groups there are; `counted` stands by position.
fn fingerprint(election: &Election, groups: &[Group], counted: &[&Latest]) -> [u8; 32] {
    let opening = election.opening().unwrap_or(EntryHash([0; 32]));
    let contests = election.manifest().contests.len();
    let mut hash = TaggedHash::new(Tag::Counted, 2).bytes(&opening.0).array(contests);
    // By MAN-6 some unit offers each contest, so each has a group.
    for groups in groups.chunk_by(|one, next| one.contest == next.contest) {
        hash = hash.array(groups.len());
        let of_group = |group: &Group| group.units.iter().map(|unit| (*unit, group.number)).collect::<Vec<_>>();
        let numbers: BTreeMap<u32, u32> = groups.iter().flat_map(of_group).collect();
        let ballots = counted.iter().filter_map(|latest| Some((*numbers.get(&latest.unit)?, *latest)));
        let mut ballots: Vec<(u32, &Latest)> = ballots.collect();
        // A stable sort: within a group the positions stay ascending.
        ballots.sort_by_key(|(number, _)| *number);
        let mut ballots = ballots.as_slice();
        for group in groups {
            hash = hash.array(2).array(group.units.len());
            for unit in &group.units {
                hash = hash.integer((*unit).into());
            }
            let end = ballots.partition_point(|(number, _)| *number <= group.number);
            let (inside, others) = ballots.split_at_checked(end).unwrap_or((ballots, &[]));
            hash = hash.array(inside.len());
            for (_, latest) in inside {
                hash = hash.bytes(&latest.tracker.0);
            }
            ballots = others;
        }
    }
    hash.sha3_256()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(counted: &[u64]) -> Vec<Group> {
        let group = |(unit, counted): (u32, &u64)| Group {
            contest: 0,
            number: 0,
            units: vec![unit],
            counted: *counted,
            weight: *counted,
            status: GroupStatus::Open,
            sum: None,
        };
        (0..).zip(counted).map(group).collect()
    }

    fn merged(counted: &[u64], minimum: u64) -> Vec<(Vec<u32>, u64)> {
        let mut groups = groups(counted);
        merge(&mut groups, minimum);
        groups.into_iter().map(|group| (group.units, group.counted)).collect()
    }

    #[test]
    fn small_groups_join_as_the_rule_says() {
        assert_eq!(merged(&[9, 9], 5), [(vec![0], 9), (vec![1], 9)]);
        assert_eq!(merged(&[1, 1, 9], 3), [(vec![0, 1, 2], 11)]);
        assert_eq!(merged(&[9, 0, 2], 3), [(vec![0, 1, 2], 11)]);
        assert_eq!(merged(&[0, 0], 3), [(vec![0], 0), (vec![1], 0)]);
        assert_eq!(merged(&[2], 3), [(vec![0], 2)]);
        assert_eq!(merged(&[2, 0, 7], 3), [(vec![0, 1, 2], 9)]);
        assert_eq!(merged(&[2, 5, 7], 3), [(vec![0, 1], 7), (vec![2], 7)]);
        assert_eq!(merged(&[7, 2], 3), [(vec![0, 1], 9)]);
    }
}
