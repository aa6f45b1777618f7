//! The log's clock beside the witnesses': entries whose times are far off (EVD-9 to EVD-11, EVD-14). What is found does not end a reading:
//! position decides what counts, and the time is the board's word.

use super::{files::Files, head, tiles::Tiles};
use crate::{ClientError, client::Known};
use protocol::{Entry, Evidence, evidence::TOLERANCE};
use std::{fmt, path::PathBuf};
use tlog::{checkpoint::SignedCheckpoint, proof::Receipt};

/// Evidence that an entry's time is far off the witnesses' times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockEvidence {
    /// The entry.
    pub index: u64,
    /// For anyone to judge.
    pub evidence: Evidence,
    /// Where it is kept, if the reader has a memory.
    pub file: Option<PathBuf>,
}

impl fmt::Display for ClockEvidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "The board's clock is off: the time of entry {} is not what the witnesses' clocks say",
            self.index
        )?;
        match &self.file {
            Some(file) => write!(formatter, "; evidence is in {}.", file.display()),
            None => formatter.write_str("."),
        }
    }
}

/// EVD-9: the last entry of a bundle against the cosignatures of the checkpoint it is read under.
pub(super) async fn ahead(
    files: &mut Files,
    known: &Known,
    signed: &SignedCheckpoint,
    tiles: &mut Tiles,
    last: (u64, &[u8]),
) -> Result<Option<ClockEvidence>, ClientError> {
    let (index, bytes) = last;
    let Ok(entry) = Entry::decode(bytes) else { return Ok(None) };
    let early = |time: u64| time > 0 && time.saturating_add(TOLERANCE) < entry.time.saturating_mul(60);
    if !quorum(known, signed, early) {
        return Ok(None);
    }
    let receipt = receipt(files, signed, tiles, last).await?;
    found(files, known, index, Evidence::ahead(&known.body, &receipt))
}

/// EVD-10: the first entry that an earlier checkpoint did not hold against that one's cosignatures.
pub(super) async fn behind(
    files: &mut Files,
    known: &Known,
    (signed, earlier): (&SignedCheckpoint, &SignedCheckpoint),
    tiles: &mut Tiles,
    first: (u64, &[u8]),
) -> Result<Option<ClockEvidence>, ClientError> {
    let (index, bytes) = first;
    let Ok(entry) = Entry::decode(bytes) else { return Ok(None) };
    let last_second = entry.time.saturating_mul(60).saturating_add(59);
    if !quorum(known, earlier, |time| time > last_second.saturating_add(TOLERANCE)) {
        return Ok(None);
    }
    let receipt = receipt(files, signed, tiles, first).await?;
    found(files, known, index, Evidence::behind(&known.body, &receipt, &earlier.note().encode()))
}

/// Whether a quorum's clocks say so; without witnesses there is no clock.
fn quorum(known: &Known, signed: &SignedCheckpoint, counts: impl Fn(u64) -> bool) -> bool {
    known.policy.quorum().is_some() && known.policy.evaluate_where(signed, counts).quorum_met
}

async fn receipt(
    files: &mut Files,
    signed: &SignedCheckpoint,
    tiles: &mut Tiles,
    (index, bytes): (u64, &[u8]),
) -> Result<Receipt, ClientError> {
    let path = tiles.inclusion(files, index).await?;
    Ok(Receipt { extra: bytes.to_vec(), index, path, checkpoint_note: signed.note().encode() })
}

/// Only what the checker takes is evidence.
fn found(files: &Files, known: &Known, leaf: u64, evidence: Evidence) -> Result<Option<ClockEvidence>, ClientError> {
    let (evidence, index) = (evidence.continued(&known.continuations), known.first.saturating_add(leaf));
    if evidence.check().is_err() {
        return Ok(None);
    }
    let file = head::keep(&files.client, &files.election, &evidence)?;
    Ok(Some(ClockEvidence { index, evidence, file }))
}
