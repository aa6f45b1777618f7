//! Events of the live feed (HTTP-41). A convenience: what counts is read from the log.

use serde::{Deserialize, Serialize};

/// Event `entries`: something was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntriesEvent {
    /// Entries in the log.
    pub size: u64,
    /// How many of them the served checkpoint covers.
    pub cosigned_size: u64,
}

/// Event `checkpoint`: a new checkpoint is served, or the same with later cosignatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckpointEvent {
    /// Entries it covers.
    pub size: u64,
}
