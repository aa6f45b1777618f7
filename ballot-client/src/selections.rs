//! The voter's answers: all selections of one ballot, and the file they may come in (BAL-72). Nothing in it is dropped, added or guessed.

mod json;

use json::Json;
use protocol::{Contest, ContestKind, Selection, contest::SelectionError};
use serde_json::{Map, Value};
use thiserror::Error;
use zeroize::Zeroizing;

/// What was chosen, contest by contest; wiped when it goes (BAL-76).
pub struct Choices(Vec<(u32, Selection)>);

impl std::fmt::Debug for Choices {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Choices(…)")
    }
}

impl Drop for Choices {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, selection)| selection.wipe());
    }
}

/// Why a selections file is not taken. Says what and where, never what was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectionsFault {
    /// Not JSON, or no object.
    #[error("it is not one JSON object with an entry for each contest")]
    NotAnObject,
    /// A name that no contest has.
    #[error("it names contests that are not on this ballot; `vitrine ballot show` lists their numbers and titles")]
    NoSuchContest,
    /// A name that two contests have.
    #[error(
        "a name in it is the number of one contest and the title of another, or the title of two; answer the questions instead"
    )]
    Ambiguous,
    /// A contest that comes twice.
    #[error("it fills in {title:?} twice")]
    Twice {
        /// What is asked.
        title: String,
    },
    /// A contest that does not come.
    #[error("it does not fill in {title:?}; every contest of the ballot must be in it")]
    Missing {
        /// What is asked.
        title: String,
    },
    /// Something else than the kind of contest takes.
    #[error("{title:?} takes {expected}")]
    Form {
        /// What is asked.
        title: String,
        /// What stands there.
        expected: String,
    },
    /// A name that no option of the contest has.
    #[error(
        "{title:?}: a name in it is none of its options, lists or questions; write them exactly as `vitrine ballot show` prints them"
    )]
    NoSuchOption {
        /// What is asked.
        title: String,
    },
    /// An option without its number, or with two.
    #[error("{title:?}: {name:?} is missing or comes twice; each option has to be there, once")]
    Each {
        /// What is asked.
        title: String,
        /// The option.
        name: String,
    },
    /// A question that is asked and not answered, or answered and not asked. Which one it is would say how another was answered.
    #[error(
        "{title:?}: the questions that are asked have to be there, each once, and no others; one is asked only if the answer that it depends on is given"
    )]
    Questions {
        /// What is asked.
        title: String,
    },
    /// Not an amount.
    #[error("{title:?}: a number is a whole one from 0 to 4294967295, without quotes, point or exponent")]
    NoNumber {
        /// What is asked.
        title: String,
    },
    /// The contest does not allow it.
    #[error("{title:?}: {error}")]
    NotAllowed {
        /// What is asked.
        title: String,
        /// What the contest allows.
        error: SelectionError,
    },
}

impl Choices {
    /// No contest filled in yet.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// Fills in a contest, or changes it.
    pub(crate) fn put(&mut self, contest: u32, selection: Selection) {
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| *known == contest) {
            known.wipe();
            *known = selection;
        } else {
            self.0.push((contest, selection));
        }
    }

    /// The contests and what was chosen in them.
    pub fn selections(&self) -> impl Iterator<Item = (u32, &Selection)> {
        self.0.iter().map(|(contest, selection)| (*contest, selection))
    }

    /// What was chosen in a contest.
    pub fn selection(&self, contest: u32) -> Option<&Selection> {
        self.selections().find(|(known, _)| *known == contest).map(|(_, selection)| selection)
    }

    /// BAL-72: reads a selections file for these contests, in manifest order with their indices. Each is filled in, once, by its rules.
    ///
    /// # Errors
    /// [`SelectionsFault`].
    pub fn read(text: &[u8], contests: &[(u32, &Contest)]) -> Result<Self, SelectionsFault> {
        let Some(json) = Json::read(text) else { return Err(SelectionsFault::NotAnObject) };
        let Json::Object(given) = &json else { return Err(SelectionsFault::NotAnObject) };
        let mut choices = Self::none();
        for (name, value) in given {
            let (index, contest) = named(name, contests)?;
            if choices.selection(index).is_some() {
                return Err(SelectionsFault::Twice { title: contest.title.clone() });
            }
            choices.put(index, Reader { contest }.selection(value)?);
        }
        match contests.iter().find(|(index, _)| choices.selection(*index).is_none()) {
            Some((_, contest)) => Err(SelectionsFault::Missing { title: contest.title.clone() }),
            None => Ok(choices),
        }
    }
}

