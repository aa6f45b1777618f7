//! One row of the file: its choice columns, and what of them can stand on a ballot.

use std::sync::Arc;

/// What one choice column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// An option, by its index.
    Option(usize),
    /// Nothing was marked in this column.
    Undervote,
    /// More than one was marked in this column.
    Overvote,
}

/// A voter's options from first to last, each at most once; none is the explicit blank.
pub(crate) type Choice = Arc<[usize]>;

/// The first column alone.
pub(crate) fn first(marks: &[Mark]) -> Choice {
    usable(marks.iter().take(1)).collect()
}

/// The normal form of a row: undervotes and overvotes are dropped, of an option that stands in several columns the first of them stays, and
/// what stands behind moves up.
pub(crate) fn normalised(marks: &[Mark]) -> Choice {
    let mut choice = Vec::with_capacity(marks.len());
    for option in usable(marks.iter()) {
        if !choice.contains(&option) {
            choice.push(option);
        }
    }
    choice.into()
}

/// Whether the normal form changes the places of a row: up to its last usable choice the row holds a repeat, a gap or an overvote. An empty
/// or overvoted column behind the last usable choice changes nothing.
pub(crate) fn changes(marks: &[Mark]) -> bool {
    let last = marks.iter().rposition(|mark| matches!(mark, Mark::Option(_)));
    normalised(marks).len() != last.map_or(0, |place| place.saturating_add(1))
}

fn usable<'a>(marks: impl Iterator<Item = &'a Mark>) -> impl Iterator<Item = usize> {
    marks.filter_map(|mark| match mark {
        Mark::Option(option) => Some(*option),
        Mark::Undervote | Mark::Overvote => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<Mark> {
        let mark = |character| match character {
            '-' => Mark::Undervote,
            'x' => Mark::Overvote,
            digit => Mark::Option(char::to_digit(digit, 10).unwrap().try_into().unwrap()),
        };
        text.chars().map(mark).collect()
    }

    #[test]
    fn rows_in_normal_form() {
        for (text, normal, changed) in [
            ("---", &[][..], false),
            ("xxx", &[], false),
            ("x--", &[], false),
            ("1--", &[1], false),
            ("12-", &[1, 2], false),
            ("123", &[1, 2, 3], false),
            ("12x", &[1, 2], false),
            ("1x-", &[1], false),
            ("-1-", &[1], true),
            ("x1-", &[1], true),
            ("--1", &[1], true),
            ("1-2", &[1, 2], true),
            ("1x2", &[1, 2], true),
            ("11-", &[1], true),
            ("111", &[1], true),
            ("121", &[1, 2], true),
            ("112", &[1, 2], true),
            ("1-1", &[1], true),
        ] {
            assert_eq!(*normalised(&row(text)), *normal, "{text}");
            assert_eq!(changes(&row(text)), changed, "{text}");
        }
    }

    #[test]
    fn the_first_column_alone_says_what_stands_in_it() {
        assert_eq!(*first(&row("123")), [1]);
        assert!(first(&row("-23")).is_empty());
        assert!(first(&row("x23")).is_empty());
        assert!(first(&[]).is_empty());
    }
}
