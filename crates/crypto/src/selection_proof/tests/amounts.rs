//! Test 12: contests with wide values. Each weakened verifier accepts its forgery; the real one refuses it, alone and in a batch.

use super::*;

fn seal_of(setting: &Setting, witness: &[u32], seed: u64) -> Vec<u8> {
    let Setting { relation, bases, context, .. } = setting;
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    seal(relation, bases, context, witness, &mut rng).unwrap().0.as_bytes().to_vec()
}

#[test]
fn every_amount_is_accepted_at_its_bounds() {
    let max = u32::MAX;
    for value in [0, 1, max - 1, max] {
        assert!(Setting::amount().accepts(&seal_of(&Setting::amount(), &[value], 1)), "{value}");
    }
    let setting = Setting::budget();
    for witness in [[0, 0, 0, max], [max, 0, 0, 0], [0, max, 0, 0], [0, 0, 1, 0], [1, max - 3, 0, 2]] {
        let bytes = seal_of(&setting, &witness, 2);
        assert_eq!(bytes.len(), setting.relation.sealed_len());
        assert!(setting.accepts(&bytes), "{witness:?}");
    }
}

fn bites(cheat: &Cheat, weakness: &Weakness) {
    let bytes = cheat.prove(weakness);
    assert!(weakness.accepts(&cheat.setting, &bytes), "the weakened verifier accepts: {weakness:?}");
    assert!(!cheat.setting.accepts(&bytes), "{weakness:?}");
    assert!(!cheat.setting.accepts(&cheat.prove(&Weakness::none())), "and the best proof to the real one is refused");
}

/// The cheaters' code is the honest prover when there is nothing to cheat about.
#[test]
fn a_cheater_with_right_amounts_is_accepted() {
    let budget = Setting::budget();
    for (setting, w) in [(Setting::amount(), vec![7]), (budget.clone(), vec![1, 2, 0, u32::MAX - 3])] {
        let bytes = Cheat::new(&setting, w).prove(&Weakness::none());
        assert!(Weakness::none().accepts(&setting, &bytes));
        assert!(setting.accepts(&bytes));
        for gap in [Gap::Range, Gap::Third, Gap::MergedThird] {
            assert!(Weakness::of_amounts(gap).accepts(&setting, &bytes), "{gap:?}");
        }
    }
    // E1 too binds the rules of a contest with amounts.
    for w in [[1u32, 2, 0, 3], [0, 0, 2, 0], [0, 0, 1, 1]] {
        assert!(!budget.accepts(&Cheat::new(&budget, w).prove(&Weakness::none())), "{w:?}");
    }
}

#[test]
fn a_commitment_to_another_value_is_refused() {
    // The contest holds 7, V and its range proof say 8.
    let setting = Setting::amount();
    let mut cheat = Cheat::new(&setting, [7u32]);
    cheat.v_errors[0] = Known::g(1u64);
    cheat.range_values = vec![8];
    bites(&cheat, &Weakness::of_amounts(Gap::Third));
    // In an election, what this would buy: 2^32 and -1, each beside a commitment to something in range.
    for (w, said) in [(Scalar::from(1u64 << 32), 0u32), (-Scalar::ONE, 1)] {
        let mut cheat = Cheat::new(&setting, [w]);
        cheat.v_errors[0] = Known::g(Scalar::from(said) - w);
        cheat.range_values = vec![said];
        bites(&cheat, &Weakness::of_amounts(Gap::Third));
        bites(&cheat, &Weakness::late(Step::TV, Step::X));
    }
}

#[test]
fn swapped_commitments_are_refused() {
    let setting = Setting::budget();
    let mut cheat = Cheat::new(&setting, [10u32, 20, 0, u32::MAX - 30]);
    (cheat.v_errors[0], cheat.v_errors[1]) = (Known::g(10u64), Known::g(-Scalar::from(10u64)));
    cheat.range_values.swap(0, 1);
    bites(&cheat, &Weakness::of_amounts(Gap::Third));
    let z_is_one = Weakness { z_is_one: true, ..Weakness::none() };
    bites(&cheat, &z_is_one);
    // The bytes of two right commitments swapped.
    let right = seal_of(&setting, &[10, 20, 0, u32::MAX - 30], 3);
    let mut swapped = right.clone();
    swapped.as_chunks_mut::<32>().0.swap(4, 5);
    assert!(setting.accepts(&right) && !setting.accepts(&swapped));
}

