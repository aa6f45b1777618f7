//! Every rule of `specs/` has code that cites it, and every rule of the fold a test that asserts it.
//!
//! A rule is *defined* by a line of a chapter that starts with its bold identifier, two to five capitals, a dash, a number. It is
//! *cited* by the same identifier anywhere in the code, comments included. A rule that `crates/protocol/src/rule.rs` knows is
//! *asserted* by a test that names it outside comments, as text or as the variant of `Rule`. Which prefixes exist, and which chapter
//! defines them, stands in the table of `specs/README.md`. All problems are listed at once.
#![allow(clippy::indexing_slicing, clippy::panic, reason = "what goes wrong here should stop the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const RULES: &str = "crates/protocol/src/rule.rs";
const TABLE: &str = "specs/README.md";

/// Threats are no checks of the code: for them a test that shows the attack failing is what counts.
const THREATS: &str = "THR-";

/// Looks like a rule, is none.
const NO_RULES: [&str; 8] = ["AES", "FIPS", "ISO", "ML", "RFC", "SHA", "SP", "UTF"];

struct Source {
    path: String,
    text: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Spec,
    Code,
    Test,
}

/// Where an identifier stands.
struct Citation<'a> {
    rule: &'a str,
    place: Place,
    file: &'a str,
    line: usize,
    /// Named outside a comment, or as a variant.
    asserts: bool,
}

impl Citation<'_> {
    fn position(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

#[test]
fn every_rule_has_its_code_and_its_test() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the repository");
    let sources = read(top);
    assert!(sources.iter().any(|source| source.path == TABLE), "{TABLE} was not found below {}", top.display());
    let problems = problems(&sources);
    assert!(problems.is_empty(), "{} problems with the links of specs/:\n{}\n", problems.len(), problems.join("\n"));
}

/// Everything that was found, before it is judged.
#[derive(Default)]
struct Links<'a> {
    definitions: BTreeMap<&'a str, Vec<String>>,
    withdrawn: BTreeSet<&'a str>,
    citations: Vec<Citation<'a>>,
    /// All words that stand outside comments in tests.
    test_words: BTreeSet<&'a str>,
    problems: Vec<String>,
}

fn problems(sources: &[Source]) -> Vec<String> {
    let prefixes = prefixes(sources);
    let test_modules = test_modules(sources);
    let mut links = Links::default();
    for source in sources {
        links.read(source, &prefixes, &test_modules);
    }
    links.judge();
    links.problems.extend(threats_without_test(sources));
    links.problems
}

/// Every threat ends with `Test:` and names of tests, `target::module::function`; each must be there.
fn threats_without_test(sources: &[Source]) -> Vec<String> {
    let chapters = sources.iter().filter(|source| source.path.starts_with("specs/"));
    let paragraphs = chapters.flat_map(|source| source.text.split("\n\n"));
    let mut problems = Vec::new();
    for (paragraph, threat) in paragraphs.filter_map(|text| Some((text, definition(text)?.0))) {
        if !threat.starts_with(THREATS) {
            continue;
        }
        let (_, tests) = paragraph.rsplit_once("Test:").unwrap_or((paragraph, ""));
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            problems.push(format!("{threat} names no test"));
        }
        for name in names {
            let (modules, function) = name.rsplit_once("::").unwrap_or(("", name));
            let file = format!("tests/{}.rs", modules.replace("::", "/"));
            let is_there = |source: &Source| {
                (source.path == file || source.path.ends_with(&format!("/{file}")))
                    && source.text.contains(&format!("fn {function}("))
            };
            if !sources.iter().any(is_there) {
                problems.push(format!("{threat} names the test {name}, which does not exist"));
            }
        }
    }
    problems
}

impl<'a> Links<'a> {
    fn read(&mut self, source: &'a Source, prefixes: &BTreeMap<&str, String>, test_modules: &BTreeSet<String>) {
        let in_spec = source.path.starts_with("specs/");
        let test_lines = test_lines(source, test_modules);
        for (line, text) in (1..).zip(source.text.lines()) {
            let position = format!("{}:{line}", source.path);
            if in_spec && let Some((rule, sentence)) = definition(text) {
                match prefixes.get(prefix(rule)) {
                    Some(chapter) if !source.path.contains(chapter) => {
                        self.problems.push(format!("{rule} is defined at {position}, but belongs to {chapter}"));
                    }
                    _ => {}
                }
                if sentence.starts_with("(withdrawn") {
                    self.withdrawn.insert(rule);
                }
                self.definitions.entry(rule).or_default().push(position.clone());
            }
            let place = match (in_spec, test_lines.contains(&line)) {
                (true, _) => Place::Spec,
                (false, true) => Place::Test,
                (false, false) => Place::Code,
            };
            let uncommented = text.split("//").next().unwrap_or_default();
            if place == Place::Test {
                self.test_words.extend(uncommented.split(|character: char| !character.is_ascii_alphanumeric()));
            }
            for (start, rule) in identifiers(text) {
                if prefixes.contains_key(prefix(rule)) {
                    let asserts = start < uncommented.len();
                    self.citations.push(Citation { rule, place, file: &source.path, line, asserts });
                } else if !NO_RULES.contains(&prefix(rule)) {
                    self.problems.push(format!("{position} cites {rule}, but {TABLE} has no prefix {}", prefix(rule)));
                }
            }
        }
    }

