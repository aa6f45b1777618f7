//! Mutants of ordinary lines, by cargo-mutants.

use super::{Sample, TESTS};
use crate::command::{self, cargo, install_subcommand};
use anyhow::Result;
use clap::Args;

const MUTANTS_VERSION: &str = "27.1.0";

#[derive(Args)]
pub(crate) struct Options {
    /// Packages whose lines are changed.
    #[arg(long, default_values = ["vitrine-protocol", "vitrine-verifier"])]
    package: Vec<String>,
    #[command(flatten)]
    sample: Sample,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    install_subcommand("mutants", MUTANTS_VERSION)?;
    let mut mutants = cargo(["mutants", "--output", "target", "--no-shuffle", "--sharding", "round-robin"]);
    for package in &options.package {
        mutants.args(["--package", package]);
    }
    for package in TESTS {
        mutants.args(["--test-package", package]);
    }
    mutants.arg("--shard").arg(format!("{}/{}", options.sample.share, options.sample.one_in));
    if options.sample.list {
        mutants.arg("--list");
    }
    command::run(&mut mutants)
}
