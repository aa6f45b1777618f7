//! Roll and replacement (ROL).

use super::{registrar, rule};
use crypto::{
    EncodedPoint, SecretScalar,
    schnorr::{SigningKey, prove_possession},
};
use protocol::{
    Body, Selection,
    body::{Replacement, Roll},
    context,
};
use vitrine_tests::{Drill, Options, drill::place};

fn two_registrars() -> Options {
    Options { registrars: 2, ..Options::simple(3) }
}

/// A chunk that was changed and then proved again, so that only the change is at fault.
fn reproved(drill: &mut Drill, who: u32, change: impl FnOnce(&mut Roll)) -> Body {
    let mut roll = drill.roll_chunk(who, 0);
    change(&mut roll);
    let secrets: Vec<&SecretScalar> =
        drill.parts.iter().map(|parts| &parts[place(who)]).take(roll.rows.len()).collect();
    let first = roll.chunk.wrapping_mul(1000);
    let transcript = context::roll_possession(&drill.election.fingerprint(), who, roll.chunk, first, &roll.rows);
    roll.possession = *prove_possession(transcript, &secrets, &mut drill.rng).unwrap().as_bytes();
    Body::Roll(roll)
}

#[test]
fn chunks() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.issue_credentials();
    let wrong: [fn(&mut Roll); 5] = [
        |roll| roll.chunk = 1,
        |roll| roll.chunks = 2,
        |roll| roll.rows.truncate(2),
        |roll| roll.rows.clear(),
        |roll| roll.rows.push(roll.rows[0].clone()),
    ];
    for change in wrong {
        let body = reproved(&mut drill, 1, change);
        assert_eq!(registrar(&mut drill, 1, body), "ROL-1");
    }
    let body = reproved(&mut drill, 1, |_| {});
    let submission = drill.by_registrar(1, &body);
    drill.apply(submission).unwrap();
    let again = reproved(&mut drill, 1, |_| {});
    assert_eq!(registrar(&mut drill, 1, again), "ROL-1");
}

#[test]
fn rows() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.issue_credentials();
    let wrong: [fn(&mut Roll); 3] =
        [|roll| roll.rows[1].unit = 1, |roll| roll.rows[1].weight = 0, |roll| roll.rows[1].weight = 2];
    for change in wrong {
        let body = reproved(&mut drill, 1, change);
        assert_eq!(registrar(&mut drill, 1, body), "ROL-2");
    }
}

#[test]
fn unproved_keys() {
    let mut drill = Drill::begin(Options::simple(3));
    drill.issue_credentials();
    let mut roll = drill.roll_chunk(1, 0);
    roll.possession[0] ^= 1;
    assert_eq!(registrar(&mut drill, 1, Body::Roll(roll)), "ROL-3");
    let mut swapped = drill.roll_chunk(1, 0);
    swapped.rows.swap(0, 1);
    assert_eq!(registrar(&mut drill, 1, Body::Roll(swapped)), "ROL-3");
    let mut malformed = drill.roll_chunk(1, 0);
    malformed.rows[0].key = EncodedPoint([0xff; 32]);
    assert_eq!(registrar(&mut drill, 1, Body::Roll(malformed)), "ROL-3");
}

#[test]
fn registrars_that_disagree() {
    let options = Options { units: vec![vec![0], vec![0]], ..two_registrars() };
    let mut drill = Drill::begin(options);
    drill.issue_credentials();
    let first = reproved(&mut drill, 1, |_| {});
    let submission = drill.by_registrar(1, &first);
    drill.apply(submission).unwrap();
    let body = reproved(&mut drill, 2, |roll| roll.rows[2].unit = 1);
    assert_eq!(registrar(&mut drill, 2, body), "ROL-4");
}