#[test]
fn a_value_out_of_range_is_refused() {
    let setting = Setting::amount();
    let two = Scalar::from(2u64);
    for w in [Scalar::from(1u64 << 32), Scalar::from(u64::MAX), -Scalar::ONE, two.invert(), Scalar::from(1u64 << 40)] {
        bites(&Cheat::new(&setting, [w]), &Weakness::of_amounts(Gap::Range));
    }
    // Where the rule is kept by two values that add up modulo l.
    let setting = Setting::budget();
    let w = [Scalar::from(u64::from(u32::MAX) + 5), -Scalar::from(5u64), Scalar::ZERO, Scalar::ZERO];
    bites(&Cheat::new(&setting, w), &Weakness::of_amounts(Gap::Range));
}

#[test]
fn a_missing_or_foreign_range_proof_is_refused() {
    let setting = Setting::amount();
    let right = seal_of(&setting, &[7], 4);
    let proof = right.len() - 32 * crate::range_proof::blocks(1);
    // Missing; of zeros; of another ballot; of another voter's ballot, otherwise right.
    assert!(SealedContest::decode(&right[..proof], &setting.relation).is_err());
    let with = |bytes: &[u8]| [&right[..proof], bytes].concat();
    assert!(!setting.accepts(&with(&vec![0; right.len() - proof])));
    assert!(!setting.accepts(&with(&seal_of(&setting, &[7], 5)[proof..])));
    let mut elsewhere = setting.clone();
    elsewhere.context.credential = EncodedPoint::encode(&G);
    let mut cheat = Cheat::new(&setting, [7u32]);
    let mut other = cheat.clone();
    other.setting = elsewhere.clone();
    let foreign = other.prove(&Weakness::none());
    assert!(elsewhere.accepts(&foreign));
    let v = setting.relation.slots() + 1;
    let own = cheat.prove(&Weakness::none());
    assert_eq!(own.as_chunks::<32>().0[v], foreign.as_chunks::<32>().0[v], "one commitment in both contexts");
    cheat.foreign_range = Some(foreign[proof..].to_vec());
    let bytes = cheat.prove(&Weakness::none());
    assert!(!setting.accepts(&bytes));
    assert!(Weakness::of_amounts(Gap::Range).accepts(&setting, &bytes));
    // A proof whose transcript covers no context serves everywhere.
    let unbound = Weakness::of_amounts(Gap::RangeContext);
    let bytes = Cheat::new(&setting, [7u32]).prove(&unbound);
    assert!(unbound.accepts(&setting, &bytes) && !setting.accepts(&bytes));
}

#[test]
fn another_blinding_base_is_refused() {
    let setting = Setting::amount();
    let weakness = Weakness::of_amounts(Gap::OtherBase);
    let bytes = Cheat::new(&setting, [7u32]).prove(&weakness);
    assert!(weakness.accepts(&setting, &bytes) && !setting.accepts(&bytes));
}

/// A ciphertext is no commitment to one who knows the slot's secret: 2^40 in `C_1`, with a range proof that says 0.
#[test]
fn a_range_proof_over_the_ciphertext_proves_nothing() {
    let setting = Setting::amount();
    let mut cheat = Cheat::new(&setting, [1u64 << 40]);
    cheat.range_values = vec![0];
    bites(&cheat, &Weakness::of_amounts(Gap::OverCiphertext));
}

/// The first shortcut: `C_j - V_j` in the span of `P_j` and `H` lets an H component into the ciphertext, which then nobody can decrypt.
#[test]
fn an_h_component_in_the_ciphertext_passes_the_first_shortcut_only() {
    for slot in 0..2 {
        let setting = Setting::amount();
        let mut cheat = Cheat::new(&setting, [7u32]);
        cheat.c_errors[slot] = Known::h(77u64);
        bites(&cheat, &Weakness::of_amounts(Gap::MergedThird));
    }
}

/// The second: an r that `A` does not bind is traded for a value by who knows the slot's secret.
#[test]
fn an_r_that_is_not_bound_is_traded_for_value() {
    let setting = Setting::amount();
    let mut cheat = Cheat::new(&setting, [7u32]);
    cheat.c_errors[1] = Known::g(1u64 << 40);
    bites(&cheat, &Weakness::of_amounts(Gap::UnboundR));
}

