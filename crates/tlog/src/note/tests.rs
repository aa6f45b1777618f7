//! The published example, every malformed part, and keys that must not be accepted.

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::*;

/// The example of golang.org/x/mod/sumdb/note: key, secret seed and note.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER_TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn peter_note() -> String {
    format!("{PETER_TEXT}\n{PETER_LINE}")
}

fn peter() -> VerifierKey {
    PETER.parse().unwrap()
}

fn signer(name: &str) -> SignerKey {
    SignerKey::from_seed(name, &[7; 32]).unwrap()
}

fn parse(text: &str) -> Result<Note, NoteError> {
    Note::parse(text.as_bytes())
}

#[test]
fn the_published_note_opens_and_is_signed_again_to_the_same_bytes() {
    let note = parse(&peter_note()).unwrap();
    assert_eq!(note.text(), PETER_TEXT);
    let keys = [peter()];
    let lines = note.verify(&keys, Strictness::EveryLineKnown).unwrap();
    assert_eq!(lines, [VerifiedLine { key: &keys[0], timestamp: None }]);
    assert_eq!(keys[0].to_string(), PETER);

    let secret = STANDARD.decode(PETER_SECRET).unwrap();
    let key = SignerKey::from_seed("PeterNeumann", secret[1..].try_into().unwrap()).unwrap();
    assert_eq!(key.verifier_key(), peter());
    let mut again = Note::new(PETER_TEXT.to_owned()).unwrap();
    again.add(key.sign(&again)).unwrap();
    assert_eq!(again.encode(), peter_note());
}

/// Verifier keys of other implementations: signed-note's example, and transparency-dev/formats' tests (0x01 and 0x04).
#[test]
fn published_keys_are_read_and_written_back() {
    for (text, algorithm) in [
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", Algorithm::Ed25519),
        ("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6", Algorithm::Ed25519),
        ("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", Algorithm::Cosignature),
    ] {
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!((key.to_string().as_str(), key.algorithm()), (text, algorithm));
        assert_eq!(VerifierKey::new(key.name(), algorithm, &key.public_key()), Ok(key));
    }
}

#[test]
fn malformed_keys_are_refused() {
    let refused = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    let [name, id, key]: [&str; 3] = PETER.splitn(3, '+').collect::<Vec<_>>().try_into().unwrap();
    for malformed in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        &format!("{name}+{id}+{key}="),
        &format!("{name}+{id}+"),
        &format!("{name}+{id}+AQ=="),
        &format!("{name}+{id}+{}", &key[..40]),
    ] {
        assert_eq!(refused(malformed), KeyError::Malformed, "{malformed}");
    }
    assert_eq!(refused(&format!("+{id}+{key}")), KeyError::Name);
    assert_eq!(refused(&format!("Peter Neumann+{id}+{key}")), KeyError::Name);
    for other in ["c74f20a4", "C74F20A3", "c74f20a", "0c74f20a3"] {
        assert_eq!(refused(&format!("{name}+{other}+{key}")), KeyError::Identifier, "{other}");
    }
    let typed = |byte: u8, key: &[u8]| {
        let text = STANDARD.encode([&[byte], key].concat());
        refused(&format!("{name}+{id}+{text}"))
    };
    for byte in [0x00, 0x02, 0x03, 0x05, 0x06, 0xff] {
        assert_eq!(typed(byte, &peter().public_key()), KeyError::UnsupportedType(byte));
    }
    assert_eq!(typed(1, &[2; 31]), KeyError::Malformed);
}

#[test]
fn points_of_small_order_and_second_encodings_are_refused() {
    let refused = |bytes: &[u8; 32]| VerifierKey::new("a", Algorithm::Ed25519, bytes).unwrap_err();
    // The eight points whose order divides 8 have y = 0, 1, -1 and four others; the first three are enough to name.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    for weak in [[0; 32], identity, minus_one] {
        assert_eq!(refused(&weak), KeyError::Point);
    }
    // y + p for every y below 19 that still fits: the same points, written differently.
    for low in 0xed..=0xff {
        for high in [0x7f, 0xff] {
            let mut second = [0xff; 32];
            (second[0], second[31]) = (low, high);
            assert_eq!(refused(&second), KeyError::Point);
        }
    }
    assert_eq!(refused(&[2; 32]), KeyError::Point);
}

