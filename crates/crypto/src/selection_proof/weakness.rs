//! A contest whose keys the cheater knows, and verifiers weakened on purpose: they show that each negative test bites.

use super::{
    SealedContest, SelectionContext, amounts,
    verification::{Challenges, Parts, step_0},
};
use crate::{
    batch::{Base, Bases, Claim, Equation, verify_batch},
    encoding::EncodedPoint,
    group::{G, Point, Scalar},
    range_proof::{self, RangeClaim},
    relation::Relation,
    transcript::{Kind, Label, Transcript},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// A contest whose slot secrets the cheater knows: he is the voter and all trustees.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) relation: Relation,
    pub(super) secrets: Vec<Scalar>,
    pub(super) bases: Bases,
    pub(super) context: SelectionContext,
}

impl Setting {
    pub(super) fn new(relation: Relation, secrets: Vec<Scalar>) -> Self {
        let keys: Vec<Point> = secrets.iter().map(|secret| G * secret).collect();
        let context = SelectionContext {
            election: [1; 32],
            opening: [2; 32],
            joint_key: [3; 32],
            contest: 4,
            credential: EncodedPoint::encode(&(G * Scalar::from(5u64))),
            sequence: 6,
            previous: [7; 32],
        };
        let bases = Bases::with_amounts(relation.witness_len(), relation.wide().len(), &keys);
        Self { bases, relation, secrets, context }
    }

    fn with_random_keys(relation: Relation) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(11);
        let secrets = (0..relation.slots()).map(|_| Scalar::random(&mut rng)).collect();
        Self::new(relation, secrets)
    }

    /// Exactly one of K slots.
    pub(super) fn choose_one(slots: usize) -> Self {
        let rule = ((0..slots).map(|slot| (slot, 1)).collect(), 1);
        let weights = (0..slots).map(|slot| vec![(slot, 1)]).collect();
        Self::with_random_keys(Relation::new(slots, slots, vec![], weights, vec![rule]).unwrap())
    }

    /// At most 7 of 7 slots, with three slack bits (positions 7, 8, 9).
    pub(super) fn approval() -> Self {
        let votes = (0..7).map(|slot| (slot, 1));
        let rule = (votes.chain([(7, 1), (8, 2), (9, 4)]).collect(), 7);
        let weights = (0..7).map(|slot| vec![(slot, 1)]).collect();
        Self::with_random_keys(Relation::new(7, 10, vec![], weights, vec![rule]).unwrap())
    }

    /// Two slots of 0..=5 points each (tight bits 1, 2, 2), and two rules: 5 points in all; the first bits are equal.
    pub(super) fn points() -> Self {
        let weights = vec![vec![(0, 1), (1, 2), (2, 2)], vec![(3, 1), (4, 2), (5, 2)]];
        let total = (vec![(0, 1), (1, 2), (2, 2), (3, 1), (4, 2), (5, 2)], 5);
        Self::with_random_keys(Relation::new(2, 6, vec![], weights, vec![total, (vec![(1, 1), (4, -1)], 0)]).unwrap())
    }

    /// One amount from 0 to 2^32 - 1, and nothing else.
    pub(super) fn amount() -> Self {
        Self::with_random_keys(Relation::new(1, 1, vec![0], vec![vec![(0, 1)]], vec![]).unwrap())
    }

    /// Two amounts (wide), a blank (a bit) and a slack (wide): 2^32 - 1 in all.
    pub(super) fn budget() -> Self {
        let pot = i64::from(u32::MAX);
        let weights = vec![vec![(0, 1)], vec![(1, 1)], vec![(2, 1)]];
        let total = (vec![(0, 1), (1, 1), (2, pot), (3, 1)], pot);
        Self::with_random_keys(Relation::new(3, 4, vec![0, 1, 3], weights, vec![total]).unwrap())
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> SealedContest {
        SealedContest::decode(bytes, &self.relation).unwrap()
    }

    /// The real verifier, alone and among right ballots in a batch: both must say the same.
    pub(super) fn accepts(&self, bytes: &[u8]) -> bool {
        let Ok(sealed) = SealedContest::decode(bytes, &self.relation) else { return false };
        let Ok((claim, _)) = super::claim(&self.relation, &self.bases, &self.context, &sealed) else { return false };
        let alone = claim.verify(&self.bases).is_ok();
        let right = Claim::from_equations(vec![Equation::new().point(G, Scalar::ZERO)]);
        let batch = verify_batch(&[&right, &claim, &right], &self.bases, &mut ChaCha20Rng::seed_from_u64(12));
        assert_eq!(batch.is_ok(), alone, "a batch decides as the exact check does");
        alone
    }
}

