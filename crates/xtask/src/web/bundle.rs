//! The bundle: its files, its digest (WEB-5), and by which tools it was made (WEB-7).

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

const NAME: &str = "bundle.json";

/// `bundle.json`: what stands beside the bundle, and is not part of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Bundle {
    /// WEB-5, in hexadecimal.
    digest: String,
    /// What compiled the modules; `--check` needs the same.
    pub(super) compiler: BTreeMap<String, String>,
    /// SHA-256 of each file, in hexadecimal.
    files: BTreeMap<String, String>,
}

impl Bundle {
    /// Of the files in a folder.
    pub(super) fn of(folder: &Path, compiler: BTreeMap<String, String>) -> Result<Self> {
        let mut digest = Sha256::new_with_prefix(b"vitrine/bundle/v1\0");
        let mut files = BTreeMap::new();
        for (name, file) in names(folder)? {
            let hash = Sha256::digest(fs::read(&file)?);
            let length = u16::try_from(name.len()).context("the name of a file is too long")?;
            digest.update(length.to_be_bytes());
            digest.update(&name);
            digest.update(hash);
            files.insert(name, hex(&hash));
        }
        Ok(Self { digest: hex(&digest.finalize()), compiler, files })
    }

    /// As a build has written it.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join(NAME);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not what `cargo xtask web` writes", file.display()))
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let text = format!("{}\n", serde_json::to_string_pretty(self)?);
        fs::write(folder.join(NAME), text)?;
        eprintln!("the bundle's digest is {}", self.digest);
        Ok(())
    }

    /// WEB-8: whether another build gave the same files; each one that differs is named.
    pub(super) fn compare(&self, built: &Self) -> Result<()> {
        let names =
            self.files.keys().chain(built.files.keys()).filter(|name| self.files.get(*name) != built.files.get(*name));
        let differing: std::collections::BTreeSet<&String> = names.collect();
        if !differing.is_empty() {
            bail!(
                "the bundle that is committed is not what its sources give; these files differ: {differing:?}. \
                 Run `cargo xtask web --debian` and commit web/dist"
            );
        }
        Ok(())
    }
}

/// WEB-5: which files belong to it.
fn names(folder: &Path) -> Result<BTreeMap<String, std::path::PathBuf>> {
    let mut names = BTreeMap::new();
    for (place, prefix) in [(folder.to_path_buf(), ""), (folder.join("assets"), "assets/")] {
        for file in fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))? {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str()).context("a file's name is not text")?;
            if path.is_file() && (!prefix.is_empty() || path.extension().is_some_and(|ending| ending == "html")) {
                names.insert(format!("{prefix}{name}"), path);
            }
        }
    }
    Ok(names)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
