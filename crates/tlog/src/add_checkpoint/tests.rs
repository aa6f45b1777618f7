//! Requests to witnesses and their answers: the format, and what a witness finds in them.

use proptest::prelude::*;

use super::*;
use crate::{
    cosignature::CosignerKey,
    merkle::{Tree, leaf_hash},
    note::SignerKey,
};

const ORIGIN: &str = "board.example/ward-13";

fn log() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

/// A log of `size` entries, each with `salt` in it.
fn tree(size: u64, salt: u8) -> Tree {
    let mut tree = Tree::new();
    for index in 0..size {
        tree.append(leaf_hash(format!("entry {index} of {salt}").as_bytes()));
    }
    tree
}

fn checkpoint(tree: &Tree) -> String {
    checkpoint::sign(&Checkpoint::new(ORIGIN, tree.size(), tree.root()).unwrap(), &log()).unwrap()
}

fn seen(tree: &Tree) -> Seen {
    Seen { size: tree.size(), root: tree.root() }
}

fn request(tree: &Tree, old: u64) -> Request {
    Request { old, proof: tree.prove_consistency(old, tree.size()).unwrap(), checkpoint: checkpoint(tree) }
}

fn judged(request: &Request, keys: &[VerifierKey], seen: Option<&Seen>) -> Result<u64, Refusal> {
    let claim = request.claim()?;
    let signed = claim.open(keys)?;
    claim.extends(&signed, seen)?;
    Ok(signed.checkpoint().size())
}

fn status(request: &Request, seen: Option<&Seen>) -> u16 {
    judged(request, &[log().verifier_key()], seen).map_or_else(|refusal| refusal.status(), |_| 200)
}

/// A note of an arbitrary text by the log's key, which is not asked whether it makes sense.
fn signed_text(text: &str) -> String {
    let mut note = Note::new(text.to_owned()).unwrap();
    note.add(log().sign(&note)).unwrap();
    note.encode()
}

/// WIT-4, WIT-5: the first checkpoint, growth, the same again.
#[test]
fn what_extends_is_cosigned() {
    let (small, large) = (tree(5, 0), tree(12, 0));
    assert_eq!(status(&request(&small, 0), None), 200);
    assert_eq!(status(&request(&large, 5), Some(&seen(&small))), 200);
    assert_eq!(status(&request(&large, 12), Some(&seen(&large))), 200);
    assert_eq!(status(&request(&tree(0, 0), 0), None), 200);
    assert_eq!(status(&request(&tree(0, 0), 0), Some(&seen(&tree(0, 0)))), 200);
    assert_eq!(status(&request(&small, 0), Some(&seen(&tree(0, 0)))), 200);
}

/// WIT-3: a foreign log, a foreign or broken signature, in this order.
#[test]
fn only_known_logs_are_heard() {
    let small = tree(5, 0);
    let good = request(&small, 0);
    assert_eq!(judged(&good, &[], None), Err(Refusal::UnknownLog(ORIGIN.to_owned())));
    assert_eq!(Refusal::UnknownLog(String::new()).status(), 404);
    let other = SignerKey::from_seed(ORIGIN, &[2; 32]).unwrap().verifier_key();
    assert!(matches!(judged(&good, std::slice::from_ref(&other), None), Err(refusal) if refusal.status() == 403));
    // One trusted key's good line does not save the other's bad one.
    let mut note = Note::parse(good.checkpoint.as_bytes()).unwrap();
    note.add(NoteSignature { name: ORIGIN.to_owned(), key_id: other.key_id(), signature: vec![7; 64] }).unwrap();
    let doubly = Request { checkpoint: note.encode(), ..good.clone() };
    assert_eq!(judged(&doubly, &[log().verifier_key()], None), Ok(5));
    assert!(matches!(judged(&doubly, &[log().verifier_key(), other], None), Err(refusal) if refusal.status() == 403));
    // A trusted key of another name than the origin does not sign for it.
    let elsewhere = SignerKey::from_seed("elsewhere.example", &[1; 32]).unwrap();
    let mut note = Note::new(format!("{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")).unwrap();
    note.add(elsewhere.sign(&note)).unwrap();
    let foreign = Request { checkpoint: note.encode(), ..good };
    let keys = [elsewhere.verifier_key()];
    assert!(matches!(judged(&foreign, &keys, None), Err(refusal) if refusal.status() == 403));
}

