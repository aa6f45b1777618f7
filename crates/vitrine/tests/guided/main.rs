//! Officials who are guided: through crashes at every step (CER-39), past a failed ceremony to a new election (MAN-17), and away from boards that
//! are wrong.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod severing;
mod town;

use severing::{Moment, Severing};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::Stdio,
};
use town::{Town, text};

/// CER-39: killed after the step is stored and before it is sent, and again after it is recorded and before the answer comes, at each of the
/// four steps: the next call goes on, and nothing is in the record twice.
#[test]
fn a_guided_ceremony_survives_a_crash_at_every_step() {
    let mut town = Town::new();
    let (election, _) = town.begin(1, "threshold = 1", "[\"threshold\", \"no-witnesses\"]");
    let relay = Severing::new(&town.listen);
    let guide = format!("{} --yes", town.guide("1", &relay.url, &election));
    for step in 1..=4u64 {
        for moment in [Moment::BeforeSending, Moment::BeforeReceipt] {
            let mut program = town.program();
            program
                .args(guide.split_whitespace())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null());
            relay.kill(program, moment);
            let recorded = if moment == Moment::BeforeSending { step - 1 } else { step };
            let status = town.status(&election);
            assert_eq!(status["entries"], 1 + recorded, "step {step}, killed {moment:?}");
        }
    }
    let done = town.json(&guide);
    assert_eq!((&done["situation"]["task"]["kind"], done["sent"].as_array().unwrap().len()), (&"wait".into(), 0));
    let status = town.status(&election);
    assert_eq!((status["entries"].as_u64(), status["ceremony"]["stage"].as_u64()), (Some(5), Some(5)));
    assert_eq!(status["trustees"][0]["rehearsals"], 1);
}

#[test]
fn a_guide_asks_nothing_where_nobody_sits_and_remembers_where_it_was() {
    let mut town = Town::new();
    let (election, _) = town.begin(3, "threshold = 2", "[\"no-witnesses\"]");
    for (line, flag) in [
        ("trustee", "--board"),
        ("trustee --board http://127.0.0.1:1", "--election"),
        (&format!("trustee --board http://127.0.0.1:1 --election {election}"), "--keystore"),
        (
            &format!("trustee --board http://127.0.0.1:1 --election {election} --keystore trustee-1.age"),
            "--passphrase-file",
        ),
    ] {
        let (code, said) = town.refused(line);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(&format!("give {flag}")), "{said}");
    }
    let step = format!(
        "--board http://127.0.0.1:1 --election {election} --keystore trustee-1.age --passphrase-file passphrase"
    );
    let (code, said) = town.refused(&format!("trustee --board http://127.0.0.1:2 step {step}"));
    assert_eq!((code, said.contains("a command's flags stand behind it")), (Some(2), true), "{said}");
    assert_eq!(town.refused(&format!("trustee --quiet step {step}")).0, Some(3), "understood before every command");
    // Looked at and not done, without a yes.
    let looked = town.json(&town.guide("1", &town.url(), &election).replace(" --settings 1.toml", ""));
    assert_eq!(looked["situation"]["task"]["kind"], "step");
    assert_eq!(town.status(&election)["entries"], 1);
    let settings = fs::read_to_string(town.at().join("vitrine-trustee.toml")).unwrap();
    assert!(settings.contains(&election) && settings.contains("keystore = \"trustee-1.age\""), "{settings}");
    assert!(!settings.contains("battery") && !settings.contains("passphrase"), "{settings}");
    let done = town.json("trustee --passphrase-file passphrase --yes");
    assert_eq!(done["sent"][0]["body"], "DealingCommitment");
    assert_eq!(done["situation"]["task"]["kind"], "wait");
    let shown = town.output("trustee --passphrase-file passphrase");
    let shown = String::from_utf8_lossy(&shown.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("waits for trustee 2 (T2) and trustee 3 (T3)"), "{shown}");
    // Another keystore by flag; the settings stay as they are.
    let other = town.json("trustee --passphrase-file passphrase --keystore trustee-2.age");
    assert_eq!(other["situation"]["trustee"], 2);
    assert_eq!(fs::read_to_string(town.at().join("vitrine-trustee.toml")).unwrap(), settings);
    fs::write(town.at().join("bad.toml"), "board = 7\n").unwrap();
    let (code, said) = town.refused("trustee --passphrase-file passphrase --settings bad.toml");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("bad.toml is not a file of settings"), "{said}");
    let (code, said) = town.refused("trustee --passphrase-file passphrase --keystore clerk.age");
    assert_eq!(code, Some(3), "{said}");
    let (code, said) = town.refused(&format!("trustee --passphrase-file passphrase --election {}", "ab".repeat(32)));
    assert_eq!(code, Some(3), "{said}");
}

