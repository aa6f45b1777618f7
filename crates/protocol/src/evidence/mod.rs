//! Evidence: one file that shows anyone who broke which promise (EVD-1 to EVD-12, EVD-16 to EVD-18, `specs/06-bulletin-board-evidence.md`).
//!
//! A file holds the manifest's body, from which the election's fingerprint, the log's key, the witnesses and the trustees follow, and signed
//! notes or messages that cannot stand beside each other. [`Evidence::check`] needs nothing else: no network, no clock, no word of whoever made the file.

mod check;
mod fault;
mod finding;
mod left_out;
mod message;
mod trial;
mod trust;

pub use check::{TOLERANCE, ends};
pub use fault::{EvidenceFault, Part};
pub use finding::{Cleared, Culprit, CulpritKey, Finding, Kind, Role};
pub use left_out::asked_in_stage;
pub use message::{MessageStep, step_of};
pub use trial::{Trial, TrialOutcome};

use crate::{Submission, cbor, fingerprint, ids::ElectionFingerprint};
use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};
use tlog::{
    follower::Fork,
    merkle::{Hash, leaf_hash},
    proof::Receipt,
};

/// EVD-1: what a file of evidence begins with.
const FORMAT: &str = "vitrine/1/evidence";

/// EVD-1: the most bytes of a file: three receipts, a manifest, a proof.
pub const MAX_EVIDENCE_BYTES: usize = 1_048_576;

/// A file of evidence; nothing in it is checked before [`Evidence::check`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Evidence {
    #[n(0)]
    format: String,
    /// The bytes of the manifest's body.
    #[n(1)]
    manifest: ByteVec,
    /// The entries that lead to the log it is about, if that continues another (CON-2).
    #[n(2)]
    continuations: Vec<ByteVec>,
    #[n(3)]
    claim: Claim,
}

/// What is claimed, with everything that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
enum Claim {
    /// EVD-5.
    #[n(0)]
    SplitView(#[n(0)] SplitView),
    /// EVD-6.
    #[n(1)]
    OtherEntry(#[n(0)] OtherEntry),
    /// EVD-7.
    #[n(2)]
    EndedWithout(#[n(0)] EndedWithout),
    /// EVD-8.
    #[n(3)]
    Rollback(#[n(0)] Rollback),
    /// EVD-9.
    #[n(4)]
    Ahead(#[n(0)] Ahead),
    /// EVD-10.
    #[n(5)]
    Behind(#[n(0)] Behind),
    /// EVD-16.
    #[n(6)]
    TwoMessages(#[n(0)] TwoMessages),
    /// EVD-17.
    #[n(7)]
    LeftOut(#[n(0)] LeftOut),
}

/// Two checkpoints, and the root of the larger tree's beginning, which is not the smaller one's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct SplitView {
    #[n(0)]
    smaller: String,
    #[n(1)]
    larger: String,
    #[n(2)]
    beginning: ByteArray<32>,
    #[cbor(n(3), with = "cbor::hashes")]
    proof: Vec<Hash>,
}

/// A promise, and the place it names with another entry in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct OtherEntry {
    #[n(0)]
    promise: String,
    #[n(1)]
    shown: String,
    #[n(2)]
    leaf: ByteArray<32>,
}

/// A promise, and an earlier entry after which what it promised cannot come.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct EndedWithout {
    #[n(0)]
    promise: String,
    #[n(1)]
    ending: String,
}

/// A larger checkpoint, and a smaller one that came later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Rollback {
    #[n(0)]
    larger: String,
    #[n(1)]
    smaller: String,
}

/// An entry under a checkpoint that was cosigned before the entry's time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Ahead {
    #[n(0)]
    entry: String,
}

/// An entry, and a checkpoint without it that was cosigned after the entry's time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Behind {
    #[n(0)]
    entry: String,
    #[n(1)]
    without: String,
}

/// Two submissions that a trustee signed where one has its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct TwoMessages {
    #[n(0)]
    first: ByteVec,
    #[n(1)]
    second: ByteVec,
}

/// A promise of a trustee's message, the place it names with another entry in it, and the end of the stage at or behind that place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct LeftOut {
    #[n(0)]
    promise: String,
    #[n(1)]
    shown: String,
    #[n(2)]
    leaf: ByteArray<32>,
    #[n(3)]
    ending: String,
}

impl Evidence {
    fn of(manifest: &[u8], claim: Claim) -> Self {
        Self { format: FORMAT.to_owned(), manifest: manifest.to_vec().into(), continuations: Vec::new(), claim }
    }

    /// The same about a log that continues the manifest's: the bytes of leaf 0 of every log from the second to that one (EVD-2).
    pub fn continued(self, continuations: &[Vec<u8>]) -> Self {
        let continuations = continuations.iter().map(|entry| entry.clone().into()).collect();
        Self { continuations, ..self }
    }