    fn judge(&mut self) {
        for (rule, positions) in self.definitions.iter().filter(|(_, positions)| positions.len() > 1) {
            self.problems.push(format!("{rule} is defined {} times: {}", positions.len(), positions.join(", ")));
        }
        let mut undefined: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for citation in &self.citations {
            if !self.definitions.contains_key(citation.rule) {
                undefined.entry(citation.rule).or_default().push(citation.position());
            } else if self.withdrawn.contains(citation.rule) && citation.place != Place::Spec {
                self.problems.push(format!("{} is withdrawn, but cited at {}", citation.rule, citation.position()));
            }
        }
        for (rule, positions) in undefined {
            self.problems.push(format!("{rule} is defined by no chapter, but cited at {}", positions.join(", ")));
        }
        for rule in self.definitions.keys().filter(|rule| !self.withdrawn.contains(*rule)) {
            let cited = |place| self.citations.iter().filter(move |found| found.rule == *rule && found.place == place);
            if rule.starts_with(THREATS) {
                if cited(Place::Test).next().is_none() {
                    self.problems.push(format!("{rule} has no test that names it"));
                }
                continue;
            }
            if !cited(Place::Code).any(|citation| citation.file != RULES) {
                self.problems.push(format!("{rule} is cited by no code"));
            }
            let of_the_fold = cited(Place::Code).any(|citation| citation.file == RULES && citation.asserts);
            let asserted =
                cited(Place::Test).any(|citation| citation.asserts) || self.test_words.contains(variant(rule).as_str());
            if of_the_fold && !asserted {
                self.problems.push(format!("{rule} is a rule of the fold, and no test asserts it"));
            }
        }
    }
}

/// The capitals before the dash.
fn prefix(rule: &str) -> &str {
    rule.split('-').next().unwrap_or_default()
}

/// Prefix and chapter, from the rows `| PREFIX | subject | chapter |` whose first two cells are in back-quotes.
fn prefixes(sources: &[Source]) -> BTreeMap<&str, String> {
    let table = sources.iter().find(|source| source.path == TABLE).map_or("", |source| &source.text);
    let mut prefixes = BTreeMap::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        if let ["", prefix, _, chapter, ..] = cells.as_slice()
            && line.starts_with("| `")
            && is_prefix(prefix)
        {
            prefixes.insert(*prefix, format!("specs/{chapter}"));
        }
    }
    prefixes
}

fn is_prefix(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The rule whose bold identifier starts this line, and the rest of the line.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (rule, rest) = line.strip_prefix("**")?.split_once("**")?;
    let found = identifiers(rule);
    (found.len() == 1 && found[0].1 == rule).then_some((rule, rest.trim_start()))
}

/// All identifiers in a line with their positions; parts of longer words (as in ML-DSA-44) are none.
fn identifiers(line: &str) -> Vec<(usize, &str)> {
    let bytes = line.as_bytes();
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let length = bytes[start..].iter().take_while(|byte| in_word(byte)).count();
        if let Some((prefix, number)) = line.get(start..start + length).and_then(|word| word.split_once('-'))
            && is_prefix(prefix)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            found.push((start, &line[start..start + length]));
        }
        start += length.max(1);
    }
    found
}

/// How the enum `Rule` spells a rule: `Bal4` for the fourth rule of BAL.
fn variant(rule: &str) -> String {
    let mut variant = rule.replace('-', "").to_ascii_lowercase();
    variant[..1].make_ascii_uppercase();
    variant
}

