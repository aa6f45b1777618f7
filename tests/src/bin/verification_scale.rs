//! How much memory and time the verification of a large record takes (VER-15): for each number of ballots makes a record of one ballot a
//! voter in a fresh folder, verifies it in a process of its own, and reports that process's peak.
//!
//! `cargo run --release -p vitrine-tests --bin verification_scale -- 10000 100000`
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program: it prints, and stops where something broke"
)]

use protocol::Selection;
use rand::rngs::OsRng;
use std::{env, fs, path::Path, process::Command, time::Instant};
use verifier::{Folder, Options, Verdict, verify};
use vitrine_tests::Drill;

/// The fixed base on two threads: the program, one batch of entries with what their proofs decode to, and what the allocator keeps.
const BASE: u64 = 32 << 20;
/// Bytes for each ballot and its voter in this record of one contest. VER-15 allows 128 for each sealed contest, for a table that has just grown.
const EACH: u64 = 64 + 512;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check", folder] => check(Path::new(folder)),
        ["make", ballots, folder] => make(ballots.parse().unwrap(), Path::new(folder)),
        [] => println!("usage: verification_scale NUMBER..."),
        sizes => {
            for ballots in sizes.iter().map(|size| size.parse().unwrap()) {
                let peak = measure(ballots);
                let bound = BASE + EACH * u64::try_from(ballots).unwrap();
                println!("{ballots} ballots: peak {} KiB, at most {} KiB", peak / 1024, bound / 1024);
                assert!(peak <= bound, "the bound of VER-15 does not hold");
            }
        }
    }
}

/// Makes a record and gives the peak of the process that verified it, in bytes.
fn measure(ballots: usize) -> u64 {
    let folder = env::temp_dir().join(format!("vitrine-scale-{}-{ballots}", std::process::id()));
    make(ballots, &folder);
    let output = Command::new(env::current_exe().unwrap()).arg("check").arg(&folder).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (peak, line) = text.split_once(' ').unwrap();
    let peak = peak.parse().unwrap();
    println!("{}", line.trim_end());
    peak
}

fn make(ballots: usize, folder: &Path) {
    let votes = |voter: usize| vec![Selection::Options(vec![voter % 4])];
    let drill = Drill::complete(vitrine_tests::Options::simple(ballots), votes);
    for (name, bytes) in drill.record() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Prints the peak of this process's memory in bytes, and a line for people.
fn check(folder: &Path) {
    let started = Instant::now();
    let report = verify(&Folder::new(folder), &Options::default(), |_| {}, &mut OsRng);
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    println!("{} {} entries in {:.1?}", kilobytes * 1024, report.election.unwrap().entries, started.elapsed());
}
