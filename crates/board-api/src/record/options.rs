//! How logs are read: by whose witnesses, with which memory, and how much.

use crate::memory::Memory;
use tlog::policy::Policy;

/// How a client reads logs.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// What a checkpoint must meet instead of the manifest's policy: an auditor may demand more. It must name the log's key.
    pub policy: Option<Policy>,
    /// Where the last accepted checkpoints are kept. Without it nothing is remembered beyond one reader.
    pub memory: Option<Memory>,
    /// How much is read.
    pub limits: Limits,
}

/// HTTP-27: what a board may make a reader fetch under one checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries under the checkpoint.
    pub entries: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

impl Default for Limits {
    /// 2^24 entries, 2^36 bytes.
    fn default() -> Self {
        Self { entries: 1 << 24, bytes: 1 << 36 }
    }
}
