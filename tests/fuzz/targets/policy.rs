//! Witness policies.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::policy::Policy;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::parse(bytes) {
        assert!(!policy.logs().is_empty() || policy.keys().len() == policy.witnesses().len());
        assert!(policy.open(bytes, 0).is_err(), "a policy is no checkpoint");
    }
});
