//! The verifier: a sealed contest becomes a claim of two equations (CRY-34..CRY-38), or of three and a range proof where it has wide
//! values (CRY-44..CRY-49); an opened one is encrypted again (CRY-39).

use super::{
    SealedContest, SelectionContext, algebra,
    amounts::{self, AmountParts},
};
use crate::{
    VerificationFailure,
    batch::{Base, Bases, Claim, ClaimError, Equation},
    elgamal,
    encoding::{DecodeError, EncodedPoint, EncodedScalar},
    group::{Point, Scalar},
    range_proof::{self, RangeClaim},
    relation::Relation,
    transcript::{Label, Transcript},
};

/// The three challenges, in the order in which they are squeezed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Challenges {
    pub(super) y: Scalar,
    pub(super) z: Scalar,
    pub(super) x: Scalar,
}

/// A sealed contest, every point and scalar decoded.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) c: Vec<Point>,
    pub(super) a: Point,
    pub(super) t1: Point,
    pub(super) t0: Point,
    pub(super) tc: Point,
    pub(super) f: Vec<Scalar>,
    pub(super) z_r: Scalar,
    pub(super) z_h: Scalar,
    pub(super) amounts: Option<AmountParts>,
}

impl Parts {
    /// CRY-32: the exact length first, then canonical encodings only.
    pub(super) fn decode(relation: &Relation, sealed: &SealedContest) -> Result<Self, DecodeError> {
        let expected = relation.sealed_len();
        if sealed.bytes.len() != expected || sealed.slots != relation.slots() {
            return Err(DecodeError::Length { expected, found: sealed.bytes.len() });
        }
        let mut blocks = sealed.blocks();
        let mut point = || blocks.next().ok_or(DecodeError::Point).and_then(|bytes| EncodedPoint(bytes).decode());
        let wide = relation.wide().len();
        let c = (0..=relation.slots()).map(|_| point()).collect::<Result<_, _>>()?;
        let v = (0..wide).map(|_| point()).collect::<Result<_, _>>()?;
        let (a, t1, t0, tc) = (point()?, point()?, point()?, point()?);
        let t_v = if wide > 0 { Some(point()?) } else { None };
        let mut scalar = || blocks.next().ok_or(DecodeError::Scalar).and_then(|bytes| EncodedScalar(bytes).decode());
        let f = (0..relation.witness_len()).map(|_| scalar()).collect::<Result<_, _>>()?;
        let (z_r, z_h) = (scalar()?, scalar()?);
        // CRY-27: z_g follows; the range proof, whose encodings its own crate checks, stands last.
        let amounts = if let Some(t_v) = t_v { Some(AmountParts { v, t_v, z_g: scalar()? }) } else { None };
        Ok(Self { c, a, t1, t0, tc, f, z_r, z_h, amounts })
    }

    /// E1 and E2 (CRY-37), every term moved to the left side.
    pub(super) fn equations(&self, relation: &Relation, challenges: &Challenges) -> [Equation; 2] {
        let Challenges { y, z, x } = *challenges;
        // E1: x (sum_i f_i Q_i + z_r Q_0) + z_h H + q(f,x) G = x^2 A + x T_1 + T_0
        let bits = Equation::with_capacity(3, 3)
            .term(Base::G, algebra::q(relation, &self.f, y, x))
            .term(Base::H, self.z_h)
            .term(Base::Witness(0), x * self.z_r)
            .point(self.a, -(x * x))
            .point(self.t1, -x)
            .point(self.t0, -Scalar::ONE)
            .witness(x, self.f.clone());
        // E2: mu(f) G + z_r P_z = x C_z + T_C. It has no blinding base, and must never be merged into E1 (CRY-37).
        let mut ciphertext =
            Equation::with_capacity(relation.slots().saturating_add(1), relation.slots().saturating_add(2))
                .term(Base::G, algebra::mu(relation, &self.f, z) + z * self.z_r)
                .point(self.tc, -Scalar::ONE);
        // z_r z^{j+1} and x z^{j+1}, one multiplication each.
        for (slot, factor) in (0..relation.slots()).zip(algebra::series(z * z * self.z_r, z)) {
            ciphertext = ciphertext.term(Base::SlotKey(slot), factor);
        }
        for (c, factor) in self.c.iter().zip(algebra::series(-(x * z), z)) {
            ciphertext = ciphertext.point(*c, factor);
        }
        [bits, ciphertext]
    }

    /// E3 (CRY-44), for a contest with wide values.
    pub(super) fn third_equation(&self, relation: &Relation, challenges: &Challenges) -> Option<Equation> {
        let amounts = self.amounts.as_ref()?;
        Some(amounts.equation(relation, &self.f, challenges.z, challenges.x))
    }
}

