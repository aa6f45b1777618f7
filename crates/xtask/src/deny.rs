//! `cargo xtask deny`: bans, licences and sources by `.deny.toml`; vulnerabilities by a snapshot of the RustSec database.

use crate::command::{self, cargo, install_subcommand, repository, skipped};
use anyhow::{Result, bail};
use std::path::PathBuf;

const DENY_VERSION: &str = "0.20.2";
const AUDIT_VERSION: &str = "0.22.2";

/// Names the folder that holds the advisories, where it is not beside the checkout.
const DATABASE_VARIABLE: &str = "VITRINE_ADVISORY_DB";

/// Vulnerabilities and warnings we have looked at and live with. Each needs its reason; `.deny.toml` gives the same ones.
const ACCEPTED: [&str; 0] = [];

pub(crate) fn run() -> Result<()> {
    install_subcommand("deny", DENY_VERSION)?;
    command::run(&mut cargo(["deny", "--all-features", "check", "bans", "licenses", "sources"]))?;
    advisories()
}

fn advisories() -> Result<()> {
    let Some(database) = database()? else {
        skipped(
            "the check for known vulnerabilities",
            "no advisory database in ../shared/advisory-db, and VITRINE_ADVISORY_DB names none",
        );
        return Ok(());
    };
    install_subcommand("audit", AUDIT_VERSION)?;
    let mut audit = cargo(["audit", "--no-fetch", "--deny", "unsound", "--deny", "unmaintained", "--db"]);
    audit.arg(database);
    for advisory in ACCEPTED {
        audit.args(["--ignore", advisory]);
    }
    command::run(&mut audit)
}

/// A folder named by hand must exist; the snapshot beside the checkout may be absent.
fn database() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(DATABASE_VARIABLE) {
        let named = PathBuf::from(named);
        if !named.join("crates").is_dir() {
            bail!("{DATABASE_VARIABLE} names {}, which holds no advisories (no folder `crates`)", named.display());
        }
        return Ok(Some(named));
    }
    let beside = repository().join("../shared/advisory-db");
    Ok(beside.join("crates").is_dir().then_some(beside))
}
