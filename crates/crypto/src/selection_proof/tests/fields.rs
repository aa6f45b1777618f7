//! Tests 1, 2 and 3: every field, every encoding, every absorbed item.

use super::*;

fn at(bytes: &[u8], block: usize) -> [u8; 32] {
    bytes.as_chunks::<32>().0[block]
}

fn with(bytes: &[u8], block: usize, value: [u8; 32]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.as_chunks_mut::<32>().0[block] = value;
    bytes
}

/// Points before scalars: C_0..C_K, A, T_1, T_0, T_C.
fn points(setting: &Setting) -> usize {
    setting.relation.slots() + 5
}

fn refusal(setting: &Setting, bytes: &[u8]) -> Option<ClaimError> {
    let decoded = SealedContest::decode(bytes, &setting.relation).map_err(ClaimError::from);
    decoded.and_then(|sealed| claim(&setting.relation, &setting.bases, &setting.context, &sealed)).err()
}

#[test]
fn every_field_is_bound() {
    let setting = Setting::approval();
    let right = sealed(&setting, "1100000101");
    let right = if setting.accepts(&right) { right } else { panic!("the ballot is right") };
    let blocks = right.len() / 32;
    for block in 0..points(&setting) {
        let point = EncodedPoint(at(&right, block)).decode().unwrap();
        for shift in [G, *setting.bases.blinding(), setting.bases.witness()[1]] {
            assert!(!setting.accepts(&with(&right, block, EncodedPoint::encode(&(point + shift)).0)), "{block}");
        }
    }
    for block in points(&setting)..blocks {
        let scalar = Scalar::from_canonical_bytes(at(&right, block)).unwrap() + Scalar::ONE;
        assert!(!setting.accepts(&with(&right, block, scalar.to_bytes())), "{block}");
    }
    // Two fields swapped, the ciphertext's points permuted among them.
    for first in 0..blocks {
        for second in first + 1..blocks {
            let swapped = with(&with(&right, first, at(&right, second)), second, at(&right, first));
            assert!(!setting.accepts(&swapped), "{first} {second}");
        }
    }
}

#[test]
fn every_length_but_one_is_refused_first() {
    let setting = Setting::choose_one(3);
    let right = sealed(&setting, "100");
    let expected = right.len();
    for found in [0, 31, expected - 32, expected - 1, expected + 1, expected + 32] {
        let mut bytes = right.clone();
        bytes.resize(found, 0);
        assert_eq!(refusal(&setting, &bytes), Some(DecodeError::Length { expected, found }.into()));
    }
    // Decoded for one relation, checked against another.
    let other = Setting::choose_one(4);
    let mixed = claim(&other.relation, &other.bases, &other.context, &setting.decode(&right));
    assert!(matches!(mixed.err(), Some(ClaimError::Decode(DecodeError::Length { .. }))));
}

