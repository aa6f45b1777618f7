//! Dealing parts (CRY-52, CRY-53, CRY-55): Feldman's verifiable secret sharing (FOCS 1987) of consecutive slots, each with its own
//! independent polynomial, and with a proof that the dealer knows every constant term.

use crate::{
    DecodeError, EncodedPoint, RandomnessFailure, SecretScalar,
    batch::{Claim, ClaimError},
    group::{Point, identity},
    schnorr::{self, Possession},
    sealed_share::{self, BadShares, BoxContext, SealError, SealedShares, sealed_len},
    shamir::{Polynomial, TRUSTEES_MAX},
    transcript::{Kind, Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// Whose part it is, and the parameters it must fit.
#[derive(Clone, Debug)]
pub struct PartContext {
    /// F.
    pub election: [u8; 32],
    /// The dealer's index, from 1.
    pub dealer: u64,
    /// The part's number.
    pub part: u64,
    /// k.
    pub threshold: usize,
    /// The share keys `Y_1..Y_n` of all trustees, the dealer included.
    pub share_keys: Vec<EncodedPoint>,
}

/// One part of a dealing, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealingPart {
    /// k coefficient commitments for each slot, slot by slot, the constant term's first.
    pub coefficients: Vec<EncodedPoint>,
    /// Possession of all constant terms.
    pub possession: Possession,
    /// One box for each trustee, in their order.
    pub boxes: Vec<SealedShares>,
}

/// Why nothing was dealt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DealError {
    /// Not 1 <= k <= n <= 32, the dealer not among the trustees, no slot, or a polynomial without exactly k coefficients.
    #[error("the parameters of the dealing do not fit together")]
    Parameters,
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<RandomnessFailure> for DealError {
    fn from(failure: RandomnessFailure) -> Self {
        Self::Seal(SealError::Randomness(failure))
    }
}

/// Why a part is refused, as if it had not been sent (CRY-53).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DealingError {
    /// Not 1 <= k <= n <= 32, the dealer not among the trustees, or no slot.
    #[error("the parameters of the dealing do not fit together")]
    Parameters,
    /// Not k coefficient commitments for each slot.
    #[error("{found} coefficient commitments instead of {expected}")]
    Coefficients {
        /// Threshold times slots.
        expected: usize,
        /// As many were found.
        found: usize,
    },
    /// Not one box for each trustee.
    #[error("{found} boxes instead of {expected}")]
    Boxes {
        /// The number of trustees.
        expected: usize,
        /// As many were found.
        found: usize,
    },
    /// A box of the wrong length.
    #[error("the box of trustee {recipient} has {found} bytes instead of {expected}")]
    BoxLength {
        /// The recipient's index.
        recipient: u64,
        /// Bytes that so many slots need.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The ephemeral point of an earlier box of the part.
    #[error("the box of trustee {recipient} repeats an ephemeral point")]
    RepeatedEphemeral {
        /// The later recipient's index.
        recipient: u64,
    },
    /// A coefficient commitment that is no point, or the identity.
    #[error("coefficient commitment {position}: {error}")]
    Coefficient {
        /// Its position in the list, from 0.
        position: usize,
        /// What is wrong with it.
        error: DecodeError,
    },
    /// The proof of possession of the constant terms is malformed.
    #[error("possession of the constant terms: {0}")]
    Possession(ClaimError),
    /// The proof of possession of an ephemeral exponent is malformed.
    #[error("possession of the ephemeral exponent for trustee {recipient}: {error}")]
    EphemeralPossession {
        /// The recipient's index.
        recipient: u64,
        /// What is wrong with it.
        error: ClaimError,
    },
}

/// Why a recipient got no shares out of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The dealer's fault, and the only ground for a complaint.
    #[error(transparent)]
    Bad(#[from] BadShares),
    /// The secret does not belong to the share key of that recipient. The recipient's own fault: a complaint would be false.
    #[error("the secret does not belong to the share key of trustee {recipient}")]
    WrongSecret {
        /// The recipient asked for.
        recipient: u64,
    },
    /// The part would be refused by [`dealing_claims`]; it has no place on a board.
    #[error("the part is malformed")]
    Malformed,
}

impl PartContext {
    /// Refuses parameters that do not fit together (CRY-52).
    fn is_sound(&self) -> bool {
        let trustees = self.share_keys.len();
        let most = usize::try_from(TRUSTEES_MAX).unwrap_or(usize::MAX);
        (1..=trustees).contains(&self.threshold)
            && trustees <= most
            && u64::try_from(trustees).is_ok_and(|trustees| (1..=trustees).contains(&self.dealer))
    }

    /// The contexts of the boxes, in the order of the recipients.
    fn boxes(&self) -> impl Iterator<Item = BoxContext> + '_ {
        self.share_keys.iter().zip(1..).map(|(share_key, recipient)| BoxContext {
            election: self.election,
            dealer: self.dealer,
            recipient,
            part: self.part,
            share_key: *share_key,
        })
    }

    /// The context of `constant-term-possession`.
    fn possession_transcript(&self, coefficients: &[EncodedPoint]) -> Transcript {
        let mut transcript = Transcript::new(Kind::ConstantTermPossession, &self.election);
        transcript.integer(Label::Dealer, self.dealer);
        transcript.integer(Label::Part, self.part);
        transcript.count(coefficients.len());
        for coefficient in coefficients {
            transcript.point(Label::Coefficient, coefficient);
        }
        transcript
    }
}

