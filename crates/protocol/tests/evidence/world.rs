//! A log, its witnesses, and histories of both making.

use crypto::schnorr::SigningKey;
use protocol::{
    Author, Body, Entry, Manifest, Submission,
    body::{Ballot, Closing, Continuation, Notice},
    fingerprint,
    ids::{CountedFingerprint, ElectionId, EntryHash, SubmissionId},
    manifest::{Official, RevoteRule, TrusteeKeys},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tlog::{
    checkpoint::{self, Checkpoint, SignedCheckpoint},
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey, VerifierKey},
    proof::Receipt,
};

/// Minute of the first entry.
pub(crate) const MINUTE: u64 = 29_833_333;

pub(crate) struct World {
    pub(crate) log: SignerKey,
    pub(crate) witnesses: Vec<CosignerKey>,
    /// The bytes of the manifest's body.
    pub(crate) manifest: Vec<u8>,
}

impl World {
    /// Four witnesses, three of whom are a quorum.
    pub(crate) fn new() -> Self {
        Self::with(witnesses(), Vec::new())
    }

    /// The same with two trustees, which makes it another election.
    pub(crate) fn with_trustees() -> Self {
        let keys = |number: u32| TrusteeKeys {
            name: format!("Trustee {number}"),
            signing_key: trustee(number).public(),
            share_key: trustee(number + 10).public(),
            possession: [0; 64],
        };
        Self::with(witnesses(), (1..=2).map(keys).collect())
    }

    pub(crate) fn unwitnessed() -> Self {
        Self::with(Vec::new(), Vec::new())
    }

    fn with(witnesses: Vec<CosignerKey>, trustees: Vec<TrusteeKeys>) -> Self {
        let log = SignerKey::from_seed("board.example/log", &[7; 32]).unwrap();
        let mut policy = format!("log {}\n", log.verifier_key());
        for (number, witness) in (1..).zip(&witnesses) {
            policy += &format!("witness w{number} {}\n", witness.verifier_key());
        }
        policy += if witnesses.is_empty() { "quorum none\n" } else { "group three 3 w1 w2 w3 w4\nquorum three\n" };
        let authority = Official { name: "Council".into(), signing_key: authority().public(), possession: [0; 64] };
        let manifest = Manifest {
            suite: String::new(),
            sealing: String::new(),
            election_id: ElectionId([1; 32]),
            title: "Town council".into(),
            texts: Vec::new(),
            contests: Vec::new(),
            units: Vec::new(),
            threshold: 1,
            quorum: 1,
            trustees,
            registrars: Vec::new(),
            authority,
            roll_length: 1,
            largest_weight: 1,
            revote: RevoteRule::Last,
            replacement: false,
            stage_deadlines: [0; 4],
            opening: 0,
            closing: 1,
            latest_closing: 1,
            grace: 0,
            log_origin: log.name().to_owned(),
            log_key: log.verifier_key().to_string(),
            policy,
            minimum_unit: 0,
            waivers: Vec::new(),
            overrides: false,
            pages: None,
        };
        let manifest = Body::Manifest(Box::new(manifest)).encode();
        Self { log, witnesses, manifest }
    }

    /// What trustee `number` signs for this election.
    pub(crate) fn by_trustee(&self, number: u32, body: &Body) -> Submission {
        let (f, mut rng) = (fingerprint::election(&self.manifest), ChaCha20Rng::seed_from_u64(u64::from(number)));
        Submission::sign(&f, &Author::Trustee(number), body.encode(), &trustee(number), &mut rng).unwrap()
    }

    pub(crate) fn keys(&self) -> Vec<VerifierKey> {
        let witnesses = self.witnesses.iter().map(CosignerKey::verifier_key);
        std::iter::once(self.log.verifier_key()).chain(witnesses).collect()
    }

    /// A checkpoint of the first entries of a history, cosigned by witnesses (from 1) at their times.
    pub(crate) fn note(&self, history: &History, size: u64, cosigned: &[(usize, u64)]) -> String {
        let head = Checkpoint::new(self.log.name(), size, history.tree.root_at(size).unwrap()).unwrap();
        let mut note = Note::parse(checkpoint::sign(&head, &self.log).unwrap().as_bytes()).unwrap();
        for (number, time) in cosigned {
            note.add(self.witnesses[number - 1].cosign(&head, *time).unwrap()).unwrap();
        }
        note.encode()
    }

