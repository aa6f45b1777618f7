//! Voters and their programs (THR-1 to THR-8).

use crate::{cheating::Forgery, option, rule, totals, voter};
use crypto::{EncodedPoint, Point, Scalar, SecretScalar, group::G, schnorr::SigningKey, selection_proof};
use protocol::{
    Author, Body, Contest, ContestKind, Selection, Submission,
    body::{AuditedBallot, Ballot, ContestOpening},
    election::prove_batch,
    ids::SubmissionId,
    manifest::RevoteRule,
};
use vitrine_tests::{Drill, Options};

/// THR-1: two options, none, minus one, a million, half a vote; an honest proof by the same prover is taken.
#[test]
fn selection_outside_the_rules() {
    let mut drill = Drill::opened(Options::simple(3));
    let wishes: [[i64; 5]; 7] = [
        [1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [2, -1, 0, 0, 0],
        [-1, 1, 1, 0, 0],
        [1_000_000, 0, 0, 0, -999_999],
        [3, 0, 0, 0, 0],
        [1, 0, 0, 0, 1],
    ];
    for wish in wishes {
        let ballot = Forgery::of(&drill, 0, &wish).ballot(&mut drill.rng);
        assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-4", "{wish:?}");
    }
    let mut halves = Forgery::of(&drill, 0, &[0; 5]);
    halves.witness[..2].fill(Scalar::from(2u64).invert());
    let ballot = halves.ballot(&mut drill.rng);
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-4", "half for each of two");

    let honest = Forgery::of(&drill, 0, &[0, 1, 0, 0, 0]).ballot(&mut drill.rng);
    voter(&mut drill, 0, &Body::Ballot(honest)).unwrap();
    assert_eq!(totals(&mut drill), [0, 1, 0, 0, 0]);
}

/// THR-1 where several options are allowed: too many, a blank and an option, slack beyond its bits.
#[test]
fn more_options_than_allowed() {
    let options = ["Ada", "Blaise", "Carl"].map(String::from).to_vec();
    let kind = ContestKind::Choose { minimum: 1, maximum: 2 };
    let contest = Contest::new("Two seats", kind, options, true);
    let mut drill = Drill::opened(Options { contests: vec![contest], ..Options::simple(2) });
    // Three options, the blank, and the slack bit: options + slack + 2 blank = 2.
    for wish in [[1, 1, 1, 0, 0], [1, 0, 0, 1, 0], [0, 0, 0, 0, 2], [1, 1, 1, 0, -1], [2, 0, 0, 0, 0], [0, 0, 0, 0, 1]]
    {
        let ballot = Forgery::of(&drill, 0, &wish).ballot(&mut drill.rng);
        assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-4", "{wish:?}");
    }
    for wish in [[1, 0, 0, 0, 1], [1, 1, 0, 0, 0], [0, 0, 0, 1, 0]] {
        let ballot = Forgery::of(&drill, 0, &wish).ballot(&mut drill.rng);
        voter(&mut drill, 0, &Body::Ballot(ballot)).unwrap();
    }
}

/// THR-2: the voter has every dealer's polynomials, so every slot secret `p_j`, and shapes ciphertexts that only those secrets make.
#[test]
fn voter_with_every_trustee_key() {
    let mut drill = Drill::opened(Options::simple(3));
    let secrets: Vec<Scalar> = (0..5)
        .map(|slot| drill.trustees.iter().map(|trustee| *trustee.polynomials[slot].coefficients()[0].expose()).sum())
        .collect();
    let keys = drill.election.bases().slot_points().to_vec();
    assert!(secrets.iter().zip(&keys).all(|(secret, key)| G * secret == *key), "the voter knows all slot secrets");

    let (h, q) = (*drill.election.bases().blinding(), drill.election.bases().witness().to_vec());
    let one = Scalar::ONE;
    let guess = Scalar::from(12_345u64);
    type Shifts = Vec<(usize, Point)>;
    let shapes: Vec<(&str, Shifts, Option<usize>)> = vec![
        ("two votes in slot 1", vec![(1, G)], None),
        ("a vote moved from slot 2", vec![(1, G), (2, -G)], None),
        ("errors that cancel at a guessed challenge", vec![(1, G), (2, -G * guess.invert())], None),
        ("a ciphertext under another randomness", vec![(0, G)], None),
        ("values traded for randomness by p_j", vec![(0, G), (1, keys[0]), (2, keys[1] + G)], None),
        ("a slot that nobody decrypts", vec![(1, h)], Some(1)),
        ("randomness outside G", vec![(0, h)], Some(0)),
        ("a witness base in a slot", vec![(1, q[1])], None),
        ("the randomness base in C_0", vec![(0, q[0])], None),
    ];
    for (what, shifts, absorbed) in shapes {
        let mut forgery = Forgery::of(&drill, 0, &[1, 0, 0, 0, 0]);
        for (place, shift) in shifts {
            forgery.shifts[place] = shift;
        }
        if let Some(place) = absorbed {
            forgery.absorbed[place] = one;
        }
        let forged = Body::Ballot(forgery.ballot(&mut drill.rng));
        // Alone, and hidden in a batch between honest ones.
        assert_eq!(rule(voter(&mut drill, 0, &forged)), "BAL-4", "{what}");
        let honest = [1, 2].map(|other| Body::Ballot(drill.seal(other, &option(1)).0));
        let submissions = [drill.by_voter(1, &honest[0]), drill.by_voter(0, &forged), drill.by_voter(2, &honest[1])];
        let examined = submissions.iter().map(|submission| drill.election.examine(submission).unwrap()).collect();
        let proven = prove_batch(examined, drill.election.bases(), &mut drill.rng);
        let rules: Vec<Option<&str>> =
            proven.iter().map(|one| one.as_ref().err().map(|refusal| refusal.rule().id())).collect();
        assert_eq!(rules, [None, Some("BAL-4"), None], "{what}");
    }
    drill.cast(1, &option(1)).unwrap();
    assert_eq!(totals(&mut drill), [0, 1, 0, 0, 0]);
}

/// THR-3: the copier learns nothing, spoils nothing and blocks nobody.
#[test]
fn copied_ballot() {
    let mut options = Options::simple(3);
    options.contests.push(Contest { title: "Second".into(), ..options.contests[0].clone() });
    options.units = vec![vec![0, 1]];
    let mut drill = Drill::opened(options);
    let choice = [option(2), option(3)].concat();
    let (ballot, _) = drill.seal(0, &choice);
    let copy = Body::Ballot(ballot.clone());

    // Seen on its way to the board, and sent first under another credential: refused for the proof, so C_0 stays free for its author.
    assert_eq!(rule(voter(&mut drill, 1, &copy)), "BAL-4");
    let original = drill.by_voter(0, &copy);
    drill.apply(original.clone()).unwrap();
    // The same ballot again, byte by byte and under a fresh signature.
    assert_eq!(rule(drill.apply(original)), "BAL-5");
    assert_eq!(rule(voter(&mut drill, 0, &copy)), "BAL-5");
    // As the author's own next ballot, and in the other contest.
    let state = drill.election.credential(&drill.credentials[0].public()).unwrap();
    let again = Ballot { sequence: 2, previous: state.previous, ..ballot.clone() };
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(again))), "BAL-4");
    let swapped = Ballot { contests: ballot.contests.iter().rev().cloned().collect(), ..ballot.clone() };
    assert_eq!(rule(voter(&mut drill, 1, &Body::Ballot(swapped))), "BAL-4");
    // Made to look different: the ciphertext encrypted once more, by keys everybody knows.
    let mut masked = ballot.clone();
    let keys = [vec![G], drill.election.bases().slot_points().to_vec()].concat();
    for (place, key) in keys.iter().enumerate() {
        let range = place * 32..place * 32 + 32;
        let point = EncodedPoint(masked.contests[0][range.clone()].try_into().unwrap()).decode().unwrap();
        masked.contests[0][range].copy_from_slice(&EncodedPoint::encode(&(point + key)).0);
    }
    assert_eq!(rule(voter(&mut drill, 1, &Body::Ballot(masked))), "BAL-4");
    // In another election, as it is and dressed up for it.
    let mut elsewhere = Drill::opened(Options { seed: 2, ..drill.options.clone() });
    assert_eq!(rule(voter(&mut elsewhere, 0, &copy)), "BAL-2");
    let dressed = Ballot { opening: elsewhere.election.opening().unwrap(), ..ballot.clone() };
    assert_eq!(rule(voter(&mut elsewhere, 0, &Body::Ballot(dressed))), "BAL-4");
    drill.cast(1, &choice).unwrap();
}

