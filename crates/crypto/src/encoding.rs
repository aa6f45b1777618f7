//! Strict 32-byte encodings of points and scalars (CRY-1, CRY-2): bytes as received, and the decoding that checks them.

use crate::group::{Point, Scalar};
use curve25519_dalek::{ristretto::CompressedRistretto, traits::IsIdentity as _};

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not exactly as many bytes as the object has.
    #[error("expected exactly {expected} bytes, found {found}")]
    Length {
        /// Bytes the object has.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// Not the canonical encoding of a group element (RFC 9496 section 4.3.1).
    #[error("not the canonical encoding of a ristretto255 element")]
    Point,
    /// Not the canonical little-endian encoding of a residue modulo l.
    #[error("not a canonical scalar below the group order")]
    Scalar,
    /// The neutral element where none may stand.
    #[error("the identity element is not allowed here")]
    Identity,
}

/// 32 bytes that claim to be a point. Unchecked until [`EncodedPoint::decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EncodedPoint(pub [u8; 32]);

/// 32 bytes that claim to be a scalar. Unchecked until [`EncodedScalar::decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodedScalar(pub [u8; 32]);

impl EncodedPoint {
    /// The encoding of the neutral element: 32 zero bytes.
    pub const IDENTITY: Self = Self([0; 32]);

    /// The canonical encoding of a point.
    pub fn encode(point: &Point) -> Self {
        Self(point.compress().to_bytes())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The point, if the encoding is canonical; the identity passes (CRY-1).
    pub fn decode(&self) -> Result<Point, DecodeError> {
        CompressedRistretto(self.0).decompress().ok_or(DecodeError::Point)
    }

    /// The point, if the encoding is canonical and not the identity (CRY-1).
    pub fn decode_nonzero(&self) -> Result<Point, DecodeError> {
        let point = self.decode()?;
        if point.is_identity() { Err(DecodeError::Identity) } else { Ok(point) }
    }
}

impl EncodedScalar {
    /// The canonical encoding of a scalar.
    pub fn encode(scalar: &Scalar) -> Self {
        Self(scalar.to_bytes())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The scalar, if it is below l (CRY-2).
    pub fn decode(&self) -> Result<Scalar, DecodeError> {
        Option::from(Scalar::from_canonical_bytes(self.0)).ok_or(DecodeError::Scalar)
    }
}

/// Reads a byte string as consecutive 32-byte blocks; refuses any length but `32 * blocks`, before anything else.
pub fn blocks(bytes: &[u8], blocks: usize) -> Result<impl Iterator<Item = [u8; 32]> + '_, DecodeError> {
    let expected = blocks.saturating_mul(32);
    if bytes.len() != expected {
        return Err(DecodeError::Length { expected, found: bytes.len() });
    }
    Ok(bytes.as_chunks::<32>().0.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::G;

    #[test]
    fn non_canonical_bytes_are_refused() {
        assert_eq!(EncodedPoint([0xff; 32]).decode(), Err(DecodeError::Point));
        assert_eq!(EncodedPoint::IDENTITY.decode_nonzero(), Err(DecodeError::Identity));
        assert_eq!(EncodedScalar([0xff; 32]).decode(), Err(DecodeError::Scalar));
        assert_eq!(EncodedPoint::encode(&G).decode(), Ok(G));
        let minus_one = EncodedScalar::encode(&-Scalar::ONE);
        assert_eq!(minus_one.decode(), Ok(-Scalar::ONE));
        let mut order = minus_one;
        order.0[0] += 1;
        assert_eq!(order.decode(), Err(DecodeError::Scalar));
    }

    #[test]
    fn block_lists_have_one_length() {
        assert!(blocks(&[0; 64], 2).is_ok());
        for wrong in [0, 63, 65, 96] {
            assert_eq!(blocks(&vec![0; wrong], 2).err(), Some(DecodeError::Length { expected: 64, found: wrong }));
        }
    }
}