/// Signatures by the seed of 32 bytes 01 over `text\n`, made by who holds the secret: valid to a lax reader, not to us.
#[test]
fn signatures_that_a_lax_reader_takes_are_refused() {
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    let key = SignerKey::from_seed("a", &[1; 32]).unwrap().verifier_key();
    let lax = |signature: &[u8]| {
        let public_key = VerifyingKey::from_bytes(&key.public_key()).unwrap();
        public_key.verify(b"text\n", &Signature::from_slice(signature).unwrap()).is_ok()
    };
    let strict = |signature: &[u8]| {
        let mut note = Note::new("text\n".to_owned()).unwrap();
        let line = NoteSignature { name: "a".to_owned(), key_id: key.key_id(), signature: signature.to_vec() };
        note.add(line).unwrap();
        note.verify(std::slice::from_ref(&key), Strictness::EveryLineKnown).is_ok()
    };
    let [good, identity, unreduced] = [
        "794e61807bbf66743f7d41988649bfae862d67d6c05330361e52563e51f0ff8f6b0644086d8364f74e57e44d544df8cd95da1139edff8ad89dcf085fdb008f09",
        "01000000000000000000000000000000000000000000000000000000000000003777571940ee7be9f8ff4e09e1fb6f0740d2ca4e806a6ab4c0d6f35bddf19c0f",
        "794e61807bbf66743f7d41988649bfae862d67d6c05330361e52563e51f0ff8f58da396587e6764f25f4dbf03247d7e295da1139edff8ad89dcf085fdb008f19",
    ]
    .map(|signature| hex::decode(signature).unwrap());
    assert!(lax(&good) && strict(&good));
    assert!(lax(&identity) && !strict(&identity));
    assert!(!strict(&unreduced));
    assert!(!strict(&good[..63]) && !strict(&[good.as_slice(), &[0]].concat()));
}

#[test]
fn names_hold_no_space_plus_or_control() {
    for name in ["", "a b", "a+b", "a\tb", "a\nb", "a\u{a0}b", "a\u{2003}", "\u{3000}", "a\u{85}", "a\u{7f}"] {
        assert_eq!(SignerKey::from_seed(name, &[7; 32]).unwrap_err(), KeyError::Name, "{name:?}");
        assert_eq!(VerifierKey::new(name, Algorithm::Ed25519, &peter().public_key()), Err(KeyError::Name));
    }
    for name in ["a", "example.com/log", "wahl.münchen.example/größe", "—"] {
        let key = signer(name);
        let mut note = Note::new("text\n".to_owned()).unwrap();
        note.add(key.sign(&note)).unwrap();
        let keys = [key.verifier_key()];
        assert_eq!(keys[0].to_string().parse(), Ok(keys[0].clone()));
        parse(&note.encode()).unwrap().verify(&keys, Strictness::EveryLineKnown).unwrap();
    }
}

#[test]
fn each_malformed_note_is_refused_for_its_one_defect() {
    let line = PETER_LINE;
    let malformed = |line| NoteError::MalformedSignatureLine { line };
    let blob = line.split(' ').nth(2).unwrap().trim();
    let cases: Vec<(String, NoteError)> = vec![
        (String::new(), NoteError::NoFinalNewline),
        ("text\n".to_owned(), NoteError::NoText),
        (format!("text\n{line}"), NoteError::NoText),
        (format!("\n{line}"), NoteError::NoText),
        (format!("text\n\n{}", line.trim_end()), NoteError::NoFinalNewline),
        ("text\n\n".to_owned(), NoteError::NoSignature),
        (format!("text\n\n{line}\n"), NoteError::NoSignature),
        (format!("te\txt\n\n{line}"), NoteError::ControlCharacter(2)),
        (format!("text\r\n\n{line}"), NoteError::ControlCharacter(4)),
        (format!("text\n\n{line}text\n"), malformed(1)),
        (format!("text\n\n- PeterNeumann {blob}\n"), malformed(0)),
        (format!("text\n\n—  PeterNeumann {blob}\n"), malformed(0)),
        (format!("text\n\n— PeterNeumann  {blob}\n"), malformed(0)),
        (format!("text\n\n— PeterNeumann {blob} \n"), malformed(0)),
        (format!("text\n\n— Peter+Neumann {blob}\n"), malformed(0)),
        (format!("text\n\n—  {blob}\n"), malformed(0)),
        (format!("text\n\n— PeterNeumann {}\n", blob.trim_end_matches('=')), malformed(0)),
        (format!("text\n\n— PeterNeumann {}\n", blob.replace("nAM=", "nAN=")), malformed(0)),
        ("text\n\n— PeterNeumann x08go/==\n".to_owned(), malformed(0)),
        // A key identifier and no signature; less than a key identifier.
        ("text\n\n— PeterNeumann x08gow==\n".to_owned(), malformed(0)),
        ("text\n\n— PeterNeumann x08g\n".to_owned(), malformed(0)),
        (format!("text\n\n{}", line.repeat(MAX_SIGNATURES + 1)), NoteError::TooManySignatures),
        ("x".repeat(MAX_NOTE_BYTES + 1), NoteError::TooLong(MAX_NOTE_BYTES + 1)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(&text), Err(expected), "{text:?}");
    }
    assert_eq!(Note::parse(b"te\xffxt\n\n"), Err(NoteError::NotUtf8));
    assert_eq!(parse(&format!("text\n\n{}", line.repeat(MAX_SIGNATURES))).unwrap().signatures().len(), MAX_SIGNATURES);
    assert_eq!(parse(&format!("a\n\n\n{line}")).unwrap().text(), "a\n\n");
    assert_eq!(Note::new("text".to_owned()), Err(NoteError::NoFinalNewline));
    assert_eq!(Note::new("te\u{1}xt\n".to_owned()), Err(NoteError::ControlCharacter(2)));
}

