//! A witness that cosigns whatever it is given and remembers nothing.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};
use tlog::{
    add_checkpoint::{Request, answer},
    checkpoint::Checkpoint,
    cosignature::CosignerKey,
    note::Note,
};

/// Which of the witnesses this process is, and where it says its address.
pub(crate) const NUMBER: &str = "VITRINE_DRILL_ROGUE";
pub(crate) const ADDRESS_FILE: &str = "VITRINE_DRILL_ADDRESS_FILE";

pub(crate) fn key(number: usize) -> CosignerKey {
    CosignerKey::from_seed(&format!("w{number}.example"), &[u8::try_from(number).unwrap(); 32]).unwrap()
}

/// Serves until its standard input ends: it does not outlive who started it.
pub(crate) fn run() {
    // Not started by the drill: there is nothing to do.
    let Ok(number) = std::env::var(NUMBER) else { return };
    let number = number.parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let file = std::env::var(ADDRESS_FILE).unwrap();
    fs::write(format!("{file}.new"), listener.local_addr().unwrap().to_string()).unwrap();
    fs::rename(format!("{file}.new"), file).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            cosign(stream.unwrap(), &key(number));
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

fn cosign(stream: TcpStream, key: &CosignerKey) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let note = Note::parse(Request::parse(&body).unwrap().checkpoint.as_bytes()).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let lines = answer(&[key.cosign(&Checkpoint::parse(note.text()).unwrap(), now).unwrap()]);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", lines.len());
    reader.get_mut().write_all(format!("{head}{lines}").as_bytes()).unwrap();
}
