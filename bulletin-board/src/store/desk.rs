//! Where processes of one board hand submissions to the one that sequences, and get its answers (BRD-34): two tables of the database.

use super::{ElectionKey, Owner, StoreError, bells, server::failed, signed, unsigned};
use sqlx::{PgPool, Row as _};

/// The most submissions that wait for one election, and the most manifests (BRD-6).
const MOST: i64 = 4096;

/// Submissions that nobody took for so long are dropped: who sent them was told long ago to send again.
const STALE: &str = "60 seconds";

/// A number drawn by the process that hands over, and that of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) number: i64,
    pub(crate) holder: i64,
}

/// A submission that waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) ticket: Ticket,
    pub(crate) submission: Vec<u8>,
    /// What the process that hands over says of its proofs (BRD-35).
    pub(crate) voucher: Option<String>,
    /// Whether it carries time evidence, and goes before the others (BRD-26).
    pub(crate) first: bool,
}

/// What became of it: its place in the log, a problem document, or the document that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Place(u64),
    Problem(String),
    Document(String),
}

impl Outcome {
    fn place(&self) -> Result<Option<i64>, StoreError> {
        if let Self::Place(place) = self { signed(*place).map(Some) } else { Ok(None) }
    }

    fn problem(&self) -> Option<&str> {
        if let Self::Problem(problem) = self { Some(problem) } else { None }
    }

    fn document(&self) -> Option<&str> {
        if let Self::Document(document) = self { Some(document) } else { None }
    }
}

/// The two tables.
#[derive(Debug)]
pub(crate) struct Desk {
    pool: PgPool,
}

impl Desk {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// BRD-39: unlike what waits, this is to last.
    pub(super) async fn own(&self, owner: &Owner) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        sqlx::query("SET LOCAL synchronous_commit = on").execute(&mut *transaction).await.map_err(failed)?;
        sqlx::query("INSERT INTO owner VALUES (1, $1, $2) ON CONFLICT DO NOTHING")
            .bind(owner.public_key.as_slice())
            .bind(&owner.origin_prefix)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// Hands over, all or none: none if too many wait already.
    pub(crate) async fn hand_over(
        &self,
        election: Option<ElectionKey>,
        waiting: &[Waiting],
    ) -> Result<bool, StoreError> {
        let query = "INSERT INTO waiting (ticket, holder, election, submission, voucher, first)
                     SELECT ticket, holder, $1, submission, voucher, first
                     FROM UNNEST($2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::boolean[])
                          AS given (ticket, holder, submission, voucher, first)
                     WHERE (SELECT count(*) FROM waiting WHERE election IS NOT DISTINCT FROM $1) + cardinality($2) <= $7";
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        let inserted = sqlx::query(query)
            .bind(election.map(|election| election.0))
            .bind(waiting.iter().map(|one| one.ticket.number).collect::<Vec<_>>())
            .bind(waiting.iter().map(|one| one.ticket.holder).collect::<Vec<_>>())
            .bind(waiting.iter().map(|one| one.submission.as_slice()).collect::<Vec<_>>())
            .bind(waiting.iter().map(|one| one.voucher.as_deref()).collect::<Vec<_>>())
            .bind(waiting.iter().map(|one| one.first).collect::<Vec<_>>())
            .bind(MOST)
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        bells::ring(&mut connection, election).await.map_err(failed)?;
        Ok(inserted.rows_affected() > 0)
    }

    /// What waits longest, of what goes first or of the rest, without those that are in hand already.
    pub(crate) async fn waiting(
        &self,
        election: Option<ElectionKey>,
        first: bool,
        in_hand: &[i64],
        most: usize,
    ) -> Result<Vec<Waiting>, StoreError> {
        let query = "SELECT ticket, holder, submission, voucher FROM waiting
                     WHERE election IS NOT DISTINCT FROM $1 AND ticket <> ALL ($2) AND arrived > clock_timestamp() - $3::interval
                       AND first = $5
                     ORDER BY arrived LIMIT $4";
        let query = sqlx::query(query).bind(election.map(|election| election.0)).bind(in_hand).bind(STALE);
        let query = query.bind(i64::try_from(most).unwrap_or(i64::MAX)).bind(first);
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        let waiting = |row: &sqlx::postgres::PgRow| {
            Ok(Waiting {
                ticket: Ticket { number: row.try_get(0)?, holder: row.try_get(1)? },
                submission: row.try_get(2)?,
                voucher: row.try_get(3)?,
                first,
            })
        };
        rows.iter().map(|row| waiting(row).map_err(failed)).collect()
    }

    /// Answers, and takes what was answered off the table.
    pub(crate) async fn answer(
        &self,
        election: Option<ElectionKey>,
        answers: &[(Ticket, Outcome)],
    ) -> Result<(), StoreError> {
        let places: Result<Vec<Option<i64>>, StoreError> = answers.iter().map(|(_, outcome)| outcome.place()).collect();
        let query = "WITH answered AS (DELETE FROM waiting WHERE ticket = ANY ($1)),
                          forgotten AS (DELETE FROM waiting WHERE arrived < clock_timestamp() - 2 * $5::interval),
                          unread AS (DELETE FROM answers WHERE given < clock_timestamp() - 2 * $5::interval)
                     INSERT INTO answers (ticket, holder, place, problem, document)
                     SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $6::text[]) ON CONFLICT DO NOTHING";
        let mut connection = self.pool.acquire().await.map_err(failed)?;
        sqlx::query(query)
            .bind(answers.iter().map(|(ticket, _)| ticket.number).collect::<Vec<_>>())
            .bind(answers.iter().map(|(ticket, _)| ticket.holder).collect::<Vec<_>>())
            .bind(places?)
            .bind(answers.iter().map(|(_, outcome)| outcome.problem()).collect::<Vec<_>>())
            .bind(STALE)
            .bind(answers.iter().map(|(_, outcome)| outcome.document()).collect::<Vec<_>>())
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
        bells::ring(&mut connection, election).await.map_err(failed)
    }

    /// The answers for this holder, each given out once.
    pub(crate) async fn answers(&self, holder: i64) -> Result<Vec<(i64, Outcome)>, StoreError> {
        let query = sqlx::query("DELETE FROM answers WHERE holder = $1 RETURNING ticket, place, problem, document")
            .bind(holder);
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        let answer = |row: &sqlx::postgres::PgRow| {
            let place: Option<i64> = row.try_get(1).map_err(failed)?;
            let problem: Option<String> = row.try_get(2).map_err(failed)?;
            let document: Option<String> = row.try_get(3).map_err(failed)?;
            let outcome = match (place, problem, document) {
                (Some(place), ..) => Outcome::Place(unsigned(place)?),
                (None, Some(problem), _) => Outcome::Problem(problem),
                (None, None, Some(document)) => Outcome::Document(document),
                (None, None, None) => return Err(StoreError::Corrupt("an answer without content")),
            };
            Ok((row.try_get(0).map_err(failed)?, outcome))
        };
        rows.iter().map(answer).collect()
    }

    /// Takes back what nobody waits for any more.
    pub(crate) async fn withdraw(&self, tickets: &[i64]) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM waiting WHERE ticket = ANY ($1)").bind(tickets);
        query.execute(&self.pool).await.map(drop).map_err(failed)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
