//! How selections come in: question by question, or from a file. They are never printed but on the voter's own review page.

use super::{CliError, Console};
use crate::session::Session;
use protocol::{Contest, Selection};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;
use std::fmt;

/// The voter's answers, to be sealed as often as audits demand. Wiped contest by contest when the ballots made of them are.
pub(super) struct Choices(Vec<(u32, Selection)>);

impl Drop for Choices {
    fn drop(&mut self) {
        for (_, selection) in &mut self.0 {
            selection.wipe();
        }
    }
}

impl Choices {
    /// The contests and what was chosen in them.
    pub(super) fn selections(&self) -> impl Iterator<Item = (u32, &Selection)> {
        self.0.iter().map(|(contest, selection)| (*contest, selection))
    }

    /// From a file: contest number or title to a list of option names, or to "blank". Every contest of the ballot must be there, once.
    pub(super) fn from_json(text: &[u8], session: &Session<'_>) -> Result<Self, CliError> {
        let Ok(Given(given)) = serde_json::from_slice(text) else {
            return Err(CliError::Selections("not a JSON object"));
        };
        let contests: Vec<(u32, &Contest)> = session.contests().collect();
        let mut choices = Self(Vec::new());
        for (name, value) in &given {
            let (index, contest) = named(name, &contests)?;
            if choices.0.iter().any(|(known, _)| *known == index) {
                return Err(CliError::Selections("it names a contest twice"));
            }
            choices.take(session, index, selection_of(value, contest)?)?;
        }
        if choices.0.len() == contests.len() {
            Ok(choices)
        } else {
            Err(CliError::Selections("a contest of the ballot is missing"))
        }
    }

    /// Asks contest by contest, then shows all for review until the voter says `seal`.
    pub(super) fn ask(session: &Session<'_>, console: &mut Console<'_>) -> Result<Self, CliError> {
        let mut choices = Self(Vec::new());
        for (index, contest) in session.contests() {
            choices.ask_one(session, index, contest, console)?;
        }
        loop {
            console.say("\nYour ballot:")?;
            for (index, contest) in session.contests() {
                let marked = choices.0.iter().find(|(known, _)| *known == index);
                let words = marked.map_or_else(String::new, |(_, selection)| contest.in_words(selection));
                console.say(&format!("  {index}  {}: {words}", contest.title))?;
            }
            let answer =
                console.ask("Type `seal`, or a contest's number to change it: ")?.ok_or(CliError::InputEnded)?;
            if answer.eq_ignore_ascii_case("seal") {
                return Ok(choices);
            }
            let wanted = answer.parse::<u32>().ok();
            if let Some((index, contest)) = session.contests().find(|(index, _)| Some(*index) == wanted) {
                choices.ask_one(session, index, contest, console)?;
            }
        }
    }

    fn ask_one(
        &mut self,
        session: &Session<'_>,
        index: u32,
        contest: &Contest,
        console: &mut Console<'_>,
    ) -> Result<(), CliError> {
        console.say(&format!("\n{} ({})", contest.title, contest.rule_in_words()))?;
        for (number, option) in (1..).zip(&contest.options) {
            console.say(&format!("  {number:>3}  {option}"))?;
        }
        if contest.blank {
            console.say("    b  blank")?;
        }
        loop {
            let answer = console.ask("Your choice: ")?.ok_or(CliError::InputEnded)?;
            match typed(&answer, contest) {
                None => console.say("Type the numbers of options with spaces between, `b` for blank, or `none`.")?,
                Some(selection) => match self.take(session, index, selection) {
                    Ok(()) => return Ok(()),
                    Err(error) => console.say(&error.to_string())?,
                },
            }
        }
    }

    fn take(&mut self, session: &Session<'_>, contest: u32, selection: Selection) -> Result<(), CliError> {
        session.ballot().check(contest, &selection)?;
        self.0.retain(|(known, _)| *known != contest);
        self.0.push((contest, selection));
        Ok(())
    }
}

/// A JSON object with every name in it, those that come twice too: nothing a voter wrote is dropped (BAL-23).
struct Given(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Given;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("contests and what is selected in them")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut given = Vec::new();
        while let Some(entry) = map.next_entry()? {
            given.push(entry);
        }
        Ok(Given(given))
    }
}

/// The one contest with this number or title. Titles may be numbers, or be equal: then nobody guesses which is meant (BAL-23).
fn named<'c>(name: &str, contests: &[(u32, &'c Contest)]) -> Result<(u32, &'c Contest), CliError> {
    let mut meant = contests.iter().filter(|(index, contest)| contest.title == name || index.to_string() == name);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(*one),
        (None, _) => Err(CliError::Selections("it names contests that are not on this ballot")),
        _ => Err(CliError::Selections(
            "a name in it is the number of one contest and the title of another, or the title of two; answer the questions instead",
        )),
    }
}

fn selection_of(value: &Value, contest: &Contest) -> Result<Selection, CliError> {
    if value.as_str() == Some("blank") {
        return Ok(Selection::Blank);
    }
    let names =
        value.as_array().ok_or(CliError::Selections("a contest holds neither a list of options nor \"blank\""))?;
    let place = |name: &Value| {
        let name = name.as_str()?;
        contest.options.iter().position(|option| option == name)
    };
    let options: Option<Vec<usize>> = names.iter().map(place).collect();
    options.map(Selection::Options).ok_or(CliError::Selections("it names an option that its contest does not have"))
}

/// What was typed: numbers from 1, `b`, or `none`.
fn typed(answer: &str, contest: &Contest) -> Option<Selection> {
    match answer.to_lowercase().as_str() {
        "" => None,
        "b" | "blank" if contest.blank => Some(Selection::Blank),
        "none" => Some(Selection::Options(Vec::new())),
        _ => {
            let words = answer.split([' ', ',']).filter(|word| !word.is_empty());
            let options: Option<Vec<usize>> = words.map(|word| word.parse::<usize>().ok()?.checked_sub(1)).collect();
            options.filter(|options| !options.is_empty()).map(Selection::Options)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ContestKind;

    fn contest(title: &str) -> Contest {
        let options = vec!["Yes".to_owned(), "No".to_owned()];
        Contest::new(title, ContestKind::ChooseOne, options, false)
    }

    /// BAL-23: referenda called 1, 2, 3 are contests 0, 1, 2; what is selected in one never goes to another.
    #[test]
    fn a_name_that_fits_two_contests_is_refused() {
        let questions = ["1", "2", "Mayor", "Mayor"].map(contest);
        let contests: Vec<(u32, &Contest)> = (0..).zip(&questions).collect();
        let index = |name: &str| named(name, &contests).map(|(index, _)| index).ok();
        assert_eq!(index("0"), Some(0));
        assert_eq!(index("3"), Some(3));
        for ambiguous in ["1", "2", "Mayor", "4", "", "00", " 0"] {
            assert_eq!(index(ambiguous), None, "{ambiguous}");
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_not_dropped() {
        let Given(given) = serde_json::from_str(r#"{"Mayor": ["Yes"], "Mayor": ["No"]}"#).unwrap();
        assert_eq!(given.len(), 2);
        assert!(serde_json::from_str::<Given>("[]").is_err());
    }
}
