//! Health, readiness, and a graceful end (BRD-51, BRD-53).

use crate::{
    running::{Running, config},
    town::{Town, refused},
};
use board_api::{BoardClient, Problem};
use bulletin_board::{LimitSettings, Listeners};
use protocol::Submission;
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

/// What the admin listener says.
async fn asked(admin: SocketAddr, path: &str) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("http://{admin}/{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn listeners() -> (Listeners, BoardClient, SocketAddr) {
    let public = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let admin = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = BoardClient::new(&format!("http://{}", public.local_addr().unwrap())).unwrap();
    let address = admin.local_addr().unwrap();
    (Listeners { public, admin: Some(admin) }, client, address)
}

/// BRD-53: a board that was asked to end says so at once, goes on for the time it was given, and then answers what it took.
#[tokio::test]
async fn a_draining_board_is_not_ready_and_takes_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let (listeners, client, admin) = listeners().await;
    let mut config = config(folder.path(), &town.authority);
    config.drain = Duration::from_secs(2);
    let board = Running::on(config, listeners, client.clone());
    let f = town.create(&client).await;
    assert_eq!(asked(admin, "healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(asked(admin, "readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(asked(admin, "api/v1/board").await.0, 404, "nothing else is there");
    let server = board.ask_to_end();
    while asked(admin, "readyz").await.0 == 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (status, text) = asked(admin, "readyz").await;
    assert!(status == 503 && text.contains("draining"), "{status} {text}");
    let promise = client.submit(&f, &town.notice("On the doorstep.")).await.unwrap();
    assert_eq!(promise.index(), 1);
    server.await.unwrap().unwrap();
    assert!(client.board().await.is_err(), "the listener is closed");
}

/// HTTP-39: an address that sends too much hears when to come back, before its body is read; readers elsewhere notice nothing.
#[tokio::test]
async fn a_flood_from_one_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let town = Town::new(1);
    let mut config = config(folder.path(), &town.authority);
    config.limits = LimitSettings { submissions_per_second: 1, submissions_burst: 3, ..LimitSettings::default() };
    let board = Running::start_with(config).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}api/v1/elections", board.client.address());
    // As a proxy on this machine passes it on.
    let send = async |sender: &str| {
        let answer = http.post(&url).header("x-forwarded-for", sender).send().await.unwrap();
        let retry_after = answer.headers().get("retry-after").cloned();
        (answer.status().as_u16(), retry_after, answer.json::<Problem>().await.unwrap())
    };
    let mut refused = 0;
    for _ in 0..30 {
        let (status, retry_after, problem) = send("203.0.113.9").await;
        if status == 429 {
            refused += 1;
            assert_eq!(
                (problem.rule.as_str(), problem.status, retry_after.unwrap()),
                ("HTTP-39", 429, "1".parse().unwrap())
            );
        } else {
            assert_eq!(problem.rule, "HTTP-5", "the next check");
        }
    }
    assert!(refused > 5, "{refused}");
    assert_eq!(send("203.0.113.10").await.2.rule, "HTTP-5");
    assert!(board.client.board().await.is_ok());
    board.stop().await;
}

/// HTTP-40, THR-54: garbage and copies in a voter's name cost her nothing, accepted ballots do, and what is in the log is promised again.
#[tokio::test]
async fn nobody_spends_a_voters_budget() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(2);
    let mut config = config(folder.path(), &town.authority);
    config.limits = LimitSettings { ballots_per_minute: 1, ballots_burst: 2, ..LimitSettings::default() };
    let board = Running::start_with(config).await;
    let (client, f) = (board.client.clone(), town.create(&board.client).await);
    town.open(&client).await;
    let first = town.ballot(0, 1);
    client.submit(&f, &first).await.unwrap();
    town.catch_up(&client).await;
    let second = town.ballot(0, 2);
    let forged = Submission::from_parts(second.author_bytes().to_vec(), second.body_bytes().to_vec(), vec![7; 64]);
    for _ in 0..10 {
        assert_ne!(refused(client.submit(&f, &forged).await).status, 429, "a stranger in her name");
        assert_eq!(client.submit(&f, &first).await.unwrap().entry().submission(), first, "a copy");
    }
    client.submit(&f, &second).await.unwrap();
    town.catch_up(&client).await;
    let problem = refused(client.submit(&f, &town.ballot(0, 3)).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("HTTP-40", 429));
    assert_eq!(client.submit(&f, &second).await.unwrap().entry().submission(), second);
    client.submit(&f, &town.ballot(1, 1)).await.unwrap();
    board.stop().await;
}