/// WIT-4: sizes.
#[test]
fn another_beginning_is_a_conflict() {
    let (small, large) = (tree(5, 0), tree(12, 0));
    let keys = [log().verifier_key()];
    assert_eq!(judged(&request(&large, 0), &keys, Some(&seen(&small))), Err(Refusal::Conflict { latest: 5, old: 0 }));
    assert_eq!(judged(&request(&large, 5), &keys, None), Err(Refusal::Conflict { latest: 0, old: 5 }));
    // A smaller tree after a larger one is a conflict too, whatever its proof.
    assert_eq!(judged(&request(&small, 5), &keys, Some(&seen(&large))), Err(Refusal::Conflict { latest: 12, old: 5 }));
    let beyond = Request { old: 6, proof: Vec::new(), checkpoint: checkpoint(&small) };
    for memory in [None, Some(seen(&small)), Some(Seen { size: 6, ..seen(&small) })] {
        assert_eq!(judged(&beyond, &keys, memory.as_ref()), Err(Refusal::OldBeyondNew { old: 6, new: 5 }));
    }
    assert_eq!(Refusal::OldBeyondNew { old: 6, new: 5 }.status(), 400);
    assert_eq!(Refusal::Conflict { latest: 0, old: 1 }.status(), 409);
}

/// WIT-5: proofs.
#[test]
fn another_history_is_not_cosigned() {
    let (small, large, other) = (tree(5, 0), tree(12, 0), tree(12, 1));
    assert_eq!(status(&request(&other, 5), Some(&seen(&small))), 422);
    assert_eq!(status(&request(&other, 12), Some(&seen(&large))), 422, "one size, another root");
    let mut proof = request(&large, 5);
    proof.proof.pop();
    assert_eq!(status(&proof, Some(&seen(&small))), 422);
    for memory in [None, Some(seen(&tree(0, 0)))] {
        assert_eq!(status(&Request { proof: vec![[0; 32]], ..request(&small, 0) }, memory.as_ref()), 422);
    }
    let same = Request { proof: vec![[0; 32]], ..request(&large, 12) };
    assert_eq!(status(&same, Some(&seen(&large))), 422, "a proof where none belongs");
    let empty = format!("{ORIGIN}\n0\n{}\n", base64_text(&leaf_hash(b"no tree")));
    let empty = Request { old: 0, proof: Vec::new(), checkpoint: signed_text(&empty) };
    assert_eq!(status(&empty, None), 422);
    let foreign = [SignerKey::from_seed(ORIGIN, &[2; 32]).unwrap().verifier_key()];
    assert_eq!(judged(&empty, &foreign, None).unwrap_err().status(), 403, "who comes before what");
    assert_eq!(judged(&empty, &[], None).unwrap_err().status(), 404);
}

/// WIT-3: texts that are no tree head, though the log has signed them.
#[test]
fn malformed_checkpoints_are_refused() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    for text in [
        format!("{ORIGIN}\n5\n{root}\nextension\n"),
        format!("{ORIGIN}\n5\n"),
        format!("{ORIGIN}\n05\n{root}\n"),
        format!("{ORIGIN}\n5\n{}\n", &root[1..]),
        format!("two words\n5\n{root}\n"),
    ] {
        let request = Request { old: 0, proof: Vec::new(), checkpoint: signed_text(&text) };
        assert_eq!(status(&request, None), 400, "{text}");
    }
    let unsigned = Request { old: 0, proof: Vec::new(), checkpoint: format!("{ORIGIN}\n0\n{root}\n") };
    assert_eq!(status(&unsigned, None), 400);
}

/// WIT-1: every defect of a request, by its name.
#[test]
fn malformed_requests_are_refused() {
    let good = request(&tree(12, 0), 5).encode();
    let refused = |text: &str| Request::parse(text.as_bytes()).unwrap_err();
    assert_eq!(refused(""), FormatError::NoCheckpoint);
    assert_eq!(refused(&good.replacen("\n\n", "\n", 2)), FormatError::NoCheckpoint);
    for first in ["old", "old ", "old  5", "old 05", "old +5", "old 9223372036854775808", "Old 5", "5", "old 5 "] {
        assert_eq!(refused(&good.replacen("old 5", first, 1)), FormatError::OldLine, "{first}");
    }
    assert_eq!(refused(&format!("\n{good}")), FormatError::OldLine);
    assert_eq!(refused(&good.replacen("old 5\n", "old 5\n\r\n", 1)), FormatError::ProofHash(0));
    assert_eq!(refused(&good.replacen("=\n", "\n", 1)), FormatError::ProofHash(0));
    let many = |count: usize| format!("old 5\n{}\nrest", format!("{}\n", base64_text(&[0; 32])).repeat(count));
    assert_eq!(Request::parse(many(63).as_bytes()).unwrap().proof.len(), 63);
    assert_eq!(refused(&many(64)), FormatError::ProofTooLong);
    assert_eq!(Request::parse(b"old 5\n\n\xff"), Err(FormatError::NotUtf8));
    let long = [b"old 5\n\n".as_slice(), &vec![b'a'; MAX_REQUEST_BYTES]].concat();
    assert_eq!(Request::parse(&long), Err(FormatError::TooLong(long.len())));
}

