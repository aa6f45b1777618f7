//! A board is lost, and another one goes on with its election from a copy of the record (BRD-70 to BRD-73, CON-1 to CON-3, CON-7).

use crate::{
    home::{self, Home},
    running::{Running, words},
    storage::execute,
    test_witness::{BOARD_SEED, TestWitness},
    town::{Town, refused},
};
use board_api::record;
use bulletin_board::cli::BoardArguments;
use clap::Parser as _;
use protocol::{Body, Phase, Submission, body::Continuation};
use rand::rngs::OsRng;
use std::{collections::BTreeMap, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};
use tlog::{
    checkpoint::{self, Checkpoint},
    note::{Algorithm, SignerKey, VerifierKey},
};
use verifier::{Options, Verdict};

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    board: BoardArguments,
}

/// `vitrine board continue`, as it is called.
async fn take_over(home: &Path, from: &str, election: &str) -> Result<String, String> {
    let file = home.join("board.toml");
    let authority = "11".repeat(32);
    let settings = format!(
        "origin_prefix = \"other.example/vote\"\nkey_file = \"board.key\"\nauthorities = [\"{authority}\"]\n{}",
        home::database(home)
    );
    std::fs::write(&file, settings).unwrap();
    let file = file.display().to_string();
    let arguments = ["board", "continue", "--from", from, "--election", election, "--config", &file];
    let command = Command::try_parse_from(arguments).map_err(|error| error.to_string())?;
    let mut output = Vec::new();
    match command.board.run(&mut output).await {
        Ok(()) => Ok(String::from_utf8(output).unwrap()),
        Err(error) => Err(error.to_string()),
    }
}

fn config(home: &Path, town: &Town) -> bulletin_board::Config {
    bulletin_board::Config {
        origin_prefix: "other.example/vote".into(),
        ..crate::running::config(home, &town.authority)
    }
}

pub(crate) async fn files(board: &Running, town: &Town) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let store = |path: tlog::record::ChainPath, bytes| {
        files.insert(path.to_string(), bytes);
        Ok::<_, board_api::ClientError>(())
    };
    record::download(&board.client, &town.fingerprint(), store).await.unwrap();
    files
}

fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// The continuation of the election as the town knows it, in the key that the board has.
async fn continuation(town: &Town, board: &Running) -> Continuation {
    let election = town.election();
    let public_key = board.client.board().await.unwrap().public_key;
    let key = VerifierKey::new(&election.next_log_origin(), Algorithm::Ed25519, &public_key).unwrap();
    Continuation {
        old_origin: election.log_origin().into(),
        old_size: election.range().size(),
        old_root: election.root().into(),
        new_key: key.to_string(),
    }
}

