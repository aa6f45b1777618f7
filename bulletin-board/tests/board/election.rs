//! A whole election over HTTP, with a restart at every turn.

use crate::{
    contract::post_all,
    home::Home,
    running::Running,
    town::{Town, refused},
};
use protocol::{Phase, Submission};

#[tokio::test]
async fn a_town_votes_and_the_board_restarts_at_every_turn() {
    let folder = Home::new();
    let mut town = Town::new(40);
    let board = Running::start(folder.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    board.stop().await;

    let board = Running::start(folder.path(), &town.authority).await;
    let ballots: Vec<Submission> = (0..40).map(|voter| town.ballot(voter, voter % 4)).collect();
    post_all(&board.client, &f, ballots.clone()).await;
    // BRD-10: a ballot is no longer the next of its chain, and still answered with its first place.
    let again = board.client.submit(&f, &ballots[7]).await.unwrap();
    assert_eq!(again.entry().submission(), ballots[7]);
    // Not the next of its chain.
    let problem = refused(board.client.submit(&f, &town.ballot(7, 1)).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("BAL-5", 409));
    town.catch_up(&board.client).await;
    let revotes: Vec<Submission> = (0..8).map(|voter| town.ballot(voter, 3)).collect();
    post_all(&board.client, &f, revotes).await;
    town.catch_up(&board.client).await;
    let unproven = town.ballot(0, 1);
    let (author, mut body) = (unproven.author_bytes().to_vec(), unproven.body_bytes().to_vec());
    let last = body.len() - 1;
    body[last] ^= 1;
    let key = &town.credentials[0];
    let forged = crypto_signed(&town, author, body, key);
    assert!(["BAL-4", "ENC-1"].contains(&refused(board.client.submit(&f, &forged).await).rule.as_str()));
    assert_eq!(board.client.status(&f).await.unwrap().summary.phase, Phase::Voting);
    town.close(&board.client).await;
    // What was cast before is promised after the closing too; nothing new is.
    assert_eq!(board.client.submit(&f, &ballots[7]).await.unwrap().index(), again.index());
    assert_eq!(refused(board.client.submit(&f, &unproven).await).rule, "ENT-7");
    board.stop().await;

    let board = Running::start(folder.path(), &town.authority).await;
    assert_eq!(town.tally(&board.client).await, [8, 8, 8, 16, 0]);
    board.stop().await;

    let board = Running::start(folder.path(), &town.authority).await;
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.summary.phase, status.summary.size), (Phase::Tallied, town.election().size()));
    assert_eq!(status.tally[0].totals.as_deref(), Some(&[8, 8, 8, 16, 0][..]));
    assert_eq!((status.tally[0].counted, status.tally[0].status.as_str()), (40, "open"));
    board.stop().await;
}

fn crypto_signed(town: &Town, author: Vec<u8>, body: Vec<u8>, key: &crypto::schnorr::SigningKey) -> Submission {
    let transcript = protocol::context::entry_signature(&town.fingerprint(), &author, &body);
    let signature = crypto::schnorr::sign(transcript, key, &mut rand::rngs::OsRng).unwrap();
    Submission::from_parts(author, body, signature.as_bytes().to_vec())
}
