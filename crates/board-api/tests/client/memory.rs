//! What was accepted once is remembered by the next program: a log goes forward, never back and never sideways (LOG-29, HTTP-26).

use crate::{
    promise::document,
    server::{Answer, FakeLog, entry, serve, serve_files},
};
use board_api::{
    BoardClient, ClientError, Memory, MemoryError, Promise, ReadOptions,
    memory::MOST_PROMISES,
    record::{self, RecordFault},
};
use protocol::{Body, Entry, Evidence, body::Notice, ids::ElectionFingerprint};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};
use tlog::proof::Receipt;

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

async fn remembering(log: &FakeLog, folder: &Path) -> (BoardClient, Files) {
    let (client, files) = serve_files(log.files()).await;
    let memory = Some(Memory::open(folder).unwrap());
    (client.with_read_options(ReadOptions { memory, ..ReadOptions::default() }), files)
}

/// A new program reads the whole log.
async fn read(client: &BoardClient, log: &FakeLog) -> Result<usize, ClientError> {
    Ok(record::read(client, &log.election).await?.rest().await?.len())
}

fn kept(client: &BoardClient, log: &FakeLog) -> Vec<u8> {
    client.read_options().memory.as_ref().unwrap().last(&log.election).unwrap().unwrap()
}

#[tokio::test]
async fn a_log_goes_forward_between_programs() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = FakeLog::new(5);
    for size in [5, 6, 256, 300, 300, 513, 700] {
        log.grow(size, "Notice");
        // A program of its own each time: what it knows is in the folder.
        let (client, _) = remembering(&log, folder.path()).await;
        assert_eq!(read(&client, &log).await.unwrap(), size);
        assert_eq!(kept(&client, &log), log.files()[&log.checkpoint_path()]);
    }
}

#[tokio::test]
async fn rollback_and_fork_are_refused_after_a_restart_too() {
    let folder = tempfile::tempdir().unwrap();
    let log = FakeLog::new(300);
    let (client, _) = remembering(&log, folder.path()).await;
    read(&client, &log).await.unwrap();
    let before = kept(&client, &log);
    let mut shorter = FakeLog::new(299);
    let (client, _) = remembering(&shorter, folder.path()).await;
    match read(&client, &log).await {
        Err(ClientError::Record(fault)) => match *fault {
            RecordFault::Rollback { seen: 300, offered: 299, file: Some(file), .. } => {
                let finding = Evidence::decode(&std::fs::read(file).unwrap()).unwrap().check().unwrap();
                assert!(!finding.is_proved(), "a log's signature states no time");
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    // As many entries and more, the last of the first 300 another.
    for size in [300, 301, 512, 600] {
        shorter.grow(size, "Another");
        let (client, _) = remembering(&shorter, folder.path()).await;
        for outcome in [
            read(&client, &log).await,
            record::receipt(&client, &log.election, 0, &log.entries[0]).await.map(|_| 0),
            record::download(&client, &log.election, |path, _| panic!("{path} of a fork")).await.map(|()| 0),
        ] {
            convicts_the_log(outcome, &log);
        }
    }
    assert_eq!(kept(&client, &log), before, "what was accepted stays");
}

/// HTTP-26: who read log 2 does not take log 1 for the whole record, whatever is asked for.
#[tokio::test]
async fn a_chain_does_not_end_before_a_log_that_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let log = FakeLog::new(300);
    let (client, _) = remembering(&log, folder.path()).await;
    read(&client, &log).await.unwrap();
    let memory = client.read_options().memory.as_ref().unwrap().of_log(2);
    assert!(memory.advance(&log.election, None, "a checkpoint of log 2").unwrap());
    for outcome in [
        read(&client, &log).await,
        record::receipt(&client, &log.election, 300, &log.entries[0]).await.map(|_| 0),
        record::download(&client, &log.election, |_, _| Ok::<_, ClientError>(())).await.map(|()| 0),
    ] {
        let Err(ClientError::Record(fault)) = outcome else { panic!("{outcome:?}") };
        assert!(matches!(*fault, RecordFault::SuccessorGone(2)), "{fault}");
    }
}

/// The refusal names a file that anyone can check.
#[track_caller]
fn convicts_the_log<T: std::fmt::Debug>(outcome: Result<T, ClientError>, log: &FakeLog) {
    let Err(ClientError::Record(fault)) = outcome else { panic!("{outcome:?}") };
    let told = fault.to_string();
    let RecordFault::Fork { seen: 300, file: Some(file), .. } = *fault else { panic!("{fault:?}") };
    assert!(told.contains(&file.display().to_string()), "{told}");
    let evidence = Evidence::decode(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(evidence.election(), log.election);
    assert_eq!(evidence.check().unwrap().culprits[0].key, log.key.verifier_key());
}

/// EVD-14: a promise is compared with the kept checkpoint where both have one size.
#[tokio::test]
async fn a_promise_of_another_history_convicts_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = FakeLog::new(30);
    let (client, _) = remembering(&log, folder.path()).await;
    read(&client, &log).await.unwrap();
    let mut other = FakeLog::new(29);
    other.grow(30, "Another");
    let files = log.files();
    let (entry, answer) = (Entry::decode(&other.entries[29]).unwrap(), other.promise(29));
    let client = serve(move |path| {
        let body = if path.ends_with("/submissions") { Some(answer.clone()) } else { files.get(path).cloned() };
        Some(body.map_or(Answer::new(404, "no such file"), |bytes| Answer::new(200, bytes)))
    })
    .await;
    let promised = client.submit(&log.election, &entry.submission()).await;
    assert!(promised.is_ok(), "without a memory there is nothing to compare it with: {promised:?}");
    let memory = Some(Memory::open(folder.path()).unwrap());
    let client = client.with_read_options(ReadOptions { memory, ..ReadOptions::default() });
    let outcome = client.submit(&log.election, &entry.submission()).await;
    let Err(ClientError::Record(fault)) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(*fault, RecordFault::Fork { seen: 30, file: Some(_), .. }), "{fault:?}");
}

#[tokio::test]
async fn a_damaged_memory_is_told_and_not_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let log = FakeLog::new(3);
    let (client, _) = remembering(&log, folder.path()).await;
    read(&client, &log).await.unwrap();
    let path = Memory::open(folder.path()).unwrap().path(&log.election);
    let honest = std::fs::read(&path).unwrap();
    for damage in [b"".to_vec(), honest[..honest.len() / 2].to_vec(), vec![b'x'; 300_000]] {
        std::fs::write(&path, &damage).unwrap();
        let refused = read(&client, &log).await;
        assert!(matches!(refused, Err(ClientError::Memory(MemoryError::Damaged { .. }))), "{refused:?}");
        assert_eq!(std::fs::read(&path).unwrap(), damage);
    }
    std::fs::write(&path, &honest).unwrap();
    read(&client, &log).await.unwrap();
}

