//! `selection.json`: sealed contests with everything that happens between a witness and its proof, computed here a second time from the
//! words of the chapter, and forgeries with one defect each.

use super::*;
use crate::{
    SecretScalar,
    proof_vectors::{
        encoded, point,
        relations::{choose_one, points, rows},
        rng as seeded, scalar, scalars,
        schnorr::{plus_order, refusal},
        strobe::Strobe,
    },
    transcript::SUITE,
};
use serde_json::{Value, json};

/// The first of the seeds.
const SEED: u64 = 200;

type Change = fn(&mut SelectionContext);

/// What the prover of [`seal`] drew, repeated from the same seed.
struct Drawn {
    r: Scalar,
    alpha: Scalar,
    a: Vec<Scalar>,
    s: Scalar,
    beta: Scalar,
    rho: Scalar,
    g: Vec<Scalar>,
    eta: Option<Scalar>,
}

fn drawn(setting: &Setting, w: &[Scalar], sealed: &SealedContest, seed: u64) -> Drawn {
    let mut rng = seeded(seed);
    let before = setting.context.transcript(&setting.relation, []);
    let mut secret = before.private_rng(&w.iter().collect::<Vec<_>>(), &mut rng).unwrap();
    let mut first = || *SecretScalar::generate(&mut secret).unwrap().expose();
    let r = first();
    let g: Vec<Scalar> = setting.relation.wide().iter().map(|_| first()).collect();
    let transcript = verification::step_0(&setting.relation, &setting.context, sealed);
    if !g.is_empty() {
        // The range proof's masks come first, from entropy of their own.
        drop(transcript.private_rng(&[], &mut rng).unwrap());
    }
    let secrets: Vec<&Scalar> = w.iter().chain([&r]).chain(&g).collect();
    let mut masks = transcript.private_rng(&secrets, &mut rng).unwrap();
    let mut mask = || *SecretScalar::generate(&mut masks).unwrap().expose();
    let alpha = mask();
    let a = w.iter().map(|_| mask()).collect();
    let (s, beta, rho) = (mask(), mask(), mask());
    let eta = (!g.is_empty()).then(mask);
    Drawn { r, alpha, a, s, beta, rho, g, eta }
}

pub(super) fn context(setting: &Setting) -> Value {
    let context = &setting.context;
    json!({
        "election": hex::encode(context.election), "opening": hex::encode(context.opening),
        "joint_key": hex::encode(context.joint_key), "contest": context.contest,
        "credential": encoded(&context.credential), "sequence": context.sequence,
        "previous": hex::encode(context.previous),
    })
}

/// CRY-33 and CRY-28, by hand.
fn begin(setting: &Setting, ciphertext: &[EncodedPoint], commitments: &[EncodedPoint]) -> Strobe {
    let SelectionContext { election, opening, joint_key, contest, credential, sequence, previous } = &setting.context;
    let size = |items: usize| u64::try_from(items).unwrap();
    let mut strobe = Strobe::new();
    strobe.bytes(Label::Suite, SUITE.as_bytes());
    strobe.bytes(Label::Kind, b"selection");
    strobe.bytes(Label::Election, election);
    strobe.bytes(Label::Opening, opening);
    strobe.bytes(Label::JointKey, joint_key);
    strobe.integer(Label::Contest, *contest);
    strobe.point(Label::Credential, credential);
    strobe.integer(Label::Sequence, *sequence);
    strobe.bytes(Label::Previous, previous);
    strobe.integer(Label::Slots, size(setting.relation.slots()));
    strobe.integer(Label::Witness, size(setting.relation.witness_len()));
    strobe.integer(Label::Rules, size(setting.relation.rules_len()));
    ciphertext.iter().for_each(|point| strobe.point(Label::Ciphertext, point));
    if !commitments.is_empty() {
        strobe.append(b"n", &size(commitments.len()).to_le_bytes());
        for (position, commitment) in setting.relation.wide().iter().zip(commitments) {
            strobe.append(b"S", &size(*position).to_le_bytes());
            strobe.append(b"V", commitment.as_bytes());
        }
    }
    strobe
}

/// Sums of products, written out as CRY-34 and CRY-35 write them, with powers by repeated multiplication.
struct Sums<'a> {
    relation: &'a Relation,
    y: Scalar,
    z: Scalar,
}

