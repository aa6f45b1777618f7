//! Keys of notes: names, identifiers, their text form, Ed25519 (LOG-14).

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Note, NoteSignature};
use crate::{
    cosignature,
    text::{base64_bytes, base64_text, is_key_name},
};

/// What a key signs with, and what over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Type 0x01: Ed25519 over the note's text. A log's own signature.
    Ed25519,
    /// Type 0x04: Ed25519 over time and checkpoint. A witness's or mirror's cosignature.
    Cosignature,
}

impl Algorithm {
    /// The type byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// Why a key is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Empty, or with white space, `+` or a control character.
    #[error("not a key name")]
    Name,
    /// Not `<name>+<8 hex digits>+<base64>`.
    #[error("not the text form of a verifier key")]
    Malformed,
    /// Another type of key.
    #[error("keys of type 0x{0:02x} are not supported")]
    UnsupportedType(u8),
    /// The identifier does not belong to this name and key.
    #[error("the key identifier does not match name and key")]
    Identifier,
    /// Not the canonical encoding of a curve point, or one of small order.
    #[error("not an acceptable Ed25519 public key")]
    Point,
    /// The random number generator failed; there is no key.
    #[error("the random number generator failed; no key was made")]
    Randomness,
}

/// A signature that does not verify; nothing more is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not verify")]
pub(crate) struct SignatureFailure;

/// LOG-14: a public key with its name.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key from its parts. The point must be canonically encoded and not of small order, so that nobody can claim
    /// signatures for a key whose secret is known to all.
    pub fn new(name: &str, algorithm: Algorithm, public_key: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| KeyError::Point)?;
        if !is_canonical(public_key) || key.is_weak() {
            return Err(KeyError::Point);
        }
        Ok(Self { name: name.to_owned(), algorithm, key })
    }

    /// The public half of a secret key whose name was checked. A clamped scalar gives no point of small order.
    pub(crate) fn of(name: &str, algorithm: Algorithm, secret: &SigningKey) -> Self {
        Self { name: name.to_owned(), algorithm, key: secret.verifying_key() }
    }

    /// The key's name: the log's origin, or the witness's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The 32 bytes of the public key.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The key identifier: the first four bytes of SHA-256(name || 0x0A || type || public key).
    pub fn key_id(&self) -> [u8; 4] {
        key_id(&self.name, self.algorithm, &self.public_key())
    }

    /// Whether a line claims to be by this key.
    pub fn signed(&self, signature: &NoteSignature) -> bool {
        signature.name == self.name && signature.key_id == self.key_id()
    }

    /// Checks a line's signature over a note's text; gives the time it states, if its type states one.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, SignatureFailure> {
        match self.algorithm {
            Algorithm::Ed25519 => {
                self.verify_ed25519(text.as_bytes(), signature)?;
                Ok(None)
            }
            Algorithm::Cosignature => {
                let (time, signature) = cosignature::split(signature).ok_or(SignatureFailure)?;
                let message = cosignature::signed_message(time, text);
                self.verify_ed25519(message.as_bytes(), signature)?;
                Ok(Some(time))
            }
        }
    }

    fn verify_ed25519(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureFailure> {
        let signature = decode_signature(signature).ok_or(SignatureFailure)?;
        // LOG-19, strict: no point of small order, s reduced. The lax check lets implementations disagree on the same bytes.
        self.key.verify_strict(message, &signature).map_err(|_| SignatureFailure)
    }
}

impl fmt::Display for VerifierKey {
    /// The text form, `<name>+<8 hex digits>+<base64(type || public key)>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.key_id());
        let typed = [&[self.algorithm.byte()], self.public_key().as_slice()].concat();
        write!(f, "{}+{id:08x}+{}", self.name, base64_text(&typed))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        // Base64 may hold a `+`, name and identifier may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Malformed);
        };
        let typed = base64_bytes(key).ok_or(KeyError::Malformed)?;
        let (byte, public_key) = typed.split_first().ok_or(KeyError::Malformed)?;
        let algorithm = match *byte {
            0x01 => Algorithm::Ed25519,
            0x04 => Algorithm::Cosignature,
            other => return Err(KeyError::UnsupportedType(other)),
        };
        let public_key = public_key.try_into().map_err(|_| KeyError::Malformed)?;
        let key = Self::new(name, algorithm, public_key)?;
        if id == format!("{:08x}", u32::from_be_bytes(key.key_id())) { Ok(key) } else { Err(KeyError::Identifier) }
    }
}

/// A log's signing key (type 0x01). Wiped when dropped; never printed.
pub struct SignerKey {
    name: String,
    key: SigningKey,
}

impl SignerKey {
    /// A fresh key.
    pub fn generate(name: &str, rng: &mut impl CryptoRngCore) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        rng.try_fill_bytes(seed.as_mut()).map_err(|_| KeyError::Randomness)?;
        Self::from_seed(name, &seed)
    }

    /// The key of a stored seed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The seed, for storage under lock.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The key's name: the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey::of(&self.name, Algorithm::Ed25519, &self.key)
    }

    /// The line that signs a note's text.
    pub fn sign(&self, note: &Note) -> NoteSignature {
        NoteSignature {
            name: self.name.clone(),
            key_id: self.verifier_key().key_id(),
            signature: self.key.sign(note.text().as_bytes()).to_vec(),
        }
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}, secret withheld)", self.name)
    }
}

/// SHA-256(name || 0x0A || type || public key)[:4].
fn key_id(name: &str, algorithm: Algorithm, public_key: &[u8; 32]) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', algorithm.byte()])
        .chain_update(public_key)
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// A 64-byte Ed25519 signature whose first half is canonically encoded.
fn decode_signature(bytes: &[u8]) -> Option<Signature> {
    let bytes: &[u8; 64] = bytes.try_into().ok()?;
    is_canonical(bytes.first_chunk()?).then(|| Signature::from_bytes(bytes))
}

/// Whether the y coordinate is less than 2^255 - 19: the only way a point other than those of small order can have two
/// encodings.
fn is_canonical(point: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = point;
    *low < 0xed || high & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}
