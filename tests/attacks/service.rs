//! A running board, over HTTP (THR-15 to THR-17, THR-33, THR-34).

use crate::{
    option,
    running::{Running, minute, open, open_until, prepared},
};
use ballot_client::{
    Tracker, client,
    lookup::{Search, Wanted},
};
use board_api::{BoardClient, ClientError, Problem};
use crypto::schnorr::SigningKey;
use protocol::{
    Body, Manifest, Submission,
    body::{Extension, Notice},
    ids::{ElectionFingerprint, ElectionId},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use vitrine_tests::{Drill, Options};

/// The problem document of a refusal.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Problem {
    match result {
        Err(ClientError::Refused(problem)) => *problem,
        other => panic!("this should have been refused: {other:?}"),
    }
}

fn notice(drill: &mut Drill, text: &str) -> Submission {
    drill.by_authority(&Body::Notice(Notice { text: text.into() }))
}

/// Head of a request with a body of this length.
fn post(f: &ElectionFingerprint, kind: &str, length: usize) -> String {
    format!(
        "POST /api/v1/elections/{f}/submissions HTTP/1.1\r\nHost: board\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Sends bytes over a connection of its own and gives the beginning of the answer; nothing if there is none.
async fn raw(address: &str, bytes: &[u8]) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(bytes).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = connection.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

/// THR-15: too long is refused before it is sent, rubbish and unproved ballots are refused cheaply and all at once, and while hundreds of
/// requests never end, the others are served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flood() {
    let (running, mut drill) = open(3).await;
    let (f, address, size) = (drill.election.fingerprint(), running.address(), drill.election.size());
    let longer = raw(&address, post(&f, "application/cbor", 1 << 40).as_bytes()).await;
    assert!(longer.starts_with("HTTP/1.1 413") && longer.contains("HTTP-6"), "{longer}");

    // Hundreds of bodies that were announced and never come.
    let mut hanging = Vec::new();
    for _ in 0..200 {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        connection.write_all(post(&f, "application/cbor", 65_000).as_bytes()).await.unwrap();
        hanging.push(connection);
    }
    // Rubbish, ballots of strangers, ballots with broken proofs.
    let (ballot, _) = drill.seal(0, &option(1));
    let honest = drill.by_voter(0, &Body::Ballot(ballot.clone()));
    let mut unproved = ballot.clone();
    *unproved.contests[0].last_mut().unwrap() ^= 1;
    let unproved = drill.by_voter(0, &Body::Ballot(unproved));
    let stranger = SigningKey::generate(&mut drill.rng).unwrap();
    let author = protocol::Author::Credential(stranger.public());
    let foreign = Submission::sign(&f, &author, Body::Ballot(ballot).encode(), &stranger, &mut drill.rng).unwrap();
    let mut flood = JoinSet::new();
    for number in 0u8..150 {
        let (client, address) = (running.client.clone(), address.clone());
        let submission = if number % 2 == 0 { unproved.clone() } else { foreign.clone() };
        flood.spawn(async move {
            let rubbish = [post(&f, "application/cbor", 400).into_bytes(), vec![number; 400]].concat();
            let answer = raw(&address, &rubbish).await;
            assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("ENC-1"), "{answer}");
            refused(client.submit(&f, &submission).await).rule
        });
    }
    let rules: BTreeSet<String> = flood.join_all().await.into_iter().collect();
    assert!(rules.iter().all(|rule| ["BAL-1", "BAL-4"].contains(&rule.as_str())), "{rules:?}");
    // All the while: the record is served and an honest ballot recorded.
    assert!(running.client.status(&f).await.unwrap().accepting);
    let promise = running.client.submit(&f, &honest).await.unwrap();
    assert_eq!(promise.index(), size);
    drop(hanging);
    running.stop().await;
}

/// THR-15: a full queue answers "later" and keeps nothing. As many bodies as the memory set aside for them are announced and held back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flood_beyond_the_queue() {
    let (running, mut drill) = prepared(3).await;
    let (f, address) = (drill.election.fingerprint(), running.address());
    let mut hanging = Vec::new();
    while hanging.len() < 1100 {
        // A machine that allows this process too few open files cannot be brought to this point from here.
        let Ok(mut connection) = TcpStream::connect(&address).await else { return };
        let Ok(()) = connection.write_all(post(&f, "application/cbor", 65_535).as_bytes()).await else { return };
        hanging.push(connection);
    }
    // The board takes up the connections in its own time: until it has, it still has room.
    let mut recorded = drill.election.size();
    let (honest, answer) = loop {
        let honest = notice(&mut drill, &format!("The polling station is open ({recorded})."));
        let body = honest.encode();
        let request = [post(&f, "application/cbor", body.len()).into_bytes(), body].concat();
        let answer = raw(&address, &request).await.to_lowercase();
        if !answer.starts_with("http/1.1 200") {
            break (honest, answer);
        }
        recorded += 1;
        assert!(recorded < 1000, "the queue never fills");
    };
    assert!(
        answer.starts_with("http/1.1 503") && answer.contains("brd-6") && answer.contains("retry-after"),
        "{answer}"
    );
    // Reading goes on, and so does writing once the flood is over; the client has tried again by itself.
    assert!(running.client.status(&f).await.is_ok());
    drop(hanging);
    assert_eq!(running.client.submit(&f, &honest).await.unwrap().index(), recorded);
    running.stop().await;
}

