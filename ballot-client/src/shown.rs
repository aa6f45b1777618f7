//! The order in which a device shows the options of a contest (BAL-74).

use protocol::{Contest, ContestKind, contest::DisplayOrder};
use rand::{CryptoRng, RngCore, seq::SliceRandom as _};
use std::ops::Range;

/// The options of a contest, part by part (its lists or questions, or one part of all), in the order in which they are shown this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    parts: Vec<Vec<usize>>,
}

impl Shown {
    /// BAL-74: as listed; or, where the manifest wishes it, each part in an order drawn anew. Yes, no and abstain stay where they are.
    pub fn of<R: RngCore + CryptoRng>(contest: &Contest, rng: &mut R) -> Self {
        let mut shown = Self { parts: contest.parts().into_iter().map(Range::collect).collect() };
        if is_shuffled(contest) {
            shown.parts.iter_mut().for_each(|part| part.shuffle(rng));
        }
        shown
    }

    /// The options of each part, as they are shown.
    pub fn parts(&self) -> &[Vec<usize>] {
        &self.parts
    }

    /// All options, as they are shown, under the numbers from 1 on.
    pub fn options(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().flatten().copied()
    }

    /// The option that is shown under a number.
    pub fn option(&self, number: usize) -> Option<usize> {
        self.options().nth(number.checked_sub(1)?)
    }

    /// The number under which an option is shown.
    pub fn number(&self, option: usize) -> Option<usize> {
        self.options().position(|shown| shown == option)?.checked_add(1)
    }
}

/// Whether each device shows the options of this contest in an order of its own, so that no number means the same on two of them.
pub fn is_shuffled(contest: &Contest) -> bool {
    contest.terms().order == DisplayOrder::Shuffled && !matches!(contest.kind, ContestKind::Question { .. })
}
