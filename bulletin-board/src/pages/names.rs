//! Texts that somebody else has chosen, made harmless: a name can neither write on the page nor reorder or drown what stands around it (WEB-32).

/// WEB-32: how much of a name stands where it is used.
const SHORT: usize = 200;

/// WEB-32: how much of it can be unfolded.
const WHOLE: usize = 10_000;

/// A name. The template escapes it and sets it apart from the direction of its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) short: String,
    /// The same, longer, where it was cut.
    pub(super) whole: Option<String>,
}

impl Name {
    pub(super) fn of(text: &str) -> Self {
        let short = cut(text, SHORT);
        let whole = text.chars().nth(SHORT).map(|_| cut(text, WHOLE));
        Self { short, whole }
    }
}

/// The beginning of a text, with every character visible.
fn cut(text: &str, most: usize) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(most) {
        if is_hidden(character) {
            shown.push_str(&format!("[U+{:04X}]", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Unicode's categories Cc, Cf, Zl and Zp.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WEB-32.
    #[test]
    fn hidden_characters_are_shown_and_long_names_cut() {
        let name = Name::of("Durant\u{202E}evil\u{0}\n\u{2066}\u{E0041}é 选举");
        assert_eq!(name.short, "Durant[U+202E]evil[U+0000][U+000A][U+2066][U+E0041]é 选举");
        assert_eq!(name.whole, None);
        let long = Name::of(&"é".repeat(100_000));
        assert_eq!((long.short.chars().count(), long.whole.unwrap().chars().count()), (SHORT + 1, WHOLE + 1));
        assert!(long.short.ends_with('…'));
        assert_eq!(Name::of(&"x".repeat(SHORT)).whole, None);
    }
}
