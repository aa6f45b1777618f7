//! Time evidence: the queue of one election is held while its witnesses cosign the head, so that the entry that carries their times can
//! be the next one (BRD-25 to BRD-27).

use crate::{
    cosigning::EvidenceRequest,
    refusal::Refusal,
    sequencer::{FIRST, Fault, Sequencer},
};
use board_api::TimeEvidence;
use protocol::{Body, Election, ids::Minutes};
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::{Instant, sleep_until},
};

/// A wish for time evidence, with the one who waits for it.
#[derive(Debug)]
pub(crate) struct HoldRequest {
    /// The minute that the evidence must show.
    pub(crate) since: Minutes,
    pub(crate) answer: oneshot::Sender<Result<TimeEvidence, Refusal>>,
    /// BRD-27: there is one for each election.
    pub(crate) _permit: OwnedSemaphorePermit,
}

/// BRD-26: whether this carries time evidence, so that it goes before the others.
pub(crate) fn carries_evidence(body: &Body) -> bool {
    match body {
        Body::Closing(closing) => !closing.evidence.is_empty(),
        Body::StageEnd(end) => !end.evidence.is_empty(),
        _ => false,
    }
}

impl Sequencer {
    /// BRD-25: holds the queue until the evidence was used, or was not in time. What carries evidence is taken meanwhile.
    pub(crate) async fn hold(&mut self, request: HoldRequest) -> Result<(), Fault> {
        let HoldRequest { since, answer, _permit } = request;
        let Some(size) = self.fold.as_ref().map(Election::size) else {
            let _ = answer.send(Err(Refusal::Away));
            return Ok(());
        };
        if let Err(refusal) = self.may_hold(since) {
            // Whoever does not wait any more needs no refusal either.
            let _ = answer.send(Err(refusal));
            return Ok(());
        }
        let end = Instant::now().checked_add(self.settings.hold()).unwrap_or_else(Instant::now);
        let mut answer = Some(answer);
        let mut evidence = self.gather(since).await;
        loop {
            let mut carrying = Vec::new();
            tokio::select! {
                checkpoint = &mut evidence, if answer.is_some() => {
                    let held_seconds = end.saturating_duration_since(Instant::now()).as_secs();
                    let told = checkpoint
                        .map(|checkpoint| TimeEvidence { checkpoint, held_seconds })
                        .map_err(|_| Refusal::EvidenceMissing);
                    let useless = told.is_err();
                    let gone = answer.take().is_none_or(|answer| answer.send(told).is_err());
                    if useless || gone {
                        break;
                    }
                }
                pending = self.lanes.first.recv() => match pending {
                    Some(pending) => carrying.push(pending),
                    // The board is ending.
                    None => return Ok(()),
                },
                // Another process may have it (BRD-34).
                Ok(()) = self.bell.changed() => carrying = self.collect(&[], FIRST, true).await?,
                () = sleep_until(end) => {
                    if let Some(answer) = answer.take() {
                        let _ = answer.send(Err(Refusal::EvidenceMissing));
                    }
                    break;
                }
            }
            for pending in carrying {
                self.step(vec![pending]).await?;
            }
            let Some(election) = self.fold.as_ref().filter(|election| election.size() != size) else { continue };
            // Used, by this or an earlier evidence on the same head.
            if let Some(answer) = answer {
                let _ = answer.send(Err(Refusal::EvidenceNotNow { due: election.evidence_due(), since }));
            }
            return Ok(());
        }
        self.not_before = Instant::now().checked_add(self.settings.pause());
        Ok(())
    }

    /// BRD-25, BRD-27: only when the entry that needs it may come, and not right after one that was not used.
    fn may_hold(&self, since: Minutes) -> Result<(), Refusal> {
        let now = self.clock.minutes();
        let due = self.fold.as_ref().and_then(|election| election.evidence_due_at(now));
        let witnessed = self.log.policy().quorum().is_some();
        if !witnessed || due.is_none_or(|due| since < due) || now < since {
            return Err(Refusal::EvidenceNotNow { due, since });
        }
        if self.not_before.is_some_and(|not_before| Instant::now() < not_before) {
            return Err(Refusal::Held);
        }
        Ok(())
    }

    /// Asks the cosigner. Without one, the sender is dropped, and with it the hope.
    async fn gather(&self, since: Minutes) -> oneshot::Receiver<String> {
        let (answer, evidence) = oneshot::channel();
        if let Some(cosigner) = &self.cosigner {
            let request = EvidenceRequest { since: since.saturating_mul(60), answer };
            // A cosigner that has ended answers nobody.
            let _ = cosigner.send(request).await;
        }
        evidence
    }
}
