//! The commit point on PostgreSQL (BRD-9).

use super::{Addition, ElectionKey, Place, StoreError, server::failed, signed};
use sqlx::{Connection as _, PgConnection, Row as _};

/// BRD-9: one transaction on the connection that holds the lease, with one insertion for all entries.
pub(super) async fn add(
    connection: &mut PgConnection,
    backend: i32,
    place: Place<'_>,
    addition: &Addition<'_>,
) -> Result<ElectionKey, StoreError> {
    let mut transaction = connection.begin().await.map_err(failed)?;
    let election = match place {
        Place::Log(election) => election,
        Place::New { election, origin } => {
            let insertion = sqlx::query("INSERT INTO elections (fingerprint, origin) VALUES ($1, $2) RETURNING key");
            let insertion = insertion.bind(election.0.as_slice()).bind(origin);
            let row = insertion.fetch_one(&mut *transaction).await.map_err(failed)?;
            ElectionKey(row.try_get(0).map_err(failed)?)
        }
    };
    let ids: Vec<&[u8]> = addition.entries.iter().map(|(id, _)| id.0.as_slice()).collect();
    let entries: Vec<&[u8]> = addition.entries.iter().map(|(_, entry)| *entry).collect();
    let insertion = "INSERT INTO entries (election, position, submission_id, entry)
                     SELECT $1, $2 + place - 1, id, entry
                     FROM UNNEST($3::bytea[], $4::bytea[]) WITH ORDINALITY AS added (id, entry, place)
                     WHERE pg_backend_pid() = $5";
    let insertion = sqlx::query(insertion).bind(election.0).bind(signed(addition.first)?);
    let insertion = insertion.bind(ids).bind(entries).bind(backend).execute(&mut *transaction);
    // BRD-31: behind a pooler that swaps sessions the lock would stand for nothing.
    if insertion.await.map_err(failed)?.rows_affected() != u64::try_from(addition.entries.len()).unwrap_or(u64::MAX) {
        return Err(StoreError::Pooled);
    }
    let (size, subtrees) = addition.range.parts();
    sqlx::query("INSERT INTO checkpoints (election, size, subtrees, note) VALUES ($1, $2, $3, $4)")
        .bind(election.0)
        .bind(signed(size)?)
        .bind(subtrees.as_flattened())
        .bind(addition.note)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(election)
}
