//! What a file of evidence shows, in words that name their rules (EVD-4).

use crate::{entry::Entry, ids::ElectionFingerprint, manifest::TrusteeKeys};
use crypto::EncodedPoint;
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
    /// A trustee signed two messages where one has its place.
    TwoMessages,
}

impl Kind {
    /// As it stands in file names and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::SplitView => "split-view",
            Self::BrokenPromise => "broken-promise",
            Self::Rollback => "rollback",
            Self::Clock => "clock",
            Self::TwoMessages => "two-messages",
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
            Self::TwoMessages => "two messages of one trustee for one step",
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
    /// A trustee's signing key.
    Trustee,
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Log => "log",
            Self::Witness => "witness",
            Self::Trustee => "trustee",
        })
    }
}

/// What a culprit signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CulpritKey {
    /// Signs notes: a log's or a witness's.
    Note(VerifierKey),
    /// Signs entries: a trustee's.
    Entry(EncodedPoint),
}

impl fmt::Display for CulpritKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(key) => key.fmt(formatter),
            Self::Entry(key) => formatter.write_str(&hex::encode(key.0)),
        }
    }
}

impl PartialEq<VerifierKey> for CulpritKey {
    fn eq(&self, other: &VerifierKey) -> bool {
        matches!(self, Self::Note(key) if key == other)
    }
}

/// A key whose holder broke a rule: nobody else could have signed what the file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Culprit {
    /// Log, witness or trustee.
    pub role: Role,
    /// The log's origin, the witness's name in the policy, or the trustee's number.
    pub name: String,
    /// The key.
    pub key: CulpritKey,
}

/// EVD-18: whom a file clears of having been silent in a stage of the ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The trustee's number, from 1.
    pub trustee: u32,
    /// Its name in the manifest.
    pub name: String,
    /// The stage, 1 to 4.
    pub stage: u32,
    /// The entry that the log had promised.
    pub promised: Entry,
}

impl fmt::Display for Cleared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trustee, name, stage, .. } = self;
        write!(formatter, "trustee {trustee} ({name}), of having been silent in stage {stage}")
    }
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
    /// Who is cleared (EVD-18).
    pub cleared: Option<Cleared>,
}

impl Finding {
    /// Whether somebody is convicted by the file alone.
    pub fn is_proved(&self) -> bool {
        !self.culprits.is_empty()
    }
}

/// The log as a culprit.
pub(super) fn log(key: &VerifierKey) -> Culprit {
    Culprit { role: Role::Log, name: key.name().to_owned(), key: CulpritKey::Note(key.clone()) }
}

/// The witnesses with these keys, by their names in the policy, in its order.
pub(super) fn witnesses(policy: &Policy, guilty: impl Fn(&VerifierKey) -> bool) -> Vec<Culprit> {
    let named = policy.witnesses().iter().filter(|witness| guilty(&witness.key));
    let culprit = |witness: &tlog::policy::Witness| Culprit {
        role: Role::Witness,
        name: witness.name.clone(),
        key: CulpritKey::Note(witness.key.clone()),
    };
    named.map(culprit).collect()
}

/// A trustee as a culprit.
pub(super) fn trustee(index: u32, keys: &TrusteeKeys) -> Culprit {
    let name = format!("{index} ({})", keys.name);
    Culprit { role: Role::Trustee, name, key: CulpritKey::Entry(keys.signing_key) }
}
