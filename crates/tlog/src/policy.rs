//! Policies: which logs are trusted, and which witnesses must have cosigned (LOG-25 to LOG-28, c2sp.org/tlog-policy).

use std::fmt;

use thiserror::Error;

use crate::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    note::{KeyError, VerifierKey},
};

mod parse;
mod strength;

pub use strength::Strength;

/// The most logs, witnesses or groups a policy may name; the format recommends to support at least 32 of each.
pub const MAX_DEFINITIONS: usize = 64;

/// The most bytes of a policy.
pub const MAX_POLICY_BYTES: usize = 65_536;

/// A log that is trusted to sign, or a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its key, named like its origin.
    pub key: VerifierKey,
    /// Where it answers, if stated.
    pub url: Option<String>,
}

/// A witness that may count towards the quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name within the policy.
    pub name: String,
    /// Its cosigning key.
    pub key: VerifierKey,
    /// Where it answers, if stated.
    pub url: Option<String>,
}

/// A group of witnesses and smaller groups, which has witnessed what `threshold` of its members have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name within the policy.
    pub name: String,
    /// How many members must have witnessed; from 1 to their number.
    pub threshold: usize,
    /// Its members, defined before it.
    pub members: Vec<Member>,
}

/// A witness or group by its place among those of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// The witness at this place.
    Witness(usize),
    /// The group at this place.
    Group(usize),
}

/// A checked policy. Only reading one makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// Why a policy is refused, with the line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the policy: {fault}")]
pub struct PolicyError {
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong with it.
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyFault {
    /// More than [`MAX_POLICY_BYTES`].
    #[error("more bytes than allowed")]
    TooLong,
    /// Not UTF-8, which this implementation demands.
    #[error("not UTF-8")]
    NotUtf8,
    /// A control character other than tab and newline.
    #[error("a control character")]
    ControlCharacter,
    /// The last line is not ended by a newline.
    #[error("no newline at the end")]
    NoFinalNewline,
    /// Another first word than `log`, `witness`, `group` and `quorum`.
    #[error("an unknown keyword")]
    UnknownKeyword,
    /// Too few or too many words.
    #[error("the wrong number of words")]
    WordCount,
    /// A malformed key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A witness's key as a log's, or the reverse.
    #[error("a key of the wrong type")]
    KeyType,
    /// Two logs, or two witnesses, with one public key.
    #[error("a public key that an earlier line has")]
    DuplicateKey,
    /// A witness or group named like an earlier one, or `none`.
    #[error("a name that is taken")]
    DuplicateName,
    /// A name that no earlier line defines.
    #[error("a name that no earlier line defines")]
    UndefinedName,
    /// A member that already belongs to a group.
    #[error("a member that already belongs to a group")]
    MemberTwice,
    /// A threshold that is no canonical decimal from 1 to the number of members.
    #[error("a threshold outside 1 to the number of members")]
    Threshold,
    /// A second quorum line.
    #[error("a second quorum line")]
    SecondQuorum,
    /// No quorum line.
    #[error("no quorum line")]
    NoQuorum,
    /// More than [`MAX_DEFINITIONS`] of a kind.
    #[error("more than {MAX_DEFINITIONS} definitions of a kind")]
    TooMany,
}

/// Who cosigned, and whether it is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The witnesses whose cosignatures count, in the policy's order, with the latest time each stated.
    pub cosigned: Vec<(String, u64)>,
    /// Whether they fulfil the quorum.
    pub quorum_met: bool,
}

/// Why a checkpoint does not satisfy a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyRefusal {
    /// Malformed, not by a trusted log, or with a bad signature.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Too few witnesses.
    #[error("the quorum is not met: cosigned by [{}]", .0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "))]
    QuorumNotMet(Vec<(String, u64)>),
}

impl Policy {
    /// The policy that trusts this log alone: `quorum none`.
    pub fn without_witnesses(log: VerifierKey) -> Result<Self, PolicyError> {
        Self::parse(format!("log {log}\nquorum none\n").as_bytes())
    }

