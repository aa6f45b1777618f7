//! Whether the message of a file that clears a trustee would have counted: the record's entries before its place are folded, and then it (EVD-18).

use super::Cleared;
use crate::{Election, body::Body, entry::Entry, rule::Rejection};

/// What the fold says of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrialOutcome {
    /// Valid, and all that the stage asked of the trustee: with it the trustee would not have been silent.
    Valid,
    /// Valid, and not all that the stage asked.
    Partial,
    /// Refused.
    Refused(Rejection),
}

/// Takes the record entry by entry, as far as it matters.
#[derive(Debug)]
pub struct Trial {
    promised: Entry,
    trustee: u32,
    stage: u32,
    election: Option<Election>,
    outcome: Option<TrialOutcome>,
}

impl Trial {
    /// Of the message that this finding is about.
    pub fn of(cleared: &Cleared) -> Self {
        let Cleared { trustee, stage, promised, .. } = cleared;
        Self { promised: promised.clone(), trustee: *trustee, stage: *stage, election: None, outcome: None }
    }

    /// None while the record has not come to the place where the message would have counted.
    pub fn outcome(&self) -> Option<&TrialOutcome> {
        self.outcome.as_ref()
    }

    /// Takes the next entry's bytes; after the outcome nothing is looked at any more.
    ///
    /// # Errors
    /// [`Rejection`] when the record itself breaks a rule.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        if self.outcome.is_some() {
            return Ok(());
        }
        let entry = Entry::decode(bytes)?;
        let Some(election) = &mut self.election else {
            self.election = Some(Election::begin(&entry)?);
            return Ok(());
        };
        let ends = matches!(entry.submission().body(), Ok(Body::StageEnd(end)) if end.stage == self.stage);
        if !ends && entry.index < self.promised.index {
            return election.apply(&entry);
        }
        let message = election.next_entry(self.promised.submission(), election.last_time());
        self.outcome = Some(match election.apply(&message) {
            Err(rejection) => TrialOutcome::Refused(rejection),
            Ok(()) if election.ceremony().stage().number() != self.stage => TrialOutcome::Valid,
            Ok(()) if election.ceremony().awaited(election.manifest()).contains(&self.trustee) => TrialOutcome::Partial,
            Ok(()) => TrialOutcome::Valid,
        });
        Ok(())
    }
}
