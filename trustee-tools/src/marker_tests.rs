use super::*;
use crate::{
    ceremony::{self, Step},
    fixture::Fixture,
    keystore::{Passphrase, WorkFactor},
    secrets::{Accepted, Origin},
};
use proptest::prelude::{any, prop, proptest};
use std::fs;
use tempfile::TempDir;
use zeroize::Zeroizing;

struct Desk {
    folder: TempDir,
    town: Fixture,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), town: Fixture::new(2, 3, 2) };
        drop(Keystore::create(&desk.path(), &desk.town.trustees[0], passphrase(), WorkFactor::DEMONSTRATION).unwrap());
        desk
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("trustee.key")
    }

    fn memory(&self) -> Memory {
        Memory::open(&self.folder.path().join("state")).unwrap()
    }

    /// One step with the keystore's file, as the commands take it.
    fn step(&mut self) -> Result<Step, MarkerError> {
        let (mut secrets, mut keystore) = Keystore::open::<TrusteeSecrets>(&self.path(), passphrase()).unwrap();
        let (election, memory) = (&self.town.election, self.memory());
        let mut marked = Marked::open(&mut keystore, &mut secrets, &memory, &election.fingerprint())?;
        ceremony::advance(election, &mut secrets, |secrets| marked.save(secrets), &mut self.town.rng)
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new(Zeroizing::new("p".to_owned())).unwrap()
}

/// CER-36: before anything is in the record, only the marker knows that the keystore's file is an old one.
#[test]
fn a_keystore_put_back_from_an_old_copy_does_not_deal_twice() {
    let mut desk = Desk::new();
    let before = fs::read(desk.path()).unwrap();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))));
    assert!(matches!(desk.step(), Ok(Step::Submit(_))), "the newest goes on");
    let newest = fs::read(desk.path()).unwrap();
    fs::write(desk.path(), &before).unwrap();
    let refused = desk.step().unwrap_err();
    assert!(matches!(refused, MarkerError::Refusal(Refusal::OldCopy("a dealing"))), "{refused}");
    assert_eq!(fs::read(desk.path()).unwrap(), before, "nothing was written");
    fs::write(desk.path(), newest).unwrap();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))));
    let names = fs::read_dir(desk.memory().folder()).unwrap().map(|file| file.unwrap().file_name());
    let markers = names.filter(|name| name.to_string_lossy().ends_with(".marker")).count();
    assert_eq!(markers, 1, "one marker for one key and election");
}

/// What the first keystore answered on this machine a restored one does not contradict.
#[test]
fn a_restored_keystore_learns_what_was_answered() {
    let mut desk = Desk::new();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))));
    let (mut secrets, mut keystore) = Keystore::open::<TrusteeSecrets>(&desk.path(), passphrase()).unwrap();
    let (memory, election) = (desk.memory(), desk.town.election.fingerprint());
    let mut marked = Marked::open(&mut keystore, &mut secrets, &memory, &election).unwrap();
    let closing = EntryHash([7; 32]);
    secrets.remember(Note(Remembered::Answered(closing)));
    marked.save(&secrets).unwrap();
    drop(marked);
    let sheet = crate::recovery::Sheet::of(&secrets).unwrap();
    let mut restored = sheet.secrets().unwrap();
    assert_eq!(restored.origin, Origin::Restored { vouched: false });
    let mut marked = Marked::open(&mut keystore, &mut restored, &memory, &election).unwrap();
    assert_eq!(restored.answered(), Some(closing));
    assert_eq!(restored.dealt(), None);
    // And writing it does not forget what only the marker knew.
    marked.save(&restored).unwrap();
    assert!(marked.known.dealt.is_some());
    drop(marked);
    restored.answered = Some(EntryHash([8; 32]));
    assert!(matches!(
        Marked::open(&mut keystore, &mut restored, &memory, &election),
        Err(MarkerError::Refusal(Refusal::OldCopy("an answer to a closing")))
    ));
}

