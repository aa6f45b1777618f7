//! Aggregated range proofs of amounts (CRY-45..CRY-48), by the `bulletproofs` crate: no other module calls it.
//!
//! It proves that every commitment `V_h = v_h G + g_h H` of a list holds a value below 2^32. The list is padded with identities, which
//! hold 0, to a power of two.

use crate::{
    RandomnessFailure, SecretScalar,
    encoding::{DecodeError, EncodedPoint},
    group::{self, Point, Scalar},
    transcript::{Label, Transcript},
};
use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::ristretto::CompressedRistretto;
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng as _};
use zeroize::Zeroizing;

/// Bits of a wide value (CRY-25).
const BITS: usize = 32;

/// The bases of the range proofs (CRY-46) for lists of up to so many commitments: 64 points for each, the same in every election.
pub(crate) struct Generators(BulletproofGens);

impl Generators {
    pub(crate) fn new(amounts: usize) -> Self {
        Self(BulletproofGens::new(BITS, padded(amounts)))
    }
}

impl std::fmt::Debug for Generators {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Generators({})", self.0.party_capacity)
    }
}

/// The length of the padded list (CRY-45).
fn padded(amounts: usize) -> usize {
    amounts.next_power_of_two()
}

/// The 32-byte blocks of a range proof (CRY-47): none for an empty list.
pub(crate) fn blocks(amounts: usize) -> usize {
    if amounts == 0 {
        return 0;
    }
    let rounds = padded(amounts).saturating_mul(BITS).ilog2();
    usize::try_from(rounds).expect("a logarithm fits").saturating_mul(2).saturating_add(9)
}

fn pedersen(blinding: &Point) -> PedersenGens {
    PedersenGens { B: group::G, B_blinding: *blinding }
}

/// A contest's transcript after step 0 goes on apart for its range proof (CRY-45).
fn fork(transcript: &Transcript) -> Transcript {
    let mut fork = transcript.clone();
    fork.bytes(Label::Fork, b"range-proof");
    fork
}

/// Proves that the commitments `values_h G + blindings_h H` hold values below 2^32. `None` when a challenge is zero.
///
/// What the crate computes in variable time are the vectors l(x) and r(x), which its protocol's verifier could be shown: they are masked.
///
/// # Errors
/// [`RandomnessFailure`] when the generator fails.
pub(crate) fn prove<R: RngCore + CryptoRng>(
    transcript: &Transcript,
    generators: &Generators,
    blinding: &Point,
    values: &[u32],
    blindings: &[SecretScalar],
    rng: &mut R,
) -> Result<Option<Vec<u8>>, RandomnessFailure> {
    let mut fork = fork(transcript);
    let size = padded(values.len());
    // Lists of secrets are made at their full length: one that grew would leave its old place unwiped (CRY-5).
    let mut amounts = Zeroizing::new(Vec::with_capacity(size));
    amounts.extend(values.iter().map(|value| u64::from(*value)));
    amounts.resize(size, 0);
    let mut masks = Zeroizing::new(Vec::with_capacity(size));
    masks.extend(blindings.iter().map(|blinding| *blinding.expose()));
    masks.resize(size, Scalar::ZERO);
    let secrets = Zeroizing::new(amounts.iter().map(|value| Scalar::from(*value)).collect::<Vec<Scalar>>());
    // CRY-36: its masks too come from randomness rekeyed with the secrets.
    let mut rng = fork.private_rng(&secrets.iter().chain(masks.iter()).collect::<Vec<_>>(), rng)?;
    let proof = RangeProof::prove_multiple_with_rng(
        &generators.0,
        &pedersen(blinding),
        fork.merlin(),
        &amounts,
        &masks,
        BITS,
        &mut rng,
    );
    Ok(proof.ok().map(|(proof, _)| proof.to_bytes()))
}

/// A range proof that waits to be checked, with the commitments it speaks of.
#[derive(Clone)]
pub(crate) struct RangeClaim {
    transcript: Transcript,
    commitments: Vec<CompressedRistretto>,
    proof: RangeProof,
    weight_seed: [u8; 32],
}

impl std::fmt::Debug for RangeClaim {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RangeClaim({})", self.commitments.len())
    }
}

impl RangeClaim {
    /// The claim that these commitments hold values below 2^32, by a proof made after this transcript.
    ///
    /// # Errors
    /// [`DecodeError`] for another length (CRY-47) or a scalar that is not canonical. A point that is not makes the claim fail.
    pub(crate) fn decode(
        transcript: &Transcript,
        commitments: &[EncodedPoint],
        bytes: &[u8],
    ) -> Result<Self, DecodeError> {
        let expected = blocks(commitments.len()).saturating_mul(32);
        if bytes.len() != expected {
            return Err(DecodeError::Length { expected, found: bytes.len() });
        }
        let proof = RangeProof::from_bytes(bytes).map_err(|_| DecodeError::Scalar)?;
        let transcript = fork(transcript);
        // The crate checks two equations as one, with a weight. It follows from everything it weighs, so the verdict is a function of
        // the bytes (CRY-48).
        let mut weigh = transcript.clone();
        weigh.bytes(Label::RangeProof, bytes);
        let mut weight_seed = [0; 32];
        weigh.squeeze(Label::C, &mut weight_seed);
        let mut commitments: Vec<_> = commitments.iter().map(|point| CompressedRistretto(point.0)).collect();
        commitments.resize(padded(commitments.len()), CompressedRistretto(EncodedPoint::IDENTITY.0));
        Ok(Self { transcript, commitments, proof, weight_seed })
    }

    /// Whether the proof holds (CRY-48).
    pub(crate) fn holds(&self, generators: &Generators, blinding: &Point) -> bool {
        let mut transcript = self.transcript.clone();
        let mut rng = ChaCha20Rng::from_seed(self.weight_seed);
        let merlin = transcript.merlin();
        let bases = pedersen(blinding);
        self.proof.verify_multiple_with_rng(&generators.0, &bases, merlin, &self.commitments, BITS, &mut rng).is_ok()
    }
}
