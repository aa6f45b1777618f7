//! What must be accepted (test 11 of those that `specs/03-cryptography.md` lists); the sub-modules hold what must be refused (1 to 10).

pub(crate) mod amount_vectors;
mod amounts;
mod batches;
mod bindings;
mod fields;
mod statements;
pub(crate) mod vectors;

use super::{
    amounts::AmountParts,
    cheating::Cheat,
    verification::{Challenges, Parts},
    weakness::{Gap, Known, Setting, Step, Weakness},
    *,
};
use crate::{
    batch::{Claim, ClaimError},
    group::{G, Point, Scalar},
};
use curve25519_dalek::traits::IsIdentity as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(31)
}

fn bits(text: &str) -> Vec<u32> {
    text.bytes().map(|byte| u32::from(byte == b'1')).collect()
}

fn sealed(setting: &Setting, witness: &str) -> Vec<u8> {
    let Setting { relation, bases, context, .. } = setting;
    seal(relation, bases, context, &bits(witness), &mut rng()).unwrap().0.as_bytes().to_vec()
}

/// `E1` and `E2` as points, each the identity when it holds, and the real challenges.
fn residues(setting: &Setting, bytes: &[u8]) -> ([Point; 2], Challenges) {
    let challenges = Weakness::none().challenges(setting, bytes);
    let parts = Parts::decode(&setting.relation, &setting.decode(bytes)).unwrap();
    (parts.equations(&setting.relation, &challenges).map(|equation| equation.value(&setting.bases)), challenges)
}

#[test]
fn every_rule_holds_at_its_bounds() {
    let one = Relation::new(1, 1, vec![], vec![vec![(0, 1)]], vec![]).unwrap();
    let one = Setting::new(one, vec![Scalar::from(3u64)]);
    for (setting, witnesses) in [
        (one, vec!["0", "1"]),
        (Setting::choose_one(1), vec!["1"]),
        (Setting::choose_one(5), vec!["10000", "00001"]),
        (Setting::approval(), vec!["0000000111", "1111111000", "1000000011"]),
        (Setting::points(), vec!["101001", "010110"]),
    ] {
        for witness in witnesses {
            let bytes = sealed(&setting, witness);
            assert_eq!(bytes.len(), setting.relation.sealed_len());
            assert!(setting.accepts(&bytes), "{witness}");
        }
    }
}

#[test]
fn sealing_refuses_a_witness_that_breaks_a_rule() {
    let Setting { relation, bases, context, .. } = Setting::choose_one(3);
    for witness in ["000", "110", "111", "10", "1000", ""] {
        let refused = seal(&relation, &bases, &context, &bits(witness), &mut rng());
        assert_eq!(refused.err(), Some(SealError::Witness), "{witness}");
    }
}

#[test]
fn too_few_bases_are_refused() {
    let setting = Setting::choose_one(3);
    let bytes = sealed(&setting, "100");
    let keys = setting.bases.slot_points();
    for bases in [crate::batch::Bases::new(2, keys), crate::batch::Bases::new(3, &keys[..2])] {
        let Setting { relation, context, .. } = &setting;
        assert_eq!(seal(relation, &bases, context, &bits("100"), &mut rng()).err(), Some(SealError::Bases));
        assert_eq!(claim(relation, &bases, context, &setting.decode(&bytes)).err(), Some(ClaimError::Bases));
    }
    // More than enough is no error: one election's bases serve all its contests.
    let more: Vec<Point> = keys.iter().copied().chain([G]).collect();
    let more = Setting { bases: crate::batch::Bases::new(9, &more), ..setting };
    assert!(more.accepts(&bytes));
}

#[test]
fn an_opening_shows_exactly_what_was_sealed() {
    let setting = Setting::points();
    let Setting { relation, bases, context, .. } = &setting;
    let (sealed, opening) = seal(relation, bases, context, &bits("010110"), &mut rng()).unwrap();
    let randomness = *opening.randomness().expose();
    let open = |values: &[u64], randomness: &Scalar| check_opening(relation, bases, &sealed, values, randomness);
    assert!(open(&[2, 4], &randomness).is_err());
    let values = relation.values(&bits("010110")).unwrap();
    assert!(open(&values, &randomness).is_ok());
    assert!(open(&values, &(randomness + Scalar::ONE)).is_err());
    assert!(open(&values[..1], &randomness).is_err());
    assert!(open(&[values[0], values[1], 0], &randomness).is_err());
    assert_eq!(opening.into_public().decode(), Ok(randomness));
}

