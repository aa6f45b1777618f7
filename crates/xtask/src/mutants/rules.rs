//! Mutants of the fold: one `demand!` at a time is made to hold whatever its condition says.

use super::{Sample, TESTS};
use crate::command::{self, cargo, program, repository, succeeds};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLD: &str = "crates/protocol/src/";
const DEMAND: &str = "demand!(";

/// One rule's check in the sources.
struct Site {
    file: String,
    /// Where its condition begins.
    offset: usize,
    line: usize,
    text: String,
}

pub(super) fn run(sample: &Sample) -> Result<()> {
    let all = sites()?;
    let (one_in, share) = (usize::from(sample.one_in), usize::from(sample.share));
    let chosen: Vec<&Site> = all.iter().skip(share).step_by(one_in).collect();
    eprintln!("{} of {} rule checks", chosen.len(), all.len());
    if sample.list {
        for site in chosen {
            eprintln!("{}:{}: {}", site.file, site.line, site.text);
        }
        return Ok(());
    }
    let tree = copy_of_the_repository()?;
    // A test that fails anyway would make every mutant look noticed.
    command::run(&mut tests(&tree))?;
    let mut unnoticed = Vec::new();
    for (number, site) in (1..).zip(&chosen) {
        let verdict = verdict(&tree, site)?;
        eprintln!("{number}/{}: {}:{}: {verdict}: {}", chosen.len(), site.file, site.line, site.text);
        if verdict != "noticed" {
            unnoticed.push(format!("{}:{}: {verdict}: {}", site.file, site.line, site.text));
        }
    }
    if !unnoticed.is_empty() {
        bail!("{} disabled rules were not noticed by any test:\n{}", unnoticed.len(), unnoticed.join("\n"));
    }
    eprintln!("\nall {} disabled rules were noticed by a test", chosen.len());
    Ok(())
}

/// Disables one check in the copy, runs the tests, and puts it back.
fn verdict(tree: &Path, site: &Site) -> Result<&'static str> {
    let path = tree.join(&site.file);
    let original = fs::read_to_string(&path)?;
    let (before, after) = original.split_at_checked(site.offset).context("the copy is not what was listed")?;
    fs::write(&path, format!("{before}true || {after}"))?;
    let verdict = if !succeeds(&mut build(tree)) {
        "does not compile"
    } else if succeeds(&mut tests(tree)) {
        "NOT NOTICED"
    } else {
        "noticed"
    };
    fs::write(&path, original)?;
    Ok(verdict)
}

/// Compiles the tests of the copy, and no more.
fn build(tree: &Path) -> Command {
    let mut command = packages(tree);
    command.arg("--no-run");
    command
}

/// Runs them, except the one that compares texts and not behaviour.
fn tests(tree: &Path) -> Command {
    let mut command = packages(tree);
    command.args(["--", "--skip", "every_rule_has_its_code_and_its_test"]);
    command
}

fn packages(tree: &Path) -> Command {
    let mut command = cargo(["test", "--locked", "--quiet"]);
    for package in TESTS {
        command.args(["--package", package]);
    }
    // The mutants' own build folder: the usual one would be rebuilt after each.
    command.current_dir(tree).env("CARGO_TARGET_DIR", repository().join("target/mutants/target"));
    command
}

fn sites() -> Result<Vec<Site>> {
    let mut sites = Vec::new();
    for file in files()? {
        let is_test = file.contains("/tests") || file.contains("_tests");
        if !file.starts_with(FOLD) || !file.ends_with(".rs") || is_test {
            continue;
        }
        let source = fs::read_to_string(repository().join(&file))?;
        for (start, _) in source.match_indices(DEMAND) {
            let offset = start.saturating_add(DEMAND.len());
            let (before, after) = source.split_at(offset);
            let text: String = after.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect();
            sites.push(Site { file: file.clone(), offset, line: before.lines().count(), text });
        }
    }
    if sites.is_empty() {
        bail!("no `{DEMAND}` found below {FOLD}");
    }
    Ok(sites)
}

/// Everything git would commit, tracked or new.
fn files() -> Result<Vec<String>> {
    let output = program("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).output()?;
    if !output.status.success() {
        bail!("git cannot list the files of the repository");
    }
    let names = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// A fresh copy that mutants may edit, so that nobody's sources are ever touched.
fn copy_of_the_repository() -> Result<PathBuf> {
    let tree = repository().join("target/mutants/tree");
    if tree.exists() {
        fs::remove_dir_all(&tree).with_context(|| format!("cannot clear {}", tree.display()))?;
    }
    for file in files()? {
        let (from, to) = (repository().join(&file), tree.join(&file));
        // Listed, but deleted since.
        if !from.is_file() {
            continue;
        }
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(from, to)?;
    }
    Ok(tree)
}
