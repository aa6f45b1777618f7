//! One contest, filled in by answers to questions (BAL-71): its rule is explained, what does not fit is refused at once with the reason,
//! and nothing is dropped, added or guessed.

mod amounts;
mod misfit;
mod typed;

pub(super) use misfit::Misfit;

use super::{CliError, Console, paper::answers_in_words};
use crate::shown::Shown;
use amounts::Sheet;
use protocol::{Contest, ContestKind, Selection};
use rand::{CryptoRng, RngCore};
use typed::{marked, numbers};
use zeroize::Zeroizing;

/// What a line of the voter's comes to.
enum Step {
    /// The contest is filled in.
    Done(Selection),
    /// Taken, and more is to come; what to say of it.
    More(String),
}

/// Asks until the contest is filled in by its rules.
pub(super) fn fill<R: RngCore + CryptoRng>(
    contest: &Contest,
    console: &mut Console<'_>,
    rng: &mut R,
) -> Result<Selection, CliError> {
    console.say(&format!("\n{} ({})", contest.title, contest.rule_in_words()))?;
    let shown = Shown::of(contest, rng);
    if let ContestKind::Linked { .. } = contest.kind {
        return linked(contest, &shown, console);
    }
    list(contest, &shown, console)?;
    console.say(&how(contest))?;
    let mut sheet = Sheet::of(contest);
    loop {
        let answer = console.ask("Your choice: ")?.ok_or(CliError::InputEnded)?;
        let step = match (&mut sheet, is_blank(&answer, contest)) {
            (_, true) => Ok(Step::Done(Selection::Blank)),
            (Some(sheet), _) => sheet.line(&answer, contest, &shown),
            (None, _) => whole(&answer, contest, &shown).map(Step::Done),
        };
        match step.and_then(|step| fits(contest, step)) {
            Ok(Step::Done(selection)) => return Ok(selection),
            Ok(Step::More(said)) => console.say(&said)?,
            Err(misfit) => console.say(&misfit.to_string())?,
        }
    }
}

/// The contest itself has the last word.
fn fits(contest: &Contest, step: Step) -> Result<Step, Misfit> {
    match step {
        Step::Done(mut selection) => match contest.witness(&selection) {
            Ok(_) => Ok(Step::Done(selection)),
            Err(error) => {
                selection.wipe();
                Err(Misfit::NotAllowed(error))
            }
        },
        more @ Step::More(_) => Ok(more),
    }
}

fn is_blank(answer: &str, contest: &Contest) -> bool {
    contest.blank && ["b", "blank"].iter().any(|word| answer.eq_ignore_ascii_case(word))
}

/// The options under their numbers, list by list; then the blank.
fn list(contest: &Contest, shown: &Shown, console: &mut Console<'_>) -> Result<(), CliError> {
    let mut number = 0u32;
    for (place, part) in shown.parts().iter().enumerate() {
        if let ContestKind::Lists { lists, whole, .. } = &contest.kind
            && let Some(list) = lists.get(place)
        {
            let listed = place.saturating_add(1);
            let whole = if *whole { format!("; `list {listed}` is the whole list") } else { String::new() };
            console.say(&format!("  {} (at most {} of it{whole})", list.name, list.limit))?;
        }
        for option in part {
            number = number.saturating_add(1);
            console.say(&format!("  {number:>3}  {}", contest.options.get(*option).map_or("?", String::as_str)))?;
        }
    }
    if contest.blank {
        console.say("    b  blank")?;
    }
    Ok(())
}

/// How the answer is typed.
fn how(contest: &Contest) -> String {
    let numbers = "Type the numbers";
    let mut how = match &contest.kind {
        ContestKind::ChooseOne | ContestKind::Question { .. } => "Type the number of the option you choose".to_owned(),
        ContestKind::Choose { .. } => format!("{numbers} of the options you choose, with spaces between"),
        ContestKind::Lists { whole, .. } => {
            let whole = if *whole { "; or `list` and its number for a whole list" } else { "" };
            format!("{numbers} of the candidates you choose, with spaces between{whole}")
        }
        ContestKind::Positional { .. } | ContestKind::Pairwise { .. } => {
            format!("{numbers} of the options in your order, the first place first, with spaces between")
        }
        ContestKind::Score { top } => {
            format!(
                "Give every option a score from 0 to {top}, such as `1={top} 2=0`, on one line or several; then `done`"
            )
        }
        ContestKind::Cumulative { points, most, .. } => format!(
            "Give points to options, such as `1={most}`, on one line or several; who is given none has 0; then `done`. There are {points}"
        ),
        ContestKind::Budget { currency, pot, step } => format!(
            "Give amounts to projects, such as `1={step}`, on one line or several; who is given none has 0; then `done`. The pot has {pot} {currency}"
        ),
        ContestKind::Linked { .. } => "Answer each question".to_owned(),
    };
    if may_be_empty(contest) {
        how.push_str("; or `none`");
    }
    if contest.blank {
        how.push_str("; or `b` for blank");
    }
    how + "."
}

