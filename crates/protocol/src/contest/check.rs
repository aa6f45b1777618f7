//! What a contest of a manifest must be (MAN-5, MAN-20 to MAN-22).

use super::{
    Contest, ContestKind, Share, Terms,
    compile::{index, wide},
};
use crate::{
    rule::{Rejection, demand, refuse},
    text::check_name,
};
use crypto::relation::{Relation, RelationError};
use std::collections::BTreeSet;

/// Most options of a pairwise ranking that is complete: with one more, its ballot and audit do not fit a body (MAN-21).
const MOST_COMPARED: usize = 22;
/// The same where not every option need be ranked.
const MOST_COMPARED_PARTLY: usize = 17;
/// Highest score (MAN-21): finer scales say nothing more, and their bits would cost more to verify than the points of the ballot.
pub const MOST_SCORE: u32 = 1000;
/// Largest denominator of a share (MAN-20).
pub const MOST_PARTS: u32 = 1_000_000;

impl Contest {
    /// Checks contest `place` of a manifest, and compiles it.
    ///
    /// # Errors
    /// [`Rejection`] by ENC-3, MAN-5, MAN-20, MAN-21 or MAN-22.
    pub fn check(&self, place: usize) -> Result<Relation, Rejection> {
        check_name(&self.title, "contest title")?;
        for option in &self.options {
            check_name(option, "option")?;
        }
        let distinct: BTreeSet<&String> = self.options.iter().collect();
        let options = self.options.len();
        demand!(
            options >= 1 && distinct.len() == options,
            BadContest,
            "at least one option, each with its own name",
            format!("{options} options, {} names in contest {place}", distinct.len())
        );
        self.check_kind(place)?;
        self.check_terms(place)?;
        self.relation().map_err(|error| refuse!(BadContest, format!("a contest {place} that compiles"), error))
    }

    /// MAN-5 for the limits of marks, MAN-21 for all other numbers, MAN-22 for what options are divided into.
    fn check_kind(&self, place: usize) -> Result<(), Rejection> {
        let options = self.options.len();
        let limits = |minimum: u32, maximum: u32| {
            let right = minimum <= maximum && 1 <= maximum && index(maximum) <= options;
            demand!(
                right,
                BadContest,
                format!("minimum <= maximum, 1 <= maximum <= {options} in contest {place}"),
                format!("{minimum}..{maximum}")
            );
            Ok(())
        };
        let numbers = |right: bool, expected: &str, found: String| {
            demand!(right, BadNumbers, format!("{expected} in contest {place}"), found);
            Ok(())
        };
        match &self.kind {
            ContestKind::ChooseOne => Ok(()),
            ContestKind::Choose { minimum, maximum } => limits(*minimum, *maximum),
            ContestKind::Score { top } => {
                numbers((1..=MOST_SCORE).contains(top), "a highest score of 1 to 1000", top.to_string())
            }
            ContestKind::Cumulative { points, most, exactly } => {
                let reach = u64::from(*most).saturating_mul(wide(options)) >= u64::from(*points);
                let right = 1 <= *most && most <= points && (reach || !exactly);
                numbers(
                    right,
                    "1 <= most on one option <= points, and options enough to spend exactly all",
                    format!("most {most}, points {points}, {options} options"),
                )
            }
            ContestKind::Budget { currency, pot, step } => {
                check_name(currency, "currency")?;
                let right = *step >= 1 && *pot >= 1 && pot.is_multiple_of(*step);
                numbers(
                    right,
                    "a pot that is a multiple of the step, both at least 1",
                    format!("pot {pot}, step {step}"),
                )
            }
            ContestKind::Positional { minimum, points } => {
                let places = points.len();
                let right = 1 <= places && places <= options && index(*minimum) <= places;
                numbers(
                    right,
                    "from 1 place to as many as options, and at least the fewest to be filled",
                    format!("{places} places, at least {minimum}, {options} options"),
                )
            }
            ContestKind::Pairwise { complete, .. } => {
                let most = if *complete { MOST_COMPARED } else { MOST_COMPARED_PARTLY };
                numbers((2..=most).contains(&options), &format!("2 to {most} options to compare"), options.to_string())
            }
            ContestKind::Question { numerator, denominator } => {
                let right = options == 3 && numerator < denominator && *denominator <= MOST_PARTS;
                numbers(
                    right,
                    "the options yes, no and abstain, and numerator < denominator <= 1000000",
                    format!("{options} options, {numerator}/{denominator}"),
                )
            }
            ContestKind::Lists { minimum, maximum, whole, lists, .. } => {
                limits(*minimum, *maximum)?;
                self.check_parts(place, "list", lists.iter().map(|list| (&list.name, list.options)))?;
                for list in lists {
                    let right = 1 <= list.limit && list.limit <= list.options && (!whole || list.options <= *maximum);
                    numbers(
                        right,
                        "1 <= limit <= candidates of the list, and where it can be marked as a whole, candidates <= maximum",
                        format!("limit {}, {} candidates, maximum {maximum}", list.limit, list.options),
                    )?;
                }
                Ok(())
            }
            ContestKind::Linked { questions } => {
                self.check_parts(
                    place,
                    "question",
                    questions.iter().map(|question| (&question.title, question.options)),
                )?;
                let mut first = 0u32;
                for question in questions {
                    let right = question.minimum <= question.maximum
                        && 1 <= question.maximum
                        && question.maximum <= question.options
                        && question.condition.is_none_or(|condition| condition < first);
                    numbers(
                        right,
                        "minimum <= maximum, 1 <= maximum <= answers, and a condition that is an answer to an earlier question",
                        format!(
                            "{}..{} of {}, condition {:?}",
                            question.minimum, question.maximum, question.options, question.condition
                        ),
                    )?;
                    first = first.saturating_add(question.options);
                }
                Ok(())
            }
        }
    }

