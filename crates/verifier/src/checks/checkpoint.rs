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

    /// VER-30: besides, lines by the witnesses of the reader's own policy are known; it must be a policy for this log, whose key is the first.
    pub(crate) fn add_keys(keys: &mut Vec<VerifierKey>, own: &Policy) -> Result<(), Failure> {
        let log = keys.first();
        if !own.logs().iter().any(|known| Some(&known.key) == log) {
            let text = "the policy that the reader gave is one for this log";
            let named: Vec<String> = own.logs().iter().map(|log| log.key.to_string()).collect();
            let expected = log.map_or_else(String::new, |log| format!("a line: log {log}"));
            return Err(Failure::new(CheckId::Checkpoint, "VER-30", text, expected, format!("{named:?}")));
        }
        for witness in own.witnesses() {
            if !keys.contains(&witness.key) {
                keys.push(witness.key.clone());
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use tlog::{
        checkpoint::{Checkpoint as Head, open_strict, sign},
        cosignature::CosignerKey,
        merkle::empty_root,
        note::{Note, SignerKey},
    };

    /// VER-4: the log alone is not enough for a policy with a witness.
    #[test]
    fn a_quorum_counts_only_once_it_has_cosigned() {
        let log = SignerKey::from_seed("log.example", &[1; 32]).unwrap();
        let witness = CosignerKey::from_seed("witness.example", &[2; 32]).unwrap();
        let (log_key, witness_key) = (log.verifier_key(), witness.verifier_key());
        let text = format!("log {log_key}\nwitness one {witness_key}\nquorum one\n");
        let policy = Policy::parse(text.as_bytes()).unwrap();
        let head = Head::new("log.example", 0, empty_root()).unwrap();
        let mut note = Note::parse(sign(&head, &log).unwrap().as_bytes()).unwrap();
        let keys = [log_key, witness_key];

        let mut check = Checkpoint::default();
        check.authenticated(&open_strict(note.encode().as_bytes(), &keys).unwrap(), &policy);
        assert!(check.awaits_quorum && !check.count.passed);

        note.add(witness.cosign(&head, 1_700_000_000).unwrap()).unwrap();
        let mut check = Checkpoint::default();
        check.authenticated(&open_strict(note.encode().as_bytes(), &keys).unwrap(), &policy);
        assert!(!check.awaits_quorum && check.count.passed);
        assert_eq!((check.count.done, check.witnesses), (2, vec![("one".to_string(), 1_700_000_000)]));
    }
}
