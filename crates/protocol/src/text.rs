//! Texts that people will read (ENC-3).

use crate::rule::{Rejection, demand};
use unicode_normalization::{
    IsNormalized,
    char::{canonical_combining_class, compose, decompose_canonical},
    is_nfc_quick,
};

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

/// Whether a text is its own normalisation form C. The crate's own check brings along the tables of the compatibility forms, 27 KB of a page
/// after compression (decision 0042); this one has the same answers from those of the canonical forms alone.
fn is_nfc(text: &str) -> bool {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => composed(&decomposed(text)).into_iter().eq(text.chars()),
    }
}

/// The canonical decomposition in canonical order (Unicode, D68 and D109): each character with its combining class.
fn decomposed(text: &str) -> Vec<(u8, char)> {
    let mut parts = Vec::with_capacity(text.len());
    for character in text.chars() {
        decompose_canonical(character, |part| {
            let class = canonical_combining_class(part);
            let behind = |(earlier, _): &(u8, char)| class == 0 || *earlier <= class;
            let place = parts.iter().rposition(behind).map_or(0, |last| last.saturating_add(1));
            parts.insert(place, (class, part));
        });
    }
    parts
}

/// The canonical composition (Unicode, D117): each character joins the last starter, if nothing between them blocks it (D115).
fn composed(parts: &[(u8, char)]) -> Vec<char> {
    let mut written: Vec<char> = Vec::with_capacity(parts.len());
    let (mut starter, mut between) = (None, None);
    for &(class, character) in parts {
        let blocked = between.is_some_and(|last| last >= class);
        let first = starter.filter(|_| !blocked).and_then(|place: usize| written.get_mut(place));
        if let Some(first) = first
            && let Some(both) = compose(*first, character)
        {
            *first = both;
        } else {
            (starter, between) = if class == 0 { (Some(written.len()), None) } else { (starter, Some(class)) };
            written.push(character);
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{composed, decomposed, is_nfc};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    /// Characters that compose, decompose, reorder or are excluded from composition, beside some that do nothing.
    const EVENTFUL: &str = "aeA\u{e9}\u{1ea1}\u{1ed9}\u{300}\u{301}\u{302}\u{307}\u{323}\u{327}\u{328}\u{338}\u{345}\u{344}\u{340}\u{34f}\u{3b1}\u{1f82}\u{1100}\u{1161}\u{11a8}\u{11a7}\u{ac00}\u{ac01}\
        \u{915}\u{93c}\u{958}\u{9c7}\u{9be}\u{9d7}\u{dd9}\u{dcf}\u{dca}\u{ddc}\u{5d0}\u{5b7}\u{fb2e}\u{212b}\u{2126}\u{f900}\u{fb01}\u{304b}\u{3099}\u{304c}\u{4e2d}\u{1d15e}\u{11099}\u{110ba}\u{16121}\u{1611e}\u{105d2}\u{307}\u{113c2}\u{113b8}\u{e0100}\u{378}";

    fn own(text: &str) -> Vec<char> {
        composed(&decomposed(text))
    }

    /// ENC-3: every character there is, alone and before a mark, as the crate normalises it.
    #[test]
    fn every_character_is_composed_as_the_crate_does_it() {
        for character in ('\0'..=char::MAX).filter(|character| !('\u{ac02}'..'\u{d7a3}').contains(character)) {
            let alone = String::from(character);
            assert!(own(&alone).into_iter().eq(alone.nfc()), "{character:?}");
            let marked = format!("{character}\u{301}");
            assert!(own(&marked).into_iter().eq(marked.nfc()), "{character:?}");
        }
    }

    proptest! {
        /// ENC-3
        #[test]
        fn texts_are_judged_as_the_crate_does_it(places in prop::collection::vec(any::<prop::sample::Index>(), 0..9)) {
            let eventful: Vec<char> = EVENTFUL.chars().collect();
            let text: String = places.iter().map(|place| *place.get(&eventful)).collect();
            prop_assert!(own(&text).into_iter().eq(text.nfc()), "{:?}", text);
            prop_assert_eq!(is_nfc(&text), unicode_normalization::is_nfc(&text));
            prop_assert!(is_nfc(&text.nfc().collect::<String>()));
        }

        /// ENC-3
        #[test]
        fn any_text_is_judged_as_the_crate_does_it(text in any::<String>()) {
            prop_assert!(own(&text).into_iter().eq(text.nfc()));
            prop_assert_eq!(is_nfc(&text), unicode_normalization::is_nfc(&text));
        }
    }
}
