//! Closing, partial decryptions, results (CLO, TAL).

use super::{authority, rule, trustee};
use protocol::{
    Body, Phase, Selection, Submission,
    body::{Closing, PartialDecryption, ResultBody},
    election::{GroupStatus, SettleError, Sums},
    ids::CountedFingerprint,
};
use vitrine_tests::{Drill, Options};

fn closed(options: Options) -> Drill {
    let mut drill = Drill::opened(options);
    for voter in 0..drill.options.voters.len() {
        drill.cast(voter, &[Selection::Options(vec![voter % 4])]).unwrap();
    }
    drill.close();
    drill
}

fn result(totals: Vec<u64>) -> Submission {
    Submission::anonymous(Body::Result(ResultBody { contest: 0, group: 0, totals }).encode())
}

#[test]
fn closings() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &[Selection::Blank]).unwrap();
    let Body::Closing(right) = drill.closing() else { unreachable!("a closing is a closing") };
    let wrong = Closing { counted: CountedFingerprint([0; 32]), ..right.clone() };
    assert_eq!(authority(&mut drill, Body::Closing(wrong)), "CLO-1");
    let evidence = Closing { evidence: b"a checkpoint".to_vec().into(), ..right.clone() };
    assert_eq!(authority(&mut drill, Body::Closing(evidence)), "CLO-2");
    // A ballot between the count and the closing: the count is no longer the record's.
    drill.cast(1, &[Selection::Blank]).unwrap();
    assert_eq!(authority(&mut drill, Body::Closing(right)), "CLO-1");
}

#[test]
fn partials_of_nothing() {
    let mut drill = closed(Options { trustees: (2, 2, 3), ..Options::simple(5) });
    let Body::PartialDecryption(right) = drill.partial(1, 0, 0) else { unreachable!("a partial is a partial") };
    for (contest, group) in [(1, 0), (0, 1), (u32::MAX, 0)] {
        let body = PartialDecryption { contest, group, ..right.clone() };
        assert_eq!(trustee(&mut drill, 1, Body::PartialDecryption(body)), "TAL-1");
    }
    let short = PartialDecryption { partials: right.partials[1..].to_vec(), ..right };
    assert_eq!(trustee(&mut drill, 1, Body::PartialDecryption(short)), "TAL-2");
}

/// A trustee that left the ceremony holds no share of the key.
#[test]
fn partials_of_the_departed() {
    let mut drill = Drill::begin(Options::simple(2));
    drill.publish_roll();
    let dealings: Vec<Vec<Body>> = (1..=3).map(|who| drill.dealing(who)).collect();
    for (who, parts) in (1..=2).zip(&dealings) {
        drill.commit(who, parts).unwrap();
    }
    let end = Body::StageEnd(protocol::body::StageEnd { stage: 1, evidence: Vec::new().into() });
    let submission = drill.by_authority(&end);
    drill.apply(submission).unwrap();
    for (who, parts) in (1..=2).zip(&dealings) {
        let submission = drill.by_trustee(who, &parts[0]);
        drill.apply(submission).unwrap();
    }
    for who in 1..=2 {
        drill.confirm(who).unwrap();
    }
    for who in 1..=2 {
        drill.take_key_shares(who);
        drill.rehearse(who).unwrap();
    }
    drill.open();
    drill.cast(0, &[Selection::Blank]).unwrap();
    drill.close();
    let body = drill.partial(1, 0, 0);
    assert_eq!(trustee(&mut drill, 3, body), "TAL-1");
}

/// Once right and once wrong; the wrong one names its author and blocks nobody.
#[test]
fn wrong_partials_are_evidence() {
    let mut drill = closed(Options::simple(5));
    let Body::PartialDecryption(right) = drill.partial(1, 0, 0) else { unreachable!("a partial is a partial") };
    let mut wrong = right.clone();
    wrong.partials.swap(0, 1);
    let submission = drill.by_trustee(1, &Body::PartialDecryption(wrong.clone()));
    let index = drill.apply(submission).unwrap();
    assert_eq!(drill.election.groups(0)[0].wrong().get(&1), Some(&index));
    assert!(drill.election.groups(0)[0].right().is_empty());
    wrong.proof[95] ^= 1;
    assert_eq!(trustee(&mut drill, 1, Body::PartialDecryption(wrong)), "TAL-3");
    let submission = drill.by_trustee(1, &Body::PartialDecryption(right));
    drill.apply(submission).unwrap();
    let again = drill.partial(1, 0, 0);
    assert_eq!(trustee(&mut drill, 1, again), "TAL-3");
    // Another trustee's, copied, is wrong too.
    let copied = drill.partial(1, 0, 0);
    let submission = drill.by_trustee(2, &copied);
    drill.apply(submission).unwrap();
    assert!(drill.election.groups(0)[0].wrong().contains_key(&2));
    let honest = drill.partial(2, 0, 0);
    let submission = drill.by_trustee(2, &honest);
    drill.apply(submission).unwrap();
    let Body::Result(body) = drill.result(0, 0) else { unreachable!("a result is a result") };
    drill.apply(result(body.totals)).unwrap();
    assert_eq!(drill.election.phase(), Phase::Tallied);
}

