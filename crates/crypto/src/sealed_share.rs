//! Sealed shares (CRY-54, CRY-55): what one dealer tells one recipient in one part, on the board, for that recipient alone.

use crate::{
    EncodedPoint, EncodedScalar, RandomnessFailure, SecretScalar,
    batch::{Claim, ClaimError},
    group::{Point, Scalar},
    hash::{Tag, TaggedHash},
    schnorr::{self, Possession},
    transcript::{Kind, Label, Transcript},
};
use chacha20poly1305::{AeadInPlace as _, ChaCha20Poly1305, Key, KeyInit as _, Nonce};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// Bytes that the authenticated encryption adds (RFC 8439).
const AUTHENTICATOR: usize = 16;

/// Whose box it is.
#[derive(Clone, Copy, Debug)]
pub struct BoxContext {
    /// F.
    pub election: [u8; 32],
    /// The dealer's index.
    pub dealer: u64,
    /// The recipient's index.
    pub recipient: u64,
    /// The part's number.
    pub part: u64,
    /// The recipient's share key Y.
    pub share_key: EncodedPoint,
}

/// One box of a dealing part, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedShares {
    /// The ephemeral point E.
    pub ephemeral: EncodedPoint,
    /// Proof that the dealer knows the exponent of E: otherwise it could copy another box's E, deal garbage, and read that box out of
    /// the complaint.
    pub possession: Possession,
    /// The shares under ChaCha20-Poly1305.
    pub sealed: Vec<u8>,
}

/// What is wrong with a box: each of the four is a ground for a complaint, and nothing else is (CRY-55).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadShares {
    /// Not 32 bytes for each slot and 16 for the authenticator.
    #[error("the sealed shares have {found} bytes, not {expected}")]
    Length {
        /// Bytes that so many slots need.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The authenticated decryption fails.
    #[error("the sealed shares do not open")]
    Authentication,
    /// A share is not a canonical scalar.
    #[error("the share of slot {} of the part is not a canonical scalar", .slot.saturating_add(1))]
    Scalar {
        /// Position within the part, from 0.
        slot: usize,
    },
    /// A share is not the one that the dealer's coefficient commitments commit to.
    #[error("the share of slot {} of the part is not what its dealer committed to", .slot.saturating_add(1))]
    Mismatch {
        /// Position within the part, from 0.
        slot: usize,
    },
}

/// Bytes of a box with so many shares.
pub fn sealed_len(slots: usize) -> usize {
    slots.saturating_mul(32).saturating_add(AUTHENTICATOR)
}

/// Seals one recipient's shares under a fresh ephemeral point (CRY-54).
///
/// # Errors
/// [`SealError::ShareKey`] for a share key that is no point or the identity; [`SealError::Randomness`].
pub fn seal<R: RngCore + CryptoRng>(
    context: &BoxContext,
    shares: &[SecretScalar],
    rng: &mut R,
) -> Result<SealedShares, SealError> {
    let share_key =
        context.share_key.decode_nonzero().map_err(|_| SealError::ShareKey { recipient: context.recipient })?;
    // The box's key and nonce rest on the exponent: like a proof's nonce it comes from the shares too, so that a generator that repeats
    // does not seal other shares under the same key (CRY-54).
    let witness: Vec<&Scalar> = shares.iter().map(SecretScalar::expose).collect();
    let exponent = SecretScalar::generate(&mut possession_transcript(context).private_rng(&witness, rng)?)?;
    let ephemeral = EncodedPoint::encode(&exponent.public());
    let possession = schnorr::prove_possession(possession_transcript(context), &[&exponent], rng)?;
    let shared = Zeroizing::new(exponent.times(&share_key));
    let mut sealed = Zeroizing::new(Vec::with_capacity(sealed_len(shares.len())));
    for share in shares {
        sealed.extend_from_slice(share.to_bytes().as_slice());
    }
    cipher(context, &ephemeral, &shared)
        .encrypt_in_place(&Nonce::default(), &[], &mut *sealed)
        .map_err(|_| RandomnessFailure)?;
    Ok(SealedShares { ephemeral, possession, sealed: std::mem::take(&mut *sealed) })
}

/// Why shares were not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The recipient's share key is no point, or the identity.
    #[error("the share key of trustee {recipient} is unusable")]
    ShareKey {
        /// The recipient's index.
        recipient: u64,
    },
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

impl SealedShares {
    /// Opens the box with the Diffie-Hellman point `D = yE`, whoever found it (CRY-55).
    ///
    /// # Errors
    /// The first of the causes [`BadShares::Length`], [`BadShares::Authentication`], [`BadShares::Scalar`]; the fourth needs the
    /// coefficient commitments ([`crate::dealing`]).
    pub fn open(&self, context: &BoxContext, slots: usize, shared: &Point) -> Result<Vec<SecretScalar>, BadShares> {
        if self.sealed.len() != sealed_len(slots) {
            return Err(BadShares::Length { expected: sealed_len(slots), found: self.sealed.len() });
        }
        let mut plain = Zeroizing::new(self.sealed.clone());
        cipher(context, &self.ephemeral, shared)
            .decrypt_in_place(&Nonce::default(), &[], &mut *plain)
            .map_err(|_| BadShares::Authentication)?;
        let share = |(slot, bytes): (usize, &[u8; 32])| {
            let share = EncodedScalar(*bytes).decode().map_err(|_| BadShares::Scalar { slot })?;
            Ok(SecretScalar::new(share))
        };
        plain.as_chunks::<32>().0.iter().enumerate().map(share).collect()
    }

    /// The claim that the dealer knows the exponent of E (CRY-54).
    ///
    /// # Errors
    /// [`ClaimError`], for an identity E too.
    pub fn possession_claim(&self, context: &BoxContext) -> Result<Claim, ClaimError> {
        schnorr::possession_claim(possession_transcript(context), &[self.ephemeral], &self.possession)
    }
}

/// The context of `ephemeral-possession`.
fn possession_transcript(context: &BoxContext) -> Transcript {
    let mut transcript = Transcript::new(Kind::EphemeralPossession, &context.election);
    transcript.integer(Label::Dealer, context.dealer);
    transcript.integer(Label::Recipient, context.recipient);
    transcript.integer(Label::Part, context.part);
    transcript.point(Label::ShareKey, &context.share_key);
    transcript
}

/// The cipher under the one-time key: a hash of the whole context, so that a box opens nowhere else (CRY-54). As the key serves one
/// box only, the nonce is zero.
fn cipher(context: &BoxContext, ephemeral: &EncodedPoint, shared: &Point) -> ChaCha20Poly1305 {
    let shared = Zeroizing::new(EncodedPoint::encode(shared).0);
    let hash = TaggedHash::new(Tag::ShareKey, 7)
        .bytes(&context.election)
        .integer(context.dealer)
        .integer(context.recipient)
        .integer(context.part)
        .bytes(ephemeral.as_bytes())
        .bytes(context.share_key.as_bytes())
        .bytes(shared.as_slice());
    let key = Zeroizing::new(hash.sha3_256());
    ChaCha20Poly1305::new(Key::from_slice(key.as_slice()))
}

#[cfg(test)]
#[path = "sealed_share_tests.rs"]
mod tests;
