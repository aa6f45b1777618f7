//! The compiled program, as a newcomer runs it: a small demo from an empty folder, and every exit code that `verify` has.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output},
};

fn vitrine(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.current_dir(folder).env_remove("RUST_LOG").env("VITRINE_STATE", folder.join("state"));
    command.args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

/// Changes one byte of a file.
fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

#[test]
fn a_demo_of_60_ballots_and_what_verify_says_of_its_records() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let demo = vitrine(root, &["demo", "--ballots", "60", "--out", "out", "--json"]);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let summary = json(&demo);
    let totals: Vec<(&str, u64, u64)> = summary["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let number = |name: &str| line[name].as_u64().unwrap();
            (line["option"].as_str().unwrap(), number("election"), number("file"))
        })
        .collect();
    // The first 60 rows of the city's file, counted with `head` and `sort`.
    let expected = [
        ("Bob Reuer", 5),
        ("David Regan", 0),
        ("Linea Palmisano", 26),
        ("Matt Perry", 24),
        ("Missy Durant", 5),
        ("Undeclared write-in", 0),
        ("blank", 0),
    ];
    assert_eq!(totals, expected.map(|(name, total)| (name, total, total)));
    assert_eq!((&summary["agrees"], &summary["cast_as"]), (&true.into(), &"choose-one".into()));
    assert!(summary["rows_changed"].is_null());
    assert_eq!(summary["verdict"], "valid");
    assert_eq!((&summary["replaced"], &summary["ballots"]), (&12.into(), &72.into()));
    assert_eq!((&summary["audits"], &summary["audits_published"]), (&12.into(), &2.into()));
    assert_eq!(summary["forgery_refused"]["rule"], "TAL-5");
    assert_eq!(summary["forgery_refused"]["check"], "results");
    let fingerprint = summary["fingerprint"].as_str().unwrap();

    // Three of four witnesses have cosigned; the fourth was stopped halfway. None is waived.
    let witnesses = summary["witnesses"].as_array().unwrap();
    let names: Vec<&str> = witnesses.iter().map(|witness| witness[0].as_str().unwrap()).collect();
    assert_eq!(names, ["library", "university", "court"]);
    assert!(witnesses.iter().all(|witness| witness[1].as_u64().unwrap() > 1_700_000_000));
    assert_eq!(summary["witness_stopped"], "newspaper");
    assert!(!fs::read_to_string(root.join("out/report.html")).unwrap().contains("No witnesses"));

    // On stderr, what happened, one JSON object a line.
    for line in stderr(&demo).lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(event["event"], "step");
    }

    // The record holds nothing but what its format names; beside it lie keystores, receipts and the page.
    let out = root.join("out");
    let mut names: Vec<String> = fs::read_dir(out.join("record"))
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["checkpoint", "tile"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Linea Palmisano") && page.contains("VALID"));
    for file in ["keys/trustee-1.age", "keys/trustee-2.age", "keys/trustee-3.age", "board/board.sqlite"] {
        assert!(out.join(file).is_file(), "{file}");
    }

    let verify = |arguments: &[&str]| vitrine(root, &[&["verify"], arguments].concat());
    let good = verify(&["out/record", "--expect", fingerprint]);
    assert_eq!(code(&good), 0);
    assert!(stdout(&good).starts_with("VALID"), "{}", stdout(&good));
    assert!(stdout(&good).contains("72 of 72 ballots"), "{}", stdout(&good));

    let alone = verify(&["out/record"]);
    assert_eq!(code(&alone), 0);
    let first_line = stdout(&alone).lines().next().unwrap().to_owned();
    assert!(first_line.contains("NOT compared with a fingerprint that you trust"), "{first_line}");
    assert!(first_line.contains(fingerprint), "{first_line}");

    let as_json = verify(&["out/record", "--expect", fingerprint, "--json", "--html", "again.html"]);
    assert_eq!(json(&as_json)["verdict"]["is"], "valid");
    assert!(stderr(&as_json).is_empty());
    assert!(fs::read_to_string(root.join("again.html")).unwrap().contains("VALID"));
    // A report is written over nothing: the name could be a keystore's.
    fs::write(root.join("key.age"), "a key").unwrap();
    assert_eq!(code(&verify(&["out/record", "--html", "key.age"])), 5);
    assert_eq!(code(&verify(&["out/record", "--nist", "key.age"])), 5);
    assert_eq!(code(&verify(&["out/record", "--csv", "one.file", "--nist", "one.file"])), 2);
    assert_eq!(fs::read_to_string(root.join("key.age")).unwrap(), "a key");

    // 1: another election, the forgery, a flipped byte in each kind of file, a file too many, a file too few.
    let other = "0".repeat(64);
    let wrong = verify(&["out/record", "--expect", &other]);
    assert_eq!(code(&wrong), 1);
    assert!(stdout(&wrong).contains("VER-5"), "{}", stdout(&wrong));
    let forged = verify(&["out/record-tampered", "--expect", fingerprint]);
    assert_eq!(code(&forged), 1);
    assert!(stdout(&forged).contains("TAL-5"), "{}", stdout(&forged));
    let width = fs::read_dir(out.join("record/tile/0/000.p")).unwrap().next().unwrap().unwrap().file_name();
    let width = width.into_string().unwrap();
    for (number, name) in
        ["checkpoint".into(), format!("tile/0/000.p/{width}"), format!("tile/entries/000.p/{width}")].iter().enumerate()
    {
        let broken = format!("broken-{number}");
        copy(&out.join("record"), &root.join(&broken));
        flip(&root.join(&broken).join(name), 200);
        assert_eq!(code(&verify(&[&broken, "--expect", fingerprint])), 1, "{name}");
        fs::remove_file(root.join(&broken).join(name)).unwrap();
        assert_eq!(code(&verify(&[&broken, "--expect", fingerprint])), 1, "{name} missing");
    }
    copy(&out.join("record"), &root.join("longer"));
    fs::write(root.join("longer/notes.txt"), b"nothing").unwrap();
    let longer = verify(&["longer", "--expect", fingerprint]);
    assert_eq!(code(&longer), 1);
    assert!(stdout(&longer).contains("notes.txt"), "{}", stdout(&longer));

    // 2: what no command understands.
    assert_eq!(code(&verify(&["out/record", "--expect", "1234"])), 2);
    assert_eq!(code(&verify(&["out/record", "--save", "copy"])), 2);
    assert_eq!(code(&verify(&[])), 2);
    // 3: nothing there, nobody there.
    let nothing = verify(&["nowhere"]);
    assert_eq!(code(&nothing), 3);
    assert!(stderr(&nothing).starts_with("error: there is no record in nowhere"), "{}", stderr(&nothing));
    assert!(stdout(&nothing).is_empty());
    assert_eq!(code(&verify(&["out"])), 3);
    // 5: a demo never writes into a folder that holds anything.
    let again = vitrine(root, &["demo", "--ballots", "1", "--out", "out"]);
    assert_eq!(code(&again), 5);
    assert!(stderr(&again).contains("out is not empty"), "{}", stderr(&again));
}

