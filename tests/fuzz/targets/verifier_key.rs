//! The text form of a log's or witness's public key.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::note::VerifierKey;

fuzz_target!(|text: &str| {
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
});
