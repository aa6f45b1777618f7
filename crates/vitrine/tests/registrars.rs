//! Two registrars with two channels, through the commands and a real board: from two lists of voters to a result by unit and weight.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken election should stop the test where it broke"
)]

use bulletin_board::{Clock, Config};
use serde_json::{Value, json};
use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot};

/// The board's clock is so many minutes behind: its voting is open when the officials' clocks say that it is over.
const BEHIND: u64 = 30;

/// A town in a folder: everybody's keys and letters, and where the board is.
struct Town {
    folder: TempDir,
    board: String,
    election: String,
}

/// What a command left.
struct Ran {
    exit: i32,
    output: String,
    messages: String,
}

impl Ran {
    #[track_caller]
    fn json(self) -> Value {
        assert_eq!(self.exit, 0, "{}", self.messages);
        serde_json::from_str(&self.output).unwrap()
    }

    #[track_caller]
    fn refused(self, exit: i32, words: &str) {
        assert!(self.exit == exit && self.messages.contains(words), "{} {}", self.exit, self.messages);
    }
}

fn minutes() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 60
}

impl Town {
    fn at(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command in the town's folder.
    fn run(&self, line: &str, input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vitrine"))
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("VITRINE_STATE", self.at("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who needs no input may have ended before it reads any.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        // Messages are lines of JSON: quotation marks as people see them.
        let messages = text(stderr).replace("\\\"", "\"");
        Ran { exit: status.code().unwrap(), output: text(stdout), messages }
    }

    /// A command at the town's board and election.
    fn there(&self, line: &str, input: &str) -> Ran {
        self.run(&format!("{line} --json --board {} --election {}", self.board, self.election), input)
    }

    /// An official's command, with the keystore of that name.
    fn by(&self, who: &str, command: &str) -> Ran {
        let role = who.split('-').next().unwrap();
        self.there(&format!("{role} {command} --keystore {who}.age --passphrase-file passphrase"), "")
    }

    fn file(&self, name: &str, content: &str) {
        fs::write(self.at(name), content).unwrap();
    }

    /// The roll index of a person, from registrar 1's map.
    fn index(&self, person: &str) -> usize {
        let map = fs::read_to_string(self.at("one/map.csv")).unwrap();
        map.lines().skip(1).position(|line| line.contains(person)).unwrap()
    }

    /// Both letters of a person, as the voter names them.
    fn letters(&self, person: &str) -> String {
        let index = self.index(person);
        format!("--letter two/letters/{index:06}.txt --letter one/letters/{index:06}.txt")
    }

    fn cast(&self, letters: &str, selections: &str) -> Ran {
        self.there(&format!("ballot cast --selections {selections} {letters}"), "cast\n")
    }

    fn did_i_vote(&self, letters: &str) -> Value {
        self.there(&format!("ballot did-i-vote {letters}"), "").json()
    }

    fn replace(&self, registrar: &str, person: &str, folder: &str) -> Ran {
        let issued = if registrar == "registrar-1" { "one" } else { "two" };
        self.by(registrar, &format!("replace --person {person} --map {issued}/map.csv --out {folder}"))
    }

    /// A board, keys, and the manifest of two units, two contests and five voters.
    fn begin(runtime: &tokio::runtime::Runtime, stopped: oneshot::Receiver<()>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut town = Self { folder, board: String::new(), election: String::new() };
        town.file("passphrase", "correct horse battery staple\n");
        let secret = "--passphrase-file passphrase --weak-seal";
        let new = town.run(&format!("authority new --name Clerk --keystore authority.age {secret} --json"), "").json();
        let (id, key) = (new["election_id"].as_str().unwrap(), new["authority_key"].as_str().unwrap());
        let machine = Clock::machine();
        let config = Config {
            authorities: vec![hex::decode(key).unwrap().try_into().unwrap()],
            clock: Clock::new(move || machine.seconds() - BEHIND * 60),
            ..Config::new(town.at("board.sqlite"), town.at("board.key"), "board.town.example")
        };
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        town.board = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(bulletin_board::serve(config, listener, async { drop(stopped.await) }));
        for (role, index) in [("trustee", 1), ("trustee", 2), ("registrar", 1), ("registrar", 2)] {
            let keys = format!(
                "{role} keys --election-id {id} --index {index} --name {role}{index} --public {role}-{index}.json \
                 --keystore {role}-{index}.age {secret} --json"
            );
            town.run(&keys, "").json();
        }
        let time = |name: &str, before: i64| {
            let seconds = i64::try_from(minutes()).unwrap() * 60 - before * 60;
            let utc = jiff::Timestamp::from_second(seconds).unwrap().strftime("%Y-%m-%dT%H:%M:00Z");
            format!("{name} = {utc}\n")
        };
        // Over by a minute for the officials; for the board there is nearly half an hour left.
        let times = [("commit", 55), ("deal", 54), ("check", 53), ("rehearse", 52), ("opening", 51), ("closing", 1)];
        let times: String = times.iter().map(|(name, before)| time(name, *before)).collect();
        let template = format!(
            "title = \"Town\"\nthreshold = 1\ntrustees = [\"trustee-1.json\", \"trustee-2.json\"]\n\
             registrars = [\"registrar-1.json\", \"registrar-2.json\"]\nroll_length = 5\nlargest_weight = 3\nreplacement = true\n\
             minimum_unit = 1\nwaivers = [\"no-witnesses\"]\n[times]\n{times}grace = 0\n\
             [[contests]]\ntitle = \"Mayor\"\noptions = [\"Ada\", \"Charles\"]\nblank = true\n\
             [[contests]]\ntitle = \"Bridge\"\noptions = [\"yes\", \"no\"]\n\
             [[units]]\nname = \"North\"\ncontests = [\"Mayor\"]\n[[units]]\nname = \"South\"\n"
        );
        town.file("town.toml", &template);
        let create = format!(
            "authority create --template town.toml --board {} --keystore authority.age --passphrase-file passphrase --json",
            town.board
        );
        let created = town.run(&create, "").json();
        town.election = created["election"].as_str().unwrap().to_owned();
        town
    }

    /// Both rolls: two lists of the same voters, one order.
    fn publish_rolls(&self) {
        // The town hall's spreadsheet has postal addresses, the other's has e-mail.
        let list = "\u{feff}Person;Unit;Weight;Contact\r\nAnn;North;1;1 Main St\r\nBob;North;3;2 Main St\r\nCyd;South;2;\r\nDee;South;;\r\nEve;South;1;\r\n";
        self.file("hall.csv", list);
        let one = self.by("registrar-1", "issue --voters hall.csv --out one").json();
        let handed = fs::read_to_string(self.at("one/handover.csv")).unwrap();
        assert_eq!(handed.lines().next(), Some("index,person,unit,weight"));
        assert_eq!(handed.lines().count(), 6);
        let letters = fs::read_dir(self.at("one/letters")).unwrap().map(|item| item.unwrap().path());
        for letter in letters.map(|path| fs::read_to_string(path).unwrap()) {
            let code = letter.split("&code=").nth(1).unwrap().split('&').next().unwrap();
            assert!(code.len() == 24 && !handed.contains(code) && !handed.contains("Main St"));
        }

        self.file("post.csv", "person,unit,weight,contact\nann,North,1,ann@x\nBob,North,2,bob@x\nCyd,South,2,\nEve,South,1,\nZoe,South,1,\n");
        let differs = self.by("registrar-2", "issue --voters post.csv --map one/handover.csv --out two");
        assert!(differs.messages.contains("\"Dee\"") && differs.messages.contains("\"Zoe\""), "{}", differs.messages);
        differs.refused(2, "\"Bob\" is in unit \"North\" with weight 2 by the list of voters");
        self.by("registrar-2", "issue --voters post.csv --out two").refused(2, "--map");
        assert!(!self.at("two").exists());
        let text = fs::read_to_string(self.at("post.csv")).unwrap().replace("Zoe", "Dee").replace("North,2", "North,3");
        self.file("post.csv", &text);

        self.there("registrar publish --issued one", "").json();
        // The record says who is right, whatever a map says.
        self.file("wrong.csv", &handed.replace("North,3", "North,1"));
        let wrong = self.by("registrar-2", "issue --map wrong.csv --out two");
        wrong.refused(2, "another registrar has published \"North\" with 3 in this place");
        let two = self.by("registrar-2", "issue --voters post.csv --map one/handover.csv --out two").json();
        assert_eq!(one["map_fingerprint"], two["map_fingerprint"]);
        self.there("registrar publish --issued two", "").json();
    }

    fn run_ceremony_and_open(&self) {
        for _stage in 0..4 {
            for trustee in ["trustee-1", "trustee-2"] {
                self.by(trustee, "step").json();
            }
        }
        self.by("authority", "open").json();
    }
}

/// ROL-10 to ROL-16, THR-68, THR-69: two letters vote and one does not; what is lost is replaced by both registrars or not at all; units and weights reach the result.
#[test]
fn two_registrars_two_letters_one_vote() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (stop, stopped) = oneshot::channel();
    let town = Town::begin(&runtime, stopped);
    town.publish_rolls();
    town.run_ceremony_and_open();
    town.file("north.json", r#"{"Mayor": ["Ada"]}"#);
    town.file("south.json", r#"{"Mayor": ["Charles"], "Bridge": ["yes"]}"#);

    // Ann needs both letters, and both have to be hers.
    let (ann, bob) = (town.index("Ann"), town.index("Bob"));
    let letter = |registrar: &str, index: usize| format!("--letter {registrar}/letters/{index:06}.txt");
    town.cast(&letter("one", ann), "north.json").refused(2, "2 codes");
    town.cast(&format!("{0} {0}", letter("two", ann)), "north.json").refused(2, "registrar 2");
    town.cast(&format!("{} {}", letter("one", ann), letter("two", bob)), "north.json").refused(2, "not on the roll");
    town.cast(&town.letters("Ann"), "north.json").json();

    // Bob's letter is lost. One registrar alone changes nothing; both together do, also after the opening.
    let alone = town.replace("registrar-1", "Bob", "bob-one").json();
    assert_eq!((&alone["round"], &alone["awaited"], &alone["too_late"]), (&json!(1), &json!([2]), &json!(false)));
    let old = town.letters("Bob");
    let begun = town.did_i_vote(&old);
    assert_eq!((&begun["answer"], begun["replacement_begun"].as_array().unwrap().len()), (&json!("not-voted"), 1));
    // One new letter and one old one make nothing, and the voter is told what to do; a second code of one registrar is not made.
    let mixed = format!("--letter bob-one/letters/{bob:06}.txt {}", letter("two", bob));
    town.cast(&mixed, "north.json").refused(2, "the old ones still hold");
    let unknown =
        town.run(&format!("ballot did-i-vote {mixed} --board {} --election {}", town.board, town.election), "");
    assert!(
        unknown.exit == 2
            && unknown.output.contains("old letters still hold")
            && !unknown.output.contains("can change")
    );
    town.replace("registrar-1", "Bob", "bob-other").refused(5, "give the folder of then");
    let both = town.replace("registrar-2", "Bob", "bob-two").json();
    let again = town.replace("registrar-1", "Bob", "bob-one").json();
    for joined in [both, again] {
        assert_eq!((&joined["round"], &joined["awaited"], &joined["too_late"]), (&json!(1), &json!([]), &json!(false)));
    }
    assert_eq!(town.did_i_vote(&old)["answer"], "replaced");
    town.cast(&old, "north.json").refused(2, "replaced");
    let new = format!("--letter bob-one/letters/{bob:06}.txt --letter bob-two/letters/{bob:06}.txt");
    town.cast(&new, "north.json").json();

    // Cyd's replacement is begun, and registrar 2 stays away: Cyd votes with the old codes, and then it is too late.
    town.replace("registrar-1", "Cyd", "cyd-one").json();
    town.cast(&town.letters("Cyd"), "south.json").json();
    town.replace("registrar-2", "Cyd", "cyd-two").refused(5, "ROL-8");
    assert_eq!(town.replace("registrar-1", "Cyd", "cyd-one").json()["too_late"], true);
    town.replace("registrar-1", "Ann", "ann-one").refused(5, "ROL-8");
    assert!(!town.at("cyd-two").exists() && !town.at("ann-one").exists(), "no letter that could never vote");
    town.cast(&town.letters("Dee"), "south.json").json();

    // What is typed from paper is as good: the letters' lines, by hand, in the registrars' order.
    let lines: Vec<String> = ["one", "two"]
        .iter()
        .map(|registrar| {
            let letter =
                fs::read_to_string(town.at(&format!("{registrar}/letters/{:06}.txt", town.index("Dee")))).unwrap();
            letter.split("&code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
        })
        .collect();
    town.file("typed", &lines.join("\n"));
    assert_eq!(town.did_i_vote("--code-file typed")["answer"], "voted");

    town.by("authority", "close").json();
    town.by("trustee-2", "decrypt").json();
    town.there("authority result", "").json();
    let report = town.run(&format!("verify {}/e/{} --expect {} --json", town.board, town.election, town.election), "");
    let report = report.json();

    // Eve cast nothing, and anybody can check it by the key.
    let eve = town.did_i_vote(&town.letters("Eve"));
    assert_eq!((&eve["answer"], &eve["so_far"]), (&json!("not-voted"), &json!(false)));
    let again = town.run(&format!("{} --json", eve["recheck"].as_str().unwrap().strip_prefix("vitrine ").unwrap()), "");
    assert_eq!(again.json(), eve);
    stop.send(()).unwrap();
    runtime.shutdown_timeout(Duration::from_secs(5));

    assert_eq!(report["figures"]["replacements"], 1, "{report}");
    let totals = |contest: usize| {
        let slots = report["results"][contest]["slots"].as_array().unwrap();
        slots.iter().map(|slot| slot["total"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    // Ann 1 and Bob 3 in the North; Cyd 2 and Dee 1 in the South, who alone vote on the bridge.
    assert_eq!((totals(0), totals(1)), (vec![4, 3, 0], vec![3, 0]));
}

/// ROL-11: registrar 1, who lost its folder when another one had published, is told whose map it needs.
#[test]
fn a_registrar_1_who_comes_second_needs_the_map() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (stop, stopped) = oneshot::channel();
    let town = Town::begin(&runtime, stopped);
    town.file("hall.csv", "person,unit\nAnn,North\nBob,North\nCyd,South\nDee,South\nEve,South\n");
    town.by("registrar-1", "issue --voters hall.csv --out lost").json();
    town.by("registrar-2", "issue --voters hall.csv --map lost/handover.csv --out two").json();
    // Chunks that are not there any more are not silently left out.
    fs::rename(town.at("two/roll/0000.cbor"), town.at("moved.cbor")).unwrap();
    town.there("registrar publish --issued two", "").refused(5, "0 of 1 chunks");
    fs::rename(town.at("moved.cbor"), town.at("two/roll/0000.cbor")).unwrap();
    town.there("registrar publish --issued two", "").json();
    town.by("registrar-1", "issue --voters hall.csv --out one").refused(2, "every other registrar was handed a copy");
    town.by("registrar-1", "issue --voters hall.csv --map two/map.csv --out one").json();
    town.there("registrar publish --issued one", "").json();
    stop.send(()).unwrap();
    runtime.shutdown_timeout(Duration::from_secs(5));
}
