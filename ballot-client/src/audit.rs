//! An audit on the second device (BAL-30 to BAL-34): encrypt again, compare, and say in words what the ballot holds.

use crate::{
    tracker::{Tracker, TypedTracker},
    words::{in_words, under_title},
};
use crypto::{
    EncodedPoint, EncodedScalar,
    selection_proof::{SealedContest, SelectionContext, check_opening, claim},
};
use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};
use protocol::{
    Author, Body, Contest, Election, Rejection, Selection,
    body::{AuditedBallot, ContestOpening, MAXIMUM_BODY},
    cbor, fingerprint,
    ids::{ElectionFingerprint, SubmissionId},
};
use std::fmt;
use thiserror::Error;

/// First field of an opening's bytes (BAL-31).
const FORMAT: &str = "vitrine/1/audit-opening";
/// The most bytes of an opening: the body of an audited ballot and a few fixed fields.
const MAXIMUM_OPENING: usize = MAXIMUM_BODY + 200;

/// A sealed ballot with everything that opens it (BAL-31). Whoever has it reads the ballot; nobody can cast it, for it bears no
/// signature and its sealer has forgotten it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AuditOpening {
    #[n(0)]
    format: String,
    #[n(1)]
    election: ElectionFingerprint,
    #[n(2)]
    credential: ByteArray<32>,
    #[n(3)]
    ballot: ByteVec,
    #[n(4)]
    openings: Vec<ContestOpening>,
}

impl fmt::Debug for AuditOpening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AuditOpening(tracker {}, …)", self.tracker())
    }
}

impl AuditOpening {
    pub(crate) fn new(
        election: ElectionFingerprint,
        credential: &EncodedPoint,
        ballot: Vec<u8>,
        openings: Vec<ContestOpening>,
    ) -> Self {
        Self { format: FORMAT.into(), election, credential: credential.0.into(), ballot: ballot.into(), openings }
    }

    /// The canonical bytes: a file or QR code for the second device.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// BAL-31: reads an opening. Says nothing about its content yet.
    ///
    /// # Errors
    /// [`AuditFault::Malformed`] or [`AuditFault::Format`].
    pub fn decode(bytes: &[u8]) -> Result<Self, AuditFault> {
        if bytes.len() > MAXIMUM_OPENING {
            return Err(AuditFault::TooLong(bytes.len()));
        }
        let opening: Self = cbor::decode(bytes, "audit opening")?;
        if opening.format == FORMAT { Ok(opening) } else { Err(AuditFault::Format) }
    }

    /// The tracker of the ballot inside.
    pub fn tracker(&self) -> Tracker {
        Tracker(fingerprint::submission(&self.election, &self.author().encode(), &self.ballot))
    }

    /// The election it says it belongs to.
    pub fn election(&self) -> ElectionFingerprint {
        self.election
    }

    pub(crate) fn credential(&self) -> EncodedPoint {
        EncodedPoint(*self.credential)
    }

    fn author(&self) -> Author {
        Author::Credential(self.credential())
    }

    /// The body that publishes it (BAL-34).
    pub(crate) fn published(&self) -> Body {
        Body::AuditedBallot(AuditedBallot { ballot: self.ballot.clone(), openings: self.openings.clone() })
    }
}

