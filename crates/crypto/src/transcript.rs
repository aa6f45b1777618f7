//! Fiat-Shamir through Merlin, behind the one type that owns every label (CRY-6, CRY-7).
//!
//! A value is encoded and absorbed in the same call, so nothing can be serialised and forgotten. No other module calls `merlin`.

use crate::{
    RandomnessFailure, VerificationFailure,
    encoding::{EncodedPoint, EncodedScalar},
    group::Scalar,
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// The suite every top-level object names. One group, one hash: there is no negotiation.
pub const SUITE: &str = "vitrine/1/ristretto255";

/// What is being proved (CRY-9). Absorbed first, so that no proof of one kind serves as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Possession of all keys of an official.
    KeyPossession,
    /// The signature of a submission.
    EntrySignature,
    /// Possession of every credential key of a roll chunk (or of one replacement key).
    CredentialPossession,
    /// Possession of all constant terms of a dealing part.
    ConstantTermPossession,
    /// Possession of the exponent of a sealed share's ephemeral point.
    EphemeralPossession,
    /// Equality proof of a complaint's revealed Diffie-Hellman point.
    ComplaintEquality,
    /// A trustee's rehearsal.
    Rehearsal,
    /// The validity of one sealed contest.
    Selection,
    /// A partial decryption.
    Decryption,
}

impl Kind {
    /// The text that is absorbed.
    pub fn text(self) -> &'static str {
        match self {
            Kind::KeyPossession => "key-possession",
            Kind::EntrySignature => "entry-signature",
            Kind::CredentialPossession => "credential-possession",
            Kind::ConstantTermPossession => "constant-term-possession",
            Kind::EphemeralPossession => "ephemeral-possession",
            Kind::ComplaintEquality => "complaint-equality",
            Kind::Rehearsal => "rehearsal",
            Kind::Selection => "selection",
            Kind::Decryption => "decryption",
        }
    }
}

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// Every label of every transcript, on one page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Label { $($(#[$doc])* $name),* }
        impl Label {
            /// The label as Merlin absorbs it.
            pub fn text(self) -> &'static str {
                match self { $(Label::$name => $text),* }
            }
            fn bytes(self) -> &'static [u8] {
                self.text().as_bytes()
            }
        }
    };
}

