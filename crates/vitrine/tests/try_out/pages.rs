//! `pages save` and `pages check`, against the board of a demo and a web server of files.

use super::vitrine;
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
};

/// WEB-33, WEB-34: the board gives what the manifest names; a copy on another web server is right until somebody changes a byte of it.
pub(crate) fn are_saved_and_checked(root: &Path, board: &str, election: &str) {
    let pages = |arguments: &[&str]| {
        let output =
            vitrine(root).args(["pages", "--json"]).args(arguments).args(["--election", election]).output().unwrap();
        let document = serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default();
        (output.status.code().unwrap(), document, String::from_utf8(output.stderr).unwrap())
    };
    let (code, served, error) = pages(&["check", board]);
    assert_eq!((code, &served["findings"], &served["named"]), (0, &json!([]), &json!(true)), "{error}");
    let (code, saved, error) = pages(&["save", "copy", "--board", board]);
    assert_eq!((code, &saved["digest"]), (0, &served["digest"]), "{error}");
    assert_eq!(pages(&["save", "copy", "--board", board]).0, 5, "there is something already");
    assert_eq!(pages(&["save", "other", "--board", "http://board.example"]).0, 2, "not encrypted");

    let copy = root.join("copy");
    let server = serve(copy.clone());
    let check = || pages(&["check", &server, "--saved", "--board", board]);
    let (code, document, error) = check();
    assert_eq!((code, &document["findings"]), (0, &json!([])), "{error}");
    let page = copy.join("vote.html");
    fs::write(&page, fs::read_to_string(&page).unwrap().replace("<title>", "<title> ")).unwrap();
    let (code, document, _) = check();
    assert_eq!((code, &document["findings"][0]["path"]), (1, &json!("vote.html")));
    // The board has no page at the addresses of such a copy, and nobody answers at a port of 1.
    assert_eq!(pages(&["check", &format!("{board}/copy"), "--saved", "--board", board]).0, 3);
    assert_eq!(pages(&["check", "http://127.0.0.1:1"]).0, 3);
}

/// A web server of files, as small as can be; it ends with the test.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let path = first.split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
            let (status, body) = fs::read(folder.join(path)).map_or((404, Vec::new()), |bytes| (200, bytes));
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    address
}
