//! Wide values (CRY-26..CRY-29, CRY-44): commitments of their own, and the third equation, which says that these hold what the ciphertext holds.

use super::algebra;
use crate::{
    RandomnessFailure, SecretScalar,
    batch::{Base, Bases, Equation},
    encoding::EncodedPoint,
    group::{Point, Scalar, base_times},
    relation::Relation,
    transcript::{Label, Transcript},
};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// The wide values of a witness, and what their commitments hide them with.
pub(super) struct Amounts {
    pub(super) values: Zeroizing<Vec<u32>>,
    pub(super) blindings: Vec<SecretScalar>,
    /// `V_1..V_n`.
    pub(super) points: Vec<EncodedPoint>,
}

impl Amounts {
    /// `V_h = w_{i_h} G + g_h H`, each `g_h` fresh (CRY-26); nothing at all for a contest of bits.
    pub(super) fn commit<R: RngCore + CryptoRng>(
        relation: &Relation,
        bases: &Bases,
        witness: &[u32],
        rng: &mut R,
    ) -> Result<Self, RandomnessFailure> {
        let mut values = Zeroizing::new(Vec::with_capacity(relation.wide().len()));
        values.extend(relation.wide().iter().filter_map(|position| witness.get(*position)));
        let mut blindings = Vec::with_capacity(values.len());
        let mut points = Vec::with_capacity(values.len());
        for value in values.iter() {
            let blinding = SecretScalar::generate(rng)?;
            let value = Zeroizing::new(Scalar::from(*value));
            let point = base_times(&value) + blinding.times(bases.blinding());
            points.push(EncodedPoint::encode(&point));
            blindings.push(blinding);
        }
        Ok(Self { values, blindings, points })
    }

    /// `sum_h z^h g_h`.
    pub(super) fn blinding_at(&self, z: Scalar) -> Zeroizing<Scalar> {
        let terms = self.blindings.iter().zip(algebra::powers(z));
        Zeroizing::new(terms.map(|(blinding, power)| power * blinding.expose()).sum())
    }
}

/// Step 0 of a contest with wide values goes on after the ciphertext (CRY-28): how many, then where each is, and its commitment. A
/// contest of bits absorbs nothing.
pub(super) fn absorb<'a>(
    transcript: &mut Transcript,
    relation: &Relation,
    commitments: impl IntoIterator<Item = &'a EncodedPoint>,
) {
    if relation.wide().is_empty() {
        return;
    }
    let size = |items: usize| u64::try_from(items).expect("a length fits 64 bits");
    transcript.integer(Label::Amounts, size(relation.wide().len()));
    for (position, commitment) in relation.wide().iter().zip(commitments) {
        transcript.integer(Label::Position, size(*position));
        transcript.point(Label::Amount, commitment);
    }
}

/// What a sealed contest holds for its wide values, decoded; the range proof is apart.
#[derive(Clone, Debug)]
pub(super) struct AmountParts {
    /// `V_1..V_n`.
    pub(super) v: Vec<Point>,
    pub(super) t_v: Point,
    pub(super) z_g: Scalar,
}

impl AmountParts {
    /// E3 (CRY-44), every term moved to the left side: `(sum_h z^h f_{i_h}) G + z_g H = x sum_h z^h V_h + T_V`. It must never be merged
    /// into E2, whose ciphertexts its blinding base would cover.
    pub(super) fn equation(&self, relation: &Relation, f: &[Scalar], z: Scalar, x: Scalar) -> Equation {
        let start = Equation::with_capacity(2, self.v.len().saturating_add(1))
            .term(Base::G, algebra::amounts(relation, f, z))
            .term(Base::H, self.z_g)
            .point(self.t_v, -Scalar::ONE);
        let powers = algebra::powers(z);
        self.v.iter().zip(powers).fold(start, |equation, (v, power)| equation.point(*v, -(x * power)))
    }
}
