//! The voter's side against a board: read and fold the record, deliver a ballot, look things up. Thin: what is checked is checked in
//! [`crate::replay`], [`crate::receipt`], [`crate::lookup`] and by `board_api`.

use crate::{
    lookup::{Found, Search, Wanted},
    receipt::{Trust, Witnessed},
    replay::{Replay, ReplayFault},
};
use board_api::{BadPromise, BoardClient, ClientError, Problem, record};
use protocol::{Author, Body, Election, Rejection, Submission, body::Ballot, ids::ElectionFingerprint};
use rand::{CryptoRng, RngCore};
use thiserror::Error;
use tlog::{
    checkpoint::CheckpointError,
    merkle::{Tree, leaf_hash},
    policy::PolicyError,
    proof::Receipt,
};

/// Why the record was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The board does not answer, or what it serves is not under a signed checkpoint.
    #[error(transparent)]
    Board(#[from] ClientError),
    /// The record breaks a rule.
    #[error("the board's record is not valid: {0}")]
    Replay(#[from] ReplayFault),
    /// An entry that is none, found by a search.
    #[error("the board's record is not valid: {0}")]
    Entry(#[from] Rejection),
    /// The checkpoint does not hold under the manifest's policy.
    #[error("the board's checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The policy cannot be read.
    #[error("the manifest's witness policy does not hold: {0}")]
    Policy(#[from] PolicyError),
    /// LOG-29: the log is not the continuation of what it showed before. Both checkpoints are evidence.
    #[error(
        "the board shows another history: its {offered} entries do not begin with the {seen} entries it had signed before. Keep your \
         folder: the checkpoint in it is evidence"
    )]
    OtherHistory {
        /// Size of the checkpoint kept.
        seen: u64,
        /// Size of the one offered.
        offered: u64,
    },
    /// The log has no checkpoint.
    #[error("the board has no checkpoint")]
    NoCheckpoint,
}

impl ReadError {
    /// Whether the record was read and is bad, and not only out of reach.
    pub fn shows_a_bad_record(&self) -> bool {
        match self {
            Self::Board(error) => matches!(
                error,
                ClientError::Record(_) | ClientError::Manifest(_) | ClientError::LogKey(_) | ClientError::Promise(_)
            ),
            _ => true,
        }
    }
}

/// A record that was read to the board's present checkpoint, checked and folded.
#[derive(Debug)]
pub struct Reading {
    /// The election, folded to its closing at most.
    pub election: Election,
    /// Who attests the checkpoint.
    pub witnessed: Witnessed,
    /// EVD-14: what is to be said of entries whose times are far off the witnesses'.
    pub clock: Vec<String>,
    /// Every log of the election, in order; more than one if it was continued (REC-8).
    logs: Vec<ReadLog>,
}

/// One log of a record.
#[derive(Debug)]
struct ReadLog {
    /// Index of its first entry.
    first: u64,
    tree: Tree,
    /// What its checkpoint is judged by (CON-2).
    trust: Trust,
    /// The checkpoint read up to, a signed note.
    checkpoint_note: String,
}

impl Reading {
    /// Judges a checkpoint of one of its logs, the newest first, by the same policy as its own.
    ///
    /// # Errors
    /// [`ReadError::Checkpoint`] when it is of none of them.
    pub fn judge(&self, note: &[u8]) -> Result<Witnessed, ReadError> {
        let mut refusal = ReadError::NoCheckpoint;
        for log in self.logs.iter().rev() {
            match Witnessed::judge(note, &log.trust) {
                Ok((_, witnessed)) => return Ok(witnessed),
                Err(error) => refusal = error.into(),
            }
        }
        Err(refusal)
    }

    /// Entries under the checkpoint.
    pub fn size(&self) -> u64 {
        self.logs.last().map_or(0, |log| log.first.saturating_add(log.tree.size()))
    }

    /// The checkpoint read up to, a signed note.
    pub fn checkpoint_note(&self) -> &str {
        self.logs.last().map_or("", |log| &log.checkpoint_note)
    }

    /// LOG-29: the record begins with what this checkpoint, kept from an earlier reading, covers.
    ///
    /// # Errors
    /// [`ReadError::OtherHistory`], and [`ReadError::Checkpoint`] when what was kept is no checkpoint of this log.
    pub fn extends(&self, kept: &[u8]) -> Result<(), ReadError> {
        let mut refusal = None;
        for log in &self.logs {
            let signed = match Witnessed::judge(kept, &log.trust) {
                Ok((signed, _)) => signed,
                Err(error) => {
                    refusal.get_or_insert(error);
                    continue;
                }
            };
            let (seen, offered) = (signed.checkpoint().size(), log.tree.size());
            return match log.tree.root_at(seen) {
                Ok(root) if seen <= offered && root == *signed.checkpoint().root() => Ok(()),
                _ => Err(ReadError::OtherHistory { seen, offered }),
            };
        }
        Err(refusal.map_or(ReadError::NoCheckpoint, ReadError::from))
    }

    /// A receipt for a ballot that a search through this reading found (BAL-35).
    pub fn receipt(&self, found: &Found) -> Option<Receipt> {
        // CON-7: a leaf of the log that holds it.
        let log = self.logs.iter().rfind(|log| log.first <= found.index)?;
        let index = found.index.checked_sub(log.first)?;
        Some(Receipt {
            extra: found.entry.clone(),
            index,
            path: log.tree.prove_inclusion(index, log.tree.size()).ok()?,
            checkpoint_note: log.checkpoint_note.clone(),
        })
    }
}

/// Reads the whole record through its tiles (BAL-22): every entry under the log's signed checkpoint, every rule by the fold. A search
/// rides along, and the board cannot tell (BAL-40). `progress` hears how many entries of how many were read.
///
/// # Errors
/// [`ReadError`].
pub async fn read<R: RngCore + CryptoRng, P: FnMut(u64, u64)>(
    board: &BoardClient,
    expected: &ElectionFingerprint,
    mut search: Option<&mut Search>,
    progress: &mut P,
    rng: &mut R,
) -> Result<Reading, ReadError> {
    let mut reader = record::read(board, expected).await?;
    let mut replay = Replay::new(*expected);
    let mut logs: Vec<ReadLog> = Vec::new();
    loop {
        let entries = reader.next_entries().await?;
        let size = reader.target();
        let first = reader.log_start();
        if logs.last().is_none_or(|log| log.first < first) {
            let trust = Trust::of_log(board.read_options().policy.as_ref(), reader.policy());
            logs.push(ReadLog { first, tree: Tree::new(), trust, checkpoint_note: String::new() });
        }
        let Some(log) = logs.last_mut() else { return Err(ReadError::NoCheckpoint) };
        for (_, bytes) in &entries {
            replay.take(bytes, rng)?;
            log.tree.append(leaf_hash(bytes));
            if let Some(search) = &mut search {
                search.take(bytes)?;
            }
        }
        if let Some(signed) = reader.checkpoint() {
            log.checkpoint_note = signed.note().encode();
        }
        progress(reader.position(), size);
        // Only up to the checkpoint at hand: a busy board may always have a newer one.
        if reader.position() >= size {
            break;
        }
    }
    let clock = reader.clock_evidence().map(ToString::to_string).collect();
    let log = logs.last().filter(|log| !log.checkpoint_note.is_empty()).ok_or(ReadError::NoCheckpoint)?;
    let (_, witnessed) = Witnessed::judge(log.checkpoint_note.as_bytes(), &log.trust)?;
    Ok(Reading { election: replay.finish(rng)?, witnessed, clock, logs })
}

/// What became of a ballot that was sent (BAL-38, BAL-39).
#[derive(Debug)]
pub enum Delivery {
    /// It is in the record.
    Recorded {
        /// Its place.
        index: u64,
        /// The board's promise, as a receipt.
        receipt: Receipt,
    },
    /// The record, read and checked, shows another ballot of the credential in its place.
    Displaced(Box<Found>),
    /// The board refuses it, and the record does not show it.
    Refused(Box<Problem>),
    /// Nobody knows: the signed ballot is to be kept and sent again.
    Unknown(ClientError),
    /// HTTP-14: the board answered with a promise that does not hold: keep the answer and the signed ballot, and do not believe the board.
    Broken(Box<BadPromise>),
}

/// Sends a signed ballot, as often as need be: it can be in the record only once.
///
/// # Errors
/// [`ReadError`] when the board refuses the ballot and its record cannot be read.
pub async fn deliver<R: RngCore + CryptoRng>(
    board: &BoardClient,
    election: &ElectionFingerprint,
    submission: &Submission,
    rng: &mut R,
) -> Result<Delivery, ReadError> {
    let problem = match board.submit(election, submission).await {
        Ok(promise) => {
            return Ok(Delivery::Recorded { index: promise.index(), receipt: promise.receipt().clone() });
        }
        Err(ClientError::Refused(problem)) => problem,
        Err(ClientError::Promise(bad)) => return Ok(Delivery::Broken(bad)),
        Err(error) => return Ok(Delivery::Unknown(error)),
    };
    let (Ok(Author::Credential(credential)), Ok(Body::Ballot(ballot))) = (submission.author(), submission.body())
    else {
        return Ok(Delivery::Refused(problem));
    };
    // BAL-39: what stands in its place is for the record to show, not for the board to say, whatever rule it names.
    let mut search = Search::new(*election, Wanted::Credential(credential));
    let reading = read(board, election, Some(&mut search), &mut |_, _| {}, rng).await?;
    let there = search.found().into_iter().find(|found| takes_place_of(found, &ballot));
    Ok(match there {
        None => Delivery::Refused(problem),
        Some(found) if found.tracker.0 == submission.id(election) => match reading.receipt(&found) {
            Some(receipt) => Delivery::Recorded { index: found.index, receipt },
            None => Delivery::Refused(problem),
        },
        Some(found) => Delivery::Displaced(Box::new(found)),
    })
}

fn takes_place_of(found: &Found, ballot: &Ballot) -> bool {
    found.sequence == Some(ballot.sequence)
}
