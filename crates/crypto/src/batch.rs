//! Claims: proofs whose transcripts have been run, reduced to linear equations over points, checked alone or by the thousand (CRY-40..CRY-43).
//!
//! A claim knows nothing of elections. Every equation says that a sum of multiples of points is the identity. The exact check is the
//! definition of "verifies"; the batch is a faster way to reach the same answer.

use crate::{
    VerificationFailure,
    encoding::{DecodeError, EncodedPoint},
    group::{self, Point, Scalar},
    range_proof::{Generators, RangeClaim},
};
use curve25519_dalek::traits::{IsIdentity as _, VartimeMultiscalarMul as _};
use rand_core::{CryptoRng, RngCore};
use std::{
    borrow::Borrow,
    sync::{Arc, OnceLock},
};

/// A base that many equations share, so that a batch pays for it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The basepoint `G`.
    G,
    /// The blinding base `H`.
    H,
    /// The witness base `Q_i`, counted from 0.
    Witness(usize),
    /// The slot key `P_j`; position 0 holds `P_1`.
    SlotKey(usize),
}

/// The shared bases: `G`, `H`, `Q_0..Q_N`, the election's slot keys `P_1..P_K`, and, made when they are first needed, those of the range
/// proofs. Built once; a clone is a pointer.
#[derive(Clone, Debug)]
pub struct Bases(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    blinding: Point,
    witness: Vec<Point>,
    slot_keys: Vec<Point>,
    encoded_slot_keys: Vec<EncodedPoint>,
    amounts: usize,
    range: OnceLock<Generators>,
}

impl Bases {
    /// The bases for witnesses of at most `witness_len` positions and these slot keys; `new(0, &[])` where there are none yet.
    pub fn new(witness_len: usize, slot_keys: &[Point]) -> Self {
        Self::with_amounts(witness_len, 0, slot_keys)
    }

    /// The bases for witnesses of at most `witness_len` positions, at most `amounts` of them wide, and these slot keys.
    pub fn with_amounts(witness_len: usize, amounts: usize, slot_keys: &[Point]) -> Self {
        let indices = 0..=u64::try_from(witness_len).expect("a length fits 64 bits");
        Self(Arc::new(Shared {
            blinding: group::blinding_base(),
            witness: indices.map(group::witness_base).collect(),
            slot_keys: slot_keys.to_vec(),
            encoded_slot_keys: slot_keys.iter().map(EncodedPoint::encode).collect(),
            amounts,
            range: OnceLock::new(),
        }))
    }

    /// The most wide values these bases carry in one witness.
    pub fn amounts(&self) -> usize {
        self.0.amounts
    }

    /// The bases of range proofs, made once, at the first call; none where no witness has wide values.
    pub(crate) fn range(&self) -> Option<&Generators> {
        (self.0.amounts > 0).then(|| self.0.range.get_or_init(|| Generators::new(self.0.amounts)))
    }

    /// The longest witness these bases carry.
    pub fn witness_len(&self) -> usize {
        self.0.witness.len().saturating_sub(1)
    }

    /// The encodings of the slot keys `P_1..P_K`.
    pub fn slot_keys(&self) -> &[EncodedPoint] {
        &self.0.encoded_slot_keys
    }

    /// The slot keys `P_1..P_K`.
    pub fn slot_points(&self) -> &[Point] {
        &self.0.slot_keys
    }

    /// The blinding base `H`.
    pub fn blinding(&self) -> &Point {
        &self.0.blinding
    }

    /// The witness bases `Q_0..Q_N`.
    pub fn witness(&self) -> &[Point] {
        &self.0.witness
    }

    /// The point of one base, if these bases have it.
    pub fn point(&self, base: Base) -> Option<&Point> {
        match base {
            Base::G => Some(&group::G),
            Base::H => Some(&self.0.blinding),
            Base::Witness(i) => self.0.witness.get(i),
            Base::SlotKey(j) => self.0.slot_keys.get(j),
        }
    }
}

/// One equation: a sum of multiples of shared bases and of points of its own is the identity.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    shared: Vec<(Base, Scalar)>,
    /// `factor * sum_i f_i Q_i`, i from 1.
    witness: Option<(Scalar, Vec<Scalar>)>,
    points: Vec<(Point, Scalar)>,
}

impl Equation {
    /// The empty sum.
    pub fn new() -> Self {
        Self::default()
    }

    /// The empty sum, with room for so many terms.
    pub fn with_capacity(shared: usize, points: usize) -> Self {
        Self { shared: Vec::with_capacity(shared), witness: None, points: Vec::with_capacity(points) }
    }

