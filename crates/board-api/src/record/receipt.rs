//! Receipts that a reader makes itself, from tiles: the board is not asked about any particular entry (LOG-22).

use super::{
    RecordFault,
    chain::{self, Wanted},
    files::Files,
    head,
};
use crate::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use tlog::{merkle::leaf_hash, proof::Receipt, tile::WIDTH};

/// HTTP-28: a receipt for an entry that the board promised at an index of the election, under its present checkpoint, which meets the policy. None while the entry
/// awaits witnesses: no such checkpoint covers it yet.
///
/// # Errors
/// [`RecordFault::EntryMismatch`] when the log that meets the policy has another entry there: with the promise that is evidence.
/// Otherwise [`ClientError`].
pub async fn receipt(
    client: &BoardClient,
    election: &ElectionFingerprint,
    index: u64,
    entry: &[u8],
) -> Result<Option<Receipt>, ClientError> {
    let mut known = client.known(election).await?;
    let mut files = Files::new(client, election);
    let (head::Head { signed, mut tiles, .. }, index) = loop {
        let head = match head::open(&mut files, &known, None).await {
            Ok(head) => head,
            Err(ClientError::Record(fault)) if fault.awaits_witnesses() => return Ok(None),
            Err(error) => return Err(error),
        };
        let leaf = index.saturating_sub(known.first);
        if leaf < head.signed.checkpoint().size() {
            break (head, leaf);
        }
        // CON-7: beyond this log's end it is a leaf of a later one.
        let Some(successor) = chain::successor(&mut files, &known, Wanted::Checkpoint).await? else {
            return Ok(None);
        };
        successor.follows(head.signed.checkpoint()).map_err(Box::new)?;
        known = successor.known;
    };
    let width = u64::from(WIDTH);
    let place = usize::try_from(index % width).unwrap_or(usize::MAX);
    let (leaves, _) = tiles.tile(&mut files, 0, index / width).await?;
    if leaves.get(place) != Some(&leaf_hash(entry)) {
        return Err(Box::new(RecordFault::EntryMismatch(known.first.saturating_add(index))).into());
    }
    let path = tiles.inclusion(&mut files, index).await?;
    let checkpoint_note = signed.note().encode();
    Ok(Some(Receipt { extra: entry.to_vec(), index, path, checkpoint_note }))
}