/// The second registrar cancels the first's part, or gives two voters one key.
#[test]
fn combined_keys() {
    let mut drill = Drill::begin(two_registrars());
    drill.issue_credentials();
    let first = drill.parts[0][0].expose();
    let negated = SecretScalar::new(-*first);
    drill.parts[0][1] = negated;
    for who in [1, 2] {
        let body = reproved(&mut drill, who, |_| {});
        // The rows carry the parts, so the cancelled row is the identity.
        let submission = drill.by_registrar(who, &body);
        let result = drill.apply(submission);
        match who {
            1 => assert!(result.is_ok()),
            _ => assert_eq!(rule(result), "ROL-5"),
        }
    }

    let mut drill = Drill::begin(Options::simple(3));
    drill.issue_credentials();
    drill.parts[1] = vec![SecretScalar::new(*drill.parts[0][0].expose())];
    let body = reproved(&mut drill, 1, |_| {});
    assert_eq!(registrar(&mut drill, 1, body), "ROL-5");
}

fn replacement(drill: &mut Drill, who: u32, index: u32, round: u32, secret: &SecretScalar) -> Body {
    let transcript = context::replacement_possession(&drill.election.fingerprint(), who, round, index);
    let possession = *prove_possession(transcript, &[secret], &mut drill.rng).unwrap().as_bytes();
    Body::Replacement(Replacement { index, round, key: EncodedPoint::encode(&secret.public()), possession })
}

#[test]
fn replacements() {
    let mut drill = Drill::opened(two_registrars());
    drill.cast(1, &[Selection::Blank]).unwrap();
    let secrets: Vec<SecretScalar> = (0..2).map(|_| SecretScalar::generate(&mut drill.rng).unwrap()).collect();
    for (index, round) in [(3, 1), (0, 0), (0, 2)] {
        let body = replacement(&mut drill, 1, index, round, &secrets[0]);
        assert_eq!(registrar(&mut drill, 1, body), "ROL-7");
    }
    let used = replacement(&mut drill, 1, 1, 1, &secrets[0]);
    assert_eq!(registrar(&mut drill, 1, used), "ROL-8");
    let mut unproved = replacement(&mut drill, 1, 0, 1, &secrets[0]);
    if let Body::Replacement(body) = &mut unproved {
        body.possession[63] ^= 1;
    }
    assert_eq!(registrar(&mut drill, 1, unproved), "ROL-3");

    let first = replacement(&mut drill, 1, 0, 1, &secrets[0]);
    let submission = drill.by_registrar(1, &first);
    drill.apply(submission).unwrap();
    let other = SecretScalar::generate(&mut drill.rng).unwrap();
    let again = replacement(&mut drill, 1, 0, 1, &other);
    assert_eq!(registrar(&mut drill, 1, again), "ROL-7");
    // The second registrar cancels the first's part.
    let cancel = SecretScalar::new(-*secrets[0].expose());
    let body = replacement(&mut drill, 2, 0, 1, &cancel);
    assert_eq!(registrar(&mut drill, 2, body), "ROL-5");
    // Until both have posted, the old credential votes; afterwards only the new one.
    let old = drill.credentials[0].public();
    assert!(drill.election.credential(&old).is_some());
    let body = replacement(&mut drill, 2, 0, 1, &secrets[1]);
    let submission = drill.by_registrar(2, &body);
    drill.apply(submission).unwrap();
    assert!(drill.election.credential(&old).is_none());
    assert!(drill.election.roll().was_replaced(&old));
    let sum = SecretScalar::new(secrets.iter().map(|secret| *secret.expose()).sum());
    drill.credentials[0] = SigningKey::from_secret(sum);
    drill.cast(0, &[Selection::Blank]).unwrap();
}

#[test]
fn replacements_that_the_manifest_forbids() {
    let mut drill = Drill::opened(Options { replacement: false, ..Options::simple(3) });
    let secret = SecretScalar::generate(&mut drill.rng).unwrap();
    let body = replacement(&mut drill, 1, 0, 1, &secret);
    assert_eq!(registrar(&mut drill, 1, body), "ROL-6");
}
