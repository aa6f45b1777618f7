//! Secret scalars, and randomness that fails closed (CRY-5).

use crate::{
    RandomnessFailure,
    group::{G, Point, Scalar, base_times},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

/// A scalar nobody may see: wiped on drop, never cloned, never printed, never compared. It keeps one place on the heap for life: were it
/// moved itself, into a list, with a list that grows, or out of one, each move would leave a copy behind that nothing wipes (CRY-5).
pub struct SecretScalar(Box<Scalar>);

impl Drop for SecretScalar {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for SecretScalar {}

impl SecretScalar {
    /// A uniform secret: 64 random bytes reduced modulo l.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Result<Self, RandomnessFailure> {
        let mut wide = Zeroizing::new([0u8; 64]);
        rng.try_fill_bytes(wide.as_mut_slice()).map_err(|_| RandomnessFailure)?;
        Ok(Self::new(Scalar::from_bytes_mod_order_wide(&wide)))
    }

    /// Takes a scalar that is secret from here on.
    pub fn new(scalar: Scalar) -> Self {
        Self(Box::new(scalar))
    }

    /// The secret that 64 hashed bytes stand for, reduced modulo l; the bytes are wiped.
    pub fn from_wide(mut bytes: [u8; 64]) -> Self {
        let scalar = Scalar::from_bytes_mod_order_wide(&bytes);
        bytes.zeroize();
        Self::new(scalar)
    }

    /// The value, for arithmetic inside a prover. Whoever calls this keeps the result short-lived.
    pub fn expose(&self) -> &Scalar {
        &self.0
    }

    /// The canonical bytes, for a sealed keystore; wiped when dropped.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public key `xG` (constant time).
    pub fn public(&self) -> Point {
        base_times(&self.0)
    }

    /// The multiple `xB` of any point (constant time).
    pub fn times(&self, base: &Point) -> Point {
        if *base == G { self.public() } else { *self.0 * base }
    }
}

impl std::fmt::Debug for SecretScalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretScalar(…)")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A generator that always fails.
    pub(crate) struct Broken;
    impl RngCore for Broken {
        fn next_u32(&mut self) -> u32 {
            panic!("infallible call on a broken generator")
        }
        fn next_u64(&mut self) -> u64 {
            panic!("infallible call on a broken generator")
        }
        fn fill_bytes(&mut self, _: &mut [u8]) {
            panic!("infallible call on a broken generator")
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), rand_core::Error> {
            Err(rand_core::Error::from(std::num::NonZeroU32::MIN))
        }
    }
    impl CryptoRng for Broken {}

    #[test]
    fn broken_randomness_gives_no_secret() {
        assert!(SecretScalar::generate(&mut Broken).is_err());
    }

    /// Lists grow, are collected and taken apart; the scalar stays where it will be wiped.
    #[test]
    fn a_secret_is_never_moved_in_memory() {
        let place = |secret: &SecretScalar| std::ptr::from_ref(secret.expose()).addr();
        let first = SecretScalar::new(Scalar::from(42u64));
        let before = place(&first);
        let more = (0..9u64).map(|value| Ok(SecretScalar::new(Scalar::from(value))));
        let list: Result<Vec<SecretScalar>, RandomnessFailure> = std::iter::once(Ok(first)).chain(more).collect();
        let mut longer = Vec::new();
        longer.extend(list.unwrap());
        assert_eq!(place(&longer[0]), before);
        assert_eq!(place(&longer.remove(0)), before);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", SecretScalar::new(Scalar::from(42u64))), "SecretScalar(…)");
    }
}
