//! The entry chain and the log's tree (ENT-1 to ENT-3, CON-1, CON-2, and the clock of the rules: time evidence, CLO-2).

use super::{Election, setup};
use crate::{
    body::Continuation,
    entry::Entry,
    fingerprint,
    ids::{EntryHash, Minutes},
    manifest::Manifest,
    rule::{Rejection, demand, refuse},
};
use std::collections::{BTreeMap, VecDeque};
use tlog::{
    checkpoint::open_strict,
    merkle::{CompactRange, leaf_hash},
    policy::Policy,
};

/// How many of the last entries a rehearsal may name (CER-9).
const RECENT: usize = 4096;

/// What the fold keeps of the log itself.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    size: u64,
    head: EntryHash,
    last_time: Minutes,
    range: CompactRange,
    last_leaf: tlog::merkle::Hash,
    origin: String,
    first_origin: String,
    log_key: String,
    continuations: u64,
    policy: Policy,
    recent: VecDeque<EntryHash>,
    kept: BTreeMap<u64, EntryHash>,
}

impl Journal {
    pub(super) fn new(manifest: &Manifest, policy: Policy) -> Self {
        Self {
            size: 0,
            head: EntryHash([0; 32]),
            last_time: 0,
            range: CompactRange::new(),
            last_leaf: [0; 32],
            origin: manifest.log_origin.clone(),
            first_origin: manifest.log_origin.clone(),
            log_key: manifest.log_key.clone(),
            continuations: 0,
            policy,
            recent: VecDeque::with_capacity(RECENT),
            kept: BTreeMap::new(),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn head(&self) -> EntryHash {
        self.head
    }

    pub(super) fn last_time(&self) -> Minutes {
        self.last_time
    }

    pub(super) fn range(&self) -> &CompactRange {
        &self.range
    }

    pub(super) fn log_key(&self) -> &str {
        &self.log_key
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of the log in force, from 1.
    pub(super) fn number(&self) -> u64 {
        self.continuations.saturating_add(1)
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn next_origin(&self) -> String {
        format!("{}/{}", self.first_origin, self.continuations.saturating_add(2))
    }

    /// Takes the next entry.
    pub(super) fn append(&mut self, entry: &Entry) {
        let bytes = entry.encode();
        self.head = fingerprint::entry(&bytes);
        self.last_time = entry.time;
        self.size = self.size.saturating_add(1);
        self.last_leaf = leaf_hash(&bytes);
        self.range.append(self.last_leaf);
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(self.head);
    }

    /// Keeps the last entry's hash for good: rehearsals may name it for ever.
    pub(super) fn keep(&mut self, index: u64) {
        self.kept.insert(index, self.head);
    }

    /// The hash of a kept entry, or of one of the last 4,096.
    pub(super) fn recent(&self, index: u64) -> Option<EntryHash> {
        if let Some(kept) = self.kept.get(&index) {
            return Some(*kept);
        }
        let back = usize::try_from(self.size.checked_sub(index)?).ok()?;
        self.recent.get(self.recent.len().checked_sub(back)?).copied()
    }

    /// CON-1: names this log as it stands, and a key of the next numbered log.
    pub(super) fn continuation_admissible(&self, body: &Continuation) -> Result<(), Rejection> {
        let (size, root) = (self.range.size(), self.range.root());
        demand!(
            (body.old_origin.as_str(), body.old_size, *body.old_root) == (self.origin.as_str(), size, root),
            BadContinuation,
            format!("{} of size {size} and root {}", self.origin, hex::encode(root)),
            format!("{} of size {} and root {}", body.old_origin, body.old_size, hex::encode(*body.old_root))
        );
        let key = setup::log_key(&body.new_key)
            .map_err(|found| refuse!(BadContinuation, "an Ed25519 verifier key", found))?;
        let next = self.next_origin();
        demand!(key.name() == next, BadContinuation, format!("a key named {next}"), key.name());
        Ok(())
    }

    /// The continuation, already appended as the old log's next entry, is leaf 0 of the successor.
    pub(super) fn continue_as(&mut self, body: &Continuation, index: u64) {
        self.origin = self.next_origin();
        self.continuations = self.continuations.saturating_add(1);
        self.log_key.clone_from(&body.new_key);
        // CON-2. The key was read when the continuation was examined (CON-1).
        if let Ok(key) = setup::log_key(&body.new_key) {
            self.policy = self.policy.with_log(key);
        }
        self.range = CompactRange::new();
        self.range.append(self.last_leaf);
        self.kept.insert(index, self.head);
    }
}

impl Election {
    /// CLO-2: time evidence shows that a quorum of witnesses had the log exactly up to here at or after a time. Under `quorum none` the
    /// authority's signature stands for it and the evidence is empty.
    /// `until`, in seconds: only earlier times count.
    pub(super) fn check_time_evidence(&self, evidence: &[u8], since: Minutes, until: u64) -> Result<(), Rejection> {
        let journal = &self.journal;
        if self.manifest.unwitnessed() {
            let length = evidence.len();
            demand!(length == 0, BadTimeEvidence, "no evidence under quorum none", format!("{length} bytes"));
            return Ok(());
        }
        let bad = |found: String| {
            refuse!(
                BadTimeEvidence,
                format!(
                    "a checkpoint of exactly these {} entries, by a quorum at or after minute {since}",
                    journal.range.size()
                ),
                found
            )
        };
        let signed = open_strict(evidence, &journal.policy.keys()).map_err(|error| bad(error.to_string()))?;
        let checkpoint = signed.checkpoint();
        let exact = checkpoint.origin() == journal.origin
            && checkpoint.size() == journal.range.size()
            && *checkpoint.root() == journal.range.root();
        if !exact {
            return Err(bad(format!("a checkpoint of {} entries of {}", checkpoint.size(), checkpoint.origin())));
        }
        let times = since.saturating_mul(60)..until;
        let evaluation = journal.policy.evaluate_where(&signed, |time| times.contains(&time));
        if evaluation.quorum_met {
            Ok(())
        } else {
            Err(bad(format!("cosignatures of that time by {:?}", evaluation.cosigned)))
        }
    }
}
