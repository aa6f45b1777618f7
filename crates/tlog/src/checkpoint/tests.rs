//! The published example, each malformed body, and who must have signed.

use proptest::prelude::*;

use super::*;
use crate::{cosignature::CosignerKey, merkle::leaf_hash};

const ORIGIN: &str = "example.com/behind-the-sofa";

fn head() -> Checkpoint {
    Checkpoint::new(ORIGIN, 5, leaf_hash(b"root")).unwrap()
}

fn log() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn witness() -> CosignerKey {
    CosignerKey::from_seed("witness.example", &[2; 32]).unwrap()
}

/// The example of c2sp.org/tlog-checkpoint; its key is not published.
#[test]
fn published_example() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let note = Note::parse(text.as_bytes()).unwrap();
    assert_eq!(note.encode(), text);
    let head = Checkpoint::parse(note.text()).unwrap();
    assert_eq!((head.origin(), head.size()), (ORIGIN, 20_852_163));
    assert_eq!(head.encode(), note.text());
    assert_eq!(note.signatures()[0].name, ORIGIN);
    assert_eq!(open(text.as_bytes(), &[log().verifier_key()]), Err(NoteError::NoKnownSignature.into()));
}

#[test]
fn each_malformed_body_is_refused_for_its_one_defect() {
    let root = base64_text(&leaf_hash(b"root"));
    let empty = base64_text(&empty_root());
    let cases = [
        (format!("a\n5\n{root}"), CheckpointError::Lines),
        (format!("a\n5\n{root}\nextension\n"), CheckpointError::Lines),
        (format!("a\n5\n{root}\n\n"), CheckpointError::Lines),
        ("a\n5\n".to_owned(), CheckpointError::Lines),
        (String::new(), CheckpointError::Lines),
        (format!("\n5\n{root}\n"), CheckpointError::Origin),
        (format!("a b\n5\n{root}\n"), CheckpointError::Origin),
        (format!("a+b\n5\n{root}\n"), CheckpointError::Origin),
        (format!("a\n05\n{root}\n"), CheckpointError::Size),
        (format!("a\n+5\n{root}\n"), CheckpointError::Size),
        (format!("a\n-5\n{root}\n"), CheckpointError::Size),
        (format!("a\n 5\n{root}\n"), CheckpointError::Size),
        (format!("a\n5 \n{root}\n"), CheckpointError::Size),
        (format!("a\n\n{root}\n"), CheckpointError::Size),
        (format!("a\n٥\n{root}\n"), CheckpointError::Size),
        (format!("a\n9223372036854775808\n{root}\n"), CheckpointError::Size),
        (format!("a\n18446744073709551616\n{root}\n"), CheckpointError::Size),
        (format!("a\n5\n{}\n", root.trim_end_matches('=')), CheckpointError::Root),
        (format!("a\n5\n{root} \n"), CheckpointError::Root),
        (format!("a\n5\n{}\n", base64_text(&[0; 31])), CheckpointError::Root),
        (format!("a\n5\n{}\n", base64_text(&[0; 33])), CheckpointError::Root),
        ("a\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n".to_owned(), CheckpointError::Root),
        (format!("a\n0\n{root}\n"), CheckpointError::EmptyRoot),
    ];
    for (text, expected) in cases {
        assert_eq!(Checkpoint::parse(&text), Err(expected), "{text:?}");
    }
    assert_eq!(Checkpoint::parse(&format!("a\n0\n{empty}\n")).unwrap().size(), 0);
    assert_eq!(Checkpoint::parse(&format!("a\n9223372036854775807\n{root}\n")).unwrap().size(), MAX_SIZE);
    assert_eq!(Checkpoint::new("a", MAX_SIZE + 1, [0; 32]), Err(CheckpointError::Size));
}

#[test]
fn a_head_covers_one_tree_only() {
    let mut tree = CompactRange::new();
    (0..5u8).for_each(|index| tree.append(leaf_hash(&[index])));
    let head = Checkpoint::new(ORIGIN, 5, tree.root()).unwrap();
    assert!(head.covers(&tree));
    assert!(!Checkpoint::new(ORIGIN, 4, tree.root()).unwrap().covers(&tree));
    tree.append(leaf_hash(b"one more"));
    assert!(!head.covers(&tree));
}

