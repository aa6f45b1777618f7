//! The core without sockets: memory, time, key (WIT-8 to WIT-10).

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::SignerKey,
};

const ORIGIN: &str = "board.example/ward-13";

struct Bench {
    folder: tempfile::TempDir,
    now: Arc<AtomicU64>,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), now: Arc::new(AtomicU64::new(1000)) }
    }

    fn identity(&self) -> Identity {
        Identity {
            name: "witness.example".to_owned(),
            key_file: self.folder.path().join("witness.key"),
            state: self.folder.path().join("witness.sqlite"),
            new_state: false,
        }
    }

    async fn open(&self) -> Result<Arc<Witness>, WitnessError> {
        self.open_as(&self.identity()).await
    }

    async fn open_as(&self, identity: &Identity) -> Result<Arc<Witness>, WitnessError> {
        let mut known = KnownLogs::new();
        known.add_log(&log().verifier_key().to_string()).unwrap();
        let now = self.now.clone();
        Ok(Arc::new(Witness::open(identity, known, Arc::new(move || now.load(Ordering::SeqCst))).await?))
    }
}

fn log() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.append(leaf_hash(&index.to_be_bytes())));
    tree
}

fn request(old: u64, new: u64) -> Vec<u8> {
    let tree = tree(new);
    let head = Checkpoint::new(ORIGIN, new, tree.root()).unwrap();
    let (proof, checkpoint) = (tree.prove_consistency(old, new).unwrap(), checkpoint::sign(&head, &log()).unwrap());
    Request { old, proof, checkpoint }.encode().into_bytes()
}

fn time_of(witness: &Witness, answer: &Answer, size: u64) -> u64 {
    let head = Checkpoint::new(ORIGIN, size, tree(size).root()).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &log()).unwrap().as_bytes()).unwrap();
    for line in tlog::add_checkpoint::cosignatures(answer.body.as_bytes()).unwrap() {
        note.add(line).unwrap();
    }
    let keys = [log().verifier_key(), witness.verifier_key()];
    let signed = checkpoint::open_strict(note.encode().as_bytes(), &keys).unwrap();
    signed.cosignatures()[0].timestamp
}

/// WIT-8: what was answered is remembered after a restart; a lost answer is made good by the size in the next one.
#[tokio::test]
async fn memory_outlives_the_process() {
    let bench = Bench::new();
    let witness = bench.open().await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 3)).await.status, 200);
    // The answer to this one is lost on its way.
    assert_eq!(witness.add_checkpoint(&request(3, 7)).await.status, 200);
    witness.state().close().await;
    drop(witness);
    let witness = bench.open().await.unwrap();
    let answer = witness.add_checkpoint(&request(3, 9)).await;
    assert_eq!((answer.status, answer.content_type, answer.body.as_str()), (409, "text/x.tlog.size", "7\n"));
    assert_eq!(witness.add_checkpoint(&request(7, 9)).await.status, 200);
}

/// WIT-9: times never decrease, over restarts too, and are never 0; the same tree may be cosigned again, later.
#[tokio::test]
async fn time_does_not_run_backwards() {
    let bench = Bench::new();
    let witness = bench.open().await.unwrap();
    let first = witness.add_checkpoint(&request(0, 3)).await;
    assert_eq!(time_of(&witness, &first, 3), 1000);
    bench.now.store(1010, Ordering::SeqCst);
    let again = witness.add_checkpoint(&request(3, 3)).await;
    assert_eq!(time_of(&witness, &again, 3), 1010);
    witness.state().close().await;
    let witness = bench.open().await.unwrap();
    bench.now.store(1009, Ordering::SeqCst);
    for new in [3, 4] {
        let answer = witness.add_checkpoint(&request(3, new)).await;
        assert_eq!((answer.status, answer.retry_after), (503, Some(1)));
    }
    assert_eq!(
        witness.state().log(ORIGIN).await.unwrap().unwrap().seen.size,
        3,
        "nothing is kept that is not answered"
    );
    bench.now.store(1010, Ordering::SeqCst);
    assert_eq!(time_of(&witness, &witness.add_checkpoint(&request(3, 4)).await, 4), 1010);

    let other = Bench::new();
    other.now.store(0, Ordering::SeqCst);
    assert_eq!(other.open().await.unwrap().add_checkpoint(&request(0, 1)).await.status, 503, "a time of 0 states none");
    other.now.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(other.open().await.unwrap().add_checkpoint(&request(0, 1)).await.status, 503);
}

