//! Numbers, times and foreign texts as people read them.

use protocol::ids::Minutes;

/// `10,742`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths of a percent, rounded down; 0 of nothing.
pub(super) fn permille(part: u64, whole: u64) -> u64 {
    let share = u128::from(part).saturating_mul(1000).checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// `once`, `2 times`.
pub(super) fn times(count: u32) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}

/// A sentence in lines of at most so many characters, where its words allow it.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(word.chars().count()) < width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `34.5 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = permille(part, whole);
    format!("{}.{} %", share / 10, share % 10)
}

/// `2026-11-23 11:40 UTC`; the number itself if no calendar has it.
pub(super) fn date(minutes: Minutes) -> String {
    let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
    let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or_else(|| format!("minute {minutes}"), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// VER-17: a text from the record on a terminal: control characters and marks that reorder what stands around them show as themselves.
pub fn plain(text: &str) -> String {
    let hidden = |character: char| {
        character.is_control()
            || matches!(character, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let show = |character: char| {
        if hidden(character) { character.escape_unicode().to_string() } else { character.to_string() }
    };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates() {
        assert_eq!([0, 999, 1000, 10_742, 1_234_567].map(thousands), ["0", "999", "1,000", "10,742", "1,234,567"]);
        assert_eq!(percent(2, 3), "66.6 %");
        assert_eq!(percent(0, 0), "0.0 %");
        assert_eq!(date(0), "1970-01-01 00:00 UTC");
        assert_eq!(date(1_795_433_999 / 60), "2026-11-23 11:39 UTC");
        assert_eq!(date(951_782_400 / 60), "2000-02-29 00:00 UTC");
        assert_eq!(date(978_220_800 / 60), "2000-12-31 00:00 UTC");
        assert_eq!(date(u64::MAX), "minute 18446744073709551615");
    }

    #[test]
    fn long_sentences_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensibly long", 4), ["incomprehensibly", "long"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(plain("Zoë 市"), "Zoë 市");
    }
}