#[test]
fn lines_that_nobody_checks_are_ignored_or_refused() {
    let (known, unknown) = (signer("known"), signer("unknown"));
    let mut note = Note::new("text\n".to_owned()).unwrap();
    note.add(known.sign(&note)).unwrap();
    note.add(unknown.sign(&note)).unwrap();
    let keys = [known.verifier_key()];
    assert_eq!(note.verify(&keys, Strictness::IgnoreUnknown).unwrap().len(), 1);
    assert_eq!(
        note.verify(&keys, Strictness::EveryLineKnown),
        Err(NoteError::UnknownKey { line: 1, name: "unknown".to_owned() })
    );
    assert_eq!(note.verify(&[], Strictness::IgnoreUnknown), Err(NoteError::NoKnownSignature));

    let mut twice = Note::new("text\n".to_owned()).unwrap();
    twice.add(known.sign(&twice)).unwrap();
    twice.add(known.sign(&twice)).unwrap();
    assert_eq!(twice.verify(&keys, Strictness::IgnoreUnknown).unwrap().len(), 2);
    assert_eq!(
        twice.verify(&keys, Strictness::EveryLineKnown),
        Err(NoteError::DuplicateSignature { line: 1, name: "known".to_owned() })
    );
}

#[test]
fn one_bad_line_by_a_known_key_spoils_the_note() {
    let (good, other) = (signer("good"), signer("other"));
    let mut note = Note::new("text\n".to_owned()).unwrap();
    note.add(good.sign(&note)).unwrap();
    let elsewhere = Note::new("other text\n".to_owned()).unwrap();
    note.add(other.sign(&elsewhere)).unwrap();
    let bad = Err(NoteError::BadSignature { line: 1, name: "other".to_owned() });
    let keys = [good.verifier_key(), other.verifier_key()];
    assert_eq!(note.verify(&keys, Strictness::IgnoreUnknown), bad);
    assert_eq!(note.verify(&keys, Strictness::EveryLineKnown), bad);
    // One known name with another identifier is another key, and ignored.
    let stranger = SignerKey::from_seed("other", &[8; 32]).unwrap().verifier_key();
    assert_eq!(note.verify(&[keys[0].clone(), stranger], Strictness::IgnoreUnknown).unwrap().len(), 1);
}

#[test]
fn what_parse_would_refuse_cannot_be_added() {
    let mut note = Note::new("text\n".to_owned()).unwrap();
    let line = |name: &str, signature: &[u8]| NoteSignature {
        name: name.to_owned(),
        key_id: [0; 4],
        signature: signature.to_vec(),
    };
    assert!(note.add(line("a b", &[1])).is_err());
    assert!(note.add(line("a", &[])).is_err());
    for _ in 0..MAX_SIGNATURES {
        note.add(line("a", &[1])).unwrap();
    }
    assert_eq!(note.add(line("a", &[1])), Err(NoteError::TooManySignatures));
    assert_eq!(Note::parse(note.encode().as_bytes()), Ok(note));
}

#[test]
fn secrets_are_stored_by_seed_and_never_printed() {
    let key = SignerKey::generate("log.example", &mut StdRng::seed_from_u64(1)).unwrap();
    let other = SignerKey::generate("log.example", &mut StdRng::seed_from_u64(2)).unwrap();
    assert_ne!(key.verifier_key(), other.verifier_key());
    let stored = SignerKey::from_seed("log.example", &key.seed()).unwrap();
    assert_eq!(stored.verifier_key(), key.verifier_key());
    assert_eq!(format!("{key:?}"), "SignerKey(log.example, secret withheld)");
}

/// Flipping any bit of the published note leaves nothing that opens under its key.
#[test]
fn every_flipped_bit_is_noticed() {
    let (note, keys) = (peter_note(), [peter()]);
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let opened = Note::parse(&bytes).map(|note| note.verify(&keys, Strictness::IgnoreUnknown).is_ok());
            assert!(!matches!(opened, Ok(true)), "byte {place}, bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn a_note_has_one_encoding(text in "([a-zé ]{0,4}\n){1,4}", tail in "(— [a-c]{1,2} [A-Za-z0-9+/]{8}\n){1,3}") {
        let bytes = format!("{text}\n{tail}");
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.encode(), bytes);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), text in any::<String>()) {
        let _ = Note::parse(&bytes);
        let _ = text.parse::<VerifierKey>();
        let _ = NoteSignature::parse(&text);
        let _ = Note::parse(format!("{text}\n\n— {text} {text}\n").as_bytes());
    }
}

/// A generator that fails.
pub(crate) struct Broken;

impl rand_core::RngCore for Broken {
    fn next_u32(&mut self) -> u32 {
        0
    }

    fn next_u64(&mut self) -> u64 {
        0
    }

    fn fill_bytes(&mut self, _: &mut [u8]) {}

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), rand_core::Error> {
        Err(rand_core::Error::from(std::num::NonZeroU32::MIN))
    }
}

impl rand_core::CryptoRng for Broken {}

#[test]
fn a_generator_that_fails_makes_no_key() {
    assert_eq!(SignerKey::generate("name", &mut Broken).err(), Some(KeyError::Randomness));
}