#[test]
fn another_program_is_not_overtaken() {
    let folder = tempfile::tempdir().unwrap();
    let log = FakeLog::new(1);
    let memory = Memory::open(&folder.path().join("new").join("folder")).unwrap();
    assert_eq!(memory.last(&log.election).unwrap(), None);
    assert!(memory.advance(&log.election, None, "one\n").unwrap());
    assert!(!memory.advance(&log.election, None, "two\n").unwrap());
    assert!(!memory.advance(&log.election, Some(b"another\n"), "two\n").unwrap());
    assert_eq!(memory.last(&log.election).unwrap().unwrap(), b"one\n");
    assert!(memory.advance(&log.election, Some(b"one\n"), "two\n").unwrap());
    assert_eq!(memory.last(&log.election).unwrap().unwrap(), b"two\n");
    let first = memory.keep(&log.election, "fork", b"bytes").unwrap();
    assert_eq!(memory.keep(&log.election, "fork", b"bytes").unwrap(), first);
    assert_ne!(memory.keep(&log.election, "fork", b"other").unwrap(), first);
    assert_eq!(std::fs::read(first).unwrap(), b"bytes");
}

/// HTTP-43: every promise is kept as a receipt, the first for an entry, and not without end.
#[test]
fn promises_are_kept_and_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(folder.path()).unwrap();
    let log = FakeLog::new(9);
    assert!(memory.promises(&log.election).unwrap().is_empty());
    let first = memory.keep_promise(&log.election, &promised(&log, 7)).unwrap();
    let kept = std::fs::read(&first).unwrap();
    assert_eq!(memory.keep_promise(&log.election, &promised(&log, 7)).unwrap(), first, "once");
    let receipt = Receipt::parse(&kept).unwrap();
    assert_eq!((receipt.index, &receipt.extra), (7, &log.entries[7]));
    // As many as there may be: the next one takes the place of the lowest.
    for index in 100..99 + MOST_PROMISES {
        let name = format!("{index:020}-0123456789abcdef.tlog-proof");
        std::fs::write(first.with_file_name(name), &kept).unwrap();
    }
    assert_eq!(memory.promises(&log.election).unwrap().len(), MOST_PROMISES);
    let second = memory.keep_promise(&log.election, &promised(&log, 8)).unwrap();
    let paths = memory.promises(&log.election).unwrap();
    assert_eq!((paths.len(), &paths[0], first.exists()), (MOST_PROMISES, &second, false));
    assert!(memory.promises(&ElectionFingerprint([9; 32])).unwrap().is_empty());
    // Another entry that was promised in the same place is another promise.
    let mut other = FakeLog::new(9);
    other.entries[8] = entry(8, Body::Notice(Notice { text: "another".into() }).encode());
    for log in [&FakeLog::new(9), &other] {
        memory.keep_promise(&ElectionFingerprint([9; 32]), &promised(log, 8)).unwrap();
    }
    assert_eq!(memory.promises(&ElectionFingerprint([9; 32])).unwrap().len(), 2);
}

fn promised(log: &FakeLog, index: usize) -> Promise {
    let sent = Entry::decode(&log.entries[index]).unwrap().submission();
    document(log, index, &log.key).verify(&sent, &log.election, &log.key.verifier_key()).unwrap()
}
