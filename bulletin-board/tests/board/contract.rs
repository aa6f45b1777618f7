//! The interface as `specs/09-http-api.md` has it.

use crate::{
    home::Home,
    running::Running,
    town::{Town, refused},
};
use board_api::{BoardClient, ClientError, Problem, record};
use crypto::schnorr::SigningKey;
use protocol::{Phase, Submission, ids::ElectionFingerprint};
use reqwest::{Client, Method, StatusCode};
use sha2::Digest as _;
use tlog::{merkle::leaf_hash, record::RecordPath};

async fn town_with_board() -> (Home, Running, Town) {
    let folder = Home::new();
    let mut town = Town::new(3);
    let board = Running::start(folder.path(), &town.authority).await;
    town.create(&board.client).await;
    (folder, board, town)
}

/// One request past our own client; the problem, if it is one.
async fn raw(
    client: &BoardClient,
    method: Method,
    path: &str,
    kind: &str,
    body: Vec<u8>,
) -> (StatusCode, reqwest::header::HeaderMap, Option<Problem>) {
    let url = format!("{}{path}", client.address());
    let http = Client::builder().no_proxy().build().unwrap();
    let answer = http.request(method, url).header("content-type", kind).body(body).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let problem = serde_json::from_slice(&answer.bytes().await.unwrap()).ok();
    (status, headers, problem)
}

#[tokio::test]
async fn a_submission_becomes_a_promise_once() {
    let (_folder, board, town) = town_with_board().await;
    let (client, f) = (&board.client, town.fingerprint());
    let notice = town.notice("The polling station opens at eight.");
    let first = client.submit(&f, &notice).await.unwrap();
    assert_eq!((first.index(), first.checkpoint().checkpoint().size()), (1, 2));
    assert_eq!(first.entry().submission(), notice);
    client.submit(&f, &town.notice("Another.")).await.unwrap();
    // BRD-10: again, and under another signature of the same body.
    let again = client.submit(&f, &notice).await.unwrap();
    let resigned = client.submit(&f, &town.notice("The polling station opens at eight.")).await.unwrap();
    for later in [&again, &resigned] {
        assert_eq!(later.index(), 1);
        assert_eq!(later.entry(), first.entry());
        assert_eq!(later.checkpoint().checkpoint().size(), 3, "a fresh promise, and nothing moved");
    }
    let manifest = town.manifest(&client.board().await.unwrap());
    assert_eq!(refused(client.create(&town.sign_manifest(&manifest)).await).rule, "BRD-4", "other possession proofs");
    let status = client.status(&f).await.unwrap();
    assert_eq!((status.summary.size, status.summary.phase, status.accepting), (3, Phase::Setup, true));
    assert_eq!(status.ceremony.awaited, [1]);
    assert_eq!(client.elections().await.unwrap(), [status.summary]);
    board.stop().await;
}

#[tokio::test]
async fn the_manifest_is_promised_again() {
    let folder = Home::new();
    let town = Town::new(1);
    let board = Running::start(folder.path(), &town.authority).await;
    let manifest = town.sign_manifest(&town.manifest(&board.client.board().await.unwrap()));
    let first = board.client.create(&manifest).await.unwrap();
    let again = board.client.create(&manifest).await.unwrap();
    assert_eq!(first, again);
    board.stop().await;
}

#[tokio::test]
async fn refusals_name_their_rule() {
    let (_folder, board, town) = town_with_board().await;
    let (client, f) = (&board.client, town.fingerprint());
    let unsigned = |submission: &Submission| {
        let (author, body) = (submission.author_bytes().to_vec(), submission.body_bytes().to_vec());
        Submission::from_parts(author, body, vec![0; 64])
    };
    let problem = refused(client.submit(&f, &unsigned(&town.notice("Not signed."))).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("ENT-5", 403));
    let problem = refused(client.submit(&f, &town.notice("")).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("ENC-3", 422));
    let extension = protocol::Body::Extension(protocol::body::Extension { closing: 7 });
    let problem = refused(client.submit(&f, &town.by_authority(&extension)).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("ENT-7", 409));
    assert!(problem.is_consistent() && !problem.expected.is_empty() && !problem.found.is_empty());
    let continuation = protocol::Body::Continuation(protocol::body::Continuation {
        old_origin: town.election().manifest().log_origin.clone(),
        old_size: 1,
        old_root: town.election().root().into(),
        new_key: town.election().manifest().log_key.clone(),
    });
    assert_eq!(refused(client.submit(&f, &town.by_authority(&continuation)).await).rule, "BRD-5");
    board.stop().await;
}

