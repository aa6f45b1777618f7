//! A log that goes on as another, by the operator's word (WIT-13, CON-4, CON-5).

use super::{key_of, log, origin, request, tree};
use bulletin_board::witness::{
    KnownLogs, Succession, SuccessionRefusal, Witness, WitnessCommandError, WitnessCommandLine, WitnessConfig,
    machine_clock,
};
use clap::{Args as _, FromArgMatches as _};
use crypto::schnorr::SigningKey;
use protocol::{
    Author, Body, Entry, Submission,
    body::{Continuation, Notice},
    ids::{ElectionFingerprint, EntryHash},
};
use rand::rngs::OsRng;
use std::{path::Path, sync::Arc};
use tlog::{
    add_checkpoint::Request,
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::SignerKey,
    proof::Receipt,
    record::write_record,
};

const ELECTION: ElectionFingerprint = ElectionFingerprint([7; 32]);

/// The authority, and the new log by a key of its own.
struct Scene {
    authority: SigningKey,
    new: SignerKey,
}

impl Scene {
    fn new() -> Self {
        Self { authority: SigningKey::generate(&mut OsRng).unwrap(), new: key_of(&format!("{}/2", origin()), 8) }
    }

    fn body(&self, old: &Tree) -> Body {
        Body::Continuation(Continuation {
            old_origin: origin(),
            old_size: old.size(),
            old_root: old.root().into(),
            new_key: self.new.verifier_key().to_string(),
        })
    }

    fn entry(&self, body: &Body) -> Entry {
        let submission =
            Submission::sign(&ELECTION, &Author::Authority, body.encode(), &self.authority, &mut OsRng).unwrap();
        Entry::new(12, EntryHash([1; 32]), 9, submission)
    }

    fn receipt(&self, entry: &Entry) -> Receipt {
        let (mut tree, extra) = (Tree::new(), entry.encode());
        tree.append(leaf_hash(&extra));
        let head = Checkpoint::new(self.new.name(), 1, tree.root()).unwrap();
        Receipt { extra, index: 0, path: Vec::new(), checkpoint_note: checkpoint::sign(&head, &self.new).unwrap() }
    }

    fn succession(&self, receipt: &Receipt) -> Succession {
        Succession {
            receipt: receipt.encode().into_bytes(),
            election: ELECTION,
            authority: self.authority.public().0,
            record: None,
        }
    }

    fn shown(&self, old: &Tree) -> Succession {
        self.succession(&self.receipt(&self.entry(&self.body(old))))
    }
}

async fn witness(folder: &Path) -> Arc<Witness> {
    let mut known = KnownLogs::new();
    known.add_board(&key_of("board.example/vote", 1).verifier_key().to_string()).unwrap();
    let identity = WitnessConfig::new("witness.example", folder).identity;
    Arc::new(Witness::open(&identity, known, machine_clock()).await.unwrap())
}

/// `vitrine witness`, with these words.
async fn command(line: &[&str]) -> Result<String, WitnessCommandError> {
    let command = WitnessCommandLine::augment_args(clap::Command::new("witness"));
    let matches = command.try_get_matches_from(std::iter::once("witness").chain(line.iter().copied())).unwrap();
    let mut output = Vec::new();
    WitnessCommandLine::from_arg_matches(&matches).unwrap().run(&mut output).await?;
    Ok(String::from_utf8(output).unwrap())
}

/// WIT-13 as an operator does it, beside the running witness.
#[tokio::test]
async fn by_the_command_line() {
    let (folder, scene, old) = (tempfile::tempdir().unwrap(), Scene::new(), tree(12, 0));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key_file, state, receipt) = (path("witness.key"), path("witness.sqlite"), path("continuation.tlog-proof"));
    let board = key_of("board.example/vote", 1).verifier_key().to_string();
    let flags = ["--name", "witness.example", "--key-file", &key_file, "--state", &state, "--board", board.as_str()]
        .map(str::to_owned);
    let with = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).chain(flags.clone()).collect::<Vec<_>>();
    let run = async |words: Vec<String>| command(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let vkey = run(with(&["key"])).await.unwrap();

    let witness = witness(folder.path()).await;
    assert_eq!(vkey.trim(), witness.verifier_key().to_string());
    assert_eq!(status(&witness, &request(&old, 0)).await, 200);
    std::fs::write(&receipt, scene.shown(&old).receipt).unwrap();
    let (election, authority) = (ELECTION.to_string(), hex::encode(scene.authority.public().0));
    let words = ["continue", &receipt, "--election", &election, "--authority", &authority];
    let foreign = hex::encode(SigningKey::generate(&mut OsRng).unwrap().public().0);
    let refused = run(with(&["continue", &receipt, "--election", &election, "--authority", &foreign])).await;
    assert!(matches!(refused, Err(WitnessCommandError::Succession(_))));
    assert_eq!(status(&witness, &request(&old, 12)).await, 200);
    let said = run(with(&words)).await.unwrap();
    assert!(said.contains(scene.new.name()) && said.contains("ends with 12 entries"), "{said}");
    // The witness that runs meanwhile knows it at once.
    assert_eq!(status(&witness, &request(&old, 12)).await, 403);
    assert!(matches!(run(with(&words)).await, Err(WitnessCommandError::Succession(_))), "not twice");
}

