//! A PostgreSQL server: whether it can be used, and what its refusals mean.

use super::{Settings, StoreError};
use crate::config::PostgresUrl;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _, postgres::PgConnectOptions};
use std::str::FromStr as _;

/// BRD-62. The schema is brought up to date first: an older one has no place for the mark.
pub(super) async fn mark_copy(url: &PostgresUrl) -> Result<(), StoreError> {
    let options = PgConnectOptions::from_str(url.expose()).map_err(|_| StoreError::Address)?;
    let mut connection = PgConnection::connect_with(&options.disable_statement_logging()).await.map_err(failed)?;
    sqlx::migrate!("./migrations/postgres").run(&mut connection).await?;
    sqlx::query("INSERT INTO copies DEFAULT VALUES").execute(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)
}

/// Whether this server keeps what it commits.
pub(super) async fn check(connection: &mut PgConnection, settings: &Settings) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT current_setting('fsync'), current_setting('full_page_writes'), pg_is_in_recovery()");
    let row = row.fetch_one(connection).await.map_err(failed)?;
    let setting = |place: usize| row.try_get::<String, _>(place).map_err(failed);
    if row.try_get::<bool, _>(2).map_err(failed)? {
        return Err(StoreError::Standby);
    }
    if setting(0)? == "on" && setting(1)? == "on" {
        return Ok(());
    }
    if !settings.without_fsync {
        return Err(StoreError::NotDurable);
    }
    tracing::warn!("the database runs without fsync: ENTRIES WILL BE LOST when its machine stops; for tests only");
    Ok(())
}

/// What only says that the database cannot be reached now is told from what is wrong with it (BRD-33).
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    let passes = match &error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Connection exceptions, too few resources, an operator's intervention.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["08", "53", "57"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    };
    if passes { StoreError::Away(error) } else { StoreError::Database(error) }
}
