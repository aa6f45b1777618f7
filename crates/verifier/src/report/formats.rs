//! What the formats that others read have in common (REP-1).

use super::Report;
use crate::verdict::Verdict;
use protocol::ids::Minutes;

/// Why there is no file in such a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// REP-1: a record that is invalid or unreadable has no results, and one that is not closed has none yet.
    #[error(
        "there are no results to write: nothing is shown of a record that is not closed, not valid or not readable (REP-1)"
    )]
    NoResults,
    /// A time of the manifest is no day.
    #[error("minute {0} of the manifest is in no calendar, and the format needs its day (REP-22)")]
    Calendar(Minutes),
    /// Memory could not be written.
    #[error("the table could not be put together in memory")]
    Memory,
}

impl Report {
    /// REP-1: whether results are shown of a record that is not complete.
    pub(super) fn is_partial(&self) -> bool {
        !matches!(self.verdict, Verdict::Valid)
    }
}
