//! Equality proofs (CRY-60..CRY-62): the discrete logs of `X_1..X_K` to the base G are those of `M_1..M_K` to another base B. Chaum and
//! Pedersen, "Wallet databases with observers" (CRYPTO 1992), batched by the powers of one challenge (`ballot-proof.md` section 5).

use crate::{
    DecodeError, EncodedPoint, EncodedScalar, RandomnessFailure, SecretScalar, VerificationFailure,
    batch::{Base, Claim, ClaimError, Equation},
    group::{Point, Scalar},
    transcript::{Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// An equality proof: `R || R2 || s` (CRY-60).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EqualityProof([u8; Self::LEN]);

impl EqualityProof {
    /// Bytes of a proof.
    pub const LEN: usize = 96;

    /// The bytes `R || R2 || s`, unchecked until they become a claim.
    pub fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Takes exactly 96 bytes.
    ///
    /// # Errors
    /// [`DecodeError::Length`] for any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
        bytes.try_into().map(Self).map_err(|_| DecodeError::Length { expected: Self::LEN, found: bytes.len() })
    }

    /// The bytes `R || R2 || s`.
    pub fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    fn parts(&self) -> [[u8; 32]; 3] {
        let mut parts = [[0; 32]; 3];
        for (to, from) in parts.iter_mut().zip(self.0.as_chunks::<32>().0) {
            *to = *from;
        }
        parts
    }

    fn join(parts: [[u8; 32]; 3]) -> Self {
        let mut bytes = [0; Self::LEN];
        for (to, from) in bytes.as_chunks_mut::<32>().0.iter_mut().zip(parts) {
            *to = from;
        }
        Self(bytes)
    }
}

/// One side of the statement: points as absorbed, and what they decode to.
#[derive(Clone, Copy)]
pub(crate) struct Images<'a> {
    pub(crate) encoded: &'a [EncodedPoint],
    pub(crate) points: &'a [Point],
}

/// Proves that `images[j] = x_j G` and `images2[j] = x_j base` for all j, where `x_j` is `secrets[j]`. The transcript has absorbed the
/// context; the statement is absorbed here (CRY-60). Lists of different lengths give a proof that nobody accepts.
///
/// # Errors
/// [`RandomnessFailure`] when the generator fails; or, with probability 2^-252, when the batching challenge is zero, which
/// no fresh nonce changes (CRY-7).
pub fn prove_equality<R: RngCore + CryptoRng>(
    mut transcript: Transcript,
    secrets: &[&SecretScalar],
    base: &Point,
    images: &[EncodedPoint],
    images2: &[EncodedPoint],
    rng: &mut R,
) -> Result<EqualityProof, RandomnessFailure> {
    let powers = absorb_statement(&mut transcript, base, images, images2).map_err(|_| RandomnessFailure)?;
    let witness: Vec<&Scalar> = secrets.iter().map(|secret| secret.expose()).collect();
    let mut combined = Zeroizing::new(Scalar::ZERO);
    for (secret, power) in witness.iter().zip(&powers) {
        *combined += *secret * power;
    }
    loop {
        // CRY-62: the nonce depends on the statement, on all secrets and on the system's entropy.
        let nonce = SecretScalar::generate(&mut transcript.private_rng(&witness, rng)?)?;
        let announcement = EncodedPoint::encode(&nonce.public());
        let announcement2 = EncodedPoint::encode(&nonce.times(base));
        let Ok(challenge) = announce(&mut transcript.clone(), &announcement, &announcement2) else { continue };
        let response = EncodedScalar::encode(&(nonce.expose() + challenge * *combined));
        return Ok(EqualityProof::join([announcement.0, announcement2.0, response.0]));
    }
}

