//! The database: append-only by its schema, refused when it is not what the board wrote, and never quoted with its password.

use crate::{
    cluster::PASSWORD,
    home::{Home, address},
    running::{Running, config},
    town::Town,
};
use bulletin_board::{Config, Database, FsckError, OpenError, ReplayError, ServeError, StoreError};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::path::Path;
use tokio::net::TcpListener;

pub(crate) async fn execute(folder: &Path, sql: &str) -> Result<(), sqlx::Error> {
    let mut database = PgConnection::connect(&address(folder)).await.unwrap();
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut database).await.map(drop);
    database.close().await.unwrap();
    outcome
}

/// A board's home with one election of three entries; the board is stopped.
async fn three_entries() -> (Home, Town) {
    let home = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(home.path(), &town.authority).await;
    town.create(&board.client).await;
    for text in ["One.", "Two."] {
        let notice = town.notice(text);
        town.post(&board.client, notice).await;
    }
    board.stop().await;
    (home, town)
}

#[tokio::test]
async fn the_schema_only_lets_it_grow() {
    let (home, town) = three_entries().await;
    let published =
        "INSERT INTO published (election, size, note) SELECT election, size, note FROM checkpoints WHERE size < 3";
    execute(home.path(), published).await.unwrap();
    let other_id = "sha256('another')";
    let refused = [
        "UPDATE entries SET entry = '' WHERE position = 1".to_owned(),
        "DELETE FROM entries WHERE position = 2".into(),
        "TRUNCATE entries".into(),
        "TRUNCATE elections CASCADE".into(),
        format!("INSERT INTO entries SELECT election, 4, {other_id}, entry FROM entries WHERE position = 1"),
        format!("INSERT INTO entries SELECT election, 1, {other_id}, entry FROM entries WHERE position = 1"),
        format!("INSERT INTO entries SELECT election + 1, 0, {other_id}, entry FROM entries WHERE position = 1"),
        "INSERT INTO entries SELECT election, 3, submission_id, entry FROM entries WHERE position = 1".into(),
        format!(
            "INSERT INTO entries SELECT election, 1, {other_id}, entry FROM entries WHERE position = 1
             ON CONFLICT (election, position) DO UPDATE SET entry = excluded.entry"
        ),
        "INSERT INTO entries SELECT election, 3 + 2 * position, sha256(entry), entry FROM entries".into(),
        "UPDATE checkpoints SET note = ''".into(),
        "DELETE FROM checkpoints".into(),
        "INSERT INTO checkpoints SELECT election, 2, subtrees, note FROM checkpoints WHERE size = 2".into(),
        "INSERT INTO checkpoints SELECT election, 9, subtrees, note FROM checkpoints WHERE size = 3".into(),
        "INSERT INTO checkpoints SELECT 99, 1, subtrees, note FROM checkpoints WHERE size = 1".into(),
        "UPDATE elections SET origin = 'other'".into(),
        "DELETE FROM elections".into(),
        format!("INSERT INTO elections (fingerprint, origin) SELECT {other_id}, origin FROM elections"),
        "INSERT INTO elections (fingerprint, origin) SELECT fingerprint, 'other' FROM elections".into(),
        "UPDATE published SET note = ''".into(),
        "DELETE FROM published".into(),
        "INSERT INTO published (election, size, note) SELECT election, 1, note FROM published".into(),
        "INSERT INTO published (election, size, note) SELECT election, 9, note FROM published".into(),
        "DELETE FROM terms".into(),
    ];
    for sql in refused {
        assert!(execute(home.path(), &sql).await.is_err(), "BRD-11: {sql}");
    }
    let board = Running::start(home.path(), &town.authority).await;
    assert_eq!(board.client.status(&town.fingerprint()).await.unwrap().summary.size, 3);
    board.stop().await;
}

