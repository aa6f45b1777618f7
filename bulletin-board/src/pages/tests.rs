use super::*;
use crate::{batch::town::Town, connections};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

const F: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// One election, whose fingerprint is F.
struct One(shelf::Held, Vec<Vec<u8>>);

#[async_trait::async_trait]
impl shelf::Shelf for One {
    fn list(&self) -> Vec<board_api::ElectionSummary> {
        vec![self.0.status.summary.clone()]
    }

    fn held(&self, election: &str) -> Option<shelf::Held> {
        (election == F).then(|| self.0.clone())
    }

    fn takes_ballots(&self) -> bool {
        true
    }

    async fn entries(&self, _: &str, from: u64, to: u64) -> Result<Vec<Vec<u8>>, crate::store::StoreError> {
        let (from, to) = (usize::try_from(from).unwrap(), usize::try_from(to).unwrap().min(self.1.len()));
        Ok(self.1.get(from..to).unwrap_or_default().to_vec())
    }
}

fn one() -> One {
    let mut town = Town::new(3);
    let entry = town.create_alone();
    let mut status = crate::status::of(town.election());
    status.summary.fingerprint = F.parse().unwrap();
    One(shelf::Held { status, manifest: town.election().manifest().clone().into() }, vec![entry.encode()])
}

fn files() -> Vec<(String, Vec<u8>)> {
    let vote = r#"<html><script src="./assets/vote-1.js"></script><meta data-file="assets/worker-1.js"></html>"#;
    let files = [
        ("vote.html", vote.to_owned()),
        ("observe.html", r#"<html><script src="./assets/observe-2.js"></script></html>"#.to_owned()),
        ("offline.html", "<html>offline</html>".to_owned()),
        ("assets/vote-1.js", "vote();".repeat(100)),
        ("assets/worker-1.js", "seal();".to_owned()),
        ("assets/worker-12.js", "verify();".to_owned()),
        ("assets/worker-1.wasm", "\0asm".to_owned()),
        ("brotli/assets/worker-1.js.br", "not compressed".to_owned()),
        ("bundle.json", "{}".to_owned()),
        ("README.md", "words".to_owned()),
        ("assets/.hidden", "x".to_owned()),
        ("assets/deep/x.js", "x".to_owned()),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}

/// WEB-4, WEB-6, WEB-7: of the bundle that is committed, every hash is right, every address is relative and there, and a module's hash is in the worker that
/// loads it.
#[test]
fn the_committed_bundle_is_whole() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let integrity = |name: &str| format!("sha256-{}", STANDARD.encode(Sha256::digest(read(name))));
    let mut workers = 0;
    for page in [bundle::VOTE, bundle::OBSERVE] {
        let html = String::from_utf8(read(page)).unwrap();
        assert!(!html.contains("\"/") && !html.contains("http"), "{page} has an address that is not relative");
        for tag in html.split('<').filter(|tag| tag.contains("./assets/")) {
            let name = tag.split("\"./").nth(1).unwrap().split('"').next().unwrap();
            assert!(tag.contains(&format!("integrity=\"{}\"", integrity(name))), "{page}: {tag}");
        }
        for tag in html.split('<').filter(|tag| tag.starts_with("meta name=\"vitrine-integrity\"")) {
            let name = tag.split("data-file=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(tag.contains(&format!("content=\"{}\"", integrity(name))), "{page}: {tag}");
            let worker = String::from_utf8(read(name)).unwrap();
            let modules = std::fs::read_dir(folder.join("assets")).unwrap().flatten();
            let modules = modules.map(|file| format!("assets/{}", file.file_name().to_string_lossy()));
            let loaded: Vec<String> =
                modules.filter(|name| name.ends_with(".wasm") && worker.contains(&name[7..])).collect();
            assert_eq!(loaded.len(), 1, "{name}");
            assert!(worker.contains(&integrity(&loaded[0])), "{name} loads {} by another hash", loaded[0]);
            workers += 1;
        }
    }
    assert!(workers > 0);
    // WEB-29: everything is compressed, and is what it was.
    for (name, file) in Bundle::embedded().files() {
        assert!(file.brotli().is_some(), "{name} has no compressed form, or another");
    }
    // The page with all that it loads, as a browser gets it.
    let page = Bundle::embedded().files().filter(|(name, _)| {
        let html = String::from_utf8_lossy(Bundle::embedded().file(bundle::VOTE).unwrap().bytes()).into_owned();
        *name == bundle::VOTE || html.contains(name) || name.starts_with("assets/web_voter_bg")
    });
    let weight: usize = page.map(|(_, file)| file.brotli().map_or(usize::MAX, <[u8]>::len)).sum();
    assert!(weight < 400 * 1024, "the voting page weighs {weight} bytes");
    // WEB-9: one file, whose own policy allows nothing but what is in it.
    let offline = String::from_utf8(read(bundle::OFFLINE)).unwrap();
    let inside = |open: &str, close: &str| {
        let from = offline.find(open).unwrap() + open.len();
        let text = &offline[from..from + offline[from..].find(close).unwrap()];
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
    };
    let policy = offline.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    for part in [
        "default-src 'none'".to_owned(),
        "connect-src 'none'".to_owned(),
        format!("script-src {} 'wasm-unsafe-eval'", inside("<script type=\"module\">", "</script>")),
        format!("style-src {}", inside("<style>", "</style>")),
    ] {
        assert!(policy.split("; ").any(|own| own == part), "{part} is not in {policy}");
    }
    let beside: serde_json::Value = serde_json::from_slice(&read("bundle.json")).unwrap();
    assert_eq!(beside["digest"], hex::encode(digest().unwrap()));
}