/// THR-3: who knows r can prove, and still uses a C_0 once: not for two voters, not for two contests, not after an audit.
#[test]
fn one_randomness_twice() {
    let mut options = Options::simple(4);
    options.contests.push(Contest { title: "Second".into(), ..options.contests[0].clone() });
    options.units = vec![vec![0, 1], vec![0]];
    options.voters = vec![(0, 1), (1, 1), (1, 1), (1, 1)];
    let mut drill = Drill::opened(options);
    let shared = Some(Scalar::from(4_444u64));
    let sealed = |drill: &mut Drill, voter, contest| {
        let mut prover = Forgery::in_contest(drill, voter, contest, &[0, 1, 0, 0, 0]);
        prover.randomness = shared;
        prover.prove(&mut drill.rng)
    };
    let (mut twice, _) = drill.seal(0, &[Selection::Blank, Selection::Blank]);
    twice.contests = vec![sealed(&mut drill, 0, 0).into(), sealed(&mut drill, 0, 1).into()];
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(twice))), "BAL-7");
    let (first, _) = drill.seal(1, &[Selection::Blank]);
    let first = Ballot { contests: vec![sealed(&mut drill, 1, 0).into()], ..first };
    voter(&mut drill, 1, &Body::Ballot(first.clone())).unwrap();
    let second = Ballot { contests: vec![sealed(&mut drill, 2, 0).into()], ..first };
    assert_eq!(rule(voter(&mut drill, 2, &Body::Ballot(second))), "BAL-7");
    let (ballot, openings) = drill.seal(3, &option(0));
    let audit = published(&ballot, [1, 0, 0, 0, 0], openings);
    voter(&mut drill, 3, &audit).unwrap();
    assert_eq!(rule(voter(&mut drill, 3, &Body::Ballot(ballot))), "BAL-7");
    drill.cast(2, &option(0)).unwrap();
}

