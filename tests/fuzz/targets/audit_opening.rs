//! What a second device reads of an audit: decoded, and checked against a real opened election.
#![no_main]

use ballot_client::{AuditOpening, Tracker, TypedTracker, check_audit};
use libfuzzer_sys::fuzz_target;
use vitrine_tests::{Drill, Options};

thread_local! {
    static DRILL: Drill = Drill::opened(Options::simple(4));
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(opening) = AuditOpening::decode(bytes) else { return };
    assert_eq!(opening.encode(), bytes);
    // As if the first device had shown just this tracker.
    let shown: TypedTracker = opening.tracker().into();
    DRILL.with(|drill| {
        if let Ok(findings) = check_audit(bytes, &shown, &drill.election) {
            assert_eq!(findings.tracker, opening.tracker());
        }
        let other: TypedTracker = Tracker(protocol::ids::SubmissionId([7; 32])).into();
        assert!(check_audit(bytes, &other, &drill.election).is_err());
    });
});
