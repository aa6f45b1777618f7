//! What is inside a keystore: deterministic CBOR, `[format, content]`.
#![expect(private_interfaces, reason = "the trait is sealed: nobody outside can name it or its content")]

use super::KeystoreError;
use crate::{
    retirement::{KeptTrustee, RetiredTrustee},
    secrets::{Accepted, AuthoritySecrets, Confirmed, Dealt, Origin, RegistrarSecrets, TrusteeSecrets},
};
use crypto::{EncodedScalar, SecretScalar, schnorr::SigningKey, trustee_seed::TrusteeSeed};
use minicbor::{
    CborLen, Decode, Decoder, Encode, Encoder,
    bytes::ByteVec,
    decode as read,
    encode::{self as write, Write},
};
use protocol::ids::{DealingsFingerprint, ElectionFingerprint, ElectionId, EntryHash, JointKeyFingerprint};
use std::path::Path;
use zeroize::Zeroizing;

/// Format and version of the content.
const FORMAT: &str = "vitrine/2/keystore";

/// 32 secret bytes, wiped on drop.
struct SecretBytes(Zeroizing<[u8; 32]>);

impl<C> Encode<C> for SecretBytes {
    fn encode<W: Write>(&self, encoder: &mut Encoder<W>, _: &mut C) -> Result<(), write::Error<W::Error>> {
        encoder.bytes(self.0.as_slice())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SecretBytes {
    fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, read::Error> {
        let bytes: &[u8; 32] = decoder.bytes()?.try_into().map_err(|_| read::Error::message("a secret is 32 bytes"))?;
        Ok(Self(Zeroizing::new(*bytes)))
    }
}

impl<C> CborLen<C> for SecretBytes {
    fn cbor_len(&self, _: &mut C) -> usize {
        34
    }
}

/// A public digest.
#[derive(Encode, Decode, CborLen)]
#[cbor(transparent)]
struct Digest(#[cbor(with = "minicbor::bytes")] [u8; 32]);

#[derive(Encode, Decode, CborLen)]
#[cbor(flat)]
enum Content {
    /// `[0, election id, name, signing key]`
    #[n(0)]
    Authority(#[n(0)] Digest, #[n(1)] String, #[n(2)] SecretBytes),
    /// `[1, election id, index, name, signing key]`
    #[n(1)]
    Registrar(#[n(0)] Digest, #[n(1)] u32, #[n(2)] String, #[n(3)] SecretBytes),
    /// `[2, election id, index, name, restored, seed, dealt, confirmed, accepted, answered]`
    #[n(2)]
    Trustee(
        #[n(0)] Digest,
        #[n(1)] u32,
        #[n(2)] String,
        #[n(3)] bool,
        #[n(4)] SecretBytes,
        #[n(5)] Option<KeptDealing>,
        #[n(6)] Option<KeptConfirmation>,
        #[n(7)] Option<KeptShares>,
        #[n(8)] Option<Digest>,
    ),
    /// `[3, election id, index, name, F, statement]`
    #[n(3)]
    Retired(#[n(0)] Digest, #[n(1)] u32, #[n(2)] String, #[n(3)] Digest, #[n(4)] ByteVec),
}

/// F, and the bodies of the parts.
#[derive(Encode, Decode, CborLen)]
#[cbor(array)]
struct KeptDealing {
    #[n(0)]
    election: Digest,
    #[n(1)]
    parts: Vec<ByteVec>,
}

/// The dealings fingerprint, and the dealers complained of.
#[derive(Encode, Decode, CborLen)]
#[cbor(array)]
struct KeptConfirmation {
    #[n(0)]
    dealings: Digest,
    #[n(1)]
    complaints: Vec<u32>,
}

/// J, and the key shares.
#[derive(Encode, Decode, CborLen)]
#[cbor(array)]
struct KeptShares {
    #[n(0)]
    joint_key: Digest,
    #[n(1)]
    shares: Vec<SecretBytes>,
}

#[derive(Encode, Decode, CborLen)]
#[cbor(array)]
struct Document {
    #[n(0)]
    format: String,
    #[n(1)]
    content: Content,
}

impl Content {
    fn role(&self) -> &'static str {
        match self {
            Content::Authority(..) => AuthoritySecrets::ROLE,
            Content::Registrar(..) => RegistrarSecrets::ROLE,
            Content::Trustee(..) | Content::Retired(..) => TrusteeSecrets::ROLE,
        }
    }
}

/// Secrets that a keystore holds. Only this crate's three kinds are.
pub trait Keep: private::Keep {}
impl<K: private::Keep> Keep for K {}

mod private {
    use super::Content;

    /// Into and out of the keystore's content.
    pub trait Keep: Sized {
        /// Whose secrets these are.
        const ROLE: &'static str;

        fn keep(&self) -> Content;

        fn take(content: Content) -> Option<Self>;
    }
}
use private::Keep as _;

impl private::Keep for AuthoritySecrets {
    const ROLE: &'static str = "an authority";

    fn keep(&self) -> Content {
        Content::Authority(Digest(self.election_id.0), self.name.clone(), SecretBytes(self.signing.to_bytes()))
    }

    fn take(content: Content) -> Option<Self> {
        let Content::Authority(id, name, signing) = content else { return None };
        Some(Self { election_id: ElectionId(id.0), name, signing: signing_key(&signing)? })
    }
}

impl private::Keep for RegistrarSecrets {
    const ROLE: &'static str = "a registrar";

    fn keep(&self) -> Content {
        let signing = SecretBytes(self.signing.to_bytes());
        Content::Registrar(Digest(self.election_id.0), self.index, self.name.clone(), signing)
    }

    fn take(content: Content) -> Option<Self> {
        let Content::Registrar(id, index, name, signing) = content else { return None };
        Some(Self { election_id: ElectionId(id.0), index, name, signing: signing_key(&signing)? })
    }
}

impl private::Keep for TrusteeSecrets {
    const ROLE: &'static str = "a trustee";

    fn keep(&self) -> Content {
        let dealt = self.dealt.as_ref().map(|dealt| KeptDealing {
            election: Digest(dealt.election.0),
            parts: dealt.parts.iter().cloned().map(ByteVec::from).collect(),
        });
        let confirmed = self.confirmed.as_ref().map(|confirmed| KeptConfirmation {
            dealings: Digest(confirmed.dealings.0),
            complaints: confirmed.complaints.clone(),
        });
        let accepted = self.accepted.as_ref().map(|accepted| KeptShares {
            joint_key: Digest(accepted.joint_key.0),
            shares: accepted.shares.iter().map(|share| SecretBytes(share.to_bytes())).collect(),
        });
        Content::Trustee(
            Digest(self.election_id.0),
            self.index,
            self.name.clone(),
            self.is_restored(),
            SecretBytes(Zeroizing::new(*self.seed.as_bytes())),
            dealt,
            confirmed,
            accepted,
            self.answered.map(|closing| Digest(closing.0)),
        )
    }

    fn take(content: Content) -> Option<Self> {
        let Content::Trustee(id, index, name, restored, seed, dealt, confirmed, accepted, answered) = content else {
            return None;
        };
        let dealt = dealt.map(|dealt| Dealt {
            election: ElectionFingerprint(dealt.election.0),
            parts: dealt.parts.into_iter().map(Into::into).collect(),
        });
        let confirmed = confirmed.map(|confirmed| Confirmed {
            dealings: DealingsFingerprint(confirmed.dealings.0),
            complaints: confirmed.complaints,
        });
        let accepted = match accepted {
            Some(kept) => Some(Accepted {
                joint_key: JointKeyFingerprint(kept.joint_key.0),
                shares: kept.shares.iter().map(secret).collect::<Option<_>>()?,
            }),
            None => None,
        };
        let origin = if restored { Origin::Restored { vouched: false } } else { Origin::First };
        let fresh = Self::of(ElectionId(id.0), index, &name, TrusteeSeed::from_bytes(&seed.0), origin)?;
        let answered = answered.map(|closing| EntryHash(closing.0));
        Some(Self { dealt, confirmed, accepted, answered, ..fresh })
    }
}

impl private::Keep for RetiredTrustee {
    const ROLE: &'static str = TrusteeSecrets::ROLE;

    fn keep(&self) -> Content {
        let (id, election) = (Digest(self.election_id.0), Digest(self.election.0));
        Content::Retired(id, self.index, self.name.clone(), election, self.statement.clone().into())
    }

    fn take(content: Content) -> Option<Self> {
        let Content::Retired(id, index, name, election, statement) = content else { return None };
        let (election_id, election) = (ElectionId(id.0), ElectionFingerprint(election.0));
        Some(Self { election_id, index, name, election, statement: statement.into() })
    }
}

impl private::Keep for KeptTrustee {
    const ROLE: &'static str = TrusteeSecrets::ROLE;

    fn keep(&self) -> Content {
        match self {
            Self::Serving(secrets) => secrets.keep(),
            Self::Retired(retired) => retired.keep(),
        }
    }

    fn take(content: Content) -> Option<Self> {
        match content {
            Content::Retired(..) => RetiredTrustee::take(content).map(Self::Retired),
            content => TrusteeSecrets::take(content).map(|secrets| Self::Serving(Box::new(secrets))),
        }
    }
}

fn signing_key(bytes: &SecretBytes) -> Option<SigningKey> {
    SigningKey::from_bytes(&bytes.0).ok()
}

fn secret(bytes: &SecretBytes) -> Option<SecretScalar> {
    EncodedScalar(*bytes.0).decode().ok().map(SecretScalar::new)
}

/// The content's bytes, in a buffer that never moves.
pub(super) fn encode<K: Keep>(secrets: &K) -> Zeroizing<Vec<u8>> {
    let document = Document { format: FORMAT.to_owned(), content: secrets.keep() };
    let mut bytes = Zeroizing::new(Vec::with_capacity(minicbor::len(&document)));
    minicbor::encode(&document, &mut *bytes).expect("writing to memory cannot fail");
    bytes
}

pub(super) fn decode<K: Keep>(path: &Path, bytes: &[u8]) -> Result<K, KeystoreError> {
    let damaged = || KeystoreError::Damaged(path.to_owned());
    let mut decoder = Decoder::new(bytes);
    let format = decoder.array().and_then(|_| decoder.str()).map_err(|_| damaged())?;
    if format != FORMAT {
        return Err(KeystoreError::Version { path: path.to_owned(), found: format.to_owned() });
    }
    let document: Document = minicbor::decode(bytes).map_err(|_| damaged())?;
    let found = document.content.role();
    if found != K::ROLE {
        return Err(KeystoreError::Role { path: path.to_owned(), expected: K::ROLE, found });
    }
    let retired = matches!(document.content, Content::Retired(..));
    let refused = || if retired { KeystoreError::Retired(path.to_owned()) } else { damaged() };
    K::take(document.content).ok_or_else(refused)
}
