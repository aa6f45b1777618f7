//! From a selection to the values of slots and hidden variables, and back (BAL-61).

use super::{
    Contest, ContestKind, Selection, SelectionError,
    compile::{index, ordered_pair, pair, pairs, pairs_of},
};
use zeroize::Zeroizing;

impl Contest {
    /// The values of the slots, and behind them of the hidden variables of a pairwise ranking.
    pub(super) fn values(&self, selection: &Selection) -> Result<Zeroizing<Vec<u64>>, SelectionError> {
        let options = self.options.len();
        let mut values = Zeroizing::new(vec![0u64; self.slots().saturating_add(self.hidden())]);
        match (selection, &self.kind) {
            (Selection::Blank, _) => {
                let blank = self.blank_slot().ok_or(SelectionError::NoBlank)?;
                mark(&mut values, blank)?;
            }
            (Selection::Options(marked), kind) => {
                self.check_marks(marked, kind)?;
                for option in marked {
                    mark(&mut values, *option)?;
                }
            }
            (Selection::List(list), ContestKind::Lists { whole: true, lists, .. }) => {
                if *list >= lists.len() {
                    return Err(SelectionError::NoSuchOption);
                }
                mark(&mut values, options.saturating_add(*list))?;
            }
            (Selection::Amounts(amounts), kind) => self.spread(&mut values, amounts, kind)?,
            (Selection::Ranking(ranking), ContestKind::Positional { minimum, points }) => {
                self.check_ranking(ranking, index(*minimum), points.len())?;
                for (place, option) in ranking.iter().enumerate() {
                    mark(&mut values, place.saturating_mul(options).saturating_add(*option))?;
                }
            }
            (Selection::Ranking(ranking), ContestKind::Pairwise { complete, .. }) => {
                self.check_ranking(ranking, if *complete { options } else { 0 }, options)?;
                self.compare(&mut values, ranking, *complete)?;
            }
            (Selection::List(_) | Selection::Ranking(_), _) => return Err(self.wrong_form()),
        }
        Ok(values)
    }

    /// Marks fit the kind's limits.
    fn check_marks(&self, marked: &[usize], kind: &ContestKind) -> Result<(), SelectionError> {
        let options = self.options.len();
        if marked.iter().any(|option| *option >= options) {
            return Err(SelectionError::NoSuchOption);
        }
        let inside = |first: usize, end: usize| marked.iter().filter(|option| (first..end).contains(option)).count();
        match kind {
            ContestKind::ChooseOne | ContestKind::Question { .. } => number(marked.len(), 1, 1),
            ContestKind::Choose { minimum, maximum } => number(marked.len(), index(*minimum), index(*maximum)),
            ContestKind::Lists { minimum, maximum, lists, .. } => {
                number(marked.len(), index(*minimum), index(*maximum))?;
                let mut first = 0usize;
                for list in lists {
                    let end = first.saturating_add(index(list.options));
                    if inside(first, end) > index(list.limit) {
                        return Err(SelectionError::List { list: list.name.clone(), limit: list.limit });
                    }
                    first = end;
                }
                Ok(())
            }
            ContestKind::Linked { questions } => {
                let mut first = 0usize;
                for question in questions {
                    let end = first.saturating_add(index(question.options));
                    let count = inside(first, end);
                    let title = || question.title.clone();
                    match question.condition {
                        Some(condition) if !marked.contains(&index(condition)) && count == 0 => {}
                        Some(condition) if !marked.contains(&index(condition)) => {
                            let condition = self.options.get(index(condition)).cloned().unwrap_or_default();
                            return Err(SelectionError::NotAsked { title: title(), condition });
                        }
                        _ if !(index(question.minimum)..=index(question.maximum)).contains(&count) => {
                            let (minimum, maximum) = (question.minimum, question.maximum);
                            return Err(SelectionError::Question { title: title(), minimum, maximum });
                        }
                        _ => {}
                    }
                    first = end;
                }
                Ok(())
            }
            _ => Err(self.wrong_form()),
        }
    }

