//! Multi-key exponential ElGamal: one randomness for all slots of a contest (CRY-30), and sums of ciphertexts for the tally.

use crate::{
    SecretScalar,
    encoding::EncodedPoint,
    group::{self, Point, Scalar, base_times},
};
use zeroize::Zeroizing;

/// `C_0 = rG`, `C_j = m_j G + r P_j`, as on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    /// `C_0..C_K`.
    pub points: Vec<EncodedPoint>,
}

/// Two lists that must have one length have two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} items, found {found}")]
pub struct LengthMismatch {
    /// Items there must be.
    pub expected: usize,
    /// Items given.
    pub found: usize,
}

fn same_length(expected: usize, found: usize) -> Result<(), LengthMismatch> {
    if expected == found { Ok(()) } else { Err(LengthMismatch { expected, found }) }
}

/// Encrypts secret values under the slot keys with one secret randomness (constant time in both).
///
/// # Errors
/// [`LengthMismatch`] unless there is one value for each key.
pub fn encrypt(keys: &[Point], values: &[u64], randomness: &SecretScalar) -> Result<Ciphertext, LengthMismatch> {
    same_length(keys.len(), values.len())?;
    let slots = keys.iter().zip(values).map(|(key, value)| {
        let value = Zeroizing::new(Scalar::from(*value));
        EncodedPoint::encode(&(base_times(&value) + randomness.times(key)))
    });
    Ok(Ciphertext { points: std::iter::once(EncodedPoint::encode(&randomness.public())).chain(slots).collect() })
}

/// The ciphertext of public values with public randomness (variable time), to compare an opened ballot with (CRY-39).
///
/// # Errors
/// [`LengthMismatch`] unless there is one value for each key.
pub fn encrypt_publicly(keys: &[Point], values: &[u64], randomness: &Scalar) -> Result<Ciphertext, LengthMismatch> {
    same_length(keys.len(), values.len())?;
    let point = |key: &Point, value: u64| {
        let sum = Point::vartime_double_scalar_mul_basepoint(randomness, key, &Scalar::from(value));
        EncodedPoint::encode(&sum)
    };
    let first = EncodedPoint::encode(&base_times(randomness));
    Ok(Ciphertext {
        points: std::iter::once(first).chain(keys.iter().zip(values).map(|(key, value)| point(key, *value))).collect(),
    })
}

/// A sum of ciphertexts of one contest: `Z = sum C_0` and `sum C_j` per slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiphertextSum {
    points: Vec<Point>,
}

impl CiphertextSum {
    /// The sum of no ciphertexts of `slots` slots.
    pub fn new(slots: usize) -> Self {
        Self { points: vec![group::identity(); slots.saturating_add(1)] }
    }

    /// `sum C_0..sum C_K`.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// `Z`, the sum of the `C_0`.
    pub fn z(&self) -> Point {
        self.points.first().copied().unwrap_or_else(group::identity)
    }

    /// The sums of `C_1..C_K`.
    pub fn slots(&self) -> &[Point] {
        self.points.split_first().map_or(&[], |(_, slots)| slots)
    }

    /// Adds a ciphertext `C_0..C_K`.
    ///
    /// # Errors
    /// [`LengthMismatch`], and nothing is added, unless it has as many slots.
    pub fn add(&mut self, ciphertext: &[Point]) -> Result<(), LengthMismatch> {
        same_length(self.points.len(), ciphertext.len())?;
        self.points.iter_mut().zip(ciphertext).for_each(|(sum, point)| *sum += point);
        Ok(())
    }

    /// Adds a ciphertext `weight` times (variable time: weights are public).
    ///
    /// # Errors
    /// As [`CiphertextSum::add`].
    pub fn add_weighted(&mut self, ciphertext: &[Point], weight: u64) -> Result<(), LengthMismatch> {
        same_length(self.points.len(), ciphertext.len())?;
        self.points.iter_mut().zip(ciphertext).for_each(|(sum, point)| *sum += multiple(point, weight));
        Ok(())
    }

