//! Seal, cast, vote again; what is refused, and what becomes of a ballot whose answer was lost.

use crate::letters::{Letters, filled, option, options, signed_by_credential, two};
use ballot_client::{
    Credential, OpenElection, Session, Tracker,
    credential::CredentialError,
    lookup::{Fate, Wanted},
    session::{BeginError, NotOpen, SealError, SelectError},
};
use crypto::credential_code::CredentialCode;
use protocol::{
    Body, Rule, Selection, Submission, body::Replacement, contest::SelectionError, context, ids::ElectionFingerprint,
    manifest::RevoteRule,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use vitrine_tests::{Drill, Options};

#[test]
fn a_voter_casts_votes_again_and_finds_both() {
    let mut letters = Letters::opened(options());
    let first = letters.cast(0, &[option(1), two(0, 2)]);
    let second = letters.cast(0, &[option(2), Selection::Options(Vec::new())]);
    letters.cast(2, &[Selection::Blank]);

    let f = letters.f();
    let credential = letters.session(0).credential();
    assert_eq!(letters.session(0).state().sequence, 2);
    assert_eq!(letters.session(0).state().previous, second.id(&f));

    // By tracker: typed as it was shown, in lower case and without the dashes.
    let shown = Tracker(first.id(&f)).to_string().to_lowercase().replace('-', "");
    let found = letters.search(Wanted::Tracker(shown.parse().unwrap()));
    assert_eq!(found.len(), 1);
    let latest = letters.drill.election.credential(&credential).unwrap().position.unwrap();
    assert_eq!((found[0].fate, found[0].sequence), (Fate::FollowedBy(latest), Some(1)));

    // By credential: both, and nobody else's.
    let own = letters.search(Wanted::Credential(credential));
    let trackers: Vec<_> = own.iter().map(|found| found.tracker.0).collect();
    assert_eq!(trackers, [first.id(&f), second.id(&f)]);
    assert_eq!(own[1].fate, Fate::Recorded);

    // Only the second counts.
    letters.drill.close();
    letters.drill.tally();
    let totals = |contest: u32| {
        let groups = letters.drill.election.groups(contest).iter();
        groups.map(|group| group.totals().map(<[u64]>::to_vec)).collect::<Vec<_>>()
    };
    assert_eq!(totals(0), [Some(vec![0, 0, 1, 0]), Some(vec![0, 0, 0, 1])]);
    assert_eq!(totals(1), [Some(vec![0, 0, 0])]);
}

#[test]
fn wrong_codes_and_wrong_elections_are_told_apart() {
    let letters = Letters::opened(options());
    let election = &letters.drill.election;
    let begin = |codes: &[CredentialCode], f: &ElectionFingerprint| Session::begin(election, codes, f).map(|_| ());
    let f = letters.f();

    let copy = |code: &CredentialCode| CredentialCode::parse(&code.grouped()).unwrap();
    let [own, other] = [&letters.codes[0], &letters.codes[1]];
    assert_eq!(begin(own, &f), Ok(()));
    assert_eq!(begin(&own[..1], &f), Err(BeginError::Credential(CredentialError::Number { expected: 2, found: 1 })));
    // The registrars' codes in the wrong order; one of somebody else's letters; a code that nobody was sent.
    let stranger = CredentialCode::generate(&mut letters.rng.clone()).unwrap();
    for codes in [[copy(&own[1]), copy(&own[0])], [copy(&own[0]), copy(&other[1])], [copy(&own[0]), stranger]] {
        assert_eq!(begin(&codes, &f), Err(BeginError::UnknownCredential));
    }
    // The letter names another election.
    let expected = ElectionFingerprint([9; 32]);
    assert_eq!(begin(own, &expected), Err(NotOpen::OtherElection { expected, found: f }.into()));
}

#[test]
fn voting_has_a_beginning_and_an_end() {
    let mut letters = Letters::before_opening(options());
    let f = letters.f();
    let refusal = |letters: &Letters| OpenElection::check(&letters.drill.election, &f).map(|_| ()).unwrap_err();
    assert_eq!(refusal(&letters), NotOpen::NotYet);
    letters.drill.open();
    let open = OpenElection::check(&letters.drill.election, &f).unwrap();
    assert_eq!(Some(open.opening()), letters.drill.election.opening());
    let late = letters.signed(0, &[option(0), two(0, 1)]);
    letters.drill.close();
    assert_eq!(refusal(&letters), NotOpen::Over);
    assert_eq!(letters.refused(late), Rule::Ent7);
}

#[test]
fn a_ballot_is_complete_and_within_the_rules() {
    let letters = Letters::opened(options());
    let session = letters.session(0);
    let mut rng = letters.rng.clone();
    let titled = |title: &str, error| SelectError::NotAllowed { title: title.into(), error };
    let check = |contest, selection| session.ballot().check(contest, &selection);
    assert_eq!(check(7, option(0)), Err(SelectError::NotOnBallot(7)));
    assert_eq!(check(0, two(0, 1)), Err(titled("Council member", SelectionError::Number { minimum: 1, maximum: 1 })));
    assert_eq!(check(0, option(3)), Err(titled("Council member", SelectionError::NoSuchOption)));
    assert_eq!(check(1, two(1, 1)), Err(titled("Committee", SelectionError::NoSuchOption)));
    assert_eq!(check(1, Selection::Blank), Err(titled("Committee", SelectionError::NoBlank)));
    let half = session.ballot().select(0, option(0)).unwrap();
    assert_eq!(half.missing(), [1]);
    assert_eq!(half.seal(&mut rng).map(|_| ()).unwrap_err(), SealError::Missing(1));
    // The other unit's ballot has no second contest.
    let other = letters.session(2);
    assert_eq!(other.contests().map(|(index, _)| index).collect::<Vec<_>>(), [0]);
    assert_eq!(other.ballot().check(1, &option(0)), Err(SelectError::NotOnBallot(1)));
    // Every choice has ballots of one length.
    let length = |selections: &[Selection]| letters.signed(0, selections).body_bytes().len();
    assert_eq!(length(&[option(0), two(0, 1)]), length(&[Selection::Blank, Selection::Options(Vec::new())]));
}

#[test]
fn a_copied_ballot_is_refused() {
    let mut letters = Letters::opened(options());
    let victim = letters.cast(0, &[option(1), two(0, 2)]);
    // Under the thief's own name: the proof is bound to the victim's credential (BAL-4).
    let copy = signed_by_credential(&letters, 1, victim.body_bytes().to_vec());
    assert_eq!(letters.refused(copy), Rule::Bal4);
    // Sent once more: the next link of the chain is another (BAL-5).
    assert_eq!(letters.refused(victim), Rule::Bal5);
}

#[test]
fn a_lost_reply_costs_neither_the_ballot_nor_a_second_one() {
    let mut letters = Letters::opened(options());
    // The board records the ballot and its answer is lost. The client kept the signed bytes, and only those.
    let signed = letters.signed(0, &[option(1), two(0, 2)]);
    letters.drill.apply(signed.clone()).unwrap();
    let kept = Submission::decode(&signed.encode()).unwrap();
    // Sending them again changes nothing: the same submission id, and the record has it once.
    assert_eq!(letters.refused(kept.clone()), Rule::Bal5);
    let own = letters.search(Wanted::Credential(letters.session(0).credential()));
    assert_eq!(own.iter().map(|found| found.tracker.0).collect::<Vec<_>>(), [kept.id(&letters.f())]);

    // Two devices: the first in the record wins, the other one's ballot has a place no more, and the record shows which took it.
    let [first, second] = [option(0), option(2)].map(|choice| {
        letters.fresh();
        letters.signed(2, &[choice])
    });
    letters.drill.apply(first.clone()).unwrap();
    assert_eq!(letters.refused(second), Rule::Bal5);
    let there = letters.search(Wanted::Credential(letters.session(2).credential()));
    assert_eq!((there[0].sequence, there[0].tracker.0), (Some(1), first.id(&letters.f())));
}

#[test]
fn the_revote_rule_first_allows_one_ballot() {
    let mut letters = Letters::opened(Options { revote: RevoteRule::First, ..options() });
    let second = {
        let mut rng = letters.rng.clone();
        let mut session = letters.session(2);
        session.recorded(letters.signed(2, &[option(0)]).id(&letters.f()));
        let sealed = filled(&session, &[option(1)]).seal(&mut rng).unwrap();
        sealed.cast(&mut rng).unwrap()
    };
    letters.cast(2, &[option(0)]);
    assert_eq!(letters.refused(second), Rule::Bal6);
    let again = Session::begin(&letters.drill.election, &letters.codes[2], &letters.f());
    assert_eq!(again.map(|_| ()).unwrap_err(), BeginError::HasVoted);
}

#[test]
fn a_replaced_letter_votes_no_more() {
    let mut letters = Letters::opened(Options { registrars: 1, ..options() });
    let (f, index) = (letters.f(), 0);
    let new = CredentialCode::generate(&mut letters.rng).unwrap();
    let secret = new.secret(&f.0, 1);
    let transcript = context::replacement_possession(&f, 1, 1, index);
    let possession = *crypto::schnorr::prove_possession(transcript, &[&secret], &mut letters.rng).unwrap().as_bytes();
    let key = crypto::EncodedPoint::encode(&secret.public());
    let body = Body::Replacement(Replacement { index, round: 1, key, possession });
    let old = letters.signed(0, &[option(0), two(0, 1)]);
    let submission = letters.drill.by_registrar(1, &body);
    letters.drill.apply(submission).unwrap();

    let begin = |codes: &[CredentialCode]| Session::begin(&letters.drill.election, codes, &f).map(|_| ());
    assert_eq!(begin(&letters.codes[0]), Err(BeginError::Replaced));
    assert_eq!(begin(&[new]), Ok(()));
    assert_eq!(letters.refused(old), Rule::Bal1);
}

/// What a demonstration does: one check of the election, then ballots without reading the record again; a revote follows at once.
#[test]
fn many_ballots_are_sealed_from_one_check() {
    let mut drill = Drill::opened(Options::simple(12));
    let f = drill.election.fingerprint();
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let copy = |key: &crypto::schnorr::SigningKey| crypto::schnorr::SigningKey::from_bytes(&key.to_bytes()).unwrap();
    let keys: Vec<Credential> = drill.credentials.iter().map(|key| Credential::from_key(copy(key)).unwrap()).collect();
    let mut submissions = Vec::new();
    let open = OpenElection::check(&drill.election, &f).unwrap();
    for key in keys {
        let mut session = Session::of(open, key).unwrap();
        for choice in 0..2 {
            let sealed = session.ballot().select(0, option(choice)).unwrap().seal(&mut rng).unwrap();
            let tracker = sealed.tracker().0;
            submissions.push(sealed.cast(&mut rng).unwrap());
            session.recorded(tracker);
        }
    }
    for submission in submissions {
        drill.apply(submission).unwrap();
    }
    drill.close();
    drill.tally();
    assert_eq!(drill.election.groups(0)[0].totals(), Some(&[0, 12, 0, 0, 0][..]));
}
