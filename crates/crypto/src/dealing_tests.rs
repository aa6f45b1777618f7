//! Tests of [`super`]: negative test 13 of `ballot-proof.md` section 9 as far as it concerns dealings.

use super::*;
use crate::{
    batch::Bases,
    group::{G, Scalar},
    joint_key::tests::Ceremony,
    secret::tests::Broken,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

const SLOTS: usize = 3;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(52)
}

/// A 2-of-3 ceremony, and the first dealer's context and part.
fn sample() -> (Ceremony, PartContext, DealingPart) {
    let ceremony = Ceremony::new(2, 3, SLOTS, 52);
    let (context, part) = (ceremony.context(1), ceremony.parts[0].clone());
    (ceremony, context, part)
}

fn verifies(context: &PartContext, part: &DealingPart) -> bool {
    let claims = dealing_claims(context, SLOTS, part);
    claims.is_ok_and(|claims| claims.iter().all(|claim| claim.verify(&Bases::new(0, &[])).is_ok()))
}

#[test]
fn a_dealing_verifies_and_every_recipient_gets_its_shares() {
    let (ceremony, context, part) = sample();
    assert_eq!(dealing_claims(&context, SLOTS, &part).unwrap().len(), 4);
    assert!(verifies(&context, &part));
    for ((recipient, secret), sealed) in (1..).zip(&ceremony.secrets).zip(&part.boxes) {
        let shares = open_shares(&context, recipient, secret, &part).unwrap();
        for (share, polynomial) in shares.iter().zip(&ceremony.polynomials[0]) {
            assert_eq!(share.expose(), polynomial.evaluate(recipient).expose());
        }
        let shared = secret.times(&sealed.ephemeral.decode().unwrap());
        assert_eq!(open_with_point(&context, recipient, &shared, &part), Ok(()));
    }
}

#[test]
fn wrong_lengths_are_refused_before_anything_else() {
    let (_, context, part) = sample();
    let claims = |part: &DealingPart| dealing_claims(&context, SLOTS, part).unwrap_err();
    // One polynomial of a wrong degree, either way; garbage that is never looked at.
    for found in [0, 5, 7] {
        let coefficients = vec![EncodedPoint([0xff; 32]); found];
        let wrong = DealingPart { coefficients, ..part.clone() };
        assert_eq!(claims(&wrong), DealingError::Coefficients { expected: 6, found });
    }
    let mut fewer = part.clone();
    fewer.boxes.pop();
    assert_eq!(claims(&fewer), DealingError::Boxes { expected: 3, found: 2 });
    let mut more = part.clone();
    more.boxes.push(part.boxes[0].clone());
    assert_eq!(claims(&more), DealingError::Boxes { expected: 3, found: 4 });
    let mut longer = part.clone();
    longer.boxes[1].sealed.push(0);
    assert_eq!(claims(&longer), DealingError::BoxLength { recipient: 2, expected: 112, found: 113 });
    assert_eq!(dealing_claims(&context, 0, &part).unwrap_err(), DealingError::Parameters);
}

#[test]
fn parameters_that_do_not_fit_are_refused() {
    let (ceremony, context, part) = sample();
    let polynomials = &ceremony.polynomials[0];
    let key = context.share_keys[0];
    for wrong in [
        PartContext { threshold: 0, ..context.clone() },
        PartContext { threshold: 4, ..context.clone() },
        PartContext { dealer: 0, ..context.clone() },
        PartContext { dealer: 4, ..context.clone() },
        PartContext { share_keys: vec![], ..context.clone() },
        PartContext { share_keys: vec![key; 33], ..context.clone() },
    ] {
        assert_eq!(dealing_claims(&wrong, SLOTS, &part).unwrap_err(), DealingError::Parameters);
        assert_eq!(deal(&wrong, polynomials, &mut rng()), Err(DealError::Parameters));
    }
    assert_eq!(deal(&context, &[], &mut rng()), Err(DealError::Parameters));
    let wrong_degree = [Polynomial::generate(3, &mut rng()).unwrap()];
    assert_eq!(deal(&context, &wrong_degree, &mut rng()), Err(DealError::Parameters));
    assert_eq!(deal(&context, polynomials, &mut Broken), Err(RandomnessFailure.into()));
    let mut no_key = context.clone();
    no_key.share_keys[2] = EncodedPoint::IDENTITY;
    assert_eq!(deal(&no_key, polynomials, &mut rng()), Err(SealError::ShareKey { recipient: 3 }.into()));
}

#[test]
fn malformed_points_are_refused() {
    let (_, context, part) = sample();
    let claims = |part: &DealingPart| dealing_claims(&context, SLOTS, part).unwrap_err();
    for position in [0, 3] {
        for (bytes, error) in [([0; 32], DecodeError::Identity), ([0xff; 32], DecodeError::Point)] {
            let mut wrong = part.clone();
            wrong.coefficients[position] = EncodedPoint(bytes);
            assert_eq!(claims(&wrong), DealingError::Coefficient { position, error });
        }
    }
    let mut repeated = part.clone();
    repeated.boxes[2].ephemeral = repeated.boxes[0].ephemeral;
    assert_eq!(claims(&repeated), DealingError::RepeatedEphemeral { recipient: 3 });
    for (bytes, error) in [([0; 32], DecodeError::Identity), ([0xff; 32], DecodeError::Point)] {
        let mut wrong = part.clone();
        wrong.boxes[1].ephemeral = EncodedPoint(bytes);
        assert_eq!(claims(&wrong), DealingError::EphemeralPossession { recipient: 2, error: error.into() });
    }
    let wrong = DealingPart { possession: Possession::new([0xff; 64]), ..part };
    assert!(matches!(claims(&wrong), DealingError::Possession(_)));
}

