//! Tests of [`super`].

use super::*;
use crate::{
    batch::Bases,
    dealing::{OpenError, open_with_point},
    group::G,
    joint_key::tests::Ceremony,
    sealed_share::BadShares,
    secret::tests::Broken,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(57)
}

/// Trustee 2 complains about its box of dealer 1.
fn sample(ceremony: &Ceremony) -> ComplaintContext {
    ComplaintContext {
        election: [1; 32],
        dealings: [2; 32],
        complainer: 2,
        dealer: 1,
        part: 0,
        ephemeral: ceremony.parts[0].boxes[1].ephemeral,
        share_key: EncodedPoint::encode(&ceremony.secrets[1].public()),
    }
}

fn accept(context: &ComplaintContext, revealed: &RevealedPoint) -> Option<Point> {
    let (claim, point) = reveal_claim(context, revealed).ok()?;
    claim.verify(&Bases::new(0, &[])).ok().map(|()| point)
}

#[test]
fn a_complaint_is_judged_by_anybody() {
    let ceremony = Ceremony::new(2, 3, 2, 57);
    let context = sample(&ceremony);
    let revealed = reveal(&context, &ceremony.secrets[1], &mut rng()).unwrap();
    let point = accept(&context, &revealed).unwrap();
    let mut part = ceremony.parts[0].clone();
    assert_eq!(open_with_point(&ceremony.context(1), 2, &point, &part), Ok(()), "a false complaint");
    part.boxes[1].sealed[0] ^= 1;
    let upheld = Err(OpenError::Bad(BadShares::Authentication));
    assert_eq!(open_with_point(&ceremony.context(1), 2, &point, &part), upheld);
}

#[test]
fn a_wrong_point_and_a_foreign_proof_are_refused() {
    let ceremony = Ceremony::new(2, 3, 2, 57);
    let context = sample(&ceremony);
    let revealed = reveal(&context, &ceremony.secrets[1], &mut rng()).unwrap();
    let wrong = EncodedPoint::encode(&(revealed.point.decode().unwrap() + G));
    assert_eq!(accept(&context, &RevealedPoint { point: wrong, ..revealed }), None);
    for other in [
        ComplaintContext { election: [3; 32], ..context },
        ComplaintContext { dealings: [3; 32], ..context },
        ComplaintContext { complainer: 3, ..context },
        ComplaintContext { dealer: 3, ..context },
        ComplaintContext { part: 3, ..context },
        ComplaintContext { ephemeral: ceremony.parts[0].boxes[2].ephemeral, ..context },
        ComplaintContext { share_key: EncodedPoint::encode(&ceremony.secrets[0].public()), ..context },
    ] {
        assert_eq!(accept(&other, &revealed), None);
    }
    for bad in [EncodedPoint::IDENTITY, EncodedPoint([0xff; 32])] {
        assert!(reveal_claim(&context, &RevealedPoint { point: bad, ..revealed }).is_err());
        assert!(reveal_claim(&ComplaintContext { ephemeral: bad, ..context }, &revealed).is_err());
        assert!(reveal_claim(&ComplaintContext { share_key: bad, ..context }, &revealed).is_err());
    }
}

#[test]
fn nothing_is_revealed_by_mistake() {
    let ceremony = Ceremony::new(2, 3, 2, 57);
    let context = sample(&ceremony);
    let secret = &ceremony.secrets[1];
    assert_eq!(reveal(&context, &ceremony.secrets[0], &mut rng()), Err(RevealError::WrongSecret));
    let identity = ComplaintContext { ephemeral: EncodedPoint::IDENTITY, ..context };
    assert_eq!(reveal(&identity, secret, &mut rng()), Err(RevealError::Ephemeral(DecodeError::Identity)));
    assert_eq!(reveal(&context, secret, &mut Broken), Err(RevealError::Randomness(RandomnessFailure)));
}
