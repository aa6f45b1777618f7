//! `kill -9` at any moment (BRD-9, BRD-11, BRD-13): nothing acknowledged is lost, nothing comes twice, the log still checks.

use crate::{home::Home, running::Running, running::config, town::Town};
use board_api::{BoardClient, Promise, record};
use bulletin_board::{Config, KeyFileError, OpenError, ServeError};
use crypto::schnorr::SigningKey;
use protocol::{Submission, ids::ElectionFingerprint};
use rand::Rng as _;
use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tlog::merkle::{Tree, leaf_hash};
use tokio::{net::TcpListener, task::JoinSet};

const FOLDER: &str = "VITRINE_TEST_BOARD_FOLDER";
const AUTHORITY: &str = "VITRINE_TEST_BOARD_AUTHORITY";

/// Not a test: the board as a process of its own, started by [`nothing_acknowledged_is_lost`].
#[tokio::test]
#[ignore = "runs only as the child of another test"]
async fn a_board_to_be_killed() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let mut authority = [0; 32];
    hex::decode_to_slice(std::env::var(AUTHORITY).unwrap(), &mut authority).unwrap();
    let mut config = config(&folder, &SigningKey::generate(&mut rand::rngs::OsRng).unwrap());
    config.authorities = vec![authority];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fresh = folder.join("address.new");
    std::fs::write(&fresh, format!("http://{}", listener.local_addr().unwrap())).unwrap();
    std::fs::rename(fresh, folder.join("address")).unwrap();
    bulletin_board::serve(config, listener, std::future::pending()).await.unwrap();
}

pub(crate) async fn child(folder: &Path, authority: &SigningKey) -> (Child, BoardClient) {
    let address = folder.join("address");
    let _ = std::fs::remove_file(&address);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::a_board_to_be_killed", "--ignored"])
        .env(FOLDER, folder)
        .env(AUTHORITY, hex::encode(authority.public().0))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if let Ok(text) = std::fs::read_to_string(&address) {
            return (child, BoardClient::new(&text).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("the board did not come up");
}

/// THR-14, six times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    let folder = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    board.stop().await;
    let acknowledged: Arc<Mutex<Vec<Promise>>> = Arc::default();
    let mut number = 0;
    for round in 0..6 {
        let (mut board, client) = child(folder.path(), &town.authority).await;
        let submissions: Vec<Submission> =
            (0..1500).map(|place| town.notice(&format!("Notice {}", number + place))).collect();
        number += 1500;
        let posting = post(&client, f, submissions, &acknowledged);
        let before = acknowledged.lock().unwrap().len();
        // Under way for certain, and then at any moment.
        while acknowledged.lock().unwrap().len() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let moment = rand::thread_rng().gen_range(0..250);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        board.kill().unwrap();
        board.wait().unwrap();
        drop(posting);
        let promises = acknowledged.lock().unwrap().len();
        assert!(promises > before, "round {round}: something was acknowledged");
        let board = Running::start(folder.path(), &town.authority).await;
        let promises = acknowledged.lock().unwrap().clone();
        check(&board.client, &f, &promises).await;
        board.stop().await;
    }
}

/// Posts many at once until the set is dropped.
pub(crate) fn post(
    client: &BoardClient,
    f: ElectionFingerprint,
    submissions: Vec<Submission>,
    acknowledged: &Arc<Mutex<Vec<Promise>>>,
) -> JoinSet<()> {
    let waiting = Arc::new(Mutex::new(submissions));
    let mut posting = JoinSet::new();
    for _ in 0..32 {
        let (client, waiting, acknowledged) = (client.clone(), waiting.clone(), acknowledged.clone());
        posting.spawn(async move {
            loop {
                let Some(submission) = waiting.lock().unwrap().pop() else { return };
                if let Ok(promise) = client.submit(&f, &submission).await {
                    acknowledged.lock().unwrap().push(promise);
                }
            }
        });
    }
    posting
}

/// Every promise still holds, in one history whose every entry the reader checked, and nothing stands in it twice.
pub(crate) async fn check(client: &BoardClient, f: &ElectionFingerprint, promises: &[Promise]) {
    let entries = record::read(client, f).await.unwrap().rest().await.unwrap();
    let mut tree = Tree::new();
    entries.iter().for_each(|(_, entry)| tree.append(leaf_hash(entry)));
    for promise in promises {
        let place = usize::try_from(promise.index()).unwrap();
        assert_eq!(entries.get(place).map(|(_, entry)| entry), Some(&promise.entry().encode()));
        let head = promise.checkpoint().checkpoint();
        assert_eq!(tree.root_at(head.size()).unwrap(), *head.root(), "the checkpoint of size {} stands", head.size());
    }
    let mut ids: Vec<_> =
        entries.iter().map(|(_, entry)| protocol::Entry::decode(entry).unwrap().submission().id(f)).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// BRD-16, BRD-39: also without any election, another key or another prefix is another board, and no key is made beside the first.
#[tokio::test]
async fn a_database_belongs_to_one_board() {
    let (home, stranger, town) = (Home::new(), tempfile::tempdir().unwrap(), Town::new(1));
    let board = Running::start(home.path(), &town.authority).await;
    board.client.board().await.unwrap();
    board.stop().await;
    let own = config(home.path(), &town.authority);
    let refusal = async |config: Config| match Running::start_with(config).await.outcome().await {
        Err(ServeError::Open(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let other_prefix = Config { origin_prefix: "board.example/other".into(), ..own.clone() };
    let refused = refusal(other_prefix).await;
    assert!(
        matches!(&refused, OpenError::OtherPrefix { recorded, .. } if *recorded == own.origin_prefix),
        "{refused:?}"
    );
    let key_file = stranger.path().join("other.key");
    let other_key = Config { key_file: key_file.clone(), ..own };
    let refused = refusal(other_key.clone()).await;
    assert!(matches!(refused, OpenError::Key(KeyFileError::Missing(_))) && !key_file.exists());
    std::fs::write(&key_file, format!("{}\n", "07".repeat(32))).unwrap();
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(refusal(other_key).await, OpenError::OtherKey(_)));
    let board = Running::start(home.path(), &town.authority).await;
    board.client.board().await.unwrap();
    board.stop().await;
}
