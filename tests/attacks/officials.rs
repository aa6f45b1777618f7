//! Authority and registrars (THR-26 to THR-32).

use crate::{authority, board, manifest_refusal, option, registrar, rule, totals, voter};
use crypto::{
    EncodedPoint, SecretScalar,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    Author, Body, Submission,
    body::{Closing, Extension, Replacement, Roll, StageEnd},
    context,
    manifest::Waiver,
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    note::Note,
};
use vitrine_tests::{
    Drill, Options,
    drill::{choose_one, place},
};

/// A chunk that was changed and then proved again, as far as the registrar knows the secrets.
fn reproved(drill: &mut Drill, who: u32, change: impl FnOnce(&mut Roll)) -> Body {
    let mut roll = drill.roll_chunk(who, 0);
    change(&mut roll);
    let secrets: Vec<&SecretScalar> = drill.parts.iter().map(|parts| &parts[place(who)]).collect();
    let transcript = context::roll_possession(&drill.election.fingerprint(), who, roll.chunk, 0, &roll.rows);
    roll.possession = *prove_possession(transcript, &secrets, &mut drill.rng).unwrap().as_bytes();
    Body::Roll(roll)
}

/// THR-26: not as a second manifest, not as another first one under the signatures that are there.
#[test]
fn second_manifest() {
    let mut drill = Drill::opened(Options::simple(3));
    let old = drill.election.fingerprint();
    let mut manifest = drill.election.manifest().clone();
    manifest.contests[0] = choose_one("Council member", &["Daniel", "Ada", "Blaise", "Carl"]);
    let changed = Body::Manifest(Box::new(manifest.clone()));
    assert_eq!(rule(authority(&mut drill, &changed)), "MAN-1");
    let same = drill.entries[0].submission();
    assert_eq!(rule(drill.apply(same)), "MAN-1");
    drill.cast(0, &option(1)).unwrap();

    // Options in another order at the top of the same record: F is another, so no signature below it holds.
    let mut other = Drill::begin(Options::simple(3));
    other.remake(|first| *first = manifest);
    assert_ne!(other.election.fingerprint(), old);
    let mut entries = vec![other.entries[0].clone()];
    for entry in &drill.entries[1..] {
        let previous = entries.last().unwrap().hash();
        entries.push(protocol::Entry::new(entry.index, previous, entry.time, entry.submission()));
    }
    let failure = board::refused(&drill, &entries);
    assert_eq!((failure.rule, failure.entry), ("ENT-5", Some(1)));
}

/// THR-27: before the roll, before the ceremony, in the middle of it, with other keys than the record's.
#[test]
fn premature_opening() {
    let mut drill = Drill::begin(Options { registrars: 2, ..Options::simple(3) });
    let mut ready = Drill::begin(Options { seed: 3, registrars: 2, ..Options::simple(3) });
    ready.publish_roll();
    ready.run_ceremony();
    let foreign = ready.opening();
    assert_eq!(rule(authority(&mut drill, &foreign)), "OPN-1");
    drill.issue_credentials();
    let chunk = Body::Roll(drill.roll_chunk(1, 0));
    registrar(&mut drill, 1, &chunk).unwrap();
    drill.run_ceremony();
    assert_eq!(rule(authority(&mut drill, &foreign)), "OPN-1", "one registrar's roll is missing");
    let chunk = Body::Roll(drill.roll_chunk(2, 0));
    registrar(&mut drill, 2, &chunk).unwrap();
    assert_eq!(rule(authority(&mut drill, &foreign)), "OPN-2");
    drill.open();

    let mut drill = Drill::begin(Options::simple(3));
    drill.publish_roll();
    assert_eq!(rule(authority(&mut drill, &foreign)), "OPN-1", "no ceremony");
    let dealing = drill.dealing(1);
    drill.commit(1, &dealing).unwrap();
    assert_eq!(rule(authority(&mut drill, &foreign)), "OPN-1", "in the middle of the ceremony");
    // Nor does it help to end the stages: then there are too few trustees, and there is no election.
    authority(&mut drill, &Body::StageEnd(StageEnd { stage: 1, evidence: Vec::new().into() })).unwrap();
    assert_eq!(rule(authority(&mut drill, &foreign)), "ENT-7");
}

