//! The published crates: `signed_note` opens checkpoints, `tlog_tiles` checks tree, entries and proofs. Nothing of ours is used here.

use crate::Task;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use signed_note::{Note, StandardVerifier, Verifier, VerifierList, key_id};
use std::{collections::BTreeSet, fs, sync::Mutex};
use tlog_tiles::{
    Checkpoint, Error, Hash, HashReader, Tile, TileHashReader, TileReader, check_record, check_tree, node_hash,
    prove_tree, record_hash, stored_hash_index, tree_hash,
};

const HEIGHT: u8 = 8;
const WIDTH: u64 = 256;

type Said<T> = Result<T, String>;

fn said(error: impl ToString) -> String {
    error.to_string()
}

/// A witness's key: Ed25519 over another text than the note's, and another type.
struct Cosigner {
    name: String,
    id: u32,
    key: StandardVerifier,
}

impl Cosigner {
    fn new(vkey: &str) -> Said<Self> {
        let (name, rest) = vkey.split_once('+').ok_or("malformed witness key")?;
        let (id, key) = rest.split_once('+').ok_or("malformed witness key")?;
        let mut key = BASE64.decode(key).map_err(said)?;
        let own = key_id(name, &key);
        if key.first() != Some(&4) || format!("{own:08x}") != id {
            return Err("malformed witness key".into());
        }
        // The same point as a log's key, to borrow the crate's Ed25519.
        key[0] = 1;
        let text = format!("{name}+{:08x}+{}", key_id(name, &key), BASE64.encode(&key));
        Ok(Self { name: name.to_owned(), id: own, key: StandardVerifier::new(&text).map_err(said)? })
    }
}

impl Verifier for Cosigner {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_id(&self) -> u32 {
        self.id
    }
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else { return false };
        let mut text = format!("cosignature/v1\ntime {}\n", u64::from_be_bytes(*time)).into_bytes();
        text.extend_from_slice(message);
        self.key.verify(&text, signature)
    }
}

/// A folder, or the address of one; files are fetched ahead, because the crate reads tiles without waiting.
struct Files<'a>(&'a str, Mutex<std::collections::BTreeMap<String, Vec<u8>>>);

impl Files<'_> {
    async fn fetch(&self, name: &str) -> Said<Vec<u8>> {
        let bytes = if self.0.starts_with("http") {
            let client = reqwest::Client::builder().no_proxy().build().map_err(said)?;
            let answer = client.get(format!("{}/{name}", self.0)).send().await.map_err(said)?;
            answer.error_for_status().map_err(said)?.bytes().await.map_err(said)?.to_vec()
        } else {
            fs::read(format!("{}/{name}", self.0)).map_err(said)?
        };
        self.1.lock().unwrap().insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

/// `tile/8/L/N` of the crate is `tile/L/N` of the format.
fn name(tile: &Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1)
}

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        HEIGHT
    }
    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let files = self.1.lock().unwrap();
        let read = |tile: &Tile| {
            let file = files.get(&name(tile)).filter(|file| file.len() == tile.width() as usize * 32);
            file.cloned()
                .ok_or_else(|| Error::InvalidInput(format!("{} is missing or of the wrong length", name(tile))))
        };
        tiles.iter().map(read).collect()
    }
    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// Opens a checkpoint: signed by the log, cosigned by as many witnesses as the task demands. Gives size, root and cosignatures.
fn head(note: &[u8], task: &Task<'_>, quorum: usize) -> Said<(u64, Hash, usize)> {
    let log = StandardVerifier::new(task.log).map_err(said)?;
    let (name, id) = (log.name().to_owned(), log.key_id());
    let mut known: Vec<Box<dyn Verifier>> = vec![Box::new(log)];
    for witness in task.witnesses {
        known.push(Box::new(Cosigner::new(witness)?));
    }
    let note = Note::from_bytes(note).map_err(said)?;
    let (verified, _) = note.verify(&VerifierList::new(known)).map_err(said)?;
    let (own, others): (Vec<_>, Vec<_>) = verified.iter().partition(|line| (line.name(), line.id()) == (&name, id));
    if own.is_empty() {
        return Err("not signed by the log".into());
    }
    let cosigned: BTreeSet<_> = others.iter().map(|line| (line.name(), line.id())).collect();
    if cosigned.len() < quorum {
        return Err(format!("{} of {quorum} cosignatures", cosigned.len()));
    }
    let checkpoint = Checkpoint::from_bytes(note.text()).map_err(said)?;
    if checkpoint.origin() != name || !checkpoint.extension().is_empty() {
        return Err("another log's checkpoint".into());
    }
    Ok((checkpoint.size(), *checkpoint.hash(), cosigned.len()))
}

