//! The target form of contest rules (CRY-20..CRY-24): a witness of bits, a weight row per slot, and linear rules over the bits.
//!
//! A relation is public. It says: every `w_i` is a bit, slot j holds `sum_i W_ji w_i`, and `sum_i L_ki w_i = t_k` for every rule k.

use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

/// A contest compiled to K slots, N bits, weights W and M linear rules (L, t). Nothing in it can wrap modulo the group order (CRY-22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    witness_len: usize,
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
    /// A contest has at least one slot, one weight row for each, and at least one witness bit.
    #[error("a relation needs a slot, a witness bit, and one weight row for each slot")]
    Shape,
    /// A size beyond [`Relation::LIMIT`].
    #[error("a relation has at most {} slots, witness bits or rules", Relation::LIMIT)]
    Size,
    /// A row names a position twice, out of order, outside the witness, or with coefficient zero.
    #[error("a row's positions must ascend within the witness, with non-zero coefficients")]
    Row,
    /// A sum could pass 2^63: it might wrap, and a wrapped sum proves nothing.
    #[error("a row's sum could leave the range in which integers and residues agree")]
    Wrap,
}

impl Relation {
    /// The largest number of slots, of witness bits, and of rules, each (CRY-23).
    pub const LIMIT: usize = 4096;

    /// Checks the rows and builds the relation (CRY-21, CRY-22).
    ///
    /// # Errors
    /// [`RelationError`], as its variants say.
    pub fn new(
        slots: usize,
        witness_len: usize,
        weights: Vec<Vec<(usize, u64)>>,
        rules: Vec<(Vec<(usize, i64)>, i64)>,
    ) -> Result<Self, RelationError> {
        if slots == 0 || witness_len == 0 || weights.len() != slots {
            return Err(RelationError::Shape);
        }
        if slots.max(witness_len).max(rules.len()) > Self::LIMIT {
            return Err(RelationError::Size);
        }
        for row in &weights {
            check_positions(row.iter().map(|(position, weight)| (*position, *weight == 0)), witness_len)?;
            check_sum(row.iter().map(|(_, weight)| *weight))?;
        }
        for (row, target) in &rules {
            check_positions(row.iter().map(|(position, factor)| (*position, *factor == 0)), witness_len)?;
            check_sum(row.iter().map(|(_, factor)| factor.unsigned_abs()).chain([target.unsigned_abs()]))?;
        }
        let rules = rules.into_iter().map(|(coefficients, target)| Rule { coefficients, target }).collect();
        Ok(Self { witness_len, weights, rules })
    }

    /// K, the number of slots.
    pub fn slots(&self) -> usize {
        self.weights.len()
    }

    /// N, the number of witness bits.
    pub fn witness_len(&self) -> usize {
        self.witness_len
    }

    /// M, the number of linear rules.
    pub fn rules_len(&self) -> usize {
        self.rules.len()
    }

    /// W: for each slot the positions and weights of its bits.
    pub fn weights(&self) -> &[Vec<(usize, u64)>] {
        &self.weights
    }

    /// L and t.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The bytes of a sealed contest: K+1 ciphertext points, 4 proof points, N+2 scalars (CRY-31).
    pub fn sealed_len(&self) -> usize {
        self.slots().saturating_add(self.witness_len).saturating_add(7).saturating_mul(32)
    }

    /// The largest value slot `slot` (from 0) can hold; zero for a slot that does not exist.
    pub fn slot_maximum(&self, slot: usize) -> u64 {
        self.weights.get(slot).into_iter().flatten().map(|(_, weight)| *weight).sum()
    }

    /// The slots' values under a witness, without a branch on any of its bits; `None` for a witness of another length.
    pub fn values(&self, witness: &[bool]) -> Option<Vec<u64>> {
        if witness.len() != self.witness_len {
            return None;
        }
        let chosen = |position: usize| Choice::from(u8::from(witness.get(position).copied().unwrap_or(false)));
        let value = |row: &Vec<(usize, u64)>| {
            row.iter().map(|(position, weight)| u64::conditional_select(&0, weight, chosen(*position))).sum()
        };
        Some(self.weights.iter().map(value).collect())
    }

    /// Whether a witness of bits satisfies every linear rule, without a branch on any single bit.
    pub fn holds(&self, witness: &[bool]) -> bool {
        if witness.len() != self.witness_len {
            return false;
        }
        let chosen = |position: usize| Choice::from(u8::from(witness.get(position).copied().unwrap_or(false)));
        let kept = self.rules.iter().fold(Choice::from(1), |kept, rule| {
            let sum: i64 = rule
                .coefficients
                .iter()
                .map(|(position, factor)| i64::conditional_select(&0, factor, chosen(*position)))
                .sum();
            kept & sum.ct_eq(&rule.target)
        });
        kept.into()
    }
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

/// The sum of all magnitudes of a row stays below 2^63 (CRY-22), so that integers, `i64` and residues modulo l all agree.
fn check_sum(magnitudes: impl Iterator<Item = u64>) -> Result<(), RelationError> {
    let total: u128 = magnitudes.map(u128::from).sum();
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
