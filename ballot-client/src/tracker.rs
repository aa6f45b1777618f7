//! Trackers as people see and type them (BAL-25 to BAL-27): grouped Crockford base32, and a QR code of the same characters.

use protocol::ids::SubmissionId;
use qrcode::{EcLevel, QrCode, render, types::QrError};
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters shown: 100 bits, more than the 80 below which two ballots could be made to look alike (BAL-25).
const SHOWN: usize = 20;
/// Characters of a group.
const GROUP: usize = 5;
/// Characters that decide a comparison: 80 bits (BAL-26).
const DECISIVE: usize = 16;
/// Fewest characters to search for (BAL-26).
const SEARCHABLE: usize = 4;
/// Digits of the whole tracker in hexadecimal.
const HEX: usize = 64;

/// A ballot's tracker: its submission id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tracker(pub SubmissionId);

impl Tracker {
    /// The whole tracker, 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.to_string()
    }

    /// The shown characters as a QR code for a terminal (BAL-27).
    ///
    /// # Errors
    /// [`QrError`], which a text of this length does not cause.
    pub fn qr_text(&self) -> Result<String, QrError> {
        use render::unicode::Dense1x2;
        let code = QrCode::with_error_correction_level(self.to_string(), EcLevel::M)?;
        // Terminals are mostly dark: light modules are drawn, dark ones left out.
        Ok(code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build())
    }

    /// The shown characters as a QR code in SVG (BAL-27).
    ///
    /// # Errors
    /// As [`Tracker::qr_text`].
    pub fn qr_svg(&self) -> Result<String, QrError> {
        let code = QrCode::with_error_correction_level(self.to_string(), EcLevel::M)?;
        Ok(code.render::<render::svg::Color<'_>>().min_dimensions(200, 200).build())
    }
}

impl fmt::Display for Tracker {
    /// `XXXXX-XXXXX-XXXXX-XXXXX` (BAL-25).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in 0..SHOWN {
            if place > 0 && place.is_multiple_of(GROUP) {
                formatter.write_str("-")?;
            }
            let character = ALPHABET.get(usize::from(value_at(&self.0.0, place))).copied().unwrap_or(b'0');
            write!(formatter, "{}", char::from(character))?;
        }
        Ok(())
    }
}

/// A tracker as somebody typed it: the beginning of the shown characters, all of them, or the whole in hexadecimal (BAL-26).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedTracker(Typed);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Typed {
    Whole(SubmissionId),
    Beginning(Vec<u8>),
}

/// Why a text is no tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrackerError {
    /// A character that no tracker contains.
    #[error("character {0} does not occur in trackers")]
    Character(usize),
    /// Too short to search for, or of a length no tracker has.
    #[error("a tracker has 20 characters, or 64 in hexadecimal; the first 4 suffice to search; {0} were given")]
    Length(usize),
}

impl TypedTracker {
    /// Whether it is this ballot's tracker, as far as it was typed.
    pub fn matches(&self, tracker: &SubmissionId) -> bool {
        match &self.0 {
            Typed::Whole(whole) => whole == tracker,
            Typed::Beginning(values) => {
                values.iter().enumerate().all(|(place, value)| value_at(&tracker.0, place) == *value)
            }
        }
    }

    /// Whether enough was typed that nobody can make another ballot match (BAL-26).
    pub fn is_decisive(&self) -> bool {
        match &self.0 {
            Typed::Whole(_) => true,
            Typed::Beginning(values) => values.len() >= DECISIVE,
        }
    }
}

impl FromStr for TypedTracker {
    type Err = TrackerError;

