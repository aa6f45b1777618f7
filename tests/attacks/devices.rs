//! Devices and files (THR-7, THR-34 to THR-40).

use crate::{board, manifest_refusal, option, rule, trustee};
use ballot_client::{
    AuditOpening, Credential, OpenElection, Session, TypedTracker,
    audit::{AuditFault, check_audit},
};
use crypto::{
    RandomnessFailure, SecretScalar,
    schnorr::SigningKey,
    selection_proof::{SealError, SelectionContext, seal},
};
use minicbor::bytes::{ByteArray, ByteVec};
use protocol::{
    Author, Body, Selection, Submission,
    body::{ContestOpening, Notice},
    ids::ElectionFingerprint,
};
use rand::{CryptoRng, RngCore};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use std::num::NonZeroU32;
use trustee_tools::{
    ceremony::{self, Step},
    keystore::{Keystore, KeystoreError, Passphrase, WorkFactor},
    refusal::Refusal,
    secrets::TrusteeSecrets,
};
use vitrine_tests::{Drill, Options, drill::choose_one};

/// A voter's session in the client.
fn session(drill: &Drill, voter: usize) -> Session<'_> {
    let open = OpenElection::check(&drill.election, &drill.election.fingerprint()).unwrap();
    let key = SigningKey::from_secret(SecretScalar::new(*drill.credentials[voter].secret().expose()));
    Session::of(open, Credential::from_key(key).unwrap()).unwrap()
}

/// The fields of an opening file, as anybody can read and write them.
type Fields = (String, ElectionFingerprint, ByteArray<32>, ByteVec, Vec<ContestOpening>);

fn fields(opening: &AuditOpening) -> Fields {
    minicbor::decode(&opening.encode()).unwrap()
}

/// THR-7: no 64 bytes of what an audit gives away sign the ballot, and publishing the audit signs something else.
#[test]
fn audit_holds_no_signature() {
    let mut drill = Drill::opened(Options::simple(2));
    let (opening, published) = {
        let session = session(&drill, 0);
        let sealed =
            session.ballot().select(0, Selection::Options(vec![1])).unwrap().seal(&mut drill.rng.clone()).unwrap();
        let opening = sealed.audit();
        let wish = ballot_client::session::PublicationWish::after_warning();
        let published = session.publish_audit(&opening, wish, &mut drill.rng.clone()).unwrap();
        (opening, published)
    };
    let (_, _, credential, ballot, _) = fields(&opening);
    let key = crypto::EncodedPoint(*credential);
    let author = Author::Credential(key).encode();
    let seen = [opening.encode(), published.encode()].concat();
    for window in seen.windows(64) {
        let signature = crypto::schnorr::Signature::from_slice(window).unwrap();
        let transcript = protocol::context::entry_signature(&drill.election.fingerprint(), &author, &ballot);
        let claim = crypto::schnorr::signature_claim(transcript, &key, &signature);
        assert!(claim.is_err() || claim.is_ok_and(|claim| claim.verify(drill.election.bases()).is_err()));
    }
    let own = seen.windows(64).last().unwrap().to_vec();
    assert_eq!(rule(drill.apply(Submission::from_parts(author.clone(), ballot.to_vec(), own))), "ENT-5");
    let moved = Submission::from_parts(author, ballot.to_vec(), published.signature_bytes().to_vec());
    assert_eq!(rule(drill.apply(moved)), "ENT-5");
}

/// THR-34, for length: nothing of a submission's length depends on the choice.
#[test]
fn length_of_a_ballot() {
    let mut options = Options::simple(3);
    let approval = protocol::Contest {
        title: "Any of four".into(),
        kind: protocol::ContestKind::Choose { minimum: 0, maximum: 3 },
        ..options.contests[0].clone()
    };
    options.contests.push(approval);
    options.units = vec![vec![0, 1]];
    let mut drill = Drill::opened(options);
    let choices = [Selection::Blank, Selection::Options(vec![0]), Selection::Options(vec![3])];
    let approvals = [vec![], vec![0], vec![1, 2], vec![0, 1, 3]].map(Selection::Options);
    let mut lengths = Vec::new();
    for choice in choices {
        for approval in approvals.iter().chain([&Selection::Blank]) {
            let (ballot, _) = drill.seal(0, &[choice.clone(), approval.clone()]);
            lengths.push(drill.by_voter(0, &Body::Ballot(ballot)).encode().len());
        }
    }
    lengths.dedup();
    assert_eq!(lengths.len(), 1, "{lengths:?}");
}

