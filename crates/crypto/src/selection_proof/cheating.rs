//! Cheating provers.
use super::*;
use crate::{
    batch::Bases,
    group::{Scalar, G},
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[test]
fn smoke() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let relation = Relation::new(2, 2, vec![vec![(0, 1)], vec![(1, 1)]], vec![(vec![(0, 1), (1, 1)], 1)]).unwrap();
    let bases = Bases::new(2, &[G * Scalar::from(5u64), G * Scalar::from(6u64)]);
    let context = SelectionContext {
        election: [1; 32],
        opening: [2; 32],
        joint_key: [3; 32],
        contest: 4,
        credential: EncodedPoint::encode(&G),
        sequence: 0,
        previous: [0; 32],
    };
    let (sealed, opening) = seal(&relation, &bases, &context, &[false, true], &mut rng).unwrap();
    let (c, _) = claim(&relation, &bases, &context, &sealed).unwrap();
    assert!(c.verify(&bases).is_ok());
    assert!(check_opening(&relation, &bases, &sealed, &[0, 1], opening.randomness().expose()).is_ok());
}
