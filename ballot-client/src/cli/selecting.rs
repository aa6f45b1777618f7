//! How selections come in: question by question, or from a file. They are never printed but on the voter's own review page.

use super::{CliError, Console};
use crate::session::Session;
use protocol::{Contest, ContestKind, Selection};
use serde_json::Value;

/// The voter's answers, to be sealed as often as audits demand. Wiped contest by contest when the ballots made of them are.
pub(super) struct Choices(Vec<(u32, Selection)>);

impl Drop for Choices {
    fn drop(&mut self) {
        for (_, selection) in &mut self.0 {
            if let Selection::Options(options) = selection {
                zeroize::Zeroize::zeroize(options);
            }
        }
    }
}

impl Choices {
    /// The contests and what was chosen in them.
    pub(super) fn selections(&self) -> impl Iterator<Item = (u32, &Selection)> {
        self.0.iter().map(|(contest, selection)| (*contest, selection))
    }

    /// From a file: contest number or title to a list of option names, or to "blank". Every contest of the ballot must be there.
    pub(super) fn from_json(text: &[u8], session: &Session<'_>) -> Result<Self, CliError> {
        let Ok(Value::Object(given)) = serde_json::from_slice(text) else {
            return Err(CliError::Selections("not a JSON object"));
        };
        let mut choices = Self(Vec::new());
        for (index, contest) in session.contests() {
            let value = given.get(&index.to_string()).or_else(|| given.get(&contest.title));
            let value = value.ok_or(CliError::Selections("a contest of the ballot is missing"))?;
            choices.take(session, index, selection_of(value, contest)?)?;
        }
        if given.len() == choices.0.len() {
            Ok(choices)
        } else {
            Err(CliError::Selections("it names contests that are not on this ballot"))
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
                let words = marked.map_or_else(String::new, |(_, selection)| in_words(contest, selection));
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
        console.say(&format!("\n{} ({})", contest.title, rule_in_words(contest)))?;
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

/// What the contest asks for.
pub(super) fn rule_in_words(contest: &Contest) -> String {
    let rule = match contest.kind {
        ContestKind::ChooseOne => "choose one".to_owned(),
        ContestKind::Choose { minimum: 0, maximum } => format!("choose up to {maximum}"),
        ContestKind::Choose { minimum, maximum } if minimum == maximum => format!("choose {maximum}"),
        ContestKind::Choose { minimum, maximum } => format!("choose {minimum} to {maximum}"),
    };
    if contest.blank { format!("{rule}, or blank") } else { rule }
}

fn in_words(contest: &Contest, selection: &Selection) -> String {
    match selection {
        Selection::Blank => "blank".to_owned(),
        Selection::Options(options) if options.is_empty() => "nothing marked".to_owned(),
        Selection::Options(options) => {
            let names: Vec<&str> =
                options.iter().filter_map(|option| contest.options.get(*option)).map(String::as_str).collect();
            names.join(", ")
        }
    }
}
