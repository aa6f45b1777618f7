//! Each kind of contest as a program (BAL-50 to BAL-60).

use super::{Contest, ContestKind, kind::LinkedQuestion, program::Program};
use crypto::relation::tight_bits;

/// Most wide values of a contest: range proofs beyond are slower than any ballot deserves.
const MOST_WIDE: u64 = 128;

impl Contest {
    /// The variables and rules of this contest.
    pub(super) fn program(&self) -> Program {
        let mut program = Program::new(self.slot_maxima());
        let options = self.options.len();
        let every_option = || (0..options).map(|option| (option, 1));
        match &self.kind {
            // BAL-51.
            ContestKind::ChooseOne | ContestKind::Question { .. } => {
                program.rule(every_option().chain(self.blank_slot().map(|blank| (blank, 1))), 1);
            }
            ContestKind::Choose { minimum, maximum } => {
                self.choose(&mut program, every_option().collect(), (*minimum, *maximum));
            }
            ContestKind::Score { top } => {
                // BAL-52: without a blank every combination of scores is allowed.
                if self.blank {
                    let most = u64::from(*top).saturating_mul(wide(options));
                    self.at_most(&mut program, every_option().collect(), most);
                }
            }
            // BAL-53.
            ContestKind::Cumulative { points, most, exactly } => {
                let total = u64::from(*points);
                if points == most && wide_is_cheaper(wide(options), total, *exactly) {
                    program = program.wide();
                }
                if *exactly {
                    let blank = self.blank_slot().map(|blank| (blank, signed(total)));
                    program.rule(every_option().chain(blank), signed(total));
                } else {
                    self.at_most(&mut program, every_option().collect(), total);
                }
            }
            // BAL-54.
            ContestKind::Budget { pot, step, .. } => {
                let total = u64::from(pot.checked_div(*step).unwrap_or(0));
                if wide_is_cheaper(wide(options), total, false) {
                    program = program.wide();
                }
                self.at_most(&mut program, every_option().collect(), total);
            }
            ContestKind::Positional { minimum, points } => self.positional(&mut program, *minimum, points.len()),
            ContestKind::Pairwise { complete: true, .. } => self.pairwise_complete(&mut program),
            ContestKind::Pairwise { complete: false, .. } => self.pairwise(&mut program),
            // BAL-58.
            ContestKind::Lists { minimum, maximum, whole, lists, .. } => {
                let mut terms: Vec<_> = every_option().collect();
                if *whole {
                    terms
                        .extend((options..options.saturating_add(lists.len())).map(|list| (list, i64::from(*maximum))));
                }
                self.choose(&mut program, terms, (*minimum, *maximum));
                let mut first = 0usize;
                for list in lists {
                    let end = first.saturating_add(index(list.options));
                    // A limit that cannot be passed needs no rule.
                    if list.limit < list.options {
                        let inside = (first..end).map(|option| (option, 1)).collect();
                        program.rule_with_slack(inside, list.limit.into(), list.limit.into());
                    }
                    first = end;
                }
            }
            ContestKind::Linked { questions } => self.linked(&mut program, questions),
        }
        program
    }

    /// `options + slack + maximum * blank = maximum`, with a slack of 0..maximum - minimum (BAL-11); nothing where nothing is ruled out.
    fn choose(&self, program: &mut Program, mut terms: Vec<(usize, i64)>, (minimum, maximum): (u32, u32)) {
        if minimum == 0 && terms.len() == index(maximum) && !self.blank {
            return;
        }
        terms.extend(self.blank_slot().map(|blank| (blank, i64::from(maximum))));
        program.rule_with_slack(terms, maximum.saturating_sub(minimum).into(), maximum.into());
    }

    /// `terms + slack + most * blank = most`.
    fn at_most(&self, program: &mut Program, mut terms: Vec<(usize, i64)>, most: u64) {
        terms.extend(self.blank_slot().map(|blank| (blank, signed(most))));
        program.rule_with_slack(terms, most, signed(most));
    }

    /// BAL-55: a matrix of places and options.
    fn positional(&self, program: &mut Program, minimum: u32, places: usize) {
        let (options, minimum) = (self.options.len(), index(minimum));
        let slot = |place: usize, option: usize| place.saturating_mul(options).saturating_add(option);
        let blank = self.blank_slot();
        let complete = minimum == places && places == options;
        let empty: Vec<usize> = (minimum..places).map(|_| program.variable(1)).collect();
        let unranked: Vec<usize> =
            if complete { Vec::new() } else { (0..options).map(|_| program.variable(1)).collect() };
        for place in 0..places {
            let row = (0..options).map(|option| (slot(place, option), 1));
            match place.checked_sub(minimum).and_then(|place| empty.get(place)) {
                Some(empty) => program.rule_for(row, (*empty, 1), 1),
                None => program.rule(row.chain(blank.map(|blank| (blank, 1))), 1),
            }
        }
        for option in 0..options {
            let column = (0..places).map(|place| (slot(place, option), 1));
            match unranked.get(option) {
                Some(unranked) => program.rule_for(column, (*unranked, 1), 1),
                None => program.rule(column.chain(blank.map(|blank| (blank, 1))), 1),
            }
        }
        // No gaps: a place is empty if the one before it is; the blank leaves every place empty.
        let mut before = blank;
        for empty in empty {
            if let Some(before) = before {
                let rise = program.variable(1);
                program.rule_for([(empty, 1), (before, -1)], (rise, -1), 0);
            }
            before = Some(empty);
        }
    }

