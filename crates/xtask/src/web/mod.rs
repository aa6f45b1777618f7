//! `cargo xtask web`: the crates under `web/` as WebAssembly with their bindings, and the pages around them, into `web/dist` (WEB-1 to WEB-8).

mod bindings;
mod bundle;
mod compiler;
pub(crate) mod pages;

use crate::command::{repository, skipped};
use anyhow::Result;
use bundle::Bundle;
use compiler::Compiler;
use pages::Module;

/// The crates that run in a browser. A voter waits for the module to load, an observer for what it does.
const MODULES: [(&str, &str, Module); 2] = [
    ("vitrine-web-voter", compiler::SMALL, Module { library: "web_voter", effort: "-Oz" }),
    ("vitrine-web-observer", compiler::FAST, Module { library: "web_observer", effort: "-O3" }),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build with Debian's packages, whatever else there is: the bytes of the reference.
    #[arg(long)]
    debian: bool,

    /// Stop after the modules: what one needs to work on the pages.
    #[arg(long, conflicts_with = "check")]
    wasm: bool,

    /// Build with the very compiler of the bundle that is committed, and compare every byte.
    #[arg(long, conflicts_with = "debian")]
    check: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.check {
        return check();
    }
    let compiler = if options.debian { Compiler::reference()? } else { Compiler::find()? };
    modules(&compiler)?;
    if options.wasm {
        return Ok(());
    }
    let folder = repository().join("web/dist");
    pages::build(&folder)?;
    Bundle::of(&folder, compiler.versions()?)?.write(&folder)
}

fn modules(compiler: &Compiler) -> Result<()> {
    eprintln!("building for the browser with {compiler}");
    pages::install()?;
    for (package, profile, module) in MODULES {
        let folder = repository().join("target/web").join(module.name());
        bindings::write(&compiler.build(package, profile, module.library)?, module.library, &folder)?;
        pages::take(&module, &folder)?;
    }
    Ok(())
}

/// WEB-8. Another compiler gives other bytes and says nothing of these.
pub(crate) fn check() -> Result<()> {
    let what = "the pages that are committed were not built again from their sources";
    let committed = Bundle::read(&repository().join("web/dist"))?;
    let compiler = match Compiler::provide() {
        Ok(compiler) => compiler,
        Err(error) => {
            skipped(what, &format!("{error:#}"));
            return Ok(());
        }
    };
    let here = compiler.versions()?;
    if here != committed.compiler {
        skipped(what, &format!("they were made with {:?}; here is {here:?}", committed.compiler));
        return Ok(());
    }
    modules(&compiler)?;
    let folder = repository().join("target/web/dist");
    pages::build(&folder)?;
    committed.compare(&Bundle::of(&folder, here)?)?;
    eprintln!("every file of web/dist is what its sources give");
    Ok(())
}
