//! A board that frames a trustee, and a trustee that tells two stories (THR-62, THR-63): with the program as it is shipped, a board's promises over
//! HTTP and a quorum of witnesses that cosigned what the board shows.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

mod board;

use board::{Board, Mood, State};
use protocol::{
    Body, Entry, Submission,
    body::{DealingCommitment, Notice, StageEnd},
    evidence::{Cleared, Trial, TrialOutcome},
    ids::{ElectionFingerprint, PartHash},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;
use trustee_tools::public_keys::TrusteeFile;
use vitrine_tests::{Drill, Options};

/// Trustee 2 is the program; 1 and 3, the authority and the board are the test's.
struct Scene {
    folder: TempDir,
    board: Board,
    election: ElectionFingerprint,
}

fn vitrine(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.current_dir(folder).env("VITRINE_STATE", folder.join("state")).env_remove("RUST_LOG");
    command.arg("--json").args(words).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

impl Scene {
    fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        let drill = Drill::begin(Options::simple(2));
        let id = drill.election.manifest().election_id;
        let words = "trustee keys --index 2 --name Bo --keystore bo.key --public bo.json --weak-seal --passphrase-file passphrase --election-id";
        let id_text = id.to_string();
        let keys: Vec<&str> = words.split(' ').chain([id_text.as_str()]).collect();
        let made = vitrine(folder.path(), &keys);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = TrusteeFile::parse(&fs::read(folder.path().join("bo.json")).unwrap()).unwrap();
        let state = State::new(drill, |manifest| manifest.trustees[1] = file.keys(&id, 2).unwrap());
        let election = state.drill.election.fingerprint();
        Self { folder, board: Board::serve(state), election }
    }

    /// The ceremony up to stage 3, in which nobody has confirmed yet.
    fn dealt() -> Self {
        let scene = Self::begin();
        let mut dealings = Vec::new();
        for trustee in [1, 3] {
            let drill = &mut scene.board.state().drill;
            dealings.push((trustee, drill.dealing(trustee)));
            drill.commit(trustee, &dealings.last().unwrap().1).unwrap();
        }
        assert_eq!(scene.step().status.code(), Some(0));
        for (trustee, parts) in &dealings {
            let drill = &mut scene.board.state().drill;
            for part in parts {
                let submission = drill.by_trustee(*trustee, part);
                drill.apply(submission).unwrap();
            }
        }
        assert_eq!(scene.step().status.code(), Some(0));
        assert_eq!(scene.board.state().drill.election.ceremony().stage().number(), 3);
        scene
    }

    fn run(&self, words: &str) -> Output {
        let election = self.election.to_string();
        let place = ["--board", &self.board.address, "--election", &election];
        vitrine(self.folder.path(), &words.split(' ').chain(place).collect::<Vec<_>>())
    }

    fn step(&self) -> Output {
        let output = self.run("trustee step --keystore bo.key --passphrase-file passphrase --wait 1");
        assert!(output.status.code().is_some());
        output
    }

    /// The files of evidence that the program kept, and what each shows.
    fn evidence(&self) -> Vec<Value> {
        let kept = fs::read_dir(self.folder.path().join("state")).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<PathBuf> = kept.filter(|path| path.extension().is_some_and(|kind| kind == "evidence")).collect();
        files.iter().map(|file| self.check(file)).collect()
    }

    fn check(&self, file: &Path) -> Value {
        let election = self.election.to_string();
        let words = ["evidence", "check", file.to_str().unwrap(), "--expect", &election];
        let output = vitrine(self.folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        json(&output)
    }

    /// The log alone is convicted, and trustee 2 is cleared of its silence in this stage.
    fn assert_cleared(&self, finding: &Value, stage: u32) {
        assert_eq!((&finding["proved"], &finding["kind"]), (&true.into(), &"broken-promise".into()));
        let culprits = finding["culprits"].as_array().unwrap();
        assert_eq!(culprits.len(), 1);
        assert_eq!(culprits[0]["role"], "log");
        assert_eq!(culprits[0]["key"], self.board.state().drill.board.verifier_key().to_string());
        assert_eq!(finding["cleared"], serde_json::json!({ "trustee": 2, "name": "Bo", "stage": stage }));
    }

    /// Trustees 1 and 3 confirm, and the authority ends the stage without trustee 2.
    fn end_without_2(&self, confirm: bool) {
        let mut state = self.board.state();
        state.mood = Mood::Fair;
        if confirm {
            state.drill.confirm(1).unwrap();
            state.drill.confirm(3).unwrap();
        }
        state.end_stage(3);
        assert!(state.drill.election.ceremony().departures().contains_key(&2));
    }
}

/// THR-63, CER-46, CER-47, EVD-17, EVD-18: the board promised the confirmation and the stage ended without it. Wherever the board had put it, the
/// program finds that out by itself.
#[test]
fn a_framed_trustee_clears_itself() {
    for (ahead, others_first) in [(0, false), (0, true), (4, false)] {
        let scene = Scene::dealt();
        if others_first {
            // Then the end of the stage takes the very place that was promised.
            let drill = &mut scene.board.state().drill;
            drill.confirm(1).unwrap();
            drill.confirm(3).unwrap();
        }
        scene.board.state().mood = Mood::Forgets(ahead);
        let sent = scene.step();
        assert_eq!(
            sent.status.code(),
            Some(4),
            "promised, and not attested: {}",
            String::from_utf8_lossy(&sent.stderr)
        );
        scene.end_without_2(!others_first);
        let refused = scene.step();
        let said = String::from_utf8(refused.stderr.clone()).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("board's doing") && said.contains("evidence check"), "{said}");
        let found = scene.evidence();
        assert_eq!(found.len(), 1, "{found:?}");
        scene.assert_cleared(&found[0], 3);
        // On request, of everything that was promised, from a board or a copy; and by whoever only has the file.
        let disputed = scene.run("trustee dispute");
        assert_eq!(disputed.status.code(), Some(1));
        let said = json(&disputed);
        let outcomes: Vec<(&str, &str)> = said["promises"].as_array().unwrap().iter().map(outcome).collect();
        let kept = [("DealingCommitment", "kept"), ("Dealing", "kept"), ("CeremonyConfirmation", "broken")];
        assert_eq!(outcomes, kept);
        assert_eq!(said["promises"][2]["cleared"], 2);
        let promise = said["promises"][2]["promise"].as_str().unwrap().to_owned();
        let copy = scene.folder.path().join("copy");
        for (name, bytes) in scene.board.state().record() {
            fs::create_dir_all(copy.join(&name).parent().unwrap()).unwrap();
            fs::write(copy.join(name), bytes).unwrap();
        }
        let election = scene.election.to_string();
        let words = ["trustee", "dispute", &promise, "--record", "copy", "--election", &election];
        assert_eq!(vitrine(scene.folder.path(), &words).status.code(), Some(1));
        assert_eq!(scene.evidence().len(), 1, "the same file");
        // The record's own rules say what the message was worth.
        let file = disputed_file(&said);
        let checked =
            vitrine(scene.folder.path(), &["evidence", "check", &file, "--expect", &election, "--record", "copy"]);
        assert_eq!(json(&checked)["by_record"], serde_json::json!({ "message": "valid" }));
        // The guide says it too.
        let guided = scene.run("trustee --keystore bo.key --passphrase-file passphrase --wait 1");
        assert_eq!(guided.status.code(), Some(1));
        assert!(String::from_utf8(guided.stderr).unwrap().contains("board's doing"));
        // And every other step.
        for command in ["rehearse", "decrypt"] {
            let refused =
                scene.run(&format!("trustee {command} --keystore bo.key --passphrase-file passphrase --wait 1"));
            assert_eq!(refused.status.code(), Some(1), "{command}");
            assert!(String::from_utf8(refused.stderr).unwrap().contains("board's doing"), "{command}");
        }
    }
}

/// THR-63, EVD-7, EVD-17, EVD-18: the same in stage 4. Rehearsals come after its end too; a promised place that the log has not reached excuses it only
/// as long as the promised minute can still come there.
#[test]
fn a_promised_rehearsal_that_was_left_out() {
    for ahead in [0, 9] {
        let scene = Scene::dealt();
        for trustee in [1, 3] {
            scene.board.state().drill.confirm(trustee).unwrap();
        }
        assert_eq!(scene.step().status.code(), Some(0));
        assert_eq!(scene.board.state().drill.election.ceremony().stage().number(), 4);
        scene.board.state().mood = Mood::Forgets(ahead);
        assert_eq!(scene.step().status.code(), Some(4), "promised, and not attested");
        {
            let mut state = scene.board.state();
            state.mood = Mood::Fair;
            for trustee in [1, 3] {
                state.drill.take_key_shares(trustee);
                state.drill.rehearse(trustee).unwrap();
            }
            state.end_stage(4);
            assert_eq!(state.drill.election.ceremony().active(), [1, 3]);
        }
        let refused = scene.step();
        let said = String::from_utf8(refused.stderr.clone()).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        let found = scene.evidence();
        assert_eq!(found.len(), 1, "{found:?}");
        scene.assert_cleared(&found[0], 4);
    }
}

fn disputed_file(said: &Value) -> String {
    said["promises"][2]["evidence"].as_str().unwrap().to_owned()
}

fn outcome(judged: &Value) -> (&str, &str) {
    (judged["body"].as_str().unwrap(), judged["outcome"].as_str().unwrap())
}

/// CER-46: a promise whose minute has not come is no help later, and the trustee hears that while there is time.
#[test]
fn a_promise_from_the_future_is_noticed() {
    let scene = Scene::begin();
    scene.board.state().drill.now = 60_000_000;
    let sent = scene.step();
    let said = String::from_utf8(sent.stderr.clone()).unwrap();
    assert!(sent.status.code() == Some(0) && said.contains("a time that has not come"), "{said}");
}

/// CER-27, CER-47: another entry in the promised place convicts the log while the trustee still waits; what clears the trustee comes with the end
/// of the stage.
#[test]
fn a_broken_promise_is_noticed_at_once() {
    let scene = Scene::dealt();
    scene.board.state().mood = Mood::PutsOthersFirst;
    let sent = scene.step();
    let said = String::from_utf8(sent.stderr.clone()).unwrap();
    assert_eq!(sent.status.code(), Some(1), "{said}");
    assert!(said.contains("evidence check"), "{said}");
    let found = scene.evidence();
    assert!(found.len() == 1 && found[0]["kind"] == "broken-promise" && found[0]["cleared"].is_null(), "{found:?}");
    scene.end_without_2(false);
    assert_eq!(scene.step().status.code(), Some(1));
    let found = scene.evidence();
    assert_eq!(found.len(), 2);
    scene.assert_cleared(found.iter().find(|found| !found["cleared"].is_null()).unwrap(), 3);
}

/// EVD-4: who was silent finds nothing to show, and the log that kept its word is convicted of nothing.
#[test]
fn who_was_silent_is_not_cleared() {
    let scene = Scene::dealt();
    scene.end_without_2(true);
    let refused = scene.step();
    assert_eq!(refused.status.code(), Some(5), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(scene.evidence().is_empty());
    let disputed = scene.run("trustee dispute");
    assert_eq!(disputed.status.code(), Some(0), "{}", String::from_utf8_lossy(&disputed.stderr));
    let elsewhere = scene.run("trustee dispute --state elsewhere");
    assert_eq!(elsewhere.status.code(), Some(3), "nothing is kept there");
}

/// EVD-18: the record itself says what a message was worth that it lacks: all that was asked, or what the fold refuses, or nothing yet.
#[test]
fn the_record_says_what_a_message_was_worth() {
    let mut drill = Drill::begin(Options::simple(2));
    let dealings: Vec<Vec<Body>> = (1..=3).map(|trustee| drill.dealing(trustee)).collect();
    for (trustee, parts) in (1..).zip(&dealings) {
        drill.commit(trustee, parts).unwrap();
    }
    let dealing = drill.by_trustee(2, &dealings[1][0]);
    let end = drill.by_authority(&Body::StageEnd(StageEnd { stage: 2, evidence: Vec::new().into() }));
    let tried = |drill: &Drill, index: u64, submission: Submission| {
        let promised = Entry::new(index, drill.entries[0].previous, drill.now, submission);
        let mut trial = Trial::of(&Cleared { trustee: 2, name: "Bo".into(), stage: 2, promised });
        drill.entries.iter().try_for_each(|entry| trial.take(&entry.encode())).unwrap();
        trial.outcome().cloned()
    };
    assert_eq!(tried(&drill, 4, dealing.clone()), None, "the record has four entries");
    drill.now = drill.election.manifest().stage_deadlines[1];
    drill.apply(end).unwrap();
    // In the place of the end, or behind it: it would have come before the end.
    for index in [4, 9] {
        assert_eq!(tried(&drill, index, dealing.clone()), Some(TrialOutcome::Valid));
    }
    let other = drill.dealing(2).remove(0);
    let other = drill.by_trustee(2, &other);
    match tried(&drill, 4, other) {
        Some(TrialOutcome::Refused(rejection)) => assert_eq!(rejection.rule().to_string(), "CER-3"),
        outcome => panic!("{outcome:?}"),
    }
    // Before anybody has committed there is nothing to deal.
    assert!(matches!(tried(&drill, 2, dealing), Some(TrialOutcome::Refused(_))));
}

/// THR-62, CER-1, CER-45, EVD-16, EVD-19: one commitment for the board, another for a fellow trustee.
#[test]
fn a_trustee_that_tells_two_stories_is_convicted() {
    let scene = Scene::begin();
    let at = scene.folder.path();
    let (told, other, notice) = {
        let drill = &mut scene.board.state().drill;
        let parts = |twist: u8| Body::DealingCommitment(DealingCommitment { parts: vec![PartHash([twist; 32])] });
        let (told, other) = (drill.by_trustee(1, &parts(1)), drill.by_trustee(1, &parts(2)));
        let notice = drill.by_authority(&Body::Notice(Notice { text: "Hear".into() }));
        drill.apply(told.clone()).unwrap();
        assert_eq!(drill.apply(other.clone()).unwrap_err().rule().to_string(), "CER-1");
        (told, other, notice)
    };
    fs::write(at.join("told"), told.encode()).unwrap();
    fs::write(at.join("other"), other.encode()).unwrap();
    fs::write(at.join("notice"), notice.encode()).unwrap();
    fs::write(at.join("manifest"), scene.board.state().drill.entries[0].encode()).unwrap();
    let made = scene.run("evidence two-messages other --out one.evidence");
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let finding = scene.check(&at.join("one.evidence"));
    assert_eq!((&finding["kind"], &finding["proved"]), (&"two-messages".into(), &true.into()));
    let culprits = finding["culprits"].as_array().unwrap();
    assert_eq!((culprits.len(), &culprits[0]["role"]), (1, &"trustee".into()));
    assert_eq!(culprits[0]["name"], "1 (Trustee 1)");
    // Without a record, in the other order: the same file.
    let election = scene.election.to_string();
    let two = ["evidence", "two-messages", "told", "other", "--manifest", "manifest", "--election", &election, "--out"];
    let made = vitrine(at, &[&two[..], &["two.evidence"]].concat());
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(fs::read(at.join("one.evidence")).unwrap(), fs::read(at.join("two.evidence")).unwrap());
    assert_eq!(vitrine(at, &[&two[..], &["two.evidence"]].concat()).status.code(), Some(5), "written over nothing");
    // What convicts nobody: the record's own message, one that is nobody's step, no message.
    for (message, code) in [("told", 4), ("notice", 1), ("passphrase", 3)] {
        let made = scene.run(&format!("evidence two-messages {message} --out none.evidence"));
        assert_eq!(made.status.code(), Some(code), "{message}: {}", String::from_utf8_lossy(&made.stderr));
    }
    assert!(!at.join("none.evidence").exists());
}