#[tokio::test]
async fn a_database_the_board_did_not_write_is_refused() {
    type Expectation = fn(&ReplayError) -> bool;
    let tamperings: [(&str, Expectation); 5] = [
        ("UPDATE entries SET submission_id = sha256('other') WHERE position = 1", |error| {
            matches!(error, ReplayError::IdDiffers(1))
        }),
        ("UPDATE entries SET entry = (SELECT entry FROM entries WHERE position = 1) WHERE position = 2", |error| {
            matches!(error, ReplayError::IdDiffers(2))
        }),
        ("DELETE FROM entries WHERE position = 2", |error| matches!(error, ReplayError::TreeDiffers)),
        ("DELETE FROM checkpoints WHERE size = 3", |error| matches!(error, ReplayError::EntriesBeyond(2))),
        ("UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 2) WHERE size = 1", |error| {
            matches!(error, ReplayError::CheckpointDiffers(1))
        }),
    ];
    for (sql, expected) in tamperings {
        let (home, town) = three_entries().await;
        let tampering = format!("SET session_replication_role = replica; {sql}");
        execute(home.path(), &tampering).await.unwrap();
        match Running::start(home.path(), &town.authority).await.outcome().await {
            Err(ServeError::Open(OpenError::Replay(_, error))) if expected(&error) => {}
            other => panic!("{sql}: {other:?}"),
        }
    }
}

/// BRD-60
#[tokio::test]
async fn the_check_finds_what_keeps_it_append_only_gone() {
    let (home, _) = three_entries().await;
    let (database, key_file) = (Database::new(&address(home.path())), home.path().join("board.key"));
    let logs = bulletin_board::fsck(&database, &key_file).await.unwrap();
    assert!(matches!(logs.as_slice(), [(_, Ok(log))] if log.entries == 3), "{logs:?}");
    execute(home.path(), "DROP TRIGGER entries_never_change ON entries").await.unwrap();
    let refused = bulletin_board::fsck(&database, &key_file).await;
    assert!(matches!(refused, Err(FsckError::Store(StoreError::Corrupt(_)))), "{refused:?}");
}

async fn outcome(config: Config) -> ServeError {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    bulletin_board::serve(config, listener, std::future::pending()).await.unwrap_err()
}

#[tokio::test]
async fn a_server_that_forgets_is_refused() {
    let (home, town) = (Home::new(), Town::new(1));
    let mut config = config(home.path(), &town.authority);
    config.store.without_fsync = false;
    let refused = outcome(config).await;
    assert!(matches!(refused, ServeError::Open(OpenError::Store(StoreError::NotDurable))), "{refused:?}");
}

/// BRD-38
#[tokio::test]
async fn no_error_quotes_the_password() {
    let (home, town) = (Home::new(), Town::new(1));
    let right = address(home.path());
    let wrong = [
        right.replace("host=/", "host=/nowhere/"),
        right.replace("vitrine:", "stranger:"),
        right.replace("/board", "/nothing"),
        right.replace("localhost", "["),
        format!("{right}&sslmode=nonsense"),
    ];
    for address in wrong {
        let mut config = config(home.path(), &town.authority);
        config.database = Database::new(&address);
        assert!(!format!("{config:?}").contains(PASSWORD));
        let error = outcome(config).await;
        let mut told = format!("{error:?} {error}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            told.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert!(!told.contains(PASSWORD), "{told}");
    }
}

/// BRD-11: what a commit costs does not grow with the log. Whether a batch follows the last one is looked up, not searched for in all entries.
#[tokio::test]
async fn a_commit_reads_no_table_from_end_to_end() {
    let (home, _) = three_entries().await;
    let mut database = PgConnection::connect(&address(home.path())).await.unwrap();
    for batch in 0..40i64 {
        let insertion = "INSERT INTO entries (election, position, submission_id, entry)
                         SELECT 1, $1 + place, sha256(($1 + place)::text::bytea), '\\x00' FROM generate_series(0, 255) AS place";
        sqlx::query(insertion).bind(3 + 256 * batch).execute(&mut database).await.unwrap();
    }
    sqlx::query("SELECT pg_stat_force_next_flush()").execute(&mut database).await.unwrap();
    let read = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'entries'";
    let read: i64 = sqlx::query_scalar(read).fetch_one(&mut database).await.unwrap();
    assert!(read < 40 * 256, "{read} entries were read to add {}", 40 * 256);
    database.close().await.unwrap();
}