impl Sums<'_> {
    fn power(base: Scalar, exponent: usize) -> Scalar {
        std::iter::repeat_n(base, exponent).product()
    }

    fn mu(&self, v: &[Scalar]) -> Scalar {
        let mut sum = Scalar::ZERO;
        for (j, row) in (1..).zip(self.relation.weights()) {
            for (i, weight) in row {
                sum += Self::power(self.z, j + 1) * Scalar::from(*weight) * v[*i];
            }
        }
        sum
    }

    /// `sum_k y^{N+k} (L_k.v - target t_k)`.
    fn rules(&self, v: &[Scalar], target: Scalar) -> Scalar {
        let integer = |value: i64| {
            if value < 0 { -Scalar::from(value.unsigned_abs()) } else { Scalar::from(value.unsigned_abs()) }
        };
        let mut sum = Scalar::ZERO;
        for (k, rule) in (1..).zip(self.relation.rules()) {
            let value: Scalar = rule.coefficients.iter().map(|(i, factor)| integer(*factor) * v[*i]).sum();
            sum += Self::power(self.y, self.relation.witness_len() + k) * (value - target * integer(rule.target));
        }
        sum
    }

    fn bits(&self, term: impl Fn(usize) -> Scalar) -> Scalar {
        let bits = (0..self.relation.witness_len()).filter(|i| !self.relation.wide().contains(i));
        bits.map(|i| Self::power(self.y, i + 1) * term(i)).sum()
    }

    fn amounts(&self, v: &[Scalar]) -> Scalar {
        (1..).zip(v).map(|(h, v)| Self::power(self.z, h) * v).sum()
    }
}

pub(super) fn valid(name: &str, setting: &Setting, witness: &[u32], seed: u64) -> (Value, Vec<u8>) {
    let Setting { relation, bases, secrets, context: at } = setting;
    let (sealed, opening) = seal(relation, bases, at, witness, &mut seeded(seed)).unwrap();
    let ciphertext: Vec<EncodedPoint> = sealed.ciphertext_points().collect();
    let w: Vec<Scalar> = witness.iter().copied().map(Scalar::from).collect();
    let Drawn { r, alpha, a, s, beta, rho, g, eta } = drawn(setting, &w, &sealed, seed);
    let of_wide = |v: &[Scalar]| -> Vec<Scalar> { relation.wide().iter().map(|position| v[*position]).collect() };
    assert_eq!(&r, opening.randomness().expose());
    let (h, q) = (bases.blinding(), bases.witness());
    let keys = bases.slot_points();
    let over_q = |v: &[Scalar]| -> Point { v.iter().zip(q.iter().skip(1)).map(|(v, q)| q * v).sum() };

    let v: Vec<Point> = of_wide(&w).iter().zip(&g).map(|(w, g)| G * w + h * g).collect();
    let commitments: Vec<EncodedPoint> = v.iter().map(EncodedPoint::encode).collect();
    let mut strobe = begin(setting, &ciphertext, &commitments);
    let forked = strobe.clone();
    let a_point = over_q(&w) + q[0] * r + h * alpha;
    strobe.point(Label::A, &EncodedPoint::encode(&a_point));
    let (y, z) = (strobe.challenge(Label::Y), strobe.challenge(Label::Z));
    let sums = Sums { relation, y, z };
    let e_1 = sums.bits(|i| a[i] * (w[i] + w[i] - Scalar::ONE)) + sums.rules(&a, Scalar::ZERO);
    let e_0 = sums.bits(|i| a[i] * a[i]);
    let p_z: Point = G * z + (2..).zip(keys).map(|(power, p)| p * Sums::power(z, power)).sum::<Point>();
    let mu_a = sums.mu(&a);
    let t1 = over_q(&a) + q[0] * s + h * beta + G * e_1;
    let t0 = h * rho + G * e_0;
    let tc = G * mu_a + p_z * s;
    for (label, point) in [(Label::T1, &t1), (Label::T0, &t0), (Label::TC, &tc)] {
        strobe.point(label, &EncodedPoint::encode(point));
    }
    let t_v = eta.map(|eta| G * sums.amounts(&of_wide(&a)) + h * eta);
    if let Some(t_v) = &t_v {
        strobe.append(b"TV", EncodedPoint::encode(t_v).as_bytes());
    }
    let x = strobe.challenge(Label::X);
    let f: Vec<Scalar> = w.iter().zip(&a).map(|(w, a)| x * w + a).collect();
    let (z_r, z_h) = (x * r + s, x * x * alpha + x * beta + rho);
    let q_fx = sums.bits(|i| f[i] * (f[i] - x)) + x * sums.rules(&f, x);
    let c_z: Point = (1..).zip(&ciphertext).map(|(power, c)| c.decode().unwrap() * Sums::power(z, power)).sum();
    // CRY-37, on points.
    let left = over_q(&f) * x + q[0] * (x * z_r) + h * z_h + G * q_fx;
    assert_eq!(left, a_point * (x * x) + t1 * x + t0);
    assert_eq!(G * sums.mu(&f) + p_z * z_r, c_z * x + tc);
    // CRY-44.
    let z_g = eta.map(|eta| x * sums.amounts(&g) + eta);
    let v_z: Point = (1..).zip(&v).map(|(h, v)| v * Sums::power(z, h)).sum();
    if let (Some(z_g), Some(t_v)) = (z_g, t_v) {
        assert_eq!(G * sums.amounts(&of_wide(&f)) + h * z_g, v_z * x + t_v);
    }
    let parts = Parts {
        c: ciphertext.iter().map(|c| c.decode().unwrap()).collect(),
        a: a_point,
        t1,
        t0,
        tc,
        f: f.clone(),
        z_r,
        z_h,
        amounts: t_v.zip(z_g).map(|(t_v, z_g)| AmountParts { v: v.clone(), t_v, z_g }),
    };
    let bytes = encode(&parts);
    let (before, range) = sealed.as_bytes().split_at(bytes.len());
    assert_eq!(bytes, before, "{name}");
    assert!(setting.accepts(sealed.as_bytes()));
    let mut value = json!({
        "name": name, "K": relation.slots(), "N": relation.witness_len(), "M": relation.rules_len(),
        "slot_secrets": scalars(secrets), "slot_keys": keys.iter().map(point).collect::<Value>(),
        "context": context(setting), "values": relation.values(witness).unwrap(),
        "r": scalar(&r), "C": ciphertext.iter().map(encoded).collect::<Value>(),
        "alpha": scalar(&alpha), "A": point(&a_point), "y": scalar(&y), "z": scalar(&z),
        "a": scalars(&a), "s": scalar(&s), "beta": scalar(&beta), "rho": scalar(&rho),
        "e_1": scalar(&e_1), "e_0": scalar(&e_0), "mu_a": scalar(&mu_a), "P_z": point(&p_z),
        "T_1": point(&t1), "T_0": point(&t0), "T_C": point(&tc), "x": scalar(&x),
        "f": scalars(&f), "z_r": scalar(&z_r), "z_h": scalar(&z_h),
        "q_f_x": scalar(&q_fx), "mu_f": scalar(&sums.mu(&f)), "C_z": point(&c_z), "sealed": hex::encode(sealed.as_bytes()),
    });
    if v.is_empty() {
        value["witness"] = witness.iter().map(u32::to_string).collect::<String>().into();
    } else {
        value["witness"] = witness.into();
        value["S"] = json!(relation.wide());
        value["g"] = scalars(&g);
        value["V"] = v.iter().map(point).collect();
        (value["eta"], value["z_g"]) = (scalar(&eta.unwrap()), scalar(&z_g.unwrap()));
        (value["T_V"], value["V_z"]) = (point(&t_v.unwrap()), point(&v_z));
        value["range_proof"] = amount_vectors::range_proof(forked, commitments, range);
    }
    (value, sealed.as_bytes().to_vec())
}

