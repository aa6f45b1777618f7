//! Contests: what is asked, and how each kind compiles to the bits and linear rules of the selection proof (BAL-10, BAL-11).

use crypto::relation::{Relation, RelationError, tight_bits};
use minicbor::{Decode, Encode};

/// What a voter may mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum ContestKind {
    /// Exactly one slot: an option, or the blank where it is offered.
    #[n(0)]
    ChooseOne,
    /// Between `minimum` and `maximum` options, or the blank alone. Approval is 0..number of options.
    #[n(1)]
    Choose {
        /// Fewest options.
        #[n(0)]
        minimum: u32,
        /// Most options.
        #[n(1)]
        maximum: u32,
    },
}

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
}

/// A voter's plaintext choice in one contest.
#[derive(Clone, PartialEq, Eq)]
pub enum Selection {
    /// The explicit blank.
    Blank,
    /// The options marked, by index.
    Options(Vec<usize>),
}

impl std::fmt::Debug for Selection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Selection(…)")
    }
}

/// Why a selection does not fit a contest. Says what the contest allows, never what was chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// The contest has no blank.
    #[error("this contest offers no blank")]
    NoBlank,
    /// An option that does not exist, or one marked twice.
    #[error("an option is marked that the contest does not have, or one is marked twice")]
    NoSuchOption,
    /// Too few or too many.
    #[error("mark at least {minimum} and at most {maximum}")]
    Number {
        /// Fewest options.
        minimum: usize,
        /// Most options.
        maximum: usize,
    },
}

impl Contest {
    /// K: options, and the blank where it is offered.
    pub fn slots(&self) -> usize {
        self.options.len().saturating_add(usize::from(self.blank))
    }

    /// The name of each slot, in slot order; the blank is `blank`.
    pub fn slot_names(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(String::as_str).chain(self.blank.then_some("blank"))
    }

    /// Fewest and most options of a ballot that is not blank.
    pub fn limits(&self) -> (usize, usize) {
        match self.kind {
            ContestKind::ChooseOne => (1, 1),
            ContestKind::Choose { minimum, maximum } => (index(minimum), index(maximum)),
        }
    }

    /// Whether the linear rule is needed: a free approval ballot without a blank has none (BAL-11).
    fn ruled(&self) -> bool {
        self.limits() != (0, self.options.len()) || self.blank
    }

    /// Weights of the slack bits (BAL-11); none for choose-one, where the rule is an equality.
    fn slack(&self) -> Vec<u64> {
        let (minimum, maximum) = self.limits();
        match self.kind {
            ContestKind::ChooseOne => Vec::new(),
            ContestKind::Choose { .. } if !self.ruled() => Vec::new(),
            ContestKind::Choose { .. } => {
                tight_bits(u64::try_from(maximum.saturating_sub(minimum)).expect("an index fits 64 bits"))
            }
        }
    }

    /// The bits and linear rules of this contest (BAL-10, BAL-11).
    ///
    /// Bits: one per slot, then the slack bits. Rule of choose-one: the slots sum to 1. Rule of choose: options + slack +
    /// maximum * blank = maximum.
    ///
    /// # Errors
    /// [`RelationError`] if the numbers could wrap; the manifest rule MAN-5 refuses such a contest.
    pub fn relation(&self) -> Result<Relation, RelationError> {
        let slots = self.slots();
        let slack = self.slack();
        let weights = (0..slots).map(|slot| vec![(slot, 1)]).collect();
        let (_, maximum) = self.limits();
        let maximum = i64::try_from(maximum).map_err(|_| RelationError::Wrap)?;
        let mut rule: Vec<(usize, i64)> = (0..self.options.len()).map(|option| (option, 1)).collect();
        let rules = match self.kind {
            ContestKind::ChooseOne => {
                if self.blank {
                    rule.push((self.options.len(), 1));
                }
                vec![(rule, 1)]
            }
            ContestKind::Choose { .. } if !self.ruled() => Vec::new(),
            ContestKind::Choose { .. } => {
                if self.blank {
                    rule.push((self.options.len(), maximum));
                }
                for (position, weight) in slack.iter().enumerate() {
                    let weight = i64::try_from(*weight).map_err(|_| RelationError::Wrap)?;
                    rule.push((slots.saturating_add(position), weight));
                }
                vec![(rule, maximum)]
            }
        };
        Relation::new(slots, slots.saturating_add(slack.len()), Vec::new(), weights, rules)
    }

