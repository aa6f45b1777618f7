//! The election as data and rules: canonical entries, fingerprints, and the fold that is the one definition of valid.
//!
//! No clock, socket, database or global randomness: time and randomness are arguments.

pub mod body;
pub mod cbor;
pub mod contest;
pub mod context;
pub mod counting;
pub mod election;
pub mod entry;
pub mod evidence;
pub mod fingerprint;
pub mod ids;
pub mod letter;
pub mod manifest;
pub mod rule;
pub mod text;

pub use body::Body;
pub use contest::{Contest, ContestKind, Selection};
pub use election::{Election, Phase};
pub use entry::{Author, Entry, Submission};
pub use evidence::Evidence;
pub use manifest::Manifest;
pub use rule::{Finding, Rejection, Rule};