/// THR-28 without witnesses: what bounds the authority is the manifest, and the counted ballots are the record's.
#[test]
fn closing_and_extension_out_of_time() {
    let mut drill = Drill::opened(Options::simple(3));
    drill.cast(0, &option(1)).unwrap();
    let latest = drill.election.manifest().latest_closing;
    for closing in [0, drill.election.closing_time(), latest + 1, u64::MAX] {
        assert_eq!(rule(authority(&mut drill, &Body::Extension(Extension { closing }))), "EXT-1", "{closing}");
    }
    authority(&mut drill, &Body::Extension(Extension { closing: latest })).unwrap();
    assert_eq!(rule(authority(&mut drill, &Body::Extension(Extension { closing: latest }))), "ENT-6");
    // A closing from before the last ballot, a closing by somebody else, one that pretends to evidence.
    let early = drill.closing();
    drill.cast(1, &option(2)).unwrap();
    assert_eq!(rule(authority(&mut drill, &early)), "CLO-1");
    let Body::Closing(closing) = drill.closing() else { unreachable!("a closing is a closing") };
    assert_eq!(rule(drill.apply(Submission::anonymous(Body::Closing(closing.clone()).encode()))), "ENT-4");
    let pretended = Body::Closing(Closing { evidence: vec![1].into(), ..closing });
    assert_eq!(rule(authority(&mut drill, &pretended)), "CLO-2");
    assert_eq!(totals(&mut drill), [0, 1, 1, 0, 0]);

    // Times that bound nothing do not make a manifest.
    let mut drill = Drill::begin(Options::simple(3));
    let wrong: [fn(&mut protocol::Manifest); 4] = [
        |manifest| manifest.latest_closing = u64::MAX,
        |manifest| manifest.latest_closing = manifest.closing - 1,
        |manifest| manifest.opening = manifest.closing,
        |manifest| manifest.stage_deadlines.reverse(),
    ];
    for change in wrong {
        assert_eq!(manifest_refusal(&mut drill, change), "MAN-9");
    }
}

/// THR-28 under a witness quorum: witnessed time closes, and nothing else does.
#[test]
fn closing_before_witnessed_time() {
    let witness = CosignerKey::from_seed("witness.example", &[7; 32]).unwrap();
    let stranger = CosignerKey::from_seed("witness.example", &[8; 32]).unwrap();
    let mut drill = Drill::begin(Options::simple(3));
    drill.remake(|manifest| {
        manifest.policy = format!("log {}\nwitness w {}\nquorum w\n", manifest.log_key, witness.verifier_key());
        manifest.waivers.retain(|waiver| *waiver != Waiver::NoWitnesses);
    });
    drill.publish_roll();
    drill.run_ceremony();
    drill.open();
    drill.cast(0, &option(1)).unwrap();
    let manifest = drill.election.manifest();
    let due = (manifest.closing + manifest.grace) * 60;
    let evidence = |drill: &Drill, size, by: &CosignerKey, time| {
        let head = Checkpoint::new(drill.board.name(), size, drill.election.root()).unwrap();
        let mut note = Note::parse(checkpoint::sign(&head, &drill.board).unwrap().as_bytes()).unwrap();
        note.add(by.cosign(&head, time).unwrap()).unwrap();
        note.encode().into_bytes()
    };
    let size = drill.election.size();
    let Body::Closing(closing) = drill.closing() else { unreachable!("a closing is a closing") };
    let bare =
        checkpoint::sign(&Checkpoint::new(drill.board.name(), size, drill.election.root()).unwrap(), &drill.board);
    let attempts = [
        ("no evidence", Vec::new()),
        ("the board alone", bare.unwrap().into_bytes()),
        ("a minute early", evidence(&drill, size, &witness, due - 60)),
        ("a second early", evidence(&drill, size, &witness, due - 1)),
        ("somebody who is no witness", evidence(&drill, size, &stranger, due)),
        ("a smaller tree, which would leave a ballot out of sight", evidence(&drill, size - 1, &witness, due)),
    ];
    for (what, bytes) in attempts {
        let body = Body::Closing(Closing { evidence: bytes.into(), ..closing.clone() });
        assert_eq!(rule(drill.apply(Submission::anonymous(body.encode()))), "CLO-2", "{what}");
    }
    let on_time = evidence(&drill, size, &witness, due);
    let body = Body::Closing(Closing { evidence: on_time.into(), ..closing });
    assert_eq!(rule(authority(&mut drill, &body)), "ENT-4", "nobody's word is needed, nor heard");
    drill.apply(Submission::anonymous(body.encode())).unwrap();
}

