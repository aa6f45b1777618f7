//! Credential codes.

use super::*;
use crate::credential_code::CredentialCode;

pub(super) fn credential_code() -> Value {
    let valid = [80, 81, 82].map(|seed| {
        let code = CredentialCode::generate(&mut rng(seed)).unwrap();
        let secret = code.secret(&[0x11; 32], 1);
        let mut preimage = minicbor::Encoder::new(Vec::new());
        preimage.array(4).unwrap().str("vitrine/1/credential").unwrap().bytes(&[0x11; 32]).unwrap();
        preimage.u64(1).unwrap().bytes(code.as_bytes()).unwrap();
        json!({
            "code": std::str::from_utf8(code.as_bytes()).unwrap(),
            "printed": *code.grouped(),
            "election": hex::encode([0x11; 32]),
            "registrar": 1,
            "secret_preimage": hex::encode(preimage.into_writer()),
            "secret": scalar(secret.expose()),
            "partial_key": point(&secret.public()),
        })
    });
    let zero = "0000-0000-0000-0000-0000-0000";
    let typed = [
        zero,
        "oooo oooo oooo oooo oooo oooo",
        "000000000000000000000000",
        " 0-0\u{2013}0\u{a0}0 OooO0000000000000000\n",
    ];
    let typed = typed.map(|text| {
        let code = CredentialCode::parse(text).unwrap();
        json!({ "typed": text, "code": std::str::from_utf8(code.as_bytes()).unwrap() })
    });
    let code = CredentialCode::generate(&mut rng(80)).unwrap().grouped();
    let swap = |first: usize, second: usize| {
        let mut characters: Vec<char> = code.chars().collect();
        characters.swap(first, second);
        characters.into_iter().collect::<String>()
    };
    let change = |at: usize, to: &str| format!("{}{to}{}", &code[..at], &code[at + 1..]);
    let broken = [
        ("the first character is another", change(0, if code.starts_with('7') { "8" } else { "7" })),
        ("the last character is another", change(28, if code.ends_with('7') { "8" } else { "7" })),
        ("two neighbours are swapped", swap(0, 1)),
        ("two distant characters are swapped", swap(2, 27)),
        ("a character is missing", change(12, "")),
        ("a character too many", format!("{}0", *code)),
        ("U is in no code", change(5, "U")),
        ("a letter of another alphabet", change(5, "\u{0417}")),
        ("empty", String::new()),
    ];
    let invalid = broken.map(|(defect, text)| {
        assert!(CredentialCode::parse(&text).is_err(), "{defect}");
        json!({ "defect": defect, "typed": text })
    });
    json!({ "rules": "CRY-80, CRY-81, CRY-82, CRY-83", "valid": valid, "typed": typed, "invalid": invalid })
}
