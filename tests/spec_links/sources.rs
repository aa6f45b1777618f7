//! The files that are read, and which of their lines only tests compile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A chapter or a Rust file.
pub(crate) struct Source {
    /// Relative to the top of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Paths, without `.rs`, of modules declared for tests only: `#[cfg(test)] mod name;`, with or without a `#[path]` between.
pub(crate) fn test_modules(sources: &[Source]) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".rs")) {
        let file = Path::new(&source.path);
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let is_root = file.file_stem().is_some_and(|name| ["lib", "main", "mod"].iter().any(|root| name == *root));
        let below = if is_root { beside.clone() } else { file.with_extension("") };
        let mut lines = source.text.lines().map(str::trim);
        while lines.by_ref().any(|line| line == "#[cfg(test)]") {
            let Some(mut line) = lines.next() else { break };
            let path = line.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix(".rs\"]"));
            if path.is_some() {
                line = lines.next().unwrap_or_default();
            }
            let name =
                line.trim_start_matches("pub(crate) ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
            let module = name.map(|name| path.map_or_else(|| below.join(name), |path| beside.join(path)));
            modules.extend(module.map(|module| module.to_string_lossy().into_owned()));
        }
    }
    modules
}

/// The numbers of the lines that only tests compile. Formatted code: an item ends with the brace at its own indentation.
pub(crate) fn test_lines(source: &Source, test_modules: &BTreeSet<String>) -> BTreeSet<usize> {
    let path = source.path.as_str();
    let count = source.text.lines().count();
    let stem = path.trim_end_matches(".rs");
    let in_test_module = test_modules
        .iter()
        .any(|module| stem.strip_prefix(module.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if path.starts_with("tests/") || path.contains("/tests/") || in_test_module {
        return (1..=count).collect();
    }
    let mut lines = BTreeSet::new();
    let mut end: Option<String> = None;
    for (number, line) in (1..).zip(source.text.lines()) {
        if end.is_none() && line.trim() == "#[cfg(test)]" {
            let indent = &line[..line.len() - line.trim_start().len()];
            end = Some(format!("{indent}}}"));
        }
        if let Some(brace) = &end {
            lines.insert(number);
            // Either the closing brace, or an item without a body: a `use` or a `mod name;` at the same indentation.
            let bodiless = line.ends_with(';') && line.len() - line.trim_start().len() < brace.len();
            if line.trim_end() == brace || bodiless {
                end = None;
            }
        }
    }
    lines
}

/// Files in which rules are defined or cited.
const ENDINGS: [&str; 4] = [".rs", ".md", ".ts", ".tsx"];

/// All chapters, all Rust sources and those of the pages, this file, the fuzz targets and build output excepted.
pub(crate) fn read(top: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = [
        "specs",
        "crates",
        "ballot-client",
        "bulletin-board",
        "trustee-tools",
        "tests",
        "web/voter",
        "web/observer",
        "web/pages/src",
    ]
    .map(|name| top.join(name))
    .into();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder that can be listed").path();
            let inside = path.strip_prefix(top).expect("below the top").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                if !["tests/fuzz", "tests/second_verifier", "specs/vectors"].contains(&inside.as_str())
                    && !inside.ends_with("/target")
                    && inside != "web/pages/src/wasm"
                {
                    folders.push(path);
                }
            } else if ENDINGS.iter().any(|ending| inside.ends_with(ending)) && !inside.starts_with("tests/spec_links/")
            {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{inside}: {error}"));
                sources.push(Source { path: inside, text });
            }
        }
    }
    sources.retain(|source| !source.path.ends_with(".md") || source.path.starts_with("specs/"));
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}
