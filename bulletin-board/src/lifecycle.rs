//! Where a board is between its start and its end, for those who send it requests (BRD-51, BRD-53).

use tokio::sync::watch;

/// From the start to the end; never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Takes up its logs.
    Starting,
    /// Takes submissions.
    Serving,
    /// Asked to end: still takes submissions, but wants no new senders.
    Draining,
    /// Takes no new connections.
    Ending,
}

/// The stage, told to whoever waits for the next.
#[derive(Debug)]
pub(crate) struct Lifecycle(watch::Sender<Stage>);

impl Lifecycle {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Stage::Starting))
    }

    pub(crate) fn stage(&self) -> Stage {
        *self.0.borrow()
    }

    /// Goes on to a stage; a stage that is over does not return.
    pub(crate) fn enter(&self, next: Stage) {
        self.0.send_if_modified(|stage| {
            let later = next > *stage;
            if later {
                *stage = next;
            }
            later
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_do_not_return() {
        let lifecycle = Lifecycle::new();
        lifecycle.enter(Stage::Draining);
        lifecycle.enter(Stage::Serving);
        assert_eq!(lifecycle.stage(), Stage::Draining);
    }
}
