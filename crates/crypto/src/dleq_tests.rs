//! Tests of [`super`]: negative test 13 of `ballot-proof.md` section 9 as far as it concerns the equality proof.

use super::*;
use crate::{
    batch::{Bases, BatchFailure, tests::equal_weights_accept, verify_batch},
    group::{G, blinding_base, identity},
    transcript::{Kind, tests::inject_zero_after},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn context() -> Transcript {
    Transcript::new(Kind::Decryption, &[7; 32])
}

struct Statement {
    secrets: Vec<SecretScalar>,
    base: Point,
    images: Vec<EncodedPoint>,
    images2: Vec<EncodedPoint>,
}

impl Statement {
    fn new(slots: usize, base: Point) -> Self {
        // One generator for all: slots whose secrets were equal could be swapped unnoticed.
        let mut rng = rng(slots as u64 + 1);
        let secrets: Vec<_> = (0..slots).map(|_| SecretScalar::generate(&mut rng).unwrap()).collect();
        let images = secrets.iter().map(|secret| EncodedPoint::encode(&secret.public())).collect();
        let images2 = secrets.iter().map(|secret| EncodedPoint::encode(&secret.times(&base))).collect();
        Self { secrets, base, images, images2 }
    }

    fn prove(&self) -> EqualityProof {
        let secrets: Vec<_> = self.secrets.iter().collect();
        prove_equality(context(), &secrets, &self.base, &self.images, &self.images2, &mut rng(5)).unwrap()
    }

    fn claim(&self, proof: &EqualityProof) -> Result<Claim, ClaimError> {
        equality_claim(context(), &self.base, &self.images, &self.images2, proof)
    }

    /// By single and by batch verification, which must agree.
    fn verifies(&self, proof: &EqualityProof) -> bool {
        let bases = Bases::new(0, &[]);
        let Ok(claim) = self.claim(proof) else { return false };
        let single = claim.verify(&bases).is_ok();
        let honest = Self::new(2, blinding_base());
        let batch = verify_batch(&[honest.claim(&honest.prove()).unwrap(), claim], &bases, &mut rng(6));
        assert_eq!(batch, if single { Ok(()) } else { Err(BatchFailure::Culprits(vec![1])) });
        single
    }

    fn move_image2(&mut self, slot: usize, by: Point) {
        self.images2[slot] = EncodedPoint::encode(&(self.images2[slot].decode().unwrap() + by));
    }

    /// What a cheating prover can answer who uses `powers` of its own, and announcements that are off by `shift` and `-shift`.
    fn cheat(&self, powers: Option<&[Scalar]>, shift: Point) -> EqualityProof {
        let mut transcript = context();
        let real = absorb_statement(&mut transcript, &self.base, &self.images, &self.images2).unwrap();
        let nonce = Scalar::from(99u64);
        let announcements = [nonce * G + shift, nonce * self.base - shift].map(|point| EncodedPoint::encode(&point));
        let challenge = announce(&mut transcript, &announcements[0], &announcements[1]).unwrap();
        let powers = powers.unwrap_or(&real);
        let sum: Scalar = self.secrets.iter().zip(powers).map(|(secret, power)| secret.expose() * power).sum();
        let response = EncodedScalar::encode(&(nonce + challenge * sum));
        EqualityProof::join([announcements[0].0, announcements[1].0, response.0])
    }

    /// A verifier weakened by v = 1.
    fn weakly_verifies(&self, proof: &EqualityProof) -> bool {
        let mut transcript = context();
        absorb_statement(&mut transcript, &self.base, &self.images, &self.images2).unwrap();
        let [first, second, response] = proof.parts();
        let announcements = [EncodedPoint(first), EncodedPoint(second)];
        let challenge = announce(&mut transcript, &announcements[0], &announcements[1]).unwrap();
        let claim = equations(
            &self.base,
            [&decode_all(&self.images).unwrap(), &decode_all(&self.images2).unwrap()],
            &vec![Scalar::ONE; self.images.len()],
            challenge,
            announcements.map(|point| point.decode().unwrap()),
            EncodedScalar(response).decode().unwrap(),
        );
        claim.verify(&Bases::new(0, &[])).is_ok()
    }
}

#[test]
fn true_statements_are_proved() {
    for slots in [1, 2, 7] {
        let statement = Statement::new(slots, blinding_base());
        assert!(statement.verifies(&statement.prove()));
        assert!(statement.verifies(&statement.cheat(None, identity())), "the cheating prover is right about the truth");
    }
}

/// CRY-61: when the ballots' randomness cancels, Z is the identity, and the honest answer must count.
#[test]
fn the_identity_is_a_base_like_any_other() {
    let mut statement = Statement::new(3, identity());
    assert!(statement.images2.iter().all(|image| *image == EncodedPoint::IDENTITY));
    assert!(statement.verifies(&statement.prove()));
    statement.move_image2(1, G);
    assert!(!statement.verifies(&statement.prove()));
}

#[test]
fn every_changed_field_is_refused() {
    let statement = Statement::new(3, blinding_base());
    let proof = statement.prove();
    let [first, second, response] = proof.parts();
    for shift in [G, blinding_base(), -G] {
        let moved = |bytes: [u8; 32]| EncodedPoint::encode(&(EncodedPoint(bytes).decode().unwrap() + shift)).0;
        assert!(!statement.verifies(&EqualityProof::join([moved(first), second, response])));
        assert!(!statement.verifies(&EqualityProof::join([first, moved(second), response])));
    }
    let next = EncodedScalar::encode(&(EncodedScalar(response).decode().unwrap() + Scalar::ONE)).0;
    assert!(!statement.verifies(&EqualityProof::join([first, second, next])));
    assert!(!statement.verifies(&EqualityProof::join([second, first, response])));
}

#[test]
fn malformed_proofs_and_lists_are_refused() {
    let mut statement = Statement::new(2, blinding_base());
    let proof = statement.prove();
    let [first, second, response] = proof.parts();
    let claim = |parts| statement.claim(&EqualityProof::join(parts)).err();
    assert_eq!(claim([[0xff; 32], second, response]), Some(DecodeError::Point.into()));
    assert_eq!(claim([first, [0xff; 32], response]), Some(DecodeError::Point.into()));
    assert_eq!(claim([first, second, [0xff; 32]]), Some(DecodeError::Scalar.into()));
    for length in [0, 95, 97] {
        let refused = DecodeError::Length { expected: 96, found: length };
        assert_eq!(EqualityProof::from_slice(&vec![0; length]), Err(refused));
    }
    assert_eq!(EqualityProof::from_slice(proof.as_bytes()), Ok(proof));
    let lists = |images: &[EncodedPoint], images2: &[EncodedPoint]| {
        equality_claim(context(), &statement.base, images, images2, &proof).err()
    };
    let length = |expected, found| Some(DecodeError::Length { expected, found }.into());
    assert_eq!(lists(&statement.images, &statement.images2[..1]), length(64, 32));
    assert_eq!(lists(&statement.images[..1], &statement.images2), length(32, 64));
    assert_eq!(lists(&[], &[]), length(32, 0));
    statement.images2[1] = EncodedPoint([0xff; 32]);
    assert_eq!(statement.claim(&proof).err(), Some(DecodeError::Point.into()));
}

/// One wrong image; swapped images; images over another base: no answer of a prover who knows all secrets passes.
#[test]
fn wrong_images_are_refused() {
    let mut moved = Statement::new(3, blinding_base());
    moved.move_image2(1, G);
    let mut swapped = Statement::new(3, blinding_base());
    swapped.images2.swap(0, 1);
    assert_ne!(swapped.images2, Statement::new(3, blinding_base()).images2, "the slots differ, so the swap is a lie");
    let other = Statement::new(3, G + G);
    let elsewhere = Statement { images2: other.images2, ..Statement::new(3, blinding_base()) };
    for statement in [moved, swapped, elsewhere] {
        assert!(!statement.verifies(&statement.prove()));
        assert!(!statement.verifies(&statement.cheat(None, identity())));
    }
}

/// Errors that cancel at v = 1: the weakened verifier is fooled, which shows that the test bites.
#[test]
fn errors_that_cancel_at_v_one_are_refused() {
    let mut statement = Statement::new(3, blinding_base());
    statement.move_image2(0, G);
    statement.move_image2(2, -G);
    let proof = statement.cheat(Some(&[Scalar::ONE; 3]), identity());
    assert!(statement.weakly_verifies(&proof));
    assert!(!statement.verifies(&proof));
    assert!(!statement.verifies(&statement.cheat(None, identity())));
}

/// Errors that cancel between the two equations: a batch with equal weights is fooled.
#[test]
fn errors_that_cancel_between_the_equations_are_refused() {
    let statement = Statement::new(2, blinding_base());
    let proof = statement.cheat(None, G);
    assert!(equal_weights_accept(&[statement.claim(&proof).unwrap()], &Bases::new(0, &[])));
    assert!(!statement.verifies(&proof));
}

/// A transcript simulated for a challenge of the prover's own choice satisfies the equations, but not the hash.
#[test]
fn simulated_proofs_are_refused() {
    let mut statement = Statement::new(1, blinding_base());
    statement.move_image2(0, G);
    let [image, image2] = [statement.images[0], statement.images2[0]].map(|point| point.decode().unwrap());
    let (challenge, response) = (Scalar::from(5u64), Scalar::from(6u64));
    let v = absorb_statement(&mut context(), &statement.base, &statement.images, &statement.images2).unwrap();
    let announcements =
        [response * G - challenge * v[0] * image, response * statement.base - challenge * v[0] * image2];
    let simulated = equations(&statement.base, [&[image], &[image2]], &v, challenge, announcements, response);
    assert!(simulated.verify(&Bases::new(0, &[])).is_ok());
    let [first, second] = announcements.map(|point| EncodedPoint::encode(&point).0);
    assert!(!statement.verifies(&EqualityProof::join([first, second, EncodedScalar::encode(&response).0])));
}

/// CRY-7: v or c. A zero v no nonce can change, so the prover gives up; at a zero c it draws another nonce.
#[test]
fn zero_challenges_are_refused_by_the_verifier_and_prove_nothing_wrong() {
    let statement = Statement::new(2, blinding_base());
    let proof = statement.prove();
    for challenge in 0..2 {
        inject_zero_after(challenge);
        assert_eq!(statement.claim(&proof).err(), Some(ClaimError::Challenge(VerificationFailure)), "{challenge}");
    }
    let secrets: Vec<_> = statement.secrets.iter().collect();
    let [images, images2] = [&statement.images, &statement.images2];
    let prove = || prove_equality(context(), &secrets, &statement.base, images, images2, &mut rng(5));
    inject_zero_after(0);
    assert_eq!(prove(), Err(RandomnessFailure));
    inject_zero_after(1);
    let afresh = prove().unwrap();
    assert_ne!(afresh, proof);
    assert!(statement.verifies(&afresh));
}

#[test]
fn proofs_stay_in_their_context_and_share_no_nonce() {
    let statement = Statement::new(2, blinding_base());
    let proof = statement.prove();
    for other in [Transcript::new(Kind::Rehearsal, &[7; 32]), Transcript::new(Kind::Decryption, &[8; 32])] {
        let claim = equality_claim(other, &statement.base, &statement.images, &statement.images2, &proof).unwrap();
        assert!(claim.verify(&Bases::new(0, &[])).is_err());
    }
    let secrets: Vec<_> = statement.secrets.iter().collect();
    let again = |seed| {
        let [images, images2] = [&statement.images, &statement.images2];
        prove_equality(context(), &secrets, &statement.base, images, images2, &mut rng(seed)).unwrap().parts()
    };
    assert!(again(1).iter().zip(again(2)).all(|(one, other)| *one != other));
    let mut broken = crate::secret::tests::Broken;
    let failed =
        prove_equality(context(), &secrets, &statement.base, &statement.images, &statement.images2, &mut broken);
    assert_eq!(failed, Err(RandomnessFailure));
}
