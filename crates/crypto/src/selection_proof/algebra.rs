//! The polynomials that prover and verifier evaluate alike (CRY-34, CRY-35, CRY-44). Each takes a multiplication or two for every
//! witness position, one for every slot and rule, and one for every coefficient other than 1 and -1: a contest may have thousands of each.

use crate::{batch::Bases, group::Point, group::Scalar, relation::Relation};
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use std::iter::successors;

/// `first, first base, first base^2, ...`
pub(super) fn series(first: Scalar, base: Scalar) -> impl Iterator<Item = Scalar> {
    successors(Some(first), move |power| Some(power * base))
}

/// `base, base^2, base^3, ...`
pub(super) fn powers(base: Scalar) -> impl Iterator<Item = Scalar> {
    series(base, base)
}

/// `sum_i base^i term_i` (i from 1) by Horner's rule: one multiplication a term.
fn at(base: Scalar, terms: impl DoubleEndedIterator<Item = Scalar>) -> Scalar {
    terms.rev().fold(Scalar::ZERO, |sum, term| (sum + term) * base)
}

/// `base^exponent` (variable time: challenges are public).
fn power(base: Scalar, exponent: usize) -> Scalar {
    let bits = usize::BITS.saturating_sub(exponent.leading_zeros());
    (0..bits).rev().fold(Scalar::ONE, |power, bit| {
        let square = power * power;
        if exponent >> bit & 1 == 1 { square * base } else { square }
    })
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

/// `L_k.v - x t_k`, for each rule.
fn rules(relation: &Relation, v: &[Scalar], x: Scalar) -> impl DoubleEndedIterator<Item = Scalar> {
    relation.rules().iter().map(move |rule| {
        let product = row_product(&rule.coefficients, v);
        match rule.target {
            0 => product,
            target => product - times(target.unsigned_abs(), target < 0, x),
        }
    })
}

/// `sum_k y^{N+k} L_k.v` (k from 1).
pub(super) fn rules_at(relation: &Relation, v: &[Scalar], y: Scalar) -> Scalar {
    at(y, rules(relation, v, Scalar::ZERO)) * power(y, relation.witness_len())
}

/// `q(f,x) = sum_i y^i f_i (f_i - x) + x sum_k y^{N+k} (L_k.f - x t_k)`, the first sum over the positions that are not wide (CRY-34).
pub(super) fn q(relation: &Relation, f: &[Scalar], y: Scalar, x: Scalar) -> Scalar {
    let bit = |(position, f): (usize, &Scalar)| {
        if relation.wide().binary_search(&position).is_ok() { Scalar::ZERO } else { f * (f - x) }
    };
    // All in one sum over y^1..y^{N+M}, from its end.
    let of_rules = x * at(y, rules(relation, f, x));
    f.iter().enumerate().rev().fold(of_rules, |sum, term| (sum + bit(term)) * y)
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
    at(z, relation.weights().iter().map(value)) * z
}

/// `sum_h z^h v_{i_h}` over the wide positions (h from 1; CRY-44).
pub(super) fn amounts(relation: &Relation, v: &[Scalar], z: Scalar) -> Scalar {
    at(z, relation.wide().iter().filter_map(|position| v.get(*position).copied()))
}

/// `P_z = z G + sum_j z^{j+1} P_j` (variable time: public).
pub(super) fn slot_key_at(relation: &Relation, bases: &Bases, z: Scalar) -> Point {
    let keys = bases.slot_points().iter().take(relation.slots());
    let points = std::iter::once(&crate::group::G).chain(keys);
    let factors: Vec<Scalar> = powers(z).take(relation.slots().saturating_add(1)).collect();
    Point::vartime_multiscalar_mul(factors, points)
}
