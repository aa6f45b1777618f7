//! Partial decryptions of an aggregate, and what any k of them give together (CRY-70..CRY-72).

use crate::{
    DecodeError, EncodedPoint, RandomnessFailure, SecretScalar,
    batch::{Claim, ClaimError},
    dleq::{EqualityProof, Images, decode_all, decoded_claim, prove_equality},
    group::{Point, Scalar},
    shamir::{self, IndexError},
    transcript::{Kind, Label, Transcript},
};
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use rand_core::{CryptoRng, RngCore};

/// What is decrypted, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct DecryptionContext {
    /// F.
    pub election: [u8; 32],
    /// The closing fingerprint: which ballots are added up.
    pub closing: [u8; 32],
    /// J.
    pub joint_key: [u8; 32],
    /// The contest's index.
    pub contest: u64,
    /// The tally group's index.
    pub group: u64,
    /// The trustee's index.
    pub trustee: u64,
}

/// One trustee's part in the decryption of one contest and tally group, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDecryption {
    /// `M_i1..M_iK`, for the contest's slots.
    pub points: Vec<EncodedPoint>,
    /// Proof that `log_G X_ij = log_Z M_ij` for all j.
    pub proof: EqualityProof,
}

/// Why nothing was decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// No slot, or not as many key shares as verification shares.
    #[error("{found} key shares for {expected} slots")]
    Length {
        /// The contest's slots.
        expected: usize,
        /// Key shares given.
        found: usize,
    },
    /// A key share is not the discrete log of its verification share: what would come out would be wrong, and blamed on the trustee.
    #[error("the key share of slot {} does not fit its verification share", .slot.saturating_add(1))]
    WrongShare {
        /// The slot's position, from 0.
        slot: usize,
    },
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// Why partial decryptions do not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// The trustees' indices are no set of trustees.
    #[error(transparent)]
    Indices(#[from] IndexError),
    /// Fewer partial decryptions than the threshold.
    #[error("{found} partial decryptions; {needed} are needed")]
    TooFew {
        /// k.
        needed: usize,
        /// As many were given.
        found: usize,
    },
    /// A partial decryption has not as many points as the aggregate has slots.
    #[error("trustee {trustee} decrypted {found} slots instead of {expected}")]
    Length {
        /// The trustee's index.
        trustee: u64,
        /// The contest's slots.
        expected: usize,
        /// As many were found.
        found: usize,
    },
}

/// Decrypts in part: `M_ij = x_ij Z`, with the proof (CRY-70). `base` is Z, the sum of all `C_0`; the key shares and verification shares
/// are those of the contest's slots.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt<R: RngCore + CryptoRng>(
    context: &DecryptionContext,
    shares: &[&SecretScalar],
    verification_shares: &[EncodedPoint],
    base: &Point,
    rng: &mut R,
) -> Result<PartialDecryption, DecryptError> {
    check_shares(shares, verification_shares)?;
    let points: Vec<EncodedPoint> = shares.iter().map(|share| EncodedPoint::encode(&share.times(base))).collect();
    let proof = prove_equality(context.transcript(), shares, base, verification_shares, &points, rng)?;
    Ok(PartialDecryption { points, proof })
}

/// Refuses key shares that are not those of the verification shares (CRY-70).
pub(crate) fn check_shares(shares: &[&SecretScalar], images: &[EncodedPoint]) -> Result<(), DecryptError> {
    let (expected, found) = (images.len(), shares.len());
    if expected != found || expected == 0 {
        return Err(DecryptError::Length { expected, found });
    }
    let wrong = shares.iter().zip(images).position(|(share, image)| EncodedPoint::encode(&share.public()) != *image);
    wrong.map_or(Ok(()), |slot| Err(DecryptError::WrongShare { slot }))
}

/// The claim that a partial decryption is right, and its points (CRY-71).
///
/// # Errors
/// [`ClaimError`]; lengths are checked first.
pub fn decryption_claim(
    context: &DecryptionContext,
    verification_shares: &[EncodedPoint],
    base: &Point,
    partial: &PartialDecryption,
) -> Result<(Claim, Vec<Point>), ClaimError> {
    let [expected, found] = [verification_shares.len(), partial.points.len()].map(|slots| slots.saturating_mul(32));
    if expected != found {
        return Err(DecodeError::Length { expected, found }.into());
    }
    let images = decode_all(verification_shares)?;
    let points = decode_all(&partial.points)?;
    let images = Images { encoded: verification_shares, points: &images };
    let images2 = Images { encoded: &partial.points, points: &points };
    let claim = decoded_claim(context.transcript(), base, images, images2, &partial.proof)?;
    Ok((claim, points))
}

/// The totals as points, `t_j G = C_j - sum_i lambda_i M_ij` (CRY-72), from the aggregate `C_1..C_K` and at least k right partial
/// decryptions, whose claims have been verified. The first k are used; any other k give the same.
///
/// # Errors
/// [`CombineError`].
pub fn combine(
    threshold: usize,
    aggregate: &[Point],
    partials: &[(u64, &[Point])],
) -> Result<Vec<Point>, CombineError> {
    let trustees: Vec<u64> = partials.iter().map(|(trustee, _)| *trustee).collect();
    shamir::check_indices(&trustees)?;
    let Some((used, partials)) = trustees.get(..threshold).zip(partials.get(..threshold)) else {
        return Err(CombineError::TooFew { needed: threshold, found: partials.len() });
    };
    // Exact lengths first: below, every trustee has a point in every slot.
    for (trustee, points) in partials {
        let (expected, found) = (aggregate.len(), points.len());
        if expected != found {
            return Err(CombineError::Length { trustee: *trustee, expected, found });
        }
    }
    let factors: Vec<Scalar> = shamir::lagrange(used)?;
    let total = |(slot, sum): (usize, &Point)| {
        let points: Vec<Point> = partials.iter().filter_map(|(_, points)| points.get(slot).copied()).collect();
        sum - Point::vartime_multiscalar_mul(&factors, points)
    };
    Ok(aggregate.iter().enumerate().map(total).collect())
}

impl DecryptionContext {
    /// The context of `decryption`.
    fn transcript(&self) -> Transcript {
        let mut transcript = Transcript::new(Kind::Decryption, &self.election);
        transcript.bytes(Label::Closing, &self.closing);
        transcript.bytes(Label::JointKey, &self.joint_key);
        transcript.integer(Label::Contest, self.contest);
        transcript.integer(Label::Group, self.group);
        transcript.integer(Label::Trustee, self.trustee);
        transcript
    }
}

#[cfg(test)]
#[path = "decryption_tests.rs"]
mod tests;
