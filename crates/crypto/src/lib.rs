//! The mathematics of Vitrine: group, transcripts, proofs, sealed shares and tallies (`specs/03-cryptography.md`).
//!
//! Everything here is a pure function of its arguments: randomness is passed in, nothing is logged, and no election rule is known.
//! Capital letters stand for points, as in the papers.

pub mod batch;
#[cfg(test)]
mod ceremony_vectors;
pub mod complaint;
pub mod credential_code;
pub mod dealing;
pub mod decryption;
pub mod discrete_log;
pub mod dleq;
pub mod elgamal;
pub mod encoding;
pub mod group;
pub mod hash;
pub mod joint_key;
#[cfg(test)]
mod proof_vectors;
mod range_proof;
pub mod rehearsal;
pub mod relation;
pub mod schnorr;
pub mod sealed_share;
pub mod secret;
pub mod selection_proof;
pub mod shamir;
pub mod transcript;
pub mod trustee_seed;

pub use encoding::{DecodeError, EncodedPoint, EncodedScalar};
pub use group::{Point, Scalar};
pub use secret::SecretScalar;

/// A proof or signature did not verify. It tells nothing more: every detail would help a forger and nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not verify")]
pub struct VerificationFailure;

/// The system's randomness failed; nothing was produced (fail closed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random number generator failed; nothing was produced")]
pub struct RandomnessFailure;
