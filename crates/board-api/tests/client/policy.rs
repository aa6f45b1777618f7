//! Only a checkpoint that meets the policy is read under, and only so much of it as the reader would read (LOG-28, HTTP-25, HTTP-27).

use crate::server::{Answer, FakeLog, serve, serve_files};
use board_api::{
    BoardClient, ClientError, Limits, ReadOptions,
    record::{self, RecordFault},
};
use std::sync::{Arc, Mutex};
use tlog::{merkle::leaf_hash, note::SignerKey, policy::Policy};

const TIME: u64 = 1_790_000_000;

#[track_caller]
fn fault<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> RecordFault {
    match outcome {
        Err(ClientError::Record(fault)) => *fault,
        other => panic!("expected a fault of the record, found {other:?}"),
    }
}

async fn read(client: &BoardClient, log: &FakeLog) -> Result<usize, ClientError> {
    Ok(record::read(client, &log.election).await?.rest().await?.len())
}

#[tokio::test]
async fn a_checkpoint_without_the_quorum_is_not_read_under() {
    let log = FakeLog::witnessed(20, 4, 3);
    let (client, files) = serve_files(log.files()).await;
    for cosigned in [&[][..], &[0], &[1, 2], &[2, 2, 2]] {
        *files.lock().unwrap() = log.cosigned_files(cosigned, TIME);
        assert!(matches!(fault(read(&client, &log).await), RecordFault::Unwitnessed(_)), "{cosigned:?}");
        let store = |path, _| -> Result<(), ClientError> { panic!("{path} without a quorum") };
        assert!(matches!(fault(record::download(&client, &log.election, store).await), RecordFault::Unwitnessed(_)));
        assert!(client.manifest(&log.election).await.is_ok(), "the fingerprint alone vouches for the manifest");
    }
    *files.lock().unwrap() = log.cosigned_files(&[0, 2, 3], TIME);
    assert_eq!(read(&client, &log).await.unwrap(), 20);
    // A witness's line that does not hold spoils the checkpoint, enough others or not.
    let note = log.checkpoint(20, &[0, 1, 2, 3], TIME);
    let line = note.lines().last().unwrap();
    let spoilt = note.replace(line, log.checkpoint(19, &[3], TIME).lines().last().unwrap());
    files.lock().unwrap().insert(log.checkpoint_path(), spoilt.into_bytes());
    assert!(matches!(fault(read(&client, &log).await), RecordFault::Checkpoint(_)));
}

#[tokio::test]
async fn a_reader_may_demand_another_policy_for_the_same_log() {
    let log = FakeLog::witnessed(20, 4, 3);
    let (client, files) = serve_files(log.cosigned_files(&[0, 1, 2], TIME)).await;
    let with = |policy: &str| {
        let policy = Some(Policy::parse(policy.as_bytes()).unwrap());
        client.clone().with_read_options(ReadOptions { policy, ..ReadOptions::default() })
    };
    let fourth =
        format!("log {}\nwitness mine {}\nquorum mine\n", log.key.verifier_key(), log.witnesses[3].verifier_key());
    assert!(matches!(fault(read(&with(&fourth), &log).await), RecordFault::Unwitnessed(_)));
    files.lock().unwrap().insert(log.checkpoint_path(), log.checkpoint(20, &[3], TIME).into_bytes());
    assert_eq!(read(&with(&fourth), &log).await.unwrap(), 20);
    let foreign =
        format!("log {}\nquorum none\n", SignerKey::from_seed("other.example", &[9; 32]).unwrap().verifier_key());
    assert!(matches!(fault(read(&with(&foreign), &log).await), RecordFault::PolicyOfAnotherLog(_)));
}

