//! The commands on a machine without a network: a whole ceremony through files, from fresh keys to the opening.

use super::*;
use crate::{
    authority,
    carry::{self, Answer, Request},
    fixture::unwitnessed_example,
    keystore::{Keystore, Passphrase},
    secrets::AuthoritySecrets,
    template::{EXAMPLE, Surroundings, Template},
};
use clap::{CommandFactory as _, Parser};
use protocol::{Author, Election, Phase, entry::Entry, ids::EntryHash};
use rand::rngs::OsRng;
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};
use tempfile::TempDir;
use tlog::{note::SignerKey, record::write_record};
use verifier::Folder;
use zeroize::Zeroizing;

mod keystores;
mod overriding;

#[derive(Parser)]
enum Program {
    #[command(subcommand)]
    Authority(AuthorityCommand),
    #[command(subcommand)]
    Registrar(RegistrarCommand),
    Trustee(TrusteeArguments),
}

/// A folder with everything, and the record as the board would have it.
struct Office {
    folder: TempDir,
    log: SignerKey,
    entries: Vec<Entry>,
    election: Election,
}

/// Runs a command line within a folder; `@` stands for the folder. Gives the JSON result or the exit code.
pub(super) async fn run(folder: &Path, line: &str) -> Result<Value, u8> {
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    let mut streams = Streams { input: None, output: &mut output, messages: &mut messages, json: true };
    match program(folder, line, &mut streams).await {
        Ok(()) => {
            let result: Value = serde_json::from_slice(&output).unwrap();
            assert!(result.is_object(), "one JSON object: {line}");
            Ok(result)
        }
        Err(error) => Err(error.exit_code().number()),
    }
}

/// Runs a command line within a folder, with whoever sits there.
async fn program(folder: &Path, line: &str, streams: &mut Streams<'_>) -> Result<(), CommandError> {
    let text = line.replace('@', &folder.display().to_string());
    match Program::try_parse_from(std::iter::once("vitrine").chain(text.split_whitespace())).unwrap() {
        Program::Authority(command) => command.run(streams, Some([7; 32])).await,
        Program::Registrar(command) => command.run(streams).await,
        Program::Trustee(command) => command.run(streams).await,
    }
}

pub(super) const SECRET: &str = "--passphrase-file @/passphrase";

