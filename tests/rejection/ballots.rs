//! Ballots, published audits, extensions (BAL, AUD, EXT).

use super::{authority, rule, voter};
use crypto::{SecretScalar, schnorr::SigningKey, selection_proof::ContestOpening as Randomness};
use protocol::{
    Author, Body, Selection, Submission,
    body::{AuditedBallot, Ballot, ContestOpening, Extension},
    ids::{EntryHash, SubmissionId},
    manifest::RevoteRule,
};
use vitrine_tests::{Drill, Options, drill::choose_one};

fn option(option: usize) -> Vec<Selection> {
    vec![Selection::Options(vec![option])]
}

fn audited(ballot: &Ballot, values: Vec<u64>, openings: Vec<Randomness>) -> Body {
    let openings = openings
        .into_iter()
        .map(|opening| ContestOpening { values: values.clone(), randomness: opening.into_public().0 })
        .collect();
    Body::AuditedBallot(AuditedBallot { ballot: Body::Ballot(ballot.clone()).encode().into(), openings })
}

#[test]
fn unknown_credentials() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, _) = drill.seal(0, &option(1));
    drill.credentials[0] = SigningKey::from_secret(SecretScalar::generate(&mut drill.rng).unwrap());
    assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-1");
}

#[test]
fn foreign_openings() {
    let mut drill = Drill::opened(Options::simple(3));
    let (mut ballot, _) = drill.seal(0, &option(1));
    ballot.opening = EntryHash([1; 32]);
    assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-2");
}

#[test]
fn wrong_contests() {
    let second = choose_one("Second", &["x", "y"]);
    let mut options = Options::simple(3);
    options.contests.push(second);
    options.units = vec![vec![0], vec![0, 1]];
    options.voters[2].0 = 1;
    let mut drill = Drill::opened(options);
    let (right, _) = drill.seal(2, &[Selection::Blank, Selection::Blank]);
    let changes: [fn(&mut Ballot); 5] = [
        |ballot| ballot.contests.clear(),
        |ballot| drop(ballot.contests.pop()),
        |ballot| ballot.contests.push(ballot.contests[0].clone()),
        |ballot| ballot.contests.swap(0, 1),
        |ballot| ballot.contests[1].push(0),
    ];
    for change in changes {
        let mut ballot = right.clone();
        change(&mut ballot);
        assert_eq!(voter(&mut drill, 2, Body::Ballot(ballot)), "BAL-3");
    }
    // A ballot of the other unit's style.
    let (ballot, _) = drill.seal(0, &[Selection::Blank]);
    assert_eq!(voter(&mut drill, 2, Body::Ballot(ballot)), "BAL-3");
}

/// Any bit of a sealed contest, another's contest, another election's.
#[test]
fn invalid_selections() {
    let mut drill = Drill::opened(Options::simple(3));
    let (right, _) = drill.seal(0, &option(1));
    for byte in (0..right.contests[0].len()).step_by(7) {
        let mut ballot = right.clone();
        ballot.contests[0][byte] ^= 1;
        assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-4", "byte {byte}");
    }
    assert_eq!(voter(&mut drill, 1, Body::Ballot(right.clone())), "BAL-4");
    let mut elsewhere = Drill::opened(Options { seed: 9, ..Options::simple(3) });
    let (foreign, _) = elsewhere.seal(0, &option(1));
    let ballot = Ballot { contests: foreign.contests, ..right };
    assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-4");
}

#[test]
fn chains() {
    let mut drill = Drill::opened(Options::simple(3));
    let (first, _) = drill.seal(0, &option(1));
    let (other, _) = drill.seal(0, &option(2));
    for (sequence, previous) in [(0, [0; 32]), (2, [0; 32]), (1, [1; 32]), (u64::MAX, [0; 32])] {
        let ballot = Ballot { sequence, previous: SubmissionId(previous), ..first.clone() };
        assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-5");
    }
    let submission = drill.by_voter(0, &Body::Ballot(first));
    drill.apply(submission.clone()).unwrap();
    // Replayed, and a second device that sealed at the same time.
    assert_eq!(rule(drill.apply(submission)), "BAL-5");
    assert_eq!(voter(&mut drill, 0, Body::Ballot(other)), "BAL-5");
    drill.cast(0, &option(3)).unwrap();
}

#[test]
fn revotes() {
    let mut drill = Drill::opened(Options { revote: RevoteRule::First, ..Options::simple(3) });
    drill.cast(0, &option(0)).unwrap();
    let (second, _) = drill.seal(0, &option(1));
    assert_eq!(voter(&mut drill, 0, Body::Ballot(second)), "BAL-6");

    let mut drill = Drill::opened(Options::simple(2));
    for _ in 0..64 {
        drill.cast(0, &option(0)).unwrap();
    }
    let (more, _) = drill.seal(0, &option(1));
    assert_eq!(voter(&mut drill, 0, Body::Ballot(more)), "BAL-6");
}

