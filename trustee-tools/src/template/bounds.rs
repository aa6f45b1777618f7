//! Whether a contest of a template can be one of a manifest: the fold's own rules, said at the contest's place (MAN-31).

use super::{
    Fault, Misfit, Template,
    contest::{ContestTable, Field},
};
use protocol::{Contest, ContestKind, election::TOTAL_BOUND};
use std::ops::Range;
use toml::Spanned;

impl Template {
    /// MAN-5, MAN-7 and MAN-20 to MAN-22, for one contest.
    pub(super) fn check_contest(
        &self,
        place: usize,
        contest: &Contest,
        table: &Spanned<ContestTable>,
    ) -> Result<(), Fault> {
        contest.check(place).map_err(|fault| Fault::new(table.span(), "", Misfit::Rule(Box::new(fault))))?;
        let voters = u64::from(self.roll_length).saturating_mul(self.largest_weight.into());
        let highest = contest.slot_maxima().into_iter().max().unwrap_or(0);
        // The roll is empty, or too long for a single mark: then the numbers of the roll are wrong, and the fold says so.
        let largest = match TOTAL_BOUND.saturating_sub(1).checked_div(voters) {
            Some(largest) if largest >= 1 && highest > largest => largest,
            _ => return Ok(()),
        };
        let table_span = table.span();
        let place = |name: &'static str, span: Option<Range<usize>>| (name, span.unwrap_or_else(|| table_span.clone()));
        let fields = table.get_ref();
        // What the slots hold is a number of steps.
        let (name, span, step) = match &contest.kind {
            ContestKind::Budget { step, .. } => {
                let (name, span) = place("pot", span_of(&fields.pot));
                (name, span, u64::from(*step))
            }
            ContestKind::Cumulative { .. } => {
                let (name, span) = place("most", span_of(&fields.most).or_else(|| span_of(&fields.points)));
                (name, span, 1)
            }
            _ => {
                let (name, span) = place("top", span_of(&fields.top));
                (name, span, 1)
            }
        };
        let (value, largest) = (highest.saturating_mul(step), largest.saturating_mul(step));
        Err(Fault::new(span, name, Misfit::TooLarge { value, voters, step, largest }))
    }
}

fn span_of<T>(field: &Field<T>) -> Option<Range<usize>> {
    field.as_ref().map(Spanned::span)
}