#[test]
fn only_the_log_signs_for_its_origin() {
    let stranger = SignerKey::from_seed("elsewhere.example", &[1; 32]).unwrap();
    let foreign = CheckpointError::ForeignKey { key: "elsewhere.example".to_owned(), origin: ORIGIN.to_owned() };
    assert_eq!(sign(&head(), &stranger), Err(foreign.clone()));

    let mut note = Note::new(head().encode()).unwrap();
    note.add(stranger.sign(&note)).unwrap();
    assert_eq!(open(note.encode().as_bytes(), &[stranger.verifier_key()]), Err(foreign));
}

#[test]
fn a_checkpoint_opens_with_its_logs_key_and_its_witnesses() {
    let note = sign(&head(), &log()).unwrap();
    let signed = open_strict(note.as_bytes(), &[log().verifier_key()]).unwrap();
    assert_eq!((signed.checkpoint(), signed.log_keys()), (&head(), &[log().verifier_key()][..]));
    assert!(signed.cosignatures().is_empty());

    let mut cosigned = Note::parse(note.as_bytes()).unwrap();
    cosigned.add(witness().cosign(&head(), 7).unwrap()).unwrap();
    let bytes = cosigned.encode();
    let keys = [log().verifier_key(), witness().verifier_key()];
    let signed = open_strict(bytes.as_bytes(), &keys).unwrap();
    assert_eq!(signed.cosignatures(), [Cosignature { key: witness().verifier_key(), timestamp: 7 }]);
    assert_eq!(signed.note().encode(), bytes);

    // The log's key alone: the witness's line is not read; a stored record may not have such a line.
    assert!(open(bytes.as_bytes(), &keys[..1]).unwrap().cosignatures().is_empty());
    let unknown = NoteError::UnknownKey { line: 1, name: "witness.example".to_owned() };
    assert_eq!(open_strict(bytes.as_bytes(), &keys[..1]), Err(unknown.into()));
    // The witness alone: the log's signature is what counts.
    assert_eq!(open(bytes.as_bytes(), &keys[1..]), Err(CheckpointError::NotSignedByLog { origin: ORIGIN.to_owned() }));
    // Two lines by one witness, both valid.
    cosigned.add(witness().cosign(&head(), 8).unwrap()).unwrap();
    let twice = cosigned.encode();
    assert_eq!(open(twice.as_bytes(), &keys).unwrap().cosignatures().len(), 2);
    let repeated = NoteError::DuplicateSignature { line: 2, name: "witness.example".to_owned() };
    assert_eq!(open_strict(twice.as_bytes(), &keys), Err(repeated.into()));
}

/// In strict mode, no bit of a cosigned checkpoint can be flipped unnoticed.
#[test]
fn every_flipped_bit_is_noticed() {
    let mut note = Note::parse(sign(&head(), &log()).unwrap().as_bytes()).unwrap();
    note.add(witness().cosign(&head(), 7).unwrap()).unwrap();
    let (bytes, keys) = (note.encode().into_bytes(), [log().verifier_key(), witness().verifier_key()]);
    open_strict(&bytes, &keys).unwrap();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            assert!(open_strict(&changed, &keys).is_err(), "byte {place}, bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn bodies_are_inverse(origin in "[a-z./]{1,20}", size in 1..=MAX_SIZE, root in any::<Hash>()) {
        let head = Checkpoint::new(&origin, size, root).unwrap();
        prop_assert_eq!(Checkpoint::parse(&head.encode()), Ok(head));
    }

    #[test]
    fn bodies_are_canonical(text in "[a-b+ ]{0,3}\n[0-9]{0,3}\n[A-Za-z0-9+/]{42}[A-Za-z0-9+/]=\n{0,2}") {
        if let Ok(head) = Checkpoint::parse(&text) {
            prop_assert_eq!(head.encode(), text);
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = Checkpoint::parse(&text);
        let _ = open(text.as_bytes(), &[log().verifier_key()]);
    }
}
