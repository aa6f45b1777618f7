//! The phases of an election (ENT-7).

/// Where an election stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Roll and ceremony, side by side.
    Setup,
    /// From `Opening`.
    Voting,
    /// From `Closing`.
    Closed,
    /// Every tally group has its result.
    Tallied,
    /// The ceremony failed; final.
    Failed,
}
