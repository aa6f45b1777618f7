//! Credential codes (CRY-80..CRY-83): what a voter types from the letter. 24 characters of Crockford's base32: 22 random ones (110
//! bits) and 2 check characters of a Reed-Solomon code over GF(32), whose distance 3 finds every one or two wrong characters, and so
//! every swap of two.

use crate::{
    RandomnessFailure, SecretScalar,
    hash::{Tag, TaggedHash},
};
use rand_core::{CryptoRng, RngCore};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::{Zeroize as _, Zeroizing};

/// Characters of a code.
pub const LENGTH: usize = 24;
/// Characters that are random.
const RANDOM: usize = 22;
/// Characters of a displayed group.
const GROUP: usize = 4;
/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a typed code is not a code. Never shows a character of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not 24 characters, spaces and dashes aside.
    #[error("a code has 24 characters; this one has {}", if *.found > LENGTH { "more".to_owned() } else { found.to_string() })]
    Length {
        /// Characters read; 25 stands for any larger number.
        found: usize,
    },
    /// A character that no code contains.
    #[error("character {position} does not occur in codes")]
    Character {
        /// Its position among the 24, from 1.
        position: usize,
    },
    /// The check characters do not fit: something was mistyped.
    #[error("the code does not check: at least one character is wrong")]
    Check,
}

/// A voter's code from one registrar: as good as the vote itself, so wiped on drop and never printed by `Debug`. Like a
/// [`SecretScalar`] it keeps one place on the heap, so that a growing list of codes leaves no copies behind.
pub struct CredentialCode(Box<Zeroizing<[u8; LENGTH]>>);

impl std::fmt::Debug for CredentialCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CredentialCode(…)")
    }
}

impl CredentialCode {
    /// A fresh code: 22 uniform characters and their check characters (CRY-80).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Result<Self, RandomnessFailure> {
        let mut random = Zeroizing::new([0u8; RANDOM]);
        rng.try_fill_bytes(random.as_mut_slice()).map_err(|_| RandomnessFailure)?;
        for value in random.iter_mut() {
            *value &= 31;
        }
        Ok(Self::from_values(&random))
    }

    /// The code whose first 22 characters have these values, below 32 each.
    fn from_values(random: &[u8; RANDOM]) -> Self {
        // CRY-81: c_22 + c_23 = s and g^22 c_22 + g^23 c_23 = t, where s and t are the sums over the random characters.
        let (s, t) = syndromes(random);
        let [g22, g23] = [gf32::power(22), gf32::power(23)];
        let first = gf32::multiply(t ^ gf32::multiply(g23, s), gf32::inverse(g22 ^ g23));
        let mut code = Box::new(Zeroizing::new([0u8; LENGTH]));
        let values = random.iter().copied().chain([first, s ^ first]);
        for (character, value) in code.iter_mut().zip(values) {
            *character = character_of(value);
        }
        Self(code)
    }

    /// Reads a code as people type it: lower case, spaces and dashes anywhere, O for 0, I and L for 1 (CRY-82).
    ///
    /// # Errors
    /// [`CodeError`]; the text may be of any length and content.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut code = Box::new(Zeroizing::new([0u8; LENGTH]));
        let mut values = Zeroizing::new([0u8; LENGTH]);
        let mut found = 0;
        let mut stranger = None;
        for character in text.chars().filter(|character| !is_separator(*character)) {
            let (Some(code), Some(value)) = (code.get_mut(found), values.get_mut(found)) else {
                return Err(CodeError::Length { found: LENGTH + 1 });
            };
            found += 1;
            match value_of(character) {
                Some(read) => (*code, *value) = (character_of(read), read),
                None => stranger = stranger.or(Some(found)),
            }
        }
        if found != LENGTH {
            return Err(CodeError::Length { found });
        }
        if let Some(position) = stranger {
            return Err(CodeError::Character { position });
        }
        if syndromes(values.as_slice()) == (0, 0) { Ok(Self(code)) } else { Err(CodeError::Check) }
    }

    /// The canonical 24 ASCII characters, which are hashed (CRY-83).
    pub fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The code as it is printed: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`.
    pub fn grouped(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
        for (position, character) in self.0.iter().enumerate() {
            if position > 0 && position.is_multiple_of(GROUP) {
                text.push('-');
            }
            text.push(char::from(*character));
        }
        text
    }

    /// The secret `s_i` this code stands for in one election at one registrar (CRY-83); the credential key is the sum of all
    /// registrars' `s_i G`.
    pub fn secret(&self, election: &[u8; 32], registrar: u64) -> SecretScalar {
        let hash = TaggedHash::wide(Tag::Credential, 3).bytes(election).integer(registrar).bytes(self.as_bytes());
        let mut digest = hash.sha3_512();
        let secret = SecretScalar::from_wide(digest);
        digest.zeroize();
        secret
    }
}

/// `sum c_i` and `sum g^i c_i` over GF(32); both zero exactly for the words of the code (CRY-81).
fn syndromes(values: &[u8]) -> (u8, u8) {
    let mut sums = (0, 0);
    let mut power = 1;
    for value in values {
        sums = (sums.0 ^ value, sums.1 ^ gf32::multiply(power, *value));
        power = gf32::multiply(power, 2);
    }
    sums
}

/// What people put between groups, and what word processors make of it.
fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn value_of(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    // CRY-5: the whole alphabet is read, whichever character it is.
    let (value, known) = (0u8..).zip(ALPHABET).fold((0, Choice::from(0)), |(found, known), (value, character)| {
        let hit = u32::from(*character).ct_eq(&u32::from(upper));
        (u8::conditional_select(&found, &value, hit), known | hit)
    });
    bool::from(known).then_some(value)
}

/// The character of a value below 32, without an address that depends on it (CRY-5).
fn character_of(value: u8) -> u8 {
    (0u8..)
        .zip(ALPHABET)
        .fold(0, |found, (position, character)| u8::conditional_select(&found, character, position.ct_eq(&value)))
}

/// The field of 32 elements, bits as coefficients, modulo `x^5 + x^2 + 1`; its generator g is x, the number 2.
mod gf32 {
    /// The product, without a branch or an index on either factor.
    pub(super) fn multiply(left: u8, right: u8) -> u8 {
        let (mut left, mut product) = (left, 0);
        for bit in 0..5 {
            product ^= left & 0u8.wrapping_sub((right >> bit) & 1);
            left = ((left << 1) & 31) ^ (0b101 & 0u8.wrapping_sub((left >> 4) & 1));
        }
        product
    }

    /// `g^exponent`.
    pub(super) fn power(exponent: u8) -> u8 {
        (0..exponent).fold(1, |power, _| multiply(power, 2))
    }

    /// The inverse of a non-zero element: its 30th power.
    pub(super) fn inverse(element: u8) -> u8 {
        (0..30).fold(1, |power, _| multiply(power, element))
    }
}

#[cfg(test)]
#[path = "credential_code_tests.rs"]
mod tests;
