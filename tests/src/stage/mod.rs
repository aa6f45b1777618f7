//! [`Stage`]: an election on a real board, with letters in voters' hands and every official in one place, for programs that act as voters
//! and observers from outside. The board has a clock of its own, so that voting ends when the play says so.

pub mod contests;

use crate::{Drill, Options, drill::place};
use board_api::BoardClient;
use bulletin_board::{Clock, Config, ServeError};
use crypto::credential_code::CredentialCode;
use protocol::{Body, Entry, Phase, manifest::Pages};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use tlog::{note::SignerKey, record::RecordReader};
use tokio::{net::TcpListener, runtime::Handle, sync::oneshot, task::JoinHandle};

/// Minutes of voting from now on.
const VOTING: u64 = 60;

/// An open election on a running board.
pub struct Stage {
    /// The parties.
    pub drill: Drill,
    /// Each voter's codes, one from each registrar.
    pub codes: Vec<Vec<CredentialCode>>,
    /// Asks the board as anybody would.
    pub client: BoardClient,
    ahead: Arc<AtomicU64>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), ServeError>>,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Starts the board and leads the election to its opening.
    pub async fn open(registrars: u32) -> Self {
        let mut drill = Drill::begin(cast(registrars));
        let folder = tempfile::tempdir().unwrap();
        let ahead = Arc::new(AtomicU64::new(0));
        let minutes = ahead.clone();
        let clock = Clock::new(move || (minute() + minutes.load(Ordering::SeqCst)) * 60);
        let config = Config {
            name: "Town hall".into(),
            authorities: vec![drill.authority.public().0],
            clock,
            ..Config::new(folder.path().join("board.sqlite"), folder.path().join("board.key"), "board.example/vote")
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = BoardClient::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(bulletin_board::serve(config, listener, async move { drop(stopped.await) }));
        announce(&client, &mut drill).await;
        let codes = letters(&mut drill);
        let mut stage = Self { drill, codes, client, ahead, stop, server, folder };
        stage.prepare().await;
        stage
    }

    /// Roll, ceremony and opening. What names an earlier entry is made when the board has made that entry.
    async fn prepare(&mut self) {
        let drill = &mut self.drill;
        for registrar in 1..=drill.options.registrars {
            let body = Body::Roll(drill.roll_chunk(registrar, 0));
            let submission = drill.by_registrar(registrar, &body);
            drill.apply(submission).unwrap();
        }
        let trustees = 1..=drill.options.trustees.2;
        let dealings: Vec<Vec<Body>> = trustees.clone().map(|who| drill.dealing(who)).collect();
        for who in trustees.clone() {
            drill.commit(who, &dealings[place(who)]).unwrap();
        }
        for who in trustees.clone() {
            for body in &dealings[place(who)] {
                let submission = drill.by_trustee(who, body);
                drill.apply(submission).unwrap();
            }
        }
        for who in trustees.clone() {
            drill.confirm(who).unwrap();
        }
        self.send().await;
        for who in trustees {
            self.drill.take_key_shares(who);
            self.drill.rehearse(who).unwrap();
        }
        self.drill.open();
        self.send().await;
        assert_eq!(self.drill.election.phase(), Phase::Voting);
    }

    /// Where the board listens.
    pub fn address(&self) -> String {
        self.client.address().trim_end_matches('/').to_owned()
    }

    /// Voting is over: the clock moves, the authority closes.
    pub async fn close(&mut self) {
        self.ahead.store(VOTING + 1, Ordering::SeqCst);
        self.catch_up().await;
        let closing = self.drill.closing();
        let submission = self.drill.by_authority(&closing);
        self.client.submit(&self.drill.election.fingerprint(), &submission).await.unwrap();
        self.catch_up().await;
        // Where nobody voted nothing is left to decrypt.
        assert_ne!(self.drill.election.phase(), Phase::Voting);
    }

    /// The last trustees decrypt, and the totals stand in the record.
    pub async fn tally(&mut self) {
        let from = self.drill.entries.len();
        self.drill.tally();
        let f = self.drill.election.fingerprint();
        for entry in &self.drill.entries[from..] {
            self.client.submit(&f, &entry.submission()).await.unwrap();
        }
        self.catch_up().await;
        assert_eq!(self.drill.election.phase(), Phase::Tallied);
    }

    /// Sends what the drill did, and takes over the entries that the board made of it; what it has already it answers again.
    async fn send(&mut self) {
        let f = self.drill.election.fingerprint();
        for entry in &self.drill.entries[1..] {
            self.client.submit(&f, &entry.submission()).await.unwrap();
        }
        self.catch_up().await;
    }

    /// Reads the board's record, which voters have added to.
    pub async fn catch_up(&mut self) {
        let (client, f) = (self.client.clone(), self.drill.election.fingerprint());
        let handle = Handle::current();
        let reading = tokio::task::spawn_blocking(move || {
            let mut reader = RecordReader::open(|path| handle.block_on(client.fetch(&f, path))).unwrap();
            let mut entries = Vec::new();
            while let Some(bundle) = reader.next_bundle().unwrap() {
                entries.extend(bundle.entries().map(|(_, bytes)| Entry::decode(bytes).unwrap()));
            }
            entries
        });
        self.drill.entries = reading.await.unwrap();
        self.drill.election = settled(&self.drill.entries);
        self.drill.now = self.drill.election.last_time();
    }

    /// The log's own key.
    pub fn signer(&self) -> SignerKey {
        let seed = fs::read_to_string(self.folder.path().join("board.key")).unwrap();
        let seed = hex::decode(seed.trim()).unwrap().try_into().unwrap();
        SignerKey::from_seed(&self.drill.election.manifest().log_origin, &seed).unwrap()
    }

    /// Ends the board.
    pub async fn end(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap();
    }
}

