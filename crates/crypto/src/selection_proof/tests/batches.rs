//! Tests 9 and 10: ballots in a batch, zero challenges, and randomness.

use super::*;
use crate::{
    RandomnessFailure,
    batch::{BatchFailure, tests::equal_weights_accept, verify_batch},
    transcript::tests::inject_zero_after,
};

fn claims(setting: &Setting, ballots: &[Vec<u8>]) -> Vec<Claim> {
    let claim =
        |bytes: &Vec<u8>| claim(&setting.relation, &setting.bases, &setting.context, &setting.decode(bytes)).unwrap().0;
    ballots.iter().map(claim).collect()
}

/// The last scalar, `z_h`, shifted.
fn shifted(bytes: &[u8], by: Scalar) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let z_h = bytes.as_chunks_mut::<32>().0.last_mut().unwrap();
    *z_h = (Scalar::from_canonical_bytes(*z_h).unwrap() + by).to_bytes();
    bytes
}

#[test]
fn opposite_errors_pass_equal_weights_only() {
    let setting = Setting::choose_one(3);
    let right = sealed(&setting, "010");
    let pair = claims(&setting, &[shifted(&right, Scalar::ONE), shifted(&right, -Scalar::ONE)]);
    assert!(equal_weights_accept(&pair, &setting.bases));
    let verdict = verify_batch(&pair, &setting.bases, &mut rng());
    assert_eq!(verdict, Err(BatchFailure::Culprits(vec![0, 1])));
}

#[test]
fn bad_ballots_are_named_wherever_they_stand() {
    let setting = Setting::choose_one(3);
    let right = sealed(&setting, "010");
    let mut ballots = vec![right.clone(); 40];
    assert_eq!(verify_batch(&claims(&setting, &ballots), &setting.bases, &mut rng()), Ok(()));
    ballots[17] = shifted(&right, Scalar::ONE);
    let verdict = verify_batch(&claims(&setting, &ballots), &setting.bases, &mut rng());
    assert_eq!(verdict, Err(BatchFailure::Culprits(vec![17])));
    // The same bad ballot twice.
    ballots[39] = ballots[17].clone();
    let verdict = verify_batch(&claims(&setting, &ballots), &setting.bases, &mut rng());
    assert_eq!(verdict, Err(BatchFailure::Culprits(vec![17, 39])));
}

#[test]
fn zero_challenges_are_refused_by_the_verifier_and_survived_by_the_prover() {
    let setting = Setting::choose_one(3);
    let Setting { relation, bases, context, .. } = &setting;
    let right = sealed(&setting, "010");
    for challenge in 0..3 {
        inject_zero_after(challenge);
        let refused = claim(relation, bases, context, &setting.decode(&right)).err();
        assert_eq!(refused, Some(ClaimError::Challenge(crate::VerificationFailure)), "{challenge}");
        inject_zero_after(challenge);
        let afresh = sealed(&setting, "010");
        assert_ne!(afresh, right, "the prover began afresh");
        assert!(setting.accepts(&afresh));
    }
    assert!(setting.accepts(&right));
}

#[test]
fn two_proofs_of_one_vote_share_no_field() {
    let setting = Setting::choose_one(3);
    let Setting { relation, bases, context, .. } = &setting;
    let mut rng = rng();
    let mut seal = |context: &SelectionContext| {
        let sealed = seal(relation, bases, context, &bits("010"), &mut rng).unwrap().0;
        sealed.blocks().collect::<Vec<_>>()
    };
    let (first, second) = (seal(context), seal(context));
    assert!(first.iter().all(|block| !second.contains(block)));
    // Even a generator that repeats itself repeats nothing across contexts or selections.
    let other = SelectionContext { sequence: 7, ..*context };
    let (first, second) = (sealed(&setting, "010"), sealed(&Setting { context: other, ..setting.clone() }, "010"));
    let third = sealed(&setting, "100");
    for blocks in [[&first, &second], [&first, &third], [&second, &third]] {
        let [left, right] = blocks.map(|bytes| bytes.as_chunks::<32>().0);
        assert!(left.iter().all(|block| !right.contains(block)));
    }
}

#[test]
fn broken_randomness_gives_an_error_and_no_proof() {
    let Setting { relation, bases, context, .. } = Setting::choose_one(3);
    let refused = seal(&relation, &bases, &context, &bits("010"), &mut crate::secret::tests::Broken);
    assert_eq!(refused.err(), Some(SealError::Randomness(RandomnessFailure)));
}
