//! Why a file of evidence shows nothing: the first rule that does not hold.

use super::message::MessageStep;
use crate::rule::Rejection;
use std::fmt;
use thiserror::Error;
use tlog::{
    checkpoint::CheckpointError, merkle::ProofFailure, note::KeyError, policy::PolicyError, proof::ReceiptError,
};

/// Which part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The checkpoint of the smaller tree.
    Smaller,
    /// The checkpoint of the larger tree.
    Larger,
    /// The promise.
    Promise,
    /// What is shown in the promised place.
    Shown,
    /// The entry that ended what was promised.
    Ending,
    /// The entry whose time is off.
    Entry,
    /// The checkpoint without it.
    Without,
    /// The first of two messages.
    First,
    /// The second of two messages.
    Second,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Smaller => "the checkpoint of the smaller tree",
            Self::Larger => "the checkpoint of the larger tree",
            Self::Promise => "the promise",
            Self::Shown => "what is shown in the promised place",
            Self::Ending => "the entry that ended what was promised",
            Self::Entry => "the entry",
            Self::Without => "the checkpoint without the entry",
            Self::First => "the first message",
            Self::Second => "the second message",
        })
    }
}

/// Why a file shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceFault {
    /// More than the format allows (EVD-1).
    #[error("EVD-1: the file has {0} bytes, more than evidence can have")]
    TooLong(usize),
    /// Not the canonical bytes of such a file (EVD-1).
    #[error("EVD-1: not a file of evidence: {0}")]
    NotCanonical(#[from] Rejection),
    /// Another format or version (EVD-1).
    #[error("EVD-1: not of the format vitrine/1/evidence")]
    Format,
    /// No manifest in it (EVD-2).
    #[error("EVD-2: the body in it is no manifest: {0}")]
    Manifest(String),
    /// The manifest's log key is none (EVD-2).
    #[error("EVD-2: the manifest's log key: {0}")]
    LogKey(#[from] KeyError),
    /// The manifest's policy is none (EVD-2).
    #[error("EVD-2: the manifest's policy: {0}")]
    Policy(#[from] PolicyError),
    /// An entry that does not lead from one log of the election to the next (EVD-2).
    #[error("EVD-2: entry {0} of `continuations` does not continue the log before it")]
    Continuation(usize),
    /// A checkpoint that the log or a witness did not sign (EVD-3).
    #[error("EVD-3: {part}: {fault}")]
    Checkpoint {
        /// Which.
        part: Part,
        /// Why not.
        fault: CheckpointError,
    },
    /// A receipt that does not hold (EVD-3).
    #[error("EVD-3: {part}: {fault}")]
    Receipt {
        /// Which.
        part: Part,
        /// Why not.
        fault: ReceiptError,
    },
    /// An entry that cannot be read, or says another index than its receipt (EVD-3).
    #[error("EVD-3: {part}: the entry in it is none of index {index}")]
    NotAnEntry {
        /// Which.
        part: Part,
        /// The receipt's index.
        index: u64,
    },
    /// A checkpoint that does not meet the policy where it must (EVD-6, EVD-7, EVD-9, EVD-10).
    #[error("{rule}: {part}: the policy's quorum has not cosigned its checkpoint as the rule demands")]
    NoQuorum {
        /// The rule that demands it.
        rule: &'static str,
        /// Which.
        part: Part,
    },
    /// The trees agree as far as both go (EVD-5).
    #[error("EVD-5: the larger tree begins with the smaller one: that is one history")]
    OneHistory,
    /// The consistency proof does not hold (EVD-5).
    #[error("EVD-5: the proof does not join the stated beginning to the larger checkpoint: {0}")]
    NotJoined(ProofFailure),
    /// The promised entry is where it was promised (EVD-6).
    #[error("EVD-6: the entry shown is the one that was promised")]
    Kept,
    /// Not the promised place (EVD-6), or not before it (EVD-7).
    #[error("{rule}: index {found} does not contradict a promise for index {promised}")]
    Elsewhere {
        /// The rule.
        rule: &'static str,
        /// What was promised.
        promised: u64,
        /// What is shown.
        found: u64,
    },
    /// What was promised may well come after that entry (EVD-7).
    #[error("EVD-7: after a {ending} a {promised} may still come")]
    NotEnded {
        /// The body promised.
        promised: &'static str,
        /// The body shown.
        ending: &'static str,
    },
    /// The second checkpoint is not smaller (EVD-8), or holds the entry (EVD-10).
    #[error("{rule}: the sizes {first} and {second} are in the wrong order")]
    Sizes {
        /// The rule.
        rule: &'static str,
        /// Size or index of the first part.
        first: u64,
        /// Size of the second part.
        second: u64,
    },
    /// `quorum none`: no clock but the board's (EVD-9, EVD-10).
    #[error("{0}: the election has no witnesses whose clocks the log's could be compared with")]
    NoClock(&'static str),
    /// Not what a trustee of the manifest signed for this election (EVD-16, EVD-17).
    #[error("{rule}: {part}: no trustee of the manifest signed it for this election")]
    NotByTrustee {
        /// The rule.
        rule: &'static str,
        /// Which.
        part: Part,
    },
    /// Not a message of which a trustee signs one only (EVD-16).
    #[error("EVD-16: {part}: of a {body} a trustee may make another")]
    NoStep {
        /// Which.
        part: Part,
        /// The body's name.
        body: &'static str,
    },
    /// Not two messages of one trustee for one step (EVD-16).
    #[error("EVD-16: the one is by trustee {} for {}, the other by trustee {} for {}", first.0, first.1, second.0, second.1)]
    OtherStep {
        /// Who signed the first, for what.
        first: (u32, MessageStep),
        /// Who signed the second, for what.
        second: (u32, MessageStep),
    },
    /// The same message twice, or the two in the wrong order (EVD-16).
    #[error("EVD-16: the submission ids are equal, which is one message, or not in ascending order")]
    OneMessage,
    /// Two partial decryptions that differ by their proofs alone (EVD-16).
    #[error("EVD-16: the two partial decryptions state the same points: making the proof anew is no offence")]
    SamePoints,
    /// A claim about no log names one (EVD-16).
    #[error("EVD-16: the claim is about no log, and `continuations` is not empty")]
    AboutNoLog,
    /// Not what a trustee is asked for in a stage (EVD-17).
    #[error("EVD-17: a stage of the ceremony asks for no {0}")]
    NotAsked(&'static str),
    /// Not the end of the stage that asked for what was promised (EVD-17).
    #[error("EVD-17: a {0} does not end the stage that asks for a {1}")]
    OtherStage(&'static str, &'static str),
    /// The place and the stage's end under different checkpoints (EVD-17).
    #[error("EVD-17: the promised place and the end of the stage are not shown under one checkpoint")]
    TwoTrees,
}