    pub(crate) fn signed(&self, history: &History, size: u64, cosigned: &[(usize, u64)]) -> SignedCheckpoint {
        checkpoint::open(self.note(history, size, cosigned).as_bytes(), &self.keys()).unwrap()
    }

    /// Entry `index` under the checkpoint of so many entries.
    pub(crate) fn receipt(&self, history: &History, index: usize, size: u64, cosigned: &[(usize, u64)]) -> Receipt {
        let place = u64::try_from(index).unwrap();
        Receipt {
            extra: history.entries[index].clone(),
            index: place,
            path: history.tree.prove_inclusion(place, size).unwrap(),
            checkpoint_note: self.note(history, size, cosigned),
        }
    }
}

/// The authority's key, the same in every world.
pub(crate) fn authority() -> SigningKey {
    signing(5)
}

/// A trustee's, counted from 1.
pub(crate) fn trustee(number: u32) -> SigningKey {
    signing(100 + u8::try_from(number).unwrap())
}

fn signing(number: u8) -> SigningKey {
    let mut seed = [0; 32];
    seed[0] = number;
    SigningKey::from_bytes(&seed).unwrap()
}

fn witnesses() -> Vec<CosignerKey> {
    let named = |number: u8| CosignerKey::from_seed(&format!("w{number}.example"), &[10 + number; 32]).unwrap();
    (1..=4).map(named).collect()
}

impl World {
    /// The same election, its log gone on under another key after `old` (CON-1): the new world, and the entry that says so.
    pub(crate) fn continued(&self, old: &History) -> (Self, Vec<u8>) {
        let log = SignerKey::from_seed("board.example/log/2", &[8; 32]).unwrap();
        let entry = self.continuation(old, log.verifier_key().to_string(), &authority());
        let named = |witness: &CosignerKey| CosignerKey::from_seed(witness.name(), &witness.seed()).unwrap();
        (Self { log, witnesses: self.witnesses.iter().map(named).collect(), manifest: self.manifest.clone() }, entry)
    }

    pub(crate) fn continuation(&self, old: &History, new_key: String, key: &SigningKey) -> Vec<u8> {
        let size = old.tree.size();
        let old_origin = self.log.name().to_owned();
        let body = Continuation { old_origin, old_size: size, old_root: old.root(size).into(), new_key };
        let f = fingerprint::election(&self.manifest);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let body = Body::Continuation(body).encode();
        let submission = Submission::sign(&f, &Author::Authority, body, key, &mut rng).unwrap();
        Entry::new(size, EntryHash([0; 32]), MINUTE, submission).encode()
    }
}

/// All four witnesses, at one time.
pub(crate) fn all(time: u64) -> Vec<(usize, u64)> {
    (1..=4).map(|number| (number, time)).collect()
}

/// Entries of one telling.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) tree: Tree,
}

impl History {
    /// So many ballots, one a minute; from `from` on those of another telling.
    pub(crate) fn told(size: u64, from: u64, twist: u8) -> Self {
        let mut history = Self { entries: Vec::new(), tree: Tree::new() };
        for index in 0..size {
            history.push(&ballot(if index < from { 0 } else { twist }));
        }
        history
    }

    pub(crate) fn push(&mut self, body: &Body) {
        let index = self.tree.size();
        self.push_as(index, MINUTE + index, body);
    }

    pub(crate) fn push_as(&mut self, index: u64, time: u64, body: &Body) {
        let submission = Submission::from_parts(Author::Authority.encode(), body.encode(), vec![0; 64]);
        self.push_bytes(Entry::new(index, EntryHash([0; 32]), time, submission).encode());
    }

    pub(crate) fn push_signed(&mut self, time: u64, submission: Submission) {
        self.push_bytes(Entry::new(self.tree.size(), EntryHash([0; 32]), time, submission).encode());
    }

    pub(crate) fn push_bytes(&mut self, entry: Vec<u8>) {
        self.tree.append(leaf_hash(&entry));
        self.entries.push(entry);
    }

    pub(crate) fn root(&self, size: u64) -> [u8; 32] {
        self.tree.root_at(size).unwrap()
    }
}

pub(crate) fn ballot(twist: u8) -> Body {
    let previous = SubmissionId([twist; 32]);
    Body::Ballot(Ballot { opening: EntryHash([3; 32]), sequence: 1, previous, contests: Vec::new() })
}

pub(crate) fn closing() -> Body {
    Body::Closing(Closing { counted: CountedFingerprint([4; 32]), evidence: Vec::new().into() })
}

pub(crate) fn notice(text: &str) -> Body {
    Body::Notice(Notice { text: text.into() })
}