/// The one contest with this number or title. Titles may be numbers, or be equal: then nobody guesses which is meant (BAL-23).
fn named<'c>(name: &str, contests: &[(u32, &'c Contest)]) -> Result<(u32, &'c Contest), SelectionsFault> {
    let mut meant = contests.iter().filter(|(index, contest)| contest.title == name || index.to_string() == name);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(*one),
        (None, _) => Err(SelectionsFault::NoSuchContest),
        _ => Err(SelectionsFault::Ambiguous),
    }
}

/// Reads what a file holds for one contest.
struct Reader<'c> {
    contest: &'c Contest,
}

impl Reader<'_> {
    fn selection(&self, value: &Json) -> Result<Selection, SelectionsFault> {
        let selection = match (value, &self.contest.kind) {
            (Json::Text(text), _) if text.as_str() == "blank" => Selection::Blank,
            (
                Json::Object(numbers),
                ContestKind::Score { .. } | ContestKind::Cumulative { .. } | ContestKind::Budget { .. },
            ) => Selection::Amounts(self.amounts(numbers)?),
            (Json::List(names), ContestKind::Positional { .. } | ContestKind::Pairwise { .. }) => {
                Selection::Ranking(self.options(names)?)
            }
            (Json::Object(fields), ContestKind::Lists { whole: true, lists, .. }) => match fields.as_slice() {
                [(field, Json::Text(list))] if field.as_str() == "list" => {
                    let place = lists.iter().position(|known| known.name == **list);
                    Selection::List(place.ok_or_else(|| SelectionsFault::NoSuchOption { title: self.title() })?)
                }
                _ => return Err(self.form()),
            },
            (Json::Object(answers), ContestKind::Linked { .. }) => Selection::Options(self.answers(answers)?),
            (
                Json::List(names),
                ContestKind::ChooseOne
                | ContestKind::Choose { .. }
                | ContestKind::Question { .. }
                | ContestKind::Lists { .. },
            ) => Selection::Options(self.options(names)?),
            _ => return Err(self.form()),
        };
        self.checked(selection)
    }

    fn checked(&self, mut selection: Selection) -> Result<Selection, SelectionsFault> {
        match self.contest.witness(&selection) {
            Ok(_) => Ok(selection),
            Err(error) => {
                selection.wipe();
                Err(SelectionsFault::NotAllowed { title: self.title(), error })
            }
        }
    }

    fn title(&self) -> String {
        self.contest.title.clone()
    }

    fn form(&self) -> SelectionsFault {
        let expected = match &self.contest.kind {
            ContestKind::Score { .. } => "an object with a score for each option",
            ContestKind::Cumulative { .. } => "an object with the points of each option",
            ContestKind::Budget { .. } => "an object with an amount for each project",
            ContestKind::Positional { .. } | ContestKind::Pairwise { .. } => "a list of options, the first place first",
            ContestKind::Lists { whole: true, .. } => "a list of candidates, or {\"list\": \"name of a whole list\"}",
            ContestKind::Linked { .. } => "an object with a list of answers for each question that is asked",
            _ => "a list of options",
        };
        let blank = if self.contest.blank { ", or \"blank\"" } else { "" };
        SelectionsFault::Form { title: self.title(), expected: format!("{expected}{blank}") }
    }

    fn option(&self, name: &str) -> Result<usize, SelectionsFault> {
        let place = self.contest.options.iter().position(|option| option == name);
        place.ok_or_else(|| SelectionsFault::NoSuchOption { title: self.title() })
    }

    /// Names of options, in the order of the file.
    fn options(&self, names: &[Json]) -> Result<Vec<usize>, SelectionsFault> {
        let mut options = Zeroizing::new(Vec::with_capacity(names.len()));
        for name in names {
            let Json::Text(name) = name else { return Err(self.form()) };
            options.push(self.option(name)?);
        }
        Ok(std::mem::take(&mut *options))
    }

    /// A number for each option.
    fn amounts(&self, numbers: &[(Zeroizing<String>, Json)]) -> Result<Vec<u32>, SelectionsFault> {
        let mut amounts = Zeroizing::new(vec![None; self.contest.options.len()]);
        for (name, number) in numbers {
            let Json::Number(number) = number else { return Err(SelectionsFault::NoNumber { title: self.title() }) };
            let place = self.option(name)?;
            match amounts.get_mut(place) {
                Some(amount @ None) => *amount = Some(*number),
                _ => return Err(SelectionsFault::Each { title: self.title(), name: self.name(place) }),
            }
        }
        if let Some(place) = amounts.iter().position(Option::is_none) {
            return Err(SelectionsFault::Each { title: self.title(), name: self.name(place) });
        }
        // Of a length known before: a vector that grows leaves what it held behind (BAL-76).
        Ok(amounts.iter().map(|amount| amount.unwrap_or(0)).collect())
    }

    fn name(&self, option: usize) -> String {
        self.contest.options.get(option).cloned().unwrap_or_default()
    }

    /// An answer to each question that is asked, and to no other.
    fn answers(&self, given: &[(Zeroizing<String>, Json)]) -> Result<Vec<usize>, SelectionsFault> {
        let ContestKind::Linked { questions } = &self.contest.kind else { return Err(self.form()) };
        let mut marked: Zeroizing<Vec<usize>> = Zeroizing::new(Vec::with_capacity(self.contest.options.len()));
        let mut read = 0usize;
        for (question, part) in questions.iter().zip(self.contest.parts()) {
            let mut named = given.iter().filter(|(name, _)| **name == question.title).map(|(_, answers)| answers);
            let asked = question
                .condition
                .is_none_or(|condition| marked.iter().any(|option| u32::try_from(*option) == Ok(condition)));
            match (named.next(), named.next()) {
                (None, _) if !asked => {}
                (Some(_), _) if !asked => {
                    return Err(SelectionsFault::Questions { title: self.title() });
                }
                (Some(Json::List(names)), None) => {
                    let answers = Zeroizing::new(self.options(names)?);
                    if answers.iter().any(|option| !part.contains(option)) {
                        return Err(SelectionsFault::NoSuchOption { title: question.title.clone() });
                    }
                    marked.extend_from_slice(&answers);
                    read = read.saturating_add(1);
                }
                (Some(_), None) => return Err(self.form()),
                _ => return Err(SelectionsFault::Questions { title: self.title() }),
            }
        }
        if read == given.len() {
            Ok(std::mem::take(&mut *marked))
        } else {
            Err(SelectionsFault::NoSuchOption { title: self.title() })
        }
    }
}