    /// MAN-22: parts of at least one option each, with names of their own, that together are all options.
    fn check_parts<'a>(
        &self,
        place: usize,
        what: &str,
        parts: impl Iterator<Item = (&'a String, u32)>,
    ) -> Result<(), Rejection> {
        let mut names = BTreeSet::new();
        let mut total = 0u64;
        for (name, options) in parts {
            check_name(name, what)?;
            let right = names.insert(name) && options >= 1;
            demand!(
                right,
                BadParts,
                format!("a {what} with a name of its own and at least one option in contest {place}"),
                format!("{name:?} with {options} options")
            );
            total = total.saturating_add(options.into());
        }
        let options = self.options.len();
        demand!(
            total == wide(options),
            BadParts,
            format!("every {what}'s options, {options} in contest {place}"),
            total
        );
        Ok(())
    }

    /// MAN-20.
    fn check_terms(&self, place: usize) -> Result<(), Rejection> {
        let Some(terms) = self.terms else { return Ok(()) };
        let Share { numerator, denominator } = terms.share;
        let none = Terms::default().share;
        let plain = terms.seats == 1 && terms.share == none;
        let counted = !matches!(self.kind, ContestKind::Budget { .. } | ContestKind::Question { .. });
        let right = terms != Terms::default()
            && index(terms.seats) <= self.options.len()
            && (terms.share == none || (1 <= numerator && numerator < denominator && denominator <= MOST_PARTS))
            && (counted || plain);
        demand!(
            right,
            BadTerms,
            format!(
                "terms that are not the default, at most as many seats as options, and a share below 1 in contest {place}"
            ),
            format!("{} seats, share {numerator}/{denominator}", terms.seats)
        );
        Ok(())
    }

    /// Refuses what would be too large to compile, before anything is built: called for contests that nobody has checked, too.
    ///
    /// # Errors
    /// [`RelationError::Size`].
    pub(super) fn check_size(&self) -> Result<(), RelationError> {
        let options = self.options.len();
        let compared = matches!(self.kind, ContestKind::Pairwise { .. }) && options > MOST_COMPARED;
        if self.slots() > Relation::LIMIT || compared {
            return Err(RelationError::Size);
        }
        Ok(())
    }
}