    /// BAL-26: spaces and dashes anywhere, either case, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, TrackerError> {
        let separator =
            |character: &char| character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}');
        let characters: Vec<char> = text.chars().filter(|character| !separator(character)).take(HEX + 1).collect();
        if characters.len() == HEX {
            let digits: String = characters.iter().collect();
            if let Some(place) = characters.iter().position(|character| !character.is_ascii_hexdigit()) {
                return Err(TrackerError::Character(place.saturating_add(1)));
            }
            return digits.parse().map(|whole| Self(Typed::Whole(whole))).map_err(|_| TrackerError::Length(HEX));
        }
        if !(SEARCHABLE..=SHOWN).contains(&characters.len()) {
            return Err(TrackerError::Length(characters.len()));
        }
        let values: Result<Vec<u8>, TrackerError> = (1..)
            .zip(characters)
            .map(|(place, character)| value_of(character).ok_or(TrackerError::Character(place)))
            .collect();
        values.map(|values| Self(Typed::Beginning(values)))
    }
}

impl From<Tracker> for TypedTracker {
    fn from(tracker: Tracker) -> Self {
        Self(Typed::Whole(tracker.0))
    }
}

/// Bits `5 place .. 5 place + 5` of the digest, most significant first.
fn value_at(digest: &[u8; 32], place: usize) -> u8 {
    let first = place.saturating_mul(5);
    let byte = |index: usize| u16::from(digest.get(index).copied().unwrap_or(0));
    let pair = byte(first / 8) << 8 | byte((first / 8).saturating_add(1));
    let shifted = pair >> (11usize.saturating_sub(first % 8));
    u8::try_from(shifted & 31).unwrap_or(0)
}

fn value_of(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == upper).and_then(|place| u8::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracker() -> Tracker {
        let mut digest = [0u8; 32];
        (0u8..).zip(&mut digest).for_each(|(place, byte)| *byte = place.wrapping_mul(37).wrapping_add(11));
        Tracker(SubmissionId(digest))
    }

    #[test]
    fn shown_characters_are_the_first_hundred_bits() {
        let bits: String = tracker().0.0.iter().map(|byte| format!("{byte:08b}")).collect();
        let expected: Vec<char> = (0..20)
            .map(|place| char::from(ALPHABET[usize::from_str_radix(&bits[place * 5..place * 5 + 5], 2).unwrap()]))
            .collect();
        let shown = tracker().to_string();
        assert_eq!(shown.chars().filter(|character| *character != '-').collect::<Vec<_>>(), expected);
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [5; 4]);
        assert_eq!(shown, "1CR5A-YMZRK-MGWCT-RFPHC");
    }

    #[test]
    fn typing_is_forgiven() {
        let shown = tracker().to_string();
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('0', "o"),
            shown.replace('1', "l"),
            tracker().hex(),
        ] {
            let typed: TypedTracker = typed.parse().unwrap();
            assert!(typed.matches(&tracker().0) && typed.is_decisive());
        }
        let beginning: TypedTracker = shown[..7].parse().unwrap();
        assert!(beginning.matches(&tracker().0) && !beginning.is_decisive());
        let other: TypedTracker = "ZZZZZ".parse().unwrap();
        assert!(!other.matches(&tracker().0));
        assert!(TypedTracker::from(tracker()).matches(&tracker().0));
    }

    #[test]
    fn what_is_no_tracker_is_refused() {
        assert_eq!("ABC".parse::<TypedTracker>(), Err(TrackerError::Length(3)));
        assert_eq!("".parse::<TypedTracker>(), Err(TrackerError::Length(0)));
        assert_eq!("ABCDU".parse::<TypedTracker>(), Err(TrackerError::Character(5)));
        assert_eq!("A".repeat(21).parse::<TypedTracker>(), Err(TrackerError::Length(21)));
        assert_eq!("A".repeat(5000).parse::<TypedTracker>(), Err(TrackerError::Length(65)));
        assert_eq!("Z".repeat(64).parse::<TypedTracker>(), Err(TrackerError::Character(1)));
    }

    #[test]
    fn codes_are_drawn() {
        assert!(tracker().qr_svg().unwrap().contains("<svg"));
        assert!(tracker().qr_text().unwrap().lines().count() > 10);
    }
}
