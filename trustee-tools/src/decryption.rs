//! What a trustee answers to a closing: its partial decryptions, of one closing for ever (TAL-1 to TAL-3).

use crate::{
    ceremony::{Step, check_place, check_standing, sign, until_sendable},
    refusal::Refusal,
    secrets::{Memory, Note, TrusteeSecrets},
};
use crypto::{SecretScalar, decryption::DecryptionContext};
use protocol::{
    Body, Election, Phase, Submission,
    body::PartialDecryption,
    election::{GroupStatus, JointKey, TallyGroup},
    ids::EntryHash,
};
use rand_core::{CryptoRng, RngCore};

/// The next step of the decryption. The caller has verified the whole record first, and has settled the fold with sums of its own.
///
/// The closing fingerprint is stored before anything is answered, and no other is ever answered, whatever fork or successor log asks:
/// two different sets of counted ballots, decrypted, would tell their difference.
///
/// # Errors
/// [`Refusal`].
pub fn next_step<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    check_place(election, secrets)?;
    check_standing(election, secrets)?;
    let phase = election.phase();
    let (Some(found), Phase::Closed | Phase::Tallied) = (election.closing(), phase) else {
        return Err(Refusal::Phase { wanted: "a partial decryption", phase });
    };
    match secrets.answered {
        Some(kept) if kept != found => return Err(Refusal::SecondClosing { kept, found }),
        Some(_) => {}
        None if phase == Phase::Tallied => return Ok(Step::Done),
        None => return Ok(Step::Store(Note(Memory::Answered(found)))),
    }
    if phase == Phase::Tallied {
        return Ok(Step::Done);
    }
    if !election.is_settled() {
        return Err(Refusal::NotSettled);
    }
    let joint_key = election.joint_key().ok_or(Refusal::Incomplete)?;
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    for contest in contests {
        for (group, number) in election.groups(contest).iter().zip(0u32..) {
            let answered = group.right().contains_key(&secrets.index);
            if group.status == GroupStatus::Open && !answered && group.totals().is_none() {
                let place = Place { contest, group: number, closing: found };
                return answer(election, secrets, joint_key, &place, group, rng).map(Step::Submit);
            }
        }
    }
    Ok(Step::Done)
}

/// Takes steps until something is to be sent; `store` makes the secrets durable each time they changed.
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

struct Place {
    contest: u32,
    group: u32,
    closing: EntryHash,
}

fn answer<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    joint_key: &JointKey,
    place: &Place,
    group: &TallyGroup,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    let Some(accepted) = &secrets.accepted else { return Err(Refusal::Restored("a rehearsal")) };
    let aggregate = group.aggregate().ok_or(Refusal::NotSettled)?;
    let slots = aggregate.slots().len();
    let context = DecryptionContext {
        election: election.fingerprint().0,
        closing: place.closing.0,
        joint_key: joint_key.fingerprint.0,
        contest: place.contest.into(),
        group: place.group.into(),
        trustee: secrets.index.into(),
    };
    let shares: Vec<&SecretScalar> = accepted.shares.iter().take(slots).collect();
    let images = joint_key.shares(secrets.index).get(..slots).ok_or(Refusal::Incomplete)?;
    let partial = crypto::decryption::decrypt(&context, &shares, images, &aggregate.z(), rng)?;
    let body = PartialDecryption {
        contest: place.contest,
        group: place.group,
        partials: partial.points,
        proof: *partial.proof.as_bytes(),
    };
    sign(election, secrets, Body::PartialDecryption(body).encode(), rng)
}
