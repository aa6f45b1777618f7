//! A board process, perhaps under `strace`, and an election on it.

use crate::calls::{CALLS, Fault};
use board_api::{BoardClient, Promise, record};
use protocol::{
    Body, Contest, ContestKind, Election, Manifest, Submission,
    ids::ElectionFingerprint,
    manifest::{RevoteRule, SEALING, Unit},
};
use rand::rngs::OsRng;
use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tlog::checkpoint::SignedCheckpoint;
use tokio::runtime::Runtime;
use trustee_tools::{
    authority,
    secrets::{AuthoritySecrets, RegistrarSecrets, TrusteeSecrets},
};

/// How long a board may take to listen, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

const PREFIX: &str = "crash.example";

/// A board process.
pub(crate) struct Board {
    process: Child,
    /// The board itself, where `process` is its tracer.
    number: u32,
    pub(crate) address: String,
}

impl Board {
    pub(crate) fn start(folder: &Path) -> Result<Self, String> {
        Self::spawn(folder, Vec::new())
    }

    /// With a fault waiting for it.
    pub(crate) fn start_under(folder: &Path, fault: Option<&Fault>) -> Result<Self, String> {
        let injection = fault.map(|fault| format!("--inject={}", fault.injection()));
        Self::spawn(folder, tracer(folder, injection, "/dev/null"))
    }

    /// With every call on the database's files written down.
    pub(crate) fn start_traced(folder: &Path, trace: &Path) -> Result<Self, String> {
        Self::spawn(folder, tracer(folder, None, trace.to_str().unwrap()))
    }

    fn spawn(folder: &Path, mut line: Vec<String>) -> Result<Self, String> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let flags =
            ["board", "--listen", &listen, "--config", folder.join("board.toml").to_str().unwrap()].map(str::to_owned);
        line.extend([env!("CARGO_BIN_EXE_vitrine").to_owned()].into_iter().chain(flags));
        let mut command = Command::new(&line[0]);
        command.args(&line[1..]).env_remove("RUST_LOG").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process =
            command.spawn().unwrap_or_else(|error| panic!("{}: {error}; on Debian: apt-get install strace", line[0]));
        let stderr = process.stderr.take().unwrap();
        let said =
            thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        let began = Instant::now();
        while std::net::TcpStream::connect(&listen).is_err() {
            if process.try_wait().unwrap().is_some() {
                return Err(said.join().unwrap());
            }
            assert!(began.elapsed() < PATIENCE, "the board does not listen");
            thread::sleep(Duration::from_millis(5));
        }
        let number = if line[0] == "strace" { child_of(process.id()) } else { process.id() };
        Ok(Self { process, number, address: format!("http://{listen}") })
    }

    /// Asks it to end, and waits until it has. Gives whether it was killed before.
    pub(crate) fn end(mut self) -> bool {
        let _ = Command::new("kill").args(["-TERM", &self.number.to_string()]).stderr(Stdio::null()).status();
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                // The tracer ends as what it traced did.
                return status.signal() == Some(9);
            }
            assert!(began.elapsed() < PATIENCE, "the board does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", &self.number.to_string()]).stderr(Stdio::null()).status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The command line before the board's: only calls on the database's files are seen, by whatever name they are opened.
fn tracer(folder: &Path, injection: Option<String>, output: &str) -> Vec<String> {
    let calls = format!("--trace={}", CALLS.join(","));
    let mut line: Vec<String> = ["strace", "-f", "-qq", "-y", &calls, "-o", output].map(str::to_owned).to_vec();
    for name in ["board.sqlite", "board.sqlite-wal", "board.sqlite-shm", "board.sqlite-journal"] {
        line.push(format!("--trace-path={}", folder.join(name).display()));
    }
    line.extend(injection);
    line
}

/// The one child of the tracer.
fn child_of(process: u32) -> u32 {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    children.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(process)
}

/// `vitrine board fsck`: its exit code, and what it says.
pub(crate) fn fsck(folder: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["board", "fsck", "--config"])
        .arg(folder.join("board.toml"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    (output.status.code(), said.join("\n"))
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        fs::copy(item.path(), to.join(item.file_name())).unwrap();
    }
}

/// An election that has begun, and what will be sent to it: the same bytes in every round.
pub(crate) struct Town {
    runtime: Runtime,
    election: ElectionFingerprint,
    notices: Vec<Submission>,
}

