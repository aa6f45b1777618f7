//! The single writer of one election (BRD-7 to BRD-9): takes what waits, checks it, commits it, publishes it, answers. Where several
//! processes share a database, the one with the lease does this and the others follow it (`follower`).

use crate::{
    batch::{self, BATCH, Candidate, Verdict},
    clock::Clock,
    cosigning::{EvidenceRequest, Settings},
    follower::Handed,
    key_file::BoardKey,
    lanes::{Lanes, Work},
    log::{Log, Placed, Standing},
    metrics::metrics,
    refusal::Refusal,
    replay::{ReplayError, on_a_thread, settle},
    status,
    store::{
        Addition, Place, Role, StoreError,
        desk::{Outcome, Ticket},
    },
    voucher::Voucher,
};
use protocol::{
    Election,
    ids::{ElectionFingerprint, SubmissionId},
};
use rand::{RngCore as _, rngs::OsRng};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use thiserror::Error;
use tlog::{
    checkpoint::{self, Checkpoint, CheckpointError},
    merkle::leaf_hash,
    note::{KeyError, SignerKey},
};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot, watch},
    time::Instant,
};

/// How long a sequencer waits after a failure that passes.
const PAUSE: Duration = Duration::from_millis(250);

/// Submissions with time evidence that are taken together from other processes.
pub(crate) const FIRST: usize = 8;

/// What a waiting request is told: where its submission stands, or why not.
pub(crate) type Answer = Result<Placed, Refusal>;

/// Who waits for an answer.
#[derive(Debug)]
pub(crate) enum Asker {
    /// A request to this process, with the memory it was granted (BRD-6).
    Here { answer: oneshot::Sender<Answer>, _room: OwnedSemaphorePermit },
    /// Another process of this board (BRD-34).
    Sibling(Ticket),
}

/// A submission on its way, with the one who waits for it.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) candidate: Candidate,
    pub(crate) asker: Asker,
}

/// Why a sequencer stops, for good or until the database can be reached again.
#[derive(Debug, Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The writer of one election's log, or the follower of the process that writes it.
pub(crate) struct Sequencer {
    pub(crate) log: Arc<Log>,
    pub(crate) key: Arc<BoardKey>,
    pub(crate) signer: SignerKey,
    pub(crate) voucher: Voucher,
    pub(crate) election: ElectionFingerprint,
    /// None after a failure that left it uncertain: it is made anew from the database (BRD-33).
    pub(crate) fold: Option<Election>,
    pub(crate) lanes: Lanes,
    /// Who gathers time evidence; nobody under `quorum none`.
    pub(crate) cosigner: Option<mpsc::Sender<EvidenceRequest>>,
    pub(crate) settings: Arc<Settings>,
    /// Informative, and never running backwards in the log (ENT-3).
    pub(crate) clock: Clock,
    /// BRD-27: when the queue may be held again.
    pub(crate) not_before: Option<Instant>,
    /// Whether the queue comes before what carries evidence.
    pub(crate) queue_s_turn: bool,
    /// Whether anyone can still send.
    pub(crate) open: bool,
    /// To be tried once more (BRD-8).
    pub(crate) carried: Vec<Pending>,
    /// Handed over to the process that sequences.
    pub(crate) handed: BTreeMap<i64, Handed>,
    /// This sequencer's number among all that hand over.
    pub(crate) holder: i64,
    pub(crate) role: watch::Receiver<Role>,
    pub(crate) bell: watch::Receiver<u64>,
    /// The term for which the fold is up to date.
    term: Option<u64>,
    /// Whether other processes had work for this one the last time.
    pub(crate) crowded: bool,
}

impl Sequencer {
    pub(crate) fn new(
        log: Arc<Log>,
        key: Arc<BoardKey>,
        lanes: Lanes,
        cosigner: Option<mpsc::Sender<EvidenceRequest>>,
        settings: Arc<Settings>,
        clock: Clock,
        election: Election,
    ) -> Result<Self, KeyError> {
        let (role, bell) = (log.store().role(), log.store().bell(Some(log.key())));
        Ok(Self {
            signer: key.signer(election.log_origin())?,
            voucher: Voucher::new(&key)?,
            log,
            key,
            election: election.fingerprint(),
            fold: Some(election),
            lanes,
            cosigner,
            settings,
            clock,
            not_before: None,
            queue_s_turn: false,
            open: true,
            carried: Vec::new(),
            handed: BTreeMap::new(),
            holder: draw(),
            role,
            bell,
            term: None,
            crowded: false,
        })
    }

