//! From a checked election to a signed ballot: `Session -> Selected -> Sealed -> cast | audited`, each consumed by the next step
//! (BAL-22 to BAL-24, BAL-28, BAL-29).
//!
//! The voter sees the tracker of a [`Sealed`] ballot and only then decides. [`Sealed::cast`] signs; [`Sealed::audit`] gives away what
//! opens the ballot. Either consumes it: an audited ballot can never be cast, and a cast one never be opened.

mod open;
mod sealed;

pub use open::{NotOpen, OpenElection};
pub use sealed::{SealError, Sealed};

use crate::{
    audit::AuditOpening,
    credential::{Credential, CredentialError},
};
use crypto::{EncodedPoint, RandomnessFailure, credential_code::CredentialCode};
use protocol::{
    Author, Contest, Election, Selection, Submission,
    contest::SelectionError,
    election::{CredentialState, MAXIMUM_AUDITS, MAXIMUM_BALLOTS},
    ids::{ElectionFingerprint, SubmissionId},
    manifest::RevoteRule,
};
use rand::{CryptoRng, RngCore};
use std::{collections::BTreeMap, sync::Arc};
use thiserror::Error;

/// Why a session does not begin.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BeginError {
    /// The election is not the expected one, or takes no ballots now.
    #[error(transparent)]
    Election(#[from] NotOpen),
    /// The codes make no credential.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// BAL-1: the codes are of another election or another voter's, or in the wrong order.
    #[error(
        "these codes are not on the roll of this election: all must be one voter's, registrar 1 first, from the newest letter of every registrar; where not \
         every registrar has sent a new letter, the old ones still hold"
    )]
    UnknownCredential,
    /// BAL-1: a registrar replaced the letter.
    #[error("these codes were replaced by others and can no longer vote")]
    Replaced,
    /// OVR-3, OVR-8: the authority says that the voter votes in person.
    #[error(
        "the authority has overridden the row of these codes, in entry {entry} of the record: \"{reason}\". No ballot of it counts here, and none is taken. \
         If you did not vote in person, tell the authority and the registrars, and show them that entry"
    )]
    Overridden {
        /// The entry.
        entry: u64,
        /// The authority's reason.
        reason: String,
    },
    /// BAL-6, revote rule `first`.
    #[error("a ballot with these codes is recorded already, and the first one counts")]
    HasVoted,
    /// BAL-6, revote rule `last`.
    #[error("these codes have cast {MAXIMUM_BALLOTS} ballots, and no more are allowed")]
    NoMoreBallots,
}

/// A voter in a checked election, with the place of the next ballot in the voter's own chain.
#[derive(Debug)]
pub struct Session<'e> {
    open: OpenElection<'e>,
    credential: Arc<Credential>,
    state: CredentialState,
}

/// Why a selection is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectError {
    /// The voter's unit does not vote on this.
    #[error("your ballot has no contest {0}")]
    NotOnBallot(u32),
    /// The contest does not allow it.
    #[error("{title}: {error}")]
    NotAllowed {
        /// What was asked.
        title: String,
        /// What the contest allows.
        error: SelectionError,
    },
}

impl<'e> Session<'e> {
    /// Checks the election (BAL-22) and finds the voter of these codes on its roll.
    ///
    /// # Errors
    /// [`BeginError`].
    pub fn begin(
        election: &'e Election,
        codes: &[CredentialCode],
        expected: &ElectionFingerprint,
    ) -> Result<Self, BeginError> {
        let open = OpenElection::check(election, expected)?;
        let credential = Credential::from_codes(codes, election.manifest(), &election.fingerprint())?;
        Self::of(open, credential)
    }

    /// A session in an election that was checked once for many voters: nothing of the record is read again.
    ///
    /// # Errors
    /// [`BeginError`].
    pub fn of(open: OpenElection<'e>, credential: impl Into<Arc<Credential>>) -> Result<Self, BeginError> {
        let credential = credential.into();
        let (election, key) = (open.election(), credential.public());
        let state = match election.credential(&key) {
            Some(state) => state,
            None if election.roll().was_replaced(&key) => return Err(BeginError::Replaced),
            None => return Err(BeginError::UnknownCredential),
        };
        if let Some(found) = election.overrides().get(&state.index) {
            return Err(BeginError::Overridden { entry: found.entry, reason: found.reason.clone() });
        }
        match election.manifest().revote {
            RevoteRule::First if state.sequence > 0 => Err(BeginError::HasVoted),
            RevoteRule::Last if state.sequence >= MAXIMUM_BALLOTS.into() => Err(BeginError::NoMoreBallots),
            RevoteRule::First | RevoteRule::Last => Ok(Self { open, credential, state }),
        }
    }