/// Deals one part: one polynomial for each slot of the part (CRY-52).
///
/// # Errors
/// [`DealError`].
pub fn deal<R: RngCore + CryptoRng>(
    context: &PartContext,
    polynomials: &[Polynomial],
    rng: &mut R,
) -> Result<DealingPart, DealError> {
    let fits = |polynomial: &Polynomial| polynomial.coefficients().len() == context.threshold;
    if !context.is_sound() || polynomials.is_empty() || !polynomials.iter().all(fits) {
        return Err(DealError::Parameters);
    }
    let secrets = polynomials.iter().flat_map(Polynomial::coefficients);
    let coefficients: Vec<EncodedPoint> = secrets.map(|secret| EncodedPoint::encode(&secret.public())).collect();
    let constants: Vec<&SecretScalar> =
        polynomials.iter().filter_map(|polynomial| polynomial.coefficients().first()).collect();
    let possession = schnorr::prove_possession(context.possession_transcript(&coefficients), &constants, rng)?;
    let mut boxes = Vec::with_capacity(context.share_keys.len());
    for recipient in context.boxes() {
        let shares: Vec<SecretScalar> =
            polynomials.iter().map(|polynomial| polynomial.evaluate(recipient.recipient)).collect();
        boxes.push(sealed_share::seal(&recipient, &shares, rng)?);
    }
    Ok(DealingPart { coefficients, possession, boxes })
}

/// Checks all of a part that everybody can check (CRY-53): exact lengths, then coefficient commitments and ephemeral points, then the
/// claims of the constant terms' possession and of each ephemeral exponent's, in that order.
///
/// That an ephemeral point occurs in no *other* part is for the caller, who knows the others.
///
/// # Errors
/// [`DealingError`]; a part with one is refused as if it had not been sent.
pub fn dealing_claims(context: &PartContext, slots: usize, part: &DealingPart) -> Result<Vec<Claim>, DealingError> {
    if !context.is_sound() || slots == 0 {
        return Err(DealingError::Parameters);
    }
    let (expected, found) = (slots.saturating_mul(context.threshold), part.coefficients.len());
    if expected != found {
        return Err(DealingError::Coefficients { expected, found });
    }
    let (expected, found) = (context.share_keys.len(), part.boxes.len());
    if expected != found {
        return Err(DealingError::Boxes { expected, found });
    }
    let expected = sealed_len(slots);
    for (sealed, recipient) in part.boxes.iter().zip(1..) {
        let found = sealed.sealed.len();
        if expected != found {
            return Err(DealingError::BoxLength { recipient, expected, found });
        }
    }
    let mut ephemerals = BTreeSet::new();
    for (sealed, recipient) in part.boxes.iter().zip(1..) {
        if !ephemerals.insert(sealed.ephemeral) {
            return Err(DealingError::RepeatedEphemeral { recipient });
        }
    }
    for (position, coefficient) in part.coefficients.iter().enumerate() {
        // The identity would be a known constant term, or a polynomial of a lower degree.
        coefficient.decode_nonzero().map_err(|error| DealingError::Coefficient { position, error })?;
    }
    let constants: Vec<EncodedPoint> = part.coefficients.iter().step_by(context.threshold).copied().collect();
    let transcript = context.possession_transcript(&part.coefficients);
    let possession = schnorr::possession_claim(transcript, &constants, &part.possession);
    let mut claims = vec![possession.map_err(DealingError::Possession)?];
    for (sealed, recipient) in part.boxes.iter().zip(context.boxes()) {
        let claim = sealed.possession_claim(&recipient);
        let recipient = recipient.recipient;
        claims.push(claim.map_err(|error| DealingError::EphemeralPossession { recipient, error })?);
    }
    Ok(claims)
}

