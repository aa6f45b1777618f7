//! A contest as variables and rules, one step above the relation (BAL-10, BAL-11): slots, hidden variables and slack, each with its
//! largest value. [`Program::relation`] writes the variables as bits or wide values; [`Program::witness`] fills them in.

use crypto::relation::{Relation, RelationError, tight_bits};
use zeroize::Zeroizing;

/// A variable of a program, by index: slots first, in slot order.
pub(super) type Variable = usize;

/// Variables from 0 to their largest values, and linear rules over them.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The largest value of each variable.
    maxima: Vec<u64>,
    /// How many of the variables are slots.
    slots: usize,
    rules: Vec<Rule>,
    /// Whether values above 1 are written as one wide value each (BAL-60).
    wide: bool,
}

/// `sum of coefficient * variable = target`.
#[derive(Debug)]
struct Rule {
    terms: Vec<(Variable, i64)>,
    target: i64,
    /// A variable that this rule determines, with coefficient 1 or -1.
    slack: Option<Variable>,
}

impl Program {
    /// The slots, with their largest values.
    pub(super) fn new(slot_maxima: Vec<u64>) -> Self {
        Self { slots: slot_maxima.len(), maxima: slot_maxima, ..Self::default() }
    }

    /// The same with values above 1 as wide values.
    pub(super) fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// One more variable.
    pub(super) fn variable(&mut self, maximum: u64) -> Variable {
        self.maxima.push(maximum);
        self.maxima.len().saturating_sub(1)
    }

    /// A rule.
    pub(super) fn rule(&mut self, terms: impl IntoIterator<Item = (Variable, i64)>, target: i64) {
        self.rules.push(Rule { terms: terms.into_iter().collect(), target, slack: None });
    }

    /// A rule that determines the variable `slack`, which stands in it with `sign`, 1 or -1.
    pub(super) fn rule_for(
        &mut self,
        terms: impl IntoIterator<Item = (Variable, i64)>,
        (slack, sign): (Variable, i64),
        target: i64,
    ) {
        let terms = terms.into_iter().chain([(slack, sign)]).collect();
        self.rules.push(Rule { terms, target, slack: Some(slack) });
    }

    /// `terms + slack = target` with a new slack variable 0..`range`; none for a range of 0.
    pub(super) fn rule_with_slack(&mut self, terms: Vec<(Variable, i64)>, range: u64, target: i64) {
        if range == 0 {
            self.rule(terms, target);
        } else {
            let slack = self.variable(range);
            self.rule_for(terms, (slack, 1), target);
        }
    }

    /// The weights of a variable's positions in the witness (CRY-24); one wide value of weight 1 where it is written so.
    fn positions(&self, maximum: u64) -> Vec<u64> {
        if self.wide && maximum > 1 { vec![1] } else { tight_bits(maximum) }
    }

    /// The bits (or wide values), weights and rules.
    pub(super) fn relation(&self) -> Result<Relation, RelationError> {
        let mut next = 0usize;
        let mut wide = Vec::new();
        let mut placed: Vec<Vec<(usize, u64)>> = Vec::with_capacity(self.maxima.len());
        for maximum in &self.maxima {
            let weights = self.positions(*maximum);
            if self.wide && *maximum > 1 {
                wide.push(next);
            }
            let end = next.saturating_add(weights.len());
            placed.push((next..end).zip(weights).collect());
            next = end;
        }
        let mut rules = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            let mut row = Vec::new();
            for (variable, coefficient) in &rule.terms {
                for (position, weight) in placed.get(*variable).into_iter().flatten() {
                    let weight = i64::try_from(*weight).map_err(|_| RelationError::Wrap)?;
                    row.push((*position, coefficient.checked_mul(weight).ok_or(RelationError::Wrap)?));
                }
            }
            row.sort_unstable_by_key(|(position, _)| *position);
            rules.push((row, rule.target));
        }
        placed.truncate(self.slots);
        Relation::new(self.slots, next, wide, placed, rules)
    }

    /// The witness of the values of the first variables: slots, then hidden ones; slack follows from the rules. `None` if no slack makes
    /// the rules hold.
    pub(super) fn witness(&self, values: &[u64]) -> Option<Zeroizing<Vec<u32>>> {
        let mut all = Zeroizing::new(vec![0u64; self.maxima.len()]);
        all.get_mut(..values.len())?.copy_from_slice(values);
        for rule in &self.rules {
            let others = rule.terms.iter().filter(|(variable, _)| Some(*variable) != rule.slack);
            let mut rest = rule.target;
            for (variable, coefficient) in others {
                let value = i64::try_from(*all.get(*variable)?).ok()?;
                rest = rest.checked_sub(coefficient.checked_mul(value)?)?;
            }
            let Some(slack) = rule.slack else {
                if rest != 0 {
                    return None;
                }
                continue;
            };
            let (_, sign) = rule.terms.iter().find(|(variable, _)| *variable == slack)?;
            *all.get_mut(slack)? = u64::try_from(rest.checked_mul(*sign)?).ok()?;
        }
        // Room for all of it at once: a vector that moves leaves what it held behind.
        let length = self.maxima.iter().map(|maximum| self.positions(*maximum).len()).sum();
        let mut witness = Zeroizing::new(Vec::with_capacity(length));
        for (value, maximum) in all.iter().zip(&self.maxima) {
            if value > maximum {
                return None;
            }
            // Tight weights are not a binary expansion: take the rest from the last weight down (BAL-11).
            let weights = self.positions(*maximum);
            if self.wide && *maximum > 1 {
                witness.push(u32::try_from(*value).ok()?);
                continue;
            }
            let mut remaining = *value;
            let mut bits = Zeroizing::new(vec![0u32; weights.len()]);
            for (bit, weight) in bits.iter_mut().zip(&weights).rev() {
                if *weight <= remaining {
                    *bit = 1;
                    remaining = remaining.saturating_sub(*weight);
                }
            }
            witness.extend_from_slice(&bits);
        }
        Some(witness)
    }
}