    /// The public credential, as it stands on the roll.
    pub fn credential(&self) -> EncodedPoint {
        self.credential.public()
    }

    /// What the record says of the credential; the next ballot is number `sequence + 1` after tracker `previous`.
    pub fn state(&self) -> &CredentialState {
        &self.state
    }

    /// The contests of the voter's ballot, in manifest order, with their indices.
    pub fn contests(&self) -> impl Iterator<Item = (u32, &'e Contest)> + use<'e> {
        self.open.election().style(self.state.unit).map(|(index, contest, _)| (index, contest))
    }

    /// An empty ballot.
    pub fn ballot(&self) -> Selected<'_> {
        Selected { session: self, selections: BTreeMap::new() }
    }

    /// The board has recorded this ballot of ours: the next one comes after it (BAL-5).
    pub fn recorded(&mut self, tracker: SubmissionId) {
        self.state.sequence = self.state.sequence.saturating_add(1);
        self.state.previous = tracker;
    }

    /// BAL-34: publishes an audited ballot beside the credential. Only after the voter was warned and wished it.
    ///
    /// # Errors
    /// [`PublishError`].
    pub fn publish_audit<R: RngCore + CryptoRng>(
        &self,
        opening: &AuditOpening,
        _wish: PublicationWish,
        rng: &mut R,
    ) -> Result<Submission, PublishError> {
        let election = self.open.election().fingerprint();
        if (opening.election(), opening.credential()) != (election, self.credential()) {
            return Err(PublishError::NotYours);
        }
        if self.state.audits >= MAXIMUM_AUDITS {
            return Err(PublishError::TooMany);
        }
        let author = Author::Credential(self.credential());
        let body = opening.published().encode();
        Ok(Submission::sign(&election, &author, body, self.credential.key(), rng)?)
    }
}

/// The voter has read [`PublicationWish::WARNING`] and wishes it all the same (BAL-34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicationWish(());

impl PublicationWish {
    /// What the voter must be told first.
    pub const WARNING: &'static str = "Publishing an audit shows everybody, for ever, what this test ballot holds, beside your public \
        credential. Do it only with made-up choices.";

    /// The voter was shown the warning and agreed.
    pub fn after_warning() -> Self {
        Self(())
    }
}

/// Why an audit is not published.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PublishError {
    /// Another voter's, or of another election.
    #[error("this audit is not of your credential in this election")]
    NotYours,
    /// AUD-3.
    #[error("{MAXIMUM_AUDITS} audits of this credential are published, and no more are allowed")]
    TooMany,
    /// The generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// A ballot being filled in. The selections stay in memory and are wiped when it goes.
pub struct Selected<'s> {
    session: &'s Session<'s>,
    selections: BTreeMap<u32, Selection>,
}

impl std::fmt::Debug for Selected<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Selected(…)")
    }
}

impl Drop for Selected<'_> {
    fn drop(&mut self) {
        self.selections.values_mut().for_each(Selection::wipe);
    }
}

impl Selected<'_> {
    /// Whether a contest of this ballot allows a selection; says what it allows, and nothing is dropped or guessed.
    ///
    /// # Errors
    /// [`SelectError`].
    pub fn check(&self, contest: u32, selection: &Selection) -> Result<(), SelectError> {
        let (_, known) =
            self.session.contests().find(|(index, _)| *index == contest).ok_or(SelectError::NotOnBallot(contest))?;
        let refused = |error| SelectError::NotAllowed { title: known.title.clone(), error };
        known.witness(selection).map(|_| ()).map_err(refused)
    }

    /// Fills in a contest, or changes it.
    ///
    /// # Errors
    /// [`SelectError`]; the ballot is gone then: who wants to ask again uses [`Selected::check`] first.
    pub fn select(mut self, contest: u32, mut selection: Selection) -> Result<Self, SelectError> {
        if let Err(error) = self.check(contest, &selection) {
            selection.wipe();
            return Err(error);
        }
        if let Some(mut before) = self.selections.insert(contest, selection) {
            before.wipe();
        }
        Ok(self)
    }

    /// The contests not yet filled in: no ballot leaves one out (BAL-3).
    pub fn missing(&self) -> Vec<u32> {
        self.session.contests().map(|(index, _)| index).filter(|index| !self.selections.contains_key(index)).collect()
    }

    /// Seals the ballot with fresh randomness (BAL-23). Its tracker is to be shown before the voter is asked to cast or audit.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal<R: RngCore + CryptoRng>(self, rng: &mut R) -> Result<Sealed, SealError> {
        Sealed::seal(&self, rng)
    }
}