#[test]
fn every_encoding_is_canonical() {
    let setting = Setting::choose_one(3);
    let right = sealed(&setting, "100");
    // p itself, an odd (negative) field element, a field element off the group, 2^255 + 1.
    let prime = |low: u8| {
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
    let mut high = [0; 32];
    (high[0], high[31]) = (1, 0x80);
    let off = (2..).step_by(2).map(|low| [low; 32]).find(|bytes| EncodedPoint(*bytes).decode().is_err()).unwrap();
    for block in 0..points(&setting) {
        for bad in [prime(0xed), prime(0xee), [1; 32], high, off, [0xff; 32]] {
            assert_eq!(
                refusal(&setting, &with(&right, block, bad)),
                Some(DecodeError::Point.into()),
                "{block} {bad:?}"
            );
        }
    }
    for block in points(&setting)..right.len() / 32 {
        // The same residue, written as itself plus l.
        let order = (-Scalar::ONE).to_bytes();
        let (mut sum, mut carry) = (at(&right, block), 1u16);
        for (byte, other) in sum.iter_mut().zip(order) {
            carry += u16::from(*byte) + u16::from(other);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        assert_eq!(Scalar::from_bytes_mod_order(sum).to_bytes(), at(&right, block));
        for bad in [sum, [0xff; 32]] {
            assert_eq!(refusal(&setting, &with(&right, block, bad)), Some(DecodeError::Scalar.into()), "{block}");
        }
    }
}

#[test]
fn an_identity_c0_is_refused_though_both_equations_hold() {
    let setting = Setting::choose_one(3);
    let mut cheat = Cheat::new(&setting, [0u64, 1, 0]);
    cheat.r = Scalar::ZERO;
    let bytes = cheat.prove(&Weakness::none());
    assert!(Weakness::none().accepts(&setting, &bytes));
    assert_eq!(refusal(&setting, &bytes), Some(DecodeError::Identity.into()));
    assert!(!setting.accepts(&bytes));
}

#[test]
fn every_item_of_the_context_is_bound() {
    let setting = Setting::choose_one(3);
    let right = sealed(&setting, "001");
    let changes: [fn(&mut SelectionContext); 8] = [
        |context| context.election[31] ^= 1,
        |context| context.opening[0] ^= 1,
        |context| context.joint_key[7] ^= 1,
        |context| context.contest += 1,
        |context| context.credential = EncodedPoint::encode(&G),
        |context| context.sequence += 1,
        |context| context.previous[30] ^= 1,
        |context| std::mem::swap(&mut context.opening, &mut context.joint_key),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut elsewhere = setting.clone();
        change(&mut elsewhere.context);
        assert!(!elsewhere.accepts(&right), "{number}");
    }
    // A proof for another kind of statement, right in all else.
    let foreign = Weakness { kind: Kind::Decryption, ..Weakness::none() };
    let bytes = Cheat::new(&setting, [1u64, 0, 0]).prove(&foreign);
    assert!(foreign.accepts(&setting, &bytes));
    assert!(!setting.accepts(&bytes));
}

/// Each of K, N and M alone changes the challenge, all else being equal: the equations are not what refuses here.
#[test]
fn the_sizes_are_absorbed() {
    let context = Setting::choose_one(1).context;
    let challenge = |slots: usize, witness_len, rules: usize| {
        let relation =
            Relation::new(slots, witness_len, vec![], vec![vec![]; slots], vec![(vec![], 0); rules]).unwrap();
        context.transcript(&relation, []).challenge(Label::Y).unwrap()
    };
    let reference = challenge(2, 2, 2);
    assert_eq!(reference, challenge(2, 2, 2));
    for (slots, witness_len, rules) in [(3, 2, 2), (2, 3, 2), (2, 2, 3)] {
        assert_ne!(reference, challenge(slots, witness_len, rules), "{slots} {witness_len} {rules}");
    }
}

#[test]
fn the_relation_is_bound() {
    let setting = Setting::points();
    let right = sealed(&setting, "101001");
    let relation = &setting.relation;
    let rows = |relation: &Relation| -> Vec<(Vec<(usize, i64)>, i64)> {
        relation.rules().iter().map(|rule| (rule.coefficients.clone(), rule.target)).collect()
    };
    let other = |weights: Vec<Vec<(usize, u64)>>, rules| Setting {
        relation: Relation::new(weights.len(), 6, vec![], weights, rules).unwrap(),
        ..setting.clone()
    };
    let same = other(relation.weights().to_vec(), rows(relation));
    assert!(same.accepts(&right));
    // M: the same rule once more.
    let twice: Vec<_> = rows(relation).into_iter().chain(rows(relation)).collect();
    assert!(!other(relation.weights().to_vec(), twice).accepts(&right));
    // W, L and t. (In an election F covers them; here the equations themselves refuse.)
    let mut weights = relation.weights().to_vec();
    weights.swap(0, 1);
    assert!(!other(weights, rows(relation)).accepts(&right));
    let mut rules = rows(relation);
    rules[1].0[1].1 = 1;
    assert!(!other(relation.weights().to_vec(), rules).accepts(&right));
    let mut rules = rows(relation);
    rules[0].1 = 4;
    assert!(!other(relation.weights().to_vec(), rules).accepts(&right));
    // K and N: as long in bytes, cut elsewhere.
    let cut = Relation::new(3, 5, vec![], vec![vec![(0, 1)], vec![(1, 1)], vec![(2, 1)]], vec![]).unwrap();
    let keys = [&setting.secrets[..], &[Scalar::ONE]].concat();
    assert_eq!(cut.sealed_len(), right.len());
    assert!(!Setting { context: setting.context, ..Setting::new(cut, keys) }.accepts(&right));
}
