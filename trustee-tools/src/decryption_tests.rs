use super::*;
use crate::{
    authority,
    fixture::{Fixture, NOW},
};
use crypto::selection_proof::{SealedContest, SelectionContext, seal};
use protocol::{
    Selection,
    body::Ballot,
    entry::{Author, Entry},
};

/// Casts a first ballot for each voter: the options given, none for a blank.
pub(crate) fn cast(town: &mut Fixture, selections: &[Option<usize>]) {
    let codes = town.publish_roll();
    town.open();
    for (voter, selection) in selections.iter().enumerate() {
        let ballot = ballot(town, &codes, voter, *selection);
        town.post(ballot);
    }
}

fn ballot(
    town: &mut Fixture,
    codes: &[Vec<crypto::credential_code::CredentialCode>],
    voter: usize,
    selection: Option<usize>,
) -> Submission {
    let election = &town.election;
    let secret = (1u64..)
        .zip(codes)
        .map(|(registrar, codes)| *codes[voter].secret(&election.fingerprint().0, registrar).expose())
        .sum();
    let key = crypto::schnorr::SigningKey::from_secret(SecretScalar::new(secret));
    let credential = key.public();
    let opening = election.opening().unwrap();
    let context = SelectionContext {
        election: election.fingerprint().0,
        opening: opening.0,
        joint_key: election.joint_key().unwrap().fingerprint.0,
        contest: 0,
        credential,
        sequence: 1,
        previous: [0; 32],
    };
    let selection = selection.map_or(Selection::Blank, |option| Selection::Options(vec![option]));
    let bits = election.manifest().contests[0].witness(&selection).unwrap();
    let relation = election.relation(0).unwrap();
    let (sealed, _): (SealedContest, _) = seal(relation, election.bases(), &context, &bits, &mut town.rng).unwrap();
    let body = protocol::Body::Ballot(Ballot {
        opening,
        sequence: 1,
        previous: protocol::ids::SubmissionId([0; 32]),
        contests: vec![sealed.as_bytes().to_vec().into()],
    });
    let author = Author::Credential(credential);
    Submission::sign(&election.fingerprint(), &author, body.encode(), &key, &mut town.rng).unwrap()
}

pub(crate) fn close(town: &mut Fixture) {
    let early = authority::closing(&town.election, &town.authority, NOW, &mut town.rng).unwrap_err();
    assert!(matches!(early, authority::Obstacle::TooEarly { until, now: NOW } if until == NOW + 110));
    let closing = authority::closing(&town.election, &town.authority, NOW + 110, &mut town.rng).unwrap();
    town.post(closing);
}

pub(crate) fn settle(town: &mut Fixture) {
    let counted = town.election.counted_positions();
    let ballots: Vec<&Entry> = town.entries.iter().filter(|entry| counted.contains(&entry.index)).collect();
    let sums = town.election.sum(ballots).unwrap();
    town.election.settle(sums).unwrap();
}

fn decrypt(town: &mut Fixture, trustee: usize) -> Result<Step, Refusal> {
    advance(&town.election, &mut town.trustees[trustee], |_| Ok(()), &mut town.rng)
}

#[test]
fn two_of_three_give_the_totals() {
    let mut town = Fixture::new(2, 3, 4);
    town.run_ceremony().unwrap();
    assert!(matches!(decrypt(&mut town, 0), Err(Refusal::Phase { .. })));
    cast(&mut town, &[Some(0), Some(1), None]);
    close(&mut town);
    assert_eq!(decrypt(&mut town, 0).unwrap_err(), Refusal::NotSettled);
    settle(&mut town);
    assert!(authority::results(&town.election).unwrap().is_empty());
    for trustee in [2, 0] {
        let refused = answers(&town.election, &town.trustees[trustee], &mut town.rng);
        assert_eq!(refused.unwrap_err(), Refusal::Unstored);
        let Ok(Step::Submit(partial)) = decrypt(&mut town, trustee) else { panic!("a partial decryption") };
        assert_eq!(town.trustees[trustee].answered(), town.election.closing());
        assert_eq!(answers(&town.election, &town.trustees[trustee], &mut town.rng).unwrap().len(), 1);
        town.post(partial);
        assert!(matches!(decrypt(&mut town, trustee), Ok(Step::Done)));
    }
    for result in authority::results(&town.election).unwrap() {
        town.post(result);
    }
    assert_eq!(town.election.phase(), Phase::Tallied);
    assert_eq!(town.election.groups(0)[0].totals(), Some(&[2, 1, 1][..]), "the first voter weighs 2");
    assert!(matches!(decrypt(&mut town, 1), Ok(Step::Done)));
    assert_eq!(town.trustees[1].answered(), None, "nothing was answered, so nothing is remembered");
}