/// CER-42, and `--watch`: two trustees who are left to themselves go from the first step to the last, which destroys their shares.
#[test]
fn watched_trustees_go_to_the_end_and_no_opening_is_without_a_spare_unawares() {
    let mut town = Town::new();
    let (election, _) = town.begin(3, "threshold = 2", "[\"no-witnesses\"]");
    let trustees: Vec<_> = ["1", "2"]
        .map(|index| {
            let mut program = town.program();
            let line = format!("{} --yes --retire --watch --every 1 --json", town.guide(index, &town.url(), &election));
            let line: Vec<&str> = line.split_whitespace().collect();
            program.args(line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
        })
        .into_iter()
        .collect();
    town.until(&election, |status| status["entries"] == 3);
    let place = format!("--board {} --election {election}", town.url());
    let clerk = format!("{place} --keystore clerk.age --passphrase-file passphrase");
    town.json(&format!("authority end-stage {clerk}"));
    fs::write(town.at().join("voters.csv"), "person,unit\nA,Town\nB,Town\nC,Town\nD,Town\n").unwrap();
    town.json(&format!(
        "registrar issue --voters voters.csv --out issued --keystore registrar-1.age --passphrase-file passphrase {place}"
    ));
    town.json(&format!("registrar publish --issued issued {place}"));
    town.until(&election, |status| status["ceremony"]["stage"] == 5);
    let status = town.status(&election);
    assert_eq!((&status["active_trustees"], &status["without_spare"]), (&serde_json::json!([1, 2]), &true.into()));
    let (code, said) = town.refused(&format!("authority open {clerk}"));
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("no trustee is spare: 2 trustees are active, and 2 of them must decrypt"), "{said}");
    town.json(&format!("authority open --without-spare {clerk}"));
    town.json(&format!("authority close {clerk}"));
    for trustee in trustees {
        let output = trustee.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let guided: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(guided["situation"]["task"]["kind"], "nothing", "{guided}");
        let sent = guided["sent"].as_array().unwrap();
        assert_eq!(
            (&sent[0]["body"], &sent[sent.len() - 1]["body"]),
            (&"DealingCommitment".into(), &"Retirement".into())
        );
    }
    let status = town.status(&election);
    assert_eq!(
        (status["phase"].as_str(), status["trustees"][2]["left"]["why"].as_str()),
        (Some("tallied"), Some("silent"))
    );
    assert!(status["trustees"][0]["retired"].is_u64() && status["trustees"][2]["retired"].is_null(), "{status}");
}

/// What answers every request with a page.
fn nonsense() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // It ends with the test's process.
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let _ = client.read(&mut request);
            let _ =
                client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n<p>Welcome!</p>");
        }
    });
    url
}

/// A board that is away, one that is none, and one that goes back: a sentence and an exit code, and nothing is done.
#[test]
fn a_board_that_is_wrong_ends_the_guide() {
    let mut town = Town::new();
    let (election, key) = town.begin(1, "threshold = 1", "[\"threshold\", \"no-witnesses\"]");
    let (code, said) = town.refused(&town.guide("1", "http://127.0.0.1:1", &election));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("does not answer"), "{said}");
    for watch in ["", " --watch"] {
        let (code, said) = town.refused(&(town.guide("1", &nonsense(), &election) + watch));
        assert!(matches!(code, Some(1 | 3)), "{code:?}: {said}");
    }
    assert!(!town.at().join("1.toml").exists(), "remembered only what was good");
    // The board's files are put back to what they were before the trustee's steps.
    let kept = town.at().join("kept");
    fs::create_dir(&kept).unwrap();
    let copy = |from: &Path, to: &Path| {
        for file in fs::read_dir(from)
            .unwrap()
            .map(Result::unwrap)
            .filter(|file| file.file_name().to_string_lossy().starts_with("board.sqlite"))
        {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    };
    town.end_board();
    copy(town.at(), &kept);
    town.start_board(&[&key]);
    let guide = format!("{} --yes", town.guide("1", &town.url(), &election));
    assert_eq!(town.json(&guide)["sent"].as_array().unwrap().len(), 4);
    town.end_board();
    for file in ["board.sqlite", "board.sqlite-wal", "board.sqlite-shm"] {
        let _ = fs::remove_file(town.at().join(file));
    }
    copy(&kept, town.at());
    town.start_board(&[&key]);
    let (code, said) = town.refused(&guide);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("error: ") || said.contains("\nerror: "), "{said}");
    // A reader without that memory believes it; the keystore knows better.
    let (code, said) = town.refused(&format!("{guide} --state other"));
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("older copy, or another history"), "{said}");
}

