//! What a trustee does next, as a function of the record and of its secrets alone; so it can be resumed at any step, from the board.
//!
//! [`next_step`] changes nothing and sends nothing. What must survive comes as [`Step::Store`] before the submission that relies on it.

mod checking;
mod dealing;

use crate::{
    refusal::Refusal,
    secrets::{Accepted, Memory, Note, TrusteeSecrets},
};
use checking::{check, key_shares};
use crypto::{EncodedPoint, SecretScalar, rehearsal::RehearsalContext};
use dealing::{commit, post_part};
use protocol::{Body, Election, Phase, Submission, body::Rehearsal, election::Stage, entry::Author};
use rand_core::{CryptoRng, RngCore};

/// What to do now.
#[derive(Debug)]
pub enum Step {
    /// Hold this durably, then ask again. Nothing may be sent before.
    Store(Note),
    /// Send this, then ask again when it is in the record.
    Submit(Submission),
    /// This trustee has done its part of the stage, others have not.
    Wait {
        /// The stage.
        stage: Stage,
        /// The trustees it waits for.
        awaited: Vec<u32>,
    },
    /// Nothing is left to do.
    Done,
}

/// The next step of the ceremony (CER-1 to CER-9).
///
/// # Errors
/// [`Refusal`].
pub fn next_step<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    let ceremony = election.ceremony();
    check_place(election, secrets)?;
    if let Some(failure) = ceremony.failure() {
        return Err(Refusal::Failed(failure.clone()));
    }
    check_standing(election, secrets)?;
    let trustee = secrets.index;
    let awaited = ceremony.awaited(election.manifest());
    let stage = ceremony.stage();
    if let Some(note) = shares_to_take(election, secrets)? {
        return Ok(Step::Store(note));
    }
    if stage == Stage::Ended {
        return Ok(Step::Done);
    }
    if !awaited.contains(&trustee) {
        return Ok(Step::Wait { stage, awaited });
    }
    match stage {
        Stage::Commit => commit(election, secrets, rng),
        Stage::Deal => post_part(election, secrets, rng),
        Stage::Check => check(election, secrets, rng),
        Stage::Rehearse => {
            let entry = ceremony.keyed_at().ok_or(Refusal::Incomplete)?;
            rehearse_at(election, secrets, entry, rng).map(Step::Submit)
        }
        Stage::Ended => Ok(Step::Done),
    }
}

/// CER-24: J and the key shares, where there is a joint key and the keystore holds none yet. The first keystore takes them before its
/// first rehearsal and never again; a restored one finds them in the record at any time (CER-34).
pub(crate) fn shares_to_take(election: &Election, secrets: &TrusteeSecrets) -> Result<Option<Note>, Refusal> {
    match (&secrets.accepted, election.joint_key()) {
        (None, Some(joint_key)) if joint_key.qualified.contains(&secrets.index) => {
            let shares = key_shares(election, secrets, joint_key)?;
            Ok(Some(Note(Memory::Accepted(Accepted { joint_key: joint_key.fingerprint, shares }))))
        }
        _ => Ok(None),
    }
}

/// Takes steps until something is to be sent or awaited; `store` makes the secrets durable each time they changed.
///
/// # Errors
/// The [`Refusal`], or what `store` refuses.
pub fn advance<R: RngCore + CryptoRng, E: From<Refusal>>(
    election: &Election,
    secrets: &mut TrusteeSecrets,
    store: impl FnMut(&TrusteeSecrets) -> Result<(), E>,
    rng: &mut R,
) -> Result<Step, E> {
    until_sendable(|secrets, rng| next_step(election, secrets, rng), secrets, store, rng)
}

pub(crate) fn until_sendable<R: RngCore + CryptoRng, E: From<Refusal>>(
    next: impl Fn(&TrusteeSecrets, &mut R) -> Result<Step, Refusal>,
    secrets: &mut TrusteeSecrets,
    mut store: impl FnMut(&TrusteeSecrets) -> Result<(), E>,
    rng: &mut R,
) -> Result<Step, E> {
    loop {
        match next(secrets, rng)? {
            Step::Store(note) => {
                secrets.remember(note);
                store(secrets)?;
            }
            step => return Ok(step),
        }
    }
}

/// Rehearses once more, at any time before the closing, naming the latest entry (CER-9, CER-10).
///
/// # Errors
/// [`Refusal`].
pub fn rehearse<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    check_place(election, secrets)?;
    check_standing(election, secrets)?;
    let phase = election.phase();
    if !matches!(phase, Phase::Setup | Phase::Voting) {
        return Err(Refusal::Phase { wanted: "a rehearsal", phase });
    }
    let entry = election.size().checked_sub(1).ok_or(Refusal::Incomplete)?;
    rehearse_at(election, secrets, entry, rng)
}

