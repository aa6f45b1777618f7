//! Tests of [`super`]: negative test 13 of `ballot-proof.md` section 9 as far as it concerns partial decryptions.

use super::*;
use crate::{
    batch::Bases,
    discrete_log::Table,
    group::{G, identity},
    joint_key::{JointKey, tests::Ceremony},
    secret::tests::Broken,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

const SLOTS: usize = 3;

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(70)
}

fn context(trustee: u64) -> DecryptionContext {
    DecryptionContext { election: [1; 32], closing: [2; 32], joint_key: [3; 32], contest: 4, group: 5, trustee }
}

/// A 3-of-5 ceremony and an aggregate with these totals.
struct Tally {
    ceremony: Ceremony,
    key: JointKey,
    base: Point,
    aggregate: Vec<Point>,
}

impl Tally {
    fn new(totals: [u64; SLOTS], randomness: Scalar) -> Self {
        let ceremony = Ceremony::new(3, 5, SLOTS, 70);
        let key = ceremony.joint_key();
        let keys = key.slot_keys().points().iter();
        let aggregate = keys.zip(totals).map(|(key, total)| Scalar::from(total) * G + randomness * key).collect();
        Self { ceremony, key, base: randomness * G, aggregate }
    }

    fn images(&self, trustee: u64) -> &[EncodedPoint] {
        self.key.verification_shares(trustee).unwrap().encoded()
    }

    fn decrypt(&self, trustee: u64) -> PartialDecryption {
        let shares = self.ceremony.key_shares(trustee);
        let shares: Vec<&SecretScalar> = shares.iter().collect();
        decrypt(&context(trustee), &shares, self.images(trustee), &self.base, &mut rng()).unwrap()
    }

    fn accept(&self, context: &DecryptionContext, base: &Point, partial: &PartialDecryption) -> Option<Vec<Point>> {
        let (claim, points) = decryption_claim(context, self.images(context.trustee), base, partial).ok()?;
        claim.verify(&Bases::new(0, &[])).ok().map(|()| points)
    }

    fn totals(&self, trustees: &[u64]) -> Vec<Option<u64>> {
        let accepted = trustees
            .iter()
            .map(|&trustee| (trustee, self.accept(&context(trustee), &self.base, &self.decrypt(trustee)).unwrap()));
        let accepted: Vec<(u64, Vec<Point>)> = accepted.collect();
        let partials: Vec<(u64, &[Point])> = accepted.iter().map(|(trustee, points)| (*trustee, &points[..])).collect();
        let table = Table::new(10_000).unwrap();
        let totals = combine(3, &self.aggregate, &partials).unwrap();
        totals.iter().map(|total| table.solve(total, 10_000)).collect()
    }
}

#[test]
fn any_k_trustees_give_the_same_totals() {
    let tally = Tally::new([0, 1, 9_999], Scalar::from(123_456u64));
    for trustees in [&[1, 2, 3][..], &[5, 3, 1], &[4, 5, 2], &[5, 4, 3, 2, 1]] {
        assert_eq!(tally.totals(trustees), [Some(0), Some(1), Some(9_999)]);
    }
}

/// When the randomness of all ballots cancels, the aggregate can still be decrypted: two voters who conspire block nothing.
#[test]
fn cancelled_randomness_blocks_nothing() {
    let tally = Tally::new([1, 2, 3], Scalar::ZERO);
    assert_eq!(tally.base, identity());
    assert_eq!(tally.totals(&[1, 3, 5]), [Some(1), Some(2), Some(3)]);
}

/// Whatever differs from what the trustee saw, the ballots counted included: the closing fingerprint stands for them.
#[test]
fn a_partial_decryption_serves_nowhere_else() {
    let tally = Tally::new([1, 2, 3], Scalar::from(9u64));
    let partial = tally.decrypt(1);
    let own = context(1);
    assert!(tally.accept(&own, &tally.base, &partial).is_some());
    assert!(tally.accept(&own, &(tally.base + G), &partial).is_none(), "another Z");
    for other in [
        DecryptionContext { election: [9; 32], ..own },
        DecryptionContext { closing: [9; 32], ..own },
        DecryptionContext { joint_key: [9; 32], ..own },
        DecryptionContext { contest: 9, ..own },
        DecryptionContext { group: 9, ..own },
        DecryptionContext { trustee: 2, ..own },
    ] {
        assert!(tally.accept(&other, &tally.base, &partial).is_none());
    }
}

