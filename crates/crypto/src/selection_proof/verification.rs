//! The verifier: a sealed contest becomes a claim of two equations (CRY-34..CRY-38); an opened one is encrypted again (CRY-39).

use super::{SealedContest, SelectionContext, algebra};
use crate::{
    VerificationFailure,
    batch::{Base, Bases, Claim, ClaimError, Equation},
    elgamal,
    encoding::{DecodeError, EncodedPoint, EncodedScalar},
    group::{Point, Scalar},
    relation::Relation,
    transcript::Label,
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
        let c = (0..=relation.slots()).map(|_| point()).collect::<Result<_, _>>()?;
        let (a, t1, t0, tc) = (point()?, point()?, point()?, point()?);
        let mut scalar = || blocks.next().ok_or(DecodeError::Scalar).and_then(|bytes| EncodedScalar(bytes).decode());
        let f = (0..relation.witness_len()).map(|_| scalar()).collect::<Result<_, _>>()?;
        Ok(Self { c, a, t1, t0, tc, f, z_r: scalar()?, z_h: scalar()? })
    }

    /// E1 and E2 (CRY-37), every term moved to the left side.
    pub(super) fn equations(&self, relation: &Relation, challenges: &Challenges) -> [Equation; 2] {
        let Challenges { y, z, x } = *challenges;
        // E1: x (sum_i f_i Q_i + z_r Q_0) + z_h H + q(f,x) G = x^2 A + x T_1 + T_0
        let mut bits = Equation::with_capacity(relation.witness_len().saturating_add(3), 3)
            .term(Base::G, algebra::q(relation, &self.f, y, x))
            .term(Base::H, self.z_h)
            .term(Base::Witness(0), x * self.z_r)
            .point(self.a, -(x * x))
            .point(self.t1, -x)
            .point(self.t0, -Scalar::ONE);
        for (position, f) in self.f.iter().enumerate() {
            bits = bits.term(Base::Witness(position.saturating_add(1)), x * f);
        }
        // E2: mu(f) G + z_r P_z = x C_z + T_C. It has no blinding base, and must never be merged into E1 (CRY-37).
        let mut ciphertext =
            Equation::with_capacity(relation.slots().saturating_add(1), relation.slots().saturating_add(2))
                .term(Base::G, algebra::mu(relation, &self.f, z) + z * self.z_r)
                .point(self.tc, -Scalar::ONE);
        for (slot, power) in (0..relation.slots()).zip(algebra::powers(z).skip(1)) {
            ciphertext = ciphertext.term(Base::SlotKey(slot), power * self.z_r);
        }
        for (c, power) in self.c.iter().zip(algebra::powers(z)) {
            ciphertext = ciphertext.point(*c, -(x * power));
        }
        [bits, ciphertext]
    }
}

/// Runs the transcript over the received bytes (CRY-33).
pub(super) fn challenges(
    relation: &Relation,
    context: &SelectionContext,
    sealed: &SealedContest,
) -> Result<Challenges, VerificationFailure> {
    let points: Vec<EncodedPoint> =
        sealed.blocks().take(relation.slots().saturating_add(5)).map(EncodedPoint).collect();
    let (ciphertext, announcements) =
        points.split_at_checked(relation.slots().saturating_add(1)).ok_or(VerificationFailure)?;
    let [a, t1, t0, tc] = announcements else { return Err(VerificationFailure) };
    let mut transcript = context.transcript(relation, ciphertext);
    transcript.point(Label::A, a);
    let y = transcript.challenge(Label::Y)?;
    let z = transcript.challenge(Label::Z)?;
    transcript.point(Label::T1, t1);
    transcript.point(Label::T0, t0);
    transcript.point(Label::TC, tc);
    let x = transcript.challenge(Label::X)?;
    Ok(Challenges { y, z, x })
}

/// The claim that `sealed` is valid for this relation in this context (CRY-38), and its decoded ciphertext `C_0..C_K`.
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
    if bases.witness_len() < relation.witness_len() || bases.slot_points().len() < relation.slots() {
        return Err(ClaimError::Bases);
    }
    let challenges = challenges(relation, context, sealed)?;
    let equations = parts.equations(relation, &challenges).into();
    Ok((Claim::from_equations(equations), parts.c))
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
