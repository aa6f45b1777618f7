//! Contests: what is asked, and how each kind compiles to the bits, wide values and linear rules of the selection proof (BAL-10, BAL-11,
//! BAL-50 to BAL-61).

mod check;
mod compile;
mod kind;
mod program;
mod selection;
mod values;
mod words;

pub use check::{MOST_PARTS, MOST_SCORE};
pub use kind::{CondorcetMethod, ContestKind, DisplayOrder, LinkedQuestion, List, SeatRule, Share, Terms, TieRule};
pub use selection::{Selection, SelectionError};

use compile::{index, pairs, pairs_of};
use crypto::relation::{Relation, RelationError};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

/// One contest of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Contest {
    /// What is asked.
    #[n(0)]
    pub title: String,
    /// What may be marked.
    #[n(1)]
    pub kind: ContestKind,
    /// The options, in the manifest's order.
    #[n(2)]
    pub options: Vec<String>,
    /// Whether an explicit blank stands behind the options as a slot of its own.
    #[n(3)]
    pub blank: bool,
    /// How winners are found and options are shown, where that is not the default (MAN-20); its place is left out otherwise (ENC-1).
    #[n(4)]
    pub terms: Option<Terms>,
}

impl Contest {
    /// A contest with the default terms.
    pub fn new(title: impl Into<String>, kind: ContestKind, options: Vec<String>, blank: bool) -> Self {
        Self { title: title.into(), kind, options, blank, terms: None }
    }

    /// The same contest with these terms.
    #[must_use]
    pub fn with_terms(self, terms: Terms) -> Self {
        Self { terms: Some(terms).filter(|terms| *terms != Terms::default()), ..self }
    }

    /// The terms, those of the manifest or the default ones.
    pub fn terms(&self) -> Terms {
        self.terms.unwrap_or_default()
    }

    /// K, the number of slots (BAL-10).
    pub fn slots(&self) -> usize {
        let options = self.options.len();
        let slots = match &self.kind {
            ContestKind::Positional { points, .. } => options.saturating_mul(points.len()),
            ContestKind::Pairwise { complete: true, .. } => pairs_of(options),
            ContestKind::Pairwise { complete: false, .. } => pairs_of(options).saturating_mul(2),
            ContestKind::Lists { whole: true, lists, .. } => options.saturating_add(lists.len()),
            _ => options,
        };
        slots.saturating_add(usize::from(self.blank))
    }

    /// The slot of the explicit blank: the last, where it is offered.
    pub fn blank_slot(&self) -> Option<usize> {
        if self.blank { self.slots().checked_sub(1) } else { None }
    }

    /// The largest value of a slot; 0 for one that does not exist.
    pub fn slot_maximum(&self, slot: usize) -> u64 {
        if slot >= self.slots() {
            return 0;
        }
        if Some(slot) == self.blank_slot() {
            return 1;
        }
        match &self.kind {
            ContestKind::Score { top } => u64::from(*top),
            ContestKind::Cumulative { most, .. } => u64::from(*most),
            ContestKind::Budget { pot, step, .. } => u64::from(pot.checked_div(*step).unwrap_or(0)),
            _ => 1,
        }
    }

    /// The largest value of each slot; none for a contest that is too large to compile.
    pub fn slot_maxima(&self) -> Vec<u64> {
        let slots = if self.check_size().is_ok() { self.slots() } else { 0 };
        (0..slots).map(|slot| self.slot_maximum(slot)).collect()
    }

    /// The name of each slot, in slot order; the blank is `blank`. None for a contest that is too large to compile.
    pub fn slot_names(&self) -> Vec<String> {
        if self.check_size().is_err() {
            return Vec::new();
        }
        let options = self.options.len();
        let name = |option: usize| self.options.get(option).map_or("", String::as_str);
        let before = |a: usize, b: usize| format!("{} before {}", name(a), name(b));
        let mut names: Vec<String> = match &self.kind {
            ContestKind::Positional { points, .. } => (1..=points.len())
                .flat_map(|place| (0..options).map(move |option| (place, option)))
                .map(|(place, option)| format!("{}, place {place}", name(option)))
                .collect(),
            ContestKind::Pairwise { complete: true, .. } => pairs(options).map(|(a, b)| before(a, b)).collect(),
            ContestKind::Pairwise { complete: false, .. } => (0..options)
                .flat_map(|a| (0..options).map(move |b| (a, b)))
                .filter(|(a, b)| a != b)
                .map(|(a, b)| before(a, b))
                .collect(),
            ContestKind::Lists { whole: true, lists, .. } => {
                self.options.iter().cloned().chain(lists.iter().map(|list| format!("list {}", list.name))).collect()
            }
            _ => self.options.clone(),
        };
        names.extend(self.blank.then(|| "blank".to_owned()));
        names
    }

    /// The options of each list or question, as ranges of indices; one range of all for other kinds.
    pub fn parts(&self) -> Vec<std::ops::Range<usize>> {
        let lengths: Vec<u32> = match &self.kind {
            ContestKind::Lists { lists, .. } => lists.iter().map(|list| list.options).collect(),
            ContestKind::Linked { questions } => questions.iter().map(|question| question.options).collect(),
            _ => return std::iter::once(0..self.options.len()).collect(),
        };
        let mut first = 0usize;
        let part = |length: &u32| {
            let start = first;
            first = first.saturating_add(index(*length)).min(self.options.len());
            start..first
        };
        lengths.iter().map(part).collect()
    }

    /// The bits or wide values, and the linear rules, of this contest.
    ///
    /// # Errors
    /// [`RelationError`] if the numbers could wrap or are too many; MAN-5 refuses such a contest.
    pub fn relation(&self) -> Result<Relation, RelationError> {
        self.check_size()?;
        self.program().relation()
    }

    /// The witness of a selection: bits, and wide values where the relation has them.
    ///
    /// # Errors
    /// [`SelectionError`] when the contest does not allow it. Nothing is dropped or guessed.
    pub fn witness(&self, selection: &Selection) -> Result<Zeroizing<Vec<u32>>, SelectionError> {
        if self.check_size().is_err() {
            return Err(SelectionError::TooLarge);
        }
        let values = self.values(selection)?;
        self.program().witness(&values).ok_or(SelectionError::NoSuchOption)
    }
}

#[cfg(test)]
mod tests;
