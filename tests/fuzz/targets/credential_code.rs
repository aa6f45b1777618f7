//! What a voter types from the letter: the one printed form reads back to the same code. And the line of a letter that machines read.
#![no_main]

use crypto::credential_code::CredentialCode;
use libfuzzer_sys::fuzz_target;
use protocol::letter::LetterLine;

fuzz_target!(|text: &str| {
    if let Ok(code) = CredentialCode::parse(text) {
        let printed = code.grouped();
        let again = CredentialCode::parse(&printed).expect("what is printed can be typed");
        assert_eq!(again.as_bytes(), code.as_bytes());
    }
    if let Ok(line) = LetterLine::parse(text) {
        assert_eq!(*line.encode(), text.trim());
    }
    drop(LetterLine::find(text));
});
