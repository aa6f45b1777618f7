//! Check 8: every ballot is signed, proved, and the next of its credential's chain (BAL-1 to BAL-7, in the fold). What it holds is added
//! to a running sum here, and which ballot of a credential is the latest is kept here (VER-7, VER-8).

use super::{CheckId, Count, Observed, Overrides, overrides};
use crate::verdict::Failure;
use crypto::{Point, elgamal::CiphertextSum};
use protocol::{Author, Election, ids::SubmissionId};
use std::collections::BTreeMap;

/// The latest ballot of a roll index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latest {
    /// Its entry; 0, which is the manifest's, stands for none.
    pub(crate) position: u64,
    pub(crate) tracker: SubmissionId,
    pub(crate) unit: u32,
    pub(crate) weight: u32,
}

/// No ballot.
const NONE: Latest = Latest { position: 0, tracker: SubmissionId([0; 32]), unit: 0, weight: 0 };

/// Sums by contest and unit.
pub(crate) type Sums = BTreeMap<(u32, u32), CiphertextSum>;

#[derive(Debug, Default)]
pub(crate) struct Ballots {
    pub(crate) count: Count,
    /// By roll index: 48 bytes a voter, whatever the voter did. A replaced credential has no ballot, so an index has one chain of them.
    latest: Vec<Latest>,
    /// Sums of all ballots, superseded ones included until check 11 takes them out.
    pub(crate) sums: Sums,
    /// Ballots whose time is after the closing time in force: for the report.
    pub(crate) late: u64,
    /// Ballots that a later one of the same credential replaced.
    pub(crate) superseded: u64,
}

impl Ballots {
    pub(crate) fn ballot(
        &mut self,
        election: &Election,
        overrides: &Overrides,
        seen: &Observed<'_>,
    ) -> Result<(), Failure> {
        let text = "a recorded ballot is of a credential of the roll and of its style";
        let wrong = || {
            Failure::new(
                CheckId::Ballots,
                "VER-8",
                text,
                "a credential and all contests of its style",
                "another ballot",
            )
            .at(seen.index)
        };
        let Author::Credential(key) = seen.author else { return Err(wrong()) };
        let state = election.credential(&key).ok_or_else(wrong)?;
        if let Some(found) = overrides.of(state.index) {
            return Err(overrides::refused(seen.index, state.index, found));
        }
        add(&mut self.sums, election, state.unit, seen.ciphertexts, |sum, points| {
            sum.add_weighted(points, state.weight.into()).ok()
        })
        .ok_or_else(wrong)?;
        let latest = Latest { position: seen.index, tracker: seen.id, unit: state.unit, weight: state.weight };
        self.keep(election, state.index, latest).ok_or_else(wrong)?;
        if seen.time > election.closing_time() {
            self.late = self.late.saturating_add(1);
        }
        self.count.add(1);
        Ok(())
    }

    fn keep(&mut self, election: &Election, index: u32, latest: Latest) -> Option<()> {
        if self.latest.is_empty() {
            self.latest = vec![NONE; usize::try_from(election.manifest().roll_length).ok()?];
        }
        let before = std::mem::replace(self.latest.get_mut(usize::try_from(index).ok()?)?, latest);
        self.superseded = self.superseded.saturating_add(u64::from(before.position > 0));
        Some(())
    }

    /// The latest ballot of a roll index.
    pub(crate) fn latest(&self, index: u32) -> Option<&Latest> {
        self.latest.get(usize::try_from(index).ok()?).filter(|latest| latest.position > 0)
    }

    /// The latest ballot of every roll index that has one and no override (TAL-7, OVR-4), by position.
    pub(crate) fn counted(&self, overrides: &Overrides) -> Vec<&Latest> {
        let rows = (0u32..).zip(&self.latest).filter(|(_, latest)| latest.position > 0);
        let mut counted: Vec<&Latest> =
            rows.filter(|(row, _)| overrides.of(*row).is_none()).map(|(_, latest)| latest).collect();
        counted.sort_unstable_by_key(|latest| latest.position);
        counted
    }

    /// Gives the memory back when the sums are settled.
    pub(crate) fn release(&mut self) {
        self.latest = Vec::new();
        self.sums = BTreeMap::new();
    }
}

/// Does something to the sums of every contest of a unit's style with one ballot's ciphertexts; `None` if these are not of that style.
pub(crate) fn add(
    sums: &mut Sums,
    election: &Election,
    unit: u32,
    ciphertexts: &[Vec<Point>],
    change: impl Fn(&mut CiphertextSum, &[Point]) -> Option<()>,
) -> Option<()> {
    let style: Vec<(u32, usize)> =
        election.style(unit).map(|(contest, _, relation)| (contest, relation.slots())).collect();
    if style.len() != ciphertexts.len() {
        return None;
    }
    for ((contest, slots), points) in style.into_iter().zip(ciphertexts) {
        change(sums.entry((contest, unit)).or_insert_with(|| CiphertextSum::new(slots)), points)?;
    }
    Some(())
}