#[tokio::test]
async fn foreign_manifests_stay_outside() {
    let folder = Home::new();
    let (town, stranger) = (Town::new(1), Town::new(1));
    let board = Running::start(folder.path(), &town.authority).await;
    let document = board.client.board().await.unwrap();
    let problem = refused(board.client.create(&stranger.sign_manifest(&stranger.manifest(&document))).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("BRD-2", 403));
    let mut elsewhere = document.clone();
    elsewhere.origin_prefix = "board.example/other".into();
    let problem = refused(board.client.create(&town.sign_manifest(&town.manifest(&elsewhere))).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("BRD-3", 422));
    let mut broken = town.manifest(&document);
    broken.threshold = 2;
    let problem = refused(board.client.create(&town.sign_manifest(&broken)).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("MAN-3", 422));
    assert!(board.client.elections().await.unwrap().is_empty());
    board.stop().await;
}

#[tokio::test]
async fn one_board_keeps_many_logs_apart() {
    let (folder, board, mut one) = town_with_board().await;
    let mut two = Town::new(3);
    two.authority = SigningKey::from_bytes(&one.authority.to_bytes()).unwrap();
    let (f, g) = (one.fingerprint(), two.create(&board.client).await);
    for number in 0..5 {
        let (first, second) = (one.notice(&format!("One {number}.")), two.notice(&format!("Two {number}.")));
        // What was signed for one election says nothing in another.
        assert_eq!(refused(board.client.submit(&f, &second).await).rule, "ENT-5");
        one.post(&board.client, first).await;
        two.post(&board.client, second).await;
    }
    board.stop().await;
    let board = Running::start(folder.path(), &one.authority).await;
    for (town, f) in [(&one, f), (&two, g)] {
        let mut reader = record::read(&board.client, &f).await.unwrap();
        assert_eq!(reader.rest().await.unwrap().len(), 6);
        assert_eq!(reader.root(), town.election().root());
    }
    let mut listed: Vec<_> = board.client.elections().await.unwrap().iter().map(|one| one.fingerprint).collect();
    assert!(listed.is_sorted() && listed.len() == 2);
    listed.retain(|listed| *listed != f && *listed != g);
    assert!(listed.is_empty());
    board.stop().await;
}

#[tokio::test]
async fn an_ending_board_keeps_what_it_promised() {
    let (folder, board, town) = town_with_board().await;
    let (client, f) = (board.client.clone(), town.fingerprint());
    let mut posting = tokio::task::JoinSet::new();
    for number in 0..300 {
        let (client, notice) = (client.clone(), town.notice(&format!("Notice {number}")));
        posting.spawn(async move { client.submit(&f, &notice).await.ok() });
    }
    let first = posting.join_next().await.unwrap().unwrap().unwrap();
    posting.detach_all();
    board.stop().await;
    let board = Running::start(folder.path(), &town.authority).await;
    let again = board.client.submit(&f, &first.entry().submission()).await.unwrap();
    assert_eq!(again.index(), first.index());
    board.stop().await;
}

