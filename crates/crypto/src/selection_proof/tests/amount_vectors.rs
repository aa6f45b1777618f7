//! `amounts.json`: contests with wide values. The range proofs are made by their crate, and checked here from the words of CRY-45 to
//! CRY-48 alone: transcript, bases and both equations.

use super::{
    vectors::{context, valid},
    *,
};
use crate::{
    encoding::EncodedScalar,
    group::blinding_base,
    proof_vectors::{
        point,
        relations::rows,
        rng as seeded, scalar, scalars,
        schnorr::{plus_order, refusal},
        strobe::Strobe,
    },
    relation::RelationError,
};
use serde_json::{Value, json};
use sha3::{
    Shake256,
    digest::{ExtendableOutput as _, Update as _, XofReader as _},
};

/// The first of the seeds.
const SEED: u64 = 900;

type Weights = Vec<Vec<(usize, u64)>>;
type Rules = Vec<(Vec<(usize, i64)>, i64)>;
type Change = fn(&mut SelectionContext);

/// CRY-46: 32 bases of commitment h, counted from 0.
fn range_bases(letter: &str, h: u32) -> Vec<Point> {
    let mut shake = Shake256::default();
    shake.update(b"GeneratorsChain");
    shake.update(letter.as_bytes());
    shake.update(&h.to_le_bytes());
    let mut reader = shake.finalize_xof();
    let mut base = || {
        let mut bytes = [0; 64];
        reader.read(&mut bytes);
        Point::from_uniform_bytes(&bytes)
    };
    (0..32).map(|_| base()).collect()
}

/// `base^exponent`, by repeated multiplication.
fn power(base: Scalar, exponent: usize) -> Scalar {
    std::iter::repeat_n(base, exponent).product()
}

/// CRY-45 to CRY-48, by hand; everything between the bytes and the verdict.
pub(super) fn range_proof(mut strobe: Strobe, mut commitments: Vec<EncodedPoint>, bytes: &[u8]) -> Value {
    let blocks: Vec<[u8; 32]> = bytes.as_chunks::<32>().0.to_vec();
    let to_point = |block: &[u8; 32]| EncodedPoint(*block).decode_nonzero().unwrap();
    let to_scalar = |block: &[u8; 32]| EncodedScalar(*block).decode().unwrap();
    let p = (0..8).map(|power| 1usize << power).find(|p| *p >= commitments.len()).unwrap();
    let d = 5 + usize::try_from(p.trailing_zeros()).unwrap();
    assert_eq!(bytes.len(), 32 * (9 + 2 * d));
    commitments.resize(p, EncodedPoint([0; 32]));
    let integer = |value: usize| u64::try_from(value).unwrap().to_le_bytes();
    let challenge =
        |strobe: &mut Strobe, label: &[u8]| Scalar::from_bytes_mod_order_wide(&strobe.challenge_bytes(label));

    strobe.append(b"fork", b"range-proof");
    strobe.append(b"dom-sep", b"rangeproof v1");
    strobe.append(b"n", &integer(32));
    strobe.append(b"m", &integer(p));
    commitments.iter().for_each(|commitment| strobe.append(b"V", commitment.as_bytes()));
    strobe.append(b"A", &blocks[0]);
    strobe.append(b"S", &blocks[1]);
    let (y, z) = (challenge(&mut strobe, b"y"), challenge(&mut strobe, b"z"));
    strobe.append(b"T_1", &blocks[2]);
    strobe.append(b"T_2", &blocks[3]);
    let x = challenge(&mut strobe, b"x");
    for (label, block) in [&b"t_x"[..], b"t_x_blinding", b"e_blinding"].into_iter().zip(&blocks[4..]) {
        strobe.append(label, block);
    }
    let w = challenge(&mut strobe, b"w");
    strobe.append(b"dom-sep", b"ipp v1");
    strobe.append(b"n", &integer(32 * p));
    let mut u = Vec::new();
    for [left, right] in blocks[7..7 + 2 * d].as_chunks::<2>().0 {
        strobe.append(b"L", left);
        strobe.append(b"R", right);
        u.push(challenge(&mut strobe, b"u"));
    }
    let points: Vec<Point> = blocks[..4].iter().chain(&blocks[7..7 + 2 * d]).map(to_point).collect();
    let [t, t_blinding, e] = [4, 5, 6].map(|at| to_scalar(&blocks[at]));
    let [a, b] = [7, 8].map(|at| to_scalar(&blocks[at + 2 * d]));

    let (one, big_h) = (Scalar::ONE, blinding_base());
    let of_y: Scalar = (0..32 * p).map(|k| power(y, k)).sum();
    let of_z: Scalar = (1..=p).map(|h| power(z, h + 2)).sum();
    let delta = (z - z * z) * of_y - Scalar::from(u32::MAX) * of_z;
    let v: Vec<Point> = commitments.iter().map(|commitment| commitment.decode().unwrap()).collect();
    let weighed: Point = (1..).zip(&v).map(|(h, v)| v * power(z, h + 1)).sum();
    assert_eq!(G * t + big_h * t_blinding, G * delta + points[2] * x + points[3] * (x * x) + weighed, "R1");

    let s = |k: usize| -> Scalar {
        (1..=d).map(|r| if k >> (d - r) & 1 == 1 { u[r - 1] } else { u[r - 1].invert() }).product()
    };
    let mut left = points[0] + points[1] * x + G * (w * (t - a * b));
    for (r, u) in u.iter().enumerate() {
        left += points[4 + 2 * r] * (u * u) + points[5 + 2 * r] * (u * u).invert();
    }
    let mut right = big_h * e;
    for h in 1..=p {
        let party = u32::try_from(h - 1).unwrap();
        for (i, (base, other)) in range_bases("G", party).iter().zip(range_bases("H", party)).enumerate() {
            let k = 32 * (h - 1) + i;
            let unwound = power(y, k).invert();
            right += base * (z + a * s(k));
            right += other * (unwound * b * s(k).invert() - z - unwound * power(z, h + 1) * Scalar::from(1u64 << i));
        }
    }
    assert_eq!(left, right, "R2");
    assert_eq!(s(32 * p - 1), u.iter().copied().fold(one, |product, u| product * u));
    json!({
        "p": p, "d": d, "y": scalar(&y), "z": scalar(&z), "x": scalar(&x), "w": scalar(&w), "u": scalars(&u),
        "delta": scalar(&delta), "s_0": scalar(&s(0)), "s_1": scalar(&s(1)), "bytes": hex::encode(bytes),
    })
}

