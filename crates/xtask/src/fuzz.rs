//! `cargo xtask fuzz`: every decoder on arbitrary bytes, each target for the same time.

use crate::command::{self, cargo, cargo_nightly, program, repository, skipped, succeeds};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// The fuzz targets' own workspace: they need a nightly compiler and flags of their own.
pub(crate) const MANIFEST: &str = "tests/fuzz/Cargo.toml";
const FOLDER: &str = "tests/fuzz";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How long to run each target.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only these targets; all, if none is named.
    targets: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    check_requirements()?;
    let all = targets()?;
    let chosen = if options.targets.is_empty() { &all } else { &options.targets };
    if let Some(unknown) = chosen.iter().find(|target| !all.contains(target)) {
        bail!("no fuzz target `{unknown}`; there are: {}", all.join(", "));
    }
    plant_seeds();
    // One build of all targets, so that the seconds are spent on fuzzing alone.
    command::run(&mut cargo_fuzz(["build"]))?;
    let mut failed = Vec::new();
    for target in chosen {
        let mut fuzz = cargo_fuzz(["run"]);
        fuzz.arg(target).arg("--").arg(format!("-max_total_time={}", options.seconds));
        // Bounded memory and time per input are part of what is checked.
        fuzz.args(["-malloc_limit_mb=64", "-timeout=10", "-print_final_stats=1", "-max_len=70000"]);
        if command::run(&mut fuzz).is_err() {
            failed.push(target.as_str());
        }
    }
    if !failed.is_empty() {
        bail!("inputs that break a decoder were found by: {}; see {FOLDER}/artifacts", failed.join(", "));
    }
    eprintln!("\n{} fuzz targets, {} seconds each: nothing found", chosen.len(), options.seconds);
    Ok(())
}

/// Starts every corpus with the bytes of a real election, as they are today. Fuzzing is possible without, only slower to get anywhere.
fn plant_seeds() {
    let test = ["test", "--locked", "--package", "vitrine-tests", "--test", "fuzz_seeds", "--", "--ignored"];
    if let Err(error) = command::run(&mut cargo(test)) {
        skipped("the seeds of the fuzz targets", &error.to_string());
    }
}

fn cargo_fuzz<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = cargo_nightly(["fuzz"]);
    command.args(arguments).args(["--fuzz-dir", FOLDER]);
    command
}

fn targets() -> Result<Vec<String>> {
    let folder = repository().join(FOLDER).join("targets");
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn check_requirements() -> Result<()> {
    let mut missing = Vec::new();
    if !succeeds(program("rustup").args(["run", "nightly", "rustc", "--version"])) {
        missing.push("a nightly compiler: rustup toolchain install nightly --profile minimal");
    } else if !succeeds(&mut cargo_nightly(["fuzz", "--version"])) {
        missing.push("cargo-fuzz: cargo install --locked cargo-fuzz");
    }
    if !succeeds(program(std::env::var_os("CXX").unwrap_or_else(|| "c++".into())).arg("--version")) {
        missing.push("a C++ compiler (libFuzzer is compiled in); on Debian: apt-get install g++");
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("fuzzing needs what this machine lacks:\n  - {}", missing.join("\n  - "));
}
