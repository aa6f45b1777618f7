//! Check 2: the checkpoint of every log is signed by that log's key, every line on it is known and right, and the manifest's witness
//! policy holds, with the log's key in it (VER-4, VER-21, REC-3, REC-9, LOG-28, CON-2, CON-3).

use super::{CheckId, Count, log::Place};
use crate::{report::LogFacts, verdict::Failure};
use tlog::{checkpoint::SignedCheckpoint, note::VerifierKey, policy::Policy};

#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    pub(crate) count: Count,
    /// What each log's checkpoint says, log 1 first.
    pub(crate) logs: Vec<LogFacts>,
    /// The logs whose quorum is not met: nothing is wrong, but somebody has not cosigned yet.
    pub(crate) awaits_quorum: Vec<u64>,
    lines: u64,
}

impl Checkpoint {
    /// A log's checkpoint has been opened; also once more, at the end of its entries.
    pub(crate) fn authenticated(&mut self, log: Place, signed: &SignedCheckpoint, policy: &Policy) {
        let evaluation = policy.evaluate(signed, 0);
        let head = signed.checkpoint();
        let lines = signed.log_keys().len().saturating_add(signed.cosignatures().len());
        let facts = LogFacts {
            number: log.number,
            origin: head.origin().to_owned(),
            key: signed.log_keys().first().map(ToString::to_string).unwrap_or_default(),
            first: log.first,
            entries: head.size(),
            root: hex::encode(head.root()),
            witnesses: evaluation.cosigned,
        };
        if self.logs.last().is_some_and(|last| last.number == log.number) {
            self.logs.pop();
        } else {
            self.lines = self.lines.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX));
        }
        self.logs.push(facts);
        self.awaits_quorum.retain(|number| *number != log.number);
        if !evaluation.quorum_met {
            self.awaits_quorum.push(log.number);
        }
        self.count = Count { done: self.lines, ..Count::default() };
    }

    /// VER-30: besides, lines by the witnesses of the reader's own policy are known; it must be a policy for log 1, whose key is the first.
    /// For its successors it holds with their keys (CON-2).
    pub(crate) fn add_keys(number: u64, keys: &mut Vec<VerifierKey>, own: &Policy) -> Result<(), Failure> {
        let log = keys.first();
        if number == 1 && !own.logs().iter().any(|known| Some(&known.key) == log) {
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

    /// All logs have been read.
    pub(crate) fn finish(&mut self) {
        if self.awaits_quorum.is_empty() {
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

        let first = Place { number: 1, first: 0 };
        let mut check = Checkpoint::default();
        check.authenticated(first, &open_strict(note.encode().as_bytes(), &keys).unwrap(), &policy);
        check.finish();
        assert!(check.awaits_quorum == [1] && !check.count.passed);

        note.add(witness.cosign(&head, 1_700_000_000).unwrap()).unwrap();
        let signed = open_strict(note.encode().as_bytes(), &keys).unwrap();
        let mut check = Checkpoint::default();
        check.authenticated(first, &signed, &policy);
        check.authenticated(first, &signed, &policy);
        check.finish();
        assert!(check.awaits_quorum.is_empty() && check.count.passed && check.logs.len() == 1);
        assert_eq!((check.count.done, &check.logs[0].witnesses), (2, &vec![("one".to_string(), 1_700_000_000)]));
    }
}
