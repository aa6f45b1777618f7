//! What the two screens show of a file (AIR-3).

use super::CarryFault;
use std::{fmt, str::FromStr};

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters shown: 100 bits.
const SHOWN: usize = 20;
/// Characters of a group; a tracker's have five, so that neither is taken for the other.
const GROUP: usize = 4;

/// The first 100 bits of a carried file's digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFingerprint([u8; SHOWN]);

/// A text is no fingerprint of a carried file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fingerprint of a file has 20 characters, such as 7Q2M-0CXW-9T4B-KHJ6-E1ZR")]
pub struct NotAFingerprint;

impl FileFingerprint {
    /// Of a digest, most significant bits first.
    pub fn of(digest: &[u8; 32]) -> Self {
        let bit = |place: usize| {
            let byte = digest.get(place / 8).copied().unwrap_or(0);
            byte >> (7 - place % 8) & 1
        };
        Self(std::array::from_fn(|character| (0..5).fold(0, |value, place| value << 1 | bit(5 * character + place))))
    }
}

impl FileFingerprint {
    /// AIR-3: refuses another file than the one that the other screen shows, if it was said which that is.
    ///
    /// # Errors
    /// [`CarryFault::OtherFile`].
    pub fn check(self, expected: Option<Self>) -> Result<(), CarryFault> {
        match expected {
            Some(expected) if expected != self => Err(CarryFault::OtherFile { expected, found: self }),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for FileFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, value) in self.0.iter().enumerate() {
            if place > 0 && place.is_multiple_of(GROUP) {
                formatter.write_str("-")?;
            }
            let character = ALPHABET.get(usize::from(*value)).copied().unwrap_or(b'0');
            write!(formatter, "{}", char::from(character))?;
        }
        Ok(())
    }
}

impl FromStr for FileFingerprint {
    type Err = NotAFingerprint;

    /// Spaces and dashes anywhere, either case, O for 0, I and L for 1: as it is read off a screen.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let mut values = [0; SHOWN];
        let mut characters = text.chars().filter(|character| !character.is_whitespace() && *character != '-');
        for value in &mut values {
            let character = match characters.next().ok_or(NotAFingerprint)?.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let place = ALPHABET.iter().position(|known| char::from(*known) == character).ok_or(NotAFingerprint)?;
            *value = u8::try_from(place).map_err(|_| NotAFingerprint)?;
        }
        if characters.next().is_some() { Err(NotAFingerprint) } else { Ok(Self(values)) }
    }
}