impl Office {
    /// Fresh keys by the commands; the manifest as `create` makes it, but for the board's part.
    async fn begin(roll_length: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("passphrase"), "correct horse battery staple\n").unwrap();
        let begun = run(at, &format!("authority new --name Clerk --keystore @/authority.key --weak-seal {SECRET}"))
            .await
            .unwrap();
        let id = begun["election_id"].as_str().unwrap().to_owned();
        for (role, count) in [("trustee", 3), ("registrar", 2)] {
            for index in 1..=count {
                let keys = format!(
                    "{role} keys --election-id {id} --index {index} --name {role}{index} --keystore @/{role}-{index}.key --weak-seal \
                     --public @/{role}-{index}.json {SECRET}"
                );
                run(at, &keys).await.unwrap();
                assert_eq!(run(at, &keys).await, Err(5), "keys are never overwritten");
            }
        }
        let passphrase = Passphrase::new(Zeroizing::new("correct horse battery staple".to_owned())).unwrap();
        let (secrets, _keystore) = Keystore::open::<AuthoritySecrets>(&at.join("authority.key"), passphrase).unwrap();
        let text = unwitnessed_example().replace("roll_length = 1200", &format!("roll_length = {roll_length}"));
        let template = Template::parse(&text).unwrap();
        let origin = format!("board.example/{id}");
        let log = SignerKey::from_seed(&origin, &[7; 32]).unwrap();
        let files = |names: &[std::path::PathBuf]| names.iter().map(|name| fs::read(at.join(name)).unwrap()).collect();
        let surroundings = Surroundings {
            election_id: secrets.election_id(),
            authority: secrets.official(&mut OsRng).unwrap(),
            trustees: files(&template.trustees),
            registrars: files(&template.registrars),
            texts: vec![Vec::new()],
            log_origin: origin,
            log_key: log.verifier_key().to_string(),
            bundle: Some([7; 32]),
            board: "https://board.example".to_owned(),
        };
        let manifest = template.manifest(&surroundings).unwrap();
        let (_, submission) = authority::announcement(manifest, &secrets, &mut OsRng).unwrap();
        let entry = Entry::new(0, EntryHash([0; 32]), 0, submission);
        let election = Election::begin(&entry).unwrap();
        let office = Self { folder, log, entries: vec![entry], election };
        office.write_record();
        office
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    fn write_record(&self) {
        let record = self.at().join("record");
        let _ = fs::remove_dir_all(&record);
        for file in write_record(self.entries.iter().map(Entry::encode), &self.log).unwrap() {
            let path = record.join(file.path.to_string());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.bytes).unwrap();
        }
    }

    /// Carries the answer to the board, and the record back. Gives the number of submissions.
    fn carry(&mut self) -> usize {
        let path = self.at().join("answer");
        if !path.exists() {
            return 0;
        }
        let answer = Answer::read(&path, &self.election.fingerprint()).unwrap();
        for submission in &answer.submissions {
            let entry = self.election.next_entry(submission.clone(), 0);
            self.election.apply(&entry).unwrap();
            self.entries.push(entry);
        }
        fs::remove_file(path).unwrap();
        self.write_record();
        answer.submissions.len()
    }

    /// A request on the record as it is, as `export` writes it.
    fn request(&self, name: &str, party: Author, step: carry::Step) -> Request {
        let asked = carry::Asked { party, step };
        let path = self.at().join(name);
        let _ = fs::remove_file(&path);
        Request::write(&path, &self.election.fingerprint(), &asked, &Folder::new(self.at().join("record"))).unwrap()
    }

    /// A command that has a place, and the officer's own keystore.
    async fn act(&self, who: &str, command: &str) -> Result<Value, u8> {
        let role = who.split('-').next().unwrap();
        let line = format!(
            "{role} {command} --record @/record --state @/state --election {} --answer @/answer --keystore @/{who}.key {SECRET}",
            self.election.fingerprint()
        );
        run(self.at(), &line).await
    }
}

#[test]
fn the_commands_are_well_formed() {
    Program::command().debug_assert();
    for secret in ["passphrase", "password"] {
        let help = format!("{:?}", Program::command());
        assert!(!help.contains(&format!("--{secret} ")), "no {secret} on the command line");
    }
}

