//! Every rule of `specs/` has code that cites it, and every rule of the fold a test that asserts it.
//!
//! A rule is *defined* by a line of a chapter that starts with its bold identifier, two to five capitals, a dash, a number. It is
//! *cited* by the same identifier anywhere in the code, comments included. A rule that `crates/protocol/src/rule.rs` knows is
//! *asserted* by a test that names it outside comments, as text or as the variant of `Rule`. Which prefixes exist, and which chapter
//! defines them, stands in the table of `specs/README.md`. All problems are listed at once.
#![allow(clippy::indexing_slicing, clippy::panic, reason = "what goes wrong here should stop the test")]

mod identifiers;
mod small_trees;
mod sources;

use identifiers::{definition, identifiers, prefix, prefixes, variant};
use sources::{Source, read, test_lines, test_modules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RULES: &str = "crates/protocol/src/rule.rs";
const TABLE: &str = "specs/README.md";

/// Threats are no checks of the code: for them a test that shows the attack failing is what counts.
const THREATS: &str = "THR-";

/// Looks like a rule, is none.
const NO_RULES: [&str; 8] = ["AES", "FIPS", "ISO", "ML", "RFC", "SHA", "SP", "UTF"];

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
