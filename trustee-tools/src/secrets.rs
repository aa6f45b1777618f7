//! What each official keeps secret. Fresh for every election (MAN-13): possession proofs bind the election id, and nothing is used twice.

mod trustee;

use crypto::{
    RandomnessFailure,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    context::{self, Role},
    ids::ElectionId,
    manifest::Official,
};
use rand_core::{CryptoRng, RngCore};
pub(crate) use trustee::Memory;
pub use trustee::{Accepted, Confirmed, Dealt, Note, Origin, TrusteeSecrets};

/// The authority's secrets. Making them names the election: the id is drawn with the key.
#[derive(Debug)]
pub struct AuthoritySecrets {
    pub(crate) election_id: ElectionId,
    pub(crate) name: String,
    pub(crate) signing: SigningKey,
}

/// A registrar's secrets. The codes it issues are not among them: they leave in the letters and are kept nowhere.
#[derive(Debug)]
pub struct RegistrarSecrets {
    pub(crate) election_id: ElectionId,
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) signing: SigningKey,
}

impl AuthoritySecrets {
    /// A fresh key and a fresh election id.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(name: &str, rng: &mut R) -> Result<Self, RandomnessFailure> {
        let mut id = [0; 32];
        rng.try_fill_bytes(&mut id).map_err(|_| RandomnessFailure)?;
        Ok(Self { election_id: ElectionId(id), name: name.to_owned(), signing: SigningKey::generate(rng)? })
    }

    /// The election's id.
    pub fn election_id(&self) -> ElectionId {
        self.election_id
    }

    /// Name, key and proof of possession (MAN-4).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn official<R: RngCore + CryptoRng>(&self, rng: &mut R) -> Result<Official, RandomnessFailure> {
        official(&self.election_id, Role::Authority, 0, &self.name, &self.signing, rng)
    }
}

impl RegistrarSecrets {
    /// A fresh key of registrar `index` (from 1).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(
        election: ElectionId,
        index: u32,
        name: &str,
        rng: &mut R,
    ) -> Result<Self, RandomnessFailure> {
        Ok(Self { election_id: election, index, name: name.to_owned(), signing: SigningKey::generate(rng)? })
    }

    /// Which registrar this is, from 1.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Name, key and proof of possession (MAN-4).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn official<R: RngCore + CryptoRng>(&self, rng: &mut R) -> Result<Official, RandomnessFailure> {
        official(&self.election_id, Role::Registrar, self.index, &self.name, &self.signing, rng)
    }
}

fn official<R: RngCore + CryptoRng>(
    election: &ElectionId,
    role: Role,
    index: u32,
    name: &str,
    key: &SigningKey,
    rng: &mut R,
) -> Result<Official, RandomnessFailure> {
    let transcript = context::key_possession(election, role, index, name);
    let possession = prove_possession(transcript, &[key.secret()], rng)?;
    Ok(Official { name: name.to_owned(), signing_key: key.public(), possession: *possession.as_bytes() })
}
