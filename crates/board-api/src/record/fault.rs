//! What is wrong with a log that a board serves.

use protocol::{Evidence, Rejection, ids::ElectionFingerprint};
use std::path::{Path, PathBuf};
use thiserror::Error;
use tlog::{
    checkpoint::CheckpointError,
    policy::{PolicyError, PolicyRefusal},
    record::RecordPath,
    tile::{BundleError, TilePath},
};

/// Why what the board serves is not a log to believe.
#[derive(Debug, Error)]
pub enum RecordFault {
    /// A file that the checkpoint demands is not there.
    #[error("{0} is missing")]
    Missing(RecordPath),
    /// The checkpoint is malformed or not signed by the log.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another log than the manifest names.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// The origin in the manifest.
        expected: String,
        /// The origin in the checkpoint.
        found: String,
    },
    /// The policy's quorum has not cosigned the checkpoint.
    #[error("checkpoint: {0}")]
    Unwitnessed(#[from] PolicyRefusal),
    /// The manifest's policy cannot be read; a manifest that was admitted has one.
    #[error("the manifest's witness policy: {0}")]
    Policy(#[from] PolicyError),
    /// The reader's own policy is made for other logs.
    #[error("the policy given does not name this log's key, {0}")]
    PolicyOfAnotherLog(String),
    /// More entries than the reader would read.
    #[error(
        "the log has {size} entries, and at most {limit} are read; raise the limit if this election can have so many"
    )]
    TooLarge {
        /// Entries under the checkpoint.
        size: u64,
        /// The reader's limit.
        limit: u64,
    },
    /// More bytes than the reader would read.
    #[error("the record has more than {0} bytes; raise the limit if this election can have so many")]
    TooManyBytes(u64),
    /// HTTP-27: the board gives its files so slowly that the reading might never end.
    #[error("the board serves its record too slowly to go on")]
    TooSlow,
    /// A log without entries, or whose entry 0 is not the manifest with the fingerprint asked for.
    #[error("entry 0 is not the manifest with fingerprint {0}")]
    OtherElection(ElectionFingerprint),
    /// Entry 0 cannot be read.
    #[error("entry 0 is malformed: {0}")]
    Entry(#[from] Rejection),
    /// A bundle that is not the entries its name says.
    #[error("{path}: {fault}")]
    Bundle {
        /// The bundle.
        path: TilePath,
        /// What is wrong.
        #[source]
        fault: BundleError,
    },
    /// The unfinished tiles do not make the checkpoint's root.
    #[error("the unfinished tiles of {0} entries do not make the checkpoint's root")]
    EdgeMismatch(u64),
    /// A bundle beyond the checkpoint's tree.
    #[error("bundle {index} is outside a tree of {size} entries")]
    Outside {
        /// The bundle asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tile of the wrong length.
    #[error("{0} has the wrong length")]
    TileLength(TilePath),
    /// A tile that is not the one vouched for from above.
    #[error("{0} does not lead to the checkpoint's root")]
    TileMismatch(TilePath),
    /// An entry that is not the one its level-0 tile vouches for.
    #[error("entry {0} does not match its hash")]
    EntryMismatch(u64),
    /// Where the log that continues should begin there is something else.
    #[error("log {0} does not begin with a continuation of the log before that the authority signed (CON-1)")]
    NoContinuation(u64),
    /// The log that is continued ends elsewhere than the continuation says.
    #[error(
        "the log is continued at {named} entries, but its own checkpoint has {found}, or another root (CON-3, CON-6)"
    )]
    OtherEnd {
        /// The size that the continuation names.
        named: u64,
        /// The size of the checkpoint.
        found: u64,
    },
    /// The chain ends before a log that was read before (HTTP-26).
    #[error("log {0} of this election, which was read before, is no longer shown")]
    SuccessorGone(u64),
    /// The log offers less than it had (EVD-8).
    #[error("the log offers {offered} entries after it had {seen}{}", kept_in(.file.as_deref()))]
    Rollback {
        /// The size accepted before.
        seen: u64,
        /// The size offered.
        offered: u64,
        /// Both checkpoints, for anyone to judge.
        evidence: Box<Evidence>,
        /// Where the evidence is kept, if the reader has a memory.
        file: Option<PathBuf>,
    },
    /// The log's history is not the one that was accepted before: the evidence convicts it (EVD-5).
    #[error("the log's first {seen} entries are not those it showed before{}", kept_in(.file.as_deref()))]
    Fork {
        /// The number of entries under the earlier checkpoint.
        seen: u64,
        /// Both checkpoints, and what joins the later one to another beginning.
        evidence: Box<Evidence>,
        /// Where the evidence is kept, if the reader has a memory.
        file: Option<PathBuf>,
    },
}

fn kept_in(file: Option<&Path>) -> String {
    let told = |file: &Path| {
        format!("; the evidence is in {}: keep it, and show it with `vitrine evidence check`", file.display())
    };
    file.map(told).unwrap_or_default()
}

impl RecordFault {
    /// Whether the board has nothing yet that meets the policy: nothing is wrong, somebody has not cosigned.
    pub fn awaits_witnesses(&self) -> bool {
        matches!(self, Self::Missing(RecordPath::Checkpoint) | Self::Unwitnessed(PolicyRefusal::QuorumNotMet(_)))
    }
}
