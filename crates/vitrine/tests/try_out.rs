//! `demo --keep-serving`, as somebody with time uses it: the election to try takes a ballot from a letter of the demo's folder, and is counted when
//! a line comes in.

use serde_json::{Deserializer, Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

#[cfg(test)]
#[path = "try_out/pages.rs"]
mod pages;

fn vitrine(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.current_dir(folder).env_remove("RUST_LOG").env("VITRINE_STATE", folder.join("state"));
    command
}

/// A program that ends with the test, whatever becomes of that.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn good(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_election_to_try_takes_a_ballot_and_is_counted_when_a_line_comes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut demo = vitrine(root);
    demo.args(["demo", "--ballots", "12", "--keep-serving", "--out", "out", "--json"]);
    let child = demo.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut demo = Running(child);
    let stdout = demo.0.stdout.take().unwrap();
    let mut documents = Deserializer::from_reader(stdout).into_iter::<Value>();
    let summary = documents.next().unwrap().unwrap();
    let try_out = &summary["try_out"];
    let (board, election) = (summary["board"].as_str().unwrap(), try_out["fingerprint"].as_str().unwrap());
    assert_eq!(try_out["vote"], json!(format!("{board}/vote/{election}")));
    assert_eq!(try_out["observe"], json!(format!("{board}/observe/{election}")));

    // Every letter has its file, and the code that is shown is the one in it.
    let letters = try_out["voters"].as_array().unwrap();
    assert_eq!(letters.len(), 12);
    for letter in letters {
        let page = root.join(letter["file"].as_str().unwrap());
        let text = fs::read_to_string(page.with_extension("txt")).unwrap().replace(['-', '\n', ' '], "");
        assert!(text.contains(&letter["code"].as_str().unwrap().replace('-', "")));
        assert!(fs::read_to_string(page).unwrap().contains("<svg"));
    }
    assert!(root.join(try_out["letters"].as_str().unwrap()).is_file());

    // A voter of the second unit, whose ballot is another than the first's.
    let south = letters.iter().find(|letter| letter["unit"] == "South").unwrap();
    let selections = json!({
        "Mayor": ["Ada Lovelace"],
        "Chair: a ranking compared in pairs": ["Grace", "Alan"],
        "Shall the market move to Saturday?": ["Yes"],
        "The South's pond": ["Ducks"],
    });
    fs::write(root.join("south.json"), selections.to_string()).unwrap();
    let letter = Path::new(south["file"].as_str().unwrap()).with_extension("txt");
    let mut cast = vitrine(root);
    cast.args(["ballot", "cast", "--selections", "south.json", "--letter"]).arg(letter);
    cast.args(["--board", board, "--election", election]);
    let cast = cast.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    cast.stdin.as_ref().unwrap().write_all(b"cast\n").unwrap();
    good(&cast.wait_with_output().unwrap());

    pages::are_saved_and_checked(root, board, election);

    demo.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    let stderr = BufReader::new(demo.0.stderr.take().unwrap());
    let mut events = stderr.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let counted = events.find(|event| event["step"] == "counted").unwrap();
    assert!(counted["text"].as_str().unwrap().contains(" 1 ballot:"), "{counted}");

    let place = format!("{board}/e/{election}");
    let verified = vitrine(root).args(["verify", &place, "--expect", election, "--json"]).output().unwrap();
    good(&verified);
    let report: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(report["verdict"]["is"], "valid");
    assert!(report["results"].as_array().is_some_and(|results| !results.is_empty()), "{report}");
}