    /// LOG-25 to LOG-27: reads a policy.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        parse::parse(bytes)
    }

    /// CON-2: this policy for a successor log: its key in the place of the logs', witnesses and quorum as they are.
    #[must_use]
    pub fn with_log(&self, key: VerifierKey) -> Self {
        Self { logs: vec![Log { key, url: None }], ..self.clone() }
    }

    /// The trusted logs.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whose witnessing is required; `None` is `quorum none`.
    pub fn quorum(&self) -> Option<Member> {
        self.quorum
    }

    /// All keys the policy names, logs first: what opens a checkpoint.
    pub fn keys(&self) -> Vec<VerifierKey> {
        let logs = self.logs.iter().map(|log| &log.key);
        let witnesses = self.witnesses.iter().map(|witness| &witness.key);
        logs.chain(witnesses).cloned().collect()
    }

    /// LOG-28: which witnesses' cosignatures state a time of `since` or later, and whether they fulfil the quorum. Says nothing
    /// about the log's own signature: that was checked when the checkpoint was opened, with whatever keys the caller gave.
    pub fn evaluate(&self, signed: &SignedCheckpoint, since: u64) -> Evaluation {
        self.evaluate_where(signed, |time| time >= since)
    }

    /// LOG-28, with other times than those from some moment on: a cosignature counts if `counts` says so of its time; each witness that
    /// has one is named with the latest.
    pub fn evaluate_where(&self, signed: &SignedCheckpoint, counts: impl Fn(u64) -> bool) -> Evaluation {
        let times: Vec<Option<u64>> = self
            .witnesses
            .iter()
            .map(|witness| {
                let by_witness = signed.cosignatures().iter().filter(|cosignature| cosignature.key == witness.key);
                by_witness.map(|cosignature| cosignature.timestamp).filter(|time| counts(*time)).max()
            })
            .collect();
        Evaluation {
            quorum_met: self.holds(self.quorum, &times),
            cosigned: self
                .witnesses
                .iter()
                .zip(times)
                .filter_map(|(witness, time)| Some((witness.name.clone(), time?)))
                .collect(),
        }
    }

    /// LOG-28: opens a checkpoint as it comes over the wire and demands the quorum, with times of `since` or later.
    pub fn open(&self, note: &[u8], since: u64) -> Result<SignedCheckpoint, PolicyRefusal> {
        self.demand(checkpoint::open(note, &self.keys())?, since)
    }

    /// As [`Policy::open`] for the checkpoint of a stored record: every line must be known.
    pub fn open_strict(&self, note: &[u8], since: u64) -> Result<SignedCheckpoint, PolicyRefusal> {
        self.demand(checkpoint::open_strict(note, &self.keys())?, since)
    }

    fn demand(&self, signed: SignedCheckpoint, since: u64) -> Result<SignedCheckpoint, PolicyRefusal> {
        let evaluation = self.evaluate(&signed, since);
        if evaluation.quorum_met { Ok(signed) } else { Err(PolicyRefusal::QuorumNotMet(evaluation.cosigned)) }
    }

    /// Whether a member has witnessed. Groups name only groups before them and each is a member once, so this ends soon.
    fn holds(&self, member: Option<Member>, times: &[Option<u64>]) -> bool {
        match member {
            None => true,
            Some(Member::Witness(place)) => times.get(place).is_some_and(Option::is_some),
            Some(Member::Group(place)) => self.groups.get(place).is_some_and(|group| {
                let members = group.members.iter();
                let witnessed = members.filter(|member| self.holds(Some(**member), times));
                witnessed.count() >= group.threshold
            }),
        }
    }

    fn name_of(&self, member: Member) -> &str {
        match member {
            Member::Witness(place) => self.witnesses.get(place).map(|witness| &witness.name),
            Member::Group(place) => self.groups.get(place).map(|group| &group.name),
        }
        .map_or("none", String::as_str)
    }
}

impl fmt::Display for Policy {
    /// The policy's text in one regular form: logs, witnesses, groups, quorum, single spaces, numeric thresholds, no comments.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |url: &Option<String>| url.as_ref().map_or(String::new(), |url| format!(" {url}"));
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key, url(&log.url))?;
        }
        for Witness { name, key, url: at } in &self.witnesses {
            writeln!(f, "witness {name} {key}{}", url(at))?;
        }
        for group in &self.groups {
            write!(f, "group {} {}", group.name, group.threshold)?;
            for member in &group.members {
                write!(f, " {}", self.name_of(*member))?;
            }
            writeln!(f)?;
        }
        let quorum = self.quorum.map_or("none", |member| self.name_of(member));
        writeln!(f, "quorum {quorum}")
    }
}

#[cfg(test)]
mod tests;
