//! Equality proofs, complaints, partial decryptions, rehearsals.

use super::*;
use crate::{
    complaint::{ComplaintContext, RevealedPoint, reveal, reveal_claim},
    decryption::{DecryptionContext, PartialDecryption, combine, decrypt, decryption_claim},
    group::{G, identity},
    joint_key::tests::Ceremony,
    rehearsal::{RehearsalContext, rehearsal_claim, rehearse},
    shamir::lagrange,
    transcript::Kind,
};

/// The proof of a complaint: the smallest equality proof there is.
pub(super) fn equality() -> Value {
    let [secret, exponent] = [60, 61].map(|seed| SecretScalar::generate(&mut rng(seed)).unwrap());
    let context = ComplaintContext {
        election: [0x11; 32],
        dealings: [0x22; 32],
        complainer: 2,
        dealer: 3,
        part: 1,
        ephemeral: EncodedPoint::encode(&exponent.public()),
        share_key: EncodedPoint::encode(&secret.public()),
    };
    let revealed = reveal(&context, &secret, &mut rng(62)).unwrap();
    let accepted = |context: &ComplaintContext, revealed: &RevealedPoint| {
        reveal_claim(context, revealed).is_ok_and(|(claim, _)| verifies(&claim))
    };
    assert!(accepted(&context, &revealed));
    let transcript = absorbed(&context);
    let base = exponent.public();
    let lists: [&[EncodedPoint]; 2] = [&[context.share_key], &[revealed.point]];
    let known = std::slice::from_ref(&secret);
    let steps = equality_steps(transcript.clone(), known, &base, lists, &revealed.proof);

    let spoiled = |position: usize| {
        let mut bytes = *revealed.proof.as_bytes();
        bytes[position] ^= 1;
        RevealedPoint { proof: EqualityProof::new(bytes), ..revealed }
    };
    let moved = EncodedPoint::encode(&(revealed.point.decode().unwrap() + G));
    // Proofs that only one equation, or only the separation of the two, refuses.
    let lie = [lists[0], std::slice::from_ref(&moved)];
    let over_base = best_equality(transcript.clone(), known, &base, lie, Weakly::default());
    let [over_g, left] = equality_residues(transcript.clone(), &base, lie, &over_base, false);
    assert!(over_g == identity() && left != identity());
    let shifted =
        best_equality(transcript.clone(), known, &base, lists, Weakly { shift: Scalar::ONE, ..Weakly::default() });
    let [over_g, left] = equality_residues(transcript, &base, lists, &shifted, false);
    assert!(over_g != identity() && over_g + left == identity());
    let foreign = EncodedPoint::encode(&(secret.public() + G));
    let foreigner = ComplaintContext { share_key: foreign, ..context };
    let lie = [std::slice::from_ref(&foreign), lists[1]];
    let only_g = best_equality(absorbed(&foreigner), known, &base, lie, Weakly::default());
    let [over_g, left] = equality_residues(absorbed(&foreigner), &base, lie, &only_g, false);
    assert!(over_g != identity() && left == identity());

    let mut over = *revealed.proof.as_bytes();
    over[64..].copy_from_slice(&[0xff; 32]);
    let broken = [
        ("the revealed point is another", context, RevealedPoint { point: moved, ..revealed }),
        ("the revealed point is the identity", context, RevealedPoint { point: EncodedPoint::IDENTITY, ..revealed }),
        ("R has a flipped bit", context, spoiled(0)),
        ("R2 has a flipped bit", context, spoiled(32)),
        ("s has a flipped bit", context, spoiled(64)),
        ("s is not canonical", context, RevealedPoint { proof: EqualityProof::new(over), ..revealed }),
        ("another election", ComplaintContext { election: [0x12; 32], ..context }, revealed),
        ("other dealings", ComplaintContext { dealings: [0x12; 32], ..context }, revealed),
        ("another complainer", ComplaintContext { complainer: 1, ..context }, revealed),
        ("another dealer", ComplaintContext { dealer: 1, ..context }, revealed),
        ("another part", ComplaintContext { part: 0, ..context }, revealed),
        ("best proof of another point: the equation over E", context, RevealedPoint { point: moved, proof: over_base }),
        (
            "best proof for another share key: the equation over G",
            foreigner,
            RevealedPoint { proof: only_g, ..revealed },
        ),
        ("R + G, R2 - G: a sum of both equations accepts", context, RevealedPoint { proof: shifted, ..revealed }),
    ];
    let invalid = broken.map(|(defect, context, revealed)| {
        assert!(!accepted(&context, &revealed), "{defect}");
        complaint_json(&context, &revealed, json!({ "defect": defect }))
    });
    complaint_json(
        &context,
        &revealed,
        json!({
            "rules": "CRY-57, CRY-60, CRY-61",
            "secret": scalar(secret.expose()),
            "steps": steps,
            "invalid": invalid,
        }),
    )
}

