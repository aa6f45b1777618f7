//! The checks of a file of evidence (EVD-2 to EVD-12): what it takes to convict somebody, and nothing less.

use super::{
    Ahead, Behind, Claim, EndedWithout, Evidence, Finding, OtherEntry, Rollback, SplitView,
    finding::{self, Culprit},
    leaf_of,
};
use crate::{
    body::Body,
    entry::{Author, Entry},
    ids::{ElectionFingerprint, Minutes},
    manifest::Manifest,
    rule::Rejection,
};
use std::fmt;
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    merkle::{ProofFailure, verify_consistency},
    note::{Algorithm, KeyError, VerifierKey},
    policy::{Policy, PolicyError},
    proof::{Receipt, ReceiptError},
};

/// EVD-11: how far, in seconds, an entry's time may be off the witnesses' times.
pub const TOLERANCE: u64 = 600;

/// Which part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The checkpoint of the smaller tree.
    Smaller,
    /// The checkpoint of the larger tree.
    Larger,
    /// The promise.
    Promise,
    /// What is shown in the promised place.
    Shown,
    /// The entry that ended what was promised.
    Ending,
    /// The entry whose time is off.
    Entry,
    /// The checkpoint without it.
    Without,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Smaller => "the checkpoint of the smaller tree",
            Self::Larger => "the checkpoint of the larger tree",
            Self::Promise => "the promise",
            Self::Shown => "what is shown in the promised place",
            Self::Ending => "the entry that ended what was promised",
            Self::Entry => "the entry",
            Self::Without => "the checkpoint without the entry",
        })
    }
}

