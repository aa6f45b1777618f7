//! `cargo xtask test`: the test command of the README.

use crate::{
    command::{self, cargo, program, repository},
    requirements,
    web::pages,
};
use anyhow::{Context, Result, bail};
use std::{env, path::PathBuf};

/// The second verifier, written from `specs/` alone.
const SECOND_VERIFIER: &str = "tests/second_verifier/run.py";

/// Ballots in the record that it checks.
const RECORD_BALLOTS: &str = "200";

pub(crate) fn run() -> Result<()> {
    let path = requirements::provide()?;
    command::run(cargo(["test", "--workspace", "--locked", "--no-fail-fast"]).envs(path.map(|path| ("PATH", path))))?;
    pages::test()?;
    browsers()?;
    second_verifier()
}

/// WEB-60: the pages in real browsers, against real boards.
fn browsers() -> Result<()> {
    let folder = repository().join("web/tests");
    let npm = |arguments: &[&str]| {
        let mut npm = program("npm");
        npm.current_dir(&folder).args(arguments);
        npm
    };
    command::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    let programs = [("VITRINE", "vitrine"), ("MAKE_RECORD", "make_record"), ("STAGE", "stage")];
    command::run(npm(&["test", "--silent"]).envs(programs.map(|(variable, name)| (variable, built(name)))))
}

/// A program of the workspace, which `cargo test` has built for the tests that start it.
fn built(name: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), Into::into);
    target.join("debug").join(name)
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
    command::run(program(built("make_record")).arg(&folder).arg(RECORD_BALLOTS))?;
    command::run(program("python3").arg(SECOND_VERIFIER).arg(&folder))
}
