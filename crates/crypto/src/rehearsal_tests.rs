//! Tests of [`super`].

use super::*;
use crate::{
    DecodeError, RandomnessFailure,
    batch::Bases,
    decryption::{DecryptionContext, PartialDecryption, decrypt, decryption_claim},
    joint_key::tests::Ceremony,
    secret::tests::Broken,
    transcript::tests::inject_zero_after,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(73)
}

fn context() -> RehearsalContext {
    RehearsalContext { election: [1; 32], joint_key: [2; 32], trustee: 2, entry: 3, entry_hash: [4; 32] }
}

/// Trustee 2 of a 2-of-3 ceremony: key shares and verification shares.
fn sample() -> (Vec<SecretScalar>, Vec<EncodedPoint>) {
    let ceremony = Ceremony::new(2, 3, 3, 73);
    let images = ceremony.joint_key().verification_shares(2).unwrap().encoded().to_vec();
    (ceremony.key_shares(2), images)
}

fn verifies(context: &RehearsalContext, images: &[EncodedPoint], proof: &EqualityProof) -> bool {
    rehearsal_claim(context, images, proof).is_ok_and(|claim| claim.verify(&Bases::new(0, &[])).is_ok())
}

#[test]
fn a_rehearsal_proves_all_key_shares_in_its_context() {
    let (shares, mut images) = sample();
    let shares: Vec<&SecretScalar> = shares.iter().collect();
    let proof = rehearse(&context(), &shares, &images, &mut rng()).unwrap();
    assert!(verifies(&context(), &images, &proof));
    for other in [
        RehearsalContext { election: [9; 32], ..context() },
        RehearsalContext { joint_key: [9; 32], ..context() },
        RehearsalContext { trustee: 3, ..context() },
        RehearsalContext { entry: 4, ..context() },
        RehearsalContext { entry_hash: [9; 32], ..context() },
    ] {
        assert!(!verifies(&other, &images, &proof));
    }
    images.swap(0, 1);
    assert!(!verifies(&context(), &images, &proof));
    assert!(!verifies(&context(), &images[..2], &proof));
    images[0] = EncodedPoint([0xff; 32]);
    assert_eq!(rehearsal_claim(&context(), &images, &proof).unwrap_err(), DecodeError::Point.into());
    assert!(rehearsal_claim(&context(), &[], &proof).is_err());
}

/// CRY-7: with r = 0 every `M_ij` would be the identity, whatever the shares.
#[test]
fn a_zero_test_exponent_is_refused() {
    let (shares, images) = sample();
    let shares: Vec<&SecretScalar> = shares.iter().collect();
    let proof = rehearse(&context(), &shares, &images, &mut rng()).unwrap();
    inject_zero_after(0);
    assert_eq!(rehearsal_claim(&context(), &images, &proof).unwrap_err(), ClaimError::Challenge(VerificationFailure));
    inject_zero_after(0);
    let refused = rehearse(&context(), &shares, &images, &mut rng()).unwrap_err();
    assert_eq!(refused, RehearseError::Claim(ClaimError::Challenge(VerificationFailure)));
}

/// A rehearsal is no decryption, and a decryption of the test point no rehearsal: the kinds differ.
#[test]
fn neither_kind_serves_as_the_other() {
    let (shares, images) = sample();
    let shares: Vec<&SecretScalar> = shares.iter().collect();
    let points: Vec<Point> = images.iter().map(|image| image.decode().unwrap()).collect();
    let test = context().test_point(&points).unwrap();
    let decryption =
        DecryptionContext { election: [1; 32], closing: [4; 32], joint_key: [2; 32], contest: 3, group: 0, trustee: 2 };
    let partial = decrypt(&decryption, &shares, &images, &test.point, &mut rng()).unwrap();
    assert_eq!(partial.points, test.encoded);
    assert!(!verifies(&context(), &images, &partial.proof));
    let proof = rehearse(&context(), &shares, &images, &mut rng()).unwrap();
    let swapped = PartialDecryption { proof, ..partial };
    let (claim, _) = decryption_claim(&decryption, &images, &test.point, &swapped).unwrap();
    assert!(claim.verify(&Bases::new(0, &[])).is_err());
}

#[test]
fn a_trustee_with_wrong_shares_cannot_rehearse() {
    let (mut shares, images) = sample();
    let attempt = |shares: &[SecretScalar]| {
        let shares: Vec<&SecretScalar> = shares.iter().collect();
        rehearse(&context(), &shares, &images, &mut rng()).unwrap_err()
    };
    assert_eq!(attempt(&shares[..2]), DecryptError::Length { expected: 3, found: 2 }.into());
    let references: Vec<&SecretScalar> = shares.iter().collect();
    let broken = rehearse(&context(), &references, &images, &mut Broken);
    assert_eq!(broken, Err(RehearseError::Shares(RandomnessFailure.into())));
    // One share lost and replaced by another value: a rehearsal of the sum alone would not notice a pair of errors.
    shares[0] = SecretScalar::new(Scalar::ONE);
    assert_eq!(attempt(&shares), DecryptError::WrongShare { slot: 0 }.into());
}