#[tokio::test]
async fn a_ceremony_through_files_up_to_the_opening() {
    let mut office = Office::begin(2).await;
    assert_eq!(run(office.at(), "authority example").await.unwrap()["template"], EXAMPLE);
    assert_eq!(office.act("authority", "open").await, Err(4), "not ready");
    let mut rounds = 0;
    while office.election.ceremony().active().is_empty() {
        for index in 1..=3 {
            let progress = office.act(&format!("trustee-{index}"), "step").await.unwrap();
            assert_eq!(progress["state"], "sent", "{progress}");
            assert_eq!(office.carry(), 1);
        }
        rounds += 1;
    }
    assert_eq!(rounds, 4, "one step a stage");
    assert_eq!(office.act("trustee-1", "step").await.unwrap()["state"], "done");
    office.act("trustee-2", "rehearse").await.unwrap();
    assert_eq!(office.carry(), 1);

    fs::write(office.at().join("voters.csv"), "person,unit\nAda,North\nBo,South\n").unwrap();
    let election = office.election.fingerprint();
    for (index, list) in [(1, "--voters @/voters.csv"), (2, "--map @/issued-1/handover.csv")] {
        let issue = format!(
            "registrar issue --record @/record --state @/state --election {election} --keystore @/registrar-{index}.key {list} --out @/issued-{index} \
             --letter-board https://board.example {SECRET}"
        );
        if index == 2 {
            let own_order = issue.replace(list, "--voters @/voters.csv");
            assert_eq!(run(office.at(), &own_order).await, Err(2), "rows in another order are other voters");
        }
        let unreachable = issue.replace(" --letter-board https://board.example", "");
        assert_eq!(run(office.at(), &unreachable).await, Err(2), "letters that say nowhere");
        assert_eq!(run(office.at(), &issue).await.unwrap()["voters"], 2);
        assert_eq!(run(office.at(), &issue).await, Err(5), "codes are never overwritten");
        // Issued twice before anything was published: only one of the two may become the roll.
        let other = issue.replace(&format!("--out @/issued-{index}"), &format!("--out @/other-{index}"));
        run(office.at(), &other).await.unwrap();
        let publish = format!(
            "registrar publish --record @/record --state @/state --election {election} --answer @/answer --issued @/issued-{index}"
        );
        run(office.at(), &publish).await.unwrap();
        assert_eq!(office.carry(), 1);
        assert_eq!(
            run(office.at(), &publish).await.unwrap(),
            serde_json::json!({ "sent": [] }),
            "resumed: nothing is left"
        );
        let mixed = publish.replace("@/issued-", "@/other-");
        assert_eq!(run(office.at(), &mixed).await, Err(5), "letters with other codes than the roll's");
        let late = issue.replace("--out @/issued-", "--out @/late-");
        assert_eq!(run(office.at(), &late).await, Err(5), "codes that could never vote");
    }
    for private in ["", "/map.csv", "/letters", "/letters/000001.txt", "/print/0001.html", "/roll"] {
        let mode = fs::metadata(office.at().join(format!("issued-2{private}"))).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{private} is the registrar's alone");
    }
    office.act("authority", "open").await.unwrap();
    office.carry();
    assert_eq!(office.election.phase(), Phase::Voting);

    for index in 1..=2 {
        let who = format!("registrar-{index}");
        let replace = format!(
            "replace --index 1 --map @/issued-{index}/map.csv --out @/new-{index} --letter-board https://board.example"
        );
        office.act(&who, &replace).await.unwrap();
        let kept = fs::read(office.at().join(format!("new-{index}/replacement.cbor"))).unwrap();
        assert_eq!(office.carry(), 1);
        // ROL-15: asked again, before and after it is recorded, it sends what it signed, and no second code is made.
        office.act(&who, &replace).await.unwrap();
        let sent = Answer::read(&office.at().join("answer"), &election).unwrap();
        assert_eq!(sent.submissions[0].encode(), kept);
        fs::remove_file(office.at().join("answer")).unwrap();
        let other = replace.replace("--index 1", "--index 0");
        assert_eq!(office.act(&who, &other).await, Err(5), "the folder is of another voter");
        let again = replace.replace("/new-", "/newer-");
        assert_eq!(office.act(&who, &again).await.is_err(), index == 1, "one part a round; after both, the next round");
        let _ = fs::remove_file(office.at().join("answer"));
        let nobody = again.replace("--index 1", "--person Eve");
        assert_eq!(office.act(&who, &nobody).await, Err(2));
    }
    for folder in ["issued-1", "new-2"] {
        let destroy = format!("registrar destroy-letters --issued @/{folder} --sent");
        assert!(run(office.at(), &destroy).await.unwrap()["destroyed"].as_u64() >= Some(2));
        let left = fs::read_dir(office.at().join(folder)).unwrap().map(|item| item.unwrap().file_name());
        assert!(left.into_iter().all(|name| name != "letters" && name != "print"), "{folder}");
    }
    assert_eq!(run(office.at(), "registrar destroy-letters --issued @/record --sent").await, Err(3));
    assert_eq!(office.election.roll().replacements(), 1);
    let status = format!("authority status --record @/record --state @/state --election {election}");
    let status = run(office.at(), &status).await.unwrap();
    assert_eq!(
        (status["phase"].as_str(), status["active_trustees"].as_array().map(Vec::len)),
        (Some("voting"), Some(3))
    );
    assert_eq!(office.act("trustee-1", "decrypt").await, Err(4), "not closed");
    let result = format!("authority result --record @/record --state @/state --election {election} --answer @/answer");
    assert_eq!(run(office.at(), &result).await, Err(4));
}

