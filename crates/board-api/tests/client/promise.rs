//! A promise is believed only if all of it holds (HTTP-14).

use crate::server::{Answer, FakeLog, entry, serve};
use board_api::{ClientError, PromiseDocument, PromiseFault};
use protocol::{Body, Entry, Submission, body::Notice};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    note::SignerKey,
    proof::ReceiptError,
};

/// The promise for one entry of a log, under a key.
pub(crate) fn document(log: &FakeLog, index: usize, key: &SignerKey) -> PromiseDocument {
    let mut tree = Tree::new();
    log.entries.iter().for_each(|entry| tree.append(leaf_hash(entry)));
    let head = Checkpoint::new(key.name(), tree.size(), tree.root()).unwrap();
    let place = u64::try_from(index).unwrap();
    PromiseDocument {
        index: place,
        entry: log.entries[index].clone(),
        inclusion: tree.prove_inclusion(place, tree.size()).unwrap(),
        checkpoint: checkpoint::sign(&head, key).unwrap(),
    }
}

#[test]
fn each_part_is_checked() {
    let log = FakeLog::new(7);
    let sent = Entry::decode(&log.entries[4]).unwrap().submission();
    let verify = |document: PromiseDocument| document.verify(&sent, &log.election, &log.key.verifier_key());
    let honest = document(&log, 4, &log.key);
    let promise = verify(honest.clone()).unwrap();
    assert_eq!((promise.index(), promise.checkpoint().checkpoint().size()), (4, 7));
    let receipt = tlog::proof::Receipt::parse(promise.receipt().encode().as_bytes()).unwrap();
    assert_eq!(receipt.extra, log.entries[4], "a receipt holds the entry");

    assert_eq!(verify(document(&log, 5, &log.key)), Err(PromiseFault::OtherSubmission));
    let mut wrong = honest.clone();
    wrong.entry.truncate(9);
    assert!(matches!(verify(wrong), Err(PromiseFault::Entry(_))));
    let mut wrong = honest.clone();
    wrong.index = 5;
    assert_eq!(verify(wrong), Err(PromiseFault::OtherIndex { promised: 5, found: 4 }));
    let mut wrong = honest.clone();
    wrong.inclusion[0][0] ^= 1;
    assert!(matches!(verify(wrong), Err(PromiseFault::Proof(ReceiptError::Inclusion(_)))));
    // The same submission at another place than the tree has it.
    let mut wrong = honest.clone();
    wrong.entry = entry(3, sent.body_bytes().to_vec());
    wrong.index = 3;
    assert!(matches!(verify(wrong), Err(PromiseFault::Proof(ReceiptError::Inclusion(_)))));
    let stranger = SignerKey::from_seed(log.key.name(), &[8; 32]).unwrap();
    assert!(matches!(verify(document(&log, 4, &stranger)), Err(PromiseFault::Proof(ReceiptError::Checkpoint(_)))));
    let mut wrong = honest;
    wrong.checkpoint = wrong.checkpoint.replace("\n7\n", "\n8\n");
    assert!(matches!(verify(wrong), Err(PromiseFault::Proof(ReceiptError::Checkpoint(_)))));
}

/// HTTP-14: the answer is handed over as it came, whatever in it is wrong.
#[tokio::test]
async fn an_answer_that_is_not_believed_is_handed_over() {
    let log = FakeLog::new(5);
    let sent = Entry::decode(&log.entries[4]).unwrap().submission();
    let mut wrong = Vec::new();
    for (index, checkpoint) in [(3, None), (4, Some("no note")), (4, Some("a\n0\nb\n\n"))] {
        let mut document = document(&log, index, &log.key);
        document.checkpoint = checkpoint.map_or(document.checkpoint, str::to_owned);
        wrong.push(serde_json::to_vec_pretty(&document).unwrap());
    }
    for answer in wrong {
        let (files, given) = (log.files(), answer.clone());
        let client = serve(move |path| {
            let file = if path.ends_with("/submissions") { Some(&given) } else { files.get(path) };
            Some(file.map_or(Answer::new(404, "no such file"), |bytes| Answer::new(200, bytes.clone())))
        })
        .await;
        match client.submit(&log.election, &sent).await {
            Err(ClientError::Promise(bad)) => assert_eq!(bad.answer, answer),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn another_signature_of_the_same_body_is_no_fault() {
    let log = FakeLog::new(3);
    let recorded = Entry::decode(&log.entries[1]).unwrap().submission();
    let resigned =
        Submission::from_parts(recorded.author_bytes().to_vec(), recorded.body_bytes().to_vec(), vec![1; 64]);
    let key = log.key.verifier_key();
    assert!(document(&log, 1, &log.key).verify(&resigned, &log.election, &key).is_ok());
    let other = Submission::anonymous(Body::Notice(Notice { text: "Other".into() }).encode());
    assert!(document(&log, 1, &log.key).verify(&other, &log.election, &key).is_err());
}

#[test]
fn the_document_survives_json() {
    let log = FakeLog::new(5);
    let promise = document(&log, 2, &log.key);
    let json = serde_json::to_string(&promise).unwrap();
    assert_eq!(serde_json::from_str::<PromiseDocument>(&json).unwrap(), promise);
    for (from, to) in [("\"inclusion\":[\"", "\"inclusion\":[\"AAAA"), ("\"entry\":\"", "\"entry\":\"!")] {
        assert!(serde_json::from_str::<PromiseDocument>(&json.replace(from, to)).is_err());
    }
}
