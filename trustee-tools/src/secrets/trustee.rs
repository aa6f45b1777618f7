//! A trustee's secrets: one seed, and the memory of what was done with it.

use crypto::{
    EncodedPoint, RandomnessFailure, SecretScalar,
    schnorr::{SigningKey, prove_possession},
    trustee_seed::TrusteeSeed,
};
use protocol::{
    context::{self, Role},
    fingerprint,
    ids::{DealingsFingerprint, ElectionFingerprint, ElectionId, EntryHash, JointKeyFingerprint, PartHash},
    manifest::TrusteeKeys,
};
use rand_core::{CryptoRng, RngCore};

/// A trustee's secrets, and what it must remember to have done.
#[derive(Debug)]
pub struct TrusteeSecrets {
    pub(crate) election_id: ElectionId,
    pub(crate) index: u32,
    pub(crate) name: String,
    /// Where the two keys come from (CER-32).
    pub(crate) seed: TrusteeSeed,
    pub(crate) signing: SigningKey,
    pub(crate) share: SecretScalar,
    pub(crate) origin: Origin,
    pub(crate) dealt: Option<Dealt>,
    pub(crate) confirmed: Option<Confirmed>,
    pub(crate) accepted: Option<Accepted>,
    pub(crate) answered: Option<EntryHash>,
}

/// Where a keystore comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is the one that was made first, and knows all that was ever done with its keys.
    First,
    /// It was made of a recovery sheet or of another keystore, and does not know what the first has done since (CER-34).
    Restored {
        /// Whether its owner said that the first keystore has answered no other closing.
        vouched: bool,
    },
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
        Self::of(election, index, name, TrusteeSeed::generate(rng)?, Origin::First).ok_or(RandomnessFailure)
    }

    /// What a recovery sheet gives (CER-34); none for a seed that gives no keys (CER-32).
    pub(crate) fn restored(election: ElectionId, index: u32, name: &str, seed: TrusteeSeed) -> Option<Self> {
        Self::of(election, index, name, seed, Origin::Restored { vouched: false })
    }

    /// CER-32: the keys follow from the seed.
    pub(crate) fn of(election: ElectionId, index: u32, name: &str, seed: TrusteeSeed, origin: Origin) -> Option<Self> {
        let (signing, share) = seed.keys(&election.0, index.into())?;
        Some(Self {
            election_id: election,
            index,
            name: name.to_owned(),
            seed,
            signing,
            share,
            origin,
            dealt: None,
            confirmed: None,
            accepted: None,
            answered: None,
        })
    }

    /// From here on these are the secrets of a second keystore (CER-34).
    pub(crate) fn into_copy(self) -> Self {
        Self { origin: Origin::Restored { vouched: false }, ..self }
    }

    /// Whether this keystore is not the first one (CER-34).
    pub fn is_restored(&self) -> bool {
        self.origin != Origin::First
    }

    /// Takes the owner's word that the first keystore has answered no other closing (CER-34). It is not stored: the closing that is
    /// answered is.
    pub fn vouch_no_other_closing(&mut self) {
        if let Origin::Restored { vouched } = &mut self.origin {
            *vouched = true;
        }
    }

    /// Which election these keys are for.
    pub fn election_id(&self) -> ElectionId {
        self.election_id
    }

    /// As everybody sees it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which trustee this is, from 1.
    pub fn index(&self) -> u32 {
        self.index
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
