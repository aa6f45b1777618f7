//! Shamir's secret sharing over the scalars (CRY-50, CRY-51): trustee i holds the value at i of a polynomial whose value at 0 is the
//! secret. Shamir, "How to share a secret", CACM 22 (1979).

use crate::{RandomnessFailure, SecretScalar, group::Scalar};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// The largest number of trustees, so the largest evaluation point and the largest threshold (CRY-50).
pub const TRUSTEES_MAX: u64 = 32;

/// Why a list of evaluation points is refused (CRY-51).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// No evaluation point at all.
    #[error("no trustee given")]
    Empty,
    /// Not between 1 and 32; at 0 would lie the secret itself.
    #[error("{0} is no trustee index: 1 to 32 are")]
    Range(u64),
    /// The same point twice.
    #[error("trustee {0} occurs twice")]
    Repeated(u64),
}

/// The secret polynomial `a_0 + a_1 x + ... + a_{k-1} x^{k-1}` of one slot.
#[derive(Debug)]
pub struct Polynomial(Vec<SecretScalar>);

impl Polynomial {
    /// A uniform polynomial of degree `threshold - 1`.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails, or answers with the zero that it gives with probability 2^-252 only.
    pub fn generate<R: RngCore + CryptoRng>(threshold: usize, rng: &mut R) -> Result<Self, RandomnessFailure> {
        let coefficients = (0..threshold).map(|_| {
            let coefficient = SecretScalar::generate(rng)?;
            if *coefficient.expose() == Scalar::ZERO { Err(RandomnessFailure) } else { Ok(coefficient) }
        });
        Ok(Self(coefficients.collect::<Result<_, _>>()?))
    }

    /// The polynomial with these coefficients, the constant term first.
    pub fn from_coefficients(coefficients: Vec<SecretScalar>) -> Self {
        Self(coefficients)
    }

    /// The coefficients, the constant term first; as many as the threshold.
    pub fn coefficients(&self) -> &[SecretScalar] {
        &self.0
    }

    /// The share at `index`: the value there, by Horner's rule (CRY-50).
    pub fn evaluate(&self, index: u64) -> SecretScalar {
        let point = Scalar::from(index);
        let mut value = Zeroizing::new(Scalar::ZERO);
        for coefficient in self.0.iter().rev() {
            *value = *value * point + coefficient.expose();
        }
        SecretScalar::new(*value)
    }
}

/// Checks evaluation points: at least one, each between 1 and 32, none twice (CRY-51).
///
/// # Errors
/// The first offence in the order of the list.
pub fn check_indices(indices: &[u64]) -> Result<(), IndexError> {
    if indices.is_empty() {
        return Err(IndexError::Empty);
    }
    let mut seen = std::collections::BTreeSet::new();
    for &index in indices {
        if index == 0 || index > TRUSTEES_MAX {
            return Err(IndexError::Range(index));
        }
        if !seen.insert(index) {
            return Err(IndexError::Repeated(index));
        }
    }
    Ok(())
}

/// The Lagrange coefficients at 0, in the order of the indices: `lambda_i = prod_{m != i} m / (m - i)` (CRY-51).
///
/// # Errors
/// [`IndexError`]; the indices are checked first, because a repeated one would be a division by zero.
pub fn lagrange(indices: &[u64]) -> Result<Vec<Scalar>, IndexError> {
    check_indices(indices)?;
    let coefficient = |&index: &u64| {
        let mut numerator = Scalar::ONE;
        let mut denominator = Scalar::ONE;
        for &other in indices.iter().filter(|&&other| other != index) {
            numerator *= Scalar::from(other);
            denominator *= Scalar::from(other) - Scalar::from(index);
        }
        numerator * denominator.invert()
    };
    Ok(indices.iter().map(coefficient).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::tests::Broken;
    use proptest::prelude::{prop_assert_eq, prop_assert_ne, prop_assume, proptest};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    fn interpolate(polynomial: &Polynomial, indices: &[u64]) -> Scalar {
        let lambdas = lagrange(indices).unwrap();
        indices.iter().zip(lambdas).map(|(&index, lambda)| lambda * polynomial.evaluate(index).expose()).sum()
    }

    proptest! {
        /// Any k shares give the secret; k - 1 of them do not.
        #[test]
        fn any_k_shares_suffice(seed: [u8; 32], threshold in 2usize..=32, skip in 0u64..8) {
            let polynomial = Polynomial::generate(threshold, &mut ChaCha20Rng::from_seed(seed)).unwrap();
            let secret = *polynomial.coefficients()[0].expose();
            let all: Vec<u64> = (1..=32).rev().chain(1..=32).skip(usize::try_from(skip).unwrap()).take(threshold).collect();
            prop_assume!(check_indices(&all).is_ok());
            prop_assert_eq!(interpolate(&polynomial, &all), secret);
            prop_assert_ne!(interpolate(&polynomial, &all[1..]), secret);
        }
    }

    #[test]
    fn the_value_is_the_polynomial_s() {
        let polynomial = Polynomial::from_coefficients([5u64, 7, 11].map(|a| SecretScalar::new(a.into())).into());
        assert_eq!(*polynomial.evaluate(3).expose(), Scalar::from(5 + 7 * 3 + 11 * 9u64));
        assert_eq!(interpolate(&polynomial, &[3, 1, 32]), Scalar::from(5u64));
    }

    #[test]
    fn bad_indices_are_refused() {
        assert_eq!(lagrange(&[]), Err(IndexError::Empty));
        assert_eq!(lagrange(&[1, 0]), Err(IndexError::Range(0)));
        assert_eq!(lagrange(&[33]), Err(IndexError::Range(33)));
        assert_eq!(lagrange(&[2, 3, 2]), Err(IndexError::Repeated(2)));
        assert_eq!(lagrange(&[7]), Ok(vec![Scalar::ONE]));
    }

    #[test]
    fn broken_randomness_gives_no_polynomial() {
        assert!(Polynomial::generate(2, &mut Broken).is_err());
        /// A generator stuck at zero.
        struct Stuck;
        impl RngCore for Stuck {
            fn next_u32(&mut self) -> u32 {
                0
            }
            fn next_u64(&mut self) -> u64 {
                0
            }
            fn fill_bytes(&mut self, bytes: &mut [u8]) {
                bytes.fill(0);
            }
            fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
                bytes.fill(0);
                Ok(())
            }
        }
        impl CryptoRng for Stuck {}
        assert!(Polynomial::generate(2, &mut Stuck).is_err());
    }
}
