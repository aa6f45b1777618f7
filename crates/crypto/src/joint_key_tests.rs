//! Tests of [`super`], and the ceremony that other tests start from.

use super::*;
use crate::{
    Scalar,
    batch::Bases,
    dealing::{DealingPart, PartContext, deal, dealing_claims, open_shares},
    group::G,
    shamir::{Polynomial, lagrange},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

/// A whole k-of-n ceremony with one part for each dealer.
pub(crate) struct Ceremony {
    pub(crate) threshold: usize,
    pub(crate) slots: usize,
    /// The secrets of the share keys.
    pub(crate) secrets: Vec<SecretScalar>,
    /// By dealer and slot.
    pub(crate) polynomials: Vec<Vec<Polynomial>>,
    pub(crate) parts: Vec<DealingPart>,
}

impl Ceremony {
    pub(crate) fn new(threshold: usize, trustees: usize, slots: usize, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let secrets = (0..trustees).map(|_| SecretScalar::generate(&mut rng).unwrap()).collect();
        let mut ceremony = Self { threshold, slots, secrets, polynomials: Vec::new(), parts: Vec::new() };
        for dealer in (1..).take(trustees) {
            let polynomials: Vec<_> = (0..slots).map(|_| Polynomial::generate(threshold, &mut rng).unwrap()).collect();
            ceremony.parts.push(deal(&ceremony.context(dealer), &polynomials, &mut rng).unwrap());
            ceremony.polynomials.push(polynomials);
        }
        ceremony
    }

    pub(crate) fn context(&self, dealer: u64) -> PartContext {
        let share_keys = self.secrets.iter().map(|secret| EncodedPoint::encode(&secret.public())).collect();
        PartContext { election: [1; 32], dealer, part: 0, threshold: self.threshold, share_keys }
    }

    pub(crate) fn dealings(&self) -> BTreeMap<u64, Vec<EncodedPoint>> {
        (1..).zip(self.parts.iter().map(|part| part.coefficients.clone())).collect()
    }

    pub(crate) fn joint_key(&self) -> JointKey {
        JointKey::combine(self.threshold, self.slots, &self.dealings()).unwrap()
    }

    /// The key shares a trustee computes from what was sealed for it.
    pub(crate) fn key_shares(&self, trustee: u64) -> Vec<SecretScalar> {
        let secret = &self.secrets[usize::try_from(trustee).unwrap() - 1];
        let open = |(dealer, part)| open_shares(&self.context(dealer), trustee, secret, part).unwrap();
        let received: Vec<Vec<SecretScalar>> = (1..).zip(&self.parts).map(open).collect();
        let received: Vec<&[SecretScalar]> = received.iter().map(Vec::as_slice).collect();
        self.joint_key().key_shares(trustee, &received).unwrap()
    }
}

fn encode(point: Point) -> EncodedPoint {
    EncodedPoint::encode(&point)
}

#[test]
fn the_keys_are_those_of_the_summed_polynomials() {
    let ceremony = Ceremony::new(2, 3, 4, 56);
    let key = ceremony.joint_key();
    assert_eq!(key.qualified().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(key.threshold(), 2);
    for slot in 0..4 {
        let secret: Scalar = ceremony.polynomials.iter().map(|dealer| dealer[slot].coefficients()[0].expose()).sum();
        assert_eq!(key.slot_keys().points()[slot], secret * G);
        assert_eq!(key.slot_keys().encoded()[slot], encode(secret * G));
        // CRY-51: the verification shares interpolate to the slot key.
        for pair in [[1, 2], [3, 1], [2, 3]] {
            let share = |trustee| key.verification_shares(trustee).unwrap().points()[slot];
            let sum: Point = pair.iter().zip(lagrange(&pair).unwrap()).map(|(&trustee, by)| by * share(trustee)).sum();
            assert_eq!(sum, secret * G);
        }
    }
    for trustee in 1..=3 {
        let images = key.verification_shares(trustee).unwrap();
        let shares = ceremony.key_shares(trustee);
        assert!(shares.iter().zip(images.points()).all(|(share, image)| share.public() == *image));
    }
    assert!(key.verification_shares(4).is_none());
}

#[test]
fn malformed_dealings_are_refused() {
    let ceremony = Ceremony::new(2, 3, 2, 56);
    let dealings = ceremony.dealings();
    let combine = |threshold, slots, dealings: &_| JointKey::combine(threshold, slots, dealings).unwrap_err();
    assert_eq!(combine(2, 2, &BTreeMap::new()), IndexError::Empty.into());
    let mut outside = dealings.clone();
    outside.insert(33, dealings[&1].clone());
    assert_eq!(combine(2, 2, &outside), IndexError::Range(33).into());
    assert_eq!(combine(0, 2, &dealings), JointKeyError::Parameters);
    assert_eq!(combine(2, 0, &dealings), JointKeyError::Parameters);
    assert_eq!(combine(4, 2, &dealings), JointKeyError::Parameters);
    let mut short = dealings.clone();
    short.get_mut(&2).unwrap().pop();
    assert_eq!(combine(2, 2, &short), JointKeyError::Length { dealer: 2, expected: 4, found: 3 });
    for (bytes, error) in [([0; 32], DecodeError::Identity), ([0xff; 32], DecodeError::Point)] {
        let mut wrong = dealings.clone();
        wrong.get_mut(&3).unwrap()[1] = EncodedPoint(bytes);
        assert_eq!(combine(2, 2, &wrong), JointKeyError::Coefficient { dealer: 3, error });
    }
}

#[test]
fn unsafe_keys_are_refused() {
    let dealings = Ceremony::new(2, 2, 3, 56).dealings();
    let combine = |dealings: &_| JointKey::combine(2, 3, dealings).unwrap_err();
    let [of_1, of_2] = [1, 2].map(|dealer| dealings[&dealer].clone());
    let point = |encoded: EncodedPoint| encoded.decode().unwrap();
    let with = |position: usize, value: Point| {
        let mut changed = of_2.clone();
        changed[position] = encode(value);
        BTreeMap::from([(1, of_1.clone()), (2, changed)])
    };
    let cancelled = with(2, -point(of_1[2]));
    assert_eq!(combine(&cancelled), JointKeyError::IdentityKey { slot: 1 });
    let repeated = with(4, point(of_1[0]) + point(of_2[0]) - point(of_1[4]));
    assert_eq!(combine(&repeated), JointKeyError::RepeatedKey { slot: 2 });
    let lowered = with(3, -point(of_1[3]));
    assert_eq!(combine(&lowered), JointKeyError::LoweredThreshold { slot: 1 });
}

/// The rogue key: whoever deals last chooses the sum. Adding up does not notice; the proof of possession is what stops it.
#[test]
fn a_rogue_key_cannot_prove_possession() {
    let ceremony = Ceremony::new(1, 2, 1, 56);
    let chosen = Scalar::from(4u64);
    let rogue = chosen * G - ceremony.parts[0].coefficients[0].decode().unwrap();
    let dealings = BTreeMap::from([(1, ceremony.parts[0].coefficients.clone()), (2, vec![encode(rogue)])]);
    let sum = JointKey::combine(1, 1, &dealings).unwrap();
    assert_eq!(sum.slot_keys().points(), [chosen * G]);
    let part = DealingPart { coefficients: vec![encode(rogue)], ..ceremony.parts[1].clone() };
    let claims = dealing_claims(&ceremony.context(2), 1, &part).unwrap();
    assert!(claims[0].verify(&Bases::new(0, &[])).is_err());
    assert!(claims[1..].iter().all(|claim| claim.verify(&Bases::new(0, &[])).is_ok()));
}

#[test]
fn foreign_shares_are_no_key_shares() {
    let ceremony = Ceremony::new(2, 3, 2, 56);
    let key = ceremony.joint_key();
    let shares: Vec<Vec<SecretScalar>> = ceremony
        .polynomials
        .iter()
        .map(|dealer| dealer.iter().map(|polynomial| polynomial.evaluate(2)).collect())
        .collect();
    let shares: Vec<&[SecretScalar]> = shares.iter().map(Vec::as_slice).collect();
    assert!(key.key_shares(2, &shares).is_ok());
    assert_eq!(key.key_shares(4, &shares).unwrap_err(), KeyShareError::Trustee(4));
    assert_eq!(key.key_shares(2, &shares[..2]).unwrap_err(), KeyShareError::Length);
    assert_eq!(key.key_shares(2, &[shares[0], shares[1], &shares[2][..1]]).unwrap_err(), KeyShareError::Length);
    assert_eq!(key.key_shares(1, &shares).unwrap_err(), KeyShareError::Mismatch { slot: 0 });
}
