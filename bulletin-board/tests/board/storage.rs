//! The database: append-only by its schema, halted by a failed commit, refused when it is not what the board wrote.

use crate::{
    running::Running,
    town::{Town, refused},
};
use bulletin_board::{OpenError, ReplayError, ServeError, StoreError};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

async fn database(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(folder.join("board.sqlite"))).await.unwrap()
}

pub(crate) async fn execute(folder: &Path, sql: &str) -> Result<(), sqlx::Error> {
    let mut database = database(folder).await;
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut database).await.map(drop);
    database.close().await.unwrap();
    outcome
}

/// A board's folder with one election of three entries; the board is stopped.
async fn three_entries() -> (tempfile::TempDir, Town) {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    town.create(&board.client).await;
    for text in ["One.", "Two."] {
        let notice = town.notice(text);
        town.post(&board.client, notice).await;
    }
    board.stop().await;
    (folder, town)
}

#[tokio::test]
async fn the_schema_only_lets_it_grow() {
    let (folder, town) = three_entries().await;
    let refused = [
        "UPDATE entries SET entry = x'00' WHERE position = 1",
        "DELETE FROM entries WHERE position = 2",
        "INSERT INTO entries SELECT election, 4, randomblob(32), entry FROM entries WHERE position = 1",
        "INSERT INTO entries SELECT election, 1, randomblob(32), entry FROM entries WHERE position = 1",
        "INSERT INTO entries SELECT election, 3, submission_id, entry FROM entries WHERE position = 1",
        "INSERT OR REPLACE INTO entries SELECT election, 1, randomblob(32), entry FROM entries WHERE position = 1",
        "INSERT OR REPLACE INTO entries SELECT election, 3, submission_id, entry FROM entries WHERE position = 1",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
        "INSERT INTO checkpoints SELECT election, 2, subtrees, note FROM checkpoints WHERE size = 2",
        "INSERT OR REPLACE INTO checkpoints SELECT election, 3, subtrees, '' FROM checkpoints WHERE size = 3",
        "INSERT INTO checkpoints SELECT election, 9, subtrees, note FROM checkpoints WHERE size = 3",
        "UPDATE elections SET origin = 'other'",
        "DELETE FROM elections",
        "INSERT INTO elections SELECT NULL, randomblob(32), origin FROM elections",
        "INSERT OR REPLACE INTO elections SELECT key, fingerprint, 'other' FROM elections",
        "UPDATE published SET note = ''",
        "DELETE FROM published",
        "INSERT INTO published SELECT NULL, election, 1, note FROM published",
        "INSERT INTO published SELECT NULL, election, 9, note FROM published",
        "INSERT OR REPLACE INTO published SELECT number, election, 3, '' FROM published",
    ];
    let published =
        "INSERT INTO published (election, size, note) SELECT election, size, note FROM checkpoints WHERE size < 3";
    execute(folder.path(), published).await.unwrap();
    for sql in refused {
        assert!(execute(folder.path(), sql).await.is_err(), "BRD-11: {sql}");
    }
    let board = Running::start(folder.path(), &town.authority).await;
    assert_eq!(board.client.status(&town.fingerprint()).await.unwrap().summary.size, 3);
    board.stop().await;
}

#[tokio::test]
async fn after_a_failed_commit_nothing_moves_until_the_restart() {
    let (folder, town) = three_entries().await;
    let f = town.fingerprint();
    let disk_full = "CREATE TRIGGER disk_full BEFORE INSERT ON checkpoints WHEN NEW.size > 3
                     BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    execute(folder.path(), disk_full).await.unwrap();
    let board = Running::start(folder.path(), &town.authority).await;
    let lost = town.notice("Lost.");
    for _ in 0..2 {
        let problem = refused(board.client.submit(&f, &lost).await);
        assert_eq!((problem.rule.as_str(), problem.status), ("BRD-12", 503));
    }
    let health = reqwest::get(format!("{}healthz", board.client.address())).await.unwrap();
    assert_eq!(health.status().as_u16(), 503);
    // Reading goes on, at the last commit.
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.accepting, status.summary.size), (false, 3));
    assert_eq!(board_api::record::read(&board.client, &f).await.unwrap().rest().await.unwrap().len(), 3);
    let manifest = town.manifest(&board.client.board().await.unwrap());
    assert_eq!(refused(board.client.create(&town.sign_manifest(&manifest)).await).rule, "BRD-12");
    board.stop().await;
    execute(folder.path(), "DROP TRIGGER disk_full").await.unwrap();
    let board = Running::start(folder.path(), &town.authority).await;
    assert_eq!(board.client.submit(&f, &lost).await.unwrap().index(), 3);
    board.stop().await;
}