/// `quorum none` is a waiver, and the report shows it.
#[test]
fn a_demo_without_witnesses_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let demo = vitrine(root, &["demo", "--ballots", "20", "--out", "out", "--no-witnesses", "--json"]);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let summary = json(&demo);
    assert_eq!((&summary["verdict"], &summary["agrees"]), (&"valid".into(), &true.into()));
    assert_eq!(summary["witnesses"], serde_json::json!([]));
    assert!(summary["witness_stopped"].is_null());
    assert!(fs::read_to_string(root.join("out/report.html")).unwrap().contains("No witnesses"));
    assert!(!root.join("out/witnesses").exists());
}

/// Python, if this machine has one that the second verifier can use.
fn python() -> Option<&'static str> {
    let version = Command::new("python3").args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).output();
    version.is_ok_and(|output| output.status.success()).then_some("python3")
}

/// What the demo, `verify` with nothing but the saved record, and the second verifier make of a trustee that is at fault.
fn names_the_culprit(flag: &str, reason: &str, against: &[(&str, &str)], sentence: &str) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let demo = vitrine(root, &["demo", "--ballots", "20", "--out", "out", flag, "--json"]);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let summary = json(&demo);
    assert_eq!((&summary["verdict"], &summary["agrees"]), (&"valid".into(), &true.into()));
    let culprit = &summary["culprit"];
    assert_eq!((&culprit["trustee"], &culprit["name"]), (&2.into(), &"Trustee Two".into()));
    assert_eq!(culprit["reason"], reason);
    // Its keys are in no keystore of ours: it is another program.
    assert!(!root.join("out/keys/trustee-2.age").exists());

    // The demo's folder may be gone: all is in the record.
    fs::rename(root.join("out/record"), root.join("record")).unwrap();
    fs::remove_dir_all(root.join("out")).unwrap();
    let fingerprint = summary["fingerprint"].as_str().unwrap();
    let verified = vitrine(root, &["verify", "record", "--expect", fingerprint, "--json", "--html", "page.html"]);
    assert_eq!(code(&verified), 0, "{}", stderr(&verified));
    let report = json(&verified);
    let ceremony = &report["ceremony"];
    assert_eq!((&ceremony["active"], &ceremony["spare"]), (&serde_json::json!([1, 3]), &0.into()));
    let story = ceremony["story"].as_array().unwrap();
    let speaks = |one: &&serde_json::Value| !one["against"].as_array().unwrap().is_empty();
    let told: Vec<&serde_json::Value> = story.iter().filter(speaks).collect();
    assert!(told.iter().all(|one| one["against"] == serde_json::json!([2])), "{told:?}");
    let of = |one: &&serde_json::Value| {
        let entry = one["entry"].as_u64().unwrap();
        assert!(entry < report["election"]["entries"].as_u64().unwrap());
        (one["rule"].as_str().unwrap().to_owned(), one["text"].as_str().unwrap().to_owned())
    };
    let found: Vec<(String, String)> = told.iter().map(of).collect();
    assert_eq!(found.len(), against.len(), "{found:?}");
    for ((rule, text), (wanted, words)) in found.iter().zip(against) {
        assert!(rule == wanted && text.contains(words) && text.contains("rustee 2 (Trustee Two)"), "{text}");
    }
    let page = fs::read_to_string(root.join("page.html")).unwrap();
    let text = stdout(&vitrine(root, &["verify", "record", "--expect", fingerprint]));
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(sentence) && page.contains(sentence), "{text}");

    if let Some(python) = python() {
        let verifier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/second_verifier/verify.py");
        let mut command = Command::new(python);
        command.arg(verifier).args(["record", "--expect", fingerprint]).current_dir(root);
        let second = command.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
        assert_eq!(code(&second), 0, "{}{}", stdout(&second), stderr(&second));
        assert!(stdout(&second).contains("VALID"), "{}", stdout(&second));
    }
}