impl Town {
    /// A folder with a board's configuration, key and database, on which the election has begun; the board has ended.
    pub(crate) fn prepare(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let secrets = AuthoritySecrets::generate("Clerk", &mut OsRng).unwrap();
        let key = hex::encode(secrets.official(&mut OsRng).unwrap().signing_key.0);
        let config = format!(
            "origin_prefix = {PREFIX:?}\nauthorities = [{key:?}]\ndatabase = \"board.sqlite\"\nkey_file = \"board.key\"\n"
        );
        fs::write(folder.join("board.toml"), config).unwrap();
        let board = Board::start(folder).unwrap();
        let runtime = Runtime::new().unwrap();
        let client = BoardClient::new(&board.address).unwrap();
        let manifest = runtime.block_on(manifest(&client, &secrets));
        let (election, submission) = authority::announcement(manifest, &secrets, &mut OsRng).unwrap();
        let promise = runtime.block_on(client.create(&submission)).unwrap();
        let fold = Election::begin(promise.entry()).unwrap();
        let notices = (1..=5u32).map(|number| {
            let text = format!("{number:0>width$}", width = if number == 3 { 9000 } else { 20 });
            authority::notice(&fold, &secrets, &text, &mut OsRng).unwrap()
        });
        let notices = notices.collect();
        board.end();
        Self { runtime, election, notices }
    }

    /// Sends the first entries one by one; gives the promises, up to the first that did not come.
    pub(crate) fn post(&self, board: &Board, entries: u32) -> Vec<Promise> {
        let client = BoardClient::new(&board.address).unwrap();
        let mut promises = Vec::new();
        for notice in self.notices.iter().take(usize::try_from(entries).unwrap()) {
            assert!(matches!(notice.body(), Ok(Body::Notice(_))));
            let sent = async {
                // A board that halted says so; one that was killed says nothing. Either way this was not acknowledged.
                let sending = client.submit(&self.election, notice);
                tokio::time::timeout(Duration::from_secs(3), sending).await.ok().and_then(Result::ok)
            };
            match self.runtime.block_on(sent) {
                Some(promise) => promises.push(promise),
                None => break,
            }
        }
        promises
    }

    /// Reads the whole log as it is served, and sees that each of these checkpoints is of its beginning.
    pub(crate) fn is_one_history<'a>(&self, board: &Board, checkpoints: impl Iterator<Item = &'a SignedCheckpoint>) {
        let client = BoardClient::new(&board.address).unwrap();
        let entries = self.runtime.block_on(async {
            let mut reader = record::read(&client, &self.election).await.unwrap();
            reader.rest().await.unwrap()
        });
        let mut tree = tlog::merkle::Tree::new();
        entries.iter().for_each(|(_, entry)| tree.append(tlog::merkle::leaf_hash(entry)));
        for signed in checkpoints {
            let head = signed.checkpoint();
            assert_eq!(tree.root_at(head.size()).unwrap(), *head.root(), "size {} has two roots", head.size());
        }
    }
}

async fn manifest(client: &BoardClient, secrets: &AuthoritySecrets) -> Manifest {
    let (board, id) = (client.board().await.unwrap(), secrets.election_id());
    let log_key = board.log_key(&id).unwrap().to_string();
    let trustee = TrusteeSecrets::generate(id, 1, "Trustee", &mut OsRng).unwrap();
    let registrar = RegistrarSecrets::generate(id, 1, "Registrar", &mut OsRng).unwrap();
    let mut manifest = Manifest {
        suite: crypto::transcript::SUITE.to_owned(),
        sealing: SEALING.to_owned(),
        election_id: id,
        title: "Crash".to_owned(),
        texts: Vec::new(),
        contests: vec![Contest {
            title: "Question".to_owned(),
            kind: ContestKind::ChooseOne,
            options: vec!["Yes".to_owned(), "No".to_owned()],
            blank: true,
            terms: None,
        }],
        units: vec![Unit { name: "All".to_owned(), contests: vec![0] }],
        threshold: 1,
        quorum: 1,
        trustees: vec![trustee.public(&mut OsRng).unwrap()],
        registrars: vec![registrar.official(&mut OsRng).unwrap()],
        authority: secrets.official(&mut OsRng).unwrap(),
        roll_length: 1,
        largest_weight: 1,
        revote: RevoteRule::Last,
        replacement: false,
        stage_deadlines: [1, 2, 3, 4],
        opening: 5,
        closing: 1 << 31,
        latest_closing: 1 << 31,
        grace: 0,
        policy: format!("log {log_key}\nquorum none\n"),
        log_origin: board.log_origin(&id),
        log_key,
        minimum_unit: 0,
        waivers: Vec::new(),
        overrides: false,
        pages: None,
    };
    manifest.waivers = manifest.waivers_needed();
    manifest
}