/// AIR-5 to AIR-7, AIR-10: a request is answered by whom it names, with what it asks for, once, and never on an older record than was seen.
#[tokio::test]
async fn a_request_is_answered_as_it_is_meant() {
    let mut office = Office::begin(2).await;
    let election = office.election.fingerprint();
    let answer = |trustee: u32, request: &str, more: &str| {
        format!(
            "trustee answer @/{request} --keystore @/trustee-{trustee}.key {SECRET} --state @/state-{trustee} --election {election} \
             --out @/answer {more}"
        )
    };
    let two = Author::Trustee(2);
    let request = office.request("commit", two, carry::Step::Commit);
    assert_eq!(run(office.at(), &answer(1, "commit", "")).await, Err(5), "for another trustee");
    let other = "--fingerprint 0000-0000-0000-0000-0000";
    assert_eq!(run(office.at(), &answer(2, "commit", other)).await, Err(5), "not what the other screen shows");
    let foreign = answer(2, "commit", "").replace(&election.to_string(), &"ab".repeat(32));
    assert_eq!(run(office.at(), &foreign).await, Err(5), "of another election");
    office.request("deal", two, carry::Step::Deal);
    assert_eq!(run(office.at(), &answer(2, "deal", "")).await, Err(4), "the record is not at that step");
    fs::write(office.at().join("answer"), "in the way").unwrap();
    assert_eq!(run(office.at(), &answer(2, "commit", "")).await, Err(5), "nothing is overwritten");
    fs::remove_file(office.at().join("answer")).unwrap();

    let compared = format!("--fingerprint {}", request.fingerprint);
    let first = run(office.at(), &answer(2, "commit", &compared)).await.unwrap();
    assert_eq!((&first["step"], &first["sent"][0]["body"]), (&"commit".into(), &"DealingCommitment".into()));
    let read = Answer::read(&office.at().join("answer"), &election).unwrap();
    assert_eq!(first["sent"][0]["fingerprint"], read.fingerprint.to_string());
    // Lost on its way: the same commitment again, of the one dealing.
    fs::remove_file(office.at().join("answer")).unwrap();
    run(office.at(), &answer(2, "commit", "")).await.unwrap();
    let again = Answer::read(&office.at().join("answer"), &election).unwrap();
    assert_eq!(again.submissions[0].body_bytes(), read.submissions[0].body_bytes());
    assert_eq!(office.carry(), 1);

    // By the single commands too; and with what was not asked for nothing is written.
    let step = |trustee: u32, request: &str| {
        format!(
            "trustee step --request @/{request} --keystore @/trustee-{trustee}.key {SECRET} --state @/state-{trustee} --election {election} \
             --answer @/answer"
        )
    };
    office.request("commit-1", Author::Trustee(1), carry::Step::Commit);
    assert_eq!(run(office.at(), &step(3, "commit-1")).await, Err(5), "for another trustee");
    assert!(!office.at().join("answer").exists());
    run(office.at(), &step(1, "commit-1")).await.unwrap();
    office.carry();
    office.request("commit-3", Author::Trustee(3), carry::Step::Commit);
    run(office.at(), &answer(3, "commit-3", "")).await.unwrap();
    office.carry();
    office.request("deal", two, carry::Step::Deal);
    run(office.at(), &answer(2, "deal", "")).await.unwrap();
    fs::remove_file(office.at().join("answer")).unwrap();
    let older = run(office.at(), &answer(2, "commit", "")).await;
    assert_eq!(older, Err(3), "this machine has seen a newer record");
    let unseen = answer(2, "commit", "").replace("@/state-2", "@/fresh");
    assert_eq!(run(office.at(), &unseen).await.unwrap()["sent"][0]["body"], "DealingCommitment", "the same again");

    // The authority's way, with arguments of its own.
    office.request("notice", Author::Authority, carry::Step::Notice);
    fs::remove_file(office.at().join("answer")).unwrap();
    let say = |command: &str| {
        format!(
            "authority {command} --request @/notice --answer @/answer --keystore @/authority.key {SECRET} --state @/state --election {election}"
        )
    };
    assert_eq!(run(office.at(), &say("open")).await, Err(4), "not ready, whatever was asked");
    run(office.at(), &say("notice --text Hello")).await.unwrap();
    assert_eq!(office.carry(), 1);
}

