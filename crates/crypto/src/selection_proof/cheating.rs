//! Provers that know every slot secret and send the best responses there are to a false statement (the negative tests of `specs/03-cryptography.md`).

use super::{
    algebra, amounts,
    verification::Challenges,
    weakness::{Gap, Known, Setting, Step, Weakness},
};
use crate::{
    SecretScalar,
    encoding::EncodedPoint,
    group::Scalar,
    range_proof,
    transcript::{Label, Transcript},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// A prover of a statement that may be false. Errors are added to what an honest prover with this (w, r) would send.
#[derive(Clone)]
pub(super) struct Cheat {
    pub(super) setting: Setting,
    pub(super) w: Vec<Scalar>,
    pub(super) r: Scalar,
    pub(super) c_errors: Vec<Known>,
    pub(super) a_error: Known,
    pub(super) t1_error: Known,
    pub(super) t0_error: Known,
    pub(super) tc_error: Known,
    /// Added to `V_1..V_n`, which otherwise hold the wide values of w.
    pub(super) v_errors: Vec<Known>,
    pub(super) tv_error: Known,
    /// What the range proof says that the wide values are.
    pub(super) range_values: Vec<u32>,
    /// In place of the range proof.
    pub(super) foreign_range: Option<Vec<u8>>,
    /// Puts Q components into `T_0` at this position and the second next, such that the rows x^-1 and x^-2 vanish.
    pub(super) null_direction: Option<usize>,
    /// In place of the last challenge, for the extractor.
    pub(super) programmed_x: Option<Scalar>,
    pub(super) seed: u64,
}

/// Everything the cheater has fixed so far.
pub(super) struct Masks {
    alpha: Scalar,
    a: Vec<Scalar>,
    s: Scalar,
    beta: Scalar,
    rho: Scalar,
    g: Vec<Scalar>,
    eta: Scalar,
    /// 0 where the verifier lets r be chosen apart from `A`.
    q0: Scalar,
}

impl Cheat {
    pub(super) fn new(setting: &Setting, w: impl IntoIterator<Item = impl Into<Scalar>>) -> Self {
        let w: Vec<Scalar> = w.into_iter().map(Into::into).collect();
        assert_eq!(w.len(), setting.relation.witness_len());
        let wide = setting.relation.wide();
        let low = |value: &Scalar| u32::from_le_bytes(*value.as_bytes().first_chunk().unwrap());
        Self {
            v_errors: vec![Known::default(); wide.len()],
            tv_error: Known::default(),
            range_values: wide.iter().map(|position| low(&w[*position])).collect(),
            foreign_range: None,
            c_errors: vec![Known::default(); setting.relation.slots() + 1],
            setting: setting.clone(),
            w,
            r: Scalar::from(0x00c0_ffee_u64),
            a_error: Known::default(),
            t1_error: Known::default(),
            t0_error: Known::default(),
            tc_error: Known::default(),
            null_direction: None,
            programmed_x: None,
            seed: 21,
        }
    }

    /// How far w is from satisfying the relation at y: what the G component of `A` would have to be.
    pub(super) fn violation(&self, y: Scalar) -> Scalar {
        // q(w, 1) = sum y^i w_i (w_i - 1) + sum y^{N+k} (L_k.w - t_k): row x^2.
        algebra::q(&self.setting.relation, &self.w, y, Scalar::ONE) - self.a_error.g
    }

    /// `sum_j z^{j+1} error_j`: how far `C_z` is from what (w, r) says.
    pub(super) fn ciphertext_error(&self, z: Scalar) -> Known {
        let weighted = self.c_errors.iter().zip(algebra::powers(z));
        weighted.fold(Known::default(), |sum, (error, power)| sum.plus(error, power))
    }

    /// `sum_h z^h error_h`: how far `V_z` is from what w says.
    pub(super) fn amounts_error(&self, z: Scalar) -> Known {
        let weighted = self.v_errors.iter().zip(algebra::powers(z));
        weighted.fold(Known::default(), |sum, (error, power)| sum.plus(error, power))
    }

    /// Proves to a verifier with this weakness, choosing every late message to fit.
    pub(super) fn prove(&self, weakness: &Weakness) -> Vec<u8> {
        let mut cheat = self.clone();
        let Setting { relation, secrets, bases, .. } = &self.setting;
        let mut rng = ChaCha20Rng::seed_from_u64(self.seed);
        let mut random = || Scalar::random(&mut rng);
        let a = self.w.iter().map(|_| random()).collect();
        let g = relation.wide().iter().map(|_| Scalar::random(&mut ChaCha20Rng::seed_from_u64(self.seed + 1)));
        let (mut g, q0) = (g.collect::<Vec<_>>(), Scalar::from(u8::from(weakness.amounts != Gap::UnboundR)));
        g.iter_mut().zip(algebra::powers(Scalar::from(3u64))).for_each(|(g, factor)| *g *= factor);
        let mut masks = Masks { alpha: random(), a, s: random(), beta: random(), rho: random(), g, eta: random(), q0 };
        let mut transcript = weakness.transcript(&self.setting);
        let (mut y, mut z, mut x): (Option<Scalar>, Option<Scalar>, Option<Scalar>) = (None, None, None);
        let (mut c, mut v, mut announced) = (Vec::new(), Vec::new(), [EncodedPoint::IDENTITY; 5]);
        let wide = relation.wide().len();
        for step in &weakness.steps {
            let challenge = |transcript: &mut Transcript| Some(weakness.challenge(transcript, *step));
            let mut announce = |at: usize, label: Label, known: Known| {
                announced[at] = EncodedPoint::encode(&known.point(bases));
                transcript.point(label, &announced[at]);
            };
            match step {
                Step::C => {
                    if let (Some(z), Some(last)) = (z, cheat.c_errors.len().checked_sub(1)) {
                        let excess = cheat.ciphertext_error(z);
                        let power = algebra::powers(z).nth(last).unwrap();
                        cheat.c_errors[last] = cheat.c_errors[last].plus(&excess, -power.invert());
                    }
                    c = cheat.ciphertext().iter().map(|known| EncodedPoint::encode(&known.point(bases))).collect();
                    c.iter().for_each(|point| transcript.point(Label::Ciphertext, point));
                }
                Step::V => {
                    if let (Some(z), Some(last)) = (z, wide.checked_sub(1)) {
                        let excess = cheat.amounts_error(z);
                        let power = algebra::powers(z).nth(last).unwrap();
                        cheat.v_errors[last] = cheat.v_errors[last].plus(&excess, -power.invert());
                    }
                    let points = cheat.commitments(&masks, weakness);
                    v = points.iter().map(|known| EncodedPoint::encode(&known.point(bases))).collect();
                    amounts::absorb(&mut transcript, relation, &v);
                }
                Step::TV if wide == 0 => (),
                Step::TV => {
                    let z = z.unwrap();
                    let honest = Known::g(algebra::amounts(relation, &masks.a, z)).plus(&blinding(weakness), masks.eta);
                    let late = x.unwrap_or_default();
                    let point = honest.plus(&cheat.tv_error, Scalar::ONE).plus(&cheat.amounts_error(z), -late);
                    announce(4, Label::TV, point);
                }
                Step::A => {
                    if let Some(y) = y {
                        cheat.a_error.g += cheat.violation(y);
                    }
                    announce(0, Label::A, cheat.a_point(&masks));
                }
                Step::Y => y = challenge(&mut transcript),
                Step::Z => {
                    z = challenge(&mut transcript);
                    cheat.find_null_direction(&mut masks, y);
                }
                Step::T1 => {
                    let y = y.unwrap();
                    let late = x.map_or(Scalar::ZERO, |x| x * cheat.violation(y));
                    announce(1, Label::T1, cheat.t1_point(&masks, y).plus(&Known::g(late), Scalar::ONE));
                }
                Step::T0 => {
                    let y = y.unwrap();
                    let late = x.map_or(Scalar::ZERO, |x| x * x * cheat.violation(y));
                    announce(2, Label::T0, cheat.t0_point(&masks, y).plus(&Known::g(late), Scalar::ONE));
                }
                Step::TC => {
                    let z = z.unwrap();
                    let late = x.unwrap_or_default();
                    let key =
                        algebra::powers(z).zip([Scalar::ONE].iter().chain(secrets)).map(|(z, p)| z * p).sum::<Scalar>();
                    let honest = Known::g(algebra::mu(relation, &masks.a, z) + masks.s * key);
                    let point = honest.plus(&cheat.tc_error, Scalar::ONE).plus(&cheat.ciphertext_error(z), -late);
                    announce(3, Label::TC, point);
                }
                Step::X => x = self.programmed_x.or(challenge(&mut transcript)),
            }
        }
        let challenges = Challenges { y: y.unwrap(), z: z.unwrap(), x: x.unwrap() };
        let responses = cheat.respond(&masks, &challenges, weakness);
        let announced = &announced[..if wide == 0 { 4 } else { 5 }];
        let points = c.iter().chain(&v).chain(announced).map(EncodedPoint::as_bytes);
        let mut bytes: Vec<u8> = points.chain(responses.iter().map(Scalar::as_bytes)).flatten().copied().collect();
        bytes.extend(cheat.range_proof(&bytes, &masks, weakness));
        bytes
    }

    /// `V_1..V_n` with their errors.
    fn commitments(&self, masks: &Masks, weakness: &Weakness) -> Vec<Known> {
        let values = self.setting.relation.wide().iter().map(|position| self.w[*position]);
        let honest = values.zip(&masks.g).map(|(value, g)| Known::g(value).plus(&blinding(weakness), *g));
        honest.zip(&self.v_errors).map(|(known, error)| known.plus(error, Scalar::ONE)).collect()
    }

    /// The range proof that the verifier expects behind these bytes, of the values this prover claims.
    fn range_proof(&self, bytes: &[u8], masks: &Masks, weakness: &Weakness) -> Vec<u8> {
        let Some(generators) = self.setting.bases.range() else { return Vec::new() };
        if let Some(foreign) = &self.foreign_range {
            return foreign.clone();
        }
        let whole = [bytes, &vec![0; 32 * range_proof::blocks(masks.g.len())]].concat();
        let transcript = weakness.range_transcript(&self.setting, &whole);
        let blindings = match weakness.amounts {
            // C_1 = w G + r P = v G + (r + (w - v) / p) P.
            Gap::OverCiphertext => {
                let traded = (self.w[0] - Scalar::from(self.range_values[0])) * self.setting.secrets[0].invert();
                vec![self.r + traded]
            }
            _ => masks.g.clone(),
        };
        let blindings: Vec<SecretScalar> = blindings.into_iter().map(SecretScalar::new).collect();
        let mut rng = ChaCha20Rng::seed_from_u64(self.seed);
        let base = weakness.range_base(&self.setting);
        let proof = range_proof::prove(&transcript, generators, &base, &self.range_values, &blindings, &mut rng);
        proof.unwrap().unwrap()
    }

    /// `C_0..C_K` with their errors; the slot keys are `p_j G`.
    fn ciphertext(&self) -> Vec<Known> {
        let relation = &self.setting.relation;
        let value =
            |row: &Vec<(usize, u64)>| row.iter().map(|(i, weight)| Scalar::from(*weight) * self.w[*i]).sum::<Scalar>();
        let slots = relation.weights().iter().zip(&self.setting.secrets);
        let honest = std::iter::once(self.r).chain(slots.map(|(row, p)| value(row) + self.r * p));
        honest.zip(&self.c_errors).map(|(g, error)| Known::g(g).plus(error, Scalar::ONE)).collect()
    }

    fn a_point(&self, masks: &Masks) -> Known {
        let q = [self.r * masks.q0].iter().chain(&self.w).copied().collect();
        Known { g: Scalar::ZERO, h: masks.alpha, q }.plus(&self.a_error, Scalar::ONE)
    }

    fn t1_point(&self, masks: &Masks, y: Scalar) -> Known {
        let bits = algebra::bits(&self.setting.relation, self.w.iter().zip(&masks.a).zip(algebra::powers(y)));
        let e_1: Scalar = bits.map(|((w, a), y)| y * a * (w + w - Scalar::ONE)).sum();
        let q = [masks.s * masks.q0].iter().chain(&masks.a).copied().collect();
        let g = e_1 + algebra::rules_at(&self.setting.relation, &masks.a, y);
        Known { g, h: masks.beta, q }.plus(&self.t1_error, Scalar::ONE)
    }

    fn t0_point(&self, masks: &Masks, y: Scalar) -> Known {
        let d = self.d();
        let terms = self.w.iter().zip(&masks.a).zip(&d).zip(algebra::powers(y));
        let bits = algebra::bits(&self.setting.relation, terms);
        let e_0: Scalar = bits.map(|(((w, a), d), y)| y * (a * a + (w + w - Scalar::ONE) * d)).sum();
        let g = e_0 + algebra::rules_at(&self.setting.relation, &d, y);
        Known { g, h: masks.rho, q: Vec::new() }.plus(&self.t0_error, Scalar::ONE)
    }

    /// The components of `T_0` over Q_1..Q_N.
    fn d(&self) -> Vec<Scalar> {
        (1..=self.w.len()).map(|index| self.t0_error.q_at(index)).collect()
    }

    /// With `iota^2 = -1`, `d_i = iota y d_{i+2}` solves `y^i d_i^2 + y^{i+2} d_{i+2}^2 = 0`, and `a_i` then solves row x^-1.
    fn find_null_direction(&mut self, masks: &mut Masks, y: Option<Scalar>) {
        let (Some(first), Some(y)) = (self.null_direction, y) else { return };
        let quarter = (0..2).fold(-Scalar::ONE, |exponent, _| exponent * Scalar::from(2u64).invert());
        let bits = quarter.to_bytes();
        let iota = (0..256).rev().fold(Scalar::ONE, |power, bit| {
            let square = power * power;
            if bits[bit / 8] >> (bit % 8) & 1 == 1 { square + square } else { square }
        });
        assert_eq!(iota * iota, -Scalar::ONE);
        let d = Scalar::from(9u64);
        self.t0_error = Known::q(first + 1, iota * y * d).plus(&Known::q(first + 3, d), Scalar::ONE);
        masks.a[first] = -(y * y * masks.a[first + 2] * d) * (iota * y * d).invert();
    }

    /// The best responses: every component but G is matched exactly; a merged verifier's slack is used in full.
    fn respond(&self, masks: &Masks, challenges: &Challenges, weakness: &Weakness) -> Vec<Scalar> {
        let Challenges { z, x, .. } = *challenges;
        let merges = weakness.merges;
        let slack = if merges { self.ciphertext_error(z) } else { Known::default() };
        let response = |index: usize, secret: Scalar, mask: Scalar| {
            let [in_a, in_t1, in_t0] = [&self.a_error, &self.t1_error, &self.t0_error].map(|error| error.q_at(index));
            x * (secret + in_a + slack.q_at(index)) + mask + in_t1 + in_t0 * x.invert()
        };
        let bits = self.w.iter().zip(&masks.a).enumerate().map(|(i, (w, a))| response(i + 1, *w, *a));
        let mut responses: Vec<Scalar> = bits.collect();
        responses.push(response(0, self.r, masks.s));
        if weakness.amounts == Gap::UnboundR {
            // (r + u) P_z in place of r P_z, with u found after z.
            let powers = algebra::powers(z).zip([Scalar::ONE].iter().chain(&self.setting.secrets));
            let key = powers.map(|(z, p)| z * p).sum::<Scalar>();
            *responses.last_mut().unwrap() += x * self.ciphertext_error(z).g * key.invert();
        }
        let in_tc = if merges { self.tc_error.h } else { Scalar::ZERO };
        let quadratic = x * x * (masks.alpha + self.a_error.h + slack.h);
        let linear = x * (masks.beta + self.t1_error.h + in_tc);
        responses.push(quadratic + linear + masks.rho + self.t0_error.h);
        if !masks.g.is_empty() {
            let blinding: Scalar = masks.g.iter().zip(algebra::powers(z)).map(|(g, power)| power * g).sum();
            let of_second = if weakness.amounts == Gap::MergedThird {
                x * self.ciphertext_error(z).h + self.tc_error.h
            } else {
                Scalar::ZERO
            };
            let in_v = x * (blinding + self.amounts_error(z).h);
            responses.push(in_v + masks.eta + self.tv_error.h + of_second);
        }
        responses
    }
}

/// The commitments' blinding base.
fn blinding(weakness: &Weakness) -> Known {
    if weakness.amounts == Gap::OtherBase { Known::q(1, 1u64) } else { Known::h(1u64) }
}