#[tokio::test]
async fn requests_that_are_none() {
    let (_folder, board, town) = town_with_board().await;
    let (client, f) = (&board.client, town.fingerprint());
    let submissions = format!("api/v1/elections/{f}/submissions");
    let unknown = ElectionFingerprint([7; 32]);
    let upper = f.to_string().to_uppercase();
    let cases = [
        (Method::GET, "nowhere".into(), "", vec![], 404, "HTTP-4"),
        (Method::DELETE, "api/v1/board".into(), "", vec![], 405, "HTTP-4"),
        (Method::GET, submissions.clone(), "", vec![], 405, "HTTP-4"),
        (Method::POST, submissions.clone(), "application/json", vec![0; 9], 415, "HTTP-5"),
        (Method::POST, submissions.clone(), "application/cbor", vec![0; 65_536], 413, "HTTP-6"),
        (Method::POST, submissions.clone(), "application/cbor", vec![0x83; 40], 422, "ENC-1"),
        (Method::POST, submissions, "application/cbor", vec![], 422, "ENC-1"),
        (Method::POST, format!("api/v1/elections/{unknown}/submissions"), "application/cbor", vec![], 404, "HTTP-8"),
        (Method::GET, format!("api/v1/elections/{upper}"), "", vec![], 404, "HTTP-8"),
        (Method::GET, "api/v1/elections/%ff".into(), "", vec![], 404, "HTTP-4"),
        (Method::GET, format!("e/{unknown}/checkpoint"), "", vec![], 404, "HTTP-8"),
        (Method::GET, format!("e/{f}/tile/0/001"), "", vec![], 404, "HTTP-15"),
        (Method::GET, format!("e/{f}/tile/0/000.p/2"), "", vec![], 404, "HTTP-15"),
        (Method::GET, format!("e/{f}/tile/entries/000.p/256"), "", vec![], 404, "HTTP-15"),
        (Method::GET, format!("e/{f}/tile/63/000.p/1"), "", vec![], 404, "HTTP-15"),
        (Method::GET, format!("e/{f}/../../../../etc/passwd"), "", vec![], 404, "HTTP-4"),
        (Method::GET, format!("e/{f}/%2e%2e/%2e%2e/board.sqlite"), "", vec![], 404, "HTTP-4"),
        (Method::GET, format!("e/{f}/..%2f..%2fboard.sqlite"), "", vec![], 404, "HTTP-15"),
    ];
    for (method, path, kind, body, status, rule) in cases {
        let (found, headers, problem) = raw(client, method.clone(), &path, kind, body).await;
        let problem = problem.unwrap_or_else(|| panic!("{method} {path}: no problem document"));
        assert_eq!((found.as_u16(), problem.status, problem.rule.as_str()), (status, status, rule), "{method} {path}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert_eq!(headers["access-control-allow-origin"], "*");
        assert_eq!(headers.contains_key("allow"), status == 405);
    }
    board.stop().await;
}

#[tokio::test]
async fn a_body_without_announced_length_is_cut_off() {
    use std::io::{Read as _, Write as _};
    let (_folder, board, town) = town_with_board().await;
    let address = board.client.address().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let f = town.fingerprint();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /api/v1/elections/{f}/submissions HTTP/1.1\r\nhost: board\r\ncontent-type: application/cbor\r\n\
             transfer-encoding: chunked\r\n\r\n"
        )
        .unwrap();
        // Never ends, so only a limit while reading can answer it.
        let chunk = [&b"4000\r\n"[..], &[0; 0x4000], b"\r\n"].concat();
        for _ in 0..5 {
            stream.write_all(&chunk).unwrap();
        }
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    });
    assert_eq!(answer.await.unwrap(), "HTTP/1.1 413");
    board.stop().await;
}

