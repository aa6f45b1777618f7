//! `cargo xtask mutants`: a sampled mutation check. A mutant that no test notices is a rule that no test guards.

use crate::command::{self, cargo, install_subcommand};
use anyhow::Result;

const MUTANTS_VERSION: &str = "27.1.0";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Packages whose lines are disabled.
    #[arg(long, default_values = ["vitrine-protocol", "vitrine-verifier"])]
    package: Vec<String>,
    /// Try one mutant in this many; 1 tries them all and takes hours.
    #[arg(long, default_value_t = 20)]
    one_in: u32,
    /// Which of those shares to try, from 0.
    #[arg(long, default_value_t = 0)]
    share: u32,
    /// Handed to cargo-mutants, for example `-- --list`.
    #[arg(last = true)]
    mutants: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    install_subcommand("mutants", MUTANTS_VERSION)?;
    let mut mutants = cargo(["mutants", "--no-shuffle", "--in-place"]);
    for package in &options.package {
        mutants.args(["--package", package]);
    }
    // The rules are asserted by the tests of their own crate and by whole elections in `tests/`.
    mutants.args(["--test-package", "vitrine-tests"]);
    for package in &options.package {
        mutants.args(["--test-package", package]);
    }
    mutants.arg("--shard").arg(format!("{}/{}", options.share, options.one_in));
    command::run(mutants.args(&options.mutants))
}
