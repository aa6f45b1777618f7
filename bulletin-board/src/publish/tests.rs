//! Static copies against folders, memory and an S3-compatible store, with stores that fail and stores that lie.

use super::*;
use crate::store::StoreError;
use async_trait::async_trait;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, memory::InMemory, path::Path as Place};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Hash, Tree, leaf_hash},
    note::SignerKey,
    record::RecordPath,
    tile::{TileKind, TilePath, encode_bundle, tiles_of},
};

mod bucket;
mod faults;

const ELECTION: ElectionFingerprint = ElectionFingerprint([7; 32]);

/// A log in memory.
#[derive(Debug)]
struct Shelf {
    key: [u8; 32],
    log: Mutex<(Tree, Vec<Vec<u8>>)>,
    changes: watch::Sender<(u64, u64)>,
    follows: std::sync::atomic::AtomicBool,
}

impl Shelf {
    fn new(size: usize) -> Arc<Self> {
        let shelf =
            Self { key: [1; 32], log: Mutex::default(), changes: watch::Sender::new((0, 0)), follows: false.into() };
        shelf.grow(size);
        Arc::new(shelf)
    }

    fn signer(&self) -> SignerKey {
        SignerKey::from_seed("board.example/election", &self.key).unwrap()
    }

    fn grow(&self, entries: usize) {
        self.grow_by(entries, "entry");
    }

    fn grow_by(&self, entries: usize, text: &str) {
        let mut log = self.log.lock().unwrap();
        for _ in 0..entries {
            let entry = format!("{text} {}", log.1.len()).into_bytes();
            log.0.append(leaf_hash(&entry));
            log.1.push(entry);
        }
        let size = log.0.size();
        drop(log);
        self.changes.send_replace((size, 0));
    }

    fn bytes(&self, path: &TilePath) -> Option<Vec<u8>> {
        let log = self.log.lock().unwrap();
        let (start, end) = (path.start(), path.start() + u64::from(path.width()));
        match path.kind() {
            TileKind::Entries => {
                let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
                Some(encode_bundle(log.1.get(range)?).unwrap())
            }
            TileKind::Hashes(level) => {
                let hashes: Result<Vec<Hash>, _> = (start..end).map(|index| log.0.hash(level * 8, index)).collect();
                Some(hashes.ok()?.as_flattened().to_vec())
            }
        }
    }
}

#[async_trait]
impl Source for Shelf {
    fn leads(&self) -> bool {
        !self.follows.load(std::sync::atomic::Ordering::SeqCst)
    }

    fn checkpoint(&self) -> Option<(u64, String)> {
        let log = self.log.lock().unwrap();
        let head = Checkpoint::new("board.example/election", log.0.size(), log.0.root()).unwrap();
        Some((head.size(), checkpoint::sign(&head, &self.signer()).unwrap()))
    }

    fn size(&self) -> u64 {
        self.log.lock().unwrap().0.size()
    }

    fn root_at(&self, size: u64) -> Option<Hash> {
        self.log.lock().unwrap().0.root_at(size).ok()
    }

    async fn file(&self, path: &TilePath) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.bytes(path))
    }

    fn changes(&self) -> watch::Receiver<(u64, u64)> {
        self.changes.subscribe()
    }
}

fn copy(destination: Destination, shelf: &Arc<Shelf>) -> StaticCopy {
    StaticCopy::new(Arc::new(destination), ELECTION, shelf.signer().verifier_key(), shelf.clone())
}

fn place(path: &str) -> Place {
    Place::parse(format!("e/{ELECTION}/{path}")).unwrap()
}

