//! The fork drill (THR-47): an operator with the board's real key signs two histories of an election and shows them to four witnesses of
//! whom three must cosign, and to two mirrors of whom one must. Each is a process of its own: `vitrine witness` and `vitrine mirror`; the lying
//! witnesses cosign anything.
//!
//! Not more than one of four may lie: with one no second history gets a quorum, however the operator deals its cards; with two it does, and
//! `vitrine evidence check` names the log's key and exactly the two.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod board;
mod operator;
mod rogue;
mod witnesses;

use operator::{History, Operator, evidence_check};
use std::path::Path;
use tlog::policy::PolicyRefusal;
use witnesses::{Honest, Rogue, Witness};

/// The election, its witnesses, of whom the last ones lie, and its mirrors before they run.
fn scene(folder: &Path, lying: usize) -> (Operator, Vec<Witness>, [Honest; 2]) {
    let honest: Vec<Honest> = (1..=4 - lying).map(|number| Honest::witness(folder, number)).collect();
    let rogues: Vec<Rogue> = (5 - lying..=4).map(Rogue::new).collect();
    let mirrors = [Honest::mirror(folder, 1), Honest::mirror(folder, 2)];
    let witnesses: Vec<String> =
        honest.iter().map(|one| one.vkey.clone()).chain(rogues.iter().map(Rogue::vkey)).collect();
    let operator = Operator::new(&witnesses, &mirrors.each_ref().map(|one| one.vkey.clone()));
    let board = Operator::board_key();
    let running =
        honest.into_iter().map(|one| one.start(&board)).chain(rogues.into_iter().map(|one| one.start(folder)));
    (operator, running.collect(), mirrors)
}

/// Each mirror is shown a history of its own, and vouches for that.
fn mirrored(operator: &Operator, mirrors: [Honest; 2], one: &mut History, other: &mut History) {
    let [first, second] = mirrors;
    for (mirror, history) in [(first, one), (second, other)] {
        let board = format!("{} {}", Operator::board_key(), history.show(&operator.fingerprint()));
        assert_eq!(history.ask(&[mirror.start(&board)]), [true]);
    }
}

/// One of four lies: whoever sees which history first, the other gets no quorum. That the lying one is convicted all the same takes nothing
/// but both notes.
#[test]
fn one_lying_witness_makes_no_second_quorum() {
    let folder = tempfile::tempdir().unwrap();
    let (operator, witnesses, mirrors) = scene(folder.path(), 1);
    // The best deal: two honest ones see one history first, the third the other. And the second history is the larger one.
    let (mut one, mut other) = (operator.history(&[1, 2]), operator.history(&[1, 3, 2]));
    assert_eq!(one.ask(&witnesses[..2]), [true, true]);
    assert_eq!(other.ask(&witnesses[2..3]), [true]);
    assert_eq!(one.ask(&witnesses[3..]), [true]);
    assert_eq!(other.ask(&witnesses[3..]), [true]);
    // Again and again, with every proof the operator can make: each honest one stays with its history.
    for _ in 0..3 {
        assert_eq!(other.ask(&witnesses[..2]), [false, false]);
        assert_eq!(one.ask(&witnesses[2..3]), [false]);
    }
    mirrored(&operator, mirrors, &mut one, &mut other);
    operator.judge(&one).unwrap();
    let refusal = operator.judge(&other).unwrap_err();
    let PolicyRefusal::QuorumNotMet(cosigned) = refusal else { panic!("{refusal}") };
    assert_eq!(cosigned.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["w3", "w4", "m2"]);
    let file = operator.evidence(folder.path(), &one, &other);
    let expected = [("log".to_owned(), operator.origin()), ("witness".to_owned(), "w4".to_owned())];
    assert_eq!(evidence_check(&file, &operator.fingerprint()), expected);
}

/// Two of four lie: both histories get a quorum, and anyone who holds both checkpoints knows by whom.
#[test]
fn two_lying_witnesses_do_and_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (operator, witnesses, mirrors) = scene(folder.path(), 2);
    let (mut one, mut other) = (operator.history(&[1, 2]), operator.history(&[1, 3]));
    assert_eq!(one.ask(&witnesses[..1]), [true]);
    assert_eq!(other.ask(&witnesses[1..2]), [true]);
    assert_eq!(one.ask(&witnesses), [true, false, true, true]);
    assert_eq!(other.ask(&witnesses), [false, true, true, true]);
    mirrored(&operator, mirrors, &mut one, &mut other);
    operator.judge(&one).unwrap();
    operator.judge(&other).unwrap();
    let file = operator.evidence(folder.path(), &one, &other);
    let expected = [
        ("log".to_owned(), operator.origin()),
        ("witness".to_owned(), "w3".to_owned()),
        ("witness".to_owned(), "w4".to_owned()),
    ];
    assert_eq!(evidence_check(&file, &operator.fingerprint()), expected);
    // WIT-14: the honest ones were sent two roots of one size, and have kept them.
    for number in [1, 2] {
        let kept = std::fs::read_dir(folder.path().join(format!("w{number}/evidence"))).unwrap().count();
        assert_eq!(kept, 1, "witness {number}");
    }
}

/// No test: the process of a lying witness, which this program starts again as.
#[test]
#[ignore = "a process of the drill"]
fn rogue_witness() {
    rogue::run();
}
