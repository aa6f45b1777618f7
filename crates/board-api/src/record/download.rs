//! A whole record, file by file, as a folder holds it (REC-2).

use super::{
    RecordFault,
    chain::{self, Wanted},
    files::Files,
    head,
};
use crate::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use tlog::{
    merkle::{Hash, leaf_hash},
    record::{ChainPath, RecordPath},
    tile::{TileKind, TilePath, WIDTH, encode_bundle},
};

/// HTTP-15, HTTP-23: every file of the record, of all its logs (REC-7), under the board's present checkpoints, each log's checkpoint last, one after the other into `store`. Each
/// tile is handed over only when it leads to the checkpoint's root, each bundle when its tile vouches for all its entries: garbage of any
/// length ends with the first file of it. What the entries *say* is for the verifier.
///
/// # Errors
/// [`ClientError`], or what `store` refuses.
pub async fn download<E: From<ClientError>>(
    client: &BoardClient,
    election: &ElectionFingerprint,
    mut store: impl FnMut(ChainPath, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let mut known = client.known(election).await?;
    let mut files = Files::new(client, election);
    loop {
        let head = head::open(&mut files, &known, None).await?;
        let ended = head.signed.checkpoint().clone();
        let number = known.number;
        log(&mut files, head, |file, bytes| store(ChainPath::new(number, file), bytes)).await?;
        // REC-10
        let Some(successor) = chain::successor(&mut files, &known, Wanted::Checkpoint).await? else { return Ok(()) };
        successor.follows(&ended).map_err(|fault| ClientError::from(Box::new(fault)))?;
        known = successor.known;
    }
}

/// All files of one log.
async fn log<E: From<ClientError>>(
    files: &mut Files,
    head::Head { signed, mut tiles, .. }: head::Head,
    mut store: impl FnMut(RecordPath, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    for (path, hashes) in tiles.edge() {
        store(RecordPath::Tile(path), hashes.as_flattened().to_vec())?;
    }
    let size = signed.checkpoint().size();
    for index in 0..size.div_ceil(u64::from(WIDTH)) {
        let Some(path) = TilePath::in_tree(TileKind::Entries, index, size) else { break };
        let (leaves, fetched) = tiles.tile(files, 0, index).await?;
        let leaves = leaves.to_vec();
        for (path, bytes) in fetched {
            store(RecordPath::Tile(path), bytes)?;
        }
        let entries = files.bundle(path).await?;
        let differs = |(entry, leaf): (&Vec<u8>, &Hash)| leaf_hash(entry) != *leaf;
        if let Some(place) = entries.iter().zip(&leaves).position(differs) {
            let place = path.start().saturating_add(u64::try_from(place).unwrap_or(u64::MAX));
            return Err(ClientError::from(Box::new(RecordFault::EntryMismatch(place))).into());
        }
        let bytes = encode_bundle(&entries)
            .map_err(|fault| ClientError::from(Box::new(RecordFault::Bundle { path, fault })))?;
        store(RecordPath::Tile(path), bytes)?;
    }
    store(RecordPath::Checkpoint, signed.note().encode().into_bytes())
}
