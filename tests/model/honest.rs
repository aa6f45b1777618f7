//! Honest trustees: what they send is what the trustee's own tool says, asked at the record as it is.

use crate::cast::{Cast, generator};
use protocol::election::Stage;
use protocol::ids::{DealingsFingerprint, JointKeyFingerprint};
use protocol::{Body, Election, Submission};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use trustee_tools::{
    ceremony::{Step, advance},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};

/// Confirmed states and keystores, so that a keystore at any place of the model can be made anew: keystores are never copied.
#[derive(Default)]
pub(crate) struct Desks {
    /// The record at which a trustee confirmed, by what it confirmed.
    confirmed: Mutex<HashMap<(u32, DealingsFingerprint), Arc<Election>>>,
    /// Keystores with shares of a joint key.
    accepted: Mutex<HashMap<(u32, JointKeyFingerprint), Arc<TrusteeSecrets>>>,
}

/// A keystore that has dealt.
fn dealt(cast: &Cast, trustee: u32, purpose: &str) -> TrusteeSecrets {
    let mut secrets = cast.keystore(trustee);
    turn(&cast.begun, &mut secrets, purpose).unwrap();
    secrets
}

fn turn(election: &Election, secrets: &mut TrusteeSecrets, purpose: &str) -> Result<Step, Refusal> {
    let rng = &mut generator((purpose, secrets.index(), election.ceremony().stage().number()));
    advance(election, secrets, |_| Ok::<(), Refusal>(()), rng)
}

/// The dealing of an honest trustee, as a body.
pub(crate) fn dealing(cast: &Cast, trustee: u32) -> Vec<u8> {
    dealt(cast, trustee, "the one").dealt().unwrap().parts[0].clone()
}

/// Commitment and dealing of an honest trustee that dealt otherwise, for a world in which other things happened.
pub(crate) fn otherwise(cast: &Cast, trustee: u32) -> TrusteeSecrets {
    dealt(cast, trustee, "another")
}

/// What an honest trustee's tool says now.
pub(crate) fn next(cast: &Cast, desks: &Desks, election: &Arc<Election>, trustee: u32) -> Result<Submission, Refusal> {
    let ceremony = election.ceremony();
    let said = match (ceremony.stage(), ceremony.fingerprint()) {
        (Stage::Check, Some(dealings)) => {
            let said = turn(election, &mut dealt(cast, trustee, "the one"), "step")?;
            if let Step::Submit(submission) = &said
                && matches!(submission.body(), Ok(Body::CeremonyConfirmation(_)))
            {
                desks.confirmed.lock().unwrap().insert((trustee, dealings), Arc::clone(election));
            }
            said
        }
        (Stage::Rehearse, Some(dealings)) => {
            let key = (trustee, election.joint_key().unwrap().fingerprint);
            let kept = desks.accepted.lock().unwrap().get(&key).cloned();
            let secrets = match kept {
                Some(secrets) => secrets,
                None => {
                    let mut secrets = dealt(cast, trustee, "the one");
                    let confirmed = desks.confirmed.lock().unwrap().get(&(trustee, dealings)).cloned();
                    turn(&confirmed.expect("who rehearses has confirmed"), &mut secrets, "step")?;
                    turn(election, &mut secrets, "step")?;
                    let secrets = Arc::new(secrets);
                    desks.accepted.lock().unwrap().insert(key, Arc::clone(&secrets));
                    secrets
                }
            };
            trustee_tools::ceremony::next_step(election, &secrets, &mut generator(("rehearsal", election.head().0)))?
        }
        _ => turn(election, &mut dealt(cast, trustee, "the one"), "step")?,
    };
    match said {
        Step::Submit(submission) => Ok(submission),
        Step::Store(_) | Step::Wait { .. } | Step::Done => Err(Refusal::Incomplete),
    }
}
