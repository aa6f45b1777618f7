//! Rehearsals (CRY-73): proof, before anyone votes, that a trustee's key shares work. The test point's discrete log is public, so the
//! multiples `M_ij` tell nothing; everybody computes them, and only the equality proof is posted.

use crate::{
    EncodedPoint, SecretScalar, VerificationFailure,
    batch::{Claim, ClaimError},
    decryption::{DecryptError, check_shares},
    dleq::{EqualityProof, Images, decode_all, decoded_claim, prove_equality},
    group::{G, Point, Scalar},
    transcript::{Kind, Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};

/// Who rehearses, and when.
#[derive(Clone, Copy, Debug)]
pub struct RehearsalContext {
    /// F.
    pub election: [u8; 32],
    /// J.
    pub joint_key: [u8; 32],
    /// The trustee's index.
    pub trustee: u64,
    /// The index of the entry named: the rehearsal was made after it.
    pub entry: u64,
    /// The hash of that entry.
    pub entry_hash: [u8; 32],
}

/// What follows from the context alone: the transcript, the test point `R = rG`, and the multiples `M_ij = r X_ij`.
struct TestPoint {
    transcript: Transcript,
    point: Point,
    multiples: Vec<Point>,
    encoded: Vec<EncodedPoint>,
}

impl RehearsalContext {
    /// Absorbs the context of `rehearsal`, squeezes r, multiplies. The proof goes on with the same transcript.
    fn test_point(&self, images: &[Point]) -> Result<TestPoint, VerificationFailure> {
        let mut transcript = Transcript::new(Kind::Rehearsal, &self.election);
        transcript.bytes(Label::JointKey, &self.joint_key);
        transcript.integer(Label::Trustee, self.trustee);
        transcript.integer(Label::Index, self.entry);
        transcript.bytes(Label::EntryHash, &self.entry_hash);
        let exponent: Scalar = transcript.challenge(Label::TestPoint)?;
        let multiples: Vec<Point> = images.iter().map(|image| exponent * image).collect();
        let encoded = multiples.iter().map(EncodedPoint::encode).collect();
        Ok(TestPoint { transcript, point: exponent * G, multiples, encoded })
    }
}

/// Why nothing was rehearsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RehearseError {
    /// The key shares do not fit, or the random number generator failed.
    #[error(transparent)]
    Shares(#[from] DecryptError),
    /// The challenge came out as zero, or a verification share is no point.
    #[error(transparent)]
    Claim(#[from] ClaimError),
}

/// Proves that the trustee holds all key shares (CRY-73). The tool derives the test point itself and never accepts one, or it could be
/// made to decrypt a ballot.
///
/// # Errors
/// [`RehearseError`].
pub fn rehearse<R: RngCore + CryptoRng>(
    context: &RehearsalContext,
    shares: &[&SecretScalar],
    verification_shares: &[EncodedPoint],
    rng: &mut R,
) -> Result<EqualityProof, RehearseError> {
    check_shares(shares, verification_shares)?;
    let images = decode_all(verification_shares).map_err(ClaimError::from)?;
    let test = context.test_point(&images).map_err(ClaimError::from)?;
    prove_equality(test.transcript, shares, &test.point, verification_shares, &test.encoded, rng)
        .map_err(|failure| RehearseError::Shares(failure.into()))
}

/// The claim that a rehearsal makes (CRY-73).
///
/// # Errors
/// [`ClaimError`].
pub fn rehearsal_claim(
    context: &RehearsalContext,
    verification_shares: &[EncodedPoint],
    proof: &EqualityProof,
) -> Result<Claim, ClaimError> {
    let images = decode_all(verification_shares)?;
    let test = context.test_point(&images)?;
    decoded_claim(
        test.transcript,
        &test.point,
        Images { encoded: verification_shares, points: &images },
        Images { encoded: &test.encoded, points: &test.multiples },
        proof,
    )
}

#[cfg(test)]
#[path = "rehearsal_tests.rs"]
mod tests;
