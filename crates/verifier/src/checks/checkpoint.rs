//! Check 2: the checkpoint is signed by the log that the manifest names, every line on it is known and right, and the manifest's
//! witness policy holds (VER-4, REC-3, LOG-28).

use super::{CheckId, Count};
use crate::verdict::Failure;
use protocol::Manifest;
use tlog::{checkpoint::SignedCheckpoint, note::VerifierKey, policy::Policy};

#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    pub(crate) count: Count,
    /// The witnesses that cosigned, with the time each stated in seconds since 1970.
    pub(crate) witnesses: Vec<(String, u64)>,
    /// Set when the quorum is not met: nothing is wrong, but somebody has not cosigned yet.
    pub(crate) awaits_quorum: bool,
}

impl Checkpoint {
    /// The keys whose lines may stand on the checkpoint, and the policy.
    pub(crate) fn keys(manifest: &Manifest) -> Result<(Vec<VerifierKey>, Policy), Failure> {
        let refused = |found: String| {
            // The fold has read both already (MAN-10), so this cannot happen; it is answered all the same.
            let text = "the manifest's log key and policy are well formed";
            Failure::new(CheckId::Checkpoint, "MAN-10", text, "a key and a policy", found).at(0)
        };
        let policy = Policy::parse(manifest.policy.as_bytes()).map_err(|error| refused(error.to_string()))?;
        let log: VerifierKey =
            manifest.log_key.parse().map_err(|error: tlog::note::KeyError| refused(error.to_string()))?;
        let witnesses = policy.witnesses().iter().map(|witness| witness.key.clone());
        Ok((std::iter::once(log).chain(witnesses).collect(), policy))
    }

    pub(crate) fn authenticated(&mut self, signed: &SignedCheckpoint, policy: &Policy) {
        let evaluation = policy.evaluate(signed, 0);
        self.awaits_quorum = !evaluation.quorum_met;
        self.witnesses = evaluation.cosigned;
        let lines = signed.log_keys().len().saturating_add(signed.cosignatures().len());
        self.count.add(u64::try_from(lines).unwrap_or(u64::MAX));
        if evaluation.quorum_met {
            self.count.pass();
        }
    }
}
