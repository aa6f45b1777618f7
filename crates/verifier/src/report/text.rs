//! The report as text for a terminal.

use super::{
    Report, Status,
    outcome::Table,
    results::{ContestResult, SlotTotal},
    trustees,
    words::{percent, plain, thousands, wrapped},
};
use crate::verdict::Verdict;
use std::fmt::{self, Write as _};

/// Characters of a sentence in one line.
const WIDTH: usize = 100;

impl Report {
    /// The report as text (VER-16, VER-17). The first line is the verdict; waivers come before all else.
    pub fn text(&self) -> String {
        let mut text = String::new();
        write(self, &mut text).expect("writing to memory cannot fail");
        text
    }
}

fn write(report: &Report, to: &mut String) -> fmt::Result {
    writeln!(to, "{}", plain(&report.headline))?;
    for waiver in &report.waivers {
        writeln!(to, "WAIVED: {}", plain(&waiver.text))?;
    }
    if let Some(policy) = &report.witness_policy {
        writeln!(to, "WITNESSES: {}", plain(&policy.text))?;
    }
    if let Some(weights) = &report.weights {
        writeln!(to, "WEIGHTS: {}", plain(&weights.text))?;
    }
    match &report.verdict {
        Verdict::Incomplete { missing } => {
            missing.iter().try_for_each(|one| writeln!(to, "missing: {}", plain(one)))?
        }
        Verdict::Invalid(failure) => {
            writeln!(to, "  rule      {}: {}", failure.rule, plain(failure.text))?;
            if let Some(entry) = failure.entry {
                writeln!(to, "  entry     {entry}")?;
            }
            if let Some(place) = &failure.place {
                writeln!(to, "  where     {}", plain(place))?;
            }
            writeln!(to, "  expected  {}", plain(&failure.expected))?;
            writeln!(to, "  found     {}", plain(&failure.found))?;
        }
        Verdict::Valid | Verdict::Unreadable { .. } => {}
    }
    writeln!(to, "\nChecks")?;
    for check in &report.checks {
        let status = match check.status {
            Status::Passed => "passed     ",
            Status::Failed => "FAILED     ",
            Status::NotReached => "not reached",
        };
        writeln!(to, "{:>3}  {status}  {:<30} {}", check.number, check.title, check.count())?;
    }
    if let Some(election) = &report.election {
        let active = election.trustees.iter().filter(|trustee| trustee.active).count();
        let of = election.trustees.len();
        writeln!(to, "\n{}", plain(&election.title))?;
        writeln!(
            to,
            "  authority {}; {} decrypt of {of} trustees, {active} active",
            plain(&election.authority),
            election.threshold
        )?;
        writeln!(to, "  {}; closing time {}", election.revote, election.closing_time)?;
        // MAN-42
        if let Some(pages) = &election.pages {
            let places = plain(&pages.places());
            writeln!(to, "  pages for browsers: bundle {}, ballots taken by {places}", pages.bundle)?;
        }
        writeln!(to, "  log {} with {} entries", plain(&election.log_origin), thousands(election.entries))?;
        // VER-22
        for log in election.logs.iter().filter(|_| election.logs.len() > 1) {
            let witnesses: Vec<String> = log.witnesses.iter().map(|(name, _)| plain(name)).collect();
            writeln!(
                to,
                "    log {}: {}, from entry {}, {} entries, cosigned by {}",
                log.number,
                plain(&log.origin),
                thousands(log.first),
                thousands(log.entries),
                if witnesses.is_empty() { "nobody".into() } else { witnesses.join(", ") }
            )?;
        }
    }
    report.results.iter().try_for_each(|contest| write_contest(contest, to))?;
    write_grouping(report, to)?;
    write_figures(report, to)?;
    write_overrides(report, to)?;
    write_ceremony(report, to)
}

fn write_contest(contest: &ContestResult, to: &mut String) -> fmt::Result {
    writeln!(to, "\nContest {}: {} ({})", contest.contest, plain(&contest.title), plain(&contest.rule))?;
    writeln!(to, "  {} ballots counted, of weight {}", thousands(contest.counted), thousands(contest.weight))?;
    for sentence in contest.sentences() {
        writeln!(to, "  {}", plain(&sentence))?;
    }
    let tables = contest.tables();
    if tables.is_empty() {
        write_slots(&contest.slots, contest.weight, to)?;
    }
    tables.iter().try_for_each(|table| write_table(table, to))?;
    let alone = contest.groups.len() == 1 && !contest.slots.is_empty();
    for group in contest.groups.iter().filter(|_| !alone) {
        let units: Vec<String> = group.units.iter().map(|unit| plain(unit)).collect();
        let counted = thousands(group.counted);
        writeln!(to, "  tally group {} ({}): {counted} ballots, {}", group.group, units.join(", "), group.status)?;
        write_slots(&group.slots, group.weight, to)?;
    }
    Ok(())
}

