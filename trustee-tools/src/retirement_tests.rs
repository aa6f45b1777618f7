use super::*;
use crate::{
    decryption,
    fixture::{Fixture, NOW},
    keystore::{Keystore, KeystoreError, Passphrase, WorkFactor},
};
use protocol::election::Stage;
use zeroize::Zeroizing;

fn passphrase() -> Passphrase {
    Passphrase::new(Zeroizing::new("p".to_owned())).unwrap()
}

/// The ceremony fails: only trustee 1 committed.
fn failed() -> Fixture {
    let mut town = Fixture::new(2, 3, 2);
    let Ok(crate::ceremony::Step::Submit(commitment)) = town.step(1) else { panic!("trustee 1 commits") };
    town.post(commitment);
    let end = crate::authority::stage_end(&town.election, &town.authority, &[], NOW + 10, &mut town.rng).unwrap();
    town.post(end);
    assert_eq!((town.election.phase(), town.election.ceremony().stage()), (Phase::Failed, Stage::Commit));
    town
}

/// CER-37, RET-1: not before the last result.
#[test]
fn nobody_retires_too_early() {
    let mut town = Fixture::new(2, 3, 3);
    let refuses = |town: &mut Fixture, phase| {
        let refused = retire(&town.election, &town.trustees[0], &mut town.rng).unwrap_err();
        assert_eq!(refused, Refusal::TooEarlyToRetire(phase));
    };
    refuses(&mut town, Phase::Setup);
    town.run_ceremony().unwrap();
    decryption::tests::cast(&mut town, &[Some(0), Some(1)]);
    refuses(&mut town, Phase::Voting);
    decryption::tests::close(&mut town);
    refuses(&mut town, Phase::Closed);
}

/// The statement takes the place of the secrets, is sent, and is sent again as it is.
#[test]
fn a_retired_keystore_holds_the_statement_and_nothing_else() {
    let mut town = failed();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.key");
    let secrets = town.trustees.remove(0);
    let mut keystore = Keystore::create(&path, &secrets, passphrase(), WorkFactor::DEMONSTRATION).unwrap();
    let retired = retire(&town.election, &secrets, &mut town.rng).unwrap();
    keystore.save(&KeptTrustee::Retired(retired.clone())).unwrap();
    drop(keystore);
    let refused = Keystore::open::<TrusteeSecrets>(&path, passphrase()).unwrap_err();
    assert!(matches!(refused, KeystoreError::Retired(_)), "{refused}");
    assert!(refused.to_string().contains("is retired"));
    let (kept, mut keystore) = Keystore::open::<KeptTrustee>(&path, passphrase()).unwrap();
    let KeptTrustee::Retired(kept) = kept else { panic!("retired") };
    assert_eq!(kept, retired);
    keystore.save(&kept).unwrap();
    let statement = kept.unsent(&town.election).unwrap().unwrap();
    assert_eq!(statement.encode(), retired.statement);
    town.post(statement);
    assert_eq!(kept.unsent(&town.election).unwrap(), None);
    assert_eq!(town.election.retired().len(), 1);
    let other = Fixture::new(2, 2, 2);
    assert!(matches!(kept.unsent(&other.election), Err(Refusal::OtherManifest { .. })));
    let serving =
        Keystore::create(&folder.path().join("2"), &town.trustees[0], passphrase(), WorkFactor::DEMONSTRATION);
    drop(serving.unwrap());
    let (kept, _keystore) = Keystore::open::<KeptTrustee>(&folder.path().join("2"), passphrase()).unwrap();
    assert!(matches!(kept, KeptTrustee::Serving(secrets) if secrets.index() == 2));
}

/// A trustee that left, and one whose keystore is an old copy, have secrets to destroy too.
#[test]
fn who_left_retires_too() {
    let mut town = failed();
    for place in [1, 2] {
        let retired = retire(&town.election, &town.trustees[place], &mut town.rng).unwrap();
        let statement = retired.unsent(&town.election).unwrap().unwrap();
        town.post(statement);
    }
    town.trustees[0].dealt = None;
    assert!(retire(&town.election, &town.trustees[0], &mut town.rng).is_ok());
}
