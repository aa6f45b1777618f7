//! The decrypted totals and the outcome beside a plain count of the file.

use super::{
    officials::THRESHOLD,
    paper::{Paper, Poll},
    summary::Summary,
};
use protocol::counting::Outcome;
use serde::Serialize;
use std::fmt::Write as _;
use verifier::{plain, thousands};

/// One slot of the result.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    /// The place, from 1, where places are counted.
    place: Option<usize>,
    option: String,
    /// Decrypted and verified.
    election: Option<u64>,
    /// Counted from the file without cryptography.
    file: u64,
    /// What the city published, where it published this.
    city: Option<u64>,
}

impl Line {
    /// All slots of the plain count, each with the total at the same place of the report.
    fn all(poll: &Poll, totals: &[u64]) -> Vec<Self> {
        let name = |option: usize| poll.table.options.get(option).cloned();
        let counted = poll.count().into_iter().enumerate();
        let line = counted.map(|(slot, counted)| Self {
            place: counted.place,
            option: counted.option.and_then(name).unwrap_or_else(|| "blank".to_owned()),
            election: totals.get(slot).copied(),
            file: counted.total,
            city: poll.official(&counted),
        });
        line.collect()
    }

    fn agrees(&self) -> bool {
        self.election == Some(self.file) && self.city.is_none_or(|city| city == self.file)
    }
}

/// Whether the slots of the record are those of the plain count, every number the same.
fn agree(lines: &[Line], totals: &[u64]) -> bool {
    lines.len() == totals.len() && lines.iter().all(Line::agrees)
}

/// Whether the plain count gives each option the same points, and the same winner: nobody where several have most.
fn won_alike(outcome: &Outcome, poll: &Poll) -> bool {
    let points = poll.points_of_options().into_iter().map(u128::from);
    outcome.options.iter().map(|figure| figure.points).eq(points) && outcome.winners.iter().copied().eq(poll.winner())
}

impl Summary {
    /// The decrypted totals; none if the report has none.
    fn decrypted(&self) -> Vec<u64> {
        let slots = self.report.results.first().map_or(&[][..], |contest| contest.slots.as_slice());
        slots.iter().map(|slot| slot.total).collect()
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        Line::all(&self.poll, &self.decrypted())
    }

    /// Who won, as the verifier found it.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        self.report.results.first().and_then(|contest| contest.outcome.as_ref())
    }

    /// The points of each option where no slot holds them, because places are what is decrypted.
    fn points(&self) -> Vec<Line> {
        if self.poll.paper != Paper::Ranking {
            return Vec::new();
        }
        let figures = self.outcome().map_or(&[][..], |outcome| outcome.options.as_slice());
        let counted = self.poll.table.options.iter().zip(self.poll.points_of_options()).enumerate();
        let line = counted.map(|(option, (name, file))| Line {
            place: None,
            option: format!("  {name}"),
            election: figures.get(option).and_then(|figure| u64::try_from(figure.points).ok()),
            file,
            city: None,
        });
        line.collect()
    }

    /// Counted ballots, in the record.
    fn counted(&self) -> Option<u64> {
        self.report.results.first().map(|contest| contest.counted)
    }

    /// Cast ballots, in the file.
    fn in_file(&self) -> u64 {
        u64::try_from(self.poll.choices.len()).unwrap_or(u64::MAX)
    }

    /// The numbers of slots, of ballots, and of votes in every slot; the city's, where it published the same; and who won, by what points.
    pub(super) fn agrees(&self) -> bool {
        agree(&self.lines(), &self.decrypted())
            && self.counted() == Some(self.in_file())
            && self.outcome().is_some_and(|outcome| won_alike(outcome, &self.poll))
    }

    pub(super) fn totals(&self, to: &mut String) -> std::fmt::Result {
        writeln!(to, "\nRESULT: {}\n", plain(&self.poll.table.contest))?;
        let lines = self.lines();
        let columns = Columns::of(&self.poll, &lines);
        columns.write(&lines, to)?;
        let points = self.points();
        if !points.is_empty() {
            let worth: Vec<String> = self.poll.points().iter().map(u32::to_string).collect();
            writeln!(to, "  points: {}", worth.join(", "))?;
            columns.write_rows(&points, to)?;
        }
        columns.row("ballots", self.counted(), self.in_file(), None, to)?;
        let said = self.report.results.first().map_or(Vec::new(), verifier::ContestResult::sentences);
        if !said.is_empty() {
            writeln!(to)?;
        }
        said.iter().try_for_each(|sentence| writeln!(to, "{}", plain(sentence)))?;
        let what = self.poll.paper.counts();
        let city = if lines.iter().any(|line| line.city.is_some()) {
            ", and its first places are the city's official first round"
        } else {
            ""
        };
        if self.agrees() {
            writeln!(
                to,
                "\nThe totals that {THRESHOLD} trustees decrypted are those of a plain count of {what}{city}."
            )?;
        } else {
            writeln!(to, "\nThe totals are NOT all those of a plain count of {what}: see the lines that differ.")?;
        }
        if let Some(changed) = self.poll.changed() {
            writeln!(to, "{}.", normal_form(changed, self.poll.choices.len()))?;
        }
        Ok(())
    }
}

/// The table of lines.
struct Columns {
    width: usize,
    file: &'static str,
    city: bool,
}

impl Columns {
    fn of(poll: &Poll, lines: &[Line]) -> Self {
        let widths = lines.iter().map(|line| line.name().chars().count());
        Self {
            width: widths.max().unwrap_or(0).max(7),
            file: poll.counted_as(),
            city: lines.iter().any(|line| line.city.is_some()),
        }
    }

    fn write(&self, lines: &[Line], to: &mut String) -> std::fmt::Result {
        let width = self.width;
        let city = if self.city { "  city's round 1" } else { "" };
        writeln!(to, "  {:<width$}  {:>10}  {:>14}{city}", "", "election", self.file)?;
        self.write_rows(lines, to)
    }

    fn write_rows(&self, lines: &[Line], to: &mut String) -> std::fmt::Result {
        let mut place = None;
        for line in lines {
            if line.place != place {
                place = line.place;
                place.map_or(Ok(()), |place| writeln!(to, "  place {place}"))?;
            }
            self.row(&line.name(), line.election, line.file, line.city, to)?;
        }
        Ok(())
    }

    fn row(
        &self,
        name: &str,
        election: Option<u64>,
        file: u64,
        city: Option<u64>,
        to: &mut String,
    ) -> std::fmt::Result {
        let width = self.width;
        let shown = election.map_or("missing".to_owned(), thousands);
        write!(to, "  {name:<width$}  {shown:>10}  {:>14}", thousands(file))?;
        if let Some(city) = city {
            write!(to, "  {:>14}", thousands(city))?;
        }
        let agrees = election == Some(file) && city.is_none_or(|city| city == file);
        writeln!(to, "{}", if agrees { "" } else { "  DIFFERS" })
    }
}

impl Line {
    /// Below the heading of its place, if it has one.
    fn name(&self) -> String {
        let indent = if self.place.is_some() { "  " } else { "" };
        format!("{indent}{}", plain(&self.option))
    }
}

/// How much of the file was not in normal form.
pub(super) fn normal_form(changed: usize, rows: usize) -> String {
    let number = |number: usize| thousands(u64::try_from(number).unwrap_or(u64::MAX));
    let (changed, rows) = (number(changed), number(rows));
    format!(
        "{changed} of {rows} rows held a repeat, a gap or an overvote before their last choice: those were dropped, and the gaps closed"
    )
}
