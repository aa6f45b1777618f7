//! The live feed (HTTP-41), and what the operator sees of everything (BRD-52, HTTP-19).

use crate::{
    running::{Running, config},
    town::{Town, refused},
};
use board_api::BoardClient;
use bulletin_board::{LimitSettings, Listeners};
use protocol::Submission;
use std::{
    io,
    sync::{Arc, Mutex},
    thread::ThreadId,
};
use tokio::net::TcpListener;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// A feed being listened to.
struct Listening {
    answer: reqwest::Response,
    heard: String,
}

impl Listening {
    async fn to(address: &str, last: Option<u64>) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.get(address);
        let request = match last {
            Some(id) => request.header("last-event-id", id.to_string()),
            None => request,
        };
        Self { answer: request.send().await.unwrap(), heard: String::new() }
    }

    /// The next event: its id, name and data; none when the feed ends.
    async fn next(&mut self) -> Option<(u64, String, serde_json::Value)> {
        loop {
            if let Some((event, rest)) = self.heard.split_once("\n\n") {
                let line = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
                };
                let found = line("data").map(|data| {
                    (line("id").unwrap().parse().unwrap(), line("event").unwrap(), serde_json::from_str(&data).unwrap())
                });
                self.heard = rest.to_owned();
                if found.is_some() {
                    return found;
                }
            } else {
                self.heard.push_str(std::str::from_utf8(&self.answer.chunk().await.ok()??).unwrap());
            }
        }
    }

    /// Everything until the log has this size.
    async fn until(&mut self, size: u64) {
        loop {
            let (id, name, data) = self.next().await.expect("the feed goes on");
            assert!(id <= size && ["entries", "checkpoint"].contains(&name.as_str()), "{id} {name}");
            if name == "checkpoint" && data["size"] == size {
                return;
            }
        }
    }
}

#[tokio::test]
async fn listeners_hear_how_far_a_log_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let mut config = config(folder.path(), &town.authority);
    config.limits = LimitSettings { listeners: 2, ..LimitSettings::default() };
    let board = Running::start_with(config).await;
    let f = town.create(&board.client).await;
    let address = format!("{}api/v1/elections/{f}/events", board.client.address());
    let mut first = Listening::to(&address, None).await;
    assert_eq!(first.answer.headers()["content-type"], "text/event-stream");
    assert_eq!(first.next().await, Some((1, "entries".into(), serde_json::json!({ "size": 1, "cosigned_size": 1 }))));
    assert_eq!(first.next().await, Some((1, "checkpoint".into(), serde_json::json!({ "size": 1 }))));
    for number in 2..5 {
        board.client.submit(&f, &town.notice(&format!("Notice {number}"))).await.unwrap();
        first.until(number).await;
    }
    // Who knows the size already hears of the checkpoint only, and who knows an earlier one hears how far it is now.
    let mut second = Listening::to(&address, Some(4)).await;
    assert_eq!(second.next().await.unwrap().1, "checkpoint");
    let third = reqwest::Client::builder().no_proxy().build().unwrap().get(&address).send().await.unwrap();
    assert_eq!(third.status(), 503);
    assert_eq!(third.json::<board_api::Problem>().await.unwrap().rule, "HTTP-41");
    drop(first);
    let mut again = loop {
        let listening = Listening::to(&address, Some(2)).await;
        if listening.answer.status() == 200 {
            break listening;
        }
    };
    assert_eq!(again.next().await, Some((4, "entries".into(), serde_json::json!({ "size": 4, "cosigned_size": 4 }))));
    // BRD-53: feeds do not keep a board from ending.
    board.stop().await;
    while again.next().await.is_some() {}
    while second.next().await.is_some() {}
}

/// What a board on this thread logs, for a test to look at; other tests run on others.
#[derive(Clone)]
struct Written(Arc<Mutex<Vec<u8>>>, ThreadId);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::thread::current().id() == self.1 {
            self.0.lock().unwrap().extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// HTTP-19, BRD-52, THR-56: of a whole day at the polls neither log nor numbers tell who voted, from where, or what was sent.
#[tokio::test]
async fn logs_and_numbers_name_nobody() {
    let written = Written(Arc::default(), std::thread::current().id());
    // The client in this process logs where it connects to; the board is asked here.
    let filter = EnvFilter::new("debug,hyper_util::client=off,reqwest=off,hyper=off");
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(written.clone()).finish();
    // For the process: a subscriber of one thread only can miss what another thread met first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(3);
    let (public, admin) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let client = BoardClient::new(&format!("http://{}", public.local_addr().unwrap())).unwrap();
    let metrics = format!("http://{}/metrics", admin.local_addr().unwrap());
    let listeners = Listeners { public, admin: Some(admin) };
    let board = Running::on(config(folder.path(), &town.authority), listeners, client.clone());
    let f = town.create(&client).await;
    town.open(&client).await;
    let ballots: Vec<Submission> = (0..3).map(|voter| town.ballot(voter, 1)).collect();
    let mut names = vec!["127.0.0.1".to_owned()];
    for ballot in &ballots {
        let promise = client.submit(&f, ballot).await.unwrap();
        names.push(hex::encode(promise.entry().hash().0));
        names.push(hex::encode(ballot.id(&f).0));
        names.push(hex::encode(ballot.signature_bytes()));
    }
    names.extend(town.credentials.iter().map(|key| hex::encode(key.public().0)));
    assert_eq!(refused(client.submit(&f, &town.ballot(0, 2)).await).rule, "BAL-5");
    let numbers = reqwest::Client::builder().no_proxy().build().unwrap().get(metrics).send().await.unwrap();
    let numbers = numbers.text().await.unwrap();
    let size = client.status(&f).await.unwrap().summary.size;
    assert!(numbers.contains(&format!("vitrine_board_entries{{election=\"{f}\"}} {size}\n")), "{numbers}");
    for line in [
        "vitrine_board_submissions_total{outcome=\"promised\"}",
        "vitrine_board_submissions_total{outcome=\"BAL-5\"}",
        "vitrine_board_commit_seconds_count",
        "vitrine_board_batch_entries_bucket",
        "vitrine_board_limited_requests_total 0",
        "vitrine_board_ready 1",
        "vitrine_board_leads 1",
        "vitrine_board_reaches_database 1",
        "vitrine_board_waiting_submissions",
    ] {
        assert!(numbers.contains(line), "{line} is missing: {numbers}");
    }
    board.stop().await;
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("\"rule\":\"BAL-5\""), "refusals are logged, by rule: {text}");
    for name in names {
        assert!(!text.contains(&name) && !numbers.contains(&name), "{name} is told");
    }
}