fn may_be_empty(contest: &Contest) -> bool {
    match &contest.kind {
        ContestKind::Choose { minimum, .. } | ContestKind::Lists { minimum, .. } => *minimum == 0,
        ContestKind::Positional { minimum, .. } => *minimum == 0,
        ContestKind::Pairwise { complete, .. } => !complete,
        _ => false,
    }
}

/// An answer that is given on one line.
fn whole(answer: &str, contest: &Contest, shown: &Shown) -> Result<Selection, Misfit> {
    let everything: Vec<usize> = shown.options().collect();
    match &contest.kind {
        ContestKind::Lists { whole: true, lists, .. } if answer.to_lowercase().starts_with("list") => {
            let number: Option<usize> = answer.get(4..).and_then(|number| number.trim().parse().ok());
            let list = number.and_then(|number| number.checked_sub(1)).filter(|list| *list < lists.len());
            list.map(Selection::List).ok_or(Misfit::NoSuchList { lists: lists.len() })
        }
        ContestKind::Lists { minimum, maximum, lists, .. } => {
            let marks = marked(answer, &everything, (*minimum, *maximum))?;
            for (list, part) in lists.iter().zip(contest.parts()) {
                let marked = marks.iter().filter(|option| part.contains(option)).count();
                if u32::try_from(marked).is_ok_and(|marked| marked > list.limit) {
                    return Err(Misfit::OverLimit { list: list.name.clone(), marked, limit: list.limit });
                }
            }
            Ok(Selection::Options(take(marks)))
        }
        ContestKind::Choose { minimum, maximum } => {
            marked(answer, &everything, (*minimum, *maximum)).map(|marks| Selection::Options(take(marks)))
        }
        ContestKind::Positional { minimum, points } => {
            let places = u32::try_from(points.len()).unwrap_or(u32::MAX);
            ranked(answer, &everything, (*minimum, places))
        }
        ContestKind::Pairwise { complete, .. } => {
            let options = u32::try_from(everything.len()).unwrap_or(u32::MAX);
            ranked(answer, &everything, (if *complete { options } else { 0 }, options))
        }
        _ => marked(answer, &everything, (1, 1)).map(|marks| Selection::Options(take(marks))),
    }
}

/// Places are filled in the order of typing, so that none stays empty between two.
fn ranked(answer: &str, shown: &[usize], (minimum, maximum): (u32, u32)) -> Result<Selection, Misfit> {
    let ranking = numbers(answer, shown)?;
    match u32::try_from(ranking.len()).unwrap_or(u32::MAX) {
        ranked if ranked > maximum => Err(Misfit::TooManyPlaces { ranked, maximum }),
        ranked if ranked < minimum => Err(Misfit::TooFewPlaces { ranked, minimum }),
        _ => Ok(Selection::Ranking(take(ranking))),
    }
}

/// BAL-71: question by question, in order; one whose condition is not marked is not asked.
fn linked(contest: &Contest, shown: &Shown, console: &mut Console<'_>) -> Result<Selection, CliError> {
    let ContestKind::Linked { questions } = &contest.kind else { return Ok(Selection::Blank) };
    let mut marks = Zeroizing::new(Vec::with_capacity(contest.options.len()));
    for (question, part) in questions.iter().zip(shown.parts()) {
        let after =
            question.condition.filter(|condition| !marks.iter().any(|mark| u32::try_from(*mark) == Ok(*condition)));
        if after.is_some() {
            continue;
        }
        let limits = (question.minimum, question.maximum);
        console.say(&format!("\n{}", question.title))?;
        for (number, option) in (1u32..).zip(part) {
            console.say(&format!("  {number:>3}  {}", contest.options.get(*option).map_or("?", String::as_str)))?;
        }
        if contest.blank {
            console.say("    b  blank, for all these questions together")?;
        }
        let none = if question.minimum == 0 { "; or `none`" } else { "" };
        let answers = answers_in_words(question.minimum, question.maximum);
        console.say(&format!("Type the numbers of {answers}, with spaces between{none}."))?;
        loop {
            let answer = console.ask("Your answer: ")?.ok_or(CliError::InputEnded)?;
            if is_blank(&answer, contest) {
                return Ok(Selection::Blank);
            }
            match marked(&answer, part, limits) {
                Ok(answers) => {
                    marks.extend_from_slice(&answers);
                    break;
                }
                Err(misfit) => console.say(&misfit.to_string())?,
            }
        }
    }
    Ok(Selection::Options(take(marks)))
}

/// What goes on as a selection, which wipes itself.
fn take(mut options: Zeroizing<Vec<usize>>) -> Vec<usize> {
    std::mem::take(&mut *options)
}

#[cfg(test)]
mod tests;