/// THR-16: a board admits the elections of its own authorities, in their own logs; and a voter compares F in any case.
#[tokio::test]
async fn foreign_manifest() {
    let mut town = Drill::begin(Options::simple(2));
    let running = Running::start(&town.authority).await;
    let mut stranger = Drill::begin(Options { seed: 66, ..Options::simple(2) });
    running.adopt(&mut stranger).await;
    let foreign = stranger.entries[0].submission();
    assert_eq!(refused(running.client.create(&foreign).await).rule, "BRD-2");

    // The same names and dates, with the real authority's key in it, which the stranger cannot sign with or prove to hold.
    let town_key = town.authority.public();
    let mut manifest = stranger.election.manifest().clone();
    manifest.authority.signing_key = town_key;
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = protocol::fingerprint::election(&body);
    let author = protocol::Author::Authority;
    let forged = Submission::sign(&f, &author, body, &stranger.authority, &mut stranger.rng).unwrap();
    assert_eq!(refused(running.client.create(&forged).await).rule, "MAN-4");

    // The town's own, but for a log elsewhere; then as it should be; then once more with another title.
    assert_eq!(refused(running.client.create(&town.entries[0].submission()).await).rule, "BRD-3");
    running.adopt(&mut town).await;
    running.record(&mut town).await;
    let mut twin = Drill::begin(Options::simple(2));
    twin.remake(|manifest: &mut Manifest| *manifest = town.election.manifest().clone());
    twin.remake(|manifest| manifest.title = "A drill, held twice".into());
    assert_eq!(refused(running.client.create(&twin.entries[0].submission()).await).rule, "BRD-4");
    let unknown = running.client.status(&twin.election.fingerprint()).await;
    assert_eq!(refused(unknown).rule, "HTTP-8");
    assert_eq!(running.client.elections().await.unwrap().len(), 1);
    assert_ne!(town.election.manifest().election_id, ElectionId([0; 32]));
    running.stop().await;
}

/// THR-17: 300 voters press the button at once, in alphabetical order; what the record shows is the order of the submission ids, batch by
/// batch, and the minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn order_within_a_batch() {
    let voters = 300;
    let (running, mut drill) = open(voters).await;
    let f = drill.election.fingerprint();
    let mut ballots = Vec::new();
    for voter in 0..voters {
        let (ballot, _) = drill.seal(voter, &option(voter % 4));
        ballots.push(drill.by_voter(voter, &Body::Ballot(ballot)));
    }
    let started = minute();
    let mut posting = JoinSet::new();
    for ballot in ballots {
        let client = running.client.clone();
        posting.spawn(async move { client.submit(&f, &ballot).await.unwrap().entry().clone() });
    }
    let mut entries = posting.join_all().await;
    entries.sort_by_key(|entry| entry.index);
    let ids: Vec<_> = entries.iter().map(|entry| entry.submission().id(&f)).collect();
    let descents = ids.windows(2).filter(|pair| pair[0] > pair[1]).count();
    // Arrival order would have about 150 of them, give or take 5.
    assert!(descents < voters / 3, "{descents} batches of {voters} ballots");
    assert!(entries.iter().all(|entry| (started..=minute()).contains(&entry.time)));
    running.stop().await;
}

