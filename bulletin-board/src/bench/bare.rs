//! What the database could do at best: rows of a number, a key and a payload, a batch a statement, one commit each.

use super::{BATCH, BenchError, Figures, random};
use crate::config::Database;
use sqlx::{
    Connection as _, PgConnection, QueryBuilder, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::time::{Duration, Instant};

/// A batch of rows: keys and payloads.
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// Batches of rows into a fresh table with a UNIQUE key, one statement and one flushed commit each, for that long.
///
/// # Errors
/// [`BenchError`].
pub async fn bare_inserts(database: &Database, bytes: usize, duration: Duration) -> Result<Figures, BenchError> {
    match database {
        Database::File(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let mut connection = SqliteConnection::connect_with(&options).await?;
            let table = "CREATE TABLE bare (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, payload BLOB NOT NULL) STRICT";
            sqlx::query(table).execute(&mut connection).await?;
            let mut figures = Figures::new();
            let began = Instant::now();
            while began.elapsed() < duration {
                let rows = rows(bytes)?;
                let mut statement = QueryBuilder::new("INSERT INTO bare (key, payload) ");
                statement.push_values(&rows, |mut row, (key, payload)| {
                    row.push_bind(key).push_bind(payload);
                });
                let committing = Instant::now();
                statement.build().execute(&mut connection).await?;
                figures.note(committing.elapsed(), began.elapsed());
            }
            connection.close().await?;
            Ok(figures)
        }
        Database::Postgres(url) => {
            let mut connection = PgConnection::connect(url.expose()).await?;
            let table = "CREATE TABLE bare (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea NOT NULL UNIQUE, payload bytea NOT NULL)";
            sqlx::query("SET synchronous_commit = on").execute(&mut connection).await?;
            sqlx::query(table).execute(&mut connection).await?;
            let mut figures = Figures::new();
            let began = Instant::now();
            while began.elapsed() < duration {
                let (keys, payloads): (Vec<_>, Vec<_>) = rows(bytes)?.into_iter().unzip();
                let committing = Instant::now();
                sqlx::query("INSERT INTO bare (key, payload) SELECT * FROM unnest($1::bytea[], $2::bytea[])")
                    .bind(keys)
                    .bind(payloads)
                    .execute(&mut connection)
                    .await?;
                figures.note(committing.elapsed(), began.elapsed());
            }
            connection.close().await?;
            Ok(figures)
        }
    }
}

/// A fresh schema in a PostgreSQL database, as a database of its own; what one of this name held before is dropped. A file stays as it is.
///
/// # Errors
/// [`BenchError::Database`].
pub async fn schema(database: &Database, name: &'static str) -> Result<Database, BenchError> {
    let Database::Postgres(url) = database else { return Ok(database.clone()) };
    let mut connection = PgConnection::connect(url.expose()).await?;
    // A name of ours, not a text of anybody's.
    sqlx::query(sqlx::AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {name} CASCADE"))).execute(&mut connection).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&mut connection).await?;
    connection.close().await?;
    let joint = if url.expose().contains('?') { '&' } else { '?' };
    Ok(Database::new(&format!("{}{joint}options=-c%20search_path%3D{name}", url.expose())))
}

impl Figures {
    /// A batch was committed; whoever waits for a row waits for just that.
    fn note(&mut self, commit: Duration, elapsed: Duration) {
        self.entries = self.entries.saturating_add(u64::try_from(BATCH).unwrap_or(u64::MAX));
        self.elapsed = elapsed;
        self.committed(commit);
        self.waited(commit);
    }
}

fn rows(bytes: usize) -> Result<Rows, BenchError> {
    (0..BATCH).map(|_| Ok((random(32)?, random(bytes)?))).collect()
}
