//! Scores, points and money, given option by option on as many lines as it takes (BAL-71).

use super::{Misfit, Step, typed};
use crate::shown::Shown;
use protocol::{Contest, ContestKind, Selection};
use zeroize::Zeroizing;

/// What was given so far.
pub(super) struct Sheet {
    given: Zeroizing<Vec<Option<u32>>>,
    rules: Rules,
}

struct Rules {
    /// Most on one option.
    most: u32,
    step: u32,
    /// All together, and whether all of it must be given; none for scores.
    limit: Option<(u32, bool)>,
    /// What stands behind an amount, with a space before it.
    unit: String,
}

impl Sheet {
    /// An empty sheet, for the kinds of contest that need one.
    pub(super) fn of(contest: &Contest) -> Option<Self> {
        let rules = match &contest.kind {
            ContestKind::Score { top } => Rules { most: *top, step: 1, limit: None, unit: String::new() },
            ContestKind::Cumulative { points, most, exactly } => {
                Rules { most: *most, step: 1, limit: Some((*points, *exactly)), unit: " points".to_owned() }
            }
            ContestKind::Budget { currency, pot, step } => {
                Rules { most: *pot, step: *step, limit: Some((*pot, false)), unit: format!(" {currency}") }
            }
            _ => return None,
        };
        Some(Self { given: Zeroizing::new(vec![None; contest.options.len()]), rules })
    }

    /// One line: amounts, or the word that ends it. A line that does not fit changes nothing.
    pub(super) fn line(&mut self, answer: &str, contest: &Contest, shown: &Shown) -> Result<Step, Misfit> {
        let listed: Vec<usize> = shown.options().collect();
        if answer.eq_ignore_ascii_case("done") {
            return self.done(contest, &listed).map(Step::Done);
        }
        let mut changed = self.given.clone();
        // Room for all at once, as in `typed::numbers`.
        let mut seen = Zeroizing::new(Vec::with_capacity(listed.len()));
        for pair in typed::words(answer) {
            let (number, amount) = pair.split_once('=').ok_or(Misfit::NoAmount)?;
            let amount: u32 = amount.parse().map_err(|_| Misfit::NoAmount)?;
            let option = typed::option(number, &listed)?;
            if seen.contains(&option) {
                return Err(Misfit::Twice(number.to_owned()));
            }
            seen.push(option);
            self.rules.check(amount)?;
            if let Some(given) = changed.get_mut(option) {
                *given = Some(amount);
            }
        }
        if seen.is_empty() {
            return Err(Misfit::Nothing);
        }
        let total = total(&changed);
        match self.rules.limit {
            Some((limit, _)) if total > u64::from(limit) => {
                return Err(Misfit::Over { total, limit, unit: self.rules.unit.clone() });
            }
            _ => {}
        }
        self.given = changed;
        Ok(Step::More(self.so_far()))
    }

    fn so_far(&self) -> String {
        match self.rules.limit {
            Some((limit, _)) => {
                let (given, unit) = (total(&self.given), &self.rules.unit);
                format!("Given: {given}{unit}; left: {}{unit}.", u64::from(limit).saturating_sub(given))
            }
            None => {
                let left = self.given.iter().filter(|score| score.is_none()).count();
                format!("Options without a score: {left}.")
            }
        }
    }

    fn done(&self, contest: &Contest, listed: &[usize]) -> Result<Selection, Misfit> {
        match self.rules.limit {
            None => {
                let unscored = listed.iter().filter(|option| self.given.get(**option).is_some_and(Option::is_none));
                let names: Vec<&str> =
                    unscored.filter_map(|option| contest.options.get(*option)).map(String::as_str).collect();
                if !names.is_empty() {
                    return Err(Misfit::Unscored(names.join(", ")));
                }
            }
            Some((limit, true)) => {
                let left = u64::from(limit).saturating_sub(total(&self.given));
                if left > 0 {
                    return Err(Misfit::Unspent { left, limit, unit: self.rules.unit.clone() });
                }
            }
            Some((_, false)) => {}
        }
        Ok(Selection::Amounts(self.given.iter().map(|amount| amount.unwrap_or(0)).collect()))
    }
}

impl Rules {
    fn check(&self, amount: u32) -> Result<(), Misfit> {
        let above = amount.checked_rem(self.step).unwrap_or(0);
        if amount > self.most && self.limit.is_none_or(|(limit, _)| self.most < limit) {
            return Err(Misfit::Most { most: self.most, unit: self.unit.clone() });
        }
        // Above the pot both neighbours would be too much as well; that is said instead.
        if above > 0 && amount <= self.most {
            let below = amount.saturating_sub(above);
            return Err(Misfit::Step { step: self.step, unit: self.unit.clone(), below });
        }
        Ok(())
    }
}

fn total(amounts: &[Option<u32>]) -> u64 {
    amounts.iter().flatten().map(|amount| u64::from(*amount)).sum()
}
