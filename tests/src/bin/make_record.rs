//! `make_record FOLDER BALLOTS`: writes the record of an election in memory to `FOLDER/record`, and beside it what a tester needs to
//! make tampered copies with a consistent log: `log-seed` (the log key's seed, in hexadecimal) and `expected.json`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test program: it should stop where it broke")]

use protocol::Selection;
use std::{env, fs, path::PathBuf};
use vitrine_tests::{Drill, Options};

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let (Some(folder), Some(ballots)) = (arguments.get(1), arguments.get(2).and_then(|count| count.parse().ok()))
    else {
        eprintln_usage();
        std::process::exit(2);
    };
    let folder = PathBuf::from(folder);
    let mut drill = Drill::opened(Options::simple(ballots));
    for voter in 0..ballots {
        let selection = if voter % 5 == 4 { Selection::Blank } else { Selection::Options(vec![voter % 5]) };
        drill.cast(voter, &[selection]).unwrap();
    }
    for voter in (0..ballots).step_by(40) {
        drill.cast(voter, &[Selection::Options(vec![3])]).unwrap();
    }
    drill.close();
    drill.tally();
    for (path, bytes) in drill.record() {
        let file = folder.join("record").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    fs::write(folder.join("log-seed"), hex::encode(*drill.board.seed())).unwrap();
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