/// Why a file shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceFault {
    /// More than the format allows (EVD-1).
    #[error("EVD-1: the file has {0} bytes, more than evidence can have")]
    TooLong(usize),
    /// Not the canonical bytes of such a file (EVD-1).
    #[error("EVD-1: not a file of evidence: {0}")]
    NotCanonical(#[from] Rejection),
    /// Another format or version (EVD-1).
    #[error("EVD-1: not of the format vitrine/1/evidence")]
    Format,
    /// No manifest in it (EVD-2).
    #[error("EVD-2: the body in it is no manifest: {0}")]
    Manifest(String),
    /// The manifest's log key is none (EVD-2).
    #[error("EVD-2: the manifest's log key: {0}")]
    LogKey(#[from] KeyError),
    /// The manifest's policy is none (EVD-2).
    #[error("EVD-2: the manifest's policy: {0}")]
    Policy(#[from] PolicyError),
    /// An entry that does not lead from one log of the election to the next (EVD-2).
    #[error("EVD-2: entry {0} of `continuations` does not continue the log before it")]
    Continuation(usize),
    /// A checkpoint that the log or a witness did not sign (EVD-3).
    #[error("EVD-3: {part}: {fault}")]
    Checkpoint {
        /// Which.
        part: Part,
        /// Why not.
        fault: CheckpointError,
    },
    /// A receipt that does not hold (EVD-3).
    #[error("EVD-3: {part}: {fault}")]
    Receipt {
        /// Which.
        part: Part,
        /// Why not.
        fault: ReceiptError,
    },
    /// An entry that cannot be read, or says another index than its receipt (EVD-3).
    #[error("EVD-3: {part}: the entry in it is none of index {index}")]
    NotAnEntry {
        /// Which.
        part: Part,
        /// The receipt's index.
        index: u64,
    },
    /// A checkpoint that does not meet the policy where it must (EVD-6, EVD-7, EVD-9, EVD-10).
    #[error("{rule}: {part}: the policy's quorum has not cosigned its checkpoint as the rule demands")]
    NoQuorum {
        /// The rule that demands it.
        rule: &'static str,
        /// Which.
        part: Part,
    },
    /// The trees agree as far as both go (EVD-5).
    #[error("EVD-5: the larger tree begins with the smaller one: that is one history")]
    OneHistory,
    /// The consistency proof does not hold (EVD-5).
    #[error("EVD-5: the proof does not join the stated beginning to the larger checkpoint: {0}")]
    NotJoined(ProofFailure),
    /// The promised entry is where it was promised (EVD-6).
    #[error("EVD-6: the entry shown is the one that was promised")]
    Kept,
    /// Not the promised place (EVD-6), or not before it (EVD-7).
    #[error("{rule}: index {found} does not contradict a promise for index {promised}")]
    Elsewhere {
        /// The rule.
        rule: &'static str,
        /// What was promised.
        promised: u64,
        /// What is shown.
        found: u64,
    },
    /// What was promised may well come after that entry (EVD-7).
    #[error("EVD-7: after a {ending} a {promised} may still come")]
    NotEnded {
        /// The body promised.
        promised: &'static str,
        /// The body shown.
        ending: &'static str,
    },
    /// The second checkpoint is not smaller (EVD-8), or holds the entry (EVD-10).
    #[error("{rule}: the sizes {first} and {second} are in the wrong order")]
    Sizes {
        /// The rule.
        rule: &'static str,
        /// Size or index of the first part.
        first: u64,
        /// Size of the second part.
        second: u64,
    },
    /// `quorum none`: no clock but the board's (EVD-9, EVD-10).
    #[error("{0}: the election has no witnesses whose clocks the log's could be compared with")]
    NoClock(&'static str),
}

/// The keys and the policy that the manifest fixes (EVD-2, EVD-3).
struct Trust {
    log: VerifierKey,
    /// Index of the log's first entry (REC-8).
    first: u64,
    policy: Policy,
    keys: Vec<VerifierKey>,
}

impl Trust {
    fn of(evidence: &Evidence) -> Result<Self, EvidenceFault> {
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
        Ok(Self { log, first, policy, keys })
    }

    /// EVD-3.
    fn open(&self, note: &str, part: Part) -> Result<SignedCheckpoint, EvidenceFault> {
        checkpoint::open(note.as_bytes(), &self.keys).map_err(|fault| EvidenceFault::Checkpoint { part, fault })
    }

    /// EVD-3: a receipt and the checkpoint under which it puts this leaf, or the entry in it.
    fn receipt(
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
    fn entry(&self, text: &str, part: Part) -> Result<(Entry, Body, SignedCheckpoint), EvidenceFault> {
        let (receipt, signed) = self.receipt(text, None, part)?;
        let not = || EvidenceFault::NotAnEntry { part, index: receipt.index };
        let entry = Entry::decode(&receipt.extra).map_err(|_| not())?;
        let body = entry.submission().body().map_err(|_| not())?;
        let fits = self.first.checked_add(receipt.index) == Some(entry.index);
        if fits { Ok((entry, body, signed)) } else { Err(not()) }
    }

    fn demand(&self, signed: &SignedCheckpoint, rule: &'static str, part: Part) -> Result<(), EvidenceFault> {
        let met = self.policy.evaluate(signed, 0).quorum_met;
        if met { Ok(()) } else { Err(EvidenceFault::NoQuorum { rule, part }) }
    }

    /// EVD-12: the log, and every witness whose cosignatures stand on both.
    fn both_sides(&self, one: &SignedCheckpoint, other: &SignedCheckpoint) -> Vec<Culprit> {
        let on = |signed: &SignedCheckpoint, key: &VerifierKey| signed.cosignatures().iter().any(|by| by.key == *key);
        let witnesses = finding::witnesses(&self.policy, |key| on(one, key) && on(other, key));
        std::iter::once(finding::log(&self.log)).chain(witnesses).collect()
    }

    fn worth(&self, signed: &SignedCheckpoint) -> String {
        let evaluation = self.policy.evaluate(signed, 0);
        let names: Vec<&str> = evaluation.cosigned.iter().map(|(name, _)| name.as_str()).collect();
        match (self.policy.quorum(), names.is_empty()) {
            (None, _) => "the policy is `quorum none`".to_owned(),
            (_, true) => "cosigned by nobody".to_owned(),
            _ if evaluation.quorum_met => format!("cosigned by {}, which is the quorum", names.join(", ")),
            _ => format!("cosigned by {}, which is no quorum", names.join(", ")),
        }
    }
}

impl Evidence {
    /// EVD-4: what the file shows. The caller compares [`Evidence::election`] with the fingerprint it knows.
    ///
    /// # Errors
    /// [`EvidenceFault`] when it shows nothing.
    pub fn check(&self) -> Result<Finding, EvidenceFault> {
        let trust = Trust::of(self)?;
        let (culprits, shown, open) = match &self.claim {
            Claim::SplitView(claim) => claim.check(&trust)?,
            Claim::OtherEntry(claim) => claim.check(&trust)?,
            Claim::EndedWithout(claim) => claim.check(&trust)?,
            Claim::Rollback(claim) => claim.check(&trust)?,
            Claim::Ahead(claim) => claim.check(&trust)?,
            Claim::Behind(claim) => claim.check(&trust)?,
        };
        Ok(Finding { election: self.election(), kind: self.kind(), culprits, shown, open })
    }
}

/// Culprits, what is shown, what is left open.
type Outcome = Result<(Vec<Culprit>, Vec<String>, Vec<String>), EvidenceFault>;

impl SplitView {
    /// EVD-5.
    fn check(&self, trust: &Trust) -> Outcome {
        let smaller = trust.open(&self.smaller, Part::Smaller)?;
        let larger = trust.open(&self.larger, Part::Larger)?;
        let (first, second) = (smaller.checkpoint(), larger.checkpoint());
        verify_consistency(first.size(), &self.beginning, second.size(), second.root(), &self.proof)
            .map_err(EvidenceFault::NotJoined)?;
        if *self.beginning == *first.root() {
            return Err(EvidenceFault::OneHistory);
        }
        let shown = vec![
            format!("The log signed a tree of {} entries ({}).", first.size(), trust.worth(&smaller)),
            format!("It signed another of {} entries ({}).", second.size(), trust.worth(&larger)),
            format!(
                "The first {} entries of the one are not those of the other, so no log holds both: LOG-17 is broken.",
                first.size()
            ),
        ];
        Ok((trust.both_sides(&smaller, &larger), shown, Vec::new()))
    }
}

impl OtherEntry {
    /// EVD-6.
    fn check(&self, trust: &Trust) -> Outcome {
        let (promised, body, promise) = trust.entry(&self.promise, Part::Promise)?;
        let (receipt, shown) = trust.receipt(&self.shown, Some(*self.leaf), Part::Shown)?;
        trust.demand(&shown, "EVD-6", Part::Shown)?;
        // Both receipts are of one log, in which an entry's leaf number is its index less that of the first.
        let found = trust.first.saturating_add(receipt.index);
        if found != promised.index {
            return Err(EvidenceFault::Elsewhere { rule: "EVD-6", promised: promised.index, found });
        }
        if tlog::merkle::leaf_hash(&promised.encode()) == *self.leaf {
            return Err(EvidenceFault::Kept);
        }
        let words = vec![
            promise_in_words(&promised, &body, &promise),
            format!(
                "Its tree of {} entries ({}) has another entry in that place.",
                shown.checkpoint().size(),
                trust.worth(&shown)
            ),
        ];
        Ok((trust.both_sides(&promise, &shown), words, Vec::new()))
    }
}

impl EndedWithout {
    /// EVD-7.
    fn check(&self, trust: &Trust) -> Outcome {
        let (promised, body, promise) = trust.entry(&self.promise, Part::Promise)?;
        let (ending, end, shown) = trust.entry(&self.ending, Part::Ending)?;
        trust.demand(&shown, "EVD-7", Part::Ending)?;
        if ending.index >= promised.index {
            return Err(EvidenceFault::Elsewhere { rule: "EVD-7", promised: promised.index, found: ending.index });
        }
        if !ends(&end, &body) {
            return Err(EvidenceFault::NotEnded { promised: body.name(), ending: end.name() });
        }
        let words = vec![
            promise_in_words(&promised, &body, &promise),
            format!(
                "Its tree of {} entries ({}) has a {} before that place, as entry {}: after it no {} is valid.",
                shown.checkpoint().size(),
                trust.worth(&shown),
                end.name(),
                ending.index,
                body.name()
            ),
            "Whatever the log still puts there, what it promised is not in the election.".to_owned(),
        ];
        Ok((vec![finding::log(&trust.log)], words, Vec::new()))
    }
}

impl Rollback {
    /// EVD-8.
    fn check(&self, trust: &Trust) -> Outcome {
        let larger = trust.open(&self.larger, Part::Larger)?;
        let smaller = trust.open(&self.smaller, Part::Smaller)?;
        let (first, second) = (larger.checkpoint().size(), smaller.checkpoint().size());
        if first <= second {
            return Err(EvidenceFault::Sizes { rule: "EVD-8", first, second });
        }
        let times = |signed: &SignedCheckpoint, key: &VerifierKey| -> Vec<u64> {
            let by_key = signed.cosignatures().iter().filter(|by| by.key == *key);
            by_key.map(|by| by.timestamp).filter(|time| *time > 0).collect()
        };
        let went_back = |key: &VerifierKey| {
            let earliest = times(&larger, key).into_iter().min();
            let latest = times(&smaller, key).into_iter().max();
            earliest.zip(latest).is_some_and(|(larger, smaller)| smaller > larger)
        };
        let culprits = finding::witnesses(&trust.policy, went_back);
        let mut words = vec![
            format!("The log signed a tree of {first} entries ({}).", trust.worth(&larger)),
            format!("It also signed one of {second} entries ({}).", trust.worth(&smaller)),
        ];
        let log = "A log's signature states no time: that it served the smaller tree after the larger one rests on the word of whoever \
                   saved the two.";
        if culprits.is_empty() {
            let open = "No witness states a later time on the smaller tree than on the larger one.";
            return Ok((culprits, words, vec![open.to_owned(), log.to_owned()]));
        }
        let names: Vec<&str> = culprits.iter().map(|culprit| culprit.name.as_str()).collect();
        words.push(format!(
            "{} stated that {second} entries were the most it had seen, later than it stated {first}: LOG-21 is broken.",
            names.join(", ")
        ));
        Ok((culprits, words, vec![log.to_owned()]))
    }
}

impl Ahead {
    /// EVD-9.
    fn check(&self, trust: &Trust) -> Outcome {
        let (entry, _, signed) = trust.entry(&self.entry, Part::Entry)?;
        let early = |time: u64| time > 0 && time.saturating_add(TOLERANCE) < first_second(entry.time);
        let names = trust.clocks(&signed, early, "EVD-9", Part::Entry)?;
        let words = vec![
            format!("Entry {} of the log says minute {} since 1970.", entry.index, entry.time),
            format!(
                "More than {TOLERANCE} seconds before, {names}, which is a quorum, had cosigned a tree that holds it."
            ),
            "The log wrote a time that had not come, by the clocks of a quorum of witnesses (EVD-11).".to_owned(),
        ];
        Ok((vec![finding::log(&trust.log)], words, Vec::new()))
    }
}

impl Behind {
    /// EVD-10.
    fn check(&self, trust: &Trust) -> Outcome {
        let (entry, _, _) = trust.entry(&self.entry, Part::Entry)?;
        let without = trust.open(&self.without, Part::Without)?;
        let size = without.checkpoint().size();
        if trust.first.saturating_add(size) > entry.index {
            return Err(EvidenceFault::Sizes { rule: "EVD-10", first: entry.index, second: size });
        }
        let late = |time: u64| time > last_second(entry.time).saturating_add(TOLERANCE);
        let names = trust.clocks(&without, late, "EVD-10", Part::Without)?;
        let words = vec![
            format!("Entry {} of the log says minute {} since 1970.", entry.index, entry.time),
            format!(
                "More than {TOLERANCE} seconds after, {names}, which is a quorum, had seen no more than {size} entries."
            ),
            "The entry's time is not borne out by the witnesses (EVD-11).".to_owned(),
        ];
        let open = "A log whose clock is right, and which could not reach its witnesses for so long while somebody else showed them the \
                    smaller tree, would look the same."
            .to_owned();
        Ok((Vec::new(), words, vec![open]))
    }
}

impl Trust {
    /// EVD-9, EVD-10: the names of a quorum whose cosignatures have such times.
    fn clocks(
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

fn promise_in_words(entry: &Entry, body: &Body, promise: &SignedCheckpoint) -> String {
    let size = promise.checkpoint().size();
    format!("The log promised a {} as entry {}, in a tree of {size} entries that it signed.", body.name(), entry.index)
}

/// EVD-11: an entry of minute T was made in one of its sixty seconds.
fn first_second(time: Minutes) -> u64 {
    time.saturating_mul(60)
}

fn last_second(time: Minutes) -> u64 {
    first_second(time).saturating_add(59)
}

/// EVD-7: whether no such body is valid after this one (ENT-7, CER-8).
pub fn ends(end: &Body, body: &Body) -> bool {
    let stage = match body {
        Body::DealingCommitment(_) => Some(1),
        Body::Dealing(_) => Some(2),
        Body::Complaint(_) | Body::CeremonyConfirmation(_) => Some(3),
        Body::StageEnd(body) => Some(body.stage),
        _ => None,
    };
    let setup = stage.is_some() || matches!(body, Body::Roll(_) | Body::Opening(_));
    let voting = matches!(
        body,
        Body::Rehearsal(_)
            | Body::Ballot(_)
            | Body::AuditedBallot(_)
            | Body::Replacement(_)
            | Body::Extension(_)
            | Body::Closing(_)
    );
    match end {
        Body::StageEnd(end) => stage.is_some_and(|stage| stage <= end.stage),
        Body::Opening(_) => setup,
        Body::Closing(_) => setup || voting,
        _ => false,
    }
}
