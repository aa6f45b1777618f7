//! Tests of [`super`].

use super::*;
use crate::{DecodeError, batch::Bases, group::Scalar, secret::tests::Broken};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(54)
}

fn recipient() -> (SecretScalar, BoxContext) {
    let secret = SecretScalar::new(Scalar::from(77u64));
    let share_key = EncodedPoint::encode(&secret.public());
    (secret, BoxContext { election: [1; 32], dealer: 2, recipient: 3, part: 4, share_key })
}

fn shares() -> Vec<SecretScalar> {
    [5u64, 6, 7].map(|share| SecretScalar::new(Scalar::from(share))).into()
}

/// The other contexts a box might be replayed to.
fn strangers(context: BoxContext) -> [BoxContext; 5] {
    [
        BoxContext { election: [2; 32], ..context },
        BoxContext { dealer: 1, ..context },
        BoxContext { recipient: 1, ..context },
        BoxContext { part: 1, ..context },
        BoxContext { share_key: EncodedPoint::encode(&crate::group::G), ..context },
    ]
}

fn verifies(sealed: &SealedShares, context: &BoxContext) -> bool {
    sealed.possession_claim(context).is_ok_and(|claim| claim.verify(&Bases::new(0, &[])).is_ok())
}

#[test]
fn a_box_opens_for_its_recipient_and_in_its_context_only() {
    let (secret, context) = recipient();
    let sealed = seal(&context, &shares(), &mut rng()).unwrap();
    assert_eq!(sealed.sealed.len(), sealed_len(3));
    assert!(verifies(&sealed, &context));
    let shared = secret.times(&sealed.ephemeral.decode().unwrap());
    let opened = sealed.open(&context, 3, &shared).unwrap();
    assert!(opened.iter().zip(shares()).all(|(opened, share)| opened.expose() == share.expose()));
    for stranger in strangers(context) {
        assert_eq!(sealed.open(&stranger, 3, &shared).unwrap_err(), BadShares::Authentication);
        assert!(!verifies(&sealed, &stranger));
    }
    assert_eq!(sealed.open(&context, 3, &(shared + crate::group::G)).unwrap_err(), BadShares::Authentication);
}

#[test]
fn every_cause_is_named() {
    let (secret, context) = recipient();
    let sealed = seal(&context, &shares(), &mut rng()).unwrap();
    let shared = secret.times(&sealed.ephemeral.decode().unwrap());
    for slots in [0, 2, 4] {
        let cause = BadShares::Length { expected: 32 * slots + 16, found: 112 };
        assert_eq!(sealed.open(&context, slots, &shared).unwrap_err(), cause);
    }
    for position in [0, 50, 111] {
        let mut flipped = sealed.clone();
        flipped.sealed[position] ^= 1;
        assert_eq!(flipped.open(&context, 3, &shared).unwrap_err(), BadShares::Authentication);
    }
    // A dealer who seals something else than scalars.
    let mut bytes = vec![0; 32];
    bytes.extend([0xff; 32]);
    bytes.extend([0; 32]);
    cipher(&context, &sealed.ephemeral, &shared).encrypt_in_place(&Nonce::default(), &[], &mut bytes).unwrap();
    let strange = SealedShares { sealed: bytes, ..sealed };
    assert_eq!(strange.open(&context, 3, &shared).unwrap_err(), BadShares::Scalar { slot: 1 });
}

/// Without the possession proof a dealer could copy another dealer's E and read that box out of the complaint about its own.
#[test]
fn a_copied_ephemeral_point_is_refused() {
    let (_, context) = recipient();
    let victim = seal(&context, &shares(), &mut rng()).unwrap();
    let copier = BoxContext { dealer: 1, ..context };
    let copied = SealedShares { sealed: vec![0; 112], ..victim.clone() };
    assert!(!verifies(&copied, &copier));
    let own = seal(&copier, &shares(), &mut ChaCha20Rng::seed_from_u64(55)).unwrap();
    assert!(!verifies(&SealedShares { ephemeral: victim.ephemeral, ..own }, &copier));
    let identity = SealedShares { ephemeral: EncodedPoint::IDENTITY, ..victim };
    assert_eq!(identity.possession_claim(&context).unwrap_err(), DecodeError::Identity.into());
}

#[test]
fn sealing_refuses_bad_keys_and_broken_randomness() {
    let (_, context) = recipient();
    for share_key in [EncodedPoint::IDENTITY, EncodedPoint([0xff; 32])] {
        let refused = seal(&BoxContext { share_key, ..context }, &shares(), &mut rng());
        assert_eq!(refused, Err(SealError::ShareKey { recipient: 3 }));
    }
    assert_eq!(seal(&context, &shares(), &mut Broken), Err(SealError::Randomness(RandomnessFailure)));
}

/// A generator that repeats gives other shares another ephemeral point, so no key and nonce serve twice.
#[test]
fn a_repeated_generator_does_not_repeat_the_key() {
    let (_, context) = recipient();
    let first = seal(&context, &shares(), &mut rng()).unwrap();
    let mut other = shares();
    other.swap(0, 1);
    assert_ne!(first.ephemeral, seal(&context, &other, &mut rng()).unwrap().ephemeral);
    assert_eq!(first.ephemeral, seal(&context, &shares(), &mut rng()).unwrap().ephemeral);
}
