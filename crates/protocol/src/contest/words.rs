//! What a contest asks for, in words.

use super::{Contest, ContestKind};

impl Contest {
    /// What may be marked, as one short clause: `choose 1 to 3 of 7, or blank`.
    pub fn rule_in_words(&self) -> String {
        let options = self.options.len();
        let range = |minimum: u32, maximum: u32| match (minimum, maximum) {
            (0, maximum) => format!("up to {maximum}"),
            (minimum, maximum) if minimum == maximum => maximum.to_string(),
            (minimum, maximum) => format!("{minimum} to {maximum}"),
        };
        let rule = match &self.kind {
            ContestKind::ChooseOne => format!("choose one of {options}"),
            ContestKind::Choose { minimum, maximum } => format!("choose {} of {options}", range(*minimum, *maximum)),
            ContestKind::Score { top } => format!("a score from 0 to {top} for each of {options}"),
            ContestKind::Cumulative { points, most, exactly } => {
                let how = if *exactly { "exactly" } else { "at most" };
                format!("{how} {points} points over {options} options, at most {most} on one")
            }
            ContestKind::Budget { currency, pot, step } => {
                format!("at most {pot} {currency} over {options} projects, in steps of {step}")
            }
            ContestKind::Positional { minimum, points } => {
                let places = u32::try_from(points.len()).unwrap_or(u32::MAX);
                format!("rank {} of {options}", range(*minimum, places))
            }
            ContestKind::Pairwise { complete: true, .. } => format!("rank all {options}"),
            ContestKind::Pairwise { complete: false, .. } => format!("rank as many as you like of {options}"),
            ContestKind::Question { .. } => "yes, no or abstain".to_owned(),
            ContestKind::Lists { minimum, maximum, whole, lists, .. } => {
                let whole = if *whole { ", or one whole list" } else { "" };
                format!("choose {} of {options} candidates on {} lists{whole}", range(*minimum, *maximum), lists.len())
            }
            ContestKind::Linked { questions } => format!("answer {} linked questions", questions.len()),
        };
        if self.blank { format!("{rule}, or blank") } else { rule }
    }
}
