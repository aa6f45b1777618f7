//! Witness processes.

use super::rogue;
use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a process may take to listen, or to hold what it is to cosign.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// An honest witness or mirror before it runs: only its key is needed for the manifest.
pub(crate) struct Honest {
    role: &'static str,
    folder: PathBuf,
    pub(crate) vkey: String,
}

/// A lying witness.
pub(crate) struct Rogue {
    number: usize,
}

/// A process that is asked for cosignatures; it ends with this value.
pub(crate) struct Witness {
    process: Child,
    address: String,
}

fn vitrine() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

impl Honest {
    pub(crate) fn witness(folder: &Path, number: usize) -> Self {
        Self::new(folder, "witness", &format!("w{number}"), "")
    }

    pub(crate) fn mirror(folder: &Path, number: usize) -> Self {
        Self::new(folder, "mirror", &format!("m{number}"), "database = \"held\"\n")
    }

    fn new(folder: &Path, role: &'static str, name: &str, more: &str) -> Self {
        let folder = folder.join(name);
        fs::create_dir(&folder).unwrap();
        let configuration = format!(
            "name = \"{name}.example\"\nkey_file = \"key\"\nstate = \"state\"\nevidence = \"evidence\"\ninterval = 1\n{more}"
        );
        fs::write(folder.join("configuration"), configuration).unwrap();
        let mut command = vitrine();
        let output = command.args([role, "key", "--config"]).arg(folder.join("configuration")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let vkey = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Self { role, folder, vkey }
    }

    /// Runs, and knows this board: its key, and behind a space its address, which a mirror needs.
    pub(crate) fn start(self, board: &str) -> Witness {
        let mut command = vitrine();
        command.args(["--json", self.role, "--listen", "127.0.0.1:0", "--board", board, "--config"]);
        let process = command.arg(self.folder.join("configuration")).stderr(Stdio::piped()).spawn().unwrap();
        let mut witness = Witness { process, address: String::new() };
        let mut lines = BufReader::new(witness.process.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        witness.address = loop {
            let Some(line) = lines.next() else { panic!("{} does not run: {said:?}", self.folder.display()) };
            said.push(line.unwrap());
            let line: serde_json::Value = serde_json::from_str(said.last().unwrap()).unwrap();
            if let Some(address) = line["fields"]["address"].as_str() {
                break address.to_owned();
            }
        };
        // What it says later nobody reads, but somebody must take it.
        thread::spawn(move || lines.for_each(drop));
        witness
    }
}

impl Rogue {
    pub(crate) fn new(number: usize) -> Self {
        Self { number }
    }

    pub(crate) fn vkey(&self) -> String {
        rogue::key(self.number).verifier_key().to_string()
    }

    pub(crate) fn start(self, folder: &Path) -> Witness {
        let file = folder.join(format!("w{}.address", self.number));
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "rogue_witness", "--ignored"]).env(rogue::NUMBER, self.number.to_string());
        command.env(rogue::ADDRESS_FILE, &file).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut witness = Witness { process: command.spawn().unwrap(), address: String::new() };
        let begun = Instant::now();
        loop {
            if let Ok(address) = fs::read_to_string(&file) {
                witness.address = address;
                return witness;
            }
            assert!(begun.elapsed() < PATIENCE, "rogue witness {} does not run", self.number);
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Witness {
    /// Sends a request; gives status and body.
    pub(crate) fn post(&self, body: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = "POST /add-checkpoint HTTP/1.1\r\nhost: witness\r\nconnection: close\r\n";
        write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
