//! The table of `specs/contest-costs.md`: its sizes are those that the program has now.
#![allow(clippy::unwrap_used, reason = "a test stops where something is wrong")]

#[path = "../examples/contest_costs/cases.rs"]
mod cases;

use cases::{OPTIONS, cases};

/// BAL-50 to BAL-60, CRY-31: slots, witness positions, rules and bytes of every line, and which contests fit an entry.
#[test]
fn the_sizes_of_the_table_are_the_program_s() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/contest-costs.md");
    let table = std::fs::read_to_string(path).unwrap();
    for case in OPTIONS.into_iter().flat_map(cases) {
        let line = table.lines().find(|line| line.starts_with(&case.sizes()));
        let line = line.unwrap_or_else(|| panic!("{} is not in the table: make it anew", case.sizes()));
        assert_eq!(case.fitting().is_none(), line.contains("does not fit an entry"), "{line}");
        case.fitting().map(|_| case.contest.witness(&case.selection).unwrap());
    }
}

/// The issue that asked for the table asked for this: approval of 20 options with a blank in at most 1,728 bytes.
#[test]
fn approval_of_twenty() {
    let approval = cases(20).into_iter().find(|case| case.name == "approval, blank").unwrap();
    assert!(approval.contest.relation().unwrap().sealed_len() <= 1728);
}