/// Six voters of the large unit, two of the small one.
fn cast(registrars: u32) -> Options {
    let contests = contests::every_kind();
    let all: Vec<u32> = (0..u32::try_from(contests.len()).unwrap()).collect();
    let voters = (0..8).map(|voter| (u32::from(voter >= 6), 1 + u32::from(voter == 1))).collect();
    let units = vec![all, contests::EVERYBODYS.to_vec()];
    let pages = bulletin_board::pages::digest().map(|bundle| Pages { bundle, boards: Vec::new() });
    Options { contests, units, voters, registrars, pages, ..Options::simple(0) }
}

/// The manifest is made for the board's log, and recorded.
async fn announce(client: &BoardClient, drill: &mut Drill) {
    let document = client.board().await.unwrap();
    drill.remake(|manifest| {
        manifest.log_origin = document.log_origin(&manifest.election_id);
        manifest.log_key = document.log_key(&manifest.election_id).unwrap().to_string();
        manifest.policy = format!("log {}\nquorum none\n", manifest.log_key);
        let now = minute();
        manifest.stage_deadlines = [1, 2, 3, 4].map(|hours| now + VOTING + hours);
        (manifest.opening, manifest.closing, manifest.latest_closing) = (now, now + VOTING, now + 2 * VOTING);
        manifest.title = "Town election".into();
    });
    let promise = client.create(&drill.entries[0].submission()).await.unwrap();
    drill.entries = vec![promise.entry().clone()];
    drill.election = settled(&drill.entries);
    drill.now = drill.election.last_time();
}

/// Codes for every voter; credentials are made of them.
fn letters(drill: &mut Drill) -> Vec<Vec<CredentialCode>> {
    let mut rng = ChaCha20Rng::seed_from_u64(99);
    let f = drill.election.fingerprint();
    let codes: Vec<Vec<CredentialCode>> = (0..drill.options.voters.len())
        .map(|_| drill.registrars.iter().map(|_| CredentialCode::generate(&mut rng).unwrap()).collect())
        .collect();
    for own in &codes {
        drill.parts.push(own.iter().zip(1..).map(|(code, registrar)| code.secret(&f.0, registrar)).collect());
    }
    codes
}

/// The election after these entries, with the sums of what was cast.
fn settled(entries: &[Entry]) -> protocol::Election {
    let mut election = protocol::Election::begin(&entries[0]).unwrap();
    for entry in &entries[1..] {
        election.apply(entry).unwrap();
        if election.phase() == Phase::Closed && !election.is_settled() {
            let counted = election.counted_positions();
            let ballots = counted.iter().map(|position| &entries[usize::try_from(*position).unwrap()]);
            let sums = election.sum(ballots).unwrap();
            election.settle(sums).unwrap();
        }
    }
    election
}

/// Writes the files of a record.
pub fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

/// This minute, as the machine counts it.
fn minute() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 60
}
