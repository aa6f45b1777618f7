//! What the authority sends, as functions of the record and of its key.

use crate::{guide::wording::utc, secrets::AuthoritySecrets};
use crypto::{
    RandomnessFailure,
    discrete_log::{BoundError, Table},
};
use protocol::{
    Body, Election, Manifest, Phase, Rejection, Submission,
    body::{Continuation, Extension, Notice, Opening, Override, ResultBody},
    election::{GroupStatus, Stage},
    entry::{Author, Entry},
    fingerprint,
    ids::{ElectionFingerprint, EntryHash, Minutes},
};
use rand_core::{CryptoRng, RngCore};
use tlog::note::{Algorithm, VerifierKey};

mod overdue;

pub use overdue::{Timed, anyone_closes, closing, due, stage_end};
pub(crate) use overdue::{check_survival, check_time};

/// Why the authority sends nothing.
#[derive(Debug, thiserror::Error)]
pub enum Obstacle {
    /// The manifest breaks a rule.
    #[error("the manifest is refused: {0}")]
    Manifest(Rejection),
    /// The keystore holds another authority's key.
    #[error("the manifest of this election names another authority's key")]
    NotThisAuthority,
    /// What was asked has no place yet, or no longer.
    #[error("{wanted} has no place in phase {phase:?}")]
    Phase {
        /// What was asked.
        wanted: &'static str,
        /// Where the election stands.
        phase: Phase,
    },
    /// The key given is not one of the next log's.
    #[error("the key is named {found}; the log that continues this one is {expected}")]
    OtherSuccessor {
        /// The next log's origin.
        expected: String,
        /// The key's name.
        found: String,
    },
    /// The election cannot open yet.
    #[error("the election cannot open: {0}")]
    NotReady(NotReady),
    /// The ceremony is past its stages.
    #[error("the ceremony has ended; there is no stage to end")]
    CeremonyEnded,
    /// Ending the stage now would take trustees out of the election before it is overdue.
    #[error("stage {stage} is overdue only from {} on, and waits for trustees {awaited:?}", utc(*.deadline))]
    NotOverdue {
        /// The stage.
        stage: u32,
        /// Its deadline.
        deadline: Minutes,
        /// Who would leave.
        awaited: Vec<u32>,
    },
    /// Ending the stage now would end the election.
    #[error(
        "if stage {stage} ended now, too few trustees would be left ({left} of the {quorum} that are needed), and the ceremony would have failed \
         for ever: wait for trustees {awaited:?}, or say with --even-if-it-fails that this is wanted"
    )]
    WouldFail {
        /// The stage.
        stage: u32,
        /// How many would go on.
        left: usize,
        /// q.
        quorum: u32,
        /// Who would leave because it did not do its step.
        awaited: Vec<u32>,
    },
    /// Voting goes on.
    #[error("voting goes on until {}, grace included; it is {}", utc(*.until), utc(*.now))]
    TooEarly {
        /// Closing time and grace.
        until: Minutes,
        /// The present time.
        now: Minutes,
    },
    /// This policy needs time evidence of witnesses, and there is none.
    #[error(
        "this election has witnesses, whose time evidence is needed: get it with `vitrine authority time-evidence` on a machine that reaches \
         the board, and give it with --evidence"
    )]
    Witnessed,
    /// The time evidence does not fit the record at hand.
    #[error("the time evidence does not fit the record as it is here: {0}")]
    Evidence(Box<Rejection>),
    /// MAN-25.
    #[error("this election's manifest allows no overrides: who has a ballot here can vote nowhere else")]
    NoOverrides,
    /// The record would refuse the override.
    #[error("nothing was sent, for the record would refuse it: {0}")]
    Override(Box<Rejection>),
    /// Not on the roll.
    #[error("the roll has no row {0}")]
    NoRow(u32),
    /// The partial decryptions give no total within the bound.
    #[error("the partial decryptions of contest {contest}, group {group} give no total of slot {slot} up to {bound}")]
    NoTotal {
        /// Contest index.
        contest: u32,
        /// Group index.
        group: u32,
        /// The slot, from 0.
        slot: usize,
        /// The largest total possible.
        bound: u64,
    },
    /// The bound is beyond the search.
    #[error(transparent)]
    Bound(#[from] BoundError),
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// What an opening waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReady {
    /// Ceremony stage, if it has not ended, with the trustees it waits for.
    pub ceremony: Option<(u32, Vec<u32>)>,
    /// Registrars whose roll is not complete, with the chunks missing.
    pub roll: Vec<(u32, Vec<u32>)>,
}