#[tokio::test]
async fn another_board_goes_on_from_a_copy() {
    let (home, copy, elsewhere) = (Home::new(), tempfile::tempdir().unwrap(), Home::new());
    let mut town = Town::new(6);
    let board = Running::start(home.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    town.open(&board.client).await;
    let ballots: Vec<Submission> = (0..3).map(|voter| town.ballot(voter, 0)).collect();
    let mut promises = Vec::new();
    for ballot in &ballots {
        promises.push(board.client.submit(&f, ballot).await.unwrap());
    }
    town.catch_up(&board.client).await;
    let old = files(&board, &town).await;
    board.stop().await;
    write(copy.path(), &old);

    // BRD-70: what is not whole is not taken over.
    let from = copy.path().display().to_string();
    std::fs::remove_file(copy.path().join("checkpoint")).unwrap();
    assert!(take_over(elsewhere.path(), &from, &f.to_string()).await.is_err());
    let stranger = SignerKey::from_seed(town.election().log_origin(), &[9; 32]).unwrap();
    let bytes: Vec<Vec<u8>> = {
        let mut reader = tlog::record::RecordReader::open(|path: &tlog::record::RecordPath| {
            Ok::<_, ()>(old.get(&path.to_string()).cloned())
        })
        .unwrap();
        let mut entries = Vec::new();
        while let Some(bundle) = reader.next_bundle().unwrap() {
            entries.extend(bundle.entries().map(|(_, entry)| entry.to_vec()));
        }
        entries
    };
    let forge = |bytes: &[Vec<u8>]| {
        let forged = tlog::record::write_record(bytes, &stranger).unwrap();
        write(copy.path(), &forged.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect());
    };
    // What is left of a bad copy is not in a good one's way.
    let mut twisted = bytes.clone();
    let last = twisted.len() - 1;
    twisted.swap(last, last - 1);
    forge(&twisted);
    assert!(take_over(elsewhere.path(), &from, &f.to_string()).await.is_err());
    forge(&bytes);
    assert!(take_over(elsewhere.path(), &from, &f.to_string()).await.unwrap_err().contains("policy"));
    write(copy.path(), &old);
    let told = take_over(elsewhere.path(), &from, &f.to_string()).await.unwrap();
    let next = town.election().next_log_origin();
    assert!(told.contains(&next) && next.ends_with("/2"), "{told}");
    assert!(take_over(elsewhere.path(), &from, &f.to_string()).await.unwrap_err().contains("BRD-70"));

    // BRD-60
    let key_file = elsewhere.path().join("board.key");
    let database = config(elsewhere.path(), &town).database;
    let logs = bulletin_board::fsck(&database, &key_file).await.unwrap();
    let entries = town.election().size();
    assert!(matches!(logs.as_slice(), [(_, Ok(log))] if log.entries == entries), "{logs:?}");

    // BRD-71: nothing but the continuation, and that in this board's key; the record is there meanwhile.
    let board = Running::start_with(config(elsewhere.path(), &town)).await;
    assert_eq!(files(&board, &town).await, old);
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((status.accepting, status.summary.size), (false, town.election().size()));
    assert_eq!(board.client.elections().await.unwrap().len(), 1);
    let problem = refused(board.client.submit(&f, &town.ballot(3, 1)).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("BRD-71", 409));
    let right = continuation(&town, &board).await;
    let other = SignerKey::from_seed(&next, &[8; 32]).unwrap().verifier_key().to_string();
    let foreign = town.by_authority(&Body::Continuation(Continuation { new_key: other, ..right.clone() }));
    assert_eq!(refused(board.client.submit(&f, &foreign).await).rule, "BRD-71");
    let short = town.by_authority(&Body::Continuation(Continuation { old_size: 3, ..right.clone() }));
    assert_eq!(refused(board.client.submit(&f, &short).await).rule, "CON-1");
    let continuation = town.by_authority(&Body::Continuation(right));
    let promise = board.client.submit(&f, &continuation).await.unwrap();
    assert_eq!((promise.index(), promise.receipt().index), (town.election().size(), 0));
    assert_eq!(promise.checkpoint().checkpoint().origin(), next);
    // BRD-10, and BRD-5 for the next one.
    assert_eq!(board.client.submit(&f, &continuation).await.unwrap().index(), promise.index());
    assert_eq!(refused(board.client.submit(&f, &foreign).await).rule, "BRD-5");
    town.catch_up(&board.client).await;
    assert_eq!((town.election().log_number(), town.election().log_start()), (2, promise.index()));
    let status = board.client.status(&f).await.unwrap();
    assert_eq!((&status.origin, status.log_key.as_str()), (&next, town.election().log_key()));

    // BRD-72: it goes on as any log does. Old promises hold, old ballots are answered with them.
    let again = board.client.submit(&f, &ballots[1]).await.unwrap();
    assert_eq!((again.index(), again.entry()), (promises[1].index(), promises[1].entry()));
    let kept = promises[1].receipt();
    let found = record::receipt(&board.client, &f, kept.index, &kept.extra).await.unwrap().unwrap();
    assert_eq!((found.index, &found.extra), (kept.index, &kept.extra));
    for (voter, option) in [(0, 1), (3, 1), (4, 2)] {
        let ballot = town.ballot(voter, option);
        let promise = board.client.submit(&f, &ballot).await.unwrap();
        let receipt = record::receipt(&board.client, &f, promise.index(), &promise.receipt().extra).await.unwrap();
        assert_eq!(receipt.unwrap().index, promise.receipt().index);
        town.catch_up(&board.client).await;
    }
    board.stop().await;

    // BRD-73: a restart applies both logs.
    let board = Running::start_with(config(elsewhere.path(), &town)).await;
    assert_eq!(board.client.status(&f).await.unwrap().summary.size, town.election().size());
    town.close(&board.client).await;
    board.stop().await;
    let board = Running::start_with(config(elsewhere.path(), &town)).await;
    assert_eq!(town.tally(&board.client).await, [2, 2, 1, 0, 0]);
    assert_eq!(board.client.status(&f).await.unwrap().summary.phase, Phase::Tallied);
    let whole = files(&board, &town).await;
    // WEB-31: the pages read across the logs.
    let f = town.fingerprint();
    let first = words(board.client.address(), &format!("/elections/{f}/entries?from=0")).await;
    for expected in
        ["Council began the election", "Council continued the record on another server.", "A voter sent a ballot."]
    {
        assert!(first.contains(expected), "{expected}: {first}");
    }
    assert!(words(board.client.address(), &format!("/elections/{f}/")).await.contains("<h2>Results</h2>"));
    board.stop().await;
    // BRD-60: what was served was so under the policy of the log that goes on.
    let served =
        "INSERT INTO published (election, size, note) SELECT election, size, note FROM checkpoints WHERE size = 1";
    execute(elsewhere.path(), served).await.unwrap();
    let logs = bulletin_board::fsck(&database, &key_file).await.unwrap();
    assert!(matches!(logs.as_slice(), [(_, Ok(log))] if log.served == Some(1)), "{logs:?}");
    assert!(old.iter().all(|(name, bytes)| whole.get(name) == Some(bytes)), "log 1 is as it was");
    let report = verifier::verify(&whole, &Options { expect: Some(f), ..Options::default() }, |_| {}, &mut OsRng);
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.text());
    assert_eq!(report.election.unwrap().logs.len(), 2);
    if let Some(folder) = std::env::var_os("VITRINE_KEEP_RECORD") {
        write(Path::new(&folder), &whole);
    }
}

