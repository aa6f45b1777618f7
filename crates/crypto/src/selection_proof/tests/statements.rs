//! Tests 4, 5, 6 and 7: false statements, the best responses to them, and messages with components that do not belong there.

use super::*;
use crate::relation::RelationError;

fn merged() -> Weakness {
    Weakness { merges: true, ..Weakness::none() }
}

/// The real verifier refuses what this one accepts.
fn bites(cheat: &Cheat, weakness: &Weakness) {
    let bytes = cheat.prove(weakness);
    assert!(weakness.accepts(&cheat.setting, &bytes), "the weakened verifier accepts: {weakness:?}");
    assert!(!cheat.setting.accepts(&bytes));
    assert!(!cheat.setting.accepts(&cheat.prove(&Weakness::none())), "and the best proof to the real one is refused");
}

#[test]
fn an_h_component_in_the_ciphertext_passes_merged_equations_only() {
    for slot in 0..4 {
        let setting = Setting::choose_one(3);
        let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
        cheat.c_errors[slot] = Known::h(77u64);
        bites(&cheat, &merged());
        // The real verifier sees exactly x z^{j+1} d H in E2, and E1 satisfied.
        let bytes = cheat.prove(&Weakness::none());
        let ([e1, e2], challenges) = residues(&setting, &bytes);
        let power = algebra::powers(challenges.z).nth(slot).unwrap();
        assert!(e1.is_identity());
        assert_eq!(e2, setting.bases.blinding() * -(challenges.x * power * Scalar::from(77u64)));
    }
}

#[test]
fn a_q0_component_in_c0_passes_merged_equations_when_the_last_key_is_zero() {
    let mut setting = Setting::choose_one(3);
    let u = Scalar::from(5u64);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.c_errors[0] = Known::q(0, u);
    assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    assert!(!merged().accepts(&setting, &cheat.prove(&merged())));
    // P_K = 0: the excess of z_r P_z moves into the next slots, and the last one takes nothing.
    let secrets = vec![setting.secrets[0], setting.secrets[1], Scalar::ZERO];
    setting = Setting::new(setting.relation, secrets.clone());
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.c_errors[0] = Known::q(0, u);
    for (slot, p) in [Scalar::ONE, secrets[0], secrets[1]].into_iter().enumerate() {
        cheat.c_errors[slot + 1] = Known::g(u * p);
    }
    bites(&cheat, &merged());
}

#[test]
fn a_q_component_in_a_slot_is_refused() {
    let setting = Setting::choose_one(3);
    for (slot, index) in [(1, 1), (1, 2), (3, 3), (0, 1), (2, 0)] {
        let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
        cheat.c_errors[slot] = Known::q(index, 3u64);
        for weakness in [Weakness::none(), merged()] {
            assert!(!setting.accepts(&cheat.prove(&weakness)), "{slot} {index}");
        }
    }
}

#[test]
fn a_ciphertext_of_other_values_is_refused() {
    let setting = Setting::choose_one(3);
    let z0 = Scalar::from(99u64);
    let one = Scalar::ONE;
    let errors: [&[(usize, Scalar)]; 5] =
        [&[(0, one)], &[(1, one)], &[(1, one), (2, -one)], &[(1, one), (2, -z0.invert())], &[(1, z0), (2, -one)]];
    for errors in errors {
        let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
        errors.iter().for_each(|(slot, error)| cheat.c_errors[*slot] = Known::g(*error));
        // A verifier who lets C come after z is fooled by each of them.
        bites(&cheat, &Weakness::late(Step::C, Step::Z));
        let ([e1, e2], challenges) = residues(&setting, &cheat.prove(&Weakness::none()));
        assert!(e1.is_identity());
        assert_eq!(e2, G * -(challenges.x * cheat.ciphertext_error(challenges.z).g));
    }
}

#[test]
fn one_randomness_serves_all_slots() {
    // Per-slot r_j: C_j = m_j G + (r + 1) P_j in one slot.
    let setting = Setting::choose_one(3);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.c_errors[2] = Known::g(setting.secrets[1]);
    assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    // C under r', A with r: the slots then hold m_j + (r' - r) p_j under r, and only C_0 tells.
    let shift = Scalar::from(4u64);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.c_errors[0] = Known::g(shift);
    let bytes = cheat.prove(&Weakness::none());
    assert!(!setting.accepts(&bytes));
    let ([e1, e2], challenges) = residues(&setting, &bytes);
    assert!(e1.is_identity());
    let without_c0 = e2 + G * (challenges.x * challenges.z * shift);
    assert!(without_c0.is_identity(), "a verifier without C_0 accepts");
}

/// A false w: everything is satisfied but row x^2, and that row is refused.
fn only_the_top_row_tells(setting: &Setting, cheat: &Cheat) {
    let bytes = cheat.prove(&Weakness::none());
    assert!(!setting.accepts(&bytes));
    let ([e1, e2], challenges) = residues(setting, &bytes);
    assert!(e2.is_identity());
    assert_eq!(e1, G * (challenges.x * challenges.x * cheat.violation(challenges.y)));
    // A verifier whose y and z come before A is fooled.
    bites(cheat, &Weakness::late(Step::A, Step::Z));
}

#[test]
fn false_witnesses_are_refused() {
    let setting = Setting::choose_one(3);
    let (two, half) = (Scalar::from(2u64), Scalar::from(2u64).invert());
    let random = Scalar::random(&mut rng());
    let (one, zero) = (Scalar::ONE, Scalar::ZERO);
    for w in [
        [two, -one, zero],            // non-bits that add up
        [half, half, zero],           // (l+1)/2 twice
        [random, one - random, zero], // any two residues that add up
        [-one, one, one],
        [one, one, zero],   // two ones
        [zero, zero, zero], // none
        [one, one, one],
    ] {
        only_the_top_row_tells(&setting, &Cheat::new(&setting, w));
    }
}

