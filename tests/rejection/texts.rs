//! What people keep and type, damaged (THR-37): checkpoints, receipts, credential codes, trackers.

use super::damage::damage_each;
use ballot_client::{
    Tracker, TypedTracker,
    receipt::{Trust, check_receipt},
};
use crypto::credential_code::CredentialCode;
use protocol::{Body, Selection};
use tlog::{
    checkpoint::{self, Checkpoint},
    merkle::{Tree, leaf_hash},
    proof::Receipt,
};
use vitrine_tests::{Drill, Options, drill::record_of};

/// Checkpoints and receipts, under the log's key.
#[test]
fn every_signed_text() {
    let (drill, foreign) =
        (Drill::complete(Options::simple(3), blank), Drill::complete(Options { seed: 2, ..Options::simple(3) }, blank));
    let keys = [drill.board.verifier_key()];
    let note = record_of(&drill.entries, &drill.board)["checkpoint"].clone();
    checkpoint::open_strict(&note, &keys).unwrap();
    assert!(checkpoint::open_strict(&record_of(&foreign.entries, &foreign.board)["checkpoint"], &keys).is_err());
    damage_each(&[note], 600, Clone::clone, |_, bytes| match checkpoint::open_strict(bytes, &keys) {
        Err(_) => Ok(()),
        Ok(signed) => Err(format!("{:?}", signed.checkpoint())),
    });

    let trust = Trust::of_manifest(drill.election.manifest()).unwrap();
    let f = drill.election.fingerprint();
    let text = receipt(&drill).into_bytes();
    check_receipt(&text, &f, &trust).unwrap();
    assert!(check_receipt(receipt(&foreign).as_bytes(), &f, &trust).is_err());
    damage_each(&[text], 600, Clone::clone, |_, bytes| match check_receipt(bytes, &f, &trust) {
        Err(_) => Ok(()),
        Ok(found) => Err(format!("{found:?}")),
    });
}

fn blank(_: usize) -> Vec<Selection> {
    vec![Selection::Blank]
}

/// The receipt of the first ballot.
fn receipt(drill: &Drill) -> String {
    let mut tree = Tree::new();
    drill.entries.iter().for_each(|entry| tree.append(leaf_hash(&entry.encode())));
    let ballot = drill.entries.iter().find(|entry| matches!(entry.submission().body(), Ok(Body::Ballot(_)))).unwrap();
    let head = Checkpoint::new(drill.board.name(), tree.size(), tree.root()).unwrap();
    Receipt {
        extra: ballot.encode(),
        index: ballot.index,
        path: tree.prove_inclusion(ballot.index, tree.size()).unwrap(),
        checkpoint_note: checkpoint::sign(&head, &drill.board).unwrap(),
    }
    .encode()
}

/// What people type: a damaged credential code is no code or another one, a damaged tracker never that ballot's.
#[test]
fn every_typed_text() {
    let mut drill = Drill::opened(Options::simple(2));
    let code = CredentialCode::generate(&mut drill.rng).unwrap();
    let (text, f) = (code.grouped().as_bytes().to_vec(), drill.election.fingerprint());
    let secret = |code: &CredentialCode| *code.secret(&f.0, 1).expose();
    damage_each(&[text], 2000, Clone::clone, |_, bytes| {
        let Ok(typed) = std::str::from_utf8(bytes) else { return Ok(()) };
        match CredentialCode::parse(typed) {
            // Spaces, dashes and letter case are forgiven; and one of a thousand wild changes is another code, on nobody's letter.
            Ok(other) if other.as_bytes() != code.as_bytes() && secret(&other) == secret(&code) => Err(typed.into()),
            _ => Ok(()),
        }
    });
    // A single wrong character, or two neighbours exchanged, is always noticed.
    for place in 0..24 {
        let mut typed = *code.as_bytes();
        typed[place] = if typed[place] == b'7' { b'8' } else { b'7' };
        assert!(CredentialCode::parse(std::str::from_utf8(&typed).unwrap()).is_err(), "character {place}");
        let mut typed = *code.as_bytes();
        typed.swap(place, (place + 1) % 24);
        let noticed = CredentialCode::parse(std::str::from_utf8(&typed).unwrap()).is_err();
        assert!(noticed || typed == *code.as_bytes() || place == 23, "characters {place} and the next");
    }

    drill.cast(0, &blank(0)).unwrap();
    let tracker = drill.election.credential(&drill.credentials[0].public()).unwrap().previous;
    let plain = |text: &str| text.to_uppercase().replace(['O', 'o'], "0").replace(['I', 'L'], "1");
    let shown = Tracker(tracker).to_string();
    let right: String = shown.chars().filter(|character| *character != '-').collect();
    damage_each(&[shown.into_bytes()], 1000, Clone::clone, |_, bytes| {
        let Ok(typed) = std::str::from_utf8(bytes) else { return Ok(()) };
        let Ok(parsed) = typed.parse::<TypedTracker>() else { return Ok(()) };
        let letters: String = plain(typed).chars().filter(char::is_ascii_alphanumeric).collect();
        // What matches was typed rightly, as far as it was typed.
        if parsed.matches(&tracker) == right.starts_with(&letters) { Ok(()) } else { Err(typed.into()) }
    });
}
