//! Bodies of the key ceremony.

use crate::{
    cbor,
    ids::{DealingsFingerprint, EntryHash, JointKeyFingerprint, PartHash},
};
use crypto::EncodedPoint;
use minicbor::{Decode, Encode, bytes::ByteVec};

/// Stage 1: the hashes of the parts of a dealing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DealingCommitment {
    /// In part order.
    #[n(0)]
    pub parts: Vec<PartHash>,
}

/// The shares of one part, sealed to one trustee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ShareBox {
    /// E.
    #[cbor(n(0), with = "cbor::point")]
    pub ephemeral: EncodedPoint,
    /// Proof of knowledge of E's exponent: R || s.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub possession: [u8; 64],
    /// The sealed shares: 32 bytes per slot and 16 of the tag.
    #[n(2)]
    pub sealed: ByteVec,
}

/// Stage 2: one part of a dealing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Dealing {
    /// Part number, from 0.
    #[n(0)]
    pub part: u32,
    /// Coefficient commitments, slot by slot, k each.
    #[cbor(n(1), with = "cbor::points")]
    pub coefficients: Vec<EncodedPoint>,
    /// Batched possession proof of all constant terms: R || s.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub possession: [u8; 64],
    /// One for each trustee, in order.
    #[n(3)]
    pub boxes: Vec<ShareBox>,
}

/// Stage 3: a dealer's box for this trustee does not hold what the dealer committed to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Complaint {
    /// The accused.
    #[n(0)]
    pub dealer: u32,
    /// The part.
    #[n(1)]
    pub part: u32,
    /// The revealed Diffie-Hellman point B = yE.
    #[cbor(n(2), with = "cbor::point")]
    pub shared_point: EncodedPoint,
    /// Proof that log_G Y = log_E B: R || R2 || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: [u8; 96],
}

/// Stage 3: all shares not complained of are right.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CeremonyConfirmation {
    /// What this trustee saw.
    #[n(0)]
    pub dealings: DealingsFingerprint,
    /// The dealers this trustee complained of, ascending.
    #[n(1)]
    pub complaints: Vec<u32>,
}

/// The authority ends an overdue ceremony stage.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct StageEnd {
    /// Stage 1 to 4.
    #[n(0)]
    pub stage: u32,
    /// Time evidence: a cosigned checkpoint; empty under `quorum none`.
    #[n(1)]
    pub evidence: ByteVec,
}

/// A trustee says that it destroyed its secret keys, dealing and key shares, when nothing needs them any more (RET-1).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Retirement {
    /// J, whose shares it held; none where the ceremony failed before there was a joint key (RET-2).
    #[cbor(n(0), encode_with = "cbor::nullable::encode", is_nil = "cbor::nullable::is_left_out")]
    pub joint_key: Option<JointKeyFingerprint>,
}

/// A trustee shows that its key shares work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Rehearsal {
    /// J, which the signature accepts.
    #[n(0)]
    pub joint_key: JointKeyFingerprint,
    /// Index of the entry named.
    #[n(1)]
    pub entry: u64,
    /// Its hash.
    #[n(2)]
    pub entry_hash: EntryHash,
    /// Batched equality proof: R || R2 || s.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: [u8; 96],
}