fn published(ballot: &Ballot, values: [u64; 5], openings: Vec<selection_proof::ContestOpening>) -> Body {
    let opened = openings
        .into_iter()
        .map(|opening| ContestOpening { values: values.to_vec(), randomness: opening.into_public().0 })
        .collect();
    Body::AuditedBallot(AuditedBallot { ballot: Body::Ballot(ballot.clone()).encode().into(), openings: opened })
}

/// THR-4: a key of one's own, another's key, nobody's signature, another role's.
#[test]
fn ballot_without_a_credential() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, _) = drill.seal(0, &option(1));
    let body = Body::Ballot(ballot).encode();
    let f = drill.election.fingerprint();
    let stranger = SigningKey::generate(&mut drill.rng).unwrap();
    let victim = Author::Credential(drill.credentials[0].public());
    let mut send = |author: &Author, key: &SigningKey| {
        let submission = Submission::sign(&f, author, body.clone(), key, &mut drill.rng).unwrap();
        rule(drill.election.apply(&drill.election.next_entry(submission, drill.now)))
    };
    assert_eq!(send(&Author::Credential(stranger.public()), &stranger), "BAL-1");
    assert_eq!(send(&Author::Credential(EncodedPoint::IDENTITY), &stranger), "ENT-5");
    assert_eq!(send(&victim, &stranger), "ENT-5");
    assert_eq!(send(&victim, &drill.credentials[1]), "ENT-5");
    assert_eq!(send(&victim, &drill.authority), "ENT-5");
    assert_eq!(send(&Author::Authority, &drill.authority), "ENT-4");
    assert_eq!(rule(drill.apply(Submission::anonymous(body.clone()))), "ENT-4");
    for signature in [Vec::new(), vec![0; 64], vec![0; 63]] {
        let unsigned = Submission::from_parts(victim.encode(), body.clone(), signature);
        assert_eq!(rule(drill.apply(unsigned)), "ENT-5");
    }
    drill.cast(0, &option(1)).unwrap();
}

