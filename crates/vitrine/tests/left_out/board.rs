//! A board over HTTP that has four real witnesses and may break its word: three of them cosign whatever it shows.

use board_api::{Problem, PromiseDocument};
use protocol::{
    Body, Entry, Submission,
    body::{Notice, StageEnd},
};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::Note,
};
use vitrine_tests::Drill;

/// What the board does with what trustee 2 sends next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mood {
    /// Records it.
    Fair,
    /// Promises it, behind so many entries of its own invention, and forgets it.
    Forgets(usize),
    /// Promises it, and has the confirmations of the others recorded in its place while the trustee waits.
    PutsOthersFirst,
}

pub(crate) struct State {
    pub(crate) drill: Drill,
    pub(crate) mood: Mood,
    witnesses: Vec<CosignerKey>,
}

pub(crate) struct Board {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

impl State {
    pub(crate) fn new(mut drill: Drill, change: impl FnOnce(&mut protocol::Manifest)) -> Self {
        let named = |number: u8| CosignerKey::from_seed(&format!("w{number}.example"), &[10 + number; 32]).unwrap();
        let witnesses: Vec<CosignerKey> = (1..=4).map(named).collect();
        drill.remake(|manifest| {
            change(manifest);
            manifest.policy = format!("log {}\n", manifest.log_key);
            for (number, witness) in (1..).zip(&witnesses) {
                manifest.policy += &format!("witness w{number} {}\n", witness.verifier_key());
            }
            manifest.policy += "group three 3 w1 w2 w3 w4\nquorum three\n";
            manifest.waivers = manifest.waivers_needed();
        });
        Self { drill, mood: Mood::Fair, witnesses }
    }

    /// The record as it is shown, its checkpoint cosigned by three in the board's present minute.
    pub(crate) fn record(&self) -> BTreeMap<String, Vec<u8>> {
        let mut record = self.drill.record();
        let mut note = Note::parse(&record["checkpoint"]).unwrap();
        let head = Checkpoint::parse(note.text()).unwrap();
        for witness in &self.witnesses[1..] {
            note.add(witness.cosign(&head, self.drill.now * 60 + 30).unwrap()).unwrap();
        }
        record.insert("checkpoint".into(), note.encode().into_bytes());
        record
    }

    /// The authority ends an overdue stage; the witnesses attest the time.
    pub(crate) fn end_stage(&mut self, stage: u32) {
        let place = usize::try_from(stage).unwrap() - 1;
        self.drill.now = self.drill.election.manifest().stage_deadlines[place];
        let evidence = self.record().remove("checkpoint").unwrap().into();
        let end = self.drill.by_authority(&Body::StageEnd(StageEnd { stage, evidence }));
        self.drill.apply(end).unwrap();
    }

    fn submit(&mut self, submission: Submission) -> Result<PromiseDocument, Box<Problem>> {
        let mut entries = self.drill.entries.clone();
        match self.mood {
            Mood::Fair => {
                let index = self.drill.apply(submission).map_err(|rejection| Box::new(Problem::from(&rejection)))?;
                entries = self.drill.entries[..=usize::try_from(index).unwrap()].to_vec();
            }
            Mood::Forgets(ahead) => {
                let mut invented = vitrine_tests::drill::replay(&entries);
                let notices = (0..ahead).map(|number| Body::Notice(Notice { text: format!("Hear {number}") }));
                let notices: Vec<Submission> = notices.map(|notice| self.drill.by_authority(&notice)).collect();
                for submission in notices.into_iter().chain([submission]) {
                    let entry = invented.next_entry(submission, self.drill.now);
                    invented.apply(&entry).unwrap();
                    entries.push(entry);
                }
            }
            Mood::PutsOthersFirst => {
                entries.push(self.drill.election.next_entry(submission, self.drill.now));
                self.drill.confirm(1).unwrap();
                self.drill.confirm(3).unwrap();
            }
        }
        Ok(self.promise(&entries))
    }

    /// For the last of these entries, signed by the log alone.
    fn promise(&self, entries: &[Entry]) -> PromiseDocument {
        let mut tree = Tree::new();
        entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
        let (index, key) = (tree.size() - 1, &self.drill.board);
        let head = Checkpoint::new(key.name(), tree.size(), tree.root()).unwrap();
        PromiseDocument {
            index,
            entry: entries.last().unwrap().encode(),
            inclusion: tree.prove_inclusion(index, tree.size()).unwrap(),
            checkpoint: checkpoint::sign(&head, key).unwrap(),
        }
    }
}

impl Board {
    /// Serves until this program ends.
    pub(crate) fn serve(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Who hangs up halfway gets no answer.
                let _ = answer(stream, &shared);
            }
        });
        Self { address, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? <= 2 {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let mut state = state.lock().ok()?;
    let (status, kind, body) = if method == "POST" {
        match state.submit(Submission::decode(&body).ok()?) {
            Ok(promise) => (200, "application/json", serde_json::to_vec(&promise).ok()?),
            Err(problem) => (problem.status, "application/problem+json", serde_json::to_vec(&problem).ok()?),
        }
    } else {
        let name = path.strip_prefix("/e/").and_then(|rest| rest.split_once('/')).map(|(_, name)| name);
        match name.and_then(|name| state.record().remove(name)) {
            Some(bytes) => (200, "application/octet-stream", bytes),
            None => (404, "text/plain", Vec::new()),
        }
    };
    drop(state);
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    reader.get_mut().write_all(&[head.as_bytes(), &body].concat()).ok()
}
