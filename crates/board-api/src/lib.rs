//! The HTTP contract between the board and everyone else, both sides (`specs/09-http-api.md`): documents, and the client.
//!
//! What a board says is a claim. [`promise`] and [`record`] turn claims into things that were checked; nothing else here does.

pub mod board;
pub mod client;
pub mod dispute;
pub mod election;
pub mod feed;
pub mod file;
#[cfg(not(target_family = "wasm"))]
pub mod flags;
pub mod memory;
pub mod problem;
pub mod promise;
pub mod record;
mod text;
#[cfg(not(target_family = "wasm"))]
pub mod tls;

pub use board::BoardDocument;
pub use client::{BoardClient, ClientError, ClientOptions};
pub use election::{
    CeremonyStatus, CountStatus, ElectionStatus, ElectionSummary, EvidenceQuestion, LotStatus, RollStatus, TallyStatus,
    TimeEvidence, WitnessStatus,
};
pub use feed::{CheckpointEvent, EntriesEvent};
pub use memory::{Memory, MemoryError};
pub use problem::Problem;
pub use promise::{BadPromise, Promise, PromiseDocument, PromiseFault};
pub use record::{Limits, ReadOptions};

/// HTTP-5: the media type of a submission.
pub const SUBMISSION_TYPE: &str = "application/cbor";

/// HTTP-2: the media type of a problem document.
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// HTTP-15: where an election's log lies, relative to the board's address; the record's file names follow.
pub fn log_path(election: &protocol::ids::ElectionFingerprint) -> String {
    format!("/e/{election}/")
}
