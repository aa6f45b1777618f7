//! A real board, killed or lied to by the machine at every step that touches its database.
//!
//! One run under `strace` lists every system call on the database's files, from the opening over some appends to the graceful end. Then,
//! for each of these calls, a fresh copy of the database meets it with the process killed at exactly that call, and another with the
//! call failing with an input/output error. After each, `fsck` finds a sound log, nothing that was acknowledged is missing or has
//! moved, every promise is under the log as it now is, and the board goes on (BRD-9, BRD-10, BRD-12, BRD-13, BRD-60).
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what is wrong by panicking, and what it tried in words"
)]

mod board;
mod calls;

use board::{Board, Town};
use calls::{Fault, calls};
use std::path::Path;

/// Entries sent in each round; some are small, one fills several pages.
const ENTRIES: u32 = 5;

/// One round: a fault at one call, then everything that must hold. Gives whether it ended the process: the last calls of a thread, while it
/// tidies up, are not as many in every round.
fn survives(town: &Town, prepared: &Path, fault: &Fault) -> bool {
    let folder = tempfile::tempdir().unwrap();
    board::copy(prepared, folder.path());
    let board = Board::start_under(folder.path(), Some(fault));
    let promises = match &board {
        Ok(board) => town.post(board, ENTRIES),
        // The fault met the board before it listened; nothing was promised.
        Err(_) => Vec::new(),
    };
    let killed = board.map_or(true, Board::end);
    let (code, said) = board::fsck(folder.path());
    assert_eq!(code, Some(0), "after {fault}: {said}");
    let board =
        Board::start(folder.path()).unwrap_or_else(|said| panic!("after {fault} the board does not start: {said}"));
    let again = town.post(&board, ENTRIES);
    assert_eq!(again.len(), usize::try_from(ENTRIES).unwrap(), "after {fault} the board does not go on");
    for (before, after) in promises.iter().zip(&again) {
        assert_eq!(before.index(), after.index(), "after {fault} an acknowledged entry has moved");
        assert_eq!(before.entry(), after.entry(), "after {fault} an acknowledged entry is another");
    }
    // One history: every checkpoint that was ever promised is a beginning of the log as it is now.
    town.is_one_history(&board, promises.iter().chain(&again).map(board_api::Promise::checkpoint));
    board.end();
    let (code, said) = board::fsck(folder.path());
    assert_eq!(code, Some(0), "at the end, after {fault}: {said}");
    killed
}

/// Every `stride`-th fault of the whole matrix.
fn matrix(stride: usize) {
    let folder = tempfile::tempdir().unwrap();
    let prepared = folder.path().join("prepared");
    let town = Town::prepare(&prepared);
    let faults = calls(&town, &prepared, ENTRIES);
    assert!(faults.len() > 30, "strace saw too little: {} faults", faults.len());
    let chosen: Vec<&Fault> = faults.iter().step_by(stride).collect();
    let killing = chosen.iter().filter(|fault| fault.kills()).count();
    let mut killed = 0;
    for fault in &chosen {
        killed += usize::from(survives(&town, &prepared, fault) && fault.kills());
    }
    assert!(killed * 4 >= killing * 3, "only {killed} of {killing} kills happened");
    println!("{} of {} faults, all survived", chosen.len(), faults.len());
}

#[test]
fn a_sample_of_all_storage_faults_loses_nothing() {
    matrix(7);
}

/// The whole matrix: some minutes. `cargo test --release -p vitrine --test crash -- --ignored --nocapture`.
#[test]
#[ignore = "minutes long; run before an issue that touches storage is closed"]
fn all_storage_faults_lose_nothing() {
    matrix(1);
}
