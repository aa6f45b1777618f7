//! Entries as they come, against the election's rules (MIR-3): proofs side by side, then one after the other, as on the board.

use crate::batch::{self, Proofs};
use protocol::{
    Election, Entry, Rejection,
    ids::{ElectionFingerprint, SubmissionId},
};

/// What came of some entries.
pub(super) struct Taken {
    /// The election after those that were applied; none before the first.
    pub(super) election: Option<Election>,
    /// Their submission ids.
    pub(super) ids: Vec<SubmissionId>,
    /// The first that was refused.
    pub(super) refused: Option<(u64, Rejection)>,
}

/// Applies entries that follow each other; stops behind a closing, which is to be settled first, and at the first that is refused.
pub(super) fn take(election: Option<Election>, fingerprint: &ElectionFingerprint, entries: &[(u64, Vec<u8>)]) -> Taken {
    let mut refused = None;
    let mut decoded = Vec::with_capacity(entries.len());
    for (index, bytes) in entries {
        match Entry::decode(bytes) {
            Ok(entry) => decoded.push(entry),
            Err(rejection) => {
                refused = Some((*index, rejection));
                break;
            }
        }
    }
    let start = election.as_ref().map_or(0, Election::size);
    let (begun, rest) = match (election, decoded.split_first()) {
        (Some(election), _) => (Some(election), decoded.as_slice()),
        (None, Some((first, rest))) => match Election::begin(first) {
            Ok(election) => (Some(election), rest),
            Err(rejection) => return Taken { election: None, ids: Vec::new(), refused: Some((0, rejection)) },
        },
        (None, None) => (None, &[] as &[Entry]),
    };
    let Some(mut election) = begun else { return Taken { election: None, ids: Vec::new(), refused } };
    if let Err((index, rejection)) = batch::replay(&mut election, rest, Proofs::Unchecked) {
        refused = Some((index, rejection));
    }
    let applied = usize::try_from(election.size().saturating_sub(start)).unwrap_or(usize::MAX);
    if applied < decoded.len() && refused.as_ref().is_some_and(|(index, _)| *index != election.size()) {
        // One that cannot be read comes after a closing that is to be settled: not its turn yet.
        refused = None;
    }
    let ids = decoded.iter().take(applied).map(|entry| entry.submission().id(fingerprint)).collect();
    Taken { election: Some(election), ids, refused }
}