/// BAL-72: a selection as it stands in a selections file, by names; options in the manifest's order, whatever the order of marking.
pub fn in_file(contest: &Contest, selection: &Selection) -> Value {
    let name = |option: &usize| Value::from(contest.options.get(*option).map_or("?", String::as_str));
    let marked = |marked: &[usize], part: std::ops::Range<usize>| {
        part.filter(|option| marked.contains(option)).map(|option| name(&option)).collect::<Value>()
    };
    match (selection, &contest.kind) {
        (Selection::Blank, _) => Value::from("blank"),
        (Selection::Options(options), ContestKind::Linked { questions }) => {
            let asked = questions.iter().zip(contest.parts()).filter(|(question, _)| {
                question
                    .condition
                    .is_none_or(|condition| options.iter().any(|option| u32::try_from(*option) == Ok(condition)))
            });
            asked.map(|(question, part)| (question.title.clone(), marked(options, part))).collect::<Map<_, _>>().into()
        }
        (Selection::Options(options), _) => marked(options, 0..contest.options.len()),
        (Selection::Ranking(ranking), _) => ranking.iter().map(name).collect(),
        (Selection::List(list), ContestKind::Lists { lists, .. }) => {
            let name = lists.get(*list).map_or("?", |list| list.name.as_str());
            Map::from_iter([("list".to_owned(), Value::from(name))]).into()
        }
        (Selection::List(_), _) => Value::Null,
        (Selection::Amounts(amounts), _) => {
            let named =
                contest.options.iter().zip(amounts).map(|(option, amount)| (option.clone(), Value::from(*amount)));
            named.collect::<Map<_, _>>().into()
        }
    }
}

#[cfg(test)]
mod tests;
