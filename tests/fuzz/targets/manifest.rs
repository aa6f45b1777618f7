//! A manifest nobody checked yet: its numbers are arbitrary, and everything that is derived from them must stand it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ids::EntryHash;
use protocol::letter::is_address;
use protocol::manifest::is_board;
use protocol::{Author, Body, Election, Entry, Manifest, Selection, Submission, cbor};

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = cbor::decode::<Manifest>(bytes, "manifest") else { return };
    assert_eq!(cbor::encode(&manifest), bytes);
    let (slots, parts) = (manifest.slot_keys(), manifest.parts().min(5000));
    assert!((0..parts).all(|part| manifest.part_slots(part).end <= slots));
    let _ = (manifest.trustee_count(), manifest.waivers_needed(), manifest.unwitnessed());
    for unit in 0..u32::try_from(manifest.units.len()).unwrap_or(u32::MAX) {
        assert!(manifest.style(unit).all(|(index, contest)| manifest.contest(index) == Some(contest)));
    }
    for contest in &manifest.contests {
        let names = contest.slot_names().len();
        let amounts = vec![1; contest.options.len()];
        let selections = [
            Selection::Blank,
            Selection::Options(vec![0]),
            Selection::Options(Vec::new()),
            Selection::List(0),
            Selection::Amounts(amounts),
            Selection::Ranking(vec![0]),
            Selection::Ranking((0..contest.options.len()).collect()),
        ];
        let Ok(relation) = contest.relation() else {
            // Too large to compile is not too large to be asked.
            let _ = selections.map(|selection| contest.witness(&selection).is_ok());
            continue;
        };
        assert_eq!((relation.slots(), names), (contest.slots(), contest.slots()));
        for selection in selections {
            // What a contest lets a voter choose, its proof can show.
            if let Ok(witness) = contest.witness(&selection) {
                assert!(relation.values(&witness).is_some(), "{contest:?}");
            }
        }
    }
    // MAN-41: what is accepted as an address can stand in a letter and in a content security policy.
    for pages in &manifest.pages {
        for board in pages.boards.iter().filter(|board| is_board(board)) {
            assert!(is_address(board) && !board.contains([';', ',', '\'', '"', '*', '%', '@']));
        }
        assert!(pages.origins().len() <= pages.boards.len());
    }
    // Every rule of the manifest but the signature, which comes last.
    let body = Body::Manifest(Box::new(manifest)).encode();
    let submission = Submission::from_parts(Author::Authority.encode(), body, vec![0; 64]);
    assert!(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission)).is_err());
});