    /// Two histories (EVD-5), as a follower found them. `manifest` is always the bytes of the manifest's body.
    pub fn split_view(manifest: &[u8], fork: &Fork) -> Self {
        let (smaller, larger) = (fork.earlier.note().encode(), fork.later.note().encode());
        let (beginning, proof) = (fork.beginning.into(), fork.proof.clone());
        Self::of(manifest, Claim::SplitView(SplitView { smaller, larger, beginning, proof }))
    }

    /// Another entry, of leaf hash `leaf`, in the place that was promised (EVD-6). `shown` proves it; its extra data are left out.
    pub fn other_entry(manifest: &[u8], promise: &Receipt, shown: &Receipt, leaf: &Hash) -> Self {
        let shown = Receipt { extra: Vec::new(), ..shown.clone() };
        let claim = OtherEntry { promise: promise.encode(), shown: shown.encode(), leaf: (*leaf).into() };
        Self::of(manifest, Claim::OtherEntry(claim))
    }

    /// The log went on past what was promised (EVD-7): both receipts hold their entries.
    pub fn ended_without(manifest: &[u8], promise: &Receipt, ending: &Receipt) -> Self {
        let claim = EndedWithout { promise: promise.encode(), ending: ending.encode() };
        Self::of(manifest, Claim::EndedWithout(claim))
    }

    /// A smaller checkpoint after a larger one (EVD-8), both signed notes.
    pub fn rollback(manifest: &[u8], larger: &str, smaller: &str) -> Self {
        let claim = Rollback { larger: larger.to_owned(), smaller: smaller.to_owned() };
        Self::of(manifest, Claim::Rollback(claim))
    }

    /// An entry from the future (EVD-9).
    pub fn ahead(manifest: &[u8], entry: &Receipt) -> Self {
        Self::of(manifest, Claim::Ahead(Ahead { entry: entry.encode() }))
    }

    /// An entry that the witnesses had not seen long after its time (EVD-10); `without` is a signed note.
    pub fn behind(manifest: &[u8], entry: &Receipt, without: &str) -> Self {
        Self::of(manifest, Claim::Behind(Behind { entry: entry.encode(), without: without.to_owned() }))
    }

    /// Two messages of one trustee for one step (EVD-16), in whatever order.
    pub fn two_messages(manifest: &[u8], one: &Submission, other: &Submission) -> Self {
        let election = fingerprint::election(manifest);
        let (first, second) = if one.id(&election).0 <= other.id(&election).0 { (one, other) } else { (other, one) };
        let claim = TwoMessages { first: first.encode().into(), second: second.encode().into() };
        Self::of(manifest, Claim::TwoMessages(claim))
    }

    /// Another entry, of leaf hash `leaf`, in the place that was promised to a trustee's message, and the stage ended there or later (EVD-17).
    /// `shown` proves the place, its extra data are left out; `ending` holds the `StageEnd`, under the same checkpoint.
    pub fn left_out(manifest: &[u8], promise: &Receipt, (shown, leaf): (&Receipt, &Hash), ending: &Receipt) -> Self {
        let shown = Receipt { extra: Vec::new(), ..shown.clone() }.encode();
        let claim = LeftOut { promise: promise.encode(), shown, leaf: (*leaf).into(), ending: ending.encode() };
        Self::of(manifest, Claim::LeftOut(claim))
    }

    /// EVD-1: the bytes of the file.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// EVD-1: reads a file. Exactly one byte string stands for each.
    ///
    /// # Errors
    /// [`EvidenceFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, EvidenceFault> {
        if bytes.len() > MAX_EVIDENCE_BYTES {
            return Err(EvidenceFault::TooLong(bytes.len()));
        }
        let evidence: Self = cbor::decode(bytes, "file of evidence")?;
        if evidence.format == FORMAT { Ok(evidence) } else { Err(EvidenceFault::Format) }
    }

    /// EVD-2: the election it is about. Whoever is to be convinced compares it with the fingerprint they know.
    pub fn election(&self) -> ElectionFingerprint {
        fingerprint::election(&self.manifest)
    }

    /// What it claims.
    pub fn kind(&self) -> Kind {
        match &self.claim {
            Claim::SplitView(_) => Kind::SplitView,
            Claim::OtherEntry(_) | Claim::EndedWithout(_) | Claim::LeftOut(_) => Kind::BrokenPromise,
            Claim::Rollback(_) => Kind::Rollback,
            Claim::Ahead(_) | Claim::Behind(_) => Kind::Clock,
            Claim::TwoMessages(_) => Kind::TwoMessages,
        }
    }
}

/// The leaf hash of the entry in a receipt.
fn leaf_of(receipt: &Receipt) -> Hash {
    leaf_hash(&receipt.extra)
}
