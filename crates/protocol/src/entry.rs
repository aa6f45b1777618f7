//! Submissions (what an author sends) and entries (what the board makes of them: the leaves of the log).

use crate::{
    body::{Body, MAXIMUM_BODY},
    cbor, context, fingerprint,
    ids::{ElectionFingerprint, EntryHash, Minutes, SubmissionId},
    rule::{Rejection, demand},
};
use crypto::{
    EncodedPoint, RandomnessFailure,
    batch::Bases,
    schnorr::{Signature, SigningKey, signature_claim},
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::{CryptoRng, RngCore};

/// Longest entry the log holds (its bundles have 16-bit lengths).
pub const MAXIMUM_ENTRY: usize = 65_535;

/// Who sends a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(flat)]
pub enum Author {
    /// The election authority.
    #[n(0)]
    Authority,
    /// Registrar i, from 1.
    #[n(1)]
    Registrar(#[n(0)] u32),
    /// Trustee i, from 1.
    #[n(2)]
    Trustee(#[n(0)] u32),
    /// The holder of a credential key.
    #[n(3)]
    Credential(#[cbor(n(0), with = "cbor::point")] EncodedPoint),
    /// Anyone; without a signature, and only where the body proves itself.
    #[n(4)]
    Anyone,
}

impl Author {
    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }
}

impl std::fmt::Display for Author {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Author::Authority => formatter.write_str("authority"),
            Author::Registrar(index) => write!(formatter, "registrar {index}"),
            Author::Trustee(index) => write!(formatter, "trustee {index}"),
            Author::Credential(key) => write!(formatter, "credential {}", hex::encode(key.0)),
            Author::Anyone => formatter.write_str("anyone"),
        }
    }
}

/// What an author sends: `[author, body, signature]`, each a byte string, so that hashes and signatures cover the bytes received.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Submission {
    #[n(0)]
    author: ByteVec,
    #[n(1)]
    body: ByteVec,
    #[n(2)]
    signature: ByteVec,
}

impl Submission {
    /// Signs a body as its author (ENT-5).
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn sign<R: RngCore + CryptoRng>(
        election: &ElectionFingerprint,
        author: &Author,
        body: Vec<u8>,
        key: &SigningKey,
        rng: &mut R,
    ) -> Result<Self, RandomnessFailure> {
        let author = author.encode();
        let signature = crypto::schnorr::sign(context::entry_signature(election, &author, &body), key, rng)?;
        Ok(Self { author: author.into(), body: body.into(), signature: signature.as_bytes().to_vec().into() })
    }

    /// A body that proves itself, from anyone.
    pub fn anonymous(body: Vec<u8>) -> Self {
        Self { author: Author::Anyone.encode().into(), body: body.into(), signature: Vec::new().into() }
    }

    /// Puts the parts together unchecked, for tests and for entries.
    pub fn from_parts(author: Vec<u8>, body: Vec<u8>, signature: Vec<u8>) -> Self {
        Self { author: author.into(), body: body.into(), signature: signature.into() }
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads a submission (ENC-1, ENC-2).
    ///
    /// # Errors
    /// [`Rejection`] by ENC-1 or ENC-2.
    pub fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        demand!(bytes.len() <= MAXIMUM_ENTRY, Oversized, format!("at most {MAXIMUM_ENTRY} bytes"), bytes.len());
        let submission: Self = cbor::decode(bytes, "submission")?;
        let body = submission.body.len();
        demand!(body <= MAXIMUM_BODY, Oversized, format!("at most {MAXIMUM_BODY} bytes"), body);
        Ok(submission)
    }

    /// The author, decoded.
    ///
    /// # Errors
    /// [`Rejection`] by ENC-1.
    pub fn author(&self) -> Result<Author, Rejection> {
        cbor::decode(&self.author, "author")
    }

    /// The author's bytes, as received.
    pub fn author_bytes(&self) -> &[u8] {
        &self.author
    }

    /// The body, decoded.
    ///
    /// # Errors
    /// [`Rejection`] by ENC-1 or ENC-2.
    pub fn body(&self) -> Result<Body, Rejection> {
        Body::decode(&self.body)
    }

    /// The body's bytes, as received: what is hashed and signed (ENC-4).
    pub fn body_bytes(&self) -> &[u8] {
        &self.body
    }

    /// The signature's bytes: 64, or none from anyone.
    pub fn signature_bytes(&self) -> &[u8] {
        &self.signature
    }

    /// ENT-5: whether this key signed author and body for this election.
    pub fn is_signed_by(&self, election: &ElectionFingerprint, key: &EncodedPoint) -> bool {
        let transcript = context::entry_signature(election, &self.author, &self.body);
        let Ok(signature) = Signature::from_slice(&self.signature) else { return false };
        signature_claim(transcript, key, &signature).is_ok_and(|claim| claim.verify(&Bases::new(0, &[])).is_ok())
    }

    /// Submission id; of a ballot: its tracker.
    pub fn id(&self, election: &ElectionFingerprint) -> SubmissionId {
        fingerprint::submission(election, &self.author, &self.body)
    }
}

/// What the board makes of a submission: `[index, previous, time, author, body, signature]`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entry {
    /// Position in the log, from 0; position decides.
    #[n(0)]
    pub index: u64,
    /// Hash of the entry before; 32 zero bytes for entry 0.
    #[n(1)]
    pub previous: EntryHash,
    /// The board's clock; informative.
    #[n(2)]
    pub time: Minutes,
    #[n(3)]
    author: ByteVec,
    #[n(4)]
    body: ByteVec,
    #[n(5)]
    signature: ByteVec,
}

impl Entry {
    /// Puts a submission at a place in the log.
    pub fn new(index: u64, previous: EntryHash, time: Minutes, submission: Submission) -> Self {
        let Submission { author, body, signature } = submission;
        Self { index, previous, time, author, body, signature }
    }

    /// The canonical bytes: the leaf of the log.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads an entry (ENC-1, ENC-2).
    ///
    /// # Errors
    /// [`Rejection`] by ENC-1 or ENC-2.
    pub fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        demand!(bytes.len() <= MAXIMUM_ENTRY, Oversized, format!("at most {MAXIMUM_ENTRY} bytes"), bytes.len());
        let entry: Self = cbor::decode(bytes, "entry")?;
        let body = entry.body.len();
        demand!(body <= MAXIMUM_BODY, Oversized, format!("at most {MAXIMUM_BODY} bytes"), body);
        Ok(entry)
    }

    /// The submission inside.
    pub fn submission(&self) -> Submission {
        Submission { author: self.author.clone(), body: self.body.clone(), signature: self.signature.clone() }
    }

    /// Entry hash of these entry bytes.
    pub fn hash(&self) -> EntryHash {
        fingerprint::entry(&self.encode())
    }
}