/// The key of every board that the test's witnesses know, as the board here has it.
fn lay_down_key(home: &Path) {
    let file = home.join("board.key");
    std::fs::write(&file, format!("{}\n", hex::encode(BOARD_SEED))).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// BRD-24, BRD-61: leaf 0 of a successor is not signed a second time: not by a board whose database was lost and which took the old log over anew, and
/// not on a copy of a database from before the continuation.
#[tokio::test]
async fn a_successor_is_begun_once() {
    let (home, copy, elsewhere) = (Home::new(), tempfile::tempdir().unwrap(), Home::new());
    lay_down_key(home.path());
    lay_down_key(elsewhere.path());
    let witness = TestWitness::start("north", 1).await;
    let mut town = Town::new(1);
    town.policy = Some(TestWitness::policy(std::slice::from_ref(&witness), 1));
    let board = Running::start(home.path(), &town.authority).await;
    let f = town.create(&board.client).await;
    while board.client.status(&f).await.unwrap().cosigned_size < 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let old = files(&board, &town).await;
    board.stop().await;
    write(copy.path(), &old);
    take_over(elsewhere.path(), &copy.path().display().to_string(), &f.to_string()).await.unwrap();

    let config = config(elsewhere.path(), &town);
    let board = Running::start_with(config.clone()).await;
    let continuation = continuation(&town, &board).await;
    let continuation = town.by_authority(&Body::Continuation(continuation));
    let next = SignerKey::from_seed(&town.election().next_log_origin(), &BOARD_SEED).unwrap();
    let begun = Checkpoint::new(next.name(), 1, [7; 32]).unwrap();
    {
        let mut memory = witness.memory();
        memory.origin = next.name().to_owned();
        memory.shown = Some(checkpoint::sign(&begun, &next).unwrap());
    }
    let problem = refused(board.client.submit(&f, &continuation).await);
    assert_eq!((problem.rule.as_str(), problem.status), ("BRD-24", 503));
    board.stop().await;

    witness.memory().shown = None;
    bulletin_board::mark_copy(&config.database).await.unwrap();
    let board = Running::start_with(config).await;
    assert_eq!(refused(board.client.submit(&f, &continuation).await).rule, "BRD-24");
    assert_eq!(files(&board, &town).await, old, "it is read as before");
    board.stop().await;
}