/// The transcript after step 0, over the received bytes (CRY-33, CRY-28).
pub(super) fn step_0(relation: &Relation, context: &SelectionContext, sealed: &SealedContest) -> Transcript {
    let points: Vec<EncodedPoint> = sealed.ciphertext_points().collect();
    let mut transcript = context.transcript(relation, &points);
    let commitments: Vec<EncodedPoint> = sealed.amount_points(relation).collect();
    amounts::absorb(&mut transcript, relation, &commitments);
    transcript
}

/// Runs the transcript from step 0 to its end over the received bytes (CRY-33, CRY-28).
pub(super) fn challenges(
    relation: &Relation,
    mut transcript: Transcript,
    sealed: &SealedContest,
) -> Result<Challenges, VerificationFailure> {
    let before = relation.slots().saturating_add(1).saturating_add(relation.wide().len());
    let mut announcements = sealed.blocks().skip(before).map(EncodedPoint);
    let mut absorb = |transcript: &mut Transcript, label| {
        announcements.next().map(|point| transcript.point(label, &point)).ok_or(VerificationFailure)
    };
    absorb(&mut transcript, Label::A)?;
    let y = transcript.challenge(Label::Y)?;
    let z = transcript.challenge(Label::Z)?;
    absorb(&mut transcript, Label::T1)?;
    absorb(&mut transcript, Label::T0)?;
    absorb(&mut transcript, Label::TC)?;
    if !relation.wide().is_empty() {
        absorb(&mut transcript, Label::TV)?;
    }
    let x = transcript.challenge(Label::X)?;
    Ok(Challenges { y, z, x })
}

/// The claim that `sealed` is valid for this relation in this context (CRY-38, CRY-49), and its decoded ciphertext `C_0..C_K`.
///
/// # Errors
/// [`ClaimError::Decode`] for a wrong length, a non-canonical point or scalar, or an identity `C_0`; [`ClaimError::Challenge`] for a zero
/// challenge; [`ClaimError::Bases`] when `bases` are too few for the relation.
pub fn claim(
    relation: &Relation,
    bases: &Bases,
    context: &SelectionContext,
    sealed: &SealedContest,
) -> Result<(Claim, Vec<Point>), ClaimError> {
    let parts = Parts::decode(relation, sealed)?;
    // CRY-32: with r = 0 the slots would hold their values in the clear.
    if sealed.c0() == EncodedPoint::IDENTITY {
        return Err(DecodeError::Identity.into());
    }
    if bases.witness_len() < relation.witness_len()
        || bases.slot_points().len() < relation.slots()
        || bases.amounts() < relation.wide().len()
    {
        return Err(ClaimError::Bases);
    }
    let transcript = step_0(relation, context, sealed);
    let range = range_claim(relation, &transcript, sealed)?;
    let challenges = challenges(relation, transcript, sealed)?;
    let equations = parts.equations(relation, &challenges).into_iter();
    let claim = Claim::from_equations(equations.chain(parts.third_equation(relation, &challenges)).collect());
    Ok((if let Some(range) = range { claim.and_range(range) } else { claim }, parts.c))
}

/// The range proof of a contest with wide values (CRY-45): it stands last.
fn range_claim(
    relation: &Relation,
    transcript: &Transcript,
    sealed: &SealedContest,
) -> Result<Option<RangeClaim>, DecodeError> {
    let wide = relation.wide().len();
    if wide == 0 {
        return Ok(None);
    }
    let commitments: Vec<EncodedPoint> = sealed.amount_points(relation).collect();
    let before = sealed.bytes.len().saturating_sub(range_proof::blocks(wide).saturating_mul(32));
    let proof = sealed.bytes.get(before..).unwrap_or_default();
    RangeClaim::decode(transcript, &commitments, proof).map(Some)
}

/// Checks an opened contest (CRY-39): encrypting these slot values with the revealed randomness gives the sealed `C_0..C_K`.
/// It says nothing about the contest's rules: those follow from the [`claim`], which must be verified too.
///
/// # Errors
/// [`VerificationFailure`] for any difference, and for another number of values or keys.
pub fn check_opening(
    relation: &Relation,
    bases: &Bases,
    sealed: &SealedContest,
    values: &[u64],
    randomness: &Scalar,
) -> Result<(), VerificationFailure> {
    let keys = bases.slot_points().get(..relation.slots()).ok_or(VerificationFailure)?;
    if values.len() != relation.slots() || sealed.slots != relation.slots() {
        return Err(VerificationFailure);
    }
    let expected = elgamal::encrypt_publicly(keys, values, randomness).map_err(|_| VerificationFailure)?;
    if sealed.ciphertext_points().eq(expected.points) { Ok(()) } else { Err(VerificationFailure) }
}
