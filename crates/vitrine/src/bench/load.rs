//! A board in this process, and many clients that send it what was made beforehand; each checks the promise it is given.

use crate::{
    demo::{Call, DemoClock, DemoFolder, Officials, Replica},
    failure::{Failure, OrFail as _},
};
use ballot_client::{Credential, OpenElection, Session};
use board_api::BoardClient;
use bulletin_board::{
    Config, Database,
    bench::{AT_ONCE, Figures},
};
use crypto::credential_code::CredentialCode;
use protocol::{Contest, ContestKind, Selection, Submission, ids::ElectionFingerprint};
use rand::rngs::OsRng;
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};

/// How many signed entries a second are made beforehand; a board that takes more ends early.
const PREPARED_A_SECOND: u64 = 8_000;

/// A board with an election on it.
struct Bench {
    client: BoardClient,
    officials: Officials,
    election: ElectionFingerprint,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), bulletin_board::ServeError>>,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn start(database: Database, voters: usize) -> Result<Self, Failure> {
        let temporary = tempfile::tempdir().or_fail()?;
        let folder = DemoFolder::make(Some(temporary.path().join("keys")))?;
        let officials = Officials::generate(&folder, None)?;
        let mut config = Config::new(database, folder.board_key(), "bench.example");
        config.authorities = vec![officials.authority_key()?];
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.or_fail()?;
        let address = format!("http://{}", listener.local_addr().or_fail()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = async {
            // Told to stop, or nobody is left who could.
            let _ = stopped.await;
        };
        let serving = tokio::spawn(bulletin_board::serve(config, listener, ended));
        let client = BoardClient::new(&address).or_fail()?;
        let call = Call::of_one(contest(), u32::try_from(voters).or_fail()?, DemoClock::default().minutes());
        let call = Call { pages: false, ..call };
        let election = officials.announce(&client, call, "quorum none\n").await?;
        Ok(Self { client, officials, election, stop, serving, _folder: temporary })
    }

    /// Sends everything, or what goes in this time.
    async fn send(self, prepared: Vec<Submission>, duration: Duration) -> Result<Figures, Failure> {
        let prepared = Arc::new(Mutex::new(prepared));
        let began = Instant::now();
        let ends = began + duration;
        let mut sending = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (client, election, prepared) = (self.client.clone(), self.election, prepared.clone());
            sending.spawn(async move {
                let mut waits = Vec::new();
                while Instant::now() < ends {
                    let next = prepared.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let Some(submission) = next else { break };
                    let sent = Instant::now();
                    client.submit(&election, &submission).await.or_fail()?;
                    waits.push(sent.elapsed());
                }
                Ok::<_, Failure>(waits)
            });
        }
        let mut figures = Figures::new();
        while let Some(waits) = sending.join_next().await {
            for wait in waits.or_fail()?? {
                figures.waited(wait);
            }
        }
        figures.elapsed = began.elapsed();
        figures.entries = figures.waits.len();
        drop(self.stop);
        self.serving.await.or_fail()?.or_fail()?;
        Ok(figures)
    }
}

/// Notices of about this many bytes, each signed by the authority.
pub(super) async fn signed_entries(database: Database, bytes: usize, duration: Duration) -> Result<Figures, Failure> {
    let bench = Bench::start(database, 1).await?;
    let replica = Replica::read(&bench.client, &bench.election).await?;
    let count = duration.as_secs().saturating_mul(PREPARED_A_SECOND);
    // What surrounds the text in an entry: index, previous, time, author, signature and their heads.
    let text = bytes.saturating_sub(150).max(20);
    let sign = |number: u64| {
        let text = format!("{number:0>text$}");
        trustee_tools::authority::notice(replica.election(), &bench.officials.authority, &text, &mut OsRng).or_fail()
    };
    let prepared = on_all_cores((0..count).collect(), &sign)?;
    bench.send(prepared, duration).await
}

/// Ballots of as many voters, sealed and signed as the voters' program does it.
pub(super) async fn ballots(database: Database, voters: u32, duration: Duration) -> Result<Figures, Failure> {
    let voters = usize::try_from(voters).or_fail()?;
    let mut bench = Bench::start(database, voters).await?;
    bench.officials.run_ceremony(&bench.client, &bench.election, &DemoClock::default()).await?;
    let letters = bench.officials.issue_letters(&bench.client, &bench.election, voters).await?;
    bench.officials.open(&bench.client, &bench.election).await?;
    let replica = Replica::read(&bench.client, &bench.election).await?;
    let election = replica.election();
    let seal = |letter: CredentialCode| {
        let open = OpenElection::check(election, &bench.election).or_fail()?;
        let credential = Credential::from_codes(&[letter], election.manifest(), &bench.election).or_fail()?;
        let session = Session::of(open, credential).or_fail()?;
        let sealed = session.ballot().select(0, Selection::Options(vec![1])).or_fail()?.seal(&mut OsRng).or_fail()?;
        sealed.cast(&mut OsRng).or_fail()
    };
    let prepared = on_all_cores(letters, &seal)?;
    bench.send(prepared, duration).await
}

/// A contest of five slots.
fn contest() -> Contest {
    let options = ["Ada", "Blaise", "Carl", "Daniel"].map(str::to_owned).to_vec();
    Contest::new("Bench", ContestKind::ChooseOne, options, true)
}

/// Every item, shared out over the cores, before the clock starts.
fn on_all_cores<I: Send, O: Send>(
    items: Vec<I>,
    make: &(impl Fn(I) -> Result<O, Failure> + Sync),
) -> Result<Vec<O>, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(cores).max(1);
    let mut items = items.into_iter();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        loop {
            let part: Vec<I> = items.by_ref().take(share).collect();
            if part.is_empty() {
                break;
            }
            workers.push(scope.spawn(move || part.into_iter().map(make).collect::<Result<Vec<O>, Failure>>()));
        }
        let mut all = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(part) => all.extend(part?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(all)
    })
}
