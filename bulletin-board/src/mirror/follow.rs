//! Follows one election (MIR-2 to MIR-5): reads on, verifies, stores, and only then shows what it holds.

use super::{
    boards::ended,
    evidence::Cabinet,
    held::{Held, Trouble},
    take_up::{Position, status_of},
    taking::{Taken, take},
};
use crate::{
    log::Log,
    replay::{ReplayError, on_a_thread, settle},
    store::{Addition, ElectionKey, Place, Store, StoreError},
};
use board_api::{
    BoardClient, ClientError,
    record::{Pull, RecordFault, pull},
};
use protocol::{Election, Rejection};
use std::{sync::Arc, time::Duration};
use thiserror::Error;
use tlog::{
    checkpoint::{self, CheckpointError, SignedCheckpoint},
    merkle::{CompactRange, Hash, Tree, leaf_hash},
    proof::Receipt,
    record::RecordPath,
};
use tokio::sync::watch;

/// MIR-9: the longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why an election is not followed for now, or not any more.
#[derive(Debug, Error)]
enum Fault {
    #[error(transparent)]
    Board(#[from] ClientError),
    #[error("the board shows neither a head nor a checkpoint")]
    NoHead,
    #[error("the board's head: {0}")]
    Head(#[from] CheckpointError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// MIR-4.
    #[error("entry {index} of the log is refused by {}: {rejection}", .rejection.rule())]
    Refused { index: u64, rejection: Rejection },
}

impl Fault {
    /// Whether the log is to blame, not the way to it.
    fn trouble(&self) -> Trouble {
        let text = self.to_string();
        match self {
            Self::Refused { rejection, .. } => {
                Trouble { alarm: true, lasting: true, rule: Some(rejection.rule().to_string()), text }
            }
            Self::Board(ClientError::Record(fault))
                if matches!(**fault, RecordFault::Fork { .. } | RecordFault::Rollback { .. }) =>
            {
                Trouble { alarm: true, lasting: false, rule: Some("MIR-5".to_owned()), text }
            }
            _ => Trouble { alarm: false, lasting: false, rule: None, text },
        }
    }
}

/// The follower of one election.
pub(super) struct Follower {
    pub(super) held: Arc<Held>,
    pub(super) client: BoardClient,
    pub(super) store: Arc<dyn Store>,
    pub(super) cabinet: Cabinet,
    pub(super) interval: Duration,
    pub(super) end: watch::Receiver<bool>,
    state: State,
}

/// What there is so far.
#[derive(Default)]
struct State {
    key: Option<ElectionKey>,
    /// None before the first entry, and while it is at work.
    election: Option<Election>,
    pending: Vec<Hash>,
    last: Option<SignedCheckpoint>,
}

impl Follower {
    pub(super) fn new(
        held: Arc<Held>,
        (client, store): (BoardClient, Arc<dyn Store>),
        cabinet: Cabinet,
        (interval, end): (Duration, watch::Receiver<bool>),
        position: Option<Position>,
    ) -> Self {
        let state = position.map_or_else(State::default, |position| State {
            key: Some(position.key),
            election: Some(position.election),
            pending: position.pending,
            last: Some(position.last),
        });
        Self { held, client, store, cabinet, interval, end, state }
    }

    /// Follows until the mirror ends, or until the log itself has ended all trust in it (MIR-4).
    pub(super) async fn run(mut self) {
        if self.held.is_given_up() {
            return;
        }
        let mut wanted = self.held.wanted.subscribe();
        let mut pause = self.interval;
        loop {
            let target = wanted.borrow_and_update().clone();
            let mut end = self.end.clone();
            let outcome = tokio::select! {
                outcome = self.step(target.clone()) => outcome,
                // A commit that is cut off is one or none (MIR-6).
                () = ended(&mut end) => return,
            };
            let failed = outcome.is_err();
            if outcome.as_ref().map_or_else(|fault| fault.trouble().alarm, |()| true) {
                // What does not extend what was seen is not asked for again; what could not be reached is.
                self.held.wanted.send_if_modified(|wanted| {
                    wanted.take_if(|wanted| Some(&*wanted) == target.as_ref());
                    false
                });
            }
            if let Err(fault) = &outcome {
                let (election, alarm) = (self.held.election, fault.trouble().alarm);
                if alarm {
                    tracing::error!(%election, cause = ?fault, "{fault}");
                } else {
                    tracing::warn!(%election, cause = ?fault, "the board cannot be followed: {fault}");
                }
                self.keep(fault);
            }
            self.held.trouble(outcome.as_ref().err().map(Fault::trouble));
            if matches!(outcome, Err(Fault::Refused { .. } | Fault::Store(_) | Fault::Replay(_))) {
                return;
            }
            pause = if failed { pause.saturating_mul(2).min(LONGEST_PAUSE.max(self.interval)) } else { self.interval };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                changed = wanted.changed() => if changed.is_err() { return },
                () = ended(&mut self.end) => return,
            }
        }
    }

    /// MIR-5: what convicts somebody is kept.
    fn keep(&self, fault: &Fault) {
        let Fault::Board(ClientError::Record(fault)) = fault else { return };
        let (RecordFault::Fork { evidence, .. } | RecordFault::Rollback { evidence, .. }) = &**fault else { return };
        match self.cabinet.keep(evidence) {
            Ok(Some(path)) => tracing::error!(path = %path.display(), "evidence is kept"),
            Ok(None) => {
                tracing::error!(election = %self.held.election, "there is enough evidence of this; no more is kept")
            }
            Err(error) => tracing::error!(cause = ?error, "evidence cannot be kept"),
        }
    }

    /// Reads on, up to what somebody wants to have cosigned, or else to what the board shows.
    async fn step(&mut self, target: Option<SignedCheckpoint>) -> Result<(), Fault> {
        // An older head than one that is being read under is no step back: what is asked for comes to be held on the way.
        let last = self.state.last.as_ref().map_or(0, |last| last.checkpoint().size());
        let wanted = |target: &SignedCheckpoint| target.checkpoint().size() > self.size().max(last.saturating_sub(1));
        if let Some(target) = target.filter(wanted) {
            let head = target.checkpoint().clone();
            self.read_up_to(target).await.inspect_err(|fault| {
                if fault.trouble().alarm {
                    self.held.convict(&head);
                }
            })?;
        }
        let note = self.client.head(&self.held.election).await?.ok_or(Fault::NoHead)?;
        let signed = checkpoint::open(&note, std::slice::from_ref(&self.held.key))?;
        self.read_up_to(signed).await?;
        self.take_checkpoint().await
    }

    /// The number of entries that are stored.
    fn size(&self) -> u64 {
        self.state.election.as_ref().map_or(0, Election::size)
    }

    /// MIR-2, MIR-3: takes every entry under a checkpoint, unless it is there already.
    async fn read_up_to(&mut self, signed: SignedCheckpoint) -> Result<(), Fault> {
        let seen = self.state.election.as_ref().map_or_else(CompactRange::new, |election| election.range().clone());
        let known = self.state.last.as_ref().is_some_and(|last| last.checkpoint() == signed.checkpoint());
        if known && signed.checkpoint().covers(&seen) {
            self.show(&signed);
            return Ok(());
        }
        let (client, election) = (self.client.clone(), self.held.election);
        let mut pull = pull(&client, &election, signed, self.state.last.as_ref(), seen).await?;
        self.state.last = Some(pull.checkpoint().clone());
        loop {
            let entries = pull.next_entries().await?;
            if entries.is_empty() {
                self.show(pull.checkpoint());
                return Ok(());
            }
            self.store_all(&mut pull, entries).await?;
            if *self.end.borrow() {
                return Ok(());
            }
        }
    }

    /// MIR-3: verifies entries and stores them, as far as they hold.
    async fn store_all(&mut self, pull: &mut Pull, mut entries: Vec<(u64, Vec<u8>)>) -> Result<(), Fault> {
        let note = pull.checkpoint().note().encode();
        while !entries.is_empty() {
            let (election, fingerprint) = (self.state.election.take(), self.held.election);
            let work = move || (take(election, &fingerprint, &entries), entries);
            let (Taken { election, ids, refused }, returned) = on_a_thread(work).await?;
            entries = returned;
            let rest = entries.split_off(ids.len().min(entries.len()));
            if let Some(election) = election {
                if let Some((first, _)) = entries.first().filter(|_| !ids.is_empty()) {
                    self.commit(&election, *first, &ids, &entries, &note).await?;
                }
                let settled = match self.state.key {
                    Some(key) => settle(self.store.as_ref(), key, election).await?,
                    None => election,
                };
                self.state.election = Some(settled);
            }
            if let Some((index, rejection)) = refused {
                let entry = rest.into_iter().find(|(place, _)| *place == index).map(|(_, entry)| entry);
                self.refuse(pull, index, entry.unwrap_or_default(), &rejection).await;
                return Err(Fault::Refused { index, rejection });
            }
            entries = rest;
        }
        Ok(())
    }

    async fn commit(
        &mut self,
        election: &Election,
        first: u64,
        ids: &[protocol::ids::SubmissionId],
        entries: &[(u64, Vec<u8>)],
        note: &str,
    ) -> Result<(), StoreError> {
        let rows = ids.iter().zip(entries).map(|(id, (_, entry))| (*id, entry.as_slice())).collect();
        let addition = Addition { first, entries: rows, range: election.range(), note };
        let origin = self.held.key.name();
        let place = self.state.key.map_or(Place::New { election: &self.held.election, origin }, Place::Log);
        self.state.key = Some(self.store.commit(place, addition).await?);
        self.state.pending.extend(entries.iter().take(ids.len()).map(|(_, entry)| leaf_hash(entry)));
        Ok(())
    }

    /// MIR-4: the entry, as the log signed it. A board that does not show the proof is not forgiven for that.
    async fn refuse(&self, pull: &mut Pull, index: u64, entry: Vec<u8>, rejection: &Rejection) {
        let path = match pull.inclusion(index).await {
            Ok(path) => path,
            Err(error) => return tracing::error!(cause = ?error, "the refused entry cannot be kept: {error}"),
        };
        let checkpoint_note = pull.checkpoint().note().encode();
        let receipt = Receipt { extra: entry, index, path, checkpoint_note };
        match self.cabinet.keep_refused(&self.held.election, &rejection.rule().to_string(), &receipt) {
            Ok(path) => tracing::error!(path = %path.display(), "the refused entry is kept"),
            Err(error) => tracing::error!(cause = ?error, "the refused entry cannot be kept"),
        }
    }

    /// MIR-7: what is held up to a checkpoint is served under it.
    fn show(&mut self, signed: &SignedCheckpoint) {
        let State { key: Some(key), election: Some(election), pending, .. } = &mut self.state else { return };
        let (note, status) = (signed.note().encode(), status_of(election));
        let leaves = std::mem::take(pending);
        match self.held.log() {
            Some(log) if leaves.is_empty() && log.head().0 == signed.checkpoint().size() => return,
            Some(log) => {
                log.publish(leaves, note, status);
                self.held.grown(signed.checkpoint().size());
            }
            None => {
                let mut tree = Tree::new();
                leaves.into_iter().for_each(|leaf| tree.append(leaf));
                let policy = election.policy().clone();
                let log = Log::new(*key, self.store.clone(), policy, (tree, note, status), None);
                log.describe(election.manifest());
                self.held.serve(Arc::new(log));
            }
        }
        tracing::debug!(election = %self.held.election, size = signed.checkpoint().size(), "held");
    }

    /// MIR-7: the board's checkpoint that meets the policy, if all under it is held.
    async fn take_checkpoint(&self) -> Result<(), Fault> {
        let Some(log) = self.held.log().filter(|log| log.policy().quorum().is_some()) else { return Ok(()) };
        let Some(note) = self.client.fetch(&self.held.election, &RecordPath::Checkpoint).await? else { return Ok(()) };
        // Another one than the policy demands is no checkpoint to pass on.
        let Ok(signed) = log.policy().open(&note, 0) else { return Ok(()) };
        let head = signed.checkpoint();
        let held = head.origin() == self.held.key.name() && log.root_at(head.size()).as_ref() == Some(head.root());
        let note = signed.note().encode();
        let newer =
            log.checkpoint().is_none_or(|(size, shown)| size < head.size() || size == head.size() && shown != note);
        if held && newer {
            self.store.publish(log.key(), head.size(), &note).await?;
            log.serve(head.size(), note);
        }
        Ok(())
    }
}
