//! Our board's log, judged by programs that share no line with it: Go's transparency-log library as Debian packages it (`go/main.go`),
//! and the published crates `signed_note` and `tlog_tiles`. A real board, over HTTP and as a folder; and each is first shown to refuse
//! every kind of tampering, also where the forger holds the log's key.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "what goes wrong here should stop the test"
)]

mod crates;
mod go;
#[expect(dead_code, reason = "the attacks use all of it")]
#[path = "../attacks/running.rs"]
mod running;
mod tampering;

use board_api::record::download;
use protocol::{Body, body::Notice, ids::ElectionFingerprint};
use running::{Running, prepared};
use std::{fs, path::Path};
use tampering::TAMPERINGS;
use tlog::{cosignature::CosignerKey, note::VerifierKey, proof::Receipt};

/// What a checker is told.
pub(crate) struct Task<'a> {
    /// A folder, or the address of one.
    pub(crate) place: &'a str,
    pub(crate) log: &'a str,
    pub(crate) witnesses: &'a [String],
    /// How many of them must have cosigned.
    pub(crate) quorum: usize,
    /// A file with an earlier checkpoint.
    pub(crate) earlier: &'a Path,
    /// A receipt's file.
    pub(crate) receipt: &'a Path,
}

/// Enough entries for full tiles on level 0 and a tile on level 1, and unfinished ones on both.
const ENTRIES: usize = 600;

/// A board with an election of that many entries, and the promise for one of them kept as a file, with the checkpoint of its moment.
async fn board(folder: &Path) -> (Running, ElectionFingerprint, VerifierKey) {
    let (running, mut drill) = prepared(1).await;
    let election = drill.election.fingerprint();
    let submissions: Vec<_> = (1..ENTRIES)
        .map(|number| drill.by_authority(&Body::Notice(Notice { text: format!("Notice {number}") })))
        .collect();
    for (number, submission) in submissions.iter().enumerate() {
        let promise = running.client.submit(&election, submission).await.unwrap();
        if number == 299 {
            let receipt: &Receipt = promise.receipt();
            fs::write(folder.join("receipt"), receipt.encode()).unwrap();
            fs::write(folder.join("earlier"), &receipt.checkpoint_note).unwrap();
        }
    }
    let log = running.client.log_key(&election).await.unwrap();
    (running, election, log)
}

/// Both checkers on one task; their names with what they say.
async fn judge(task: &Task<'_>) -> [(&'static str, Result<String, String>); 2] {
    [("Go", go::check(task).await), ("crates", crates::check(task).await)]
}

/// A real board, over HTTP and from the folder, passes; every tampered folder fails, in each checker.
#[tokio::test(flavor = "multi_thread")]
async fn others_check_our_log() {
    let folder = tempfile::tempdir().unwrap();
    let (running, election, log) = board(folder.path()).await;
    let record = folder.path().join("record");
    let store = |path: tlog::record::ChainPath, bytes: Vec<u8>| {
        let file = record.join(path.to_string());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
        Ok::<_, board_api::ClientError>(())
    };
    download(&running.client, &election, store).await.unwrap();
    let address = format!("{}e/{election}", running.client.address());
    let (log, receipt, earlier) = (log.to_string(), folder.path().join("receipt"), folder.path().join("earlier"));
    fn of<'a>(place: &'a str, log: &'a str, earlier: &'a Path, receipt: &'a Path) -> Task<'a> {
        Task { place, log, witnesses: &[], quorum: 0, earlier, receipt }
    }
    for place in [address.as_str(), record.to_str().unwrap()] {
        for (checker, verdict) in judge(&of(place, &log, &earlier, &receipt)).await {
            let said = verdict.unwrap_or_else(|error| panic!("{checker} refuses {place}: {error}"));
            assert!(said.contains(&format!("{ENTRIES} entries")), "{checker} on {place}: {said}");
        }
    }
    let signer = running.signer(log.split('+').next().unwrap());
    for tampering in TAMPERINGS {
        let copy = folder.path().join(tampering.name);
        tampering::copy(&record, &copy);
        (tampering.tamper)(&copy, &signer);
        for (checker, verdict) in judge(&of(copy.to_str().unwrap(), &log, &earlier, &receipt)).await {
            assert!(verdict.is_err(), "{checker} takes a log with {}: {verdict:?}", tampering.name);
        }
    }
    running.stop().await;
}

/// Witnesses' lines on a checkpoint count for others as they do for us: enough of them, each right, none altered.
#[tokio::test]
async fn others_count_our_cosignatures() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let witnesses: Vec<CosignerKey> = (1..=4)
        .map(|number| CosignerKey::from_seed(&format!("witness-{number}.example"), &[number; 32]).unwrap())
        .collect();
    let keys: Vec<String> = witnesses.iter().map(|witness| witness.verifier_key().to_string()).collect();
    let log = tampering::small_log(&record, &witnesses[..3]);
    fs::copy(record.join("checkpoint"), folder.path().join("earlier")).unwrap();
    tampering::receipt(&record, &folder.path().join("receipt"));
    let (receipt, earlier) = (folder.path().join("receipt"), folder.path().join("earlier"));
    let place = record.to_str().unwrap();
    let task = |quorum| Task { place, log: &log, witnesses: &keys, quorum, earlier: &earlier, receipt: &receipt };
    for (checker, verdict) in judge(&task(3)).await {
        assert!(verdict.as_ref().is_ok_and(|said| said.contains("3 cosignatures")), "{checker}: {verdict:?}");
    }
    for (checker, verdict) in judge(&task(4)).await {
        assert!(verdict.is_err(), "{checker} takes 3 of 4: {verdict:?}");
    }
    tampering::alter_a_cosignature(&record);
    for (checker, verdict) in judge(&task(2)).await {
        assert!(verdict.is_err(), "{checker} takes an altered line of a known witness: {verdict:?}");
    }
}
