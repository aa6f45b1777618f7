//! What a process without the lease does for an election (BRD-34 to BRD-36): it checks submissions and hands them over to the process that
//! sequences, and it follows that process's commits.

use crate::{
    batch::{self, Candidate, Look, Proofs},
    hold::carries_evidence,
    refusal::Refusal,
    replay::{ReplayError, confirm, follow, on_a_thread, replay},
    sequencer::{Asker, Fault, Pending, Sequencer, draw},
    status,
    store::desk::{Outcome, Ticket, Waiting},
};
use board_api::Problem;
use protocol::{Body, Submission};
use std::time::{Duration, Instant};

/// How long a submission that was handed over waits for its answer. Less than the desk keeps it, so that nobody's ballot enters the log
/// long after the answer "not now".
const PATIENCE: Duration = Duration::from_secs(30);

/// Who waits for an answer from the process that sequences.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(crate) asker: Asker,
    until: Instant,
}

impl Sequencer {
    /// One turn of a process that does not sequence.
    pub(crate) async fn follow(&mut self) -> Result<(), Fault> {
        self.crowded = false;
        let batch = self.wait_idly().await;
        if let Err(fault) = self.keep_up().await {
            self.carried.extend(batch);
            return Err(fault);
        }
        if batch.is_empty() { Ok(()) } else { self.hand_over(batch).await }
    }

    async fn keep_up(&mut self) -> Result<(), Fault> {
        // What was answered was committed before, so it is there when the fold has caught up.
        let answered = self.answers().await?;
        self.catch_up().await?;
        self.pass_on(answered).await
    }

    /// BRD-36: takes over what was committed since; makes the fold anew if there is none.
    pub(crate) async fn catch_up(&mut self) -> Result<(), Fault> {
        let (store, key) = (self.log.store(), self.log.key());
        let Some(fold) = &self.fold else { return self.make_anew().await };
        let served = store.published(key).await?;
        let head = store.head(key).await?;
        let (before, size) = (fold.range().size(), head.range.size());
        if size < before {
            return Err(ReplayError::WentBack(size).into());
        }
        if size == before {
            confirm(fold, &head, &self.signer)?;
        } else if let Some(fold) = self.fold.take() {
            let (election, leaves) = follow(store, key, fold, &head, &self.signer).await?;
            self.log.publish(leaves, head.note, status::of(&election));
            self.fold = Some(election);
            // BRD-23: the process that has sequenced this on the same database had heard its witnesses.
            self.log.open();
        }
        if let Some((size, note)) = served.filter(|served| self.log.checkpoint().as_ref() != Some(served)) {
            self.log.serve(size, note);
        }
        Ok(())
    }

    /// BRD-33: what was persisted counts, and it goes on from what readers were shown.
    async fn make_anew(&mut self) -> Result<(), Fault> {
        let replayed = replay(self.log.store(), self.log.key(), self.election, &self.key, Proofs::Vouched).await?;
        let (size, status) = (replayed.election.size(), status::of(&replayed.election));
        if !self.log.resume(replayed.tree, replayed.note, status) {
            return Err(ReplayError::WentBack(size).into());
        }
        self.fold = Some(replayed.election);
        Ok(())
    }

    /// BRD-34: checks what it can and hands over what is not refused.
    async fn hand_over(&mut self, batch: Vec<Pending>) -> Result<(), Fault> {
        let Some(election) = self.fold.take() else { return Ok(()) };
        let now = self.clock.minutes();
        let looking = on_a_thread(move || {
            let looks = batch::look(&election, batch.iter().map(|pending| &pending.candidate), now);
            (election, batch, looks)
        });
        let (election, batch, looks) = looking.await?;
        self.fold = Some(election);
        let (mut askers, mut waiting) = (Vec::new(), Vec::new());
        for (pending, look) in batch.into_iter().zip(looks) {
            let Pending { candidate, asker } = pending;
            let refusal = match look {
                Look::Refused(rejection) => Refusal::Rejected(rejection),
                Look::VotingOver(closing) => Refusal::VotingOver(closing),
                Look::Proven | Look::Open => {
                    let submission = candidate.submission.encode();
                    let voucher = matches!(look, Look::Proven).then(|| self.voucher.give(&self.election, &submission));
                    let ticket = Ticket { number: draw(), holder: self.holder };
                    let first = candidate.submission.body().is_ok_and(|body| carries_evidence(&body));
                    waiting.push(Waiting { ticket, submission, voucher: voucher.flatten(), first });
                    askers.push((ticket.number, asker));
                    continue;
                }
            };
            let earlier = self.earlier(&candidate.id).await;
            answer(asker, earlier.map_err(Refusal::from).and_then(|earlier| earlier.ok_or(refusal)));
        }
        let (Some(desk), false) = (self.log.store().desk(), waiting.is_empty()) else { return Ok(()) };
        let refusal = match desk.hand_over(Some(self.log.key()), &waiting).await {
            Ok(true) => {
                let until = Instant::now() + PATIENCE;
                self.handed.extend(askers.into_iter().map(|(number, asker)| (number, Handed { asker, until })));
                return Ok(());
            }
            Ok(false) => Refusal::Busy,
            Err(cause) => {
                tracing::warn!(%cause, "submissions could not be handed over");
                Refusal::Away
            }
        };
        for (_, asker) in askers {
            let refusal = if matches!(refusal, Refusal::Busy) { Refusal::Busy } else { Refusal::Away };
            answer(asker, Err(refusal));
        }
        Ok(())
    }

