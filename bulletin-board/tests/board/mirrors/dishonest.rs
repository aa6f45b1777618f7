//! Boards that show what they must not, or less than they must: kept as evidence, never cosigned.

use super::{
    Mirror,
    board::{FakeBoard, folded, grown},
    request, until,
};
use crate::town::Town;
use bulletin_board::mirror::MirrorConfig;
use crypto::schnorr::SigningKey;
use protocol::{Author, Body, Evidence, body::Notice};
use rand::rngs::OsRng;
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};
use tlog::{merkle::leaf_hash, proof::Receipt};

/// A town, its log of `size` entries, and a board that shows nothing yet.
async fn town_and_board(size: usize) -> (Town, Vec<Vec<u8>>, FakeBoard) {
    let mut town = Town::new(1);
    let first = town.create_alone().encode();
    let entries = grown(&town, &[first], size, "Notice");
    let board = FakeBoard::start(&town).await;
    (town, entries, board)
}

fn config(folder: &Path, board: &FakeBoard) -> MirrorConfig {
    let mut config = Mirror::config(folder, board.key(), &board.url);
    config.sources[0].elections = vec![board.f];
    config
}

async fn holds(mirror: &Mirror, size: u64) {
    until(|| async { mirror.standing().await.0 == size }).await;
}

async fn rule(mirror: &Mirror) -> Option<String> {
    mirror.standing().await.1["rule"].as_str().map(str::to_owned)
}

fn evidence(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(files) = std::fs::read_dir(folder.join("evidence")) else { return Vec::new() };
    let paths = files.map(|file| file.unwrap().path());
    paths.filter(|path| path.to_str().unwrap().ends_with(ending)).collect()
}

/// MIR-3, MIR-4: a board that has signed an entry which the rules refuse gets no cosignature any more; what came before is served, and the entry is kept
/// under the log's signature.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_refused_ends_all_cosigning() {
    let folder = tempfile::tempdir().unwrap();
    let (town, good, board) = town_and_board(3).await;
    board.show(&good);
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    holds(&mirror, 3).await;
    let key = board.log.verifier_key();
    let (status, lines, _) = mirror.add_checkpoint(&request(&good, 0, 3, board.note(&good))).await;
    assert_eq!(status, 200, "{lines}");
    assert_eq!(mirror.cosigned(&board.note(&good), &lines, &key).await.cosignatures().len(), 1);

    // In the authority's name, by somebody else's key.
    let stranger = SigningKey::generate(&mut OsRng).unwrap();
    let body = Body::Notice(Notice { text: "Come to another polling station.".into() }).encode();
    let forged =
        protocol::Submission::sign(&town.fingerprint(), &Author::Authority, body, &stranger, &mut OsRng).unwrap();
    let mut bad = good.clone();
    bad.push(folded(&good).next_entry(forged, 0).encode());
    // Whatever follows is not looked at.
    bad.push(good[1].clone());
    board.show(&bad);
    let (status, reason, _) = mirror.add_checkpoint(&request(&bad, 3, 5, board.note(&bad))).await;
    assert_eq!(status, 403, "{reason}");
    assert!(reason.contains("MIR-4") && reason.contains("entry 3") && reason.contains("ENT-5"), "{reason}");
    let (size, trouble) = mirror.standing().await;
    assert_eq!((size, trouble["rule"].as_str(), trouble["lasting"].as_bool()), (3, Some("ENT-5"), Some(true)));
    // Nothing more at all, not even what holds.
    assert_eq!(mirror.add_checkpoint(&request(&good, 3, 3, board.note(&good))).await.0, 403);
    assert_eq!(board_api::record::read(&mirror.client, &board.f).await.unwrap().rest().await.unwrap().len(), 3);

    let kept = evidence(folder.path(), "refused-3-ENT-5.tlog-proof");
    let receipt = Receipt::parse(&std::fs::read(&kept[0]).unwrap()).unwrap();
    assert_eq!((receipt.index, &receipt.extra), (3, &bad[3]));
    receipt.verify(&leaf_hash(&bad[3]), &[key]).unwrap();

    // A restart changes nothing, whatever the board shows by then: from the first moment on.
    mirror.stop().await;
    board.show(&good);
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    assert_eq!(mirror.add_checkpoint(&request(&good, 3, 3, board.note(&good))).await.0, 403);
    assert_eq!(rule(&mirror).await.as_deref(), Some("ENT-5"));
    board.show(&bad);
    assert_eq!(mirror.add_checkpoint(&request(&bad, 3, 5, board.note(&bad))).await.0, 403);
    assert_eq!(board_api::record::read(&mirror.client, &board.f).await.unwrap().rest().await.unwrap().len(), 3);
    assert_eq!(evidence(folder.path(), ".tlog-proof").len(), 1);
    mirror.stop().await;
}