fn bases() -> Value {
    let cases = [1u32, 2, 128].into_iter().flat_map(|h| [(h, 0usize), (h, 31)]);
    cases
        .map(|(h, i)| {
            let [u, other] = ["G", "H"].map(|letter| point(&range_bases(letter, h - 1)[i]));
            json!({ "h": h, "i": i, "U": u, "U'": other })
        })
        .collect()
}

/// One amount and nothing else.
fn amount() -> (Weights, Rules, Vec<usize>, usize) {
    (vec![vec![(0, 1)]], vec![], vec![0], 1)
}

/// The budget of the chapter's example.
fn example() -> (Weights, Rules, Vec<usize>, usize) {
    let rule = (vec![(0, 1), (1, 1), (2, 1)], 100);
    (vec![vec![(0, 1)], vec![(1, 1)]], vec![rule], vec![0, 1, 2], 3)
}

/// Two amounts, a blank (a bit between wide values), a slack: 2^32 - 1 in all; and a slot that weighs an amount.
fn budget() -> (Weights, Rules, Vec<usize>, usize) {
    let pot = i64::from(u32::MAX);
    let weights = vec![vec![(0, 1)], vec![(1, 1)], vec![(2, 1)], vec![(0, 3), (2, 1)]];
    (weights, vec![(vec![(0, 1), (1, 1), (2, pot), (3, 1)], pot)], vec![0, 1, 3], 4)
}

fn relations() -> Value {
    let one = || vec![vec![(0usize, 1u64)]];
    let cases = [
        ("a wide position outside the witness", 1, vec![1], one(), vec![], RelationError::Wide),
        ("a wide position twice", 2, vec![1, 1], one(), vec![], RelationError::Wide),
        ("wide positions that descend", 2, vec![1, 0], one(), vec![], RelationError::Wide),
        ("129 wide positions", 129, (0..129).collect(), one(), vec![], RelationError::Size),
        (
            "a weight of 2^31 + 1 at a wide position",
            1,
            vec![0],
            vec![vec![(0, (1 << 31) + 1)]],
            vec![],
            RelationError::Wrap,
        ),
        (
            "coefficients and target that reach 2^63",
            1,
            vec![0],
            one(),
            vec![(vec![(0, 1 << 31)], 1 << 31)],
            RelationError::Wrap,
        ),
    ];
    let invalid = cases.map(|(defect, witness_len, wide, weights, rules, reason)| {
        let relation = rows(&weights, &rules);
        let built = Relation::new(1, witness_len, wide.clone(), weights, rules);
        assert_eq!(built, Err(reason), "{defect}");
        json!({ "defect": defect, "K": 1, "N": witness_len, "S": wide, "relation": relation, "reason": format!("{reason:?}").to_lowercase() })
    });
    json!(invalid)
}

