//! A copy of a record, carried to a machine without a network, against the memory of earlier readings (LOG-29, HTTP-26).

use super::{RecordFault, head};
use crate::memory::{Memory, MemoryError};
use protocol::{evidence::Evidence, ids::ElectionFingerprint};
use thiserror::Error;
use tlog::{
    checkpoint::{self, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
    merkle::{CompactRange, Hash, Tree},
    note::VerifierKey,
    record::RecordPath,
    tile::{TileKind, TilePath, WIDTH, decode_tile},
};

/// How often another program may change the memory between comparing and keeping.
const RACES: usize = 8;

/// Why a copy is not gone on with.
#[derive(Debug, Error)]
pub enum CopyError {
    /// It is not a continuation of what was accepted before, or its files are no record.
    #[error(transparent)]
    Record(#[from] Box<RecordFault>),
    /// A copy of an earlier moment. That alone is nobody's fault.
    #[error(
        "this copy is older than what was read before: it has {offered} entries, and {seen} were read; bring a newer one"
    )]
    Older {
        /// Entries read before.
        seen: u64,
        /// Entries in the copy.
        offered: u64,
    },
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// LOG-29: a record whose every file was verified extends what the memory holds of this election, and is what it holds from now on. `keys`
/// are the log's and all witnesses' whose lines may stand on a checkpoint; `file` gives the record's files once more. What convicts the log is
/// kept beside the memory (EVD-14); `manifest` is the body that the evidence carries, `continuations` the bytes of leaf 0 of every log from the
/// second to this one (EVD-2).
///
/// # Errors
/// [`CopyError`].
pub fn remember_copy(
    memory: &Memory,
    election: &ElectionFingerprint,
    (manifest, continuations): (&[u8], &[Vec<u8>]),
    keys: &[VerifierKey],
    mut file: impl FnMut(&RecordPath) -> Option<Vec<u8>>,
) -> Result<(), CopyError> {
    let path = RecordPath::Checkpoint;
    let note = file(&path).ok_or(RecordFault::Missing(path)).map_err(Box::new)?;
    let signed = checkpoint::open(&note, keys).map_err(RecordFault::from).map_err(Box::new)?;
    for _ in 0..RACES {
        let kept = memory.last(election)?;
        if let Some(bytes) = &kept {
            let earlier = checkpoint::open(bytes, keys).map_err(|_| damaged(memory, election))?;
            if let Some(evidence) = compare(&earlier, &signed, manifest, &mut file)? {
                let evidence = evidence.continued(continuations);
                let kept = memory.keep(election, evidence.kind().name(), &evidence.encode())?;
                let (seen, evidence) = (earlier.checkpoint().size(), Box::new(evidence));
                return Err(Box::new(RecordFault::Fork { seen, evidence, file: Some(kept) }).into());
            }
        }
        if memory.advance(election, kept.as_deref(), &signed.note().encode())? {
            return Ok(());
        }
    }
    Err(MemoryError::Contended { path: memory.path(election) }.into())
}

/// EVD-14: whether a record whose every file was verified extends a checkpoint of its log that somebody else was shown: what convicts the log
/// if it does not. Nothing is remembered. The arguments are those of [`remember_copy`].
///
/// # Errors
/// [`CopyError::Older`] if the record ends before that checkpoint, [`CopyError::Record`] if the checkpoint is none of this log's.
pub fn compare_copy(
    shown: &[u8],
    (manifest, continuations): (&[u8], &[Vec<u8>]),
    keys: &[VerifierKey],
    mut file: impl FnMut(&RecordPath) -> Option<Vec<u8>>,
) -> Result<Option<Evidence>, CopyError> {
    let path = RecordPath::Checkpoint;
    let note = file(&path).ok_or(RecordFault::Missing(path)).map_err(Box::new)?;
    let signed = checkpoint::open(&note, keys).map_err(RecordFault::from).map_err(Box::new)?;
    let shown = checkpoint::open(shown, keys).map_err(RecordFault::from).map_err(Box::new)?;
    let evidence = compare(&shown, &signed, manifest, &mut file)?;
    Ok(evidence.map(|evidence| evidence.continued(continuations)))
}

/// HTTP-26: a record of `logs` logs and `entries` entries does not end before a log that was read before.
///
/// # Errors
/// [`CopyError::Older`] if it does.
pub fn ends_no_earlier(
    memory: &Memory,
    election: &ElectionFingerprint,
    logs: u64,
    entries: u64,
) -> Result<(), CopyError> {
    let memory = memory.of_log(logs.saturating_add(1));
    let Some(kept) = memory.last(election)? else { return Ok(()) };
    let kept = head::claim(&kept).map_err(|_| damaged(&memory, election))?;
    Err(CopyError::Older { seen: entries.saturating_add(kept.size()), offered: entries })
}

fn damaged(memory: &Memory, election: &ElectionFingerprint) -> MemoryError {
    MemoryError::Damaged { path: memory.path(election) }
}

/// The tree of the first entries has the earlier root, and that of all of them the later one: then the hashes are those that the later
/// checkpoint vouches for. If only the first does not hold, gives what convicts the log.
fn compare(
    earlier: &SignedCheckpoint,
    later: &SignedCheckpoint,
    manifest: &[u8],
    file: &mut impl FnMut(&RecordPath) -> Option<Vec<u8>>,
) -> Result<Option<Evidence>, CopyError> {
    let (before, after) = (earlier.checkpoint(), later.checkpoint());
    let (seen, offered) = (before.size(), after.size());
    if before.origin() != after.origin() {
        let (expected, found) = (before.origin().to_owned(), after.origin().to_owned());
        return Err(Box::new(RecordFault::OtherLog { expected, found }).into());
    }
    if offered < seen {
        return Err(CopyError::Older { seen, offered });
    }
    let mut range = CompactRange::new();
    let mut beginning = (seen == 0).then(|| range.root());
    for index in 0..offered.div_ceil(u64::from(WIDTH)) {
        for leaf in leaves(index, offered, file)? {
            range.append(leaf);
            if range.size() == seen {
                beginning = Some(range.root());
            }
        }
    }
    let changed = || Box::new(RecordFault::EdgeMismatch(offered));
    if range.root() != *after.root() {
        return Err(changed().into());
    }
    if beginning.as_ref() == Some(before.root()) {
        return Ok(None);
    }
    let mut tree = Tree::new();
    for index in 0..offered.div_ceil(u64::from(WIDTH)) {
        leaves(index, offered, file)?.into_iter().for_each(|leaf| tree.append(leaf));
    }
    let beginning = tree.root_at(seen).map_err(|_| changed())?;
    let proof = tree.prove_consistency(seen, offered).map_err(|_| changed())?;
    match Follower::new(earlier.clone()).advance(later.clone(), &beginning, &proof) {
        Err(FollowRefusal::Fork(fork)) => Ok(Some(Evidence::split_view(manifest, &fork))),
        _ => Err(changed().into()),
    }
}

fn leaves(
    index: u64,
    size: u64,
    file: &mut impl FnMut(&RecordPath) -> Option<Vec<u8>>,
) -> Result<Vec<Hash>, Box<RecordFault>> {
    let path = TilePath::in_tree(TileKind::Hashes(0), index, size).ok_or(RecordFault::EdgeMismatch(size))?;
    let bytes = file(&RecordPath::Tile(path)).ok_or(RecordFault::Missing(RecordPath::Tile(path)))?;
    Ok(decode_tile(&bytes, path.width()).ok_or(RecordFault::TileLength(path))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tlog::{note::SignerKey, record::write_record};

    fn log() -> SignerKey {
        SignerKey::from_seed("log.example", &[1; 32]).unwrap()
    }

    fn record(entries: &[String]) -> BTreeMap<String, Vec<u8>> {
        let files = write_record(entries, &log()).unwrap();
        files.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect()
    }

    fn entries(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("entry {number}")).collect()
    }

    fn taken(memory: &Memory, record: &BTreeMap<String, Vec<u8>>) -> Result<(), CopyError> {
        let election = ElectionFingerprint([7; 32]);
        remember_copy(memory, &election, (b"manifest", &[]), &[log().verifier_key()], |path| {
            record.get(&path.to_string()).cloned()
        })
    }

    fn fault(outcome: Result<(), CopyError>) -> RecordFault {
        match outcome {
            Err(CopyError::Record(fault)) => *fault,
            other => panic!("{other:?}"),
        }
    }

    /// LOG-29: a copy goes on from the last one; an older one, another history, and files that are not the checkpoint's do not.
    #[test]
    fn a_copy_extends_what_was_read_before() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::open(folder.path()).unwrap();
        for size in [3, 3, 256, 300, 700] {
            taken(&memory, &record(&entries(size))).unwrap();
        }
        let older = taken(&memory, &record(&entries(699)));
        assert!(matches!(older, Err(CopyError::Older { seen: 700, offered: 699 })));
        let mut other = entries(701);
        other[650] = "another".to_owned();
        let RecordFault::Fork { seen: 700, evidence, file: Some(file) } = fault(taken(&memory, &record(&other))) else {
            panic!("no fork");
        };
        assert_eq!(std::fs::read(file).unwrap(), evidence.encode());
        assert!(matches!(fault(taken(&memory, &record(&other[..700]))), RecordFault::Fork { seen: 700, .. }));
        // Files that were changed since they were verified convict nobody.
        let mut swapped = record(&entries(701));
        let tile = swapped.get_mut("tile/0/001").unwrap();
        tile[0] ^= 1;
        assert!(matches!(fault(taken(&memory, &swapped)), RecordFault::EdgeMismatch(701)));
        swapped.remove("tile/0/001");
        assert!(matches!(fault(taken(&memory, &swapped)), RecordFault::Missing(_)));
        taken(&memory, &record(&entries(701))).unwrap();
        std::fs::write(memory.path(&ElectionFingerprint([7; 32])), "no checkpoint").unwrap();
        assert!(matches!(taken(&memory, &record(&entries(702))), Err(CopyError::Memory(MemoryError::Damaged { .. }))));
    }
}
