//! Receipts (BAL-35 to BAL-37): what a voter keeps, and how it is checked years later without asking anybody.

use crate::tracker::Tracker;
use protocol::{
    Author, Body, Entry, Manifest, Rejection,
    ids::{ElectionFingerprint, Minutes},
};
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    merkle::leaf_hash,
    note::VerifierKey,
    policy::{Policy, PolicyError},
    proof::{Receipt, ReceiptError},
};

/// By what a checkpoint is judged.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The log's key alone.
    LogKey(VerifierKey),
    /// The witness policy of a manifest, which names the log's key too.
    Policy(Policy),
}

impl Trust {
    /// The policy that the manifest fixes. The caller has compared the manifest's fingerprint.
    ///
    /// # Errors
    /// [`PolicyError`], which an admitted manifest does not cause.
    pub fn of_manifest(manifest: &Manifest) -> Result<Self, PolicyError> {
        Policy::parse(manifest.policy.as_bytes()).map(Self::Policy)
    }

    /// The policy of one log of an election, or the reader's own in its place, which holds with that log's key (CON-2, VER-30).
    pub fn of_log(own: Option<&Policy>, policy: &Policy) -> Self {
        let log = policy.logs().first().map(|log| log.key.clone());
        Self::Policy(match (own, log) {
            (Some(own), Some(log)) => own.with_log(log),
            _ => policy.clone(),
        })
    }

    fn keys(&self) -> Vec<VerifierKey> {
        match self {
            Self::LogKey(key) => vec![key.clone()],
            Self::Policy(policy) => policy.keys(),
        }
    }
}

/// Who besides the log attests a checkpoint (BAL-37).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witnessed {
    /// The election's policy is `quorum none`.
    NotRequired,
    /// Only the log's key was given, so witnesses were not looked at.
    NotJudged,
    /// The quorum is not there yet: these witnesses have cosigned, and stated these times, in seconds since 1970.
    Awaiting(Vec<(String, u64)>),
    /// The quorum has cosigned.
    Quorum(Vec<(String, u64)>),
}

impl Witnessed {
    /// Judges a checkpoint as it came over the wire. Cosignatures count from any time on.
    ///
    /// # Errors
    /// [`CheckpointError`] when the log or a known witness did not sign it.
    pub fn judge(note: &[u8], trust: &Trust) -> Result<(SignedCheckpoint, Self), CheckpointError> {
        let signed = checkpoint::open(note, &trust.keys())?;
        let witnessed = match trust {
            Trust::LogKey(_) => Self::NotJudged,
            Trust::Policy(policy) if policy.quorum().is_none() => Self::NotRequired,
            Trust::Policy(policy) => {
                let evaluation = policy.evaluate(&signed, 0);
                let cosigned = evaluation.cosigned;
                if evaluation.quorum_met { Self::Quorum(cosigned) } else { Self::Awaiting(cosigned) }
            }
        };
        Ok((signed, witnessed))
    }

    /// Whether the policy, as far as it is known, asks for no more.
    pub fn suffices(&self) -> bool {
        !matches!(self, Self::Awaiting(_))
    }
}

impl std::fmt::Display for Witnessed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotRequired => formatter.write_str(
                "signed by the board alone: this election has no witnesses (quorum none), so only the board attests that everybody \
                 is shown this history",
            ),
            Self::NotJudged => formatter.write_str("signed by the board; witnesses were not judged, because no manifest was given"),
            Self::Awaiting(cosigned) if cosigned.is_empty() => {
                formatter.write_str("a promise, awaiting witnesses: signed by the board alone so far, and not final")
            }
            Self::Awaiting(cosigned) => {
                write!(formatter, "awaiting witnesses: cosigned by {} so far, and not final", in_words(cosigned))
            }
            Self::Quorum(cosigned) => {
                write!(formatter, "witnessed: cosigned by {}, which is the quorum", in_words(cosigned))
            }
        }
    }
}

