//! Every JSON document that a client reads from a board.
#![no_main]

use board_api::{BoardDocument, ElectionStatus, ElectionSummary, Problem, PromiseDocument};
use libfuzzer_sys::fuzz_target;
use serde_json::{from_slice, to_vec};

macro_rules! round_trip {
    ($bytes:expr, $($document:ty),*) => {
        $(if let Ok(read) = from_slice::<$document>($bytes) {
            let written = to_vec(&read).expect("what was read can be written");
            assert_eq!(from_slice::<$document>(&written).expect("what was written can be read"), read);
        })*
    };
}

fuzz_target!(|bytes: &[u8]| {
    round_trip!(bytes, BoardDocument, ElectionStatus, Vec<ElectionSummary>, Problem, PromiseDocument);
    if let Ok(problem) = from_slice::<Problem>(bytes) {
        let _ = (problem.is_consistent(), problem.to_string());
    }
});
