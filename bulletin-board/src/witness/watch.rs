//! Watching what boards show everybody (WIT-12).

use super::{
    Witness,
    evidence::{Beginning, Finding},
};
use board_api::{BoardClient, ClientError, record};
use protocol::{Body, Evidence, ids::ElectionFingerprint};
use std::{sync::Arc, time::Duration};
use tlog::{
    add_checkpoint::Request,
    checkpoint::{self, SignedCheckpoint},
    follower::{FollowRefusal, Follower},
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

/// Compares what a board shows of one log with what is remembered of it: the checkpoint that everybody reads, and the head that promises are
/// under.
async fn compare(
    witness: &Witness,
    client: &BoardClient,
    election: &ElectionFingerprint,
) -> Result<Option<Finding>, ClientError> {
    for note in [client.fetch(election, &RecordPath::Checkpoint).await?, client.head(election).await?] {
        let Some(note) = note else { continue };
        let Some(pair) = Pair::of(witness, note).await else { continue };
        if let Some(finding) = pair.compare(client, election).await? {
            return Ok(Some(finding));
        }
    }
    Ok(None)
}

/// Two checkpoints of one log, both signed by it.
struct Pair {
    remembered: SignedCheckpoint,
    shown: SignedCheckpoint,
}

impl Pair {
    /// A note and what is remembered, if it is by a log that is known and was cosigned before.
    async fn of(witness: &Witness, note: Vec<u8>) -> Option<Self> {
        let request = Request { old: 0, proof: Vec::new(), checkpoint: String::from_utf8(note).ok()? };
        let claim = request.claim().ok()?;
        let mut keys = witness.keys_of(claim.origin()).await.ok()?;
        let shown = claim.open(&keys).ok()?;
        let remembered = witness.state().log(claim.origin()).await.ok()??;
        keys.push(witness.verifier_key());
        let remembered = checkpoint::open(remembered.note.as_bytes(), &keys).ok()?;
        Some(Self { remembered, shown })
    }

    /// LOG-30: the larger of both trees must begin with the smaller. A board may show less than it asked cosignatures for: not everybody has
    /// cosigned yet.
    async fn compare(
        &self,
        client: &BoardClient,
        election: &ElectionFingerprint,
    ) -> Result<Option<Finding>, ClientError> {
        let of_found = self.shown.checkpoint().size() >= self.remembered.checkpoint().size();
        let (smaller, larger) =
            if of_found { (&self.remembered, &self.shown) } else { (&self.shown, &self.remembered) };
        let size = smaller.checkpoint().size();
        let (root, proof) = if size == larger.checkpoint().size() {
            (*larger.checkpoint().root(), Vec::new())
        } else {
            record::beginning(client, election, larger.checkpoint(), size).await?
        };
        let Err(FollowRefusal::Fork(fork)) = Follower::new(smaller.clone()).advance(larger.clone(), &root, &proof)
        else {
            return Ok(None);
        };
        // With the manifest the evidence convinces anyone; without it, whoever knows the log.
        let evidence = client.manifest(election).await.ok().map(|manifest| {
            let body = Body::Manifest(Box::new((*manifest).clone())).encode();
            Evidence::split_view(&body, &fork).encode()
        });
        let differ = size < larger.checkpoint().size();
        Ok(Some(Finding {
            origin: self.shown.checkpoint().origin().to_owned(),
            remembered: self.remembered.note().encode(),
            found: self.shown.note().encode(),
            beginning: differ.then_some(Beginning { size, root, proof, of_found }),
            evidence,
        }))
    }
}
