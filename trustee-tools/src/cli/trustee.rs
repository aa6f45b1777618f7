//! `vitrine trustee ...`

use super::{
    CommandError, Streams,
    keys::{Keys, KeystoreArguments},
    place::{AllSent, Patience, PlaceArguments, Sent, send},
};
use crate::{
    ceremony::{self, Step},
    decryption, files,
    keystore::Keystore,
    public_keys::TrusteeFile,
    secrets::TrusteeSecrets,
};
use board_api::flags::ReadingFlags;
use protocol::{Election, Submission, election::Stage, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use serde::Serialize;
use std::{path::PathBuf, time::Duration};

/// Hold a part of the key, and decrypt with others.
#[derive(Debug, clap::Subcommand)]
pub enum TrusteeCommand {
    /// Make fresh keys for one election: a keystore to guard, and a public key file for the authority.
    Keys(Keys),
    /// Do the next step of the key ceremony, if there is one.
    Step(StepArguments),
    /// Go through the key ceremony, waiting for the others.
    Run(Run),
    /// Show once more that the key shares work. Useful between ceremony and closing.
    Rehearse(StepArguments),
    /// Verify the whole closed record, then send the partial decryptions.
    Decrypt(StepArguments),
    /// Send submissions that were written into an outbox on another machine.
    Send(Send),
}

/// `vitrine trustee step`, `rehearse` and `decrypt`.
#[derive(Debug, clap::Args)]
pub struct StepArguments {
    #[command(flatten)]
    keystore: KeystoreArguments,
    #[command(flatten)]
    place: PlaceArguments,
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

/// `vitrine trustee send`.
#[derive(Debug, clap::Args)]
pub struct Send {
    /// Address of the board.
    #[arg(long, value_name = "URL")]
    board: String,
    /// The election fingerprint.
    #[arg(long, visible_alias = "expect", value_name = "FINGERPRINT")]
    election: ElectionFingerprint,
    #[command(flatten)]
    flags: ReadingFlags,
    #[command(flatten)]
    patience: Patience,
    /// The submissions.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Progress {
    trustee: u32,
    stage: u32,
    state: &'static str,
    awaited: Vec<u32>,
    sent: Vec<Sent>,
}

impl TrusteeCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// [`CommandError`], which knows its exit code.
    pub async fn run(self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        match self {
            Self::Keys(keys) => keys.run(streams, "trustee", |id, index, name| {
                let secrets = TrusteeSecrets::generate(id, index, name, &mut OsRng)?;
                let public = TrusteeFile::new(&id, index, &secrets.public(&mut OsRng)?);
                Ok((secrets, public))
            }),
            Self::Step(step) => {
                let (mut secrets, mut keystore) = step.keystore.open()?;
                let progress = step.take(&mut secrets, &mut keystore, streams).await?;
                progress.give(streams)
            }
            Self::Run(run) => run.run(streams).await,
            Self::Rehearse(step) => step.rehearse(streams).await,
            Self::Decrypt(step) => step.decrypt(streams).await,
            Self::Send(send) => send.run(streams).await,
        }
    }
}

impl StepArguments {
    /// One look at the record, and what follows from it.
    async fn take(
        &self,
        secrets: &mut TrusteeSecrets,
        keystore: &mut Keystore,
        streams: &mut Streams<'_>,
    ) -> Result<Progress, CommandError> {
        let mut election = self.place.read(streams).await?.witnessed()?.election;
        let stage = election.ceremony().stage();
        let mut submissions = Vec::new();
        let (state, awaited) = loop {
            let store = |secrets: &TrusteeSecrets| keystore.save(secrets).map_err(CommandError::from);
            let step = ceremony::advance(&election, secrets, store, &mut OsRng)?;
            match step {
                Step::Submit(submission) => {
                    submissions.push(submission.clone());
                    // The parts of a dealing go one after the other; every other step is alone in its stage.
                    if stage != Stage::Deal || !goes_on(&mut election, submission, stage) {
                        break ("sent", Vec::new());
                    }
                }
                Step::Wait { awaited, .. } if submissions.is_empty() => break ("waiting", awaited),
                Step::Wait { awaited, .. } => break ("sent", awaited),
                Step::Store(_) | Step::Done => break ("done", Vec::new()),
            }
        };
        let sent = self.place.send_all(&submissions, streams).await?;
        Ok(Progress { trustee: secrets.index(), stage: stage.number(), state, awaited, sent })
    }

    async fn rehearse(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (secrets, _keystore) = self.keystore.open::<TrusteeSecrets>()?;
        let election = self.place.read(streams).await?.witnessed()?.election;
        let submission = ceremony::rehearse(&election, &secrets, &mut OsRng)?;
        let sent = self.place.send(&submission, streams).await?;
        streams.give(&sent.to_string(), &sent)
    }

    async fn decrypt(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.keystore.open::<TrusteeSecrets>()?;
        let verified = self.place.read(streams).await?.witnessed()?;
        streams.say(&verified.report.headline)?;
        let store = |secrets: &TrusteeSecrets| keystore.save(secrets).map_err(CommandError::from);
        // The closing is in the keystore, durably, before the first answer exists.
        let answers = match decryption::advance(&verified.election, &mut secrets, store, &mut OsRng)? {
            Step::Submit(_) => decryption::answers(&verified.election, &secrets, &mut OsRng)?,
            _ => Vec::new(),
        };
        let sent = self.place.send_all(&answers, streams).await?;
        let text = match sent.len() {
            0 => "Nothing is left to decrypt.".to_owned(),
            count => format!("Partial decryptions sent: {count}."),
        };
        let state = if sent.is_empty() { "done" } else { "sent" };
        let stage = Stage::Ended.number();
        let progress = Progress { trustee: secrets.index(), stage, state, awaited: Vec::new(), sent };
        streams.give(&text, &progress)
    }
}

/// Folds the submission as if it had entered, and says whether the stage still goes on.
fn goes_on(election: &mut Election, submission: Submission, stage: Stage) -> bool {
    let entry = election.next_entry(submission, election.last_time());
    election.apply(&entry).is_ok() && election.ceremony().stage() == stage
}

impl Run {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let (mut secrets, mut keystore) = self.step.keystore.open()?;
        let mut sent = Vec::new();
        let mut stage = None;
        loop {
            let mut progress = self.step.take(&mut secrets, &mut keystore, streams).await?;
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

impl Send {
    async fn run(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
        let board = self.flags.client(&self.board)?;
        let mut submissions = Vec::new();
        for path in &self.files {
            let bytes = files::read_limited(path, files::MAXIMUM_FILE)
                .map_err(|cause| CommandError::File { path: path.clone(), cause })?;
            let submission = Submission::decode(&bytes)
                .map_err(|fault| CommandError::Submission { path: path.clone(), fault: Box::new(fault) })?;
            submissions.push(submission);
        }
        let sent = send(&board, &self.election, &submissions, &self.patience, streams).await?;
        streams.give(&format!("Submissions sent: {}.", sent.len()), &AllSent { sent })
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

    fn give(&self, streams: &mut Streams<'_>) -> Result<(), CommandError> {
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
