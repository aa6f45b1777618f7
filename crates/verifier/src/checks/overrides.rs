//! Part of check 10: the rows that the authority took out of the count, from the entries alone (OVR-1 to OVR-5).

use super::{Ballots, CheckId, Observed};
use crate::verdict::Failure;
use protocol::{Author, Election, body::Override};
use std::collections::BTreeMap;

/// An override as its entry says it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) entry: u64,
    pub(crate) reason: String,
    /// The latest ballot of the row, which does not count for that.
    pub(crate) ballot: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Overrides {
    rows: BTreeMap<u32, Row>,
}

impl Overrides {
    /// The override of a row.
    pub(crate) fn of(&self, row: u32) -> Option<&Row> {
        self.rows.get(&row)
    }

    /// All overrides, by row.
    pub(crate) fn rows(&self) -> &BTreeMap<u32, Row> {
        &self.rows
    }

    /// OVR-1, OVR-2.
    pub(crate) fn take(
        &mut self,
        election: &Election,
        ballots: &Ballots,
        seen: &Observed<'_>,
        body: &Override,
    ) -> Result<(), Failure> {
        let manifest = election.manifest();
        let known = self.rows.contains_key(&body.index);
        if !manifest.overrides || seen.author != Author::Authority || body.index >= manifest.roll_length || known {
            let text = "an override is by the authority, where the manifest allows it, of a row of the roll, once";
            let expected = format!("a row below {}", manifest.roll_length);
            let found = format!("row {}{}", body.index, if known { ", once more" } else { "" });
            return Err(Failure::new(CheckId::Closing, "OVR-5", text, expected, found).at(seen.index));
        }
        let ballot = ballots.latest(body.index).map(|latest| latest.position);
        self.rows.insert(body.index, Row { entry: seen.index, reason: body.reason.clone(), ballot });
        Ok(())
    }

    /// OVR-5: the fold took the same rows out of the count.
    pub(crate) fn compare(&self, election: &Election, index: u64) -> Result<(), Failure> {
        let own: BTreeMap<u32, (u64, &str)> =
            self.rows.iter().map(|(row, own)| (*row, (own.entry, own.reason.as_str()))).collect();
        let folds: BTreeMap<u32, (u64, &str)> =
            election.overrides().iter().map(|(row, its)| (*row, (its.entry, its.reason.as_str()))).collect();
        if own == folds {
            return Ok(());
        }
        let text = "the rows that do not count are those of the overrides in the record";
        Err(Failure::new(CheckId::Closing, "OVR-5", text, format!("{own:?}"), format!("{folds:?}")).at(index))
    }
}

/// OVR-3: a ballot that the fold should not have taken.
pub(super) fn refused(index: u64, row: u32, found: &Row) -> Failure {
    let text = "after its override no ballot of a row is taken";
    let found = format!("a ballot of row {row}, overridden by entry {}", found.entry);
    Failure::new(CheckId::Ballots, "OVR-5", text, "a row without an override", found).at(index)
}
