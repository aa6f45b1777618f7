//! The single writer of one election (BRD-7 to BRD-9): takes what waits, checks it, commits it, publishes it, answers.

use crate::{
    batch::{self, BATCH, Candidate, Verdict},
    clock::Clock,
    cosigning::{EvidenceRequest, Settings},
    hold::HoldRequest,
    log::{Log, Placed, Standing},
    metrics::metrics,
    refusal::Refusal,
    replay::{ReplayError, on_a_thread, settle},
    status,
    store::{Addition, Place, StoreError},
};
use protocol::{Election, ids::SubmissionId};
use std::sync::Arc;
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::leaf_hash,
    note::SignerKey,
};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot},
    time::Instant,
};

/// What a waiting request is told: where its submission stands, or why not.
pub(crate) type Answer = Result<Placed, Refusal>;

/// A submission on its way, with the one who waits for it and the memory it was granted (BRD-6).
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) candidate: Candidate,
    pub(crate) answer: oneshot::Sender<Answer>,
    pub(crate) _room: OwnedSemaphorePermit,
}

/// Why a sequencer stops for good.
#[derive(Debug, Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The writer of one election's log.
pub(crate) struct Sequencer {
    pub(crate) log: Arc<Log>,
    pub(crate) signer: SignerKey,
    pub(crate) queue: mpsc::Receiver<Pending>,
    /// Submissions that carry time evidence (BRD-26).
    pub(crate) first: mpsc::Receiver<Pending>,
    pub(crate) holds: mpsc::Receiver<HoldRequest>,
    /// Who gathers the evidence; nobody under `quorum none`.
    pub(crate) cosigner: Option<mpsc::Sender<EvidenceRequest>>,
    pub(crate) settings: Arc<Settings>,
    /// Informative, and never running backwards in the log (ENT-3).
    pub(crate) clock: Clock,
    /// BRD-27: when the queue may be held again.
    pub(crate) not_before: Option<Instant>,
}

impl Sequencer {
    /// Runs until nobody can send any more and the queue is empty, or until a commit fails (BRD-12).
    pub(crate) async fn run(mut self, election: Election) {
        if let Err(fault) = self.sequence(election).await {
            self.halt(&fault).await;
        }
    }

    async fn sequence(&mut self, mut election: Election) -> Result<(), Fault> {
        let mut batch = Vec::new();
        loop {
            if let Ok(request) = self.holds.try_recv() {
                election = self.hold(election, request).await?;
            }
            // BRD-26: alone, so that nothing stands between the evidence and what carries it.
            if let Ok(pending) = self.first.try_recv() {
                (election, _) = self.step(election, vec![pending]).await?;
            }
            // BRD-7: what waits now, at once; whatever comes meanwhile is the next batch.
            while batch.len() < BATCH
                && let Ok(pending) = self.queue.try_recv()
            {
                batch.push(pending);
            }
            if !batch.is_empty() {
                (election, batch) = self.step(election, std::mem::take(&mut batch)).await?;
                continue;
            }
            tokio::select! {
                biased;
                Some(pending) = self.first.recv() => (election, _) = self.step(election, vec![pending]).await?,
                Some(request) = self.holds.recv() => election = self.hold(election, request).await?,
                taken = self.queue.recv_many(&mut batch, BATCH) => if taken == 0 { return Ok(()) },
            }
        }
    }

    /// One batch. Gives those to be tried again.
    pub(crate) async fn step(
        &self,
        election: Election,
        mut batch: Vec<Pending>,
    ) -> Result<(Election, Vec<Pending>), Fault> {
        // BRD-24: whatever waited when the witnesses showed it.
        if self.log.standing() == Standing::Outdated {
            for pending in batch {
                let _ = pending.answer.send(Err(Refusal::Outdated));
            }
            return Ok((election, Vec::new()));
        }
        // BRD-7: the order within a batch says nothing about the order of arrival.
        batch.sort_by_key(|pending| pending.candidate.id);
        let now = self.clock.minutes();
        let first = election.size();
        let (election, batch, verdicts) = on_a_thread(move || {
            let mut election = election;
            let verdicts = batch::apply(&mut election, batch.iter().map(|pending| &pending.candidate), now);
            (election, batch, verdicts)
        })
        .await?;
        let mut again = Vec::new();
        let mut refused = Vec::new();
        let mut accepted = Vec::new();
        for (mut pending, verdict) in batch.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Accepted(entry) => accepted.push((pending, entry)),
                Verdict::Refused(rejection) => refused.push((pending, Refusal::Rejected(rejection))),
                Verdict::VotingOver(closing) => refused.push((pending, Refusal::VotingOver(closing))),
                Verdict::Again => {
                    pending.candidate.retried = true;
                    again.push(pending);
                }
            }
        }
        if !accepted.is_empty() {
            let entries = accepted.iter().map(|(pending, entry)| (pending.candidate.id, entry.as_slice())).collect();
            self.commit(&election, first, entries).await?;
        }
        // BRD-9: nobody hears anything before the commit, not even a refusal that may rest on it.
        for ((pending, entry), index) in accepted.into_iter().zip(first..) {
            // Who no longer waits finds the promise by sending again.
            let _ = pending.answer.send(Ok(Placed { index, entry }));
        }
        for (pending, refusal) in refused {
            let answer = self.earlier(&pending.candidate.id).await?;
            let _ = pending.answer.send(answer.ok_or(refusal));
        }
        let election = settle(self.log.store(), self.log.key(), election).await?;
        Ok((election, again))
    }

    /// BRD-9: entries, tree state and signed checkpoint in one transaction, and then the publication.
    async fn commit(&self, election: &Election, first: u64, entries: Vec<(SubmissionId, &[u8])>) -> Result<(), Fault> {
        let range = election.range();
        let head = Checkpoint::new(self.signer.name(), range.size(), range.root())?;
        let note = checkpoint::sign(&head, &self.signer)?;
        let leaves: Vec<_> = entries.iter().map(|(_, entry)| leaf_hash(entry)).collect();
        let (count, began) = (entries.len(), Instant::now());
        self.log.store().commit(Place::Log(self.log.key()), Addition { first, entries, range, note: &note }).await?;
        metrics().committed(count, began.elapsed());
        self.log.publish(leaves, note, status::of(election));
        Ok(())
    }

    /// BRD-10: a refused submission that is in the log already is answered with its first place.
    async fn earlier(&self, submission: &SubmissionId) -> Result<Option<Placed>, StoreError> {
        match self.log.store().position(self.log.key(), submission).await? {
            Some(index) => self.log.entry(index).await,
            None => Ok(None),
        }
    }

    /// BRD-12: the fold in memory may be ahead of the disk, so it is dropped; only a restart takes the log up again.
    async fn halt(mut self, fault: &Fault) {
        tracing::error!(cause = ?fault, origin = self.signer.name(), "the log takes no more submissions; restart the board");
        self.log.halt();
        self.holds.close();
        for mut lane in [self.first, self.queue] {
            lane.close();
            while let Some(pending) = lane.recv().await {
                let _ = pending.answer.send(Err(Refusal::Halted));
            }
        }
    }
}