async fn status(witness: &Arc<Witness>, request: &Request) -> u16 {
    witness.add_checkpoint(request.encode().as_bytes()).await.status
}

#[tokio::test]
async fn the_old_log_ends_and_the_new_one_is_cosigned() {
    let (folder, scene, old) = (tempfile::tempdir().unwrap(), Scene::new(), tree(12, 0));
    let witness = witness(folder.path()).await;
    assert_eq!(status(&witness, &request(&old, 0)).await, 200);
    let receipt = scene.receipt(&scene.entry(&scene.body(&old)));
    let same = Request { old: 1, proof: Vec::new(), checkpoint: receipt.checkpoint_note.clone() };
    assert_eq!(status(&witness, &same).await, 404, "nobody has said so yet");

    let continued = witness.continue_log(&scene.succession(&receipt)).await.unwrap();
    assert_eq!((continued.old_size, continued.size), (12, 1));
    assert_eq!((continued.old_origin, continued.new_key), (origin(), scene.new.verifier_key()));
    // CON-5: nothing more of the old log, whatever is asked.
    for ended in [request(&old, 12), request(&tree(13, 0), 12)] {
        let answer = witness.add_checkpoint(ended.encode().as_bytes()).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains(scene.new.name()), "{}", answer.body);
    }
    // The new one begins with this entry and no other, and grows.
    assert_eq!(status(&witness, &same).await, 200);
    let mut grown = Tree::new();
    grown.append(leaf_hash(&receipt.extra));
    grown.append(leaf_hash(b"more"));
    let signed = |tree: &Tree, key: &SignerKey| {
        checkpoint::sign(&Checkpoint::new(key.name(), tree.size(), tree.root()).unwrap(), key).unwrap()
    };
    let proof = grown.prove_consistency(1, 2).unwrap();
    let more = Request { old: 1, proof, checkpoint: signed(&grown, &scene.new) };
    let by_another = key_of(scene.new.name(), 9);
    assert_eq!(status(&witness, &Request { checkpoint: signed(&grown, &by_another), ..more.clone() }).await, 403);
    assert_eq!(status(&witness, &more).await, 200);
    // Not twice, and not by another key: also after a restart.
    witness.state().close().await;
    let witness = self::witness(folder.path()).await;
    let other = Scene { new: by_another, authority: scene.authority };
    let refusal = witness.continue_log(&other.shown(&old)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::Already { .. }), "{refusal}");
    assert_eq!(status(&witness, &request(&tree(13, 0), 12)).await, 403);
}

#[tokio::test]
async fn what_was_cosigned_is_never_dropped() {
    let (folder, scene) = (tempfile::tempdir().unwrap(), Scene::new());
    let witness = witness(folder.path()).await;
    assert_eq!(status(&witness, &request(&tree(12, 0), 0)).await, 200);
    let refusal = witness.continue_log(&scene.shown(&tree(11, 0))).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::CosignedBeyond { cosigned: 12, named: 11, .. }), "{refusal}");
    let refusal = witness.continue_log(&scene.shown(&tree(12, 1))).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::OtherHistory { .. }), "{refusal}");
    // The old log goes on meanwhile.
    assert_eq!(status(&witness, &request(&tree(13, 0), 12)).await, 200);

    // This witness lags behind: a copy shows that what it has not seen extends what it has.
    let longer = tree(15, 0);
    let refusal = witness.continue_log(&scene.shown(&longer)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::NotShown { cosigned: 13, named: 15, .. }), "{refusal}");
    let copy = |salt: u8, size: u64| {
        let entries: Vec<[u8; 2]> =
            (0..size).map(|index| [index.to_le_bytes()[0], if index < 2 { 0 } else { salt }]).collect();
        let copy = tempfile::tempdir().unwrap();
        for file in write_record(&entries, &log()).unwrap() {
            let path = copy.path().join(file.path.to_string());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        copy
    };
    let (right, wrong, short) = (copy(0, 16), copy(1, 16), copy(0, 14));
    let with = |copy: &tempfile::TempDir| Succession { record: Some(copy.path().to_owned()), ..scene.shown(&longer) };
    let refusal = witness.continue_log(&with(&wrong)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::OtherHistory { .. }), "{refusal}");
    let refusal = witness.continue_log(&with(&short)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::RecordTooShort(15)), "{refusal}");
    let nowhere = Succession { record: Some(folder.path().join("nowhere")), ..scene.shown(&longer) };
    let refusal = witness.continue_log(&nowhere).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::Record(_)), "{refusal}");
    assert_eq!(witness.continue_log(&with(&right)).await.unwrap().old_size, 15);
}