/// A table in columns as wide as they need to be.
fn write_table(table: &Table, to: &mut String) -> fmt::Result {
    let length = |text: &String| plain(text).chars().count();
    let mut widths: Vec<usize> = table.columns.iter().map(length).collect();
    for (heading, cells) in &table.rows {
        for (width, cell) in widths.iter_mut().zip(std::iter::once(heading).chain(cells)) {
            *width = length(cell).max(*width);
        }
    }
    let (first, others) = widths.split_first().unwrap_or((&0, &[]));
    let mut line = |heading: &str, cells: &mut dyn Iterator<Item = &String>| {
        let cells: Vec<String> = cells.zip(others).map(|(cell, width)| format!("  {:>width$}", plain(cell))).collect();
        let line = format!("    {:<first$}{}", plain(heading), cells.concat());
        writeln!(to, "{}", line.trim_end())
    };
    line(&table.caption, &mut std::iter::empty())?;
    line(table.columns.first().map_or("", String::as_str), &mut table.columns.iter().skip(1))?;
    table.rows.iter().try_for_each(|(heading, cells)| line(heading, &mut cells.iter()))
}

fn write_slots(slots: &[SlotTotal], weight: u64, to: &mut String) -> fmt::Result {
    for slot in slots {
        let share = percent(slot.total, weight);
        writeln!(to, "    {:<40} {:>12}  {share:>7}", plain(&slot.name), thousands(slot.total))?;
    }
    Ok(())
}

fn write_figures(report: &Report, to: &mut String) -> fmt::Result {
    let Some(figures) = &report.figures else { return Ok(()) };
    writeln!(to, "\nFigures")?;
    let turnout = percent(figures.counted, figures.credentials);
    let rows = [
        ("credentials on the roll", figures.credentials),
        ("ballots recorded", figures.ballots),
        ("ballots counted", figures.counted),
        ("superseded by a later ballot", figures.superseded),
        ("rows overridden: voted in person", figures.overridden),
        ("ballots that do not count for that", figures.overridden_ballots),
        ("after the closing time, by the board's clock", figures.late),
        ("audits published", figures.audits),
        ("credentials replaced", figures.replacements),
        ("extensions", figures.extensions),
        ("notices", figures.notices),
    ];
    for (name, count) in rows {
        writeln!(to, "  {name:<45} {:>12}", thousands(count))?;
    }
    writeln!(to, "  {:<45} {turnout:>12}", "turnout")?;
    for unit in figures.units.iter().filter(|_| figures.units.len() > 1) {
        let turnout = percent(unit.counted, unit.credentials);
        writeln!(
            to,
            "  {}: {} of {} ({turnout})",
            plain(&unit.unit),
            thousands(unit.counted),
            thousands(unit.credentials)
        )?;
    }
    Ok(())
}

/// TAL-8, TAL-12: which totals are of several units, or are none, and why.
fn write_grouping(report: &Report, to: &mut String) -> fmt::Result {
    if report.grouping.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nUnits that were too small alone")?;
    for one in &report.grouping {
        let text = format!("contest {}, tally group {}: {}", one.contest, one.group, plain(&one.text));
        wrapped(&text, WIDTH).iter().try_for_each(|line| writeln!(to, "  {line}"))?;
    }
    Ok(())
}

/// OVR-6.
fn write_overrides(report: &Report, to: &mut String) -> fmt::Result {
    if report.overrides.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nOverridden rows: their voters voted in person")?;
    for one in &report.overrides {
        let (unit, reason) = (plain(&one.unit), plain(&one.reason));
        let text = format!("row {} ({unit}, weight {}): {reason}; {}", one.row, one.weight, one.ballots());
        let entry = format!("entry {}", one.entry);
        for (place, line) in wrapped(&text, WIDTH).iter().enumerate() {
            writeln!(to, "  {:<10}  {line}", if place == 0 { entry.as_str() } else { "" })?;
        }
    }
    Ok(())
}

/// VER-34: the story, and each trustee at a glance.
fn write_ceremony(report: &Report, to: &mut String) -> fmt::Result {
    let Some(ceremony) = &report.ceremony else { return Ok(()) };
    writeln!(to, "\nThe key ceremony")?;
    for one in &ceremony.story {
        let entry = one.entry.map_or_else(|| "awaited".to_owned(), |entry| format!("entry {entry}"));
        let text = format!("{} [{}]", plain(&one.text), one.rule);
        let lines = wrapped(&text, WIDTH);
        for (place, line) in lines.iter().enumerate() {
            writeln!(to, "  {:<10}  {line}", if place == 0 { entry.as_str() } else { "" })?;
        }
    }
    writeln!(to, "\nTrustees")?;
    for row in trustees::rows(report) {
        let said: Vec<&String> = [&row.standing].into_iter().chain(&row.deeds).filter(|one| !one.is_empty()).collect();
        let said: Vec<&str> = said.into_iter().map(String::as_str).collect();
        let said = if said.is_empty() { "nothing yet".to_owned() } else { said.join("; ") };
        writeln!(to, "  trustee {} ({}): {said}", row.number, plain(&row.name))?;
    }
    Ok(())
}
