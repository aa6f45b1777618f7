//! Check 3: canonical entries, each with the next index, the hash of the bytes before it, and a time that does not run backwards
//! (ENC-1, ENT-1 to ENT-3), followed here by the raw bytes, whatever the fold says.

use super::{CheckId, Count};
use crate::verdict::Failure;
use protocol::{
    Entry,
    ids::{EntryHash, Minutes},
};

#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) count: Count,
    head: EntryHash,
    time: Minutes,
}

impl Default for Chain {
    fn default() -> Self {
        Self { count: Count::default(), head: EntryHash([0; 32]), time: 0 }
    }
}

impl Chain {
    /// `place` is the leaf's place in the log, `hash` the entry hash of the leaf's bytes.
    pub(crate) fn follow(&mut self, place: u64, entry: &Entry, hash: EntryHash) -> Result<(), Failure> {
        let wrong = |rule, text, expected: String, found: String| {
            Err(Failure::new(CheckId::Chain, rule, text, expected, found).at(place))
        };
        if entry.index != place {
            return wrong(
                "ENT-1",
                "the entry does not have the next index",
                place.to_string(),
                entry.index.to_string(),
            );
        }
        if entry.previous != self.head {
            let text = "the entry does not name the hash of the one before it";
            return wrong("ENT-2", text, self.head.to_string(), entry.previous.to_string());
        }
        if entry.time < self.time {
            let text = "the entry's time is before that of the one before it";
            return wrong("ENT-3", text, format!("at least {}", self.time), entry.time.to_string());
        }
        self.head = hash;
        self.time = entry.time;
        Ok(())
    }
}
