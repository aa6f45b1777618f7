//! The manifest's rules (MAN).

use super::{authority, rule};
use protocol::{
    Author, Body, Contest, ContestKind, Election, Entry, Manifest, Submission,
    body::Closing,
    fingerprint,
    ids::{CountedFingerprint, EntryHash},
    manifest::Waiver,
};
use tlog::{
    checkpoint::{self, Checkpoint},
    cosignature::CosignerKey,
    note::{Note, SignerKey},
};
use vitrine_tests::{Drill, Options, drill::choose_one};

/// The rule by which a manifest is refused that differs from a good one as said.
fn changed(change: impl FnOnce(&mut Manifest)) -> &'static str {
    changed_of(Options::simple(3), change)
}

fn changed_of(options: Options, change: impl FnOnce(&mut Manifest)) -> &'static str {
    let mut drill = Drill::begin(options);
    let mut manifest = drill.election.manifest().clone();
    change(&mut manifest);
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = fingerprint::election(&body);
    let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
    rule(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission)))
}

#[test]
fn misplaced() {
    let mut drill = Drill::begin(Options::simple(3));
    let manifest = drill.entries[0].submission();
    assert_eq!(rule(drill.apply(manifest.clone())), "MAN-1");
    let notice = Body::Notice(protocol::body::Notice { text: "x".into() });
    let submission = drill.by_authority(&notice);
    assert_eq!(rule(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission))), "MAN-1");
    assert_eq!(rule(Election::begin(&Entry::new(1, EntryHash([0; 32]), 0, manifest.clone()))), "ENT-1");
    assert_eq!(rule(Election::begin(&Entry::new(0, EntryHash([1; 32]), 0, manifest.clone()))), "ENT-2");
    let anonymous = Submission::anonymous(manifest.body_bytes().to_vec());
    assert_eq!(rule(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, anonymous))), "ENT-4");
    let forged = Submission::from_parts(Author::Authority.encode(), manifest.body_bytes().to_vec(), vec![0; 64]);
    assert_eq!(rule(Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, forged))), "ENT-5");
    let other = Body::Manifest(Box::new(drill.election.manifest().clone()));
    assert_eq!(authority(&mut drill, other), "MAN-1");
}

#[test]
fn suite_and_sealing() {
    assert_eq!(changed(|manifest| manifest.suite = "vitrine/2/ristretto255".into()), "MAN-2");
    assert_eq!(changed(|manifest| manifest.sealing = "mixnet".into()), "MAN-2");
}

#[test]
fn thresholds() {
    assert_eq!(changed(|manifest| manifest.threshold = 0), "MAN-3");
    assert_eq!(changed(|manifest| manifest.quorum = 1), "MAN-3");
    assert_eq!(changed(|manifest| manifest.quorum = 4), "MAN-3");
    assert_eq!(changed(|manifest| manifest.trustees.clear()), "MAN-3");
    let many = |manifest: &mut Manifest| manifest.trustees = vec![manifest.trustees[0].clone(); 33];
    assert_eq!(changed(many), "MAN-3");
}

#[test]
fn official_keys() {
    assert_eq!(changed(|manifest| manifest.authority.possession = [0; 64]), "MAN-4");
    assert_eq!(changed(|manifest| manifest.trustees[0].possession[63] ^= 1), "MAN-4");
    assert_eq!(changed(|manifest| manifest.trustees[1] = manifest.trustees[0].clone()), "MAN-4");
    assert_eq!(changed(|manifest| manifest.trustees.swap(0, 1)), "MAN-4");
    assert_eq!(changed(|manifest| manifest.trustees[0].name = "Somebody else".into()), "MAN-4");
    assert_eq!(changed(|manifest| manifest.registrars.clear()), "MAN-4");
    assert_eq!(changed(|manifest| manifest.election_id.0[0] ^= 1), "MAN-4");
    let identity = crypto::EncodedPoint::IDENTITY;
    assert_eq!(changed(|manifest| manifest.registrars[0].signing_key = identity), "MAN-4");
    // A share key that is another's: whoever chose it last would read what is sealed to the other.
    assert_eq!(changed(|manifest| manifest.trustees[1].share_key = manifest.trustees[0].share_key), "MAN-4");
}

