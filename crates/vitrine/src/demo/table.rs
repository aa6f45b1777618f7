//! Cast vote records as a table: one row a ballot (or several alike), its choices from the first to the last.

mod marks;
mod wards;

pub(crate) use marks::{Choice, Mark, changes, first, normalised};
use std::{
    collections::BTreeMap,
    io::{self, Read as _},
    path::PathBuf,
    sync::Arc,
};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;
pub(crate) use wards::Ward;

/// What the second column's title begins with; the contest's title follows.
const FIRST_CHOICE: &str = "1ST CHOICE ";
/// The option that stands for every undeclared write-in.
const WRITE_IN: &str = "Undeclared write-in";
/// A longer file is not read: the most ballots have room in it, each on a line of its own.
const MAXIMUM_FILE: u64 = 256 * 1024 * 1024;
/// More names than a ballot paper has: the file is probably of another shape.
const MOST_CANDIDATES: usize = 200;
/// The same of choices.
const MOST_COLUMNS: usize = 200;
/// More ballots than a demo can cast.
const MOST_BALLOTS: usize = 1_000_000;
/// The number of the write-in before the options have their places: no candidate has it.
const NUMBER_OF_WRITE_IN: usize = usize::MAX;
/// Longest name (ENC-3).
const LONGEST_NAME: usize = 400;

/// A contest and its ballots, in the order of the file.
#[derive(Debug)]
pub(crate) struct Table {
    /// What is asked.
    pub(crate) contest: String,
    /// The options: candidates by name, then the write-in where it occurs.
    pub(crate) options: Vec<String>,
    /// The choice columns of each ballot; as many in every row.
    pub(crate) rows: Vec<Arc<[Mark]>>,
    /// How many ballots the file has.
    pub(crate) in_file: usize,
    /// The ward, if the file is the city's own.
    pub(crate) ward: Option<&'static Ward>,
    /// How many choice columns there are.
    pub(crate) columns: usize,
}

/// Why a file is no table of ballots.
#[derive(Debug, Error)]
pub(crate) enum TableError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, #[source] io::Error),
    /// There is no such ward in the program.
    #[error("there is no file of ward {0} in this program; there are wards 5 and 13")]
    NoSuchWard(u32),
    /// Not a single line.
    #[error("line 1: the file is empty; expected the header Precinct,1ST CHOICE <contest>,...,COUNT")]
    Empty,
    /// Another header.
    #[error(
        "line 1: expected the header Precinct,1ST CHOICE <contest>,2ND CHOICE ...,COUNT; column {column} is {found:?}"
    )]
    Header {
        /// The column, from 1.
        column: usize,
        /// Its title.
        found: String,
    },
    /// A row of another length.
    #[error("line {line}: expected {expected} columns as in the header; found {found}")]
    Columns {
        /// The line, from 1.
        line: u64,
        /// As many as the header has.
        expected: usize,
        /// As many as the row has.
        found: usize,
    },
    /// Bytes that are no text.
    #[error("line {line}: column {column} is not UTF-8")]
    NotText {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: usize,
    },
    /// A choice that can stand on no ballot paper.
    #[error("line {line}: column {column}: {fault}")]
    Name {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: usize,
        /// What is wrong with it.
        fault: NameFault,
    },
    /// Not a number of ballots.
    #[error("line {line}: the last column is the number of ballots, from 1; found {found:?}")]
    Count {
        /// The line, from 1.
        line: u64,
        /// What stands there.
        found: String,
    },
    /// Too many columns.
    #[error("line 1: more than {MOST_COLUMNS} choice columns; is this a file of ballots?")]
    TooManyColumns,
    /// Too many different names.
    #[error("line {0}: more than {MOST_CANDIDATES} different names in the choice columns; is this a file of ballots?")]
    TooManyCandidates(u64),
    /// Too many ballots.
    #[error("line {0}: more than {MOST_BALLOTS} ballots; this demo casts them one by one")]
    TooManyBallots(u64),
    /// A header and nothing else, or no name at all.
    #[error("the file has no ballot that names a candidate")]
    NoCandidates,
    /// More was asked for than there is.
    #[error("--ballots {asked}: the file has {found} ballots")]
    TooFew {
        /// Asked for.
        asked: usize,
        /// In the file.
        found: usize,
    },
}

/// Why a text is no name.
#[derive(Debug, Error)]
pub(crate) enum NameFault {
    /// Nothing there.
    #[error("empty; a voter who chose nothing is written `undervote`")]
    Empty,
    /// Too long.
    #[error("longer than {LONGEST_NAME} bytes")]
    Long,
    /// Control characters and marks that turn the reading direction.
    #[error("holds the hidden character U+{0:04X}")]
    Hidden(u32),
}

/// What a choice cell says, before the options have their places.
enum Cell {
    Candidate(String),
    WriteIn,
    Undervote,
    Overvote,
}

impl Table {
    /// A ward's real ballots, from the program itself.
    pub(crate) fn ward(number: u32) -> Result<Self, TableError> {
        let ward = wards::WARDS.iter().find(|ward| ward.number == number).ok_or(TableError::NoSuchWard(number))?;
        Ok(Self { contest: ward.contest.to_owned(), ward: Some(ward), ..Self::parse(ward.file)? })
    }

