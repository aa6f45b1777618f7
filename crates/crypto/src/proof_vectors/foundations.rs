//! `generators.json` and `transcript.json`.

use super::{Value, encoded, json, point, scalar, strobe::Strobe};
use crate::{
    batch::Bases,
    encoding::{EncodedPoint, EncodedScalar},
    group::{G, Point, Scalar, blinding_base, witness_base},
    transcript::{Kind, Label, SUITE, Transcript},
};
use sha3::{Digest as _, Sha3_512};

pub(crate) fn generators() -> Value {
    let witness = [0u64, 1, 2, 3, 23, 24, 255, 256, 4096].map(|index| {
        let mut input = Vec::new();
        let mut encoder = minicbor::Encoder::new(&mut input);
        encoder.array(2).unwrap().str("vitrine/1/generator").unwrap().u64(index).unwrap();
        let digest: [u8; 64] = Sha3_512::digest(&input).into();
        let q = Point::from_uniform_bytes(&digest);
        assert_eq!(q, witness_base(index));
        assert_eq!(
            usize::try_from(index).ok().filter(|index| *index < 4).map(|index| Bases::new(3, &[]).witness()[index]),
            (index < 4).then_some(q)
        );
        json!({ "index": index, "input": hex::encode(&input), "sha3_512": hex::encode(digest), "Q": point(&q) })
    });
    let digest: [u8; 64] = Sha3_512::digest(EncodedPoint::encode(&G).as_bytes()).into();
    assert_eq!(Point::from_uniform_bytes(&digest), blinding_base());
    json!({
        "G": point(&G),
        "H": { "input": point(&G), "sha3_512": hex::encode(digest), "H": point(&blinding_base()) },
        "Q": witness,
        "invalid_points": invalid_points(),
        "invalid_scalars": invalid_scalars(),
    })
}

fn invalid_points() -> Value {
    let field = |low: u8| -> [u8; 32] {
        std::array::from_fn(|at| {
            if at == 0 {
                low
            } else if at == 31 {
                0x7f
            } else {
                0xff
            }
        })
    };
    let mut high = *EncodedPoint::encode(&G).as_bytes();
    high[31] |= 0x80;
    let mut negative = [0; 32];
    negative[0] = 1;
    let off = (2..).step_by(2).map(|low| [low; 32]).find(|bytes| EncodedPoint(*bytes).decode().is_err()).unwrap();
    [
        ("the field's prime p, another encoding of the identity", field(0xed)),
        ("p + 1", field(0xee)),
        ("all ones", [0xff; 32]),
        ("G with the highest bit set", high),
        ("negative (odd) field element 1", negative),
        ("an even field element that is no encoding", off),
    ]
    .map(|(defect, bytes)| {
        assert!(EncodedPoint(bytes).decode().is_err(), "{defect}");
        json!({ "defect": defect, "bytes": hex::encode(bytes) })
    })
    .to_vec()
    .into()
}

fn invalid_scalars() -> Value {
    let mut order = (-Scalar::ONE).to_bytes();
    order[0] += 1;
    let mut next = order;
    next[0] += 1;
    let mut high = Scalar::ONE.to_bytes();
    high[31] |= 0x80;
    [
        ("l, another encoding of 0", order),
        ("l + 1", next),
        ("1 with the highest bit set", high),
        ("all ones", [0xff; 32]),
    ]
    .map(|(defect, bytes)| {
        assert!(EncodedScalar(bytes).decode().is_err(), "{defect}");
        json!({ "defect": defect, "bytes": hex::encode(bytes) })
    })
    .to_vec()
    .into()
}

/// Two challenges after every kind of absorption, one message being longer than STROBE's rate; the whole state after each step.
pub(crate) fn transcript() -> Value {
    let mut strobe = Strobe::new();
    let mut steps = Vec::new();
    let mut step = |strobe: &Strobe, what: &str, label: &str, extra: (&str, Value)| {
        steps.push(json!({
            "do": what, "label": label, extra.0: extra.1,
            "state": hex::encode(strobe.state), "position": strobe.position, "begin": strobe.begin,
        }));
    };
    step(&strobe, "initialise", "dom-sep", ("message", hex::encode("vitrine/1").into()));
    let election = [0x11; 32];
    let long: Vec<u8> = (0..=255).collect();
    let mut ours = Transcript::new(Kind::EntrySignature, &election);
    for (label, message) in [
        (Label::Suite, SUITE.as_bytes().to_vec()),
        (Label::Kind, Kind::EntrySignature.text().as_bytes().to_vec()),
        (Label::Election, election.to_vec()),
        (Label::Author, vec![]),
        (Label::Body, long.clone()),
        (Label::Sequence, 0x0102_0304_0506_0708u64.to_le_bytes().to_vec()),
        (Label::Key, EncodedPoint::encode(&G).as_bytes().to_vec()),
    ] {
        strobe.bytes(label, &message);
        step(&strobe, "absorb", label.text(), ("message", hex::encode(&message).into()));
    }
    ours.bytes(Label::Author, &[]);
    ours.bytes(Label::Body, &long);
    ours.integer(Label::Sequence, 0x0102_0304_0506_0708);
    ours.point(Label::Key, &EncodedPoint::encode(&G));
    for label in [Label::Y, Label::Z] {
        let wide = strobe.challenge_bytes(label.text().as_bytes());
        let challenge = Scalar::from_bytes_mod_order_wide(&wide);
        assert_eq!(ours.challenge(label), Ok(challenge));
        step(
            &strobe,
            "challenge",
            label.text(),
            ("squeezed", json!({ "bytes": hex::encode(wide), "challenge": scalar(&challenge) })),
        );
    }
    strobe.point(Label::R, &EncodedPoint::IDENTITY);
    ours.point(Label::R, &EncodedPoint::IDENTITY);
    step(&strobe, "absorb", Label::R.text(), ("message", encoded(&EncodedPoint::IDENTITY)));
    let challenge = strobe.challenge(Label::C);
    assert_eq!(ours.challenge(Label::C), Ok(challenge));
    step(&strobe, "challenge", Label::C.text(), ("squeezed", json!({ "challenge": scalar(&challenge) })));
    json!({ "merlin": "Merlin v1.0", "protocol": "vitrine/1", "steps": steps })
}
