//! The check checked: each defect that it exists for is found, and a sound tree has none.

use super::{problems, sources::Source, threats_without_test};

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
