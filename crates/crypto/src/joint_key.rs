//! The joint key (CRY-56): what the dealings of the qualified set add up to, computed by everybody.

use crate::{
    DecodeError, EncodedPoint, SecretScalar,
    dealing::share_image,
    group::{Point, Scalar, identity},
    shamir::{IndexError, check_indices},
};
use curve25519_dalek::traits::IsIdentity as _;
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// Points with their encodings, in the order of the slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotPoints {
    points: Vec<Point>,
    encoded: Vec<EncodedPoint>,
}

impl SlotPoints {
    fn new(points: Vec<Point>) -> Self {
        let encoded = points.iter().map(EncodedPoint::encode).collect();
        Self { points, encoded }
    }

    /// The points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Their encodings.
    pub fn encoded(&self) -> &[EncodedPoint] {
        &self.encoded
    }
}

/// The election's keys: `P_1..P_K`, and for each qualified trustee i the verification shares `X_i1..X_iK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointKey {
    threshold: usize,
    slot_keys: SlotPoints,
    verification_shares: BTreeMap<u64, SlotPoints>,
}

/// Why dealings give no joint key. The last three fail the ceremony; the others cannot happen to dealings the board has admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JointKeyError {
    /// The dealers' indices are no set of trustees.
    #[error(transparent)]
    Indices(#[from] IndexError),
    /// No slot, a threshold of 0, or fewer dealers than the threshold.
    #[error("the parameters of the joint key do not fit together")]
    Parameters,
    /// A dealing without exactly k coefficient commitments for each slot.
    #[error("dealer {dealer} made {found} coefficient commitments instead of {expected}")]
    Length {
        /// The dealer's index.
        dealer: u64,
        /// Threshold times slots.
        expected: usize,
        /// As many were found.
        found: usize,
    },
    /// A coefficient commitment that is no point, or the identity.
    #[error("a coefficient commitment of dealer {dealer}: {error}")]
    Coefficient {
        /// The dealer's index.
        dealer: u64,
        /// What is wrong with it.
        error: DecodeError,
    },
    /// A slot key is the identity: the slot would be public.
    #[error("the key of slot {} is the identity", .slot.saturating_add(1))]
    IdentityKey {
        /// The slot's position, from 0.
        slot: usize,
    },
    /// A slot key is that of an earlier slot: differences of selections would be public.
    #[error("the key of slot {} is that of an earlier slot", .slot.saturating_add(1))]
    RepeatedKey {
        /// The later slot's position, from 0.
        slot: usize,
    },
    /// The top coefficients of a slot cancel: fewer than k trustees could decrypt it.
    #[error("the top coefficients of slot {} cancel, which lowers the threshold", .slot.saturating_add(1))]
    LoweredThreshold {
        /// The slot's position, from 0.
        slot: usize,
    },
}

/// Why received shares are not a trustee's key shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyShareError {
    /// The trustee is not in the qualified set.
    #[error("trustee {0} is not qualified")]
    Trustee(u64),
    /// Not one list of K shares from each dealer of the qualified set.
    #[error("the shares are not those of the qualified dealings")]
    Length,
    /// A sum is not the discrete log of the verification share.
    #[error("the key share of slot {} does not fit its verification share", .slot.saturating_add(1))]
    Mismatch {
        /// The slot's position, from 0.
        slot: usize,
    },
}

impl JointKey {
    /// Adds the qualified dealings up: for each dealer the coefficient commitments of all its parts, one after the other (CRY-56).
    ///
    /// # Errors
    /// [`JointKeyError`].
    pub fn combine(
        threshold: usize,
        slots: usize,
        dealings: &BTreeMap<u64, Vec<EncodedPoint>>,
    ) -> Result<Self, JointKeyError> {
        let dealers: Vec<u64> = dealings.keys().copied().collect();
        check_indices(&dealers)?;
        if threshold == 0 || slots == 0 || dealers.len() < threshold {
            return Err(JointKeyError::Parameters);
        }
        let expected = slots.saturating_mul(threshold);
        for (&dealer, coefficients) in dealings {
            let found = coefficients.len();
            if found != expected {
                return Err(JointKeyError::Length { dealer, expected, found });
            }
        }
        let mut sums = vec![identity(); expected];
        for (&dealer, coefficients) in dealings {
            for (sum, coefficient) in sums.iter_mut().zip(coefficients) {
                *sum += coefficient.decode_nonzero().map_err(|error| JointKeyError::Coefficient { dealer, error })?;
            }
        }
        let slot_keys = SlotPoints::new(sums.iter().step_by(threshold).copied().collect());
        let mut seen = BTreeSet::new();
        for (slot, (coefficients, key)) in sums.chunks_exact(threshold).zip(&slot_keys.encoded).enumerate() {
            if *key == EncodedPoint::IDENTITY {
                return Err(JointKeyError::IdentityKey { slot });
            }
            if !seen.insert(*key) {
                return Err(JointKeyError::RepeatedKey { slot });
            }
            if coefficients.last().is_none_or(Point::is_identity) {
                return Err(JointKeyError::LoweredThreshold { slot });
            }
        }
        let shares = |&trustee: &u64| {
            let images = sums.chunks_exact(threshold).map(|coefficients| share_image(coefficients, trustee));
            (trustee, SlotPoints::new(images.collect()))
        };
        let verification_shares = dealers.iter().map(shares).collect();
        Ok(Self { threshold, slot_keys, verification_shares })
    }

    /// k.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    /// The slot keys `P_1..P_K`.
    pub fn slot_keys(&self) -> &SlotPoints {
        &self.slot_keys
    }

    /// The verification shares `X_i1..X_iK` of a qualified trustee.
    pub fn verification_shares(&self, trustee: u64) -> Option<&SlotPoints> {
        self.verification_shares.get(&trustee)
    }

    /// The qualified set, ascending.
    pub fn qualified(&self) -> impl Iterator<Item = u64> + '_ {
        self.verification_shares.keys().copied()
    }

    /// A trustee's key shares `x_ij`: the sums of what the qualified dealers (each a list of K shares, all its parts one after the
    /// other) sealed for it, compared with the verification shares (CRY-58).
    ///
    /// # Errors
    /// [`KeyShareError`].
    pub fn key_shares(&self, trustee: u64, received: &[&[SecretScalar]]) -> Result<Vec<SecretScalar>, KeyShareError> {
        let images = self.verification_shares(trustee).ok_or(KeyShareError::Trustee(trustee))?;
        let slots = images.points.len();
        if received.len() != self.verification_shares.len() || received.iter().any(|shares| shares.len() != slots) {
            return Err(KeyShareError::Length);
        }
        let share = |(slot, image): (usize, &Point)| {
            let mut sum = Zeroizing::new(Scalar::ZERO);
            for share in received.iter().filter_map(|shares| shares.get(slot)) {
                *sum += share.expose();
            }
            let share = SecretScalar::new(*sum);
            if share.public() == *image { Ok(share) } else { Err(KeyShareError::Mismatch { slot }) }
        };
        images.points.iter().enumerate().map(share).collect()
    }
}

#[cfg(test)]
#[path = "joint_key_tests.rs"]
pub(crate) mod tests;
