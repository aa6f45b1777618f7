//! Checkpoints under a policy with witnesses (BRD-19 to BRD-24): honest witnesses, slow, dead and lying ones, and starts.

use crate::{
    running::{Running, config},
    test_witness::{BOARD_SEED, Manner, TestWitness},
    town::{Town, refused},
};
use board_api::{BoardClient, ElectionStatus};
use bulletin_board::{
    Config,
    witness::{self, Witness, WitnessConfig, WitnessServeError, machine_clock},
};
use protocol::ids::ElectionFingerprint;
use std::{future::Future, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};
use tlog::{note::SignerKey, policy::Policy, record::RecordPath};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// A board whose key the witnesses know, and that does not wait long for them.
pub(crate) fn witnessed(folder: &Path, town: &Town) -> Config {
    let mut config = config(folder, &town.authority);
    if !config.key_file.exists() {
        std::fs::write(&config.key_file, format!("{}\n", hex::encode(BOARD_SEED))).unwrap();
        std::fs::set_permissions(&config.key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    config.cosigning.interval = 20;
    config.cosigning.timeout = 400;
    config
}

/// Asks until it is so, however slow the machine is.
pub(crate) async fn until<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    for _ in 0..1200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it never was so");
}

/// Waits until the served checkpoint covers this many entries.
pub(crate) async fn cosigned(client: &BoardClient, f: &ElectionFingerprint, size: u64) {
    until(|| async { client.status(f).await.unwrap().cosigned_size >= size }).await;
}

async fn three() -> Vec<TestWitness> {
    let mut witnesses = Vec::new();
    for (name, seed) in [("north", 1), ("south", 2), ("east", 3)] {
        witnesses.push(TestWitness::start(name, seed).await);
    }
    witnesses
}

async fn checkpoint(client: &BoardClient, f: &ElectionFingerprint) -> Option<String> {
    let bytes = client.fetch(f, &RecordPath::Checkpoint).await.unwrap();
    bytes.map(|bytes| String::from_utf8(bytes).unwrap())
}

async fn head(client: &BoardClient, f: &ElectionFingerprint) -> String {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}api/v1/elections/{f}/head", client.address());
    http.get(url).send().await.unwrap().text().await.unwrap()
}

fn sizes(status: &ElectionStatus) -> Vec<u64> {
    status.witnesses.iter().map(|witness| witness.size).collect()
}

/// BRD-19 to BRD-21: promises are under the head at once, the checkpoint follows with its quorum, and late witnesses are added.
#[tokio::test]
async fn a_quorum_makes_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 2));
    witnesses[2].be(Manner::Down);
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    for number in 0..5 {
        let notice = town.notice(&format!("Notice {number}"));
        town.post(&board.client, notice).await;
    }
    cosigned(&board.client, &f, 6).await;
    let policy = Policy::parse(town.election().manifest().policy.as_bytes()).unwrap();
    let note = checkpoint(&board.client, &f).await.unwrap();
    let signed = policy.open_strict(note.as_bytes(), 0).unwrap();
    assert!(signed.checkpoint().covers(town.election().range()));
    assert_eq!(signed.cosignatures().len(), 2);
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.summary.size, status.accepting), (6, true));
    assert_eq!(sizes(&status), [6, 6, 0], "who is missing is said");
    assert_eq!(status.witnesses[2].seconds, None);
    let head = head(&board.client, &f).await;
    let key = SignerKey::from_seed(&town.election().manifest().log_origin, &BOARD_SEED).unwrap().verifier_key();
    let alone = tlog::checkpoint::open_strict(head.as_bytes(), &[key]).unwrap();
    assert_eq!(alone.checkpoint(), signed.checkpoint());
    // The third comes back, and its cosignature on the same checkpoint is served too.
    witnesses[2].be(Manner::Honest);
    until(|| async { sizes(&board.client.status(&f).await.unwrap()) == [6, 6, 6] }).await;
    until(|| async {
        let note = checkpoint(&board.client, &f).await.unwrap();
        policy.open_strict(note.as_bytes(), 0).unwrap().cosignatures().len() == 3
    })
    .await;
    board.stop().await;
}

/// BRD-19, BRD-22, THR-44: without its quorum the board goes on taking entries, shows who is missing, and serves nothing new.
#[tokio::test]
async fn without_the_quorum_entries_await_the_witnesses() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 3));
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    witnesses[1].be(Manner::Down);
    let f = town.create(&board.client).await;
    until(|| async { sizes(&board.client.status(&f).await.unwrap()) == [1, 0, 1] }).await;
    assert_eq!(checkpoint(&board.client, &f).await, None, "none before the first quorum");
    assert_eq!(board.client.status(&f).await.unwrap().cosigned_size, 0);
    witnesses[1].be(Manner::Honest);
    cosigned(&board.client, &f, 1).await;
    let served = checkpoint(&board.client, &f).await.unwrap();
    witnesses[1].be(Manner::Down);
    for number in 0..3 {
        let notice = town.notice(&format!("Notice {number}"));
        town.post(&board.client, notice).await;
    }
    until(|| async { sizes(&board.client.status(&f).await.unwrap()) == [4, 1, 4] }).await;
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.summary.size, status.cosigned_size, status.accepting), (4, 1, true));
    assert_eq!(checkpoint(&board.client, &f).await.unwrap().lines().nth(1), served.lines().nth(1));
    witnesses[1].be(Manner::Honest);
    cosigned(&board.client, &f, 4).await;
    board.stop().await;
}

