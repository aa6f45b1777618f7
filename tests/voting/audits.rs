//! Audited ballots: what they show, and that they can never be cast.

use crate::letters::{Letters, encode_opening, filled, inside, option, options, published, signed_by_credential, two};
use ballot_client::{
    AuditOpening, Tracker, TypedTracker,
    audit::{AuditFault, check_audit},
    lookup::{Fate, Wanted},
    session::PublishError,
};
use protocol::{Author, Body, Rule, Selection, Submission};
use rand_chacha::ChaCha20Rng;
use vitrine_tests::{Drill, Options};

#[test]
fn an_audited_ballot_shows_what_was_chosen_and_can_never_be_cast() {
    let mut letters = Letters::opened(options());
    let (shown, opening) = letters.audited(0, &[option(1), two(0, 2)]);
    let bytes = opening.encode();

    // The second device has only the file, the tracker that was shown, and an election it checked itself.
    let findings = check_audit(&bytes, &shown.to_string().parse().unwrap(), &letters.drill.election).unwrap();
    assert_eq!(findings.to_string(), "Council member: Blaise\nCommittee: Emmy, Gauss\n");
    assert_eq!(findings.tracker, shown);

    // No signature of the credential occurs in the opening, so what a thief of the file can send is refused (ENT-5).
    let author = Author::Credential(letters.session(0).credential()).encode();
    let audited = inside(&opening);
    let body = audited.ballot.to_vec();
    for signature in [Vec::new(), vec![0; 64], audited.openings[0].randomness.repeat(2)] {
        assert_eq!(letters.refused(Submission::from_parts(author.clone(), body.clone(), signature)), Rule::Ent5);
    }

    // The voter seals anew, with fresh randomness, and casts; the audit took no place in the chain.
    let cast = letters.cast(0, &[option(1), two(0, 2)]);
    assert_ne!(cast.id(&letters.f()), shown.0);
    assert_eq!(letters.session(0).state().sequence, 1);
}

#[test]
fn a_published_audit_counts_for_nothing_and_its_ballot_is_spent() {
    let mut letters = Letters::opened(options());
    let (shown, opening) = letters.audited(0, &[option(1), two(0, 2)]);
    let submission = published(&letters, 0, &opening).unwrap();
    letters.drill.apply(submission.clone()).unwrap();
    assert_eq!(letters.session(0).state().sequence, 0);
    assert_eq!(letters.session(0).state().audits, 1);
    let found = letters.search(Wanted::Tracker(TypedTracker::from(shown)));
    assert_eq!((found.len(), found[0].fate), (1, Fate::Audited));

    // Who holds the credential cannot cast it after all, nor publish it twice (BAL-7).
    assert_eq!(letters.refused(submission), Rule::Bal7);
    let cast = signed_by_credential(&letters, 0, inside(&opening).ballot.to_vec());
    assert_eq!(letters.refused(cast), Rule::Bal7);

    // A cast ballot cannot be opened either. (Two of one seed stand for a device that kept what it should have wiped.)
    let mut rng = letters.rng.clone();
    let (tracker, ballot, spent) = {
        let session = letters.session(1);
        let seal = |rng: &mut ChaCha20Rng| filled(&session, &[option(0), two(0, 1)]).seal(rng).unwrap();
        let (to_cast, to_audit) = (seal(&mut rng.clone()), seal(&mut rng.clone()));
        assert_eq!(to_cast.tracker(), to_audit.tracker());
        (to_cast.tracker(), to_cast.cast(&mut rng).unwrap(), to_audit.audit())
    };
    letters.drill.apply(ballot).unwrap();
    assert_eq!(spent.tracker(), tracker);
    let late = published(&letters, 1, &spent).unwrap();
    assert_eq!(letters.refused(late), Rule::Bal7);
}

