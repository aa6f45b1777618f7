//! Identifiers of rules: where they stand in a line, which are defined there, and which prefixes there are.

use crate::{TABLE, sources::Source};
use std::collections::BTreeMap;

/// The capitals before the dash.
pub(crate) fn prefix(rule: &str) -> &str {
    rule.split('-').next().unwrap_or_default()
}

/// Prefix and chapter, from the rows `| PREFIX | subject | chapter |` whose first two cells are in back-quotes.
pub(crate) fn prefixes(sources: &[Source]) -> BTreeMap<&str, String> {
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
pub(crate) fn definition(line: &str) -> Option<(&str, &str)> {
    let (rule, rest) = line.strip_prefix("**")?.split_once("**")?;
    let found = identifiers(rule);
    (found.len() == 1 && found[0].1 == rule).then_some((rule, rest.trim_start()))
}

/// All identifiers in a line with their positions; parts of longer words (as in ML-DSA-44) are none.
pub(crate) fn identifiers(line: &str) -> Vec<(usize, &str)> {
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
pub(crate) fn variant(rule: &str) -> String {
    let mut variant = rule.replace('-', "").to_ascii_lowercase();
    variant[..1].make_ascii_uppercase();
    variant
}