#[tokio::test]
async fn only_the_authority_continues_a_known_log() {
    let (folder, scene, old) = (tempfile::tempdir().unwrap(), Scene::new(), tree(12, 0));
    let witness = witness(folder.path()).await;
    assert_eq!(status(&witness, &request(&old, 0)).await, 200);
    let good = scene.shown(&old);

    let stranger = Scene { authority: SigningKey::generate(&mut OsRng).unwrap(), new: key_of(scene.new.name(), 8) };
    let forged = Succession { authority: good.authority, ..stranger.shown(&old) };
    let refusal = witness.continue_log(&forged).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::Signature(_)), "{refusal}");
    let elsewhere = Succession { election: ElectionFingerprint([8; 32]), ..good.clone() };
    let refusal = witness.continue_log(&elsewhere).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::Signature(_)), "{refusal}");

    let notice = scene.receipt(&scene.entry(&Body::Notice(Notice { text: "x".into() })));
    let refusal = witness.continue_log(&scene.succession(&notice)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::NotContinuation { found: "Notice", .. }), "{refusal}");
    let receipt = scene.receipt(&scene.entry(&scene.body(&old)));
    let refusal = witness.continue_log(&scene.succession(&Receipt { index: 1, ..receipt.clone() })).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::NotFirst(1)), "{refusal}");
    let without = scene.succession(&Receipt { extra: Vec::new(), ..receipt.clone() });
    assert!(matches!(witness.continue_log(&without).await.unwrap_err(), SuccessionRefusal::Entry(_)));
    // Under another key than the continuation names, or not the leaf under the checkpoint.
    let other = Scene { new: key_of(scene.new.name(), 9), authority: SigningKey::generate(&mut OsRng).unwrap() };
    let by_other = other.receipt(&scene.entry(&scene.body(&old)));
    assert!(matches!(
        witness.continue_log(&scene.succession(&by_other)).await.unwrap_err(),
        SuccessionRefusal::Receipt(_)
    ));
    let unproved =
        Receipt { checkpoint_note: scene.receipt(&scene.entry(&scene.body(&old))).checkpoint_note, ..receipt };
    assert!(matches!(
        witness.continue_log(&scene.succession(&unproved)).await.unwrap_err(),
        SuccessionRefusal::Receipt(_)
    ));

    let skipping = Scene { new: key_of(&format!("{}/3", origin()), 8), authority: scene.authority };
    let refusal = witness.continue_log(&skipping.shown(&old)).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::Name { .. }), "{refusal}");
    let mut body = skipping.body(&old);
    if let Body::Continuation(body) = &mut body {
        body.old_origin = "stranger.example".to_owned();
    }
    let stranger = skipping.succession(&skipping.receipt(&skipping.entry(&body)));
    let refusal = witness.continue_log(&stranger).await.unwrap_err();
    assert!(matches!(refusal, SuccessionRefusal::UnknownLog(_)), "{refusal}");
    // After all this the log goes on as before, and the right receipt is taken.
    assert_eq!(status(&witness, &request(&tree(12, 0), 12)).await, 200);
    witness.continue_log(&good).await.unwrap();
    // CON-1: a successor is continued by the next number.
    let mut second = Tree::new();
    second.append(leaf_hash(&Receipt::parse(&good.receipt).unwrap().extra));
    let body = Body::Continuation(Continuation {
        old_origin: format!("{}/2", origin()),
        old_size: 1,
        old_root: second.root().into(),
        new_key: skipping.new.verifier_key().to_string(),
    });
    let third = skipping.succession(&skipping.receipt(&skipping.entry(&body)));
    assert_eq!(witness.continue_log(&third).await.unwrap().new_key.name(), format!("{}/3", origin()));
}
