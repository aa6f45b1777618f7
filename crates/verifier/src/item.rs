//! One entry on its way through the replay.

use protocol::{Entry, Rejection, Submission, fingerprint, ids::EntryHash};
use std::collections::HashSet;
use tlog::merkle::Hash;

/// An entry as it was read.
pub(crate) struct Raw {
    pub(crate) index: u64,
    pub(crate) leaf: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// An entry, decoded if it can be.
pub(crate) struct Item {
    pub(crate) index: u64,
    pub(crate) leaf: Hash,
    pub(crate) hash: EntryHash,
    decoded: Result<(Entry, Submission), Rejection>,
}

/// Body types that are examined side by side.
mod kind {
    pub(super) const ROLL: u8 = 1;
    pub(super) const DEALING: u8 = 3;
    pub(super) const BALLOT: u8 = 9;
    pub(super) const AUDITED_BALLOT: u8 = 10;
}

impl Raw {
    /// Hashes and decodes (ENC-1, ENC-2); may run on any thread.
    pub(crate) fn decode(self) -> Item {
        let Self { index, leaf, bytes } = self;
        let decoded = Entry::decode(&bytes).map(|entry| {
            let submission = entry.submission();
            (entry, submission)
        });
        Item { index, leaf, hash: fingerprint::entry(&bytes), decoded }
    }
}

impl Item {
    pub(crate) fn decoded(&self) -> Result<(&Entry, &Submission), Rejection> {
        self.decoded.as_ref().map(|(entry, submission)| (entry, submission)).map_err(Rejection::clone)
    }

    pub(crate) fn submission(&self) -> Option<&Submission> {
        Some(self.decoded().ok()?.1)
    }

    /// Whether its body says that it is a ballot.
    pub(crate) fn is_ballot(&self) -> bool {
        self.kind() == Some(kind::BALLOT)
    }

    /// The body's type: the second byte of `[type, [fields]]`, a small integer in one byte. Says nothing about whether the rest decodes.
    pub(crate) fn kind(&self) -> Option<u8> {
        self.submission()?.body_bytes().get(1).copied()
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