    /// The sum `factor * sum_i f_i Q_i`, i from 1, in place of another such: a long witness costs its own length and no more.
    #[must_use]
    pub fn witness(mut self, factor: Scalar, f: Vec<Scalar>) -> Self {
        self.witness = Some((factor, f));
        self
    }

    /// Adds a multiple of a shared base.
    #[must_use]
    pub fn term(mut self, base: Base, factor: Scalar) -> Self {
        self.shared.push((base, factor));
        self
    }

    /// Adds a multiple of a point.
    #[must_use]
    pub fn point(mut self, point: Point, factor: Scalar) -> Self {
        self.points.push((point, factor));
        self
    }

    /// Whether the sum is the identity (variable time: everything here is public).
    fn holds(&self, bases: &Bases) -> bool {
        let run = self.witness.as_ref().map_or(0, |(_, f)| f.len());
        let total = self.shared.len().saturating_add(self.points.len()).saturating_add(run);
        let (mut points, mut factors) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for (base, factor) in &self.shared {
            let Some(point) = bases.point(*base) else { return false };
            points.push(*point);
            factors.push(*factor);
        }
        if let Some((factor, f)) = &self.witness {
            let Some(of_run) = bases.witness().get(1..=run) else { return false };
            points.extend_from_slice(of_run);
            factors.extend(f.iter().map(|f| factor * f));
        }
        points.extend(self.points.iter().map(|(point, _)| *point));
        factors.extend(self.points.iter().map(|(_, factor)| *factor));
        Point::vartime_multiscalar_mul(factors, points).is_identity()
    }
}

/// A proof that waits to be checked: one or more equations, each of which must hold by itself (CRY-40), and the range proofs of a contest
/// with wide values, which must hold too (CRY-49).
#[derive(Clone, Debug)]
#[must_use = "a claim proves nothing until it is verified"]
pub struct Claim {
    equations: Vec<Equation>,
    ranges: Vec<RangeClaim>,
}

impl Claim {
    /// The claim that every one of these equations holds. A claim without equations never verifies (CRY-43).
    pub fn from_equations(equations: Vec<Equation>) -> Self {
        Self { equations, ranges: Vec::new() }
    }

    /// The same claim, and that a range proof holds.
    pub(crate) fn and_range(mut self, range: RangeClaim) -> Self {
        self.ranges.push(range);
        self
    }

    /// The claim that both claims hold.
    pub fn and(mut self, mut other: Self) -> Self {
        if other.equations.is_empty() {
            return other;
        }
        if !self.equations.is_empty() {
            self.equations.append(&mut other.equations);
            self.ranges.append(&mut other.ranges);
        }
        self
    }

    /// The exact check, equation by equation: the definition of "verifies" (CRY-40).
    ///
    /// # Errors
    /// [`VerificationFailure`] when an equation does not hold, or names a base that `bases` lacks.
    pub fn verify(&self, bases: &Bases) -> Result<(), VerificationFailure> {
        if self.equations_hold(bases) && self.ranges_hold(bases) { Ok(()) } else { Err(VerificationFailure) }
    }

    /// Whether there are equations and each of them holds.
    fn equations_hold(&self, bases: &Bases) -> bool {
        !self.equations.is_empty() && self.equations.iter().all(|equation| equation.holds(bases))
    }

    /// Whether every range proof holds.
    fn ranges_hold(&self, bases: &Bases) -> bool {
        let holds = |range: &RangeClaim| bases.range().is_some_and(|base| range.holds(base, bases.blinding()));
        self.ranges.iter().all(holds)
    }
}

/// Why bytes did not even become a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// A length, point or scalar is malformed.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A challenge came out as zero (CRY-7).
    #[error(transparent)]
    Challenge(#[from] VerificationFailure),
    /// The caller's bases have fewer witness bases or slot keys than the statement needs.
    #[error("the shared bases are too few for this statement")]
    Bases,
}

/// Why a batch did not verify.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchFailure {
    /// The positions of the claims that fail the exact check, ascending; never empty.
    #[error("{} of the batch's proofs do not verify", .0.len())]
    Culprits(Vec<usize>),
    /// The random number generator failed before the weights were drawn.
    #[error("the random number generator failed; nothing was decided")]
    Randomness,
}