labels! {
    /// The suite name.
    Suite = "suite",
    /// The statement kind.
    Kind = "kind",
    /// F (in `key-possession`: the election id).
    Election = "election",
    /// A role number (authority 0, registrar 1, trustee 2).
    Role = "role",
    /// An index of a party, a chunk's roll index, an entry's index.
    Index = "index",
    /// A party's name.
    Name = "name",
    /// A public key.
    Key = "key",
    /// The author bytes of a submission.
    Author = "author",
    /// The body bytes of a submission.
    Body = "body",
    /// A registrar's index.
    Registrar = "registrar",
    /// A chunk number.
    Chunk = "chunk",
    /// A replacement's round number.
    Round = "round",
    /// A unit's index.
    Unit = "unit",
    /// A voter's weight.
    Weight = "weight",
    /// A dealer's index.
    Dealer = "dealer",
    /// A recipient's index.
    Recipient = "recipient",
    /// A complainer's index.
    Complainer = "complainer",
    /// A dealing part's number.
    Part = "part",
    /// A coefficient commitment.
    Coefficient = "coefficient",
    /// An ephemeral point `E`.
    Ephemeral = "E",
    /// A share-encryption key `Y`.
    ShareKey = "Y",
    /// The dealings fingerprint.
    Dealings = "dealings",
    /// J, the joint-key fingerprint.
    JointKey = "joint-key",
    /// O, the opening fingerprint.
    Opening = "opening",
    /// The closing fingerprint.
    Closing = "closing",
    /// A trustee's index.
    Trustee = "trustee",
    /// An entry's hash.
    EntryHash = "entry-hash",
    /// A contest's index.
    Contest = "contest",
    /// A tally group's index.
    Group = "group",
    /// A credential key.
    Credential = "credential",
    /// A ballot's sequence number.
    Sequence = "sequence",
    /// The tracker of the credential's previous ballot.
    Previous = "previous",
    /// The number of items that follow.
    Count = "count",
    /// K, the number of slots.
    Slots = "K",
    /// N, the length of the witness.
    Witness = "N",
    /// M, the number of linear rules.
    Rules = "M",
    /// A ciphertext point `C_0..C_K`.
    Ciphertext = "C",
    /// The witness commitment `A`.
    A = "A",
    /// Announcement `T_1`.
    T1 = "T1",
    /// Announcement `T_0`.
    T0 = "T0",
    /// Announcement `T_C`.
    TC = "TC",
    /// n, the number of wide values.
    Amounts = "n",
    /// A wide position, counted from 0.
    Position = "S",
    /// A commitment `V_h` to a wide value.
    Amount = "V",
    /// Announcement `T_V`.
    TV = "TV",
    /// What a transcript that forks off goes on with.
    Fork = "fork",
    /// A range proof, in its verifier's own weight only.
    RangeProof = "range-proof",
    /// The announcement of a Schnorr-like proof over the first base.
    R = "R",
    /// The announcement of an equality proof over the second base.
    R2 = "R2",
    /// The second base of an equality proof.
    Base = "base",
    /// The first image of an equality proof (over `G`).
    Image = "image",
    /// The second image of an equality proof (over the second base).
    Image2 = "image2",
    /// Challenge y.
    Y = "y",
    /// Challenge z.
    Z = "z",
    /// Challenge x.
    X = "x",
    /// The challenge of a Schnorr-like proof.
    C = "c",
    /// The challenge that batches several statements into one.
    V = "v",
    /// The rehearsal's public exponent.
    TestPoint = "test-point",
    /// A prover's witness, in its private randomness only.
    Rekey = "rekey",
}

/// A Fiat-Shamir transcript of one statement, by Merlin (CRY-8).
#[derive(Clone)]
pub struct Transcript(merlin::Transcript);

impl Transcript {
    /// Begins a statement: Merlin label `vitrine/1`, then suite, kind and the election (CRY-6). `election` is F, but for
    /// `key-possession`, which precedes F, the election id.
    pub fn new(kind: Kind, election: &[u8; 32]) -> Self {
        let mut transcript = Self(merlin::Transcript::new(b"vitrine/1"));
        transcript.bytes(Label::Suite, SUITE.as_bytes());
        transcript.bytes(Label::Kind, kind.text().as_bytes());
        transcript.bytes(Label::Election, election);
        transcript
    }

    /// Absorbs bytes.
    pub fn bytes(&mut self, label: Label, value: &[u8]) {
        self.0.append_message(label.bytes(), value);
    }

    /// Absorbs an integer as 8 little-endian bytes.
    pub fn integer(&mut self, label: Label, value: u64) {
        self.0.append_u64(label.bytes(), value);
    }

    /// Absorbs a list's length as label `count`; the items follow one by one.
    pub fn count(&mut self, items: usize) {
        self.integer(Label::Count, u64::try_from(items).expect("a length fits 64 bits"));
    }

    /// Absorbs an encoded point, as received.
    pub fn point(&mut self, label: Label, value: &EncodedPoint) {
        self.bytes(label, value.as_bytes());
    }

    /// Absorbs an encoded scalar, as received.
    pub fn scalar(&mut self, label: Label, value: &EncodedScalar) {
        self.bytes(label, value.as_bytes());
    }

    /// Squeezes a challenge: 64 bytes reduced modulo l; zero is refused (CRY-7). The prover starts afresh then.
    ///
    /// # Errors
    /// [`VerificationFailure`] when the challenge is zero.
    pub fn challenge(&mut self, label: Label) -> Result<Scalar, VerificationFailure> {
        let mut wide = [0u8; 64];
        self.0.challenge_bytes(label.bytes(), &mut wide);
        let challenge = Scalar::from_bytes_mod_order_wide(&wide);
        #[cfg(test)]
        let challenge = if tests::zero_is_due() { Scalar::ZERO } else { challenge };
        nonzero(challenge)
    }