/// The example of c2sp.org/tlog-witness.
#[test]
fn published_request() {
    let text = "old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
";
    let request = Request::parse(text.as_bytes()).unwrap();
    assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
    assert_eq!(request.encode(), text);
    assert_eq!(request.claim().unwrap().origin(), "example.com/behind-the-sofa");
}

/// The example of c2sp.org/tlog-witness: lines by several keys of several kinds.
#[test]
fn published_answer() {
    let text = "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
";
    let lines = cosignatures(text.as_bytes()).unwrap();
    assert_eq!(lines.len(), 3);
    assert_eq!(answer(&lines), text);
}

/// WIT-2: an answer's lines go below the checkpoint they cosign; everything else is refused.
#[test]
fn answers_are_read_with_care() {
    let head = Checkpoint::new(ORIGIN, 5, tree(5, 0).root()).unwrap();
    let witness = CosignerKey::from_seed("witness.example", &[3; 32]).unwrap();
    let text = answer(&[witness.cosign(&head, 100).unwrap()]);
    let mut note = Note::parse(checkpoint(&tree(5, 0)).as_bytes()).unwrap();
    for line in cosignatures(text.as_bytes()).unwrap() {
        note.add(line).unwrap();
    }
    let keys = [log().verifier_key(), witness.verifier_key()];
    let signed = checkpoint::open(note.encode().as_bytes(), &keys).unwrap();
    assert_eq!(signed.cosignatures()[0].timestamp, 100);

    let line = text.trim_end();
    assert_eq!(cosignatures(b""), Err(FormatError::NoFinalNewline));
    assert_eq!(cosignatures(line.as_bytes()), Err(FormatError::NoFinalNewline));
    assert_eq!(cosignatures(b"\n"), Err(FormatError::SignatureLine(0)));
    assert_eq!(cosignatures(format!("{text}\n").as_bytes()), Err(FormatError::SignatureLine(1)));
    assert_eq!(cosignatures(format!("{line}\r\n").as_bytes()), Err(FormatError::SignatureLine(0)));
    assert_eq!(cosignatures(format!("{}\n", &line[..line.len() - 4]).as_bytes()).map(|lines| lines.len()), Ok(1));
    assert_eq!(cosignatures(text.repeat(64).as_bytes()).map(|lines| lines.len()), Ok(64));
    assert_eq!(cosignatures(text.repeat(65).as_bytes()), Err(FormatError::TooManyLines));
    assert_eq!(cosignatures(b"\xff\n"), Err(FormatError::NotUtf8));
    assert_eq!(cosignatures(&vec![b'a'; MAX_ANSWER_BYTES + 1]), Err(FormatError::TooLong(MAX_ANSWER_BYTES + 1)));
}

/// WIT-4: the size in an answer.
#[test]
fn the_size_remembered_is_read_exactly() {
    for size in [0, 1, 70_000, crate::merkle::MAX_SIZE] {
        assert_eq!(latest_size(size_answer(size).as_bytes()), Ok(size));
    }
    for text in
        ["", "5", "\n", "05\n", "5\n\n", " 5\n", "5 \n", "9223372036854775808\n", "-1\n", "00000000000000000000\n"]
    {
        assert_eq!(latest_size(text.as_bytes()), Err(FormatError::Size), "{text:?}");
    }
    assert_eq!(latest_size(b"\xff\n"), Err(FormatError::NotUtf8));
    assert_eq!(latest_size(&vec![b'1'; 1 << 20]), Err(FormatError::Size));
}

/// WIT-6: known answer, by `sha256sum`.
#[test]
fn a_log_is_shown_under_the_hash_of_its_origin() {
    let path = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/checkpoint";
    assert_eq!(monitoring_path("abc"), path);
}

proptest! {
    /// WIT-1: one byte string for each request, and no request in other bytes.
    #[test]
    fn a_request_reads_back(old in 0..=crate::merkle::MAX_SIZE, proof in prop::collection::vec(any::<[u8; 32]>(), 0..64), checkpoint in "\\PC{0,200}") {
        let request = Request { old, proof, checkpoint };
        prop_assert_eq!(Request::parse(request.encode().as_bytes()), Ok(request));
    }

    /// WIT-1, WIT-2: arbitrary bytes are refused or print back; nothing panics.
    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "(old [0-9]{0,3}\n)?([A-Za-z0-9+/=]{44}\n){0,3}\n?\\PC{0,80}\n?") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            if let Ok(request) = Request::parse(bytes) {
                let printed = request.encode();
                prop_assert_eq!(printed.as_bytes(), bytes);
                prop_assert!(judged(&request, &[log().verifier_key()], None).is_err());
            }
            if let Ok(lines) = cosignatures(bytes) {
                let printed = answer(&lines);
                prop_assert_eq!(printed.as_bytes(), bytes);
            }
            if let Ok(size) = latest_size(bytes) {
                let printed = size_answer(size);
                prop_assert_eq!(printed.as_bytes(), bytes);
            }
        }
    }
}
