//! What can be wrong with a list of voters, in words that say what to do (ROL-10).

use std::{fmt, io};

/// The most faults that are told one by one.
pub const MOST_FAULTS: usize = 50;

/// Why a list is refused: all its faults, each with its line.
#[derive(Debug, thiserror::Error)]
pub struct ListError {
    /// The first [`MOST_FAULTS`], each with its line, counted from 1.
    pub faults: Vec<(u64, ListFault)>,
    /// How many more there are.
    pub more: u64,
}

impl fmt::Display for ListError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alone = self.faults.len() == 1 && self.more == 0;
        for (line, fault) in &self.faults {
            let before = if alone { "" } else { "\n  " };
            write!(formatter, "{before}line {line}: {fault}")?;
        }
        if self.more > 0 {
            write!(formatter, "\n  and {} more", self.more)?;
        }
        Ok(())
    }
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum ListFault {
    /// The file cannot be read, or is longer than any list.
    #[error("the file cannot be read to its end: {0}")]
    Unreadable(#[source] io::Error),
    /// UTF-16, as some spreadsheets save text.
    #[error("the file is UTF-16: save it as \"CSV UTF-8\"")]
    Utf16,
    /// Another encoding.
    #[error(
        "this line is not UTF-8: save the file as \"CSV UTF-8\", or names with accents would be wrong in the letters"
    )]
    NotUtf8,
    /// Not the CSV asked for.
    #[error("{0}")]
    Csv(csv::Error),
    /// Nothing but empty lines.
    #[error("the file is empty: the first line names the columns {columns}")]
    Empty {
        /// The columns of such a list.
        columns: String,
    },
    /// A column that such a list needs.
    #[error(
        "there is no column {missing:?}: the first line names the columns {columns}, separated by comma, semicolon or tab"
    )]
    NoColumn {
        /// Its name.
        missing: &'static str,
        /// The columns of such a list.
        columns: String,
    },
    /// A column that such a list does not have.
    #[error("there is a column {found:?}, and the columns of this list are {columns}: remove it, or name it so")]
    Column {
        /// What it is called.
        found: String,
        /// The columns of such a list.
        columns: String,
    },
    /// A column name that stands twice.
    #[error("the column {0:?} stands twice: remove one")]
    ColumnTwice(String),
    /// Too many or too few cells.
    #[error(
        "{found} cells where the first line has {expected}: a name with a separator in it stands between quotation marks, and every such mark is closed"
    )]
    Cells {
        /// As many as the header has.
        expected: usize,
        /// As many as there are.
        found: usize,
    },
    /// A person without a name.
    #[error("no person is named")]
    Nobody,
    /// A name or contact that cannot be printed.
    #[error(
        "the {what} holds {character}: it is printed in a letter, so take that out (a line break may come from a quotation mark that is not closed)"
    )]
    Hidden {
        /// Name or contact.
        what: &'static str,
        /// What it holds.
        character: String,
    },
    /// A name or contact that a spreadsheet would run.
    #[error(
        "the {what} {found:?} would be a formula in the spreadsheet in which a map is opened: let it begin with something else than = @ + -"
    )]
    Formula {
        /// Name or contact.
        what: &'static str,
        /// Its beginning.
        found: String,
    },
    /// A name or contact that is too long.
    #[error("the {what} has {found} bytes, and at most {most} fit a letter")]
    Long {
        /// Name or contact.
        what: &'static str,
        /// The most bytes.
        most: usize,
        /// Its length.
        found: usize,
    },
    /// A person of an earlier line.
    #[error(
        "{person:?} stands in line {first} already; if they are two persons, add to their names what tells them apart"
    )]
    Twice {
        /// The person.
        person: String,
        /// The earlier line.
        first: u64,
    },
    /// A person of an earlier line, written a little differently.
    #[error(
        "{person:?} is {earlier:?} of line {first}, for capitals, spaces and forms of a letter make no difference; if they are two persons, add to \
         their names what tells them apart"
    )]
    Alike {
        /// The person.
        person: String,
        /// As it stands in the earlier line.
        earlier: String,
        /// The earlier line.
        first: u64,
    },
    /// A unit that the manifest does not have.
    #[error("the manifest has no unit {found:?}{}", nearest.as_ref().map(|near| format!("; the nearest is {near:?}")).unwrap_or_default())]
    Unit {
        /// What the list says.
        found: String,
        /// The manifest's unit that is most like it, if one is.
        nearest: Option<String>,
    },
    /// A weight that is no number.
    #[error("the weight {0:?} is not a whole number")]
    NotAWeight(String),
    /// A weight that the manifest does not allow.
    #[error("weight {found} is not within 1 to {largest}")]
    Weight {
        /// The weight.
        found: u32,
        /// The manifest's largest.
        largest: u32,
    },
    /// A roll index that is no number.
    #[error("the roll index {0:?} is not a whole number")]
    NotAnIndex(String),
    /// A map whose lines are not in the order of the roll.
    #[error("roll index {found} stands where {expected} belongs: a map stays in the order in which it was made")]
    Index {
        /// The line's place.
        expected: u32,
        /// The index it bears.
        found: u32,
    },
    /// Somebody of the map who is not in one's own list.
    #[error("the map has {0:?}, and the list of voters has not")]
    NotListed(String),
    /// Somebody of the list who is not in the map.
    #[error("the list of voters has {0:?}, and the map has not")]
    NotMapped(String),
    /// Map and list do not say the same.
    #[error(
        "{person:?} is in unit {listed_unit:?} with weight {listed_weight} by the list of voters, and in {mapped_unit:?} with {mapped_weight} by the map"
    )]
    Differs {
        /// The person.
        person: String,
        /// By the list.
        listed_unit: String,
        /// By the list.
        listed_weight: u32,
        /// By the map.
        mapped_unit: String,
        /// By the map.
        mapped_weight: u32,
    },
    /// The record has another unit or weight at this roll index.
    #[error(
        "{person:?} is in unit {unit:?} with weight {weight}, and another registrar has published {recorded_unit:?} with {recorded_weight} in this place of \
         the roll: agree on one list, and on the order of one map, before you publish"
    )]
    RecordDiffers {
        /// The person.
        person: String,
        /// By the list or map.
        unit: String,
        /// By the list or map.
        weight: u32,
        /// By the record.
        recorded_unit: String,
        /// By the record.
        recorded_weight: u32,
    },
}

/// Collects the faults of a list. No more are kept than are told.
#[derive(Default)]
pub(super) struct Faults {
    kept: Vec<(u64, ListFault)>,
    more: u64,
}

impl Faults {
    /// One more, which is made only if it is told.
    pub(super) fn add(&mut self, line: u64, fault: impl FnOnce() -> ListFault) {
        if self.kept.len() < MOST_FAULTS {
            self.kept.push((line, fault()));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.kept.len()).unwrap_or(u64::MAX).saturating_add(self.more)
    }

    /// The value, if nothing is wrong.
    pub(super) fn outcome<T>(mut self, value: T) -> Result<T, ListError> {
        if self.kept.is_empty() {
            return Ok(value);
        }
        self.kept.sort_by_key(|(line, _)| *line);
        Err(ListError { faults: self.kept, more: self.more })
    }
}