    /// The answers to what this process has handed over.
    async fn answers(&mut self) -> Result<Vec<(i64, Outcome)>, Fault> {
        match self.log.store().desk() {
            Some(desk) if !self.handed.is_empty() => Ok(desk.answers(self.holder).await?),
            _ => Ok(Vec::new()),
        }
    }

    /// As [`Self::keep_up`], where the fold is up to date.
    pub(crate) async fn hear_answers(&mut self) -> Result<(), Fault> {
        let answered = self.answers().await?;
        self.pass_on(answered).await
    }

    async fn pass_on(&mut self, answered: Vec<(i64, Outcome)>) -> Result<(), Fault> {
        for (number, outcome) in answered {
            let Some(handed) = self.handed.remove(&number) else { continue };
            let told = match outcome {
                Outcome::Place(index) => {
                    self.log.entry(index).await.map_err(Refusal::from).and_then(|placed| placed.ok_or(Refusal::Away))
                }
                Outcome::Problem(problem) => Err(relayed(&problem)),
                Outcome::Document(_) => Err(Refusal::Away),
            };
            answer(handed.asker, told);
        }
        let now = Instant::now();
        let late: Vec<i64> =
            self.handed.iter().filter(|(_, handed)| handed.until <= now).map(|(number, _)| *number).collect();
        if let (Some(desk), false) = (self.log.store().desk(), late.is_empty()) {
            desk.withdraw(&late).await?;
        }
        for number in late {
            if let Some(handed) = self.handed.remove(&number) {
                answer(handed.asker, Err(Refusal::Away));
            }
        }
        Ok(())
    }

    /// BRD-34: what other processes have handed over, as far as it is not in hand; what carries time evidence (BRD-26), or all else.
    pub(crate) async fn collect(&self, batch: &[Pending], most: usize, first: bool) -> Result<Vec<Pending>, Fault> {
        let Some(desk) = self.log.store().desk() else { return Ok(Vec::new()) };
        let in_hand: Vec<i64> = batch
            .iter()
            .filter_map(|pending| match &pending.asker {
                Asker::Sibling(ticket) => Some(ticket.number),
                Asker::Here { .. } => None,
            })
            .collect();
        let waiting = desk.waiting(Some(self.log.key()), first, &in_hand, most).await?;
        let mut unreadable = Vec::new();
        let pending = waiting.into_iter().filter_map(|one| {
            let candidate = self.candidate(&one);
            if candidate.is_none() {
                unreadable.push(one.ticket.number);
            }
            Some(Pending { candidate: candidate?, asker: Asker::Sibling(one.ticket) })
        });
        let pending = pending.collect();
        if !unreadable.is_empty() {
            // No process of ours hands over what it could not read.
            desk.withdraw(&unreadable).await?;
        }
        Ok(pending)
    }

    fn candidate(&self, waiting: &Waiting) -> Option<Candidate> {
        let submission = Submission::decode(&waiting.submission).ok()?;
        let body = submission.body().ok()?;
        if matches!(body, Body::Continuation(_)) {
            return None;
        }
        let vouched = matches!(body, Body::Ballot(_))
            && waiting
                .voucher
                .as_ref()
                .is_some_and(|word| self.voucher.knows(&self.election, &waiting.submission, word));
        let proofs = if vouched { Proofs::Vouched } else { Proofs::Unchecked };
        Some(Candidate { id: submission.id(&self.election), submission, proofs, retried: false })
    }
}

fn answer(asker: Asker, answer: crate::sequencer::Answer) {
    if let Asker::Here { answer: waiting, .. } = asker {
        let _ = waiting.send(answer);
    }
}

/// A refusal as the process that sequences has put it.
pub(crate) fn relayed(problem: &str) -> Refusal {
    serde_json::from_str::<Problem>(problem).map_or(Refusal::Away, |problem| Refusal::Relayed(Box::new(problem)))
}
