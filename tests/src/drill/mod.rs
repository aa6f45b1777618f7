//! [`Drill`]: a whole election in memory, step by step, so that a test can leave the path at any step.

mod ceremony;
mod continuation;
mod manifest;
mod voting;

pub use ceremony::dealing_body;

use crypto::{SecretScalar, schnorr::SigningKey, shamir::Polynomial};
use protocol::{
    Author, Body, Contest, ContestKind, Election, Entry, Rejection, Selection, Submission, fingerprint,
    ids::{ElectionId, EntryHash},
    manifest::{Manifest, Pages, RevoteRule},
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use std::collections::BTreeMap;
use tlog::{note::SignerKey, record::write_record};

/// What kind of election to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seeds everything random, so that a record is reproducible.
    pub seed: u64,
    /// The contests.
    pub contests: Vec<Contest>,
    /// Units: the contests each sees.
    pub units: Vec<Vec<u32>>,
    /// k, q, n.
    pub trustees: (u32, u32, u32),
    /// Number of registrars.
    pub registrars: u32,
    /// Unit and weight of each voter.
    pub voters: Vec<(u32, u32)>,
    /// Which ballot counts.
    pub revote: RevoteRule,
    /// Minimum unit size.
    pub minimum_unit: u32,
    /// Whether credentials may be replaced.
    pub replacement: bool,
    /// Whether the authority may override rows.
    pub overrides: bool,
    /// The pages for browsers.
    pub pages: Option<Pages>,
    /// Wish to decrypt a single small group.
    pub small_tally: bool,
}

impl Options {
    /// One choose-one contest of four options and a blank, 2 of 3 trustees, one registrar, `voters` voters of weight 1 in one unit.
    pub fn simple(voters: usize) -> Self {
        Self {
            seed: 1,
            contests: vec![choose_one("Council member", &["Ada", "Blaise", "Carl", "Daniel"])],
            units: vec![vec![0]],
            trustees: (2, 2, 3),
            registrars: 1,
            voters: vec![(0, 1); voters],
            revote: RevoteRule::Last,
            minimum_unit: 0,
            replacement: true,
            overrides: false,
            pages: None,
            small_tally: false,
        }
    }
}

/// A choose-one contest with a blank.
pub fn choose_one(title: &str, options: &[&str]) -> Contest {
    let options = options.iter().map(ToString::to_string).collect();
    Contest::new(title, ContestKind::ChooseOne, options, true)
}

/// A trustee's secrets.
pub struct TrusteeSecrets {
    /// Signs submissions.
    pub signing: SigningKey,
    /// y, opens shares.
    pub share: SecretScalar,
    /// The polynomials dealt, slot by slot.
    pub polynomials: Vec<Polynomial>,
    /// Key shares, after stage 3.
    pub key_shares: Vec<SecretScalar>,
}

/// An election in memory.
pub struct Drill {
    /// What it was made with.
    pub options: Options,
    /// All randomness.
    pub rng: ChaCha20Rng,
    /// The authority's key.
    pub authority: SigningKey,
    /// The registrars' keys.
    pub registrars: Vec<SigningKey>,
    /// The trustees' secrets; trustee 1 first.
    pub trustees: Vec<TrusteeSecrets>,
    /// The key of the log in force.
    pub board: SignerKey,
    /// The logs that were continued: key and number of entries of each.
    pub ended: Vec<(SignerKey, usize)>,
    /// Each voter's credential.
    pub credentials: Vec<SigningKey>,
    /// Each voter's credential parts, one a registrar.
    pub parts: Vec<Vec<SecretScalar>>,
    /// The fold.
    pub election: Election,
    /// The record.
    pub entries: Vec<Entry>,
    /// The clock of the board.
    pub now: u64,
}