    /// Runs until nobody can send any more and everything taken is answered, or until something fails for good (BRD-12).
    pub(crate) async fn run(mut self) {
        while self.open || !(self.carried.is_empty() && self.handed.is_empty() && self.lanes.first.is_empty()) {
            let role = *self.role.borrow_and_update();
            if !matches!(role, Role::Leads(_)) {
                self.log.lead(false);
                self.term = None;
            }
            let done = match role {
                Role::Leads(term) => self.lead(term).await,
                Role::Follows => self.follow().await,
                Role::Away => self.idle().await,
            };
            match done {
                Ok(()) => {}
                Err(fault) if self.passes(&fault) => self.pause(&fault).await,
                Err(fault) => return self.halt(&fault).await,
            }
        }
    }

    /// BRD-31: sequences, in this term.
    async fn lead(&mut self, term: u64) -> Result<(), Fault> {
        if self.term != Some(term) || self.fold.is_none() {
            // BRD-32
            self.catch_up().await?;
            self.term = Some(term);
            self.crowded = self.log.store().desk().is_some();
            self.log.lead(true);
        }
        // BRD-23: what others hand over waits until the witnesses have answered.
        let guarded = self.log.standing() == Standing::Guarded;
        self.crowded &= !guarded;
        let work = self.wait(if self.crowded { BATCH / 2 } else { BATCH }).await;
        if *self.role.borrow() != Role::Leads(term) {
            self.put_back(work);
            return Ok(());
        }
        let mut batch = match work {
            Work::Hold(request) => return self.hold(request).await,
            Work::First(pending) => return self.step(vec![pending]).await,
            Work::Batch(batch) => batch,
        };
        if self.rung() && !guarded {
            self.hear_answers().await?;
            for pending in self.collect(&batch, FIRST, true).await? {
                self.step(vec![pending]).await?;
            }
            let room = BATCH.saturating_sub(batch.len());
            let others = self.collect(&batch, room, false).await?;
            self.crowded = !others.is_empty();
            batch.extend(others);
        }
        if batch.is_empty() { Ok(()) } else { self.step(batch).await }
    }

    /// BRD-33: nothing is taken while the database is away.
    async fn idle(&mut self) -> Result<(), Fault> {
        self.crowded = false;
        let waiting: Vec<Asker> = self.wait_idly().await.into_iter().map(|pending| pending.asker).collect();
        let handed = std::mem::take(&mut self.handed).into_values().map(|handed| handed.asker);
        for asker in handed.chain(waiting) {
            tell(asker, Err(Refusal::Away));
        }
        Ok(())
    }