/// MIR-4: bytes that are no entry, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_entry_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_, mut entries, board) = town_and_board(2).await;
    entries.push(b"ballot box".to_vec());
    board.show(&entries);
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    until(|| async { rule(&mirror).await.is_some_and(|rule| rule.starts_with("ENC")) }).await;
    // What came before is stored, but nothing is held up to a checkpoint of the log: nothing is shown.
    assert_eq!(mirror.standing().await.0, 0);
    assert_eq!(mirror.add_checkpoint(&request(&entries, 0, 3, board.note(&entries))).await.0, 403);
    assert_eq!(evidence(folder.path(), ".tlog-proof").len(), 1);
    mirror.stop().await;
}

/// MIR-5, MIR-8: another history, larger or smaller than what is held, and a board that goes back: nothing is cosigned, and the evidence convicts
/// the log's key by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_history_is_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let (town, honest, board) = town_and_board(8).await;
    let other = grown(&town, &honest[..3], 12, "Another notice");
    board.show(&honest);
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    holds(&mirror, 8).await;
    assert_eq!(mirror.add_checkpoint(&request(&honest, 0, 5, board.note(&honest[..5]))).await.0, 200);

    // Of a size that is held.
    let (status, reason, _) = mirror.add_checkpoint(&request(&honest, 5, 6, board.note(&other[..6]))).await;
    assert_eq!(status, 422, "{reason}");
    assert_eq!(evidence(folder.path(), ".evidence").len(), 1);

    // A larger one, which the board shows to everybody.
    board.show(&other);
    until(|| async { evidence(folder.path(), ".evidence").len() == 2 }).await;
    assert_eq!(rule(&mirror).await.as_deref(), Some("MIR-5"));
    for _ in 0..2 {
        let (status, reason, _) = mirror.add_checkpoint(&request(&other, 5, 12, board.note(&other))).await;
        assert_eq!(status, 422, "{reason}");
    }

    // It goes back.
    board.show(&honest[..4]);
    until(|| async { evidence(folder.path(), ".evidence").len() == 3 }).await;
    for path in evidence(folder.path(), ".evidence") {
        let finding = Evidence::decode(&std::fs::read(&path).unwrap()).unwrap().check().unwrap();
        let rollback = path.to_str().unwrap().contains("rollback");
        assert_eq!(finding.is_proved(), !rollback, "{}: a smaller checkpoint alone convicts nobody", path.display());
    }
    // What was held is held.
    assert_eq!(mirror.standing().await.0, 8);
    assert_eq!(board_api::record::read(&mirror.client, &board.f).await.unwrap().rest().await.unwrap().len(), 8);
    // And the honest history goes on.
    let honest = grown(&town, &honest, 9, "Notice");
    board.show(&honest);
    holds(&mirror, 9).await;
    assert_eq!(mirror.add_checkpoint(&request(&honest, 5, 9, board.note(&honest))).await.0, 200);
    mirror.stop().await;
}

/// MIR-8: a checkpoint that the board has not shown yet is fetched at once; one that cannot be held in time is answered 503, and 409, 404 and 400 are the
/// witness's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_held_yet_is_fetched_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_, entries, board) = town_and_board(9).await;
    // The head lags behind; the files are there.
    let mut files = board.files(&entries[..6]);
    files.extend(board.files(&entries[..3]));
    board.shown.lock().unwrap().files = files;
    let mut settings = config(folder.path(), &board);
    // It would not look by itself.
    settings.interval = std::time::Duration::from_secs(600);
    let mirror = Mirror::start(settings).await;
    holds(&mirror, 3).await;
    let (status, lines, _) = mirror.add_checkpoint(&request(&entries, 0, 6, board.note(&entries[..6]))).await;
    assert_eq!(status, 200, "{lines}");
    assert_eq!(mirror.standing().await.0, 6);
    let (status, reason, later) = mirror.add_checkpoint(&request(&entries, 6, 9, board.note(&entries))).await;
    assert_eq!((status, later.as_deref()), (503, Some("1")), "{reason}");
    let (status, size, _) = mirror.add_checkpoint(&request(&entries, 3, 6, board.note(&entries[..6]))).await;
    assert_eq!((status, size.as_str()), (409, "6\n"));
    let foreign = tlog::note::SignerKey::from_seed("elsewhere.example", &[1; 32]).unwrap();
    let files = tlog::record::write_record(&entries[..1], &foreign).unwrap();
    let note = String::from_utf8(files.last().unwrap().bytes.clone()).unwrap();
    assert_eq!(mirror.add_checkpoint(&request(&entries, 0, 1, note)).await.0, 404);
    let forged = board.note(&entries).replace("\n9\n", "\n8\n");
    assert_eq!(mirror.add_checkpoint(&request(&entries, 6, 9, forged)).await.0, 403);
    mirror.stop().await;
}

