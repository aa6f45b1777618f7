use super::*;
use crate::{
    ceremony::{self, Step},
    fixture::{Fixture, rng},
    secrets::{AuthoritySecrets, TrusteeSecrets},
};
use std::os::unix::fs::PermissionsExt as _;

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
}

fn trustee() -> TrusteeSecrets {
    TrusteeSecrets::generate(protocol::ids::ElectionId([5; 32]), 2, "Trustee 2", &mut rng(3)).unwrap()
}

#[test]
fn what_is_kept_comes_back_and_is_the_owner_s_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.key");
    let mut town = Fixture::new(2, 3, 1);
    let kept = town.trustees.remove(0);
    drop(Keystore::create(&path, &kept, passphrase("correct horse"), WorkFactor::DEMONSTRATION).unwrap());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (mut read, mut keystore) = Keystore::open::<TrusteeSecrets>(&path, passphrase("correct horse")).unwrap();
    assert_eq!(keystore.work, WorkFactor::DEMONSTRATION);
    let store = |secrets: &TrusteeSecrets| {
        keystore.save(secrets).unwrap();
        Ok::<(), crate::refusal::Refusal>(())
    };
    let step = ceremony::advance(&town.election, &mut read, store, &mut town.rng).unwrap();
    assert!(matches!(step, Step::Submit(_)));
    let dealt = read.dealt().unwrap().clone();
    drop(keystore);
    let (again, _keystore) = Keystore::open::<TrusteeSecrets>(&path, passphrase("correct horse\n")).unwrap();
    assert_eq!(again.dealt(), Some(&dealt));
    assert_eq!(*again.signing.to_bytes(), *kept.signing.to_bytes());
    assert_eq!(*again.share.to_bytes(), *kept.share.to_bytes());
}

#[test]
fn all_memories_of_a_trustee_survive() {
    let mut town = Fixture::new(2, 3, 1);
    town.run_ceremony().unwrap();
    let mut kept = town.trustees.remove(2);
    kept.answered = Some(protocol::ids::EntryHash([8; 32]));
    let bytes = content::encode(&kept);
    let read: TrusteeSecrets = content::decode(Path::new("x"), &bytes).unwrap();
    assert_eq!(read.answered, kept.answered);
    assert_eq!(read.joint_key(), kept.joint_key());
    assert!(read.joint_key().is_some());
    assert_eq!(read.confirmed(), kept.confirmed());
    assert!(read.confirmed().is_some());
    assert_eq!(content::encode(&read), bytes);
}

/// A link that was replaced by a file would leave an old copy where it pointed to, and one key in two files with two locks.
#[test]
fn a_keystore_behind_a_link_stays_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let [path, link] = ["stick.key", "link.key"].map(|name| folder.path().join(name));
    drop(Keystore::create(&path, &trustee(), passphrase("p"), WorkFactor::DEMONSTRATION).unwrap());
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let (secrets, mut keystore) = Keystore::open::<TrusteeSecrets>(&link, passphrase("p")).unwrap();
    let other = Keystore::open::<TrusteeSecrets>(&path, passphrase("p"));
    assert!(matches!(other, Err(KeystoreError::InUse(_))));
    let before = fs::read(&path).unwrap();
    keystore.save(&secrets).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_ne!(fs::read(&path).unwrap(), before, "the file itself was written");
    let none = Keystore::open::<TrusteeSecrets>(&folder.path().join("none"), passphrase("p"));
    assert!(matches!(none, Err(KeystoreError::File { .. })));
    assert!(matches!(Keystore::open::<TrusteeSecrets>(folder.path(), passphrase("p")), Err(KeystoreError::Damaged(_))));
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.key");
    drop(Keystore::create(&path, &trustee(), passphrase("right"), WorkFactor::DEMONSTRATION).unwrap());
    let refused = Keystore::open::<TrusteeSecrets>(&path, passphrase("wrong")).unwrap_err();
    assert!(matches!(refused, KeystoreError::Passphrase(_)), "{refused}");
    assert!(matches!(Passphrase::new(Zeroizing::new("\n".to_owned())), Err(KeystoreError::EmptyPassphrase)));
}

