//! Tests of [`super`].

use super::*;
use crate::{
    VerificationFailure,
    batch::Bases,
    group::{G, Point},
    transcript::{Kind, tests::inject_zero_after},
};
use curve25519_dalek::traits::IsIdentity as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(41)
}

fn message(text: &str) -> Transcript {
    let mut transcript = Transcript::new(Kind::EntrySignature, &[1; 32]);
    transcript.bytes(Label::Body, text.as_bytes());
    transcript
}

fn verifies(claim: Result<Claim, ClaimError>) -> bool {
    claim.is_ok_and(|claim| claim.verify(&Bases::new(0, &[])).is_ok())
}

fn shifted(bytes: &[u8; 64], point: &Point, scalar: &Scalar) -> [u8; 64] {
    let (r, s) = Signature::new(*bytes).parts().unwrap();
    *Signature::join(&EncodedPoint::encode(&(r.decode().unwrap() + point)), &(s + scalar)).as_bytes()
}

#[test]
fn a_signature_verifies_for_its_message_and_key_only() {
    let key = SigningKey::generate(&mut rng()).unwrap();
    let signature = sign(message("yes"), &key, &mut rng()).unwrap();
    assert!(verifies(signature_claim(message("yes"), &key.public(), &signature)));
    assert!(!verifies(signature_claim(message("no"), &key.public(), &signature)));
    assert!(!verifies(signature_claim(message("yes"), &EncodedPoint::encode(&G), &signature)));
    for bytes in [
        shifted(signature.as_bytes(), &G, &Scalar::ZERO),
        shifted(signature.as_bytes(), &crate::group::identity(), &Scalar::ONE),
        shifted(signature.as_bytes(), &G, &Scalar::ONE),
    ] {
        assert!(!verifies(signature_claim(message("yes"), &key.public(), &Signature::new(bytes))));
    }
}

#[test]
fn malformed_signatures_are_refused_with_their_reason() {
    let key = SigningKey::generate(&mut rng()).unwrap();
    let signature = sign(message("yes"), &key, &mut rng()).unwrap();
    let refusal =
        |key: EncodedPoint, bytes: [u8; 64]| signature_claim(message("yes"), &key, &Signature::new(bytes)).err();
    assert_eq!(refusal(EncodedPoint::IDENTITY, *signature.as_bytes()), Some(DecodeError::Identity.into()));
    assert_eq!(refusal(EncodedPoint([0xff; 32]), *signature.as_bytes()), Some(DecodeError::Point.into()));
    let (mut point, mut scalar) = (*signature.as_bytes(), *signature.as_bytes());
    point[..32].fill(0xff);
    scalar[32..].fill(0xff);
    assert_eq!(refusal(key.public(), point), Some(DecodeError::Point.into()));
    assert_eq!(refusal(key.public(), scalar), Some(DecodeError::Scalar.into()));
    for found in [0, 63, 65] {
        let expected = Err(DecodeError::Length { expected: 64, found });
        assert_eq!(Signature::from_slice(&vec![0; found]), expected);
    }
    assert_eq!(Signature::from_slice(signature.as_bytes()), Ok(signature));
}

#[test]
fn the_nonce_depends_on_the_message_even_under_a_repeating_generator() {
    let key = SigningKey::generate(&mut rng()).unwrap();
    let [first, second] = ["yes", "no"].map(|text| sign(message(text), &key, &mut rng()).unwrap());
    assert_ne!(first.as_bytes()[..32], second.as_bytes()[..32]);
    let again = sign(message("yes"), &key, &mut ChaCha20Rng::seed_from_u64(42)).unwrap();
    assert_ne!(first.as_bytes()[..32], again.as_bytes()[..32]);
}

#[test]
fn keys_survive_storage_and_show_nothing() {
    let key = SigningKey::generate(&mut rng()).unwrap();
    let stored = SigningKey::from_bytes(&key.to_bytes()).unwrap();
    assert_eq!(stored.public(), key.public());
    assert_eq!(SigningKey::from_bytes(&[0; 32]).err(), Some(DecodeError::Identity));
    assert_eq!(SigningKey::from_bytes(&[0xff; 32]).err(), Some(DecodeError::Scalar));
    assert_eq!(format!("{key:?}"), "SigningKey(SecretScalar(…))");
}

fn secrets(count: u64) -> Vec<SecretScalar> {
    (0..count).map(|secret| SecretScalar::new(Scalar::from(secret + 10))).collect()
}

fn keys(secrets: &[SecretScalar]) -> Vec<EncodedPoint> {
    secrets.iter().map(|secret| EncodedPoint::encode(&secret.public())).collect()
}

