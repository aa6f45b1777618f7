//! `vitrine bench board`: one table of what this machine's disk, database and board can do, load generator included, every figure from
//! the same run.

mod load;

use crate::{
    console::Console,
    failure::{Failure, OrFail as _},
};
use bulletin_board::{
    Database,
    bench::{AT_ONCE, Figures, bare_inserts, raw_appends, schema},
};
use clap::{Args, Subcommand};
use hdrhistogram::Histogram;
use std::{fmt::Write as _, path::Path, time::Duration};
use verifier::{ExitCode, thousands};

/// Measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Board(Arguments),
}

/// Measure how fast a board takes entries on this machine, load generator included.
///
/// Four rows for each database: a bare multi-row insert with a UNIQUE key; raw appends through the board's store (tree, signed
/// checkpoint, commit); signed entries over HTTP; and ballots over HTTP with all proofs checked. All of them flush the disk at every
/// commit. What is sent is signed and sealed beforehand.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How long each row runs
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// Bytes of an entry in the first three rows
    #[arg(long, value_name = "BYTES", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(64..=8192))]
    bytes: u32,
    /// Ballots to seal for the last row; it ends early when they are used up
    #[arg(long, value_name = "N", default_value_t = 60_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    ballots: u32,
    /// Folder for the SQLite files: on the disk that is to be measured [default: a temporary one]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<std::path::PathBuf>,
    /// An empty PostgreSQL database to measure as well: postgres://user@host/database; schemas are made in it, and stay
    #[arg(long, value_name = "URL", env = "VITRINE_BENCH_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
}

/// One line of the table.
struct Row {
    database: &'static str,
    what: &'static str,
    figures: Figures,
}

/// Where the parts of one run keep their rows: apart, so that none finds another's.
struct Databases<'a> {
    name: &'static str,
    folder: &'a Path,
    postgres: Option<&'a str>,
}

impl Databases<'_> {
    /// A fresh database for one row.
    async fn fresh(&self, part: &'static str) -> Result<Database, Failure> {
        match self.postgres {
            None => Ok(Database::from(self.folder.join(format!("{part}.sqlite")))),
            Some(url) => schema(&Database::new(url), part).await.or_fail(),
        }
    }
}

/// Runs it.
pub(crate) async fn run(Command::Board(arguments): Command, console: &Console) -> Result<ExitCode, Failure> {
    let temporary = tempfile::tempdir().or_fail()?;
    let folder = arguments.folder.as_deref().unwrap_or(temporary.path());
    let mut all = vec![Databases { name: "SQLite", folder, postgres: None }];
    if let Some(url) = &arguments.postgres {
        all.push(Databases { name: "PostgreSQL", folder, postgres: Some(url) });
    }
    let mut rows = Vec::new();
    for databases in &all {
        rows.extend(measure(databases, &arguments, console).await?);
    }
    if console.json() {
        console.result(json(&rows));
    } else {
        console.result(table(&rows));
        if arguments.postgres.is_none() {
            console.note("PostgreSQL was not measured: --postgres names an empty database of one.");
        }
    }
    Ok(ExitCode::Valid)
}

async fn measure(databases: &Databases<'_>, arguments: &Arguments, console: &Console) -> Result<Vec<Row>, Failure> {
    let duration = Duration::from_secs(arguments.seconds);
    let bytes = usize::try_from(arguments.bytes).or_fail()?;
    let row = |what, figures| Row { database: databases.name, what, figures };
    let mut rows = Vec::new();
    let step = console.step("bare insert");
    rows.push(row(
        "bare insert",
        bare_inserts(&databases.fresh("vitrine_bench_bare").await?, bytes, duration).await.or_fail()?,
    ));
    step.done(databases.name);
    let step = console.step("raw appends");
    rows.push(row(
        "raw appends",
        raw_appends(&databases.fresh("vitrine_bench_raw").await?, bytes, duration).await.or_fail()?,
    ));
    step.done(databases.name);
    let step = console.step("over HTTP");
    let figures = load::signed_entries(databases.fresh("vitrine_bench_signed").await?, bytes, duration).await?;
    rows.push(row("over HTTP, signature checked", figures));
    step.done(databases.name);
    let step = console.step("ballots");
    let figures = load::ballots(databases.fresh("vitrine_bench_ballots").await?, arguments.ballots, duration).await?;
    rows.push(row("over HTTP, ballots fully checked", figures));
    step.done(databases.name);
    Ok(rows)
}