fn invalid(setting: &Setting, right: &[u8]) -> Vec<Value> {
    let mut cases = Vec::new();
    let mut add = |setting: &Setting, defect: &str, bytes: &[u8]| {
        let decoded = SealedContest::decode(bytes, &setting.relation).map_err(ClaimError::from);
        let claim =
            decoded.and_then(|sealed| super::claim(&setting.relation, &setting.bases, &setting.context, &sealed));
        let reason = refusal(claim.map(|(claim, _)| claim), &setting.bases).expect(defect);
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
    let plus = |block: usize, by: &Point| {
        with(block, EncodedPoint::encode(&(EncodedPoint(at(block)).decode().unwrap() + by)).0)
    };
    let one_more =
        |block: usize| with(block, (Scalar::from_canonical_bytes(at(block)).unwrap() + Scalar::ONE).to_bytes());
    // Choose one of 3: C_0..C_3 (0..=3), A, T_1, T_0, T_C (4..=7), f_1..f_3 (8..=10), z_r, z_h (11, 12).
    for (block, name) in ["C_0", "C_1", "C_2", "C_3", "A", "T_1", "T_0", "T_C"].into_iter().enumerate() {
        add(setting, &format!("{name} + H"), &plus(block, setting.bases.blinding()));
    }
    for (block, name) in (8..).zip(["f_1", "f_2", "f_3", "z_r", "z_h"]) {
        add(setting, &format!("{name} + 1"), &one_more(block));
    }
    add(setting, "C_1 and C_2 swapped", &[&right[..32], &at(2), &at(1), &right[96..]].concat());
    add(setting, "one byte missing", &right[..right.len() - 1]);
    add(setting, "one byte too many", &[right, &[0]].concat());
    add(setting, "one f missing", &[&right[..256], &right[288..]].concat());
    add(setting, "T_0 not canonical", &with(6, [0xff; 32]));
    add(setting, "z_r + l", &with(11, plus_order(&at(11))));
    let changes: [(&str, Change); 7] = [
        ("another election", |context| context.election[0] ^= 1),
        ("another opening", |context| context.opening[0] ^= 1),
        ("another joint key", |context| context.joint_key[0] ^= 1),
        ("another contest", |context| context.contest += 1),
        ("another voter", |context| context.credential = EncodedPoint::encode(&G)),
        ("another sequence", |context| context.sequence += 1),
        ("another previous tracker", |context| context.previous[0] ^= 1),
    ];
    for (defect, change) in changes {
        let mut elsewhere = setting.clone();
        change(&mut elsewhere.context);
        add(&elsewhere, defect, right);
    }
    let mut forged = |defect: &str, weakness: &Weakness, w: [Scalar; 3], change: fn(&mut Cheat)| {
        let mut cheat = Cheat::new(setting, w);
        change(&mut cheat);
        let bytes = cheat.prove(weakness);
        assert!(
            defect.starts_with("best") || weakness.accepts(setting, &bytes) || defect.starts_with("identity"),
            "{defect}"
        );
        add(setting, defect, &bytes);
    };
    let (none, one, zero) = (Weakness::none(), Scalar::ONE, Scalar::ZERO);
    let right = [zero, one, zero];
    forged("identity C_0, both equations hold", &none, right, |cheat| cheat.r = Scalar::ZERO);
    forged("best proof of two ones", &none, [one, one, zero], |_| ());
    forged("best proof of no one", &none, [zero; 3], |_| ());
    forged("best proof of 2 and -1", &none, [one + one, -one, zero], |_| ());
    forged("best proof with C_1 + G", &none, right, |cheat| cheat.c_errors[1] = Known::g(1u64));
    let merges = Weakness { merges: true, ..Weakness::none() };
    forged("C_1 + H: a verifier of E1 + x E2 accepts", &merges, right, |cheat| cheat.c_errors[1] = Known::h(1u64));
    forged(
        "y = 1: violations that cancel",
        &Weakness { y_is_one: true, ..Weakness::none() },
        [-one, zero, zero],
        |_| (),
    );
    forged("z = 1: C_1 + G, C_2 - G", &Weakness { z_is_one: true, ..Weakness::none() }, right, |cheat| {
        (cheat.c_errors[1], cheat.c_errors[2]) = (Known::g(1u64), Known::g(-Scalar::ONE));
    });
    let weight = [Scalar::from(100u64), zero, zero];
    forged("A chosen after y and z", &Weakness::late(Step::A, Step::Z), weight, |_| ());
    forged("T_0 chosen after x", &Weakness::late(Step::T0, Step::X), weight, |_| ());
    forged("T_C chosen after x", &Weakness::late(Step::TC, Step::X), right, |cheat| {
        cheat.c_errors[1] = Known::g(100u64)
    });
    forged("C chosen after z", &Weakness::late(Step::C, Step::Z), right, |cheat| cheat.c_errors[1] = Known::g(100u64));
    forged("context not absorbed", &Weakness { ignores_context: true, ..Weakness::none() }, right, |_| ());
    cases
}

pub(crate) fn selection() -> Value {
    let build = |(weights, rules): (Vec<Vec<(usize, u64)>>, Vec<_>), witness_len: usize, seed: u64| {
        let shown = rows(&weights, &rules);
        let mut rng = seeded(seed);
        let secrets = weights.iter().map(|_| *SecretScalar::generate(&mut rng).unwrap().expose()).collect();
        let setting = Setting::new(Relation::new(weights.len(), witness_len, vec![], weights, rules).unwrap(), secrets);
        (setting, shown)
    };
    let (one, one_rows) = build(choose_one(3), 3, SEED);
    let (points, points_rows) = build(points(), 6, SEED + 1);
    let (mut first, right) = valid("choose one of 3", &one, &bits("010"), SEED + 2);
    let (mut second, _) = valid("points", &points, &bits("101001"), SEED + 3);
    first["relation"] = one_rows;
    second["relation"] = points_rows;
    first["invalid"] = invalid(&one, &right).into();
    json!([first, second])
}