#[test]
fn a_g_component_in_a_is_refused() {
    let setting = Setting::choose_one(3);
    for gamma in [Scalar::ONE, -Scalar::ONE, Scalar::random(&mut rng())] {
        let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
        cheat.a_error = Known::g(gamma);
        only_the_top_row_tells(&setting, &cheat);
    }
    // H, Q_0 and Q_i components of A are another alpha, r and w: the first is harmless, the others speak of another ciphertext.
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.a_error = Known::h(8u64);
    assert!(setting.accepts(&cheat.prove(&Weakness::none())));
    for index in [0, 1] {
        cheat.a_error = Known::q(index, 1u64);
        assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    }
}

#[test]
fn each_linear_rule_violated_alone_is_refused() {
    let setting = Setting::points();
    // 6 points; 4 points; 5 points with unequal second bits; then slack bits out of range in the approval contest.
    for w in [[1u64, 0, 1, 1, 0, 1], [0, 0, 1, 0, 0, 1], [1, 1, 1, 0, 0, 0]] {
        only_the_top_row_tells(&setting, &Cheat::new(&setting, w));
    }
    let approval = Setting::approval();
    let eight_votes_of_seven = [2u64, 1, 1, 1, 1, 1, 1];
    let w: Vec<Scalar> =
        eight_votes_of_seven.into_iter().map(Scalar::from).chain([-Scalar::ONE, Scalar::ZERO, Scalar::ZERO]).collect();
    only_the_top_row_tells(&approval, &Cheat::new(&approval, w));
    let slack_of_two = [1u64, 0, 0, 0, 0, 0, 0, 2, 0, 1];
    only_the_top_row_tells(&approval, &Cheat::new(&approval, slack_of_two));
}

#[test]
fn violations_that_cancel_at_one_are_refused() {
    // w = (2, 0, 0): w_1 (w_1 - 1) = 2; the rule is over by 1. w = (-1, 0, 0): 2 and -2 cancel at y = 1.
    let setting = Setting::choose_one(3);
    let cheat = Cheat::new(&setting, [-Scalar::ONE, Scalar::ZERO, Scalar::ZERO]);
    assert_eq!(cheat.violation(Scalar::ONE), Scalar::ZERO);
    only_the_top_row_tells(&setting, &cheat);
    bites(&cheat, &Weakness { y_is_one: true, ..Weakness::none() });
}

#[test]
fn a_wrapped_weight_does_not_compile() {
    // -1 as a residue would be l - 1; no row can hold it, and sums that pass 2^63 are refused.
    let wrap = Err(RelationError::Wrap);
    assert_eq!(Relation::new(1, 2, vec![], vec![vec![(0, 1 << 62), (1, 1 << 62)]], vec![]), wrap);
    assert_eq!(Relation::new(1, 1, vec![], vec![vec![(0, 1)]], vec![(vec![(0, i64::MIN)], 0)]), wrap);
    assert_eq!(Relation::new(1, 1, vec![], vec![vec![(0, 1)]], vec![(vec![(0, i64::MAX)], 1)]), wrap);
}

#[test]
fn foreign_components_of_t0_are_refused() {
    let setting = Setting::approval();
    let right = bits("1111000110");
    for index in [0, 1, 8] {
        for w0 in [1u64, 2] {
            let mut cheat = Cheat::new(&setting, right.clone());
            cheat.w[0] = Scalar::from(w0);
            cheat.t0_error = Known::q(index, 6u64);
            let bytes = cheat.prove(&Weakness::none());
            assert!(!setting.accepts(&bytes));
            // Only Q_0's error leaves E1 whole (the term x^-1 stands in z_r), and only a slack bit's leaves E2 whole.
            let ([e1, e2], _) = residues(&setting, &bytes);
            assert_eq!(e1.is_identity(), index == 0 && w0 == 1);
            assert_eq!(e2.is_identity(), index == 8);
        }
    }
}

#[test]
fn an_h_component_of_tc_is_refused() {
    let setting = Setting::choose_one(3);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.tc_error = Known::h(13u64);
    bites(&cheat, &merged());
    for error in [Known::g(1u64), Known::q(0, 1u64), Known::q(1, 1u64)] {
        cheat.tc_error = error;
        assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    }
    for error in [Known::g(1u64), Known::q(0, 1u64), Known::q(2, 1u64)] {
        let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
        cheat.t1_error = error;
        assert!(!setting.accepts(&cheat.prove(&Weakness::none())));
    }
}

#[test]
fn errors_that_cancel_between_the_equations_pass_equal_weights_only() {
    let setting = Setting::choose_one(3);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.tc_error = Known::h(13u64);
    let mut bytes = cheat.prove(&Weakness::none());
    let z_h = bytes.as_chunks_mut::<32>().0.last_mut().unwrap();
    *z_h = (Scalar::from_canonical_bytes(*z_h).unwrap() + Scalar::from(13u64)).to_bytes();
    let sealed = setting.decode(&bytes);
    let (claim, _) = claim(&setting.relation, &setting.bases, &setting.context, &sealed).unwrap();
    assert!(crate::batch::tests::equal_weights_accept(&[claim], &setting.bases));
    assert!(!setting.accepts(&bytes));
}