/// WIT-10: neither a lost memory nor a foreign one is used, and no key is made for a memory that has one.
#[tokio::test]
async fn key_and_memory_belong_together() {
    let bench = Bench::new();
    let witness = bench.open().await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 3)).await.status, 200);
    witness.state().close().await;

    let elsewhere = Identity { state: bench.folder.path().join("elsewhere.sqlite"), ..bench.identity() };
    assert!(matches!(bench.open_as(&elsewhere).await, Err(WitnessError::MemoryLost { .. })));
    assert!(matches!(bench.open_as(&elsewhere).await, Err(WitnessError::MemoryLost { .. })), "nor the second time");
    let renamed = Identity { name: "other.example".to_owned(), ..bench.identity() };
    assert!(matches!(bench.open_as(&renamed).await, Err(WitnessError::ForeignMemory { .. })));
    let no_key = Identity { key_file: bench.folder.path().join("other.key"), ..bench.identity() };
    assert!(matches!(bench.open_as(&no_key).await, Err(WitnessError::Key(KeyFileError::Missing(_)))));
    assert!(!no_key.key_file.exists());
    let nameless = Identity { name: "two words".to_owned(), ..bench.identity() };
    assert!(matches!(bench.open_as(&nameless).await, Err(WitnessError::Name(..))));

    // Said in so many words, it is done; and what it means is that the witness has forgotten.
    let witness = bench.open_as(&Identity { new_state: true, ..elsewhere }).await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 5)).await.status, 200);
    // For a memory that is there it changes nothing.
    let witness = bench.open_as(&Identity { new_state: true, ..bench.identity() }).await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 5)).await.status, 409);
}

/// WIT-8: the database itself refuses to forget.
#[tokio::test]
async fn the_memory_only_grows() {
    let bench = Bench::new();
    let witness = bench.open().await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 3)).await.status, 200);
    witness.state().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(bench.identity().state);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for statement in [
        "UPDATE logs SET size = 2",
        "UPDATE logs SET root = zeroblob(32)",
        "UPDATE logs SET time = 999",
        "UPDATE logs SET origin = 'x'",
        "DELETE FROM logs",
        "INSERT OR REPLACE INTO logs SELECT * FROM logs",
        "UPDATE cosigner SET vkey = 'x'",
        "DELETE FROM cosigner",
    ] {
        assert!(sqlx::query(statement).execute(&pool).await.is_err(), "{statement}");
    }
    pool.close().await;
    assert_eq!(bench.open().await.unwrap().add_checkpoint(&request(3, 4)).await.status, 200);
}

/// WIT-8: a witness that could not store says nothing more until it was restarted.
#[tokio::test]
async fn after_a_failed_commit_nothing_is_cosigned() {
    let bench = Bench::new();
    let witness = bench.open().await.unwrap();
    assert_eq!(witness.add_checkpoint(&request(0, 3)).await.status, 200);
    // A deferred constraint fails in the commit itself.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(bench.identity().state);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::raw_sql(
        "CREATE TABLE there (id INTEGER PRIMARY KEY);
         CREATE TABLE fault (id INTEGER REFERENCES there (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER inject AFTER UPDATE ON logs BEGIN INSERT INTO fault VALUES (1); END;",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let failed = witness.add_checkpoint(&request(3, 4)).await;
    assert_eq!((failed.status, failed.retry_after), (503, Some(30)));
    assert!(!witness.is_sound());
    assert_eq!(witness.add_checkpoint(&request(3, 3)).await.status, 503);
    assert_eq!(witness.state().log(ORIGIN).await.unwrap().unwrap().seen.size, 3);
}