#[test]
fn contests() {
    let with = |contest: Contest| changed(|manifest| manifest.contests[0] = contest);
    let choose = |minimum, maximum| Contest {
        kind: ContestKind::Choose { minimum, maximum },
        ..choose_one("C", &["a", "b", "c"])
    };
    assert_eq!(with(choose_one("C", &[])), "MAN-5");
    assert_eq!(with(choose_one("C", &["a", "a"])), "MAN-5");
    assert_eq!(with(choose(2, 1)), "MAN-5");
    assert_eq!(with(choose(0, 0)), "MAN-5");
    assert_eq!(with(choose(0, 4)), "MAN-5");
    assert_eq!(changed(|manifest| manifest.contests.clear()), "MAN-5");
    assert_eq!(with(choose_one("", &["a"])), "ENC-3");
    assert_eq!(with(choose_one("C", &["a\u{202E}b"])), "ENC-3");
}

/// MAN-7, MAN-20 to MAN-22: each refused contest of the vectors, by the rule that stands beside it.
#[test]
fn contests_of_the_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/vectors/contests.json");
    let vectors: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for given in vectors["refused_contests"].as_array().unwrap() {
        let bytes = hex::decode(given["contest"].as_str().unwrap()).unwrap();
        let contest: Contest = protocol::cbor::decode(&bytes, "contest").unwrap();
        let found = changed(|manifest| {
            manifest.contests[0] = contest;
            manifest.roll_length = 1000;
        });
        assert_eq!(found, given["rule"].as_str().unwrap(), "{given}");
    }
}

/// MAN-7: the refusal of a budget says which pot would fit, and that one does.
#[test]
fn the_largest_pot_that_fits() {
    let refusal = |pot| {
        let mut drill = Drill::begin(Options::simple(3));
        let mut manifest = drill.election.manifest().clone();
        manifest.contests[0].kind = ContestKind::Budget { currency: "EUR".into(), pot, step: 5 };
        manifest.roll_length = 10_000;
        let body = Body::Manifest(Box::new(manifest)).encode();
        let f = fingerprint::election(&body);
        let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
        Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission)).err()
    };
    // (2^40 - 1) / 10,000 = 109,951,162 steps of 5.
    let refused = refusal(549_755_815).unwrap();
    assert_eq!(refused.rule().id(), "MAN-7");
    assert!(refused.to_string().contains("largest pot that fits with this step is 549755810 EUR"), "{refused}");
    assert_eq!(refusal(549_755_810), None);
}

/// MAN-7: points and amounts that not every reader of JSON would have exactly.
#[test]
fn figures_beyond_two_to_the_53() {
    let roll = |manifest: &mut Manifest| manifest.roll_length = 1 << 21;
    let ranking = |points| ContestKind::Positional { minimum: 0, points: vec![1, points] };
    let refused = changed(|manifest| {
        roll(manifest);
        manifest.contests[0].kind = ranking(u32::MAX);
        manifest.largest_weight = 2;
    });
    assert_eq!(refused, "MAN-7");
    // Few steps and large ones: every total is small, and the sum of the money is not.
    let refused = changed(|manifest| {
        roll(manifest);
        manifest.contests[0].kind = ContestKind::Budget { currency: "?".into(), pot: 1 << 31, step: 1 << 31 };
        manifest.largest_weight = 2;
    });
    assert_eq!(refused, "MAN-7");
}

#[test]
fn units() {
    assert_eq!(changed(|manifest| manifest.units.clear()), "MAN-6");
    assert_eq!(changed(|manifest| manifest.units[0].contests.clear()), "MAN-6");
    assert_eq!(changed(|manifest| manifest.units[0].contests = vec![1]), "MAN-6");
    assert_eq!(changed(|manifest| manifest.units[0].contests = vec![0, 0]), "MAN-6");
    assert_eq!(changed(|manifest| manifest.units.push(manifest.units[0].clone())), "MAN-6");
    // A contest that nobody is offered.
    assert_eq!(changed(|manifest| manifest.contests.push(choose_one("Second", &["a"]))), "MAN-6");
}

#[test]
fn totals_and_roll() {
    assert_eq!(changed(|manifest| (manifest.roll_length, manifest.largest_weight) = (1 << 20, 1 << 20)), "MAN-7");
    assert_eq!(changed(|manifest| manifest.roll_length = 0), "MAN-12");
    assert_eq!(changed(|manifest| manifest.largest_weight = 0), "MAN-12");
}

#[test]
fn ballots_that_fit_no_entry() {
    let options: Vec<String> = (0..995).map(|option| format!("{option}")).collect();
    let names: Vec<&str> = options.iter().map(String::as_str).collect();
    let contest = choose_one("Many", &names);
    assert_eq!(changed(|manifest| manifest.contests[0] = contest), "MAN-8");
}