fn context(dealer: u64) -> Transcript {
    let mut transcript = Transcript::new(Kind::ConstantTermPossession, &[1; 32]);
    transcript.integer(Label::Dealer, dealer);
    transcript
}

#[test]
fn possession_holds_for_its_list_of_keys_and_its_context_only() {
    for count in [0, 1, 2, 7] {
        let secrets = secrets(count);
        let keys = keys(&secrets);
        let proof = prove_possession(context(1), &secrets.iter().collect::<Vec<_>>(), &mut rng()).unwrap();
        assert!(verifies(possession_claim(context(1), &keys, &proof)));
        // The empty list is true of everybody, in every context.
        assert_eq!(verifies(possession_claim(context(2), &keys, &proof)), count == 0, "copied by another dealer");
        let more = [&keys[..], &[EncodedPoint::encode(&G)]].concat();
        assert!(!verifies(possession_claim(context(1), &more, &proof)));
        let Some((last, fewer)) = keys.split_last() else { continue };
        assert!(!verifies(possession_claim(context(1), fewer, &proof)));
        let rotated = [&[*last], fewer].concat();
        assert_eq!(verifies(possession_claim(context(1), &rotated, &proof)), count == 1);
        for bytes in [
            shifted(proof.as_bytes(), &G, &Scalar::ZERO),
            shifted(proof.as_bytes(), &crate::group::identity(), &Scalar::ONE),
        ] {
            assert!(!verifies(possession_claim(context(1), &keys, &Possession::new(bytes))));
        }
        let zero = [&keys[..], &[EncodedPoint::IDENTITY]].concat();
        assert_eq!(possession_claim(context(1), &zero, &proof).err(), Some(DecodeError::Identity.into()));
    }
}

#[test]
fn a_rogue_key_passes_a_plain_sum_only() {
    // The last dealer publishes X - Y beside Y: he knows the sum of the secrets, x, and neither of them.
    let (x, foreign) = (SecretScalar::new(Scalar::from(5u64)), G * Scalar::from(77u64));
    let keys = [foreign, x.public() - foreign].map(|point| EncodedPoint::encode(&point));
    let mut transcript = context(1);
    absorb_keys(&mut transcript, &keys);
    let (announcement, response) = respond(&transcript, &[&x], &mut rng()).unwrap();
    transcript.point(Label::R, &announcement);
    let challenge = transcript.challenge(Label::C).unwrap();
    let sum = G * response - announcement.decode().unwrap() - x.public() * challenge;
    assert!(sum.is_identity(), "a verifier without the powers of c accepts");
    let proof = Possession::join(&announcement, &response);
    assert!(!verifies(possession_claim(context(1), &keys, &proof)));
}

#[test]
fn zero_challenges_are_refused_by_the_verifier_and_survived_by_the_prover() {
    let key = SigningKey::generate(&mut rng()).unwrap();
    let right = sign(message("yes"), &key, &mut rng()).unwrap();
    inject_zero_after(0);
    let refused = signature_claim(message("yes"), &key.public(), &right).err();
    assert_eq!(refused, Some(ClaimError::Challenge(VerificationFailure)));
    inject_zero_after(0);
    let afresh = sign(message("yes"), &key, &mut rng()).unwrap();
    assert_ne!(afresh, right);
    assert!(verifies(signature_claim(message("yes"), &key.public(), &afresh)));
}

#[test]
fn broken_randomness_signs_nothing() {
    let mut broken = crate::secret::tests::Broken;
    let key = SigningKey::generate(&mut rng()).unwrap();
    assert!(SigningKey::generate(&mut broken).is_err());
    assert_eq!(sign(message("yes"), &key, &mut broken), Err(RandomnessFailure));
    assert_eq!(prove_possession(context(1), &[key.secret()], &mut broken), Err(RandomnessFailure));
}

proptest::proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_and_never_verify(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100)) {
        proptest::prop_assert_eq!(Signature::from_slice(&bytes).is_ok(), bytes.len() == 64);
        let mut right = bytes;
        right.resize(64, 1);
        let signature = Signature::from_slice(&right).unwrap();
        proptest::prop_assert_eq!(&signature.as_bytes()[..], &right[..]);
        proptest::prop_assert!(!verifies(signature_claim(message("yes"), &EncodedPoint::encode(&G), &signature)));
    }

    #[test]
    fn one_flipped_bit_is_refused(position in 0usize..64, bit in 0u8..8) {
        let key = SigningKey::generate(&mut rng()).unwrap();
        let mut bytes = *sign(message("yes"), &key, &mut rng()).unwrap().as_bytes();
        bytes[position] ^= 1 << bit;
        proptest::prop_assert!(!verifies(signature_claim(message("yes"), &key.public(), &Signature::new(bytes))));
    }
}