/// Checks many claims through one multiscalar multiplication (CRY-41), their range proofs each by itself: every equation gets its own uniform 128-bit weight, drawn after
/// the batch is fixed, and the weighted sum must be the identity. A false equation survives with probability at most 2^-128. If the sum
/// is not the identity, every claim is decided by the exact check (CRY-42). The empty batch holds (CRY-43).
///
/// The generator must be cryptographic: whoever predicts the weights can make two wrong proofs cancel. Another one does not compile:
/// ```compile_fail,E0277
/// # use crypto::batch::{Bases, Claim, verify_batch};
/// # use rand_core::{Error, RngCore};
/// struct Counter(u32);
/// impl RngCore for Counter {
///     fn next_u32(&mut self) -> u32 { self.0 += 1; self.0 }
///     // ...
/// #   fn next_u64(&mut self) -> u64 { self.next_u32().into() }
/// #   fn fill_bytes(&mut self, bytes: &mut [u8]) { bytes.fill(0) }
/// #   fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> { bytes.fill(0); Ok(()) }
/// }
/// let verdict = verify_batch::<Claim, _>(&[], &Bases::new(0, &[]), &mut Counter(0));
/// ```
///
/// # Errors
/// [`BatchFailure::Culprits`] with the positions of the claims that fail the exact check; [`BatchFailure::Randomness`] when the generator
/// fails.
pub fn verify_batch<C: Borrow<Claim>, R: RngCore + CryptoRng>(
    claims: &[C],
    bases: &Bases,
    rng: &mut R,
) -> Result<(), BatchFailure> {
    let equations: usize = claims.iter().map(|claim| claim.borrow().equations.len()).sum();
    let mut weights = vec![0u8; equations.saturating_mul(16)];
    rng.try_fill_bytes(&mut weights).map_err(|_| BatchFailure::Randomness)?;
    let weights = weights.as_chunks::<16>().0.iter().map(|bytes| Scalar::from(u128::from_le_bytes(*bytes)));
    let together = combination_holds(claims, bases, weights);
    // CRY-49: range proofs are checked one by one, and once.
    let fails = |claim: &Claim| !(together || claim.equations_hold(bases)) || !claim.ranges_hold(bases);
    let culprits: Vec<usize> =
        claims.iter().enumerate().filter_map(|(position, claim)| fails(claim.borrow()).then_some(position)).collect();
    // Each claim having passed the exact check or the batch's, an empty list is a proof that the batch is right.
    if culprits.is_empty() { Ok(()) } else { Err(BatchFailure::Culprits(culprits)) }
}

/// Whether the sum of all equations, each times its weight, is the identity. Shared bases are merged over the batch.
fn combination_holds<C: Borrow<Claim>>(claims: &[C], bases: &Bases, mut weights: impl Iterator<Item = Scalar>) -> bool {
    let own =
        claims.iter().flat_map(|claim| &claim.borrow().equations).map(|equation| equation.points.len()).sum::<usize>();
    let total = own.saturating_add(bases.witness().len()).saturating_add(bases.slot_points().len()).saturating_add(2);
    let mut points: Vec<Point> = Vec::with_capacity(total);
    let mut factors: Vec<Scalar> = Vec::with_capacity(total);
    let (mut of_g, mut of_h) = (Scalar::ZERO, Scalar::ZERO);
    let mut of_witness = vec![Scalar::ZERO; bases.witness().len()];
    let mut of_slots = vec![Scalar::ZERO; bases.slot_points().len()];
    for claim in claims {
        if claim.borrow().equations.is_empty() {
            return false;
        }
        for equation in &claim.borrow().equations {
            let Some(weight) = weights.next() else { return false };
            for (base, factor) in &equation.shared {
                let sum = match *base {
                    Base::G => Some(&mut of_g),
                    Base::H => Some(&mut of_h),
                    Base::Witness(i) => of_witness.get_mut(i),
                    Base::SlotKey(j) => of_slots.get_mut(j),
                };
                let Some(sum) = sum else { return false };
                *sum += weight * factor;
            }
            if let Some((factor, f)) = &equation.witness {
                let Some(sums) = of_witness.get_mut(1..).and_then(|sums| sums.get_mut(..f.len())) else { return false };
                let factor = weight * factor;
                sums.iter_mut().zip(f).for_each(|(sum, f)| *sum += factor * f);
            }
            for (point, factor) in &equation.points {
                points.push(*point);
                factors.push(weight * factor);
            }
        }
    }
    points.extend([group::G, *bases.blinding()]);
    factors.extend([of_g, of_h]);
    points.extend_from_slice(bases.witness());
    factors.append(&mut of_witness);
    points.extend_from_slice(bases.slot_points());
    factors.append(&mut of_slots);
    Point::vartime_multiscalar_mul(&factors, &points).is_identity()
}

#[cfg(test)]
#[path = "batch_tests.rs"]
pub(crate) mod tests;
