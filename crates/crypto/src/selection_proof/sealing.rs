//! The prover (CRY-30..CRY-36). Constant time in the witness and in every mask: no branch and no index depends on them.

use super::{SealedContest, SelectionContext, algebra};
use crate::{
    RandomnessFailure, SecretScalar,
    batch::Bases,
    elgamal,
    encoding::{EncodedPoint, EncodedScalar},
    group::{self, Point, Scalar},
    relation::Relation,
    transcript::{Label, Transcript},
};
use curve25519_dalek::{constants::RISTRETTO_BASEPOINT_TABLE, traits::MultiscalarMul as _};
use rand_core::{CryptoRng, RngCore};
use subtle::{Choice, ConditionallySelectable as _};
use zeroize::Zeroizing;

/// What opens a sealed contest: the randomness r of its ciphertext. Published when the ballot is audited; wiped otherwise.
#[derive(Debug)]
pub struct ContestOpening {
    randomness: SecretScalar,
}

impl ContestOpening {
    /// The randomness, still secret.
    pub fn randomness(&self) -> &SecretScalar {
        &self.randomness
    }

    /// The randomness, published: whoever has it reads the ballot.
    pub fn into_public(self) -> EncodedScalar {
        EncodedScalar(*self.randomness.to_bytes())
    }
}

/// Why nothing was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The witness has another length or breaks a rule of the contest.
    #[error("the selection does not satisfy the contest's rules")]
    Witness,
    /// The bases have fewer witness bases or slot keys than the relation needs.
    #[error("the shared bases are too few for this contest")]
    Bases,
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessFailure),
}

/// Encrypts a selection and proves it valid (CRY-30..CRY-36). The witness is secret; whether it satisfies the relation is not.
///
/// # Errors
/// [`SealError`], as its variants say; nothing is sealed then.
pub fn seal<R: RngCore + CryptoRng>(
    relation: &Relation,
    bases: &Bases,
    context: &SelectionContext,
    witness: &[u32],
    rng: &mut R,
) -> Result<(SealedContest, ContestOpening), SealError> {
    let keys = bases.slot_points().get(..relation.slots()).ok_or(SealError::Bases)?;
    if bases.witness_len() < relation.witness_len() {
        return Err(SealError::Bases);
    }
    let values = Zeroizing::new(relation.values(witness).ok_or(SealError::Witness)?);
    if !relation.holds(witness) {
        return Err(SealError::Witness);
    }
    if !relation.wide().is_empty() {
        return Err(SealError::Bases);
    }
    let w = Zeroizing::new(witness.iter().map(|value| Scalar::from(*value)).collect::<Vec<Scalar>>());
    loop {
        // r too is hedged: it depends on the context, the witness and the system's entropy.
        let before = context.transcript(relation, []);
        let r = SecretScalar::generate(&mut before.private_rng(&w.iter().collect::<Vec<_>>(), rng)?)?;
        let ciphertext = elgamal::encrypt(keys, &values, &r).map_err(|_| SealError::Bases)?.points;
        let transcript = context.transcript(relation, &ciphertext);
        let prover = Prover { relation, bases, w: &w, r: &r };
        if let Some(proof) = prover.prove(transcript, rng)? {
            let points = ciphertext.iter().chain(&proof.points).map(EncodedPoint::as_bytes);
            let bytes = points.chain(proof.scalars.iter().map(Scalar::as_bytes)).flatten().copied().collect();
            return Ok((SealedContest { bytes, slots: relation.slots() }, ContestOpening { randomness: r }));
        }
        // A zero challenge (CRY-7): begin afresh, with another r.
    }
}

/// What the prover knows.
struct Prover<'a> {
    relation: &'a Relation,
    bases: &'a Bases,
    w: &'a [Scalar],
    r: &'a SecretScalar,
}

/// `A, T_1, T_0, T_C` and `f_1..f_N, z_r, z_h`.
struct Proof {
    points: [EncodedPoint; 4],
    scalars: Vec<Scalar>,
}

