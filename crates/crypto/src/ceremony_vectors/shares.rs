//! Shamir, sealed shares, dealings, the joint key.

use super::*;
use crate::{
    dealing::{DealingPart, PartContext, dealing_claims},
    hash::{Tag, TaggedHash},
    joint_key::{JointKey, tests::Ceremony},
    sealed_share::{BoxContext, SealedShares, seal},
    shamir::{Polynomial, lagrange},
    transcript::Kind,
};
use std::collections::BTreeMap;

pub(super) fn shamir() -> Value {
    let polynomial = Polynomial::generate(3, &mut rng(50)).unwrap();
    let shares: BTreeMap<String, Value> =
        [1, 2, 3, 4, 5, 32].map(|index| (index.to_string(), scalar(polynomial.evaluate(index).expose()))).into();
    let sets = [&[1, 2, 3][..], &[5, 32, 2], &[7], &[1, 2, 3, 4, 5]].map(|indices| {
        let coefficients: Value = lagrange(indices).unwrap().iter().map(scalar).collect();
        json!({ "indices": indices, "coefficients": coefficients })
    });
    let invalid = [("empty", &[][..]), ("index 0", &[1, 0]), ("index 33", &[33]), ("repeated", &[2, 3, 2])];
    let invalid = invalid.map(|(defect, indices)| {
        assert!(lagrange(indices).is_err());
        json!({ "defect": defect, "indices": indices })
    });
    json!({
        "rules": "CRY-50, CRY-51",
        "coefficients": secrets(polynomial.coefficients()),
        "shares": shares,
        "lagrange": sets,
        "invalid": invalid,
    })
}

fn box_json(sealed: &SealedShares) -> Value {
    json!({
        "ephemeral": encoded(&sealed.ephemeral),
        "possession": hex::encode(sealed.possession.as_bytes()),
        "sealed": hex::encode(&sealed.sealed),
    })
}

fn ephemeral_transcript(context: &BoxContext) -> Transcript {
    let mut transcript = Transcript::new(Kind::EphemeralPossession, &context.election);
    transcript.integer(Label::Dealer, context.dealer);
    transcript.integer(Label::Recipient, context.recipient);
    transcript.integer(Label::Part, context.part);
    transcript.point(Label::ShareKey, &context.share_key);
    transcript
}

