//! Check 4: entry 0 is a manifest by every rule (MAN-1 to MAN-12, in the fold), and the one the reader trusts (VER-5).

use super::{CheckId, Count};
use crate::verdict::Failure;
use protocol::ids::ElectionFingerprint;

#[derive(Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) count: Count,
}

impl Manifest {
    pub(crate) fn begin(
        &mut self,
        fingerprint: ElectionFingerprint,
        expected: Option<ElectionFingerprint>,
    ) -> Result<(), Failure> {
        self.count.total = Some(1);
        if let Some(expected) = expected
            && expected != fingerprint
        {
            let text = "the record is of the election whose fingerprint was expected";
            return Err(Failure::new(CheckId::Manifest, "VER-5", text, expected, fingerprint).at(0));
        }
        self.count.add(1);
        self.count.pass();
        Ok(())
    }
}