/// THR-35: the voter wants Blaise, the device seals Carl. Whatever it answers to an audit, the second device says so.
#[test]
fn device_that_changes_the_choice() {
    let drill = Drill::opened(Options::simple(2));
    let session = session(&drill, 0);
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    let mut seal =
        |option| session.ballot().select(0, Selection::Options(vec![option])).unwrap().seal(&mut rng).unwrap();
    let (blaise, carl) = (seal(1), seal(2));
    // Shown before the device knows that this ballot is audited and not cast.
    let shown: TypedTracker = carl.tracker().to_string().parse().unwrap();
    let (blaise, carl) = (blaise.audit(), carl.audit());
    let check = |bytes: &[u8]| check_audit(bytes, &shown, &drill.election);
    // It tells the truth.
    let findings = check(&carl.encode()).unwrap();
    assert_eq!(findings.contests[0].words, ["Carl"]);
    // It says that the sealed ballot holds Blaise, with the randomness that there is, and with another.
    for randomness in [fields(&carl).4[0].randomness, fields(&blaise).4[0].randomness] {
        let (format, election, credential, ballot, _) = fields(&carl);
        let lie = vec![ContestOpening { values: vec![0, 1, 0, 0, 0], randomness }];
        let bytes = minicbor::to_vec((format, election, credential, ballot, lie)).unwrap();
        assert_eq!(check(&bytes), Err(AuditFault::OpeningDiffers { contest: 0 }));
    }
    // It opens another ballot, which does hold Blaise.
    assert_eq!(check(&blaise.encode()), Err(AuditFault::TrackerDiffers(blaise.tracker())));
    // It answers for another voter, or in another election.
    let (format, election, _, ballot, openings) = fields(&carl);
    let other = ByteArray::from(drill.credentials[1].public().0);
    let bytes = minicbor::to_vec((&format, election, other, &ballot, &openings)).unwrap();
    assert!(matches!(check(&bytes), Err(AuditFault::TrackerDiffers(_))));
    let elsewhere = ElectionFingerprint([5; 32]);
    let bytes = minicbor::to_vec((&format, elsewhere, fields(&carl).2, &ballot, &openings)).unwrap();
    assert_eq!(check(&bytes), Err(AuditFault::OtherElection(elsewhere)));
}

/// A generator that always fails.
struct Broken;

impl RngCore for Broken {
    fn next_u32(&mut self) -> u32 {
        unreachable!("a call that cannot report the failure")
    }
    fn next_u64(&mut self) -> u64 {
        unreachable!("a call that cannot report the failure")
    }
    fn fill_bytes(&mut self, _: &mut [u8]) {
        unreachable!("a call that cannot report the failure")
    }
    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), rand::Error> {
        Err(NonZeroU32::MIN.into())
    }
}
impl CryptoRng for Broken {}

/// THR-36: nothing comes out of a broken generator, and nothing repeats when a generator does.
#[test]
fn failing_randomness() {
    let mut drill = Drill::opened(Options::simple(2));
    let credential = drill.credentials[0].public();
    let (election, f) = (&drill.election, drill.election.fingerprint());
    let (_, contest, relation) = election.style(0).next().unwrap();
    let context = SelectionContext {
        election: f.0,
        opening: election.opening().unwrap().0,
        joint_key: election.joint_key().unwrap().fingerprint.0,
        contest: 0,
        credential,
        sequence: 1,
        previous: [0; 32],
    };
    let witness = |option| contest.witness(&Selection::Options(vec![option])).unwrap();
    let broken = seal(relation, election.bases(), &context, &witness(0), &mut Broken);
    assert_eq!(broken.unwrap_err(), SealError::Randomness(RandomnessFailure));
    let author = Author::Credential(credential);
    let unsigned = Submission::sign(&f, &author, vec![1], &drill.credentials[0], &mut Broken);
    assert_eq!(unsigned.unwrap_err(), RandomnessFailure);
    let id = election.manifest().election_id;
    assert!(TrusteeSecrets::generate(id, 1, "Trustee 1", &mut Broken).is_err());
    assert!(SigningKey::generate(&mut Broken).is_err());
    {
        let session = session(&drill, 0);
        assert!(session.ballot().select(0, Selection::Blank).unwrap().seal(&mut Broken).is_err());
        let sealed = session.ballot().select(0, Selection::Blank).unwrap().seal(&mut drill.rng.clone()).unwrap();
        assert!(sealed.cast(&mut Broken).is_err());
    }

    // The machine was restored from a snapshot between two votes: same generator, another choice, another place in the chain.
    let generator = || ChaCha20Rng::seed_from_u64(1);
    let sealed = |context: &SelectionContext, option| {
        let (sealed, _) = seal(relation, election.bases(), context, &witness(option), &mut generator()).unwrap();
        sealed.as_bytes().chunks(32).map(<[u8]>::to_vec).collect::<std::collections::BTreeSet<_>>()
    };
    let first = sealed(&context, 0);
    assert!(first.is_disjoint(&sealed(&context, 1)), "another choice");
    let later = SelectionContext { sequence: 2, ..context };
    assert!(first.is_disjoint(&sealed(&later, 0)), "another place");
    let signed = |text: &str| {
        let body = Body::Notice(Notice { text: text.into() }).encode();
        Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut generator()).unwrap()
    };
    assert_ne!(signed("yes").signature_bytes()[..32], signed("no").signature_bytes()[..32], "two nonces");
    drill.cast(0, &option(1)).unwrap();
}