/// Status, head in lower case, body.
struct Answer(u16, String, Vec<u8>);

impl Answer {
    fn has(&self, line: &str) {
        assert!(self.1.contains(&format!("\r\n{line}")), "{line:?} is not in {}", self.1);
    }
}

/// Asks a server of this bundle as a browser would, without a client that makes paths tidy.
async fn ask(bundle: &'static Bundle, method: &str, path: &str, headers: &str) -> Answer {
    ask_of(one(), bundle, method, path, headers).await
}

async fn ask_of(one: One, bundle: &'static Bundle, method: &str, path: &str, headers: &str) -> Answer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel::<()>();
    let server = tokio::spawn(connections::serve(listener, None, router(std::sync::Arc::new(one), bundle), async {
        let _ = ended.await;
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    end.send(()).unwrap();
    server.await.unwrap();
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..split].to_vec()).unwrap() + "\r\n";
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let lines = head.lines().map(|line| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\r\n", name.to_lowercase()),
        None => format!("{line}\r\n"),
    });
    Answer(status, lines.collect(), answer[split + 4..].to_vec())
}

fn bundle() -> &'static Bundle {
    Box::leak(Box::new(Bundle::of(files())))
}

/// WEB-5, byte by byte.
#[test]
fn the_digest_is_that_of_the_specification() {
    let mut text = b"vitrine/bundle/v1\0".to_vec();
    let names = [
        "assets/vote-1.js",
        "assets/worker-1.js",
        "assets/worker-1.wasm",
        "assets/worker-12.js",
        "observe.html",
        "offline.html",
        "vote.html",
    ];
    let files = files();
    for name in names {
        let (_, bytes) = files.iter().find(|(other, _)| other == name).unwrap();
        text.extend([0, u8::try_from(name.len()).unwrap()]);
        text.extend(name.as_bytes());
        text.extend(Sha256::digest(bytes));
    }
    let bundle = Bundle::of(files);
    assert_eq!(bundle.files().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert_eq!(bundle.digest(), Some(Sha256::digest(&text).into()));
    assert_eq!(Bundle::of([]).digest(), None);
    assert_eq!(Bundle::of([("README.md".to_owned(), Vec::new())]).digest(), None);
    // What is compiled in comes from the folder, and without this file of it.
    assert!(Bundle::embedded().file("README.md").is_none());
    assert_eq!(digest(), Bundle::embedded().digest());
}

/// WEB-20 to WEB-26, WEB-28.
#[tokio::test]
async fn every_file_comes_as_it_is_with_the_policy_of_its_page() {
    let bundle = bundle();
    let html = "content-type: text/html; charset=utf-8";
    let script = "content-type: text/javascript; charset=utf-8";
    let cases = [
        ("vote.html", html, "connect-src 'self'; ", "camera=(self)", "no-store"),
        ("observe.html", html, "connect-src 'self' https: http://127.0.0.1:*", "camera=()", "no-store"),
        ("assets/vote-1.js", script, "connect-src 'self'; ", "camera=(self)", "public, max-age=31536000, immutable"),
        ("assets/worker-1.js", script, "connect-src 'self'; ", "camera=(self)", "public, max-age=31536000, immutable"),
        (
            "assets/worker-12.js",
            script,
            "connect-src 'self' https: ",
            "camera=()",
            "public, max-age=31536000, immutable",
        ),
        ("assets/worker-1.wasm", "content-type: application/wasm", "connect-src 'self' https: ", "camera=()", "public"),
    ];
    for (name, kind, reach, camera, cache) in cases {
        let answer = ask(bundle, "GET", &format!("/elections/{F}/{name}"), "").await;
        assert_eq!(answer.0, 200, "{name}");
        assert_eq!(answer.2, bundle.file(name).unwrap().bytes(), "{name}");
        answer.has(kind);
        answer.has(&format!("cache-control: {cache}"));
        answer.has(&format!("permissions-policy: {camera}"));
        answer.has("cross-origin-opener-policy: same-origin");
        answer.has("cross-origin-embedder-policy: require-corp");
        answer.has("cross-origin-resource-policy: same-origin");
        answer.has("referrer-policy: no-referrer");
        answer.has("x-content-type-options: nosniff");
        answer.has(
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; ",
        );
        for part in [reach, "require-trusted-types-for 'script'; trusted-types app", "frame-ancestors 'none'"] {
            assert!(answer.1.contains(part), "{name}: {part}");
        }
        assert!(!answer.1.contains("unsafe-inline") && !answer.1.contains("'unsafe-eval'"), "{name}");
    }
    for path in ["/offline.html".to_owned(), format!("/elections/{F}/offline.html")] {
        let answer = ask(bundle, "GET", &path, "").await;
        assert_eq!((answer.0, answer.2.as_slice()), (200, b"<html>offline</html>".as_slice()));
        answer.has("content-disposition: attachment; filename=\"vitrine-offline.html\"");
        assert!(answer.1.contains("default-src 'none'") && answer.1.contains("; sandbox"));
    }
}

/// WEB-20: the addresses of letters.
#[tokio::test]
async fn short_addresses_lead_to_the_page() {
    let bundle = bundle();
    for (path, target) in [
        (format!("/vote/{F}"), format!("../elections/{F}/vote.html")),
        (format!("/check/{F}"), format!("../elections/{F}/vote.html#/check")),
        (format!("/observe/{F}"), format!("../elections/{F}/observe.html")),
        (format!("/officials/{F}"), format!("../elections/{F}/observe.html#/officials")),
        (format!("/elections/{F}"), format!("{F}/")),
    ] {
        let answer = ask(bundle, "GET", &path, "").await;
        assert_eq!(answer.0, 302, "{path}");
        answer.has(&format!("location: {target}\r\n"));
        answer.has("cache-control: no-store");
    }
}

/// `vote();`, as Node's zlib compresses it.
const BROTLI: &[u8] = &[11, 3, 128, 118, 111, 116, 101, 40, 41, 59, 3];

/// WEB-29.
#[tokio::test]
async fn whoever_takes_gzip_gets_it() {
    let bundle = bundle();
    let path = format!("/elections/{F}/assets/vote-1.js");
    let asked = async |accepted: &str| ask(bundle, "GET", &path, &format!("accept-encoding: {accepted}\r\n")).await;
    let whole = bundle.file("assets/vote-1.js").unwrap().bytes();
    for accepted in ["gzip", "br, GZip;q=0.5", "deflate,gzip"] {
        let answer = asked(accepted).await;
        answer.has("content-encoding: gzip");
        answer.has("vary: accept-encoding");
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(answer.2.as_slice()), &mut plain).unwrap();
        assert_eq!(plain, whole);
        assert!(answer.2.len() < whole.len());
    }
    // What the build compressed is served where it is this very file.
    for (bytes, coding) in [(whole, "gzip"), (b"vote();".as_slice(), "br")] {
        let files = [("vote.html".to_owned(), bytes.to_vec()), ("brotli/vote.html.br".to_owned(), BROTLI.to_vec())];
        let bundle = Box::leak(Box::new(Bundle::of(files)));
        let answer = ask(bundle, "GET", &format!("/elections/{F}/vote.html"), "accept-encoding: gzip, br\r\n").await;
        answer.has(&format!("content-encoding: {coding}"));
    }
    for accepted in ["identity", "gzip;q=0", "gzip; q=0.0, br", "xgzip"] {
        let answer = asked(accepted).await;
        assert!(!answer.1.contains("content-encoding"), "{accepted}");
        answer.has("vary: accept-encoding");
        assert_eq!(answer.2, whole);
    }
}