    /// Takes a ciphertext out that was added with this weight, when a later ballot replaces it.
    ///
    /// # Errors
    /// As [`CiphertextSum::add`].
    pub fn subtract(&mut self, ciphertext: &[Point], weight: u64) -> Result<(), LengthMismatch> {
        same_length(self.points.len(), ciphertext.len())?;
        self.points.iter_mut().zip(ciphertext).for_each(|(sum, point)| *sum -= multiple(point, weight));
        Ok(())
    }

    /// Adds another sum of the same contest.
    ///
    /// # Errors
    /// As [`CiphertextSum::add`].
    pub fn merge(&mut self, other: &Self) -> Result<(), LengthMismatch> {
        self.add(&other.points)
    }
}

/// `weight * point`, by double and add over the weight's own bits: most weights are 1.
fn multiple(point: &Point, weight: u64) -> Point {
    let bits = u64::BITS.saturating_sub(weight.leading_zeros());
    (0..bits).rev().fold(group::identity(), |sum, bit| {
        let doubled = sum + sum;
        if weight >> bit & 1 == 1 { doubled + point } else { doubled }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    fn keys() -> Vec<Point> {
        (3u64..6).map(|key| group::G * Scalar::from(key)).collect()
    }

    #[test]
    fn both_encryptions_agree_and_decrypt() {
        let randomness = SecretScalar::generate(&mut ChaCha20Rng::seed_from_u64(1)).unwrap();
        let values = [0, 1, u64::MAX];
        let sealed = encrypt(&keys(), &values, &randomness).unwrap();
        assert_eq!(sealed, encrypt_publicly(&keys(), &values, randomness.expose()).unwrap());
        let points: Vec<Point> = sealed.points.iter().map(|point| point.decode().unwrap()).collect();
        for (slot, value) in values.into_iter().enumerate() {
            let mask = points[0] * Scalar::from(3 + u64::try_from(slot).unwrap());
            assert_eq!(points[slot + 1] - mask, group::G * Scalar::from(value));
        }
        assert!(encrypt(&keys(), &[1, 2], &randomness).is_err());
        assert!(encrypt_publicly(&keys(), &[1; 4], randomness.expose()).is_err());
    }

    #[test]
    fn sums_add_weigh_subtract_and_merge() {
        let ciphertext =
            |first: u64| (first..first + 4).map(|value| group::G * Scalar::from(value)).collect::<Vec<Point>>();
        let mut sum = CiphertextSum::new(3);
        sum.add(&ciphertext(10)).unwrap();
        sum.add_weighted(&ciphertext(100), 6).unwrap();
        sum.add_weighted(&ciphertext(100), 0).unwrap();
        let mut other = CiphertextSum::new(3);
        other.add(&ciphertext(1)).unwrap();
        sum.merge(&other).unwrap();
        assert_eq!(sum.z(), group::G * Scalar::from(611u64));
        assert_eq!(sum.slots()[2], group::G * Scalar::from(13 + 618 + 4u64));
        sum.subtract(&ciphertext(100), 6).unwrap();
        sum.subtract(&ciphertext(10), 1).unwrap();
        assert_eq!(sum, other);
        assert_eq!(multiple(&group::G, u64::MAX), group::G * Scalar::from(u64::MAX));
    }

    #[test]
    fn sums_refuse_other_lengths() {
        let mut sum = CiphertextSum::new(2);
        let expected = Err(LengthMismatch { expected: 3, found: 2 });
        assert_eq!(sum.add(&[group::G; 2]), expected);
        assert_eq!(sum.add_weighted(&[group::G; 2], 1), expected);
        assert_eq!(sum.subtract(&[group::G; 2], 1), expected);
        assert_eq!(sum.merge(&CiphertextSum::new(1)), expected);
        assert_eq!(sum, CiphertextSum::new(2));
    }
}
