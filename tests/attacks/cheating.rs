//! A prover of selections that may be false. It knows every slot secret and gives the best responses there are; honest with a true
//! statement, so that a refusal is the falsehood's and not the prover's.

use crypto::{
    EncodedPoint, Point, Scalar,
    batch::Bases,
    group::G,
    relation::Relation,
    selection_proof::SelectionContext,
    transcript::{Kind, Label, Transcript},
};
use protocol::body::Ballot;
use rand_chacha::ChaCha20Rng;
use std::iter::successors;
use vitrine_tests::Drill;

/// What a cheater wants to have sealed, and where.
pub(crate) struct Forgery {
    relation: Relation,
    bases: Bases,
    context: SelectionContext,
    /// What the witness positions hold: bits, or not.
    pub(crate) witness: Vec<Scalar>,
    /// Added to `C_0..C_K`, which the witness otherwise determines.
    pub(crate) shifts: Vec<Point>,
    /// Taken up by `z_h`, as a verifier with one merged equation would let it be: the multiples of H in the shifts.
    pub(crate) absorbed: Vec<Scalar>,
    /// r; drawn afresh where none is given.
    pub(crate) randomness: Option<Scalar>,
}

impl Forgery {
    /// The next ballot of a voter, in contest 0.
    pub(crate) fn of(drill: &Drill, voter: usize, witness: &[i64]) -> Self {
        Self::in_contest(drill, voter, 0, witness)
    }

    /// The next ballot of a voter, in any contest.
    pub(crate) fn in_contest(drill: &Drill, voter: usize, contest: u32, witness: &[i64]) -> Self {
        let election = &drill.election;
        let credential = drill.credentials[voter].public();
        let state = election.credential(&credential).unwrap();
        let relation = election.relation(contest).unwrap().clone();
        assert_eq!(witness.len(), relation.witness_len());
        let context = SelectionContext {
            election: election.fingerprint().0,
            opening: election.opening().unwrap().0,
            joint_key: election.joint_key().unwrap().fingerprint.0,
            contest: contest.into(),
            credential,
            sequence: state.sequence + 1,
            previous: state.previous.0,
        };
        let points = relation.slots() + 1;
        Self {
            relation,
            bases: election.bases().clone(),
            context,
            witness: witness.iter().map(|value| residue(*value)).collect(),
            shifts: vec![Point::default(); points],
            absorbed: vec![Scalar::ZERO; points],
            randomness: None,
        }
    }

    /// Seals and proves.
    pub(crate) fn ballot(&self, rng: &mut ChaCha20Rng) -> Ballot {
        Ballot {
            opening: protocol::ids::EntryHash(self.context.opening),
            sequence: self.context.sequence,
            previous: protocol::ids::SubmissionId(self.context.previous),
            contests: vec![self.prove(rng).into()],
        }
    }

    /// The sealed contest with its proof.
    pub(crate) fn prove(&self, rng: &mut ChaCha20Rng) -> Vec<u8> {
        let (w, q, h) = (&self.witness, self.bases.witness(), self.bases.blinding());
        let mut random = || Scalar::random(rng);
        let (r, alpha, s, beta, rho) = (random(), random(), random(), random(), random());
        let r = self.randomness.unwrap_or(r);
        let masks: Vec<Scalar> = w.iter().map(|_| random()).collect();

        let slots = self.bases.slot_points().iter().take(self.relation.slots());
        let right = slots.zip(self.values(w)).map(|(key, value)| G * value + key * r);
        let sealed: Vec<Point> =
            std::iter::once(G * r).chain(right).zip(&self.shifts).map(|(point, shift)| point + shift).collect();
        let mut transcript = self.transcript();
        let mut points: Vec<EncodedPoint> = sealed.iter().map(EncodedPoint::encode).collect();
        points.iter().for_each(|point| transcript.point(Label::Ciphertext, point));
        let mut send = |transcript: &mut Transcript, label, point: Point| {
            points.push(EncodedPoint::encode(&point));
            transcript.point(label, &EncodedPoint::encode(&point));
        };

        let combine = |zeroth: Scalar, others: &[Scalar]| -> Point {
            q[0] * zeroth + q[1..].iter().zip(others).map(|(q, factor)| q * factor).sum::<Point>()
        };
        send(&mut transcript, Label::A, combine(r, w) + h * alpha);
        let y = transcript.challenge(Label::Y).unwrap();
        let z = transcript.challenge(Label::Z).unwrap();
        let square: Scalar = masks.iter().zip(powers(y)).map(|(a, y)| y * a * a).sum();
        let cross: Scalar = w.iter().zip(&masks).zip(powers(y)).map(|((w, a), y)| y * a * (w + w - Scalar::ONE)).sum();
        let rules: Scalar = self
            .relation
            .rules()
            .iter()
            .zip(powers(y).skip(w.len()))
            .map(|(rule, y)| {
                y * rule.coefficients.iter().map(|(place, factor)| residue(*factor) * masks[*place]).sum::<Scalar>()
            })
            .sum();
        send(&mut transcript, Label::T1, combine(s, &masks) + h * beta + G * (cross + rules));
        send(&mut transcript, Label::T0, h * rho + G * square);
        let slots = self.bases.slot_points().iter().take(self.relation.slots());
        let key: Point = std::iter::once(&G).chain(slots).zip(powers(z)).map(|(p, z)| p * z).sum();
        let mu: Scalar = self.values(&masks).into_iter().zip(powers(z).skip(1)).map(|(value, z)| z * value).sum();
        send(&mut transcript, Label::TC, G * mu + key * s);
        let x = transcript.challenge(Label::X).unwrap();

        let absorbed: Scalar = self.absorbed.iter().zip(powers(z)).map(|(factor, z)| z * factor).sum();
        let mut responses: Vec<Scalar> = w.iter().zip(&masks).map(|(w, a)| x * w + a).collect();
        responses.push(x * r + s);
        responses.push(x * x * (alpha + absorbed) + x * beta + rho);
        let responses = responses.iter().map(Scalar::to_bytes);
        points.iter().map(|point| point.0).chain(responses).flatten().collect()
    }

    /// W v.
    fn values(&self, v: &[Scalar]) -> Vec<Scalar> {
        let value = |row: &Vec<(usize, u64)>| row.iter().map(|(place, weight)| Scalar::from(*weight) * v[*place]).sum();
        self.relation.weights().iter().map(value).collect()
    }

    /// The context of `selection`, in the order of the chapter (CRY-33).
    fn transcript(&self) -> Transcript {
        let context = &self.context;
        let size = |items: usize| u64::try_from(items).unwrap();
        let mut transcript = Transcript::new(Kind::Selection, &context.election);
        transcript.bytes(Label::Opening, &context.opening);
        transcript.bytes(Label::JointKey, &context.joint_key);
        transcript.integer(Label::Contest, context.contest);
        transcript.point(Label::Credential, &context.credential);
        transcript.integer(Label::Sequence, context.sequence);
        transcript.bytes(Label::Previous, &context.previous);
        transcript.integer(Label::Slots, size(self.relation.slots()));
        transcript.integer(Label::Witness, size(self.relation.witness_len()));
        transcript.integer(Label::Rules, size(self.relation.rules_len()));
        transcript
    }
}

fn powers(base: Scalar) -> impl Iterator<Item = Scalar> {
    successors(Some(base), move |power| Some(power * base))
}

fn residue(value: i64) -> Scalar {
    let magnitude = Scalar::from(value.unsigned_abs());
    if value < 0 { -magnitude } else { magnitude }
}