    /// Scores, points and amounts fit the kind's limits, and become slot values.
    fn spread(&self, values: &mut [u64], amounts: &[u32], kind: &ContestKind) -> Result<(), SelectionError> {
        let (most, step) = match kind {
            ContestKind::Score { top } => (*top, 1),
            ContestKind::Cumulative { most, .. } => (*most, 1),
            ContestKind::Budget { pot, step, .. } => (*pot, (*step).max(1)),
            _ => return Err(self.wrong_form()),
        };
        if amounts.len() != self.options.len() {
            return Err(SelectionError::Values(self.options.len()));
        }
        for (value, amount) in values.iter_mut().zip(amounts) {
            if *amount > most {
                return Err(SelectionError::Most(most));
            }
            if !amount.is_multiple_of(step) {
                return Err(SelectionError::Step(step));
            }
            *value = u64::from(amount / step);
        }
        let total: u64 = amounts.iter().map(|amount| u64::from(*amount)).sum();
        match kind {
            ContestKind::Cumulative { points, exactly: true, .. } if total != u64::from(*points) => {
                Err(SelectionError::Exactly(*points))
            }
            ContestKind::Cumulative { points: limit, .. } | ContestKind::Budget { pot: limit, .. }
                if total > u64::from(*limit) =>
            {
                Err(SelectionError::Total(*limit))
            }
            _ => Ok(()),
        }
    }