#[test]
fn truncated_and_foreign_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.key");
    drop(Keystore::create(&path, &trustee(), passphrase("p"), WorkFactor::DEMONSTRATION).unwrap());
    let whole = fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
        fs::write(&path, &whole[..length]).unwrap();
        let refused = Keystore::open::<TrusteeSecrets>(&path, passphrase("p")).unwrap_err();
        assert!(matches!(refused, KeystoreError::Damaged(_) | KeystoreError::Passphrase(_)), "{length}: {refused}");
    }
    for foreign in ["", "not a keystore", "age-encryption.org/v1\n-> X25519 abc\n"] {
        fs::write(&path, foreign).unwrap();
        let refused = Keystore::open::<TrusteeSecrets>(&path, passphrase("p")).unwrap_err();
        assert!(matches!(refused, KeystoreError::Damaged(_)), "{foreign}: {refused}");
    }
    let absent = Keystore::open::<TrusteeSecrets>(&folder.path().join("none"), passphrase("p")).unwrap_err();
    assert!(matches!(absent, KeystoreError::File { .. }));
}

#[test]
fn another_role_s_keystore_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.key");
    let authority = AuthoritySecrets::generate("Clerk", &mut rng(4)).unwrap();
    drop(Keystore::create(&path, &authority, passphrase("p"), WorkFactor::DEMONSTRATION).unwrap());
    let refused = Keystore::open::<TrusteeSecrets>(&path, passphrase("p")).unwrap_err();
    assert!(refused.to_string().ends_with("is the keystore of an authority, not of a trustee"), "{refused}");
}

#[test]
fn another_version_is_named() {
    let document = minicbor::to_vec(("vitrine/9/keystore", 1)).unwrap();
    let refused = content::decode::<TrusteeSecrets>(Path::new("k"), &document).unwrap_err();
    assert!(matches!(refused, KeystoreError::Version { found, .. } if found == "vitrine/9/keystore"));
}

#[test]
fn keys_are_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee.key");
    let mut first = Keystore::create(&path, &trustee(), passphrase("p"), WorkFactor::DEMONSTRATION).unwrap();
    let in_use = Keystore::open::<TrusteeSecrets>(&path, passphrase("p")).unwrap_err();
    assert!(matches!(in_use, KeystoreError::InUse(_)));
    // Something else replaces the file behind this program's back: its key is not overwritten either.
    fs::write(&path, b"another key").unwrap();
    assert!(matches!(first.save(&trustee()), Err(KeystoreError::Changed(_))));
    drop(first);
    let refused = Keystore::create(&path, &trustee(), passphrase("p"), WorkFactor::DEMONSTRATION).unwrap_err();
    assert!(matches!(refused, KeystoreError::Exists(_)));
    assert_eq!(fs::read(&path).unwrap(), b"another key");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the keystore and its lock, no temporary file: {left:?}");
}

#[test]
fn nothing_secret_is_printed() {
    let text = format!("{:?} {:?}", passphrase("hush"), trustee());
    assert!(!text.contains("hush"));
    assert!(text.contains("SecretScalar(…)"));
}

/// CER-26, byte for byte.
#[test]
fn the_content_is_what_the_specification_says() {
    let id = [0x1d; 32];
    let trustee = TrusteeSecrets::generate(protocol::ids::ElectionId(id), 2, "Bo", &mut rng(3)).unwrap();
    let secret = |bytes: &[u8]| [&[0x58, 0x20][..], bytes].concat();
    let expected = [
        b"\x82\x72vitrine/2/keystore\x86\x02".to_vec(),
        secret(&id),
        b"\x02\x62Bo\xf4".to_vec(),
        secret(trustee.seed.as_bytes()),
    ];
    assert_eq!(*content::encode(&trustee), expected.concat());
}
