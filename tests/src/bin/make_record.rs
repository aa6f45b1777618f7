//! `make_record FOLDER BALLOTS`: writes the record of an election in memory to `FOLDER/record`, and beside it what a tester needs to
//! make tampered copies with a consistent log: `log-seed` (the log key's seed, in hexadecimal) and `expected.json`; and in
//! `FOLDER/continued` the record of an election of three logs, with its `expected.json`; in `FOLDER/kinds` that of an election with
//! contests of every kind; and in `FOLDER/contests.json` random contests with what they compile to.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test program: it should stop where it broke")]

use protocol::{Contest, ContestKind, Selection};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::{
    env, fs,
    path::{Path, PathBuf},
};
use vitrine_tests::{
    Drill, Options,
    drill::choose_one,
    kinds::{any_selection, every_kind},
    random_contests::{any_contest, compiled},
};

/// Voters of the election that is continued.
const CONTINUED: usize = 12;
/// Voters of the election of every kind.
const KINDS: usize = 4;
/// Random contests, and selections in each.
const CONTESTS: usize = 400;
const SELECTIONS: usize = 4;

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

    all_kinds(&folder);
    hostile(&folder);
    random_contests(&folder);
}

/// An election of every kind, with amounts of both sorts; weights count.
fn all_kinds(folder: &Path) {
    let options = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    let most = 1 << 24;
    let budget = ContestKind::Budget { currency: "EUR".into(), pot: most, step: 1 };
    let points = ContestKind::Cumulative { points: most, most, exactly: true };
    let mut contests = every_kind();
    contests.push(Contest::new("Wide budget", budget, options(["Playground", "Library"]), true));
    contests.push(Contest::new("Wide points", points, options(["Ada", "Blaise"]), false));
    let style = (0..u32::try_from(contests.len()).unwrap()).collect();
    let voters = (1..=KINDS).map(|voter| (0, u32::try_from(voter).unwrap())).collect();
    let mut drill = Drill::opened(Options { contests, units: vec![style], voters, ..Options::simple(0) });
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    for voter in 0..KINDS {
        let selections: Vec<Selection> =
            drill.options.contests.iter().map(|contest| any_selection(contest, &mut rng)).collect();
        drill.cast(voter, &selections).unwrap();
    }
    finish(&mut drill, &folder.join("kinds"));
}

/// An election whose names are meant for a browser to stumble over, as far as ENC-3 lets them be.
fn hostile(folder: &Path) {
    let names =
        ["<img src=x onerror=\"document.title='broken'\">", "</script><script>document.title='broken'</script>"];
    let long = "長".repeat(133);
    let title = "<b>\u{5d0}\u{5d1}\u{5d2} & \u{200f}title</b>";
    let contest = choose_one(title, &[names[0], names[1], &long, "{ $name }", "&amp;"]);
    let mut drill = Drill::opened(Options { contests: vec![contest], ..Options::simple(3) });
    (0..3).for_each(|voter| vote(&mut drill, voter, voter));
    finish(&mut drill, &folder.join("hostile"));
}

fn random_contests(folder: &Path) {
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    let contests: Vec<serde_json::Value> = (0..CONTESTS)
        .map(|_| {
            let contest = any_contest(&mut rng);
            compiled(&contest, SELECTIONS, &mut rng)
        })
        .collect();
    fs::write(folder.join("contests.json"), serde_json::Value::Array(contests).to_string()).unwrap();
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
    let groups = (0..).take(drill.options.contests.len()).flat_map(|contest| drill.election.groups(contest));
    let results: Vec<_> = groups.map(|group| group.totals()).collect();
    let expected = serde_json::json!({
        "F": drill.election.fingerprint().to_string(),
        "origin": drill.board.name(),
        "entries": drill.entries.len(),
        "totals": results[0],
        "results": results,
    });
    fs::write(folder.join("expected.json"), expected.to_string()).unwrap();
}

#[expect(clippy::print_stderr, reason = "a program")]
fn eprintln_usage() {
    eprintln!("usage: make_record FOLDER BALLOTS");
}