/// THR-5: two devices, a number left out, a link of another voter's chain, a second ballot under the rule `first`.
#[test]
fn ballot_that_is_not_the_next_link() {
    let mut drill = Drill::opened(Options::simple(3));
    let (on_the_telephone, _) = drill.seal(0, &option(1));
    let (on_the_laptop, _) = drill.seal(0, &option(2));
    voter(&mut drill, 0, &Body::Ballot(on_the_laptop)).unwrap();
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(on_the_telephone))), "BAL-5");
    drill.cast(1, &option(0)).unwrap();
    let others = drill.election.credential(&drill.credentials[1].public()).unwrap().previous;
    let (next, _) = drill.seal(0, &option(3));
    for (sequence, previous) in [(3, next.previous), (1, next.previous), (2, others), (2, SubmissionId([0; 32]))] {
        let ballot = Ballot { sequence, previous, ..next.clone() };
        assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-5", "{sequence} after {previous}");
    }
    voter(&mut drill, 0, &Body::Ballot(next)).unwrap();
    // One voter, one vote: the later ballot, and only it.
    assert_eq!(totals(&mut drill), [1, 0, 0, 1, 0]);

    let mut drill = Drill::opened(Options { revote: RevoteRule::First, ..Options::simple(3) });
    drill.cast(0, &option(0)).unwrap();
    let (second, _) = drill.seal(0, &option(1));
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(second))), "BAL-6");
    assert_eq!(totals(&mut drill), [1, 0, 0, 0, 0]);
}

/// THR-6: neither becomes the other, whoever tries, and the audit is not counted.
#[test]
fn audited_ballot_cast_and_cast_ballot_opened() {
    let mut drill = Drill::opened(Options::simple(3));
    let (ballot, openings) = drill.seal(0, &option(1));
    let audit = published(&ballot, [0, 1, 0, 0, 0], openings);
    voter(&mut drill, 0, &audit).unwrap();
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-7");
    let (ballot, openings) = drill.seal(0, &option(2));
    voter(&mut drill, 0, &Body::Ballot(ballot.clone())).unwrap();
    let receipt = published(&ballot, [0, 0, 1, 0, 0], openings);
    assert_eq!(rule(voter(&mut drill, 0, &receipt)), "BAL-7");
    // Bytes that are no ballot of this place are no audit either.
    let Body::AuditedBallot(empty) = published(&ballot, [0; 5], Vec::new()) else { unreachable!("an audit") };
    assert_eq!(rule(voter(&mut drill, 0, &Body::AuditedBallot(empty))), "AUD-1");
    assert_eq!(totals(&mut drill), [0, 0, 1, 0, 0]);
    assert_eq!((drill.election.counts().audits, drill.election.counts().ballots), (1, 1));
}

/// THR-8: unit, style and weight are the roll's.
#[test]
fn ballot_of_another_style() {
    let mut options = Options::simple(4);
    options.contests.push(Contest { title: "Second".into(), ..options.contests[0].clone() });
    options.units = vec![vec![0], vec![0, 1], vec![1]];
    options.voters = vec![(0, 1), (1, 3), (2, 1), (0, 1)];
    let mut drill = Drill::opened(options);
    let blank = || [Selection::Blank, Selection::Blank];
    let (wide, _) = drill.seal(1, &blank());
    let (narrow, _) = drill.seal(0, &blank()[..1]);
    let (second, _) = drill.seal(2, &blank()[..1]);
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(wide.clone()))), "BAL-3");
    assert_eq!(rule(voter(&mut drill, 1, &Body::Ballot(narrow.clone()))), "BAL-3");
    let mut less = wide;
    less.contests.pop();
    assert_eq!(rule(voter(&mut drill, 1, &Body::Ballot(less))), "BAL-3");
    // The same number of contests of the same lengths, but another contest: the proof is of contest 1.
    let moved = Ballot { contests: second.contests, ..narrow };
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(moved))), "BAL-4");
    drill.cast(0, &option(0)).unwrap();
    drill.cast(1, &[option(1), option(1)].concat()).unwrap();
    drill.cast(2, &option(2)).unwrap();
    drill.close();
    drill.tally();
    let totals: Vec<&[u64]> =
        [0, 1].iter().flat_map(|contest| drill.election.groups(*contest)).filter_map(|group| group.totals()).collect();
    assert_eq!(totals, [&[1, 0, 0, 0, 0], &[0, 3, 0, 0, 0], &[0, 3, 0, 0, 0], &[0, 0, 1, 0, 0]]);
}

/// THR-4 and THR-30: a key that only looks like a credential, because it is a part of one.
#[test]
fn part_of_a_credential() {
    let mut drill = Drill::opened(Options { registrars: 2, ..Options::simple(2) });
    let part = SecretScalar::new(*drill.parts[0][0].expose());
    let (ballot, _) = drill.seal(0, &option(1));
    drill.credentials[0] = SigningKey::from_secret(part);
    assert_eq!(rule(voter(&mut drill, 0, &Body::Ballot(ballot))), "BAL-1");
}
