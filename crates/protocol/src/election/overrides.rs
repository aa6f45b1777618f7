//! Overrides (OVR-1 to OVR-4): a row of the roll whose voter votes in person, and whose ballots therefore do not count.

use super::Election;
use crate::{
    body::Override,
    rule::{Rejection, demand},
    text::check_name,
};
use std::collections::BTreeMap;

/// An override in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    /// Its entry.
    pub entry: u64,
    /// The authority's reason.
    pub reason: String,
}

impl Election {
    /// OVR-1, OVR-2, and ENC-3 of the reason.
    pub(super) fn override_admissible(&self, body: &Override) -> Result<(), Rejection> {
        demand!(self.manifest.overrides, OverrideNotAllowed, "a manifest that allows overrides", "one that does not");
        let (length, before) = (self.manifest.roll_length, self.overrides.get(&body.index));
        demand!(
            body.index < length && before.is_none(),
            BadOverride,
            format!("a roll index below {length}, once"),
            before.map_or(format!("index {}", body.index), |before| {
                format!("index {}, overridden by entry {}", body.index, before.entry)
            })
        );
        check_name(&body.reason, "reason")
    }

    /// Takes an override that [`Self::override_admissible`] let pass.
    pub(super) fn accept_override(&mut self, body: &Override, entry: u64) {
        self.roll.set_overridden(body.index);
        self.overrides.insert(body.index, Overridden { entry, reason: body.reason.clone() });
    }

    /// OVR-3: nothing more comes of an overridden row.
    pub(super) fn not_overridden(&self, index: u32) -> Result<(), Rejection> {
        let Some(Overridden { entry, reason }) = self.overrides.get(&index) else { return Ok(()) };
        let found = format!("row {index}, overridden by entry {entry}: {reason}");
        Err(crate::rule::refuse!(Overridden, "a row without an override", found))
    }

    /// The overrides in the record, by roll index.
    pub fn overrides(&self) -> &BTreeMap<u32, Overridden> {
        &self.overrides
    }
}
