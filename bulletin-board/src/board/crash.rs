//! Every call of the store fails once, in both flavours, from the opening of the board over the creation of an election to some
//! appends; then the board is opened again on what is there.

use super::*;
use crate::{
    batch::town::Town,
    fsck::fsck,
    store::{
        Settings,
        faulty::{Faulty, Flavour},
    },
};
use board_api::Promise;
use protocol::Submission;
use std::path::Path;
use tlog::{
    merkle::{Tree, leaf_hash},
    note::VerifierKey,
};

/// Notices sent in a round.
const NOTICES: usize = 4;

/// What is sent in every round: the same bytes.
struct Script {
    authority: [u8; 32],
    manifest: Submission,
    notices: Vec<Submission>,
    election: ElectionFingerprint,
    log: VerifierKey,
}

fn config(folder: &Path, authority: [u8; 32]) -> Config {
    let mut config = Config::new(folder.join("board.sqlite"), folder.join("board.key"), "board.example");
    config.authorities = vec![authority];
    config
}

impl Script {
    /// For the key of the board in this folder.
    async fn new(folder: &Path) -> Self {
        let mut town = Town::new(1);
        let authority = town.authority.public().0;
        let board = Board::open(config(folder, authority)).await.unwrap();
        let document = board.document().unwrap();
        board.close().await;
        let manifest = town.sign_manifest(&town.manifest(&document));
        town.begin(&manifest);
        let notices = (0..NOTICES).map(|number| town.notice(&format!("Notice {number}"))).collect();
        let log = document.log_key(&town.id).unwrap();
        Self { authority, manifest, notices, election: town.fingerprint(), log }
    }

    /// Sends everything, one after the other, whatever becomes of it; gives what was promised, by place in the script.
    async fn send(&self, board: &Board) -> Vec<Option<Promise>> {
        let mut promises = Vec::new();
        for submission in std::iter::once(&self.manifest).chain(&self.notices) {
            let bytes = submission.encode();
            let sent = async {
                if promises.is_empty() {
                    return board.create(&bytes).await;
                }
                board.submit(&self.election.to_string(), &bytes, board.room(bytes.len())?).await
            };
            let promise = sent.await.ok().map(|promise| promise.verify(submission, &self.election, &self.log).unwrap());
            promises.push(promise);
        }
        promises
    }
}

/// Gives whether the call that was to fail was made.
async fn round(script: &Script, prepared: &Path, fails: usize, flavour: Flavour) -> bool {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(prepared.join("board.key"), folder.path().join("board.key")).unwrap();
    let config = config(folder.path(), script.authority);
    let inner = store::open(&config.database, &Settings::default()).await.unwrap();
    let faulty = Arc::new(Faulty::new(inner, fails, flavour));
    let before = match Board::on(faulty.clone(), config.clone()).await {
        Ok(board) => {
            let promises = script.send(&board).await;
            board.close().await;
            promises
        }
        Err(_) => {
            faulty.close().await;
            Vec::new()
        }
    };
    let failed = faulty.has_failed();
    drop(faulty);
    let what = format!("call {fails}, {flavour:?}");
    let logs = fsck(&config.database, &config.key_file).await.unwrap();
    assert!(logs.iter().all(|(_, log)| log.is_ok()), "{what}: {logs:?}");
    let board = Board::open(config.clone()).await.unwrap();
    let after: Vec<Promise> = script.send(&board).await.into_iter().map(|promise| promise.expect(&what)).collect();
    for (before, after) in before.iter().zip(&after).filter_map(|(before, after)| Some((before.as_ref()?, after))) {
        assert_eq!((before.index(), before.entry()), (after.index(), after.entry()), "{what}");
    }
    // BRD-11: a size has one root, whoever was told of it.
    let log = board.log(&script.election.to_string()).unwrap();
    let entries = log.store().entries(log.key(), 0, log.head().0).await.unwrap();
    assert_eq!(entries.len(), NOTICES + 1, "{what}: nothing entered twice");
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| tree.append(leaf_hash(entry)));
    for promise in before.iter().flatten().chain(&after) {
        let head = promise.checkpoint().checkpoint();
        assert_eq!(tree.root_at(head.size()).unwrap(), *head.root(), "{what}: size {} has two roots", head.size());
    }
    board.close().await;
    failed
}

/// BRD-9, BRD-10, BRD-12, BRD-13: whichever call fails, and however.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_of_the_store_may_fail() {
    let prepared = tempfile::tempdir().unwrap();
    let script = Script::new(prepared.path()).await;
    for flavour in [Flavour::Failed, Flavour::FailedButPersisted] {
        let mut fails = 0;
        while round(&script, prepared.path(), fails, flavour).await {
            fails += 1;
        }
        assert!(fails > 2 * NOTICES, "only {fails} calls were made");
    }
}

/// BRD-61: from a copy everything is served, nothing is taken, and no mark comes off.
#[tokio::test]
async fn a_copy_is_served_and_never_signed_on() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new(folder.path()).await;
    let config = config(folder.path(), script.authority);
    let board = Board::open(config.clone()).await.unwrap();
    let elsewhere = folder.path().join("elsewhere.sqlite");
    crate::backup::backup(&config.database, &elsewhere).await.unwrap();
    assert!(script.send(&board).await.iter().all(Option::is_some));
    let copy = folder.path().join("copy.sqlite");
    crate::backup::backup(&config.database, &copy).await.unwrap();
    board.close().await;
    let mut on_copy = config.clone();
    on_copy.database = copy.into();
    let board = Board::open(on_copy).await.unwrap();
    let log = board.log(&script.election.to_string()).unwrap();
    assert_eq!(log.head().0, 1 + u64::try_from(NOTICES).unwrap());
    let bytes = script.notices[0].encode();
    let refused = board.submit(&script.election.to_string(), &bytes, board.room(1).unwrap()).await;
    assert!(matches!(refused, Err(Refusal::Outdated)), "{refused:?}");
    board.close().await;
    // An older copy knows nothing of the election, and must not begin it a second time.
    let mut on_older = config;
    on_older.database = elsewhere.into();
    let board = Board::open(on_older).await.unwrap();
    assert!(matches!(board.create(&script.manifest.encode()).await, Err(Refusal::Outdated)));
    board.close().await;
}
