//! Texts that people will read (ENC-3).

use crate::rule::{Rejection, demand};
use unicode_normalization::is_nfc;

/// Longest name, title or option, in bytes.
pub(crate) const MAXIMUM_NAME: usize = 400;
/// Longest notice, in bytes.
pub(crate) const MAXIMUM_NOTICE: usize = 10_000;

/// A name, title or option: 1 to 400 bytes, NFC, without control characters or bidirectional overrides (ENC-3).
///
/// # Errors
/// A [`Rejection`] that names `what`.
pub fn check_name(text: &str, what: &str) -> Result<(), Rejection> {
    check(text, what, MAXIMUM_NAME, |_| false)
}

/// A notice: 1 to 10,000 bytes, NFC; line feeds are allowed (ENC-3).
pub(crate) fn check_notice(text: &str) -> Result<(), Rejection> {
    check(text, "notice", MAXIMUM_NOTICE, |character| character == '\n')
}

fn check(text: &str, what: &str, maximum: usize, allowed: impl Fn(char) -> bool) -> Result<(), Rejection> {
    let length = text.len();
    demand!((1..=maximum).contains(&length), BadText, format!("a {what} of 1 to {maximum} bytes"), length);
    demand!(is_nfc(text), BadText, format!("a {what} in Unicode normalisation form C"), "another form");
    if let Some(bad) = text.chars().find(|character| is_hidden(*character) && !allowed(*character)) {
        return Err(crate::rule::refuse!(
            BadText,
            format!("a {what} without control characters"),
            format!("U+{:04X}", u32::from(bad))
        ));
    }
    Ok(())
}

/// Control characters, and the marks that reorder what stands around them (Unicode TR 9, explicit formatting).
pub fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
