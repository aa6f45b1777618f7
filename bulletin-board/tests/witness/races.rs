//! Many at once, and witnesses that go and come back (WIT-8).

use super::{Running, key_of, origin, request, tree};
use bulletin_board::witness::{WitnessConfig, WitnessError, WitnessServeError, serve};
use tlog::add_checkpoint::{latest_size, monitoring_path};

/// THR-45, WIT-8: of many requests from one old size, to trees that all differ, exactly one is cosigned, and every later one must extend that.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exactly_one_of_many_histories_wins() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    assert_eq!(witness.status(&request(&tree(2, 0), 0)).await, 200);
    let bodies: Vec<String> = (1..=40).map(|salt| request(&tree(8, salt), 2).encode()).collect();
    let requests = bodies.iter().map(|body| async {
        let answer = witness.post(body.clone()).await;
        (answer.status().as_u16(), answer.bytes().await.unwrap())
    });
    let answers = futures_util::future::join_all(requests).await;
    let winners: Vec<usize> = (0..40).filter(|place| answers[*place].0 == 200).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    for (status, body) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!((*status, latest_size(body)), (409, Ok(8)));
    }
    for salt in 1..=40 {
        let won = usize::from(salt) - 1 == winners[0];
        assert_eq!(witness.status(&request(&tree(8, salt), 8)).await, if won { 200 } else { 422 });
        assert_eq!(witness.status(&request(&tree(2, 0), 2)).await, 409);
    }
    witness.stop().await;
}

/// WIT-8: the race of the C2SP document: a smaller tree is never stored over a larger one, however the two arrive.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_smaller_tree_never_comes_after_a_larger_one() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    assert_eq!(witness.status(&request(&tree(1, 0), 0)).await, 200);
    let mut size = 1;
    for round in 0..10 {
        let sizes = [size + 1, size + 4, size + 2, size + 3];
        let bodies = sizes.map(|new| request(&tree(new, 0), size).encode());
        let answers = futures_util::future::join_all(bodies.into_iter().map(|body| witness.post(body))).await;
        let cosigned: Vec<u64> =
            answers.iter().zip(sizes).filter(|(answer, _)| answer.status() == 200).map(|(_, size)| size).collect();
        assert_eq!(cosigned.len(), 1, "round {round}");
        size = cosigned[0];
        let shown = witness.get(&monitoring_path(&origin())).await.text().await.unwrap();
        assert_eq!(shown.lines().nth(1), Some(size.to_string().as_str()), "round {round}");
    }
    witness.stop().await;
}

/// THR-46, WIT-8: a restarted witness goes on where it was, whatever answers were lost.
#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    assert_eq!(witness.status(&request(&tree(5, 1), 0)).await, 200);
    witness.stop().await;
    let witness = Running::start(folder.path()).await;
    let answer = witness.post(request(&tree(9, 2), 0).encode()).await;
    assert_eq!(answer.status(), 409);
    let latest = latest_size(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(witness.status(&request(&tree(9, 2), latest)).await, 422, "another history");
    assert_eq!(witness.status(&request(&tree(9, 1), latest)).await, 200);
    witness.stop().await;
}

/// THR-46, WIT-10: a witness that has lost its memory, but not its key, does not begin.
#[tokio::test]
async fn without_its_memory_it_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Running::start(folder.path()).await;
    assert_eq!(witness.status(&request(&tree(5, 1), 0)).await, 200);
    witness.stop().await;
    for file in ["witness.sqlite", "witness.sqlite-wal", "witness.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    let mut config = WitnessConfig::new("witness.example", folder.path());
    config.know_board(&key_of("board.example/vote", 1).verifier_key().to_string(), None).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refusal = serve(config, listener, std::future::ready(())).await.unwrap_err();
    assert!(matches!(refusal, WitnessServeError::Open(WitnessError::MemoryLost { .. })), "{refusal}");
}
