//! `cargo xtask bench`: the criterion benches.

use crate::command::{self, cargo};
use anyhow::Result;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only this package, for example vitrine-crypto.
    #[arg(long)]
    package: Option<String>,
    /// Handed to criterion, for example `-- --quick` or `-- verify`.
    #[arg(last = true)]
    criterion: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    // `--bench '*'` and not `--benches`: the latter also starts the unit-test harness, which knows no criterion flags.
    let mut bench = cargo(["bench", "--locked", "--bench", "*"]);
    match &options.package {
        Some(package) => bench.args(["--package", package]),
        None => bench.arg("--workspace"),
    };
    command::run(bench.arg("--").args(&options.criterion))
}
