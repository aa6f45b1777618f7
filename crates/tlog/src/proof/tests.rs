//! Receipts: the format, and what they prove.

use proptest::prelude::*;

use super::*;
use crate::{
    checkpoint::Checkpoint,
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::{Note, SignerKey},
};

const ORIGIN: &str = "example.com/fancylog";

fn log() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness() -> CosignerKey {
    CosignerKey::from_seed("witness.example", &[2; 32]).unwrap()
}

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// The receipt of entry `index` of ten, cosigned at time 100.
fn receipt(index: u64) -> Receipt {
    let mut tree = Tree::new();
    for index in 0..10 {
        tree.append(leaf_hash(&entry(index)));
    }
    let head = Checkpoint::new(ORIGIN, 10, tree.root()).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &log()).unwrap().as_bytes()).unwrap();
    note.add(witness().cosign(&head, 100).unwrap()).unwrap();
    Receipt {
        extra: entry(index),
        index,
        path: tree.prove_inclusion(index, 10).unwrap(),
        checkpoint_note: note.encode(),
    }
}

fn policy() -> Policy {
    let (log, witness) = (log().verifier_key(), witness().verifier_key());
    Policy::parse(format!("log {log}\nwitness w {witness}\nquorum w\n").as_bytes()).unwrap()
}

#[test]
fn a_receipt_is_written_read_and_verified() {
    for index in 0..10 {
        let written = receipt(index).encode();
        assert!(written.starts_with("c2sp.org/tlog-proof@v1\nextra "));
        let read = Receipt::parse(written.as_bytes()).unwrap();
        assert_eq!(read, receipt(index));
        let leaf = leaf_hash(&read.extra);
        assert_eq!(read.verify(&leaf, &[log().verifier_key()]).unwrap().checkpoint().size(), 10);
        read.verify_under(&leaf, &policy(), 100).unwrap();
        assert!(matches!(
            read.verify_under(&leaf, &policy(), 101),
            Err(ReceiptError::Policy(PolicyRefusal::QuorumNotMet(cosigned))) if cosigned.is_empty()
        ));
        let without = Receipt { extra: Vec::new(), ..read };
        assert!(without.encode().starts_with("c2sp.org/tlog-proof@v1\nindex "));
        assert_eq!(Receipt::parse(without.encode().as_bytes()).unwrap(), without);
    }
}

/// The example of c2sp.org/tlog-proof, its signature lines made whole.
#[test]
fn published_framing() {
    let text = "c2sp.org/tlog-proof@v1
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJwAA
";
    let receipt = Receipt::parse(text.as_bytes()).unwrap();
    assert_eq!((receipt.index, receipt.path.len()), (73_894, 5));
    assert!(receipt.checkpoint_note.starts_with("example.com/fancylog\n109482\n"));
    assert_eq!(receipt.encode(), text);
}

#[test]
fn each_malformed_receipt_is_refused_for_its_one_defect() {
    let good = receipt(3).encode();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from:?}");
        good.replacen(from, to, 1)
    };
    let first = base64_text(&receipt(3).path[0]);
    let extra = base64_text(&entry(3));
    let cases = [
        (with("@v1\n", "@v2\n"), ReceiptError::FirstLine),
        (with("c2sp", "\nc2sp"), ReceiptError::FirstLine),
        (with("@v1\n", "@v1 \n"), ReceiptError::FirstLine),
        (with("extra ", "extra"), ReceiptError::Extra),
        (with(&format!("extra {extra}"), "extra "), ReceiptError::Extra),
        (with(&format!("extra {extra}"), "extra !"), ReceiptError::Extra),
        (with(&format!("extra {extra}\n"), &format!("extra {extra}\nextra {extra}\n")), ReceiptError::Index),
        (with("index 3\n", ""), ReceiptError::Index),
        (with("index 3", "index 03"), ReceiptError::Index),
        (with("index 3", "index  3"), ReceiptError::Index),
        (with("index 3", "index -3"), ReceiptError::Index),
        (with("index 3", "index 9223372036854775808"), ReceiptError::Index),
        (with(&first, "AAAA"), ReceiptError::PathHash(0)),
        (with(&first, &format!("{first} ")), ReceiptError::PathHash(0)),
        (with(&format!("{first}\n"), &format!("{first}\n").repeat(64)), ReceiptError::PathTooLong),
        (good.split("\n\n").next().unwrap().to_owned(), ReceiptError::NoCheckpoint),
        ("x".repeat(MAX_RECEIPT_BYTES + 1), ReceiptError::TooLong(MAX_RECEIPT_BYTES + 1)),
    ];
    for (text, expected) in cases {
        assert_eq!(Receipt::parse(text.as_bytes()), Err(expected), "{text:.300}");
    }
    assert_eq!(Receipt::parse(b"\xff"), Err(ReceiptError::NotUtf8));
}

#[test]
fn what_a_receipt_does_not_prove_is_refused() {
    let keys = [log().verifier_key()];
    let leaf = leaf_hash(&entry(3));
    let good = receipt(3);
    assert!(matches!(
        good.verify(&leaf_hash(b"other"), &keys),
        Err(ReceiptError::Inclusion(ProofFailure::RootMismatch))
    ));
    let moved = Receipt { index: 4, ..good.clone() };
    assert!(matches!(moved.verify(&leaf, &keys), Err(ReceiptError::Inclusion(_))));
    let outside = Receipt { index: 10, ..good.clone() };
    let outside_error = ProofFailure::IndexOutOfRange { index: 10, size: 10 };
    assert_eq!(outside.verify(&leaf, &keys), Err(ReceiptError::Inclusion(outside_error)));
    let mut longer = good.clone();
    longer.path.push([0; 32]);
    assert!(matches!(longer.verify(&leaf, &keys), Err(ReceiptError::Inclusion(ProofFailure::WrongLength { .. }))));
    let foreign = SignerKey::from_seed("other.example", &[9; 32]).unwrap().verifier_key();
    assert!(matches!(good.verify(&leaf, &[foreign]), Err(ReceiptError::Checkpoint(_))));
    let resized = Receipt { checkpoint_note: good.checkpoint_note.replacen("\n10\n", "\n11\n", 1), ..good };
    assert!(matches!(resized.verify(&leaf, &keys), Err(ReceiptError::Checkpoint(_))));
}

proptest! {
    #[test]
    fn receipts_are_inverse(
        extra in prop::collection::vec(any::<u8>(), 0..40),
        index in 0..=crate::merkle::MAX_SIZE,
        path in prop::collection::vec(any::<Hash>(), 0..=63),
        checkpoint_note in "[a-z\n]{0,40}",
    ) {
        let receipt = Receipt { extra, index, path, checkpoint_note };
        prop_assert_eq!(Receipt::parse(receipt.encode().as_bytes()), Ok(receipt));
    }

    #[test]
    fn any_bytes_are_one_receipt_at_most(bytes in prop::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
        let _ = Receipt::parse(&bytes);
        let framed = format!("c2sp.org/tlog-proof@v1\nindex 1\n\n{text}");
        prop_assert_eq!(Receipt::parse(framed.as_bytes()).unwrap().encode(), framed);
    }
}