/// MIR-6: half a download is gone on with, after a restart too; nothing is shown before its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_download_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (_, entries, board) = town_and_board(300).await;
    let mut files = board.files(&entries);
    let missing = format!("/e/{}/tile/entries/001.p/44", board.f);
    let bundle = files.remove(&missing).unwrap();
    // The manifest alone, as a board has it.
    let manifest = board.files(&entries[..1]);
    files.extend(manifest.into_iter().filter(|(name, _)| name.ends_with("tile/entries/000.p/1")));
    board.shown.lock().unwrap().files = files;
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    until(|| async { mirror.standing().await.1["text"].as_str().is_some_and(|text| text.contains("missing")) }).await;
    let first = format!("/e/{}/tile/entries/000", board.f);
    assert!(board.shown.lock().unwrap().given.contains(&first));
    assert_eq!(mirror.standing().await.0, 0);
    assert!(mirror.client.elections().await.unwrap().is_empty());
    mirror.stop().await;
    board.shown.lock().unwrap().given.clear();
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    board.shown.lock().unwrap().files.insert(missing, bundle);
    holds(&mirror, 300).await;
    assert!(!board.shown.lock().unwrap().given.contains(&first), "what is stored is not fetched again");
    assert_eq!(board_api::record::read(&mirror.client, &board.f).await.unwrap().rest().await.unwrap().len(), 300);
    mirror.stop().await;
}

/// MIR-5, MIR-8: a mirror that reads under one head is asked to cosign an older one, not yet held: no step back of the log, only something to wait for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_head_is_no_step_back() {
    let folder = tempfile::tempdir().unwrap();
    let (_, entries, board) = town_and_board(300).await;
    let mut files = board.files(&entries);
    for size in [1, 280] {
        files.extend(board.files(&entries[..size]).into_iter().filter(|(name, _)| name.contains(".p/")));
    }
    let missing = format!("/e/{}/tile/entries/001.p/44", board.f);
    let bundle = files.remove(&missing).unwrap();
    board.shown.lock().unwrap().files = files;
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    until(|| async { mirror.standing().await.1["text"].as_str().is_some_and(|text| text.contains("missing")) }).await;
    let older = request(&entries, 0, 280, board.note(&entries[..280]));
    let (status, reason, _) = mirror.add_checkpoint(&older).await;
    assert_eq!(status, 503, "{reason}");
    assert_eq!(evidence(folder.path(), ".evidence"), Vec::<PathBuf>::new());
    assert_eq!(rule(&mirror).await, None);
    board.shown.lock().unwrap().files.insert(missing, bundle);
    until(|| async { mirror.add_checkpoint(&older).await.0 == 200 }).await;
    assert_eq!(evidence(folder.path(), ".evidence"), Vec::<PathBuf>::new());
    mirror.stop().await;
}

/// MIR-8: whoever shows a checkpoint of a log that the mirror does not follow, again and again, takes no place away from those that it follows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_one_log_delays_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (_, entries, board) = town_and_board(3).await;
    board.show(&entries);
    let mirror = Mirror::start(config(folder.path(), &board)).await;
    holds(&mirror, 3).await;
    let other = tlog::note::SignerKey::from_seed(&format!("board.example/{}", "0f".repeat(32)), &[1; 32]).unwrap();
    let note = tlog::record::write_record(&entries[..1], &other).unwrap().pop().unwrap().bytes;
    let unfollowed = request(&entries, 0, 1, String::from_utf8(note).unwrap());
    // More than there are places for, all the time: a request alone would wait for its log, and see no crowd.
    let (full, over) = (tokio::sync::Notify::new(), std::sync::atomic::AtomicBool::new(false));
    let flood = futures_util::future::join_all((0..70).map(|_| async {
        while !over.load(Ordering::Relaxed) {
            let (status, reason, _) = mirror.add_checkpoint(&unfollowed).await;
            assert_eq!(status, 503, "{reason}");
            if reason.contains("too many") {
                full.notify_one();
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        }
    }));
    let honest = async {
        full.notified().await;
        let answer = mirror.add_checkpoint(&request(&entries, 0, 3, board.note(&entries))).await;
        over.store(true, Ordering::Relaxed);
        answer
    };
    let (_, (status, reason, _)) = futures_util::future::join(flood, honest).await;
    assert_eq!(status, 200, "{reason}");
    mirror.stop().await;
}
