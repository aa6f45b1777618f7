use super::*;
use crate::secret::tests::Broken;
use proptest::prelude::{prop_assert_eq, proptest};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

fn sample(seed: u8) -> CredentialCode {
    CredentialCode::generate(&mut ChaCha20Rng::from_seed([seed; 32])).unwrap()
}

/// The code is linear: a mistake goes unseen exactly if the mistake itself is a code word. So trying every mistake of at most two
/// characters on the zero word tries it on every code.
#[test]
fn every_mistake_of_two_characters_is_found() {
    for first in 0..LENGTH {
        for second in first + 1..LENGTH {
            for (a, b) in (0..32).flat_map(|a| (0..32).map(move |b| (a, b))) {
                let mut mistake = [0; LENGTH];
                (mistake[first], mistake[second]) = (a, b);
                assert_eq!(syndromes(&mistake) == (0, 0), a == 0 && b == 0, "{first} {a}, {second} {b}");
            }
        }
    }
}

/// The same through the front door, on one code: every wrong character, every swap of two.
#[test]
fn mistyped_codes_are_refused() {
    let code = *sample(1).as_bytes();
    let parse = |bytes: &[u8]| CredentialCode::parse(std::str::from_utf8(bytes).unwrap()).map(|_| ());
    for position in 0..LENGTH {
        for other in ALPHABET {
            let mut typed = code;
            typed[position] = *other;
            assert_eq!(parse(&typed), if typed == code { Ok(()) } else { Err(CodeError::Check) });
        }
        for other in 0..LENGTH {
            let mut typed = code;
            typed.swap(position, other);
            assert_eq!(parse(&typed), if typed == code { Ok(()) } else { Err(CodeError::Check) });
        }
    }
}

#[test]
fn codes_are_read_as_people_type_them() {
    // Values 0 and 1 early in the code, so that O, I and L occur.
    let code = CredentialCode::from_values(&[0, 1, 1, 10, 31, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    let text = code.grouped();
    assert!(text.starts_with("011A-Z001-"));
    for typed in [
        text.to_string(),
        text.to_lowercase(),
        text.replace('-', ""),
        text.replace('-', " \u{2013}\u{a0}\n"),
        format!("oIlA zOo1{}", &text[9..]),
        format!("oiLA zOo1{}", &text[9..]),
    ] {
        assert_eq!(CredentialCode::parse(&typed).unwrap().as_bytes(), code.as_bytes());
    }
}

#[test]
fn every_refusal_names_its_cause() {
    let text = sample(2).grouped().to_string();
    let parse = |text: &str| CredentialCode::parse(text).map(|_| ()).unwrap_err();
    assert_eq!(parse(""), CodeError::Length { found: 0 });
    assert_eq!(parse(&text[..28]), CodeError::Length { found: 23 });
    assert_eq!(parse(&format!("{text}0")), CodeError::Length { found: 25 });
    assert_eq!(parse(&"0".repeat(1 << 16)), CodeError::Length { found: 25 });
    assert_eq!(parse(&format!("{}U{}", &text[..2], &text[3..])), CodeError::Character { position: 3 });
    assert_eq!(parse(&format!("{}é", &text[..28])), CodeError::Character { position: 24 });
    assert_eq!(CodeError::Length { found: 25 }.to_string(), "a code has 24 characters; this one has more");
    assert_eq!(CodeError::Length { found: 23 }.to_string(), "a code has 24 characters; this one has 23");
}

#[test]
fn secrets_differ_by_election_registrar_and_code() {
    let secret = |seed, election: u8, registrar| sample(seed).secret(&[election; 32], registrar);
    let reference = secret(1, 1, 0);
    assert_eq!(reference.expose(), secret(1, 1, 0).expose());
    for other in [secret(2, 1, 0), secret(1, 2, 0), secret(1, 1, 1)] {
        assert_ne!(reference.expose(), other.expose());
    }
}

#[test]
fn nothing_leaks_and_nothing_comes_from_broken_randomness() {
    assert_eq!(format!("{:?}", sample(1)), "CredentialCode(…)");
    assert!(CredentialCode::generate(&mut Broken).is_err());
}

/// Every character and every value, and no other character.
#[test]
fn characters_and_values_are_inverse() {
    for (value, character) in (0..32).zip(ALPHABET) {
        assert_eq!((character_of(value), value_of(char::from(*character))), (*character, Some(value)));
    }
    let known = (0..=u8::MAX).map(char::from).filter(|character| value_of(*character).is_some()).count();
    assert_eq!(known, 32 + 22 + "IiLlOo".len());
    assert_eq!(value_of('\u{100041}'), None);
}

/// CRY-5: a registrar's list of codes grows.
#[test]
fn a_code_is_never_moved_in_memory() {
    let place = |code: &CredentialCode| std::ptr::from_ref(code.as_bytes()).addr();
    let first = sample(1);
    let before = place(&first);
    let list: Vec<CredentialCode> = std::iter::once(first).chain((2..12).map(sample)).collect();
    assert_eq!(place(&list[0]), before);
}

#[test]
fn the_field_is_a_field() {
    for element in 1..32 {
        assert_eq!(gf32::multiply(element, gf32::inverse(element)), 1);
    }
    let powers: std::collections::BTreeSet<u8> = (0..31).map(gf32::power).collect();
    assert_eq!(powers.len(), 31);
}

proptest! {
    #[test]
    fn generated_codes_are_read_back(seed: [u8; 32]) {
        let code = CredentialCode::generate(&mut ChaCha20Rng::from_seed(seed)).unwrap();
        let read = CredentialCode::parse(&code.grouped()).unwrap();
        prop_assert_eq!(read.as_bytes(), code.as_bytes());
    }

    #[test]
    fn any_text_is_answered(text: String) {
        let _ = CredentialCode::parse(&text);
    }
}
