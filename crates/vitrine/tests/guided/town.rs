//! A folder with a board process in it, and officials who call the program as people do.

use serde_json::Value;
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a board may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where everything of one test is.
pub(crate) struct Town {
    folder: TempDir,
    board: Option<Child>,
    /// The board's host and port.
    pub(crate) listen: String,
}

impl Drop for Town {
    fn drop(&mut self) {
        self.end_board();
    }
}

impl Town {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, board: None, listen: format!("127.0.0.1:{port}") }
    }

    pub(crate) fn at(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// The program, in this folder, with nobody at a terminal.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
        command.current_dir(self.at()).env_remove("RUST_LOG").env("VITRINE_STATE", self.at().join("state"));
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn output(&self, line: &str) -> Output {
        self.program().args(line.split_whitespace()).output().unwrap()
    }

    /// The result of a command that must succeed.
    pub(crate) fn json(&self, line: &str) -> Value {
        let output = self.output(&format!("{line} --json"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{line}: {:?}\n{said}", output.status);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What a command that must not succeed says, and its exit code.
    pub(crate) fn refused(&self, line: &str) -> (Option<i32>, String) {
        let output = self.output(line);
        assert!(!output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// A line for a shell, as the program printed it.
    pub(crate) fn shell(&self, line: &str) {
        let program = Path::new(env!("CARGO_BIN_EXE_vitrine")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(self.at()).env("PATH", path).env("VITRINE_STATE", self.at().join("state"));
        let output = shell.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A board that takes elections of these authorities; the one before has ended.
    pub(crate) fn start_board(&mut self, authorities: &[&str]) {
        self.end_board();
        let mut command = self.program();
        command.args(["board", "--listen", &self.listen, "--origin-prefix", "board.guided.example"]);
        for key in authorities {
            command.args(["--authority", key]);
        }
        self.board = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let began = Instant::now();
        while TcpStream::connect(&self.listen).is_err() {
            assert!(began.elapsed() < PATIENCE, "the board does not listen");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn end_board(&mut self) {
        if let Some(mut board) = self.board.take() {
            let _ = board.kill();
            let _ = board.wait();
        }
    }

    /// An election of that many trustees without witnesses, whose times are all past already: its fingerprint, and the authority's key.
    pub(crate) fn begin(&mut self, trustees: u32, numbers: &str, waivers: &str) -> (String, String) {
        let begun =
            self.json("authority new --name Clerk --keystore clerk.age --passphrase-file passphrase --weak-seal");
        let (id, key) = (text(&begun, "election_id"), text(&begun, "authority_key"));
        self.start_board(&[&key]);
        for index in 1..=trustees {
            self.json(&format!(
                "trustee keys --election-id {id} --index {index} --name T{index} --public trustee-{index}.json --keystore trustee-{index}.age \
                 --passphrase-file passphrase --weak-seal"
            ));
        }
        self.json(&format!(
            "registrar keys --election-id {id} --index 1 --name R --public registrar-1.json --keystore registrar-1.age --passphrase-file \
             passphrase --weak-seal"
        ));
        let files: Vec<String> = (1..=trustees).map(|index| format!("\"trustee-{index}.json\"")).collect();
        let template = format!(
            "title = \"Town council\"\n{numbers}\ntrustees = [{}]\nregistrars = [\"registrar-1.json\"]\nroll_length = 4\nminimum_unit = 1\n\
             waivers = {waivers}\n[times]\ncommit = 2026-01-01T12:00:00Z\ndeal = 2026-01-01T12:00:00Z\ncheck = 2026-01-01T12:00:00Z\n\
             rehearse = 2026-01-01T12:00:00Z\nopening = 2026-01-02T12:00:00Z\nclosing = 2026-01-03T12:00:00Z\n[[contests]]\ntitle = \"Mayor\"\n\
             options = [\"Ada\", \"Bo\"]\n[[units]]\nname = \"Town\"\n",
            files.join(", ")
        );
        fs::write(self.at().join("town.toml"), template).unwrap();
        let create = format!(
            "authority create --template town.toml --board {} --keystore clerk.age --passphrase-file passphrase",
            self.url()
        );
        (text(&self.json(&create), "election"), key)
    }

    /// The flags of a trustee's guide.
    pub(crate) fn guide(&self, index: &str, board: &str, election: &str) -> String {
        format!(
            "trustee --board {board} --election {election} --keystore trustee-{index}.age --passphrase-file passphrase --settings {index}.toml"
        )
    }

    /// Waits until the record is as it shall be.
    pub(crate) fn until(&self, election: &str, reached: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        loop {
            let status = self.status(election);
            if reached(&status) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "it does not come to that: {status}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    pub(crate) fn status(&self, election: &str) -> Value {
        self.json(&format!("authority status --board {} --election {election}", self.url()))
    }
}

/// A text in a result.
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
}
