//! Check 8: every ballot is signed, proved, and the next of its credential's chain (BAL-1 to BAL-7, in the fold). What it holds is added
//! to a running sum here, and which ballot of a credential is the latest is kept here (VER-7, VER-8).

use super::{CheckId, Count, Observed};
use crate::verdict::Failure;
use crypto::{EncodedPoint, Point, elgamal::CiphertextSum};
use protocol::{Author, Election, ids::SubmissionId};
use std::collections::{BTreeMap, HashMap};

/// The latest ballot of a credential.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latest {
    pub(crate) position: u64,
    pub(crate) tracker: SubmissionId,
    pub(crate) unit: u32,
    pub(crate) weight: u32,
}

/// Sums by contest and unit.
pub(crate) type Sums = BTreeMap<(u32, u32), CiphertextSum>;

#[derive(Debug, Default)]
pub(crate) struct Ballots {
    pub(crate) count: Count,
    pub(crate) latest: HashMap<EncodedPoint, Latest>,
    /// Sums of all ballots, superseded ones included until check 11 takes them out.
    pub(crate) sums: Sums,
    /// Ballots whose time is after the closing time in force: for the report.
    pub(crate) late: u64,
}

impl Ballots {
    pub(crate) fn ballot(&mut self, election: &Election, seen: &Observed<'_>) -> Result<(), Failure> {
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
        add(&mut self.sums, election, state.unit, seen.ciphertexts, |sum, points| {
            sum.add_weighted(points, state.weight.into()).ok()
        })
        .ok_or_else(wrong)?;
        let latest = Latest { position: seen.index, tracker: seen.id, unit: state.unit, weight: state.weight };
        self.latest.insert(key, latest);
        if seen.time > election.closing_time() {
            self.late = self.late.saturating_add(1);
        }
        self.count.add(1);
        Ok(())
    }

    /// Gives the memory back when the sums are settled.
    pub(crate) fn release(&mut self) {
        self.latest = HashMap::new();
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
