//! What a contest asks for, in words.

use super::{Contest, ContestKind, Selection};

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
    /// A selection, in the manifest's words (BAL-30): `Ada, Blaise`; `1. Ada, 2. Blaise`; `Ada 3, Blaise 0`.
    pub fn in_words(&self, selection: &Selection) -> String {
        let name = |option: usize| self.options.get(option).map_or("?", String::as_str);
        let words: Vec<String> = match selection {
            Selection::Blank => return "blank".to_owned(),
            Selection::List(list) => match &self.kind {
                ContestKind::Lists { lists, .. } => {
                    lists.get(*list).into_iter().map(|list| format!("the whole list {}", list.name)).collect()
                }
                _ => Vec::new(),
            },
            Selection::Options(options) => options.iter().map(|option| name(*option).to_owned()).collect(),
            Selection::Ranking(ranking) => {
                (1u32..).zip(ranking).map(|(place, option)| format!("{place}. {}", name(*option))).collect()
            }
            Selection::Amounts(amounts) => {
                let unit = match &self.kind {
                    ContestKind::Budget { currency, .. } => format!(" {currency}"),
                    _ => String::new(),
                };
                let amounts = amounts.iter().enumerate();
                amounts.map(|(option, amount)| format!("{} {amount}{unit}", name(option))).collect()
            }
        };
        if words.is_empty() { "nothing marked".to_owned() } else { words.join(", ") }
    }
}