#[tokio::test]
async fn a_database_the_board_did_not_write_is_refused() {
    type Expectation = fn(&ReplayError) -> bool;
    let tamperings: [(&str, Expectation); 6] = [
        (
            "DROP TRIGGER entries_never_change;
             UPDATE entries SET submission_id = randomblob(32) WHERE position = 1",
            |error| matches!(error, ReplayError::IdDiffers(1)),
        ),
        (
            "DROP TRIGGER entries_never_change;
             UPDATE entries SET entry = (SELECT entry FROM entries WHERE position = 1) WHERE position = 2",
            |error| matches!(error, ReplayError::IdDiffers(2)),
        ),
        (
            "DROP TRIGGER entries_never_change;
             UPDATE entries SET entry = CAST(substr(entry, 1, length(entry) - 1) || x'ff' AS BLOB) WHERE position = 2",
            |error| matches!(error, ReplayError::Refused(2, _)),
        ),
        ("DROP TRIGGER entries_never_go; DELETE FROM entries WHERE position = 2", |error| {
            matches!(error, ReplayError::TreeDiffers)
        }),
        ("DROP TRIGGER checkpoints_never_go; DELETE FROM checkpoints WHERE size = 3", |error| {
            matches!(error, ReplayError::EntriesBeyond(2))
        }),
        (
            "DROP TRIGGER checkpoints_never_change;
             UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 2) WHERE size = 1",
            |error| matches!(error, ReplayError::CheckpointDiffers(1)),
        ),
    ];
    for (sql, expected) in tamperings {
        let (folder, town) = three_entries().await;
        execute(folder.path(), sql).await.unwrap();
        match Running::start(folder.path(), &town.authority).await.outcome().await {
            Err(ServeError::Open(OpenError::Replay(_, error))) if expected(&error) => {}
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn one_board_one_database_one_key() {
    let (folder, town) = three_entries().await;
    let board = Running::start(folder.path(), &town.authority).await;
    board.client.board().await.unwrap();
    let second = Running::start(folder.path(), &town.authority).await.outcome().await;
    assert!(matches!(second, Err(ServeError::Open(OpenError::Store(StoreError::InUse(_))))), "{second:?}");
    // BRD-15: by whatever name.
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path().join("board.sqlite"), elsewhere.path().join("board.sqlite")).unwrap();
    let second = Running::start(elsewhere.path(), &town.authority).await.outcome().await;
    assert!(matches!(second, Err(ServeError::Open(OpenError::Store(StoreError::InUse(_))))), "{second:?}");
    board.stop().await;
    let own_key = std::fs::read(folder.path().join("board.key")).unwrap();
    std::fs::remove_file(folder.path().join("board.key")).unwrap();
    let keyless = Running::start(folder.path(), &town.authority).await.outcome().await;
    assert!(matches!(keyless, Err(ServeError::Open(OpenError::Key(_)))), "{keyless:?}");
    std::fs::write(folder.path().join("board.key"), format!("{}\n", "11".repeat(32))).unwrap();
    set_private(&folder.path().join("board.key"));
    let other_key = Running::start(folder.path(), &town.authority).await.outcome().await;
    assert!(matches!(other_key, Err(ServeError::Open(OpenError::OtherKey(_)))), "{other_key:?}");
    // BRD-39: a database from before that was recorded; whoever is wrong records nothing.
    execute(folder.path(), "DROP TRIGGER owner_never_goes; DELETE FROM owner").await.unwrap();
    let other_key = Running::start(folder.path(), &town.authority).await.outcome().await;
    assert!(matches!(other_key, Err(ServeError::Open(OpenError::Replay(..)))), "{other_key:?}");
    std::fs::write(folder.path().join("board.key"), own_key).unwrap();
    let board = Running::start(folder.path(), &town.authority).await;
    assert_eq!(board.client.status(&town.fingerprint()).await.unwrap().summary.size, 3);
    board.stop().await;
}

fn set_private(path: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
