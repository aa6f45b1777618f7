//! The live feed (HTTP-41): tells listeners how far a log has come. It says sizes only, so nothing queues: who is slow hears the newest.

use crate::{
    log::{Log, Served},
    refusal::Refusal,
};
use axum::response::sse::{Event, KeepAlive, KeepAliveStream, Sse};
use board_api::{CheckpointEvent, EntriesEvent};
use futures_util::stream::{self, Stream};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// HTTP-41: after so long without news a comment shows that the connection stands.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The feeds of all logs.
pub(crate) struct Feed {
    room: usize,
    places: Arc<Semaphore>,
    end: watch::Sender<bool>,
}

/// One listener, and what it has heard.
struct Listener {
    heads: watch::Receiver<u64>,
    checkpoints: watch::Receiver<Served>,
    end: watch::Receiver<bool>,
    head: Option<u64>,
    served: Option<Served>,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    pub(crate) fn new(listeners: u32) -> Self {
        let room = usize::try_from(listeners).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Self { room, places: Arc::new(Semaphore::new(room)), end: watch::Sender::new(false) }
    }

    /// How many listen.
    pub(crate) fn listeners(&self) -> u64 {
        let free = self.places.available_permits();
        u64::try_from(self.room.saturating_sub(free)).unwrap_or(u64::MAX)
    }

    /// BRD-53: every feed ends, so that connections can.
    pub(crate) fn end(&self) {
        self.end.send_replace(true);
    }

    /// HTTP-41: what happens to a log from now on; and what happened since a size the listener knows.
    pub(crate) fn follow(
        &self,
        log: &Log,
        known: Option<u64>,
    ) -> Result<Sse<KeepAliveStream<impl Stream<Item = Result<Event, Infallible>> + use<>>>, Refusal> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Refusal::TooManyListeners)?;
        let listener = Listener {
            heads: log.heads(),
            checkpoints: log.checkpoints(),
            end: self.end.subscribe(),
            head: known,
            served: None,
            _place: place,
        };
        let events = stream::unfold(listener, |mut listener| async move {
            let event = listener.next().await?;
            Some((Ok(event), listener))
        });
        Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
    }
}

impl Listener {
    /// The next event; none when the board ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if *self.end.borrow_and_update() {
                return None;
            }
            let (head, served) = (*self.heads.borrow_and_update(), *self.checkpoints.borrow_and_update());
            let event = Event::default().id(head.to_string());
            if self.head.is_none_or(|known| known < head) {
                self.head = Some(head);
                return event.event("entries").json_data(EntriesEvent { size: head, cosigned_size: served.0 }).ok();
            }
            if served.0 > 0 && self.served != Some(served) {
                self.served = Some(served);
                return event.event("checkpoint").json_data(CheckpointEvent { size: served.0 }).ok();
            }
            let changed = tokio::select! {
                changed = self.heads.changed() => changed,
                changed = self.checkpoints.changed() => changed,
                changed = self.end.changed() => changed,
            };
            changed.ok()?;
        }
    }
}
