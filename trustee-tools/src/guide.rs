//! What a trustee has to do, in words for people who do this once in four years (CER-38): a function of the record, of the trustee's
//! secrets and of the time, and of nothing else.

pub mod advice;
mod ceremony;
mod election;
pub mod settings;
pub mod wording;

pub(crate) use ceremony::story;

use crate::{
    ceremony::{check_place, check_standing},
    refusal::Refusal,
    retirement::KeptTrustee,
    secrets::TrusteeSecrets,
};
use protocol::{Election, Phase, ids::Minutes};
use serde::{Serialize, Serializer};
use wording::{When, person};

/// What this trustee has to do.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Task {
    /// The next step of the key ceremony.
    Step,
    /// Show once more that the key share works. Wished for, not needed.
    Rehearse,
    /// Help to decrypt the totals.
    Decrypt,
    /// Destroy keys and shares, and state it in the record.
    Retire,
    /// Nothing now; something will come.
    Wait,
    /// Nothing any more.
    Nothing,
    /// Something is wrong that a person has to look into. Nothing is done.
    ReadAndDecide {
        /// What is wrong.
        #[serde(serialize_with = "in_words")]
        refusal: Refusal,
    },
}

fn in_words<S: Serializer>(refusal: &Refusal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(refusal)
}

impl Task {
    /// Whether there is something to do now.
    pub fn is_due(&self) -> bool {
        matches!(self, Self::Step | Self::Rehearse | Self::Decrypt | Self::Retire)
    }
}

/// Where a trustee stands.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Situation {
    /// Election fingerprint.
    pub election: String,
    /// The election's name.
    pub title: String,
    /// Which trustee this is, from 1.
    pub trustee: u32,
    /// Its name.
    pub name: String,
    /// `setup`, `voting`, `closed`, `tallied` or `failed`.
    pub phase: &'static str,
    /// Stage of the key ceremony, 1 to 4; 5 when it has ended.
    pub stage: u32,
    /// Entries of the record that this was read from.
    pub entries: u64,
    /// What has happened, sentence by sentence.
    pub happened: Vec<String>,
    /// What is to be done.
    pub task: Task,
    /// The same in words.
    pub advice: String,
    /// By when, if there is a time.
    pub by: Option<When>,
    /// What happens if it is not done.
    pub otherwise: Option<String>,
}

/// What a phase's texts say; the rest is the same in all.
struct Told {
    happened: Vec<String>,
    task: Task,
    advice: String,
    by: Option<When>,
    otherwise: Option<String>,
}

impl Told {
    fn new(task: Task, happened: Vec<String>, advice: impl Into<String>) -> Self {
        Self { happened, task, advice: advice.into(), by: None, otherwise: None }
    }
}

impl Situation {
    /// CER-38: where the trustee of these secrets stands in this election at that minute. The record was verified, under a checkpoint
    /// that the policy's quorum cosigned.
    pub fn of(election: &Election, secrets: &TrusteeSecrets, now: Minutes) -> Self {
        Self::new(election, secrets.index(), secrets.name(), tell(election, secrets, now))
    }

    /// The same of a keystore that may be retired.
    pub fn of_kept(election: &Election, kept: &KeptTrustee, now: Minutes) -> Self {
        match kept {
            KeptTrustee::Serving(secrets) => Self::of(election, secrets, now),
            KeptTrustee::Retired(retired) => {
                Self::new(election, retired.index(), &retired.name, election::retired(election, retired))
            }
        }
    }

    fn new(election: &Election, trustee: u32, name: &str, told: Told) -> Self {
        let Told { happened, task, advice, by, otherwise } = told;
        Self {
            election: election.fingerprint().to_string(),
            title: election.manifest().title.clone(),
            trustee,
            name: name.to_owned(),
            phase: phase_name(election.phase()),
            stage: election.ceremony().stage().number(),
            entries: election.size(),
            happened,
            task,
            advice,
            by,
            otherwise,
        }
    }
}

impl Situation {
    /// Whether there is nothing new to show: only time has passed.
    pub fn tells_the_same_as(&self, other: &Self) -> bool {
        (self.phase, self.stage, &self.happened, &self.task) == (other.phase, other.stage, &other.happened, &other.task)
    }
}

fn tell(election: &Election, secrets: &TrusteeSecrets, now: Minutes) -> Told {
    if let Err(refusal) = check_place(election, secrets) {
        let advice = format!("Do nothing with this keystore in this election. {}", wording::sentence(&refusal));
        return Told::new(Task::ReadAndDecide { refusal }, Vec::new(), advice);
    }
    if let Some(told) = election::ended(election, secrets.index()) {
        return told;
    }
    match check_standing(election, secrets) {
        Ok(()) => {}
        Err(Refusal::Left { stage, departure, .. }) => {
            return ceremony::left(election, secrets, stage, departure, now);
        }
        Err(refusal) => {
            let advice = format!("Do nothing before this is explained. {}", wording::sentence(&refusal));
            return Told::new(Task::ReadAndDecide { refusal }, ceremony::story(election), advice);
        }
    }
    match election.phase() {
        Phase::Setup => ceremony::setup(election, secrets, now),
        Phase::Voting => election::voting(election, secrets, now),
        Phase::Closed | Phase::Tallied | Phase::Failed => election::closed(election, secrets),
    }
}

/// A phase in lower case.
pub fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "setup",
        Phase::Voting => "voting",
        Phase::Closed => "closed",
        Phase::Tallied => "tallied",
        Phase::Failed => "failed",
    }
}

impl std::fmt::Display for Situation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        writeln!(formatter, "You are {}.", person(self.trustee, &self.name))?;
        if !self.happened.is_empty() {
            writeln!(formatter, "\nWhat has happened")?;
            self.happened.iter().try_for_each(|sentence| write!(formatter, "{}", wording::item(sentence)))?;
        }
        let mut section = |heading: &str, text: &str| write!(formatter, "\n{heading}\n{}", wording::wrapped(text));
        let heading = match self.task {
            Task::ReadAndDecide { .. } => "Stop: something is wrong",
            _ if self.task.is_due() => "What you do now",
            _ => "What comes next",
        };
        section(heading, &self.advice)?;
        if let Some(by) = &self.by {
            section("By when", &by.to_string())?;
        }
        if let Some(otherwise) = &self.otherwise {
            section("If you do not", otherwise)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
