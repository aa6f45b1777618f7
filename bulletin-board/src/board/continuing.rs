//! Elections that were taken over from another board, and their continuation here (BRD-70 to BRD-73).

use super::{Board, OpenError, fingerprint_of};
use crate::{
    batch::Proofs,
    cosigning,
    earlier::{self, Earlier},
    log::Log,
    refusal::Refusal,
    replay::on_a_thread,
    status,
    store::{Addition, Place},
};
use board_api::PromiseDocument;
use protocol::{Body, Submission, ids::ElectionFingerprint};
use std::sync::{Arc, PoisonError};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
};

impl Board {
    /// BRD-73: what came before an election that was taken over.
    pub(super) async fn take_up_earlier(&self, election: &ElectionFingerprint) -> Result<(), OpenError> {
        let loaded = earlier::load(self.store.as_ref(), election, Proofs::Unchecked).await;
        let loaded = loaded.map_err(|error| OpenError::Replay(*election, Box::new(error)))?;
        if let Some(loaded) = loaded {
            let earlier = Arc::new(Earlier::new(self.store.clone(), loaded));
            self.earlier.lock().unwrap_or_else(PoisonError::into_inner).insert(*election, earlier);
        }
        Ok(())
    }

    /// BRD-73: the logs before, of an election that was taken over.
    pub(crate) fn earlier(&self, election: &str) -> Option<Arc<Earlier>> {
        let fingerprint = fingerprint_of(election)?;
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner).get(&fingerprint).cloned()
    }

    /// BRD-71, BRD-72: the continuation of an election that was taken over, as leaf 0 of this board's log.
    pub(super) async fn go_on(
        &self,
        fingerprint: ElectionFingerprint,
        submission: Submission,
    ) -> Result<PromiseDocument, Refusal> {
        let Body::Continuation(continuation) = submission.body()? else {
            return Err(Refusal::AwaitingContinuation);
        };
        let _one_at_a_time = self.creating.lock().await;
        // Another process may have continued it since.
        self.take_up_new().await?;
        if let Some(placed) = self.created(&fingerprint).await? {
            return Ok(placed);
        }
        let loaded = earlier::load(self.store.as_ref(), &fingerprint, Proofs::Unchecked).await?;
        let mut election = loaded.ok_or(Refusal::AwaitingContinuation)?.election;
        let signer = self.key.signer(&election.next_log_origin()).map_err(|_| Refusal::Halted)?;
        let expected = signer.verifier_key().to_string();
        if continuation.new_key != expected {
            return Err(Refusal::ForeignSuccessor { expected, found: continuation.new_key });
        }
        let entry = election.next_entry(submission, self.config.clock.minutes());
        let id = entry.submission().id(&fingerprint);
        let bytes = entry.encode();
        let election = on_a_thread(move || election.apply(&entry).map(|()| election)).await??;
        // BRD-61: the board that this is a copy of may have signed leaf 0 since, with another time in it.
        if self.store.is_copy().await? {
            return Err(Refusal::Outdated);
        }
        // BRD-24: so may this one, on a database that was lost since.
        if cosigning::is_known(election.policy(), &signer.verifier_key(), &self.config.cosigning).await {
            return Err(Refusal::Outdated);
        }
        let failed = |_| Refusal::Halted;
        let head = Checkpoint::new(signer.name(), election.range().size(), election.root()).map_err(failed)?;
        let note = checkpoint::sign(&head, &signer).map_err(failed)?;
        let addition = Addition { first: 0, entries: vec![(id, &bytes)], range: election.range(), note: &note };
        let place = Place::New { election: &fingerprint, origin: signer.name() };
        let key = self.store.commit(place, addition).await?;
        let mut tree = Tree::new();
        tree.append(leaf_hash(&bytes));
        let (policy, status) = (election.policy().clone(), status::of(&election));
        let log = Log::new(key, self.store.clone(), policy, (tree, note, status), None);
        self.host(election, log).map_err(|_| Refusal::Halted)?;
        self.created(&fingerprint).await?.ok_or(Refusal::Halted)
    }
}
