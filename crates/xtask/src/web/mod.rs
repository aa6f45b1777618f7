//! `cargo xtask web`: the crates under `web/` as WebAssembly with their bindings, in `target/web/<name>` (WEB-1, WEB-2).

mod bindings;
mod compiler;

use crate::command::repository;
use anyhow::Result;
use compiler::Compiler;
use std::fs;

/// The crates that run in a browser: name of the package, and of its library.
const CRATES: [(&str, &str); 2] = [("vitrine-web-voter", "web_voter"), ("vitrine-web-observer", "web_observer")];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build with Debian's packages, whatever else there is: the bytes of the reference.
    #[arg(long)]
    debian: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let compiler = if options.debian { Compiler::reference()? } else { Compiler::find()? };
    eprintln!("building for the browser with {compiler}");
    for (package, library) in CRATES {
        let module = compiler.build(package, library)?;
        let folder = repository().join("target/web").join(library.trim_start_matches("web_"));
        bindings::write(&module, library, &folder)?;
        let wasm = folder.join(format!("{library}_bg.wasm"));
        eprintln!("{}: {} bytes", wasm.display(), fs::metadata(&wasm)?.len());
    }
    Ok(())
}