impl std::fmt::Display for NotReady {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if let Some((stage, awaited)) = &self.ceremony {
            parts.push(format!("ceremony stage {stage} waits for trustees {awaited:?}"));
        }
        for (registrar, chunks) in &self.roll {
            parts.push(format!("registrar {registrar} has {} roll chunks to publish", chunks.len()));
        }
        formatter.write_str(&parts.join("; "))
    }
}

/// What keeps the election from opening; nothing, if it may (OPN-1).
pub fn not_ready(election: &Election) -> Option<NotReady> {
    let (ceremony, roll) = (election.ceremony(), election.roll());
    let stage = ceremony.stage();
    let waiting = (stage != Stage::Ended).then(|| (stage.number(), ceremony.awaited(election.manifest())));
    let registrars = 1..=u32::try_from(election.manifest().registrars.len()).unwrap_or(u32::MAX);
    let missing = registrars.map(|registrar| (registrar, roll.missing_chunks(registrar)));
    let missing: Vec<(u32, Vec<u32>)> = missing.filter(|(_, chunks)| !chunks.is_empty()).collect();
    (waiting.is_some() || !missing.is_empty()).then_some(NotReady { ceremony: waiting, roll: missing })
}

/// Whether an opening now would leave no spare trustee: one lost key share later, and nothing can be decrypted. Worth a warning.
pub fn without_spare(election: &Election) -> bool {
    u32::try_from(election.ceremony().remaining().len()).is_ok_and(|left| left <= election.manifest().threshold)
}

/// Entry 0: the manifest, tried against every rule of the fold before it is given out (MAN-13).
///
/// # Errors
/// [`Obstacle::Manifest`] names the rule.
pub fn announcement<R: RngCore + CryptoRng>(
    manifest: Manifest,
    secrets: &AuthoritySecrets,
    rng: &mut R,
) -> Result<(ElectionFingerprint, Submission), Obstacle> {
    if manifest.authority.signing_key != secrets.signing.public() {
        return Err(Obstacle::NotThisAuthority);
    }
    let body = Body::Manifest(Box::new(manifest)).encode();
    let election = fingerprint::election(&body);
    let submission = Submission::sign(&election, &Author::Authority, body, &secrets.signing, rng)?;
    check_announcement(&submission)?;
    Ok((election, submission))
}

/// F of a signed manifest, tried against every rule of the fold.
///
/// # Errors
/// [`Obstacle::Manifest`] names the rule.
pub fn check_announcement(submission: &Submission) -> Result<ElectionFingerprint, Obstacle> {
    let entry = Entry::new(0, EntryHash([0; 32]), 0, submission.clone());
    Ok(Election::begin(&entry).map_err(Obstacle::Manifest)?.fingerprint())
}

/// Opens the voting (OPN-1, OPN-2).
///
/// # Errors
/// [`Obstacle`].
pub fn opening<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    in_phase(election, Phase::Setup, "an opening")?;
    if let Some(not_ready) = not_ready(election) {
        return Err(Obstacle::NotReady(not_ready));
    }
    let (Some(joint_key), Some(roll)) = (election.joint_key(), election.roll().fingerprint()) else {
        return Err(Obstacle::Phase { wanted: "an opening", phase: election.phase() });
    };
    let active = election.ceremony().active();
    sign(election, secrets, Body::Opening(Opening { joint_key: joint_key.fingerprint, roll, active }), rng)
}

