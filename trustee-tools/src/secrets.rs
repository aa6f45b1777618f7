//! What each official keeps secret. Fresh for every election (MAN-13): possession proofs bind the election id, and nothing is used twice.

use crypto::{
    EncodedPoint, RandomnessFailure, SecretScalar,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    context::{self, Role},
    fingerprint,
    ids::{DealingsFingerprint, ElectionFingerprint, ElectionId, EntryHash, JointKeyFingerprint, PartHash},
    manifest::{Official, TrusteeKeys},
};
use rand_core::{CryptoRng, RngCore};

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

/// A trustee's secrets, and what it must remember to have done.
#[derive(Debug)]
pub struct TrusteeSecrets {
    pub(crate) election_id: ElectionId,
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) signing: SigningKey,
    pub(crate) share: SecretScalar,
    pub(crate) dealt: Option<Dealt>,
    pub(crate) confirmed: Option<Confirmed>,
    pub(crate) accepted: Option<Accepted>,
    pub(crate) answered: Option<EntryHash>,
}

/// The one dealing of this trustee. The polynomials are gone: what they gave is sealed in the parts, the dealer's own shares included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealt {
    /// F of the only election dealt for.
    pub election: ElectionFingerprint,
    /// The bodies of the parts, exactly as they are or will be posted.
    pub parts: Vec<Vec<u8>>,
}

impl Dealt {
    /// The hashes that the commitment lists.
    pub fn hashes(&self, dealer: u32) -> Vec<PartHash> {
        let hash = |(part, body): (u32, &Vec<u8>)| fingerprint::dealing_part(&self.election, dealer, part, body);
        (0..).zip(&self.parts).map(hash).collect()
    }
}

/// The one confirmation of this trustee (CER-31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// What every recipient saw.
    pub dealings: DealingsFingerprint,
    /// The dealers complained of, ascending.
    pub complaints: Vec<u32>,
}

/// The one joint key this trustee holds shares of.
#[derive(Debug)]
pub struct Accepted {
    /// J.
    pub joint_key: JointKeyFingerprint,
    /// The key shares `x_i1..x_iK`.
    pub shares: Vec<SecretScalar>,
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

impl TrusteeSecrets {
    /// Fresh keys of trustee `index` (from 1).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn generate<R: RngCore + CryptoRng>(
        election: ElectionId,
        index: u32,
        name: &str,
        rng: &mut R,
    ) -> Result<Self, RandomnessFailure> {
        Ok(Self {
            election_id: election,
            index,
            name: name.to_owned(),
            signing: SigningKey::generate(rng)?,
            share: SecretScalar::generate(rng)?,
            dealt: None,
            confirmed: None,
            accepted: None,
            answered: None,
        })
    }

    /// Which trustee this is, from 1.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The trustee's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Name, keys and proof of possession (MAN-4).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn public<R: RngCore + CryptoRng>(&self, rng: &mut R) -> Result<TrusteeKeys, RandomnessFailure> {
        let transcript = context::key_possession(&self.election_id, Role::Trustee, self.index, &self.name);
        let possession = prove_possession(transcript, &[self.signing.secret(), &self.share], rng)?;
        Ok(TrusteeKeys {
            name: self.name.clone(),
            signing_key: self.signing.public(),
            share_key: EncodedPoint::encode(&self.share.public()),
            possession: *possession.as_bytes(),
        })
    }

    /// The dealing made, if it was made.
    pub fn dealt(&self) -> Option<&Dealt> {
        self.dealt.as_ref()
    }

    /// What was confirmed, if anything was.
    pub fn confirmed(&self) -> Option<&Confirmed> {
        self.confirmed.as_ref()
    }

    /// J of the key shares held, if any are.
    pub fn joint_key(&self) -> Option<JointKeyFingerprint> {
        self.accepted.as_ref().map(|accepted| accepted.joint_key)
    }

    /// The closing fingerprint answered, if one was.
    pub fn answered(&self) -> Option<EntryHash> {
        self.answered
    }

    /// Takes down what must survive before anything is sent. What was remembered before stays: a second dealing, confirmation, joint key or
    /// closing is never offered by the steps, and would not be taken here either.
    pub fn remember(&mut self, note: Note) {
        match note.0 {
            Memory::Dealt(dealt) => {
                self.dealt.get_or_insert(dealt);
            }
            Memory::Confirmed(confirmed) => {
                self.confirmed.get_or_insert(confirmed);
            }
            Memory::Accepted(accepted) => {
                self.accepted.get_or_insert(accepted);
            }
            Memory::Answered(closing) => {
                self.answered.get_or_insert(closing);
            }
        }
    }
}

/// Something a trustee's keystore must hold durably before the next step is told.
#[derive(Debug)]
#[must_use = "what is not remembered is made again, and then refused"]
pub struct Note(pub(crate) Memory);

#[derive(Debug)]
pub(crate) enum Memory {
    Dealt(Dealt),
    Confirmed(Confirmed),
    Accepted(Accepted),
    Answered(EntryHash),
}

impl Note {
    /// What it is about, in words.
    pub fn subject(&self) -> &'static str {
        match self.0 {
            Memory::Dealt(_) => "the dealing",
            Memory::Confirmed(_) => "the confirmation",
            Memory::Accepted(_) => "the key shares",
            Memory::Answered(_) => "the closing that is answered",
        }
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