#[test]
fn times() {
    assert_eq!(changed(|manifest| manifest.closing = manifest.opening), "MAN-9");
    assert_eq!(changed(|manifest| manifest.latest_closing = manifest.closing - 1), "MAN-9");
    assert_eq!(changed(|manifest| manifest.stage_deadlines.swap(0, 3)), "MAN-9");
    assert_eq!(changed(|manifest| manifest.grace = u64::MAX), "MAN-9");
}

#[test]
fn log_and_policy() {
    assert_eq!(changed(|manifest| manifest.log_key = "not a key".into()), "MAN-10");
    assert_eq!(changed(|manifest| manifest.log_origin = "elsewhere".into()), "MAN-10");
    assert_eq!(changed(|manifest| manifest.policy = "quorum none\n".into()), "MAN-10");
    assert_eq!(changed(|manifest| manifest.policy = "nonsense".into()), "MAN-10");
}

/// MAN-14: the longest evidence it admits fits a body, also that of the last successor log; one more byte or witness is refused.
#[test]
fn time_evidence_that_fits_no_body() {
    let cosigner = |number: u8, length: usize| {
        CosignerKey::from_seed(&format!("{number:02}{}", "w".repeat(length - 2)), &[number; 32]).unwrap()
    };
    let with = |count: u8, length: usize| {
        move |manifest: &mut Manifest| {
            let line = |number: u8| format!("witness {number} {}\n", cosigner(number, length).verifier_key());
            let lines: String = (1..=count).map(line).collect();
            manifest.policy = format!("log {}\n{lines}quorum 1\n", manifest.log_key);
            manifest.waivers = manifest.waivers_needed();
        }
    };
    assert_eq!(changed(with(64, 2)), "MAN-14");
    let mut drill = Drill::begin(Options::simple(3));
    let origin = drill.election.manifest().log_origin.clone();
    let longest = (65_000 - 300 - 2 * origin.len()) / 63 - 110;
    assert_eq!(changed(with(63, longest + 1)), "MAN-14");
    let mut manifest = drill.election.manifest().clone();
    with(63, longest)(&mut manifest);
    let body = Body::Manifest(Box::new(manifest)).encode();
    let f = fingerprint::election(&body);
    let submission = Submission::sign(&f, &Author::Authority, body, &drill.authority, &mut drill.rng).unwrap();
    Election::begin(&Entry::new(0, EntryHash([0; 32]), 0, submission)).unwrap();

    let log = SignerKey::from_seed(&format!("{origin}/{}", u64::MAX), &[1; 32]).unwrap();
    let head = Checkpoint::new(log.name(), (1 << 63) - 1, [7; 32]).unwrap();
    let mut note = Note::parse(checkpoint::sign(&head, &log).unwrap().as_bytes()).unwrap();
    (1..=63).for_each(|number| note.add(cosigner(number, longest).cosign(&head, 1).unwrap()).unwrap());
    let evidence = note.encode().into_bytes().into();
    let body = Body::Closing(Closing { counted: CountedFingerprint([0; 32]), evidence }).encode();
    assert!((64_900..=65_000).contains(&body.len()), "{}", body.len());
    Body::decode(&body).unwrap();
}

#[test]
fn waivers() {
    assert_eq!(changed(|manifest| manifest.waivers.clear()), "MAN-11");
    assert_eq!(changed(|manifest| manifest.waivers.insert(0, Waiver::Threshold)), "MAN-11");
    assert_eq!(changed(|manifest| manifest.waivers.push(Waiver::NoWitnesses)), "MAN-11");
    // A witness whose name only looks like none is a witness (LOG-25): nothing is to be waived.
    let looks_like_none = |manifest: &mut Manifest| {
        let witness = CosignerKey::from_seed("witness.example", &[7; 32]).unwrap().verifier_key();
        manifest.policy = format!("log {}\nwitness none\u{2003} {witness}\nquorum none\u{2003}\n", manifest.log_key);
        assert!(!manifest.unwitnessed());
        assert_eq!(manifest.waivers_needed(), []);
    };
    assert_eq!(changed(looks_like_none), "MAN-11");
    // 3 of 3, without saying so.
    let all = Options { trustees: (3, 3, 3), ..Options::simple(3) };
    assert_eq!(changed_of(all, |manifest| manifest.waivers.retain(|waiver| *waiver != Waiver::Threshold)), "MAN-11");
}