/// Every block of the budget's proof, its context, and what cheaters would send.
fn invalid(setting: &Setting, right: &[u8], other: &[u8]) -> Vec<Value> {
    let mut cases = Vec::new();
    let mut add = |setting: &Setting, defect: &str, bytes: &[u8]| {
        let decoded = SealedContest::decode(bytes, &setting.relation).map_err(ClaimError::from);
        let claim =
            decoded.and_then(|sealed| super::claim(&setting.relation, &setting.bases, &setting.context, &sealed));
        let by_range = claim.as_ref().is_ok_and(|(claim, _)| claim.fails_by_range(&setting.bases));
        let reason = refusal(claim.map(|(claim, _)| claim), &setting.bases).expect(defect);
        let reason = if by_range { "range" } else { reason };
        cases.push(
            json!({ "defect": defect, "reason": reason, "context": context(setting), "sealed": hex::encode(bytes) }),
        );
    };
    let at = |block: usize| right.as_chunks::<32>().0[block];
    let with = |block: usize, value: [u8; 32]| {
        let mut bytes = right.to_vec();
        bytes.as_chunks_mut::<32>().0[block] = value;
        bytes
    };
    // C_0..C_4 (0..=4), V_1..V_3 (5..=7), A, T_1, T_0, T_C, T_V (8..=12), f_1..f_4 (13..=16), z_r, z_h, z_g (17..=19), range proof.
    let names = "C_0 C_1 C_2 C_3 C_4 V_1 V_2 V_3 A T_1 T_0 T_C T_V f_1 f_2 f_3 f_4 z_r z_h z_g A' S' T'_1 T'_2 t t' e \
                 L_1 R_1 L_2 R_2 L_3 R_3 L_4 R_4 L_5 R_5 L_6 R_6 L_7 R_7 a' b'";
    let names: Vec<&str> = names.split_whitespace().collect();
    assert_eq!(names.len() * 32, right.len());
    for (block, name) in names.iter().enumerate() {
        if (13..20).contains(&block) || (24..27).contains(&block) || block >= names.len() - 2 {
            let more = Scalar::from_canonical_bytes(at(block)).unwrap() + Scalar::ONE;
            add(setting, &format!("{name} + 1"), &with(block, more.to_bytes()));
        } else {
            let more = EncodedPoint(at(block)).decode().unwrap() + setting.bases.blinding();
            add(setting, &format!("{name} + H"), &with(block, EncodedPoint::encode(&more).0));
        }
    }
    for block in [5, 12, 20, 30] {
        add(setting, &format!("{} not canonical", names[block]), &with(block, [0xff; 32]));
    }
    for block in [19, 26, names.len() - 1] {
        add(setting, &format!("{} + l", names[block]), &with(block, plus_order(&at(block))));
    }
    for block in [20, 22, 27, 40] {
        add(setting, &format!("{} the identity", names[block]), &with(block, [0; 32]));
    }
    let start = 20 * 32;
    add(setting, "range proof missing", &right[..start]);
    add(setting, "one byte missing", &right[..right.len() - 1]);
    add(setting, "one byte too many", &[right, &[0]].concat());
    let end = right.len();
    add(setting, "a round of the range proof missing", &[&right[..end - 128], &right[end - 64..]].concat());
    add(setting, "range proof of another ballot", &[&right[..start], &other[start..]].concat());
    add(setting, "V_1 and V_2 swapped", &[&right[..5 * 32], &at(6), &at(5), &right[7 * 32..]].concat());
    let changes: [(&str, Change); 3] = [
        ("another election", |context| context.election[0] ^= 1),
        ("another voter", |context| context.credential = EncodedPoint::encode(&G)),
        ("another contest", |context| context.contest += 1),
    ];
    for (defect, change) in changes {
        let mut elsewhere = setting.clone();
        change(&mut elsewhere.context);
        add(&elsewhere, defect, right);
    }
    cases
}

