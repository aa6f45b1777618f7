//! `cargo xtask test`: the test command of the README.

use crate::command::{self, cargo, program, repository, succeeds};
use anyhow::{Context, Result, bail};

/// What the second verifier needs of Python: its standard library only.
const PYTHON_PROBE: &str = "import sys, argparse, hashlib, json, pathlib, struct, subprocess, tempfile, unicodedata; \
     hashlib.sha3_256, hashlib.sha3_512, hashlib.shake_128; sys.exit(sys.version_info < (3, 9))";

/// The second verifier, written from `specs/` alone.
const SECOND_VERIFIER: &str = "tests/second_verifier/run.py";

/// Ballots in the record that it checks.
const RECORD_BALLOTS: &str = "200";

pub(crate) fn run() -> Result<()> {
    check_requirements()?;
    command::run(&mut cargo(["test", "--workspace", "--locked", "--no-fail-fast"]))?;
    second_verifier()
}

/// Says everything that is missing at once, each with what to do about it.
fn check_requirements() -> Result<()> {
    let mut missing = Vec::new();
    if !succeeds(program("python3").args(["-c", PYTHON_PROBE])) {
        missing.push(
            "python3, 3.9 or newer with its whole standard library (the second verifier); on Debian: apt-get install python3",
        );
    }
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    if !succeeds(program(compiler).arg("--version")) {
        missing.push("a C compiler (SQLite is compiled in); on Debian: apt-get install gcc libc6-dev");
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("the tests need what this machine lacks:\n  - {}", missing.join("\n  - "));
}

/// A fresh record of 200 ballots: accepted by the second verifier, and every tampering with it refused.
fn second_verifier() -> Result<()> {
    if !repository().join(SECOND_VERIFIER).is_file() {
        bail!("{SECOND_VERIFIER} is gone: nothing but our own verifier would check a record");
    }
    let folder = repository().join("target/second-verifier");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    let make = ["run", "--locked", "--quiet", "--package", "vitrine-tests", "--bin", "make_record", "--"];
    command::run(cargo(make).arg(&folder).arg(RECORD_BALLOTS))?;
    command::run(program("python3").arg(SECOND_VERIFIER).arg(&folder))
}