/// The simulator of section 4: responses first, then `T_1` and `T_C` solved from E1 and E2, for a ciphertext of anything at all.
fn simulate(setting: &Setting, challenges: &Challenges, seed: u64) -> Parts {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let relation = &setting.relation;
    let mut parts = Parts {
        c: (0..=relation.slots()).map(|_| Point::random(&mut rng)).collect(),
        a: Point::random(&mut rng),
        t1: crate::group::identity(),
        t0: Point::random(&mut rng),
        tc: crate::group::identity(),
        f: (0..relation.witness_len()).map(|_| Scalar::random(&mut rng)).collect(),
        z_r: Scalar::random(&mut rng),
        z_h: Scalar::random(&mut rng),
        amounts: None,
    };
    if !relation.wide().is_empty() {
        let v = relation.wide().iter().map(|_| Point::random(&mut rng)).collect();
        let t_v = crate::group::identity();
        parts.amounts = Some(AmountParts { v, t_v, z_g: Scalar::random(&mut rng) });
        let e3 = parts.third_equation(relation, challenges).unwrap().value(&setting.bases);
        parts.amounts.as_mut().unwrap().t_v = e3;
    }
    let [e1, e2] = parts.equations(relation, challenges).map(|equation| equation.value(&setting.bases));
    (parts.t1, parts.tc) = (e1 * challenges.x.invert(), e2);
    parts
}

pub(super) fn encode(parts: &Parts) -> Vec<u8> {
    let amounts = parts.amounts.as_ref();
    let points = parts
        .c
        .iter()
        .chain(amounts.iter().flat_map(|amounts| &amounts.v))
        .chain([&parts.a, &parts.t1, &parts.t0, &parts.tc])
        .chain(amounts.map(|amounts| &amounts.t_v))
        .map(|point| *EncodedPoint::encode(point).as_bytes());
    let scalars = parts.f.iter().chain([&parts.z_r, &parts.z_h]).chain(amounts.map(|amounts| &amounts.z_g));
    points.chain(scalars.map(Scalar::to_bytes)).flatten().collect()
}

#[test]
fn simulated_transcripts_satisfy_both_equations_and_nothing_else() {
    let mut rng = rng();
    let mut random = || Scalar::random(&mut rng);
    for (setting, seed) in [(Setting::choose_one(4), 1), (Setting::approval(), 2), (Setting::points(), 3)] {
        let challenges = Challenges { y: random(), z: random(), x: random() };
        let parts = simulate(&setting, &challenges, seed);
        for equation in parts.equations(&setting.relation, &challenges) {
            assert!(equation.value(&setting.bases).is_identity());
        }
        // Test 8: challenges of one's own choice are not the transcript's.
        assert!(!setting.accepts(&encode(&parts)));
    }
}

#[test]
fn five_challenges_extract_the_witness() {
    let setting = Setting::points();
    let mut cheat = Cheat::new(&setting, bits("110010"));
    let mut views = Vec::new();
    for x in 2..7u64 {
        cheat.programmed_x = Some(Scalar::from(x));
        let bytes = cheat.prove(&Weakness::none());
        views.push((Scalar::from(x), Parts::decode(&setting.relation, &setting.decode(&bytes)).unwrap()));
    }
    // One prefix, five answers: only f, z_r, z_h differ.
    assert!(views.iter().all(|(_, parts)| (parts.a, parts.t1, parts.t0, parts.tc)
        == (views[0].1.a, views[0].1.t1, views[0].1.t0, views[0].1.tc)));
    let slope = |of: &dyn Fn(&Parts) -> Scalar| {
        let slopes: Vec<Scalar> =
            views.windows(2).map(|pair| (of(&pair[1].1) - of(&pair[0].1)) * (pair[1].0 - pair[0].0).invert()).collect();
        assert!(slopes.iter().all(|slope| *slope == slopes[0]), "the five answers lie on one line");
        slopes[0]
    };
    let w: Vec<Scalar> = (0..6).map(|i| slope(&|parts: &Parts| parts.f[i])).collect();
    assert_eq!(w, cheat.w);
    let r = slope(&|parts: &Parts| parts.z_r);
    let parts = &views[0].1;
    assert_eq!(parts.c[0], G * r);
    for (slot, row) in setting.relation.weights().iter().enumerate() {
        let value: Scalar = row.iter().map(|(i, weight)| Scalar::from(*weight) * w[*i]).sum();
        assert_eq!(parts.c[slot + 1], G * value + setting.bases.slot_points()[slot] * r);
    }
}

