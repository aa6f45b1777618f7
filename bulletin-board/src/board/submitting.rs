//! A submission's way into its election's queue, and that of a question for time evidence (BRD-6, BRD-10, BRD-25).

use super::{Board, fingerprint_of};
use crate::{
    batch::{Candidate, Proofs},
    hold::{HoldRequest, carries_evidence},
    log::Standing,
    refusal::Refusal,
    sequencer::{Asker, Pending},
};
use board_api::{PromiseDocument, TimeEvidence};
use protocol::{Body, Submission, ids::Minutes};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

impl Board {
    /// HTTP-13: a submission's way to its promise.
    pub(crate) async fn submit(
        &self,
        election: &str,
        bytes: &[u8],
        room: OwnedSemaphorePermit,
    ) -> Result<PromiseDocument, Refusal> {
        let fingerprint = fingerprint_of(election).ok_or(Refusal::UnknownPath)?;
        let submission = Submission::decode(bytes)?;
        let body = submission.body()?;
        if let Some(earlier) = self.earlier(election) {
            let id = submission.id(&fingerprint);
            if let Some(promise) = earlier.promise(&id).await? {
                return Ok(promise);
            }
            let hosted = self.log(election).ok();
            // BRD-71; and the same continuation again is a repetition (BRD-10).
            let again = match &hosted {
                Some(log) => self.store.position(log.key(), &id).await?.is_some(),
                None => true,
            };
            if again && (hosted.is_none() || matches!(body, Body::Continuation(_))) {
                // Who goes away does not stop what began.
                return self.go_on(fingerprint, submission).await;
            }
        }
        let log = self.log(election)?;
        // BRD-5
        if matches!(body, Body::Continuation(_)) {
            return Err(Refusal::Continuation);
        }
        match log.standing() {
            Standing::Guarded if self.leads() => return Err(Refusal::Guarded),
            // Where another process sequences, that one says whether it may.
            Standing::Open | Standing::Guarded => {}
            Standing::Outdated => return Err(Refusal::Outdated),
        }
        let carries = carries_evidence(&body);
        let id = submission.id(&fingerprint);
        let (author, size) = (submission.author()?, log.head().0);
        let credentials = &self.operation.credentials;
        if let Some(wait) = credentials.wait(&fingerprint, &author, Instant::now()) {
            // BRD-10 costs no budget.
            let earlier = self.store.position(log.key(), &id).await?;
            let placed = match earlier {
                Some(index) => log.entry(index).await?,
                None => None,
            };
            return placed.and_then(|placed| log.promise(placed)).ok_or(Refusal::TooManyBallots(wait));
        }
        let (answer, answered) = oneshot::channel();
        let candidate = Candidate { id, submission, proofs: Proofs::Unchecked, retried: false };
        let pending = Pending { candidate, asker: Asker::Here { answer, _room: room } };
        let lane =
            self.hosted().get(&fingerprint).map(|hosted| if carries { &hosted.first } else { &hosted.queue }.clone());
        lane.ok_or(Refusal::Halted)?.try_send(pending).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Halted,
        })?;
        let placed = answered.await.map_err(|_| Refusal::Halted)??;
        // HTTP-40: what was there before this request is a copy, which anybody can send.
        if placed.index >= size {
            credentials.spend(&fingerprint, &author, placed.index, Instant::now());
        }
        log.promise(placed).ok_or(Refusal::Halted)
    }

    /// HTTP-31: time evidence on the present head, and the queue held for what will carry it.
    pub(crate) async fn time_evidence(&self, election: &str, since: Minutes) -> Result<TimeEvidence, Refusal> {
        let log = self.log(election)?;
        let fingerprint = fingerprint_of(election).ok_or(Refusal::UnknownPath)?;
        if self.store.desk().is_some() && !self.leads() {
            return self.time_evidence_elsewhere(&fingerprint, since).await;
        }
        match log.standing() {
            Standing::Open => {}
            Standing::Guarded => return Err(Refusal::Guarded),
            Standing::Outdated => return Err(Refusal::Outdated),
        }
        let lane = self.hosted().get(&fingerprint).map(|hosted| (hosted.holds.clone(), hosted.hold.clone()));
        let (holds, hold) = lane.ok_or(Refusal::Halted)?;
        let permit = hold.try_acquire_owned().map_err(|_| Refusal::Held)?;
        let (answer, answered) = oneshot::channel();
        let request = HoldRequest { since, answer, _permit: permit };
        holds.try_send(request).map_err(|_| Refusal::Halted)?;
        drop(holds);
        answered.await.map_err(|_| Refusal::Halted)?
    }
}
