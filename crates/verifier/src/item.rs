//! One entry on its way through the replay.

use protocol::{Entry, Rejection, Submission, fingerprint, ids::EntryHash};
use std::collections::HashSet;
use tlog::merkle::Hash;

/// An entry as it was read, and what was decoded of it.
pub(crate) struct Item {
    pub(crate) index: u64,
    pub(crate) leaf: Hash,
    bytes: Vec<u8>,
    decoded: Option<Result<(Entry, Submission), Rejection>>,
    hash: Option<EntryHash>,
}

/// Body types that are examined side by side.
mod kind {
    pub(super) const ROLL: u8 = 1;
    pub(super) const DEALING: u8 = 3;
    pub(super) const BALLOT: u8 = 9;
    pub(super) const AUDITED_BALLOT: u8 = 10;
}

impl Item {
    pub(crate) fn new(index: u64, leaf: Hash, bytes: &[u8]) -> Self {
        Self { index, leaf, bytes: bytes.to_vec(), decoded: None, hash: None }
    }

    /// Decodes and hashes; may run on any thread.
    pub(crate) fn decode(&mut self) {
        self.hash = Some(fingerprint::entry(&self.bytes));
        self.decoded = Some(self.entry().map(|entry| {
            let submission = entry.submission();
            (entry, submission)
        }));
    }

    /// The entry (ENC-1, ENC-2).
    pub(crate) fn entry(&self) -> Result<Entry, Rejection> {
        Entry::decode(&self.bytes)
    }

    /// What [`Item::decode`] came to.
    pub(crate) fn decoded(&self) -> Result<(&Entry, &Submission), Rejection> {
        match &self.decoded {
            Some(Ok((entry, submission))) => Ok((entry, submission)),
            Some(Err(rejection)) => Err(rejection.clone()),
            None => Err(Entry::decode(&[]).err().expect("no bytes are no entry")),
        }
    }

    pub(crate) fn submission(&self) -> Option<&Submission> {
        Some(self.decoded().ok()?.1)
    }

    pub(crate) fn hash(&self) -> EntryHash {
        self.hash.unwrap_or_else(|| fingerprint::entry(&self.bytes))
    }

    /// The body's type: the second byte of `[type, [fields]]`, a small integer in one byte. Says nothing about whether the rest decodes.
    pub(crate) fn kind(&self) -> Option<u8> {
        match &self.decoded {
            Some(Ok((_, submission))) => submission.body_bytes().get(1).copied(),
            _ => self.entry().ok()?.submission().body_bytes().get(1).copied(),
        }
    }
}

/// How many of these entries can be examined against one state: as long as they are of one kind that is costly to check, and no
/// credential occurs twice, whose second ballot could not be examined before the first is taken. At least 1.
pub(crate) fn run_length(items: &[Item]) -> usize {
    let class = |item: &Item| match item.kind() {
        Some(kind::BALLOT | kind::AUDITED_BALLOT) => Some(kind::BALLOT),
        Some(one @ (kind::ROLL | kind::DEALING)) => Some(one),
        _ => None,
    };
    let Some(first) = items.first().and_then(class) else { return 1 };
    let mut authors = HashSet::new();
    let mut length = 0usize;
    for item in items {
        let author = item.submission().map(Submission::author_bytes);
        let fresh = first != kind::BALLOT || author.is_some_and(|author| authors.insert(author));
        if class(item) != Some(first) || !fresh {
            break;
        }
        length = length.saturating_add(1);
    }
    length.max(1)
}
