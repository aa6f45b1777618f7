//! Schnorr's proof of knowledge in its two uses: a signature (the message is in the transcript) and one proof of possession for many
//! keys (CRY-10..CRY-14).

use crate::{
    RandomnessFailure, SecretScalar,
    batch::{Base, Claim, ClaimError, Equation},
    encoding::{DecodeError, EncodedPoint, EncodedScalar, blocks},
    group::Scalar,
    transcript::{Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// A signing key; its public key is `xG`. Wiped on drop.
#[derive(Debug)]
pub struct SigningKey(SecretScalar);

impl SigningKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Result<Self, RandomnessFailure> {
        SecretScalar::generate(rng).map(Self)
    }

    /// The key with this secret.
    pub fn from_secret(secret: SecretScalar) -> Self {
        Self(secret)
    }

    /// The key in a sealed keystore's bytes.
    ///
    /// # Errors
    /// [`DecodeError::Scalar`] when the bytes are not a canonical scalar, [`DecodeError::Identity`] when it is zero.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, DecodeError> {
        let secret = EncodedScalar(*bytes).decode()?;
        if secret == Scalar::ZERO { Err(DecodeError::Identity) } else { Ok(Self(SecretScalar::new(secret))) }
    }

    /// The bytes for a sealed keystore; wiped when dropped.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.to_bytes()
    }

    /// The public key.
    pub fn public(&self) -> EncodedPoint {
        EncodedPoint::encode(&self.0.public())
    }

    /// The secret scalar, for a proof of possession.
    pub fn secret(&self) -> &SecretScalar {
        &self.0
    }
}

macro_rules! proof_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name([u8; 64]);

        impl $name {
            /// The bytes `R || s`, unchecked until they become a claim.
            pub fn new(bytes: [u8; 64]) -> Self {
                Self(bytes)
            }

            /// Takes exactly 64 bytes.
            ///
            /// # Errors
            /// [`DecodeError::Length`] for any other length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, DecodeError> {
                let found = bytes.len();
                bytes.try_into().map(Self).map_err(|_| DecodeError::Length { expected: 64, found })
            }

            /// The bytes `R || s`.
            pub fn as_bytes(&self) -> &[u8; 64] {
                &self.0
            }

            fn parts(&self) -> Result<(EncodedPoint, Scalar), DecodeError> {
                let mut blocks = blocks(&self.0, 2)?;
                let r = blocks.next().map(EncodedPoint).ok_or(DecodeError::Point)?;
                let s = blocks.next().map(EncodedScalar).ok_or(DecodeError::Scalar)?.decode()?;
                Ok((r, s))
            }

            fn join(r: &EncodedPoint, s: &Scalar) -> Self {
                let mut bytes = [0; 64];
                let (left, right) = bytes.split_at_mut(32);
                left.copy_from_slice(r.as_bytes());
                right.copy_from_slice(s.as_bytes());
                Self(bytes)
            }
        }
    };
}

proof_bytes! {
    /// A signature: `R || s` (CRY-10).
    Signature
}
proof_bytes! {
    /// A proof of possession of a list of keys: `R || s` (CRY-12).
    Possession
}

/// Signs what the transcript has absorbed (CRY-10): absorbs the key and `R = kG`, squeezes c, answers `s = k + c x`.
///
/// # Errors
/// [`RandomnessFailure`] when the generator fails.
pub fn sign<R: RngCore + CryptoRng>(
    mut transcript: Transcript,
    key: &SigningKey,
    rng: &mut R,
) -> Result<Signature, RandomnessFailure> {
    transcript.point(Label::Key, &key.public());
    let (r, s) = respond(&transcript, &[&key.0], rng)?;
    Ok(Signature::join(&r, &s))
}

