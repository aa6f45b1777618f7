//! The pages: TypeScript around the modules, one build for each page, so that no page shares a script with another (WEB-4, WEB-6).

use crate::command::{self, program, repository, succeeds};
use anyhow::{Context as _, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What compiled modules may use: all that browsers have had since 2023.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

const PAGES: [&str; 3] = ["vote", "observe", "offline"];

/// A module: its library, its folder of bindings, and what it is made for.
pub(super) struct Module {
    pub(super) library: &'static str,
    /// For `wasm-opt`: small, or fast.
    pub(super) effort: &'static str,
}

impl Module {
    /// `voter` or `observer`.
    pub(super) fn name(&self) -> &'static str {
        self.library.trim_start_matches("web_")
    }
}

fn folder() -> PathBuf {
    repository().join("web/pages")
}

/// What the lock file of the pages names, from the package registry.
pub(super) fn install() -> Result<()> {
    if !succeeds(npm().arg("--version")) {
        bail!("the pages are built with Node 20 or newer and npm; on Debian: apt-get install nodejs npm");
    }
    let lock = folder().join("package-lock.json");
    let installed = folder().join("node_modules/.package-lock.json");
    let time = |file: &Path| fs::metadata(file).and_then(|data| data.modified()).ok();
    if time(&installed).is_none_or(|there| time(&lock).is_some_and(|wanted| wanted > there)) {
        command::run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    }
    Ok(())
}

/// Puts the bindings where the pages import them from, the module made smaller or faster.
pub(super) fn take(module: &Module, bindings: &Path) -> Result<()> {
    let place = folder().join("src/wasm").join(module.name());
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    let wasm = format!("{}_bg.wasm", module.library);
    for file in fs::read_dir(bindings)? {
        let file = file?;
        if *file.file_name() != *wasm {
            fs::copy(file.path(), place.join(file.file_name()))?;
        }
    }
    let tool = folder().join("node_modules/.bin/wasm-opt");
    command::run(
        program(tool).arg(module.effort).args(FEATURES).arg(bindings.join(&wasm)).arg("-o").arg(place.join(&wasm)),
    )?;
    eprintln!("{wasm}: {} bytes", fs::metadata(place.join(&wasm))?.len());
    Ok(())
}

/// The tests of what runs in no browser.
pub(crate) fn test() -> Result<()> {
    install()?;
    command::run(npm().args(["test", "--silent"]))
}

/// Checks the types, builds every page, and lays all that was built into one folder.
pub(super) fn build(bundle: &Path) -> Result<()> {
    command::run(npm().args(["run", "--silent", "check"]))?;
    clear(bundle)?;
    for page in PAGES {
        command::run(npm().args(["run", "--silent", "build"]).env("PAGE", page))?;
        let built = folder().join("build").join(page);
        for (from, to) in [(built.clone(), bundle.to_path_buf()), (built.join("assets"), bundle.join("assets"))] {
            // A page that is one file has none.
            if !from.is_dir() {
                continue;
            }
            for file in fs::read_dir(&from).with_context(|| format!("nothing was built in {}", from.display()))? {
                let file = file?;
                if file.file_type()?.is_file() {
                    fs::copy(file.path(), to.join(file.file_name()))?;
                }
            }
        }
    }
    command::run(program("node").arg(folder().join("compress.js")).arg(bundle))
}

/// What an earlier build left goes; what a person wrote beside it stays.
fn clear(bundle: &Path) -> Result<()> {
    let assets = bundle.join("assets");
    if assets.exists() {
        fs::remove_dir_all(&assets)?;
    }
    fs::create_dir_all(&assets)?;
    for file in fs::read_dir(bundle)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "html" || ending == "json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn npm() -> Command {
    let mut npm = program("npm");
    npm.current_dir(folder());
    npm
}
