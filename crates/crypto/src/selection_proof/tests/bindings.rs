//! Test 8: what happens when one binding is missing. Each weakened verifier accepts its forgery; the real one refuses it.

use super::*;

fn forged(cheat: &Cheat, weakness: &Weakness) {
    let bytes = cheat.prove(weakness);
    assert!(weakness.accepts(&cheat.setting, &bytes), "{weakness:?}");
    assert!(!Weakness::none().accepts(&cheat.setting, &bytes));
    assert!(!cheat.setting.accepts(&bytes));
}

#[test]
fn a_chosen_after_y_and_z() {
    let setting = Setting::choose_one(3);
    let stuffed = Cheat::new(&setting, [100u64, 0, 0]);
    forged(&stuffed, &Weakness::late(Step::A, Step::Z));
    forged(&stuffed, &Weakness::late(Step::A, Step::Y));
}

#[test]
fn c_chosen_after_z() {
    let setting = Setting::choose_one(3);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.c_errors[1] = Known::g(100u64);
    forged(&cheat, &Weakness::late(Step::C, Step::Z));
}

#[test]
fn announcements_chosen_after_x() {
    let setting = Setting::choose_one(3);
    let stuffed = Cheat::new(&setting, [100u64, 0, 0]);
    forged(&stuffed, &Weakness::late(Step::T1, Step::X));
    forged(&stuffed, &Weakness::late(Step::T0, Step::X));
    let mut shifted = Cheat::new(&setting, [0u64, 1, 0]);
    shifted.c_errors[1] = Known::g(100u64);
    forged(&shifted, &Weakness::late(Step::TC, Step::X));
}

#[test]
fn the_context_not_absorbed() {
    let setting = Setting::choose_one(3);
    let weakness = Weakness { ignores_context: true, ..Weakness::none() };
    let bytes = Cheat::new(&setting, [0u64, 1, 0]).prove(&weakness);
    let mut elsewhere = setting.clone();
    elsewhere.context.credential = EncodedPoint::encode(&G);
    assert!(weakness.accepts(&setting, &bytes));
    assert!(weakness.accepts(&elsewhere, &bytes), "a replay to another voter");
    assert!(!setting.accepts(&bytes));
    let bytes = Cheat::new(&setting, [0u64, 1, 0]).prove(&Weakness::none());
    assert!(setting.accepts(&bytes));
    assert!(!elsewhere.accepts(&bytes));
}

#[test]
fn challenges_hard_coded_to_one() {
    let setting = Setting::choose_one(3);
    forged(
        &Cheat::new(&setting, [-Scalar::ONE, Scalar::ZERO, Scalar::ZERO]),
        &Weakness { y_is_one: true, ..Weakness::none() },
    );
    let mut moved = Cheat::new(&setting, [0u64, 1, 0]);
    (moved.c_errors[1], moved.c_errors[2]) = (Known::g(1u64), Known::g(-Scalar::ONE));
    forged(&moved, &Weakness { z_is_one: true, ..Weakness::none() });
}
