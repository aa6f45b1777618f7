//! A board, and trustees with keystores, of whom some are only reached by files.

use crate::{letters::Letters, stub::Stub};
use clap::Parser;
use protocol::{Phase, ids::ElectionFingerprint};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use trustee_tools::{
    cli::{Streams, TrusteeArguments},
    public_keys::TrusteeFile,
};
use vitrine_tests::{Drill, Options, drill::place};

#[derive(Parser)]
enum Program {
    Trustee(TrusteeArguments),
}

/// What a command left behind.
pub(crate) struct Ran {
    pub(crate) end: Result<Value, (u8, String)>,
    pub(crate) messages: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        self.end.unwrap()
    }

    /// Exit code, and that the sentence names this.
    #[track_caller]
    pub(crate) fn refused(self, code: u8, with: &str) {
        let (found, said) = self.end.unwrap_err();
        assert!(found == code && said.contains(with), "{found}: {said}");
    }
}

pub(crate) struct Town {
    pub(crate) board: Stub,
    pub(crate) election: ElectionFingerprint,
    folder: TempDir,
}

impl Town {
    /// Keystores of three trustees by the command, and an election that has them in its manifest.
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(seed, &[1, 2, 3])
    }

    /// The same, where trustee 1 has no keystore: the drill plays it.
    pub(crate) fn with_a_cheat(seed: u64) -> Self {
        Self::of(seed, &[2, 3])
    }

    fn of(seed: u64, kept: &[u32]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        let mut drill = Drill::begin(Options { seed, ..Options::simple(4) });
        let id = drill.election.manifest().election_id;
        let mut keys = Vec::new();
        for &index in kept {
            let line = format!(
                "keys --election-id {id} --index {index} --name Trustee-{index} --keystore @/{index}.key --weak-seal --public @/{index}.json \
                 --passphrase-file @/passphrase"
            );
            run(folder.path(), &line).json();
            let public = fs::read(folder.path().join(format!("{index}.json"))).unwrap();
            keys.push((place(index), TrusteeFile::parse(&public).unwrap().keys(&id, index).unwrap()));
        }
        drill.remake(|manifest| keys.into_iter().for_each(|(place, keys)| manifest.trustees[place] = keys));
        let election = drill.election.fingerprint();
        Self { board: Stub::serve(Letters { drill }), election, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the machine with the network.
    pub(crate) fn online(&self, command: &str) -> Ran {
        self.run(&format!("{command} --board {} --wait 0 --state @/state-online", self.board.address))
    }

    /// A command of a trustee that has a network.
    pub(crate) fn connected(&self, trustee: u32, command: &str) -> Value {
        let own = format!("--keystore @/{trustee}.key --passphrase-file @/passphrase --state @/state-{trustee}");
        self.run(&format!("{command} --board {} --wait 0 {own}", self.board.address)).json()
    }

    /// A command of a trustee's machine that has none.
    pub(crate) fn offline(&self, trustee: u32, command: &str) -> Ran {
        let own = format!("--keystore @/{trustee}.key --passphrase-file @/passphrase --state @/state-{trustee}");
        self.run(&format!("{command} {own}"))
    }

    pub(crate) fn run(&self, command: &str) -> Ran {
        run(self.folder.path(), &format!("{command} --election {}", self.election))
    }

    /// There and back: each machine is told the fingerprint that the other shows. Gives what was sent.
    pub(crate) fn carry(&self, trustee: u32, step: &str) -> Value {
        let wanted = if step.is_empty() { String::new() } else { format!("--step {step}") };
        self.clear();
        let request = self.online(&format!("export --trustee {trustee} {wanted} --out @/request")).json();
        let shown = request["fingerprint"].as_str().unwrap();
        let answer = self.offline(trustee, &format!("answer @/request --fingerprint {shown} --out @/answer")).json();
        assert_eq!((&answer["trustee"], &answer["step"]), (&trustee.into(), &request["step"]));
        let shown = answer["sent"][0]["fingerprint"].as_str().unwrap();
        let imported = self.online(&format!("import @/answer --fingerprint {shown}")).json();
        assert_eq!((imported["already_there"].as_u64(), &imported["step"]), (Some(0), &request["step"]));
        imported
    }

    /// The stick is empty again.
    pub(crate) fn clear(&self) {
        for name in ["request", "answer"] {
            let _ = fs::remove_file(self.path(name));
        }
    }

    pub(crate) fn entries(&self) -> usize {
        self.board.state().letters.drill.entries.len()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.board.state().letters.drill.election.phase()
    }

    /// Something that the board does by itself, or others do on it.
    pub(crate) fn meanwhile<T>(&self, act: impl FnOnce(&mut Drill) -> T) -> T {
        act(&mut self.board.state().letters.drill)
    }
}

/// A record in a folder.
pub(crate) fn save(record: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (name, bytes) in record {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// `@` stands for the folder.
fn run(folder: &Path, line: &str) -> Ran {
    let text = format!("vitrine trustee {line}").replace('@', &folder.display().to_string());
    let Program::Trustee(command) = Program::try_parse_from(text.split_whitespace()).unwrap();
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    let mut streams = Streams { input: None, output: &mut output, messages: &mut messages, json: true };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(command.run(&mut streams));
    let end = match outcome {
        Ok(()) => Ok(serde_json::from_slice(&output).unwrap()),
        Err(error) => {
            let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
            let said: Vec<String> = causes.map(ToString::to_string).collect();
            Err((error.exit_code().number(), said.join(": ")))
        }
    };
    Ran { end, messages: String::from_utf8(messages).unwrap() }
}
