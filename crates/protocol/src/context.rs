//! What every proof is bound to: the table of contexts in `specs/02-encoding.md` (CTX-1 to CTX-4), one function a row.
//! The contexts of the ceremony, the selection proof and decryption are beside their proofs in `crypto`.

use crate::{
    body::RollRow,
    ids::{ElectionFingerprint, ElectionId},
};
use crypto::transcript::{Kind, Label, Transcript};

/// The role of an official in `key-possession`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The authority, index 0.
    Authority,
    /// A registrar.
    Registrar,
    /// A trustee.
    Trustee,
}

/// `key-possession` (CTX-1): election id in place of F, role, index, name; the keys follow in the proof.
pub fn key_possession(election: &ElectionId, role: Role, index: u32, name: &str) -> Transcript {
    let mut transcript = Transcript::new(Kind::KeyPossession, &election.0);
    let role = match role {
        Role::Authority => 0,
        Role::Registrar => 1,
        Role::Trustee => 2,
    };
    transcript.integer(Label::Role, role);
    transcript.integer(Label::Index, index.into());
    transcript.bytes(Label::Name, name.as_bytes());
    transcript
}

/// `entry-signature` (CTX-2): author and body, as received.
pub fn entry_signature(election: &ElectionFingerprint, author: &[u8], body: &[u8]) -> Transcript {
    let mut transcript = Transcript::new(Kind::EntrySignature, &election.0);
    transcript.bytes(Label::Author, author);
    transcript.bytes(Label::Body, body);
    transcript
}

/// `credential-possession` of a roll chunk (CTX-3): registrar, chunk, then index, unit, weight and key of every row.
pub fn roll_possession(
    election: &ElectionFingerprint,
    registrar: u32,
    chunk: u32,
    first_index: u32,
    rows: &[RollRow],
) -> Transcript {
    let mut transcript = Transcript::new(Kind::CredentialPossession, &election.0);
    transcript.integer(Label::Registrar, registrar.into());
    transcript.integer(Label::Chunk, chunk.into());
    transcript.count(rows.len());
    for (row, index) in rows.iter().zip(u64::from(first_index)..) {
        transcript.integer(Label::Index, index);
        transcript.integer(Label::Unit, row.unit.into());
        transcript.integer(Label::Weight, row.weight.into());
        transcript.point(Label::Key, &row.key);
    }
    transcript
}

/// `credential-possession` of a replacement (CTX-4): registrar, round, index.
pub fn replacement_possession(election: &ElectionFingerprint, registrar: u32, round: u32, index: u32) -> Transcript {
    let mut transcript = Transcript::new(Kind::CredentialPossession, &election.0);
    transcript.integer(Label::Registrar, registrar.into());
    transcript.integer(Label::Round, round.into());
    transcript.integer(Label::Index, index.into());
    transcript
}