#[test]
fn five_audits_of_a_credential_are_published_and_no_more() {
    let mut letters = Letters::opened(options());
    for _ in 0..5 {
        let (_, opening) = letters.audited(0, &[Selection::Blank, two(0, 1)]);
        let submission = published(&letters, 0, &opening).unwrap();
        letters.drill.apply(submission).unwrap();
    }
    // The client says so before the board does.
    let (_, sixth) = letters.audited(0, &[Selection::Blank, two(0, 1)]);
    assert_eq!(published(&letters, 0, &sixth), Err(PublishError::TooMany));
    assert_eq!(published(&letters, 1, &sixth), Err(PublishError::NotYours));
    let pressed = signed_by_credential(&letters, 0, Body::AuditedBallot(inside(&sixth)).encode());
    assert_eq!(letters.refused(pressed), Rule::Aud3);
}

#[test]
fn a_device_that_changes_the_choice_is_caught() {
    let mut letters = Letters::opened(options());
    let (shown, opening) = letters.audited(0, &[option(1), two(0, 2)]);
    let (other_shown, other) = letters.audited(0, &[option(0), two(0, 2)]);
    let election = &letters.drill.election;
    let check = |bytes: &[u8], shown: Tracker| check_audit(bytes, &shown.into(), election);

    // It sealed something else and shows the voter's choice: the opening does not encrypt to the ballot.
    let mut lie = inside(&opening);
    lie.openings[0].values = vec![1, 0, 0, 0];
    assert_eq!(check(&encode_opening(&letters, 0, &lie), shown), Err(AuditFault::OpeningDiffers { contest: 0 }));
    // It opens another ballot than the one whose tracker it showed.
    assert_eq!(check(&other.encode(), shown), Err(AuditFault::TrackerDiffers(other_shown)));
    // A proof that does not verify: the ballot would never have been recorded.
    let mut broken = inside(&opening);
    let Body::Ballot(mut ballot) = Body::decode(&broken.ballot).unwrap() else { unreachable!() };
    let last = ballot.contests[1].len() - 32;
    ballot.contests[1][last] ^= 1;
    broken.ballot = Body::Ballot(ballot.clone()).encode().into();
    let bytes = encode_opening(&letters, 0, &broken);
    let tracker = AuditOpening::decode(&bytes).unwrap().tracker();
    assert_eq!(check(&bytes, tracker), Err(AuditFault::ProofFails { contest: 1 }));
    // A contest left out.
    ballot.contests.pop();
    broken.ballot = Body::Ballot(ballot).encode().into();
    let bytes = encode_opening(&letters, 0, &broken);
    let tracker = AuditOpening::decode(&bytes).unwrap().tracker();
    assert!(matches!(check(&bytes, tracker), Err(AuditFault::NotThisBallot(_))));
    assert_eq!(check(&opening.encode(), shown).unwrap().tracker, shown);
}

#[test]
fn a_comparison_that_decides_nothing_is_refused() {
    let mut letters = Letters::opened(options());
    let (shown, opening) = letters.audited(0, &[option(1), two(0, 2)]);
    let election = &letters.drill.election;
    let good = opening.encode();
    // Four characters of a tracker prove nothing.
    let short: TypedTracker = shown.to_string()[..4].parse().unwrap();
    assert_eq!(check_audit(&good, &short, election), Err(AuditFault::TrackerTooShort));
    // Truncated, extended, or no opening at all.
    for bad in [&good[..good.len() - 1], &[&good[..], &[0]].concat(), b"", &[0xff; 70_000]] {
        let fault = check_audit(bad, &shown.into(), election).unwrap_err();
        assert!(matches!(fault, AuditFault::Malformed(_) | AuditFault::TooLong(_)));
    }
    // Of another election; on another roll.
    let stranger = Drill::opened(Options { seed: 5, ..Options::simple(1) });
    let fault = check_audit(&good, &shown.into(), &stranger.election).unwrap_err();
    assert_eq!(fault, AuditFault::OtherElection(letters.f()));
    let nobody = opening_of_nobody(&letters, &opening);
    let tracker = AuditOpening::decode(&nobody).unwrap().tracker();
    assert_eq!(check_audit(&nobody, &tracker.into(), election), Err(AuditFault::UnknownCredential));
}

/// The opening under a credential that is not on the roll.
fn opening_of_nobody(letters: &Letters, opening: &AuditOpening) -> Vec<u8> {
    let own = letters.session(0).credential().0;
    let mut bytes = opening.encode();
    let place = bytes.windows(32).position(|window| window == own).unwrap();
    bytes[place] ^= 1;
    bytes
}
