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
use board_api::PromiseDocument;
use protocol::ids::ElectionFingerprint;
use std::{sync::Arc, time::Duration};

/// How long a manifest that was handed over waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Manifests that are looked at together.
const MANIFESTS: usize = 16;

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
                && let Err(refusal) = self.begin_for_others().await
            {
                tracing::warn!(cause = %refusal, "elections cannot be begun for other processes");
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
                OpenError::Key(_) | OpenError::Origin(_) | OpenError::Destination(_) => Refusal::Halted,
            })?;
        }
        Ok(())
    }

    async fn begin_for_others(&self) -> Result<(), Refusal> {
        let Some(desk) = self.store.desk() else { return Ok(()) };
        for waiting in desk.waiting(None, false, &[], MANIFESTS).await? {
            let outcome = match Box::pin(self.create(&waiting.submission)).await {
                Ok(promise) => Outcome::Place(promise.index),
                Err(refusal) => refusal.outcome(),
            };
            desk.answer(None, &[(waiting.ticket, outcome)]).await?;
        }
        Ok(())
    }

    /// BRD-34: has the process that sequences begin an election.
    pub(super) async fn create_elsewhere(
        &self,
        election: &ElectionFingerprint,
        manifest: &[u8],
    ) -> Result<PromiseDocument, Refusal> {
        let desk = self.store.desk().ok_or(Refusal::Away)?;
        if *self.store.role().borrow() == Role::Away {
            return Err(Refusal::Away);
        }
        let ticket = Ticket { number: draw(), holder: draw() };
        let waiting = Waiting { ticket, submission: manifest.to_vec(), voucher: None, first: false };
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
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(Outcome::Place(_))) => {
                self.take_up_new().await?;
                self.created(election).await?.ok_or(Refusal::Away)
            }
            Ok(Ok(Outcome::Problem(problem))) => Err(relayed(&problem)),
            Ok(Err(refusal)) => Err(refusal),
            Err(_) => {
                desk.withdraw(&[ticket.number]).await?;
                Err(Refusal::Away)
            }
        }
    }
}