/// MAN-17: from a failed ceremony to the ended one of a new election, by the commands that `again` prints.
#[test]
fn a_failed_ceremony_begins_again_with_fresh_keys() {
    let mut town = Town::new();
    let (old, old_key) = town.begin(3, "threshold = 2", "[\"no-witnesses\"]");
    town.json(&format!("{} --yes", town.guide("1", &town.url(), &old)));
    town.json(&format!(
        "authority end-stage --even-if-it-fails --board {} --election {old} --keystore clerk.age --passphrase-file passphrase",
        town.url()
    ));
    let status = town.status(&old);
    assert_eq!((status["phase"].as_str(), status["next"][0]["command"].as_str()), (Some("failed"), Some("again")));
    // The keys are destroyed before the statement of it is sent; killed in between, it is sent later, once.
    let relay = Severing::new(&town.listen);
    let guide = format!("{} --yes", town.guide("1", &relay.url, &old));
    // What is destroyed does not come back: that yes is another one (CER-38).
    let kept = town.json(&guide);
    assert_eq!((&kept["situation"]["task"]["kind"], &kept["sent"]), (&"retire".into(), &serde_json::json!([])));
    let guide = format!("{guide} --retire");
    for moment in [Moment::BeforeSending, Moment::BeforeReceipt] {
        let mut program = town.program();
        program.args(guide.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null());
        relay.kill(program, moment);
        assert_eq!(town.status(&old)["trustees"][0]["retired"].is_u64(), moment == Moment::BeforeReceipt);
    }
    let retired = town.json(&guide);
    assert_eq!(
        (&retired["situation"]["task"]["kind"], retired["sent"].as_array().unwrap().len()),
        (&"nothing".into(), 0)
    );
    let again = format!(
        "authority again --board {} --election {old} --keystore new.age --passphrase-file passphrase --weak-seal --template new.toml",
        town.url()
    );
    let (code, said) = town.refused(&format!("{again} --shift 1d"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("which is past"), "{said}");
    let (code, said) = town.refused(&format!("{again} --shift 36500d --without 3"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--waive-threshold") && !town.at().join("new.age").exists(), "{said}");
    let begun = town.json(&format!("{again} --from 2126-01-01T12:00:00Z --without 3 --add Dee --quorum 3"));
    let new_key = text(&begun, "authority_key");
    assert_ne!(new_key, old_key);
    let (code, _) = town.refused(&format!("{again} --shift 36500d"));
    assert_eq!(code, Some(5), "no key is written over");
    town.start_board(&[&old_key, &new_key]);
    // A trustee's old key file fits no new election.
    let commands: Vec<String> = begun["commands"].as_array().unwrap().iter().map(|one| text(one, "command")).collect();
    let created = commands.iter().find(|command| command.contains("authority create")).unwrap();
    let (_, create) = created.split_once(' ').unwrap();
    let (code, said) = town.refused(&format!("{create} --passphrase-file passphrase"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("made for the election with id"), "{said}");
    for index in 1..=3 {
        fs::remove_file(town.at().join(format!("trustee-{index}.json"))).unwrap();
        fs::remove_file(town.at().join(format!("trustee-{index}.age"))).unwrap();
    }
    fs::remove_file(town.at().join("registrar-1.json")).unwrap();
    fs::remove_file(town.at().join("registrar-1.age")).unwrap();
    for command in commands.iter().filter(|command| command.contains(" keys ")) {
        town.shell(&format!("{command} --passphrase-file passphrase --weak-seal"));
    }
    town.shell(&format!("{created} --passphrase-file passphrase --json > created.json"));
    let created = serde_json::from_slice(&fs::read(town.at().join("created.json")).unwrap()).unwrap();
    let new = text(&created, "election");
    assert_ne!(new, old);
    for _ in 0..4 {
        for index in ["1", "2", "3"] {
            let guide =
                town.guide(index, &town.url(), &new).replace(&format!("{index}.toml"), &format!("new-{index}.toml"));
            town.json(&format!("{guide} --yes"));
        }
    }
    let status = town.status(&new);
    assert_eq!(status["active_trustees"], serde_json::json!([1, 2, 3]));
    assert_eq!((status["title"].as_str(), status["quorum"].as_u64()), (Some("Town council"), Some(3)));
    assert_eq!(status["trustees"][2]["name"], "Dee");
}
