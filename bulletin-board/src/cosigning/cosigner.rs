//! One election's cosigner: names the head that the witnesses are to cosign, and serves what a quorum has cosigned (BRD-19 to BRD-24).

use super::{
    Settings,
    gathering::Gathering,
    remote::Remote,
    worker::{Report, Target, Worker},
};
use crate::{
    log::{Log, Standing},
    store::StoreError,
};
use std::{
    ops::ControlFlow,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tlog::note::VerifierKey;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// BRD-23: how far a witness's clock may be behind ours, in seconds.
const SLOW: u64 = 600;

/// A wish for time evidence on the present head, which nobody moves meanwhile (BRD-25).
pub(crate) struct EvidenceRequest {
    /// Seconds since 1970 that the cosignatures must state at least.
    pub(crate) since: u64,
    /// Where the checkpoint goes.
    pub(crate) answer: oneshot::Sender<String>,
}

/// The cosigner of one election.
pub(crate) struct Cosigner {
    log: Arc<Log>,
    log_key: VerifierKey,
    settings: Arc<Settings>,
    requests: mpsc::Receiver<EvidenceRequest>,
    targets: watch::Sender<Target>,
    gathering: Gathering,
    begun: Instant,
    /// When this process began to ask, in seconds since 1970 (BRD-23).
    started: u64,
    /// Since when there are cosignatures that are not served yet.
    unserved: Option<Instant>,
    /// Whether the gathered size is served.
    served: bool,
    /// By the policy's order: whether each witness has answered at all, with a cosignature or not (BRD-23).
    heard: Vec<bool>,
    awaited: Option<EvidenceRequest>,
}

impl Cosigner {
    /// A cosigner, if the log's policy has a quorum. It ends when nobody can ask it for time evidence any more.
    pub(crate) fn new(
        log: &Arc<Log>,
        log_key: VerifierKey,
        settings: &Arc<Settings>,
    ) -> Option<(Self, mpsc::Sender<EvidenceRequest>)> {
        log.policy().quorum()?;
        let (sender, requests) = mpsc::channel(1);
        let gathering = Gathering::of(log);
        let target = Target { round: 0, size: gathering.size(), note: gathering.note().into(), since: 0 };
        let cosigner = Self {
            heard: vec![false; log.policy().witnesses().len()],
            log: log.clone(),
            log_key,
            settings: settings.clone(),
            requests,
            targets: watch::Sender::new(target),
            gathering,
            begun: Instant::now(),
            started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            unserved: None,
            served: false,
            awaited: None,
        };
        Some((cosigner, sender))
    }

    /// Gathers until nobody can ask for evidence any more, which is when the election's sequencer has ended. Where several processes share
    /// a database, the one that sequences does: another may be behind what the witnesses know (BRD-31).
    pub(crate) async fn run(mut self) {
        let mut leading = self.log.leading();
        loop {
            tokio::select! {
                led = becomes(&mut leading, true) => if !led { return },
                request = self.requests.recv() => match request {
                    // Its answer is dropped with it: there is no evidence here.
                    Some(_) => continue,
                    None => return,
                },
            }
            if self.gather(&mut leading).await.is_break() {
                return;
            }
        }
    }

    /// As long as this process sequences.
    async fn gather(&mut self, leading: &mut watch::Receiver<bool>) -> ControlFlow<()> {
        let (sender, mut reports) = mpsc::channel(16);
        self.gathering = Gathering::of(&self.log);
        (self.served, self.unserved, self.awaited) = (false, None, None);
        self.begin(0);
        let mut workers = JoinSet::new();
        for worker in self.workers() {
            workers.spawn(worker.run(self.targets.subscribe(), sender.clone()));
        }
        let mut heads = self.log.heads();
        loop {
            let due = self.due();
            tokio::select! {
                request = self.requests.recv() => match request {
                    Some(request) => self.take_request(request),
                    None => return ControlFlow::Break(()),
                },
                Some(report) = reports.recv() => self.take(report).await,
                _ = heads.changed() => {}
                _ = becomes(leading, false) => return ControlFlow::Continue(()),
                () = sleep_until(due) => {}
            }
            if let Err(fault) = self.go_on().await {
                if self.log.store().desk().is_none() {
                    // BRD-12: what is on the disk is not known; nothing more is served than was.
                    tracing::error!(cause = ?fault, origin = self.log_key.name(), "a cosigned checkpoint cannot be recorded");
                    return ControlFlow::Break(());
                }
                // BRD-33: what was recorded shows once the database can be reached again.
                tracing::warn!(cause = %fault, origin = self.log_key.name(), "a cosigned checkpoint could not be recorded");
                tokio::time::sleep(self.settings.interval()).await;
                return ControlFlow::Continue(());
            }
        }
    }

    /// BRD-24, BRD-31: whether the database has more than this process knows, or cannot be asked: then another process may have signed what a
    /// witness shows.
    async fn may_be_behind(&self) -> bool {
        let store = self.log.store();
        let known = self.log.head().0;
        store.desk().is_some() && store.head(self.log.key()).await.map_or(true, |head| head.range.size() != known)
    }

    /// One worker for each witness that can be asked; what was served before says what each remembers.
    fn workers(&mut self) -> Vec<Worker> {
        let served = self.log.checkpoint();
        let size = served.as_ref().map_or(0, |(size, _)| *size);
        let policy = self.log.policy();
        let times = served.map(|(_, note)| self.gathering.recall(&note, policy, &self.log_key)).unwrap_or_default();
        self.served = size == self.gathering.size();
        let mut workers = Vec::new();
        for (place, witness) in policy.witnesses().iter().enumerate() {
            let time = times.get(place).copied().flatten();
            if let Some(time) = time {
                self.log.cosigned(place, size, time);
            }
            match Remote::new(self.settings.address(witness), self.log_key.name(), self.settings.timeout()) {
                Ok(remote) => workers.push(Worker {
                    place,
                    name: witness.name.clone(),
                    key: witness.key.clone(),
                    remote,
                    log: self.log.clone(),
                    log_key: self.log_key.clone(),
                    settings: self.settings.clone(),
                    old: time.map_or(0, |_| size),
                }),
                Err(cause) => {
                    tracing::error!(witness = witness.name, origin = self.log_key.name(), %cause, "a witness cannot be asked");
                    if let Some(heard) = self.heard.get_mut(place) {
                        *heard = true;
                    }
                }
            }
        }
        workers
    }

    async fn take(&mut self, report: Report) {
        let place = match report {
            Report::Cosigned { place, size, signature, time } => {
                self.log.cosigned(place, size, time);
                if size == self.gathering.size() && self.gathering.add(place, signature, time) {
                    self.unserved.get_or_insert_with(Instant::now);
                }
                place
            }
            Report::Failed { place } => place,
            Report::Conflict { place, note } => {
                // BRD-24: said once, with the note that shows it.
                if self.log.standing() != Standing::Outdated && !self.may_be_behind().await {
                    let size = self.log.head().0;
                    tracing::error!(
                        origin = self.log_key.name(),
                        size,
                        note,
                        "this log has signed a history that the database does not hold; it is served and signed no more"
                    );
                    self.log.outdated();
                }
                place
            }
        };
        if let Some(heard) = self.heard.get_mut(place) {
            *heard = true;
        }
    }

    fn take_request(&mut self, request: EvidenceRequest) {
        let since = request.since;
        self.awaited = Some(request);
        self.begin(since);
    }

    /// Names the present head to the workers.
    fn begin(&mut self, since: u64) {
        if self.log.head().0 != self.gathering.size() {
            self.gathering = Gathering::of(&self.log);
            (self.served, self.unserved) = (false, None);
        }
        self.begun = Instant::now();
        let (size, note) = (self.gathering.size(), Arc::from(self.gathering.note()));
        self.targets
            .send_modify(|target| *target = Target { round: target.round.saturating_add(1), size, note, since });
    }

    /// Serves, answers and begins anew, whatever is due.
    async fn go_on(&mut self) -> Result<(), StoreError> {
        if self.log.standing() == Standing::Outdated {
            return Ok(());
        }
        self.unguard();
        self.serve().await?;
        self.answer();
        let now = Instant::now();
        if self.awaited.is_none() && self.is_moved() && now >= self.next_round() || now >= self.refresh() {
            let since = self.awaited.as_ref().map_or(0, |request| request.since);
            self.begin(since);
        }
        Ok(())
    }

    /// BRD-23: once a quorum has cosigned the head, the database is not behind what the witnesses know.
    fn unguard(&self) {
        if self.log.standing() != Standing::Guarded {
            return;
        }
        let trusting = self.settings.start_without_witnesses && self.heard.iter().all(|heard| *heard);
        if trusting || self.gathering.is_guarded(self.log.policy(), &self.log_key, self.started.saturating_sub(SLOW)) {
            self.log.open();
        }
    }

    /// BRD-21: at once when the quorum is met; what comes later, together.
    async fn serve(&mut self) -> Result<(), StoreError> {
        let Some(since) = self.unserved else { return Ok(()) };
        let waits = self.served && !self.gathering.is_complete() && since.elapsed() < self.settings.interval();
        if waits {
            return Ok(());
        }
        let Some(note) = self.gathering.checkpoint(self.log.policy(), &self.log_key) else { return Ok(()) };
        self.unserved = None;
        let size = self.gathering.size();
        match self.log.store().publish(self.log.key(), size, &note).await {
            Ok(()) => {
                self.log.serve(size, note);
                self.served = true;
                Ok(())
            }
            // Another process on this database was faster: that one is served.
            Err(StoreError::Smaller(_)) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    fn answer(&mut self) {
        let Some(request) = &self.awaited else { return };
        if request.answer.is_closed() {
            self.awaited = None;
            self.begin(0);
        } else if let Some(note) = self.gathering.evidence(self.log.policy(), &self.log_key, request.since)
            && let Some(request) = self.awaited.take()
        {
            // Who no longer waits gets a fresh one by asking again.
            let _ = request.answer.send(note);
            // BRD-22: nobody waits for the others any more.
            self.targets.send_modify(|target| target.since = 0);
        }
    }

    fn is_moved(&self) -> bool {
        self.log.head().0 != self.gathering.size()
    }

    /// BRD-20: a head is left for the next once its quorum has cosigned it, or when waiting has had its time.
    fn next_round(&self) -> Instant {
        let (interval, timeout) = (self.settings.interval(), self.settings.timeout());
        later(self.begun, if self.served { interval } else { interval.max(timeout) })
    }

    fn refresh(&self) -> Instant {
        later(self.begun, self.settings.refresh())
    }

    /// When something is to be done although nothing happens.
    fn due(&self) -> Instant {
        if self.log.standing() == Standing::Outdated {
            // BRD-24: nothing is asked for any more, so nothing is ever overdue.
            return later(Instant::now(), self.settings.refresh());
        }
        let serve = self.unserved.filter(|_| self.served).map(|since| later(since, self.settings.interval()));
        let next = (self.awaited.is_none() && self.is_moved()).then(|| self.next_round());
        // Who gave up waiting for evidence is noticed by the next interval.
        let awaited = self.awaited.as_ref().map(|_| later(Instant::now(), self.settings.interval()));
        [serve, next, awaited].into_iter().flatten().fold(self.refresh(), Instant::min)
    }
}

/// Waits until this process sequences, or no longer does; false if nobody will say.
async fn becomes(leading: &mut watch::Receiver<bool>, wanted: bool) -> bool {
    leading.wait_for(|leads| *leads == wanted).await.is_ok()
}

fn later(since: Instant, wait: Duration) -> Instant {
    since.checked_add(wait).unwrap_or(since)
}

#[cfg(test)]
mod tests;