    /// BAL-56: one bit a pair, no three of them in a circle.
    fn pairwise_complete(&self, program: &mut Program) {
        let options = self.options.len();
        for (a, b, c) in triples(options) {
            let middle = program.variable(1);
            let at = |first, second| pair(options, first, second);
            program.rule_for([(at(a, b), 1), (at(b, c), 1), (at(a, c), -1)], (middle, -1), 0);
        }
        if self.blank {
            let all = pairs_of(options);
            self.at_most(program, (0..all).map(|pair| (pair, 1)).collect(), wide(all));
        }
    }

    /// BAL-57: a hidden order of all options, the ranked ones first; a pair is won by the earlier one if that is ranked.
    fn pairwise(&self, program: &mut Program) {
        let options = self.options.len();
        let ranked: Vec<usize> = (0..options).map(|_| program.variable(1)).collect();
        let order: Vec<usize> = pairs(options).map(|_| program.variable(1)).collect();
        let is_ranked = |option: usize| ranked.get(option).copied().unwrap_or(0);
        let slot = |a: usize, b: usize| ordered_pair(options, a, b);
        for ((a, b), order) in pairs(options).zip(&order) {
            let [first, second, third] = [(); 3].map(|()| program.variable(1));
            program.rule_for([(*order, 1), (is_ranked(a), 1), (slot(a, b), -2)], (first, -1), 0);
            program.rule_for([(*order, -1), (is_ranked(b), 1), (slot(b, a), -2)], (second, -1), -1);
            program.rule_for([(*order, 1), (is_ranked(a), -1), (is_ranked(b), 1)], (third, -1), 0);
        }
        for (a, b, c) in triples(options) {
            let middle = program.variable(1);
            let at = |first, second| order.get(pair(options, first, second)).copied().unwrap_or(0);
            program.rule_for([(at(a, b), 1), (at(b, c), 1), (at(a, c), -1)], (middle, -1), 0);
        }
        if self.blank {
            self.at_most(program, ranked.iter().map(|ranked| (*ranked, 1)).collect(), wide(options));
        }
    }
    /// BAL-59: each question by itself, under its condition.
    fn linked(&self, program: &mut Program, questions: &[LinkedQuestion]) {
        let mut first = 0usize;
        for question in questions {
            let end = first.saturating_add(index(question.options));
            let inside: Vec<(usize, i64)> = (first..end).map(|option| (option, 1)).collect();
            first = end;
            let limits = (question.minimum, question.maximum);
            match question.condition {
                None => self.choose(program, inside, limits),
                Some(condition) => {
                    let maximum = i64::from(question.maximum);
                    let terms = inside.into_iter().chain([(index(condition), maximum.saturating_neg())]).collect();
                    let range = question.maximum.saturating_sub(question.minimum);
                    program.rule_with_slack(terms, range.into(), 0);
                }
            }
        }
    }
}

/// BAL-60: whether so many values up to `most` (and one of slack, unless their sum is given) are written as wide values: if that costs
/// less, in bytes of the sealed contest and in time to verify, where a byte weighs as much as a microsecond.
fn wide_is_cheaper(options: u64, most: u64, exactly: bool) -> bool {
    let values = options.saturating_add(u64::from(!exactly));
    if values > MOST_WIDE {
        return false;
    }
    let padded = values.next_power_of_two();
    let bits = 32u64.saturating_mul(values).saturating_mul(wide(tight_bits(most).len()));
    let rounds = u64::from(padded.saturating_mul(32).ilog2());
    let points = 2u64.saturating_mul(values).saturating_add(2u64.saturating_mul(rounds)).saturating_add(11);
    let proof = 32u64.saturating_mul(points).saturating_add(320u64.saturating_mul(padded));
    proof < bits
}

/// All pairs `a < b`, in lexicographic order.
pub(super) fn pairs(options: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..options).flat_map(move |a| (a.saturating_add(1)..options).map(move |b| (a, b)))
}

/// How many pairs there are.
pub(super) fn pairs_of(options: usize) -> usize {
    options.saturating_mul(options.saturating_sub(1)) / 2
}

/// The place of `a < b` among the pairs.
pub(super) fn pair(options: usize, a: usize, b: usize) -> usize {
    let before = a.saturating_mul(options.saturating_mul(2).saturating_sub(a).saturating_sub(1)) / 2;
    before.saturating_add(b.saturating_sub(a)).saturating_sub(1)
}

/// The place of `a` and `b`, different ones in any order, among the ordered pairs.
pub(super) fn ordered_pair(options: usize, a: usize, b: usize) -> usize {
    let behind = usize::from(b > a);
    a.saturating_mul(options.saturating_sub(1)).saturating_add(b).saturating_sub(behind)
}

/// All triples `a < b < c`, in lexicographic order.
fn triples(options: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    pairs(options).flat_map(move |(a, b)| (b.saturating_add(1)..options).map(move |c| (a, b, c)))
}

/// A number of the manifest as an index.
pub(super) fn index(value: u32) -> usize {
    usize::try_from(value).expect("32 bits fit an index on every supported machine")
}

/// A length as a number.
pub(super) fn wide(length: usize) -> u64 {
    u64::try_from(length).expect("an index fits 64 bits")
}

/// A sum of the manifest's numbers, each below 2^32, as a coefficient; too large a one is refused by the relation (CRY-22).
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
