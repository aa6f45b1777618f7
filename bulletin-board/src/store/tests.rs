//! What any database must do, whatever stands above it.

use super::{Addition, ElectionKey, Place, Store, StoreError};
use protocol::ids::{ElectionFingerprint, SubmissionId};
use std::sync::Arc;
use tlog::merkle::{CompactRange, leaf_hash};

async fn sqlite(folder: &tempfile::TempDir) -> Arc<dyn Store> {
    super::open(&folder.path().join("board.sqlite").into(), &super::Settings::default()).await.unwrap()
}

/// A log of `size` entries, each committed alone.
async fn grown(store: &dyn Store, election: ElectionFingerprint, size: u8) -> ElectionKey {
    let origin = format!("origin {election}");
    let mut place = Place::New { election: &election, origin: &origin };
    let mut range = CompactRange::new();
    let mut key = None;
    for number in 0..size {
        range.append(leaf_hash(&[number]));
        let entry = [number];
        let entries = vec![(SubmissionId([number; 32]), entry.as_slice())];
        let note = format!("checkpoint {}", number + 1);
        let addition = Addition { first: number.into(), entries, range: &range, note: &note };
        let committed = store.commit(place, addition).await.unwrap();
        assert!(key.is_none_or(|key| key == committed));
        key = Some(committed);
        place = Place::Log(committed);
    }
    key.unwrap()
}

async fn commits_are_kept(store: &dyn Store) {
    let key = grown(store, ElectionFingerprint([1; 32]), 5).await;
    let other = grown(store, ElectionFingerprint([2; 32]), 1).await;
    let elections = vec![(key, ElectionFingerprint([1; 32])), (other, ElectionFingerprint([2; 32]))];
    assert_eq!(store.elections().await.unwrap(), elections);
    let head = store.head(key).await.unwrap();
    assert_eq!((head.range.size(), head.note.as_str()), (5, "checkpoint 5"));
    assert_eq!(store.entries(key, 1, 4).await.unwrap(), [[1], [2], [3]]);
    assert_eq!(store.submission_ids(key, 4, 9).await.unwrap(), [[4; 32]]);
    assert_eq!(store.position(key, &SubmissionId([3; 32])).await.unwrap(), Some(3));
    assert_eq!(store.position(other, &SubmissionId([3; 32])).await.unwrap(), None);
    let signed: Vec<u64> = store.checkpoints(key).await.unwrap().into_iter().map(|(size, _)| size).collect();
    assert_eq!(signed, [1, 2, 3, 4, 5]);
}

async fn what_is_published_never_shrinks(store: &dyn Store) {
    let key = grown(store, ElectionFingerprint([3; 32]), 3).await;
    let other = grown(store, ElectionFingerprint([4; 32]), 3).await;
    assert_eq!(store.published(key).await.unwrap(), None);
    for (size, note) in [(1, "one"), (2, "two"), (2, "two, seen by more")] {
        store.publish(key, size, note).await.unwrap();
        assert_eq!(store.published(key).await.unwrap(), Some((size, note.to_owned())));
    }
    assert!(matches!(store.publish(key, 1, "one again").await, Err(StoreError::Smaller(2))));
    assert!(!store.is_halted(), "what was refused was not begun");
    assert_eq!(store.published(key).await.unwrap(), Some((2, "two, seen by more".to_owned())));
    assert_eq!(store.published(other).await.unwrap(), None);
    assert!(store.publish(key, 4, "never signed").await.is_err());
}

#[tokio::test]
async fn sqlite_keeps_commits() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(&folder).await;
    commits_are_kept(store.as_ref()).await;
    store.close().await;
}

/// BRD-30
#[tokio::test]
async fn sqlite_publishes_in_one_direction() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(&folder).await;
    what_is_published_never_shrinks(store.as_ref()).await;
    store.close().await;
}
