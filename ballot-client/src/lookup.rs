//! Looking up a tracker, or a credential's ballots, in the record (BAL-40, BAL-41). The whole record goes by on the voter's own device,
//! so the board does not learn which ballot was looked for.

use crate::{
    audit::audited_tracker,
    tracker::{Tracker, TypedTracker},
};
use crypto::EncodedPoint;
use protocol::{
    Author, Body, Entry, Rejection,
    ids::{ElectionFingerprint, Minutes},
};

/// What is looked for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The ballot with this tracker.
    Tracker(TypedTracker),
    /// The ballots of this credential.
    Credential(EncodedPoint),
}

/// What became of a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Recorded, and no later ballot of its credential is.
    Recorded,
    /// Recorded; this later ballot of its credential counts instead, under the revote rule `last`.
    FollowedBy(u64),
    /// Opened and published by its voter; it never counts.
    Audited,
}

/// A ballot that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its place in the record.
    pub index: u64,
    /// When the board recorded it.
    pub time: Minutes,
    /// Its tracker.
    pub tracker: Tracker,
    /// The credential that cast it.
    pub credential: EncodedPoint,
    /// Which of the credential's ballots it is, from 1; none for a published audit.
    pub sequence: Option<u64>,
    /// What became of it.
    pub fate: Fate,
    /// The entry's bytes.
    pub entry: Vec<u8>,
}

/// A registrar's part of a replacement, as it stands in the record.
#[derive(Clone, Copy, Debug)]
struct Replacing {
    /// Roll index and round.
    of: (u32, u32),
    /// Its place in the record.
    entry: u64,
}

/// A search through the record, entry by entry in order.
#[derive(Debug)]
pub struct Search {
    election: ElectionFingerprint,
    wanted: Wanted,
    found: Vec<Found>,
    replacements: Vec<Replacing>,
}

impl Search {
    /// Begins a search.
    pub fn new(election: ElectionFingerprint, wanted: Wanted) -> Self {
        Self { election, wanted, found: Vec::new(), replacements: Vec::new() }
    }

    /// Looks at the next entry. The caller has checked that its bytes are under a signed checkpoint.
    ///
    /// # Errors
    /// [`Rejection`] when the bytes are no entry.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let entry = Entry::decode(bytes)?;
        let submission = entry.submission();
        let credential = match submission.author()? {
            Author::Credential(credential) => credential,
            Author::Registrar(_) => {
                if let Body::Replacement(body) = submission.body()? {
                    self.replacements.push(Replacing { of: (body.index, body.round), entry: entry.index });
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        let (tracker, sequence) = match submission.body()? {
            Body::Ballot(ballot) => (submission.id(&self.election), Some(ballot.sequence)),
            Body::AuditedBallot(audited) => {
                (audited_tracker(&self.election, submission.author_bytes(), &audited), None)
            }
            _ => return Ok(()),
        };
        if sequence.is_some() {
            let earlier = self.found.iter_mut().filter(|found| found.credential == credential);
            earlier
                .filter(|found| found.sequence.is_some())
                .for_each(|found| found.fate = Fate::FollowedBy(entry.index));
        }
        let wanted = match &self.wanted {
            Wanted::Tracker(typed) => typed.matches(&tracker),
            Wanted::Credential(key) => *key == credential,
        };
        if wanted {
            let fate = if sequence.is_some() { Fate::Recorded } else { Fate::Audited };
            let (index, time, entry) = (entry.index, entry.time, bytes.to_vec());
            self.found.push(Found { index, time, tracker: Tracker(tracker), credential, sequence, fate, entry });
        }
        Ok(())
    }

    /// The entries by which registrars replace the credential of a roll index in a round, in the record's order (ROL-7).
    pub fn replacements(&self, index: u32, round: u32) -> Vec<u64> {
        self.replacements.iter().filter(|part| part.of == (index, round)).map(|part| part.entry).collect()
    }

    /// What was found, in the record's order.
    pub fn found(self) -> Vec<Found> {
        self.found
    }
}
