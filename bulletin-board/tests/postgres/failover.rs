//! Processes and servers that die under load (BRD-31 to BRD-33).

use crate::{
    cluster::Cluster,
    durability::{check, child, post},
    home::Home,
    running::Running,
    siblings::reaches,
    town::Town,
};
use board_api::{BoardClient, Promise};
use protocol::{Submission, ids::ElectionFingerprint};
use std::{
    process::Child,
    sync::{Arc, Mutex},
    time::Duration,
};

fn notices(town: &Town, name: &str, count: u32) -> Vec<Submission> {
    (0..count).map(|number| town.notice(&format!("{name} {number}"))).collect()
}

/// One submission, sent once.
pub(crate) async fn once(client: &BoardClient, f: &ElectionFingerprint, submission: &Submission) -> reqwest::Response {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}api/v1/elections/{f}/submissions", client.address());
    http.post(url).header("content-type", "application/cbor").body(submission.encode()).send().await.unwrap()
}

/// Until some more were acknowledged.
async fn more(acknowledged: &Mutex<Vec<Promise>>, count: usize) {
    let before = acknowledged.lock().unwrap().len();
    for _ in 0..2400 {
        if acknowledged.lock().unwrap().len() >= before + count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nothing more is acknowledged");
}

/// THR-41: whichever of the two the database knows as the one with the lease is killed, and started again, four times under load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_with_the_process_that_sequences() {
    let home = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(home.path(), &town.authority).await;
    let f: ElectionFingerprint = town.create(&board.client).await;
    board.stop().await;
    let mut boards: Vec<(Child, BoardClient)> = Vec::new();
    for _ in 0..2 {
        let (board, client) = child(home.path(), &town.authority).await;
        client.board().await.unwrap();
        boards.push((board, client));
    }
    let acknowledged: Arc<Mutex<Vec<Promise>>> = Arc::default();
    for round in 0..4 {
        let posting: Vec<_> = boards
            .iter()
            .zip(["left", "right"])
            .map(|((_, client), side)| post(client, f, notices(&town, &format!("{round} {side}"), 4000), &acknowledged))
            .collect();
        more(&acknowledged, 50).await;
        // The first of them has the lease: it is the one that has run longest.
        let (mut killed, _) = boards.remove(0);
        killed.kill().unwrap();
        killed.wait().unwrap();
        // The other goes on, under its share of the load.
        more(&acknowledged, 50).await;
        drop(posting);
        boards.push(child(home.path(), &town.authority).await);
        boards[1].1.board().await.unwrap();
        let promises = acknowledged.lock().unwrap().clone();
        check(&boards[0].1, &f, &promises).await;
    }
    for (mut board, _) in boards {
        board.kill().unwrap();
        board.wait().unwrap();
    }
    // BRD-13: and the whole of it replays, every proof included.
    let board = Running::start(home.path(), &town.authority).await;
    let promises = acknowledged.lock().unwrap().clone();
    check(&board.client, &f, &promises).await;
    board.stop().await;
}

/// The database goes away under load and comes back: who submits meanwhile is told to come again, who reads the tree is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_restarts_is_survived() {
    let cluster = Arc::new(Cluster::start());
    let home = Home::on(cluster.clone());
    let mut town = Town::new(1);
    let left = Running::start(home.path(), &town.authority).await;
    let f = town.create(&left.client).await;
    let right = Running::start(home.path(), &town.authority).await;
    right.client.board().await.unwrap();
    let acknowledged: Arc<Mutex<Vec<Promise>>> = Arc::default();
    for round in 0..2 {
        let posting = [
            post(&left.client, f, notices(&town, &format!("{round} left"), 6000), &acknowledged),
            post(&right.client, f, notices(&town, &format!("{round} right"), 6000), &acknowledged),
        ];
        more(&acknowledged, 50).await;
        home.cluster().crash();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for client in [&left.client, &right.client] {
            until_away(client, &f).await;
            let answer = once(client, &f, &town.notice("Not now.")).await;
            assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (503, "1"));
            let url = format!("{}e/{f}/checkpoint", client.address());
            assert_eq!(http.get(url).send().await.unwrap().status().as_u16(), 200, "reading goes on");
        }
        home.cluster().start_again();
        drop(posting);
        let posting = [
            post(&left.client, f, notices(&town, &format!("{round} left again"), 400), &acknowledged),
            post(&right.client, f, notices(&town, &format!("{round} right again"), 400), &acknowledged),
        ];
        more(&acknowledged, 50).await;
        drop(posting);
    }
    let promises = acknowledged.lock().unwrap().clone();
    for board in [&left, &right] {
        // One of them follows, and may not have heard of the last commit yet.
        let end = promises.iter().map(|promise| promise.index() + 1).max().unwrap();
        reaches(&board.client, &f, end).await;
        check(&board.client, &f, &promises).await;
    }
    left.stop().await;
    right.stop().await;
    drop(home);
    drop(cluster);
}

async fn until_away(client: &BoardClient, f: &ElectionFingerprint) {
    for _ in 0..600 {
        if client.status(f).await.is_ok_and(|status| !status.accepting) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the board does not notice that its database is away");
}
