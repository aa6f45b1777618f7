//! `cargo xtask lint`: format, clippy, rustdoc. A warning is an error.

use crate::command::{self, cargo, repository};
use crate::fuzz;
use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    command::run(&mut cargo(["fmt", "--all", "--check"]))?;
    // The fuzz targets are a workspace of their own, so `--all` does not reach them.
    if repository().join(fuzz::MANIFEST).is_file() {
        command::run(&mut cargo(["fmt", "--manifest-path", fuzz::MANIFEST, "--check"]))?;
    }
    command::run(&mut cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    command::run(cargo(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"))
}