/// Entries a second, to the whole one.
fn rate(figures: &Figures) -> u64 {
    let microseconds = figures.elapsed.as_micros().max(1);
    u64::try_from(u128::from(figures.entries).saturating_mul(1_000_000) / microseconds).unwrap_or(u64::MAX)
}

/// `12.3`: milliseconds of a quantile in microseconds; a dash where nothing was counted.
fn quantile(histogram: &Histogram<u64>, quantile: f64) -> String {
    if histogram.is_empty() {
        return "-".to_owned();
    }
    let tenths = histogram.value_at_quantile(quantile) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<12} {:<34} {:>9} {:>9} {:>10} {:>10} {:>11}\n",
        "database", "what", "entries", "a second", "median ms", "99% ms", "commit 99%"
    );
    for Row { database, what, figures } in rows {
        let _ = writeln!(
            text,
            "{database:<12} {what:<34} {:>9} {:>9} {:>10} {:>10} {:>11}",
            thousands(figures.entries),
            thousands(rate(figures)),
            quantile(&figures.waits, 0.5),
            quantile(&figures.waits, 0.99),
            quantile(&figures.commits, 0.99),
        );
    }
    let _ = write!(
        text,
        "\nWaits are from sending to the answer after the commit, with {AT_ONCE} senders at once; of the bare insert, one statement of a\nwhole batch. Ratios to the bare insert of the same database:"
    );
    for row in rows.iter().filter(|row| row.what != "bare insert") {
        let bare = rows.iter().find(|bare| bare.database == row.database && bare.what == "bare insert");
        let percent = bare.map_or(0, |bare| rate(&row.figures).saturating_mul(100) / rate(&bare.figures).max(1));
        let _ = write!(text, "\n  {:<12} {:<34} {percent} %", row.database, row.what);
    }
    text
}

fn json(rows: &[Row]) -> String {
    let row = |Row { database, what, figures }: &Row| {
        serde_json::json!({
            "database": database,
            "what": what,
            "entries": figures.entries,
            "microseconds": u64::try_from(figures.elapsed.as_micros()).unwrap_or(u64::MAX),
            "per_second": rate(figures),
            "wait_median_us": figures.waits.value_at_quantile(0.5),
            "wait_99_us": figures.waits.value_at_quantile(0.99),
            "commit_99_us": (!figures.commits.is_empty()).then(|| figures.commits.value_at_quantile(0.99)),
        })
    };
    serde_json::json!({ "rows": rows.iter().map(row).collect::<Vec<_>>() }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_was_counted() {
        let mut bare = Figures::new();
        (bare.entries, bare.elapsed) = (10_000, Duration::from_secs(2));
        bare.waited(Duration::from_millis(12));
        let mut raw = Figures::new();
        (raw.entries, raw.elapsed) = (3_000, Duration::from_secs(1));
        let row = |what, figures| Row { database: "SQLite", what, figures };
        let text = table(&[row("bare insert", bare), row("raw appends", raw)]);
        assert!(text.contains("5,000") && text.contains("12.0") && text.contains("60 %"), "{text}");
    }

    /// Every row for real, for a moment.
    #[tokio::test(flavor = "multi_thread")]
    async fn all_rows_come_to_something() {
        let folder = tempfile::tempdir().unwrap();
        let databases = Databases { name: "SQLite", folder: folder.path(), postgres: None };
        let arguments = Arguments { seconds: 1, bytes: 300, ballots: 40, folder: None, postgres: None };
        let console = Console::new(crate::console::OutputOptions { quiet: true, ..Default::default() });
        let rows = measure(&databases, &arguments, &console).await.unwrap_or_else(|failure| panic!("{}", failure.text));
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.figures.entries > 0));
        assert_eq!(rows[3].figures.entries, 40, "every sealed ballot is cast");
    }
}
