//! The follower: what it hands out is under a signed checkpoint, whatever the server does (HTTP-20, HTTP-22, HTTP-23).

use crate::server::{FakeLog, serve_files};
use board_api::{
    BoardClient, ClientError,
    record::{self, RecordFault},
};
use protocol::ids::ElectionFingerprint;
use std::collections::BTreeMap;

async fn read_all(client: &BoardClient, f: &ElectionFingerprint) -> Result<Vec<Vec<u8>>, ClientError> {
    let entries = record::read(client, f).await?.rest().await?;
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

#[track_caller]
fn fault<T: std::fmt::Debug>(outcome: Result<T, ClientError>) -> RecordFault {
    match outcome {
        Err(ClientError::Record(fault)) => *fault,
        other => panic!("expected a fault of the record, found {other:?}"),
    }
}

#[tokio::test]
async fn logs_of_many_sizes_are_read_whole() {
    for size in [1, 2, 255, 256, 257, 511, 512, 513, 700] {
        let log = FakeLog::new(size);
        let (client, _) = serve_files(log.files()).await;
        assert_eq!(read_all(&client, &log.election).await.unwrap(), log.entries, "size {size}");
    }
}

#[tokio::test]
async fn a_log_of_three_levels_is_followed_from_any_point() {
    let mut log = FakeLog::new(65_000);
    let (client, files) = serve_files(log.files()).await;
    let mut reader = record::read(&client, &log.election).await.unwrap();
    assert_eq!(reader.rest().await.unwrap().len(), 65_000);
    log.grow(66_000, "Later");
    *files.lock().unwrap() = log.files();
    let rest = reader.rest().await.unwrap();
    assert_eq!((rest.len(), rest[0].0), (1000, 65_000));
    assert!(rest.iter().map(|(_, entry)| entry).eq(&log.entries[65_000..]));
    assert_eq!(reader.checkpoint().unwrap().checkpoint().size(), 66_000);
}

#[tokio::test]
async fn partial_files_that_are_gone_are_replaced_by_full_ones() {
    let mut log = FakeLog::new(300);
    let small = log.files();
    log.grow(520, "Notice");
    // A checkpoint of 300 whose partial files were swept away when the log had 520.
    let mut files = log.files();
    let checkpoint = format!("/e/{}/checkpoint", log.election);
    files.insert(checkpoint.clone(), small[&checkpoint].clone());
    let level_one = format!("/e/{}/tile/1/000.p/1", log.election);
    files.insert(level_one.clone(), small[&level_one].clone());
    let (client, _) = serve_files(files).await;
    assert_eq!(read_all(&client, &log.election).await.unwrap(), log.entries[..300]);
}

#[tokio::test]
async fn every_changed_byte_is_refused_and_no_wrong_entry_handed_out() {
    let log = FakeLog::new(270);
    let honest = log.files();
    for (path, bytes) in &honest {
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut files = honest.clone();
            files.get_mut(path).unwrap()[place] ^= 1;
            check_refused(&log, files, &format!("{path}, byte {place}")).await;
        }
        let mut files = honest.clone();
        files.remove(path);
        check_refused(&log, files, &format!("{path} removed")).await;
        let mut files = honest.clone();
        files.get_mut(path).unwrap().push(b'\n');
        check_refused(&log, files, &format!("{path} extended")).await;
    }
}

async fn check_refused(log: &FakeLog, files: BTreeMap<String, Vec<u8>>, what: &str) {
    let (client, _) = serve_files(files).await;
    let Ok(mut reader) = record::read(&client, &log.election).await else { return };
    let mut place = 0;
    loop {
        match reader.next_entries().await {
            Err(_) => return,
            Ok(entries) if entries.is_empty() => panic!("{what}: read to the end"),
            Ok(entries) => {
                for (_, entry) in entries {
                    assert_eq!(entry, log.entries[place], "{what}: entry {place}");
                    place += 1;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_second_history_is_refused_and_kept_as_evidence() {
    let mut log = FakeLog::new(300);
    let (client, files) = serve_files(log.files()).await;
    let mut reader = record::read(&client, &log.election).await.unwrap();
    reader.rest().await.unwrap();
    // Fewer entries than before.
    *files.lock().unwrap() = FakeLog::new(299).files();
    assert!(matches!(fault(reader.rest().await), RecordFault::Rollback { seen: 300, offered: 299, file: None, .. }));
    // Other entries than before, as many and more.
    log.entries.truncate(280);
    for size in [300, 600] {
        log.grow(size, "Another");
        *files.lock().unwrap() = log.files();
        match fault(reader.rest().await) {
            RecordFault::Fork { seen: 300, evidence, file: None } => {
                let finding = evidence.check().unwrap();
                assert_eq!((finding.election, finding.culprits.len()), (log.election, 1), "{size}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn another_election_or_key_is_refused() {
    let log = FakeLog::new(3);
    let other = ElectionFingerprint([9; 32]);
    let moved: BTreeMap<_, _> = log
        .files()
        .into_iter()
        .map(|(path, bytes)| (path.replace(&log.election.to_string(), &other.to_string()), bytes))
        .collect();
    let (client, _) = serve_files(moved).await;
    assert!(matches!(fault(client.manifest(&other).await), RecordFault::OtherElection(_)));
    let mut forged = FakeLog::new(3);
    forged.key = tlog::note::SignerKey::from_seed(log.key.name(), &[8; 32]).unwrap();
    let (client, _) = serve_files(forged.files()).await;
    assert!(matches!(fault(read_all(&client, &log.election).await), RecordFault::Checkpoint(_)));
    forged.key = tlog::note::SignerKey::from_seed("board.example/other", &[7; 32]).unwrap();
    let (client, _) = serve_files(forged.files()).await;
    assert!(matches!(fault(read_all(&client, &log.election).await), RecordFault::OtherLog { .. }));
}
