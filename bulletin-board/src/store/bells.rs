//! Who waits for another process's commit or answer is woken by the database, and looks for itself every second besides (BRD-36): a
//! notification may be lost with its connection.

use super::ElectionKey;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgListener, PgNotification},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

const CHANNEL: &str = "vitrine_board";

/// How often those who wait look for themselves.
const PAUSE: Duration = Duration::from_secs(1);

/// A bell for each election, and one, under no key, for new elections.
#[derive(Debug, Default)]
pub(super) struct Bells(Mutex<BTreeMap<Option<i64>, watch::Sender<u64>>>);

/// Rings that election's bell in every process.
pub(super) async fn ring(connection: &mut PgConnection, election: Option<ElectionKey>) -> Result<(), sqlx::Error> {
    let payload = election.map_or_else(String::new, |election| election.0.to_string());
    let ringing = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload);
    ringing.execute(connection).await.map(drop)
}

impl Bells {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Option<i64>, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of(&self, election: Option<ElectionKey>) -> watch::Receiver<u64> {
        self.all().entry(election.map(|election| election.0)).or_default().subscribe()
    }

    fn hear(&self, notification: &PgNotification) {
        // Empty: new elections. Anything else than a number is not ours.
        let election = match notification.payload() {
            "" => None,
            number => match number.parse() {
                Ok(number) => Some(number),
                Err(_) => return,
            },
        };
        if let Some(bell) = self.all().get(&election) {
            bell.send_modify(|rung| *rung = rung.wrapping_add(1));
        }
    }

    fn ring_all(&self) {
        for bell in self.all().values() {
            bell.send_modify(|rung| *rung = rung.wrapping_add(1));
        }
    }

    pub(super) async fn poll(self: Arc<Self>) {
        loop {
            tokio::time::sleep(PAUSE).await;
            self.ring_all();
        }
    }

    pub(super) async fn listen(self: Arc<Self>, pool: PgPool) {
        loop {
            // Without a listener there is still the polling.
            let _: Result<(), sqlx::Error> = self.hear_until_lost(&pool).await;
            self.ring_all();
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn hear_until_lost(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        self.ring_all();
        while let Some(notification) = listener.try_recv().await? {
            self.hear(&notification);
        }
        Ok(())
    }
}