/// THR-29: the roll is frozen by the opening, and registrars agree before it.
#[test]
fn roll_changed_after_opening() {
    let options = Options { registrars: 2, units: vec![vec![0], vec![0]], ..Options::simple(3) };
    let mut drill = Drill::begin(options.clone());
    drill.issue_credentials();
    let first = reproved(&mut drill, 1, |_| {});
    registrar(&mut drill, 1, &first).unwrap();
    for change in [|roll: &mut Roll| roll.rows[2].unit = 1, |roll: &mut Roll| roll.rows.swap(0, 1)] {
        let body = reproved(&mut drill, 2, change);
        assert!(["ROL-4", "ROL-3"].contains(&rule(registrar(&mut drill, 2, &body))));
    }

    let mut drill = Drill::opened(options);
    drill.cast(0, &option(1)).unwrap();
    let again = reproved(&mut drill, 1, |_| {});
    assert_eq!(rule(registrar(&mut drill, 1, &again)), "ENT-7");
    let newcomer = SecretScalar::generate(&mut drill.rng).unwrap();
    drill.parts[2][0] = newcomer;
    let with_a_newcomer = reproved(&mut drill, 1, |_| {});
    assert_eq!(rule(registrar(&mut drill, 1, &with_a_newcomer)), "ENT-7");
    // The one way left is a replacement, and not for a credential that has voted.
    let used = replacement(&mut drill, 1, 0);
    assert_eq!(rule(registrar(&mut drill, 1, &used)), "ROL-8");
}

fn replacement(drill: &mut Drill, who: u32, index: u32) -> Body {
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let transcript = context::replacement_possession(&drill.election.fingerprint(), who, 1, index);
    let possession = *prove_possession(transcript, &[&secret], &mut drill.rng).unwrap().as_bytes();
    Body::Replacement(Replacement { index, round: 1, key: EncodedPoint::encode(&secret.public()), possession })
}

/// THR-30: the number of voters is the manifest's, whatever a registrar wishes; that it is the town's, anyone can compare.
#[test]
fn roll_longer_than_announced() {
    let mut drill = Drill::begin(Options { registrars: 2, ..Options::simple(3) });
    drill.issue_credentials();
    type Change = fn(&mut Roll);
    let wishes: [(&str, Change, &str); 5] = [
        ("one row more", |roll| roll.rows.push(roll.rows[0].clone()), "ROL-1"),
        ("one row less", |roll| roll.rows.truncate(2), "ROL-1"),
        ("another chunk", |roll| roll.chunk = 1, "ROL-1"),
        ("a heavier voter", |roll| roll.rows[0].weight = 2, "ROL-2"),
        ("a unit of its own", |roll| roll.rows[0].unit = 1, "ROL-2"),
    ];
    for (wish, change, expected) in wishes {
        let body = reproved(&mut drill, 1, change);
        assert_eq!(rule(registrar(&mut drill, 1, &body)), expected, "{wish}");
    }
    for who in [1, 2] {
        let body = reproved(&mut drill, who, |_| {});
        registrar(&mut drill, who, &body).unwrap();
    }
    assert_eq!(drill.election.roll().unit_sizes(), [3], "public, to be compared with the official number");
}

