//! The end of a trustee (RET-1, CER-37): it signs that its secrets are gone, and what it signed takes their place in the keystore.

use crate::{
    ceremony::{check_place, sign},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};
use protocol::{
    Body, Election, Phase, Submission,
    body::Retirement,
    ids::{ElectionFingerprint, ElectionId},
};
use rand_core::{CryptoRng, RngCore};

/// What is left of a trustee's keystore: who it was, and the signed statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiredTrustee {
    pub(crate) election_id: ElectionId,
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) election: ElectionFingerprint,
    /// The signed statement, a submission as it is sent.
    pub(crate) statement: Vec<u8>,
}

/// A trustee's keystore, retired or not.
#[derive(Debug)]
pub enum KeptTrustee {
    /// It has its secrets.
    Serving(Box<TrusteeSecrets>),
    /// It has none any more.
    Retired(RetiredTrustee),
}

/// Signs the statement. What it gives is to be stored in the place of the secrets, which are then gone, before the statement is sent.
///
/// # Errors
/// [`Refusal`]; [`Refusal::TooEarlyToRetire`] before the last result.
pub fn retire<R: RngCore + CryptoRng>(
    election: &Election,
    secrets: &TrusteeSecrets,
    rng: &mut R,
) -> Result<RetiredTrustee, Refusal> {
    check_place(election, secrets)?;
    let phase = election.phase();
    if !matches!(phase, Phase::Tallied | Phase::Failed) {
        return Err(Refusal::TooEarlyToRetire(phase));
    }
    let joint_key = election.joint_key().map(|joint_key| joint_key.fingerprint);
    let statement = sign(election, secrets, Body::Retirement(Retirement { joint_key }).encode(), rng)?;
    Ok(RetiredTrustee {
        election_id: secrets.election_id,
        index: secrets.index,
        name: secrets.name.clone(),
        election: election.fingerprint(),
        statement: statement.encode(),
    })
}

impl KeptTrustee {
    /// Which trustee it is, or was.
    pub fn index(&self) -> u32 {
        match self {
            Self::Serving(secrets) => secrets.index(),
            Self::Retired(retired) => retired.index(),
        }
    }
}

impl RetiredTrustee {
    /// Which trustee it was.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The signed statement, if the record still lacks it.
    ///
    /// # Errors
    /// [`Refusal`], if this is another election.
    pub fn unsent(&self, election: &Election) -> Result<Option<Submission>, Refusal> {
        let (kept, found) = (self.election, election.fingerprint());
        if kept != found {
            return Err(Refusal::OtherManifest { kept, found });
        }
        if election.retired().contains_key(&self.index) {
            return Ok(None);
        }
        Submission::decode(&self.statement).map(Some).map_err(|_| Refusal::Incomplete)
    }
}

#[cfg(test)]
#[path = "retirement_tests.rs"]
mod tests;
