//! Who voted in person, and therefore not in this record (OVR-6).

use crate::checks::Checks;
use protocol::Election;
use serde::Serialize;

/// An override.
#[derive(Clone, Debug, Serialize)]
pub struct OverrideFacts {
    /// Its entry.
    pub entry: u64,
    /// The row of the roll.
    pub row: u32,
    /// The row's unit.
    pub unit: String,
    /// What the row's ballot would have counted.
    pub weight: u32,
    /// The authority's reason, as it wrote it.
    pub reason: String,
    /// The row's latest ballot, which does not count; none if there is none.
    pub ballot: Option<u64>,
}

impl OverrideFacts {
    /// What became of the row's ballots.
    pub(super) fn ballots(&self) -> String {
        self.ballot.map_or_else(|| "had no ballot".into(), |entry| format!("its ballot, entry {entry}, does not count"))
    }
}

pub(super) fn facts(election: &Election, checks: &Checks) -> Vec<OverrideFacts> {
    let rows = checks.overrides.rows().iter();
    rows.map(|(row, found)| {
        let (unit, weight) = election.roll().place(*row).unwrap_or((0, 0));
        let unit = usize::try_from(unit).ok().and_then(|unit| election.manifest().units.get(unit));
        OverrideFacts {
            entry: found.entry,
            row: *row,
            unit: unit.map_or_else(String::new, |unit| unit.name.clone()),
            weight,
            reason: found.reason.clone(),
            ballot: found.ballot,
        }
    })
    .collect()
}