/// A sealed contest twice in one election: from an audit, and twice in one ballot.
#[test]
fn repeated_ciphertexts() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, openings) = drill.seal(0, &option(1));
    let audit = audited(&ballot, vec![0, 1, 0, 0, 0], openings);
    let submission = drill.by_voter(0, &audit);
    drill.apply(submission).unwrap();
    // An opened ballot is never cast, and never opened again under another signature of the same body or another body.
    assert_eq!(voter(&mut drill, 0, Body::Ballot(ballot)), "BAL-7");
    assert_eq!(voter(&mut drill, 0, audit), "BAL-7");

    // Nor is a cast ballot opened.
    let (ballot, openings) = drill.seal(1, &option(1));
    let submission = drill.by_voter(1, &Body::Ballot(ballot.clone()));
    drill.apply(submission).unwrap();
    let audit = audited(&ballot, vec![0, 1, 0, 0, 0], openings);
    assert_eq!(voter(&mut drill, 1, audit), "BAL-7");
}

/// The voter who seals two contests with one randomness: each proof is right, the ballot is refused.
#[test]
fn one_randomness_for_two_contests() {
    let mut options = Options::simple(3);
    options.contests.push(options.contests[0].clone());
    options.contests[1].title = "Second".into();
    options.units = vec![vec![0, 1]];
    let mut drill = Drill::opened(options);
    let generator = drill.rng.clone();
    let (first, _) = drill.seal(0, &[Selection::Blank, Selection::Blank]);
    // The private randomness also depends on the context, so a repeated generator does not repeat r of another contest's; r is drawn
    // from the generator alone, so rewinding it does.
    drill.rng = generator;
    let (again, _) = drill.seal(0, &[Selection::Blank, Selection::Blank]);
    assert_eq!(first.contests[0][..32], again.contests[0][..32]);
    let submission = drill.by_voter(0, &Body::Ballot(first));
    drill.apply(submission).unwrap();
    drill.rng = rand_chacha::rand_core::SeedableRng::seed_from_u64(77);
    drill.cast(1, &[Selection::Blank, Selection::Blank]).unwrap();
}

#[test]
fn audits() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, openings) = drill.seal(0, &option(1));
    let not_a_ballot =
        Body::AuditedBallot(AuditedBallot { ballot: vec![0x82, 0x11, 0x81, 0x61, b'x'].into(), openings: Vec::new() });
    assert_eq!(voter(&mut drill, 0, not_a_ballot), "AUD-1");
    assert_eq!(voter(&mut drill, 0, audited(&ballot, vec![0, 1, 0, 0, 0], Vec::new())), "AUD-1");
    let Body::AuditedBallot(right) = audited(&ballot, vec![0, 1, 0, 0, 0], openings) else { unreachable!("an audit") };
    let changes: [fn(&mut ContestOpening); 5] = [
        |opening| opening.values = vec![1, 0, 0, 0, 0],
        |opening| opening.values.push(0),
        |opening| opening.values.clear(),
        |opening| opening.randomness[0] ^= 1,
        |opening| opening.randomness = [0xff; 32],
    ];
    for change in changes {
        let mut wrong = right.clone();
        change(&mut wrong.openings[0]);
        assert_eq!(voter(&mut drill, 0, Body::AuditedBallot(wrong)), "AUD-2");
    }
    // A sealed ballot whose proof is wrong is no ballot, however it opens.
    let mut forged = ballot.clone();
    let last = forged.contests[0].len() - 1;
    forged.contests[0][last - 31] ^= 1;
    let wrong = AuditedBallot { ballot: Body::Ballot(forged).encode().into(), ..right.clone() };
    assert_eq!(voter(&mut drill, 0, Body::AuditedBallot(wrong)), "BAL-4");
    let submission = drill.by_voter(0, &Body::AuditedBallot(right));
    drill.apply(submission).unwrap();
    for _ in 0..4 {
        let (ballot, openings) = drill.seal(0, &option(2));
        let submission = drill.by_voter(0, &audited(&ballot, vec![0, 0, 1, 0, 0], openings));
        drill.apply(submission).unwrap();
    }
    let (ballot, openings) = drill.seal(0, &option(2));
    assert_eq!(voter(&mut drill, 0, audited(&ballot, vec![0, 0, 1, 0, 0], openings)), "AUD-3");
    // Audits take no sequence number: the voter's chain is where it was.
    drill.cast(0, &option(2)).unwrap();
}

/// Somebody else, even with the randomness, publishes no audit of another's ballot.
#[test]
fn audits_of_another() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, openings) = drill.seal(0, &option(1));
    let audit = audited(&ballot, vec![0, 1, 0, 0, 0], openings);
    assert_eq!(voter(&mut drill, 1, audit.clone()), "BAL-4");
    let f = drill.election.fingerprint();
    let author = Author::Credential(drill.credentials[0].public());
    let forged = Submission::sign(&f, &author, audit.encode(), &drill.credentials[1], &mut drill.rng).unwrap();
    assert_eq!(rule(drill.apply(forged)), "ENT-5");
}

#[test]
fn extensions() {
    let mut drill = Drill::opened(Options::simple(3));
    for closing in [0, 29_001_000, 29_002_001, u64::MAX] {
        assert_eq!(authority(&mut drill, Body::Extension(Extension { closing })), "EXT-1");
    }
    let submission = drill.by_authority(&Body::Extension(Extension { closing: 29_001_500 }));
    drill.apply(submission).unwrap();
    assert_eq!(authority(&mut drill, Body::Extension(Extension { closing: 29_001_400 })), "EXT-1");
}
