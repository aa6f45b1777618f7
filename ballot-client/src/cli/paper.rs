//! A contest as `show` prints it: what is asked, and by which names it is answered.

use crate::shown::is_shuffled;
use protocol::{Contest, ContestKind};
use serde::Serialize;
use std::fmt::Write as _;

/// One contest.
#[derive(Serialize)]
pub(super) struct ShownContest<'e> {
    title: &'e str,
    rule: String,
    options: &'e [String],
    blank: bool,
    /// Whether each device shows the options in an order of its own (BAL-74).
    random_order: bool,
    /// Lists or questions, whose options follow each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<ShownPart<'e>>,
    /// Whether the numbers begin anew in each part, as they do when it is answered.
    #[serde(skip)]
    numbered_by_part: bool,
}

/// One list or question of a contest.
#[derive(Serialize)]
struct ShownPart<'e> {
    name: &'e str,
    rule: String,
    options: &'e [String],
}

impl<'e> ShownContest<'e> {
    pub(super) fn of(contest: &'e Contest) -> Self {
        Self {
            title: &contest.title,
            rule: contest.rule_in_words(),
            options: &contest.options,
            blank: contest.blank,
            random_order: is_shuffled(contest),
            parts: parts(contest),
            numbered_by_part: matches!(contest.kind, ContestKind::Linked { .. }),
        }
    }

    /// The lines of the contest with this index.
    pub(super) fn in_words(&self, index: usize) -> String {
        let order = if self.random_order { "; shown in random order" } else { "" };
        let mut text = format!("\nContest {index}: {} ({}{order})\n", self.title, self.rule);
        let mut number = 0u32;
        let mut list = |text: &mut String, options: &[String]| {
            if self.numbered_by_part {
                number = 0;
            }
            for option in options {
                number = number.saturating_add(1);
                // A number that is another one on every device would be worse than none. Writing to a text cannot fail.
                let _ = if self.random_order {
                    writeln!(text, "    -  {option}")
                } else {
                    writeln!(text, "  {number:>3}  {option}")
                };
            }
        };
        if self.parts.is_empty() {
            list(&mut text, self.options);
        }
        for part in &self.parts {
            let _ = writeln!(text, "  {} ({})", part.name, part.rule);
            list(&mut text, part.options);
        }
        if self.blank {
            text.push_str("    b  blank\n");
        }
        text
    }
}

fn parts(contest: &Contest) -> Vec<ShownPart<'_>> {
    let options = |range: &std::ops::Range<usize>| contest.options.get(range.clone()).unwrap_or_default();
    match &contest.kind {
        ContestKind::Lists { lists, .. } => {
            let parts = lists.iter().zip(contest.parts());
            parts
                .map(|(list, range)| {
                    let rule = format!("at most {} of it", list.limit);
                    ShownPart { name: &list.name, rule, options: options(&range) }
                })
                .collect()
        }
        ContestKind::Linked { questions } => {
            let parts = questions.iter().zip(contest.parts());
            parts
                .map(|(question, range)| {
                    let condition = question.condition.and_then(|condition| usize::try_from(condition).ok());
                    let condition = condition.and_then(|condition| contest.options.get(condition));
                    let after = condition.map_or(String::new(), |option| format!("; asked only after {option:?}"));
                    let rule = format!("{}{after}", answers_in_words(question.minimum, question.maximum));
                    ShownPart { name: &question.title, rule, options: options(&range) }
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// How many answers a question takes: `1 answer`, `up to 2 answers`, `1 to 3 answers`.
pub(super) fn answers_in_words(minimum: u32, maximum: u32) -> String {
    let plural = if maximum == 1 { "" } else { "s" };
    match (minimum, maximum) {
        (0, maximum) => format!("up to {maximum} answer{plural}"),
        (minimum, maximum) if minimum == maximum => format!("{maximum} answer{plural}"),
        (minimum, maximum) => format!("{minimum} to {maximum} answers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::contest::LinkedQuestion;

    /// BAL-71: who notes numbers from what `show` prints types the ones that are asked for.
    #[test]
    fn numbers_are_those_that_are_asked_for() {
        let question = |title: &str, condition| LinkedQuestion {
            title: title.into(),
            options: 2,
            minimum: 1,
            maximum: 1,
            condition,
        };
        let kind = ContestKind::Linked { questions: vec![question("Build?", None), question("Where?", Some(0))] };
        let options = ["Yes", "No", "North", "South"].map(str::to_owned).to_vec();
        let shown = ShownContest::of(&Contest::new("Pool", kind, options, true)).in_words(0);
        for line in ["    1  Yes\n", "    2  No\n", "    1  North\n", "    2  South\n"] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