    /// The witness bits of a selection.
    ///
    /// # Errors
    /// [`SelectionError`] when the contest does not allow it. Nothing is dropped or guessed.
    pub fn witness(&self, selection: &Selection) -> Result<Vec<u32>, SelectionError> {
        let (minimum, maximum) = self.limits();
        let mut bits = vec![0; self.options.len()];
        let mut slack = 0;
        match selection {
            Selection::Blank if !self.blank => return Err(SelectionError::NoBlank),
            Selection::Blank => bits.push(1),
            Selection::Options(options) => {
                for option in options {
                    match bits.get_mut(*option) {
                        Some(bit) if *bit == 0 => *bit = 1,
                        _ => return Err(SelectionError::NoSuchOption),
                    }
                }
                if options.len() < minimum || options.len() > maximum {
                    return Err(SelectionError::Number { minimum, maximum });
                }
                slack = maximum.saturating_sub(options.len());
                if self.blank {
                    bits.push(0);
                }
            }
        }
        // Tight weights are not a binary expansion: take the rest from the last weight down.
        let weights = self.slack();
        let mut remaining = u64::try_from(slack).expect("an index fits 64 bits");
        let mut slack_bits = vec![0; weights.len()];
        for (bit, weight) in slack_bits.iter_mut().zip(&weights).rev() {
            if *weight <= remaining {
                *bit = 1;
                remaining = remaining.saturating_sub(*weight);
            }
        }
        bits.extend(slack_bits);
        Ok(bits)
    }
}

/// A small number of the manifest as an index.
fn index(value: u32) -> usize {
    usize::try_from(value).expect("32 bits fit an index on every supported machine")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contest(kind: ContestKind, options: usize, blank: bool) -> Contest {
        let options = (0..options).map(|option| option.to_string()).collect();
        Contest { title: "C".into(), kind, options, blank }
    }

    fn contests() -> impl Strategy<Value = Contest> {
        (1usize..24, any::<bool>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_flat_map(
            |(options, blank, maximum, minimum)| {
                let maximum = maximum.index(options) + 1;
                let minimum = minimum.index(maximum + 1);
                let choose = ContestKind::Choose {
                    minimum: u32::try_from(minimum).unwrap(),
                    maximum: u32::try_from(maximum).unwrap(),
                };
                prop_oneof![
                    Just(contest(ContestKind::ChooseOne, options, blank)),
                    Just(contest(choose, options, blank))
                ]
            },
        )
    }

    proptest! {
        /// BAL-10, BAL-11: exactly the selections that the contest allows have a witness, and it stands for them.
        #[test]
        fn selections_have_a_witness_iff_they_fit(contest in contests(), marked in prop::collection::btree_set(0usize..24, 0..24)) {
            let relation = contest.relation().unwrap();
            let options: Vec<usize> = marked.into_iter().collect();
            let (minimum, maximum) = contest.limits();
            let fits = options.iter().all(|option| *option < contest.options.len())
                && (minimum..=maximum).contains(&options.len());
            match contest.witness(&Selection::Options(options.clone())) {
                Ok(witness) => {
                    prop_assert!(fits && relation.holds(&witness));
                    let mut expected = vec![0; contest.slots()];
                    for option in options {
                        expected[option] = 1;
                    }
                    prop_assert_eq!(relation.values(&witness), Some(expected));
                }
                Err(_) => prop_assert!(!fits),
            }
            match contest.witness(&Selection::Blank) {
                Ok(witness) => prop_assert!(contest.blank && relation.holds(&witness)),
                Err(error) => prop_assert!(!contest.blank && error == SelectionError::NoBlank),
            }
        }

        /// No witness gives slot values that no selection has: too many, too few, or a blank beside an option.
        #[test]
        fn no_other_values_have_a_witness(contest in contests(), bits in prop::collection::vec(0u32..2, 64)) {
            let relation = contest.relation().unwrap();
            let witness = &bits[..relation.witness_len()];
            if relation.holds(witness) {
                let marked: Vec<usize> = (0..contest.options.len()).filter(|option| witness[*option] == 1).collect();
                if contest.blank && witness[contest.options.len()] == 1 {
                    prop_assert!(marked.is_empty());
                } else {
                    prop_assert!(contest.witness(&Selection::Options(marked)).is_ok());
                }
            }
        }
    }

    /// 32(2K+7) bytes for choose-one of K slots; 1,728 for approval of 20 with a blank.
    #[test]
    fn sealed_sizes() {
        let one = contest(ContestKind::ChooseOne, 6, true).relation().unwrap();
        assert_eq!(one.sealed_len(), 32 * (2 * 7 + 7));
        let approval = contest(ContestKind::Choose { minimum: 0, maximum: 20 }, 20, true).relation().unwrap();
        assert_eq!(approval.sealed_len(), 1728);
        let free = contest(ContestKind::Choose { minimum: 0, maximum: 20 }, 20, false).relation().unwrap();
        assert_eq!(free.rules_len(), 0);
    }

    #[test]
    fn an_option_marked_twice_is_refused() {
        let contest = contest(ContestKind::Choose { minimum: 0, maximum: 3 }, 3, false);
        assert_eq!(contest.witness(&Selection::Options(vec![1, 1])), Err(SelectionError::NoSuchOption));
    }

    #[test]
    fn a_selection_is_never_printed() {
        assert_eq!(format!("{:?}", Selection::Options(vec![3])), "Selection(…)");
    }
}
