//! An honest board: everything of it is held, served, cosigned, and outlives it.

use super::{Mirror, until};
use crate::{
    running::{Running, config},
    town::Town,
};
use board_api::record;
use tlog::{
    note::{Algorithm, VerifierKey},
    policy::Policy,
    record::RecordPath,
    tile::{TileKind, TilePath, tiles_of},
};

pub(crate) async fn board_key(board: &Running) -> VerifierKey {
    let document = board.client.board().await.unwrap();
    VerifierKey::new(&document.origin_prefix, Algorithm::Ed25519, &document.public_key).unwrap()
}

/// MIR-1, MIR-2, MIR-6 to MIR-8: the mirror is the quorum: what it has not verified and stored is no checkpoint. It serves the board's bytes,
/// and goes on when the board is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_outlives_its_board() {
    let (folder, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut town = Town::new(2);
    let mut settings = config(folder.path(), &town.authority);
    settings.cosigning.interval = 20;
    let board = Running::start_with(settings).await;
    let source = board_key(&board).await;
    let mirror = Mirror::start(Mirror::config(beside.path(), source.clone(), board.client.address())).await;
    let key = mirror.key().await;
    town.policy = Some(format!("witness mirror {key} {}\nquorum mirror\n", mirror.url));
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    for voter in 0..2 {
        let ballot = town.ballot(voter, 1);
        town.post(&board.client, ballot).await;
    }
    for number in 0..8 {
        let notice = town.notice(&format!("Notice {number}"));
        town.post(&board.client, notice).await;
    }
    let size = town.election().size();
    until(|| async { board.client.status(&f).await.unwrap().cosigned_size == size }).await;
    let policy = Policy::parse(town.election().manifest().policy.as_bytes()).unwrap();
    let note = board.client.fetch(&f, &RecordPath::Checkpoint).await.unwrap().unwrap();
    assert_eq!(policy.open_strict(&note, 1).unwrap().checkpoint().size(), size);
    until(|| async { mirror.client.fetch(&f, &RecordPath::Checkpoint).await.unwrap() == Some(note.clone()) }).await;

    // The same files, the partial ones of every width too, and the same head.
    let bundles = (1..=size).filter_map(|size| TilePath::in_tree(TileKind::Entries, 0, size));
    let mut held = Vec::new();
    for path in tiles_of(size).chain(bundles).map(RecordPath::Tile) {
        let bytes = board.client.fetch(&f, &path).await.unwrap();
        assert!(bytes.is_some(), "{path}");
        held.push((path, bytes));
    }
    held.push((RecordPath::Checkpoint, Some(note)));
    for (path, bytes) in &held {
        assert_eq!(mirror.client.fetch(&f, path).await.unwrap(), *bytes, "{path}");
    }
    assert_eq!(mirror.client.head(&f).await.unwrap(), board.client.head(&f).await.unwrap());
    let (of_board, of_mirror) = (board.client.status(&f).await.unwrap(), mirror.client.status(&f).await.unwrap());
    assert_eq!((of_mirror.summary.clone(), of_mirror.accepting), (of_board.summary, false));
    assert_eq!(mirror.client.elections().await.unwrap(), [of_mirror.summary]);
    assert_eq!(mirror.standing().await, (size, serde_json::Value::Null));
    let answer = mirror.http.get(format!("{}/e/{f}/tile/0/000.p/1", mirror.url)).send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");

    // Nothing is taken, and nothing else is there.
    let refusals = [
        (mirror.http.post(format!("{}/api/v1/elections", mirror.url)), 405),
        (mirror.http.get(format!("{}/api/v1/board", mirror.url)), 404),
        (mirror.http.get(format!("{}/e/{}/checkpoint", mirror.url, "00".repeat(32))), 404),
    ];
    for (request, status) in refusals {
        assert_eq!(request.send().await.unwrap().status().as_u16(), status);
    }

    // The board is lost, with all it had.
    let address = board.client.address().to_owned();
    board.stop().await;
    drop(folder);
    assert_eq!(record::read(&mirror.client, &f).await.unwrap().rest().await.unwrap().len() as u64, size);
    mirror.stop().await;
    let mirror = Mirror::start(Mirror::config(beside.path(), source, &address)).await;
    assert_eq!(mirror.key().await, key);
    for (path, bytes) in &held {
        assert_eq!(mirror.client.fetch(&f, path).await.unwrap(), *bytes, "{path}");
    }
    assert_eq!(record::read(&mirror.client, &f).await.unwrap().rest().await.unwrap().len() as u64, size);
    assert_eq!(mirror.standing().await.0, size);
    mirror.stop().await;
}

/// MIR-2: a mirror reads from another mirror as it does from a board; MIR-9: not more elections than it was told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reads_from_another_mirror() {
    let (folder, first, second) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut towns = [Town::new(1), Town::new(1)];
    let mut settings = config(folder.path(), &towns[0].authority);
    settings.authorities.push(towns[1].authority.public().0);
    let board = Running::start_with(settings).await;
    let source = board_key(&board).await;
    for town in &mut towns {
        town.create(&board.client).await;
        let notice = town.notice("One");
        town.post(&board.client, notice).await;
    }
    let one = Mirror::start(Mirror::config(first.path(), source.clone(), board.client.address())).await;
    until(|| async { one.client.elections().await.unwrap().iter().filter(|election| election.size == 2).count() == 2 })
        .await;
    board.stop().await;
    let mut narrow = Mirror::config(second.path(), source, &one.url);
    narrow.most = 1;
    let two = Mirror::start(narrow).await;
    until(|| async { two.client.elections().await.unwrap().iter().any(|election| election.size == 2) }).await;
    let f = two.client.elections().await.unwrap()[0].fingerprint;
    assert_eq!(record::read(&two.client, &f).await.unwrap().rest().await.unwrap().len(), 2);
    assert_eq!(two.client.elections().await.unwrap().len(), 1);
    two.stop().await;
    one.stop().await;
}