/// `one (2026-11-23 11:39 UTC), two (2026-11-23 11:40 UTC)`.
fn in_words(cosigned: &[(String, u64)]) -> String {
    let one = |(name, seconds): &(String, u64)| format!("{name} ({})", time_in_words(seconds / 60));
    cosigned.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Minutes since 1970 as people read them.
pub(crate) fn time_in_words(minutes: Minutes) -> String {
    let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
    match seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
        Some(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        None => format!("minute {minutes}"),
    }
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptFault {
    /// Malformed, not signed by the log, or not in its tree.
    #[error("the receipt does not hold: {0}")]
    Proof(#[from] ReceiptError),
    /// The checkpoint is refused.
    #[error("the receipt's checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// No entry in it: a tracker cannot be linked to a leaf without.
    #[error("the receipt holds no entry")]
    NoEntry,
    /// The entry inside is malformed.
    #[error("the receipt's entry is malformed: {0}")]
    Entry(#[from] Rejection),
    /// The entry is of another place.
    #[error("the receipt is for entry {promised}, and the entry inside says {found}")]
    OtherIndex {
        /// What the receipt says.
        promised: u64,
        /// What the entry says.
        found: u64,
    },
    /// The entry is no ballot, or its credential did not sign it for this election.
    #[error("the entry is no ballot signed by its credential for this election")]
    NotABallot,
}

/// What a receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedReceipt {
    /// The ballot's tracker.
    pub tracker: Tracker,
    /// Its place in the record.
    pub index: u64,
    /// When the board recorded it, by the board's clock.
    pub time: Minutes,
    /// Which of the credential's ballots it is, from 1.
    pub sequence: u64,
    /// Entries under the checkpoint.
    pub size: u64,
    /// The log.
    pub origin: String,
    /// Who attests it.
    pub witnessed: Witnessed,
}

/// BAL-36: checks a receipt's bytes offline: it holds a ballot that its credential signed for this election, in the tree under a
/// checkpoint that the log signed.
///
/// # Errors
/// [`ReceiptFault`].
pub fn check_receipt(
    bytes: &[u8],
    election: &ElectionFingerprint,
    trust: &Trust,
) -> Result<CheckedReceipt, ReceiptFault> {
    let receipt = Receipt::parse(bytes)?;
    if receipt.extra.is_empty() {
        return Err(ReceiptFault::NoEntry);
    }
    let (signed, witnessed) = Witnessed::judge(receipt.checkpoint_note.as_bytes(), trust)?;
    receipt.verify(&leaf_hash(&receipt.extra), &trust.keys())?;
    let entry = Entry::decode(&receipt.extra)?;
    if !is_leaf(entry.index, receipt.index, signed.checkpoint().origin()) {
        return Err(ReceiptFault::OtherIndex { promised: receipt.index, found: entry.index });
    }
    let submission = entry.submission();
    let (Author::Credential(credential), Body::Ballot(ballot)) = (submission.author()?, submission.body()?) else {
        return Err(ReceiptFault::NotABallot);
    };
    if !submission.is_signed_by(election, &credential) {
        return Err(ReceiptFault::NotABallot);
    }
    Ok(CheckedReceipt {
        tracker: Tracker(submission.id(election)),
        index: entry.index,
        time: entry.time,
        sequence: ballot.sequence,
        size: signed.checkpoint().size(),
        origin: signed.checkpoint().origin().to_owned(),
        witnessed,
    })
}

/// Whether an entry with this index can be that leaf of the log: in a first log they are the same, in one that continues another, whose name
/// ends with its number, the entries of the logs before come on top (CON-7).
fn is_leaf(index: u64, leaf: u64, origin: &str) -> bool {
    let number = origin.rsplit_once('/').and_then(|(_, number)| number.parse::<u64>().ok());
    if number.is_some_and(|number| number >= 2) { index >= leaf } else { index == leaf }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng as _, rngs::StdRng};
    use tlog::{checkpoint::Checkpoint, cosignature::CosignerKey, merkle::empty_root, note::SignerKey};

    /// BAL-37: each state has its words, and only the quorum makes a receipt final where the policy asks for one.
    #[test]
    fn what_a_checkpoint_is_worth_is_said_in_words() {
        let mut rng = StdRng::seed_from_u64(5);
        let log = SignerKey::generate("log.example", &mut rng).unwrap();
        let witnesses: Vec<CosignerKey> =
            ["one", "two"].map(|name| CosignerKey::generate(name, &mut rng).unwrap()).into_iter().collect();
        let keys: Vec<String> = witnesses.iter().map(|witness| witness.verifier_key().to_string()).collect();
        let policy = format!(
            "log {}\nwitness one {}\nwitness two {}\ngroup both all one two\nquorum both\n",
            log.verifier_key(),
            keys[0],
            keys[1]
        );
        let trust = Trust::Policy(Policy::parse(policy.as_bytes()).unwrap());
        let head = Checkpoint::new("log.example", 0, empty_root()).unwrap();
        let mut note = tlog::note::Note::parse(checkpoint::sign(&head, &log).unwrap().as_bytes()).unwrap();
        let judge =
            |note: &tlog::note::Note, trust: &Trust| Witnessed::judge(note.encode().as_bytes(), trust).unwrap().1;

        let alone = judge(&note, &trust);
        assert_eq!(alone, Witnessed::Awaiting(Vec::new()));
        assert!(!alone.suffices() && alone.to_string().starts_with("a promise, awaiting witnesses"));
        let time = 1_000;
        note.add(witnesses[0].cosign(&head, time).unwrap()).unwrap();
        let half = judge(&note, &trust);
        assert_eq!(half, Witnessed::Awaiting(vec![("one".into(), time)]));
        assert!(
            !half.suffices()
                && half.to_string().contains("cosigned by one (1970-01-01 00:16 UTC) so far, and not final")
        );
        note.add(witnesses[1].cosign(&head, time).unwrap()).unwrap();
        let whole = judge(&note, &trust);
        assert_eq!(whole, Witnessed::Quorum(vec![("one".into(), time), ("two".into(), time)]));
        assert!(whole.suffices() && whole.to_string().starts_with("witnessed"));

        // CON-2, VER-30: a reader's own policy holds for a successor too, with its key.
        let successor = SignerKey::generate("log.example/2", &mut rng).unwrap();
        let lax = Policy::without_witnesses(successor.verifier_key()).unwrap();
        let own = Trust::of_log(Some(&Policy::parse(policy.as_bytes()).unwrap()), &lax);
        let head = Checkpoint::new("log.example/2", 0, empty_root()).unwrap();
        let mut later = tlog::note::Note::parse(checkpoint::sign(&head, &successor).unwrap().as_bytes()).unwrap();
        assert_eq!(judge(&later, &own), Witnessed::Awaiting(Vec::new()));
        assert_eq!(judge(&later, &Trust::of_log(None, &lax)), Witnessed::NotRequired);
        for witness in &witnesses {
            later.add(witness.cosign(&head, time).unwrap()).unwrap();
        }
        assert!(matches!(judge(&later, &own), Witnessed::Quorum(_)));

        let none = Trust::Policy(Policy::without_witnesses(log.verifier_key()).unwrap());
        assert!(judge(&note, &none).to_string().contains("quorum none"));
        assert_eq!(judge(&note, &Trust::LogKey(log.verifier_key())), Witnessed::NotJudged);
        let stranger = SignerKey::generate("other.example", &mut rng).unwrap().verifier_key();
        assert!(Witnessed::judge(note.encode().as_bytes(), &Trust::LogKey(stranger)).is_err());
    }
}