#[test]
fn messages_for_amounts_are_bound() {
    // V after z: other values than the ciphertext's. (With it goes the range proof: what fits z is not small.)
    let setting = Setting::budget();
    let mut cheat = Cheat::new(&setting, [1u32, 2, 0, u32::MAX - 3]);
    cheat.v_errors[0] = Known::g(1u64);
    bites(&cheat, &Weakness { amounts: Gap::Range, ..Weakness::late(Step::V, Step::Z) });
    for error in [Known::g(1u64), Known::q(0, 1u64), Known::q(1, 1u64)] {
        let mut cheat = Cheat::new(&setting, [1u32, 2, 0, u32::MAX - 3]);
        cheat.tv_error = error;
        assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    }
    // An H component of T_V that z_g answers is another eta; of V, another g.
    let mut cheat = Cheat::new(&Setting::amount(), [7u32]);
    cheat.tv_error = Known::h(5u64);
    assert!(cheat.setting.accepts(&cheat.prove(&Weakness::none())));
}

#[test]
fn errors_that_cancel_between_the_second_and_third_pass_equal_weights_only() {
    let setting = Setting::amount();
    let Setting { relation, bases, context, .. } = &setting;
    let mut cheat = Cheat::new(&setting, [7u32]);
    (cheat.tc_error, cheat.tv_error) = (Known::g(13u64), Known::g(-Scalar::from(13u64)));
    let bytes = cheat.prove(&Weakness::none());
    let (claim, _) = claim(relation, bases, context, &setting.decode(&bytes)).unwrap();
    assert!(crate::batch::tests::equal_weights_accept(&[claim], bases));
    assert!(!setting.accepts(&bytes));
    // T_C + dH, answered by z_g.
    let mut cheat = Cheat::new(&setting, [7u32]);
    cheat.tc_error = Known::h(13u64);
    let weakness = Weakness::of_amounts(Gap::MergedThird);
    let bytes = cheat.prove(&weakness);
    let (claim, _) = super::claim(relation, bases, context, &setting.decode(&bytes)).unwrap();
    assert!(crate::batch::tests::equal_weights_accept(&[claim], bases));
    bites(&cheat, &weakness);
}

/// Test 1 and 2 for what amounts add: every V, `T_V`, `z_g` and every block of the range proof.
#[test]
fn every_field_of_the_amounts_is_bound() {
    let setting = Setting::budget();
    let right = seal_of(&setting, &[3, 4, 0, u32::MAX - 7], 7);
    assert!(setting.accepts(&right));
    let blocks = right.len() / 32;
    // C_0..C_3, V_1..V_3 (4..=6), A, T_1, T_0, T_C, T_V (11), f_1..f_4, z_r, z_h, z_g (18), range proof: 4 points, 3 scalars, 14 points, 2.
    for block in (4..7).chain([11]).chain(18..blocks) {
        let mut bytes = right.clone();
        let value = &mut bytes.as_chunks_mut::<32>().0[block];
        let scalar = block == 18 || (23..26).contains(&block) || block >= blocks - 2;
        *value = if scalar {
            (Scalar::from_canonical_bytes(*value).unwrap() + Scalar::ONE).to_bytes()
        } else {
            EncodedPoint::encode(&(EncodedPoint(*value).decode().unwrap() + G)).0
        };
        assert!(!setting.accepts(&bytes), "{block}");
    }
    // What is absorbed: the number of wide values and their positions, also where no equation could tell.
    let start = |wide: Vec<usize>| {
        let relation = Relation::new(1, 3, wide, vec![vec![]], vec![]).unwrap();
        let mut transcript = setting.context.transcript(&relation, []);
        super::super::amounts::absorb(&mut transcript, &relation, &[EncodedPoint::IDENTITY; 3]);
        transcript.challenge(crate::transcript::Label::Y).unwrap()
    };
    let challenges = [start(vec![]), start(vec![0]), start(vec![1]), start(vec![0, 1]), start(vec![0, 2])];
    assert!((0..5).all(|one| (0..one).all(|other| challenges[one] != challenges[other])));
}

#[test]
fn sealing_amounts_refuses_what_it_cannot_prove() {
    let setting = Setting::budget();
    let Setting { relation, bases, context, .. } = &setting;
    for witness in [vec![1, 2, 0, 3], vec![0, 0, 2, 0], vec![0, 0, 1], vec![u32::MAX, 1, 0, 0]] {
        let refused = seal(relation, bases, context, &witness, &mut rng());
        assert_eq!(refused.err(), Some(SealError::Witness), "{witness:?}");
    }
    let few = crate::batch::Bases::with_amounts(4, 2, bases.slot_points());
    let bytes = seal_of(&setting, &[0, 0, 1, 0], 8);
    assert_eq!(seal(relation, &few, context, &[0, 0, 1, 0], &mut rng()).err(), Some(SealError::Bases));
    assert_eq!(claim(relation, &few, context, &setting.decode(&bytes)).err(), Some(ClaimError::Bases));
    // Randomness that fails, at once or only when the range proof or the last masks are drawn, gives no proof.
    for good in 0..3 {
        let refused = seal(relation, bases, context, &[0, 0, 1, 0], &mut Exhausted(good));
        assert!(matches!(refused.err(), Some(SealError::Randomness(_))), "{good}");
    }
    assert!(seal(relation, bases, context, &[0, 0, 1, 0], &mut Exhausted(3)).is_ok());
}