/// Sets a later closing time (EXT-1).
///
/// # Errors
/// [`Obstacle`].
pub fn extension<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    closing: Minutes,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    in_phase(election, Phase::Voting, "an extension")?;
    sign(election, secrets, Body::Extension(Extension { closing }), rng)
}

/// Takes a row out of the count whose voter votes in person. What the record would refuse is not signed (OVR-7).
///
/// # Errors
/// [`Obstacle`].
pub fn override_row<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    row: u32,
    reason: &str,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    in_phase(election, Phase::Voting, "an override")?;
    if !election.manifest().overrides {
        return Err(Obstacle::NoOverrides);
    }
    let submission = sign(election, secrets, Body::Override(Override { index: row, reason: reason.to_owned() }), rng)?;
    election.examine(&submission).map_err(|refusal| Obstacle::Override(Box::new(refusal)))?;
    Ok(submission)
}

/// The results that the recorded partial decryptions give and the record lacks. Anyone may send them.
///
/// # Errors
/// [`Obstacle::NoTotal`] if right partial decryptions give no total: the record is then not what it seems.
pub fn results(election: &Election) -> Result<Vec<Submission>, Obstacle> {
    let mut pending = Vec::new();
    // What the table is made for (CRY-90): groups share no voter, so all totals of one slot together stay within its bound.
    let mut bounds = Vec::new();
    for contest in 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX) {
        let before = pending.len();
        for (state, group) in election.groups(contest).iter().zip(0u32..) {
            if state.status == GroupStatus::Open
                && state.totals().is_none()
                && let Some(points) = election.total_points(contest, group)
            {
                pending.push((contest, group, points));
            }
        }
        let slots = pending.get(before).map_or(0, |(_, _, points)| points.len());
        bounds.extend((0..slots).map(|slot| election.slot_bound(contest, slot)));
    }
    let table = Table::for_totals(&bounds)?;
    let mut submissions = Vec::with_capacity(pending.len());
    for (contest, group, points) in pending {
        let mut totals = Vec::with_capacity(points.len());
        for (slot, point) in points.iter().enumerate() {
            let bound = election.slot_bound(contest, slot);
            let total = table.solve(point, bound);
            totals.push(total.ok_or(Obstacle::NoTotal { contest, group, slot, bound })?);
        }
        submissions.push(Submission::anonymous(Body::Result(ResultBody { contest, group, totals }).encode()));
    }
    Ok(submissions)
}

/// A public remark.
///
/// # Errors
/// [`Obstacle`].
pub fn notice<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    text: &str,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    sign(election, secrets, Body::Notice(Notice { text: text.to_owned() }), rng)
}

/// CON-1, CON-3: the election goes on in the next log, under this key. The record must be one that was read under the quorum.
///
/// # Errors
/// [`Obstacle`].
pub fn continuation<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    key: &VerifierKey,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    if key.name() != election.next_log_origin() || key.algorithm() != Algorithm::Ed25519 {
        return Err(Obstacle::OtherSuccessor { expected: election.next_log_origin(), found: key.name().to_owned() });
    }
    let body = Body::Continuation(Continuation {
        old_origin: election.log_origin().to_owned(),
        old_size: election.range().size(),
        old_root: election.root().into(),
        new_key: key.to_string(),
    });
    sign(election, secrets, body, rng)
}

fn in_phase(election: &Election, wanted: Phase, what: &'static str) -> Result<(), Obstacle> {
    let phase = election.phase();
    if phase == wanted { Ok(()) } else { Err(Obstacle::Phase { wanted: what, phase }) }
}

fn sign<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &AuthoritySecrets,
    body: Body,
    rng: &mut R,
) -> Result<Submission, Obstacle> {
    if election.manifest().authority.signing_key != secrets.signing.public() {
        return Err(Obstacle::NotThisAuthority);
    }
    Ok(Submission::sign(&election.fingerprint(), &Author::Authority, body.encode(), &secrets.signing, rng)?)
}
