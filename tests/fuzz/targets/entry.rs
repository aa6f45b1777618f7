//! Entries and submissions: what is read is written back to the same bytes, and what is inside is read without panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ids::ElectionFingerprint;
use protocol::{Entry, Submission};

fuzz_target!(|bytes: &[u8]| {
    let from_entry = Entry::decode(bytes).ok().map(|entry| {
        assert_eq!(entry.encode(), bytes);
        let _ = entry.hash();
        entry.submission()
    });
    let alone = Submission::decode(bytes).ok().inspect(|submission| assert_eq!(submission.encode(), bytes));
    for submission in from_entry.into_iter().chain(alone) {
        if let Ok(author) = submission.author() {
            assert_eq!(author.encode(), submission.author_bytes());
        }
        if let Ok(body) = submission.body() {
            assert_eq!(body.encode(), submission.body_bytes());
        }
        let _ = submission.id(&ElectionFingerprint([7; 32]));
    }
});
