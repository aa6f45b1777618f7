//! Check 7: the opening names the keys, the roll and the active trustees of the record (OPN-1, OPN-2), and J follows from keys that
//! were computed here (VER-9).

use super::{CheckId, Count};
use crate::verdict::Failure;
use protocol::{Election, body, fingerprint, ids::DealingsFingerprint};

#[derive(Debug, Default)]
pub(crate) struct Opening {
    pub(crate) count: Count,
}

impl Opening {
    /// Called when check 6 has found the keys right.
    pub(crate) fn open(&mut self, election: &Election, index: u64, body: &body::Opening) -> Result<(), Failure> {
        self.count.total = Some(1);
        let recomputed = election.joint_key().map(|key| {
            let shares: Vec<_> = key.qualified.iter().map(|trustee| key.shares(*trustee).to_vec()).collect();
            let dealings = election.ceremony().fingerprint().unwrap_or(DealingsFingerprint([0; 32]));
            let slot_keys = key.keys.slot_keys().encoded();
            fingerprint::joint_key(&election.fingerprint(), &dealings, &key.qualified, slot_keys, &shares)
        });
        if recomputed != Some(body.joint_key) {
            let text = "the opening names the keys that follow from the dealings";
            let expected = recomputed.map_or("no keys".into(), |key| key.to_string());
            return Err(Failure::new(CheckId::Opening, "VER-9", text, expected, body.joint_key).at(index));
        }
        self.count.add(1);
        self.count.pass();
        Ok(())
    }
}