/// A generator that fails after so many calls.
struct Exhausted(u32);

impl rand_core::RngCore for Exhausted {
    fn next_u32(&mut self) -> u32 {
        unreachable!("secrets are drawn by the call that can fail")
    }
    fn next_u64(&mut self) -> u64 {
        unreachable!("secrets are drawn by the call that can fail")
    }
    fn fill_bytes(&mut self, _: &mut [u8]) {
        unreachable!("secrets are drawn by the call that can fail")
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0 = self.0.checked_sub(1).ok_or(rand_core::Error::from(std::num::NonZeroU32::MIN))?;
        bytes.fill(5);
        Ok(())
    }
}
impl rand_core::CryptoRng for Exhausted {}

/// A batch names the contest whose range proof alone fails, and survives its neighbours.
#[test]
fn a_failing_range_proof_is_named() {
    let setting = Setting::amount();
    let Setting { relation, bases, context, .. } = &setting;
    let right = seal_of(&setting, &[7], 9);
    let foreign = seal_of(&setting, &[7], 10);
    let proof = right.len() - 32 * crate::range_proof::blocks(1);
    let mixed = [&right[..proof], &foreign[proof..]].concat();
    let claims: Vec<Claim> = [&right, &mixed, &foreign, &mixed]
        .map(|bytes| claim(relation, bases, context, &setting.decode(bytes)).unwrap().0)
        .into();
    assert!(claims[1].fails_by_range(bases));
    let verdict = crate::batch::verify_batch(&claims, bases, &mut rng());
    assert_eq!(verdict, Err(crate::batch::BatchFailure::Culprits(vec![1, 3])));
    // A claim that joins others keeps its range proofs, and bases without any fail it.
    assert!(claims[0].clone().and(claims[1].clone()).verify(bases).is_err());
    assert!(claims[0].verify(&crate::batch::Bases::new(1, bases.slot_points())).is_err());
}

#[test]
fn an_opening_shows_amounts() {
    let setting = Setting::budget();
    let Setting { relation, bases, context, .. } = &setting;
    let witness = [3, 4, 0, u32::MAX - 7];
    let (sealed, opening) = seal(relation, bases, context, &witness, &mut rng()).unwrap();
    let r = *opening.randomness().expose();
    assert!(check_opening(relation, bases, &sealed, &[3, 4, 0], &r).is_ok());
    assert!(check_opening(relation, bases, &sealed, &[4, 3, 0], &r).is_err());
}

/// The simulator: responses first, then `T_1`, `T_C` and `T_V` solved from the three equations.
#[test]
fn simulated_amounts_satisfy_the_three_equations() {
    let setting = Setting::budget();
    let mut rng = rng();
    let mut random = || Scalar::random(&mut rng);
    let challenges = Challenges { y: random(), z: random(), x: random() };
    let parts = simulate(&setting, &challenges, 4);
    let third = parts.third_equation(&setting.relation, &challenges).unwrap();
    for equation in parts.equations(&setting.relation, &challenges).into_iter().chain([third]) {
        assert!(equation.value(&setting.bases).is_identity());
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
    #[test]
    fn every_split_of_a_budget_is_accepted(first in 0..=u32::MAX, second in 0..=u32::MAX, seed in 0u64..) {
        let setting = Setting::budget();
        let second = second.min(u32::MAX - first);
        proptest::prop_assert!(setting.accepts(&seal_of(&setting, &[first, second, 0, u32::MAX - first - second], seed)));
    }

    #[test]
    fn one_flipped_bit_of_amounts_is_refused(position in proptest::prelude::any::<proptest::sample::Index>(), bit in 0u8..8) {
        let setting = Setting::amount();
        let mut bytes = seal_of(&setting, &[7], 11);
        let position = position.index(bytes.len());
        bytes[position] ^= 1 << bit;
        proptest::prop_assert!(!setting.accepts(&bytes));
    }

    #[test]
    fn arbitrary_bytes_for_amounts_never_verify(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..1100)) {
        let setting = Setting::amount();
        let mut whole = bytes.clone();
        whole.resize(setting.relation.sealed_len(), 0);
        proptest::prop_assert!(!setting.accepts(&bytes) && !setting.accepts(&whole));
    }
}
