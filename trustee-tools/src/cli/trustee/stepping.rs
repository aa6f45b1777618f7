//! `vitrine trustee step`, `run` and `rehearse`: the key ceremony.

use crate::{
    ceremony::{self, Step},
    cli::{
        CommandError, Streams,
        disputing::left_out,
        keys::KeystoreArguments,
        place::{PlaceArguments, Sent},
    },
    keystore::Keystore,
    marker::Marked,
    secrets::TrusteeSecrets,
};
use protocol::{Election, Submission, election::Stage};
use rand::rngs::OsRng;
use serde::Serialize;
use std::time::Duration;

/// `vitrine trustee step`, `rehearse` and `decrypt`.
#[derive(Debug, clap::Args)]
pub struct StepArguments {
    #[command(flatten)]
    pub(super) keystore: KeystoreArguments,
    #[command(flatten)]
    pub(super) place: PlaceArguments,
}

/// `vitrine trustee run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    #[command(flatten)]
    step: StepArguments,
    /// How many seconds to wait before looking at the board again.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
}

/// What a step came to.
#[derive(Serialize)]
pub(in crate::cli) struct Progress {
    /// Which trustee.
    pub(in crate::cli) trustee: u32,
    /// The stage, 1 to 5.
    pub(in crate::cli) stage: u32,
    /// `sent`, `waiting` or `done`.
    pub(in crate::cli) state: &'static str,
    /// The trustees it waits for.
    pub(in crate::cli) awaited: Vec<u32>,
    /// What was sent.
    pub(in crate::cli) sent: Vec<Sent>,
}

/// One look at the record, and what follows from it.
pub(in crate::cli) async fn take(
    place: &PlaceArguments,
    secrets: &mut TrusteeSecrets,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Progress, CommandError> {
    let mut election = place.read(streams).await?.witnessed()?.election;
    let mut marked = Marked::open(keystore, secrets, &place.reading().memory()?, &place.election())?;
    let stage = election.ceremony().stage();
    let mut submissions = Vec::new();
    let (state, awaited) = loop {
        let store = |secrets: &TrusteeSecrets| marked.save(secrets).map_err(CommandError::from);
        let step = match ceremony::advance(&election, secrets, store, &mut OsRng) {
            Ok(step) => step,
            Err(refusal) => {
                return Err(left_out(place.reading(), &election, secrets.index(), refusal, streams).await);
            }
        };
        match step {
            Step::Submit(submission) => {
                submissions.push(submission.clone());
                // The parts of a dealing go one after the other, and complaints before the confirmation.
                if !matches!(stage, Stage::Deal | Stage::Check) || !goes_on(&mut election, submission, stage) {
                    break ("sent", Vec::new());
                }
            }
            Step::Wait { awaited, .. } if submissions.is_empty() => break ("waiting", awaited),
            Step::Wait { awaited, .. } => break ("sent", awaited),
            Step::Store(_) | Step::Done => break ("done", Vec::new()),
        }
    };
    let sent = place.send_all(&submissions, streams).await?;
    Ok(Progress { trustee: secrets.index(), stage: stage.number(), state, awaited, sent })
}

impl StepArguments {
    /// Takes the next step, if there is one.
    pub(super) async fn step(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.keystore.open()?;
        take(&self.place, &mut secrets, &mut keystore, streams).await?.give(streams)
    }

    /// Rehearses once more.
    pub(super) async fn rehearse(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.keystore.open()?;
        let sent = rehearse(&self.place, &mut secrets, &mut keystore, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }
}

/// Rehearses: for the first time if the ceremony awaits it, with what must be stored before, or once more.
pub(in crate::cli) async fn rehearse(
    place: &PlaceArguments,
    secrets: &mut TrusteeSecrets,
    keystore: &mut Keystore,
    streams: &mut Streams<'_>,
) -> Result<Sent, CommandError> {
    let election = place.read(streams).await?.witnessed()?.election;
    let mut marked = Marked::open(keystore, secrets, &place.reading().memory()?, &place.election())?;
    let store = |secrets: &TrusteeSecrets| marked.save(secrets).map_err(CommandError::from);
    match ceremony::rehearse_again(&election, secrets, store, &mut OsRng) {
        Ok(submission) => place.send(&submission, streams).await,
        Err(refusal) => Err(left_out(place.reading(), &election, secrets.index(), refusal, streams).await),
    }
}

/// Folds the submission as if it had entered, and says whether the stage still goes on.
fn goes_on(election: &mut Election, submission: Submission, stage: Stage) -> bool {
    let entry = election.next_entry(submission, election.last_time());
    election.apply(&entry).is_ok() && election.ceremony().stage() == stage
}

impl Run {
    /// Steps and waits until nothing is left.
    pub(super) async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.step.keystore.open()?;
        let mut sent = Vec::new();
        let mut stage = None;
        loop {
            let mut progress = take(&self.step.place, &mut secrets, &mut keystore, streams).await?;
            progress.check_recorded(&mut stage)?;
            sent.append(&mut progress.sent);
            // Without a board nothing of this enters the record while we wait.
            if progress.state == "done" || !self.step.place.is_online() {
                return Progress { sent, ..progress }.give(streams);
            }
            if progress.state == "waiting" {
                streams.say(&progress.to_string())?;
                tokio::time::sleep(Duration::from_secs(self.every)).await;
            }
        }
    }
}

impl Progress {
    /// A stage takes one step of a trustee. Who has it to do again was promised an entry that the record lacks.
    fn check_recorded(&self, before: &mut Option<u32>) -> Result<(), CommandError> {
        let stage = (self.state == "sent").then_some(self.stage);
        if stage.is_some() && std::mem::replace(before, stage) == stage {
            return Err(CommandError::Unrecorded(self.stage));
        }
        Ok(())
    }

    /// The result of the command.
    pub(in crate::cli) fn give(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        streams.give(&self.to_string(), self)
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.state {
            "waiting" => write!(formatter, "Stage {} waits for trustees {:?}.", self.stage, self.awaited),
            "done" => formatter.write_str("The ceremony has ended; nothing is left to do."),
            _ => write!(formatter, "Trustee {} did its step of stage {}.", self.trustee, self.stage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A board that promises and does not record would have a waiting trustee send for ever.
    #[test]
    fn a_step_is_not_taken_twice() {
        let progress = |stage, state| Progress { trustee: 1, stage, state, awaited: Vec::new(), sent: Vec::new() };
        let mut before = None;
        for (stage, state) in [(1, "sent"), (1, "waiting"), (2, "sent"), (3, "waiting"), (3, "sent")] {
            progress(stage, state).check_recorded(&mut before).unwrap();
        }
        let again = progress(3, "sent").check_recorded(&mut before).unwrap_err();
        assert_eq!(again.exit_code(), verifier::ExitCode::Invalid);
    }
}
