//! A board in this process and an election on it.

use board_api::BoardClient;
use bulletin_board::{Config, ServeError};
use crypto::schnorr::SigningKey;
use protocol::{Body, Entry, Phase};
use std::time::{SystemTime, UNIX_EPOCH};
use tlog::note::SignerKey;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use vitrine_tests::{
    Drill, Options,
    drill::{place, replay},
};

/// A board in this process, on a free port and in a folder of its own.
pub(crate) struct Running {
    pub(crate) client: BoardClient,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), ServeError>>,
    #[allow(dead_code, reason = "read by the independent checkers only")]
    folder: tempfile::TempDir,
}

impl Running {
    pub(crate) async fn start(authority: &SigningKey) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            name: "Town hall".into(),
            authorities: vec![authority.public().0],
            ..Config::new(folder.path().join("board.sqlite"), folder.path().join("board.key"), "board.example/vote")
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = BoardClient::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let server = tokio::spawn(bulletin_board::serve(config, listener, shutdown));
        Self { client, stop, server, folder }
    }

    /// Where it listens, as `host:port`.
    pub(crate) fn address(&self) -> String {
        self.client.address().trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    /// The board's own key, as this log's.
    #[allow(dead_code, reason = "used by the independent checkers only")]
    pub(crate) fn signer(&self, origin: &str) -> SignerKey {
        let seed = std::fs::read_to_string(self.folder.path().join("board.key")).unwrap();
        SignerKey::from_seed(origin, &hex::decode(seed.trim()).unwrap().try_into().unwrap()).unwrap()
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap();
    }

    /// The drill's manifest for this board's log.
    pub(crate) async fn adopt(&self, drill: &mut Drill) {
        self.adopt_until(drill, minute() + 60).await;
    }

    /// The same, with this closing time: the board goes by its clock (BRD-18).
    async fn adopt_until(&self, drill: &mut Drill, closing: u64) {
        let document = self.client.board().await.unwrap();
        drill.remake(|manifest| {
            manifest.log_origin = document.log_origin(&manifest.election_id);
            manifest.log_key = document.log_key(&manifest.election_id).unwrap().to_string();
            manifest.policy = format!("log {}\nquorum none\n", manifest.log_key);
            (manifest.opening, manifest.closing, manifest.latest_closing) = (closing - 60, closing, closing + 60);
        });
    }

    /// Sends what the drill did, and takes over the entries that the board made of it.
    pub(crate) async fn record(&self, drill: &mut Drill) {
        let f = drill.election.fingerprint();
        let mut entries: Vec<Entry> = Vec::new();
        for entry in &drill.entries {
            let submission = entry.submission();
            let promise = match entries.len() {
                0 => self.client.create(&submission).await.unwrap(),
                _ => self.client.submit(&f, &submission).await.unwrap(),
            };
            entries.push(promise.entry().clone());
        }
        drill.election = replay(&entries);
        drill.now = drill.election.last_time();
        drill.entries = entries;
    }
}

/// A board with an election of this many voters that has not begun yet.
pub(crate) async fn prepared(voters: usize) -> (Running, Drill) {
    prepared_until(voters, minute() + 60).await
}

async fn prepared_until(voters: usize, closing: u64) -> (Running, Drill) {
    let mut drill = Drill::begin(Options::simple(voters));
    let running = Running::start(&drill.authority).await;
    running.adopt_until(&mut drill, closing).await;
    running.record(&mut drill).await;
    (running, drill)
}

/// A board with an open election. What names an earlier entry is made when the board has made that entry.
pub(crate) async fn open(voters: usize) -> (Running, Drill) {
    open_until(voters, minute() + 60).await
}

/// The same, with this closing time.
pub(crate) async fn open_until(voters: usize, closing: u64) -> (Running, Drill) {
    let (running, mut drill) = prepared_until(voters, closing).await;
    drill.publish_roll();
    let dealings: Vec<Vec<Body>> = (1..=3).map(|who| drill.dealing(who)).collect();
    for who in 1..=3 {
        drill.commit(who, &dealings[place(who)]).unwrap();
    }
    for who in 1..=3 {
        let submission = drill.by_trustee(who, &dealings[place(who)][0]);
        drill.apply(submission).unwrap();
    }
    for who in 1..=3 {
        drill.confirm(who).unwrap();
    }
    running.record(&mut drill).await;
    for who in 1..=3 {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    drill.open();
    running.record(&mut drill).await;
    assert_eq!(drill.election.phase(), Phase::Voting);
    (running, drill)
}

/// This minute, as the board counts it.
pub(crate) fn minute() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 60
}
