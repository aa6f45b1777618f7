//! What a client checks of an election before it seals (BAL-22).

use protocol::{
    Election, Phase,
    ids::{ElectionFingerprint, EntryHash, JointKeyFingerprint},
};
use thiserror::Error;

/// An election that was checked and takes ballots. Only [`OpenElection::check`] makes one; copies are free, so that one check
/// serves many voters.
#[derive(Clone, Copy, Debug)]
pub struct OpenElection<'e> {
    election: &'e Election,
    opening: EntryHash,
    joint_key: JointKeyFingerprint,
}

/// Why no ballot can be sealed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotOpen {
    /// The fingerprint of the voter's letter is of another election.
    #[error("this is not the election of your letter: the letter says {expected}, this one is {found}")]
    OtherElection {
        /// F of the letter.
        expected: ElectionFingerprint,
        /// F of the record.
        found: ElectionFingerprint,
    },
    /// Before the opening.
    #[error("voting has not begun")]
    NotYet,
    /// After the closing.
    #[error("voting is over")]
    Over,
    /// The ceremony failed.
    #[error("this election failed before voting began; there will be a new one with another fingerprint")]
    Failed,
    /// The record is open, but not on the word of these trustees.
    #[error("trustee {0} has not rehearsed with the joint key; ballots could not be decrypted")]
    NotRehearsed(u32),
    /// Fewer active trustees than decrypt.
    #[error("{active} trustees are active, and {threshold} are needed to decrypt")]
    TooFewTrustees {
        /// Active ones.
        active: usize,
        /// k.
        threshold: u32,
    },
}

impl<'e> OpenElection<'e> {
    /// BAL-22: F is the one of the letter; the record has its `Opening`; every active trustee's rehearsal, whose signature accepts J,
    /// stands before it. The fold verified the signatures and proofs; here it is asked what it found.
    ///
    /// # Errors
    /// [`NotOpen`].
    pub fn check(election: &'e Election, expected: &ElectionFingerprint) -> Result<Self, NotOpen> {
        let found = election.fingerprint();
        if found != *expected {
            return Err(NotOpen::OtherElection { expected: *expected, found });
        }
        match election.phase() {
            Phase::Setup => return Err(NotOpen::NotYet),
            Phase::Voting => {}
            Phase::Closed | Phase::Tallied => return Err(NotOpen::Over),
            Phase::Failed => return Err(NotOpen::Failed),
        }
        let (Some(opening), Some(joint_key)) = (election.opening(), election.joint_key()) else {
            return Err(NotOpen::NotYet);
        };
        let active = election.ceremony().active();
        let threshold = election.manifest().threshold;
        if u32::try_from(active.len()).unwrap_or(u32::MAX) < threshold {
            return Err(NotOpen::TooFewTrustees { active: active.len(), threshold });
        }
        if let Some(silent) = active.iter().find(|trustee| election.ceremony().rehearsals(**trustee).is_none()) {
            return Err(NotOpen::NotRehearsed(*silent));
        }
        Ok(Self { election, opening, joint_key: joint_key.fingerprint })
    }

    /// The election, as far as it was folded.
    pub fn election(&self) -> &'e Election {
        self.election
    }

    /// O.
    pub fn opening(&self) -> EntryHash {
        self.opening
    }

    /// J.
    pub fn joint_key(&self) -> JointKeyFingerprint {
        self.joint_key
    }
}
