//! Check 1: exactly the files that each log's checkpoint demands, every entry in its tile, every tile in the root (VER-3, REC-2, REC-4,
//! REC-5, REC-7). The work is `tlog`'s; here its refusals get their rule and place.

use super::{CheckId, Count};
use crate::verdict::Failure;
use std::fmt::Display;
use tlog::record::{ListingError, RecordError, folder};

#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) count: Count,
}

/// One log of the record: its number, and the index of its first entry (REC-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) number: u64,
    pub(crate) first: u64,
}

impl Place {
    /// The name of a log's file in the record.
    pub(crate) fn name(&self, file: impl Display) -> String {
        format!("{}{file}", folder(self.number))
    }
}

/// What reading a record came to, if not to entries.
pub(crate) enum Unread {
    /// The source failed.
    Source { file: String, cause: String },
    /// The files are wrong.
    Wrong(Failure),
}

impl Log {
    pub(crate) fn begin(&mut self, size: u64) {
        self.count.total = Some(size);
    }

    pub(crate) fn refused_listing(log: Place, error: &ListingError) -> Failure {
        let text = "the record holds exactly the files that its checkpoint's size demands";
        let (rule, expected, place) = match error {
            ListingError::Unknown(path) => ("REC-2", "no such file", log.name(path)),
            ListingError::Repeated(path) => ("REC-2", "each file once", log.name(path)),
            ListingError::Missing(path) => ("REC-2", "this file", log.name(path)),
            ListingError::MissingLog(number) => ("REC-7", "the log before every log", number.to_string()),
        };
        Failure::new(CheckId::Log, rule, text, expected, error).within(place)
    }

    pub(crate) fn refused<E: Display>(log: Place, error: RecordError<E>) -> Unread {
        let tree = "every entry and tile is the one its hash demands";
        let found = error.to_string();
        let wrong = |rule, expected: String| Failure::new(CheckId::Log, rule, tree, expected, &found);
        Unread::Wrong(match error {
            RecordError::Fetch { path, source } => {
                return Unread::Source { file: log.name(path), cause: source.to_string() };
            }
            RecordError::Missing(path) => {
                let text = "the record holds exactly the files that its checkpoint's size demands";
                Failure::new(CheckId::Log, "REC-2", text, "this file", &found).within(log.name(path))
            }
            RecordError::Checkpoint(error) => {
                let text = "the checkpoint is well formed and every signature line on it is known and right";
                let expected = "a checkpoint signed by the manifest's log and nobody unknown";
                Failure::new(CheckId::Checkpoint, "REC-3", text, expected, error).within(log.name("checkpoint"))
            }
            RecordError::Bundle { path, fault } => {
                wrong("REC-4", format!("exactly {} entries", path.width())).within(log.name(path)).with_found(fault)
            }
            RecordError::TileLength { path, found } => {
                wrong("REC-4", format!("{} hashes of 32 bytes", path.width())).within(log.name(path)).with_found(found)
            }
            RecordError::EntryMismatch { index, bundle, tile, expected, found } => {
                wrong("REC-4", format!("leaf hash {} of {}", hex::encode(expected), log.name(tile)))
                    .at(log.first.saturating_add(index))
                    .within(log.name(bundle))
                    .with_found(hex::encode(found))
            }
            RecordError::TileMismatch { path, place, expected, found } => {
                wrong("REC-4", format!("hash {} at place {place}", hex::encode(expected)))
                    .within(log.name(path))
                    .with_found(hex::encode(found))
            }
            RecordError::RootMismatch { expected, found } => {
                wrong("REC-5", format!("root {} of the checkpoint", hex::encode(expected)))
                    .within(log.name("checkpoint"))
                    .with_found(hex::encode(found))
            }
            RecordError::NotFinished { read, size } => wrong("REC-5", format!("{size} entries")).with_found(read),
        })
    }
}
