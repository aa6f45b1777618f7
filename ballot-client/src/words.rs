//! A selection in the manifest's words, as review pages and audits show it (BAL-70).

use protocol::{Contest, ContestKind, Selection};
use zeroize::Zeroizing;

/// What is said of the blank.
const BLANK: &str = "blank";

/// What is said where nothing is marked.
const NOTHING: &str = "nothing marked";

/// BAL-70: the lines that say what a selection is: options by their names, never by numbers that a device showed. At least one line.
pub fn in_words(contest: &Contest, selection: &Selection) -> Zeroizing<Vec<String>> {
    let spoken = Spoken { contest };
    Zeroizing::new(match (selection, &contest.kind) {
        (Selection::Blank, _) => vec![BLANK.to_owned()],
        (Selection::Options(marked), ContestKind::Lists { lists, .. }) => {
            let names = lists.iter().map(|list| list.name.as_str());
            let lines = names.zip(contest.parts()).filter_map(|(name, part)| {
                let inside = spoken.marked(marked, part);
                (!inside.is_empty()).then(|| format!("{name}: {}", inside.join(spoken.between())))
            });
            or_nothing(lines.collect(), NOTHING)
        }
        (Selection::Options(marked), ContestKind::Linked { questions }) => {
            let lines = questions.iter().zip(contest.parts()).map(|(question, part)| {
                let asked = question.condition.is_none_or(|condition| marked.contains(&place(condition)));
                let answers = spoken.marked(marked, part);
                match (asked, answers.is_empty()) {
                    (false, true) => format!("{}: not asked", question.title),
                    (true, true) => format!("{}: nothing marked", question.title),
                    (_, false) => format!("{}: {}", question.title, answers.join(spoken.between())),
                }
            });
            lines.collect()
        }
        (Selection::Options(marked), _) => {
            let names = spoken.marked(marked, 0..contest.options.len());
            let line = match names.join(spoken.between()) {
                // An option may have the name of what is no option.
                line if [BLANK, NOTHING].contains(&line.as_str()) => format!("\"{line}\""),
                line => line,
            };
            or_nothing((!names.is_empty()).then_some(line).into_iter().collect(), NOTHING)
        }
        (Selection::List(list), kind) => vec![spoken.whole_list(*list, kind)],
        (Selection::Amounts(amounts), kind) => spoken.amounts(amounts, kind),
        (Selection::Ranking(ranking), kind) => spoken.ranking(ranking, kind),
    })
}

/// A title and the lines that belong to it, as one text: on one line if there is only one.
pub fn under_title(title: &str, lines: &[String]) -> Zeroizing<String> {
    Zeroizing::new(match lines {
        [line] => format!("{title}: {line}"),
        lines => lines.iter().fold(format!("{title}:"), |text, line| text + "\n  " + line),
    })
}

/// What the contest calls its options.
struct Spoken<'c> {
    contest: &'c Contest,
}

impl Spoken<'_> {
    fn name(&self, option: usize) -> &str {
        self.contest.options.get(option).map_or("?", String::as_str)
    }

    /// What stands between two names; a bar, where a comma could be part of one.
    fn between(&self) -> &'static str {
        if self.contest.options.iter().any(|option| option.contains(',')) { " | " } else { ", " }
    }

    /// The names of the marked options among these, in the manifest's order, whatever the order of marking.
    fn marked(&self, marked: &[usize], part: std::ops::Range<usize>) -> Vec<&str> {
        part.filter(|option| marked.contains(option)).map(|option| self.name(option)).collect()
    }

    fn whole_list(&self, list: usize, kind: &ContestKind) -> String {
        let name = match kind {
            ContestKind::Lists { lists, .. } => lists.get(list).map_or("?", |list| list.name.as_str()),
            _ => "?",
        };
        let candidates: Vec<&str> = match self.contest.parts().get(list) {
            Some(part) => part.clone().map(|option| self.name(option)).collect(),
            None => Vec::new(),
        };
        format!("the whole list {name}: {}", candidates.join(self.between()))
    }

    /// Every score; of points and money what is given, and the sum.
    fn amounts(&self, amounts: &[u32], kind: &ContestKind) -> Vec<String> {
        let (unit, limit) = match kind {
            ContestKind::Cumulative { points, exactly: true, .. } => {
                (" points".to_owned(), Some(format!("exactly {points}")))
            }
            ContestKind::Cumulative { points, .. } => (" points".to_owned(), Some(format!("at most {points}"))),
            ContestKind::Budget { currency, pot, .. } => (format!(" {currency}"), Some(format!("at most {pot}"))),
            _ => (String::new(), None),
        };
        let given = (0..).zip(amounts).filter(|(_, amount)| limit.is_none() || **amount > 0);
        let mut lines: Vec<String> =
            given.map(|(option, amount)| format!("{amount}{unit} for {}", self.name(option))).collect();
        if let Some(limit) = limit {
            let left = amounts.len().saturating_sub(lines.len());
            if lines.is_empty() {
                return vec!["nothing given to any option".to_owned()];
            }
            if left > 0 {
                lines.push(format!("nothing for the other {left}"));
            }
            let total: u64 = amounts.iter().map(|amount| u64::from(*amount)).sum();
            lines.push(format!("together {total} of {limit}{unit}"));
        }
        lines
    }

    /// Place by place; then who has none. A comparison of all options but one ranks the last one too.
    fn ranking(&self, ranking: &[usize], kind: &ContestKind) -> Vec<String> {
        let mut left: Vec<usize> = (0..self.contest.options.len()).filter(|option| !ranking.contains(option)).collect();
        let pairwise = matches!(kind, ContestKind::Pairwise { .. });
        let last = left.pop_if(|_| pairwise && ranking.len().saturating_add(1) == self.contest.options.len());
        let ranked = (1u32..).zip(ranking.iter().chain(&last));
        let mut lines: Vec<String> = ranked.map(|(place, option)| format!("{place}. {}", self.name(*option))).collect();
        if lines.is_empty() {
            return vec!["nothing ranked".to_owned()];
        }
        if !left.is_empty() {
            let names: Vec<&str> = left.iter().map(|option| self.name(*option)).collect();
            let equal = if pairwise { ", equal and last" } else { "" };
            lines.push(format!("not ranked{equal}: {}", names.join(self.between())));
        }
        lines
    }
}

fn or_nothing(lines: Vec<String>, nothing: &str) -> Vec<String> {
    if lines.is_empty() { vec![nothing.to_owned()] } else { lines }
}

/// A number of the manifest as an index.
fn place(option: u32) -> usize {
    usize::try_from(option).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BAL-70: what is sealed as a blank is not said like a vote for somebody called so.
    #[test]
    fn an_option_called_blank_is_not_the_blank() {
        let options = ["Ada", "blank", "nothing marked"].map(str::to_owned).to_vec();
        let contest = Contest::new("Title", ContestKind::Choose { minimum: 0, maximum: 2 }, options, true);
        let said = |selection| in_words(&contest, &selection).join("/");
        assert_eq!(said(Selection::Blank), "blank");
        assert_eq!(said(Selection::Options(vec![1])), "\"blank\"");
        assert_eq!(said(Selection::Options(vec![])), "nothing marked");
        assert_eq!(said(Selection::Options(vec![2])), "\"nothing marked\"");
        assert_eq!(said(Selection::Options(vec![1, 0])), "Ada, blank");
    }
}
