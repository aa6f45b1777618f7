//! Several processes of one board on one database, here within one process.

use crate::{
    contract::post_all,
    failover::once,
    home::{Home, address},
    running::Running,
    town::{Town, refused},
};
use board_api::{BoardClient, record};
use protocol::{Phase, Submission, ids::ElectionFingerprint};
use sqlx::{Connection as _, PgConnection};
use std::time::Duration;

/// A second home of the same board: its database and its key.
async fn pair() -> (Home, Town, Running, Running) {
    let home = Home::new();
    let town = Town::new(12);
    let leader = Running::start(home.path(), &town.authority).await;
    // It answers once it has the lease.
    leader.client.board().await.unwrap();
    let follower = Running::start(home.path(), &town.authority).await;
    follower.client.board().await.unwrap();
    (home, town, leader, follower)
}

/// Waits until the log there has that size.
pub(crate) async fn reaches(client: &BoardClient, f: &ElectionFingerprint, size: u64) {
    for _ in 0..600 {
        if client.status(f).await.is_ok_and(|status| status.summary.size >= size) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the log does not reach {size} entries");
}

#[tokio::test]
async fn a_town_votes_at_either_process() {
    let (_home, mut town, leader, follower) = pair().await;
    // BRD-34: begun by the one that does not sequence, and known to both.
    let f = town.create(&follower.client).await;
    reaches(&leader.client, &f, 1).await;
    let manifest_again = town.notice("The first one.");
    let first = follower.client.submit(&f, &manifest_again).await.unwrap();
    assert_eq!((first.index(), first.checkpoint().checkpoint().size()), (1, 2));
    assert_eq!(leader.client.submit(&f, &manifest_again).await.unwrap().entry(), first.entry(), "BRD-10 at the other");
    assert_eq!(follower.client.submit(&f, &manifest_again).await.unwrap().entry(), first.entry(), "and here");
    town.catch_up(&follower.client).await;
    town.open(&follower.client).await;
    let ballots: Vec<Submission> = (0..12).map(|voter| town.ballot(voter, voter % 4)).collect();
    let (here, there) = ballots.split_at(6);
    tokio::join!(post_all(&leader.client, &f, here.to_vec()), post_all(&follower.client, &f, there.to_vec()));
    town.catch_up(&follower.client).await;
    // Refusals are the same wherever one asks: by the state, by a proof, and by the form.
    let unsigned = |submission: &Submission| {
        let (author, body) = (submission.author_bytes().to_vec(), submission.body_bytes().to_vec());
        Submission::from_parts(author, body, vec![0; 64])
    };
    let stale = town.ballot_after(3, 1, 0, protocol::ids::SubmissionId([0; 32]));
    for (submission, rule) in [(stale, "BAL-5"), (unsigned(&town.ballot(4, 1)), "ENT-5"), (town.notice(""), "ENC-3")] {
        let problems = [
            refused(follower.client.submit(&f, &submission).await),
            refused(leader.client.submit(&f, &submission).await),
        ];
        assert_eq!(problems[0].rule, rule);
        assert_eq!(problems[0], problems[1]);
    }
    // Two of one chain at once: whatever order they arrive in, both stand.
    let revote = town.ballot(0, 3);
    let again = town.ballot_after(0, 2, 2, revote.id(&f));
    post_all(&follower.client, &f, vec![again, revote]).await;
    town.catch_up(&leader.client).await;
    town.close(&follower.client).await;
    assert_eq!(town.tally(&follower.client).await.iter().sum::<u64>(), 12);
    let size = town.election().size();
    for board in [&leader, &follower] {
        reaches(&board.client, &f, size).await;
        assert_eq!(board.client.status(&f).await.unwrap().summary.phase, Phase::Tallied);
        let mut reader = record::read(&board.client, &f).await.unwrap();
        reader.rest().await.unwrap();
        assert_eq!(reader.root(), town.election().root());
    }
    // BRD-31: who ends gives the lease up, and the other goes on at once.
    leader.stop().await;
    let last = town.notice("After the change.");
    let promise = follower.client.submit(&f, &last).await.unwrap();
    assert_eq!(promise.index(), size);
    follower.stop().await;
}

#[tokio::test]
async fn a_foreign_manifest_stays_outside_at_either_process() {
    let (_home, town, leader, follower) = pair().await;
    let stranger = Town::new(1);
    let document = follower.client.board().await.unwrap();
    let problem = refused(follower.client.create(&stranger.sign_manifest(&stranger.manifest(&document))).await);
    assert_eq!(problem.rule, "BRD-2");
    // Only the process that sequences applies the fold's rules to a manifest; its refusal comes back word for word.
    let mut broken = town.manifest(&document);
    broken.threshold = 2;
    let broken = town.sign_manifest(&broken);
    let problem = refused(follower.client.create(&broken).await);
    assert_eq!(problem.rule, "MAN-3");
    assert_eq!(problem, refused(leader.client.create(&broken).await));
    follower.stop().await;
    leader.stop().await;
}

/// THR-42: without the board's key, neither a ballot that proves nothing nor a word for it gets anywhere, and nothing comes of rubbish.
#[tokio::test]
async fn what_others_write_into_the_database_gets_nowhere() {
    let home = Home::new();
    let mut town = Town::new(2);
    let board = Running::start(home.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    let (good, other) = (town.ballot(0, 1), town.ballot(1, 2));
    let forged = Submission::from_parts(
        other.author_bytes().to_vec(),
        other.body_bytes().to_vec(),
        good.signature_bytes().to_vec(),
    );
    let stranger = tlog::note::SignerKey::from_seed("vitrine-voucher-v1", &[7; 32]).unwrap();
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(forged.encode()));
    let mut word = tlog::note::Note::new(format!("vitrine: proofs checked\n{f}\n{digest}\n")).unwrap();
    word.add(stranger.sign(&word)).unwrap();
    let mut database = PgConnection::connect(&address(home.path())).await.unwrap();
    let given = [(1, forged.encode(), Some(word.encode())), (2, vec![0xff; 9], None), (3, good.encode(), None)];
    for (ticket, submission, voucher) in given {
        let insertion = "INSERT INTO waiting (ticket, holder, election, submission, voucher) SELECT $1, 7, max(key), $2, $3 FROM elections";
        let insertion = sqlx::query(insertion).bind(i64::from(ticket)).bind(submission).bind(voucher);
        insertion.execute(&mut database).await.unwrap();
    }
    let size = town.election().size();
    reaches(&board.client, &f, size + 1).await;
    for _ in 0..600 {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM waiting").fetch_one(&mut database).await.unwrap();
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let answers: Vec<(i64, Option<i64>, Option<String>)> =
        sqlx::query_as("SELECT ticket, place, problem FROM answers ORDER BY ticket")
            .fetch_all(&mut database)
            .await
            .unwrap();
    database.close().await.unwrap();
    let [(1, None, Some(problem)), (3, Some(place), None)] = answers.as_slice() else { panic!("{answers:?}") };
    assert!(problem.contains("ENT-5"), "{problem}");
    assert_eq!(u64::try_from(*place).unwrap(), size);
    assert_eq!(board.client.status(&f).await.unwrap().summary.size, size + 1);
    board.stop().await;
}

/// BRD-33, BRD-37: a database that went back in time is not gone on with by a process that has seen more.
#[tokio::test]
async fn a_database_that_went_back_is_not_gone_on_with() {
    let home = Home::new();
    let mut town = Town::new(1);
    let board = Running::start(home.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    for text in ["One.", "Two."] {
        let notice = town.notice(text);
        town.post(&board.client, notice).await;
    }
    let mut database = PgConnection::connect(&address(home.path())).await.unwrap();
    let back = "SET session_replication_role = replica;
                DELETE FROM checkpoints WHERE size = 3; DELETE FROM entries WHERE position = 2;
                SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    sqlx::raw_sql(back).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    for number in 0..600 {
        let answer = once(&board.client, &f, &town.notice(&format!("Three {number}."))).await;
        assert_eq!(answer.status().as_u16(), 503);
        if answer.headers()["retry-after"] == "30" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.accepting, status.summary.size), (false, 3), "what it has shown it goes on showing");
    board.stop().await;
}

/// What the server has decided since its start on the database of this home.
async fn transactions(home: &Home) -> i64 {
    let mut database = PgConnection::connect(&address(home.path())).await.unwrap();
    let query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    let count = sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    count
}

/// BRD-36: once a second, and when woken; not as fast as the server answers.
#[tokio::test]
async fn who_follows_rests_while_nothing_happens() {
    let (home, mut town, leader, follower) = pair().await;
    let f = town.create(&leader.client).await;
    let notice = town.notice("Now it is quiet.");
    town.post(&leader.client, notice).await;
    reaches(&follower.client, &f, 2).await;
    let before = transactions(&home).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let made = transactions(&home).await - before;
    assert!(made < 300, "{made} transactions");
    leader.stop().await;
    follower.stop().await;
}