/// A missing possession proof (zero bytes), one copied from another dealer or another part, or one for other coefficients.
#[test]
fn possession_is_bound_to_dealer_part_and_all_coefficients() {
    let (ceremony, context, part) = sample();
    assert!(!verifies(&context, &DealingPart { possession: Possession::new([0; 64]), ..part.clone() }));
    assert!(!verifies(&context, &DealingPart { possession: ceremony.parts[1].possession, ..part.clone() }));
    for other in [
        PartContext { election: [9; 32], ..context.clone() },
        PartContext { dealer: 2, ..context.clone() },
        PartContext { part: 1, ..context.clone() },
    ] {
        assert!(!verifies(&other, &part));
    }
    for position in 0..6 {
        let mut moved = part.clone();
        moved.coefficients[position] = EncodedPoint::encode(&(moved.coefficients[position].decode().unwrap() + G));
        assert!(!verifies(&context, &moved));
    }
    let mut swapped = part.clone();
    swapped.coefficients.swap(0, 2);
    assert!(!verifies(&context, &swapped));
}

/// P_k = P_j: a dealer cannot repeat a slot's constant term, or another dealer's, without knowing its discrete log.
#[test]
fn copied_constant_terms_are_refused() {
    let (ceremony, context, part) = sample();
    let mut copied = part.clone();
    copied.coefficients[0] = ceremony.parts[1].coefficients[0];
    assert!(!verifies(&context, &copied));
    // Even with the victim's whole commitments and proof.
    let whole = DealingPart {
        coefficients: ceremony.parts[1].coefficients.clone(),
        possession: ceremony.parts[1].possession,
        ..part
    };
    assert!(!verifies(&context, &whole));
}

#[test]
fn a_share_off_its_commitment_is_bad() {
    let (ceremony, context, _) = sample();
    let mut others: Vec<Polynomial> = ceremony.polynomials[0].iter().map(copy).collect();
    let constant = *others[1].coefficients()[0].expose();
    others[1] = Polynomial::from_coefficients(vec![SecretScalar::new(constant), SecretScalar::new(Scalar::from(5u64))]);
    let mut bad = deal(&context, &others, &mut rng()).unwrap();
    bad.coefficients = ceremony.parts[0].coefficients.clone();
    for ((recipient, secret), sealed) in (1..).zip(&ceremony.secrets).zip(&bad.boxes) {
        let cause = OpenError::Bad(BadShares::Mismatch { slot: 1 });
        assert_eq!(open_shares(&context, recipient, secret, &bad).unwrap_err(), cause);
        let shared = secret.times(&sealed.ephemeral.decode().unwrap());
        assert_eq!(open_with_point(&context, recipient, &shared, &bad), Err(cause));
    }
}

fn copy(polynomial: &Polynomial) -> Polynomial {
    let coefficients = polynomial.coefficients().iter();
    Polynomial::from_coefficients(coefficients.map(|coefficient| SecretScalar::new(*coefficient.expose())).collect())
}

/// The recipient's own mistakes are no ground for a complaint, which would expose and disqualify it.
#[test]
fn what_is_not_the_dealers_fault_is_told_apart() {
    let (ceremony, context, part) = sample();
    let open = |recipient, secret| open_shares(&context, recipient, secret, &part).unwrap_err();
    assert_eq!(open(1, &ceremony.secrets[1]), OpenError::WrongSecret { recipient: 1 });
    assert_eq!(open(0, &ceremony.secrets[0]), OpenError::Malformed);
    assert_eq!(open(4, &ceremony.secrets[0]), OpenError::Malformed);
    let mut uneven = part.clone();
    uneven.coefficients.pop();
    assert_eq!(open_shares(&context, 1, &ceremony.secrets[0], &uneven).unwrap_err(), OpenError::Malformed);
    let mut short = part.clone();
    short.boxes[0].sealed.pop();
    let cause = BadShares::Length { expected: 112, found: 111 };
    assert_eq!(open_shares(&context, 1, &ceremony.secrets[0], &short).unwrap_err(), cause.into());
}

#[test]
fn small_multiples_are_multiples() {
    for factor in 0..=40u64 {
        assert_eq!(multiply(&G, factor), Scalar::from(factor) * G);
    }
}

proptest::proptest! {
    /// Any bytes of any length in any place are answered, and none by accepting them.
    #[test]
    fn any_part_is_answered(
        coefficients: Vec<[u8; 32]>,
        possession: [[u8; 32]; 2],
        boxes in proptest::collection::vec(proptest::prelude::any::<([u8; 32], Vec<u8>)>(), 0..4),
        slots in 0usize..4,
        recipient in 0u64..5,
    ) {
        let (ceremony, context, honest) = sample();
        let possession = Possession::from_slice(&possession.concat()).unwrap();
        let boxes = boxes.into_iter().map(|(ephemeral, sealed)| SealedShares { ephemeral: EncodedPoint(ephemeral), possession, sealed });
        let part = DealingPart { coefficients: coefficients.into_iter().map(EncodedPoint).collect(), possession, boxes: boxes.collect() };
        proptest::prop_assert!(dealing_claims(&context, slots, &part).is_err());
        proptest::prop_assert!(open_shares(&context, recipient, &ceremony.secrets[0], &part).is_err());
        // Honest lengths, garbage inside.
        let garbage = DealingPart { possession, ..honest };
        proptest::prop_assert!(!verifies(&context, &garbage));
    }
}