#[tokio::test]
async fn what_is_wrong_has_its_exit_code() {
    let office = Office::begin(2).await;
    let election = office.election.fingerprint();
    let other = "ab".repeat(32);
    let step = |election: &str, key: &str, passphrase: &str| {
        format!(
            "trustee step --record @/record --state @/state --election {election} --answer @/answer --keystore @/{key}.key --passphrase-file \
             @/{passphrase}"
        )
    };
    let at = office.at();
    fs::write(at.join("wrong"), "another\n").unwrap();
    fs::write(at.join("empty"), "\n").unwrap();
    let election = election.to_string();
    assert_eq!(run(at, &step(&other, "trustee-1", "passphrase")).await, Err(1), "another election");
    assert_eq!(run(at, &step(&election, "trustee-1", "wrong")).await, Err(3));
    assert_eq!(run(at, &step(&election, "trustee-1", "empty")).await, Err(2));
    assert_eq!(run(at, &step(&election, "authority", "passphrase")).await, Err(3), "another role's keystore");
    assert_eq!(run(at, &step(&election, "none", "passphrase")).await, Err(3));
    assert_eq!(run(at, &step(&election, "trustee-1", "none")).await, Err(3));
    fs::write(at.join("voters.csv"), "person,unit\nAda,North\nBo,West\n").unwrap();
    let issue = format!(
        "registrar issue --record @/record --state @/state --election {election} --keystore @/registrar-1.key --voters @/voters.csv --out @/issued {SECRET}"
    );
    assert_eq!(run(at, &issue).await, Err(2), "an unknown unit");
    let issue_from = issue.replace("@/voters.csv", "/dev/zero");
    assert_eq!(run(at, &issue_from).await, Err(2), "a list without end");
    let endless = step(&election, "trustee-1", "passphrase").replace("@/passphrase", "/dev/zero");
    assert_eq!(run(at, &endless).await, Err(3), "a passphrase without end");
    // The public file is in the way: no keystore is left whose public half nobody has.
    fs::write(at.join("taken.json"), "").unwrap();
    let id = office.election.manifest().election_id;
    let keys = format!(
        "trustee keys --election-id {id} --index 1 --name T --keystore @/fresh.key --weak-seal --public @/taken.json {SECRET}"
    );
    assert_eq!(run(at, &keys).await, Err(5));
    assert!(!at.join("fresh.key").exists());
    let extend = office.act("authority", "extend --to 2026-11-16T20:00:30Z").await;
    assert_eq!(extend, Err(2), "seconds");
    assert_eq!(office.act("authority", "close").await, Err(4), "not open");
    // A flipped byte of the record.
    let bundle = at.join("record/tile/entries/000.p/1");
    let mut bytes = fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    assert_eq!(run(at, &step(&election, "trustee-1", "passphrase")).await, Err(1));
    fs::remove_file(at.join("record/checkpoint")).unwrap();
    let gone = run(at, &step(&election, "trustee-1", "passphrase")).await;
    assert!(matches!(gone, Err(1 | 3)), "{gone:?}");
}
