//! What can be said of a trustee's keystore without revealing anything of it (CER-35): that its keys are the ones everybody knows, that its
//! dealing is the one in the record, that its key shares are right, and that it could rehearse now.

use crate::{
    ceremony::{check_place, check_standing},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};
use crypto::{
    EncodedPoint, RandomnessFailure, SecretScalar,
    batch::Bases,
    rehearsal::{RehearsalContext, rehearsal_claim},
    schnorr::{Possession, possession_claim},
};
use protocol::{
    Election,
    context::{self, Role},
    manifest::TrusteeKeys,
};
use rand_core::{CryptoRng, RngCore};
use serde::Serialize;

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was checked, and it is right.
    Right,
    /// There is nothing to check yet, or nothing to check it against.
    Open,
    /// It was checked, and it is wrong.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub state: State,
    /// In a sentence.
    pub text: String,
}

/// Looks at everything. `public` is what the keystore's public key file, or the manifest, has in its place.
///
/// # Errors
/// [`RandomnessFailure`]: what was to be proved in memory was not.
pub fn inspect<R: RngCore + CryptoRng>(
    secrets: &TrusteeSecrets,
    public: Option<&TrusteeKeys>,
    election: Option<&Election>,
    rng: &mut R,
) -> Result<Vec<Finding>, RandomnessFailure> {
    let mut findings = vec![right("the keystore opens under its passphrase")];
    if secrets.is_restored() {
        findings.push(open(
            "it is a restored keystore: it makes no dealing, and asks before it answers a closing (CER-34)",
        ));
    }
    findings.push(keys_prove_themselves(secrets, rng)?);
    findings.push(match public {
        Some(public) => keys_are(secrets, public, "the public key file"),
        None => open("its public keys were compared with no public key file"),
    });
    let Some(election) = election else {
        findings.push(open(
            "it was compared with no record: give --board or --record to have dealing and key shares checked",
        ));
        return Ok(findings);
    };
    match check_place(election, secrets) {
        Ok(()) => findings.push(right(format!("the manifest has its keys as trustee {}", secrets.index))),
        Err(refusal) => {
            findings.push(wrong(refusal));
            return Ok(findings);
        }
    }
    findings.push(match check_standing(election, secrets) {
        Ok(()) => right("it knows everything that the record holds of this trustee, and the record nothing else"),
        // Nothing is wrong with the keystore of a trustee that left.
        Err(refusal @ Refusal::Left { .. }) => open(refusal),
        Err(refusal) => wrong(refusal),
    });
    findings.push(dealing(election, secrets));
    findings.push(shares(election, secrets));
    findings.push(rehearsal(election, secrets, rng));
    findings.push(match (secrets.answered, election.closing()) {
        (None, _) => open("it has answered no closing"),
        (Some(kept), Some(found)) if kept == found => right("it has answered the record's closing, and no other"),
        (Some(kept), Some(_)) => wrong(format!("it has answered the closing {kept}, which is not the record's")),
        (Some(kept), None) => open(format!("it has answered the closing {kept}; this record has none yet")),
    });
    Ok(findings)
}

/// A proof of possession of both keys, made and verified here.
fn keys_prove_themselves<R: RngCore + CryptoRng>(
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<Finding, RandomnessFailure> {
    let public = secrets.public(rng)?;
    let transcript = context::key_possession(&secrets.election_id, Role::Trustee, secrets.index, &secrets.name);
    let keys = [public.signing_key, public.share_key];
    let holds = possession_claim(transcript, &keys, &Possession::new(public.possession))
        .is_ok_and(|claim| claim.verify(&Bases::new(0, &[])).is_ok());
    Ok(if holds {
        right("it proves to possess its signing key and its share key")
    } else {
        wrong("its proof that it possesses its keys does not hold: this machine computes wrongly")
    })
}

fn keys_are(secrets: &TrusteeSecrets, public: &TrusteeKeys, whose: &str) -> Finding {
    let share_key = EncodedPoint::encode(&secrets.share.public());
    if (public.signing_key, public.share_key) == (secrets.signing.public(), share_key) {
        right(format!("its public keys are those of {whose}"))
    } else {
        wrong(format!(
            "its public keys are not those of {whose}: it is the keystore of somebody else, or of another election"
        ))
    }
}

fn dealing(election: &Election, secrets: &TrusteeSecrets) -> Finding {
    match (secrets.dealt(), election.ceremony().commitment(secrets.index)) {
        (Some(dealt), Some(posted)) if dealt.hashes(secrets.index) == posted => {
            right("its dealing is the one that the record's commitment names")
        }
        (Some(_), Some(_)) => wrong("its dealing is not the one that the record's commitment names"),
        (Some(_), None) => open("it has dealt, and the record has no commitment yet"),
        (None, Some(_)) => open("the record has a dealing of this trustee that it does not hold"),
        (None, None) => open("it has not dealt yet"),
    }
}

fn shares(election: &Election, secrets: &TrusteeSecrets) -> Finding {
    let (Some(accepted), Some(joint_key)) = (&secrets.accepted, election.joint_key()) else {
        return open("it holds no key shares yet");
    };
    let own = accepted.shares.iter().map(|share| EncodedPoint::encode(&share.public()));
    if own.eq(joint_key.shares(secrets.index).iter().copied()) {
        right(format!("its {} key shares are those of the joint key", accepted.shares.len()))
    } else {
        wrong("its key shares are not those of the joint key")
    }
}

/// A rehearsal that is sent nowhere.
fn rehearsal<R: RngCore + CryptoRng>(election: &Election, secrets: &TrusteeSecrets, rng: &mut R) -> Finding {
    let (Some(accepted), Some(joint_key)) = (&secrets.accepted, election.joint_key()) else {
        return open("there is nothing to rehearse yet");
    };
    let context = RehearsalContext {
        election: election.fingerprint().0,
        joint_key: joint_key.fingerprint.0,
        trustee: secrets.index.into(),
        entry: election.size(),
        entry_hash: election.head().0,
    };
    let (own, images): (Vec<&SecretScalar>, _) = (accepted.shares.iter().collect(), joint_key.shares(secrets.index));
    let holds = crypto::rehearsal::rehearse(&context, &own, images, rng)
        .ok()
        .and_then(|proof| rehearsal_claim(&context, images, &proof).ok())
        .is_some_and(|claim| claim.verify(election.bases()).is_ok());
    if holds {
        right("a rehearsal of all its key shares, made and verified here, holds; it was sent nowhere")
    } else {
        wrong("a rehearsal of its key shares does not hold")
    }
}

fn right(text: impl ToString) -> Finding {
    Finding { state: State::Right, text: text.to_string() }
}

fn open(text: impl ToString) -> Finding {
    Finding { state: State::Open, text: text.to_string() }
}

fn wrong(text: impl ToString) -> Finding {
    Finding { state: State::Wrong, text: text.to_string() }
}

#[cfg(test)]
#[path = "inspection_tests.rs"]
mod tests;
