//! Digests with a name each, so that no fingerprint is taken for another (`specs/02-encoding.md`, table of fingerprints).

use minicbor::{Decode, Encode};
use std::{fmt, str::FromStr};

/// Whole minutes since 1970-01-01T00:00Z. Informative, but for deadlines in the manifest and time evidence: position decides.
pub type Minutes = u64;

/// A text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct NotHex;

macro_rules! digests {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

        impl $name {
            /// The 32 bytes.
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&hex::encode(self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self)
            }
        }
        impl FromStr for $name {
            type Err = NotHex;
            fn from_str(text: &str) -> Result<Self, NotHex> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| NotHex)?;
                Ok(Self(bytes))
            }
        }
    )* };
}

digests! {
    /// The random name of an election, chosen by the authority.
    ElectionId,
    /// F, the election fingerprint: covers the manifest.
    ElectionFingerprint,
    /// Submission id; of a ballot: its tracker. Covers F, author and body, not the signature.
    SubmissionId,
    /// Hash of an entry: covers it and the whole history before it.
    EntryHash,
    /// Covers every roll chunk.
    RollFingerprint,
    /// Covers one dealing part.
    PartHash,
    /// Covers what every recipient saw.
    DealingsFingerprint,
    /// J: covers keys and ceremony.
    JointKeyFingerprint,
    /// Covers what is added up.
    CountedFingerprint,
    /// SHA3-256 of a long text published elsewhere.
    TextDigest,
}