/// WEB-30: and nothing of the disk.
#[tokio::test]
async fn everything_else_is_refused_by_a_page() {
    let bundle = bundle();
    let other = "f".repeat(64);
    let mut paths: Vec<String> = [
        "assets/../vote.html",
        "assets/..%2fvote.html",
        "assets/%2e%2e%2f%2e%2e%2fCargo.toml",
        "../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "bundle.json",
        "README.md",
        "assets/.hidden",
        "assets/deep/x.js",
        "assets/deep%2fx.js",
        "assets/%00",
        "assets/%ff",
        "vote.html/",
        "VOTE.html",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ]
    .iter()
    .map(|path| format!("/elections/{F}/{path}"))
    .collect();
    paths.extend([format!("/elections/{other}/vote.html"), format!("/vote/{other}"), "/vote/%3Cscript%3E".to_owned()]);
    paths.extend([format!("/elections/{}/vote.html", F.to_uppercase()), format!("/elections/{F}%20/vote.html")]);
    for path in paths {
        let answer = ask(bundle, "GET", &path, "").await;
        assert_eq!(answer.0, 404, "{path}");
        let text = String::from_utf8(answer.2).unwrap();
        // What no address of a page matches is refused by whoever has the pages beside something else.
        assert!(text.is_empty() || text.contains("lang=\"zh\""), "{path}: {text}");
        assert!(!text.contains("<script") && !text.contains("passwd"), "{path}: {text}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = ask(bundle, method, &format!("/elections/{F}/vote.html"), "content-length: 0\r\n").await;
        assert_eq!(answer.0, 405);
        answer.has("allow: GET, HEAD, OPTIONS");
    }
    let head = ask(bundle, "HEAD", &format!("/elections/{F}/vote.html"), "").await;
    assert_eq!((head.0, head.2.len()), (200, 0));
    head.has(&format!("content-length: {}", bundle.file("vote.html").unwrap().bytes().len()));
}

/// WEB-30: a program without the pages says how to get them.
#[tokio::test]
async fn a_program_without_the_pages_names_the_command() {
    let bundle = Box::leak(Box::new(Bundle::of([])));
    for path in [format!("/elections/{F}/vote.html"), format!("/elections/{F}/observe.html"), "/offline.html".into()] {
        let answer = ask(bundle, "GET", &path, "").await;
        assert_eq!(answer.0, 404);
        assert!(String::from_utf8_lossy(&answer.2).contains("cargo xtask web"));
        answer.has("content-security-policy: default-src 'none'; style-src 'self'; img-src 'self' data:; ");
    }
}

/// WEB-22, WEB-27.
#[test]
fn a_policy_names_the_boards_of_the_manifest_and_nothing_that_is_none() {
    let good = [
        ("https://board.example", "https://board.example"),
        ("https://board.example:8443", "https://board.example:8443"),
        ("https://board.example/vote/here", "https://board.example"),
        ("http://127.0.0.1:7000", "http://127.0.0.1:7000"),
        ("http://localhost:1", "http://localhost:1"),
    ];
    for (address, origin) in good {
        assert_eq!(super::origin(address), Some(origin));
    }
    let bad = [
        "",
        "https://",
        "https:///x",
        "http://board.example",
        "ftp://board.example",
        "https://board.example; script-src *",
        "https://*",
        "https://*.example",
        "https://a b",
        "https://a,b",
        "https://user@board.example",
        "https://board.example:0",
        "https://board.example:65536",
        "https://board.example:+1",
        "https://[::1",
        "https://[x]",
        "https://[2001:db8::1]",
        "https://BOARD.example",
        "javascript:alert(1)",
        "https://bücher.example",
        "https://a\r\nx: y",
        "http://127.0.0.1.example",
        "https://a?b",
        "https://a#b",
    ];
    for address in bad {
        assert_eq!(super::origin(address), None, "{address:?}");
    }
    let boards = good.iter().map(|(address, _)| *address).chain(bad).map(str::to_owned).collect();
    let policy = Role::Voting(boards).policy();
    let listed = policy.split("connect-src ").nth(1).unwrap().split(';').next().unwrap();
    let origins: Vec<&str> = good.iter().map(|(_, origin)| *origin).collect();
    assert_eq!(listed, format!("'self' {}", origins.join(" ")));
}

proptest! {
    /// WEB-27: whatever stands in a manifest, it writes no policy.
    #[test]
    fn no_address_breaks_out_of_a_policy(address in "(https?://)?[ -~é;,'\"*\r\n]{0,40}|https://[a-z.:0-9\\[\\]/;]{0,30}") {
        if let Some(origin) = super::origin(&address) {
            prop_assert!(address.starts_with(origin));
            prop_assert!(origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:/[]".contains(&byte)), "{}", origin);
        }
    }
}

/// WEB-22: the page may send ballots to the boards of the manifest, on a mirror too.
#[tokio::test]
async fn the_policy_names_the_boards_of_the_manifest() {
    let mut one = one();
    let mut manifest = (*one.0.manifest).clone();
    let boards = vec!["https://board.example/vote".to_owned(), "http://127.0.0.1:7000".to_owned()];
    manifest.pages = Some(protocol::manifest::Pages { bundle: [7; 32], boards });
    one.0.manifest = manifest.into();
    let again = One(one.0.clone(), Vec::new());
    let third = One(one.0.clone(), Vec::new());
    let expected = "connect-src 'self' https://board.example http://127.0.0.1:7000; ";
    for (one, name) in [(one, "vote.html"), (again, "assets/worker-1.js")] {
        let answer = ask_of(one, bundle(), "GET", &format!("/elections/{F}/{name}"), "").await;
        assert!(answer.1.contains(expected), "{name}: {}", answer.1);
    }
    let text = ask_of(third, bundle(), "GET", &format!("/elections/{F}/"), "").await.2;
    assert!(String::from_utf8(text).unwrap().contains(&"07".repeat(32)));
}

#[path = "written_tests.rs"]
mod written_tests;