/// THR-38: without the passphrase it is noise, any change to it is noticed, and an old copy of it is refused by what the record shows.
#[test]
fn keystore_without_its_passphrase() {
    let mut drill = Drill::begin(Options::simple(2));
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let mut secrets =
        TrusteeSecrets::generate(drill.election.manifest().election_id, 1, "Trustee 1", &mut rng).unwrap();
    let public = secrets.public(&mut rng).unwrap();
    drill.remake(|manifest| manifest.trustees[0] = public.clone());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trustee-1.age");
    let words = |text: &str| Passphrase::new(zeroize::Zeroizing::new(text.into())).unwrap();
    let mut keystore = Keystore::create(&path, &secrets, words("nine red ducks"), WorkFactor::DEMONSTRATION).unwrap();
    let stolen = std::fs::read(&path).unwrap();
    let public_bytes = [public.signing_key.0, public.share_key.0];
    assert!(stolen.windows(32).all(|window| public_bytes.iter().all(|key| key != window)), "not even whose it is");

    // The ceremony goes on with the keystore; the backup is from before.
    let backup = stolen.clone();
    loop {
        match ceremony::next_step(&drill.election, &secrets, &mut rng).unwrap() {
            Step::Store(note) => {
                secrets.remember(note);
                keystore.save(&secrets).unwrap();
            }
            Step::Submit(submission) => drop(drill.apply(submission).unwrap()),
            Step::Wait { .. } | Step::Done => break,
        }
    }
    drop(keystore);
    for guess in ["nine red duck", "Nine red ducks", "x"] {
        let refused = Keystore::open::<TrusteeSecrets>(&path, words(guess)).unwrap_err();
        assert!(matches!(refused, KeystoreError::Passphrase(_)), "{guess}: {refused}");
    }
    let kept = std::fs::read(&path).unwrap();
    for place in (0..kept.len()).step_by(kept.len() / 40) {
        let mut damaged = kept.clone();
        damaged[place] ^= 4;
        std::fs::write(&path, damaged).unwrap();
        assert!(Keystore::open::<TrusteeSecrets>(&path, words("nine red ducks")).is_err(), "byte {place}");
    }
    std::fs::write(&path, backup).unwrap();
    let (old, keystore) = Keystore::open::<TrusteeSecrets>(&path, words("nine red ducks")).unwrap();
    drop(keystore);
    assert!(old.dealt().is_none());
    assert_eq!(ceremony::next_step(&drill.election, &old, &mut rng).unwrap_err(), Refusal::OldCopy("a dealing"));
    std::fs::write(&path, kept).unwrap();
    let (right, _keystore) = Keystore::open::<TrusteeSecrets>(&path, words("nine red ducks")).unwrap();
    assert!(matches!(ceremony::next_step(&drill.election, &right, &mut rng), Ok(Step::Wait { .. })));
}

/// THR-40: what reorders or hides is no name; what is only markup is a name, and is shown as one.
#[test]
fn names_that_are_markup() {
    let mut drill = Drill::begin(Options::simple(2));
    for name in ["\u{202E}adA", "Ada\u{7}", "Ada\u{1b}[2J", "Ada\nBlaise: 100%", "Ada\u{2066}", "", &"A".repeat(401)] {
        let change = |manifest: &mut protocol::Manifest| manifest.contests[0].options[0] = name.into();
        assert_eq!(manifest_refusal(&mut drill, change), "ENC-3", "{name:?}");
    }

    let script = "<script>alert(1)</script>";
    let mut options = Options::simple(2);
    options.contests = vec![choose_one(script, &["<img src=x onerror=alert(2)>", "'><b>\"&amp;", "</table>"])];
    let mut drill = Drill::begin(options);
    drill.remake(|manifest| {
        manifest.title = script.into();
        manifest.units[0].name = "\" onload=\"alert(3)".into();
    });
    drill.publish_roll();
    drill.run_ceremony();
    drill.open();
    drill.cast(0, &option(0)).unwrap();
    drill.close();
    for who in [1, 2] {
        let body = drill.partial(who, 0, 0);
        trustee(&mut drill, who, &body).unwrap();
    }
    let body = drill.result(0, 0);
    drill.apply(Submission::anonymous(body.encode())).unwrap();
    let report = board::report(&drill.record(), None);
    assert_eq!(report.verdict.word(), "valid");
    let html = report.html();
    for markup in ["<script>alert", "<img src=x", "<b>\"", "</table><", "\" onload=\""] {
        assert!(!html.contains(markup), "{markup}");
    }
    let escaped = [("&lt;", "<"), ("&#60;", "<"), ("&gt;", ">"), ("&#62;", ">")];
    let shown = escaped.into_iter().fold(html, |html, (escaped, plain)| html.replace(escaped, plain));
    assert!(shown.contains("<script>alert(1)") && shown.contains("<img src=x"), "a name is shown as it is");
    // A program reads the very name.
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert!(json.to_string().contains("<img src=x onerror=alert(2)>"));
}