/// A point as the cheater knows it: its components over G, H and Q_0, Q_1, ... (missing ones are zero).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    pub(super) g: Scalar,
    pub(super) h: Scalar,
    pub(super) q: Vec<Scalar>,
}

impl Known {
    pub(super) fn g(g: impl Into<Scalar>) -> Self {
        Self { g: g.into(), ..Self::default() }
    }

    pub(super) fn h(h: impl Into<Scalar>) -> Self {
        Self { h: h.into(), ..Self::default() }
    }

    pub(super) fn q(index: usize, value: impl Into<Scalar>) -> Self {
        let mut q = vec![Scalar::ZERO; index];
        q.push(value.into());
        Self { q, ..Self::default() }
    }

    pub(super) fn q_at(&self, index: usize) -> Scalar {
        self.q.get(index).copied().unwrap_or_default()
    }

    pub(super) fn plus(&self, other: &Self, factor: Scalar) -> Self {
        let len = self.q.len().max(other.q.len());
        let q = (0..len).map(|index| self.q_at(index) + factor * other.q_at(index)).collect();
        Self { g: self.g + factor * other.g, h: self.h + factor * other.h, q }
    }

    pub(super) fn point(&self, bases: &Bases) -> Point {
        let witness: Point = self.q.iter().zip(bases.witness()).map(|(factor, q)| q * factor).sum();
        G * self.g + bases.blinding() * self.h + witness
    }
}

/// One step of the interaction: a prover's message or a challenge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    C,
    V,
    A,
    Y,
    Z,
    T1,
    T0,
    TC,
    TV,
    X,
}

/// What a verifier binds, and how it merges; [`Weakness::none`] is the real one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weakness {
    pub(super) steps: Vec<Step>,
    pub(super) kind: Kind,
    pub(super) ignores_context: bool,
    pub(super) y_is_one: bool,
    pub(super) z_is_one: bool,
    /// One equation E1 + x E2 in place of two: `T_C` folded into `T_1`.
    pub(super) merges: bool,
    /// What it lacks for wide values.
    pub(super) amounts: Gap,
}

/// What a weakened verifier of wide values lacks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Gap {
    None,
    /// No range proof is checked.
    Range,
    /// E3 is not checked.
    Third,
    /// Neither: the range proof speaks of the `C_j`, with the `P_j` as blinding bases.
    OverCiphertext,
    /// One equation E2 + E3 in place of two: it shows no more than that `C_j - V_j` is in the span of `P_j` and `H`.
    MergedThird,
    /// E1 without `Q_0`: r is not bound by `A`.
    UnboundR,
    /// `Q_1` in place of `H` as the commitments' blinding base.
    OtherBase,
    /// The range proof's transcript does not cover the context.
    RangeContext,
}

impl Weakness {
    pub(super) fn none() -> Self {
        use Step::{A, C, T0, T1, TC, TV, V, X, Y, Z};
        let steps = vec![C, V, A, Y, Z, T1, T0, TC, TV, X];
        let (kind, amounts) = (Kind::Selection, Gap::None);
        Self { steps, kind, ignores_context: false, y_is_one: false, z_is_one: false, merges: false, amounts }
    }

    /// The verifier that lacks this for wide values.
    pub(super) fn of_amounts(amounts: Gap) -> Self {
        Self { amounts, ..Self::none() }
    }

    /// The message `late` is absorbed only after the challenge `challenge`: it can be chosen to fit.
    pub(super) fn late(late: Step, challenge: Step) -> Self {
        let mut weakness = Self::none();
        weakness.steps.retain(|step| *step != late);
        let at = weakness.steps.iter().position(|step| *step == challenge).unwrap();
        weakness.steps.insert(at + 1, late);
        weakness
    }

    pub(super) fn transcript(&self, setting: &Setting) -> Transcript {
        if self.ignores_context || self.kind != Kind::Selection {
            let election = if self.ignores_context { [0; 32] } else { setting.context.election };
            return Transcript::new(self.kind, &election);
        }
        setting.context.transcript(&setting.relation, [])
    }