/// BRD-20, BRD-22, THR-44: one witness of three, whatever it does, delays nobody and puts nothing on the checkpoint.
#[tokio::test]
async fn a_bad_witness_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let gone = TestWitness::start("gone", 4).await;
    let mut town = Town::new(1);
    let mut all = witnesses;
    all.push(gone);
    town.policy = Some(TestWitness::policy(&all, 2));
    let mut config = witnessed(folder.path(), &town);
    // Nobody listens there, from the start on; what the policy says is not asked.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    config.cosigning.witness_urls.insert("gone".into(), format!("http://{nobody}"));
    let board = Running::start_with(config).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    until(|| async { sizes(&board.client.status(&f).await.unwrap())[2] == 1 }).await;
    let policy = Policy::parse(town.election().manifest().policy.as_bytes()).unwrap();
    let manners = [
        Manner::Silent,
        Manner::WrongSizes,
        Manner::Boasting,
        Manner::Garbage,
        Manner::Foreign,
        Manner::Forged,
        Manner::OtherHead,
        Manner::Endless,
    ];
    for manner in manners {
        all[2].be(manner);
        let asked = all[2].memory().asked;
        let notice = town.notice(&format!("{manner:?}"));
        town.post(&board.client, notice).await;
        cosigned(&board.client, &f, town.election().size()).await;
        until(|| async { all[2].memory().asked > asked }).await;
        let note = checkpoint(&board.client, &f).await.unwrap();
        let signed = policy.open_strict(note.as_bytes(), 0).unwrap();
        assert_eq!(signed.cosignatures().len(), 2, "{manner:?}");
        let status = board.client.status(&f).await.unwrap();
        assert_eq!((sizes(&status)[2], sizes(&status)[3], status.accepting), (1, 0, true), "{manner:?}");
    }
    // It may come to its senses.
    all[2].be(Manner::Honest);
    until(|| async { sizes(&board.client.status(&f).await.unwrap())[2] == town.election().size() }).await;
    assert_eq!(all[3].memory().asked, 0);
    board.stop().await;
}

/// WIT-4: a witness that lost its memory says so, and is told everything again.
#[tokio::test]
async fn a_witness_may_lose_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 3));
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    for number in 0..3 {
        witnesses[0].memory().seen = None;
        let notice = town.notice(&format!("Notice {number}"));
        town.post(&board.client, notice).await;
        cosigned(&board.client, &f, number + 2).await;
    }
    board.stop().await;
}

/// What stops a witness, and what it ends with.
type Served = (oneshot::Sender<()>, JoinHandle<Result<(), WitnessServeError>>);

/// A real witness on a port of its own.
struct RealWitness {
    config: WitnessConfig,
    address: std::net::SocketAddr,
    running: Option<Served>,
}

impl RealWitness {
    /// Makes its key, and starts it for the boards of these tests. Gives its line of a policy.
    async fn start(folder: &Path, name: &str) -> (Self, String) {
        let mut config = WitnessConfig::new(&format!("{name}.example"), folder);
        let board = SignerKey::from_seed("board.example/vote", &BOARD_SEED).unwrap().verifier_key();
        config.know_board(&board.to_string(), None).unwrap();
        let made = Witness::open(&config.identity, config.known.clone(), machine_clock()).await.unwrap();
        let key = made.verifier_key();
        made.state().close().await;
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let mut witness = Self { config, address, running: None };
        witness.go_on().await;
        (witness, format!("witness {name} {key} http://{address}\n"))
    }

    async fn go_on(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = async {
            let _ = stopped.await;
        };
        let serving = tokio::spawn(witness::serve(self.config.clone(), listener, ended));
        self.running = Some((stop, serving));
    }

    async fn stop(&mut self) {
        let (stop, serving) = self.running.take().unwrap();
        drop(stop);
        serving.await.unwrap().unwrap();
    }
}