async fn get(store: &dyn ObjectStore, path: &str) -> Option<Vec<u8>> {
    match store.get(&place(path)).await {
        Ok(found) => Some(found.bytes().await.unwrap().to_vec()),
        Err(object_store::Error::NotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn put(store: &dyn ObjectStore, path: &str, bytes: &[u8]) {
    store.put(&place(path), PutPayload::from(bytes.to_vec())).await.unwrap();
}

/// BRD-41: whatever is under the copy's checkpoint is there, and as in the log. Gives the checkpoint's size.
async fn whole(store: &dyn ObjectStore, shelf: &Shelf) -> u64 {
    let Some(note) = get(store, "checkpoint").await else { return 0 };
    let signed = checkpoint::open(&note, &[shelf.signer().verifier_key()]).unwrap();
    let size = signed.checkpoint().size();
    for path in tiles_of(size) {
        assert_eq!(get(store, &path.to_string()).await, shelf.bytes(&path), "{path} under {size} entries");
    }
    size
}

/// BRD-40, BRD-41, BRD-43, BRD-45: the files of a record, in a folder, as the log grows.
#[tokio::test]
async fn a_folder_holds_what_the_log_does_and_keeps_partial_tiles_until_they_are_full() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("public");
    let shelf = Shelf::new(3);
    let mut copy = copy(Destination::open(to.to_str().unwrap(), &Settings::default()).unwrap(), &shelf);
    let record = to.join("e").join(ELECTION.to_string());
    let there = |name: &str| record.join(name).is_file();
    copy.bring_up_to_date().await.unwrap();
    let store = object_store::local::LocalFileSystem::new_with_prefix(&to).unwrap();
    assert_eq!(whole(&store, &shelf).await, 3);
    // A fresh copy is a record, file by file (REC-2).
    let listed = faults::everything(&store).await;
    let prefix = format!("e/{ELECTION}/");
    let mut names: Vec<&str> = listed.keys().map(|name| name.strip_prefix(&prefix).unwrap()).collect();
    names.sort_unstable();
    tlog::record::check_listing(3, names).unwrap();
    shelf.grow(100);
    copy.bring_up_to_date().await.unwrap();
    assert_eq!((copy.size(), whole(&store, &shelf).await), (Some(103), 103));
    assert!(there("tile/entries/000.p/3") && there("tile/0/000.p/103"), "LOG-11: until the full one is there");
    shelf.grow(500);
    copy.bring_up_to_date().await.unwrap();
    assert_eq!(whole(&store, &shelf).await, 603);
    assert!(!record.join("tile/0/000.p").exists() && !record.join("tile/entries/000.p").exists());
    assert!(there("tile/0/000") && there("tile/entries/001") && there("tile/1/000.p/2") && there("tile/0/002.p/91"));
    // Nothing is written where nothing changed.
    let before = std::fs::metadata(record.join("checkpoint")).unwrap().modified().unwrap();
    copy.bring_up_to_date().await.unwrap();
    assert_eq!(std::fs::metadata(record.join("checkpoint")).unwrap().modified().unwrap(), before);
}

/// BRD-46: the store is away for a while; the board does not notice, the operator does, and the copy comes after.
#[tokio::test(start_paused = true)]
async fn a_failing_store_is_shown_and_tried_again() {
    let shelf = Shelf::new(5);
    let broken = faults::Failing::new(Arc::new(InMemory::new()));
    broken.fail_from(0, faults::Flavour::Before);
    let publisher = Publisher::to(Destination::over(broken.clone()), Duration::from_secs(1));
    publisher.follow(ELECTION, shelf.signer().verifier_key(), shelf.clone());
    while publisher.standings().is_empty() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let standing = publisher.standings()[&ELECTION].clone();
    assert_eq!((standing.size, standing.alarm), (None, false));
    assert!(standing.fault.is_some());
    broken.heal();
    while publisher.standings()[&ELECTION] != (Standing { size: Some(5), fault: None, alarm: false }) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    shelf.grow(1);
    while publisher.standings()[&ELECTION].size != Some(6) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    shelf.grow(1);
    publisher.close().await;
    assert_eq!(publisher.standings()[&ELECTION].size, Some(7), "what there is at the end is published");
    assert_eq!(whole(&*broken.inner, &shelf).await, 7);
}

/// BRD-49, and what names no place.
#[test]
fn a_destination_is_checked_and_its_secret_is_nobodys() {
    let open = |to: &str, settings: &Settings| Destination::open(to, settings);
    for to in ["", "ftp://x/y", "file://relative", "s3://", "s3:///prefix", "s3://user:key@bucket/x"] {
        assert!(matches!(open(to, &Settings::default()), Err(DestinationError::Address(_))), "{to}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "very-secret\n").unwrap();
    let settings = Settings {
        endpoint: Some("http://127.0.0.1:1".into()),
        region: Some("eu-north-1".into()),
        access_key_id: Some("department".into()),
        secret_access_key_file: Some(path.clone()),
        ..Settings::default()
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(open("s3://bucket/x", &settings), Err(DestinationError::Exposed(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let destination = open("s3://bucket/x", &settings).unwrap();
    assert!(!format!("{destination} {destination:?} {settings:?}").contains("very-secret"));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(open("s3://bucket/x", &settings), Err(DestinationError::Secret(..))));
    let mut relative = Settings { to: Some("public".into()), secret_access_key_file: Some("key".into()), ..settings };
    relative.relative_to(Path::new("/srv"));
    assert_eq!(relative.to.as_deref(), Some("/srv/public"));
    assert_eq!(relative.secret_access_key_file.as_deref(), Some(Path::new("/srv/key")));
}