    pub(super) fn challenge(&self, transcript: &mut Transcript, step: Step) -> Scalar {
        let (label, is_one) = match step {
            Step::Y => (Label::Y, self.y_is_one),
            Step::Z => (Label::Z, self.z_is_one),
            _ => (Label::X, false),
        };
        let challenge = transcript.challenge(label).unwrap();
        if is_one { Scalar::ONE } else { challenge }
    }

    /// The challenges this verifier derives.
    pub(super) fn challenges(&self, setting: &Setting, bytes: &[u8]) -> Challenges {
        let points: Vec<EncodedPoint> = setting.decode(bytes).blocks().map(EncodedPoint).collect();
        let (ciphertext, wide) = (setting.relation.slots() + 1, setting.relation.wide().len());
        let proof = ciphertext + wide;
        let mut transcript = self.transcript(setting);
        let mut found = Challenges { y: Scalar::ZERO, z: Scalar::ZERO, x: Scalar::ZERO };
        for step in &self.steps {
            match step {
                Step::C => points[..ciphertext].iter().for_each(|point| transcript.point(Label::Ciphertext, point)),
                Step::V => amounts::absorb(&mut transcript, &setting.relation, &points[ciphertext..proof]),
                Step::TV if wide == 0 => (),
                Step::TV => transcript.point(Label::TV, &points[proof + 4]),
                Step::A => transcript.point(Label::A, &points[proof]),
                Step::T1 => transcript.point(Label::T1, &points[proof + 1]),
                Step::T0 => transcript.point(Label::T0, &points[proof + 2]),
                Step::TC => transcript.point(Label::TC, &points[proof + 3]),
                Step::Y => found.y = self.challenge(&mut transcript, *step),
                Step::Z => found.z = self.challenge(&mut transcript, *step),
                Step::X => found.x = self.challenge(&mut transcript, *step),
            }
        }
        found
    }

    /// The transcript whose fork the range proof runs on.
    pub(super) fn range_transcript(&self, setting: &Setting, bytes: &[u8]) -> Transcript {
        match self.amounts {
            Gap::RangeContext => Transcript::new(Kind::Selection, &[0; 32]),
            _ => step_0(&setting.relation, &setting.context, &setting.decode(bytes)),
        }
    }

    /// The blinding base of what the range proof speaks of.
    pub(super) fn range_base(&self, setting: &Setting) -> Point {
        match self.amounts {
            Gap::OverCiphertext => setting.bases.slot_points()[0],
            Gap::OtherBase => setting.bases.witness()[1],
            _ => *setting.bases.blinding(),
        }
    }

    fn range_holds(&self, setting: &Setting, bytes: &[u8]) -> bool {
        let wide = setting.relation.wide().len();
        let Some(generators) = setting.bases.range() else { return true };
        let points = setting.decode(bytes).blocks().map(EncodedPoint).collect::<Vec<_>>();
        let first = if self.amounts == Gap::OverCiphertext { 1 } else { setting.relation.slots() + 1 };
        let proof = &bytes[bytes.len() - 32 * range_proof::blocks(wide)..];
        let transcript = self.range_transcript(setting, bytes);
        RangeClaim::decode(&transcript, &points[first..first + wide], proof)
            .is_ok_and(|claim| claim.holds(generators, &self.range_base(setting)))
    }

    /// The weakened verifier.
    pub(super) fn accepts(&self, setting: &Setting, bytes: &[u8]) -> bool {
        let challenges = self.challenges(setting, bytes);
        let parts = Parts::decode(&setting.relation, &setting.decode(bytes)).unwrap();
        let [bits, ciphertext] = parts.equations(&setting.relation, &challenges);
        let bits = if self.amounts == Gap::UnboundR { bits.rebased(Base::Witness(0), None) } else { bits };
        let mut equations =
            if self.merges { vec![bits.merged_with(&ciphertext, challenges.x)] } else { vec![bits, ciphertext] };
        match (parts.third_equation(&setting.relation, &challenges), self.amounts) {
            (None, _) | (_, Gap::Third | Gap::OverCiphertext) => (),
            (Some(third), Gap::MergedThird) => {
                let second = equations.pop().unwrap();
                equations.push(second.merged_with(&third, Scalar::ONE));
            }
            (Some(third), Gap::OtherBase) => equations.push(third.rebased(Base::H, Some(Base::Witness(1)))),
            (Some(third), _) => equations.push(third),
        }
        Claim::from_equations(equations).verify(&setting.bases).is_ok()
            && (self.amounts == Gap::Range || self.range_holds(setting, bytes))
    }
}
