//! Every body, each byte string inside as large or small as it likes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Body;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(body) = Body::decode(bytes) {
        assert_eq!(body.encode(), bytes);
        assert!(!body.name().is_empty());
        // Reports print what they refuse.
        let _ = format!("{body:?}");
    }
});
