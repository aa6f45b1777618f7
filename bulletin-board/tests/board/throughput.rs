//! How many fully verified ballots a second, load generator included. Run with
//! `cargo test --release -p vitrine-bulletin-board -- --ignored --nocapture throughput`; `VITRINE_BALLOTS` sets how many.

use crate::{running::Running, town::Town};
use protocol::Submission;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a check"]
async fn ballots_per_second() {
    let voters: u32 = std::env::var("VITRINE_BALLOTS").ok().and_then(|text| text.parse().ok()).unwrap_or(6000);
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(voters);
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    let count = usize::try_from(voters).unwrap();
    let ballots: Vec<Submission> = (0..count).map(|voter| town.ballot(voter, voter % 4)).collect();
    let waiting = Arc::new(Mutex::new(ballots));
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let start = Instant::now();
    let mut posting = JoinSet::new();
    for _ in 0..128 {
        let (client, waiting, waits) = (board.client.clone(), waiting.clone(), waits.clone());
        posting.spawn(async move {
            loop {
                let Some(ballot) = waiting.lock().unwrap().pop() else { return };
                let sent = Instant::now();
                client.submit(&f, &ballot).await.unwrap();
                waits.lock().unwrap().push(sent.elapsed());
            }
        });
    }
    while let Some(posted) = posting.join_next().await {
        posted.unwrap();
    }
    let elapsed = start.elapsed();
    let mut waits = waits.lock().unwrap().clone();
    waits.sort();
    println!(
        "{voters} ballots in {elapsed:.1?}: {:.0} a second; answered after {:.0?} (median), {:.0?} (99th percentile)",
        f64::from(voters) / elapsed.as_secs_f64(),
        waits[count / 2],
        waits[count * 99 / 100],
    );
    board.stop().await;
}
