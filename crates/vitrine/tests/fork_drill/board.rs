//! What a mirror reads: a board that shows one history of one election.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// Serves these files of an election's log until this program ends; gives the address.
pub(crate) fn show(election: &str, size: u64, record: BTreeMap<String, Vec<u8>>) -> String {
    let path = format!("/e/{election}/");
    let listed =
        serde_json::json!([{ "fingerprint": election, "title": "x", "phase": "voting", "size": size, "path": path }]);
    // Signed by the log alone, which is what the head is.
    let head = (format!("/api/v1/elections/{election}/head"), record["checkpoint"].clone());
    let mut files: BTreeMap<String, Vec<u8>> =
        record.into_iter().map(|(name, bytes)| (format!("{path}{name}"), bytes)).chain([head]).collect();
    files.insert("/api/v1/elections".to_owned(), listed.to_string().into_bytes());
    let (files, listener) = (Arc::new(files), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = files.clone();
            thread::spawn(move || answer(stream, &files));
        }
    });
    address
}

/// Who hangs up halfway gets no answer.
fn answer(stream: TcpStream, files: &BTreeMap<String, Vec<u8>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    let found = files.get(first.split(' ').nth(1)?);
    let (status, body) = found.map_or(("404 Not Found", [].as_slice()), |bytes| ("200 OK", bytes));
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    reader.get_mut().write_all(&[head.as_bytes(), body].concat()).ok()
}
