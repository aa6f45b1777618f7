//! The words of the pages that the server writes, in the reader's language, from the same kind of files as those of the other pages (WEB-32).

use super::names::Name;
use axum::http::{HeaderMap, header};
use fluent::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::Timestamp;
use std::sync::LazyLock;

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// As addresses name it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// As it calls itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// WEB-32: the one that the address asks for, or the first of those that the browser prefers, or English.
    pub(super) fn wanted(asked: Option<&str>, headers: &HeaderMap) -> Self {
        let named = |tag: &str| Self::ALL.into_iter().find(|language| language.tag() == tag);
        if let Some(language) = asked.and_then(named) {
            return language;
        }
        let listed = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let mut best = (0.0f32, Self::English);
        for range in listed.flat_map(|value| value.split(',')).take(32) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0f32);
            if let Some(language) = named(&tag)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: LazyLock<FluentBundle<FluentResource>> =
            LazyLock::new(|| bundle("en", include_str!("../../../web/pages/src/locales/en/board.ftl")));
        static CHINESE: LazyLock<FluentBundle<FluentResource>> =
            LazyLock::new(|| bundle("zh-Hans", include_str!("../../../web/pages/src/locales/zh/board.ftl")));
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }
}

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
    // A line that is no text is left out, and a test finds it.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// What a text is told.
#[derive(Clone, Debug)]
pub(super) enum Told {
    /// How many.
    Number(u64),
    /// Words, harmless already.
    Words(String),
}

impl From<u64> for Told {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&Name> for Told {
    fn from(name: &Name) -> Self {
        Self::Words(name.short.clone())
    }
}

impl From<String> for Told {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// The texts of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts(pub(super) Language);

impl Texts {
    /// A text that is told nothing.
    pub(super) fn text(&self, id: &str) -> String {
        self.say(id, [])
    }

    /// A text. A number is told twice: as `$x`, by which a language chooses its form, and as `$x-shown`.
    pub(super) fn say<const N: usize>(&self, id: &str, told: [(&'static str, Told); N]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, told) in told {
            match told {
                Told::Number(number) => {
                    arguments.set(format!("{name}-shown"), FluentValue::from(self.number(&number)));
                    arguments.set(name, FluentValue::from(number));
                }
                Told::Words(words) => arguments.set(name, FluentValue::from(words)),
            }
        }
        let bundle = self.0.bundle();
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else { return id.to_owned() };
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// `10,742`, in both languages.
    pub(super) fn number(&self, number: &u64) -> String {
        grouped(&number.to_string())
    }

    /// A moment of the record, for people and for programs.
    pub(super) fn minute(&self, minutes: u64) -> Moment {
        self.second(minutes.saturating_mul(60))
    }

    /// The same of what is known to the second.
    pub(super) fn second(&self, seconds: u64) -> Moment {
        let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let form = match self.0 {
            Language::English => "%-d %B %Y, %H:%M UTC",
            Language::Chinese => "%Y年%-m月%-d日 %H:%M（UTC）",
        };
        match time {
            Some(time) => Moment { exact: time.to_string(), words: time.strftime(form).to_string() },
            // No calendar has it.
            None => Moment { exact: String::new(), words: format!("{seconds} s") },
        }
    }
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) exact: String,
    pub(super) words: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn ids(source: &str) -> BTreeSet<String> {
        FluentResource::try_new(source.to_owned()).expect("every line is a text");
        let names = source.lines().filter_map(|line| line.split_once(" ="));
        names.map(|(id, _)| id.to_owned()).filter(|id| !id.starts_with([' ', '#'])).collect()
    }

    /// WEB-32: both languages have every text that the code and the templates name, and no other.
    #[test]
    fn every_text_is_there_in_both_languages() {
        let english = ids(include_str!("../../../web/pages/src/locales/en/board.ftl"));
        assert_eq!(english, ids(include_str!("../../../web/pages/src/locales/zh/board.ftl")));
        let sources = [
            include_str!("election.rs"),
            include_str!("entries.rs"),
            include_str!("results.rs"),
            include_str!("written.rs"),
            include_str!("progress.rs"),
            include_str!("../../templates/layout.html"),
            include_str!("../../templates/elections.html"),
            include_str!("../../templates/election.html"),
            include_str!("../../templates/entries.html"),
            include_str!("../../templates/parts.html"),
        ];
        let named: BTreeSet<String> = sources
            .iter()
            .flat_map(|source| source.split('"').skip(1).step_by(1))
            .filter(|word| english.contains(*word))
            .map(str::to_owned)
            .collect();
        let unnamed: Vec<&String> = english.difference(&named).collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
        for source in sources {
            for call in ["text(\"", "say(\"", "say(\n            \"", "say(\n                \""] {
                for id in source.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(english.contains(id), "{id}");
                }
            }
        }
    }

    /// WEB-32.
    #[test]
    fn the_address_and_the_browser_say_which_language() {
        let wanted = |asked: Option<&str>, accepted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            Language::wanted(asked, &headers)
        };
        assert_eq!(wanted(None, "zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(wanted(None, "de, en;q=0.5, ZH;q=0.7"), Language::Chinese);
        assert_eq!(wanted(None, "fr"), Language::English);
        assert_eq!(wanted(None, "zh;q=0, en;q=0.1"), Language::English);
        assert_eq!(wanted(Some("en"), "zh"), Language::English);
        assert_eq!(wanted(Some("<script>"), "zh;q=NaN"), Language::English);
        assert_eq!(wanted(Some("zh"), ""), Language::Chinese);
    }

    #[test]
    fn numbers_and_times_read_as_people_write_them() {
        let (english, chinese) = (Texts(Language::English), Texts(Language::Chinese));
        assert_eq!(english.number(&1_234_567), "1,234,567");
        assert_eq!(english.minute(29_929_655).words, "27 November 2026, 11:35 UTC");
        assert_eq!(chinese.minute(29_929_655).words, "2026年11月27日 11:35（UTC）");
        assert_eq!(english.minute(u64::MAX).exact, "");
    }
}
