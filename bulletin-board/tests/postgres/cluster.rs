//! A PostgreSQL server of its own, in a temporary folder, reached by a socket in it, gone with the last test that uses it. Where the tests
//! run as root, which PostgreSQL refuses to do, it runs as another user.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// A password that is found wherever it leaks.
pub(crate) const PASSWORD: &str = "Geheim-4711";

/// Where Debian's packages put the server's programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Whom it runs as where the tests run as root.
const USERS: [&str; 2] = ["postgres", "nobody"];

#[derive(Debug)]
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    user: Option<String>,
    server: Mutex<Child>,
    databases: AtomicU32,
}

/// The server that tests share; each has a database of its own.
static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

impl Cluster {
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let cluster = Arc::new(Self::start());
            *shared = Arc::downgrade(&cluster);
            cluster
        })
    }

    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder = tempfile::tempdir().unwrap();
        let user = is_root().then(|| unprivileged(folder.path()));
        let words = folder.path().join("password");
        fs::write(&words, PASSWORD).unwrap();
        let data = folder.path().join("data");
        let making = as_user(user.as_deref(), &programs.join("initdb"))
            .args(["--no-sync", "--no-instructions", "--username=vitrine", "--encoding=UTF8", "--locale=C"])
            .args(["--auth=scram-sha-256", &format!("--pwfile={}", words.display()), "--pgdata"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(making.status.success(), "initdb: {}", String::from_utf8_lossy(&making.stderr));
        let server = Mutex::new(serve(&programs, user.as_deref(), folder.path()));
        Self { folder, programs, user, server, databases: AtomicU32::new(0) }
    }

    /// The address of a fresh database.
    pub(crate) fn database(&self) -> String {
        let name = format!("board{}", self.databases.fetch_add(1, Ordering::SeqCst));
        self.until_ready();
        let making = Command::new(self.programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "-c", &format!("CREATE DATABASE {name}"), &self.address("postgres")])
            .output()
            .unwrap();
        assert!(making.status.success(), "psql: {}", String::from_utf8_lossy(&making.stderr));
        self.address(&name)
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://vitrine:{PASSWORD}@localhost/{database}?host={}", self.folder.path().display())
    }

    fn until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let asking =
                Command::new(self.programs.join("pg_isready")).arg("-q").arg("-h").arg(self.folder.path()).status();
            if asking.unwrap().success() {
                return;
            }
            let said = fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "the database does not come up: {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// As after a loss of power to the server's processes.
    pub(crate) fn crash(&self) {
        stop(&mut self.server.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn start_again(&self) {
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) =
            serve(&self.programs, self.user.as_deref(), self.folder.path());
        self.until_ready();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        stop(self.server.get_mut().unwrap_or_else(PoisonError::into_inner));
    }
}

/// SIGQUIT: the server and its children end at once, without tidying up.
fn stop(server: &mut Child) {
    let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).stderr(Stdio::null()).status();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !matches!(server.try_wait(), Ok(Some(_)) | Err(_)) {
        if Instant::now() > deadline {
            let _ = server.kill();
            let _ = server.wait();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Without fsync: what is tested is the end of processes, not of machines. Reached by its socket only.
fn serve(programs: &Path, user: Option<&str>, folder: &Path) -> Child {
    let log = fs::File::options().create(true).append(true).open(folder.join("server.log")).unwrap();
    as_user(user, &programs.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-F", "-c", "listen_addresses=", "-c", "shared_buffers=32MB", "-c", "max_connections=200", "-k"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

fn programs() -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&paths).collect();
    let mut versions: Vec<PathBuf> =
        fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|version| version.path().join("bin")).collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let complete =
        |folder: &PathBuf| ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| folder.join(name).exists());
    folders.into_iter().find(complete).unwrap_or_else(|| {
        panic!(
            "these tests need PostgreSQL's programs in PATH or {DEBIAN}/*/bin: install Debian's package `postgresql`"
        )
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// A user that is not root, who owns the folder from now on.
fn unprivileged(folder: &Path) -> String {
    let known =
        |user: &&str| Command::new("id").arg("-u").arg(user).output().is_ok_and(|answer| answer.status.success());
    let user = USERS.into_iter().find(known).expect("a user `postgres` or `nobody`");
    let owning = Command::new("chown").arg(user).arg(folder).status().unwrap();
    assert!(owning.success());
    user.to_owned()
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), "--clear-groups"]).arg(program);
            command
        }
    }
}
