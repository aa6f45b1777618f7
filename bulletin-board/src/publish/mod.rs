//! Static publishing (BRD-40 to BRD-49): every log as plain files, in a folder or a bucket, kept up to date while the board runs. One task for
//! each election; nobody waits for it.

use protocol::ids::ElectionFingerprint;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tlog::note::VerifierKey;
use tokio::{sync::watch, task::JoinSet};

mod copy;
mod destination;
mod source;

use copy::{Fault, StaticCopy};
use destination::Destination;
pub use destination::DestinationError;
pub(crate) use source::Source;

/// BRD-46: the first pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// BRD-46: the longest pause, and the one after damage.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// How often a process that does not publish looks whether it has to by now.
const FOLLOWING: Duration = Duration::from_millis(200);

/// How long the last checkpoint may take when the board ends (BRD-17).
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Where and how a board publishes static copies: the table `[publish]` of its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A folder, `file:///folder` or `s3://bucket/prefix`; without it nothing is published.
    pub to: Option<String>,
    /// Address of an S3-compatible store, for example `https://s3.example.org`; without it Amazon's.
    pub endpoint: Option<String>,
    /// Region of the bucket.
    pub region: Option<String>,
    /// Access key; without it that of the environment (`AWS_ACCESS_KEY_ID`, or what else Amazon's tools take).
    pub access_key_id: Option<String>,
    /// File with the secret key (BRD-49); without it that of the environment (`AWS_SECRET_ACCESS_KEY`).
    pub secret_access_key_file: Option<PathBuf>,
    /// Whether the store knows conditional writes (`If-None-Match`, `If-Match`).
    pub conditional_writes: bool,
    /// The shortest time between two checkpoints of one copy, in seconds.
    pub interval: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            to: None,
            endpoint: None,
            region: None,
            access_key_id: None,
            secret_access_key_file: None,
            conditional_writes: true,
            interval: 1,
        }
    }
}

impl Settings {
    /// Relative paths, which a configuration file means from its own folder.
    pub(crate) fn relative_to(&mut self, folder: &Path) {
        if let Some(path) = &mut self.secret_access_key_file {
            *path = folder.join(&*path);
        }
        if let Some(to) = &mut self.to
            && !to.contains("://")
        {
            *to = folder.join(&*to).display().to_string();
        }
    }
}

/// Where one copy stands, for the operator (BRD-46).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The size of the copy's checkpoint; none before it was looked at.
    pub(crate) size: Option<u64>,
    /// Why it lags behind, if it does.
    pub(crate) fault: Option<String>,
    /// Whether somebody must look: the copy is damaged, or the database contradicts it.
    pub(crate) alarm: bool,
}

/// Publishes the logs it is given until it ends.
#[derive(Debug)]
pub(crate) struct Publisher {
    destination: Arc<Destination>,
    interval: Duration,
    standings: Arc<Mutex<BTreeMap<ElectionFingerprint, Standing>>>,
    tasks: Mutex<JoinSet<()>>,
    end: watch::Sender<bool>,
}

impl Publisher {
    /// Opens the destination; none if nothing is to be published.
    pub(crate) fn open(settings: &Settings) -> Result<Option<Self>, DestinationError> {
        let Some(to) = &settings.to else { return Ok(None) };
        let destination = Destination::open(to, settings)?;
        tracing::info!(%destination, "static copies are published");
        Ok(Some(Self::to(destination, Duration::from_secs(settings.interval))))
    }

    fn to(destination: Destination, interval: Duration) -> Self {
        Self {
            destination: Arc::new(destination),
            interval,
            standings: Arc::default(),
            tasks: Mutex::default(),
            end: watch::Sender::new(false),
        }
    }

    /// Publishes a log from now on; `key` is the log's.
    pub(crate) fn follow(&self, election: ElectionFingerprint, key: VerifierKey, source: Arc<dyn Source>) {
        let copy = StaticCopy::new(self.destination.clone(), election, key, source.clone());
        let task = Task {
            copy,
            election,
            interval: self.interval,
            source,
            standings: self.standings.clone(),
            end: self.end.subscribe(),
        };
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(task.run());
    }

    /// BRD-46: where every copy stands.
    pub(crate) fn standings(&self) -> BTreeMap<ElectionFingerprint, Standing> {
        lock(&self.standings).clone()
    }

    /// Publishes what there is, within a bounded time, and ends.
    pub(crate) async fn close(&self) {
        self.end.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_WORDS, all).await.is_err() {
            tracing::warn!("the static copies are not up to date; the next start brings them there");
        }
        // What goes on is cut off wherever it is: BRD-41 and BRD-44 make that harmless.
        tasks.abort_all();
    }
}

fn lock(
    standings: &Mutex<BTreeMap<ElectionFingerprint, Standing>>,
) -> MutexGuard<'_, BTreeMap<ElectionFingerprint, Standing>> {
    standings.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One election's copy, over time.
struct Task {
    copy: StaticCopy,
    election: ElectionFingerprint,
    interval: Duration,
    source: Arc<dyn Source>,
    standings: Arc<Mutex<BTreeMap<ElectionFingerprint, Standing>>>,
    end: watch::Receiver<bool>,
}

impl Task {
    async fn run(mut self) {
        let mut changes = self.source.changes();
        let mut pause = FIRST_PAUSE;
        loop {
            let ending = *self.end.borrow_and_update();
            changes.mark_unchanged();
            let outcome = self.copy.bring_up_to_date().await;
            self.show(&outcome);
            if ending {
                return;
            }
            let wait = match &outcome {
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    self.interval
                }
                Err(fault) if fault.is_alarm() => LONGEST_PAUSE,
                Err(_) => {
                    let wait = pause;
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    wait
                }
            };
            let leads = self.source.leads();
            let (settled, wait) = (outcome.is_ok() && leads, if leads { wait } else { wait.max(FOLLOWING) });
            let next = async {
                tokio::time::sleep(wait).await;
                // Whoever could publish something new is gone: only the end is left to wait for.
                if settled && changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = next => {}
                // The sender goes with the publisher.
                _ = self.end.changed() => {}
            }
        }
    }

    fn show(&self, outcome: &Result<(), Fault>) {
        let election = self.election;
        let standing = Standing {
            size: self.copy.size(),
            fault: outcome.as_ref().err().map(ToString::to_string),
            alarm: outcome.as_ref().is_err_and(Fault::is_alarm),
        };
        match outcome {
            Ok(()) => {}
            Err(fault) if fault.is_alarm() => {
                tracing::error!(%election, cause = ?fault, "the static copy is not touched any more: {fault}");
            }
            Err(fault) => tracing::warn!(%election, cause = ?fault, "the static copy lags behind: {fault}"),
        }
        lock(&self.standings).insert(election, standing);
    }
}

#[cfg(test)]
mod tests;
