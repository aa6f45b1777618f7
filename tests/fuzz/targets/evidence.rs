//! Files of evidence: read, written back, and nobody is convicted whose key did not sign.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Evidence;

fuzz_target!(|bytes: &[u8]| {
    let framed = [&b"\x84\x72vitrine/1/evidence"[..], bytes].concat();
    for bytes in [bytes, &framed] {
        if let Ok(evidence) = Evidence::decode(bytes) {
            assert_eq!(evidence.encode(), bytes);
            // A fuzzer forges no signature: what the seeds hold convicts nobody, one message twice not either.
            assert!(evidence.check().is_err());
        }
    }
});