#[tokio::test]
async fn reading_is_for_caches_and_for_pages_of_any_origin() {
    let (_folder, board, town) = town_with_board().await;
    let (client, f) = (&board.client, town.fingerprint());
    let (status, headers, _) = raw(client, Method::GET, &format!("e/{f}/checkpoint"), "", vec![]).await;
    assert_eq!((status, &headers["cache-control"]), (StatusCode::OK, &"no-cache".parse().unwrap()));
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    let (status, headers, _) = raw(client, Method::HEAD, &format!("e/{f}/tile/entries/000.p/1"), "", vec![]).await;
    assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"application/octet-stream".parse().unwrap()));
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    let (status, headers, _) =
        raw(client, Method::OPTIONS, &format!("api/v1/elections/{f}/submissions"), "", vec![]).await;
    assert_eq!(
        (status, &headers["access-control-allow-headers"]),
        (StatusCode::NO_CONTENT, &"content-type".parse().unwrap())
    );
    let http = Client::builder().no_proxy().build().unwrap();
    let url = format!("{}e/{f}/checkpoint", client.address());
    let note = http.get(&url).send().await.unwrap();
    let tag = note.headers()["etag"].clone();
    let note = note.bytes().await.unwrap();
    assert_eq!(
        tag.to_str().unwrap(),
        format!("\"{}\"", hex::encode(sha2::Sha256::digest(&note))),
        "named by its bytes"
    );
    let answer = http.get(&url).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    let answer = http.get(&url).header("if-none-match", "\"1\"").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    // HTTP-30: under `quorum none` the head is what is served as the checkpoint.
    let head = http.get(format!("{}api/v1/elections/{f}/head", client.address())).send().await.unwrap();
    assert_eq!(head.headers()["cache-control"], "no-cache");
    assert_eq!(head.bytes().await.unwrap(), note);
    let (status, ..) = raw(client, Method::GET, "healthz", "", vec![]).await;
    assert_eq!(status, StatusCode::OK);
    board.stop().await;
}

#[tokio::test]
async fn tiles_of_every_published_checkpoint_stay() {
    let (_folder, board, mut town) = town_with_board().await;
    let (client, f) = (board.client.clone(), town.fingerprint());
    let mut reader = record::read(&client, &f).await.unwrap();
    assert_eq!(reader.rest().await.unwrap().len(), 1);
    let notices: Vec<Submission> = (0..700).map(|number| town.notice(&format!("Notice {number}"))).collect();
    post_all(&client, &f, notices).await;
    assert_eq!(client.status(&f).await.unwrap().summary.size, 701);
    // The follower goes on where it was and sees one history.
    let rest = reader.rest().await.unwrap();
    assert_eq!((rest.len(), rest[0].0, reader.position()), (700, 1, 701));
    assert!(reader.rest().await.unwrap().is_empty());
    let leaves: Vec<_> = rest.iter().map(|(_, entry)| leaf_hash(entry)).collect();
    for width in [1, 2, 77, 255, 256] {
        let suffix = if width == 256 { String::new() } else { format!(".p/{width}") };
        let path: RecordPath = format!("tile/0/001{suffix}").parse().unwrap();
        let tile = client.fetch(&f, &path).await.unwrap().unwrap();
        assert_eq!(tile, leaves[255..255 + width].as_flattened());
    }
    // And a whole record passes the log's own strict reader.
    let mut files = std::collections::BTreeMap::new();
    record::download(&client, &f, |path, bytes| {
        files.insert(path, bytes);
        Ok::<_, ClientError>(())
    })
    .await
    .unwrap();
    tlog::record::check_listing(701, files.keys().map(ToString::to_string)).unwrap();
    let mut strict = tlog::record::RecordReader::open(|path| Ok::<_, ()>(files.get(&path.into()).cloned())).unwrap();
    while strict.next_bundle().unwrap().is_some() {}
    let key = client.log_key(&f).await.unwrap();
    assert_eq!(strict.finish(&[key]).unwrap().checkpoint().size(), 701);
    town.catch_up(&client).await;
    assert_eq!(town.election().size(), 701);
    board.stop().await;
}

/// Posts many submissions at once.
pub(crate) async fn post_all(client: &BoardClient, f: &ElectionFingerprint, submissions: Vec<Submission>) {
    let mut posting = tokio::task::JoinSet::new();
    for submission in submissions {
        let (client, f) = (client.clone(), *f);
        posting.spawn(async move { client.submit(&f, &submission).await.unwrap().index() });
    }
    while let Some(posted) = posting.join_next().await {
        posted.unwrap();
    }
}
