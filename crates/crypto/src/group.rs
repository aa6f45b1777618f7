//! The group ristretto255 (RFC 9496) and the generators nobody knows a relation among (CRY-3).

use crate::hash::{Tag, TaggedHash};
use curve25519_dalek::{constants, traits::Identity as _};

/// An element of ristretto255.
pub type Point = curve25519_dalek::RistrettoPoint;
/// A residue modulo the group order l. Public by definition: a secret one is a [`crate::SecretScalar`].
pub type Scalar = curve25519_dalek::Scalar;

/// The basepoint `G` of RFC 9496.
pub const G: Point = constants::RISTRETTO_BASEPOINT_POINT;

/// The multiple `xG` (constant time). In a browser without the table of multiples of `G`, which a voter would wait for longer than it saves (decision 0042).
pub(crate) fn base_times(scalar: &Scalar) -> Point {
    if cfg!(target_family = "wasm") { G * scalar } else { Point::mul_base(scalar) }
}

/// The neutral element.
pub fn identity() -> Point {
    Point::identity()
}

/// The blinding base `H`: the default one of the `bulletproofs` crate, SHA3-512 of the encoding of `G`, mapped to the group (CRY-3).
pub fn blinding_base() -> Point {
    use sha3::{Digest as _, Sha3_512};
    let digest: [u8; 64] = Sha3_512::digest(constants::RISTRETTO_BASEPOINT_COMPRESSED.as_bytes()).into();
    Point::from_uniform_bytes(&digest)
}

/// The witness base `Q_i`: SHA3-512 with tag `generator` over the index, mapped to the group (CRY-3).
pub fn witness_base(index: u64) -> Point {
    Point::from_uniform_bytes(&TaggedHash::wide(Tag::Generator, 1).integer(index).sha3_512())
}