#[tokio::test]
async fn a_receipt_comes_from_tiles_once_the_quorum_covers_the_entry() {
    let mut log = FakeLog::witnessed(300, 4, 3);
    let (client, files) = serve_files(log.files()).await;
    let receipt = async |log: &FakeLog, index: usize| {
        let place = u64::try_from(index).unwrap();
        record::receipt(&client, &log.election, place, &log.entries[index]).await
    };
    // The log alone; then no checkpoint at all; then the quorum, over fewer entries.
    assert_eq!(receipt(&log, 299).await.unwrap(), None);
    client.manifest(&log.election).await.unwrap();
    let path = log.checkpoint_path();
    files.lock().unwrap().remove(&path);
    assert_eq!(receipt(&log, 299).await.unwrap(), None);
    *files.lock().unwrap() = log.cosigned_files(&[0, 1, 2], TIME);
    log.grow(600, "Notice");
    assert_eq!(receipt(&log, 300).await.unwrap(), None);
    *files.lock().unwrap() = log.cosigned_files(&[0, 1, 2], TIME);
    let policy = client.manifest(&log.election).await.unwrap().policy.clone();
    for index in [0, 255, 256, 300, 599] {
        let found = receipt(&log, index).await.unwrap().unwrap();
        assert_eq!(found.extra, log.entries[index]);
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        found.verify_under(&leaf_hash(&log.entries[index]), &policy, TIME).unwrap();
    }
    // The promised entry is not the one there.
    let other = record::receipt(&client, &log.election, 7, &log.entries[8]).await;
    assert!(matches!(fault(other), RecordFault::EntryMismatch(7)));
}

#[tokio::test]
async fn what_a_board_claims_is_bounded() {
    let log = FakeLog::new(600);
    let (client, _) = serve_files(log.files()).await;
    let limited = |entries, bytes| {
        let limits = Limits { entries, bytes };
        client.clone().with_read_options(ReadOptions { limits, ..ReadOptions::default() })
    };
    assert!(matches!(fault(read(&limited(599, 1 << 30), &log).await), RecordFault::TooLarge { size: 600, limit: 599 }));
    assert!(matches!(fault(read(&limited(600, 20_000), &log).await), RecordFault::TooManyBytes(20_000)));
    let store = |_, _| Ok::<(), ClientError>(());
    let outcome = record::download(&limited(600, 20_000), &log.election, store).await;
    assert!(matches!(fault(outcome), RecordFault::TooManyBytes(_)));
    assert_eq!(read(&limited(600, 1 << 30), &log).await.unwrap(), 600);
}

/// THR-52: garbage under a signed checkpoint is noticed with the first file of it: a download does not fetch on for as long as the log claims to be.
#[tokio::test]
async fn garbage_ends_with_its_first_file() {
    let log = FakeLog::new(700);
    let files = Arc::new(Mutex::new(log.files()));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (shared, heard) = (files.clone(), asked.clone());
    let client = serve(move |path| {
        heard.lock().unwrap().push(path.to_owned());
        let file = shared.lock().unwrap().get(path).cloned();
        Some(file.map_or(Answer::new(404, "no such file"), |bytes| Answer::new(200, bytes)))
    })
    .await;
    let mut stored = Vec::new();
    let mut store = |path: tlog::record::ChainPath, bytes: Vec<u8>| -> Result<(), ClientError> {
        stored.push((format!("/e/{}/{path}", log.election), bytes));
        Ok(())
    };
    record::download(&client, &log.election, &mut store).await.unwrap();
    assert_eq!(stored.last().unwrap().0, log.checkpoint_path(), "the checkpoint comes last");
    assert_eq!(stored.into_iter().collect::<std::collections::BTreeMap<_, _>>(), log.files(), "byte for byte");

    for name in ["tile/0/000", "tile/entries/000", "tile/1/000.p/2"] {
        *files.lock().unwrap() = log.files();
        files.lock().unwrap().get_mut(&format!("/e/{}/{name}", log.election)).unwrap()[40] ^= 1;
        asked.lock().unwrap().clear();
        let mut stored = 0;
        let outcome = record::download(&client, &log.election, |_, _| {
            stored += 1;
            Ok::<(), ClientError>(())
        });
        fault(outcome.await);
        let beyond = asked.lock().unwrap().iter().filter(|path| path.ends_with("/001")).count();
        assert_eq!(beyond, 0, "{name}: nothing was fetched beyond the garbage");
        assert!(stored < 7, "{name}");
    }
}
