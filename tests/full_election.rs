//! A whole election, written to be read aloud.

use protocol::{Election, Phase, Selection};
use vitrine_tests::{Drill, Options, Panel, drill::choose_one};

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

/// Twenty trustees, ten of whom decrypt, and fifty slots: the ceremony takes at most 1.2 MiB of the record (`ceremony_scale` measures
/// its time).
#[test]
fn a_large_ceremony_fits_its_share_of_the_record() {
    let options: Vec<String> = (1..50).map(|option| format!("Option {option}")).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let contests = vec![choose_one("Which one?", &options)];
    let mut drill = Drill::begin(Options { trustees: (10, 10, 20), contests, ..Options::simple(1) });
    assert_eq!(drill.election.manifest().slot_keys(), 50);
    drill.run_ceremony();
    assert_eq!(drill.election.ceremony().active().len(), 20);
    // Each entry with its length in the bundle and its leaf hash.
    let bytes: usize = drill.entries[1..].iter().map(|entry| entry.encode().len() + 2 + 32).sum();
    assert!(bytes * 10 <= 12 << 20, "{bytes} bytes");
}

/// Every trustee with the real tool and a fold of its own: they agree on the key, and on the size of what they made.
#[test]
fn trustees_with_a_fold_each() {
    let mut panel = Panel::of((2, 2, 3), 5);
    panel.run();
    let keys: Vec<_> = panel.elections().map(|election| election.joint_key().unwrap().fingerprint).collect();
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]));
    let mut drill = Drill::begin(Options::simple(1));
    drill.run_ceremony();
    let bytes: usize = drill.entries[1..].iter().map(|entry| entry.encode().len() + 2 + 32).sum();
    assert_eq!((panel.entries(), panel.bytes()), (drill.entries.len() - 1, bytes));
}
