//! A checkpoint that may be read under: signed by the election's log, witnessed as the policy demands, and an extension of everything
//! that was accepted before (LOG-18, LOG-28, LOG-29).

use super::{RecordFault, files::Files, tiles::Tiles};
use crate::{BoardClient, ClientError, client::Known, memory::MemoryError};
use protocol::{Evidence, ids::ElectionFingerprint};
use std::path::PathBuf;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
    note::{Note, VerifierKey},
    policy::PolicyRefusal,
    record::RecordPath,
};

/// How often another program may change the memory between comparing and keeping.
const RACES: usize = 8;

/// An accepted checkpoint with the tiles that make its root.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) signed: SignedCheckpoint,
    pub(super) tiles: Tiles,
    /// What was accepted before: the last that this reader read, or else what the memory kept.
    pub(super) earlier: Option<SignedCheckpoint>,
}

/// Opens the board's present checkpoint. `last` is what this reader has read to its end; the memory is asked besides, and keeps what is
/// accepted before anything under it is handed out.
pub(super) async fn open(
    files: &mut Files,
    known: &Known,
    last: Option<&SignedCheckpoint>,
) -> Result<Head, ClientError> {
    let note = files.need(RecordPath::Checkpoint).await?;
    let signed = accept(&note, known, files).map_err(Box::new)?;
    files.admit(signed.checkpoint().size()).map_err(Box::new)?;
    let memory = files.client.read_options().memory.as_ref().map(|memory| memory.of_log(known.number));
    let mut tiles = None;
    let mut earlier = last.cloned();
    if let Some(last) = last {
        follow(files, known, &mut tiles, last, &signed).await?;
    }
    if let Some(memory) = memory {
        let mut races = 0;
        loop {
            let kept = memory.last(&files.election)?;
            if let Some(kept) = &kept {
                let damaged = || MemoryError::Damaged { path: memory.path(&files.election) };
                let keys = keys(known, &files.client);
                let kept = checkpoint::open(kept, &keys).map_err(|_| damaged())?;
                follow(files, known, &mut tiles, &kept, &signed).await?;
                earlier = earlier.or(Some(kept));
            }
            if memory.advance(&files.election, kept.as_deref(), &signed.note().encode())? {
                break;
            }
            races += 1;
            if races >= RACES {
                return Err(MemoryError::Contended { path: memory.path(&files.election) }.into());
            }
        }
    }
    let tiles = match tiles {
        Some(tiles) => tiles,
        None => Tiles::open(files, signed.checkpoint()).await?,
    };
    Ok(Head { signed, tiles, earlier })
}

/// HTTP-25, LOG-28: opens a checkpoint under the log's key and the policy.
fn accept(note: &[u8], known: &Known, files: &Files) -> Result<SignedCheckpoint, RecordFault> {
    let claimed = claim(note)?;
    let expected = &known.origin;
    if claimed.origin() != expected {
        return Err(RecordFault::OtherLog { expected: expected.clone(), found: claimed.origin().to_owned() });
    }
    let policy = files.client.read_options().policy.as_ref().unwrap_or(&known.policy);
    // A policy of the reader's own is made for log 1; it holds for its successors with their keys (CON-2).
    if known.number == 1 && !policy.logs().iter().any(|log| log.key == known.log_key) {
        return Err(RecordFault::PolicyOfAnotherLog(known.log_key.to_string()));
    }
    let signed = checkpoint::open(note, &keys(known, &files.client))?;
    let evaluation = policy.evaluate(&signed, 0);
    if evaluation.quorum_met { Ok(signed) } else { Err(PolicyRefusal::QuorumNotMet(evaluation.cosigned).into()) }
}

/// The log's key, and the witnesses that the manifest or the reader's own policy names: a line by any of them must hold (LOG-15).
fn keys(known: &Known, client: &BoardClient) -> Vec<VerifierKey> {
    let mut keys = vec![known.log_key.clone()];
    let policies = [Some(&known.policy), client.read_options().policy.as_ref()];
    for witness in policies.into_iter().flatten().flat_map(|policy| policy.witnesses()) {
        if !keys.contains(&witness.key) {
            keys.push(witness.key.clone());
        }
    }
    keys
}

