//! Check 9: every published audit opens its sealed ballot (AUD-1 to AUD-3, in the fold). None of them is counted: what is added up are
//! ballots only.

use super::Count;

#[derive(Debug, Default)]
pub(crate) struct Audits {
    pub(crate) count: Count,
}