/// Why an audit fails. From [`AuditFault::TrackerDiffers`] on, the device that sealed has cheated or is broken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AuditFault {
    /// Longer than any opening.
    #[error("an audit file is never longer than {MAXIMUM_OPENING} bytes; this one has {0}")]
    TooLong(usize),
    /// Not the bytes of an opening, or the ballot inside not those of a body.
    #[error("this is not an audit file: {0}")]
    Malformed(#[from] Rejection),
    /// Another kind of file, or of another version.
    #[error("this is not an audit file of this version")]
    Format,
    /// The comparison would decide nothing.
    #[error("type at least the first 16 characters of the tracker that the voting device showed")]
    TrackerTooShort,
    /// Of another election.
    #[error("the ballot was sealed for another election: {0}")]
    OtherElection(ElectionFingerprint),
    /// Not of a voter on the roll.
    #[error("the ballot's credential is not on the roll")]
    UnknownCredential,
    /// The election has no opening and no keys yet.
    #[error("the election has not been opened")]
    NotOpened,
    /// The tracker is not the one the voting device showed.
    #[error("the voting device showed another tracker than that of this ballot, which is {0}")]
    TrackerDiffers(Tracker),
    /// No ballot inside, or one of another opening or style.
    #[error("the file does not hold a ballot that this election would take: {0}")]
    NotThisBallot(&'static str),
    /// The opening encrypts to something else than the ballot holds.
    #[error("contest {contest} of the ballot does not hold what the voting device said it holds")]
    OpeningDiffers {
        /// The contest's index.
        contest: u32,
    },
    /// The proof does not verify: the board would have refused the ballot.
    #[error("the proof of contest {contest} does not verify; the board would have refused this ballot")]
    ProofFails {
        /// The contest's index.
        contest: u32,
    },
    /// Values that no selection has.
    #[error(
        "contest {contest} of the ballot holds values that no selection has (BAL-61), although its proof verifies: no ballot may hold them. \
         Keep the file and show it to the election's observers"
    )]
    NoSelection {
        /// The contest's index.
        contest: u32,
    },
}

/// What an audited ballot holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFindings {
    /// Its tracker, which is the one shown before the voter decided.
    pub tracker: Tracker,
    /// The voter's unit.
    pub unit: String,
    /// Contest by contest.
    pub contests: Vec<AuditedContest>,
}

/// What one contest of an audited ballot holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedContest {
    /// The contest's index.
    pub contest: u32,
    /// What was asked.
    pub title: String,
    /// What it holds.
    pub selection: Selection,
    /// The same in the manifest's words, line by line (BAL-70).
    pub words: Vec<String>,
}

impl fmt::Display for AuditFindings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for contest in &self.contests {
            writeln!(formatter, "{contest}")?;
        }
        Ok(())
    }
}

impl fmt::Display for AuditedContest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&under_title(&self.title, &self.words))
    }
}

/// BAL-32: what a second device does with an opening, and with the tracker that the first device showed *before* it knew that the
/// voter would audit. The device needs an election it has checked itself; it asks the first device nothing.
///
/// # Errors
/// [`AuditFault`].
pub fn check_audit(bytes: &[u8], shown: &TypedTracker, election: &Election) -> Result<AuditFindings, AuditFault> {
    if !shown.is_decisive() {
        return Err(AuditFault::TrackerTooShort);
    }
    let opening = AuditOpening::decode(bytes)?;
    if opening.election != election.fingerprint() {
        return Err(AuditFault::OtherElection(opening.election));
    }
    let tracker = opening.tracker();
    if !shown.matches(&tracker.0) {
        return Err(AuditFault::TrackerDiffers(tracker));
    }
    let credential = opening.credential();
    let voter = election.credential(&credential).ok_or(AuditFault::UnknownCredential)?;
    let (Some(opened), Some(joint_key)) = (election.opening(), election.joint_key()) else {
        return Err(AuditFault::NotOpened);
    };
    let Body::Ballot(ballot) = Body::decode(&opening.ballot)? else {
        return Err(AuditFault::NotThisBallot("it is not a ballot"));
    };
    if ballot.opening != opened {
        return Err(AuditFault::NotThisBallot("it was sealed for another opening"));
    }
    let style: Vec<_> = election.style(voter.unit).collect();
    if (style.len(), style.len()) != (ballot.contests.len(), opening.openings.len()) {
        return Err(AuditFault::NotThisBallot("it does not hold the contests of the voter's unit"));
    }
    let mut contests = Vec::with_capacity(style.len());
    for (((index, contest, relation), bytes), opened_contest) in
        style.into_iter().zip(&ballot.contests).zip(&opening.openings)
    {
        let differs = AuditFault::OpeningDiffers { contest: index };
        let wrong_length = |_| AuditFault::NotThisBallot("a contest has a wrong length");
        let sealed = SealedContest::decode(bytes, relation).map_err(wrong_length)?;
        let randomness = EncodedScalar(opened_contest.randomness).decode().map_err(|_| differs.clone())?;
        check_opening(relation, election.bases(), &sealed, &opened_contest.values, &randomness).map_err(|_| differs)?;
        let context = SelectionContext {
            election: election.fingerprint().0,
            opening: opened.0,
            joint_key: joint_key.fingerprint.0,
            contest: index.into(),
            credential,
            sequence: ballot.sequence,
            previous: ballot.previous.0,
        };
        let fails = AuditFault::ProofFails { contest: index };
        let (claim, _) = claim(relation, election.bases(), &context, &sealed).map_err(|_| fails.clone())?;
        claim.verify(election.bases()).map_err(|_| fails)?;
        contests.push(said(index, contest, &opened_contest.values)?);
    }
    let unit = usize::try_from(voter.unit).ok().and_then(|unit| election.manifest().units.get(unit));
    Ok(AuditFindings { tracker, unit: unit.map_or(String::new(), |unit| unit.name.clone()), contests })
}