/// The whole log.
pub(crate) async fn check(task: &Task<'_>) -> Said<String> {
    let files = Files(task.place, Mutex::default());
    let (size, root, cosigned) = head(&files.fetch("checkpoint").await?, task, task.quorum)?;
    let leaves = entries(&files, size).await?;
    every_tile(&files, leaves.clone()).await?;
    // Hashes that this reader gives out were proved to be under the root.
    let hashes = TileHashReader::new(size, root, &files);
    if tree_hash(size, &hashes).map_err(said)? != root {
        return Err("the tiles do not make the root".into());
    }
    for (first, part) in (0u64..).step_by(256).zip(leaves.chunks(256)) {
        let indexes: Vec<u64> = (first..).take(part.len()).map(|index| stored_hash_index(0, index)).collect();
        if hashes.read_hashes(&indexes).map_err(said)? != part {
            return Err(format!("an entry from {first} on does not match its hash"));
        }
    }
    let (old, old_root, _) = head(&fs::read(task.earlier).map_err(said)?, task, 0)?;
    let proof = prove_tree(size, old, &hashes).map_err(said)?;
    check_tree(&proof, size, root, old, old_root).map_err(said)?;
    receipt(task, &leaves)?;
    Ok(format!("{size} entries, {cosigned} cosignatures"))
}

/// Every bundle's entries, as leaf hashes.
async fn entries(files: &Files<'_>, size: u64) -> Said<Vec<Hash>> {
    let mut leaves = Vec::new();
    for start in (0..size).step_by(256) {
        let width = WIDTH.min(size - start);
        let tile = Tile::new(HEIGHT, 0, start / WIDTH, width as u32, false);
        let bundle = files.fetch(&name(&tile).replacen("tile/0/", "tile/entries/", 1)).await?;
        let mut rest = bundle.as_slice();
        for _ in 0..width {
            let (length, after) = rest.split_first_chunk::<2>().ok_or("a bundle ends early")?;
            let (entry, after) =
                after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or("a bundle ends early")?;
            leaves.push(record_hash(entry));
            rest = after;
        }
        if !rest.is_empty() {
            return Err("a bundle has bytes after its last entry".into());
        }
    }
    Ok(leaves)
}

/// Every tile, computed from the entries.
async fn every_tile(files: &Files<'_>, leaves: Vec<Hash>) -> Said<()> {
    let mut level = leaves;
    for number in 0u8.. {
        let mut next = Vec::new();
        for (index, part) in (0u64..).zip(level.chunks(256)) {
            let made: Vec<u8> = part.iter().flat_map(|hash| hash.0).collect();
            let tile = Tile::new(HEIGHT, number, index, part.len() as u32, false);
            if files.fetch(&name(&tile)).await? != made {
                return Err(format!("{} does not follow from the entries", name(&tile)));
            }
            if part.len() == 256 {
                let mut row = part.to_vec();
                while row.len() > 1 {
                    row = row.chunks(2).map(|pair| node_hash(pair[0], pair[1])).collect();
                }
                next.extend(row);
            }
        }
        if next.is_empty() {
            return Ok(());
        }
        level = next;
    }
    Ok(())
}

/// A `tlog-proof` whose extra line is the entry.
fn receipt(task: &Task<'_>, leaves: &[Hash]) -> Said<()> {
    let text = fs::read_to_string(task.receipt).map_err(said)?;
    let (lines, note) = text.split_once("\n\n").ok_or("no receipt")?;
    let mut lines = lines.lines();
    let mut after = |start: &str| lines.next().and_then(|line| line.strip_prefix(start)).ok_or("no receipt");
    after("c2sp.org/tlog-proof@v1")?;
    let entry = BASE64.decode(after("extra ")?).map_err(said)?;
    let index: u64 = after("index ")?.parse().map_err(said)?;
    let path: Vec<Hash> = lines.map(Hash::parse_hash).collect::<Result<_, _>>().map_err(said)?;
    // A promise is signed by the log alone.
    let (size, root, _) = head(note.as_bytes(), task, 0)?;
    check_record(&path, size, root, index, record_hash(&entry)).map_err(said)?;
    let there = usize::try_from(index).ok().and_then(|index| leaves.get(index));
    if there == Some(&record_hash(&entry)) { Ok(()) } else { Err("another entry stands there".into()) }
}