#[test]
fn results() {
    let mut drill = closed(Options::simple(5));
    assert_eq!(rule(drill.apply(result(vec![2, 1, 1, 1, 0]))), "TAL-4");
    for who in 1..=2 {
        let body = drill.partial(who, 0, 0);
        let submission = drill.by_trustee(who, &body);
        drill.apply(submission).unwrap();
    }
    for totals in [vec![1, 2, 1, 1, 0], vec![2, 1, 1, 1], vec![2, 1, 1, 1, 0, 0], vec![u64::MAX, 1, 1, 1, 0]] {
        assert_eq!(rule(drill.apply(result(totals))), "TAL-5");
    }
    let elsewhere = Body::Result(ResultBody { contest: 0, group: 1, totals: vec![0; 5] });
    assert_eq!(rule(drill.apply(Submission::anonymous(elsewhere.encode()))), "TAL-1");
    drill.apply(result(vec![2, 1, 1, 1, 0])).unwrap();
    assert_eq!(rule(drill.apply(result(vec![2, 1, 1, 1, 0]))), "ENT-6");
}

/// A second result of one group, while another group still waits.
#[test]
fn repeated_results() {
    let mut options = Options::simple(6);
    options.units = vec![vec![0], vec![0]];
    for voter in 3..6 {
        options.voters[voter].0 = 1;
    }
    let mut drill = closed(options);
    for who in 1..=2 {
        let body = drill.partial(who, 0, 0);
        let submission = drill.by_trustee(who, &body);
        drill.apply(submission).unwrap();
    }
    drill.apply(result(vec![1, 1, 1, 0, 0])).unwrap();
    assert_eq!(rule(drill.apply(result(vec![1, 1, 1, 0, 1]))), "TAL-6");
}

/// Sums of other ballots than the counted ones do not settle a closing.
#[test]
fn settling() {
    let mut drill = Drill::opened(Options::simple(3));
    for option in [0, 1] {
        drill.cast(0, &[Selection::Options(vec![option])]).unwrap();
    }
    assert_eq!(drill.election.settle(Sums::default()), Err(SettleError::NotClosed));
    let body = drill.closing();
    let submission = drill.by_authority(&body);
    drill.apply(submission).unwrap();
    let ballots: Vec<_> =
        drill.entries.iter().filter(|entry| matches!(entry.submission().body(), Ok(Body::Ballot(_)))).collect();
    let superseded = drill.election.sum([ballots[0]]);
    assert_eq!(superseded.unwrap_err(), SettleError::NotCounted(ballots[0].index));
    assert!(drill.election.sum([&drill.entries[0]]).is_err());
    let twice = drill.election.sum([ballots[1], ballots[1]]).unwrap();
    assert_eq!(drill.election.settle(twice), Err(SettleError::Incomplete));
    assert_eq!(drill.election.settle(Sums::default()), Err(SettleError::Incomplete));
    let sums = drill.election.sum([ballots[1]]).unwrap();
    drill.election.settle(sums).unwrap();
}

/// Small groups join their neighbour; a single small one is withheld, unless waived; an empty one is zero.
#[test]
fn tally_groups() {
    let options = |sizes: &[usize], minimum, small_tally| {
        let mut options = Options::simple(0);
        options.units = vec![vec![0]; sizes.len()];
        options.voters = (0u32..).zip(sizes).flat_map(|(unit, size)| vec![(unit, 1); *size]).collect();
        options.voters.push((0, 1));
        Options { minimum_unit: minimum, small_tally, ..options }
    };
    let groups = |options: Options| {
        let mut drill = Drill::opened(options);
        // The last voter, in unit 0, stays away.
        for voter in 0..drill.options.voters.len() - 1 {
            drill.cast(voter, &[Selection::Blank]).unwrap();
        }
        drill.close();
        let groups = drill.election.groups(0);
        groups.iter().map(|group| (group.units.clone(), group.counted, group.status)).collect::<Vec<_>>()
    };
    use GroupStatus::{Empty, Open, Withheld};
    assert_eq!(groups(options(&[1, 3, 0], 3, false)), [(vec![0, 1], 4, Open), (vec![2], 0, Empty)]);
    assert_eq!(groups(options(&[3, 1], 3, false)), [(vec![0, 1], 4, Open)]);
    assert_eq!(groups(options(&[1, 0], 3, false)), [(vec![0, 1], 1, Withheld)]);
    assert_eq!(groups(options(&[1, 0], 3, true)), [(vec![0, 1], 1, Open)]);
    assert_eq!(groups(options(&[3, 1, 3], 3, false)), [(vec![0], 3, Open), (vec![1, 2], 4, Open)]);
}
