//! A voter's selections file, for a contest of any kind; and slot values of an opened ballot. The first byte chooses the contest.
#![no_main]

use ballot_client::{Choices, selections::in_file, words::in_words};
use libfuzzer_sys::fuzz_target;
use protocol::Contest;
use std::sync::LazyLock;
use vitrine_tests::kinds::{every_kind, wide_kinds};

static CONTESTS: LazyLock<Vec<Contest>> = LazyLock::new(|| every_kind().into_iter().chain(wide_kinds()).collect());

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let contest = &CONTESTS[usize::from(*kind) % CONTESTS.len()];
    let contests = [(0, contest)];
    if let Ok(choices) = Choices::read(bytes, &contests) {
        let selection = choices.selection(0).expect("every contest is filled in");
        let witness = contest.witness(selection).expect("what is read is allowed");
        assert!(contest.relation().is_ok_and(|relation| relation.holds(&witness)));
        // What is written is read as the same.
        let written = format!("{{\"0\": {}}}", in_file(contest, selection));
        let again = Choices::read(written.as_bytes(), &contests).expect("what is written can be read");
        assert!(again.selection(0).is_some_and(|again| in_words(contest, again) == in_words(contest, selection)));
    }
    // A number from two bytes for each slot, the largest ones far beyond 32 bits.
    let pairs = bytes.chunks_exact(2).take(contest.slots());
    let values: Vec<u64> = pairs.map(|pair| u64::from(pair[0]) << (pair[1] & 63)).collect();
    if let Some(selection) = contest.selection_of(&values) {
        let witness = contest.witness(&selection).expect("a selection that has values has a witness");
        let own = contest.relation().ok().and_then(|relation| relation.values(&witness));
        assert_eq!(own.as_deref(), Some(values.as_slice()));
        assert!(!in_words(contest, &selection).is_empty());
    }
});