impl Drill {
    /// Keys and the manifest entry.
    pub fn begin(options: Options) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(options.seed);
        let authority = SigningKey::generate(&mut rng).unwrap();
        let registrars: Vec<SigningKey> =
            (0..options.registrars).map(|_| SigningKey::generate(&mut rng).unwrap()).collect();
        let trustees: Vec<TrusteeSecrets> = (0..options.trustees.2)
            .map(|_| TrusteeSecrets {
                signing: SigningKey::generate(&mut rng).unwrap(),
                share: SecretScalar::generate(&mut rng).unwrap(),
                polynomials: Vec::new(),
                key_shares: Vec::new(),
            })
            .collect();
        let mut id = [0; 32];
        rng.fill_bytes(&mut id);
        let origin = format!("board.example/{}", &ElectionId(id).to_string()[..16]);
        let board = SignerKey::generate(&origin, &mut rng).unwrap();
        let manifest =
            manifest::manifest(&options, ElectionId(id), &authority, &registrars, &trustees, &board, &mut rng);
        let body = Body::Manifest(Box::new(manifest)).encode();
        let f = fingerprint::election(&body);
        let submission = Submission::sign(&f, &Author::Authority, body, &authority, &mut rng).unwrap();
        let now = 29_000_000;
        let entry = Entry::new(0, EntryHash([0; 32]), now, submission);
        let election = Election::begin(&entry).unwrap();
        Self {
            options,
            rng,
            authority,
            registrars,
            trustees,
            board,
            ended: Vec::new(),
            credentials: Vec::new(),
            parts: Vec::new(),
            election,
            entries: vec![entry],
            now,
        }
    }

    /// A whole election: every voter casts what `votes` says, two trustees (or k) decrypt.
    pub fn complete(options: Options, votes: impl Fn(usize) -> Vec<Selection>) -> Self {
        let mut drill = Self::opened(options);
        for voter in 0..drill.options.voters.len() {
            drill.cast(voter, &votes(voter)).unwrap();
        }
        drill.close();
        drill.tally();
        drill
    }

    /// An election that has been opened.
    pub fn opened(options: Options) -> Self {
        let mut drill = Self::begin(options);
        drill.publish_roll();
        drill.run_ceremony();
        drill.open();
        drill
    }

    /// Applies a submission as the next entry.
    pub fn apply(&mut self, submission: Submission) -> Result<u64, Rejection> {
        let entry = self.election.next_entry(submission, self.now);
        self.election.apply(&entry)?;
        let index = entry.index;
        self.entries.push(entry);
        Ok(index)
    }

    /// Signs a body as the authority.
    pub fn by_authority(&mut self, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        Submission::sign(&f, &Author::Authority, body.encode(), &self.authority, &mut self.rng).unwrap()
    }

    /// Signs a body as a registrar, from 1.
    pub fn by_registrar(&mut self, registrar: u32, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.registrars[place(registrar)];
        Submission::sign(&f, &Author::Registrar(registrar), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Signs a body as a trustee, from 1.
    pub fn by_trustee(&mut self, trustee: u32, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.trustees[place(trustee)].signing;
        Submission::sign(&f, &Author::Trustee(trustee), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Signs a body as a voter, from 0.
    pub fn by_voter(&mut self, voter: usize, body: &Body) -> Submission {
        let f = self.election.fingerprint();
        let key = &self.credentials[voter];
        Submission::sign(&f, &Author::Credential(key.public()), body.encode(), key, &mut self.rng).unwrap()
    }

    /// Begins the election anew with a changed manifest, which the authority signs.
    pub fn remake(&mut self, change: impl FnOnce(&mut Manifest)) {
        let mut manifest = self.election.manifest().clone();
        change(&mut manifest);
        let body = Body::Manifest(Box::new(manifest)).encode();
        let f = fingerprint::election(&body);
        let submission = Submission::sign(&f, &Author::Authority, body, &self.authority, &mut self.rng).unwrap();
        let entry = Entry::new(0, self.entries[0].previous, self.entries[0].time, submission);
        self.election = Election::begin(&entry).unwrap();
        self.entries = vec![entry];
    }

    /// The record as files, of all logs (REC-7).
    pub fn record(&self) -> BTreeMap<String, Vec<u8>> {
        let mut rest = self.entries.as_slice();
        let mut logs = Vec::new();
        for (key, size) in &self.ended {
            let (log, after) = rest.split_at(*size);
            logs.push((log, key));
            rest = after;
        }
        logs.push((rest, &self.board));
        chain_of(&logs)
    }
}

/// The record of any entries, signed by any log key.
pub fn record_of(entries: &[Entry], board: &SignerKey) -> BTreeMap<String, Vec<u8>> {
    let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
    let files = write_record(&bytes, board).unwrap();
    files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect()
}

/// The election after these entries, as anyone folds it.
pub fn replay(entries: &[Entry]) -> Election {
    let mut election = Election::begin(&entries[0]).unwrap();
    for entry in &entries[1..] {
        election.apply(entry).unwrap();
    }
    election
}

/// The record of several logs, each with its entries and its key (REC-7).
pub fn chain_of(logs: &[(&[Entry], &SignerKey)]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (number, (entries, key)) in (1..).zip(logs) {
        let log = record_of(entries, key);
        files.extend(log.into_iter().map(|(path, bytes)| (format!("{}{path}", tlog::record::folder(number)), bytes)));
    }
    files
}

/// The place of party `index`, which counts from 1.
pub fn place(index: u32) -> usize {
    usize::try_from(index).unwrap() - 1
}