#[test]
fn a_second_closing_is_refused() {
    let mut town = Fixture::new(2, 3, 3);
    town.run_ceremony().unwrap();
    cast(&mut town, &[Some(0), Some(1)]);
    let before = town.entries.clone();
    close(&mut town);
    settle(&mut town);
    assert!(matches!(decrypt(&mut town, 0), Ok(Step::Submit(_))));
    let kept = town.trustees[0].answered().unwrap();
    // The same record closed once more, a notice later: another history.
    town.election = Election::begin(&before[0]).unwrap();
    before[1..].iter().for_each(|entry| town.election.apply(entry).unwrap());
    town.entries = before;
    let notice = authority::notice(&town.election, &town.authority, "A fork.", &mut town.rng).unwrap();
    town.post(notice);
    close(&mut town);
    settle(&mut town);
    let found = town.election.closing().unwrap();
    assert_eq!(decrypt(&mut town, 0).unwrap_err(), Refusal::SecondClosing { kept, found });
    assert!(answers(&town.election, &town.trustees[0], &mut town.rng).is_err());
    assert!(matches!(decrypt(&mut town, 1), Ok(Step::Submit(_))), "who answered neither may answer this one");
}

/// The trustee's keystore is lost, and what the sheet gives takes its place.
fn restore(town: &mut Fixture, trustee: usize) {
    let sheet = crate::recovery::Sheet::of(&town.trustees[trustee]).unwrap();
    town.trustees[trustee] = sheet.secrets().unwrap();
}

/// CER-34: it finds its shares in the record, and asks before it answers.
#[test]
fn a_restored_keystore_answers_on_its_owner_s_word() {
    let mut town = Fixture::new(2, 3, 3);
    town.run_ceremony().unwrap();
    cast(&mut town, &[Some(0), Some(1)]);
    close(&mut town);
    settle(&mut town);
    restore(&mut town, 0);
    assert_eq!(decrypt(&mut town, 0).unwrap_err(), Refusal::RestoredMayHaveAnswered);
    assert!(Refusal::RestoredMayHaveAnswered.to_string().contains("--no-other-closing-answered"));
    assert!(town.trustees[0].joint_key().is_some() && town.trustees[0].answered().is_none());
    assert_eq!(answers(&town.election, &town.trustees[0], &mut town.rng).unwrap_err(), Refusal::Unstored);
    town.trustees[0].vouch_no_other_closing();
    let Ok(Step::Submit(partial)) = decrypt(&mut town, 0) else { panic!("a partial decryption") };
    town.post(partial);
    assert_eq!(town.trustees[0].answered(), town.election.closing());
    // Restored once more, it sees in the record that this closing is the one that was answered.
    restore(&mut town, 0);
    assert!(matches!(decrypt(&mut town, 0), Ok(Step::Done)));
    let Ok(Step::Submit(partial)) = decrypt(&mut town, 1) else { panic!("a partial decryption") };
    town.post(partial);
    authority::results(&town.election).unwrap().into_iter().for_each(|result| town.post(result));
    assert_eq!(town.election.phase(), Phase::Tallied);
}

/// What is not decrypted is said with its unit and numbers, and a wrong partial decryption with its author.
#[test]
fn withheld_units_and_wrong_decryptions_are_named() {
    let mut town = Fixture::with(2, 3, 3, |manifest| manifest.minimum_unit = 5);
    town.run_ceremony().unwrap();
    cast(&mut town, &[Some(0), Some(1)]);
    close(&mut town);
    settle(&mut town);
    let Ok(step) = decrypt(&mut town, 0) else { panic!("nothing is refused") };
    assert!(matches!(step, Step::Done), "nothing is decrypted");
    assert_eq!(town.trustees[0].answered(), None);
    let withheld = remarks(&town.election).join("\n");
    assert!(withheld.starts_with("\"Mayor\" in Ward 1 is withheld"), "{withheld}");
    assert!(withheld.contains("2 counted ballots, fewer than the minimum of 5"), "{withheld}");

    let mut town = Fixture::new(2, 3, 3);
    town.run_ceremony().unwrap();
    cast(&mut town, &[Some(0), Some(1)]);
    close(&mut town);
    settle(&mut town);
    let Ok(Step::Submit(partial)) = decrypt(&mut town, 2) else { panic!("a partial decryption") };
    let Body::PartialDecryption(mut body) = partial.body().unwrap() else { panic!("a partial decryption") };
    body.partials.reverse();
    let wrong = sign(&town.election, &town.trustees[2], Body::PartialDecryption(body).encode(), &mut town.rng).unwrap();
    town.post(wrong);
    let entry = town.election.size() - 1;
    let remarks = remarks(&town.election).join("\n");
    assert!(
        remarks.starts_with(&format!("trustee 3 (Trustee 3) decrypted \"Mayor\" in Ward 1 wrongly, in entry {entry}")),
        "{remarks}"
    );
    for trustee in [0, 1] {
        let Ok(Step::Submit(partial)) = decrypt(&mut town, trustee) else { panic!("a partial decryption") };
        town.post(partial);
    }
    authority::results(&town.election).unwrap().into_iter().for_each(|result| town.post(result));
    assert_eq!(town.election.phase(), Phase::Tallied);
    assert!(super::remarks(&town.election).iter().any(|remark| remark.contains("has its result already")));
}