/// Opens a recipient's own box with the secret y of its share key, and compares every share with the coefficient commitments (CRY-55).
///
/// # Errors
/// [`OpenError::Bad`] is the ground for a complaint; the others are not.
pub fn open_shares(
    context: &PartContext,
    recipient: u64,
    secret: &SecretScalar,
    part: &DealingPart,
) -> Result<Vec<SecretScalar>, OpenError> {
    let (recipient_context, sealed) = find_box(context, recipient, part)?;
    if EncodedPoint::encode(&secret.public()) != recipient_context.share_key {
        return Err(OpenError::WrongSecret { recipient });
    }
    let ephemeral = sealed.ephemeral.decode_nonzero().map_err(|_| OpenError::Malformed)?;
    let shared = Zeroizing::new(secret.times(&ephemeral));
    open(context, &recipient_context, sealed, part, &shared)
}

/// The same check by anybody, with the Diffie-Hellman point that a complaint reveals (CRY-57): `Ok` means that the complaint is false.
///
/// # Errors
/// [`OpenError::Bad`] upholds the complaint.
pub fn open_with_point(
    context: &PartContext,
    recipient: u64,
    shared: &Point,
    part: &DealingPart,
) -> Result<(), OpenError> {
    let (recipient, sealed) = find_box(context, recipient, part)?;
    open(context, &recipient, sealed, part, shared).map(|_| ())
}

fn find_box<'a>(
    context: &PartContext,
    recipient: u64,
    part: &'a DealingPart,
) -> Result<(BoxContext, &'a SealedShares), OpenError> {
    let boxes = context.boxes().zip(&part.boxes);
    boxes.into_iter().find(|(context, _)| context.recipient == recipient).ok_or(OpenError::Malformed)
}

fn open(
    context: &PartContext,
    recipient: &BoxContext,
    sealed: &SealedShares,
    part: &DealingPart,
    shared: &Point,
) -> Result<Vec<SecretScalar>, OpenError> {
    if !context.is_sound() || part.coefficients.is_empty() || !part.coefficients.len().is_multiple_of(context.threshold)
    {
        return Err(OpenError::Malformed);
    }
    let slots = part.coefficients.chunks_exact(context.threshold);
    let shares = sealed.open(recipient, slots.len(), shared)?;
    for ((slot, coefficients), share) in slots.enumerate().zip(&shares) {
        let coefficients: Result<Vec<Point>, DecodeError> = coefficients.iter().map(EncodedPoint::decode).collect();
        let image = share_image(&coefficients.map_err(|_| OpenError::Malformed)?, recipient.recipient);
        if share.public() != image {
            return Err(BadShares::Mismatch { slot }.into());
        }
    }
    Ok(shares)
}

/// What one slot's coefficient commitments commit a trustee's share to: `sum_h i^h A_h` (CRY-55).
pub fn share_image(coefficients: &[Point], index: u64) -> Point {
    coefficients.iter().rev().fold(identity(), |value, coefficient| multiply(&value, index) + coefficient)
}

/// A small public multiple, by doubling and adding: an index has at most six bits, a scalar multiplication 253.
fn multiply(point: &Point, factor: u64) -> Point {
    let bits = u64::BITS - factor.leading_zeros();
    (0..bits).rev().fold(identity(), |sum, bit| {
        let doubled = sum + sum;
        if (factor >> bit) & 1 == 1 { doubled + point } else { doubled }
    })
}

#[cfg(test)]
#[path = "dealing_tests.rs"]
mod tests;