/// VER-34, CER-12: the bad share is made in the dealer, and only its recipient can see it.
#[test]
fn a_demo_with_a_faulty_trustee() {
    let against = [
        ("CER-12", "UPHELD: the share of slot 1 of the part is not what its dealer committed to"),
        ("CER-13", "left the election for good: it gave a bad dealing, which entry"),
    ];
    let sentence = "Trustee 1 (Trustee One) complained of trustee 2 (Trustee Two)";
    names_the_culprit("--faulty-trustee", "bad-dealing", &against, sentence);
}

/// VER-34, CER-12: who complains of an honest dealer shows everybody that nothing is wrong.
#[test]
fn a_demo_with_a_false_complaint() {
    let against = [
        ("CER-12", "FALSE: every share in it is what the dealer committed to. The dealer is cleared of this"),
        ("CER-13", "left the election for good: it complained falsely, which entry"),
    ];
    let sentence = "Trustee 2 (Trustee Two) complained of trustee 1 (Trustee One)";
    names_the_culprit("--false-complaint", "false-complaint", &against, sentence);
}

/// VER-34, CER-8, CER-13: who stays away is left behind when witnesses attest that the time was over.
#[test]
fn a_demo_with_an_absent_trustee() {
    let against =
        [("CER-13", "left the election for good: it had not posted the whole dealing committed to when stage 2 ended")];
    let sentence =
        "attest that this time had come. Trustee 2 (Trustee Two) had not posted the whole dealing committed to.";
    names_the_culprit("--absent-trustee", "silent", &against, sentence);
    // Of 2-of-3 no more than one can be lost.
    let folder = tempfile::tempdir().unwrap();
    let two = ["demo", "--out", "never", "--absent-trustee", "--faulty-trustee"];
    assert_eq!(code(&vitrine(folder.path(), &two)), 2);
    assert!(!folder.path().join("never").exists());
}

