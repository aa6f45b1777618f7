//! Tests of [`super`], and the equal-weight batch that every negative test of cancelling errors must fool (negative test 9).

use super::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// A deliberately weakened batch: all weights are 1, so opposite errors cancel.
pub(crate) fn equal_weights_accept(claims: &[Claim], bases: &Bases) -> bool {
    combination_holds(claims, bases, std::iter::repeat(Scalar::ONE))
}

impl Claim {
    /// Whether only the range proofs keep this claim from holding.
    pub(crate) fn fails_by_range(&self, bases: &Bases) -> bool {
        self.equations_hold(bases) && !self.ranges_hold(bases)
    }
}

impl Equation {
    /// The sum itself: the identity when the equation holds.
    pub(crate) fn value(&self, bases: &Bases) -> Point {
        let shared = self.shared.iter().map(|(base, factor)| bases.point(*base).unwrap() * factor);
        let run = self
            .witness
            .iter()
            .flat_map(|(factor, f)| bases.witness().iter().skip(1).zip(f).map(move |(q, f)| q * (factor * f)));
        shared.chain(run).chain(self.points.iter().map(|(point, factor)| point * factor)).sum()
    }

    /// This equation with one base for another, or without it: what a weakened verifier checks in its place.
    pub(crate) fn rebased(mut self, from: Base, to: Option<Base>) -> Self {
        let move_term = |(base, factor): (Base, Scalar)| {
            if base == from { to.map(|to| (to, factor)) } else { Some((base, factor)) }
        };
        self.shared = self.shared.into_iter().filter_map(move_term).collect();
        self
    }

    /// This equation plus `factor` times another: what a weakened verifier checks in place of both.
    pub(crate) fn merged_with(mut self, other: &Self, factor: Scalar) -> Self {
        self.shared.extend(other.shared.iter().map(|(base, value)| (*base, value * factor)));
        if let Some((whole, f)) = &other.witness {
            let run = f.iter().enumerate().map(|(at, f)| (Base::Witness(at + 1), whole * f * factor));
            self.shared.extend(run);
        }
        self.points.extend(other.points.iter().map(|(point, value)| (*point, value * factor)));
        self
    }
}

/// `value * G - point = 0`.
fn opens(point: Point, value: u64) -> Equation {
    Equation::new().term(Base::G, Scalar::from(value)).point(point, -Scalar::ONE)
}

fn claim(point: Point, value: u64) -> Claim {
    Claim::from_equations(vec![opens(point, value)])
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(9)
}

#[test]
fn the_empty_batch_holds_and_the_empty_claim_does_not() {
    let bases = Bases::new(0, &[]);
    assert_eq!(verify_batch::<Claim, _>(&[], &bases, &mut rng()), Ok(()));
    let empty = Claim::from_equations(Vec::new());
    assert!(empty.verify(&bases).is_err());
    assert!(claim(group::G, 1).and(empty.clone()).verify(&bases).is_err());
    assert!(empty.clone().and(claim(group::G, 1)).verify(&bases).is_err());
    assert_eq!(verify_batch(&[claim(group::G, 1), empty], &bases, &mut rng()), Err(BatchFailure::Culprits(vec![1])));
}

#[test]
fn opposite_errors_fool_equal_weights_only() {
    let bases = Bases::new(0, &[]);
    let pair = [claim(group::G, 2), claim(group::G + group::G + group::G, 2)];
    assert!(equal_weights_accept(&pair, &bases));
    assert_eq!(verify_batch(&pair, &bases, &mut rng()), Err(BatchFailure::Culprits(vec![0, 1])));
    // Within one claim too: its equations have a weight each.
    let [first, second] = pair;
    let joined = [first.and(second)];
    assert!(equal_weights_accept(&joined, &bases));
    assert_eq!(verify_batch(&joined, &bases, &mut rng()), Err(BatchFailure::Culprits(vec![0])));
}

#[test]
fn one_bad_claim_among_many_is_named() {
    let bases = Bases::new(2, &[group::G * Scalar::from(7u64)]);
    let mut claims: Vec<Claim> = (1..=300).map(|value| claim(group::G * Scalar::from(value), value)).collect();
    let keyed = Equation::new().term(Base::SlotKey(0), Scalar::ONE).term(Base::G, -Scalar::from(7u64));
    claims.push(Claim::from_equations(vec![keyed]));
    assert_eq!(verify_batch(&claims, &bases, &mut rng()), Ok(()));
    claims[77] = claim(group::G, 5);
    assert_eq!(verify_batch(&claims, &bases, &mut rng()), Err(BatchFailure::Culprits(vec![77])));
    // The same bad claim twice is two culprits.
    claims[200] = claims[77].clone();
    assert_eq!(verify_batch(&claims, &bases, &mut rng()), Err(BatchFailure::Culprits(vec![77, 200])));
    // References serve as well as values.
    let borrowed: Vec<&Claim> = claims.iter().take(10).collect();
    assert_eq!(verify_batch(&borrowed, &bases, &mut rng()), Ok(()));
}

#[test]
fn a_base_that_is_missing_fails_the_claim() {
    let bases = Bases::new(1, &[]);
    for base in [Base::Witness(2), Base::SlotKey(0)] {
        let claim = Claim::from_equations(vec![Equation::new().term(base, Scalar::ZERO)]);
        assert!(claim.verify(&bases).is_err());
        assert_eq!(verify_batch(&[claim], &bases, &mut rng()), Err(BatchFailure::Culprits(vec![0])));
    }
}

#[test]
fn broken_randomness_decides_nothing() {
    let claims = [claim(group::G, 1)];
    let verdict = verify_batch(&claims, &Bases::new(0, &[]), &mut crate::secret::tests::Broken);
    assert_eq!(verdict, Err(BatchFailure::Randomness));
}
