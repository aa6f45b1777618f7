//! The prover (CRY-30..CRY-36). Constant time in the witness and in every mask: no branch and no index depends on them.

use super::{
    SealedContest, SelectionContext, algebra,
    amounts::{self, Amounts},
};
use crate::{
    RandomnessFailure, SecretScalar,
    batch::Bases,
    elgamal,
    encoding::{EncodedPoint, EncodedScalar},
    group::{self, Point, Scalar, base_times},
    range_proof,
    relation::Relation,
    transcript::{Label, Transcript},
};
use curve25519_dalek::traits::MultiscalarMul as _;
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
    /// The bases have fewer witness bases, range bases or slot keys than the relation needs.
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
    if bases.witness_len() < relation.witness_len() || bases.amounts() < relation.wide().len() {
        return Err(SealError::Bases);
    }
    let values = Zeroizing::new(relation.values(witness).ok_or(SealError::Witness)?);
    if !relation.holds(witness) {
        return Err(SealError::Witness);
    }
    let w = Zeroizing::new(witness.iter().map(|value| Scalar::from(*value)).collect::<Vec<Scalar>>());
    loop {
        // r and the g_h too are hedged: they depend on the context, the witness and the system's entropy.
        let mut secret = context.transcript(relation, []).private_rng(&w.iter().collect::<Vec<_>>(), rng)?;
        let r = SecretScalar::generate(&mut secret)?;
        let amounts = Amounts::commit(relation, bases, witness, &mut secret)?;
        let ciphertext = elgamal::encrypt(keys, &values, &r).map_err(|_| SealError::Bases)?.points;
        let mut transcript = context.transcript(relation, &ciphertext);
        amounts::absorb(&mut transcript, relation, &amounts.points);
        let prover = Prover { relation, bases, w: &w, r: &r, amounts: &amounts };
        if let Some(proof) = prover.prove(transcript, rng)? {
            let points = ciphertext.iter().chain(&amounts.points).chain(&proof.points).map(EncodedPoint::as_bytes);
            let blocks = points.chain(proof.scalars.iter().map(Scalar::as_bytes)).flatten();
            let bytes = blocks.chain(&proof.range).copied().collect();
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
    amounts: &'a Amounts,
}

/// `A, T_1, T_0, T_C` and `f_1..f_N, z_r, z_h`; with wide values also `T_V`, `z_g` and the range proof.
struct Proof {
    points: Vec<EncodedPoint>,
    scalars: Vec<Scalar>,
    range: Vec<u8>,
}

impl Prover<'_> {
    /// Steps 1 to 3; `None` when a challenge is zero.
    fn prove<R: RngCore + CryptoRng>(
        &self,
        mut transcript: Transcript,
        rng: &mut R,
    ) -> Result<Option<Proof>, RandomnessFailure> {
        let Some(range) = self.range_proof(&transcript, rng)? else { return Ok(None) };
        // CRY-36: all masks come from randomness rekeyed with (w, r, g); masks used under two values of x would reveal w.
        let blindings = self.amounts.blindings.iter().map(SecretScalar::expose);
        let secrets: Vec<&Scalar> = self.w.iter().chain([self.r.expose()]).chain(blindings).collect();
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
            Point::multiscalar_mul(factors, points) + base_times(&e_1)
        };
        let t0 = rho.times(self.bases.blinding()) + base_times(&e_0);
        let tc = base_times(&mu) + s.times(&algebra::slot_key_at(self.relation, self.bases, z));
        let mut points = vec![a_point];
        let mut announce = |label, point: &Point| {
            let point = EncodedPoint::encode(point);
            transcript.point(label, &point);
            points.push(point);
        };
        announce(Label::T1, &t1);
        announce(Label::T0, &t0);
        announce(Label::TC, &tc);
        // CRY-29: T_V = (sum_h z^h a_{i_h}) G + eta H.
        let eta = if self.amounts.points.is_empty() { None } else { Some(mask()?) };
        if let Some(eta) = &eta {
            let sum = Zeroizing::new(algebra::amounts(self.relation, &a, z));
            announce(Label::TV, &(base_times(&sum) + eta.times(self.bases.blinding())));
        }
        let Ok(x) = transcript.challenge(Label::X) else { return Ok(None) };

        // Step 3: f_i = x w_i + a_i, z_r = x r + s, z_h = x^2 alpha + x beta + rho.
        let mut scalars: Vec<Scalar> = self.w.iter().zip(a.iter()).map(|(w, a)| x * w + a).collect();
        scalars.push(x * self.r.expose() + s.expose());
        scalars.push(x * (x * alpha.expose() + beta.expose()) + rho.expose());
        // CRY-29: z_g = x sum_h z^h g_h + eta.
        scalars.extend(eta.map(|eta| x * *self.amounts.blinding_at(z) + eta.expose()));
        Ok(Some(Proof { points, scalars, range }))
    }

    /// The range proof of the wide values, on a fork of the transcript after step 0 (CRY-45); empty where there are none.
    fn range_proof<R: RngCore + CryptoRng>(
        &self,
        transcript: &Transcript,
        rng: &mut R,
    ) -> Result<Option<Vec<u8>>, RandomnessFailure> {
        let Amounts { values, blindings, .. } = self.amounts;
        match self.bases.range() {
            Some(generators) if !values.is_empty() => {
                range_proof::prove(transcript, generators, self.bases.blinding(), values, blindings, rng)
            }
            _ => Ok(Some(Vec::new())),
        }
    }

    /// `sum_i w_i Q_i + r Q_0 + alpha H`: of a bit's `Q_i` every one is read, and one of it and the identity is added.
    fn witness_commitment(&self, alpha: &SecretScalar) -> Point {
        let (first, others) = self.bases.witness().split_first().expect("bases hold Q_0");
        let (mut factors, mut points) = (vec![self.r.expose(), alpha.expose()], vec![first, self.bases.blinding()]);
        for (q, w) in self.relation.wide().iter().filter_map(|at| others.get(*at).zip(self.w.get(*at))) {
            factors.push(w);
            points.push(q);
        }
        let blinded = Point::multiscalar_mul(factors, points);
        algebra::bits(self.relation, others.iter().zip(self.w)).fold(blinded, |sum, (q, w)| {
            let bit = Choice::from(w.as_bytes().first().copied().unwrap_or(0));
            sum + Point::conditional_select(&group::identity(), q, bit)
        })
    }

    /// `e_1` and `e_0` of `q(x w + a, x) = x e_1 + e_0`.
    fn cross_terms(&self, a: &[Scalar], y: Scalar) -> (Zeroizing<Scalar>, Zeroizing<Scalar>) {
        let mut e_1 = Zeroizing::new(algebra::rules_at(self.relation, a, y));
        let mut e_0 = Zeroizing::new(Scalar::ZERO);
        for ((a, w), power) in algebra::bits(self.relation, a.iter().zip(self.w).zip(algebra::powers(y))) {
            *e_1 += power * a * (w + w - Scalar::ONE);
            *e_0 += power * a * a;
        }
        (e_1, e_0)
    }
}