/// BRD-20 to BRD-23 with the witnesses of this workspace: both must cosign; one is restarted, and so is the board.
#[tokio::test]
async fn real_witnesses_cosign_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut witnesses = Vec::new();
    let mut policy = String::new();
    for name in ["north", "south"] {
        let place = folder.path().join(name);
        std::fs::create_dir(&place).unwrap();
        let (witness, line) = RealWitness::start(&place, name).await;
        witnesses.push(witness);
        policy.push_str(&line);
    }
    policy.push_str("group both all north south\nquorum both\n");
    let mut town = Town::new(1);
    town.policy = Some(policy);
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    witnesses[0].stop().await;
    let notice = town.notice("One witness sleeps.");
    town.post(&board.client, notice).await;
    until(|| async { sizes(&board.client.status(&f).await.unwrap()) == [1, 2] }).await;
    board.stop().await;
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    until(|| async { board.client.status(&f).await.unwrap().witnesses[1].seconds.is_some() }).await;
    assert!(!board.client.status(&f).await.unwrap().accepting, "one is no quorum");
    witnesses[0].go_on().await;
    cosigned(&board.client, &f, 2).await;
    until(|| async { board.client.status(&f).await.unwrap().accepting }).await;
    let notice = town.notice("Both are awake.");
    town.post(&board.client, notice).await;
    cosigned(&board.client, &f, 3).await;
    let policy = Policy::parse(town.election().manifest().policy.as_bytes()).unwrap();
    let note = checkpoint(&board.client, &f).await.unwrap();
    assert_eq!(policy.open_strict(note.as_bytes(), 0).unwrap().cosignatures().len(), 2);
    board.stop().await;
    for witness in &mut witnesses {
        witness.stop().await;
    }
}

/// BRD-19, BRD-23, THR-43: after a start the last checkpoint is served at once, and nothing is signed before a quorum has confirmed the head.
#[tokio::test]
async fn a_started_board_asks_its_witnesses_first() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 2));
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    let served = checkpoint(&board.client, &f).await.unwrap();
    board.stop().await;
    witnesses.iter().for_each(|witness| witness.be(Manner::Down));
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let again = checkpoint(&board.client, &f).await.unwrap();
    assert_eq!(again.lines().nth(1), served.lines().nth(1), "served at once");
    assert!(!board.client.status(&f).await.unwrap().accepting, "from the first moment on");
    until(|| async { sizes(&board.client.status(&f).await.unwrap()).iter().sum::<u64>() > 0 }).await;
    let notice = town.notice("Are you awake?");
    witnesses[0].be(Manner::Honest);
    until(|| async { witnesses[0].memory().asked > 2 }).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}api/v1/elections/{f}/submissions", board.client.address());
    let request = http.post(url).header("content-type", "application/cbor").body(notice.encode());
    let answer = request.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    let problem: board_api::Problem = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(problem.rule, "BRD-23", "one is no quorum");
    witnesses[2].be(Manner::Honest);
    until(|| async { board.client.status(&f).await.unwrap().accepting }).await;
    town.post(&board.client, notice).await;
    cosigned(&board.client, &f, 2).await;
    board.stop().await;
    // Whoever is certain may go on without them.
    witnesses.iter().for_each(|witness| witness.be(Manner::Down));
    let mut config = witnessed(folder.path(), &town);
    config.cosigning.start_without_witnesses = true;
    let board = Running::start_with(config).await;
    until(|| async { board.client.status(&f).await.unwrap().accepting }).await;
    let notice = town.notice("Nobody is there.");
    town.post(&board.client, notice).await;
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.summary.size, status.cosigned_size), (3, 2));
    board.stop().await;
}

/// BRD-24, THR-43: a board on an older copy of its database signs no second history; the witnesses' notes show what it lacks.
#[tokio::test]
async fn a_restored_database_is_not_signed_on() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = three().await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 2));
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let f = town.create(&board.client).await;
    cosigned(&board.client, &f, 1).await;
    board.stop().await;
    let (database, copy) = (folder.path().join("board.sqlite"), folder.path().join("copy.sqlite"));
    std::fs::copy(&database, &copy).unwrap();
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    until(|| async { board.client.status(&f).await.unwrap().accepting }).await;
    let notice = town.notice("This is lost.");
    town.post(&board.client, notice).await;
    cosigned(&board.client, &f, 2).await;
    board.stop().await;
    std::fs::copy(&copy, &database).unwrap();
    for trusting in [false, true] {
        let mut config = witnessed(folder.path(), &town);
        config.cosigning.start_without_witnesses = trusting;
        let board = Running::start_with(config).await;
        let health = reqwest::Client::builder().no_proxy().build().unwrap();
        until(|| async {
            health.get(format!("{}healthz", board.client.address())).send().await.unwrap().status() == 503
        })
        .await;
        let problem = refused(board.client.submit(&f, &town.notice("This is another history.")).await);
        assert_eq!((problem.rule.as_str(), problem.status), ("BRD-24", 503));
        let status = board.client.status(&f).await.unwrap();
        assert_eq!((status.summary.size, status.cosigned_size, status.accepting), (1, 1, false));
        assert!(checkpoint(&board.client, &f).await.is_some(), "it is read as before");
        board.stop().await;
    }
    // All of it is lost, and the authority has the manifest still: the log does not begin a second time.
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("board.sqlite{suffix}")));
    }
    let board = Running::start_with(witnessed(folder.path(), &town)).await;
    let manifest = town.sign_manifest(town.election().manifest());
    assert_eq!(refused(board.client.create(&manifest).await).rule, "BRD-24");
    assert!(board.client.elections().await.unwrap().is_empty());
    board.stop().await;
}
