//! The steps that can be carried (AIR-6): which bodies one is made of, and where in an election it has its place.

use protocol::{
    Author, Body, Election, Phase, Submission,
    election::{GroupStatus, Stage},
};
use std::{fmt, str::FromStr};

/// A step of an official.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ceremony stage 1.
    Commit,
    /// Ceremony stage 2.
    Deal,
    /// Ceremony stage 3.
    Check,
    /// Ceremony stage 4, and once more at any time until the closing.
    Rehearse,
    /// The partial decryptions.
    Decrypt,
    /// Keys and shares are destroyed.
    Retire,
    /// A registrar's roll.
    Roll,
    /// A lost credential.
    Replace,
    /// A ceremony stage ends without those it waits for.
    EndStage,
    /// Voting begins.
    Open,
    /// A later closing time.
    Extend,
    /// A row whose voter votes in person.
    Override,
    /// Voting ends.
    Close,
    /// The totals.
    Result,
    /// The next log.
    Continue,
    /// A remark.
    Notice,
}

/// Every step by its name (AIR-6).
const NAMES: [(Step, &str); 16] = [
    (Step::Commit, "commit"),
    (Step::Deal, "deal"),
    (Step::Check, "check"),
    (Step::Rehearse, "rehearse"),
    (Step::Decrypt, "decrypt"),
    (Step::Retire, "retire"),
    (Step::Roll, "roll"),
    (Step::Replace, "replace"),
    (Step::EndStage, "end-stage"),
    (Step::Open, "open"),
    (Step::Extend, "extend"),
    (Step::Override, "override"),
    (Step::Close, "close"),
    (Step::Result, "result"),
    (Step::Continue, "continue"),
    (Step::Notice, "notice"),
];

/// A text names no step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no step is called so; there are {}", NAMES.map(|(_, name)| name).join(", "))]
pub struct UnknownStep;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of whom.
    pub party: Author,
    /// What.
    pub step: Step,
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "step `{}` of {}", self.step, self.party)
    }
}

impl Step {
    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(step, _)| *step == self).map_or("", |(_, name)| name)
    }

    /// The step that a body is of; none if it is no official's.
    pub fn of(body: &Body) -> Option<Self> {
        Some(match body {
            Body::DealingCommitment(_) => Self::Commit,
            Body::Dealing(_) => Self::Deal,
            Body::Complaint(_) | Body::CeremonyConfirmation(_) => Self::Check,
            Body::Rehearsal(_) => Self::Rehearse,
            Body::PartialDecryption(_) => Self::Decrypt,
            Body::Retirement(_) => Self::Retire,
            Body::Roll(_) => Self::Roll,
            Body::Replacement(_) => Self::Replace,
            Body::StageEnd(_) => Self::EndStage,
            Body::Opening(_) => Self::Open,
            Body::Extension(_) => Self::Extend,
            Body::Override(_) => Self::Override,
            Body::Closing(_) => Self::Close,
            Body::Result(_) => Self::Result,
            Body::Continuation(_) => Self::Continue,
            Body::Notice(_) => Self::Notice,
            _ => return None,
        })
    }

    /// Whether a party of this kind takes such steps at all (ENT-4).
    pub fn is_of(self, party: &Author) -> bool {
        match self {
            Self::Commit | Self::Deal | Self::Check | Self::Rehearse | Self::Decrypt | Self::Retire => {
                matches!(party, Author::Trustee(_))
            }
            Self::Roll | Self::Replace => matches!(party, Author::Registrar(_)),
            Self::EndStage | Self::Open | Self::Extend | Self::Override | Self::Continue | Self::Notice => {
                *party == Author::Authority
            }
            Self::Close => matches!(party, Author::Authority | Author::Anyone),
            Self::Result => *party == Author::Anyone,
        }
    }

    /// Whether it has a place in the record as it is: phase and stage alone. The rest is for the tool that takes it, and for the fold.
    pub fn has_place(self, election: &Election) -> bool {
        let (phase, stage) = (election.phase(), election.ceremony().stage());
        let in_stage = |wanted| phase == Phase::Setup && stage == wanted;
        match self {
            Self::Commit => in_stage(Stage::Commit),
            Self::Deal => in_stage(Stage::Deal),
            Self::Check => in_stage(Stage::Check),
            Self::Rehearse => in_stage(Stage::Rehearse) || in_stage(Stage::Ended) || phase == Phase::Voting,
            Self::EndStage => phase == Phase::Setup && stage != Stage::Ended,
            Self::Open | Self::Roll => phase == Phase::Setup,
            Self::Replace => matches!(phase, Phase::Setup | Phase::Voting),
            Self::Extend | Self::Override | Self::Close => phase == Phase::Voting,
            Self::Decrypt | Self::Result => phase == Phase::Closed,
            Self::Retire => matches!(phase, Phase::Tallied | Phase::Failed),
            Self::Continue | Self::Notice => true,
        }
    }

    /// What the record awaits from a trustee now, if anything.
    pub fn awaited_from(trustee: u32, election: &Election) -> Option<Self> {
        let ceremony = election.ceremony();
        match election.phase() {
            Phase::Setup if ceremony.awaited(election.manifest()).contains(&trustee) => match ceremony.stage() {
                Stage::Commit => Some(Self::Commit),
                Stage::Deal => Some(Self::Deal),
                Stage::Check => Some(Self::Check),
                Stage::Rehearse => Some(Self::Rehearse),
                Stage::Ended => None,
            },
            Phase::Closed if ceremony.active().contains(&trustee) => {
                let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
                let mut groups = contests.flat_map(|contest| election.groups(contest));
                let lacks = groups.any(|group| {
                    let answered = group.right().contains_key(&trustee);
                    group.status == GroupStatus::Open && !answered && group.totals().is_none()
                });
                lacks.then_some(Self::Decrypt)
            }
            Phase::Tallied | Phase::Failed if !election.retired().contains_key(&trustee) => Some(Self::Retire),
            _ => None,
        }
    }
}

/// Where a record stands, in words.
pub(super) fn standing(election: &Election) -> String {
    let ceremony = election.ceremony();
    match election.phase() {
        Phase::Setup if ceremony.stage() == Stage::Ended => {
            "the key ceremony has ended, voting has not begun".to_owned()
        }
        Phase::Setup => {
            let awaited: Vec<String> = ceremony.awaited(election.manifest()).iter().map(u32::to_string).collect();
            let stage = ceremony.stage().number();
            format!("the key ceremony is at stage {stage} of 4 and waits for trustees {}", awaited.join(", "))
        }
        Phase::Voting => "voting goes on".to_owned(),
        Phase::Closed => "voting is closed, the result is not complete".to_owned(),
        Phase::Tallied => "the result is complete".to_owned(),
        Phase::Failed => "the key ceremony has failed".to_owned(),
    }
}

/// The one step and author of these submissions; none if they are of several, or none at all.
pub(super) fn of_all(submissions: &[Submission]) -> Option<Asked> {
    let mut found: Option<Asked> = None;
    for submission in submissions {
        let (party, body) = (submission.author().ok()?, submission.body().ok()?);
        let asked = Asked { party, step: Step::of(&body)? };
        if !asked.step.is_of(&party) || found.is_some_and(|found| found != asked) {
            return None;
        }
        found = Some(asked);
    }
    found
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Step {
    type Err = UnknownStep;

    fn from_str(text: &str) -> Result<Self, UnknownStep> {
        NAMES.iter().find(|(_, name)| *name == text).map(|(step, _)| *step).ok_or(UnknownStep)
    }
}