/// LOG-29: refuses a checkpoint that does not extend an earlier one. The proof is computed from tiles that lead to the new root, so that
/// advancing does not take reading everything again.
pub(super) async fn follow(
    files: &mut Files,
    known: &Known,
    tiles: &mut Option<Tiles>,
    earlier: &SignedCheckpoint,
    later: &SignedCheckpoint,
) -> Result<(), ClientError> {
    let (seen, offered) = (earlier.checkpoint().size(), later.checkpoint().size());
    let (beginning, proof) = match tiles {
        _ if offered < seen => (*later.checkpoint().root(), Vec::new()),
        _ if offered == seen => (*later.checkpoint().root(), Vec::new()),
        Some(tiles) => tiles.beginning(files, seen).await?,
        None => tiles.insert(Tiles::open(files, later.checkpoint()).await?).beginning(files, seen).await?,
    };
    match Follower::new(earlier.clone()).advance(later.clone(), &beginning, &proof) {
        Ok(()) => Ok(()),
        Err(FollowRefusal::Rollback { seen, offered }) => {
            let (larger, smaller) = (earlier.note().encode(), later.note().encode());
            let evidence = Box::new(Evidence::rollback(&known.body, &larger, &smaller).continued(&known.continuations));
            let file = keep(&files.client, &files.election, &evidence)?;
            Err(Box::new(RecordFault::Rollback { seen, offered, evidence, file }).into())
        }
        Err(FollowRefusal::Fork(fork)) => {
            let evidence = Box::new(Evidence::split_view(&known.body, &fork).continued(&known.continuations));
            let file = keep(&files.client, &files.election, &evidence)?;
            Err(Box::new(RecordFault::Fork { seen, evidence, file }).into())
        }
        // Tiles that make the root give a proof that holds.
        Err(FollowRefusal::OtherLog { .. } | FollowRefusal::NotConsistent(_)) => {
            Err(Box::new(RecordFault::EdgeMismatch(offered)).into())
        }
    }
}

/// EVD-14: compares a promise's checkpoint, signed by the log alone, with the one that was accepted last, where both have one size. A
/// promise does not move the memory, and of another size it is compared when it becomes a receipt.
pub(crate) fn compare_promise(
    client: &BoardClient,
    election: &ElectionFingerprint,
    known: &Known,
    promised: &SignedCheckpoint,
) -> Result<(), ClientError> {
    let memory = client.read_options().memory.as_ref().map(|memory| memory.of_log(known.number));
    let Some(memory) = memory else { return Ok(()) };
    let Some(kept) = memory.last(election)? else { return Ok(()) };
    let damaged = |_| MemoryError::Damaged { path: memory.path(election) };
    let kept = checkpoint::open(&kept, &keys(known, client)).map_err(damaged)?;
    let seen = kept.checkpoint().size();
    if promised.checkpoint().size() != seen {
        return Ok(());
    }
    match Follower::new(kept).advance(promised.clone(), promised.checkpoint().root(), &[]) {
        Err(FollowRefusal::Fork(fork)) => {
            let evidence = Box::new(Evidence::split_view(&known.body, &fork).continued(&known.continuations));
            let file = keep(client, election, &evidence)?;
            Err(Box::new(RecordFault::Fork { seen, evidence, file }).into())
        }
        _ => Ok(()),
    }
}

/// EVD-14: what convicts the log outlives the program, if anything does.
pub(super) fn keep(
    client: &BoardClient,
    election: &ElectionFingerprint,
    evidence: &Evidence,
) -> Result<Option<PathBuf>, MemoryError> {
    let memory = client.read_options().memory.as_ref();
    memory.map(|memory| memory.keep(election, evidence.kind().name(), &evidence.encode())).transpose()
}

/// What a checkpoint claims, its signatures unchecked.
pub(super) fn claim(note: &[u8]) -> Result<Checkpoint, RecordFault> {
    let note = Note::parse(note).map_err(CheckpointError::from)?;
    Ok(Checkpoint::parse(note.text())?)
}