    /// One batch.
    pub(crate) async fn step(&mut self, mut batch: Vec<Pending>) -> Result<(), Fault> {
        // BRD-23, BRD-24: whatever waited when this process became the one that sequences, or when the witnesses showed it.
        let refusal: fn() -> Option<Refusal> = match self.log.standing() {
            Standing::Open => || None,
            Standing::Guarded => || Some(Refusal::Guarded),
            Standing::Outdated => || Some(Refusal::Outdated),
        };
        if refusal().is_some() {
            let told =
                batch.into_iter().filter_map(|pending| tell(pending.asker, Err(refusal().unwrap_or(Refusal::Halted))));
            return self.answer(told.collect()).await;
        }
        let Some(election) = self.fold.take() else { return Ok(()) };
        // BRD-7: the order within a batch says nothing about the order of arrival.
        batch.sort_by_key(|pending| pending.candidate.id);
        let now = self.clock.minutes();
        // In the log's own tree: of an election that was taken over it is not the index.
        let first = election.range().size();
        let (election, batch, verdicts) = on_a_thread(move || {
            let mut election = election;
            let verdicts = batch::apply(&mut election, batch.iter().map(|pending| &pending.candidate), now);
            (election, batch, verdicts)
        })
        .await?;
        let mut refused = Vec::new();
        let mut accepted = Vec::new();
        for (mut pending, verdict) in batch.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Accepted(entry) => accepted.push((pending, entry)),
                Verdict::Refused(rejection) => refused.push((pending, Refusal::Rejected(rejection))),
                Verdict::VotingOver(closing) => refused.push((pending, Refusal::VotingOver(closing))),
                Verdict::Again => {
                    pending.candidate.retried = true;
                    self.carried.push(pending);
                }
            }
        }
        if !accepted.is_empty() {
            let entries = accepted.iter().map(|(pending, entry)| (pending.candidate.id, entry.as_slice())).collect();
            if let Err(fault) = self.commit(&election, first, entries).await {
                // BRD-33: whether they were kept shows when they are sent again. Other processes' askers find it out themselves.
                self.carried.extend(accepted.into_iter().map(|(pending, _)| pending));
                self.carried.extend(refused.into_iter().map(|(pending, _)| pending));
                return Err(fault);
            }
        }
        self.fold = Some(settle(self.log.store(), self.log.key(), election).await?);
        // BRD-9: nobody hears anything before the commit, not even a refusal that may rest on it.
        let mut answers = Vec::new();
        for ((pending, entry), index) in accepted.into_iter().zip(first..) {
            answers.extend(tell(pending.asker, Ok(Placed { index, entry })));
        }
        for (pending, refusal) in refused {
            let answer = self.earlier(&pending.candidate.id).await?;
            answers.extend(tell(pending.asker, answer.ok_or(refusal)));
        }
        self.answer(answers).await
    }

    /// Tells other processes what became of theirs.
    async fn answer(&self, answers: Vec<(Ticket, Outcome)>) -> Result<(), Fault> {
        if let Some(desk) = self.log.store().desk().filter(|_| !answers.is_empty()) {
            desk.answer(Some(self.log.key()), &answers).await?;
        }
        Ok(())
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
    pub(crate) async fn earlier(&self, submission: &SubmissionId) -> Result<Option<Placed>, StoreError> {
        match self.log.store().position(self.log.key(), submission).await? {
            Some(index) => self.log.entry(index).await,
            None => Ok(None),
        }
    }

    /// BRD-33: whether it may be over soon, and nothing wrong was seen. Where there is one process and one file nothing is: BRD-12.
    fn passes(&self, fault: &Fault) -> bool {
        let cause = match fault {
            Fault::Store(cause) | Fault::Replay(ReplayError::Store(cause)) => cause,
            Fault::Replay(_) | Fault::Checkpoint(_) => return false,
        };
        self.log.store().desk().is_some() && !matches!(cause, StoreError::Corrupt(_))
    }

    /// BRD-33: who waits here is told to send again; the fold is made anew if it was in use.
    async fn pause(&mut self, fault: &Fault) {
        tracing::warn!(cause = %fault, origin = self.signer.name(), "the log pauses");
        for pending in std::mem::take(&mut self.carried) {
            tell(pending.asker, Err(Refusal::Away));
        }
        tokio::time::sleep(PAUSE).await;
    }

    /// BRD-12: the fold in memory may be ahead of the disk, so it is dropped; only a restart takes the log up again.
    async fn halt(mut self, fault: &Fault) {
        tracing::error!(cause = ?fault, origin = self.signer.name(), "the log takes no more submissions; restart the board");
        self.log.halt();
        self.log.lead(false);
        self.lanes.holds.close();
        let handed = std::mem::take(&mut self.handed).into_values().map(|handed| handed.asker);
        let carried = std::mem::take(&mut self.carried).into_iter().map(|pending| pending.asker);
        for asker in handed.chain(carried) {
            tell(asker, Err(Refusal::Halted));
        }
        for mut lane in [self.lanes.first, self.lanes.queue] {
            lane.close();
            while let Some(pending) = lane.recv().await {
                tell(pending.asker, Err(Refusal::Halted));
            }
        }
    }
}

/// Answers a request to this process; gives what is to be told to another. Who no longer waits finds the promise by sending again.
fn tell(asker: Asker, answer: Answer) -> Option<(Ticket, Outcome)> {
    match asker {
        Asker::Here { answer: waiting, .. } => {
            let _ = waiting.send(answer);
            None
        }
        Asker::Sibling(ticket) => {
            Some((ticket, answer.map_or_else(|refusal| refusal.outcome(), |placed| Outcome::Place(placed.index))))
        }
    }
}

/// A number that nobody else draws.
pub(crate) fn draw() -> i64 {
    i64::from_ne_bytes(OsRng.next_u64().to_ne_bytes())
}
