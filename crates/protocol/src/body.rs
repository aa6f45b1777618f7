//! The closed set of bodies (`specs/02-encoding.md`, CDDL). A body is `[type, [fields...]]`.

mod ceremony;

pub use ceremony::{
    CeremonyConfirmation, Complaint, Dealing, DealingCommitment, Rehearsal, Retirement, ShareBox, StageEnd,
};

use crate::{
    cbor,
    ids::{CountedFingerprint, EntryHash, JointKeyFingerprint, Minutes, RollFingerprint, SubmissionId},
    manifest::Manifest,
    rule::{Rejection, demand},
};
use crypto::EncodedPoint;
use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};

/// Longest body (ENC-2): an entry with its envelope then fits the log's 65,535 bytes.
pub const MAXIMUM_BODY: usize = 65_000;

/// One voter's row of a registrar's roll.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RollRow {
    /// Index of the voter's unit.
    #[n(0)]
    pub unit: u32,
    /// What the voter's ballot counts.
    #[n(1)]
    pub weight: u32,
    /// The credential key's part of this registrar.
    #[cbor(n(2), with = "cbor::point")]
    pub key: EncodedPoint,
}

/// Rows of every roll chunk but the last (ROL-1).
pub const ROWS_PER_CHUNK: u32 = 1000;

/// Chunk `chunk` of a registrar's roll: rows from roll index `1000 * chunk`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Roll {
    /// Which chunk, from 0.
    #[n(0)]
    pub chunk: u32,
    /// How many chunks there are.
    #[n(1)]
    pub chunks: u32,
    /// The rows.
    #[n(2)]
    pub rows: Vec<RollRow>,
    /// Batched possession proof of all keys of the chunk: R || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub possession: [u8; 64],
}

/// Voting begins; everything before is frozen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Opening {
    /// J.
    #[n(0)]
    pub joint_key: JointKeyFingerprint,
    /// The roll.
    #[n(1)]
    pub roll: RollFingerprint,
    /// The active trustees, ascending.
    #[n(2)]
    pub active: Vec<u32>,
}

/// A sealed ballot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Ballot {
    /// O.
    #[n(0)]
    pub opening: EntryHash,
    /// 1 + the credential's recorded ballots.
    #[n(1)]
    pub sequence: u64,
    /// Tracker of the credential's latest ballot; 32 zero bytes for the first.
    #[n(2)]
    pub previous: SubmissionId,
    /// One sealed contest for each contest of the style, in manifest order: C_0..C_K and the proof.
    #[n(3)]
    pub contests: Vec<ByteVec>,
}

/// One contest of an audited ballot, opened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ContestOpening {
    /// The value of each slot.
    #[n(0)]
    pub values: Vec<u64>,
    /// r.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub randomness: [u8; 32],
}

/// A ballot that was audited instead of cast, published by its voter's wish.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AuditedBallot {
    /// The body bytes of the ballot, exactly as its tracker covers them.
    #[n(0)]
    pub ballot: ByteVec,
    /// One opening per contest.
    #[n(1)]
    pub openings: Vec<ContestOpening>,
}

/// A registrar's part of a new credential key for a roll index.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Replacement {
    /// Roll index.
    #[n(0)]
    pub index: u32,
    /// 1 + completed replacements of that index.
    #[n(1)]
    pub round: u32,
    /// The new key's part of this registrar.
    #[cbor(n(2), with = "cbor::point")]
    pub key: EncodedPoint,
    /// Its possession proof: R || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub possession: [u8; 64],
}

/// A later closing time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Extension {
    /// The new closing time.
    #[n(0)]
    pub closing: Minutes,
}

/// Whoever has this row of the roll has voted in person: no ballot of that row counts (OVR-1).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Override {
    /// Roll index.
    #[n(0)]
    pub index: u32,
    /// Why, for everybody to read.
    #[n(1)]
    pub reason: String,
}

/// Voting ends; what counts is fixed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Closing {
    /// What is added up.
    #[n(0)]
    pub counted: CountedFingerprint,
    /// Time evidence: a cosigned checkpoint; empty under `quorum none`.
    #[n(1)]
    pub evidence: ByteVec,
}

/// A trustee's share of the decryption of one contest and tally group.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PartialDecryption {
    /// Contest index.
    #[n(0)]
    pub contest: u32,
    /// Index of the tally group within the contest.
    #[n(1)]
    pub group: u32,
    /// M_ij for each slot of the contest.
    #[cbor(n(2), with = "cbor::points")]
    pub partials: Vec<EncodedPoint>,
    /// Batched equality proof: R || R2 || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: [u8; 96],
}

