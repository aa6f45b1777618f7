//! An operator who has the board's real key and signs what it likes.

use super::witnesses::{PATIENCE, Witness};
use protocol::{Evidence, Selection, manifest::Waiver};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};
use tlog::{
    add_checkpoint::{Request, cosignatures, latest_size},
    checkpoint::{self, Checkpoint, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
    policy::{Policy, PolicyRefusal},
};
use vitrine_tests::{Drill, Options};

/// The election before anyone votes, and the key of its log.
pub(crate) struct Operator {
    policy: String,
    drill: Drill,
}

/// One history of the log, and the checkpoint with the cosignatures that it got.
pub(crate) struct History {
    tree: Tree,
    key: SignerKey,
    note: Note,
    record: BTreeMap<String, Vec<u8>>,
}

const PREFIX: &str = "board.example/vote";

/// The board's key under a name.
fn board_key(name: &str) -> SignerKey {
    SignerKey::from_seed(name, &[99; 32]).unwrap()
}

/// An election on this board under this policy. Two calls give the same election.
fn election(policy: &str) -> Drill {
    let mut drill = Drill::begin(Options::simple(3));
    let key = board_key(&format!("{PREFIX}/{}", drill.election.manifest().election_id));
    drill.board = board_key(key.name());
    drill.remake(|manifest| {
        manifest.log_origin = key.name().to_owned();
        manifest.log_key = key.verifier_key().to_string();
        manifest.policy = format!("log {}\n{policy}", manifest.log_key);
        manifest.waivers.retain(|waiver| *waiver != Waiver::NoWitnesses);
    });
    drill.publish_roll();
    drill.run_ceremony();
    drill.open();
    drill
}

impl Operator {
    /// Three of these four witnesses and one of these two mirrors make the quorum.
    pub(crate) fn new(witnesses: &[String], mirrors: &[String]) -> Self {
        let named = |letter: char, vkeys: &[String]| -> String {
            (1..).zip(vkeys).map(|(number, vkey): (u32, _)| format!("witness {letter}{number} {vkey}\n")).collect()
        };
        let groups =
            "group witnesses 3 w1 w2 w3 w4\ngroup mirrors any m1 m2\ngroup both all witnesses mirrors\nquorum both\n";
        let policy = named('w', witnesses) + &named('m', mirrors) + groups;
        Self { drill: election(&policy), policy }
    }

    /// The board's key, as witnesses and mirrors are told it.
    pub(crate) fn board_key() -> String {
        board_key(PREFIX).verifier_key().to_string()
    }

    pub(crate) fn origin(&self) -> String {
        self.drill.board.name().to_owned()
    }

    pub(crate) fn fingerprint(&self) -> String {
        self.drill.election.fingerprint().to_string()
    }

    fn policy(&self) -> Policy {
        Policy::parse(self.drill.election.manifest().policy.as_bytes()).unwrap()
    }

    /// The log in which voter 0, 1, ... cast for these options; signed, and cosigned by nobody.
    pub(crate) fn history(&self, votes: &[usize]) -> History {
        let mut drill = election(&self.policy);
        assert_eq!(drill.election.fingerprint(), self.drill.election.fingerprint());
        for (voter, option) in votes.iter().enumerate() {
            drill.cast(voter, &[Selection::Options(vec![*option])]).unwrap();
        }
        let mut tree = Tree::new();
        drill.entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
        let head = Checkpoint::new(drill.board.name(), tree.size(), tree.root()).unwrap();
        let note = Note::parse(checkpoint::sign(&head, &drill.board).unwrap().as_bytes()).unwrap();
        History { tree, record: drill.record(), key: drill.board, note }
    }

    /// What every client does with a checkpoint.
    pub(crate) fn judge(&self, history: &History) -> Result<SignedCheckpoint, PolicyRefusal> {
        self.policy().open(history.note.encode().as_bytes(), 0)
    }

    /// A file of evidence, as any reader makes it who has seen both checkpoints.
    pub(crate) fn evidence(&self, folder: &Path, smaller: &History, larger: &History) -> PathBuf {
        let keys = self.policy().keys();
        let opened = |history: &History| checkpoint::open(history.note.encode().as_bytes(), &keys).unwrap();
        let size = smaller.tree.size();
        let beginning = larger.tree.root_at(size).unwrap();
        let proof = larger.tree.prove_consistency(size, larger.tree.size()).unwrap();
        let fork = match Follower::new(opened(smaller)).advance(opened(larger), &beginning, &proof) {
            Err(FollowRefusal::Fork(fork)) => fork,
            other => panic!("{other:?}"),
        };
        let manifest = self.drill.entries[0].submission();
        let file = folder.join("fork.evidence");
        fs::write(&file, Evidence::split_view(manifest.body_bytes(), &fork).encode()).unwrap();
        file
    }
}

impl History {
    /// Asks each of these witnesses as a board does: from nothing, and again from the size that it names. Says who cosigned.
    pub(crate) fn ask(&mut self, witnesses: &[Witness]) -> Vec<bool> {
        witnesses.iter().map(|witness| self.ask_one(witness)).collect()
    }

    /// What a board shows that keeps to this history: election's list, head, files.
    pub(crate) fn show(&self, election: &str) -> String {
        super::board::show(election, self.tree.size(), self.record.clone())
    }

    fn ask_one(&mut self, witness: &Witness) -> bool {
        let (mut old, begun) = (0, Instant::now());
        while begun.elapsed() < PATIENCE {
            let proof = self.tree.prove_consistency(old, self.tree.size()).unwrap();
            let head = Checkpoint::new(self.key.name(), self.tree.size(), self.tree.root()).unwrap();
            let request = Request { old, proof, checkpoint: checkpoint::sign(&head, &self.key).unwrap() };
            match witness.post(&request.encode()) {
                (200, body) => {
                    let lines = cosignatures(&body).unwrap();
                    let known = |line: &tlog::note::NoteSignature| {
                        self.note.signatures().iter().any(|one| one.name == line.name)
                    };
                    let fresh: Vec<_> = lines.into_iter().filter(|line| !known(line)).collect();
                    fresh.into_iter().for_each(|line| self.note.add(line).unwrap());
                    return true;
                }
                (409, body) => old = latest_size(&body).unwrap(),
                (422, _) => return false,
                // A mirror cosigns once it holds the entries.
                (503, _) => thread::sleep(Duration::from_millis(100)),
                (status, body) => panic!("{status}: {}", String::from_utf8_lossy(&body)),
            }
            if old > self.tree.size() {
                return false;
            }
        }
        panic!("no answer came that decides")
    }
}

/// `vitrine evidence check`: who is convicted, as what.
pub(crate) fn evidence_check(file: &Path, election: &str) -> Vec<(String, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    let output = command.args(["--json", "evidence", "check", "--expect", election]).arg(file).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["proved"], &told["kind"]), (&true.into(), &"split-view".into()));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    told["culprits"].as_array().unwrap().iter().map(|one| (text(&one["role"]), text(&one["name"]))).collect()
}