impl Prover<'_> {
    /// Steps 1 to 3; `None` when a challenge is zero.
    fn prove<R: RngCore + CryptoRng>(
        &self,
        mut transcript: Transcript,
        rng: &mut R,
    ) -> Result<Option<Proof>, RandomnessFailure> {
        // CRY-36: all masks come from randomness rekeyed with (w, r); masks used under two values of x would reveal w.
        let secrets: Vec<&Scalar> = self.w.iter().chain([self.r.expose()]).collect();
        let mut masks = transcript.private_rng(&secrets, rng)?;
        let mut mask = || SecretScalar::generate(&mut masks);

        // Step 1: A = sum_i w_i Q_i + r Q_0 + alpha H.
        let alpha = mask()?;
        let a_point = EncodedPoint::encode(&self.witness_commitment(&alpha));
        transcript.point(Label::A, &a_point);
        let Ok(y) = transcript.challenge(Label::Y) else { return Ok(None) };
        let Ok(z) = transcript.challenge(Label::Z) else { return Ok(None) };

        // Step 2: T_1 = sum_i a_i Q_i + s Q_0 + beta H + e_1 G, T_0 = rho H + e_0 G, T_C = mu(a) G + s P_z.
        let mut a = Zeroizing::new(Vec::with_capacity(self.w.len()));
        for _ in self.w {
            a.push(*mask()?.expose());
        }
        let (s, beta, rho) = (mask()?, mask()?, mask()?);
        let (e_1, e_0) = self.cross_terms(&a, y);
        let mu = Zeroizing::new(algebra::mu(self.relation, &a, z));
        let t1 = {
            let factors = [s.expose()].into_iter().chain(a.iter()).chain([beta.expose()]);
            let points = self.bases.witness().iter().take(a.len().saturating_add(1)).chain([self.bases.blinding()]);
            Point::multiscalar_mul(factors, points) + RISTRETTO_BASEPOINT_TABLE * &*e_1
        };
        let t0 = rho.times(self.bases.blinding()) + RISTRETTO_BASEPOINT_TABLE * &*e_0;
        let tc = RISTRETTO_BASEPOINT_TABLE * &*mu + s.times(&algebra::slot_key_at(self.relation, self.bases, z));
        let [t1, t0, tc] = [t1, t0, tc].map(|point| EncodedPoint::encode(&point));
        transcript.point(Label::T1, &t1);
        transcript.point(Label::T0, &t0);
        transcript.point(Label::TC, &tc);
        let Ok(x) = transcript.challenge(Label::X) else { return Ok(None) };

        // Step 3: f_i = x w_i + a_i, z_r = x r + s, z_h = x^2 alpha + x beta + rho.
        let mut scalars: Vec<Scalar> = self.w.iter().zip(a.iter()).map(|(w, a)| x * w + a).collect();
        scalars.push(x * self.r.expose() + s.expose());
        scalars.push(x * (x * alpha.expose() + beta.expose()) + rho.expose());
        Ok(Some(Proof { points: [a_point, t1, t0, tc], scalars }))
    }

    /// `sum_i w_i Q_i + r Q_0 + alpha H`: every `Q_i` is read, and one of it and the identity is added.
    fn witness_commitment(&self, alpha: &SecretScalar) -> Point {
        let (first, others) = self.bases.witness().split_first().expect("bases hold Q_0");
        let blinded = Point::multiscalar_mul([self.r.expose(), alpha.expose()], [first, self.bases.blinding()]);
        others.iter().zip(self.w).fold(blinded, |sum, (q, w)| {
            let bit = Choice::from(w.as_bytes().first().copied().unwrap_or(0));
            sum + Point::conditional_select(&group::identity(), q, bit)
        })
    }

    /// `e_1` and `e_0` of `q(x w + a, x) = x e_1 + e_0`.
    fn cross_terms(&self, a: &[Scalar], y: Scalar) -> (Zeroizing<Scalar>, Zeroizing<Scalar>) {
        let mut e_1 = Zeroizing::new(algebra::rules_at(self.relation, a, y));
        let mut e_0 = Zeroizing::new(Scalar::ZERO);
        for ((a, w), power) in a.iter().zip(self.w).zip(algebra::powers(y)) {
            *e_1 += power * a * (w + w - Scalar::ONE);
            *e_0 += power * a * a;
        }
        (e_1, e_0)
    }
}
