//! The results as a table in the layout of OpenElections (REP-10 to REP-15).

use super::{
    ContestResult, FormatError, Report,
    lines::{Line, Measure, Subject, lines},
    words::plain,
};
use ::csv::{QuoteStyle, Terminator, WriterBuilder};
use protocol::{
    Contest, ContestKind,
    counting::{Detail, Tie},
};

/// REP-10: the seven columns of OpenElections, its `winner`, and two that say what a figure is and how far it may be relied on.
const COLUMNS: [&str; 10] =
    ["county", "precinct", "office", "district", "party", "candidate", "votes", "winner", "figure", "status"];

/// A table, and what was changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvTable {
    /// The file.
    pub text: String,
    /// Cells in which a mark was set so that no spreadsheet takes them for a formula (REP-14).
    pub defused: usize,
}

impl Report {
    /// The results as CSV (REP-10).
    ///
    /// # Errors
    /// [`FormatError::NoResults`] if the report shows none (REP-1).
    pub fn csv(&self) -> Result<CsvTable, FormatError> {
        let ballot = self.ballot.as_ref().filter(|_| !self.results.is_empty()).ok_or(FormatError::NoResults)?;
        let writer = WriterBuilder::new()
            .quote_style(QuoteStyle::NonNumeric)
            .terminator(Terminator::CRLF)
            .from_writer(Vec::new());
        let mut sheet = Sheet { writer, county: ballot.title.clone(), partial: self.is_partial(), defused: 0 };
        sheet.writer.write_record(COLUMNS).map_err(|_| FormatError::Memory)?;
        sheet.turnout(self)?;
        for result in &self.results {
            let contest = ballot.contest(result.contest).ok_or(FormatError::NoResults)?;
            sheet.contest(contest, result)?;
        }
        let bytes = sheet.writer.into_inner().map_err(|_| FormatError::Memory)?;
        let text = String::from_utf8(bytes).map_err(|_| FormatError::Memory)?;
        Ok(CsvTable { text, defused: sheet.defused })
    }
}

/// One row; what is not said stays empty.
#[derive(Default)]
struct Row<'a> {
    precinct: &'a str,
    office: &'a str,
    party: &'a str,
    candidate: &'a str,
    votes: u128,
    winner: &'a str,
    figure: &'a str,
    status: &'a str,
}

struct Sheet {
    writer: ::csv::Writer<Vec<u8>>,
    county: String,
    partial: bool,
    defused: usize,
}

impl Sheet {
    fn row(&mut self, row: &Row<'_>) -> Result<(), FormatError> {
        let county = self.county.clone();
        let texts = [&county, row.precinct, row.office, "", row.party, row.candidate].map(defused);
        // A currency's name is somebody's text too.
        let (figure, changed) = defused(row.figure);
        self.defused = self.defused.saturating_add(usize::from(changed));
        self.defused = self.defused.saturating_add(texts.iter().filter(|(_, changed)| *changed).count());
        let votes = row.votes.to_string();
        let rest = [votes.as_str(), row.winner, figure.as_str(), row.status];
        let cells = texts.iter().map(|(text, _)| text.as_str()).chain(rest);
        self.writer.write_record(cells).map_err(|_| FormatError::Memory)
    }

    /// REP-11: who could vote and who did, by unit and altogether.
    fn turnout(&mut self, report: &Report) -> Result<(), FormatError> {
        let Some(figures) = &report.figures else { return Ok(()) };
        let status = self.status("decrypted");
        let units = figures.units.iter().map(|unit| (unit.unit.as_str(), unit.credentials, unit.counted));
        for (precinct, credentials, counted) in units.chain([("", figures.credentials, figures.counted)]) {
            let (votes, figure) = (credentials.into(), "credentials");
            self.row(&Row { precinct, office: "Registered Voters", votes, figure, status, ..Row::default() })?;
            let (votes, figure) = (counted.into(), "ballots");
            self.row(&Row { precinct, office: "Ballots Cast", votes, figure, status, ..Row::default() })?;
        }
        Ok(())
    }

    /// REP-15: the word of the last column.
    fn status(&self, of: &'static str) -> &'static str {
        match of {
            "withheld" | "awaited" => of,
            _ if self.partial => "partial",
            _ => "complete",
        }
    }

    fn contest(&mut self, contest: &Contest, result: &ContestResult) -> Result<(), FormatError> {
        for group in &result.groups {
            // REP-12
            let precinct = match group.units.as_slice() {
                [one] => one.clone(),
                merged => format!("Merged: {}", merged.join(" + ")),
            };
            let part = Part {
                precinct: &precinct,
                counted: group.counted,
                weight: group.weight,
                lines: if group.slots.is_empty() {
                    Vec::new()
                } else {
                    let totals: Vec<u64> = group.slots.iter().map(|slot| slot.total).collect();
                    lines(contest, &totals, group.weight, None)
                },
                status: self.status(group.status),
            };
            self.part(contest, result, &part)?;
        }
        let together = Part {
            precinct: "",
            counted: result.counted,
            weight: result.weight,
            lines: result.lines(contest),
            status: if result.is_whole() { self.status("decrypted") } else { "partial" },
        };
        self.part(contest, result, &together)
    }

    fn part(&mut self, contest: &Contest, result: &ContestResult, part: &Part<'_>) -> Result<(), FormatError> {
        let Part { precinct, status, .. } = *part;
        let office = contest.title.as_str();
        let counted = [("Ballots Cast", part.counted, "ballots"), ("Weight Cast", part.weight, "weight")];
        for (candidate, votes, figure) in counted.into_iter().filter(|row| row.2 == "ballots" || part.counted != row.1)
        {
            self.row(&Row { precinct, office, candidate, votes: votes.into(), figure, status, ..Row::default() })?;
        }
        for line in &part.lines {
            let (office, party, candidate) = named(contest, line);
            let figure = line.measure.words();
            let winner = if precinct.is_empty() { result.winner(line) } else { "" };
            let (party, office, candidate, figure) = (&party, &office, &candidate, &figure);
            self.row(&Row { precinct, office, party, candidate, votes: line.count, winner, figure, status })?;
        }
        Ok(())
    }
}

struct Part<'a> {
    precinct: &'a str,
    counted: u64,
    weight: u64,
    lines: Vec<Line>,
    status: &'a str,
}

