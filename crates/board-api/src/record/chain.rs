//! From one log of an election to the one that continues it (REC-8, REC-10, CON-1 to CON-3). The authority's signature vouches for the new
//! log's key, the old log's checkpoint for where it ended.

use super::{RecordFault, files::Files, head};
use crate::{BoardClient, ClientError, client::Known};
use protocol::{Author, Body, Entry, body::Continuation, ids::ElectionFingerprint};
use tlog::{
    checkpoint::Checkpoint,
    note::VerifierKey,
    record::RecordPath,
    tile::{TileKind, TilePath},
};

/// A log that continues another.
#[derive(Debug)]
pub(super) struct Successor {
    pub(super) known: Known,
    continuation: Continuation,
}

impl Successor {
    /// CON-3, CON-6: whether the old log's checkpoint is the one that the continuation names.
    pub(super) fn follows(&self, old: &Checkpoint) -> Result<(), RecordFault> {
        let Continuation { old_size, old_root, .. } = &self.continuation;
        if (old.size(), *old.root()) == (*old_size, **old_root) {
            Ok(())
        } else {
            Err(RecordFault::OtherEnd { named: *old_size, found: old.size() })
        }
    }
}

/// How much must be there of a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A checkpoint that is served: a reader goes no further (CON-3).
    Checkpoint,
    /// Its first entry: enough to know the key of a promise.
    Entry,
}

/// The log after this one, if the board has it. `files` are then those of the new log.
pub(super) async fn successor(
    files: &mut Files,
    known: &Known,
    wanted: Wanted,
) -> Result<Option<Successor>, ClientError> {
    let number = known.number.saturating_add(1);
    files.log = number;
    let found = match first(files, wanted).await {
        Ok(Some(first)) => read(&first, known, &files.election, number).map(Some),
        Ok(None) => known_to_exist(files, wanted).map(|()| None),
        Err(error) => Err(error),
    };
    if !matches!(found, Ok(Some(_))) {
        files.log = known.number;
    }
    found
}

/// HTTP-26: a reader that accepted a checkpoint of this log does not take the one before it for the last.
fn known_to_exist(files: &Files, wanted: Wanted) -> Result<(), ClientError> {
    let memory = files.client.read_options().memory.as_ref().filter(|_| wanted == Wanted::Checkpoint);
    match memory.map(|memory| memory.of_log(files.log).last(&files.election)).transpose()?.flatten() {
        Some(_) => Err(Box::new(RecordFault::SuccessorGone(files.log)).into()),
        None => Ok(()),
    }
}

/// What is known of the log whose checkpoint this is; none if it is none of the election's, or no checkpoint.
pub(crate) async fn log_of(
    client: &BoardClient,
    election: &ElectionFingerprint,
    note: &[u8],
) -> Result<Option<Known>, ClientError> {
    let Ok(claimed) = head::claim(note) else { return Ok(None) };
    let mut known = client.known(election).await?;
    let mut files = Files::new(client, election);
    while claimed.origin() != known.origin {
        match successor(&mut files, &known, Wanted::Entry).await? {
            Some(successor) => known = successor.known,
            None => return Ok(None),
        }
    }
    Ok(Some(known))
}

/// Leaf 0 of the log that `files` are of.
async fn first(files: &mut Files, wanted: Wanted) -> Result<Option<Vec<u8>>, ClientError> {
    let size = match files.find(RecordPath::Checkpoint).await? {
        Some(note) => head::claim(&note).map_err(Box::new)?.size(),
        None if wanted == Wanted::Checkpoint => return Ok(None),
        None => 1,
    };
    let Some(path) = TilePath::in_tree(TileKind::Entries, 0, size) else { return Ok(None) };
    match files.bundle(path).await {
        Ok(entries) => Ok(entries.into_iter().next()),
        Err(ClientError::Record(fault)) if wanted == Wanted::Entry && matches!(*fault, RecordFault::Missing(_)) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(bytes: &[u8], old: &Known, election: &ElectionFingerprint, number: u64) -> Result<Successor, ClientError> {
    let refused = || ClientError::from(Box::new(RecordFault::NoContinuation(number)));
    let entry = Entry::decode(bytes).map_err(|_| refused())?;
    let submission = entry.submission();
    let (Ok(Author::Authority), Ok(Body::Continuation(continuation))) = (submission.author(), submission.body()) else {
        return Err(refused());
    };
    let log_key: VerifierKey = continuation.new_key.parse().map_err(|_| refused())?;
    let origin = format!("{}/{number}", old.manifest.log_origin);
    let first = old.first.saturating_add(continuation.old_size);
    let fits = continuation.old_origin == old.origin && log_key.name() == origin && entry.index == first;
    if !fits || !submission.is_signed_by(election, &old.manifest.authority.signing_key) {
        return Err(refused());
    }
    let policy = old.policy.with_log(log_key.clone());
    let continuations = old.continuations.iter().cloned().chain([bytes.to_vec()]).collect();
    let known = Known { number, first, origin, log_key, policy, continuations, ..old.clone() };
    Ok(Successor { known, continuation })
}
