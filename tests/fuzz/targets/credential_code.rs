//! What a voter types from the letter: the one printed form reads back to the same code.
#![no_main]

use crypto::credential_code::CredentialCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(code) = CredentialCode::parse(text) {
        let printed = code.grouped();
        let again = CredentialCode::parse(&printed).expect("what is printed can be typed");
        assert_eq!(again.as_bytes(), code.as_bytes());
    }
});
