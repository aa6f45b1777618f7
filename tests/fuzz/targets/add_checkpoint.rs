//! Requests to a witness and its answers: what is read prints back to the same bytes, and nothing that the log did not sign passes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::add_checkpoint::{Request, answer, cosignatures, latest_size, size_answer};
use tlog::note::SignerKey;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = Request::parse(bytes) {
        assert_eq!(request.encode().as_bytes(), bytes);
        if let Ok(claim) = request.claim() {
            let key = SignerKey::from_seed(claim.origin(), &[7; 32]).expect("an origin is a key name");
            assert!(claim.open(&[key.verifier_key()]).is_err());
        }
    }
    if let Ok(lines) = cosignatures(bytes) {
        assert_eq!(answer(&lines).as_bytes(), bytes);
    }
    if let Ok(size) = latest_size(bytes) {
        assert_eq!(size_answer(size).as_bytes(), bytes);
    }
});
