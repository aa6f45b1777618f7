//! `make_record FOLDER BALLOTS`: writes the record of an election in memory to `FOLDER/record`, and beside it what a tester needs to
//! make tampered copies with a consistent log: `log-seed` (the log key's seed, in hexadecimal) and `expected.json`; and in
//! `FOLDER/continued` the record of an election of three logs, with its `expected.json`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test program: it should stop where it broke")]

use protocol::Selection;
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use vitrine_tests::{Drill, Options};

/// Voters of the election that is continued.
const CONTINUED: usize = 12;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let (Some(folder), Some(ballots)) = (arguments.get(1), arguments.get(2).and_then(|count| count.parse().ok()))
    else {
        eprintln_usage();
        std::process::exit(2);
    };
    let folder = PathBuf::from(folder);
    let mut drill = Drill::opened(Options::simple(ballots));
    (0..ballots).for_each(|voter| vote(&mut drill, voter, voter));
    (0..ballots).step_by(40).for_each(|voter| vote(&mut drill, voter, 3));
    finish(&mut drill, &folder);
    fs::write(folder.join("log-seed"), hex::encode(*drill.board.seed())).unwrap();

    // Another one, of three logs: the second begins while people vote, the third holds closing and result alone.
    let mut drill = Drill::opened(Options::simple(CONTINUED));
    (0..CONTINUED).step_by(2).for_each(|voter| vote(&mut drill, voter, voter));
    drill.continue_in(drill.next_board(2));
    (0..CONTINUED).step_by(3).for_each(|voter| vote(&mut drill, voter, 1));
    drill.continue_in(drill.next_board(3));
    finish(&mut drill, &folder.join("continued"));
}

fn vote(drill: &mut Drill, voter: usize, choice: usize) {
    let selection = if choice % 5 == 4 { Selection::Blank } else { Selection::Options(vec![choice % 5]) };
    drill.cast(voter, &[selection]).unwrap();
}

/// Closes, decrypts, and writes the record with what it must come to.
fn finish(drill: &mut Drill, folder: &Path) {
    drill.close();
    drill.tally();
    for (path, bytes) in drill.record() {
        let file = folder.join("record").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    let expected = serde_json::json!({
        "F": drill.election.fingerprint().to_string(),
        "origin": drill.board.name(),
        "entries": drill.entries.len(),
        "totals": drill.election.groups(0)[0].totals(),
    });
    fs::write(folder.join("expected.json"), expected.to_string()).unwrap();
}

#[expect(clippy::print_stderr, reason = "a program")]
fn eprintln_usage() {
    eprintln!("usage: make_record FOLDER BALLOTS");
}
