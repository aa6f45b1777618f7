//! Developer commands: `cargo xtask test`, `lint`, `deny`, `ci`, `fuzz`, `mutants`, `bench`, `web`.
//!
//! | command | what it answers |
//! |---|---|
//! | `test` | do all tests pass, and does the second verifier agree? |
//! | `lint` | formatted, free of warnings, documented? |
//! | `deny` | only crates, licences and sources we chose; no known vulnerability? |
//! | `ci` | all three, and are the committed pages what their sources give? |
//! | `fuzz` | does any decoder panic, hang or swallow memory on arbitrary bytes? |
//! | `mutants` | does a test fail when a line of the rules is disabled? |
//! | `bench` | how fast? |
//! | `web` | what runs in a browser, built |
#![allow(clippy::print_stderr, reason = "a program for the terminal: its notes go to stderr")]

mod bench;
mod command;
mod deny;
mod fuzz;
mod lint;
mod mutants;
mod requirements;
mod test;
mod web;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Developer commands of Vitrine.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test of the workspace, then the second verifier (Python).
    Test,
    /// Check format, clippy and rustdoc; any warning is an error.
    Lint,
    /// Check bans, licences and sources of all dependencies, and known vulnerabilities where the advisories are at hand.
    Deny,
    /// What CI runs: test, lint, deny, web --check.
    Ci,
    /// Run the fuzz targets, one after another (needs a nightly compiler and cargo-fuzz).
    Fuzz(fuzz::Options),
    /// Disable rules or change lines, one at a time, and see that a test fails.
    Mutants(mutants::Options),
    /// Run the criterion benches.
    Bench(bench::Options),
    /// Build what runs in a browser, by rustup's target for WebAssembly or Debian's packages, into `web/dist`.
    Web(web::Options),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Test => test::run(),
        Task::Lint => lint::run(),
        Task::Deny => deny::run(),
        Task::Ci => {
            test::run()?;
            lint::run()?;
            deny::run()?;
            web::check()
        }
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Mutants(options) => mutants::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Web(options) => web::run(&options),
    }
}
