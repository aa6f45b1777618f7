//! Cosignatures: a witness states that, at a time, this was the largest consistent tree it had seen (LOG-20, LOG-21;
//! c2sp.org/tlog-cosignature, Ed25519).

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRngCore;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    checkpoint::Checkpoint,
    merkle::MAX_SIZE,
    note::{Algorithm, KeyError, NoteSignature, VerifierKey},
    text::is_key_name,
};

/// LOG-21: the latest time a cosignature may state, 2^63 - 1 seconds.
pub const MAX_TIMESTAMP: u64 = MAX_SIZE;

/// A time after [`MAX_TIMESTAMP`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is no time a cosignature may state")]
pub struct TimestampOutOfRange(pub u64);

/// A witness's or mirror's signing key (type 0x04). Wiped when dropped; never printed. One key, one cosigner: the name is
/// not signed.
pub struct CosignerKey {
    name: String,
    key: SigningKey,
}

impl CosignerKey {
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

    /// The cosigner's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey::of(&self.name, Algorithm::Cosignature, &self.key)
    }

    /// LOG-20: the line that cosigns a checkpoint, stating `timestamp` (seconds since 1970).
    pub fn cosign(&self, checkpoint: &Checkpoint, timestamp: u64) -> Result<NoteSignature, TimestampOutOfRange> {
        if timestamp > MAX_TIMESTAMP {
            return Err(TimestampOutOfRange(timestamp));
        }
        let message = signed_message(timestamp, &checkpoint.encode());
        let signature = self.key.sign(message.as_bytes());
        Ok(NoteSignature {
            name: self.name.clone(),
            key_id: self.verifier_key().key_id(),
            signature: [timestamp.to_be_bytes().as_slice(), &signature.to_bytes()].concat(),
        })
    }
}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerKey({}, secret withheld)", self.name)
    }
}

/// LOG-20: what a cosigner signs.
pub(crate) fn signed_message(timestamp: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {timestamp}\n{text}")
}

/// LOG-20: time and Ed25519 signature, 8 and 64 bytes.
pub(crate) fn split(blob: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = blob.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    (time <= MAX_TIMESTAMP && signature.len() == 64).then_some((time, signature))
}

#[cfg(test)]
mod tests;