    /// A file of the same shape.
    pub(crate) fn read(path: &std::path::Path) -> Result<Self, TableError> {
        let failed = |error| TableError::Read(path.to_owned(), error);
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MAXIMUM_FILE.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAXIMUM_FILE) {
            return Err(failed(io::ErrorKind::FileTooLarge.into()));
        }
        Self::parse(&bytes)
    }

    /// Keeps the first `count` ballots; the options stay.
    pub(crate) fn first(mut self, count: usize) -> Result<Self, TableError> {
        if count > self.rows.len() {
            return Err(TableError::TooFew { asked: count, found: self.rows.len() });
        }
        self.rows.truncate(count);
        Ok(self)
    }

    /// Reads the bytes of a file.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        // Reading bytes of any kind from memory cannot fail; if it could, the file would be at its end.
        let mut next = |record: &mut csv::ByteRecord| reader.read_byte_record(record).unwrap_or(false);
        if !next(&mut record) {
            return Err(TableError::Empty);
        }
        let width = record.len();
        let contest = contest_title(&record)?;
        let columns = width.saturating_sub(2);
        if columns > MOST_COLUMNS {
            return Err(TableError::TooManyColumns);
        }

        // Names are compared without regard to case, and shown as they are first spelled. Until all are known, each is numbered as it comes.
        let mut names: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut write_in = false;
        let mut rows: Vec<(Vec<Mark>, usize)> = Vec::new();
        let mut in_file = 0usize;
        while next(&mut record) {
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != width {
                return Err(TableError::Columns { line, expected: width, found: record.len() });
            }
            let mut marks = Vec::with_capacity(columns);
            for (column, bytes) in (1..).zip(record.iter()).skip(1).take(columns) {
                marks.push(match cell(bytes, line, column)? {
                    Cell::Candidate(name) => {
                        let number = names.len();
                        Mark::Option(names.entry(name.to_lowercase()).or_insert((number, name)).0)
                    }
                    Cell::WriteIn => {
                        write_in = true;
                        Mark::Option(NUMBER_OF_WRITE_IN)
                    }
                    Cell::Undervote => Mark::Undervote,
                    Cell::Overvote => Mark::Overvote,
                });
            }
            if names.len() > MOST_CANDIDATES {
                return Err(TableError::TooManyCandidates(line));
            }
            let count = ballots_of(&record, line)?;
            in_file = in_file.saturating_add(count);
            if in_file > MOST_BALLOTS {
                return Err(TableError::TooManyBallots(line));
            }
            rows.push((marks, count));
        }
        if names.is_empty() {
            return Err(TableError::NoCandidates);
        }

        // By name, and the write-in behind all of them.
        let placed: BTreeMap<usize, usize> = names.values().map(|(number, _)| *number).zip(0..).collect();
        let placed = |mark: Mark| match mark {
            Mark::Option(number) => Mark::Option(placed.get(&number).copied().unwrap_or(names.len())),
            nothing => nothing,
        };
        let mut ballots = Vec::with_capacity(in_file);
        for (marks, count) in rows {
            let row: Arc<[Mark]> = marks.into_iter().map(placed).collect();
            ballots.extend(std::iter::repeat_n(row, count));
        }
        let mut options: Vec<String> = names.values().map(|(_, name)| shown(name)).collect();
        options.extend(write_in.then(|| WRITE_IN.to_owned()));
        Ok(Self { contest, options, rows: ballots, in_file, ward: None, columns })
    }
}

/// Checks the header; what stands behind `1ST CHOICE` is the contest's title.
fn contest_title(header: &csv::ByteRecord) -> Result<String, TableError> {
    let title = |column: usize| {
        let bytes = header.get(column).unwrap_or_default();
        String::from_utf8_lossy(bytes).trim().nfc().collect::<String>()
    };
    let wrong = |column: usize| TableError::Header {
        column: column.saturating_add(1),
        found: title(column).chars().take(80).collect(),
    };
    let last = header.len().saturating_sub(1);
    if !title(0).eq_ignore_ascii_case("precinct") {
        return Err(wrong(0));
    }
    let first_choice = title(1);
    let contest = match first_choice.split_at_checked(FIRST_CHOICE.len()) {
        Some((prefix, contest)) if prefix.eq_ignore_ascii_case(FIRST_CHOICE) && last > 1 => contest.trim().to_owned(),
        _ => return Err(wrong(1)),
    };
    if name_fault(&contest).is_some() {
        return Err(wrong(1));
    }
    if !title(last).eq_ignore_ascii_case("count") {
        return Err(wrong(last));
    }
    Ok(shown(&contest))
}

fn cell(bytes: &[u8], line: u64, column: usize) -> Result<Cell, TableError> {
    let text = std::str::from_utf8(bytes).map_err(|_| TableError::NotText { line, column })?;
    let name: String = text.trim().nfc().collect();
    if let Some(fault) = name_fault(&name) {
        return Err(TableError::Name { line, column, fault });
    }
    Ok(match name.to_ascii_lowercase().as_str() {
        "undervote" => Cell::Undervote,
        "overvote" => Cell::Overvote,
        "uwi" => Cell::WriteIn,
        _ => Cell::Candidate(name),
    })
}

/// What the manifest would refuse (ENC-3), said with the line it stands in.
fn name_fault(name: &str) -> Option<NameFault> {
    if name.is_empty() {
        return Some(NameFault::Empty);
    }
    if name.len() > LONGEST_NAME {
        return Some(NameFault::Long);
    }
    let hidden = |character: &char| {
        character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().find(hidden).map(|character| NameFault::Hidden(character.into()))
}

fn ballots_of(record: &csv::ByteRecord, line: u64) -> Result<usize, TableError> {
    let text = String::from_utf8_lossy(record.iter().next_back().unwrap_or_default()).trim().to_owned();
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(TableError::Count { line, found: text.chars().take(80).collect() }),
    }
}

/// Names written all in capitals are easier to read with small letters; any other spelling stays.
fn shown(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut begins = true;
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if begins {
            text.push(character);
        } else {
            text.extend(character.to_lowercase());
        }
        begins = !character.is_alphanumeric();
    }
    text.nfc().collect()
}

#[cfg(test)]
mod tests;