/// The same with a keystore that may have to take its key shares first, as a restored one has (CER-24, CER-34).
///
/// # Errors
/// The [`Refusal`], or what `store` refuses.
pub fn rehearse_again<R: RngCore + CryptoRng, E: From<Refusal>>(
    election: &Election,
    secrets: &mut TrusteeSecrets,
    mut store: impl FnMut(&TrusteeSecrets) -> Result<(), E>,
    rng: &mut R,
) -> Result<Submission, E> {
    check_place(election, secrets)?;
    check_standing(election, secrets)?;
    if let Some(note) = shares_to_take(election, secrets)? {
        secrets.remember(note);
        store(secrets)?;
    }
    Ok(rehearse(election, secrets, rng)?)
}

/// The record is of the keystore's election, and has its keys in its place (CER-21, CER-22).
pub(crate) fn check_place(election: &Election, secrets: &TrusteeSecrets) -> Result<(), Refusal> {
    let manifest = election.manifest();
    let (kept, found) = (secrets.election_id, manifest.election_id);
    if kept != found {
        return Err(Refusal::OtherElection { kept, found });
    }
    let place = usize::try_from(secrets.index).ok().and_then(|index| index.checked_sub(1));
    let keys = place.and_then(|place| manifest.trustees.get(place));
    let own = keys.is_some_and(|keys| {
        keys.signing_key == secrets.signing.public() && keys.share_key == EncodedPoint::encode(&secrets.share.public())
    });
    if !own {
        return Err(Refusal::NotThisTrustee(secrets.index));
    }
    match secrets.dealt() {
        Some(dealt) if dealt.election != election.fingerprint() => {
            Err(Refusal::OtherManifest { kept: dealt.election, found: election.fingerprint() })
        }
        _ => Ok(()),
    }
}

/// The trustee is still part of the ceremony, and the record holds nothing of it that the keystore does not know (CER-21, CER-22).
pub(crate) fn check_standing(election: &Election, secrets: &TrusteeSecrets) -> Result<(), Refusal> {
    let (ceremony, trustee) = (election.ceremony(), secrets.index);
    if let Some((stage, departure)) = ceremony.departures().get(&trustee) {
        return Err(Refusal::Left { trustee, stage: *stage, departure: *departure });
    }
    // Of what the record holds of this trustee a restored keystore need not know; of what it knows, nothing may be otherwise.
    let (first, dealt) = (!secrets.is_restored(), secrets.dealt());
    match ceremony.commitment(trustee) {
        Some(_) if first && dealt.is_none() => return Err(Refusal::OldCopy("a dealing")),
        Some(posted) if dealt.is_some_and(|dealt| dealt.hashes(trustee) != posted) => {
            return Err(Refusal::OtherDealing);
        }
        _ => {}
    }
    match (&secrets.confirmed, ceremony.fingerprint()) {
        (Some(confirmed), Some(found)) if confirmed.dealings != found => {
            return Err(Refusal::OtherDealings { kept: confirmed.dealings, found });
        }
        (None, _) if first && ceremony.has_confirmed(trustee) => return Err(Refusal::OldCopy("a confirmation")),
        _ => {}
    }
    // AIR-7: a machine that remembers no earlier reading still has its keystore.
    if secrets.answered.is_some() && election.closing().is_none() {
        return Err(Refusal::OldRecord("answered a closing"));
    }
    match (&secrets.accepted, ceremony.joint_key()) {
        (Some(accepted), Some(joint_key)) if accepted.joint_key != joint_key.fingerprint => {
            Err(Refusal::OtherJointKey { kept: accepted.joint_key, found: joint_key.fingerprint })
        }
        (None, _) if first && ceremony.rehearsals(trustee).is_some() => Err(Refusal::OldCopy("a rehearsal")),
        (Some(_), None) => Err(Refusal::OldRecord("accepted a joint key")),
        _ => Ok(()),
    }
}

pub(crate) fn sign<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    body: Vec<u8>,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    let author = Author::Trustee(secrets.index);
    Ok(Submission::sign(&election.fingerprint(), &author, body, &secrets.signing, rng)?)
}

/// Stage 4 and later: the test point follows from the context; none is ever accepted from outside (CER-24).
fn rehearse_at<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    entry: u64,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    let (Some(accepted), Some(joint_key)) = (&secrets.accepted, election.joint_key()) else {
        return Err(Refusal::NoShares);
    };
    let entry_hash = election.recent_hash(entry).ok_or(Refusal::Incomplete)?;
    let context = RehearsalContext {
        election: election.fingerprint().0,
        joint_key: joint_key.fingerprint.0,
        trustee: secrets.index.into(),
        entry,
        entry_hash: entry_hash.0,
    };
    let shares: Vec<&SecretScalar> = accepted.shares.iter().collect();
    let proof = crypto::rehearsal::rehearse(&context, &shares, joint_key.shares(secrets.index), rng)?;
    let body = Rehearsal { joint_key: joint_key.fingerprint, entry, entry_hash, proof: *proof.as_bytes() };
    sign(election, secrets, Body::Rehearsal(body).encode(), rng)
}

#[cfg(test)]
#[path = "ceremony_tests.rs"]
pub(crate) mod tests;
