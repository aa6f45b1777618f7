//! Check 6: the key ceremony (CER-1 to CER-14, in the fold), and its keys once more from the coefficient commitments alone (VER-9):
//! `P_j = sum_d A_dj0` and `X_ij = sum_d sum_m i^m A_djm`, over the qualified dealers d.

use super::{CheckId, Count};
use crate::verdict::Failure;
use crypto::{EncodedPoint, Point, group};
use protocol::{Author, Election, body};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Keys as they follow from the dealings.
#[derive(Debug)]
pub(crate) struct Keys {
    slot_keys: Vec<EncodedPoint>,
    shares: BTreeMap<u32, Vec<EncodedPoint>>,
}

impl Keys {
    /// `X_i1..X_iK` of a qualified trustee, for the first `slots` slots.
    pub(crate) fn shares(&self, trustee: u32, slots: usize) -> &[EncodedPoint] {
        self.shares.get(&trustee).and_then(|shares| shares.get(..slots)).unwrap_or(&[])
    }
}

#[derive(Debug, Default)]
pub(crate) struct Ceremony {
    pub(crate) count: Count,
    coefficients: BTreeMap<(u32, u32), Vec<EncodedPoint>>,
    keys: Option<Keys>,
}

impl Ceremony {
    pub(crate) fn dealing(&mut self, author: Author, body: &body::Dealing) {
        if let Author::Trustee(dealer) = author {
            self.coefficients.insert((dealer, body.part), body.coefficients.clone());
        }
    }

    pub(crate) fn keys(&self) -> Option<&Keys> {
        self.keys.as_ref()
    }

    /// When the fold has keys, computes them here and compares.
    pub(crate) fn advance(&mut self, election: &Election, index: u64) -> Result<(), Failure> {
        if self.keys.is_some() || self.coefficients.is_empty() {
            return Ok(());
        }
        let Some(joint) = election.joint_key() else { return Ok(()) };
        let slots = election.manifest().slot_keys();
        let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
        let text = "slot keys and verification shares are the sums of the qualified dealings";
        let wrong =
            |expected: String, found: String| Failure::new(CheckId::Ceremony, "VER-9", text, expected, found).at(index);
        let sums = self.sums(&joint.qualified, slots.saturating_mul(threshold)).ok_or_else(|| {
            wrong(format!("{threshold} coefficient commitments for each slot"), "another number".into())
        })?;
        let slot_keys: Vec<EncodedPoint> = sums.iter().step_by(threshold).map(EncodedPoint::encode).collect();
        let shares: BTreeMap<u32, Vec<EncodedPoint>> = joint
            .qualified
            .par_iter()
            .map(|trustee| (*trustee, sums.chunks_exact(threshold).map(|row| image(row, *trustee)).collect()))
            .collect();
        if slot_keys != joint.keys.slot_keys().encoded() {
            return Err(wrong("the recomputed slot keys".into(), "others".into()));
        }
        for (trustee, row) in &shares {
            if row != joint.shares(*trustee) {
                return Err(wrong(format!("the recomputed verification shares of trustee {trustee}"), "others".into()));
            }
        }
        let keys = slots.saturating_mul(shares.len().saturating_add(1));
        self.count.total = u64::try_from(keys).ok();
        self.count.add(u64::try_from(keys).unwrap_or(u64::MAX));
        self.coefficients.clear();
        self.keys = Some(Keys { slot_keys, shares });
        Ok(())
    }

    /// The opening ends the ceremony: no keys, no opening.
    pub(crate) fn end(&mut self, election: &Election, index: u64) -> Result<(), Failure> {
        let slots = election.manifest().slot_keys();
        match &self.keys {
            Some(keys) if keys.slot_keys.len() == slots => {
                self.count.pass();
                Ok(())
            }
            _ => {
                let text = "an opening follows a ceremony with keys";
                Err(Failure::new(CheckId::Ceremony, "VER-9", text, format!("{slots} slot keys"), "none").at(index))
            }
        }
    }

    /// Slot by slot the sums of the qualified dealers' commitments; `None` unless every dealer has exactly as many as expected.
    fn sums(&self, qualified: &[u32], expected: usize) -> Option<Vec<Point>> {
        let mut sums = vec![group::identity(); expected];
        for dealer in qualified {
            let parts = self.coefficients.range((*dealer, 0)..=(*dealer, u32::MAX));
            let all: Vec<&EncodedPoint> = parts.flat_map(|(_, coefficients)| coefficients).collect();
            if all.len() != expected {
                return None;
            }
            for (sum, coefficient) in sums.iter_mut().zip(all) {
                *sum += coefficient.decode().ok()?;
            }
        }
        Some(sums)
    }
}

/// The polynomial in the exponent at `index`, by Horner's rule; indices are small.
fn image(coefficients: &[Point], index: u32) -> EncodedPoint {
    let sum = coefficients.iter().rev().fold(group::identity(), |sum, coefficient| times(&sum, index) + coefficient);
    EncodedPoint::encode(&sum)
}

/// `factor * point`, by doubling and adding.
fn times(point: &Point, factor: u32) -> Point {
    let bits = u32::BITS.saturating_sub(factor.leading_zeros());
    (0..bits).rev().fold(group::identity(), |sum, bit| {
        let doubled = sum + sum;
        if factor >> bit & 1 == 1 { doubled + point } else { doubled }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::{Scalar, group::G};

    #[test]
    fn small_multiples_and_polynomials_are_those_of_the_group() {
        for factor in [0u32, 1, 2, 7, 32, u32::MAX] {
            assert_eq!(times(&G, factor), G * Scalar::from(factor));
        }
        // 5 + 3x + 2x^2 at 4 is 49.
        let coefficients: Vec<Point> = [5u64, 3, 2].map(|value| G * Scalar::from(value)).into();
        assert_eq!(image(&coefficients, 4), EncodedPoint::encode(&(G * Scalar::from(49u64))));
    }
}
