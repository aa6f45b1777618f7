//! The target form of contest rules (CRY-20..CRY-25): a witness of bits and wide values, a weight row per slot, and linear rules over them.
//!
//! A relation is public. It says: every `w_i` is a bit, or where it is wide below 2^32; slot j holds `sum_i W_ji w_i`; and
//! `sum_i L_ki w_i = t_k` for every rule k.

use crate::range_proof;
use subtle::{Choice, ConstantTimeEq as _, ConstantTimeLess as _};

/// A contest compiled to K slots, N witness positions, weights W and M linear rules (L, t). Nothing in it can wrap modulo the group
/// order (CRY-22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    witness_len: usize,
    wide: Vec<usize>,
    weights: Vec<Vec<(usize, u64)>>,
    rules: Vec<Rule>,
}

/// `sum_i coefficient_i w_i = target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Positions and coefficients, ascending by position.
    pub coefficients: Vec<(usize, i64)>,
    /// The value the sum must have.
    pub target: i64,
}

/// Why rows do not make a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelationError {
    /// A contest has at least one slot, one weight row for each, and at least one witness position.
    #[error("a relation needs a slot, a witness position, and one weight row for each slot")]
    Shape,
    /// A size beyond [`Relation::LIMIT`] or [`Relation::WIDE_LIMIT`].
    #[error(
        "a relation has at most {} slots, witness positions or rules, and {} wide values",
        Relation::LIMIT,
        Relation::WIDE_LIMIT
    )]
    Size,
    /// The wide positions do not ascend, or leave the witness.
    #[error("wide positions must ascend within the witness")]
    Wide,
    /// A row names a position twice, out of order, outside the witness, or with coefficient zero.
    #[error("a row's positions must ascend within the witness, with non-zero coefficients")]
    Row,
    /// A sum could pass 2^63: it might wrap, and a wrapped sum proves nothing.
    #[error("a row's sum could leave the range in which integers and residues agree")]
    Wrap,
}

impl Relation {
    /// The largest number of slots, of witness positions, and of rules, each (CRY-23).
    pub const LIMIT: usize = 4096;
    /// The largest number of wide values (CRY-25).
    pub const WIDE_LIMIT: usize = 128;

    /// Checks the rows and builds the relation (CRY-21, CRY-22, CRY-25). The positions in `wide` hold values below 2^32, all others bits.
    ///
    /// # Errors
    /// [`RelationError`], as its variants say.
    pub fn new(
        slots: usize,
        witness_len: usize,
        wide: Vec<usize>,
        weights: Vec<Vec<(usize, u64)>>,
        rules: Vec<(Vec<(usize, i64)>, i64)>,
    ) -> Result<Self, RelationError> {
        if slots == 0 || witness_len == 0 || weights.len() != slots {
            return Err(RelationError::Shape);
        }
        if slots.max(witness_len).max(rules.len()) > Self::LIMIT || wide.len() > Self::WIDE_LIMIT {
            return Err(RelationError::Size);
        }
        if !wide.is_sorted_by(|one, next| one < next) || wide.last().is_some_and(|last| *last >= witness_len) {
            return Err(RelationError::Wide);
        }
        for row in &weights {
            check_positions(row.iter().map(|(position, weight)| (*position, *weight == 0)), witness_len)?;
            check_sum(row.iter().map(|(position, weight)| (largest(&wide, *position), *weight)))?;
        }
        for (row, target) in &rules {
            check_positions(row.iter().map(|(position, factor)| (*position, *factor == 0)), witness_len)?;
            let terms = row.iter().map(|(position, factor)| (largest(&wide, *position), factor.unsigned_abs()));
            check_sum(terms.chain([(1, target.unsigned_abs())]))?;
        }
        let rules = rules.into_iter().map(|(coefficients, target)| Rule { coefficients, target }).collect();
        Ok(Self { witness_len, wide, weights, rules })
    }

    /// K, the number of slots.
    pub fn slots(&self) -> usize {
        self.weights.len()
    }

    /// N, the number of witness positions.
    pub fn witness_len(&self) -> usize {
        self.witness_len
    }

    /// S, the positions that hold wide values, ascending; all others hold bits.
    pub fn wide(&self) -> &[usize] {
        &self.wide
    }

    /// The largest value of a witness position: 1, or 2^32 - 1 where it is wide.
    pub fn witness_maximum(&self, position: usize) -> u32 {
        largest(&self.wide, position)
    }

    /// M, the number of linear rules.
    pub fn rules_len(&self) -> usize {
        self.rules.len()
    }