/// THR-31: with two registrars neither knows the sum; whoever asks the record sees whether their credential voted.
#[test]
fn one_registrar_alone_cannot_sign() {
    let mut drill = Drill::opened(Options { registrars: 2, ..Options::simple(3) });
    let (ballot, _) = drill.seal(0, &option(1));
    let body = Body::Ballot(ballot).encode();
    let f = drill.election.fingerprint();
    let key_on_the_roll = drill.credentials[0].public();
    for who in [0, 1] {
        let part = SigningKey::from_secret(SecretScalar::new(*drill.parts[0][who].expose()));
        for (author, expected) in [(part.public(), "BAL-1"), (key_on_the_roll, "ENT-5")] {
            let author = Author::Credential(author);
            let submission = Submission::sign(&f, &author, body.clone(), &part, &mut drill.rng).unwrap();
            assert_eq!(rule(drill.apply(submission)), expected, "registrar {}", who + 1);
        }
    }
    // Nor does one of them replace a credential without the other.
    let alone = replacement(&mut drill, 1, 0);
    registrar(&mut drill, 1, &alone).unwrap();
    assert!(drill.election.credential(&key_on_the_roll).is_some());
    assert_eq!(drill.election.credential(&key_on_the_roll).unwrap().position, None, "it has not voted");
    let index = drill.cast(0, &option(1)).unwrap();
    assert_eq!(drill.election.credential(&key_on_the_roll).unwrap().position, Some(index));
}

/// THR-32: the second registrar knows the sum only if it knows the first's secret.
#[test]
fn cancelling_credential_parts() {
    let mut drill = Drill::begin(Options { registrars: 2, ..Options::simple(3) });
    drill.issue_credentials();
    let first = reproved(&mut drill, 1, |_| {});
    registrar(&mut drill, 1, &first).unwrap();
    let Body::Roll(first) = first else { unreachable!("a chunk is a chunk") };
    // Its part of row 0 is a key it knows minus the first's: the sum would be the key it knows. The proof is the best it can make.
    let own = SecretScalar::generate(&mut drill.rng).unwrap();
    let cancelling = EncodedPoint::encode(&(own.public() - first.rows[0].key.decode().unwrap()));
    drill.parts[0][1] = SecretScalar::new(*own.expose());
    let rogue = reproved(&mut drill, 2, |roll| roll.rows[0].key = cancelling);
    assert_eq!(rule(registrar(&mut drill, 2, &rogue)), "ROL-3");
    // Another's keys with another's proof, and its own chunk proved for another registrar.
    assert_eq!(rule(registrar(&mut drill, 2, &Body::Roll(first.clone()))), "ROL-3");
    // Both registrars together make an identity, or one key for two voters: everybody sees it.
    drill.parts[0][1] = SecretScalar::new(-*drill.parts[0][0].expose());
    let identity = reproved(&mut drill, 2, |_| {});
    assert_eq!(rule(registrar(&mut drill, 2, &identity)), "ROL-5");
    let double = *drill.parts[1][0].expose() - drill.parts[0][0].expose();
    let second = SecretScalar::generate(&mut drill.rng).unwrap();
    drill.parts[0][1] = SecretScalar::new(double + second.expose());
    drill.parts[1][1] = second;
    let twice = reproved(&mut drill, 2, |_| {});
    assert_eq!(rule(registrar(&mut drill, 2, &twice)), "ROL-5");
    drill.parts[1][1] = SecretScalar::generate(&mut drill.rng).unwrap();
    let fine = reproved(&mut drill, 2, |_| {});
    registrar(&mut drill, 2, &fine).unwrap();
    // The same with a replacement.
    drill.run_ceremony();
    drill.open();
    let fresh = replacement(&mut drill, 1, 2);
    registrar(&mut drill, 1, &fresh).unwrap();
    let Body::Replacement(mut copied) = fresh else { unreachable!("a replacement is a replacement") };
    assert_eq!(rule(registrar(&mut drill, 2, &Body::Replacement(copied.clone()))), "ROL-3");
    copied.key = EncodedPoint::encode(&-copied.key.decode().unwrap());
    assert_eq!(rule(registrar(&mut drill, 2, &Body::Replacement(copied))), "ROL-5");
    let sum = drill.parts[2].iter().map(|part| *part.expose()).sum();
    drill.credentials[2] = SigningKey::from_secret(SecretScalar::new(sum));
    let (ballot, _) = drill.seal(2, &option(0));
    voter(&mut drill, 2, &Body::Ballot(ballot)).unwrap();
}
