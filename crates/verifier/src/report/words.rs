//! Numbers, times and foreign texts as people read them.

use protocol::ids::Minutes;

/// `10,742`.
pub(super) fn thousands(number: u64) -> String {
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

/// `34.5 %`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = permille(part, whole);
    format!("{}.{} %", share / 10, share % 10)
}

/// `2026-11-23 11:40 UTC`. Civil date of a day number after H. Hinnant, "chrono-compatible low-level date algorithms".
pub(super) fn date(minutes: Minutes) -> String {
    let (days, minute) = (minutes / 1440, minutes % 1440);
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + 400 * era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
}

/// VER-17: a text from the record on a terminal: control characters and marks that reorder what stands around them show as themselves.
pub(super) fn plain(text: &str) -> String {
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
    }

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(plain("Zoë 市"), "Zoë 市");
    }
}
