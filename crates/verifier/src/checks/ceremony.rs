//! Check 6: the key ceremony (CER-1 to CER-14, in the fold), and once more its course (VER-32), every verdict (VER-33), and its keys from
//! the coefficient commitments alone (VER-9): `P_j = sum_d A_dj0` and `X_ij = sum_d sum_m i^m A_djm`, over the qualified dealers d.

use super::{
    CheckId, Count, Observed,
    course::{Course, Judged, KeyFault},
};
use crate::verdict::Failure;
use crypto::{
    EncodedPoint, Point, group,
    group::G,
    sealed_share::{BadShares, BoxContext},
};
use protocol::{
    Author, Body, Election, body,
    election::{Stage, Verdict, dealing_part},
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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
    pub(crate) course: Course,
    coefficients: BTreeMap<(u32, u32), Vec<EncodedPoint>>,
    keys: Option<Keys>,
}

impl Ceremony {
    pub(crate) fn keys(&self) -> Option<&Keys> {
        self.keys.as_ref()
    }

    /// An entry of the ceremony, which the fold has just taken: what follows from it is computed here and compared.
    pub(crate) fn observe(&mut self, election: &Election, seen: &Observed<'_>) -> Result<(), Failure> {
        let mut judged = None;
        match (seen.body, seen.author) {
            (Body::Dealing(body), Author::Trustee(dealer)) => {
                self.coefficients.insert((dealer, body.part), body.coefficients.clone());
            }
            (Body::Complaint(body), Author::Trustee(complainer)) => {
                judged = Some(self.judge(election, seen.index, complainer, body)?);
            }
            _ => {}
        }
        let stage = self.course.stage();
        let ended = self.course.observe(election, seen, judged);
        if ended
            && stage == Stage::Check
            && let Some((qualified, _)) = self.course.qualified.clone()
        {
            self.combine(election, &qualified, seen.index)?;
        }
        self.course.compare(election, seen.index)
    }

    /// VER-33: opens the one box that the revealed point opens, and compares every share with the dealer's commitments.
    fn judge(
        &self,
        election: &Election,
        entry: u64,
        complainer: u32,
        body: &body::Complaint,
    ) -> Result<Judged, Failure> {
        let (dealer, part) = (body.dealer, body.part);
        let text = "a complaint names a box of the record, and its revealed point is a point";
        let missing = |found: &str| {
            let box_name = format!("part {part} of dealer {dealer}, for trustee {complainer}");
            Failure::new(CheckId::Ceremony, "VER-33", text, box_name, found).at(entry)
        };
        let place = usize::try_from(complainer).ok().and_then(|number| number.checked_sub(1));
        let keys = place.and_then(|place| election.manifest().trustees.get(place));
        let posted = election.ceremony().dealing(dealer, part).map(dealing_part);
        let sealed = posted.as_ref().and_then(|posted| posted.boxes.get(place?));
        let (Some(keys), Some(sealed), Some(rows)) = (keys, sealed, self.coefficients.get(&(dealer, part))) else {
            return Err(missing("none"));
        };
        let shared = body.shared_point.decode().map_err(|_| missing("no point"))?;
        let context = BoxContext {
            election: election.fingerprint().0,
            dealer: dealer.into(),
            recipient: complainer.into(),
            part: part.into(),
            share_key: keys.share_key,
        };
        let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
        let slots = rows.len().checked_div(threshold).unwrap_or(0);
        let fault = match sealed.open(&context, slots, &shared) {
            Err(fault) => Some(fault),
            Ok(shares) => {
                let mut found = None;
                for ((slot, share), row) in shares.iter().enumerate().zip(rows.chunks(threshold)) {
                    let row: Result<Vec<Point>, _> = row.iter().map(EncodedPoint::decode).collect();
                    let row = row.map_err(|_| missing("coefficient commitments that are no points"))?;
                    if image(&row, complainer) != EncodedPoint::encode(&(G * share.expose())) {
                        found = Some(BadShares::Mismatch { slot });
                        break;
                    }
                }
                found
            }
        };
        Ok(Judged { verdict: Verdict { entry, complainer, dealer, part, upheld: fault.is_some() }, fault })
    }

    /// The end of stage 3: the keys, or why there are none, and the same in the fold.
    fn combine(&mut self, election: &Election, qualified: &BTreeSet<u32>, index: u64) -> Result<(), Failure> {
        let slots = election.manifest().slot_keys();
        let threshold = usize::try_from(election.manifest().threshold).unwrap_or(usize::MAX);
        let text = "slot keys and verification shares are the sums of the qualified dealings";
        let wrong =
            |expected: String, found: String| Failure::new(CheckId::Ceremony, "VER-9", text, expected, found).at(index);
        let sums = self.sums(qualified, slots.saturating_mul(threshold)).ok_or_else(|| {
            wrong(format!("{threshold} coefficient commitments for each slot"), "another number".into())
        })?;
        let slot_keys: Vec<EncodedPoint> = sums.iter().step_by(threshold).map(EncodedPoint::encode).collect();
        if let Some(fault) = key_fault(&sums, &slot_keys, threshold) {
            self.course.fail(fault, index);
            return Ok(());
        }
        let Some(joint) = election.joint_key() else {
            return Err(wrong("a joint key".into(), "none".into()));
        };
        if !joint.qualified.iter().eq(qualified) {
            return Err(wrong(format!("the qualified set {qualified:?}"), format!("{:?}", joint.qualified)));
        }
        let shares: BTreeMap<u32, Vec<EncodedPoint>> = qualified
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
    fn sums(&self, qualified: &BTreeSet<u32>, expected: usize) -> Option<Vec<Point>> {
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

/// CER-11, CRY-56: the first slot whose key is the identity, or that of an earlier slot, or whose top coefficients cancel.
fn key_fault(sums: &[Point], slot_keys: &[EncodedPoint], threshold: usize) -> Option<KeyFault> {
    let mut seen = BTreeSet::new();
    let rows = sums.chunks(threshold).map(<[Point]>::last);
    slot_keys.iter().zip(rows).enumerate().find_map(|(slot, (key, top))| match top {
        _ if *key == EncodedPoint::IDENTITY => Some(KeyFault::Identity(slot)),
        _ if !seen.insert(*key) => Some(KeyFault::Repeated(slot)),
        Some(top) if *top == group::identity() => Some(KeyFault::Lowered(slot)),
        _ => None,
    })
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