pub(super) fn sealed_share() -> Value {
    let recipient = SecretScalar::generate(&mut rng(53)).unwrap();
    let share_key = EncodedPoint::encode(&recipient.public());
    let context = BoxContext { election: [0x11; 32], dealer: 2, recipient: 3, part: 1, share_key };
    let shares: Vec<SecretScalar> = (0..2).map(|slot| SecretScalar::generate(&mut rng(slot)).unwrap()).collect();
    let witness: Vec<_> = shares.iter().map(SecretScalar::expose).collect();
    let mut private = ephemeral_transcript(&context).private_rng(&witness, &mut rng(54)).unwrap();
    let exponent = SecretScalar::generate(&mut private).unwrap();
    let sealed = seal(&context, &shares, &mut rng(54)).unwrap();
    assert_eq!(sealed.ephemeral, EncodedPoint::encode(&exponent.public()));
    assert!(verifies(&sealed.possession_claim(&context).unwrap()));
    let shared = recipient.times(&exponent.public());
    let shared_bytes = EncodedPoint::encode(&shared);
    let mut preimage = minicbor::Encoder::new(Vec::new());
    preimage.array(8).unwrap().str("vitrine/1/share-key").unwrap().bytes(&context.election).unwrap();
    preimage.u64(2).unwrap().u64(3).unwrap().u64(1).unwrap();
    for bytes in [sealed.ephemeral, share_key, shared_bytes] {
        preimage.bytes(bytes.as_bytes()).unwrap();
    }
    let key = TaggedHash::new(Tag::ShareKey, 7).bytes(&context.election).integer(2).integer(3).integer(1);
    let key = key.bytes(sealed.ephemeral.as_bytes()).bytes(share_key.as_bytes()).bytes(shared_bytes.as_bytes());

    let mut flipped = sealed.clone();
    flipped.sealed[0] ^= 1;
    let mut short = sealed.clone();
    short.sealed.pop();
    let broken = [
        ("one bit of the sealed shares flipped", "authentication", context, flipped),
        ("one byte missing", "length", context, short),
        ("another dealer", "authentication", BoxContext { dealer: 1, ..context }, sealed.clone()),
        ("another recipient", "authentication", BoxContext { recipient: 1, ..context }, sealed.clone()),
        ("another part", "authentication", BoxContext { part: 0, ..context }, sealed.clone()),
        ("another election", "authentication", BoxContext { election: [0x12; 32], ..context }, sealed.clone()),
    ];
    let invalid = broken.map(|(defect, cause, context, sealed)| {
        assert!(sealed.open(&context, 2, &shared).is_err());
        json!({ "defect": defect, "cause": cause, "context": context_json(&context), "box": box_json(&sealed) })
    });
    json!({
        "rules": "CRY-54, CRY-55",
        "context": context_json(&context),
        "recipient_secret": scalar(recipient.expose()),
        "ephemeral_exponent": scalar(exponent.expose()),
        "shares": secrets(&shares),
        "shared_point": encoded(&shared_bytes),
        "key_preimage": hex::encode(preimage.into_writer()),
        "key": hex::encode(key.sha3_256()),
        "box": box_json(&sealed),
        "possession": possession_steps(ephemeral_transcript(&context), &[sealed.ephemeral], &sealed.possession),
        "invalid": invalid,
    })
}

fn context_json(context: &BoxContext) -> Value {
    json!({
        "election": hex::encode(context.election),
        "dealer": context.dealer,
        "recipient": context.recipient,
        "part": context.part,
        "share_key": encoded(&context.share_key),
    })
}

fn part_json(part: &DealingPart) -> Value {
    json!({
        "coefficients": points(&part.coefficients),
        "possession": hex::encode(part.possession.as_bytes()),
        "boxes": part.boxes.iter().map(box_json).collect::<Value>(),
    })
}

fn accepted(context: &PartContext, part: &DealingPart) -> bool {
    dealing_claims(context, 2, part).is_ok_and(|claims| claims.iter().all(verifies))
}

fn constant_term_transcript(context: &PartContext, part: &DealingPart) -> Transcript {
    let mut transcript = Transcript::new(Kind::ConstantTermPossession, &context.election);
    transcript.integer(Label::Dealer, context.dealer);
    transcript.integer(Label::Part, context.part);
    transcript.integer(Label::Count, part.coefficients.len() as u64);
    part.coefficients.iter().for_each(|coefficient| transcript.point(Label::Coefficient, coefficient));
    transcript
}

pub(super) fn dealing() -> Value {
    let ceremony = Ceremony::new(2, 3, 2, 52);
    let dealings = (1..).zip(&ceremony.parts).zip(&ceremony.polynomials).map(|((dealer, part), polynomials)| {
        let context = ceremony.context(dealer);
        assert!(accepted(&context, part));
        let constants = [part.coefficients[0], part.coefficients[2]];
        let possession = possession_steps(constant_term_transcript(&context, part), &constants, &part.possession);
        json!({
            "dealer": dealer,
            "polynomials": polynomials.iter().map(|slot| secrets(slot.coefficients())).collect::<Value>(),
            "part": part_json(part),
            "possession": possession,
        })
    });
    let key = ceremony.joint_key();
    let trustees = (1..=3).zip(&ceremony.secrets).map(|(trustee, secret)| {
        json!({
            "trustee": trustee,
            "share_key_secret": scalar(secret.expose()),
            "verification_shares": points(key.verification_shares(trustee).unwrap().encoded()),
            "key_shares": secrets(&ceremony.key_shares(trustee)),
        })
    });
    json!({
        "rules": "CRY-52, CRY-53, CRY-55, CRY-56, CRY-58",
        "election": hex::encode([1; 32]),
        "part": 0,
        "threshold": 2,
        "slots": 2,
        "share_keys": points(&ceremony.context(1).share_keys),
        "dealings": dealings.collect::<Value>(),
        "slot_keys": points(key.slot_keys().encoded()),
        "trustees": trustees.collect::<Value>(),
        "invalid": invalid_dealings(&ceremony),
        "invalid_sums": invalid_sums(&ceremony),
    })
}

