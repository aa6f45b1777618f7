//! Several processes and witnesses (BRD-31, BRD-34, BRD-36): one asks them, all serve what they cosigned, and any may be asked for the time.

use crate::{
    failover::once,
    home::Home,
    running::{Running, config},
    siblings::reaches,
    test_witness::{BOARD_SEED, TestWitness, seconds_now},
    town::Town,
};
use board_api::BoardClient;
use protocol::{Body, body::StageEnd, ids::ElectionFingerprint};
use std::{os::unix::fs::PermissionsExt as _, time::Duration};

async fn cosigned(client: &BoardClient, f: &ElectionFingerprint, size: u64) {
    for _ in 0..1200 {
        if client.status(f).await.is_ok_and(|status| status.cosigned_size >= size) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no cosigned checkpoint of {size} entries");
}

#[tokio::test]
async fn witnesses_see_one_board_whatever_process_leads() {
    let home = Home::new();
    let witnesses = [TestWitness::start("north", 1).await, TestWitness::start("south", 2).await];
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(&witnesses, 2));
    town.closing = 6;
    let mut config = config(home.path(), &town.authority);
    std::fs::write(&config.key_file, format!("{}\n", hex::encode(BOARD_SEED))).unwrap();
    std::fs::set_permissions(&config.key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    config.cosigning.interval = 20;
    let left = Running::start_with(config.clone()).await;
    left.client.board().await.unwrap();
    let right = Running::start_with(config.clone()).await;
    let f = town.create(&right.client).await;
    // Gathered by one, served by both.
    cosigned(&left.client, &f, 1).await;
    cosigned(&right.client, &f, 1).await;
    let notice = town.notice("Two processes, one board.");
    town.post(&right.client, notice).await;
    cosigned(&right.client, &f, 2).await;
    // The one that does not sequence is asked for the time, and takes what carries it: a hold at the other, used from here.
    let evidence = right.client.time_evidence(&f, seconds_now() / 60).await.unwrap();
    let end = town.by_authority(&Body::StageEnd(StageEnd { stage: 1, evidence: evidence.into_bytes().into() }));
    town.post(&right.client, end).await;
    assert_eq!(town.election().size(), 3);
    cosigned(&right.client, &f, 3).await;
    // The next one goes on with the witnesses where the last left off, and takes what it has seen for the truth.
    left.stop().await;
    let last = town.notice("After the change.");
    let promise = right.client.submit(&f, &last).await.unwrap();
    assert_eq!(promise.index(), 3);
    cosigned(&right.client, &f, 4).await;
    // One that starts beside it, behind or not, never takes the other's history for a foreign one.
    let third = Running::start_with(config).await;
    reaches(&third.client, &f, 4).await;
    for number in 0..20 {
        let answer = once(&third.client, &f, &town.notice(&format!("Notice {number}."))).await;
        assert_eq!(answer.status().as_u16(), 200);
    }
    cosigned(&third.client, &f, 24).await;
    right.stop().await;
    assert_eq!(third.client.submit(&f, &town.notice("The last.")).await.unwrap().index(), 24);
    third.stop().await;
}
