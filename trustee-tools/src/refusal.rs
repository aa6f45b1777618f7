//! Why a trustee does nothing. Each refusal is for a person to look into.

use crypto::{
    RandomnessFailure, complaint::RevealError, dealing::DealError, joint_key::KeyShareError, rehearsal::RehearseError,
    sealed_share::BadShares,
};
use protocol::{
    Phase,
    election::{CeremonyFailure, Departure, Stage},
    ids::{DealingsFingerprint, ElectionFingerprint, ElectionId, EntryHash, JointKeyFingerprint},
};

/// Why a trustee does nothing; none is tried again by itself.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The keys were made for another election.
    #[error(
        "these keys were made for the election with id {kept}, and this is {found}: fresh keys serve one election only"
    )]
    OtherElection {
        /// The keystore's.
        kept: ElectionId,
        /// The record's.
        found: ElectionId,
    },
    /// The manifest has other keys in this trustee's place.
    #[error(
        "the manifest does not have this keystore's keys as trustee {0}: do not take part before that is explained"
    )]
    NotThisTrustee(u32),
    /// The keystore dealt for another manifest.
    #[error(
        "this keystore has dealt for the election {kept}, and this is {found}: two manifests with one id are an attempt to make it deal twice"
    )]
    OtherManifest {
        /// The keystore's F.
        kept: ElectionFingerprint,
        /// The record's F.
        found: ElectionFingerprint,
    },
    /// The record, or this machine's memory, has this trustee further than its keystore is.
    #[error(
        "{0} of this trustee exists that this keystore does not know: it is an old copy or a second one, and must not be used. Use the newest \
         one; if that is lost, make a new keystore of the recovery sheet with vitrine trustee recover"
    )]
    OldCopy(&'static str),
    /// The keystore has this trustee further than the record is (AIR-7).
    #[error(
        "this keystore has {0} already, and this record is not as far: it is an older copy, or another history. Bring the newest record; keep \
         this one if it is said to be the newest"
    )]
    OldRecord(&'static str),
    /// The record holds another dealing of this trustee than the keystore.
    #[error(
        "the record's dealing of this trustee is not the one that this keystore holds: somebody else has dealt with these keys; do not take \
         part before that is explained"
    )]
    OtherDealing,
    /// A restored keystore is to deal, and holds no dealing.
    #[error(
        "this keystore was restored and holds no dealing, and makes none: the lost one may have. Nothing was sent; the ceremony goes on \
         without this trustee when the stage's deadline has passed, or the authority begins anew with fresh keys"
    )]
    NoDealing,
    /// The key shares were not taken yet.
    #[error("the keystore holds no key shares: run vitrine trustee step first")]
    NoShares,
    /// A restored keystore is to answer a closing.
    #[error(
        "this keystore was restored, and the lost one may have answered another closing: two answers would show somebody's ballot. If you are \
         certain that it has answered none, say so with --no-other-closing-answered"
    )]
    RestoredMayHaveAnswered,
    /// A box that this trustee must open is bad, and it is too late, or the wrong dealer, to complain: what it sealed for itself, or what
    /// it confirmed.
    #[error(
        "what trustee {dealer} sealed for this trustee, in part {part}, is bad: {fault}. It cannot be complained of: this keystore or this \
         machine is damaged; stop, and tell the others"
    )]
    BadBox {
        /// The dealer.
        dealer: u32,
        /// The part.
        part: u32,
        /// What is wrong with the box for this trustee.
        fault: BadShares,
    },
    /// The fold would judge the complaint to be false.
    #[error(
        "what trustee {dealer} sealed for this trustee, in part {part}, did not open here, but a complaint would be judged false: this \
         keystore or this machine is damaged. Nothing was sent; run vitrine trustee check-keystore, and go on with a whole copy"
    )]
    FalseComplaint {
        /// The dealer.
        dealer: u32,
        /// The part.
        part: u32,
    },
    /// No complaint could be made.
    #[error("no complaint was made: {0}")]
    Reveal(#[from] RevealError),
    /// The record shows other dealings than were confirmed.
    #[error(
        "this keystore has confirmed the dealings {kept}, and the record has {found}: two histories; keep both, and confirm nothing"
    )]
    OtherDealings {
        /// The keystore's.
        kept: DealingsFingerprint,
        /// The record's.
        found: DealingsFingerprint,
    },
    /// The record has other complaints of this trustee than were confirmed.
    #[error(
        "this keystore has made its confirmation, and the record's complaints of this trustee are not the ones in it: two histories; keep \
         both, and confirm nothing else"
    )]
    OtherComplaints,
    /// This trustee is no longer part of the ceremony.
    #[error("trustee {trustee} left the ceremony at the end of stage {}: {}", stage.number(), departure_text(*departure))]
    Left {
        /// This trustee.
        trustee: u32,
        /// The stage it left at.
        stage: Stage,
        /// Why.
        departure: Departure,
    },
    /// The ceremony failed.
    #[error("the ceremony failed: {}", failure_text(.0))]
    Failed(CeremonyFailure),
    /// The record makes another joint key than the one accepted.
    #[error(
        "this keystore holds shares of the joint key {kept}, and the record makes {found}: two histories; keep both"
    )]
    OtherJointKey {
        /// The keystore's J.
        kept: JointKeyFingerprint,
        /// The record's J.
        found: JointKeyFingerprint,
    },
    /// The received shares do not add up.
    #[error("the key shares do not fit the joint key: {0}")]
    Shares(#[from] KeyShareError),
    /// Too early or too late for what was asked.
    #[error("{wanted} has no place in phase {phase:?}")]
    Phase {
        /// What was asked.
        wanted: &'static str,
        /// Where the election stands.
        phase: Phase,
    },
    /// The shares may still be needed.
    #[error(
        "a trustee retires when the last result is published, or when the ceremony has failed, and this election is in phase {0:?}: until then \
         its share may be the one that is missing. Nothing was destroyed"
    )]
    TooEarlyToRetire(Phase),
    /// The record's counted ballots were not added up yet.
    #[error("the counted ballots were not added up yet")]
    NotSettled,
    /// Another closing was answered.
    #[error(
        "this keystore has answered the closing {kept} and will answer no other; this record closes with {found}: two histories; keep both"
    )]
    SecondClosing {
        /// The keystore's.
        kept: EntryHash,
        /// The record's.
        found: EntryHash,
    },
    /// The closing must be stored before it is answered.
    #[error("the closing was not stored in the keystore yet")]
    Unstored,
    /// Dealing failed.
    #[error("no dealing was made: {0}")]
    Deal(#[from] DealError),
    /// Rehearsing failed.
    #[error("no rehearsal was made: {0}")]
    Rehearse(#[from] RehearseError),
    /// Decrypting failed.
    #[error("nothing was decrypted: {0}")]
    Decrypt(#[from] crypto::decryption::DecryptError),
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
    /// The fold lacks what it must have at this point.
    #[error("the record is not complete at this point")]
    Incomplete,
}

fn departure_text(departure: Departure) -> &'static str {
    match departure {
        Departure::Silent => {
            "the record did not have its part in time. If the board had promised to record it, `vitrine trustee dispute` on the machine that sent it shows \
             whose fault that is"
        }
        Departure::BadDealing => "a complaint against its dealing was upheld",
        Departure::FalseComplaint => "it complained falsely",
    }
}

fn failure_text(failure: &CeremonyFailure) -> String {
    match failure {
        CeremonyFailure::TooFew(stage) => format!("too few trustees were left at the end of stage {}", stage.number()),
        CeremonyFailure::Keys(error) => error.to_string(),
    }
}
