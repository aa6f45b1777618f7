//! What a trustee answers to a closing: its partial decryptions, of one closing for ever (TAL-1 to TAL-3).

use crate::{
    ceremony::{Step, check_place, check_standing, shares_to_take, sign, until_sendable},
    refusal::Refusal,
    secrets::{Memory, Note, Origin, TrusteeSecrets},
};
use crypto::{SecretScalar, decryption::DecryptionContext};
use protocol::{
    Body, Election, Phase, Submission,
    body::PartialDecryption,
    election::{GroupStatus, TallyGroup},
    ids::EntryHash,
};
use rand_core::{CryptoRng, RngCore};

/// The next step of the decryption. The caller has verified the whole record first, and has settled the fold with sums of its own.
///
/// The closing fingerprint is stored before anything is answered, and no other is ever answered, whatever fork or successor log asks
/// (CER-25): two different sets of counted ballots, decrypted, would tell their difference.
///
/// # Errors
/// [`Refusal`].
pub fn next_step<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    let closing = check(election, secrets)?;
    if let Some(note) = shares_to_take(election, secrets)? {
        return Ok(Step::Store(note));
    }
    let unanswered = unanswered(election, secrets);
    if secrets.answered.is_none() && !unanswered.is_empty() {
        vouched(election, secrets)?;
        return Ok(Step::Store(Note(Memory::Answered(closing))));
    }
    let first = unanswered.into_iter().next();
    first.map_or(Ok(Step::Done), |(place, group)| answer(election, secrets, &place, group, rng).map(Step::Submit))
}

/// Every partial decryption of this trustee that the record lacks: for those who exchange files. Only after [`next_step`] had the
/// closing stored.
///
/// # Errors
/// [`Refusal`]; [`Refusal::Unstored`] if the closing was not stored.
pub fn answers<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Vec<Submission>, Refusal> {
    check(election, secrets)?;
    unanswered(election, secrets).iter().map(|(place, group)| answer(election, secrets, place, group, rng)).collect()
}

/// The closing fingerprint, if this trustee may answer it.
pub(crate) fn check(election: &Election, secrets: &TrusteeSecrets) -> Result<EntryHash, Refusal> {
    check_place(election, secrets)?;
    check_standing(election, secrets)?;
    let phase = election.phase();
    let (Some(found), Phase::Closed | Phase::Tallied) = (election.closing(), phase) else {
        return Err(Refusal::Phase { wanted: "a partial decryption", phase });
    };
    match secrets.answered {
        Some(kept) if kept != found => Err(Refusal::SecondClosing { kept, found }),
        _ if phase == Phase::Closed && !election.is_settled() => Err(Refusal::NotSettled),
        _ => Ok(found),
    }
}

/// Whether the record has all that this trustee can answer.
pub(crate) fn has_answered(election: &Election, secrets: &TrusteeSecrets) -> bool {
    unanswered(election, secrets).is_empty()
}

/// Whether this trustee's owner will be asked whether a lost keystore has answered another closing.
pub(crate) fn needs_word(election: &Election, secrets: &TrusteeSecrets) -> bool {
    secrets.answered.is_none() && !has_answered(election, secrets) && vouched(election, secrets).is_err()
}

/// CER-34: a restored keystore needs its owner's word that the first one has answered no other closing, unless the record shows that it
/// has answered this one.
fn vouched(election: &Election, secrets: &TrusteeSecrets) -> Result<(), Refusal> {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    let mut groups = contests.flat_map(|contest| election.groups(contest));
    match secrets.origin {
        Origin::Restored { vouched: false } if !groups.any(|group| group.right().contains_key(&secrets.index)) => {
            Err(Refusal::RestoredMayHaveAnswered)
        }
        _ => Ok(()),
    }
}

/// The open tally groups without a right partial decryption of this trustee and without a result.
fn unanswered<'e>(election: &'e Election, secrets: &TrusteeSecrets) -> Vec<(Place, &'e TallyGroup)> {
    let contests = 0..u32::try_from(election.manifest().contests.len()).unwrap_or(u32::MAX);
    let groups = contests.flat_map(|contest| {
        (0u32..).zip(election.groups(contest)).map(move |(group, state)| (Place { contest, group }, state))
    });
    let wanted = |state: &TallyGroup| {
        let answered = state.right().contains_key(&secrets.index);
        state.status == GroupStatus::Open && !answered && state.totals().is_none()
    };
    groups.filter(|(_, state)| wanted(state)).collect()
}

/// What this trustee does not decrypt and why, and who decrypted wrongly: in sentences, for the one who asks for a decryption.
pub fn remarks(election: &Election) -> Vec<String> {
    let manifest = election.manifest();
    let mut remarks = Vec::new();
    for (contest, number) in manifest.contests.iter().zip(0u32..) {
        for group in election.groups(number) {
            let units: Vec<&str> = group
                .units
                .iter()
                .filter_map(|unit| Some(manifest.units.get(usize::try_from(*unit).ok()?)?.name.as_str()))
                .collect();
            let place = format!("{:?} in {}", contest.title, units.join(", "));
            match group.status {
                GroupStatus::Withheld => remarks.push(format!(
                    "{place} is withheld and is not decrypted by anybody: {} counted ballots, fewer than the minimum of {} that keeps single votes \
                     secret, and no other unit to add them to",
                    group.counted, manifest.minimum_unit
                )),
                GroupStatus::Empty => remarks.push(format!("{place} has no counted ballot: there is nothing to decrypt")),
                GroupStatus::Open if group.totals().is_some() => {
                    remarks.push(format!("{place} has its result already: it needs no further decryption"));
                }
                GroupStatus::Open => {}
            }
            for (trustee, entry) in group.wrong() {
                let keys =
                    usize::try_from(*trustee).ok().and_then(|index| manifest.trustees.get(index.checked_sub(1)?));
                let name = keys.map_or("", |keys| keys.name.as_str());
                remarks.push(format!(
                    "trustee {trustee} ({name}) decrypted {place} wrongly, in entry {entry}: it counts for nothing and is in nobody's way"
                ));
            }
        }
    }
    remarks
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
}

fn answer<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    place: &Place,
    group: &TallyGroup,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    let Some(accepted) = &secrets.accepted else { return Err(Refusal::NoShares) };
    // The one that was stored, and no other.
    let closing = secrets.answered.ok_or(Refusal::Unstored)?;
    let joint_key = election.joint_key().ok_or(Refusal::Incomplete)?;
    let aggregate = group.aggregate().ok_or(Refusal::NotSettled)?;
    let slots = aggregate.slots().len();
    let context = DecryptionContext {
        election: election.fingerprint().0,
        closing: closing.0,
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

#[cfg(test)]
#[path = "decryption_tests.rs"]
pub(crate) mod tests;