/// THR-33: the network flips bits, cuts, exchanges signatures, repeats.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn submission_altered_or_repeated() {
    let (running, mut drill) = open(3).await;
    let (f, client) = (drill.election.fingerprint(), &running.client);
    let (first, second) = (drill.seal(0, &option(1)).0, drill.seal(1, &option(2)).0);
    let (first, second) = (drill.by_voter(0, &Body::Ballot(first)), drill.by_voter(1, &Body::Ballot(second)));
    let bytes = first.encode();
    let size = client.status(&f).await.unwrap().summary.size;
    let address = running.address();
    let mut attempts = JoinSet::new();
    for place in (0..bytes.len()).step_by(5).chain(bytes.len() - 70..bytes.len()) {
        let mut altered = bytes.clone();
        altered[place] ^= 1 << (place % 8);
        let (address, head) = (address.clone(), post(&f, "application/cbor", altered.len()).into_bytes());
        attempts.spawn(async move { (place, raw(&address, &[head, altered].concat()).await) });
    }
    for (place, answer) in attempts.join_all().await {
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        assert!(["403", "409", "413", "422"].contains(&status.as_str()), "byte {place}: {answer}");
    }
    let parts = |submission: &Submission| (submission.author_bytes().to_vec(), submission.body_bytes().to_vec());
    let ((author, body), (other_author, other_body)) = (parts(&first), parts(&second));
    for (author, body, signature, rule) in [
        (author.clone(), body.clone(), second.signature_bytes(), "ENT-5"),
        (other_author, body, first.signature_bytes(), "BAL-4"),
        (author, other_body, first.signature_bytes(), "BAL-4"),
    ] {
        let mixed = Submission::from_parts(author, body, signature.to_vec());
        let found = refused(client.submit(&f, &mixed).await).rule;
        assert!(found == rule || found == "ENT-5", "{found}");
    }
    assert_eq!(client.status(&f).await.unwrap().summary.size, size, "nothing of it was recorded");

    // Repeated, at once and later, and under a fresh signature: one entry.
    let mut repeated = JoinSet::new();
    for _ in 0..20 {
        let (client, first) = (client.clone(), first.clone());
        repeated.spawn(async move { client.submit(&f, &first).await.unwrap().index() });
    }
    let places: BTreeSet<u64> = repeated.join_all().await.into_iter().collect();
    assert_eq!(places.into_iter().collect::<Vec<_>>(), [size]);
    client.submit(&f, &second).await.unwrap();
    let Ok(Body::Ballot(ballot)) = first.body() else { unreachable!("a ballot is a ballot") };
    let resigned = drill.by_voter(0, &Body::Ballot(ballot));
    assert_ne!(resigned.signature_bytes(), first.signature_bytes());
    assert_eq!(client.submit(&f, &resigned).await.unwrap().entry().submission(), first);
    assert_eq!(client.status(&f).await.unwrap().summary.size, size + 2);
    running.stop().await;
}

/// THR-28, on the board: by its clock voting is over, whether or not the authority has closed; and what it took before it still answers.
#[tokio::test]
async fn late_ballot() {
    let (running, mut drill) = open_until(3, minute() - 1).await;
    let (f, size) = (drill.election.fingerprint(), drill.election.size());
    let (ballot, _) = drill.seal(0, &option(1));
    let late = drill.by_voter(0, &Body::Ballot(ballot));
    assert_eq!(refused(running.client.submit(&f, &late).await).rule, "BRD-18");
    assert_eq!(running.client.status(&f).await.unwrap().summary.size, size);
    // The manifest allows a later time, and then the same ballot is in time.
    let later = Body::Extension(Extension { closing: minute() + 10 });
    let extension = drill.by_authority(&later);
    running.client.submit(&f, &extension).await.unwrap();
    assert_eq!(running.client.submit(&f, &late).await.unwrap().index(), size + 1);
    running.stop().await;
}

/// Passes everything on to the board and keeps what was asked.
async fn listening_post(board: String) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((asking, _)) = listener.accept().await {
            let answering = TcpStream::connect(&board).await.unwrap();
            let ((mut asked, mut back), (mut answers, mut on)) = (asking.into_split(), answering.into_split());
            let ears = ears.clone();
            tokio::spawn(async move {
                let mut bytes = vec![0; 16 * 1024];
                while let Ok(read @ 1..) = asked.read(&mut bytes).await {
                    ears.lock().unwrap().extend_from_slice(&bytes[..read]);
                    if on.write_all(&bytes[..read]).await.is_err() {
                        return;
                    }
                }
            });
            tokio::spawn(async move { tokio::io::copy(&mut answers, &mut back).await });
        }
    });
    (address, heard)
}

/// THR-34, for look-ups: whoever hears every request, the board above all, cannot tell which ballot was looked for, or whether one was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn look_up() {
    let (running, mut drill) = open(4).await;
    let f = drill.election.fingerprint();
    for voter in 0..4 {
        drill.cast(voter, &option(voter % 4)).unwrap();
    }
    running.record(&mut drill).await;
    let tracker = |voter: usize| {
        let state = drill.election.credential(&drill.credentials[voter].public()).unwrap();
        Tracker(state.previous)
    };
    let wishes = [
        None,
        Some(Wanted::Tracker(tracker(0).into())),
        Some(Wanted::Tracker(tracker(3).into())),
        Some(Wanted::Credential(drill.credentials[2].public())),
    ];
    let mut heard = Vec::new();
    for wish in wishes {
        let (address, ears) = listening_post(running.address()).await;
        let board = BoardClient::new(&address).unwrap();
        let mut search = wish.map(|wanted| Search::new(f, wanted));
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        client::read(&board, &f, search.as_mut(), &mut |_, _| {}, rng).await.unwrap();
        assert!(search.is_none_or(|search| search.found().len() == 1));
        let requests = String::from_utf8(ears.lock().unwrap().clone()).unwrap();
        let lines = requests.lines().filter(|line| !line.starts_with("host:"));
        heard.push(lines.map(str::to_owned).collect::<Vec<_>>());
    }
    assert!(heard[0].iter().any(|line| line.starts_with("GET ") && line.contains("tile/entries")));
    for other in &heard[1..] {
        assert_eq!(*other, heard[0]);
    }
    running.stop().await;
}
