//! Entries whose times are far off the witnesses' leave evidence, and are read all the same (EVD-14).

use crate::server::{FakeLog, entry_at, serve_files};
use board_api::{Memory, ReadOptions, record};
use protocol::{
    Body, Evidence,
    body::Notice,
    evidence::{Kind, TOLERANCE},
};

/// A minute, and its first second.
const MINUTE: u64 = 29_833_333;
const SECOND: u64 = MINUTE * 60;

/// A log of three entries, then such times.
fn log(times: &[u64]) -> FakeLog {
    let mut log = FakeLog::witnessed(3, 4, 3);
    for time in times {
        let index = u64::try_from(log.entries.len()).unwrap();
        let body = Body::Notice(Notice { text: format!("at {time}") }).encode();
        log.entries.push(entry_at(index, *time, body));
    }
    log
}

#[tokio::test]
async fn an_entry_from_the_future_leaves_evidence() {
    let folder = tempfile::tempdir().unwrap();
    for (cosigned, off) in [(SECOND - TOLERANCE - 1, true), (SECOND - TOLERANCE, false), (SECOND, false)] {
        let log = log(&[MINUTE; 300]);
        let (client, _) = serve_files(log.cosigned_files(&[0, 1, 2], cosigned)).await;
        let memory = Some(Memory::open(&folder.path().join(cosigned.to_string())).unwrap());
        let client = client.with_read_options(ReadOptions { memory, ..ReadOptions::default() });
        let mut reader = record::read(&client, &log.election).await.unwrap();
        assert_eq!(reader.rest().await.unwrap().len(), 303, "it is read all the same");
        let found: Vec<_> = reader.clock_evidence().collect();
        assert_eq!(found.len(), usize::from(off));
        if let [found] = found.as_slice() {
            assert_eq!(found.index, 255, "the last of the first bundle");
            let kept = std::fs::read(found.file.as_ref().unwrap()).unwrap();
            let finding = Evidence::decode(&kept).unwrap().check().unwrap();
            assert_eq!((finding.kind, finding.is_proved()), (Kind::Clock, true));
        }
    }
}

#[tokio::test]
async fn an_entry_that_was_not_there_at_its_time_leaves_evidence() {
    for (cosigned, off) in [(SECOND + 60 + TOLERANCE, true), (SECOND + 59 + TOLERANCE, false)] {
        for again in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let memory = Memory::open(folder.path()).unwrap();
            let options = ReadOptions { memory: Some(memory), ..ReadOptions::default() };
            let mut log = log(&[]);
            let (client, files) = serve_files(log.cosigned_files(&[0, 1, 2], cosigned)).await;
            let client = client.with_read_options(options);
            let mut reader = record::read(&client, &log.election).await.unwrap();
            reader.rest().await.unwrap();
            log.entries.push(entry_at(3, MINUTE, log_body()));
            *files.lock().unwrap() = log.cosigned_files(&[0, 1, 3], cosigned + 5);
            // The same reader goes on, or another program reads everything and remembers.
            if again {
                reader = record::read(&client, &log.election).await.unwrap();
            }
            reader.rest().await.unwrap();
            let found: Vec<_> = reader.clock_evidence().collect();
            assert_eq!(found.len(), usize::from(off));
            if let [found] = found.as_slice() {
                assert_eq!(found.index, 3);
                let finding = found.evidence.check().unwrap();
                assert_eq!((finding.kind, finding.is_proved()), (Kind::Clock, false));
            }
        }
    }
}

fn log_body() -> Vec<u8> {
    Body::Notice(Notice { text: "later".into() }).encode()
}
