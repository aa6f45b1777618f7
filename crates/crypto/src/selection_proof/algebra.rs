//! The polynomials that prover and verifier evaluate alike (CRY-34, CRY-35).

use crate::{batch::Bases, group::Point, group::Scalar, relation::Relation};
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use std::iter::successors;

/// `base, base^2, base^3, ...`
pub(super) fn powers(base: Scalar) -> impl Iterator<Item = Scalar> {
    successors(Some(base), move |power| Some(power * base))
}

/// A signed integer as a residue.
pub(super) fn residue(value: i64) -> Scalar {
    let magnitude = Scalar::from(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}

/// `sum_i coefficient_i v_i` over one rule's row.
fn row_product(row: &[(usize, i64)], v: &[Scalar]) -> Scalar {
    row.iter().filter_map(|(position, factor)| v.get(*position).map(|value| residue(*factor) * value)).sum()
}

/// `sum_k y^{N+k} L_k.v` (k from 1).
pub(super) fn rules_at(relation: &Relation, v: &[Scalar], y: Scalar) -> Scalar {
    let powers = powers(y).skip(relation.witness_len());
    relation.rules().iter().zip(powers).map(|(rule, power)| power * row_product(&rule.coefficients, v)).sum()
}

/// `sum_k y^{N+k} t_k`.
fn targets_at(relation: &Relation, y: Scalar) -> Scalar {
    let powers = powers(y).skip(relation.witness_len());
    relation.rules().iter().zip(powers).map(|(rule, power)| power * residue(rule.target)).sum()
}

/// `q(f,x) = sum_i y^i f_i (f_i - x) + x sum_k y^{N+k} (L_k.f - x t_k)` (CRY-34).
pub(super) fn q(relation: &Relation, f: &[Scalar], y: Scalar, x: Scalar) -> Scalar {
    let bits: Scalar = f.iter().zip(powers(y)).map(|(f, power)| power * f * (f - x)).sum();
    bits + x * (rules_at(relation, f, y) - x * targets_at(relation, y))
}

/// `mu(v) = sum_j z^{j+1} sum_i W_ji v_i` (j from 1; CRY-35).
pub(super) fn mu(relation: &Relation, v: &[Scalar], z: Scalar) -> Scalar {
    let value = |row: &Vec<(usize, u64)>| -> Scalar {
        row.iter().filter_map(|(position, weight)| v.get(*position).map(|value| Scalar::from(*weight) * value)).sum()
    };
    relation.weights().iter().zip(powers(z).skip(1)).map(|(row, power)| power * value(row)).sum()
}

/// `P_z = z G + sum_j z^{j+1} P_j` (variable time: public).
pub(super) fn slot_key_at(relation: &Relation, bases: &Bases, z: Scalar) -> Point {
    let keys = bases.slot_points().iter().take(relation.slots());
    let points = std::iter::once(&crate::group::G).chain(keys);
    let factors: Vec<Scalar> = powers(z).take(relation.slots().saturating_add(1)).collect();
    Point::vartime_multiscalar_mul(factors, points)
}