#[test]
fn wrong_points_are_refused() {
    let tally = Tally::new([1, 2, 3], Scalar::from(9u64));
    let partial = tally.decrypt(1);
    let accept =
        |points: Vec<EncodedPoint>| tally.accept(&context(1), &tally.base, &PartialDecryption { points, ..partial });
    let mut swapped = partial.points.clone();
    swapped.swap(0, 1);
    assert!(accept(swapped).is_none());
    // Errors that cancel in a plain sum; `dleq` shows that a verifier with v = 1 would be fooled.
    let mut moved = partial.points.clone();
    for (point, by) in moved.iter_mut().zip([G, -G]) {
        *point = EncodedPoint::encode(&(point.decode().unwrap() + by));
    }
    assert!(accept(moved).is_none());
    let mut strange = partial.points.clone();
    strange[2] = EncodedPoint([0xff; 32]);
    assert!(accept(strange).is_none());
    let claim = |points: &[EncodedPoint]| {
        let partial = PartialDecryption { points: points.to_vec(), ..partial };
        decryption_claim(&context(1), tally.images(1), &tally.base, &partial).map(|_| ()).unwrap_err()
    };
    assert_eq!(claim(&partial.points[..2]), DecodeError::Length { expected: 96, found: 64 }.into());
    assert_eq!(claim(&[]), DecodeError::Length { expected: 96, found: 0 }.into());
}

#[test]
fn a_trustee_with_wrong_shares_answers_nothing() {
    let tally = Tally::new([1, 2, 3], Scalar::from(9u64));
    let mut shares = tally.ceremony.key_shares(1);
    let attempt = |shares: &[SecretScalar], rng: &mut ChaCha20Rng| {
        let shares: Vec<&SecretScalar> = shares.iter().collect();
        decrypt(&context(1), &shares, tally.images(1), &tally.base, rng).unwrap_err()
    };
    assert_eq!(attempt(&shares[..2], &mut rng()), DecryptError::Length { expected: 3, found: 2 });
    let references: Vec<&SecretScalar> = shares.iter().collect();
    let broken = decrypt(&context(1), &references, tally.images(1), &tally.base, &mut Broken);
    assert_eq!(broken, Err(RandomnessFailure.into()));
    shares.swap(1, 2);
    assert_eq!(attempt(&shares, &mut rng()), DecryptError::WrongShare { slot: 1 });
    let none = decrypt(&context(1), &[], &[], &tally.base, &mut rng());
    assert_eq!(none, Err(DecryptError::Length { expected: 0, found: 0 }));
}

#[test]
fn partials_that_do_not_fit_are_not_combined() {
    let points = [G, G, G];
    let combine = |trustees: &[u64], points: &[Point]| {
        let partials: Vec<(u64, &[Point])> = trustees.iter().map(|&trustee| (trustee, points)).collect();
        combine(3, &[G, G, G], &partials).map(|_| ())
    };
    assert_eq!(combine(&[1, 2, 3], &points), Ok(()));
    assert_eq!(combine(&[], &points), Err(IndexError::Empty.into()));
    assert_eq!(combine(&[0, 1, 2], &points), Err(IndexError::Range(0).into()));
    assert_eq!(combine(&[1, 2, 1], &points), Err(IndexError::Repeated(1).into()));
    assert_eq!(combine(&[1, 2], &points), Err(CombineError::TooFew { needed: 3, found: 2 }));
    let short = CombineError::Length { trustee: 1, expected: 3, found: 2 };
    assert_eq!(combine(&[1, 2, 3], &points[..2]), Err(short));
}