/// CER-8: under `quorum none` nobody but the authority attests that the time was over, and the report says so.
#[test]
fn a_demo_with_an_absent_trustee_and_no_witnesses() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let arguments = ["demo", "--ballots", "5", "--out", "out", "--absent-trustee", "--no-witnesses"];
    let demo = vitrine(root, &arguments);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let text = stdout(&demo);
    assert!(text.contains("WHO DID NOT DO ITS PART, BY THE RECORD ALONE: trustee 2 (Trustee Two)"), "{text}");
    assert!(stderr(&demo).contains("no spare trustee: all of [1, 3] are needed"), "{}", stderr(&demo));
    assert!(
        fs::read_to_string(root.join("out/report.html"))
            .unwrap()
            .contains("nobody but the authority says that this time had come")
    );
}

/// A program that is ended when the test is.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn what_the_demo_prints_to_go_on_by_hand_works() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    // More entries than one bundle of the log holds.
    let demo = vitrine(root, &["demo", "--ballots", "260", "--out", "out"]);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let text = stdout(&demo);
    let (_, by_hand) = text.split_once("BY HAND\n").unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let by_hand = by_hand.replace("7878", &port.to_string());
    let mut lines = by_hand.lines().filter_map(|line| line.strip_prefix("  "));
    let fingerprint = lines.next().unwrap().strip_prefix("F=").unwrap().to_owned();
    let mut codes = Vec::new();
    let mut board = None;
    for line in lines {
        let line = line.replace("$F", &fingerprint);
        let words: Vec<&str> = line.split(' ').collect();
        match words.get(1) {
            None => assert!(root.join(line).is_file()),
            Some(&"board") => {
                let mut command = Command::new(words[0]);
                board = Some(Running(command.current_dir(root).args(&words[1..]).spawn().unwrap()));
            }
            Some(_) => {
                let mut command = Command::new(words[0]);
                command.current_dir(root).env("VITRINE_STATE", root.join("state"));
                let output = command.args(&words[1..]).output().unwrap();
                assert!(code(&output) < 2, "{line}: {}", stderr(&output));
                codes.push((words[1].to_owned(), code(&output)));
            }
        }
    }
    drop(board);
    let expected = [("verify", 0), ("verify", 1), ("verify", 0), ("authority", 0), ("ballot", 0), ("ballot", 0)];
    assert_eq!(codes, expected.map(|(command, code)| (command.to_owned(), code)));
}

#[test]
fn a_file_of_ones_own_and_what_is_wrong_with_others() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    let header = "Precinct,1ST CHOICE MAYOR,2ND CHOICE MAYOR,COUNT\n";
    write("mine.csv", &format!("{header}P1,Zoë,undervote,4\nP1,ÅSA,Zoë,2\nP2,overvote,UWI,1\n"));
    let demo = vitrine(root, &["demo", "--data", "mine.csv", "--out", "mine"]);
    assert_eq!(code(&demo), 0, "{}", stderr(&demo));
    let text = stdout(&demo);
    assert!(text.contains("RESULT: Mayor"), "{text}");
    for line in ["Zoë 4 4", "Åsa 2 2", "Undeclared write-in 0 0", "blank 1 1", "ballots 7 7"] {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(text.lines().any(|found| words(found) == words(line)), "{line}: {text}");
    }
    assert!(text.contains("A FORGED COPY, REFUSED"), "{text}");

    write("short.csv", &format!("{header}P1,Zoë,undervote,4\nP1,ÅSA,2\n"));
    let short = vitrine(root, &["demo", "--data", "short.csv", "--out", "short"]);
    assert_eq!(code(&short), 3);
    assert_eq!(stderr(&short), "error: short.csv: line 3: expected 4 columns as in the header; found 3\n");
    assert!(!root.join("short").exists(), "nothing is begun with a file that is wrong");

    let usage = |arguments: &[&str]| code(&vitrine(root, &[&["demo", "--out", "never"], arguments].concat()));
    assert_eq!(usage(&["--ward", "6"]), 2);
    assert_eq!(usage(&["--ballots", "0"]), 2);
    assert_eq!(usage(&["--ward", "5", "--ballots", "3623"]), 2);
    assert_eq!(usage(&["--ward", "5", "--data", "mine.csv"]), 2);
    assert_eq!(usage(&["--data", "nowhere.csv"]), 3);
    assert!(!root.join("never").exists());
}
