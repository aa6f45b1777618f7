//! What a file of evidence shows, in words that name their rules (EVD-4).

use crate::ids::ElectionFingerprint;
use std::fmt;
use tlog::{note::VerifierKey, policy::Policy};

/// What is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two histories of one log.
    SplitView,
    /// The log promised what it does not hold.
    BrokenPromise,
    /// A smaller tree after a larger one.
    Rollback,
    /// An entry's time far off the witnesses'.
    Clock,
}

impl Kind {
    /// As it stands in file names and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::SplitView => "split-view",
            Self::BrokenPromise => "broken-promise",
            Self::Rollback => "rollback",
            Self::Clock => "clock",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SplitView => "split view: two histories of one log",
            Self::BrokenPromise => "broken promise",
            Self::Rollback => "rollback: a smaller tree after a larger one",
            Self::Clock => "clock: an entry's time far off the witnesses' times",
        })
    }
}

/// Who is convicted, as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The log's key.
    Log,
    /// A witness's or mirror's key.
    Witness,
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Log => "log",
            Self::Witness => "witness",
        })
    }
}

/// A key whose holder broke a rule: nobody else could have signed what the file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// Log or witness.
    pub role: Role,
    /// The log's origin, or the witness's name in the policy.
    pub name: String,
    /// The key.
    pub key: VerifierKey,
}

/// EVD-4: what a file shows. It is proved if it names a culprit; otherwise its notes are genuine and do not by themselves convict anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// F.
    pub election: ElectionFingerprint,
    /// What is claimed.
    pub kind: Kind,
    /// Who is convicted.
    pub culprits: Vec<Culprit>,
    /// What the file shows, a sentence each.
    pub shown: Vec<String>,
    /// What it does not show by itself, and on what that rests.
    pub open: Vec<String>,
}

impl Finding {
    /// Whether somebody is convicted by the file alone.
    pub fn is_proved(&self) -> bool {
        !self.culprits.is_empty()
    }
}

/// The log as a culprit.
pub(super) fn log(key: &VerifierKey) -> Culprit {
    Culprit { role: Role::Log, name: key.name().to_owned(), key: key.clone() }
}

/// The witnesses with these keys, by their names in the policy, in its order.
pub(super) fn witnesses(policy: &Policy, guilty: impl Fn(&VerifierKey) -> bool) -> Vec<Culprit> {
    let named = policy.witnesses().iter().filter(|witness| guilty(&witness.key));
    named.map(|witness| Culprit { role: Role::Witness, name: witness.name.clone(), key: witness.key.clone() }).collect()
}