impl ContestResult {
    /// The lines of all groups together; none if there is no such total.
    pub(super) fn lines(&self, contest: &Contest) -> Vec<Line> {
        if self.slots.is_empty() {
            return Vec::new();
        }
        let totals: Vec<u64> = self.slots.iter().map(|slot| slot.total).collect();
        let summed = self.groups.iter().filter(|group| group.status != "withheld");
        lines(contest, &totals, summed.map(|group| group.weight).sum(), self.outcome.as_ref())
    }

    /// REP-4: whether the totals of all groups together are those of every counted ballot.
    pub(super) fn is_whole(&self) -> bool {
        self.groups.iter().all(|group| matches!(group.status, "decrypted" | "empty"))
    }

    /// REP-4: whether an option is elected, where that is settled.
    pub(super) fn elected(&self, option: usize) -> Option<bool> {
        let outcome = self.outcome.as_ref().filter(|outcome| self.is_whole() && outcome.seats > 0)?;
        let unbroken =
            |ties: &[Tie], of: usize| ties.iter().any(|tie| tie.broken_by.is_none() && tie.among.contains(&of));
        // CNT-15: a seat for which lists tie may become that of any of their candidates.
        let of_lists = match &outcome.detail {
            Detail::Lists { lists, ties } => {
                lists.iter().any(|list| list.candidates.contains(&option) && unbroken(ties, list.list))
            }
            _ => false,
        };
        let open = of_lists || unbroken(&outcome.ties, option);
        let elected = outcome.winners.contains(&option);
        if open && !elected { None } else { Some(elected) }
    }

    fn winner(&self, line: &Line) -> &'static str {
        let Subject::Option(option) = line.subject else { return "" };
        match self.elected(option).filter(|_| line.measure.decides()) {
            Some(true) => "TRUE",
            Some(false) => "FALSE",
            None => "",
        }
    }
}

/// REP-13: office, party and candidate of a line.
fn named(contest: &Contest, line: &Line) -> (String, String, String) {
    let name = |option: usize| contest.options.get(option).cloned().unwrap_or_default();
    let list = |list: usize| match &contest.kind {
        ContestKind::Lists { lists, .. } => lists.get(list).map_or_else(String::new, |list| list.name.clone()),
        _ => String::new(),
    };
    let part = |option: usize| contest.parts().iter().position(|range| range.contains(&option)).unwrap_or(0);
    let office = match (&contest.kind, line.subject) {
        (ContestKind::Linked { questions }, Subject::Option(option)) => {
            let question = questions.get(part(option)).map_or("", |question| question.title.as_str());
            format!("{}: {question}", contest.title)
        }
        _ => contest.title.clone(),
    };
    match (line.subject, &line.measure) {
        (Subject::Option(option), Measure::Place(place)) => {
            (office, String::new(), format!("{}, place {place}", name(option)))
        }
        (Subject::Option(option), Measure::Before(other)) => {
            (office, String::new(), format!("{} before {}", name(option), name(*other)))
        }
        (Subject::Option(option), _) => (office, list(part(option)), name(option)),
        (Subject::List(number), _) => (office, list(number), list(number)),
        (Subject::Contest, _) => (office, String::new(), "Blank".into()),
    }
}

/// REP-14: a text that no spreadsheet takes for a formula, and whether it had to be changed. Characters that steer what stands around them
/// show as themselves (VER-17); where a cell begins, or would begin if a reader divided the line elsewhere, a formula's first character
/// gets an apostrophe before it.
fn defused(text: &str) -> (String, bool) {
    let (shown, mut safe, mut begins, mut changed) = (plain(text), String::new(), true, false);
    for character in shown.chars() {
        if begins && matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            safe.push('\'');
            changed = true;
        }
        begins = match character {
            ',' | ';' | '|' | '"' => true,
            other => begins && other.is_whitespace(),
        };
        safe.push(character);
    }
    (safe, changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            (" @SUM(A1)", " '@SUM(A1)"),
            ("-2", "'-2"),
            ("＝1", "'＝1"),
            ("a;=1", "a;'=1"),
            ("a\";\"+b", "a\";\"'+b"),
        ] {
            assert_eq!(defused(text), (safe.to_owned(), true), "{text}");
        }
        for harmless in ["'=1", "Anna-Lena", "2 + 2", "", "a@b.example", "O'Neil"] {
            assert_eq!(defused(harmless), (harmless.to_owned(), false));
        }
        // A tab or a line's end cannot divide a cell: it shows as itself.
        assert_eq!(defused("a\t=1").0, "a\\u{9}=1");
    }
}