/// The context of a complaint, by hand.
fn absorbed(context: &ComplaintContext) -> Transcript {
    let mut transcript = Transcript::new(Kind::ComplaintEquality, &context.election);
    transcript.bytes(Label::Dealings, &context.dealings);
    transcript.integer(Label::Complainer, context.complainer);
    transcript.integer(Label::Dealer, context.dealer);
    transcript.integer(Label::Part, context.part);
    transcript.point(Label::Ephemeral, &context.ephemeral);
    transcript.point(Label::ShareKey, &context.share_key);
    transcript
}

fn complaint_json(context: &ComplaintContext, revealed: &RevealedPoint, mut value: Value) -> Value {
    value["context"] = json!({
        "election": hex::encode(context.election),
        "dealings": hex::encode(context.dealings),
        "complainer": context.complainer,
        "dealer": context.dealer,
        "part": context.part,
        "ephemeral": encoded(&context.ephemeral),
        "share_key": encoded(&context.share_key),
    });
    value["revealed_point"] = encoded(&revealed.point);
    value["proof"] = hex::encode(revealed.proof.as_bytes()).into();
    value
}

fn context(trustee: u64) -> DecryptionContext {
    DecryptionContext { election: [1; 32], closing: [2; 32], joint_key: [3; 32], contest: 4, group: 5, trustee }
}

fn context_json(context: &DecryptionContext) -> Value {
    json!({
        "election": hex::encode(context.election),
        "closing": hex::encode(context.closing),
        "joint_key": hex::encode(context.joint_key),
        "contest": context.contest,
        "group": context.group,
        "trustee": context.trustee,
    })
}

/// [`context`], by hand.
fn decryption_transcript(trustee: u64) -> Transcript {
    let mut transcript = Transcript::new(Kind::Decryption, &[1; 32]);
    transcript.bytes(Label::Closing, &[2; 32]);
    transcript.bytes(Label::JointKey, &[3; 32]);
    transcript.integer(Label::Contest, 4);
    transcript.integer(Label::Group, 5);
    transcript.integer(Label::Trustee, trustee);
    transcript
}

/// A 2-of-3 ceremony (that of `dealing.json` with three slots), an aggregate, trustees 1 and 3, and a rehearsal of trustee 1.
pub(super) fn decryption() -> Value {
    let ceremony = Ceremony::new(2, 3, 3, 70);
    let key = ceremony.joint_key();
    let randomness = Scalar::from(123_456_789u64);
    let base = randomness * G;
    let totals = [0u64, 1, 4448];
    let aggregate: Vec<Point> = key
        .slot_keys()
        .points()
        .iter()
        .zip(totals)
        .map(|(key, total)| Scalar::from(total) * G + randomness * key)
        .collect();
    let trustees = [1, 3];
    let partials = trustees.map(|trustee| {
        let shares = ceremony.key_shares(trustee);
        let images = key.verification_shares(trustee).unwrap().encoded();
        let references: Vec<&SecretScalar> = shares.iter().collect();
        let partial = decrypt(&context(trustee), &references, images, &base, &mut rng(trustee)).unwrap();
        let (claim, decoded) = decryption_claim(&context(trustee), images, &base, &partial).unwrap();
        assert!(verifies(&claim));
        let steps =
            equality_steps(decryption_transcript(trustee), &shares, &base, [images, &partial.points], &partial.proof);
        let json = json!({
            "context": context_json(&context(trustee)),
            "key_shares": secrets(&shares),
            "verification_shares": points(images),
            "partial_decryption": points(&partial.points),
            "steps": steps,
        });
        (trustee, partial, decoded, json)
    });
    let given: Vec<(u64, &[Point])> = partials.iter().map(|(trustee, _, points, _)| (*trustee, &points[..])).collect();
    let combined = combine(2, &aggregate, &given).unwrap();
    assert!(combined.iter().zip(totals).all(|(point, total)| *point == Scalar::from(total) * G));
    json!({
        "rules": "CRY-61, CRY-70, CRY-71, CRY-72, CRY-73",
        "threshold": 2,
        "slot_keys": points(key.slot_keys().encoded()),
        "base": point(&base),
        "aggregate": aggregate.iter().map(point).collect::<Value>(),
        "partials": partials.iter().map(|(.., json)| json.clone()).collect::<Value>(),
        "lagrange": lagrange(&trustees).unwrap().iter().map(scalar).collect::<Value>(),
        "total_points": combined.iter().map(point).collect::<Value>(),
        "totals": totals,
        "invalid": invalid_decryptions(
            &partials[0].1,
            &ceremony.key_shares(1),
            key.verification_shares(1).unwrap().encoded(),
            &base,
        ),
        "rehearsal": rehearsal(&ceremony),
    })
}

