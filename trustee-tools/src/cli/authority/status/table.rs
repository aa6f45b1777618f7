//! The status as a page for a terminal.

use super::{Group, Part, Status, TrusteeStatus};
use crate::guide::wording::item;
use std::fmt::{Display, Formatter, Result, Write as _};

/// Columns of a name in a table; longer ones are cut.
const NAME: usize = 24;

/// A table: its cells are as wide as the widest of their column, and what a column lacks everywhere is left out.
pub(super) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Display for Table {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            let heading = self.headings.get(column).map_or(0, |heading| heading.chars().count());
            cells.chain([heading]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let mut line = |cells: &mut dyn Iterator<Item = &str>| {
            let mut text = String::new();
            for (cell, width) in cells.zip(&widths) {
                write!(text, "  {cell:<width$}")?;
            }
            writeln!(formatter, "{}", text.trim_end())
        };
        line(&mut self.headings.iter().copied())?;
        self.rows.iter().try_for_each(|row| line(&mut row.iter().map(String::as_str)))
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME.saturating_sub(1)).chain(['…']).collect()
}

impl Display for Part {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Done { entry } => write!(formatter, "#{entry}"),
            Self::Awaited => formatter.write_str("awaited"),
            Self::Late => formatter.write_str("LATE"),
            Self::Later => formatter.write_str("-"),
            Self::Left => formatter.write_str("out"),
        }
    }
}

impl Status {
    pub(super) fn trustees(&self) -> Table {
        let mut headings = vec!["", "trustee", "commit", "deal", "check", "rehearse"];
        let counted = matches!(self.phase, "closed" | "tallied");
        let over = matches!(self.phase, "tallied" | "failed");
        if counted {
            headings.push("decrypt");
        }
        if over {
            headings.push("retired");
        }
        let open = self.groups.iter().filter(|group| group.status == "open").count();
        let row = |trustee: &TrusteeStatus| {
            let TrusteeStatus { index, name, commit, deal, check, rehearse, decrypted, wrong, retired, .. } = trustee;
            let mut row = vec![index.to_string(), short(name)];
            row.extend([commit, deal, check, rehearse].map(ToString::to_string));
            if counted {
                let wrong = if *wrong > 0 { format!(", {wrong} WRONG") } else { String::new() };
                let active = self.active_trustees.contains(index);
                row.push(if active { format!("{decrypted} of {open}{wrong}") } else { "out".to_owned() });
            }
            if over {
                row.push(retired.map_or("-".to_owned(), |entry| format!("#{entry}")));
            }
            row
        };
        Table { headings, rows: self.trustees.iter().map(row).collect() }
    }

    fn registrars(&self) -> Table {
        let row = |registrar: &super::RegistrarStatus| {
            let roll = format!("{} of {} chunks", registrar.chunks, registrar.of);
            vec![registrar.index.to_string(), short(&registrar.name), roll]
        };
        Table { headings: vec!["", "registrar", "roll"], rows: self.registrars.iter().map(row).collect() }
    }

    fn groups(&self) -> Table {
        let row = |group: &Group| {
            let totals = group.totals.as_ref();
            let totals = totals.map(|totals| totals.iter().map(u64::to_string).collect::<Vec<_>>().join(" "));
            vec![
                group.contest.to_string(),
                group.group.to_string(),
                group.status.to_owned(),
                group.counted.to_string(),
                format!("{} of {}", group.partials.len(), self.threshold),
                totals.unwrap_or_else(|| "-".to_owned()),
            ]
        };
        let headings = vec!["contest", "group", "status", "counted", "decrypted by", "totals"];
        Table { headings, rows: self.groups.iter().map(row).collect() }
    }

    fn lines(&self) -> Vec<(&'static str, Vec<String>)> {
        let awaited = self.awaited.iter().map(|awaited| {
            let by = awaited.by.as_ref().map_or(String::new(), |by| {
                if by.late { format!(", LATE: it was due {by}") } else { format!(", by {by}") }
            });
            format!("{} {} ({}): {}{by}", awaited.role, awaited.index, awaited.name, awaited.what)
        });
        let next = self.next.iter().map(|next| {
            let from = next
                .from
                .as_ref()
                .map_or("now".to_owned(), |from| if from.late { "now".to_owned() } else { format!("from {from}") });
            format!("vitrine authority {}, {from}: {}", next.command, next.what)
        });
        let units = self.units.iter().map(|unit| format!("{}: {} credentials", unit.name, unit.credentials));
        let declared = if self.units.len() > 1 { units.collect() } else { Vec::new() };
        let grouping = self.grouping.iter();
        let grouping = grouping.map(|one| format!("contest {}, tally group {}: {}", one.contest, one.group, one.text));
        let too_small = if self.phase == "voting" { "Too small alone, if voting ended now" } else { "Too small alone" };
        vec![
            ("Weights", self.weights.iter().map(|weights| weights.text.clone()).collect()),
            ("Units as declared", declared),
            (too_small, grouping.collect()),
            ("Weaker than recommended", self.weaknesses.clone()),
            ("What has happened", self.happened.clone()),
            ("Awaited", awaited.collect()),
            ("Next for the authority", next.collect()),
        ]
    }
}

impl Display for Status {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        writeln!(formatter, "{}", self.title)?;
        writeln!(formatter, "Fingerprint: {}", self.election)?;
        let stage = match (self.phase, self.ceremony.failed, self.ceremony.stage) {
            ("setup", _, 5) => ": the key ceremony is over".to_owned(),
            ("setup", _, stage) => format!(": the key ceremony is at stage {stage} of 4"),
            (_, true, stage) => format!(": the key ceremony failed at stage {stage} of 4"),
            _ => String::new(),
        };
        writeln!(formatter, "Phase: {} ({} entries){stage}", self.phase, self.entries)?;
        let (k, q, n) = (self.threshold, self.quorum, self.trustees.len());
        writeln!(formatter, "Trustees: any {k} of {n} decrypt; at least {q} must get through the ceremony")?;
        if !matches!(self.phase, "setup" | "failed") {
            writeln!(formatter, "Closing time: {}", self.closing_time)?;
            writeln!(formatter, "Ballots: {}", self.ballots)?;
            if self.overridden > 0 {
                writeln!(formatter, "Rows overridden, whose voters vote in person: {}", self.overridden)?;
            }
        }
        write!(formatter, "\n{}", self.trustees())?;
        if matches!(self.phase, "setup" | "failed") {
            write!(formatter, "\n{}", self.registrars())?;
        }
        if !self.groups.is_empty() {
            write!(formatter, "\n{}", self.groups())?;
        }
        writeln!(formatter, "\n  #12 is entry 12 of the record; out: takes no further part; -: not yet.")?;
        for (heading, lines) in self.lines().into_iter().filter(|(_, lines)| !lines.is_empty()) {
            writeln!(formatter, "\n{heading}")?;
            lines.iter().try_for_each(|line| write!(formatter, "{}", item(line)))?;
        }
        Ok(())
    }
}
