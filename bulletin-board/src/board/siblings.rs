//! What a board does where it is one of several processes (BRD-34, BRD-36): elections that others begin, and those begun for others.

use super::{Board, OpenError};
use crate::{
    follower::relayed,
    refusal::Refusal,
    sequencer::draw,
    store::{
        Role,
        desk::{Outcome, Ticket, Waiting},
    },
};
use board_api::{PromiseDocument, TimeEvidence};
use protocol::ids::{ElectionFingerprint, Minutes};
use std::{sync::Arc, time::Duration};

/// What a question for time evidence begins with; no canonical submission does.
const QUESTION: &str = "time evidence: ";

/// How long a request that was handed over waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Requests that are looked at together.
const TOGETHER: usize = 16;

impl Board {
    /// BRD-31: whether this process sequences.
    pub(super) fn leads(&self) -> bool {
        matches!(*self.store.role().borrow(), Role::Leads(_))
    }

    /// Until it is stopped: takes up what other processes began, and begins what they hand over.
    pub(super) async fn attend(self: Arc<Self>) {
        let mut bell = self.store.bell(None);
        while self.store.desk().is_some() && bell.changed().await.is_ok() {
            let creating = self.creating.lock().await;
            if let Err(refusal) = self.take_up_new().await {
                tracing::warn!(cause = %refusal, "elections of other processes cannot be taken up");
            }
            drop(creating);
            if self.leads()
                && let Err(refusal) = self.serve_others().await
            {
                tracing::warn!(cause = %refusal, "other processes cannot be served");
            }
        }
    }

    /// Takes up the elections that another process has begun since. One at a time, under the lock of [`Board::create`].
    pub(super) async fn take_up_new(&self) -> Result<(), Refusal> {
        if self.store.desk().is_none() {
            return Ok(());
        }
        for (key, election) in self.store.elections().await? {
            if self.hosted().contains_key(&election) {
                continue;
            }
            self.take_up(key, election).await.map_err(|error| match error {
                OpenError::Replay(_, cause) => Refusal::Replay(*cause),
                OpenError::Store(cause) => Refusal::Store(cause),
                OpenError::Key(_)
                | OpenError::Origin(_)
                | OpenError::OtherPrefix { .. }
                | OpenError::OtherKey(_)
                | OpenError::Destination(_) => Refusal::Halted,
            })?;
        }
        Ok(())
    }

    /// What other processes cannot do without the lease: begin elections, and hold a queue for time evidence.
    async fn serve_others(self: &Arc<Self>) -> Result<(), Refusal> {
        let Some(desk) = self.store.desk() else { return Ok(()) };
        for waiting in desk.waiting(None, false, &[], TOGETHER).await? {
            let ticket = waiting.ticket;
            let Some((election, since)) = question(&waiting.submission) else {
                let outcome = match Box::pin(self.create(&waiting.submission)).await {
                    Ok(promise) => Outcome::Place(promise.index),
                    Err(refusal) => refusal.outcome(),
                };
                desk.answer(None, &[(ticket, outcome)]).await?;
                continue;
            };
            // A hold may last, and nobody else shall wait for it.
            desk.withdraw(&[ticket.number]).await?;
            let board = self.clone();
            tokio::spawn(async move {
                let evidence =
                    if board.leads() { board.time_evidence(&election, since).await } else { Err(Refusal::Away) };
                let outcome = match evidence.map(|evidence| serde_json::to_string(&evidence)) {
                    Ok(Ok(document)) => Outcome::Document(document),
                    Ok(Err(_)) => Refusal::Halted.outcome(),
                    Err(refusal) => refusal.outcome(),
                };
                // Without an answer the other process gives up by itself.
                if let Some(desk) = board.store.desk() {
                    let _ = desk.answer(None, &[(ticket, outcome)]).await;
                }
            });
        }
        Ok(())
    }

    /// BRD-34: has the process that sequences begin an election.
    pub(super) async fn create_elsewhere(
        &self,
        election: &ElectionFingerprint,
        manifest: &[u8],
    ) -> Result<PromiseDocument, Refusal> {
        match self.ask(manifest.to_vec()).await? {
            Outcome::Place(_) => {
                self.take_up_new().await?;
                self.created(election).await?.ok_or(Refusal::Away)
            }
            Outcome::Problem(problem) => Err(relayed(&problem)),
            Outcome::Document(_) => Err(Refusal::Away),
        }
    }

    /// BRD-34: has the process that sequences hold its queue (HTTP-31).
    pub(super) async fn time_evidence_elsewhere(
        &self,
        election: &ElectionFingerprint,
        since: Minutes,
    ) -> Result<TimeEvidence, Refusal> {
        match self.ask(format!("{QUESTION}{election} {since}").into_bytes()).await? {
            Outcome::Document(document) => serde_json::from_str(&document).map_err(|_| Refusal::Away),
            Outcome::Problem(problem) => Err(relayed(&problem)),
            Outcome::Place(_) => Err(Refusal::Away),
        }
    }

    /// Hands over what only the process that sequences can do, and waits for its answer.
    async fn ask(&self, request: Vec<u8>) -> Result<Outcome, Refusal> {
        let desk = self.store.desk().ok_or(Refusal::Away)?;
        if *self.store.role().borrow() == Role::Away {
            return Err(Refusal::Away);
        }
        let ticket = Ticket { number: draw(), holder: draw() };
        let waiting = Waiting { ticket, submission: request, voucher: None, first: false };
        let mut bell = self.store.bell(None);
        if !desk.hand_over(None, &[waiting]).await? {
            return Err(Refusal::Busy);
        }
        let answered = async {
            loop {
                if let Some((_, outcome)) = desk.answers(ticket.holder).await?.into_iter().next() {
                    return Ok::<_, Refusal>(outcome);
                }
                bell.changed().await.map_err(|_| Refusal::Away)?;
            }
        };
        if let Ok(outcome) = tokio::time::timeout(PATIENCE, answered).await {
            return outcome;
        }
        desk.withdraw(&[ticket.number]).await?;
        Err(Refusal::Away)
    }
}

/// A question for time evidence: the election, as its address has it, and the minute.
fn question(request: &[u8]) -> Option<(String, Minutes)> {
    let (election, since) = std::str::from_utf8(request).ok()?.strip_prefix(QUESTION)?.split_once(' ')?;
    Some((election.to_owned(), since.parse().ok()?))
}
