//! Waiting for witnesses: from the promise of an entry to its receipt (HTTP-28).

use super::receipt;
use crate::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use std::time::Duration;
use tlog::proof::Receipt;
use tokio::time::{Instant, sleep};

/// The pause after the first look; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How waiting ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waited {
    /// A checkpoint that meets the policy covers the entry.
    Final(Receipt),
    /// Patience ended before one did. These witnesses lack it, by the board's own word.
    Awaiting(Vec<String>),
}

/// HTTP-28: looks for the receipt of a promised entry until it is there or patience ends; at least once. `heard` hears, whenever that
/// changes, which witnesses the board says it waits for.
///
/// # Errors
/// As [`receipt`].
pub async fn await_receipt(
    client: &BoardClient,
    election: &ElectionFingerprint,
    (index, entry): (u64, &[u8]),
    patience: Duration,
    mut heard: impl FnMut(&[String]),
) -> Result<Waited, ClientError> {
    let ends = Instant::now().checked_add(patience);
    let mut pause = FIRST_PAUSE;
    let mut missing = None;
    loop {
        if let Some(receipt) = receipt(client, election, index, entry).await? {
            return Ok(Waited::Final(receipt));
        }
        let now = awaited_witnesses(client, election, index).await;
        if missing.as_ref() != Some(&now) {
            heard(&now);
        }
        let left = ends.map_or(Duration::ZERO, |ends| ends.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Ok(Waited::Awaiting(now));
        }
        missing = Some(now);
        sleep(pause.min(left)).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

/// The witnesses of which the board has no cosignature over the entry at an index. Its word, and good for a message only: a file
/// server gives none.
pub async fn awaited_witnesses(client: &BoardClient, election: &ElectionFingerprint, index: u64) -> Vec<String> {
    let Ok(status) = client.status(election).await else { return Vec::new() };
    status.witnesses.into_iter().filter(|witness| witness.size <= index).map(|witness| witness.name).collect()
}