/// The totals of one contest and tally group.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ResultBody {
    /// Contest index.
    #[n(0)]
    pub contest: u32,
    /// Index of the tally group within the contest.
    #[n(1)]
    pub group: u32,
    /// The total of each slot.
    #[n(2)]
    pub totals: Vec<u64>,
}

/// The log goes on as a numbered successor after its operator was lost (CON-1). What it binds witnesses to is CON-4 and CON-5, what a
/// larger checkpoint of the old log proves CON-6; receipts of the old log stay valid (CON-7).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Continuation {
    /// Origin of the log so far.
    #[n(0)]
    pub old_origin: String,
    /// Its size; index and chain run on from there.
    #[n(1)]
    pub old_size: u64,
    /// Its root at that size.
    #[n(2)]
    pub old_root: ByteArray<32>,
    /// Verifier key of the successor, in signed-note text form; its name is the new origin.
    #[n(3)]
    pub new_key: String,
}

/// A public remark; the fold ignores its content.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Notice {
    /// The remark.
    #[n(0)]
    pub text: String,
}

/// Everything an entry can say.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Body {
    /// Entry 0.
    #[n(0)]
    Manifest(#[n(0)] Box<Manifest>),
    /// A roll chunk.
    #[n(1)]
    Roll(#[n(0)] Roll),
    /// Ceremony stage 1.
    #[n(2)]
    DealingCommitment(#[n(0)] DealingCommitment),
    /// Ceremony stage 2.
    #[n(3)]
    Dealing(#[n(0)] Dealing),
    /// Ceremony stage 3.
    #[n(4)]
    Complaint(#[n(0)] Complaint),
    /// Ceremony stage 3.
    #[n(5)]
    CeremonyConfirmation(#[n(0)] CeremonyConfirmation),
    /// An overdue ceremony stage ends.
    #[n(6)]
    StageEnd(#[n(0)] StageEnd),
    /// Ceremony stage 4, and later.
    #[n(7)]
    Rehearsal(#[n(0)] Rehearsal),
    /// Voting begins.
    #[n(8)]
    Opening(#[n(0)] Opening),
    /// A sealed ballot.
    #[n(9)]
    Ballot(#[n(0)] Ballot),
    /// A published audit.
    #[n(10)]
    AuditedBallot(#[n(0)] AuditedBallot),
    /// A lost credential.
    #[n(11)]
    Replacement(#[n(0)] Replacement),
    /// A later closing time.
    #[n(12)]
    Extension(#[n(0)] Extension),
    /// Voting ends.
    #[n(13)]
    Closing(#[n(0)] Closing),
    /// A trustee's share of a decryption.
    #[n(14)]
    PartialDecryption(#[n(0)] PartialDecryption),
    /// Totals.
    #[n(15)]
    Result(#[n(0)] ResultBody),
    /// A successor log.
    #[n(16)]
    Continuation(#[n(0)] Continuation),
    /// A remark.
    #[n(17)]
    Notice(#[n(0)] Notice),
    /// A trustee holds nothing secret any more.
    #[n(18)]
    Retirement(#[n(0)] Retirement),
    /// A voter has voted in person.
    #[n(19)]
    Override(#[n(0)] Override),
}

impl Body {
    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads a body (ENC-1, ENC-2). Says nothing about its content yet.
    ///
    /// # Errors
    /// [`Rejection`] by ENC-1 or ENC-2.
    pub fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        demand!(bytes.len() <= MAXIMUM_BODY, Oversized, format!("at most {MAXIMUM_BODY} bytes"), bytes.len());
        cbor::decode(bytes, "body")
    }

    /// The name of the body's type, as the specs write it.
    pub fn name(&self) -> &'static str {
        match self {
            Body::Manifest(_) => "Manifest",
            Body::Roll(_) => "Roll",
            Body::DealingCommitment(_) => "DealingCommitment",
            Body::Dealing(_) => "Dealing",
            Body::Complaint(_) => "Complaint",
            Body::CeremonyConfirmation(_) => "CeremonyConfirmation",
            Body::StageEnd(_) => "StageEnd",
            Body::Rehearsal(_) => "Rehearsal",
            Body::Opening(_) => "Opening",
            Body::Ballot(_) => "Ballot",
            Body::AuditedBallot(_) => "AuditedBallot",
            Body::Replacement(_) => "Replacement",
            Body::Extension(_) => "Extension",
            Body::Closing(_) => "Closing",
            Body::PartialDecryption(_) => "PartialDecryption",
            Body::Result(_) => "Result",
            Body::Continuation(_) => "Continuation",
            Body::Notice(_) => "Notice",
            Body::Retirement(_) => "Retirement",
            Body::Override(_) => "Override",
        }
    }
}
