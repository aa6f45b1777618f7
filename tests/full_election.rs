//! A whole election, written to be read aloud.

use protocol::{Election, Phase, Selection};
use vitrine_tests::{Drill, Options};

/// Two hundred voters choose one of four or none; three of them think again; two of three trustees decrypt (THR-24).
#[test]
fn two_hundred_voters_from_manifest_to_result() {
    let mut drill = Drill::opened(Options::simple(200));
    let choice = |voter: usize| match voter % 5 {
        4 => Selection::Blank,
        option => Selection::Options(vec![option]),
    };
    for voter in 0..200 {
        drill.cast(voter, &[choice(voter)]).unwrap();
    }
    for voter in [0, 5, 10] {
        drill.cast(voter, &[Selection::Options(vec![3])]).unwrap();
    }
    drill.close();
    drill.tally();

    assert_eq!(drill.election.phase(), Phase::Tallied);
    assert_eq!(drill.election.groups(0)[0].totals(), Some(&[37, 40, 40, 43, 40][..]));

    // Anyone who has the record comes to the same state.
    let mut again = Election::begin(&drill.entries[0]).unwrap();
    for entry in &drill.entries[1..] {
        again.apply(entry).unwrap();
        if again.phase() == Phase::Closed && !again.is_settled() {
            let counted = again.counted_positions();
            let ballots = counted.iter().map(|position| &drill.entries[usize::try_from(*position).unwrap()]);
            let sums = again.sum(ballots).unwrap();
            again.settle(sums).unwrap();
        }
    }
    assert_eq!(again.phase(), Phase::Tallied);
    assert_eq!(again.head(), drill.election.head());
}