/// Paths, without `.rs`, of modules declared for tests only: `#[cfg(test)] mod name;`, with or without a `#[path]` between.
fn test_modules(sources: &[Source]) -> BTreeSet<String> {
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
fn test_lines(source: &Source, test_modules: &BTreeSet<String>) -> BTreeSet<usize> {
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

/// All chapters and all Rust sources, this file, the fuzz targets and build output excepted.
fn read(top: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = ["specs", "crates", "ballot-client", "bulletin-board", "trustee-tools", "tests"]
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
                {
                    folders.push(path);
                }
            } else if (inside.ends_with(".rs") || inside.ends_with(".md")) && inside != "tests/spec_links.rs" {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{inside}: {error}"));
                sources.push(Source { path: inside, text });
            }
        }
    }
    sources.retain(|source| source.path.ends_with(".rs") || source.path.starts_with("specs/"));
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// The check checked: each defect that it exists for is found, and a sound tree has none.
mod on_small_trees {
    use super::{Source, problems, threats_without_test};

    const TABLE: &str = "| prefix | subject | chapter |\n|---|---|---|\n| `BAL` | ballot | `05-ballot` |\n| `THR` | threats | `01-threat` |\n";

    fn tree(chapter: &str, code: &str, test: &str) -> Vec<String> {
        let files = [
            ("specs/README.md", TABLE),
            ("specs/05-ballot.md", chapter),
            ("crates/protocol/src/rule.rs", "Bal4 => \"BAL-4\","),
            ("crates/protocol/src/ballot.rs", code),
            ("tests/rejection.rs", test),
        ];
        problems(&files.map(|(path, text)| Source { path: path.into(), text: text.into() }))
    }

    #[track_caller]
    fn only(found: &[String], expected: &str) {
        assert!(found.len() == 1 && found[0].contains(expected), "expected `{expected}`, found {found:#?}");
    }

    const DEFINED: &str = "**BAL-4** A selection stays within its limit, as RFC 9496 and ML-DSA-44 do.\n";
    const CODE: &str = "// BAL-4: within the limit\n";
    const TEST: &str = "assert_eq!(rejection.rule(), Rule::Bal4);\n";

    #[test]
    fn a_sound_tree_has_no_problems() {
        assert_eq!(tree(DEFINED, CODE, TEST), Vec::<String>::new());
        assert_eq!(tree(DEFINED, CODE, "assert_eq!(problem.rule, \"BAL-4\");"), Vec::<String>::new());
        let beside = format!("{CODE}#[cfg(test)]\nmod tests {{\n    fn f() {{\n        {TEST}    }}\n}}\n");
        assert_eq!(tree(DEFINED, &beside, ""), Vec::<String>::new());
    }

    #[test]
    fn each_defect_is_found() {
        only(&tree(DEFINED, &format!("{CODE}// BAL-5\n"), TEST), "BAL-5 is defined by no chapter");
        only(&tree(DEFINED, &format!("{CODE}// BLA-4\n"), TEST), "no prefix BLA");
        only(&tree(&format!("{DEFINED}{DEFINED}"), CODE, TEST), "defined 2 times");
        only(&tree(DEFINED, "", TEST), "BAL-4 is cited by no code");
        only(&tree(DEFINED, CODE, ""), "no test asserts it");
        only(&tree(DEFINED, CODE, "// BAL-4 in a comment asserts nothing"), "no test asserts it");
        only(
            &tree(&format!("{DEFINED}**BAL-5** (withdrawn) Was something.\n"), "// BAL-4, BAL-5", TEST),
            "BAL-5 is withdrawn",
        );
        only(
            &tree(&format!("{DEFINED}**THR-1** Elsewhere.\n"), CODE, &format!("{TEST}// THR-1")),
            "THR-1 is defined at specs/05-ballot.md:2, but belongs to specs/01-threat",
        );
    }

    #[test]
    fn a_threat_names_a_test_that_exists() {
        let found = |row: &str| {
            let files = [("specs/01-threat.md", row), ("board/tests/attacks/voters.rs", "async fn copied() {}")];
            threats_without_test(&files.map(|(path, text)| Source { path: path.into(), text: text.into() }))
        };
        assert!(found("**THR-1** Copied. Test:\n`attacks::voters::copied`.\n\nMore.").is_empty());
        only(&found("**THR-1** Copied. Rules: `none`."), "THR-1 names no test");
        only(&found("**THR-1** Copied. Test: `attacks::voters::cop`."), "attacks::voters::cop, which does not exist");
        only(&found("**THR-1** Copied. Test: `voters::copied`."), "which does not exist");
    }

    #[test]
    fn a_citation_in_a_test_is_no_code() {
        let inside = "#[cfg(test)]\nmod tests {\n    // BAL-4\n}\n";
        only(&tree(DEFINED, inside, TEST), "BAL-4 is cited by no code");
        only(&tree(DEFINED, "#[cfg(test)]\nuse x;\nfn f() {} // BAL-5, BAL-4", TEST), "BAL-5 is defined by no chapter");
    }
}