/// Partial decryptions of trustee 1, each with one defect.
fn invalid_decryptions(
    partial: &PartialDecryption,
    shares: &[SecretScalar],
    images: &[EncodedPoint],
    base: &Point,
) -> Value {
    let own = context(1);
    let shift = |point: &mut EncodedPoint, by: Point| *point = EncodedPoint::encode(&(point.decode().unwrap() + by));
    let with_proof = |defect: &str, context: DecryptionContext, base: &Point, partial: &PartialDecryption| {
        let refused = match decryption_claim(&context, images, base, partial) {
            Ok((claim, _)) => !verifies(&claim),
            Err(_) => true,
        };
        assert!(refused, "{defect}");
        json!({
            "defect": defect,
            "context": context_json(&context),
            "base": point(base),
            "partial_decryption": points(&partial.points),
            "proof": hex::encode(partial.proof.as_bytes()),
        })
    };
    let defective =
        |defect: &str, context: DecryptionContext, base: &Point, points_of: &dyn Fn(&mut Vec<EncodedPoint>)| {
            let mut partial = partial.clone();
            points_of(&mut partial.points);
            with_proof(defect, context, base, &partial)
        };
    // What follows satisfies the equation over G; that over Z refuses it, and does so only because v is what it is.
    let best = |defect: &str, errors: [Point; 2], v_is_one: bool| {
        let mut points = partial.points.clone();
        points.iter_mut().zip(errors).for_each(|(point, error)| shift(point, error));
        let weakly = Weakly { v_is_one, ..Weakly::default() };
        let proof = best_equality(decryption_transcript(1), shares, base, [images, &points], weakly);
        let [over_g, over_base] =
            equality_residues(decryption_transcript(1), base, [images, &points], &proof, v_is_one);
        assert!(over_g == identity() && (over_base == identity()) == v_is_one, "{defect}");
        with_proof(defect, own, base, &PartialDecryption { points, proof })
    };
    Value::Array(vec![
        defective("one point is another", own, base, &|points| shift(&mut points[1], G)),
        best("errors that cancel at v = 1: a verifier without v accepts", [G, -G], true),
        best("best proof of errors that cancel at v = 1", [G, -G], false),
        best("best proof of one point that is another", [G, identity()], false),
        defective("two slots are swapped", own, base, &|points| points.swap(0, 1)),
        defective("a slot is missing", own, base, &|points| points.truncate(2)),
        defective("a point is not canonical", own, base, &|points| points[2] = EncodedPoint([0xff; 32])),
        defective("another Z", own, &(base + G), &|_| ()),
        defective("another election", DecryptionContext { election: [9; 32], ..own }, base, &|_| ()),
        defective("another closing", DecryptionContext { closing: [9; 32], ..own }, base, &|_| ()),
        defective("another joint key", DecryptionContext { joint_key: [9; 32], ..own }, base, &|_| ()),
        defective("another contest", DecryptionContext { contest: 9, ..own }, base, &|_| ()),
        defective("another tally group", DecryptionContext { group: 9, ..own }, base, &|_| ()),
        defective("another trustee", DecryptionContext { trustee: 3, ..own }, base, &|_| ()),
    ])
}

fn rehearsal(ceremony: &Ceremony) -> Value {
    let context =
        RehearsalContext { election: [1; 32], joint_key: [3; 32], trustee: 1, entry: 17, entry_hash: [6; 32] };
    let key = ceremony.joint_key();
    let images = key.verification_shares(1).unwrap();
    let shares = ceremony.key_shares(1);
    let references: Vec<&SecretScalar> = shares.iter().collect();
    let proof = rehearse(&context, &references, images.encoded(), &mut rng(73)).unwrap();
    assert!(verifies(&rehearsal_claim(&context, images.encoded(), &proof).unwrap()));
    let mut transcript = Transcript::new(Kind::Rehearsal, &[1; 32]);
    transcript.bytes(Label::JointKey, &[3; 32]);
    transcript.integer(Label::Trustee, 1);
    transcript.integer(Label::Index, 17);
    transcript.bytes(Label::EntryHash, &[6; 32]);
    let exponent = transcript.challenge(Label::TestPoint).unwrap();
    let multiples: Vec<EncodedPoint> =
        images.points().iter().map(|image| EncodedPoint::encode(&(exponent * image))).collect();
    let base = exponent * G;
    json!({
        "election": hex::encode([1; 32]),
        "joint_key": hex::encode([3; 32]),
        "trustee": 1,
        "entry": 17,
        "entry_hash": hex::encode([6; 32]),
        "test_exponent": scalar(&exponent),
        "test_point": point(&base),
        "multiples": points(&multiples),
        "steps": equality_steps(transcript, &shares, &base, [images.encoded(), &multiples], &proof),
    })
}
