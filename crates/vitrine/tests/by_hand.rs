//! The commands of the README, run as they stand there: what a reader pastes must work.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Second of a minute by which the election must have begun, for everybody to vote within it.
const LATEST_BEGINNING: u64 = 10;

/// All `sh` blocks of the section "By hand", one after the other.
fn script() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let (_, section) = readme.split_once("\n## By hand\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    section.split("```sh\n").skip(1).map(|block| block.split_once("```").unwrap().0).collect()
}

/// Replaces what must be there.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn the_readme_holds_an_election() {
    let folder = tempfile::tempdir().unwrap();
    // All five are free at once, so that no two are the same.
    let listeners: Vec<TcpListener> = (0..5).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let ports: Vec<String> = listeners.iter().map(|one| one.local_addr().unwrap().port().to_string()).collect();
    drop(listeners);
    let script = replaced(&script(), "127.0.0.1:7878", &format!("127.0.0.1:{}", ports[0]));
    let script = format!("ports=({})\n{}", ports.join(" "), replaced(&script, "port=788$i", "port=${ports[$i]}"));
    // Times are whole minutes, and the board takes no ballot after the closing time: begin early in a minute, and close at its end.
    let second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() % 60;
    if second > LATEST_BEGINNING {
        std::thread::sleep(Duration::from_secs(60 - second));
    }
    let script = replaced(&script, "minutes +5", "minutes +1");
    let script = replaced(&script, "sleep 5", "sleep 1");
    let script = format!("set -euo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{script}");
    fs::write(folder.path().join("by_hand.sh"), script).unwrap();

    let program = Path::new(env!("CARGO_BIN_EXE_vitrine")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .arg("by_hand.sh")
        .current_dir(folder.path())
        .env("PATH", path)
        .env("VITRINE_STATE", folder.path().join("state"))
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");

    let said = |text: &str| assert!(stdout.contains(text), "{text:?} was not said:\n{stdout}\n{stderr}");
    said("Mayor: Charles Babbage");
    said("VALID: every check passed");
    said("4 of 4 ballots");
    said("WITNESSES: by the manifest's policy, at least 3 of 4 witnesses cosign.");
    said("It is witnessed: cosigned by witness-");
    for line in ["Ada Lovelace 3 75.0 %", "Charles Babbage 1 25.0 %", "blank 0 0.0 %"] {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(stdout.lines().any(|found| words(found) == words(line)), "{line}:\n{stdout}");
    }
    let town = folder.path().join("town");
    assert!(town.join("report.html").is_file() && town.join("record/checkpoint").is_file());
}
