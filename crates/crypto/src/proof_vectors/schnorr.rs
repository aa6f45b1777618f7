//! `schnorr.json`: signatures and proofs of possession.

use super::{Value, encoded, json, rng, scalar, strobe::Strobe};
use crate::{
    SecretScalar,
    batch::{Bases, Claim, ClaimError},
    encoding::{DecodeError, EncodedPoint, EncodedScalar},
    group::{G, Point, Scalar},
    schnorr::{Possession, Signature, SigningKey, possession_claim, prove_possession, sign, signature_claim},
    transcript::{Kind, Label, SUITE, Transcript},
};

const ELECTION: [u8; 32] = [0x22; 32];
const AUTHOR: [u8; 3] = [1, 2, 3];

fn begin(kind: Kind) -> Strobe {
    let mut strobe = Strobe::new();
    strobe.bytes(Label::Suite, SUITE.as_bytes());
    strobe.bytes(Label::Kind, kind.text().as_bytes());
    strobe.bytes(Label::Election, &ELECTION);
    strobe
}

fn message(body: &[u8]) -> Transcript {
    let mut transcript = Transcript::new(Kind::EntrySignature, &ELECTION);
    transcript.bytes(Label::Author, &AUTHOR);
    transcript.bytes(Label::Body, body);
    transcript
}

/// In words of `specs/03-cryptography.md`: why a proof is refused.
pub(crate) fn refusal(claim: Result<Claim, ClaimError>, bases: &Bases) -> Option<&'static str> {
    match claim {
        Ok(claim) => claim.verify(bases).is_err().then_some("equation"),
        Err(ClaimError::Decode(DecodeError::Length { .. })) => Some("length"),
        Err(ClaimError::Decode(DecodeError::Point)) => Some("point"),
        Err(ClaimError::Decode(DecodeError::Scalar)) => Some("scalar"),
        Err(ClaimError::Decode(DecodeError::Identity)) => Some("identity"),
        Err(ClaimError::Challenge(_)) => Some("challenge"),
        Err(ClaimError::Bases) => Some("bases"),
    }
}

fn split(proof: &[u8; 64]) -> ([u8; 32], Scalar) {
    let [r, s] = std::array::from_fn(|at| proof.as_chunks::<32>().0[at]);
    (r, EncodedScalar(s).decode().unwrap())
}

fn join(r: &EncodedPoint, s: &[u8; 32]) -> [u8; 64] {
    [*r.as_bytes(), *s].concat().try_into().unwrap()
}

pub(crate) fn schnorr() -> Value {
    json!({ "election": hex::encode(ELECTION), "signature": signature(), "possession": possession() })
}

fn signature() -> Value {
    let bases = Bases::new(0, &[]);
    let key = SigningKey::generate(&mut rng(101)).unwrap();
    let body = b"a body";
    let proof = *sign(message(body), &key, &mut rng(102)).unwrap().as_bytes();
    let (announcement, response) = split(&proof);
    let announcement = EncodedPoint(announcement);
    // CRY-10 and CRY-11, by hand.
    let mut strobe = begin(Kind::EntrySignature);
    strobe.bytes(Label::Author, &AUTHOR);
    strobe.bytes(Label::Body, body);
    strobe.point(Label::Key, &key.public());
    strobe.point(Label::R, &announcement);
    let challenge = strobe.challenge(Label::C);
    let nonce = response - challenge * key.secret().expose();
    assert_eq!(EncodedPoint::encode(&(G * nonce)), announcement);
    let claim = |key: &EncodedPoint, proof: &[u8]| {
        Signature::from_slice(proof)
            .map_err(ClaimError::from)
            .and_then(|proof| signature_claim(message(body), key, &proof))
    };
    assert_eq!(refusal(claim(&key.public(), &proof), &bases), None);
    let s = response.to_bytes();
    let shifted = EncodedPoint::encode(&(announcement.decode().unwrap() + G));
    let cases: [(&str, EncodedPoint, Vec<u8>); 9] = [
        ("R + G", key.public(), join(&shifted, &s).to_vec()),
        ("s + 1", key.public(), join(&announcement, &(response + Scalar::ONE).to_bytes()).to_vec()),
        ("s + l", key.public(), join(&announcement, &plus_order(&s)).to_vec()),
        ("R not canonical", key.public(), join(&EncodedPoint([0xff; 32]), &s).to_vec()),
        ("one byte missing", key.public(), proof[..63].to_vec()),
        ("one byte too many", key.public(), [&proof[..], &[0]].concat()),
        ("another key", EncodedPoint::encode(&G), proof.to_vec()),
        ("identity key", EncodedPoint::IDENTITY, proof.to_vec()),
        ("key not canonical", EncodedPoint([0xff; 32]), proof.to_vec()),
    ];
    let mut invalid: Vec<Value> = cases
        .into_iter()
        .map(|(defect, key, proof)| {
            let reason = refusal(claim(&key, &proof), &bases).unwrap();
            json!({ "defect": defect, "reason": reason, "body": hex::encode(body), "key": encoded(&key), "signature": hex::encode(proof) })
        })
        .collect();
    let reason = refusal(signature_claim(message(b"another"), &key.public(), &Signature::new(proof)), &bases).unwrap();
    invalid.push(json!({
        "defect": "another body", "reason": reason, "body": hex::encode(b"another"),
        "key": encoded(&key.public()), "signature": hex::encode(proof),
    }));
    json!({
        "kind": "entry-signature", "author": hex::encode(AUTHOR), "body": hex::encode(body),
        "secret": hex::encode(key.to_bytes().as_slice()), "key": encoded(&key.public()), "nonce": scalar(&nonce),
        "R": encoded(&announcement), "c": scalar(&challenge), "s": scalar(&response), "signature": hex::encode(proof),
        "invalid": invalid,
    })
}

