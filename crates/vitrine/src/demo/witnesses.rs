//! The demo's four witnesses: real ones, each with a key and a memory of its own, three of which are the quorum. One is stopped halfway.

use super::{folder::DemoFolder, officials::bad};
use crate::{
    console::Console,
    failure::{Failure, OrFail as _},
};
use board_api::{BoardClient, BoardDocument};
use bulletin_board::{
    Clock,
    witness::{self, Witness, WitnessConfig, WitnessServeError},
};
use protocol::ids::{ElectionFingerprint, Minutes};
use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tlog::note::{Algorithm, VerifierKey};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Who attests that there is one history, as departments that do not trust each other would.
pub(crate) const NAMES: [&str; 4] = ["library", "university", "court", "newspaper"];
/// k of n: the smallest quorum that one dishonest witness of four cannot split (1 + floor(2n / 3)).
pub(crate) const QUORUM: usize = 3;
/// How long the witnesses may take over what the board shows them.
const PATIENCE: Duration = Duration::from_secs(60);
/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// The clock of the demo's board and witnesses: the machine's, until it is put forward.
#[derive(Clone, Debug, Default)]
pub(crate) struct DemoClock(Arc<AtomicU64>);

impl DemoClock {
    /// For the board and each of the witnesses.
    pub(crate) fn clock(&self) -> Clock {
        let (machine, ahead) = (Clock::machine(), self.0.clone());
        Clock::new(move || machine.seconds().saturating_add(ahead.load(Ordering::SeqCst)))
    }

    /// Whole minutes since 1970.
    pub(crate) fn minutes(&self) -> Minutes {
        self.clock().seconds() / 60
    }

    /// Puts it forward to the beginning of a minute, if that is still to come.
    pub(crate) fn forward_to(&self, minute: u64) {
        let missing = minute.saturating_mul(60).saturating_sub(self.clock().seconds());
        self.0.fetch_add(missing, Ordering::SeqCst);
    }
}

/// The running witnesses.
pub(crate) struct Witnesses {
    policy: String,
    /// What stops each; nothing once it is stopped.
    stops: Mutex<Vec<Option<oneshot::Sender<()>>>>,
    serving: Vec<JoinHandle<Result<(), WitnessServeError>>>,
}

impl Witnesses {
    /// Starts all of them for this board, and says so.
    pub(crate) async fn call(
        client: &BoardClient,
        folder: &DemoFolder,
        clock: &DemoClock,
        console: &Console,
    ) -> Result<Self, Failure> {
        let step = console.step("witnesses");
        let witnesses = Self::start(folder, &client.board().await.or_fail()?, clock).await?;
        let names = NAMES.join(", ");
        step.done(format_args!("{names}; {QUORUM} of them must have cosigned what counts"));
        Ok(witnesses)
    }

    /// Starts all of them on free ports of this machine. They know the board's logs by its key.
    async fn start(folder: &DemoFolder, board: &BoardDocument, clock: &DemoClock) -> Result<Self, Failure> {
        let board = VerifierKey::new(&board.origin_prefix, Algorithm::Ed25519, &board.public_key).or_fail()?;
        let (mut policy, mut stops, mut serving) = (String::new(), Vec::new(), Vec::new());
        for name in NAMES {
            let place = folder.witness(name);
            std::fs::create_dir_all(&place).or_fail()?;
            let mut config = WitnessConfig::new(&format!("{name}.demonstration.example"), &place);
            config.know_board(&board.to_string(), None).or_fail()?;
            config.clock = clock.clock();
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.or_fail()?;
            let address = listener.local_addr().or_fail()?;
            let key = first_start(&config).await?;
            writeln!(policy, "witness {name} {key} http://{address}").or_fail()?;
            let (stop, stopped) = oneshot::channel::<()>();
            let ended = async {
                // Told to stop, or nobody is left who could.
                let _ = stopped.await;
            };
            serving.push(tokio::spawn(witness::serve(config, listener, ended)));
            stops.push(Some(stop));
        }
        writeln!(policy, "group witnesses {QUORUM} {}\nquorum witnesses", NAMES.join(" ")).or_fail()?;
        Ok(Self { policy, stops: Mutex::new(stops), serving })
    }

    /// The manifest's policy, below its log line.
    pub(crate) fn policy(&self) -> &str {
        &self.policy
    }

    /// Stops one of them for good; gives its name.
    pub(crate) fn stop_one(&self) -> Option<&'static str> {
        let mut stops = self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        let last = stops.last_mut()?.take()?;
        drop(last);
        NAMES.last().copied()
    }

    /// Stops all, and waits until they have ended.
    pub(crate) async fn end(self) -> Result<(), Failure> {
        drop(self.stops);
        for serving in self.serving {
            serving.await.or_fail()?.or_fail()?;
        }
        Ok(())
    }
}

/// Makes key and memory, so that the key can stand in the policy before anybody asks.
async fn first_start(config: &WitnessConfig) -> Result<VerifierKey, Failure> {
    let made = Witness::open(&config.identity, config.known.clone(), witness::machine_clock()).await.or_fail()?;
    let key = made.verifier_key();
    made.state().close().await;
    Ok(key)
}

/// Waits until the witnesses have cosigned all that the board has; at once under `quorum none`.
pub(crate) async fn all_cosigned(client: &BoardClient, election: &ElectionFingerprint) -> Result<(), Failure> {
    let waiting = async {
        loop {
            let status = client.status(election).await.or_fail()?;
            if status.cosigned_size >= status.summary.size {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let late = |_| bad("the witnesses do not cosign what the board has");
    tokio::time::timeout(PATIENCE, waiting).await.map_err(late)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_put_forward_and_never_back() {
        let clock = DemoClock::default();
        let now = clock.clock().seconds();
        clock.forward_to(now / 60 + 60);
        let later = clock.clock().seconds();
        assert!(later >= (now / 60 + 60) * 60 && later < now + 3600 + 60, "{now} {later}");
        clock.forward_to(5);
        assert!(clock.clock().seconds() >= later);
    }
}
