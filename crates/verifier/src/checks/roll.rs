//! Check 5: every registrar's roll has its announced length, and every row of it was accepted (ROL-1 to ROL-8, in the fold).

use super::Count;
use protocol::{Election, body};

#[derive(Debug, Default)]
pub(crate) struct Roll {
    pub(crate) count: Count,
}

impl Roll {
    pub(crate) fn chunk(&mut self, election: &Election, roll: &body::Roll) {
        let manifest = election.manifest();
        let registrars = u64::try_from(manifest.registrars.len()).unwrap_or(u64::MAX);
        self.count.total = Some(u64::from(manifest.roll_length).saturating_mul(registrars));
        self.count.add(u64::try_from(roll.rows.len()).unwrap_or(u64::MAX));
    }
}
