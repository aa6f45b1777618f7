//! What a voter reads later: receipts, and the whole record.

use crate::letters::{Letters, option, options, published, two};
use ballot_client::{
    OpenElection, Tracker,
    lookup::Wanted,
    receipt::{ReceiptFault, Trust, Witnessed, check_receipt},
    replay::{Replay, ReplayFault},
    session::NotOpen,
};
use protocol::{Election, Rule, Selection, ids::ElectionFingerprint};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use tlog::proof::Receipt;
use vitrine_tests::{Drill, Options};

#[test]
fn receipts_are_checked_offline() {
    let mut letters = Letters::opened(options());
    let ballot = letters.cast(0, &[option(1), two(0, 2)]);
    letters.cast(2, &[Selection::Blank]);
    let f = letters.f();
    let trust = Trust::of_manifest(letters.drill.election.manifest()).unwrap();
    let index = letters.search(Wanted::Tracker(Tracker(ballot.id(&f)).into()))[0].index;
    let text = letters.receipt(index).encode();

    let checked = check_receipt(text.as_bytes(), &f, &trust).unwrap();
    assert_eq!((checked.tracker.0, checked.index, checked.sequence), (ballot.id(&f), index, 1));
    assert_eq!((checked.size, checked.witnessed.clone()), (letters.drill.election.size(), Witnessed::NotRequired));
    assert!(checked.witnessed.to_string().contains("quorum none"));
    let log_key = Trust::LogKey(letters.drill.board.verifier_key());
    assert_eq!(check_receipt(text.as_bytes(), &f, &log_key).unwrap().witnessed, Witnessed::NotJudged);

    // Another election, another board, a roll chunk instead of a ballot, no entry, another place.
    assert_eq!(check_receipt(text.as_bytes(), &ElectionFingerprint([1; 32]), &trust), Err(ReceiptFault::NotABallot));
    let stranger = Drill::begin(Options { seed: 8, ..Options::simple(1) });
    let foreign = Trust::LogKey(stranger.board.verifier_key());
    assert!(matches!(check_receipt(text.as_bytes(), &f, &foreign), Err(ReceiptFault::Checkpoint(_))));
    let roll = letters.receipt(1).encode();
    assert_eq!(check_receipt(roll.as_bytes(), &f, &trust), Err(ReceiptFault::NotABallot));
    let empty = Receipt { extra: Vec::new(), ..letters.receipt(index) }.encode();
    assert_eq!(check_receipt(empty.as_bytes(), &f, &trust), Err(ReceiptFault::NoEntry));
    let moved = Receipt { index: index + 1, ..letters.receipt(index) }.encode();
    assert!(matches!(check_receipt(moved.as_bytes(), &f, &trust), Err(ReceiptFault::Proof(_))));
}

#[test]
fn no_byte_of_a_receipt_is_idle() {
    let mut letters = Letters::opened(options());
    let ballot = letters.cast(2, &[option(1)]);
    let f = letters.f();
    let trust = Trust::of_manifest(letters.drill.election.manifest()).unwrap();
    let index = letters.search(Wanted::Tracker(Tracker(ballot.id(&f)).into()))[0].index;
    let bytes = letters.receipt(index).encode().into_bytes();
    assert!(check_receipt(&bytes, &f, &trust).is_ok());
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        assert!(check_receipt(&flipped, &f, &trust).is_err(), "byte {place}");
    }
}

fn replay(record: &[Vec<u8>], f: ElectionFingerprint) -> Result<Election, ReplayFault> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut replay = Replay::new(f);
    for (index, bytes) in (0..).zip(record) {
        assert_eq!(replay.position(), index);
        replay.take(bytes, &mut rng)?;
    }
    replay.finish(&mut rng)
}

#[test]
fn the_replay_is_the_fold() {
    let mut letters = Letters::opened(options());
    for round in 0..3 {
        letters.cast(0, &[option(round), two(0, 2)]);
        letters.cast(2, &[Selection::Blank]);
    }
    let (_, opening) = letters.audited(1, &[option(0), two(0, 1)]);
    let submission = published(&letters, 1, &opening).unwrap();
    letters.drill.apply(submission).unwrap();
    let f = letters.f();
    let folded = replay(&letters.bytes(), f).unwrap();
    assert_eq!((folded.head(), folded.size()), (letters.drill.election.head(), letters.drill.election.size()));
    let credential = letters.session(0).credential();
    assert_eq!(folded.credential(&credential), letters.drill.election.credential(&credential));
    assert!(OpenElection::check(&folded, &f).is_ok());

    // To the end of the election: the fold stops at the closing, the rest is only read.
    letters.drill.close();
    letters.drill.tally();
    let over = replay(&letters.bytes(), f).unwrap();
    assert_eq!(OpenElection::check(&over, &f).map(|_| ()).unwrap_err(), NotOpen::Over);
    assert_eq!(Some(over.head()), letters.drill.election.closing());
}

#[test]
fn the_replay_names_the_entry_that_breaks_a_rule() {
    let mut letters = Letters::opened(options());
    for _ in 0..3 {
        letters.cast(2, &[Selection::Blank]);
    }
    let (record, f) = (letters.bytes(), letters.f());
    let ballot = record.len() - 2;
    let rejected = |record: &[Vec<u8>]| match replay(record, f).unwrap_err() {
        ReplayFault::Rejected { index, rejection } => (usize::try_from(index).unwrap(), rejection.rule()),
        other => panic!("{other}"),
    };
    let mut dropped = record.clone();
    dropped.remove(ballot);
    assert_eq!(rejected(&dropped), (ballot, Rule::Bal5));
    let mut flipped = record.clone();
    let last = flipped[ballot].len() - 1;
    flipped[ballot][last] ^= 1;
    assert_eq!(rejected(&flipped), (ballot, Rule::Ent5));
    let mut swapped = record.clone();
    swapped.swap(ballot, ballot + 1);
    assert_eq!(rejected(&swapped), (ballot, Rule::Bal5));
    assert!(matches!(replay(&record, ElectionFingerprint([3; 32])), Err(ReplayFault::OtherElection { .. })));
    assert_eq!(replay(&[], f).map(|_| ()).unwrap_err(), ReplayFault::Empty);
}
