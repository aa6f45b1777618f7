//! An S3-compatible store: `moto`'s server, on a port of its own.

use super::*;
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// `moto`'s server, ended with the test.
struct Moto {
    server: Child,
    address: String,
}

impl Moto {
    fn start() -> Self {
        // It prints the port it was given, once it listens.
        let program = "import sys; from moto.server import ThreadedMotoServer; s = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False); \
                       s.start(); print(s.get_host_and_port()[1], flush=True); sys.stdin.read(); s.stop()";
        let mut server = Command::new("python3")
            .args(["-c", program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is there");
        let mut line = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port: u16 = line.trim().parse().expect("moto's server runs: pip install 'moto[server]'");
        Self { server, address: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn settings(moto: &Moto, folder: &Path, conditional_writes: bool) -> Settings {
    let secret = folder.join("secret");
    std::fs::write(&secret, "secret\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    Settings {
        endpoint: Some(moto.address.clone()),
        region: Some("us-east-1".into()),
        access_key_id: Some("department".into()),
        secret_access_key_file: Some(secret),
        conditional_writes,
        ..Settings::default()
    }
}

/// BRD-40 to BRD-48 in a bucket, with conditional writes and without: published, read back over plain HTTP with the right headers, resumed, damaged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_holds_what_the_log_does() {
    let moto = Moto::start();
    let folder = tempfile::tempdir().unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (bucket, conditional) in [("open-elections", true), ("old-store", false)] {
        // Open to everyone, as a bucket that voters read is.
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
        for (path, body) in [("", ""), ("?policy", policy)] {
            let put = http.put(format!("{}/{bucket}{path}", moto.address)).body(body);
            assert!(put.send().await.unwrap().status().is_success());
        }
        let settings = settings(&moto, folder.path(), conditional);
        let open = || Destination::open(&format!("s3://{bucket}/vote/2026"), &settings).unwrap();
        let address = |name: &str| format!("{}/{bucket}/vote/2026/e/{ELECTION}/{name}", moto.address);
        let shelf = Shelf::new(200);
        let mut one = copy(open(), &shelf);
        one.bring_up_to_date().await.unwrap();
        shelf.grow(400);
        one.bring_up_to_date().await.unwrap();
        let (_, note) = shelf.checkpoint().unwrap();
        for path in tiles_of(600).map(RecordPath::Tile).chain([RecordPath::Checkpoint]) {
            let answer = http.get(address(&path.to_string())).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
            let (kind, cache) = match path {
                RecordPath::Checkpoint => ("text/plain; charset=utf-8", "no-cache"),
                RecordPath::Tile(_) => ("application/octet-stream", "public, max-age=31536000, immutable"),
            };
            assert_eq!((header("content-type").as_str(), header("cache-control").as_str()), (kind, cache), "{path}");
            let expected = match path {
                RecordPath::Checkpoint => note.clone().into_bytes(),
                RecordPath::Tile(tile) => shelf.bytes(&tile).unwrap(),
            };
            assert_eq!(answer.bytes().await.unwrap(), expected, "{path}");
        }
        let gone = http.get(address("tile/0/000.p/200")).send().await.unwrap();
        assert_eq!(gone.status().as_u16(), 404, "BRD-43: the full tile is there");
        // Another writer, and then the first again.
        let mut two = copy(open(), &shelf);
        shelf.grow(1);
        two.bring_up_to_date().await.unwrap();
        shelf.grow(1);
        assert!(matches!(one.bring_up_to_date().await, Err(Fault::Moved)));
        one.bring_up_to_date().await.unwrap();
        assert_eq!(one.size(), Some(602));
        http.put(address("tile/entries/001")).body("something else").send().await.unwrap();
        let fault = copy(open(), &shelf).bring_up_to_date().await.unwrap_err();
        assert!(matches!(&fault, Fault::Damaged(path) if path.to_string() == "tile/entries/001"), "{fault}");
    }
}
