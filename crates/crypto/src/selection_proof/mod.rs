//! The selection proof (CRY-30..CRY-39): a sealed contest holds a witness of bits, and of wide values, that satisfies the contest's relation.
//!
//! Verification equations that must stay separate: E1 says that the committed witness `A` consists of bits and satisfies the linear
//! rules, E2 that the ciphertext `C_0..C_K` holds exactly this witness, and, where it has wide values, E3 that the commitments
//! `V_1..V_n` hold them, of which a range proof says that they are below 2^32. The arguments are in the chapters' last sections; the
//! letters are the same there.

mod algebra;
mod amounts;
mod sealing;
mod verification;

pub use sealing::{ContestOpening, SealError, seal};
pub use verification::{check_opening, claim};

use crate::{
    encoding::{DecodeError, EncodedPoint},
    relation::Relation,
    transcript::{Kind, Label, Transcript},
};

/// Where a selection proof belongs (CRY-33): it verifies nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelectionContext {
    /// F, the election fingerprint (covers W, L and t).
    pub election: [u8; 32],
    /// O, the opening fingerprint.
    pub opening: [u8; 32],
    /// J, the joint-key fingerprint (covers the slot keys).
    pub joint_key: [u8; 32],
    /// The contest's index.
    pub contest: u64,
    /// The voter's public credential.
    pub credential: EncodedPoint,
    /// The ballot's number in the voter's own chain.
    pub sequence: u64,
    /// The tracker of the voter's previous ballot.
    pub previous: [u8; 32],
}

impl SelectionContext {
    /// Step 0 (CRY-33): the context, the relation's sizes, and the ciphertext. What follows for wide values is [`amounts::absorb`].
    fn transcript<'a>(
        &self,
        relation: &Relation,
        ciphertext: impl IntoIterator<Item = &'a EncodedPoint>,
    ) -> Transcript {
        let size = |items: usize| u64::try_from(items).expect("a length fits 64 bits");
        let mut transcript = Transcript::new(Kind::Selection, &self.election);
        transcript.bytes(Label::Opening, &self.opening);
        transcript.bytes(Label::JointKey, &self.joint_key);
        transcript.integer(Label::Contest, self.contest);
        transcript.point(Label::Credential, &self.credential);
        transcript.integer(Label::Sequence, self.sequence);
        transcript.bytes(Label::Previous, &self.previous);
        transcript.integer(Label::Slots, size(relation.slots()));
        transcript.integer(Label::Witness, size(relation.witness_len()));
        transcript.integer(Label::Rules, size(relation.rules_len()));
        for point in ciphertext {
            transcript.point(Label::Ciphertext, point);
        }
        transcript
    }
}

/// The ciphertext and proof of one contest (CRY-31):
/// `C_0..C_K || A || T_1 || T_0 || T_C || f_1..f_N || z_r || z_h`, 32 bytes each. Where there are wide values (CRY-27), `V_1..V_n` follow
/// `C_K`, `T_V` follows `T_C`, and `z_g` and the range proof follow `z_h`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedContest {
    bytes: Vec<u8>,
    slots: usize,
}

impl SealedContest {
    /// Takes bytes of exactly the relation's length. Points and scalars are checked when they become a [`claim`].
    ///
    /// # Errors
    /// [`DecodeError::Length`] for any other length.
    pub fn decode(bytes: &[u8], relation: &Relation) -> Result<Self, DecodeError> {
        let expected = relation.sealed_len();
        if bytes.len() != expected {
            return Err(DecodeError::Length { expected, found: bytes.len() });
        }
        Ok(Self { bytes: bytes.to_vec(), slots: relation.slots() })
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `C_0..C_K`, as received.
    pub fn ciphertext_points(&self) -> impl Iterator<Item = EncodedPoint> + '_ {
        self.blocks().take(self.slots.saturating_add(1)).map(EncodedPoint)
    }

    /// `V_1..V_n`, as received: as many as the relation has wide values.
    fn amount_points(&self, relation: &Relation) -> impl Iterator<Item = EncodedPoint> + '_ {
        self.blocks().skip(self.slots.saturating_add(1)).take(relation.wide().len()).map(EncodedPoint)
    }

    /// `C_0`, as received: no two sealed contests of an election may share it.
    pub fn c0(&self) -> EncodedPoint {
        self.ciphertext_points().next().unwrap_or(EncodedPoint::IDENTITY)
    }

    fn blocks(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        self.bytes.as_chunks::<32>().0.iter().copied()
    }
}

#[cfg(test)]
mod cheating;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod weakness;