/// The cheaters' code is the honest prover when there is nothing to cheat about: their refusals are not clumsiness.
#[test]
fn a_cheater_without_errors_is_accepted() {
    for (setting, witness) in
        [(Setting::choose_one(3), "010"), (Setting::approval(), "1100000101"), (Setting::points(), "010110")]
    {
        let honest = setting.relation.holds(&bits(witness));
        let cheat = Cheat::new(&setting, bits(witness));
        let bytes = cheat.prove(&Weakness::none());
        assert_eq!(setting.accepts(&bytes), honest);
        assert_eq!(Weakness::none().accepts(&setting, &bytes), honest);
        // The tests' schedule of messages is the real one.
        let start = verification::step_0(&setting.relation, &setting.context, &setting.decode(&bytes));
        let real = verification::challenges(&setting.relation, start, &setting.decode(&bytes)).unwrap();
        let Challenges { y, z, x } = Weakness::none().challenges(&setting, &bytes);
        assert_eq!((real.y, real.z, real.x), (y, z, x));
    }
}

#[test]
fn a_right_statement_may_carry_harmless_components() {
    // T_0 with Q components whose rows x^-1 and x^-2 vanish: the statement is true, and the proof is accepted (section 3, step x).
    let setting = Setting::approval();
    let mut cheat = Cheat::new(&setting, bits("1111000110"));
    cheat.null_direction = Some(7);
    assert!(setting.accepts(&cheat.prove(&Weakness::none())));
    // The same on top of a false statement is refused (test 7).
    cheat.w[0] = Scalar::from(2u64);
    assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
}

#[test]
fn encodings_are_inverse_to_decodings() {
    let setting = Setting::points();
    let bytes = sealed(&setting, "101001");
    let contest = setting.decode(&bytes);
    assert_eq!(contest.as_bytes(), bytes);
    assert_eq!(encode(&Parts::decode(&setting.relation, &contest).unwrap()), bytes);
    let (_, c): (Claim, _) = claim(&setting.relation, &setting.bases, &setting.context, &contest).unwrap();
    assert_eq!(c.iter().map(EncodedPoint::encode).collect::<Vec<_>>(), contest.ciphertext_points().collect::<Vec<_>>());
    assert_eq!(contest.c0(), EncodedPoint::encode(&c[0]));
}

proptest::proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_and_never_verify(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..700)) {
        let setting = Setting::choose_one(2);
        proptest::prop_assert!(!setting.accepts(&bytes));
        let mut right = bytes;
        right.resize(setting.relation.sealed_len(), 0);
        proptest::prop_assert!(!setting.accepts(&right));
    }

    #[test]
    fn one_flipped_bit_is_refused(position in 0usize..352, bit in 0u8..8) {
        let setting = Setting::choose_one(2);
        let mut bytes = sealed(&setting, "01");
        bytes[position] ^= 1 << bit;
        proptest::prop_assert!(!setting.accepts(&bytes));
    }

    #[test]
    fn every_right_witness_is_accepted(votes in 0u64..128) {
        let setting = Setting::approval();
        let slack = 7 - u64::from(votes.count_ones());
        let witness: Vec<bool> = (0..7).map(|bit| votes >> bit & 1 == 1).chain((0..3).map(|bit| slack >> bit & 1 == 1)).collect();
        let text: String = witness.iter().map(|bit| if *bit { '1' } else { '0' }).collect();
        proptest::prop_assert!(setting.accepts(&sealed(&setting, &text)));
    }
}
