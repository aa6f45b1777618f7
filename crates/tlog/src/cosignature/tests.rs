//! The published framing, and what a cosignature binds.

use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::note::{Note, NoteError, SignerKey, Strictness};

const TIME: u64 = 1_679_315_147;

fn checkpoint() -> Checkpoint {
    Checkpoint::new("example.com/behind-the-sofa", 20_852_163, [9; 32]).unwrap()
}

fn witness() -> CosignerKey {
    CosignerKey::from_seed("witness.example.com/w1", &[3; 32]).unwrap()
}

/// The example line of c2sp.org/tlog-cosignature; its key is not published.
#[test]
fn published_framing() {
    let line = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
    let parsed = NoteSignature::parse(line).unwrap();
    assert_eq!(parsed.key_id, [0x8d, 0x66, 0xcf, 0x3f]);
    let (time, signature) = split(&parsed.signature).unwrap();
    assert_eq!((time, signature.len()), (TIME, 64));
    assert_eq!(
        signed_message(TIME, "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"),
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    );
}

#[test]
fn a_cosignature_binds_time_and_checkpoint() {
    let line = witness().cosign(&checkpoint(), TIME).unwrap();
    let mut note = Note::new(checkpoint().encode()).unwrap();
    note.add(line.clone()).unwrap();
    let keys = [witness().verifier_key()];
    assert_eq!(note.verify(&keys, Strictness::EveryLineKnown).unwrap()[0].timestamp, Some(TIME));

    let bad = Err(NoteError::BadSignature { line: 0, name: witness().name().to_owned() });
    for place in 0..line.signature.len() {
        let mut changed = line.clone();
        changed.signature[place] ^= 1;
        let mut note = Note::new(checkpoint().encode()).unwrap();
        note.add(changed).unwrap();
        assert_eq!(note.verify(&keys, Strictness::IgnoreUnknown), bad, "byte {place}");
    }
    let mut other = Note::new(Checkpoint::new("example.com/behind-the-sofa", 1, [9; 32]).unwrap().encode()).unwrap();
    other.add(line).unwrap();
    assert_eq!(other.verify(&keys, Strictness::IgnoreUnknown), bad);
}

#[test]
fn a_plain_signature_is_no_cosignature() {
    let log = SignerKey::from_seed(witness().name(), &witness().seed()).unwrap();
    assert_eq!(log.verifier_key().public_key(), witness().verifier_key().public_key());
    assert_ne!(log.verifier_key().key_id(), witness().verifier_key().key_id());
    let mut note = Note::new(checkpoint().encode()).unwrap();
    let mut plain = log.sign(&note);
    plain.key_id = witness().verifier_key().key_id();
    note.add(plain).unwrap();
    assert!(matches!(
        note.verify(&[witness().verifier_key()], Strictness::IgnoreUnknown),
        Err(NoteError::BadSignature { .. })
    ));
}

#[test]
fn times_end_at_two_to_the_63() {
    assert!(witness().cosign(&checkpoint(), MAX_TIMESTAMP).is_ok());
    let after = MAX_TIMESTAMP + 1;
    assert_eq!(witness().cosign(&checkpoint(), after), Err(TimestampOutOfRange(after)));
    let blob = |time: u64, length: usize| [time.to_be_bytes().as_slice(), &vec![0; length]].concat();
    assert!(split(&blob(MAX_TIMESTAMP, 64)).is_some());
    assert!(split(&blob(after, 64)).is_none());
    assert!(split(&blob(0, 63)).is_none());
    assert!(split(&blob(0, 65)).is_none());
    assert!(split(&[0; 7]).is_none());
}

#[test]
fn secrets_are_stored_by_seed_and_never_printed() {
    let key = CosignerKey::generate("w", &mut StdRng::seed_from_u64(1)).unwrap();
    assert_eq!(CosignerKey::from_seed("w", &key.seed()).unwrap().verifier_key(), key.verifier_key());
    assert_eq!(format!("{key:?}"), "CosignerKey(w, secret withheld)");
    assert_eq!(CosignerKey::from_seed("w w", &key.seed()).unwrap_err(), KeyError::Name);
}

#[test]
fn a_generator_that_fails_makes_no_key() {
    assert_eq!(CosignerKey::generate("name", &mut crate::note::tests::Broken).err(), Some(KeyError::Randomness));
}
