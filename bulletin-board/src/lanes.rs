//! The ways to a sequencer, and what it takes from them next (BRD-7, BRD-25, BRD-26).

use crate::{
    batch::BATCH,
    hold::HoldRequest,
    refusal::Refusal,
    sequencer::{Pending, Sequencer},
};
use tokio::sync::mpsc;

/// The ways in.
#[derive(Debug)]
pub(crate) struct Lanes {
    pub(crate) queue: mpsc::Receiver<Pending>,
    /// Submissions that carry time evidence (BRD-26).
    pub(crate) first: mpsc::Receiver<Pending>,
    pub(crate) holds: mpsc::Receiver<HoldRequest>,
}

/// What there is to do.
pub(crate) enum Work {
    Batch(Vec<Pending>),
    /// BRD-26: alone, so that nothing stands between the evidence and what carries it.
    First(Pending),
    Hold(HoldRequest),
}

impl Sequencer {
    pub(crate) fn put_back(&mut self, work: Work) {
        match work {
            Work::Batch(batch) => self.carried.extend(batch),
            Work::First(pending) => self.carried.push(pending),
            Work::Hold(request) => {
                let _ = request.answer.send(Err(Refusal::Away));
            }
        }
    }

    /// Whether another process may have something for this one.
    pub(crate) fn rung(&mut self) -> bool {
        let rung = self.bell.has_changed().unwrap_or(false);
        self.bell.mark_unchanged();
        self.log.store().desk().is_some() && (rung || self.crowded)
    }

    /// BRD-7: what waits now, at once; whatever comes meanwhile is the next batch. An empty one if something else has happened.
    pub(crate) async fn wait(&mut self, most: usize) -> Work {
        if let Ok(request) = self.lanes.holds.try_recv() {
            return Work::Hold(request);
        }
        // BRD-26: in turns, since anyone may send what claims to carry evidence.
        if !std::mem::take(&mut self.queue_s_turn)
            && let Ok(pending) = self.lanes.first.try_recv()
        {
            self.queue_s_turn = true;
            return Work::First(pending);
        }
        let mut batch = std::mem::take(&mut self.carried);
        while batch.len() < most
            && let Ok(pending) = self.lanes.queue.try_recv()
        {
            batch.push(pending);
        }
        if !batch.is_empty() || self.crowded {
            return Work::Batch(batch);
        }
        tokio::select! {
            biased;
            Some(pending) = self.lanes.first.recv() => return Work::First(pending),
            Some(request) = self.lanes.holds.recv() => return Work::Hold(request),
            taken = self.lanes.queue.recv_many(&mut batch, most), if self.open => self.open = taken > 0,
            Ok(()) = self.bell.changed() => self.bell.mark_changed(),
            Ok(()) = self.role.changed() => self.role.mark_changed(),
            else => self.open = false,
        }
        Work::Batch(batch)
    }

    /// The same where nothing is sequenced: nothing can be held, and what carries evidence waits like the rest.
    pub(crate) async fn wait_idly(&mut self) -> Vec<Pending> {
        let work = self.wait(BATCH).await;
        // Heard: whoever follows looks now (BRD-36), and then waits for the next.
        self.bell.mark_unchanged();
        match work {
            Work::Batch(batch) => batch,
            Work::First(pending) => vec![pending],
            Work::Hold(request) => {
                let _ = request.answer.send(Err(Refusal::Away));
                Vec::new()
            }
        }
    }
}
