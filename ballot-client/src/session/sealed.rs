//! A sealed ballot, until the voter decides (BAL-23, BAL-24, BAL-28, BAL-29).

use super::Selected;
use crate::{audit::AuditOpening, credential::Credential, tracker::Tracker};
use crypto::{
    RandomnessFailure,
    selection_proof::{self, SelectionContext},
};
use protocol::{
    Author, Body, Submission,
    body::{Ballot, ContestOpening},
    fingerprint,
    ids::ElectionFingerprint,
};
use rand::{CryptoRng, RngCore};
use std::sync::Arc;
use thiserror::Error;
use zeroize::Zeroizing;

/// Why nothing was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// A contest is not filled in; whoever wants to leave one blank says so where the contest offers it.
    #[error("contest {0} is not filled in")]
    Missing(u32),
    /// A selection that its contest does not allow.
    #[error("contest {0} does not allow this selection")]
    NotAllowed(u32),
    /// The mathematics refuses.
    #[error(transparent)]
    Seal(#[from] selection_proof::SealError),
}

/// What opens one contest; wiped unless the ballot is audited.
struct Opening {
    values: Zeroizing<Vec<u64>>,
    randomness: selection_proof::ContestOpening,
}

/// A sealed ballot. It bears no signature: until it is cast, nobody can cast it, and once it is audited nobody ever can.
#[must_use = "a sealed ballot is neither cast nor audited yet"]
pub struct Sealed {
    election: ElectionFingerprint,
    credential: Arc<Credential>,
    body: Vec<u8>,
    tracker: Tracker,
    openings: Vec<Opening>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Sealed({}, …)", self.tracker)
    }
}

impl Sealed {
    /// BAL-23: every contest of the style, in manifest order, each with randomness of its own.
    pub(super) fn seal<R: RngCore + CryptoRng>(selected: &Selected<'_>, rng: &mut R) -> Result<Self, SealError> {
        let session = selected.session;
        let (open, state, credential) = (&session.open, &session.state, session.credential());
        let election = open.election();
        let sequence = state.sequence.saturating_add(1);
        let mut contests = Vec::new();
        let mut openings = Vec::new();
        for (index, contest, relation) in election.style(state.unit) {
            let selection = selected.selections.get(&index).ok_or(SealError::Missing(index))?;
            let witness = contest.witness(selection).map_err(|_| SealError::NotAllowed(index))?;
            let values = Zeroizing::new(relation.values(&witness).ok_or(SealError::NotAllowed(index))?);
            let context = SelectionContext {
                election: election.fingerprint().0,
                opening: open.opening().0,
                joint_key: open.joint_key().0,
                contest: index.into(),
                credential,
                sequence,
                previous: state.previous.0,
            };
            let (sealed, randomness) = selection_proof::seal(relation, election.bases(), &context, &witness, rng)?;
            contests.push(sealed.as_bytes().to_vec().into());
            openings.push(Opening { values, randomness });
        }
        let ballot = Ballot { opening: open.opening(), sequence, previous: state.previous, contests };
        let body = Body::Ballot(ballot).encode();
        let author = Author::Credential(credential).encode();
        let tracker = Tracker(fingerprint::submission(&election.fingerprint(), &author, &body));
        Ok(Self {
            election: election.fingerprint(),
            credential: Arc::clone(&session.credential),
            body,
            tracker,
            openings,
        })
    }

    /// The tracker, to be shown before the voter decides (BAL-24).
    pub fn tracker(&self) -> Tracker {
        self.tracker
    }

    /// BAL-28: the credential signs, here and nowhere else; what could open the ballot is wiped.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails; the ballot is forgotten then.
    pub fn cast<R: RngCore + CryptoRng>(self, rng: &mut R) -> Result<Submission, RandomnessFailure> {
        let Self { election, credential, body, openings, .. } = self;
        drop(openings);
        let author = Author::Credential(credential.public());
        Submission::sign(&election, &author, body, credential.key(), rng)
    }

    /// BAL-29: gives away what opens the ballot, and forgets the ballot. Nothing is signed.
    pub fn audit(self) -> AuditOpening {
        let Self { election, credential, body, openings, .. } = self;
        let openings = openings.into_iter().map(|Opening { mut values, randomness }| ContestOpening {
            values: std::mem::take(&mut *values),
            randomness: randomness.into_public().0,
        });
        AuditOpening::new(election, &credential.public(), body, openings.collect())
    }
}