/// What cheaters send who know the slot's secret: each is accepted by the verifier that lacks one thing.
fn forged(setting: &Setting) -> Vec<Value> {
    let mut cases = Vec::new();
    let mut add = |defect: &str, weakness: &Weakness, w: Scalar, change: fn(&mut Cheat)| {
        let mut cheat = Cheat::new(setting, [w]);
        change(&mut cheat);
        let bytes = cheat.prove(weakness);
        assert!(weakness.accepts(setting, &bytes) && !setting.accepts(&bytes), "{defect}");
        let sealed = setting.decode(&bytes);
        let (claim, _) = super::claim(&setting.relation, &setting.bases, &setting.context, &sealed).unwrap();
        let reason = if claim.fails_by_range(&setting.bases) { "range" } else { "equation" };
        cases.push(
            json!({ "defect": defect, "reason": reason, "context": context(setting), "sealed": hex::encode(&bytes) }),
        );
    };
    let gap = Weakness::of_amounts;
    let (seven, wide, one) = (Scalar::from(7u64), Scalar::from(1u64 << 32), Scalar::ONE);
    let of_zero: fn(&mut Cheat) = |cheat| {
        cheat.v_errors[0] = Known::g(-Scalar::from(1u64 << 32));
        cheat.range_values = vec![0];
    };
    add("2^32: without the range proof", &gap(Gap::Range), wide, |_| ());
    add("-1: without the range proof", &gap(Gap::Range), -one, |_| ());
    add("1/2: without the range proof", &gap(Gap::Range), (one + one).invert(), |_| ());
    add("2^32 beside a commitment to 0: without E3", &gap(Gap::Third), wide, of_zero);
    add("2^32 beside a commitment to 0: T_V after x", &Weakness::late(Step::TV, Step::X), wide, of_zero);
    add(
        "2^40, range proof of 0 over C_1 with the blinding base P_1",
        &gap(Gap::OverCiphertext),
        Scalar::from(1u64 << 40),
        |cheat| {
            cheat.range_values = vec![0];
        },
    );
    add("C_1 + H: E2 + E3 as one equation", &gap(Gap::MergedThird), seven, |cheat| cheat.c_errors[1] = Known::h(1u64));
    add("C_1 + 2^40 G: E1 without Q_0", &gap(Gap::UnboundR), seven, |cheat| {
        cheat.c_errors[1] = Known::g(1u64 << 40);
    });
    add("Q_1 in place of H as the commitments' blinding base", &gap(Gap::OtherBase), seven, |_| ());
    add("a range proof whose transcript covers no context", &gap(Gap::RangeContext), seven, |_| ());
    cases
}

pub(crate) fn amounts() -> Value {
    let build = |(weights, rules, wide, witness_len): (Weights, Rules, Vec<usize>, usize), seed: u64| {
        let shown = rows(&weights, &rules);
        let mut rng = seeded(seed);
        let secrets = weights.iter().map(|_| *crate::SecretScalar::generate(&mut rng).unwrap().expose()).collect();
        let relation = Relation::new(weights.len(), witness_len, wide, weights, rules).unwrap();
        (Setting::new(relation, secrets), shown)
    };
    let (one, one_rows) = build(amount(), SEED);
    let (two, two_rows) = build(example(), SEED + 1);
    let (three, three_rows) = build(budget(), SEED + 2);
    let max = u32::MAX;
    let (mut first, _) = valid("one amount, the largest", &one, &[max], SEED + 3);
    let (mut second, _) = valid("one amount, zero", &one, &[0], SEED + 4);
    let (mut third, _) = valid("a budget of 100", &two, &[30, 70, 0], SEED + 5);
    let witness = [1_000_000, 5, 0, max - 1_000_005];
    let (mut fourth, right) = valid("a budget of 2^32 - 1", &three, &witness, SEED + 6);
    let (mut fifth, other) = valid("a blank budget", &three, &[0, 0, 1, 0], SEED + 7);
    (first["relation"], second["relation"]) = (one_rows.clone(), one_rows);
    (third["relation"], fourth["relation"], fifth["relation"]) = (two_rows, three_rows.clone(), three_rows);
    first["invalid"] = forged(&one).into();
    fourth["invalid"] = invalid(&three, &right, &other).into();
    json!({
        "range_bases": bases(), "invalid_relations": relations(), "contests": [first, second, third, fourth, fifth],
    })
}