/// The claim that an equality proof makes (CRY-61). An identity among base and images is a point like any other: when all randomness
/// of a tally group cancels, so that B is the identity, the right answer is the identity, and nothing may block it.
///
/// # Errors
/// [`ClaimError`]: different or no lengths, a non-canonical encoding, a zero challenge.
pub fn equality_claim(
    transcript: Transcript,
    base: &Point,
    images: &[EncodedPoint],
    images2: &[EncodedPoint],
    proof: &EqualityProof,
) -> Result<Claim, ClaimError> {
    check_lengths(images, images2)?;
    let [points, points2] = [decode_all(images)?, decode_all(images2)?];
    decoded_claim(
        transcript,
        base,
        Images { encoded: images, points: &points },
        Images { encoded: images2, points: &points2 },
        proof,
    )
}

/// [`equality_claim`] for images that the caller has already decoded.
pub(crate) fn decoded_claim(
    mut transcript: Transcript,
    base: &Point,
    images: Images<'_>,
    images2: Images<'_>,
    proof: &EqualityProof,
) -> Result<Claim, ClaimError> {
    check_lengths(images.encoded, images2.encoded)?;
    let [announcement, announcement2, response] = proof.parts();
    let (announcement, announcement2) = (EncodedPoint(announcement), EncodedPoint(announcement2));
    let powers = absorb_statement(&mut transcript, base, images.encoded, images2.encoded)?;
    let challenge = announce(&mut transcript, &announcement, &announcement2)?;
    Ok(equations(
        base,
        [images.points, images2.points],
        &powers,
        challenge,
        [announcement.decode()?, announcement2.decode()?],
        EncodedScalar(response).decode()?,
    ))
}

/// CRY-61: `sG = R + c sum v^j X_j`, and `sB = R2 + c sum v^j M_j`. Two equations: nothing may cancel between them.
fn equations(
    base: &Point,
    images: [&[Point]; 2],
    powers: &[Scalar],
    challenge: Scalar,
    announcements: [Point; 2],
    response: Scalar,
) -> Claim {
    let capacity = powers.len().saturating_add(2);
    let [over_g, over_base] =
        announcements.map(|announcement| Equation::with_capacity(1, capacity).point(announcement, -Scalar::ONE));
    let subtract = |equation: Equation, points: &[Point]| {
        let terms = points.iter().zip(powers);
        terms.fold(equation, |equation, (point, power)| equation.point(*point, -(challenge * power)))
    };
    let [first, second] = images;
    Claim::from_equations(vec![
        subtract(over_g, first).term(Base::G, response),
        subtract(over_base, second).point(*base, response),
    ])
}

/// Decodes a list of points, identities included.
pub(crate) fn decode_all(points: &[EncodedPoint]) -> Result<Vec<Point>, DecodeError> {
    points.iter().map(EncodedPoint::decode).collect()
}

/// CRY-60: as many images over B as over G, and at least one.
fn check_lengths(images: &[EncodedPoint], images2: &[EncodedPoint]) -> Result<(), DecodeError> {
    let [expected, found] = [images, images2].map(|list| list.len().saturating_mul(32));
    if expected != found || expected == 0 {
        return Err(DecodeError::Length { expected: expected.max(32), found });
    }
    Ok(())
}

/// Absorbs base, count, `X_j`, `M_j`; squeezes v; gives `v, v^2, .., v^K` (CRY-60).
fn absorb_statement(
    transcript: &mut Transcript,
    base: &Point,
    images: &[EncodedPoint],
    images2: &[EncodedPoint],
) -> Result<Vec<Scalar>, VerificationFailure> {
    transcript.point(Label::Base, &EncodedPoint::encode(base));
    transcript.count(images.len());
    for image in images {
        transcript.point(Label::Image, image);
    }
    for image in images2 {
        transcript.point(Label::Image2, image);
    }
    let v = transcript.challenge(Label::V)?;
    let powers = std::iter::successors(Some(v), |power| Some(power * v));
    Ok(powers.take(images.len()).collect())
}

/// Absorbs R and R2 and squeezes c (CRY-60).
fn announce(
    transcript: &mut Transcript,
    announcement: &EncodedPoint,
    announcement2: &EncodedPoint,
) -> Result<Scalar, VerificationFailure> {
    transcript.point(Label::R, announcement);
    transcript.point(Label::R2, announcement2);
    transcript.challenge(Label::C)
}

#[cfg(test)]
#[path = "dleq_tests.rs"]
mod tests;