    fn check_ranking(&self, ranking: &[usize], minimum: usize, maximum: usize) -> Result<(), SelectionError> {
        let mut seen = Zeroizing::new(vec![false; self.options.len()]);
        for option in ranking {
            match seen.get_mut(*option) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(SelectionError::NoSuchOption),
            }
        }
        if (minimum..=maximum).contains(&ranking.len()) {
            Ok(())
        } else {
            Err(SelectionError::Places { minimum, maximum })
        }
    }

    /// Comparisons of a ranking; the unranked follow in the manifest's order, which stays hidden.
    fn compare(&self, values: &mut [u64], ranking: &[usize], complete: bool) -> Result<(), SelectionError> {
        let options = self.options.len();
        // At its full length from the start: a list that grew would leave its old place unwiped (CRY-5).
        let mut order = Zeroizing::new(Vec::with_capacity(options));
        order.extend_from_slice(ranking);
        order.extend((0..options).filter(|option| !ranking.contains(option)));
        let mut place = Zeroizing::new(vec![0usize; options]);
        for (at, option) in order.iter().enumerate() {
            *place.get_mut(*option).ok_or(SelectionError::NoSuchOption)? = at;
        }
        let before = |a: usize, b: usize| place.get(a) < place.get(b);
        if complete {
            for (a, b) in pairs(options).filter(|(a, b)| before(*a, *b)) {
                mark(values, pair(options, a, b))?;
            }
            return Ok(());
        }
        let is_ranked = |option: usize| place.get(option).is_some_and(|place| *place < ranking.len());
        let hidden = self.slots();
        for option in ranking {
            mark(values, hidden.saturating_add(*option))?;
        }
        for (a, b) in pairs(options) {
            let (first, second) = if before(a, b) { (a, b) } else { (b, a) };
            if is_ranked(first) {
                mark(values, ordered_pair(options, first, second))?;
            }
            if before(a, b) {
                mark(values, hidden.saturating_add(options).saturating_add(pair(options, a, b)))?;
            }
        }
        Ok(())
    }

    /// Hidden variables that a selection fills in: of a pairwise ranking that need not be complete, who is ranked, and the order of all.
    fn hidden(&self) -> usize {
        match self.kind {
            ContestKind::Pairwise { complete: false, .. } => {
                self.options.len().saturating_add(pairs_of(self.options.len()))
            }
            _ => 0,
        }
    }

    fn wrong_form(&self) -> SelectionError {
        SelectionError::WrongForm(match self.kind {
            ContestKind::Score { .. } => "give each option a score",
            ContestKind::Cumulative { .. } => "give each option its points",
            ContestKind::Budget { .. } => "give each project its amount",
            ContestKind::Positional { .. } | ContestKind::Pairwise { .. } => "rank options, the best first",
            _ => "mark options",
        })
    }

    /// The selection that has these slot values, or `None` if no selection has them (BAL-61).
    ///
    /// A ranking of all options but one also ranks the last; it is given back complete.
    pub fn selection_of(&self, values: &[u64]) -> Option<Selection> {
        if values.len() != self.slots() || self.check_size().is_err() {
            return None;
        }
        let selection = self.guess(values)?;
        let same = self.values(&selection).ok().filter(|own| own.get(..values.len()) == Some(values));
        // Slack may still be out of reach: the relation has the last word.
        same.and_then(|own| self.program().witness(&own)).map(|_| selection)
    }

    fn guess(&self, values: &[u64]) -> Option<Selection> {
        let options = self.options.len();
        if self.blank_slot().is_some_and(|blank| values.get(blank).is_some_and(|value| *value != 0)) {
            return Some(Selection::Blank);
        }
        let marked =
            || values.iter().take(options).enumerate().filter(|(_, value)| **value != 0).map(|(option, _)| option);
        Some(match &self.kind {
            ContestKind::Score { .. } | ContestKind::Cumulative { .. } => {
                Selection::Amounts(amounts(values, options, 1)?)
            }
            ContestKind::Budget { step, .. } => Selection::Amounts(amounts(values, options, *step)?),
            ContestKind::Positional { points, .. } => {
                let mut ranking = Vec::with_capacity(points.len());
                for row in values.chunks_exact(options.max(1)).take(points.len()) {
                    ranking.extend(row.iter().position(|value| *value != 0));
                }
                Selection::Ranking(ranking)
            }
            ContestKind::Pairwise { complete, .. } => Selection::Ranking(self.order_of(values, *complete)),
            ContestKind::Lists { lists, .. } => {
                let whole = values.iter().skip(options).take(lists.len()).position(|value| *value != 0);
                match whole.filter(|list| *list < lists.len()) {
                    Some(list) => Selection::List(list),
                    None => Selection::Options(marked().collect()),
                }
            }
            _ => Selection::Options(marked().collect()),
        })
    }

    /// The options by the number of others that they are ranked before; without those that are before none.
    fn order_of(&self, values: &[u64], complete: bool) -> Vec<usize> {
        let options = self.options.len();
        let at = |slot: usize| values.get(slot).is_some_and(|value| *value != 0);
        let is_before = |a: usize, b: usize| match (complete, a < b) {
            (true, true) => at(pair(options, a, b)),
            (true, false) => !at(pair(options, b, a)),
            (false, _) => at(ordered_pair(options, a, b)),
        };
        let wins = |option: usize| (0..options).filter(|other| *other != option && is_before(option, *other)).count();
        let mut order: Vec<(usize, usize)> = (0..options).map(|option| (wins(option), option)).collect();
        order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let ranked = order.iter().filter(|(wins, _)| *wins > 0).count();
        // Only the last can be before none and ranked all the same: if all others are ranked.
        let kept = if complete || ranked.saturating_add(1) >= options { options } else { ranked };
        order.into_iter().take(kept).map(|(_, option)| option).collect()
    }
}

/// Marks a slot; one marked before is refused.
fn mark(values: &mut [u64], slot: usize) -> Result<(), SelectionError> {
    match values.get_mut(slot) {
        Some(value) if *value == 0 => {
            *value = 1;
            Ok(())
        }
        _ => Err(SelectionError::NoSuchOption),
    }
}

fn number(count: usize, minimum: usize, maximum: usize) -> Result<(), SelectionError> {
    if (minimum..=maximum).contains(&count) { Ok(()) } else { Err(SelectionError::Number { minimum, maximum }) }
}

/// Slot values as amounts.
fn amounts(values: &[u64], options: usize, step: u32) -> Option<Vec<u32>> {
    values.iter().take(options).map(|value| u32::try_from(*value).ok()?.checked_mul(step)).collect()
}
