//! WEB-2: the glue between a module and its page, by the library that the crates' own macro belongs to: the lock file pins both as one.

use anyhow::{Context as _, Result};
use std::{fs, path::Path};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `<library>.js`, its types and `<library>_bg.wasm` into a folder of their own, without names and notes of the compiler.
pub(super) fn write(module: &Path, library: &str, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(library).typescript(true);
    bindgen.omit_default_module_path(true).remove_name_section(true).remove_producers_section(true);
    bindgen.web(true)?.generate(folder).with_context(|| format!("no bindings for {}", module.display()))
}
