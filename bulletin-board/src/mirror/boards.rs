//! Which elections a mirror follows (MIR-2, MIR-9): those its boards list, or those it was told.

use super::{Held, Mirror, Position, Source, follow::Follower};
use board_api::{BoardClient, ClientError};
use protocol::ids::ElectionFingerprint;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tlog::note::VerifierKey;
use tokio::{sync::watch, task::JoinSet};

/// Finds elections, and has each followed.
pub(super) struct Boards {
    pub(super) mirror: Arc<Mirror>,
    pub(super) sources: Vec<(Source, BoardClient)>,
    pub(super) interval: Duration,
    pub(super) most: usize,
    pub(super) end: watch::Receiver<bool>,
}

impl Boards {
    /// Runs until the mirror ends. `positions` are the elections of its database.
    pub(super) async fn run(mut self, positions: Vec<(Arc<Held>, Position)>) {
        let mut followers = JoinSet::new();
        for (held, position) in positions {
            let origin = held.key.name();
            let keys = self.mirror.known.keys_of(origin);
            let source = self.sources.iter().find(|(source, _)| keys.contains(&held.key) && source.may_hold(origin));
            match source {
                Some((_, client)) => {
                    let client = client.clone();
                    self.follow(&mut followers, held, client, Some(position));
                }
                None => {
                    tracing::warn!(election = %held.election, "no board is named that this log belongs to; it is served as it is")
                }
            }
        }
        while !*self.end.borrow() {
            for place in 0..self.sources.len() {
                let mut end = self.end.clone();
                tokio::select! {
                    () = self.look(place, &mut followers) => {}
                    () = ended(&mut end) => {}
                }
            }
            let mirror = self.mirror.clone();
            tokio::select! {
                () = tokio::time::sleep(self.interval) => {}
                () = mirror.asked.notified() => {
                    // However often it is asked for, a board is not asked for its list without a pause.
                    tokio::time::sleep(PAUSE).await;
                }
                () = ended(&mut self.end) => {}
            }
        }
        while followers.join_next().await.is_some() {}
    }

    /// Looks for elections at one board.
    async fn look(&self, place: usize, followers: &mut JoinSet<()>) {
        let Some((source, client)) = self.sources.get(place) else { return };
        let listed = match &source.elections {
            named if !named.is_empty() => named.clone(),
            _ => match client.elections().await {
                Ok(listed) => listed.into_iter().map(|election| election.fingerprint).collect(),
                Err(error) => {
                    return tracing::warn!(board = source.url, cause = ?error, "the board lists no elections: {error}");
                }
            },
        };
        for election in listed {
            if self.mirror.elections().contains_key(&election) {
                continue;
            }
            if self.mirror.elections().len() >= self.most {
                let most = self.most;
                return tracing::error!(
                    board = source.url,
                    most,
                    "MIR-9: the board has more elections than this mirror holds"
                );
            }
            match self.key_of(client, &election).await {
                Ok(Some(key)) => {
                    let held = Arc::new(Held::new(election, key));
                    match self.mirror.refused(&election) {
                        Ok(trouble) => held.trouble(trouble),
                        Err(error) => {
                            return tracing::error!(cause = ?error, "no election is taken up: {error}");
                        }
                    }
                    self.mirror.elections().insert(election, held.clone());
                    self.follow(followers, held, client.clone(), None);
                    self.mirror.joined.notify_waiters();
                }
                Ok(None) => {
                    tracing::warn!(%election, board = source.url, "MIR-2: its log is not one that this mirror knows")
                }
                Err(error) => {
                    tracing::warn!(%election, board = source.url, cause = ?error, "its manifest cannot be read: {error}")
                }
            }
        }
    }

    /// MIR-2: the key of an election's log, as the manifest and this mirror's configuration agree on it.
    async fn key_of(
        &self,
        client: &BoardClient,
        election: &ElectionFingerprint,
    ) -> Result<Option<VerifierKey>, ClientError> {
        let key = client.log_key(election).await?;
        let taken: BTreeMap<String, ElectionFingerprint> =
            self.mirror.elections().values().map(|held| (held.key.name().to_owned(), held.election)).collect();
        let known = self.mirror.known.keys_of(key.name()).contains(&key);
        Ok((known && !taken.contains_key(key.name())).then_some(key))
    }

    fn follow(&self, followers: &mut JoinSet<()>, held: Arc<Held>, client: BoardClient, position: Option<Position>) {
        let mirror = &self.mirror;
        let (with, clock) = ((client, mirror.store.clone()), (self.interval, self.end.clone()));
        followers.spawn(Follower::new(held, with, mirror.cabinet.clone(), clock, position).run());
    }
}

/// Waits for the end of the mirror.
pub(super) async fn ended(end: &mut watch::Receiver<bool>) {
    // The sender goes with the mirror.
    let _ = end.wait_for(|end| *end).await;
}

/// The shortest time from one look at a board's list to the next.
const PAUSE: Duration = Duration::from_millis(200);