/// BAL-30, BAL-61, BAL-75: the one selection that has these values, in words; where none has them nothing is guessed.
fn said(index: u32, contest: &Contest, values: &[u64]) -> Result<AuditedContest, AuditFault> {
    let selection = contest.selection_of(values).ok_or(AuditFault::NoSelection { contest: index })?;
    let words = in_words(contest, &selection).to_vec();
    Ok(AuditedContest { contest: index, title: contest.title.clone(), selection, words })
}

/// BAL-33: the tracker under which a published audit's ballot was shown.
pub fn audited_tracker(election: &ElectionFingerprint, author: &[u8], audited: &AuditedBallot) -> SubmissionId {
    fingerprint::submission(election, author, &audited.ballot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ContestKind;

    /// BAL-75: nothing is guessed of values that no selection has.
    #[test]
    fn values_of_no_selection_are_said_to_be_that() {
        let budget = ContestKind::Budget { currency: "EUR".into(), pot: 1000, step: 50 };
        let budget = Contest::new("Budget", budget, vec!["Park".into(), "Pool".into()], true);
        let ranking = ContestKind::Positional { minimum: 0, points: vec![2, 1] };
        let ranking = Contest::new("Ranking", ranking, vec!["Ada".into(), "Blaise".into()], true);
        for (contest, values) in [
            // Over the pot; beside the blank; of 32 bits; where steps wrap; too few and too many slots.
            (&budget, &[20, 1, 0][..]),
            (&budget, &[1, 0, 1]),
            (&budget, &[u64::from(u32::MAX), 0, 0]),
            (&budget, &[u64::MAX, 2, 0]),
            (&budget, &[0, 0, 2]),
            (&budget, &[0, 0]),
            (&budget, &[0, 0, 0, 0]),
            (&budget, &[]),
            // A gap; a place held by two; one in two places; a mark of two.
            (&ranking, &[0, 0, 1, 0, 0]),
            (&ranking, &[1, 1, 0, 0, 0]),
            (&ranking, &[1, 0, 1, 0, 0]),
            (&ranking, &[2, 0, 0, 0, 0]),
        ] {
            assert_eq!(said(7, contest, values), Err(AuditFault::NoSelection { contest: 7 }), "{values:?}");
        }
        let found = said(7, &budget, &[19, 1, 0]).unwrap();
        assert_eq!(found.words, ["950 EUR for Park", "50 EUR for Pool", "together 1000 of at most 1000 EUR"]);
        let found = said(7, &ranking, &[0, 1, 0, 0, 0]).unwrap();
        assert_eq!(found.to_string(), "Ranking:\n  1. Blaise\n  not ranked: Ada");
    }
}