/// CER-36: the program ended between keystore and marker, or the keystore came from another machine. Nothing is sent unmarked.
#[test]
fn a_keystore_that_knows_more_than_the_marker_is_marked_before_it_sends() {
    let mut desk = Desk::new();
    let before = fs::read(desk.path()).unwrap();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))));
    fs::remove_file(path(&desk.memory(), &desk.town.election.fingerprint(), &desk.town.trustees[0])).unwrap();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))), "the stored dealing is sent");
    fs::write(desk.path(), &before).unwrap();
    assert!(matches!(desk.step(), Err(MarkerError::Refusal(Refusal::OldCopy("a dealing")))));
}

/// CER-36: two copies of one file, used on one machine in the same moment, would both find no marker, and deal twice.
#[test]
fn two_copies_do_not_step_at_once() {
    let mut desk = Desk::new();
    let twin = desk.folder.path().join("twin.key");
    fs::copy(desk.path(), &twin).unwrap();
    let (mut secrets, mut keystore) = Keystore::open::<TrusteeSecrets>(&twin, passphrase()).unwrap();
    let (memory, election) = (desk.memory(), desk.town.election.fingerprint());
    let mut marked = Marked::open(&mut keystore, &mut secrets, &memory, &election).unwrap();
    assert!(matches!(desk.step(), Err(MarkerError::InUse(_))));
    let store = |secrets: &TrusteeSecrets| marked.save(secrets);
    let step = ceremony::advance::<_, MarkerError>(&desk.town.election, &mut secrets, store, &mut desk.town.rng);
    assert!(matches!(step, Ok(Step::Submit(_))));
    drop(marked);
    assert!(matches!(desk.step(), Err(MarkerError::Refusal(Refusal::OldCopy("a dealing")))));
}

/// CER-31, CER-36: what the first keystore confirmed or accepted on this machine a restored one does not contradict.
#[test]
fn a_restored_keystore_confirms_and_accepts_nothing_else() {
    let desk = Desk::new();
    let (mut secrets, mut keystore) = Keystore::open::<TrusteeSecrets>(&desk.path(), passphrase()).unwrap();
    let (memory, election) = (desk.memory(), desk.town.election.fingerprint());
    let accept =
        |byte| Note(Remembered::Accepted(Accepted { joint_key: JointKeyFingerprint([byte; 32]), shares: Vec::new() }));
    let confirmed = Confirmed { dealings: DealingsFingerprint([5; 32]), complaints: vec![2] };
    let mut restored = crate::recovery::Sheet::of(&secrets).unwrap().secrets().unwrap();
    let mut marked = Marked::open(&mut keystore, &mut secrets, &memory, &election).unwrap();
    secrets.remember(Note(Remembered::Confirmed(confirmed.clone())));
    secrets.remember(accept(1));
    marked.save(&secrets).unwrap();
    drop(marked);
    let mut marked = Marked::open(&mut keystore, &mut restored, &memory, &election).unwrap();
    assert_eq!(restored.confirmed(), Some(&confirmed));
    restored.remember(accept(2));
    let refused = marked.save(&restored).unwrap_err();
    assert!(matches!(refused, MarkerError::Refusal(Refusal::OtherJointKey { .. })), "{refused}");
    drop(marked);
    let (kept, _): (TrusteeSecrets, _) = {
        drop(keystore);
        Keystore::open(&desk.path(), passphrase()).unwrap()
    };
    assert_eq!(kept.joint_key(), Some(JointKeyFingerprint([1; 32])), "nothing was written");
}

#[test]
fn a_damaged_marker_stops_everything() {
    let mut desk = Desk::new();
    assert!(matches!(desk.step(), Ok(Step::Submit(_))));
    let marker = path(&desk.memory(), &desk.town.election.fingerprint(), &desk.town.trustees[0]);
    for content in [&b""[..], b"{}", b"{\"format\":\"vitrine/2/trustee-marker\"}", &[b' '; 1_100_000]] {
        fs::write(&marker, content).unwrap();
        assert!(matches!(desk.step(), Err(MarkerError::Damaged(_))));
    }
}

proptest! {
    #[test]
    fn no_marker_stops_its_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }
}
