//! Times, names and lines as people read them.

use protocol::{Manifest, ids::Minutes};
use serde::Serialize;

/// Columns of a line of text, its indentation included.
const WIDTH: usize = 88;

const HOUR: Minutes = 60;
const DAY: Minutes = 24 * HOUR;

/// A time, and how far away it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct When {
    /// Minutes since 1970-01-01T00:00Z.
    pub minute: Minutes,
    /// The same, in UTC.
    pub utc: String,
    /// How long until then, or since.
    pub left: String,
    /// Whether it is over.
    pub late: bool,
}

impl When {
    /// That minute, seen from now.
    pub fn new(minute: Minutes, now: Minutes) -> Self {
        let late = now >= minute;
        let left = match minute.abs_diff(now) {
            0 => "now".to_owned(),
            away if late => format!("{} ago", span(away)),
            away => format!("in {}", span(away)),
        };
        Self { minute, utc: utc(minute), left, late }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({})", self.utc, self.left)
    }
}

/// A minute as people read it.
pub fn utc(minutes: Minutes) -> String {
    let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
    match seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
        Some(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        None => format!("minute {minutes}"),
    }
}

/// A number of minutes in its two largest units.
pub fn span(minutes: Minutes) -> String {
    let (days, hours) = (minutes.div_euclid(DAY), minutes.rem_euclid(DAY).div_euclid(HOUR));
    let rest = minutes.rem_euclid(HOUR);
    let parts = match (days, hours) {
        (0, 0) => [(rest, "minute"), (0, "")],
        (0, _) => [(hours, "hour"), (rest, "minute")],
        _ => [(days, "day"), (hours, "hour")],
    };
    let said = parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| count(*number, unit));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "0 minutes".to_owned() } else { said.join(" ") }
}

/// `1 day`, `2 days`.
pub fn count(number: u64, unit: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

/// `trustee 2 (Bo)`.
pub fn person(index: u32, name: &str) -> String {
    format!("trustee {index} ({name})")
}

/// A trustee of the manifest by number and name.
pub fn trustee(manifest: &Manifest, index: u32) -> String {
    let place = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
    match place.and_then(|place| manifest.trustees.get(place)) {
        Some(keys) => person(index, &keys.name),
        None => format!("trustee {index}"),
    }
}

/// Several of them.
pub fn trustees(manifest: &Manifest, indices: impl IntoIterator<Item = u32>) -> String {
    listed(&indices.into_iter().map(|index| trustee(manifest, index)).collect::<Vec<_>>())
}

/// `a`, `a and b`, `a, b and c`; `nobody`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// An error as a sentence of its own.
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", characters.as_str())
}

/// A paragraph in lines that fit a terminal. Words that are longer than a line stay whole.
pub fn wrapped(text: &str) -> String {
    folded(text, "  ", "  ")
}

/// The same as an item of a list.
pub fn item(text: &str) -> String {
    folded(text, "  - ", "    ")
}

fn folded(text: &str, first: &str, further: &str) -> String {
    let mut lines = String::new();
    let mut column = 0usize;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        let gap = match column {
            0 => first,
            _ if column.saturating_add(length) >= WIDTH => {
                lines.push('\n');
                column = 0;
                further
            }
            _ => " ",
        };
        lines.push_str(gap);
        lines.push_str(word);
        column = column.saturating_add(gap.len()).saturating_add(length);
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_read_them() {
        let told = |minute, now| When::new(minute, now).to_string();
        assert_eq!(told(29_912_820, 29_912_820 - 1), "2026-11-15 19:00 UTC (in 1 minute)");
        assert_eq!(told(60, 60), "1970-01-01 01:00 UTC (now)");
        assert_eq!(told(0, 3 * DAY), "1970-01-01 00:00 UTC (3 days ago)");
        assert_eq!(span(DAY + 61), "1 day 1 hour");
        assert_eq!(span(2 * HOUR + 5), "2 hours 5 minutes");
        assert_eq!(span(0), "0 minutes");
        assert_eq!(When::new(u64::MAX, 0).utc, format!("minute {}", u64::MAX));
        assert!(When::new(5, 5).late && !When::new(6, 5).late);
    }

    #[test]
    fn lists_sentences_and_lines() {
        let names = |count: usize| listed(&["a", "b", "c"].map(str::to_owned)[..count]);
        assert_eq!([names(0), names(1), names(2), names(3)], ["nobody", "a", "a and b", "a, b and c"]);
        assert_eq!(sentence(&"it is so"), "It is so.");
        assert_eq!(sentence(&"Is it?"), "Is it?");
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().all(|line| line.starts_with("  word") && line.chars().count() <= WIDTH));
        assert_eq!(text.split_whitespace().count(), 40);
        assert_eq!(wrapped(&"x".repeat(200)).lines().count(), 1);
        let item = item(&"word ".repeat(20));
        assert!(
            item.starts_with("  - word word") && item.contains("\n    word") && item.lines().count() == 2,
            "{item}"
        );
    }
}