fn possession() -> Value {
    let bases = Bases::new(0, &[]);
    let context = |dealer: u64| {
        let mut transcript = Transcript::new(Kind::EphemeralPossession, &ELECTION);
        transcript.integer(Label::Dealer, dealer);
        transcript
    };
    let secrets: Vec<SecretScalar> = (0..3).map(|seed| SecretScalar::generate(&mut rng(110 + seed)).unwrap()).collect();
    let keys: Vec<EncodedPoint> = secrets.iter().map(|secret| EncodedPoint::encode(&secret.public())).collect();
    let proof = *prove_possession(context(7), &secrets.iter().collect::<Vec<_>>(), &mut rng(120)).unwrap().as_bytes();
    let (announcement, response) = split(&proof);
    let announcement = EncodedPoint(announcement);
    // CRY-12 and CRY-13, by hand.
    let mut strobe = begin(Kind::EphemeralPossession);
    strobe.integer(Label::Dealer, 7);
    strobe.integer(Label::Count, 3);
    keys.iter().for_each(|key| strobe.point(Label::Key, key));
    strobe.point(Label::R, &announcement);
    let c = strobe.challenge(Label::C);
    let sum: Scalar = secrets.iter().zip([c, c * c, c * c * c]).map(|(secret, power)| power * secret.expose()).sum();
    let nonce = response - sum;
    assert_eq!(EncodedPoint::encode(&Point::mul_base(&nonce)), announcement);
    let claim = |dealer, keys: &[EncodedPoint], proof: &[u8; 64]| {
        possession_claim(context(dealer), keys, &Possession::new(*proof))
    };
    assert_eq!(refusal(claim(7, &keys, &proof), &bases), None);
    let swapped = [keys[1], keys[0], keys[2]];
    let zero = [keys[0], EncodedPoint::IDENTITY, keys[2]];
    let late = join(&announcement, &(response + Scalar::ONE).to_bytes());
    let cases: [(&str, u64, &[EncodedPoint], [u8; 64]); 5] = [
        ("s + 1", 7, &keys, late),
        ("copied by another dealer", 8, &keys, proof),
        ("two keys swapped", 7, &swapped, proof),
        ("one key missing", 7, &keys[..2], proof),
        ("an identity key", 7, &zero, proof),
    ];
    let invalid = cases.map(|(defect, dealer, keys, proof)| {
        let reason = refusal(claim(dealer, keys, &proof), &bases).unwrap();
        let keys: Value = keys.iter().map(encoded).collect();
        json!({ "defect": defect, "reason": reason, "dealer": dealer, "keys": keys, "possession": hex::encode(proof) })
    });
    json!({
        "kind": "ephemeral-possession", "context": "label dealer only (not the context of the key ceremony)", "dealer": 7,
        "secrets": secrets.iter().map(|secret| scalar(secret.expose())).collect::<Value>(),
        "keys": keys.iter().map(encoded).collect::<Value>(), "nonce": scalar(&nonce), "R": encoded(&announcement),
        "c": scalar(&c), "s": scalar(&response), "possession": hex::encode(proof), "invalid": invalid,
    })
}

/// The same residue, written as itself plus l.
pub(crate) fn plus_order(scalar: &[u8; 32]) -> [u8; 32] {
    let (mut sum, mut carry) = (*scalar, 1u16);
    for (byte, other) in sum.iter_mut().zip((-Scalar::ONE).to_bytes()) {
        carry += u16::from(*byte) + u16::from(other);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    sum
}