/// The claim that `key` signed what the transcript has absorbed (CRY-11): `s G - R - c X = 0`. The identity is nobody's key.
///
/// # Errors
/// [`ClaimError::Decode`] for a malformed or identity key, a malformed `R` or `s`; [`ClaimError::Challenge`] for a zero challenge.
pub fn signature_claim(
    mut transcript: Transcript,
    key: &EncodedPoint,
    signature: &Signature,
) -> Result<Claim, ClaimError> {
    transcript.point(Label::Key, key);
    claim(transcript, std::slice::from_ref(key), signature.parts()?)
}

/// Proves possession of all these secrets at once (CRY-12): absorbs the count, every key `X_j` and `R = kG`, squeezes c, answers
/// `s = k + sum_j c^{j+1} x_j` (j from 0). For no secrets it proves nothing, truly.
///
/// # Errors
/// [`RandomnessFailure`] when the generator fails.
pub fn prove_possession<R: RngCore + CryptoRng>(
    mut transcript: Transcript,
    secrets: &[&SecretScalar],
    rng: &mut R,
) -> Result<Possession, RandomnessFailure> {
    let keys: Vec<EncodedPoint> = secrets.iter().map(|secret| EncodedPoint::encode(&secret.public())).collect();
    absorb_keys(&mut transcript, &keys);
    let (r, s) = respond(&transcript, secrets, rng)?;
    Ok(Possession::join(&r, &s))
}

/// The claim that the prover possesses the secrets of all `keys` (CRY-13): `s G - R - sum_j c^{j+1} X_j = 0`. An identity is refused.
///
/// # Errors
/// As [`signature_claim`].
pub fn possession_claim(
    mut transcript: Transcript,
    keys: &[EncodedPoint],
    proof: &Possession,
) -> Result<Claim, ClaimError> {
    absorb_keys(&mut transcript, keys);
    claim(transcript, keys, proof.parts()?)
}

fn absorb_keys(transcript: &mut Transcript, keys: &[EncodedPoint]) {
    transcript.count(keys.len());
    for key in keys {
        transcript.point(Label::Key, key);
    }
}

/// Announces `R`, is challenged, responds; begins afresh on a zero challenge (CRY-7).
fn respond<R: RngCore + CryptoRng>(
    transcript: &Transcript,
    secrets: &[&SecretScalar],
    rng: &mut R,
) -> Result<(EncodedPoint, Scalar), RandomnessFailure> {
    let witness: Vec<&Scalar> = secrets.iter().map(|secret| secret.expose()).collect();
    loop {
        // CRY-14: the nonce depends on the context, on the secrets and on the system's entropy.
        let nonce = SecretScalar::generate(&mut transcript.private_rng(&witness, rng)?)?;
        let announcement = EncodedPoint::encode(&nonce.public());
        let mut transcript = transcript.clone();
        transcript.point(Label::R, &announcement);
        let Ok(challenge) = transcript.challenge(Label::C) else { continue };
        // Horner, from the last key to the first: ((x_m c + ...) c + x_1) c + k.
        let sum = secrets.iter().rev().fold(Zeroizing::new(Scalar::ZERO), |mut sum, secret| {
            *sum = (*sum + secret.expose()) * challenge;
            sum
        });
        return Ok((announcement, *sum + nonce.expose()));
    }
}

fn claim(
    mut transcript: Transcript,
    keys: &[EncodedPoint],
    (announcement, response): (EncodedPoint, Scalar),
) -> Result<Claim, ClaimError> {
    transcript.point(Label::R, &announcement);
    let challenge = transcript.challenge(Label::C)?;
    let mut equation = Equation::with_capacity(1, keys.len().saturating_add(1))
        .term(Base::G, response)
        .point(announcement.decode()?, -Scalar::ONE);
    let mut power = -challenge;
    for key in keys {
        equation = equation.point(key.decode_nonzero()?, power);
        power *= challenge;
    }
    Ok(Claim::from_equations(vec![equation]))
}

#[cfg(test)]
#[path = "schnorr_tests.rs"]
mod tests;
