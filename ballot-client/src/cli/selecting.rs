//! How selections come in: question by question, or from a file; then the review of all (BAL-73).

use super::{CliError, Console, filling::fill};
use crate::{
    selections::Choices,
    session::Session,
    words::{in_words, under_title},
};
use protocol::Contest;
use rand::rngs::OsRng;

/// From a file: read, and shown in words before anything is sealed.
pub(super) fn from_file(text: &[u8], session: &Session<'_>, console: &mut Console<'_>) -> Result<Choices, CliError> {
    let contests: Vec<(u32, &Contest)> = session.contests().collect();
    let choices = Choices::read(text, &contests)?;
    review(session, &choices, console)?;
    Ok(choices)
}

/// Asks contest by contest, then shows all for review until the voter says `seal`.
pub(super) fn ask(session: &Session<'_>, console: &mut Console<'_>) -> Result<Choices, CliError> {
    let mut choices = Choices::none();
    for (index, contest) in session.contests() {
        choices.put(index, fill(contest, console, &mut OsRng)?);
    }
    loop {
        review(session, &choices, console)?;
        let answer = console.ask("Type `seal`, or a contest's number to change it: ")?.ok_or(CliError::InputEnded)?;
        if answer.eq_ignore_ascii_case("seal") {
            return Ok(choices);
        }
        let wanted = answer.parse::<u32>().ok();
        if let Some((index, contest)) = session.contests().find(|(index, _)| Some(*index) == wanted) {
            choices.put(index, fill(contest, console, &mut OsRng)?);
        }
    }
}

/// BAL-73: every contest in words. Nothing but the voter's own messages shows them.
fn review(session: &Session<'_>, choices: &Choices, console: &mut Console<'_>) -> Result<(), CliError> {
    console.say("\nYour ballot:")?;
    for (index, contest) in session.contests() {
        let Some(selection) = choices.selection(index) else { continue };
        let text = under_title(&contest.title, &in_words(contest, selection));
        let numbered = format!("  {index}  {}", text.replace('\n', "\n     "));
        console.say(&zeroize::Zeroizing::new(numbered))?;
    }
    Ok(())
}
