//! Watching what boards show everybody (WIT-12).

use super::{
    Witness,
    evidence::{Beginning, Finding},
    state::LogState,
};
use board_api::{BoardClient, ClientError, record};
use protocol::ids::ElectionFingerprint;
use std::{sync::Arc, time::Duration};
use tlog::{
    add_checkpoint::Request,
    checkpoint::{Checkpoint, SignedCheckpoint},
    record::RecordPath,
};

/// How many elections of one board are looked at, each time.
const MAX_ELECTIONS: usize = 100_000;

/// Looks at a board again and again, for as long as the witness runs.
pub(super) async fn watch(witness: Arc<Witness>, address: String, interval: Duration) {
    let client = match BoardClient::new(&address) {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(address, %error, "this board cannot be watched");
            return;
        }
    };
    loop {
        match look(&witness, &client).await {
            Ok(0) => {}
            Ok(findings) => tracing::error!(address, findings, "the board shows other histories than were cosigned"),
            Err(error) => tracing::warn!(address, %error, "the board cannot be watched now"),
        }
        tokio::time::sleep(interval).await;
    }
}

/// WIT-12: looks once at every log that the board shows; gives the number of findings.
pub(super) async fn look(witness: &Witness, client: &BoardClient) -> Result<usize, ClientError> {
    let mut findings = 0;
    for election in client.elections().await?.into_iter().take(MAX_ELECTIONS) {
        let fingerprint = election.fingerprint;
        match compare(witness, client, &fingerprint).await {
            Ok(None) => {}
            Ok(Some(finding)) => {
                findings += 1;
                witness.keep(&finding);
            }
            // One log that cannot be read hides no other.
            Err(error) => {
                tracing::warn!(election = %fingerprint, %error, "the log cannot be compared with what was cosigned")
            }
        }
    }
    Ok(findings)
}

/// Compares what a board shows of one log with what is remembered of it.
async fn compare(
    witness: &Witness,
    client: &BoardClient,
    election: &ElectionFingerprint,
) -> Result<Option<Finding>, ClientError> {
    let Some(note) = client.fetch(election, &RecordPath::Checkpoint).await? else { return Ok(None) };
    let Some((shown, remembered)) = known(witness, note).await else { return Ok(None) };
    let (head, seen) = (shown.checkpoint(), &remembered.seen);
    let finding = |beginning| Finding {
        origin: head.origin().to_owned(),
        remembered: remembered.note.clone(),
        found: shown.note().encode(),
        beginning,
    };
    if head.size() == seen.size {
        return Ok((*head.root() != seen.root).then(|| finding(None)));
    }
    // The larger of both trees must begin with the smaller. A board may show less than it asked cosignatures for: not everybody has cosigned.
    let of_found = head.size() > seen.size;
    let (larger, size, expected) = if of_found {
        (head.clone(), seen.size, seen.root)
    } else {
        let Ok(larger) = Checkpoint::new(head.origin(), seen.size, seen.root) else { return Ok(None) };
        (larger, head.size(), *head.root())
    };
    let (root, proof) = record::beginning(client, election, &larger, size).await?;
    Ok((root != expected).then(|| finding(Some(Beginning { size, root, proof, of_found }))))
}

/// The checkpoint, if it is by a log that is known and was cosigned before.
async fn known(witness: &Witness, note: Vec<u8>) -> Option<(SignedCheckpoint, LogState)> {
    let request = Request { old: 0, proof: Vec::new(), checkpoint: String::from_utf8(note).ok()? };
    let claim = request.claim().ok()?;
    let signed = claim.open(&witness.keys_of(claim.origin()).await.ok()?).ok()?;
    let remembered = witness.state().log(claim.origin()).await.ok()??;
    Some((signed, remembered))
}
