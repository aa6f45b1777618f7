//! Complaints (CRY-57): a recipient reveals the Diffie-Hellman point of one box and proves it right; then anybody opens that box with
//! [`crate::dealing::open_with_point`].

use crate::{
    DecodeError, EncodedPoint, RandomnessFailure, SecretScalar,
    batch::{Claim, ClaimError},
    dleq::{EqualityProof, Images, decoded_claim, prove_equality},
    group::Point,
    transcript::{Kind, Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};

/// Which box is complained about.
#[derive(Clone, Copy, Debug)]
pub struct ComplaintContext {
    /// F.
    pub election: [u8; 32],
    /// The dealings fingerprint: what every recipient saw.
    pub dealings: [u8; 32],
    /// The complainer's index.
    pub complainer: u64,
    /// The dealer's index.
    pub dealer: u64,
    /// The part's number.
    pub part: u64,
    /// The ephemeral point E of the box.
    pub ephemeral: EncodedPoint,
    /// The complainer's share key Y.
    pub share_key: EncodedPoint,
}

/// A revealed Diffie-Hellman point, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevealedPoint {
    /// `B = yE`.
    pub point: EncodedPoint,
    /// Proof that `log_G Y = log_E B`.
    pub proof: EqualityProof,
}

/// Why nothing was revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevealError {
    /// The ephemeral point is no point, or the identity.
    #[error("the ephemeral point: {0}")]
    Ephemeral(DecodeError),
    /// The secret does not belong to the share key.
    #[error("the secret does not belong to the share key")]
    WrongSecret,
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// Reveals the Diffie-Hellman point of one box, with its proof (CRY-57).
///
/// # Errors
/// [`RevealError`].
pub fn reveal<R: RngCore + CryptoRng>(
    context: &ComplaintContext,
    secret: &SecretScalar,
    rng: &mut R,
) -> Result<RevealedPoint, RevealError> {
    let ephemeral = context.ephemeral.decode_nonzero().map_err(RevealError::Ephemeral)?;
    if EncodedPoint::encode(&secret.public()) != context.share_key {
        return Err(RevealError::WrongSecret);
    }
    let point = EncodedPoint::encode(&secret.times(&ephemeral));
    let proof = prove_equality(context.transcript(), &[secret], &ephemeral, &[context.share_key], &[point], rng)?;
    Ok(RevealedPoint { point, proof })
}

/// The claim that the revealed point is right, and the point (CRY-57).
///
/// # Errors
/// [`ClaimError`]; the identity is refused for E, Y and the revealed point.
pub fn reveal_claim(context: &ComplaintContext, revealed: &RevealedPoint) -> Result<(Claim, Point), ClaimError> {
    let ephemeral = context.ephemeral.decode_nonzero()?;
    let share_key = context.share_key.decode_nonzero()?;
    let point = revealed.point.decode_nonzero()?;
    let images = Images { encoded: &[context.share_key], points: &[share_key] };
    let images2 = Images { encoded: &[revealed.point], points: &[point] };
    Ok((decoded_claim(context.transcript(), &ephemeral, images, images2, &revealed.proof)?, point))
}

impl ComplaintContext {
    /// The context of `complaint-equality`.
    fn transcript(&self) -> Transcript {
        let mut transcript = Transcript::new(Kind::ComplaintEquality, &self.election);
        transcript.bytes(Label::Dealings, &self.dealings);
        transcript.integer(Label::Complainer, self.complainer);
        transcript.integer(Label::Dealer, self.dealer);
        transcript.integer(Label::Part, self.part);
        transcript.point(Label::Ephemeral, &self.ephemeral);
        transcript.point(Label::ShareKey, &self.share_key);
        transcript
    }
}

#[cfg(test)]
#[path = "complaint_tests.rs"]
mod tests;
