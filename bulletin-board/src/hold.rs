//! Time evidence: the queue of one election is held while its witnesses cosign the head, so that the entry that carries their times can
//! be the next one (BRD-25 to BRD-27).

use crate::{
    cosigning::EvidenceRequest,
    refusal::Refusal,
    sequencer::{Fault, Sequencer},
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
    pub(crate) async fn hold(&mut self, mut election: Election, request: HoldRequest) -> Result<Election, Fault> {
        let HoldRequest { since, answer, _permit } = request;
        if let Err(refusal) = self.may_hold(&election, since) {
            // Whoever does not wait any more needs no refusal either.
            let _ = answer.send(Err(refusal));
            return Ok(election);
        }
        let end = Instant::now().checked_add(self.settings.hold()).unwrap_or_else(Instant::now);
        let size = election.size();
        let mut answer = Some(answer);
        let mut evidence = self.gather(since).await;
        loop {
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
                carrying = self.first.recv() => {
                    // The board is ending.
                    let Some(pending) = carrying else { return Ok(election) };
                    (election, _) = self.step(election, vec![pending]).await?;
                    if election.size() != size {
                        // Used, by this or an earlier evidence on the same head.
                        if let Some(answer) = answer {
                            let _ = answer.send(Err(Refusal::EvidenceNotNow { due: election.evidence_due(), since }));
                        }
                        return Ok(election);
                    }
                }
                () = sleep_until(end) => {
                    if let Some(answer) = answer.take() {
                        let _ = answer.send(Err(Refusal::EvidenceMissing));
                    }
                    break;
                }
            }
        }
        self.not_before = Instant::now().checked_add(self.settings.pause());
        Ok(election)
    }

    /// BRD-25, BRD-27: only when the entry that needs it may come, and not right after one that was not used.
    fn may_hold(&self, election: &Election, since: Minutes) -> Result<(), Refusal> {
        let due = election.evidence_due();
        let witnessed = self.log.policy().quorum().is_some();
        if !witnessed || due.is_none_or(|due| since < due) || self.clock.minutes() < since {
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
