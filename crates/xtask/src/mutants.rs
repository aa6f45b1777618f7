//! `cargo xtask mutants`: does a test fail when a rule is disabled? A mutant that no test notices is a rule that no test guards.
//!
//! Two kinds. `rules` disables the `demand!` lines of the fold, which is where the rules live; tools do not look into macros. `lines`
//! leaves the rest to cargo-mutants. Both try a sample, for each mutant costs a build and a run of the tests.

mod lines;
mod rules;

use anyhow::Result;
use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Disable rules of the fold, one at a time.
    Rules(Sample),
    /// Change other lines with cargo-mutants, one at a time.
    Lines(lines::Options),
}

/// Which mutants to try.
#[derive(Args)]
pub(crate) struct Sample {
    /// Try one mutant in this many; 1 tries them all.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    one_in: u16,
    /// Which of those shares to try, from 0.
    #[arg(long, default_value_t = 0)]
    share: u16,
    /// Only say which mutants there are.
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.kind {
        Kind::Rules(sample) => rules::run(sample),
        Kind::Lines(options) => lines::run(options),
    }
}

/// The crates whose tests may notice: a rule is asserted beside its code or by a whole election.
const TESTS: [&str; 3] = ["vitrine-protocol", "vitrine-verifier", "vitrine-tests"];