    /// Squeezes bytes that are no challenge.
    pub(crate) fn squeeze(&mut self, label: Label, bytes: &mut [u8]) {
        self.0.challenge_bytes(label.bytes(), bytes);
    }

    /// The bare transcript, for the range proofs' crate, whose labels are its own (CRY-45).
    pub(crate) fn merlin(&mut self) -> &mut merlin::Transcript {
        &mut self.0
    }

    /// A prover's private randomness: this transcript, rekeyed with the secret witness and 32 bytes of system entropy, so
    /// that neither a repeated nor a known generator alone reveals a nonce.
    ///
    /// # Errors
    /// [`RandomnessFailure`] when the generator fails.
    pub fn private_rng<R: RngCore + CryptoRng>(
        &self,
        witness: &[&Scalar],
        rng: &mut R,
    ) -> Result<impl RngCore + CryptoRng + use<R>, RandomnessFailure> {
        let mut entropy = Entropy(Zeroizing::new([0; 32]));
        rng.try_fill_bytes(entropy.0.as_mut_slice()).map_err(|_| RandomnessFailure)?;
        let mut builder = self.0.build_rng();
        for scalar in witness {
            builder = builder.rekey_with_witness_bytes(Label::Rekey.bytes(), &Zeroizing::new(scalar.to_bytes())[..]);
        }
        Ok(builder.finalize(&mut entropy))
    }
}

/// Refuses the zero challenge (CRY-7). A function of its own so that a test can inject one.
pub(crate) fn nonzero(challenge: Scalar) -> Result<Scalar, VerificationFailure> {
    if challenge == Scalar::ZERO { Err(VerificationFailure) } else { Ok(challenge) }
}

/// 32 bytes already drawn from the system, handed to Merlin, whose interface cannot fail.
struct Entropy(Zeroizing<[u8; 32]>);

impl RngCore for Entropy {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, destination: &mut [u8]) {
        for (to, from) in destination.iter_mut().zip(self.0.iter()) {
            *to = *from;
        }
    }
    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(destination);
        Ok(())
    }
}
impl CryptoRng for Entropy {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static ZERO_DUE: Cell<Option<u32>> = const { Cell::new(None) };
    }

    /// Injects a zero: the challenge squeezed on this thread after `others` more comes out as zero, once.
    pub(crate) fn inject_zero_after(others: u32) {
        ZERO_DUE.set(Some(others));
    }

    pub(super) fn zero_is_due() -> bool {
        let due = ZERO_DUE.get();
        ZERO_DUE.set(due.and_then(|others| others.checked_sub(1)));
        due == Some(0)
    }

    #[test]
    fn zero_challenges_are_refused() {
        assert_eq!(nonzero(Scalar::ZERO), Err(VerificationFailure));
        assert_eq!(nonzero(Scalar::ONE), Ok(Scalar::ONE));
        let challenge = || Transcript::new(Kind::Selection, &[0; 32]).challenge(Label::C);
        inject_zero_after(1);
        assert!(challenge().is_ok());
        assert!(challenge().is_err());
        assert!(challenge().is_ok());
    }

    #[test]
    fn kinds_and_elections_separate() {
        let challenge = |kind, election| Transcript::new(kind, &[election; 32]).challenge(Label::C);
        assert_ne!(challenge(Kind::Rehearsal, 1), challenge(Kind::Decryption, 1));
        assert_ne!(challenge(Kind::Rehearsal, 1), challenge(Kind::Rehearsal, 2));
    }

    #[test]
    fn broken_randomness_gives_no_nonce() {
        let transcript = Transcript::new(Kind::Selection, &[0; 32]);
        assert!(transcript.private_rng(&[], &mut crate::secret::tests::Broken).is_err());
    }
}
