//! A list as a spreadsheet exports it, taken apart into rows with their lines (ROL-10).

use super::fault::{Faults, ListFault};
use std::io;

/// What a byte order mark becomes in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// The separators that spreadsheets use, in the order in which they are tried.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A column that a list may have.
pub(super) struct Column {
    /// What it is called in the header, in whatever case.
    pub(super) name: &'static str,
    /// Whether the list is none without it.
    pub(super) needed: bool,
}

/// One row: what stands in each known column, trimmed; empty where the list lacks the column.
pub(super) struct Row {
    /// The line it begins in, counted from 1.
    pub(super) line: u64,
    cells: Vec<String>,
}

impl Row {
    /// What stands in the column at this place of the columns asked for.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A list taken apart. Rows that cannot be taken apart are among the faults instead.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

/// Reads all rows. Faults of the header end it, for then no row can be understood.
pub(super) fn read(mut reader: impl io::Read, columns: &[Column], faults: &mut Faults) -> Table {
    let mut table = Table { rows: Vec::new() };
    let mut bytes = Vec::new();
    if let Err(error) = reader.read_to_end(&mut bytes) {
        faults.add(1, || ListFault::Unreadable(error));
        return table;
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        faults.add(1, || ListFault::Utf16);
        return table;
    }
    // Lines keep their numbers, so that the other faults can be told as well.
    let text = text_of(bytes.strip_prefix(MARK).unwrap_or(&bytes), faults);
    let (separator, skipped) = separator(&text, columns);
    let text = text.get(skipped..).unwrap_or("");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), position: 0, line: if skipped > 0 { 2 } else { 1 } };
    let mut places: Option<Vec<Option<usize>>> = None;
    let mut width = 0;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(lines.line, |position| lines.of(position.byte()));
                faults.add(line, || ListFault::Csv(error));
                continue;
            }
        };
        let line = record.position().map_or(lines.line, |position| lines.of(position.byte()));
        // What a spreadsheet leaves below its last row.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(places) = &places else {
            width = record.len();
            let Some(found) = header(line, &record, columns, faults) else { return table };
            places = Some(found);
            continue;
        };
        if record.len() != width {
            let found = record.len();
            faults.add(line, || ListFault::Cells { expected: width, found });
            continue;
        }
        let cell = |place: &Option<usize>| place.and_then(|place| record.get(place)).unwrap_or("").to_owned();
        table.rows.push(Row { line, cells: places.iter().map(cell).collect() });
    }
    if places.is_none() {
        faults.add(1, || ListFault::Empty { columns: names(columns) });
    }
    table
}

/// Where each known column stands; nothing if the header is at fault.
fn header(
    line: u64,
    record: &csv::StringRecord,
    columns: &[Column],
    faults: &mut Faults,
) -> Option<Vec<Option<usize>>> {
    let before = faults.count();
    let mut places = vec![None; columns.len()];
    for (place, title) in record.iter().enumerate() {
        let known = columns.iter().position(|column| column.name.eq_ignore_ascii_case(title));
        match known.and_then(|known| places.get_mut(known)) {
            Some(Some(_)) => faults.add(line, || ListFault::ColumnTwice(title.to_owned())),
            Some(empty) => *empty = Some(place),
            None => faults.add(line, || ListFault::Column { found: title.to_owned(), columns: names(columns) }),
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.needed && place.is_none() {
            faults.add(line, || ListFault::NoColumn { missing: column.name, columns: names(columns) });
        }
    }
    (faults.count() == before).then_some(places)
}

fn names(columns: &[Column]) -> String {
    let name = |column: &Column| if column.needed { column.name.to_owned() } else { format!("[{}]", column.name) };
    columns.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The bytes as text; a line that is not UTF-8 is a fault.
fn text_of(bytes: &[u8], faults: &mut Faults) -> String {
    let (mut rest, mut line, mut last) = (bytes, 1u64, 0);
    while let Err(error) = std::str::from_utf8(rest) {
        let (good, bad) = rest.split_at(error.valid_up_to());
        line = line.saturating_add(newlines(good));
        if last != line {
            faults.add(line, || ListFault::NotUtf8);
            last = line;
        }
        rest = bad.get(error.error_len().unwrap_or(bad.len())..).unwrap_or(&[]);
    }
    String::from_utf8_lossy(bytes).into_owned()
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// The separator, and how many bytes of a line that only states it: the one that finds most of the known columns in the header.
fn separator(text: &str, columns: &[Column]) -> (u8, usize) {
    let first = text.split('\n').next().unwrap_or("");
    // `sep=;` as the first line is how some spreadsheets say it.
    if let Some(stated) = first.trim().strip_prefix("sep=")
        && let [stated] = stated.as_bytes()
        && SEPARATORS.contains(stated)
    {
        return (*stated, text.len().min(first.len().saturating_add(1)));
    }
    let header = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or("");
    let known = |separator: &&u8| {
        let titles = header.split(char::from(**separator)).map(|title| title.trim().trim_matches('"').trim());
        titles.filter(|title| columns.iter().any(|column| column.name.eq_ignore_ascii_case(title))).count()
    };
    // Of equals the first: a comma.
    let best = SEPARATORS.iter().rev().max_by_key(known);
    (best.copied().unwrap_or(b','), 0)
}

/// Turns ascending byte positions into lines.
struct Lines<'t> {
    text: &'t [u8],
    position: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte at or after this one that ends no line. A carriage return and a line feed end one line together.
    fn of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(found) = self.text.get(self.position) {
            let ends = matches!(found, b'\n' | b'\r');
            if self.position >= byte && !ends {
                break;
            }
            let pair = *found == b'\r' && self.text.get(self.position.saturating_add(1)) == Some(&b'\n');
            if ends && !pair {
                self.line = self.line.saturating_add(1);
            }
            self.position = self.position.saturating_add(1);
        }
        self.line
    }
}