    /// W: for each slot the witness positions and their weights.
    pub fn weights(&self) -> &[Vec<(usize, u64)>] {
        &self.weights
    }

    /// L and t.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The bytes of a sealed contest: K+1 ciphertext points, 4 proof points, N+2 scalars (CRY-31); with n wide values n+1 points, a
    /// scalar and the range proof more (CRY-27).
    pub fn sealed_len(&self) -> usize {
        let amounts = self.wide.len();
        let more =
            if amounts == 0 { 0 } else { amounts.saturating_add(2).saturating_add(range_proof::blocks(amounts)) };
        self.slots().saturating_add(self.witness_len).saturating_add(7).saturating_add(more).saturating_mul(32)
    }

    /// The largest value slot `slot` (from 0) can hold; zero for a slot that does not exist.
    pub fn slot_maximum(&self, slot: usize) -> u64 {
        let row = self.weights.get(slot).into_iter().flatten();
        row.map(|(position, weight)| weight * u64::from(self.witness_maximum(*position))).sum()
    }

    /// The slots' values under a witness, without a branch on any of its values; `None` for a witness of another length, or with another
    /// value than a bit where a bit belongs.
    pub fn values(&self, witness: &[u32]) -> Option<Vec<u64>> {
        if !bool::from(self.fits(witness)) {
            return None;
        }
        // Nothing overflows: the sum of a row is below 2^63 for every witness that fits (CRY-22).
        let at = |position: usize| witness.get(position).copied().map_or(0, u64::from);
        let value = |row: &Vec<(usize, u64)>| row.iter().map(|(position, weight)| weight * at(*position)).sum();
        Some(self.weights.iter().map(value).collect())
    }

    /// Whether a witness has bits where bits belong and satisfies every linear rule, without a branch on any single value.
    pub fn holds(&self, witness: &[u32]) -> bool {
        let fits = self.fits(witness);
        if !bool::from(fits) {
            return false;
        }
        let at = |position: usize| witness.get(position).copied().map_or(0, i64::from);
        let kept = self.rules.iter().fold(fits, |kept, rule| {
            let sum: i64 = rule.coefficients.iter().map(|(position, factor)| factor * at(*position)).sum();
            kept & sum.ct_eq(&rule.target)
        });
        kept.into()
    }

    /// Whether a witness has the right length, and a bit in every position that is not wide.
    fn fits(&self, witness: &[u32]) -> Choice {
        let mut wide = self.wide.iter().peekable();
        let length = Choice::from(u8::from(witness.len() == self.witness_len));
        witness.iter().enumerate().fold(length, |fits, (position, value)| {
            // Which positions are wide is public.
            if wide.next_if(|next| **next == position).is_some() { fits } else { fits & value.ct_lt(&2) }
        })
    }
}

/// The largest value of a position: 1, or 2^32 - 1 where it is wide (CRY-22).
fn largest(wide: &[usize], position: usize) -> u32 {
    if wide.binary_search(&position).is_ok() { u32::MAX } else { 1 }
}

/// Positions ascend strictly and stay below `witness_len`; no coefficient is zero (CRY-21: one way to write a row).
fn check_positions(row: impl Iterator<Item = (usize, bool)>, witness_len: usize) -> Result<(), RelationError> {
    let mut least = 0;
    for (position, zero) in row {
        if zero || position < least || position >= witness_len {
            return Err(RelationError::Row);
        }
        least = position.saturating_add(1);
    }
    Ok(())
}

/// The sum of all magnitudes of a row, each times the largest value it multiplies, stays below 2^63 (CRY-22), so that integers, `i64` and
/// residues modulo l all agree.
fn check_sum(terms: impl Iterator<Item = (u32, u64)>) -> Result<(), RelationError> {
    let total = terms.map(|(value, magnitude)| u128::from(value) * u128::from(magnitude)).sum::<u128>();
    if total < 1 << 63 { Ok(()) } else { Err(RelationError::Wrap) }
}

/// Weights of bits whose subset sums are exactly `0..=maximum` (CRY-24): 1, 2, 4, ... and the rest; none for zero.
pub fn tight_bits(maximum: u64) -> Vec<u64> {
    let (mut rest, mut weight, mut weights) = (maximum, 1u64, Vec::new());
    while rest > 0 {
        weights.push(weight.min(rest));
        rest = rest.saturating_sub(weight);
        weight = weight.saturating_mul(2);
    }
    weights
}

#[cfg(test)]
#[path = "relation_tests.rs"]
mod tests;
