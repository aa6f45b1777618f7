//! The polynomials that prover and verifier evaluate alike (CRY-34, CRY-35, CRY-44). Each takes one multiplication or two for every
//! witness position, slot and rule, and one for every coefficient other than 1 and -1: a contest may have thousands of each.

use crate::{batch::Bases, group::Point, group::Scalar, relation::Relation};
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use std::iter::successors;

/// `base, base^2, base^3, ...`
pub(super) fn powers(base: Scalar) -> impl Iterator<Item = Scalar> {
    successors(Some(base), move |power| Some(power * base))
}

/// `base^{after+1}, base^{after+2}, ...`, without a walk over the powers before (variable time: challenges are public).
fn powers_after(base: Scalar, after: usize) -> impl Iterator<Item = Scalar> {
    let bits = usize::BITS.saturating_sub(after.leading_zeros());
    let before = (0..bits).rev().fold(Scalar::ONE, |power, bit| {
        let square = power * power;
        if after >> bit & 1 == 1 { square * base } else { square }
    });
    successors(Some(before * base), move |power| Some(power * base))
}

/// `integer * value`; the integer is public.
fn times(magnitude: u64, negative: bool, value: Scalar) -> Scalar {
    let product = if magnitude == 1 { value } else { Scalar::from(magnitude) * value };
    if negative { -product } else { product }
}

/// `sum_i coefficient_i v_i` over one rule's row.
fn row_product(row: &[(usize, i64)], v: &[Scalar]) -> Scalar {
    row.iter()
        .filter_map(|(position, factor)| {
            v.get(*position).map(|value| times(factor.unsigned_abs(), *factor < 0, *value))
        })
        .sum()
}

/// `sum_k y^{N+k} (L_k.v - x t_k)` (k from 1).
pub(super) fn rules_at(relation: &Relation, v: &[Scalar], y: Scalar, x: Scalar) -> Scalar {
    let powers = powers_after(y, relation.witness_len());
    let rule = |rule: &crate::relation::Rule| {
        let product = row_product(&rule.coefficients, v);
        match rule.target {
            0 => product,
            target => product - times(target.unsigned_abs(), target < 0, x),
        }
    };
    relation.rules().iter().zip(powers).map(|(row, power)| power * rule(row)).sum()
}

/// `q(f,x) = sum_i y^i f_i (f_i - x) + x sum_k y^{N+k} (L_k.f - x t_k)`, the first sum over the positions that are not wide (CRY-34).
pub(super) fn q(relation: &Relation, f: &[Scalar], y: Scalar, x: Scalar) -> Scalar {
    let bits: Scalar = bits(relation, f.iter().zip(powers(y))).map(|(f, power)| power * f * (f - x)).sum();
    bits + x * rules_at(relation, f, y, x)
}

/// The items of a list as long as the witness that stand at positions of bits.
pub(super) fn bits<T>(relation: &Relation, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let mut wide = relation.wide().iter().peekable();
    items
        .enumerate()
        .filter_map(move |(position, item)| wide.next_if(|next| **next == position).is_none().then_some(item))
}

/// `mu(v) = sum_j z^{j+1} sum_i W_ji v_i` (j from 1; CRY-35).
pub(super) fn mu(relation: &Relation, v: &[Scalar], z: Scalar) -> Scalar {
    let value = |row: &Vec<(usize, u64)>| -> Scalar {
        row.iter().filter_map(|(position, weight)| v.get(*position).map(|value| times(*weight, false, *value))).sum()
    };
    relation.weights().iter().zip(powers(z).skip(1)).map(|(row, power)| power * value(row)).sum()
}

/// `sum_h z^h v_{i_h}` over the wide positions (h from 1; CRY-44).
pub(super) fn amounts(relation: &Relation, v: &[Scalar], z: Scalar) -> Scalar {
    let wide = relation.wide().iter().filter_map(|position| v.get(*position));
    wide.zip(powers(z)).map(|(value, power)| power * value).sum()
}

/// `P_z = z G + sum_j z^{j+1} P_j` (variable time: public).
pub(super) fn slot_key_at(relation: &Relation, bases: &Bases, z: Scalar) -> Point {
    let keys = bases.slot_points().iter().take(relation.slots());
    let points = std::iter::once(&crate::group::G).chain(keys);
    let factors: Vec<Scalar> = powers(z).take(relation.slots().saturating_add(1)).collect();
    Point::vartime_multiscalar_mul(factors, points)
}
