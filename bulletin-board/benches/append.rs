//! Durable appends to a running board over HTTP: signed notices of 2 KiB, each answered after its commit. One at a time shows what a
//! commit costs; 256 at once shows what sharing it saves.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a bench fails loudly")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use protocol::Submission;
use running::Running;
use std::time::Instant;
use tokio::{runtime::Runtime, task::JoinSet};
use town::Town;

#[allow(dead_code, unreachable_pub, reason = "shared with the tests from outside, which use all of it")]
#[path = "../tests/board/home.rs"]
mod home;
#[allow(dead_code, unreachable_pub, reason = "shared with the tests from outside, which use all of it")]
#[path = "../tests/board/running.rs"]
mod running;
#[allow(dead_code, unreachable_pub, reason = "shared with the tests from outside, which use all of it")]
#[path = "../tests/board/town.rs"]
mod town;

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::new(1);
    let board = runtime.block_on(Running::start(folder.path(), &town.authority));
    let f = runtime.block_on(town.create(&board.client));
    let mut number = 0u64;
    let mut group = criterion.benchmark_group("durable append, 2 KiB, over HTTP");
    group.sample_size(10);
    for at_once in [1u64, 256] {
        group.throughput(Throughput::Elements(at_once));
        group.bench_function(format!("{at_once} at once"), |bencher| {
            bencher.iter_custom(|rounds| {
                let mut total = std::time::Duration::ZERO;
                for _ in 0..rounds {
                    let notices: Vec<Submission> = (0..at_once)
                        .map(|_| {
                            number += 1;
                            town.notice(&format!("{number:0>2000}"))
                        })
                        .collect();
                    let start = Instant::now();
                    runtime.block_on(async {
                        let mut posting = JoinSet::new();
                        for notice in notices {
                            let client = board.client.clone();
                            posting.spawn(async move { client.submit(&f, &notice).await.unwrap() });
                        }
                        while let Some(posted) = posting.join_next().await {
                            posted.unwrap();
                        }
                    });
                    total += start.elapsed();
                }
                total
            });
        });
    }
    group.finish();
    runtime.block_on(board.stop());
}

criterion_group!(benches, append);
criterion_main!(benches);
