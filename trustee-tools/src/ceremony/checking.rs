//! Stage 3: every box is opened, what is bad is complained of, and the rest is confirmed (CER-23, CER-30, CER-31).

use super::{Step, sign};
use crate::{
    refusal::Refusal,
    secrets::{Confirmed, Memory, Note, TrusteeSecrets},
};
use crypto::{
    SecretScalar,
    complaint::{ComplaintContext, reveal},
    dealing::{OpenError, open_shares},
};
use protocol::{
    Body, Election, Submission,
    body::{CeremonyConfirmation, Complaint},
    election::{JointKey, dealing_part, part_context},
};
use rand_core::{CryptoRng, RngCore};
use std::collections::BTreeSet;

/// The next complaint, or the confirmation.
pub(super) fn check<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Step, Refusal> {
    let ceremony = election.ceremony();
    let dealings = ceremony.fingerprint().ok_or(Refusal::Incomplete)?;
    let own = ceremony.verdicts().iter().filter(|verdict| verdict.complainer == secrets.index);
    let accused: BTreeSet<u32> = own.map(|verdict| verdict.dealer).collect();
    if let Some(kept) = &secrets.confirmed {
        // What is stored is all that is ever confirmed: the first bytes may be on their way, and two would be evidence.
        let kept_complaints: BTreeSet<u32> = kept.complaints.iter().copied().collect();
        if !accused.is_subset(&kept_complaints) {
            return Err(Refusal::OtherComplaints);
        }
        // A complaint that did not get through is made anew.
        if let Some(dealer) = kept_complaints.difference(&accused).next() {
            return match received_shares(election, secrets, *dealer) {
                Err(Refusal::BadBox { dealer, part, .. }) => {
                    complain(election, secrets, dealer, part, rng).map(Step::Submit)
                }
                outcome => outcome.and(Err(Refusal::OtherComplaints)),
            };
        }
        let body = CeremonyConfirmation { dealings: kept.dealings, complaints: kept.complaints.clone() };
        return sign(election, secrets, Body::CeremonyConfirmation(body).encode(), rng).map(Step::Submit);
    }
    for dealer in ceremony.remaining().difference(&accused) {
        match received_shares(election, secrets, *dealer) {
            Err(Refusal::BadBox { dealer, part, .. }) if dealer != secrets.index => {
                return complain(election, secrets, dealer, part, rng).map(Step::Submit);
            }
            outcome => outcome?,
        };
    }
    Ok(Step::Store(Note(Memory::Confirmed(Confirmed { dealings, complaints: accused.into_iter().collect() }))))
}

/// A complaint of one box, tried against the fold: what it judges to be false is not sent, since it would cost this trustee its place
/// and show a share (CER-30).
pub(super) fn complain<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    dealer: u32,
    part: u32,
    rng: &mut R,
) -> Result<Submission, Refusal> {
    let ceremony = election.ceremony();
    let place = usize::try_from(secrets.index).ok().and_then(|index| index.checked_sub(1));
    let sealed = place.and_then(|place| ceremony.dealing(dealer, part)?.boxes.get(place));
    let keys = place.and_then(|place| election.manifest().trustees.get(place));
    let (Some(sealed), Some(keys), Some(dealings)) = (sealed, keys, ceremony.fingerprint()) else {
        return Err(Refusal::Incomplete);
    };
    let context = ComplaintContext {
        election: election.fingerprint().0,
        dealings: dealings.0,
        complainer: secrets.index.into(),
        dealer: dealer.into(),
        part: part.into(),
        ephemeral: sealed.ephemeral,
        share_key: keys.share_key,
    };
    let revealed = reveal(&context, &secrets.share, rng)?;
    let body = Complaint { dealer, part, shared_point: revealed.point, proof: *revealed.proof.as_bytes() };
    let submission = sign(election, secrets, Body::Complaint(body).encode(), rng)?;
    let judged = election.examine(&submission).and_then(|examined| examined.prove(election.bases()));
    match judged.ok().and_then(|proven| proven.upheld()) {
        Some(true) => Ok(submission),
        _ => Err(Refusal::FalseComplaint { dealer, part }),
    }
}

/// A dealer's shares for this trustee, all parts one after the other, each compared with the dealer's coefficient commitments.
pub(super) fn received_shares(
    election: &Election,
    secrets: &TrusteeSecrets,
    dealer: u32,
) -> Result<Vec<SecretScalar>, Refusal> {
    let manifest = election.manifest();
    let mut shares = Vec::with_capacity(manifest.slot_keys());
    for (_, part) in (0..manifest.parts()).zip(0u32..) {
        let posted = election.ceremony().dealing(dealer, part).ok_or(Refusal::Incomplete)?;
        let context = part_context(&election.fingerprint(), manifest, dealer, part);
        let opened = open_shares(&context, secrets.index.into(), &secrets.share, &dealing_part(posted));
        shares.extend(opened.map_err(|fault| match fault {
            OpenError::Bad(fault) => Refusal::BadBox { dealer, part, fault },
            OpenError::WrongSecret { .. } => Refusal::NotThisTrustee(secrets.index),
            OpenError::Malformed => Refusal::Incomplete,
        })?);
    }
    Ok(shares)
}

/// The shares of the joint key: the sums of what the qualified dealers sealed for this trustee.
pub(super) fn key_shares(
    election: &Election,
    secrets: &TrusteeSecrets,
    joint_key: &JointKey,
) -> Result<Vec<SecretScalar>, Refusal> {
    let dealers = joint_key.qualified.iter();
    let received: Vec<Vec<SecretScalar>> =
        dealers.map(|dealer| received_shares(election, secrets, *dealer)).collect::<Result<_, _>>()?;
    let received: Vec<&[SecretScalar]> = received.iter().map(Vec::as_slice).collect();
    Ok(joint_key.keys.key_shares(secrets.index.into(), &received)?)
}