/// Parts of dealer 1, each with one defect.
fn invalid_dealings(ceremony: &Ceremony) -> Value {
    let defective = |defect: &str, spoil: &dyn Fn(&mut DealingPart)| {
        let mut part = ceremony.parts[0].clone();
        spoil(&mut part);
        assert!(!accepted(&ceremony.context(1), &part), "{defect}");
        json!({ "defect": defect, "dealer": 1, "part": part_json(&part) })
    };
    let other = &ceremony.parts[1];
    Value::Array(vec![
        defective("a coefficient commitment is missing", &|part| part.coefficients.truncate(3)),
        defective("a polynomial has a higher degree", &|part| part.coefficients.push(other.coefficients[0])),
        defective("a coefficient commitment is the identity", &|part| part.coefficients[1] = EncodedPoint::IDENTITY),
        defective("a coefficient commitment is not canonical", &|part| part.coefficients[1] = EncodedPoint([0xff; 32])),
        defective("a coefficient commitment is another", &|part| part.coefficients[1] = other.coefficients[1]),
        defective("a constant term is copied", &|part| part.coefficients[0] = other.coefficients[0]),
        defective("the slots are swapped", &|part| {
            part.coefficients.swap(0, 2);
            part.coefficients.swap(1, 3);
        }),
        defective("the possession proof is zero", &|part| part.possession = Possession::new([0; 64])),
        defective("the possession proof is another dealer's", &|part| part.possession = other.possession),
        defective("a box is missing", &|part| part.boxes.truncate(2)),
        defective("a box is too long", &|part| part.boxes[0].sealed.push(0)),
        defective("two boxes are swapped", &|part| part.boxes.swap(0, 1)),
        defective("an ephemeral point is repeated", &|part| part.boxes[1] = part.boxes[0].clone()),
        defective("an ephemeral point is the identity", &|part| part.boxes[0].ephemeral = EncodedPoint::IDENTITY),
        defective("a box is copied from another dealer", &|part| part.boxes[0] = other.boxes[0].clone()),
    ])
}

/// Coefficient commitments of dealers that each look right and do not add up to a key.
fn invalid_sums(ceremony: &Ceremony) -> Value {
    let of = |dealer: usize, position: usize| ceremony.parts[dealer].coefficients[position].decode().unwrap();
    let sum = |position| of(0, position) + of(1, position);
    let defective = |defect: &str, position: usize, value: Point| {
        let mut third = ceremony.parts[2].coefficients.clone();
        third[position] = EncodedPoint::encode(&value);
        let mut dealings = ceremony.dealings();
        dealings.insert(3, third);
        assert!(JointKey::combine(2, 2, &dealings).is_err(), "{defect}");
        let dealings: BTreeMap<String, Value> =
            dealings.iter().map(|(dealer, coefficients)| (dealer.to_string(), points(coefficients))).collect();
        json!({ "defect": defect, "coefficients": dealings })
    };
    Value::Array(vec![
        defective("the key of slot 0 is the identity", 0, -sum(0)),
        defective("the key of slot 1 is that of slot 0", 2, sum(0) + of(2, 0) - sum(2)),
        defective("the top coefficients of slot 1 cancel", 3, -sum(3)),
    ])
}
