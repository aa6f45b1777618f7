//! A server that says whatever a test wants, and a log to say it about.

use board_api::{BoardClient, PromiseDocument};
use crypto::EncodedPoint;
use protocol::{
    Body, Contest, ContestKind, Entry, Manifest, Submission,
    body::Notice,
    fingerprint,
    ids::{ElectionFingerprint, ElectionId, EntryHash},
    manifest::{Official, RevoteRule, Unit},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
    record::write_record,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// An answer: status line, headers, body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }
}

type Speaker = Box<dyn FnMut(&str) -> Option<Answer> + Send>;

/// Serves one request a connection; no answer means hanging up.
pub(crate) async fn serve(speaker: impl FnMut(&str) -> Option<Answer> + Send + 'static) -> BoardClient {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let speaker: Arc<Mutex<Speaker>> = Arc::new(Mutex::new(Box::new(speaker)));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(converse(stream, speaker.clone()));
        }
    });
    BoardClient::new(&format!("http://{address}")).unwrap()
}

async fn converse(mut stream: TcpStream, speaker: Arc<Mutex<Speaker>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return;
            }
            continue;
        };
        let length: usize = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned))
            .map_or(0, |length| length.parse().unwrap());
        if request.len() >= head.len() + 4 + length {
            break head.to_owned();
        }
    };
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let answer = speaker.lock().unwrap()(&path);
    if let Some(Answer { status, headers, body }) = answer {
        let mut text = format!("HTTP/1.1 {status} answer\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let bytes = [text.as_bytes(), b"\r\n", &body].concat();
        let _ = stream.write_all(&bytes).await;
    }
}

/// A log whose entries obey no rule but that of the tree; entry 0 is a manifest.
pub(crate) struct FakeLog {
    pub(crate) key: SignerKey,
    pub(crate) witnesses: Vec<CosignerKey>,
    pub(crate) election: ElectionFingerprint,
    pub(crate) entries: Vec<Vec<u8>>,
}

pub(crate) fn official() -> Official {
    Official { name: "Council".into(), signing_key: EncodedPoint([1; 32]), possession: [0; 64] }
}

impl FakeLog {
    pub(crate) fn new(size: usize) -> Self {
        Self::witnessed(size, 0, 0)
    }

    /// A log whose policy demands the cosignatures of some of so many witnesses.
    pub(crate) fn witnessed(size: usize, witnesses: u8, quorum: u8) -> Self {
        let named = |number| CosignerKey::from_seed(&format!("w{number}.example"), &[100 + number; 32]).unwrap();
        let witnesses: Vec<CosignerKey> = (0..witnesses).map(named).collect();
        let key = SignerKey::from_seed("board.example/log", &[7; 32]).unwrap();
        let mut policy = format!("log {}\n", key.verifier_key());
        for witness in &witnesses {
            policy += &format!("witness {} {}\n", witness.name(), witness.verifier_key());
        }
        if witnesses.is_empty() {
            policy += "quorum none\n";
        } else {
            let names: Vec<&str> = witnesses.iter().map(CosignerKey::name).collect();
            policy += &format!("group all-of-us {quorum} {}\nquorum all-of-us\n", names.join(" "));
        }
        let manifest = Manifest {
            suite: String::new(),
            sealing: String::new(),
            election_id: ElectionId([1; 32]),
            title: "Town council".into(),
            texts: Vec::new(),
            contests: vec![Contest {
                title: "Member".into(),
                kind: ContestKind::ChooseOne,
                options: vec!["Ada".into()],
                blank: true,
                terms: None,
            }],
            units: vec![Unit { name: "Town".into(), contests: vec![0] }],
            threshold: 1,
            quorum: 1,
            trustees: Vec::new(),
            registrars: vec![official()],
            authority: official(),
            roll_length: 1,
            largest_weight: 1,
            revote: RevoteRule::Last,
            replacement: false,
            stage_deadlines: [0; 4],
            opening: 0,
            closing: 1,
            latest_closing: 1,
            grace: 0,
            log_origin: key.name().to_owned(),
            log_key: key.verifier_key().to_string(),
            policy,
            minimum_unit: 0,
            waivers: Vec::new(),
            overrides: false,
            pages: None,
        };
        let body = Body::Manifest(Box::new(manifest)).encode();
        let election = fingerprint::election(&body);
        let mut log = Self { key, witnesses, election, entries: vec![entry(0, body)] };
        log.grow(size, "Notice");
        log
    }

    /// Adds notices up to a size.
    pub(crate) fn grow(&mut self, size: usize, text: &str) {
        for index in self.entries.len()..size {
            let body = Body::Notice(Notice { text: format!("{text} {index}") }).encode();
            self.entries.push(entry(u64::try_from(index).unwrap(), body));
        }
    }

    /// Its tree.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        self.entries.iter().for_each(|entry| tree.append(leaf_hash(entry)));
        tree
    }

    /// The checkpoint of its first entries, cosigned by some of its witnesses at some time.
    pub(crate) fn checkpoint(&self, size: u64, witnesses: &[usize], time: u64) -> String {
        let head = Checkpoint::new(self.key.name(), size, self.tree().root_at(size).unwrap()).unwrap();
        let mut note = Note::parse(checkpoint::sign(&head, &self.key).unwrap().as_bytes()).unwrap();
        for place in witnesses {
            note.add(self.witnesses[*place].cosign(&head, time).unwrap()).unwrap();
        }
        note.encode()
    }

    /// Its files with the checkpoint cosigned.
    pub(crate) fn cosigned_files(&self, witnesses: &[usize], time: u64) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        let size = u64::try_from(self.entries.len()).unwrap();
        files.insert(self.checkpoint_path(), self.checkpoint(size, witnesses, time).into_bytes());
        files
    }

    /// The board's answer to whoever sent the entry of this index.
    pub(crate) fn promise(&self, index: usize) -> Vec<u8> {
        let (tree, place) = (self.tree(), u64::try_from(index).unwrap());
        let promise = PromiseDocument {
            index: place,
            entry: self.entries[index].clone(),
            inclusion: tree.prove_inclusion(place, tree.size()).unwrap(),
            checkpoint: self.checkpoint(tree.size(), &[], 0),
        };
        serde_json::to_vec(&promise).unwrap()
    }

    pub(crate) fn checkpoint_path(&self) -> String {
        format!("/e/{}/checkpoint", self.election)
    }

    /// Its files, by their path on the server.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = write_record(&self.entries, &self.key).unwrap();
        files.into_iter().map(|file| (format!("/e/{}/{}", self.election, file.path), file.bytes)).collect()
    }
}

pub(crate) fn entry(index: u64, body: Vec<u8>) -> Vec<u8> {
    entry_at(index, 0, body)
}

/// An entry of a minute.
pub(crate) fn entry_at(index: u64, time: u64, body: Vec<u8>) -> Vec<u8> {
    Entry::new(index, EntryHash([0; 32]), time, Submission::anonymous(body)).encode()
}

/// Serves files that a test may exchange.
pub(crate) async fn serve_files(
    files: BTreeMap<String, Vec<u8>>,
) -> (BoardClient, Arc<Mutex<BTreeMap<String, Vec<u8>>>>) {
    let files = Arc::new(Mutex::new(files));
    let shared = files.clone();
    let client = serve(move |path| {
        let file = shared.lock().unwrap().get(path).cloned();
        Some(file.map_or(Answer::new(404, "no such file"), |bytes| Answer::new(200, bytes)))
    })
    .await;
    (client, files)
}
