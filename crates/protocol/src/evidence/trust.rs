//! Whose signatures count: everything follows from the manifest, and so from F (EVD-2, EVD-3).

use super::{
    Evidence, EvidenceFault, Part,
    finding::{self, Culprit},
    leaf_of,
};
use crate::{
    body::Body,
    entry::{Author, Entry, Submission},
    ids::ElectionFingerprint,
    manifest::{Manifest, TrusteeKeys},
};
use tlog::{
    checkpoint::{self, SignedCheckpoint},
    note::{Algorithm, VerifierKey},
    policy::Policy,
    proof::Receipt,
};

/// The keys and the policy that the manifest fixes (EVD-2, EVD-3).
pub(super) struct Trust {
    pub(super) log: VerifierKey,
    /// Index of the log's first entry (REC-8).
    pub(super) first: u64,
    pub(super) policy: Policy,
    /// F.
    pub(super) election: ElectionFingerprint,
    pub(super) trustees: Vec<TrusteeKeys>,
    keys: Vec<VerifierKey>,
}

impl Trust {
    pub(super) fn of(evidence: &Evidence) -> Result<Self, EvidenceFault> {
        let manifest: Manifest = match Body::decode(&evidence.manifest) {
            Ok(Body::Manifest(manifest)) => *manifest,
            Ok(other) => return Err(EvidenceFault::Manifest(format!("a {}", other.name()))),
            Err(rejection) => return Err(EvidenceFault::Manifest(rejection.to_string())),
        };
        let mut log: VerifierKey = manifest.log_key.parse()?;
        let mut first = 0;
        for (place, bytes) in evidence.continuations.iter().enumerate() {
            let next = continued(bytes, &manifest, &evidence.election(), log.name(), (place, first));
            (log, first) = next.ok_or(EvidenceFault::Continuation(place))?;
        }
        let policy = Policy::parse(manifest.policy.as_bytes())?;
        let witnesses = policy.witnesses().iter().map(|witness| witness.key.clone());
        let keys = std::iter::once(log.clone()).chain(witnesses).collect();
        Ok(Self { log, first, policy, election: evidence.election(), trustees: manifest.trustees, keys })
    }

    /// ENT-5: the trustee of the manifest that signed this for the election, if one did.
    pub(super) fn signed_by(&self, submission: &Submission) -> Option<(u32, &TrusteeKeys)> {
        let Ok(Author::Trustee(index)) = submission.author() else { return None };
        let keys = self.trustees.get(usize::try_from(index.checked_sub(1)?).ok()?)?;
        submission.is_signed_by(&self.election, &keys.signing_key).then_some((index, keys))
    }

    /// EVD-3.
    pub(super) fn open(&self, note: &str, part: Part) -> Result<SignedCheckpoint, EvidenceFault> {
        checkpoint::open(note.as_bytes(), &self.keys).map_err(|fault| EvidenceFault::Checkpoint { part, fault })
    }

    /// EVD-3: a receipt and the checkpoint under which it puts this leaf, or the entry in it.
    pub(super) fn receipt(
        &self,
        text: &str,
        leaf: Option<[u8; 32]>,
        part: Part,
    ) -> Result<(Receipt, SignedCheckpoint), EvidenceFault> {
        let failed = |fault| EvidenceFault::Receipt { part, fault };
        let receipt = Receipt::parse(text.as_bytes()).map_err(failed)?;
        let leaf = leaf.unwrap_or_else(|| leaf_of(&receipt));
        let signed = receipt.verify(&leaf, &self.keys).map_err(failed)?;
        Ok((receipt, signed))
    }

    /// EVD-3: as [`Trust::receipt`], and the entry in it is one, of the receipt's index.
    pub(super) fn entry(&self, text: &str, part: Part) -> Result<(Entry, Body, SignedCheckpoint), EvidenceFault> {
        let (receipt, signed) = self.receipt(text, None, part)?;
        let not = || EvidenceFault::NotAnEntry { part, index: receipt.index };
        let entry = Entry::decode(&receipt.extra).map_err(|_| not())?;
        let body = entry.submission().body().map_err(|_| not())?;
        let fits = self.first.checked_add(receipt.index) == Some(entry.index);
        if fits { Ok((entry, body, signed)) } else { Err(not()) }
    }

    pub(super) fn demand(
        &self,
        signed: &SignedCheckpoint,
        rule: &'static str,
        part: Part,
    ) -> Result<(), EvidenceFault> {
        let met = self.policy.evaluate(signed, 0).quorum_met;
        if met { Ok(()) } else { Err(EvidenceFault::NoQuorum { rule, part }) }
    }

    /// EVD-12: the log, and every witness whose cosignatures stand on both.
    pub(super) fn both_sides(&self, one: &SignedCheckpoint, other: &SignedCheckpoint) -> Vec<Culprit> {
        let on = |signed: &SignedCheckpoint, key: &VerifierKey| signed.cosignatures().iter().any(|by| by.key == *key);
        let witnesses = finding::witnesses(&self.policy, |key| on(one, key) && on(other, key));
        std::iter::once(finding::log(&self.log)).chain(witnesses).collect()
    }

    pub(super) fn worth(&self, signed: &SignedCheckpoint) -> String {
        let evaluation = self.policy.evaluate(signed, 0);
        let names: Vec<&str> = evaluation.cosigned.iter().map(|(name, _)| name.as_str()).collect();
        match (self.policy.quorum(), names.is_empty()) {
            (None, _) => "the policy is `quorum none`".to_owned(),
            (_, true) => "cosigned by nobody".to_owned(),
            _ if evaluation.quorum_met => format!("cosigned by {}, which is the quorum", names.join(", ")),
            _ => format!("cosigned by {}, which is no quorum", names.join(", ")),
        }
    }

    /// EVD-9, EVD-10: the names of a quorum whose cosignatures have such times.
    pub(super) fn clocks(
        &self,
        signed: &SignedCheckpoint,
        counts: impl Fn(u64) -> bool,
        rule: &'static str,
        part: Part,
    ) -> Result<String, EvidenceFault> {
        if self.policy.quorum().is_none() {
            return Err(EvidenceFault::NoClock(rule));
        }
        let evaluation = self.policy.evaluate_where(signed, counts);
        if !evaluation.quorum_met {
            return Err(EvidenceFault::NoQuorum { rule, part });
        }
        Ok(evaluation.cosigned.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", "))
    }
}

/// EVD-2: the key and first index of the log that an entry continues the one of this origin in (CON-1, CON-2).
fn continued(
    bytes: &[u8],
    manifest: &Manifest,
    election: &ElectionFingerprint,
    old_origin: &str,
    (place, first): (usize, u64),
) -> Option<(VerifierKey, u64)> {
    let entry = Entry::decode(bytes).ok()?;
    let submission = entry.submission();
    let (Ok(Author::Authority), Ok(Body::Continuation(continuation))) = (submission.author(), submission.body()) else {
        return None;
    };
    let key: VerifierKey = continuation.new_key.parse().ok()?;
    let origin = format!("{}/{}", manifest.log_origin, place.checked_add(2)?);
    let first = first.checked_add(continuation.old_size)?;
    let fits = continuation.old_origin == old_origin
        && key.name() == origin
        && key.algorithm() == Algorithm::Ed25519
        && entry.index == first;
    (fits && submission.is_signed_by(election, &manifest.authority.signing_key)).then_some((key, first))
}
