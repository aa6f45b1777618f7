//! Trackers as people type them.
#![no_main]

use ballot_client::{Tracker, TypedTracker};
use libfuzzer_sys::fuzz_target;
use protocol::ids::SubmissionId;

fuzz_target!(|bytes: &[u8]| {
    let Some((digest, text)) = bytes.split_first_chunk() else { return };
    let tracker = Tracker(SubmissionId(*digest));
    for printed in [tracker.to_string(), tracker.hex()] {
        let typed: TypedTracker = printed.parse().expect("what is printed can be typed");
        assert!(typed.matches(&tracker.0) && typed.is_decisive());
    }
    if let Ok(typed) = String::from_utf8_lossy(text).parse::<TypedTracker>() {
        let _ = typed.matches(&tracker.0);
    }
});
